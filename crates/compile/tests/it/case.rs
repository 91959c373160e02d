//! A case: a folder with an input, and what comes of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kubewright_compile::{
    Expose, Format, GatewayObject, Input, LowerOptions, Outcome, Outside, PublishedAs, Request,
    Secrets, Tls, generate,
};
use kubewright_disk::DiskFiles;
use kubewright_files::{FileError, Files, Kind, MemoryFiles};
use kubewright_model::project::{KubernetesVersion, NetworkPolicyMode};
use kubewright_model::security::SecurityProfile;
use kubewright_model::value::{Host, QualifiedName};
use kubewright_model::{Located, Name, ObjectName};
use kubewright_read::Environment;
use kubewright_source::Diagnostic;
use kubewright_source::render::{Style, render};
use kubewright_yaml::{AsGiven, Limits, Node, read_document, read_json, to_string};

/// The file of a case whose input is a wizard's state.
const STATE: &str = "state.json";

/// One folder below `tests/cases`.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
}

/// What comes of an input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Product {
    /// Text by path; empty where there was an error.
    pub(crate) files: BTreeMap<String, String>,
    /// What was said, with places, as people see it.
    pub(crate) rendered: String,
    /// What was said, without places: severity, code, message, path, help.
    pub(crate) said: Vec<String>,
    /// The key paths that are reported as a whole.
    pub(crate) whole: Vec<String>,
    /// Whether files came out.
    pub(crate) accepted: bool,
}

/// Codes of what is reported with all that stands below it: nothing of it
/// leaves, and it is said once.
const WHOLE: [&str; 4] = ["not-carried", "inactive-service", "built-image", "unused"];

/// What an `apps.yaml` comes to in a form.
pub(crate) fn of_text(text: &str, format: Format) -> Outcome {
    let request = Request {
        inputs: vec![Input::Text {
            name: "apps.yaml".to_owned(),
            text: text.to_owned(),
        }],
        formats: vec![format],
        working_directory: "/shop".into(),
        ..Request::default()
    };
    let files = MemoryFiles::new();
    generate(&request, &files, &Environment::default(), &|_, _| {})
}

/// All cases, by name.
pub(crate) fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let entries = std::fs::read_dir(&folder).expect("tests/cases is there");
    let mut cases: Vec<Case> = entries
        .map(|entry| entry.expect("tests/cases can be read").path())
        .filter(|path| path.join("input").is_dir())
        .map(|folder| Case {
            name: folder
                .file_name()
                .expect("a case has a name")
                .to_string_lossy()
                .into_owned(),
            folder,
        })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(cases.len() > 25, "only {} cases were found", cases.len());
    cases
}

impl Case {
    pub(crate) fn input(&self) -> PathBuf {
        self.folder.join("input")
    }

    /// True for cases that show an error.
    pub(crate) fn is_bad(&self) -> bool {
        self.name.starts_with("bad-")
    }

    /// Compiles the input as it stands.
    pub(crate) fn compile(&self) -> Product {
        self.compile_with(&DiskFiles::new(self.input()))
    }

    /// Compiles the input as these files show it.
    pub(crate) fn compile_with(&self, files: &dyn Files) -> Product {
        product(self.outcome_with(files))
    }

    /// The same, as it leaves the line.
    pub(crate) fn outcome_with(&self, files: &dyn Files) -> Outcome {
        generate(&self.request(), files, &environment(), &|_, _| {})
    }

    /// What the case asks for, as the line takes it.
    pub(crate) fn asked(&self) -> (Request, DiskFiles, Environment) {
        (self.request(), DiskFiles::new(self.input()), environment())
    }

    /// What the case asks for: `request.txt` holds lines such as `profile=debug`.
    fn request(&self) -> Request {
        let state = self.is_state().then(|| Input::File(STATE.into()));
        let mut request = Request {
            inputs: state.into_iter().collect(),
            // Only its last part counts: it names projects that have no name.
            working_directory: Path::new("/").join(&self.name),
            ..Request::default()
        };
        let asked = std::fs::read_to_string(self.folder.join("request.txt")).unwrap_or_default();
        for line in asked.lines().filter(|line| !line.is_empty()) {
            let (key, value) = line.split_once('=').expect("request.txt holds key=value");
            match key {
                "profile" => request.profiles.push(value.to_owned()),
                "namespace" => request.namespace = Some(Name::parse(value).expect("a name")),
                "security-profile" => {
                    let profile = SecurityProfile::parse(value).expect("a security profile");
                    request.security_profile = Some(profile);
                }
                "kubernetes-version" => {
                    let version = KubernetesVersion::parse(value).expect("a version");
                    request.kubernetes_version = Some(version);
                }
                "env" => request.environments.push(value.to_owned()),
                "set" | "set-env" => {
                    let pair = value.split_once('=').expect("request.txt: set=KEY=VALUE");
                    let pair = (pair.0.to_owned(), pair.1.to_owned());
                    match key {
                        "set" => request.sets.push(pair),
                        _ => request.set_env.push(pair),
                    }
                }
                "env-file" => request.env_files.push(value.into()),
                "format" => {
                    request.formats.push(match value {
                        "manifests" => Format::Manifests,
                        "helm" => Format::Helm,
                        "kustomize" => Format::Kustomize,
                        "skaffold" => Format::Skaffold,
                        "tilt" => Format::Tilt,
                        "argocd" => Format::ArgoCd,
                        other => panic!("unknown form {other}"),
                    });
                }
                "application-set" => {
                    assert_eq!(value, "true", "request.txt: application-set=true");
                    request.application_set = true;
                }
                "network-policies" => {
                    assert_eq!(value, "compose", "request.txt: network-policies=compose");
                    request.network_policies = NetworkPolicyMode::Networks;
                }
                "secrets" => {
                    request.lowering = LowerOptions {
                        secrets: match value {
                            "placeholder" => Secrets::Placeholder,
                            "inline" => Secrets::Inline,
                            "external" => Secrets::External,
                            other => panic!("unknown mode {other}"),
                        },
                        ..LowerOptions::default()
                    };
                }
                key => outside(&mut request.outside, key, value),
            }
        }
        request
    }

    /// True where the input is a wizard's state.
    pub(crate) fn is_state(&self) -> bool {
        self.input().join(STATE).is_file()
    }

    /// True where the input is compose files.
    pub(crate) fn is_compose(&self) -> bool {
        !self.is_state() && !self.input().join("apps.yaml").is_file()
    }

    /// The files of the input that are trees, by their paths in it.
    pub(crate) fn documents(&self) -> Vec<(PathBuf, Node)> {
        let mut found = Vec::new();
        collect(&self.input(), Path::new(""), &mut found);
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }
}

fn environment() -> Environment {
    [
        ("HOME", "/home/user"),
        ("GREETING", "hello"),
        ("HIDDEN_PASSWORD", crate::planted::SECRET),
    ]
    .into_iter()
    .collect()
}

/// The lines of `request.txt` on how the outside gets in.
fn outside(outside: &mut Outside, key: &str, value: &str) {
    let name = |text: &str| ObjectName::parse(text).expect("a name");
    match key {
        "expose" => {
            outside.expose = Some(match value {
                "none" => Expose::None,
                "nodeport" => Expose::NodePort,
                "loadbalancer" => Expose::LoadBalancer,
                "ingress" => Expose::Ingress,
                "gateway" => Expose::Gateway,
                other => panic!("unknown way in {other}"),
            });
        }
        "domain" => outside.domain = Some(Host::parse(value).expect("a domain")),
        "ingress-class" => outside.class = Some(name(value)),
        "tls-secret" => outside.tls = Some(Tls::Secret(Located::nowhere(name(value)))),
        "cluster-issuer" => {
            outside.tls = Some(Tls::Issuer {
                cluster: true,
                name: Located::nowhere(name(value)),
            });
        }
        "gateway" => {
            outside.gateway = Some(GatewayObject {
                name: QualifiedName::parse(value).expect("a name"),
                section: None,
            });
        }
        "service-port" => {
            assert_eq!(value, "published");
            outside.service_port = PublishedAs::Published;
        }
        other => panic!("request.txt: unknown key {other}"),
    }
}

fn collect(folder: &Path, below: &Path, found: &mut Vec<(PathBuf, Node)>) {
    for entry in std::fs::read_dir(folder).expect("the input can be read") {
        let entry = entry.expect("the input can be read");
        let path = below.join(entry.file_name());
        if entry.path().is_dir() {
            collect(&entry.path(), &path, found);
            continue;
        }
        let is_yaml = path
            .extension()
            .is_some_and(|end| end == "yaml" || end == "yml");
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        let is_input = is_yaml && (text.contains("services:") || path.ends_with("apps.yaml"));
        let id = kubewright_source::Sources::default().add("case", text.as_str());
        let tree = match path.ends_with(STATE) {
            true => read_json(&text, id, &Limits::default()).ok(),
            false => read_document(&text, id, &Limits::default())
                .ok()
                .flatten()
                .filter(|_| is_input),
        };
        found.extend(tree.map(|tree| (path, tree)));
    }
}

fn product(outcome: Outcome) -> Product {
    let Outcome {
        sources,
        diagnostics,
        tree,
        top,
        vault,
        output_directory,
        ..
    } = outcome;
    let diagnostics = diagnostics.into_sorted();
    let rendered: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| render(diagnostic, &sources, Style::default()))
        .collect();
    let whole = diagnostics
        .iter()
        .filter(|diagnostic| WHOLE.contains(&diagnostic.code))
        .filter(|diagnostic| {
            // What is said of a key within a service is not said of all of it.
            let is_service = diagnostic.path.strip_prefix("services.");
            let is_service = is_service.is_some_and(|name| !name.contains('.'));
            diagnostic.code == "inactive-service" || !(is_service || diagnostic.path.is_empty())
        })
        .map(|diagnostic| diagnostic.path.clone())
        .collect();
    let mut said: Vec<String> = diagnostics.iter().map(words).collect();
    said.extend(vault.iter().map(|secret| format!("{secret:?}")));
    said.extend(output_directory);
    said.sort();
    let accepted = tree.is_some();
    let files = tree
        .map(kubewright_files::Tree::into_files)
        .unwrap_or_default();
    Product {
        files: files
            .into_iter()
            .chain(top.into_files())
            .map(|file| (file.path.as_str().to_owned(), file.text))
            .collect(),
        rendered: rendered.join("\n\n") + if rendered.is_empty() { "" } else { "\n" },
        said,
        whole,
        accepted,
    }
}

fn words(diagnostic: &Diagnostic) -> String {
    let related: Vec<&str> = diagnostic
        .related
        .iter()
        .map(|related| related.message.as_str())
        .collect();
    format!(
        "{:?} {} {} {} {} {related:?}",
        diagnostic.severity, diagnostic.code, diagnostic.message, diagnostic.path, diagnostic.help
    )
}

/// The files of a case with one of them replaced by a tree.
pub(crate) struct Replaced {
    disk: DiskFiles,
    path: PathBuf,
    text: String,
}

impl Replaced {
    /// None where the tree holds a tag that only a text can (`!reset`).
    pub(crate) fn new(case: &Case, path: &Path, tree: &Node) -> Option<Self> {
        Some(Self {
            disk: DiskFiles::new(case.input()),
            path: path.to_owned(),
            text: to_string(tree, &AsGiven).ok()?,
        })
    }

    fn is_meant(&self, path: &Path) -> bool {
        let plain: PathBuf = path
            .components()
            .filter(|part| *part != std::path::Component::CurDir)
            .collect();
        plain == self.path
    }
}

impl Files for Replaced {
    fn read_limited(&self, path: &Path, max_bytes: u64) -> Result<Vec<u8>, FileError> {
        if self.is_meant(path) {
            return Ok(self.text.clone().into_bytes());
        }
        self.disk.read_limited(path, max_bytes)
    }

    fn kind(&self, path: &Path) -> Result<Kind, FileError> {
        self.disk.kind(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<String>, FileError> {
        self.disk.list(folder)
    }
}

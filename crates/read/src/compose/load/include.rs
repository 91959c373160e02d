//! `include`: another compose project, read on its own terms and taken over.
//!
//! An included project has its own folder for relative paths and its own `.env`
//! below the including one's variables.
//! <https://github.com/compose-spec/compose-spec/blob/main/14-include.md>

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kubewright_source::{Diagnostic, Located, Span};
use kubewright_yaml::{Entry, Mapping, Node, Path as KeyPath, Resolved, Scalar, Value};

use super::document::Input;
use super::loader::Loader;
use super::merge::ComposeSite;
use super::model::Base;
use super::paths;
use crate::document::{Site, equal, merge, tags};
use crate::environment::Environment;

/// Projects that were included before: the same files in the same folder with the
/// same variables are the same project.
#[derive(Default)]
pub(super) struct Included {
    known: BTreeMap<(Vec<PathBuf>, PathBuf, Environment), Option<Node>>,
}

/// One item of `include`.
struct Wanted {
    paths: Vec<Located<String>>,
    project_directory: Option<String>,
    env_files: Vec<Located<String>>,
}

/// The sections that are taken over.
const SECTIONS: [&str; 6] = [
    "services", "volumes", "networks", "secrets", "configs", "models",
];

/// How deep projects may include each other.
const MAX_DEPTH: usize = 50;

impl Loader<'_> {
    /// Takes `include` out of a tree and puts what it names in.
    pub(super) fn include(
        &mut self,
        tree: &mut Node,
        base: &Base,
        environment: &Environment,
        stack: &mut Vec<Base>,
    ) {
        let Some(root) = tree.as_mapping_mut() else {
            return;
        };
        let Some(include) = root.remove("include") else {
            return;
        };
        let items = match &include.value.value {
            Value::Sequence(items) => items.as_slice(),
            Value::Scalar(scalar) if scalar.is_null() => return,
            Value::Scalar(_) | Value::Mapping(_) => {
                let message = format!("`include` must be a list, found {}", include.value.kind());
                self.diagnostics
                    .push(wrong_type(include.value.span, message));
                return;
            }
        };
        stack.push(base.clone());
        for item in items {
            let Some(wanted) = self.wanted_project(item) else {
                continue;
            };
            if let Some(model) = self.project(&wanted, item.span, base, environment, stack) {
                self.take_over(model, root);
            }
        }
        stack.pop();
    }

    fn wanted_project(&mut self, item: &Node) -> Option<Wanted> {
        let Some(fields) = item.as_mapping() else {
            let paths = self.strings(item, "include")?;
            return Some(Wanted {
                paths,
                project_directory: None,
                env_files: Vec::new(),
            });
        };
        for entry in fields {
            let key = &*entry.key.text;
            if !matches!(key, "path" | "project_directory" | "env_file") {
                let message = format!("unknown key `{key}` in `include`");
                self.diagnostics.push(
                    Diagnostic::error("unknown-key", entry.key.span, message)
                        .help("it has `path`, `project_directory` and `env_file`"),
                );
            }
        }
        let Some(path) = fields.get("path") else {
            self.diagnostics.push(
                Diagnostic::error(
                    "missing-key",
                    item.span,
                    "`include` does not say which file",
                )
                .help("add `path: FILE`"),
            );
            return None;
        };
        let paths = self.strings(path, "path")?;
        let project_directory = match fields.get("project_directory") {
            None => None,
            Some(node) => self
                .strings(node, "project_directory")?
                .pop()
                .map(|found| found.value),
        };
        let env_files = match fields.get("env_file") {
            None => Vec::new(),
            Some(node) => self.strings(node, "env_file")?,
        };
        Some(Wanted {
            paths,
            project_directory,
            env_files,
        })
    }

    /// A string or a list of strings.
    fn strings(&mut self, node: &Node, key: &str) -> Option<Vec<Located<String>>> {
        let items = match &node.value {
            Value::Sequence(items) => items.as_slice(),
            Value::Scalar(_) | Value::Mapping(_) => std::slice::from_ref(node),
        };
        let mut strings = Vec::with_capacity(items.len());
        for item in items {
            let scalar = item.as_scalar();
            let Some(scalar) = scalar.filter(|found| found.resolve() == Resolved::String) else {
                let message = format!("`{key}` must be a path, found {}", item.kind());
                self.diagnostics.push(wrong_type(item.span, message));
                return None;
            };
            strings.push(Located::new(scalar.text.to_string(), item.span));
        }
        Some(strings)
    }

    /// The resolved model of an included project.
    fn project(
        &mut self,
        wanted: &Wanted,
        span: Span,
        parent: &Base,
        environment: &Environment,
        stack: &mut Vec<Base>,
    ) -> Option<Node> {
        let remote = wanted.paths.iter().find(|path| is_remote(path));
        if let Some(remote) = remote {
            let message = format!("`{}` is not a file of this machine", remote.value);
            self.diagnostics.push(
                Diagnostic::error("not-yet", remote.span, message)
                    .help("fetch it and include the copy"),
            );
            return None;
        }
        let from_parent = |path: &str| paths::joined(&parent.folder, Path::new(path));
        let files: Vec<PathBuf> = wanted.paths.iter().map(|path| from_parent(path)).collect();
        let first = files.first()?;
        let folder = match &wanted.project_directory {
            Some(folder) => from_parent(folder),
            None => first.parent().unwrap_or(Path::new("")).to_owned(),
        };
        if let Some(found) = self.cycle(first, span, stack) {
            self.diagnostics.push(found);
            return None;
        }
        let environment = self.environment_of(wanted, parent, &folder, environment);
        let key = (files, folder, environment);
        if let Some(known) = self.included.known.get(&key) {
            return known.clone();
        }
        let (files, folder, environment) = &key;
        let on_disk = files
            .iter()
            .map(|path| Input::File(self.directory.join(path)));
        let inputs: Vec<Input> = on_disk.collect();
        let read = self.read_all(&inputs, span);
        let base = Base {
            folder: folder.clone(),
            files: files.clone(),
        };
        let mut model = self.model(read.trees, &base, environment, stack);
        if let Some(model) = &mut model {
            fill_bare_variables(model, environment);
        }
        self.included.known.insert(key, model.clone());
        model
    }

    fn cycle(&self, first: &Path, span: Span, stack: &[Base]) -> Option<Diagnostic> {
        let is_open = stack
            .iter()
            .any(|base| base.files.iter().any(|file| file == first));
        if !is_open && stack.len() <= MAX_DEPTH {
            return None;
        }
        let opened = stack.iter().filter_map(|base| base.files.first());
        let names: Vec<String> = opened
            .map(|file| file.display().to_string())
            .chain([first.display().to_string()])
            .collect();
        let (message, help) = match is_open {
            true => (
                format!("`{}`", names.join("` includes `")),
                "take one of these `include`s away",
            ),
            false => (
                format!("projects include each other more than {MAX_DEPTH} deep"),
                "include the files from one place",
            ),
        };
        Some(Diagnostic::error("cycle", span, message).help(help))
    }

    /// The including project's variables, then those of the included one's env files.
    fn environment_of(
        &mut self,
        wanted: &Wanted,
        parent: &Base,
        folder: &Path,
        environment: &Environment,
    ) -> Environment {
        let mut environment = environment.clone();
        if wanted.env_files.is_empty() {
            let folder = self.directory.join(folder);
            let path = folder.join(".env");
            if matches!(
                self.files.kind(&path),
                Ok(kubewright_files::Kind::File { .. })
            ) {
                self.add_files(&mut environment, &[(path, Span::NONE)]);
            }
            return environment;
        }
        let named = wanted
            .env_files
            .iter()
            .filter(|file| file.value != "/dev/null");
        let on_disk = |file: &Located<String>| {
            let path = paths::joined(&parent.folder, Path::new(&file.value));
            (self.directory.join(path), file.span)
        };
        let named: Vec<_> = named.map(on_disk).collect();
        self.add_files(&mut environment, &named);
        environment
    }

    /// Puts the sections of an included model under those of the including tree.
    fn take_over(&mut self, model: Node, root: &mut Mapping) {
        let Value::Mapping(mut model) = model.value else {
            return;
        };
        for key in SECTIONS {
            let Some(section) = model.remove(key) else {
                continue;
            };
            match root.get_mut(key) {
                None => {
                    root.insert(section.key, section.value);
                }
                Some(own) => self.take_section(key, section, own),
            }
        }
    }

    fn take_section(&mut self, key: &str, section: Entry, own: &mut Node) {
        let (Value::Mapping(included), Some(own)) = (section.value.value, own.as_mapping_mut())
        else {
            return;
        };
        let site = ComposeSite::Root.below(key);
        let root = KeyPath::ROOT;
        let section_path = root.key(key);
        for mut entry in included {
            let name = entry.key.text.clone();
            let Some(slot) = own.get_mut(&name) else {
                own.insert(entry.key, entry.value);
                continue;
            };
            if equal(&entry.value, slot) {
                continue;
            }
            let site = site.below(&name);
            if tags::any(slot) {
                tags::apply(slot, &mut entry.value, site);
            }
            let span = slot.span;
            let over = std::mem::replace(slot, Node::null(span));
            let path = section_path.key(&name);
            *slot = merge(entry.value, over, site, &path, self.diagnostics);
        }
    }
}

/// `environment: [NAME]` of an included project means the project's own variable,
/// which the including project may not know.
fn fill_bare_variables(model: &mut Node, environment: &Environment) {
    let services = model
        .as_mapping_mut()
        .and_then(|root| root.get_mut("services"));
    let Some(services) = services.and_then(Node::as_mapping_mut) else {
        return;
    };
    for (_, service) in services.values_mut() {
        let variables = service
            .as_mapping_mut()
            .and_then(|s| s.get_mut("environment"));
        match variables.map(|node| &mut node.value) {
            Some(Value::Sequence(items)) => {
                for item in items {
                    let name = item.as_scalar().map_or("", |scalar| &scalar.text);
                    if let Some(value) = environment.get(name) {
                        item.value = Scalar::string(format!("{name}={value}")).into();
                    }
                }
            }
            Some(Value::Mapping(variables)) => {
                for (name, value) in variables.values_mut() {
                    if let (true, Some(found)) = (value.is_null(), environment.get(&name.text)) {
                        value.value = Scalar::string(found).into();
                    }
                }
            }
            Some(Value::Scalar(_)) | None => {}
        }
    }
}

/// Something that compose would fetch: a repository or an image of a registry.
fn is_remote(path: &str) -> bool {
    path.contains("://") || path.starts_with("git@") || path.starts_with("github.com/")
}

fn wrong_type(span: Span, message: String) -> Diagnostic {
    Diagnostic::error("wrong-type", span, message)
        .path("include")
        .help("write `include: [FILE]`, or a list of mappings with `path`")
}

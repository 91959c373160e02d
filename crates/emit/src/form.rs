//! What every form beside the flat manifests is given, and what it gives back.

use kubewright_files::File;
use kubewright_objects::Object;
use kubewright_objects::delivery::Delivery;
use kubewright_source::Diagnostic;

/// A form of output beside the flat manifests. A form is one room with one
/// entry; [`FORMS`](crate::FORMS) lists them.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// What it is called, as `--format` takes it.
    pub name: &'static str,
    /// The folder, within that of the manifests, in which the form needs them;
    /// empty: where they lie anyway.
    pub manifests: fn(&Delivery) -> &'static str,
    /// What it may put at the top: files, and folders, which end with `/`.
    pub top: &'static [&'static str],
    /// It works on the flat manifests, which are written where it is; all other
    /// forms stand for themselves.
    pub wants_manifests: bool,
    /// It is of all environments together, and nothing of it is one environment's: it
    /// is left out where only some are written. Other forms put what is one
    /// environment's into a folder that is called like it.
    pub is_whole: bool,
    /// The form's files.
    pub emit: fn(&Given<'_>) -> Result<Emitted, Box<Diagnostic>>,
}

impl Form {
    /// Whether it has a folder of its own at the top; manifests have one beside it.
    pub fn has_folder(&self) -> bool {
        self.top.iter().any(|top| top.ends_with('/'))
    }

    /// Whether the form may put a file at this path.
    pub fn may_write(&self, path: &str) -> bool {
        let top = self.top.iter();
        top.into_iter().any(|top| match top.ends_with('/') {
            true => path.starts_with(top),
            false => path == *top,
        })
    }
}

/// What a form is computed from.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The project's name.
    pub project: &'a str,
    /// The environments, at least one: those that are for developing first, or in
    /// the order in which the caller names them.
    pub environments: &'a [Environment<'a>],
    /// The first line of files that can have comments, without `# `.
    pub origin: &'a str,
}

/// One environment, finished.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'a> {
    /// Its name; none where the project has no named ones, and only one.
    pub name: Option<&'a str>,
    /// All objects.
    pub objects: &'a [Object],
    /// How they are built and delivered.
    pub delivery: &'a Delivery,
    /// The flat manifests, by their paths within the folder of manifests; a file
    /// for each object, in the same order.
    pub manifests: &'a [File],
    /// Where things lie.
    pub layout: Layout<'a>,
}

/// Where things lie, seen from the folder that files of the top lie in. Paths
/// have `/` between their parts and none at the end; empty is that folder itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Layout<'a> {
    /// The folder of manifests.
    pub manifests: &'a str,
    /// The project's folder.
    pub project: &'a str,
}

impl Layout<'_> {
    /// A path within the folder of manifests, seen from the top.
    pub fn manifest(&self, path: &str) -> String {
        joined(self.manifests, path)
    }

    /// A path of the project, seen from the top.
    pub fn in_project(&self, path: &str) -> String {
        if path.starts_with('/') {
            return path.to_owned();
        }
        joined(self.project, path)
    }
}

/// Both paths as one, without `.` and without a `/` at the end.
pub(crate) fn joined(folder: &str, path: &str) -> String {
    let root = if folder.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let path = format!("{root}{}", parts.join("/"));
    if path.is_empty() {
        ".".to_owned()
    } else {
        path
    }
}

/// The first line of a manifest, which says where the object came from, with its line
/// break; empty where there is none.
pub(crate) fn first_comment(file: &File) -> &str {
    let end = file.text.find('\n').map_or(file.text.len(), |end| end + 1);
    match file.text.starts_with('#') {
        true => &file.text[..end],
        false => "",
    }
}

/// What people do once a form is written. Paths are seen from the top; where each
/// environment has its own, [`EACH`] stands for its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// `kubectl apply -k`: a folder that Kustomize builds.
    Build(String),
    /// `kubectl apply -f`: a file, or a folder with a `/` at the end.
    Apply(String),
    /// The same, once everything is where Argo CD reads it.
    Push(String),
    /// `helm upgrade --install`: a chart.
    Install {
        /// What the release is called.
        name: String,
        /// The chart's folder.
        folder: String,
        /// The namespace of the first environment.
        namespace: Option<String>,
        /// Files of values within it.
        values: Vec<String>,
    },
    /// A tool is started where its file lies.
    Start {
        /// The command.
        command: &'static str,
        /// The file.
        file: &'static str,
    },
}

/// Stands for the name of an environment.
pub const EACH: &str = "ENVIRONMENT";

/// The name of the only environment, where it has one; of several, what stands for each.
pub(crate) fn of_each<'a>(given: &Given<'a>) -> Option<&'a str> {
    match given.environments {
        [one] => one.name,
        _ => Some(EACH),
    }
}

/// The files of a form.
#[derive(Debug, Default)]
pub struct Emitted {
    /// The folder at the top that holds all of the form; none: it has single files.
    pub folder: Option<String>,
    /// The folder of the form's templates: all that lies there is rendered, so that
    /// nothing may lie there that does not belong. They are no YAML, whatever they are
    /// called.
    pub templates: Option<String>,
    /// What people do with it; none where there is nothing to do.
    pub next: Option<Next>,
    /// Those that lie at the top: in the project's folder, or in the output
    /// folder where one was named.
    pub top: Vec<File>,
    /// Those that lie with the manifests.
    pub beside: Vec<Beside>,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
}

/// A file that lies with the manifests of an environment.
#[derive(Debug)]
pub struct Beside {
    /// The environment's place in [`Given::environments`].
    pub environment: usize,
    /// The file, by its path within the folder of manifests.
    pub file: File,
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::{ConfigMap, Service};
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
    use kubewright_files::OutputPath;
    use kubewright_objects::Origin;
    use kubewright_source::Span;

    use super::*;

    /// The smallest form: a line for each object of each environment.
    const LIST: Form = Form {
        name: "list",
        manifests: |_| "",
        top: &["objects.txt"],
        wants_manifests: false,
        is_whole: false,
        emit: list,
    };

    fn list(given: &Given<'_>) -> Result<Emitted, Box<Diagnostic>> {
        let environments = given.environments.iter();
        let lines = environments.flat_map(|environment| {
            let name = environment.name.unwrap_or("all");
            let objects = environment.objects.iter();
            objects.map(move |object| format!("{name} {} {}\n", object.body.kind(), object.name()))
        });
        let file = File {
            path: OutputPath::new("objects.txt").expect("it is a path"),
            text: lines.collect(),
            objects: Vec::new(),
            sensitive: false,
        };
        Ok(Emitted {
            top: vec![file],
            ..Emitted::default()
        })
    }

    #[test]
    fn a_form_is_one_function_and_what_it_is_called() {
        let metadata = |name: &str| ObjectMeta {
            name: Some(name.to_owned()),
            ..ObjectMeta::default()
        };
        let origin = || Origin {
            span: Span::NONE,
            label: "app web".to_owned(),
        };
        let service = Service {
            metadata: metadata("web"),
            ..Service::default()
        };
        let config = ConfigMap {
            metadata: metadata("web-config"),
            ..ConfigMap::default()
        };
        let test = [Object::new(service.clone(), origin())];
        let prod = [
            Object::new(service, origin()),
            Object::new(config, origin()),
        ];
        let delivery = Delivery::default();
        let environment = |name, objects| Environment {
            name: Some(name),
            objects,
            delivery: &delivery,
            manifests: &[],
            layout: Layout::default(),
        };
        let given = Given {
            project: "acme",
            environments: &[environment("test", &test), environment("prod", &prod)],
            origin: "from apps.yaml",
        };
        let emitted = (LIST.emit)(&given).expect("it is written");
        let [file] = emitted.top.as_slice() else {
            panic!("{emitted:?}");
        };
        assert_eq!(
            file.text,
            "test Service web\nprod Service web\nprod ConfigMap web-config\n"
        );
        assert!(LIST.may_write(file.path.as_str()));
        assert!(!LIST.may_write("skaffold.yaml"));
    }

    /// Names and files at the top are of one form each, so that forms can stand
    /// beside each other.
    #[test]
    fn forms_do_not_meet() {
        for (place, form) in crate::FORMS.iter().enumerate() {
            for other in &crate::FORMS[..place] {
                assert_ne!(form.name, other.name);
                let mut shared = form.top.iter();
                assert!(!shared.any(|top| other.may_write(top)), "{}", form.name);
            }
        }
    }

    #[test]
    fn paths_are_joined() {
        let rows = [
            ("", "a.yaml", "a.yaml"),
            ("k8s", "a.yaml", "k8s/a.yaml"),
            ("", ".", "."),
            ("..", ".", ".."),
            ("..", "./web/", "../web"),
            ("..", "../lib", "../../lib"),
            ("a/b", "../c", "a/c"),
            ("/abs", "web", "/abs/web"),
        ];
        for (folder, path, expected) in rows {
            assert_eq!(joined(folder, path), expected, "{folder} {path}");
        }
    }
}

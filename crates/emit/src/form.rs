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
    /// It can be of several environments at once.
    pub takes_several: bool,
    /// The form's files.
    pub emit: fn(&Given<'_>) -> Result<Emitted, Box<Diagnostic>>,
}

impl Form {
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
    /// The environments, at least one, in the order of the input.
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

/// The files of a form.
#[derive(Debug, Default)]
pub struct Emitted {
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
    use super::*;

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

//! Where the output goes.

use std::path::{Path, PathBuf};

use kubewright_compile::{Input, Request};

/// The folder that a compilation of this request will find, as far as that can be
/// told without one.
pub fn likely_directory(request: &Request) -> PathBuf {
    let first = request.inputs.iter().find_map(|input| match input {
        Input::File(path) => folder_of(path),
        Input::Text { .. } => None,
    });
    let named = request.project_directory.as_deref();
    named.or(first).unwrap_or(Path::new("")).to_owned()
}

/// The folder of an input: the folder itself where one is named.
pub fn folder_of(input: &Path) -> Option<&Path> {
    match input.is_dir() {
        true => Some(input),
        false => input.parent(),
    }
}

/// Where the output goes.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// As people read it.
    pub shown: PathBuf,
    /// Absolute.
    pub folder: PathBuf,
    /// The project's folder, absolute.
    pub project: PathBuf,
    /// The caller named the folder: everything lies in it, and what another run put
    /// beside the inputs is that run's.
    pub is_named: bool,
}

impl Target {
    /// The folder `output`, else the one that the input `names`, else `k8s/` of
    /// the project.
    pub fn new(
        request: &Request,
        directory: &Path,
        names: Option<&str>,
        output: Option<&Path>,
    ) -> Self {
        let working = &request.working_directory;
        let project = working.join(directory);
        let shown = match output {
            Some(output) => output.to_owned(),
            None => relative(working, &project).join(names.unwrap_or("k8s")),
        };
        Self {
            folder: working.join(&shown),
            shown,
            project,
            is_named: output.is_some(),
        }
    }

    /// The path of a file of the output as people read it.
    pub fn file(&self, path: &str) -> String {
        let mut shown = self.shown.clone();
        let mut path = path;
        while let Some(rest) = path.strip_prefix("../") {
            path = rest;
            if !shown.pop() {
                shown.push("..");
            }
        }
        shown.join(path).display().to_string()
    }

    /// Where a file of the output lies, also where the folder is not there yet.
    pub fn place(&self, path: &str) -> PathBuf {
        let mut folder = self.folder.clone();
        let mut path = path;
        while let Some(rest) = path.strip_prefix("../").filter(|_| !folder.is_dir()) {
            path = rest;
            folder.pop();
        }
        folder.join(path)
    }

    /// The project's folder as a target.
    pub(crate) fn of_top(&self) -> Self {
        let depth = self.up().len() / "../".len();
        let mut shown = self.shown.clone();
        for _ in 0..depth {
            shown.pop();
        }
        Self {
            shown,
            folder: self.project.clone(),
            project: self.project.clone(),
            is_named: self.is_named,
        }
    }

    /// The way to files at the top: `../` for each step, or nothing where everything lies
    /// in one folder.
    pub fn to_top(&self) -> String {
        match self.is_named {
            true => String::new(),
            false => self.up(),
        }
    }

    /// The way from the folder to the project's, `../` for each step.
    pub fn up(&self) -> String {
        let below = self.folder.strip_prefix(&self.project);
        let depth = below.map_or(0, |below| below.components().count());
        "../".repeat(depth)
    }
}

/// `path` as seen from `from`, where it lies below it.
pub fn relative(from: &Path, path: &Path) -> PathBuf {
    let cleaned: PathBuf = path.components().collect();
    cleaned
        .strip_prefix(from)
        .map_or_else(|_| cleaned.clone(), Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_as_seen_from_here() {
        let rows = [
            ("/a/b", "/a/b", ""),
            ("/a/b", "/a/b/./c", "c"),
            ("/a/b", "/a/c", "/a/c"),
        ];
        for (from, path, expected) in rows {
            assert_eq!(
                relative(Path::new(from), Path::new(path)),
                Path::new(expected)
            );
        }
    }
}

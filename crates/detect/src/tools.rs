//! Which tools are installed. Looked for, never run.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Tools that are looked for, by the names of their programs.
pub const TOOLS: [&str; 15] = [
    "aws",
    "az",
    "docker",
    "docker-compose",
    "gcloud",
    "gh",
    "git",
    "helm",
    "k3d",
    "kind",
    "kubectl",
    "kustomize",
    "minikube",
    "skaffold",
    "terraform",
];

/// Which of [`TOOLS`] are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tools {
    found: BTreeMap<&'static str, bool>,
}

impl Tools {
    /// Looks through the folders of a `PATH`.
    pub fn on_path(path: &OsStr) -> Self {
        let folders: Vec<_> = std::env::split_paths(path)
            .filter(|folder| folder.is_absolute())
            .collect();
        let is_there = |name: &str| folders.iter().any(|folder| is_program(&folder.join(name)));
        Self {
            found: TOOLS
                .into_iter()
                .map(|name| (name, is_there(name)))
                .collect(),
        }
    }

    /// Whether a tool is there.
    pub fn has(&self, name: &str) -> bool {
        self.found.get(name).copied().unwrap_or_default()
    }
}

fn is_program(path: &Path) -> bool {
    let metadata = std::fs::metadata(path);
    metadata.is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_and_only_programs() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, mode) in [("kubectl", 0o755), ("helm", 0o644)] {
            let path = folder.path().join(name);
            std::fs::write(&path, "").expect("a file");
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("a mode");
        }
        let tools = Tools::on_path(folder.path().as_os_str());
        assert!(tools.has("kubectl") && !tools.has("helm") && !tools.has("skaffold"));
        assert_eq!(
            Tools::on_path(OsStr::new("")),
            Tools::on_path(OsStr::new("relative"))
        );
    }
}

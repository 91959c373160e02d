//! Running the command in a folder of its own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder with a project in it.
pub(crate) struct Workplace {
    folder: TempDir,
}

/// What a run printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A small project: an app and its database.
pub(crate) const SHOP: &str = "\
name: shop
services:
  web:
    image: ghcr.io/acme/web:1.4.2
    ports: [\"8080:3000\"]
    depends_on: [db]
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: hunter2
    volumes: [\"data:/var/lib/postgresql/data\"]
volumes:
  data: {}
";

impl Workplace {
    /// A folder with this compose file in it.
    pub(crate) fn new(compose: &str) -> Self {
        let workplace = Self {
            folder: TempDir::new().expect("a temporary folder"),
        };
        workplace.put("compose.yaml", compose);
        workplace
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// All files below the folder, by path.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        list(self.folder.path(), self.folder.path(), &mut found);
        found.sort();
        found
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "")
    }

    pub(crate) fn run_with(&self, arguments: &[&str], stdin: impl AsRef<[u8]>) -> Run {
        self.run_in(arguments, &[], stdin)
    }

    /// Runs the command in a folder below this one.
    pub(crate) fn run_below(&self, folder: &str, arguments: &[&str]) -> Run {
        run(&self.path(folder), arguments, &[], "")
    }

    /// Runs the command with no variables but these.
    pub(crate) fn run_in(
        &self,
        arguments: &[&str],
        variables: &[(&str, &str)],
        stdin: impl AsRef<[u8]>,
    ) -> Run {
        run(self.folder.path(), arguments, variables, stdin)
    }
}

fn run(
    folder: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
    stdin: impl AsRef<[u8]>,
) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kubewright"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    // A command that does not read its input closes it: no fault of ours.
    let _ = child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(stdin.as_ref());
    let output = child.wait_with_output().expect("the command ends");
    Run {
        code: output.status.code().expect("the command exits"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

fn list(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() && !path.is_symlink() {
            list(root, &path, found);
        } else {
            let below = path.strip_prefix(root).expect("it lies below");
            found.push(below.display().to_string());
        }
    }
}

mod summary;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;
use kubewright_detect::{Detection, detect};
use kubewright_run::{Results, STATE_FILE};
use kubewright_source::{Diagnostic, Sources, Span};
use serde::Serialize;

use crate::Exit;
use crate::commands::fail;
use crate::printer::{Talk, out};

/// Look at a folder and say what a project can start from.
///
/// Compose files and what each service is, Dockerfiles, modules with language and framework, manifests,
/// charts and kustomizations, environments, the registry. Nothing is written or run, nothing outside of
/// the folder is read, and no value of an env file is printed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Init {
    /// The folder to look at
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,

    /// Print what was found; with `--json` as `kubewright schema detection` describes it
    #[arg(long)]
    print: bool,
}

const EXAMPLES: &str = "\
Examples:
  kubewright init --print              what is in this folder
  kubewright init --print shop --json   the same for programs";

impl Init {
    pub(crate) fn run(self, talk: &Talk) -> Exit {
        if let Err(problem) = self.check() {
            return fail(talk, Exit::Input, vec![*problem], &Sources::default());
        }
        let found = detect(&self.folder);
        if talk.json {
            return out(&document(&found));
        }
        let style = talk.out_style();
        let names = summary::Names {
            argument: self.argument(),
            state: self.state(),
        };
        out(&summary::text(&found, &names, talk.verbose, style.color))
    }

    fn check(&self) -> Result<(), Box<Diagnostic>> {
        if !self.print {
            let message = "`init` without `--print` is not there yet: it writes no `apps.yaml`";
            let help = format!(
                "add `--print` to see what it finds: `kubewright init --print{}`; \
                 `kubewright generate` makes manifests of a compose file",
                self.argument()
            );
            return Err(Box::new(
                Diagnostic::error("usage", Span::NONE, message).help(help),
            ));
        }
        let shown = self.folder.display();
        let (message, help) = match std::fs::metadata(&self.folder) {
            Ok(found) if found.is_dir() => match std::fs::read_dir(&self.folder) {
                Ok(_) => return Ok(()),
                Err(error) => (
                    format!("the folder `{shown}` cannot be read: {error}"),
                    "give a folder that you may read",
                ),
            },
            Ok(_) => (
                format!("`{shown}` is no folder"),
                "give the folder of the project",
            ),
            Err(error) => (
                format!("the folder `{shown}` cannot be read: {error}"),
                "give the folder of the project",
            ),
        };
        Err(Box::new(
            Diagnostic::error("file", Span::NONE, message).help(help),
        ))
    }

    /// The wizard's state that is kept in the folder, as people would type it.
    fn state(&self) -> Option<String> {
        let plain = self.folder.strip_prefix(".").unwrap_or(&self.folder);
        let state = plain.join(STATE_FILE);
        state.is_file().then(|| quoted(state.into_os_string()))
    }

    /// The folder as people would type it behind a command.
    fn argument(&self) -> String {
        match self.folder == Path::new(".") {
            true => String::new(),
            false => format!(" {}", quoted(self.folder.clone().into_os_string())),
        }
    }
}

/// A word as a shell takes it.
fn quoted(word: OsString) -> String {
    let word = word.to_string_lossy().into_owned();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    match word.chars().all(is_plain) {
        true => word,
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// The results document with what was found.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    results: Results<'a>,
    detection: &'a Detection,
}

fn document(found: &Detection) -> String {
    let document = Document {
        results: Results::new(Exit::Done, None, &[], &Sources::default()),
        detection: found,
    };
    let mut text = serde_json::to_string_pretty(&document).expect("a detection is plain data");
    text.push('\n');
    text
}

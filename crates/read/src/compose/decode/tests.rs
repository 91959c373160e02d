//! Real compose text through loading and decoding.

mod document;
mod dropped;
mod example;
mod properties;
mod rooms;

use std::path::PathBuf;

use kubewright_files::MemoryFiles;
use kubewright_model::project::Entry;
use kubewright_model::{App, Project};
use kubewright_source::{Diagnostics, Severity, Sources};

use super::{DecodeOptions, decode};
use crate::Environment;
use crate::compose::load::{LoadRequest, load};

/// A project and what was said, one line each: `note 5:13 [code] message`.
pub(super) struct Decoded {
    pub(super) project: Project,
    pub(super) said: Vec<String>,
}

impl Decoded {
    pub(super) fn app(&self, name: &str) -> &App {
        let apps = self.project.apps();
        let mut named = apps.filter(|app| app.name.value.as_str() == name);
        named
            .next()
            .unwrap_or_else(|| panic!("no app `{name}`: {:#?}", self.said))
    }

    pub(super) fn is_infrastructure(&self, name: &str) -> bool {
        let mut entries = self.project.entries.iter();
        entries
            .any(|(key, entry)| key.as_str() == name && matches!(entry, Entry::Infrastructure(_)))
    }

    /// What was said of that code.
    pub(super) fn of(&self, code: &str) -> Vec<&str> {
        let code = format!("[{code}]");
        let lines = self.said.iter().filter(|line| line.contains(&code));
        lines.map(String::as_str).collect()
    }

    pub(super) fn errors(&self) -> Vec<&str> {
        let lines = self.said.iter().filter(|line| line.starts_with("error"));
        lines.map(String::as_str).collect()
    }
}

/// Decodes a compose file beside other files.
pub(super) fn decoded_with(text: &str, files: MemoryFiles) -> Decoded {
    let files = files.with("compose.yaml", text);
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let request = LoadRequest {
        working_directory: PathBuf::from("/project"),
        ..LoadRequest::default()
    };
    let environment: Environment = [("FROM_SHELL", "shell")].into_iter().collect();
    let document = load(
        &request,
        &files,
        &environment,
        &mut sources,
        &mut diagnostics,
    );
    let document = document.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let options = DecodeOptions::default();
    let project = decode(document, &files, &options, &mut diagnostics);
    let line = |d: &kubewright_source::Diagnostic| {
        let word = match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let place = sources.describe(d.span);
        let place = place.trim_start_matches("compose.yaml:");
        assert!(
            !d.help.is_empty() || d.code == "moved-to-secret",
            "no help: {d:?}"
        );
        format!("{word} {place} [{}] {}", d.code, d.message)
    };
    let said = diagnostics.into_sorted().iter().map(line).collect();
    Decoded { project, said }
}

/// Decodes a compose file that stands alone.
pub(super) fn decoded(text: &str) -> Decoded {
    decoded_with(text, MemoryFiles::new())
}

/// Decodes one service called `web`; `body` is what is said of it, one key a line.
pub(super) fn web(body: &str) -> Decoded {
    let body: String = body.lines().map(|line| format!("    {line}\n")).collect();
    decoded(&format!("name: shop\nservices:\n  web:\n{body}"))
}

//! Files to trees.

use std::path::Path;

use kubewright_files::FileError;
use kubewright_source::{Diagnostic, SourceId, Span};
use kubewright_yaml::{Limits, Node};

use super::loader::Loader;

impl Loader<'_> {
    /// The text of a file that `wanted_by` asks for; `what` it is, for the message.
    pub(super) fn text(&mut self, path: &Path, what: &str, wanted_by: Span) -> Option<String> {
        match self.try_text(path) {
            Ok(text) => Some(text),
            Err(found) => {
                self.diagnostics
                    .push(unreadable(path, what, wanted_by, found));
                None
            }
        }
    }

    /// The same, without a word where it fails.
    pub(super) fn try_text(&mut self, path: &Path) -> Result<String, Unreadable> {
        let limit = u64::try_from(Limits::default().max_bytes).unwrap_or(u64::MAX);
        let bytes = self
            .files
            .read_limited(path, limit)
            .map_err(Unreadable::File)?;
        let name = path.display().to_string();
        kubewright_yaml::decode(bytes, &name).map_err(|found| Unreadable::Text(Box::new(found)))
    }

    /// The documents of a text; none where it cannot be read as YAML.
    pub(super) fn documents(&mut self, name: &str, text: String) -> Option<Vec<Node>> {
        let source = self.sources.add(name, text);
        let text = self.sources.get(source).map_or("", |source| source.text());
        match kubewright_yaml::read_documents(text, source, &Limits::default()) {
            Ok(documents) => Some(documents),
            Err(found) => {
                let found = with_template_help(found, source, text);
                self.diagnostics.push(found);
                None
            }
        }
    }
}

/// Why a file gave no text.
pub(super) enum Unreadable {
    File(FileError),
    Text(Box<Diagnostic>),
}

/// The error for a file that could not be read, code `file`.
pub(super) fn unreadable(
    path: &Path,
    what: &str,
    wanted_by: Span,
    found: Unreadable,
) -> Diagnostic {
    let path = path.display();
    let (message, help) = match found {
        Unreadable::Text(found) => {
            let place = if found.span.is_none() {
                wanted_by
            } else {
                found.span
            };
            return Diagnostic {
                span: place,
                ..*found
            };
        }
        Unreadable::File(FileError::NotFound) => (
            format!("{what} `{path}` not found"),
            "create it, or correct the path; relative paths start at the project folder",
        ),
        Unreadable::File(FileError::NotAFile | FileError::NotAFolder) => {
            (format!("{what} `{path}` is not a file"), "name a file")
        }
        Unreadable::File(FileError::Denied) => (
            format!("{what} `{path}` cannot be read: permission denied"),
            "give yourself the right to read it",
        ),
        Unreadable::File(error @ (FileError::TooLarge { .. } | FileError::Other(_))) => (
            format!("{what} `{path}` cannot be read: {error}"),
            "check that it is the file you mean",
        ),
    };
    Diagnostic::error("file", wanted_by, message).help(help)
}

/// A blueprint with placeholders of a template language is no YAML yet: says so
/// where the fault lies on a line with such a placeholder.
fn with_template_help(found: Diagnostic, source: SourceId, text: &str) -> Diagnostic {
    if found.span.source != source {
        return found;
    }
    let start = (found.span.start as usize).min(text.len());
    let before = text.get(..start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or("");
    match ["{{", "{%", "<%", "{#"].iter().find(|sign| line.contains(**sign)) {
        Some(sign) => found.help(format!(
            "`{sign}` begins a placeholder of a template language; render the template first, or quote the value if it is meant to stay"
        )),
        None => found,
    }
}

//! Diagnostics for machines, in the shape that `--json` prints (`cli.md`).

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};
use crate::position::Sources;

/// One diagnostic of the results document. Lines and columns start at 1,
/// columns count characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// `error`, `warning` or `advice`.
    pub severity: &'static str,
    /// Stable, in kebab case.
    pub code: &'static str,
    /// What is wrong, one line.
    pub message: String,
    /// The file, relative to the working folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// First line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// First column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// Last line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<usize>,
    /// The column behind the last character.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<usize>,
    /// Key path in the document.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub path: String,
    /// How to put it right.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub help: String,
    /// Other places that belong to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedReport>,
}

/// A second place of a [`Report`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RelatedReport {
    /// What is there.
    pub message: String,
    /// The file, relative to the working folder.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// The word of a severity in machine-readable results.
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "advice",
    }
}

/// A diagnostic in its machine-readable shape.
pub fn report(diagnostic: &Diagnostic, sources: &Sources) -> Report {
    let diagnostic = &*sources.masked(diagnostic);
    let source = sources.get(diagnostic.span.source);
    let places = sources.places(diagnostic.span);
    Report {
        severity: severity_word(diagnostic.severity),
        code: diagnostic.code,
        message: diagnostic.message.clone(),
        file: source.map(|source| source.name().to_owned()),
        line: places.map(|(start, _)| start.line),
        column: places.map(|(start, _)| start.column),
        end_line: places.map(|(_, end)| end.line),
        end_column: places.map(|(_, end)| end.column),
        path: diagnostic.path.clone(),
        help: diagnostic.help.clone(),
        related: related(diagnostic, sources),
    }
}

fn related(diagnostic: &Diagnostic, sources: &Sources) -> Vec<RelatedReport> {
    let place = |related: &crate::Related| {
        let source = sources.get(related.span.source)?;
        let start = source.place(related.span.start);
        Some(RelatedReport {
            message: related.message.clone(),
            file: source.name().to_owned(),
            line: start.line,
            column: start.column,
        })
    };
    diagnostic.related.iter().filter_map(place).collect()
}

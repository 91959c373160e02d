//! `apps.yaml` to projects.

mod old;
mod outside;
mod referred;
mod values;
mod words;

use std::path::Path;

use kubewright_files::{Files, MemoryFiles};
use kubewright_model::{Name, Project};
use kubewright_read::apps::{Asked, Document, Variables};
use kubewright_read::environment::Environment;
use kubewright_source::{Diagnostic, Diagnostics, Severity, Sources};
use kubewright_yaml::{Limits, read_document};

/// What came out of reading a text for one environment.
pub(crate) struct Read {
    pub(crate) project: Project,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) sources: Sources,
}

impl Read {
    /// The diagnostics as `code line:column message`.
    pub(crate) fn said(&self) -> Vec<String> {
        let line = |said: &Diagnostic| {
            let place = self.sources.describe(said.span);
            let place = place.strip_prefix("apps.yaml:").unwrap_or(&place);
            format!("{} {place} {}", said.code, said.message)
        };
        self.diagnostics.iter().map(line).collect()
    }

    /// What is no note.
    pub(crate) fn faults(&self) -> Vec<String> {
        let said = self.said().into_iter().zip(&self.diagnostics);
        said.filter(|(_, said)| said.severity != Severity::Note)
            .map(|(line, _)| line)
            .collect()
    }

    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.diagnostics.iter().map(|said| said.code).collect()
    }
}

/// Reads a text; `files` lie beside it.
pub(crate) fn read(text: &str, environment: Option<&str>, files: &[(&str, &str)]) -> Read {
    let files = files
        .iter()
        .fold(MemoryFiles::new(), |files, (path, text)| {
            files.with(path, *text)
        });
    read_beside(text, environment, &files)
}

/// Reads a text beside some files.
pub(crate) fn read_beside(text: &str, environment: Option<&str>, files: &dyn Files) -> Read {
    let mut sources = Sources::default();
    let source = sources.add("apps.yaml", text);
    let root = read_document(text, source, &Limits::default())
        .expect("the text is YAML")
        .expect("the text is not empty");
    let mut diagnostics = Diagnostics::default();
    let document = Document::open(root, Vec::new(), &mut diagnostics);
    let process = Environment::default();
    let directory = Path::new("");
    let variables = Variables::read(
        &[],
        environment,
        &[directory.to_owned()],
        &[],
        (files, &process),
        (&mut sources, &mut diagnostics),
    );
    let asked = Asked {
        environment,
        given_name: None,
        name: Name::parse("demo").expect("a name"),
        directory,
        files,
        variables: &variables,
        secrets_elsewhere: false,
    };
    let project = document.project(&asked, &mut sources, &mut diagnostics);
    Read {
        project,
        diagnostics: diagnostics.into_sorted(),
        sources,
    }
}

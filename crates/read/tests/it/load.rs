//! Compose files to resolved documents.

mod discovery;
mod env_files;
mod extends;
mod faults;
mod include;
mod interpolation;
mod merging;
mod names;
mod never_panics;
mod profiles;

use std::path::PathBuf;

use kubewright_files::MemoryFiles;
use kubewright_read::compose::load::{Document, Input, LoadRequest, load};
use kubewright_read::document::equal;
use kubewright_read::environment::Environment;
use kubewright_source::{Diagnostic, Diagnostics, SourceId, Sources};
use kubewright_yaml::{Limits, Node, Value, read_document};

/// What came out of a load.
pub(crate) struct Loaded {
    pub(crate) document: Option<Document>,
    pub(crate) sources: Sources,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// The diagnostics as `code file:line:column message`.
    pub(crate) fn said(&self) -> Vec<String> {
        let line =
            |d: &Diagnostic| format!("{} {} {}", d.code, self.sources.describe(d.span), d.message);
        self.diagnostics.iter().map(line).collect()
    }

    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.diagnostics.iter().map(|d| d.code).collect()
    }

    pub(crate) fn document(&self) -> &Document {
        self.document
            .as_ref()
            .unwrap_or_else(|| panic!("nothing: {:?}", self.said()))
    }

    /// The document is this, and nothing was said.
    pub(crate) fn is(&self, expected: &str) {
        assert_eq!(self.said(), Vec::<String>::new());
        self.looks_like(expected);
    }

    /// The document is this, whatever was said.
    pub(crate) fn looks_like(&self, expected: &str) {
        let expected = yaml(expected);
        let root = &self.document().root;
        assert!(
            equal(root, &expected),
            "\n{}\n\n{}",
            flow(root),
            flow(&expected)
        );
    }

    /// These diagnostics, each by the beginning of its line in [`Loaded::said`].
    pub(crate) fn says(&self, expected: &[&str]) {
        let said = self.said();
        let fits = said.len() == expected.len()
            && said
                .iter()
                .zip(expected)
                .all(|(said, expected)| said.starts_with(expected));
        assert!(fits, "{said:#?}");
        for diagnostic in &self.diagnostics {
            assert!(
                !diagnostic.help.is_empty(),
                "no help: {}",
                diagnostic.message
            );
        }
    }
}

pub(crate) fn yaml(text: &str) -> Node {
    read_document(text, SourceId::NONE, &Limits::default())
        .expect("the expectation is YAML")
        .expect("the expectation is not empty")
}

/// A tree on one line, keys sorted.
pub(crate) fn flow(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) => match scalar.resolve() {
            kubewright_yaml::Resolved::String => format!("{:?}", scalar.text),
            _ => scalar.text.to_string(),
        },
        Value::Sequence(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Mapping(mapping) => {
            let mut entries: Vec<String> = mapping
                .iter()
                .map(|entry| format!("{}: {}", entry.key.text, flow(&entry.value)))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

pub(crate) fn files(list: &[(&str, &str)]) -> MemoryFiles {
    let add = |files: MemoryFiles, (path, text): &(&str, &str)| files.with(path, *text);
    list.iter().fold(MemoryFiles::new(), add)
}

pub(crate) fn run(
    request: &LoadRequest,
    files: &MemoryFiles,
    environment: &[(&str, &str)],
) -> Loaded {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let environment: Environment = environment.iter().copied().collect();
    let document = load(request, files, &environment, &mut sources, &mut diagnostics);
    Loaded {
        document,
        sources,
        diagnostics: diagnostics.into_sorted(),
    }
}

pub(crate) fn request(paths: &[&str]) -> LoadRequest {
    LoadRequest {
        files: paths
            .iter()
            .map(|path| Input::File(PathBuf::from(path)))
            .collect(),
        working_directory: PathBuf::from("/project"),
        ..LoadRequest::default()
    }
}

/// One file, `compose.yaml`, and no environment.
pub(crate) fn one(text: &str) -> Loaded {
    run(&request(&[]), &files(&[("compose.yaml", text)]), &[])
}

/// Two files, the second laid over the first.
pub(crate) fn two(under: &str, over: &str) -> Loaded {
    let files = files(&[("compose.yaml", under), ("over.yaml", over)]);
    run(&request(&["compose.yaml", "over.yaml"]), &files, &[])
}

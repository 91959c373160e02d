//! A compose file that is compiled with other texts in its place.

use std::path::{Path, PathBuf};

use kubewright_compile::{Input, Outcome, Request, generate};
use kubewright_disk::DiskFiles;
use kubewright_files::{File, Tree};
use kubewright_read::Environment;
use kubewright_source::{Diagnostic, Sources};
use kubewright_yaml::{AsGiven, Limits, Node, read_document, to_string};

/// One compose file, and the folder it stands in.
#[derive(Debug)]
pub(crate) struct Project {
    file: PathBuf,
    folder: PathBuf,
}

/// What comes of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Product {
    /// The files, none where there was an error.
    files: Option<Vec<(String, String)>>,
    /// What was said, without places.
    said: Vec<String>,
    /// The key paths that are reported with all that stands below them.
    whole: Vec<String>,
}

/// Codes of what is reported with all that stands below it.
const WHOLE: [&str; 4] = ["not-carried", "inactive-service", "built-image", "unused"];

impl Project {
    /// A file and its tree; none where it holds no single document.
    pub(crate) fn new(file: &Path) -> Option<(Self, Node)> {
        let text = std::fs::read_to_string(file).ok()?;
        let id = Sources::default().add("compose.yaml", text.as_str());
        let tree = read_document(&text, id, &Limits::default()).ok()??;
        let project = Self {
            file: file.to_owned(),
            folder: file.parent()?.to_owned(),
        };
        Some((project, tree))
    }

    /// What comes of a tree; none where it holds a tag that only a text can.
    pub(crate) fn compile(&self, tree: &Node) -> Option<Product> {
        let text = to_string(tree, &AsGiven).ok()?;
        let request = Request {
            inputs: vec![Input::Text {
                name: self.file.display().to_string(),
                text,
            }],
            working_directory: self.folder.clone(),
            project_directory: Some(self.folder.clone()),
            ..Request::default()
        };
        let files = DiskFiles::new(&self.folder);
        let outcome = generate(&request, &files, &Environment::default(), &|_, _| {});
        Some(product(outcome))
    }
}

impl Product {
    /// True where files came out.
    pub(crate) fn is_accepted(&self) -> bool {
        self.files.is_some()
    }

    /// True where a key path is reported with all that stands below it.
    pub(crate) fn is_reported(&self, path: &str) -> bool {
        self.whole.iter().any(|whole| whole == path)
    }
}

fn product(outcome: Outcome) -> Product {
    let diagnostics = outcome.diagnostics.into_sorted();
    let mut said: Vec<String> = diagnostics.iter().map(words).collect();
    said.sort();
    let whole = diagnostics.iter().filter(|said| is_whole(said));
    Product {
        whole: whole.map(|said| said.path.clone()).collect(),
        files: outcome.tree.map(Tree::into_files).map(texts),
        said,
    }
}

fn texts(files: Vec<File>) -> Vec<(String, String)> {
    let texts = files
        .into_iter()
        .map(|file| (file.path.as_str().to_owned(), file.text));
    texts.collect()
}

/// What is said of a service counts for all of it only where it is inactive.
fn is_whole(said: &Diagnostic) -> bool {
    let service = said.path.strip_prefix("services.");
    let is_service = service.is_some_and(|name| !name.contains('.'));
    let is_all = said.code == "inactive-service" || !(is_service || said.path.is_empty());
    is_all && WHOLE.contains(&said.code)
}

fn words(said: &Diagnostic) -> String {
    let related = said.related.iter().map(|related| related.message.as_str());
    format!(
        "{:?} {} {} {} {} {:?}",
        said.severity,
        said.code,
        said.message,
        said.path,
        said.help,
        related.collect::<Vec<_>>()
    )
}

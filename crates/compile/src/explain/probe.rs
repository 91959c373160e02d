//! Compiling without some keys.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use kubewright_files::{FileError, Files, Kind, Tree};
use kubewright_read::Environment;
use kubewright_read::compose::load::Input;
use kubewright_source::{Diagnostic, Severity, SourceId, Sources};
use kubewright_yaml::decode;

use super::candidate::Candidate;
use crate::Request;

/// A change of a text that keeps the place of everything else.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    source: SourceId,
    range: Range<usize>,
    text: String,
}

impl Edit {
    /// Nothing but blanks where a candidate stands.
    pub(super) fn without(candidate: &Candidate, probe: &Probe<'_>) -> Self {
        let range = candidate.cut.clone();
        let text = probe.text(candidate.source);
        let blank = |byte: u8| if byte == b'\n' { '\n' } else { ' ' };
        let cut = text.get(range.clone()).unwrap_or_default();
        Self {
            source: candidate.source,
            text: cut.bytes().map(blank).collect(),
            range,
        }
    }

    /// Other values of the same length and kind: `postgres:18` and `qostgres:17`
    /// for `postgres:17`. None where nothing in it can be changed.
    pub(super) fn others(candidate: &Candidate, probe: &Probe<'_>) -> Vec<Self> {
        let Some(range) = candidate.scalar.clone() else {
            return Vec::new();
        };
        let text = probe.text(candidate.source);
        let text = text.get(range.clone()).unwrap_or_default();
        let last = text.rfind(|c: char| c.is_ascii_alphanumeric());
        let first = text.find(|c: char| c.is_ascii_alphanumeric());
        let first = first.filter(|at| Some(*at) != last);
        last.into_iter()
            .chain(first)
            .map(|at| Self {
                source: candidate.source,
                range: range.clone(),
                text: with_another(text, at),
            })
            .collect()
    }
}

/// The text with another letter or digit at a place where one stands.
fn with_another(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = match bytes[at] {
        b'9' => b'1',
        b'z' => b'a',
        b'Z' => b'A',
        other => other + 1,
    };
    String::from_utf8(bytes).expect("one ASCII character took the place of another")
}

/// Compiles one project again and again.
pub(super) struct Probe<'a> {
    pub(super) request: &'a Request,
    pub(super) files: &'a dyn Files,
    pub(super) environment: &'a Environment,
    sources: &'a Sources,
    /// The texts of which the sources hold no values.
    unmasked: BTreeMap<SourceId, String>,
    runs: Cell<usize>,
}

impl<'a> Probe<'a> {
    pub(super) fn new(
        request: &'a Request,
        files: &'a dyn Files,
        environment: &'a Environment,
        sources: &'a Sources,
    ) -> Self {
        Self {
            request,
            files,
            environment,
            sources,
            unmasked: unmasked(files, sources),
            runs: Cell::new(0),
        }
    }

    /// Every text of the project.
    pub(super) fn sources(&self) -> &'a Sources {
        self.sources
    }

    /// A text as it was read, secrets and all: for compiling only.
    fn text(&self, id: SourceId) -> &str {
        let known = || self.sources.get(id).map_or("", |source| source.text());
        self.unmasked.get(&id).map_or_else(known, String::as_str)
    }

    /// The text that people know by this name.
    pub(super) fn source(&self, name: &str) -> Option<SourceId> {
        let plain = |name: &str| name.trim_start_matches("./").to_owned();
        let mut entries = self.sources.entries();
        let found = entries.find(|(_, source)| plain(source.name()) == plain(name));
        found.map(|(id, _)| id)
    }

    /// How often it was compiled.
    pub(super) fn runs(&self) -> usize {
        self.runs.get()
    }

    /// What comes of the project with these edits.
    ///
    /// # Errors
    /// The first error, where it is refused then.
    pub(super) fn run(&self, edits: &[Edit]) -> Result<Tree, Option<Diagnostic>> {
        self.runs.set(self.runs.get() + 1);
        let texts = self.edited(edits);
        let files = Edited {
            files: self.files,
            texts: &texts,
        };
        let mut request = self.request.clone();
        for input in &mut request.inputs {
            if let Input::Text { name, text } = input
                && let Some(edited) = texts.get(name.as_str())
            {
                text.clone_from(edited);
            }
        }
        let outcome = crate::generate(&request, &files, self.environment, &|_, _| {});
        outcome.tree.ok_or_else(|| {
            let mut found = outcome.diagnostics.into_sorted().into_iter();
            found.find(|found| found.severity == Severity::Error)
        })
    }

    fn edited(&self, edits: &[Edit]) -> BTreeMap<&'a str, String> {
        let mut texts = BTreeMap::new();
        for edit in edits {
            let Some(source) = self.sources.get(edit.source) else {
                continue;
            };
            let text = texts
                .entry(source.name())
                .or_insert_with(|| self.text(edit.source).to_owned());
            text.replace_range(edit.range.clone(), &edit.text);
        }
        texts
    }
}

/// The texts of env files, whose values the sources do not hold. One that is not
/// as long as it was is not the one that was read.
fn unmasked(files: &dyn Files, sources: &Sources) -> BTreeMap<SourceId, String> {
    let masked = sources.entries().filter(|(_, source)| source.is_masked());
    let read = masked.filter_map(|(id, source)| {
        let bytes = files.read(Path::new(source.name())).ok()?;
        let text = decode(bytes, source.name()).ok()?;
        (text.len() == source.text().len()).then_some((id, text))
    });
    read.collect()
}

/// Files of which some have another text.
struct Edited<'a> {
    files: &'a dyn Files,
    texts: &'a BTreeMap<&'a str, String>,
}

impl Files for Edited<'_> {
    fn read_limited(&self, path: &Path, max_bytes: u64) -> Result<Vec<u8>, FileError> {
        let name: Cow<'_, str> = path.to_string_lossy();
        match self.texts.get(&*name) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.files.read_limited(path, max_bytes),
        }
    }

    fn leads_outside(&self, path: &Path, folder: &Path) -> bool {
        self.files.leads_outside(path, folder)
    }

    fn kind(&self, path: &Path) -> Result<Kind, FileError> {
        self.files.kind(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<String>, FileError> {
        self.files.list(folder)
    }
}

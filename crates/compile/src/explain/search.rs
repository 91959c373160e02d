//! The keys that a field depends on, found by halving.

use kubewright_files::File;
use kubewright_source::Span;

use super::Key;
use super::candidate::Candidate;
use super::field::Fields;
use super::probe::{Edit, Probe};

/// How often a project is compiled at most for one answer.
const MOST_RUNS: usize = 3_000;

/// From this many siblings on only those are tried that have to do with the
/// object: it stands in them, or its manifest names them.
const MANY: usize = 64;

/// What was found.
pub(super) struct Found {
    pub(super) keys: Vec<Key>,
    pub(super) incomplete: bool,
}

/// The closest keys without which a field of a file is another.
pub(super) fn causes(
    probe: &Probe<'_>,
    file: &File,
    path: &str,
    origin: Option<Span>,
    candidates: &[Candidate],
) -> Found {
    let fields = Fields::of_text(&file.text);
    let search = Search {
        probe,
        file,
        path,
        value: &fields.below(path),
        origin,
    };
    let mut keys = Vec::new();
    search.find(&search.related(candidates), &mut keys);
    Found {
        keys,
        incomplete: probe.runs() >= MOST_RUNS,
    }
}

struct Search<'a> {
    probe: &'a Probe<'a>,
    file: &'a File,
    path: &'a str,
    value: &'a [(&'a str, Option<&'a str>)],
    /// What asked for the object: that all of it is gone without it goes without
    /// saying.
    origin: Option<Span>,
}

/// What a field is when some keys are not there.
#[derive(Clone, Copy, PartialEq)]
enum Without {
    Same,
    Other,
    /// Not even its file is there.
    Gone,
    Refused,
}

impl Search<'_> {
    fn find(&self, candidates: &[&Candidate], keys: &mut Vec<Key>) {
        if candidates.is_empty() || self.probe.runs() >= MOST_RUNS {
            return;
        }
        let edits: Vec<Edit> = candidates
            .iter()
            .map(|one| Edit::without(one, self.probe.sources()))
            .collect();
        let without = self.try_edits(&edits);
        match (without, candidates) {
            (Without::Same, _) => {}
            (Without::Other, [one]) => self.closest(one, true, keys),
            (Without::Gone, [one]) => self.closest(one, !self.is_origin(one), keys),
            (Without::Refused, [one]) => {
                let others = Edit::others(one, self.probe.sources());
                let mut others = others.into_iter();
                let is_other = others
                    .any(|edit| matches!(self.try_edits(&[edit]), Without::Other | Without::Gone));
                self.closest(one, is_other, keys);
            }
            (Without::Other | Without::Gone | Without::Refused, several) => {
                let (first, second) = several.split_at(several.len() / 2);
                self.find(first, keys);
                self.find(second, keys);
            }
        }
    }

    fn is_origin(&self, one: &Candidate) -> bool {
        self.origin.is_some_and(|span| {
            span.source == one.source && one.cut.contains(&(span.start as usize))
        })
    }

    /// What stands below `one` and matters, else `one` itself where it does.
    fn closest(&self, one: &Candidate, matters: bool, keys: &mut Vec<Key>) {
        let before = keys.len();
        self.find(&self.related(&one.children), keys);
        if keys.len() == before && matters {
            keys.push(one.key.clone());
        }
    }

    fn related<'c>(&self, candidates: &'c [Candidate]) -> Vec<&'c Candidate> {
        let all = candidates.iter();
        if candidates.len() <= MANY {
            return all.collect();
        }
        let is_named = |one: &&Candidate| {
            let name = one.key.path.rsplit('.').next().unwrap_or_default();
            let label = self.file.text.lines().next().unwrap_or_default();
            !name.is_empty() && (label.contains(name) || self.file.text.contains(name))
        };
        all.filter(is_named).collect()
    }

    fn try_edits(&self, edits: &[Edit]) -> Without {
        let Ok(tree) = self.probe.run(edits) else {
            return Without::Refused;
        };
        let Some(file) = tree.get(self.file.path.as_str()) else {
            return Without::Gone;
        };
        let is_same = file.text == self.file.text
            || Fields::of_text(&file.text).below(self.path) == self.value;
        match is_same {
            true => Without::Same,
            false => Without::Other,
        }
    }
}

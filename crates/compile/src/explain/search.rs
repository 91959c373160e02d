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
    /// The field is another only without all of them: each alone would do.
    pub(super) shared: bool,
    pub(super) incomplete: bool,
}

/// The closest keys without which a field of a file is another; where there is no
/// such key, those that share it.
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
    let mut walk = Walk::default();
    search.find(&search.related(candidates), &mut walk);
    let mut keys = walk.keys;
    let is_decided = !keys.is_empty();
    if !is_decided {
        keys = search.shared(&walk.idle);
        keys.sort_by_key(|key| key.span);
    }
    Found {
        shared: !is_decided && keys.len() > 1,
        keys,
        incomplete: probe.runs() >= MOST_RUNS,
    }
}

/// What was seen on the way.
#[derive(Default)]
struct Walk<'c> {
    keys: Vec<Key>,
    /// The outermost candidates without each of which the field stays the same.
    idle: Vec<&'c Candidate>,
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

impl Without {
    fn is_change(self) -> bool {
        match self {
            Self::Other | Self::Gone => true,
            Self::Same | Self::Refused => false,
        }
    }
}

impl Search<'_> {
    fn find<'c>(&self, candidates: &[&'c Candidate], walk: &mut Walk<'c>) {
        if candidates.is_empty() || self.is_over() {
            return;
        }
        match (self.without(candidates), candidates) {
            (Without::Same, all) => walk.idle.extend(all),
            (Without::Other, [one]) => self.closest(one, true, walk),
            (Without::Gone, [one]) => self.closest(one, !self.is_origin(one), walk),
            (Without::Refused, [one]) => {
                let others = Edit::others(one, self.probe);
                let mut others = others.into_iter();
                let is_other = others.any(|edit| self.try_edits(&[edit]).is_change());
                self.closest(one, is_other, walk);
            }
            (Without::Other | Without::Gone | Without::Refused, several) => {
                let (first, second) = several.split_at(several.len() / 2);
                self.find(first, walk);
                self.find(second, walk);
            }
        }
    }

    /// Where each of several keys would be enough alone: the fewest without which
    /// the field is another. None where it is always the same.
    fn shared(&self, idle: &[&Candidate]) -> Vec<Key> {
        let mut without = Vec::new();
        self.leave_out(idle, &mut without);
        if !self.without(&without).is_change() {
            return Vec::new();
        }
        let found = self.fewest_below(&[], &without).into_iter();
        found.map(|one| one.key.clone()).collect()
    }

    /// The fewest of some candidates, or of what stands below them.
    fn fewest_below<'c>(
        &self,
        gone: &[&'c Candidate],
        candidates: &[&'c Candidate],
    ) -> Vec<&'c Candidate> {
        let mut fewest = self.fewest(gone, false, candidates);
        let mut found = Vec::new();
        while let Some(one) = fewest.pop() {
            let others = [gone, &fewest, &found].concat();
            let mut all = others.clone();
            self.leave_out(&self.related(&one.children), &mut all);
            let below = &all[others.len()..];
            match !below.is_empty() && self.without(&all).is_change() {
                true => found.extend(self.fewest_below(&others, below)),
                false => found.push(one),
            }
        }
        found
    }

    /// As many candidates as can go together before the input is refused.
    fn leave_out<'c>(&self, candidates: &[&'c Candidate], out: &mut Vec<&'c Candidate>) {
        if candidates.is_empty() || self.is_over() {
            return;
        }
        let known = out.len();
        out.extend(candidates);
        if self.without(out) != Without::Refused {
            return;
        }
        out.truncate(known);
        if candidates.len() > 1 {
            let (first, second) = candidates.split_at(candidates.len() / 2);
            self.leave_out(first, out);
            self.leave_out(second, out);
        }
    }

    /// The fewest of some candidates that have to go, beside those that are gone
    /// already, for the field to be another. `grown`: more are gone than at the last
    /// look. By halving: [QuickXplain](https://cdn.aaai.org/AAAI/2004/AAAI04-027.pdf).
    fn fewest<'c>(
        &self,
        gone: &[&'c Candidate],
        grown: bool,
        candidates: &[&'c Candidate],
    ) -> Vec<&'c Candidate> {
        if grown && (self.is_over() || self.without(gone).is_change()) {
            return Vec::new();
        }
        if candidates.len() <= 1 {
            return candidates.to_vec();
        }
        let (first, second) = candidates.split_at(candidates.len() / 2);
        let of_second = self.fewest(&[gone, first].concat(), true, second);
        let rest = [gone, &of_second].concat();
        let mut found = self.fewest(&rest, !of_second.is_empty(), first);
        found.extend(of_second);
        found
    }

    fn is_over(&self) -> bool {
        self.probe.runs() >= MOST_RUNS
    }

    fn is_origin(&self, one: &Candidate) -> bool {
        self.origin.is_some_and(|span| {
            span.source == one.source && one.cut.contains(&(span.start as usize))
        })
    }

    /// What stands below `one` and matters, else `one` itself where it does.
    fn closest<'c>(&self, one: &'c Candidate, matters: bool, walk: &mut Walk<'c>) {
        let before = walk.keys.len();
        self.find(&self.related(&one.children), walk);
        if walk.keys.len() == before && matters {
            walk.keys.push(one.key.clone());
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

    fn without(&self, candidates: &[&Candidate]) -> Without {
        let blanked = candidates.iter().map(|one| Edit::without(one, self.probe));
        self.try_edits(&blanked.collect::<Vec<_>>())
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

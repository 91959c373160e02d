//! Comments of a file, each with the line that it is about.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use kubewright_knowledge::secret::{assigned, credentials};
use kubewright_source::{SourceId, Sources, Span};
use kubewright_yaml::{Key, Node, Value};

use super::super::comment::Kept;
use crate::apps::write::Needed;

/// How many signs a value has at least that is looked for in comments.
const LONG: usize = 6;

/// What stands in the place of a value.
const HIDDEN: &str = "…";

/// How the first comment begins of a file that was converted before.
const MADE: &str = "made by kubewright";

/// The comments of a file.
#[derive(Debug, Default)]
pub struct Notes {
    source: Option<SourceId>,
    text: Box<str>,
    /// Where each line begins.
    starts: Vec<usize>,
    /// How far each line with something in it is indented.
    indents: BTreeMap<usize, usize>,
    /// By the line that they are about.
    comments: BTreeMap<usize, Vec<String>>,
    /// Lines of which nothing is written: the format's version.
    gone: BTreeSet<usize>,
}

impl Notes {
    /// The comments of the file that a tree was read from, before anything of the
    /// tree is changed.
    pub fn of(root: &Node, sources: &Sources) -> Self {
        let Some(source) = sources.get(root.span.source) else {
            return Self::default();
        };
        let text = source.text();
        let mut covered = Vec::new();
        scalars(root, &mut covered);
        covered.sort_by_key(|range| range.start);
        let mut notes = Self {
            source: Some(root.span.source),
            text: text.into(),
            ..Self::default()
        };
        let mut waiting: Vec<String> = Vec::new();
        let mut start = 0;
        for (at, line) in text.split_inclusive('\n').enumerate() {
            notes.starts.push(start);
            let sign = sign(line, start, &covered);
            let content = line[..sign.unwrap_or(line.len())].trim();
            let comment = sign.map(|sign| {
                let said = line[sign + 1..].trim_end();
                said.strip_prefix(' ').unwrap_or(said).to_owned()
            });
            if content.is_empty() {
                waiting.extend(comment);
            } else {
                notes
                    .indents
                    .insert(at, line.len() - line.trim_start().len());
                waiting.extend(comment);
                if !waiting.is_empty() {
                    notes.comments.insert(at, std::mem::take(&mut waiting));
                }
            }
            start += line.len();
        }
        // Nothing follows: they are about the last line.
        if let Some(last) = notes
            .indents
            .keys()
            .next_back()
            .filter(|_| !waiting.is_empty())
        {
            notes.comments.entry(*last).or_default().extend(waiting);
        }
        let version = root.as_mapping().and_then(|top| top.get_entry("version"));
        let version = version.and_then(|entry| notes.line(entry.key.span));
        notes.gone.extend(version);
        notes
    }

    /// Where the comments stand in a tree that was made of the file.
    pub(super) fn kept(&self, root: &Node, needed: &[Needed]) -> Kept {
        let mut lines = BTreeMap::new();
        for is_exact in [true, false] {
            self.claim(root, is_exact, &mut Vec::new(), &mut lines);
        }
        let mut kept = Kept::default();
        let first = self.indents.keys().next().copied();
        for (line, comments) in &self.comments {
            let comments = comments.iter().filter(|said| !said.starts_with(MADE));
            let comments = comments.map(|comment| without(comment, needed));
            let path = match Some(*line) == first {
                true => None,
                false => self.place_of(*line, &lines),
            };
            match path {
                Some(path) => kept
                    .places
                    .entry(path.clone())
                    .or_default()
                    .extend(comments),
                None => kept.top.extend(comments),
            }
        }
        kept
    }

    /// The entry of a line, else the one that it stands in.
    fn place_of<'l>(
        &self,
        line: usize,
        lines: &'l BTreeMap<usize, Vec<String>>,
    ) -> Option<&'l Vec<String>> {
        if let Some(path) = lines.get(&line) {
            return Some(path);
        }
        let mut indent = *self.indents.get(&line)?;
        for (above, other) in self.indents.range(..line).rev() {
            if *other < indent {
                indent = *other;
                if let Some(path) = lines.get(above) {
                    return Some(path);
                }
            }
        }
        None
    }

    /// Gives each line to the outermost entry that begins in it; first to those that
    /// are called as they are there. What stands within a list belongs to the list.
    fn claim(
        &self,
        node: &Node,
        is_exact: bool,
        path: &mut Vec<String>,
        lines: &mut BTreeMap<usize, Vec<String>>,
    ) {
        match &node.value {
            Value::Mapping(mapping) => {
                for entry in mapping {
                    path.push(entry.key.text.to_string());
                    if !is_exact || self.is_there(&entry.key) {
                        self.give(entry.key.span, path, lines);
                    }
                    self.claim(&entry.value, is_exact, path, lines);
                    path.pop();
                }
            }
            Value::Sequence(_) | Value::Scalar(_) if is_exact => {}
            Value::Sequence(items) => items.iter().for_each(|item| self.within(item, path, lines)),
            Value::Scalar(_) => self.give(node.span, path, lines),
        }
    }

    /// Whether a key stands in the file as it is written.
    fn is_there(&self, key: &Key) -> bool {
        let is_here = Some(key.span.source) == self.source;
        let there = self.text.get(range(key.span)).filter(|_| is_here);
        there.is_some_and(|there| there.trim_matches(['"', '\'']) == &*key.text)
    }

    fn within(&self, node: &Node, path: &[String], lines: &mut BTreeMap<usize, Vec<String>>) {
        self.give(node.span, path, lines);
        match &node.value {
            Value::Mapping(mapping) => {
                for entry in mapping {
                    self.give(entry.key.span, path, lines);
                    self.within(&entry.value, path, lines);
                }
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.within(item, path, lines)),
            Value::Scalar(_) => {}
        }
    }

    fn give(&self, span: Span, path: &[String], lines: &mut BTreeMap<usize, Vec<String>>) {
        if let Some(line) = self.line(span).filter(|line| !self.gone.contains(line)) {
            lines.entry(line).or_insert_with(|| path.to_vec());
        }
    }

    fn line(&self, span: Span) -> Option<usize> {
        let is_here = Some(span.source) == self.source;
        let start = usize::try_from(span.start).ok().filter(|_| is_here)?;
        let behind = self.starts.partition_point(|line| *line <= start);
        behind.checked_sub(1)
    }
}

/// The places of all keys and scalars: a `#` in them is none of a comment.
fn scalars(node: &Node, found: &mut Vec<Range<usize>>) {
    match &node.value {
        Value::Scalar(_) => found.push(range(node.span)),
        Value::Sequence(items) => items.iter().for_each(|item| scalars(item, found)),
        Value::Mapping(mapping) => {
            for entry in mapping {
                found.push(range(entry.key.span));
                scalars(&entry.value, found);
            }
        }
    }
}

fn range(span: Span) -> Range<usize> {
    let of = |byte: u32| usize::try_from(byte).unwrap_or(usize::MAX);
    of(span.start)..of(span.end)
}

/// Where the comment of a line begins that starts at a byte of the file.
fn sign(line: &str, start: usize, covered: &[Range<usize>]) -> Option<usize> {
    let is_covered = |at: usize| {
        let behind = covered.partition_point(|range| range.start <= at);
        let before = behind.checked_sub(1).and_then(|last| covered.get(last));
        before.is_some_and(|range| at < range.end)
    };
    let begins = |at: usize| at == 0 || line[..at].ends_with([' ', '\t']);
    let signs = line.match_indices('#').map(|(at, _)| at);
    let mut signs = signs.filter(|at| begins(*at) && !is_covered(start + at));
    signs.next()
}

/// A comment without values that are not in the file, or look secret.
fn without(comment: &str, needed: &[Needed]) -> String {
    let mut found = assigned(comment);
    found.extend(credentials(comment));
    let known = needed.iter().filter_map(|needed| needed.known.as_ref());
    let known = known.map(|known| known.reveal().trim());
    for value in known.filter(|value| value.len() >= LONG) {
        let places = comment.match_indices(value);
        found.extend(places.map(|(at, value)| at..at + value.len()));
    }
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let (mut out, mut done) = (String::new(), 0);
    for range in found {
        if range.start >= done && !range.is_empty() {
            out.push_str(&comment[done..range.start]);
            out.push_str(HIDDEN);
            done = range.end;
        }
    }
    out + &comment[done..]
}

#[cfg(test)]
mod tests {
    use kubewright_yaml::{Limits, read_document};

    use super::*;

    fn kept(text: &str) -> Kept {
        let mut sources = Sources::default();
        let id = sources.add("apps.yaml", text);
        let root = read_document(text, id, &Limits::default());
        let root = root.expect("YAML").expect("a document");
        Notes::of(&root, &sources).kept(&root, &[])
    }

    #[test]
    fn comments_belong_to_what_follows_and_to_their_lines() {
        let found = kept(
            "# top\nname: a # the name\n\n# Apps\n\n# of ours\napps:\n  web: # first\n    \
             image: \"a#b\"\n    args:\n      # loud\n      - -v\n    # why\n    replicas: 2\n# end\n",
        );
        assert_eq!(found.top, ["top", "the name"]);
        let places: Vec<(String, Vec<String>)> = found
            .places
            .into_iter()
            .map(|(path, lines)| (path.join("."), lines))
            .collect();
        let row = |path: &str, lines: &[&str]| {
            let lines = lines.iter().map(|line| (*line).to_owned()).collect();
            (path.to_owned(), lines)
        };
        let expected: Vec<(String, Vec<String>)> = vec![
            row("apps", &["Apps", "of ours"]),
            row("apps.web", &["first"]),
            row("apps.web.args", &["loud"]),
            row("apps.web.replicas", &["why", "end"]),
        ];
        assert_eq!(places, expected);
    }

    #[test]
    fn comments_hold_no_secrets() {
        assert_eq!(
            without("DB_PASSWORD=hunter2 as in dev", &[]),
            "DB_PASSWORD=… as in dev"
        );
        let needed = Needed {
            variable: "A".into(),
            known: Some(kubewright_model::value::SecretText::new("hunter2")),
        };
        assert_eq!(without("not hunter2", &[needed]), "not …");
    }
}

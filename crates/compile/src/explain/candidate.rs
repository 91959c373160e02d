//! The keys and items of the inputs, as a tree.

use std::collections::BTreeSet;
use std::ops::Range;

use kubewright_read::dotenv::assignments;
use kubewright_source::{Source, SourceId, Sources, Span};
use kubewright_yaml::{Entry, Limits, Node, Path, Value, read_documents};

use super::Key;

/// A key with its value, an item of a list, or a line of an env file.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// What it is called and where it stands.
    pub(super) key: Key,
    /// The text it stands in.
    pub(super) source: SourceId,
    /// What is blanked to be without it.
    pub(super) cut: Range<usize>,
    /// Its value, where that is a scalar.
    pub(super) scalar: Option<Range<usize>>,
    /// What stands below it.
    pub(super) children: Vec<Candidate>,
}

/// Of all texts, in their order. An env file may have been read more than once.
pub(super) fn of_sources(sources: &Sources) -> Vec<Candidate> {
    let mut masked = BTreeSet::new();
    sources
        .entries()
        .filter(|(_, source)| !source.is_masked() || masked.insert(source.name()))
        .flat_map(|(id, source)| of_source(id, source))
        .collect()
}

fn of_source(id: SourceId, source: &Source) -> Vec<Candidate> {
    if source.is_masked() {
        return variables(id, source);
    }
    let documents = read_documents(source.text(), id, &Limits::default()).unwrap_or_default();
    if documents.iter().any(|node| node.as_mapping().is_none()) {
        return Vec::new();
    }
    let mut walk = Walk {
        id,
        text: source.text(),
        seen: BTreeSet::new(),
    };
    documents
        .iter()
        .flat_map(|node| walk.children(node, &Path::ROOT))
        .collect()
}

/// Assignments of an env file.
fn variables(id: SourceId, source: &Source) -> Vec<Candidate> {
    let text = source.text();
    let found = assignments(text).into_iter();
    found
        .map(|found| Candidate {
            key: Key {
                span: Span::new(id, found.whole.start, found.whole.end),
                path: text[found.name].to_owned(),
            },
            source: id,
            cut: found.whole,
            scalar: found.value,
            children: Vec::new(),
        })
        .collect()
}

struct Walk<'a> {
    id: SourceId,
    text: &'a str,
    /// What an anchor holds is met again at each alias.
    seen: BTreeSet<(usize, usize)>,
}

impl Walk<'_> {
    fn children(&mut self, node: &Node, path: &Path<'_>) -> Vec<Candidate> {
        match &node.value {
            Value::Scalar(_) => Vec::new(),
            Value::Mapping(mapping) => {
                let mut found = Vec::new();
                for entry in mapping {
                    let path = path.key(&entry.key.text);
                    found.extend(self.entry(entry, &path));
                }
                found
            }
            Value::Sequence(items) => {
                let mut found = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    found.extend(self.item(item, &path.index(at)));
                }
                found
            }
        }
    }

    fn entry(&mut self, entry: &Entry, path: &Path<'_>) -> Option<Candidate> {
        let start = entry.key.span.start as usize;
        let after_key = entry.key.span.end as usize;
        let value = range(entry.value.span);
        // The value of an alias stands elsewhere.
        let end = match value.start >= after_key && !self.is_alias(after_key) {
            true => value.end,
            false => after_key + self.text.get(after_key..)?.find('\n').unwrap_or(0),
        };
        let colon = after_key + self.text.get(after_key..)?.find(':')? + 1;
        self.candidate(entry.key.span, start..end.max(colon), &entry.value, path)
    }

    fn item(&mut self, item: &Node, path: &Path<'_>) -> Option<Candidate> {
        let value = range(item.span);
        let before = self.text.get(..value.start)?.trim_end();
        let start = match before.ends_with('-') {
            true => before.len() - 1,
            false => value.start,
        };
        self.candidate(item.span, start..value.end, item, path)
    }

    fn candidate(
        &mut self,
        span: Span,
        cut: Range<usize>,
        value: &Node,
        path: &Path<'_>,
    ) -> Option<Candidate> {
        if span.source != self.id || !self.seen.insert((cut.start, cut.end)) {
            return None;
        }
        Some(Candidate {
            key: Key {
                span,
                path: path.to_string(),
            },
            source: self.id,
            cut: self.with_comma(cut),
            scalar: value.as_scalar().map(|_| range(value.span)),
            children: self.children(value, path),
        })
    }

    fn is_alias(&self, after_key: usize) -> bool {
        let rest = self.text.get(after_key..).unwrap_or_default();
        rest.trim_start_matches(':').trim_start().starts_with('*')
    }

    /// In brackets the comma goes with it.
    fn with_comma(&self, cut: Range<usize>) -> Range<usize> {
        let after = self.text.get(cut.end..).unwrap_or_default();
        let gap = after.len() - after.trim_start().len();
        if after[gap..].starts_with(',') {
            return cut.start..cut.end + gap + 1;
        }
        let before = self.text.get(..cut.start).unwrap_or_default().trim_end();
        if before.ends_with(',') && after[gap..].starts_with([']', '}']) {
            return before.len() - 1..cut.end;
        }
        cut
    }
}

fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// The outermost candidate that begins at a line, else the innermost around it.
pub(super) fn at_line<'a>(
    candidates: &'a [Candidate],
    sources: &Sources,
    source: SourceId,
    line: usize,
) -> Option<&'a Candidate> {
    let text = sources.get(source)?;
    let mut around = None;
    let mut level: Vec<&Candidate> = candidates.iter().collect();
    while !level.is_empty() {
        let mut next = Vec::new();
        for candidate in level.into_iter().filter(|one| one.source == source) {
            let first = text.place(candidate.key.span.start).line;
            let last = text.place(u32::try_from(candidate.cut.end).ok()?).line;
            if first == line {
                return Some(candidate);
            }
            if (first..=last).contains(&line) {
                around = Some(candidate);
            }
            next.extend(&candidate.children);
        }
        level = next;
    }
    around
}

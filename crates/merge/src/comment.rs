//! Comments, and that none of the user's is lost.

use std::collections::BTreeSet;
use std::ops::Range;

use kubewright_yaml::{Node, Value};

/// The comments of a text, by where they begin.
#[derive(Debug)]
pub(crate) struct Comments<'t>(Vec<(usize, &'t str)>);

impl<'t> Comments<'t> {
    /// Those of a text that holds these documents.
    pub(crate) fn of(text: &'t str, documents: &[Node]) -> Self {
        let mut scalars = Vec::new();
        documents.iter().for_each(|node| gather(node, &mut scalars));
        scalars.sort_unstable_by_key(|range| range.start);
        let mut found = Vec::new();
        let mut scalars = scalars.into_iter().peekable();
        let mut behind = 0;
        for (at, _) in text.match_indices('#') {
            while let Some(scalar) = scalars.next_if(|scalar| scalar.start <= at) {
                behind = behind.max(scalar.end);
            }
            let before = text[..at].chars().next_back();
            if at < behind || before.is_some_and(|before| !before.is_whitespace()) {
                continue;
            }
            let comment = text[at..].lines().next().unwrap_or_default();
            behind = at + comment.len();
            found.push((at, comment.trim_end()));
        }
        Self(found)
    }

    /// Whether a comment that `known` does not have stands in a part of the text.
    pub(crate) fn has_other(&self, part: Range<usize>, known: &BTreeSet<&str>) -> bool {
        let from = self.0.partition_point(|(at, _)| *at < part.start);
        self.0[from..]
            .iter()
            .take_while(|(at, _)| *at < part.end)
            .any(|(_, comment)| !known.contains(comment))
    }

    pub(crate) fn texts(&self) -> BTreeSet<&'t str> {
        self.0.iter().map(|(_, comment)| *comment).collect()
    }

    /// How many comments stand at the top of the text, each on a line of its own.
    pub(crate) fn header<'a>(&self, text: &'a str) -> &'a str {
        let mut end = 0;
        for line in text.split_inclusive('\n') {
            if !line.starts_with('#') {
                break;
            }
            end += line.len();
        }
        &text[..end]
    }
}

fn gather(node: &Node, scalars: &mut Vec<Range<usize>>) {
    match &node.value {
        Value::Scalar(_) => scalars.push(node.span.start as usize..node.span.end as usize),
        Value::Sequence(items) => items.iter().for_each(|item| gather(item, scalars)),
        Value::Mapping(entries) => {
            for entry in entries {
                let key = entry.key.span;
                scalars.push(key.start as usize..key.end as usize);
                gather(&entry.value, scalars);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::documents;

    #[test]
    fn what_is_a_comment() {
        let text = "# top\na: b # one\nc: 'x # no'\nd: |\n  # no\n  text\n# two\ne: f#no\n";
        let comments = Comments::of(text, &documents(text).unwrap());
        let found: Vec<&str> = comments.0.iter().map(|(_, text)| *text).collect();
        assert_eq!(found, ["# top", "# one", "# two"]);
        assert_eq!(comments.header(text), "# top\n");
    }
}

//! How the file is laid out: comments near what they are about, and empty lines.

use std::collections::BTreeMap;

use kubewright_yaml::{Entry, Layout, LayoutEntry, Mapping, Node};

use super::secret::Needed;
use crate::apps::table::ENTRY_SECTIONS;

/// How many characters a line of a comment has at most, with its indentation.
const WIDTH: usize = 98;

/// Something that was said of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The entry that it is about; none: the project.
    pub entry: Option<String>,
    /// What was said, in one sentence.
    pub text: String,
}

/// The layout of one file.
pub(super) struct Comments {
    /// What stands above all.
    top: Vec<String>,
    /// By section and name.
    entries: BTreeMap<(String, String), Place>,
}

/// What stands above an entry.
#[derive(Default)]
struct Place {
    comment: Vec<String>,
    apart: bool,
    open: bool,
}

impl Comments {
    /// Finds out what stands where; remarks about entries that are not there stand
    /// at the top.
    pub(super) fn of(root: &Node, head: &[String], needed: &[Needed], remarks: &[Remark]) -> Self {
        let mut top = Vec::new();
        let mut sentences: Vec<String> = head.to_vec();
        if !needed.is_empty() {
            let said = "Values that are not in this file; put them into `.env` beside it:";
            sentences.push(said.to_owned());
            let names = needed.iter().map(|needed| &needed.variable);
            sentences.extend(names.map(|variable| format!("  {variable}=")));
        }
        let mut entries = places(root);
        for remark in remarks {
            let is_here = |((_, name), _): &(&(String, String), &mut Place)| {
                remark.entry.as_ref() == Some(name)
            };
            match entries.iter_mut().find(is_here) {
                Some((_, place)) => wrap(&mut place.comment, &remark.text),
                None => sentences.push(remark.text.clone()),
            }
        }
        for sentence in &sentences {
            wrap(&mut top, sentence);
        }
        set_apart(root, &mut entries);
        Self { top, entries }
    }

    /// The first lines of the file.
    pub(super) fn top(&self) -> String {
        let lines = self.top.iter().map(|line| format!("# {line}\n"));
        lines.collect()
    }
}

impl Layout for Comments {
    fn of(&self, path: &[&str]) -> LayoutEntry<'_> {
        match path {
            [key] => LayoutEntry {
                apart: !matches!(*key, "name" | "description"),
                open: *key == "environments" || is_section(key),
                ..LayoutEntry::default()
            },
            [section, name] if is_section(section) => {
                let place = self
                    .entries
                    .get(&((*section).to_owned(), (*name).to_owned()));
                place.map_or_else(LayoutEntry::default, |place| LayoutEntry {
                    apart: place.apart,
                    comment: &place.comment,
                    open: place.open,
                })
            }
            _ => LayoutEntry::default(),
        }
    }
}

fn is_section(key: &str) -> bool {
    ENTRY_SECTIONS.iter().any(|section| section.key == key)
}

/// All entries, as they stand in their sections.
fn members(root: &Node) -> impl Iterator<Item = (&'static str, &Mapping)> {
    ENTRY_SECTIONS.iter().filter_map(|section| {
        let members = root.get(section.key)?.as_mapping()?;
        Some((section.key, members))
    })
}

fn places(root: &Node) -> BTreeMap<(String, String), Place> {
    let of_section = |(section, members): (&'static str, &Mapping)| {
        let place = |Entry { key, value }: &Entry| {
            let place = Place {
                open: value.as_mapping().is_some(),
                ..Place::default()
            };
            ((section.to_owned(), key.text.to_string()), place)
        };
        members.iter().map(place).collect::<Vec<_>>()
    };
    members(root).flat_map(of_section).collect()
}

/// An entry of several lines stands apart from its neighbours.
fn set_apart(root: &Node, places: &mut BTreeMap<(String, String), Place>) {
    for (section, members) in members(root) {
        let mut above = None;
        for entry in members {
            let key = (section.to_owned(), entry.key.text.to_string());
            let Some(place) = places.get_mut(&key) else {
                continue;
            };
            let is_large = place.open || !place.comment.is_empty();
            place.apart = above.is_some_and(|above| above || is_large);
            above = Some(is_large);
        }
    }
}

/// A sentence as lines, broken between words.
fn wrap(lines: &mut Vec<String>, sentence: &str) {
    let blanks = sentence.len() - sentence.trim_start().len();
    let mut line = " ".repeat(blanks);
    let mut is_empty = true;
    for word in sentence.split_whitespace() {
        let is_full = line.chars().count() + 1 + word.chars().count() > WIDTH - 4;
        if is_full && !is_empty {
            lines.push(std::mem::replace(&mut line, "  ".to_owned()));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_broken_between_words() {
        let mut lines = Vec::new();
        let word = "x".repeat(40);
        wrap(&mut lines, &format!("{word} {word} {word}"));
        wrap(&mut lines, "  A=");
        wrap(&mut lines, &"y".repeat(200));
        let expected = vec![
            format!("{word} {word}"),
            format!("  {word}"),
            "  A=".to_owned(),
            "y".repeat(200),
        ];
        assert_eq!(lines, expected);
    }
}

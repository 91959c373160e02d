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
    /// By the keys from the top.
    places: BTreeMap<Vec<String>, Place>,
}

/// How one entry of a mapping is laid out.
#[derive(Default)]
struct Place {
    comment: Vec<String>,
    apart: bool,
    open: bool,
}

/// Comments that stood in a file: at its top, and by the keys from the top.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) top: Vec<String>,
    pub(super) places: BTreeMap<Vec<String>, Vec<String>>,
}

impl Comments {
    /// Finds out what stands where; remarks about entries that are not there stand
    /// at the top.
    pub(super) fn of(
        root: &Node,
        head: &[String],
        needed: &[Needed],
        remarks: &[Remark],
        kept: Kept,
    ) -> Self {
        let mut top = Vec::new();
        let mut sentences: Vec<String> = head.to_vec();
        if !needed.is_empty() {
            let said = "Values that are not in this file; put them into `.env` beside it:";
            sentences.push(said.to_owned());
            let names = needed.iter().map(|needed| &needed.variable);
            sentences.extend(names.map(|variable| format!("  {variable}=")));
        }
        let mut places = entries(root);
        for (path, lines) in kept.places {
            for length in 1..path.len() {
                places.entry(path[..length].to_vec()).or_default().open = true;
            }
            places.entry(path).or_default().comment = lines;
        }
        for remark in remarks {
            let is_here = |path: &[String]| {
                matches!(path, [section, name]
                    if is_section(section) && remark.entry.as_ref() == Some(name))
            };
            match places.iter_mut().find(|(path, _)| is_here(path)) {
                Some((_, place)) => wrap(&mut place.comment, &remark.text),
                None => sentences.push(remark.text.clone()),
            }
        }
        for sentence in &sentences {
            wrap(&mut top, sentence);
        }
        if !kept.top.is_empty() {
            top.push(String::new());
            top.extend(kept.top);
        }
        set_apart(root, &mut places);
        Self { top, places }
    }

    /// The first lines of the file.
    pub(super) fn top(&self) -> String {
        let line = |line: &String| format!("# {line}").trim_end().to_owned() + "\n";
        self.top.iter().map(line).collect()
    }
}

impl Layout for Comments {
    fn of(&self, path: &[&str]) -> LayoutEntry<'_> {
        // Paths are few, and as long as the comments that are kept.
        let owned: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        let place = self.places.get(&owned);
        let mut entry = place.map_or_else(LayoutEntry::default, |place| LayoutEntry {
            apart: place.apart,
            comment: &place.comment,
            open: place.open,
        });
        if let [key] = path {
            entry.apart = !matches!(*key, "name" | "description");
            entry.open |= *key == "environments" || is_section(key);
        }
        entry
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

fn entries(root: &Node) -> BTreeMap<Vec<String>, Place> {
    let of_section = |(section, members): (&'static str, &Mapping)| {
        let place = |Entry { key, value }: &Entry| {
            let place = Place {
                open: value.as_mapping().is_some(),
                ..Place::default()
            };
            (vec![section.to_owned(), key.text.to_string()], place)
        };
        members.iter().map(place).collect::<Vec<_>>()
    };
    members(root).flat_map(of_section).collect()
}

/// An entry of several lines stands apart from its neighbours.
fn set_apart(root: &Node, places: &mut BTreeMap<Vec<String>, Place>) {
    for (section, members) in members(root) {
        let mut above = None;
        for entry in members {
            let key = [section.to_owned(), entry.key.text.to_string()];
            let Some(place) = places.get_mut(key.as_slice()) else {
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

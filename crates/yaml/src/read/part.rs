//! A large text, read in parts at the same time.
//!
//! Most of a large text is one mapping below the top: services, apps. It is cut
//! where one of its entries begins; the parts between the first cut and the last are
//! read on all cores, and then the rest of the text as if they were not there, with
//! their entries put in where they belong.
//!
//! That what comes of it is what the whole text says needs no trust in the cuts. Each
//! part is read up to the key that the next begins with, and counts only where the
//! parser tells this key as one of the same mapping: in the very state in which the
//! next part starts. Where anything is not as expected, or wrong, or has an anchor
//! that others may name, nothing is made of it, and the text is read from front to
//! back, which also says what is wrong.

use std::ops::Range;

use kubewright_source::SourceId;
use rayon::prelude::*;
use saphyr_parser::{Event, Parser, Span};

use super::builder::{Builder, Entries};
use super::place::Places;
use super::{Expected, Limits};
use crate::tree::Node;

/// Shorter texts are read before other threads have woken up.
const LARGE: usize = 256 << 10;
/// So many parts for each thread, so that none waits long for the last.
const PER_THREAD: usize = 4;
/// The parser has limits of its own from a depth on.
const SHALLOW: usize = 200;

/// The documents of a text, read in parts; `None` where it is not large, or had
/// better be read from front to back.
pub(super) fn read(
    text: &str,
    source: SourceId,
    limits: &Limits,
    expected: Expected,
) -> Option<Vec<Node>> {
    let threads = match text.len() < LARGE {
        true => 1,
        false => rayon::current_num_threads(),
    };
    if threads == 1 {
        return None;
    }
    read_in(threads * PER_THREAD, text, source, limits, expected)
}

/// The same, in about `count` parts.
fn read_in(
    count: usize,
    text: &str,
    source: SourceId,
    limits: &Limits,
    expected: Expected,
) -> Option<Vec<Node>> {
    let cuts = cuts(text, count).filter(|_| limits.max_depth <= SHALLOW)?;
    let parts: Option<Vec<Entries>> = cuts
        .par_windows(2)
        .map(|ends| part(text, &ends[0], &ends[1], source, limits))
        .collect();
    rest(text, &cuts, parts?, source, limits, expected)
}

/// Where an entry begins: its line, and its key.
#[derive(Clone, Debug)]
struct Cut {
    line: usize,
    key: Range<usize>,
}

impl Cut {
    /// Whether a scalar is the key there, and not one that is empty, before it.
    fn is_told(&self, name: &str, span: Span, places: &Places<'_>) -> bool {
        places.byte(span.start) == self.key.start && places.text.get(self.key.clone()) == Some(name)
    }
}

/// The entries from one cut to the next.
fn part(text: &str, from: &Cut, next: &Cut, source: SourceId, limits: &Limits) -> Option<Entries> {
    let places = Places::of_part(text, source, from.line..next.key.end + 1);
    let within = Limits {
        max_depth: limits.max_depth.checked_sub(1)?,
        ..*limits
    };
    let mut builder = Builder::new(&places, within);
    for event in Parser::new_from_str(places.part()) {
        let (event, span) = event.ok()?;
        match event {
            Event::Nothing | Event::StreamStart => {}
            Event::DocumentStart(_) => builder.start_document(),
            Event::Scalar(name, ..) if next.is_told(&name, span, &places) => {
                return builder.awaits_entry(1).then(|| builder.entries())?;
            }
            Event::DocumentEnd | Event::StreamEnd => return None,
            Event::Alias(_)
            | Event::Scalar(..)
            | Event::SequenceStart(..)
            | Event::SequenceEnd
            | Event::MappingStart(..)
            | Event::MappingEnd => builder.take(event, span).ok()?,
        }
    }
    None
}

/// The documents of a text, with what was read of the parts between the cuts.
fn rest(
    text: &str,
    cuts: &[Cut],
    parts: Vec<Entries>,
    source: SourceId,
    limits: &Limits,
    expected: Expected,
) -> Option<Vec<Node>> {
    let (first, last) = (cuts.first()?, cuts.last()?);
    let text = [&text[..first.line], &text[last.line..]].concat();
    // What the last cut begins with stands where the first was.
    let here = Cut {
        line: first.line,
        key: first.key.start..first.key.start + last.key.len(),
    };
    let places = Places::without(&text, source, first.line..last.line);
    let mut builder = Builder::new(&places, *limits);
    let mut parts = Some(parts);
    let mut documents = Vec::new();
    for event in Parser::new_from_str(&text) {
        let (event, span) = event.ok()?;
        match event {
            Event::DocumentStart(_) => builder.start_document(),
            Event::DocumentEnd => documents.extend(builder.end_document()),
            Event::StreamEnd => break,
            Event::Nothing | Event::StreamStart => {}
            Event::Alias(_)
            | Event::Scalar(..)
            | Event::SequenceStart(..)
            | Event::SequenceEnd
            | Event::MappingStart(..)
            | Event::MappingEnd => {
                if let Event::Scalar(name, ..) = &event
                    && here.is_told(name, span, &places)
                    && let Some(parts) = parts.take()
                {
                    let fits = builder.awaits_entry(2) && builder.behind() <= first.line;
                    let mut parts = parts.into_iter();
                    if !fits || !parts.all(|part| builder.add(part)) {
                        return None;
                    }
                }
                builder.take(event, span).ok()?;
            }
        }
    }
    let is_one = expected == Expected::Any || documents.len() <= 1;
    (parts.is_none() && is_one).then_some(documents)
}

/// Where to cut a text into about so many parts, and what is left before and behind
/// them.
fn cuts(text: &str, count: usize) -> Option<Vec<Cut>> {
    let section = largest_section(text);
    let indentation = indentation(&text[section.clone()])?;
    let next = |from: usize| next_entry(text, from..section.end, indentation);
    // The first entry says what the mapping is, and stays where it is.
    let first = next(next(section.start)?.key.end)?;
    let length = section.end - first.line;
    let mut cuts = vec![first];
    // The last part is small: it is read when all others are.
    let at = |number: usize| section.start + length / count * number;
    let wanted = (1..count).map(at).chain([section.end - length / 64]);
    for wanted in wanted {
        let behind = cuts.last().map_or(0, |cut| cut.key.end);
        cuts.extend(next(wanted.max(behind)));
    }
    (cuts.len() > 2).then_some(cuts)
}

/// The lines below the key at the very front of a line that has the most of them.
fn largest_section(text: &str) -> Range<usize> {
    let mut largest = 0..0;
    let mut open = None;
    for line in lines(text, 0..text.len()) {
        let written = text[line.clone()].trim_start_matches('\u{feff}');
        if written.starts_with([' ', '\r', '\n', '#']) {
            continue;
        }
        if let Some(start) = open.take() {
            largest = longer(largest, start..line.start);
        }
        let is_key = key(written).is_some_and(|length| is_blank(&written[length + 1..]));
        open = is_key.then_some(line.end);
    }
    match open {
        Some(start) => longer(largest, start..text.len()),
        None => largest,
    }
}

fn longer(one: Range<usize>, other: Range<usize>) -> Range<usize> {
    if other.len() > one.len() { other } else { one }
}

/// How far in the first thing of a section stands; `None` where there is none.
fn indentation(section: &str) -> Option<usize> {
    let mut lines = lines(section, 0..section.len()).map(|line| &section[line]);
    let first = lines.find(|line| !is_blank(line))?;
    Some(first.len() - first.trim_start_matches(' ').len()).filter(|spaces| *spaces > 0)
}

/// The first line that begins at or behind the start of a range and has a simple key,
/// just so far in.
fn next_entry(text: &str, range: Range<usize>, indentation: usize) -> Option<Cut> {
    let before = range.start.saturating_sub(1);
    let starts = text.as_bytes()[before..range.end].iter();
    let from = before + starts.copied().position(|byte| byte == b'\n')? + 1;
    lines(text, from..range.end).find_map(|line| {
        let written = &text[line.clone()];
        let (spaces, written) = written.split_at_checked(indentation)?;
        let length = key(written).filter(|_| spaces.bytes().all(|byte| byte == b' '))?;
        let start = line.start + indentation;
        Some(Cut {
            line: line.start,
            key: start..start + length,
        })
    })
}

/// The lines in a range, each with its break.
fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut at = range.start;
    text[range].split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        start..at
    })
}

/// The length of the simple key that a line begins with: a word, and a colon with a
/// blank behind it.
fn key(line: &str) -> Option<usize> {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let bytes = line.as_bytes();
    let length = bytes.iter().take_while(|byte| is_letter(byte)).count();
    let is_word = bytes.first()?.is_ascii_alphanumeric();
    let is_key = matches!(bytes.get(length..), Some([b':', b' ' | b'\r' | b'\n', ..]));
    (is_word && is_key).then_some(length)
}

/// Whether nothing stands there but a comment.
fn is_blank(line: &str) -> bool {
    let line = line.trim_start_matches(' ');
    line.starts_with('#') || line.trim_end_matches(['\r', '\n']).is_empty()
}

#[cfg(test)]
mod tests;

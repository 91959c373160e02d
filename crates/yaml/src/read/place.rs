//! The parser counts characters, spans count bytes.

use std::cell::Cell;
use std::ops::Range;

use kubewright_source::{SourceId, Span};
use saphyr_parser::Marker;

/// One checkpoint stands at every so many characters.
const STRIDE: usize = 64;

/// Turns the parser's places into ours.
pub(super) struct Places<'t> {
    pub(super) text: &'t str,
    source: SourceId,
    /// What the parser reads of the text.
    part: Range<usize>,
    /// What was left out of the source where `text` has its start.
    left_out: Range<usize>,
    /// The byte at which every [`STRIDE`]th character starts; empty for ASCII,
    /// where bytes are characters.
    checkpoints: Vec<u32>,
    /// The character that was asked for last, and its byte: the next is near.
    last: Cell<(usize, usize)>,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str, source: SourceId) -> Self {
        Self::of_part(text, source, 0..text.len())
    }

    /// The same where the parser reads only a part of the text.
    pub(super) fn of_part(text: &'t str, source: SourceId, part: Range<usize>) -> Self {
        let read = text.get(part.clone()).unwrap_or_default();
        let checkpoints = if read.is_ascii() {
            Vec::new()
        } else {
            let starts = read.char_indices().step_by(STRIDE);
            starts
                .map(|(at, _)| u32::try_from(part.start + at).unwrap_or(u32::MAX))
                .collect()
        };
        Self {
            text,
            source,
            last: Cell::new((0, part.start)),
            part,
            left_out: usize::MAX..usize::MAX,
            checkpoints,
        }
    }

    /// The same for a source without the lines of a range. What begins where they
    /// are left out must have blanks before it.
    pub(super) fn without(text: &'t str, source: SourceId, left_out: Range<usize>) -> Self {
        Self {
            left_out,
            ..Self::new(text, source)
        }
    }

    /// What the parser reads.
    pub(super) fn part(&self) -> &'t str {
        self.text.get(self.part.clone()).unwrap_or_default()
    }

    /// The byte of a place; the end of the text for places beyond it.
    pub(super) fn byte(&self, marker: Marker) -> usize {
        let index = marker.index();
        if self.checkpoints.is_empty() {
            return (self.part.start + index).min(self.text.len());
        }
        let (character, byte) = self.last.get();
        let (steps, from) = match index.checked_sub(character) {
            Some(steps) if steps < STRIDE => (steps, byte),
            Some(_) | None => match self.checkpoints.get(index / STRIDE) {
                Some(near) => (index % STRIDE, *near as usize),
                None => return self.text.len(),
            },
        };
        let rest = self.text.get(from..).unwrap_or_default();
        let mut following = rest.char_indices().map(|(at, _)| from + at);
        let found = following.nth(steps).unwrap_or(self.text.len());
        self.last.set((index, found));
        found
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, self.in_source(start), self.in_source(end))
    }

    fn in_source(&self, at: usize) -> usize {
        match at > self.left_out.start {
            true => at + self.left_out.len(),
            false => at,
        }
    }

    /// The byte of the text behind what stands at a span.
    pub(super) fn behind(&self, span: Span) -> usize {
        let end = span.end as usize;
        match end > self.left_out.start {
            true => end - self.left_out.len(),
            false => end,
        }
    }

    /// The character at a byte, or the empty end of the text.
    pub(super) fn character(&self, at: usize) -> Span {
        let length = self
            .text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        self.span(at, at + length)
    }

    /// The first line of what stands at a span.
    pub(super) fn written(&self, span: Span) -> &'t str {
        let range = span.start as usize..span.end as usize;
        let text = self.text.get(range).unwrap_or_default();
        text.lines().next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_become_bytes() {
        let text = "ä€😀x".repeat(100);
        let places = Places::new(&text, SourceId::NONE);
        let ends = [(399, text.len() - 1), (0, 0), (70, 70 / 4 * 10 + 5), (3, 9)];
        for (index, byte) in ends {
            assert_eq!(places.byte(Marker::new(index, 1, 0)), byte);
        }
        for (index, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(places.byte(Marker::new(index, 1, 0)), byte);
        }
        let beyond = Marker::new(100_000, 1, 0);
        assert_eq!(places.byte(beyond), text.len());
        assert_eq!(Places::new("abc", SourceId::NONE).byte(beyond), 3);
    }
}

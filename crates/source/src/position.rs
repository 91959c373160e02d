//! Texts and places in them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::secret::SecretValues;

/// Names one text of a [`Sources`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

impl SourceId {
    /// The id that stands for "no text": what kubewright itself decided.
    pub const NONE: Self = Self(u32::MAX);
}

/// A place in a text: a half-open range of bytes.
///
/// Spans are small and `Copy`; every value that came from an input carries one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text that holds the place.
    pub source: SourceId,
    /// First byte, counted from 0.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

impl Span {
    /// The place of values that stand in no input.
    pub const NONE: Self = Self {
        source: SourceId::NONE,
        start: 0,
        end: 0,
    };

    /// The bytes `start..end` of `source`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            source,
            start: clamp(start),
            end: clamp(end.max(start)),
        }
    }

    /// True where the value stands in no input.
    pub fn is_none(self) -> bool {
        self.source == SourceId::NONE
    }

    /// The smallest span that covers both; `self` where they lie in different texts.
    pub fn to(self, other: Self) -> Self {
        if self.source != other.source {
            return self;
        }
        Self {
            source: self.source,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The bytes `start..end` counted from this span's own start, as parts of a
    /// plain scalar are found. Stays within the span.
    pub fn part(self, start: usize, end: usize) -> Self {
        let at = |offset: usize| {
            let offset = u32::try_from(offset).unwrap_or(u32::MAX);
            self.start.saturating_add(offset).min(self.end)
        };
        Self {
            source: self.source,
            start: at(start),
            end: at(end.max(start)),
        }
    }
}

/// A value and the place in an input where it was written.
///
/// Equality looks at the value alone: two inputs that say the same are equal,
/// wherever they say it.
#[derive(Clone, Copy)]
pub struct Located<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Located<T> {
    /// A value written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// A value that stands in no input.
    pub fn nowhere(value: T) -> Self {
        Self::new(value, Span::NONE)
    }

    /// The same place, another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Located<U> {
        Located::new(change(self.value), self.span)
    }

    /// Borrows the value, keeping its place.
    pub fn as_ref(&self) -> Located<&T> {
        Located::new(&self.value, self.span)
    }
}

impl<T: PartialEq> PartialEq for Located<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Located<T> {}

impl<T: fmt::Debug> fmt::Debug for Located<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T> std::ops::Deref for Located<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A place as people say it: both numbers start at 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One text that was read.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: Box<str>,
    line_starts: Vec<u32>,
    /// How many bytes before each block of [`BLOCK`] begin no character; empty where
    /// all of the text is ASCII. A line may be the whole text, and every place in it
    /// is asked for.
    continued: Vec<u32>,
    is_masked: bool,
    concealed: Vec<(u32, u32)>,
}

/// Bytes of the blocks in which a text's characters are counted.
const BLOCK: usize = 1024;

/// How many of some bytes begin no character.
fn continuations(bytes: &[u8]) -> usize {
    let continues = |byte: &&u8| **byte & 0b1100_0000 == 0b1000_0000;
    bytes.iter().filter(continues).count()
}

/// The sums of [`continuations`] before each block.
fn sums(text: &str) -> Vec<u32> {
    if text.is_ascii() {
        return Vec::new();
    }
    let blocks = text.as_bytes().chunks(BLOCK);
    let sums = blocks.scan(0_usize, |sum, block| {
        let before = *sum;
        *sum += continuations(block);
        Some(u32::try_from(before).unwrap_or(u32::MAX))
    });
    sums.collect()
}

impl Source {
    fn new(name: String, text: Box<str>) -> Self {
        let starts =
            memchr::memchr_iter(b'\n', text.as_bytes()).filter_map(|at| u32::try_from(at + 1).ok());
        let line_starts = std::iter::once(0).chain(starts).collect();
        Self {
            continued: sums(&text),
            name,
            text,
            line_starts,
            is_masked: false,
            concealed: Vec::new(),
        }
    }

    /// The name people know it by: a path relative to the working folder, or
    /// `<stdin>`, `--set`, `environment`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether stars stand in the text where the file has values.
    pub fn is_masked(&self) -> bool {
        self.is_masked
    }

    /// A part of the text as people may see it: secrets are stars, as many as
    /// they have bytes. `None` where the bytes are no whole characters.
    pub fn shown(&self, part: std::ops::Range<usize>) -> Option<Cow<'_, str>> {
        let text = self.text.get(part.clone())?;
        let mut starred: Option<Vec<u8>> = None;
        for (start, end) in &self.concealed {
            let start = (*start as usize).clamp(part.start, part.end) - part.start;
            let end = (*end as usize).clamp(part.start, part.end) - part.start;
            if start < end && text.is_char_boundary(start) && text.is_char_boundary(end) {
                let shown = starred.get_or_insert_with(|| text.as_bytes().to_vec());
                let hidden = shown[start..end].iter_mut();
                hidden
                    .filter(|byte| **byte != b'\n')
                    .for_each(|byte| *byte = b'*');
            }
        }
        match starred {
            None => Some(Cow::Borrowed(text)),
            // Only whole characters were replaced.
            Some(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
        }
    }

    /// The bytes of the lines `first..=last`, counted from 1, without the last
    /// line break.
    pub fn lines(&self, first: usize, last: usize) -> std::ops::Range<usize> {
        let start_of = |line: usize| self.line_starts.get(line - 1).map(|start| *start as usize);
        let start = start_of(first.max(1)).unwrap_or(self.text.len());
        let end = start_of(last.max(first) + 1).map_or(self.text.len(), |next| next - 1);
        start..end.max(start)
    }

    /// Line and column of a byte; the end of the text for offsets beyond it.
    pub fn place(&self, offset: u32) -> Place {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line.saturating_sub(1)] as usize;
        let mut end = (offset as usize).clamp(start, self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        Place {
            line,
            column: end - start - (self.continued_before(end) - self.continued_before(start)) + 1,
        }
    }

    /// How many bytes before this one begin no character.
    fn continued_before(&self, byte: usize) -> usize {
        let block = byte / BLOCK;
        let rest = |block: usize| continuations(&self.text.as_bytes()[block * BLOCK..byte]);
        match self.continued.get(block) {
            Some(sum) => *sum as usize + rest(block),
            // The end of a text that ends with a block.
            None if block > 0 => match self.continued.get(block - 1) {
                Some(sum) => *sum as usize + rest(block - 1),
                None => 0,
            },
            None => 0,
        }
    }
}

/// Every text of a run, in the order in which they were read.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    texts: Vec<Source>,
    by_name: BTreeMap<String, SourceId>,
    secrets: SecretValues,
}

impl Sources {
    /// Takes a text in and names it. A text that is read again, for another
    /// environment, keeps its id, so that what is said of it is said once.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Box<str>>) -> SourceId {
        let (name, text) = (name.into(), text.into());
        let before = self.by_name.get(&name).copied();
        if let Some(id) = before
            && self
                .get(id)
                .is_some_and(|known| !known.is_masked && *known.text == *text)
        {
            return id;
        }
        self.by_name.insert(name.clone(), self.next_id());
        self.take(Source::new(name, text))
    }

    fn take(&mut self, source: Source) -> SourceId {
        let id = self.next_id();
        self.texts.push(source);
        id
    }

    /// Takes a text in whose values were replaced by stars, byte for byte.
    pub fn add_masked(&mut self, name: impl Into<String>, text: impl Into<Box<str>>) -> SourceId {
        let mut source = Source::new(name.into(), text.into());
        source.is_masked = true;
        self.take(source)
    }

    /// The id that the next text gets.
    pub fn next_id(&self) -> SourceId {
        SourceId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX))
    }

    /// The text of an id; `None` for [`SourceId::NONE`].
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.texts.get(id.0 as usize)
    }

    /// All texts with their ids, in the order in which they were read.
    pub fn entries(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(&self.texts)
    }

    /// Keeps what stands at a place out of everything that people see.
    pub fn conceal(&mut self, span: Span) {
        if let Some(source) = self.texts.get_mut(span.source.0 as usize) {
            source.concealed.push((span.start, span.end));
        }
    }

    /// Keeps a value out of all diagnostics: a variable that is secret brought it
    /// into what stands at `place`.
    pub fn hold_secret(&mut self, place: Span, value: &str) {
        self.secrets.add(place, value);
    }

    /// Keeps a value out of all diagnostics that the input itself says at `place`.
    pub fn hold_written(&mut self, place: Span, value: &str) {
        self.secrets.add_written(place, value);
    }

    /// The values that are kept out of diagnostics.
    pub fn secrets(&self) -> &SecretValues {
        &self.secrets
    }

    /// A diagnostic as people may see it: without secret values, and readable. For
    /// texts that are made of diagnostics; reports and pictures are without them.
    pub fn masked<'d>(&self, diagnostic: &'d Diagnostic) -> Cow<'d, Diagnostic> {
        let is_written = |word: &str| self.texts.iter().any(|source| source.text.contains(word));
        crate::shorten::shortened(self.secrets.masked(diagnostic, &is_written))
    }

    /// Values that the texts show anyway are hidden only at the places that they
    /// were put into. To be called once all texts are read and their own secrets
    /// concealed.
    pub fn excuse_plain_words(&mut self) {
        let Self { texts, secrets, .. } = self;
        if secrets.is_empty() {
            return;
        }
        let shown: Vec<_> = texts
            .iter()
            .filter_map(|source| source.shown(0..source.text().len()))
            .collect();
        secrets.excuse(&shown);
    }

    /// All texts, in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.texts.iter()
    }

    /// The written text of a span, where it has one.
    pub fn text(&self, span: Span) -> Option<&str> {
        self.get(span.source)?
            .text()
            .get(span.start as usize..span.end as usize)
    }

    /// Where a span begins and ends; `None` for values that stand in no input.
    pub fn places(&self, span: Span) -> Option<(Place, Place)> {
        let source = self.get(span.source)?;
        Some((source.place(span.start), source.place(span.end)))
    }

    /// `file:line:column`, or the empty string for values that stand in no input.
    pub fn describe(&self, span: Span) -> String {
        let Some(source) = self.get(span.source) else {
            return String::new();
        };
        let place = source.place(span.start);
        format!("{}:{}:{}", source.name(), place.line, place.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "a: ü\nbé: c\n");
        let text = sources.get(id).unwrap();
        let c = text.text().find("c\n").unwrap();
        assert_eq!(text.place(0), Place { line: 1, column: 1 });
        assert_eq!(
            text.place(u32::try_from(c).unwrap()),
            Place { line: 2, column: 5 }
        );
        assert_eq!(sources.describe(Span::new(id, c, c + 1)), "a.yaml:2:5");
    }

    #[test]
    fn columns_of_long_lines_are_counted_in_characters() {
        let plain = "a".repeat(BLOCK * 2);
        let mixed = "aü\u{2028}😀".repeat(BLOCK / 3);
        let lines = format!("{mixed}\n{plain}\n{mixed}");
        let whole = "ü".repeat(BLOCK);
        for text in [&plain, &mixed, &lines, &whole] {
            let mut sources = Sources::default();
            let id = sources.add("a", text.as_str());
            let source = sources.get(id).unwrap();
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            for at in ends.step_by(7).chain([text.len()]) {
                let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
                let place = source.place(u32::try_from(at).unwrap());
                assert_eq!(place.column, text[start..at].chars().count() + 1, "{at}");
            }
        }
    }

    #[test]
    fn places_beyond_the_end_are_the_end() {
        let mut sources = Sources::default();
        let id = sources.add("a", "ab");
        let text = sources.get(id).unwrap();
        assert_eq!(text.place(99), Place { line: 1, column: 3 });
    }

    #[test]
    fn a_part_stays_within_its_span() {
        let mut sources = Sources::default();
        let id = sources.add("a", "8080:80");
        let span = Span::new(id, 0, 7);
        assert_eq!(sources.text(span.part(5, 7)), Some("80"));
        assert_eq!(sources.text(span.part(5, 70)), Some("80"));
    }
}

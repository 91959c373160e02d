//! Secret values that variables brought, kept out of all that is said.
//!
//! A value is known by its text and by the places that it was put into. What is
//! said of such a place shows no part of it; elsewhere the value itself is hidden,
//! unless it is a plain word of the input (`postgres`), where stars would hide
//! nothing and disturb much.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::position::{SourceId, Span};

/// What stands in the place of a secret.
const HIDDEN: &str = "***";

/// The shortest value that is hidden wherever it stands.
const SHORTEST: usize = 4;

/// The fewest letters of a value that is recognised in names made of it.
const SHORTEST_NAME: usize = 8;

/// The same for plain words that the input says in the clear.
const SHORTEST_PLAIN: usize = 8;

/// Secret values, and the places that they were put into.
#[derive(Clone, Default)]
pub struct SecretValues {
    /// What variables brought.
    brought: Held,
    /// What the input says in the clear itself.
    written: Held,
    /// Finds all of both.
    finder: OnceLock<Finder>,
    /// Finds the letters of values in the letters of a text.
    names: OnceLock<Finder>,
}

impl SecretValues {
    /// Notes that a secret value was put into what stands at `place`.
    pub fn add(&mut self, place: Span, value: &str) {
        if self.brought.add(place, value, SHORTEST) {
            self.finder = OnceLock::new();
            self.names = OnceLock::new();
        }
    }

    /// Notes that the input itself says a secret at `place`. It is kept out of
    /// messages, and is none of those that [`SecretValues::at`] and
    /// [`SecretValues::shown_in`] know.
    ///
    /// Of a short plain word nothing is hidden elsewhere: our own words hold it.
    pub fn add_written(&mut self, place: Span, value: &str) {
        let is_plain = value.bytes().all(|byte| byte.is_ascii_lowercase());
        let least = if is_plain { SHORTEST_PLAIN } else { SHORTEST };
        if self.written.add(place, value, least) {
            self.finder = OnceLock::new();
        }
    }

    /// Only what variables brought.
    pub fn of_variables(&self) -> Self {
        Self {
            brought: self.brought.clone(),
            ..Self::default()
        }
    }

    /// Whether a secret value was put into what stands there, or around it.
    pub fn at(&self, place: Span) -> bool {
        self.brought.at(place).next().is_some()
    }

    /// Whether variables brought any.
    pub fn has_brought(&self) -> bool {
        !self.brought.places.is_empty()
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.brought.places.is_empty() && self.written.places.is_empty()
    }

    /// Where a text shows values that are hidden wherever they stand, in order; the
    /// longer ones also where a name was made of them. Places may overlap.
    pub fn found_in(&self, text: &str) -> Vec<Range<usize>> {
        if self.brought.hidden.is_empty() {
            return Vec::new();
        }
        let names = self.names.get_or_init(|| {
            let names = self.brought.hidden.iter().map(|value| letters(value));
            let names = names.filter(|name| name.len() >= SHORTEST_NAME);
            let names: BTreeSet<String> = names.map(String::from_iter).collect();
            Finder::new(&names)
        });
        let mut found: Vec<Range<usize>> = self.brought.finder().all(text).collect();
        found.extend(named_in(text, names));
        found.sort_unstable_by_key(|range| (range.start, range.end));
        found
    }

    /// A value that is hidden wherever it stands, and that this text shows.
    pub fn shown_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        let value = self.brought.finder().first(text)?;
        Some(&text[value])
    }

    /// The first place from `start` on that a value was put into.
    pub fn place_of(&self, value: &str, start: Span) -> Option<Span> {
        let mut places = self.brought.places.range(start..);
        let holding = places.find(|(_, values)| values.iter().any(|known| *known == *value));
        holding.map(|(place, _)| *place)
    }

    /// Takes values that these texts show as words of the input for such.
    pub(crate) fn excuse(&mut self, texts: &[Cow<'_, str>]) {
        let finder = self.finder();
        let parts: Vec<&str> = texts.iter().flat_map(|text| parts(text)).collect();
        let shown: Vec<BTreeSet<&str>> = parts
            .par_iter()
            .map(|text| finder.all(text).map(|value| &text[value]).collect())
            .collect();
        let shown: BTreeSet<&str> = shown.into_iter().flatten().collect();
        for held in [&mut self.brought, &mut self.written] {
            held.hidden.retain(|value| !shown.contains(value.as_str()));
            held.finder = OnceLock::new();
        }
        self.finder = OnceLock::new();
        self.names = OnceLock::new();
    }

    fn finder(&self) -> &Finder {
        let all = || self.brought.hidden.union(&self.written.hidden);
        self.finder.get_or_init(|| Finder::new(all()))
    }

    /// The values of scalars that hold `place`.
    fn values_at(&self, place: Span) -> impl Iterator<Item = &str> {
        self.brought.at(place).chain(self.written.at(place))
    }

    /// The diagnostic without secrets. `is_written` knows what the input shows.
    pub(crate) fn masked<'d>(
        &self,
        diagnostic: &'d Diagnostic,
        is_written: &dyn Fn(&str) -> bool,
    ) -> Cow<'d, Diagnostic> {
        if self.is_empty() {
            return Cow::Borrowed(diagnostic);
        }
        let related = diagnostic.related.iter().map(|related| related.span);
        // Where only the place is shown, no part of the value is spoken of.
        let related = related.filter(|_| !diagnostic.place_only);
        let own = Some(diagnostic.span).filter(|_| !diagnostic.place_only);
        let own: Vec<&str> = own.into_iter().flat_map(|at| self.values_at(at)).collect();
        let near: Vec<&str> = related.flat_map(|at| self.values_at(at)).collect();
        let near = Near {
            own: own.iter().map(|value| letters(value)).collect(),
            all: own
                .iter()
                .chain(&near)
                .map(|value| letters(value))
                .collect(),
            is_written,
        };
        let mask = |text: &str| near.mask(&self.mask(text, &own));
        let mut masked = diagnostic.clone();
        masked.message = mask(&masked.message);
        masked.label = Cow::Owned(mask(&masked.label));
        masked.path = mask(&masked.path);
        masked.help = mask(&masked.help);
        for related in &mut masked.related {
            related.message = mask(&related.message);
        }
        Cow::Owned(masked)
    }

    /// Hides values wherever they stand, those of the place itself and the others.
    fn mask(&self, text: &str, own: &[&str]) -> String {
        let flat = flat(text);
        let long = own.iter().filter(|value| value.len() >= SHORTEST);
        let own = long.flat_map(|value| flat.match_indices(*value));
        let mut found: Vec<Range<usize>> = own
            .map(|(at, value)| at..at + value.len())
            .chain(self.finder().all(&flat))
            .collect();
        found.sort_unstable_by_key(|found| found.start);
        let mut masked = String::with_capacity(flat.len());
        let mut done = 0;
        for found in found {
            // What overlaps is hidden as one: no part of a value stays.
            if found.start >= done {
                masked.push_str(&flat[done..found.start]);
                masked.push_str(HIDDEN);
            }
            done = done.max(found.end);
        }
        masked.push_str(&flat[done..]);
        masked
    }
}

/// Values with their places.
#[derive(Clone, Default)]
struct Held {
    places: BTreeMap<Span, Vec<String>>,
    /// Values that are hidden wherever they stand.
    hidden: BTreeSet<String>,
    finder: OnceLock<Finder>,
}

impl Held {
    /// Whether one more value is hidden; `least` is how long it has to be.
    fn add(&mut self, place: Span, value: &str, least: usize) -> bool {
        let values = self.places.entry(place).or_default();
        let value = flat(value);
        let is_new = value.len() >= least && !self.hidden.contains(&value);
        if is_new {
            self.hidden.insert(value.clone());
            self.finder = OnceLock::new();
        }
        if !values.contains(&value) {
            values.push(value);
        }
        is_new
    }

    fn finder(&self) -> &Finder {
        self.finder.get_or_init(|| Finder::new(&self.hidden))
    }

    /// The values of scalars, which never overlap, that hold `place`.
    fn at(&self, place: Span) -> impl Iterator<Item = &str> {
        let first = Span {
            end: u32::MAX,
            ..place
        };
        let around = self.places.range(..=first).next_back();
        let around = around.filter(|(span, _)| {
            place.source != SourceId::NONE
                && span.source == place.source
                && (span.end >= place.end && span.end > place.start || **span == place)
        });
        around
            .into_iter()
            .flat_map(|(_, values)| values.iter().map(String::as_str))
    }
}

impl fmt::Debug for SecretValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.brought.places.len() + self.written.places.len();
        write!(f, "secrets at {places} places")
    }
}

/// A text in parts of whole lines. No value that is hidden goes beyond a line:
/// [`flat`] leaves no break in it.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    const PART: usize = 64 << 10;
    let mut rest = text;
    std::iter::from_fn(move || {
        let from = rest.as_bytes().get(PART..);
        let end = from.and_then(|from| from.iter().position(|byte| *byte == b'\n'));
        let (part, behind) = match end {
            Some(end) => rest.split_at(PART + end + 1),
            None => (rest, ""),
        };
        rest = behind;
        (!part.is_empty()).then_some(part)
    })
}

/// Control characters are blanks in messages.
fn flat(text: &str) -> String {
    let blank = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(blank).collect()
}

/// Finds all of many values in one pass over a text.
#[derive(Clone, Default)]
struct Finder(Option<AhoCorasick>);

impl Finder {
    fn new<'v>(values: impl IntoIterator<Item = &'v String>) -> Self {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            return Self(None);
        }
        // Only gigabytes of values could be refused.
        Self(AhoCorasick::new(values).ok())
    }

    fn first(&self, text: &str) -> Option<Range<usize>> {
        Some(self.0.as_ref()?.find(text)?.range())
    }

    /// Where values stand; they may overlap.
    fn all(&self, text: &str) -> impl Iterator<Item = Range<usize>> {
        let automaton = self.0.as_ref();
        automaton
            .into_iter()
            .flat_map(move |automaton| automaton.find_overlapping_iter(text))
            .map(|found| found.range())
    }
}

/// The secrets of the places that something is said of, as letters.
struct Near<'a> {
    /// Those of the place itself.
    own: Vec<Vec<char>>,
    /// Those of related places, too.
    all: Vec<Vec<char>>,
    is_written: &'a dyn Fn(&str) -> bool,
}

impl Near<'_> {
    /// Hides texts in backticks that show a part of a value, also where a name
    /// was made of it.
    fn mask(&self, text: &str) -> String {
        if self.all.is_empty() {
            return text.to_owned();
        }
        let parts = text.split('`').enumerate();
        let parts = parts.map(|(at, quoted)| match at % 2 == 1 && self.shows(quoted) {
            true => HIDDEN,
            false => quoted,
        });
        parts.collect::<Vec<_>>().join("`")
    }

    fn shows(&self, quoted: &str) -> bool {
        let found = letters(quoted);
        let holds = |value: &Vec<char>| within(&found, value) || within(value, &found);
        let shares = |value: &Vec<char>| {
            let length = found.len().min(value.len()).min(SHORTEST);
            length > 0 && found.windows(length).any(|part| within(part, value))
        };
        self.own.iter().any(holds) || self.all.iter().any(shares) && !(self.is_written)(quoted)
    }
}

/// Where the letters of a text show those of a value.
fn named_in(text: &str, names: &Finder) -> Vec<Range<usize>> {
    let (mut kept, mut places) = (String::new(), Vec::new());
    for (at, sign) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        let place = at..at + sign.len_utf8();
        for letter in sign.to_lowercase() {
            kept.push(letter);
            places.extend(std::iter::repeat_n(place.clone(), letter.len_utf8()));
        }
    }
    let found = names.all(&kept).filter_map(|range| {
        let (first, last) = (places.get(range.start)?, places.get(range.end - 1)?);
        Some(first.start..last.end)
    });
    found.collect()
}

/// Letters and digits, in small letters: what names made of a text keep.
fn letters(text: &str) -> Vec<char> {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

fn within(part: &[char], whole: &[char]) -> bool {
    !part.is_empty() && whole.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sources;

    fn masked(value: &str, message: &str, at: (usize, usize)) -> String {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "user: ${PW} # postgres com.hunt");
        sources.hold_secret(Span::new(id, 6, 11), value);
        sources.excuse_plain_words();
        let diagnostic = Diagnostic::error("a", Span::new(id, at.0, at.1), message);
        sources.masked(&diagnostic).message.clone()
    }

    #[test]
    fn values_are_hidden() {
        let (there, part, away) = ((6, 11), (8, 10), (0, 4));
        let rows = [
            ("hunter2", "`hunter2` is bad", there, "`***` is bad"),
            ("hunter2", "`HUNT` of `user`", part, "`***` of `user`"),
            ("hunter2", "not hunter2: it", away, "not ***: it"),
            ("hunter2", "`hunt` it", away, "`hunt` it"),
            ("a\nbcd", "`a bcd`", away, "`***`"),
            ("abc", "`abc` is bad", there, "`***` is bad"),
            ("abc", "`abc` is bad", away, "`abc` is bad"),
            ("postgres", "`postgres` is bad", there, "`***` is bad"),
            ("postgres", "`postgres` is bad", away, "`postgres` is bad"),
            ("longer than ten", "`longer…`", there, "`***`"),
            ("Hunter_2", "`a-hunter-2`", there, "`***`"),
            (
                "a:hunter",
                "`com.hunt` is there",
                there,
                "`com.hunt` is there",
            ),
            ("a:hunter", "`xhunt`", there, "`***`"),
            ("a:hunter", "`80` of `user`", there, "`80` of `user`"),
            ("abcabc", "abcabcabcabc, abcab", away, "***, abcab"),
        ];
        for (value, message, at, expected) in rows {
            assert_eq!(masked(value, message, at), expected, "{value}: {message}");
        }
    }

    #[test]
    fn values_are_found_also_in_names() {
        let mut values = SecretValues::default();
        values.add(Span::NONE, "Planted_hunter2");
        values.add(Span::NONE, "Abcd");
        let rows = [
            ("x-planted-hunter2-y", vec!["planted-hunter2"]),
            (
                "Planted_hunter2",
                vec!["Planted_hunter2", "Planted_hunter2"],
            ),
            ("Abcd, abcd", vec!["Abcd"]),
            ("ü€PLANTED€HUNTER2€", vec!["PLANTED€HUNTER2"]),
            ("", vec![]),
        ];
        for (text, expected) in rows {
            let found = values.found_in(text);
            let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert!(SecretValues::default().found_in("a").is_empty());
    }

    #[test]
    fn what_the_input_writes_is_hidden_in_messages_alone() {
        let place = Span::new(Sources::default().next_id(), 6, 11);
        let mut values = SecretValues::default();
        values.add_written(place, "hunter2");
        let said = Diagnostic::error("a", Span::NONE, "found `A=hunter2`");
        let masked = values.masked(&said, &|_| false);
        assert_eq!(masked.message, "found `A=***`");
        assert!(!values.at(place) && !values.is_empty());
        assert_eq!(values.shown_in("hunter2"), None);
        assert!(values.of_variables().is_empty());
    }

    #[test]
    fn nothing_is_shown_of_the_values_themselves() {
        let mut values = SecretValues::default();
        values.add(Span::NONE, "hunter2");
        assert_eq!(format!("{values:?}"), "secrets at 1 places");
        assert!(!values.at(Span::NONE));
    }
}

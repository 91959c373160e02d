//! Variables in a text that could not be read: names beside values, on lines that
//! follow on each other or in brackets.
//!
//! Nobody knows where such a mapping ends. It is taken to reach up to the next sign
//! that begins or ends one: a dash at the beginning of a line, or a bracket.

use kubewright_knowledge::secret::looks_secret;
use kubewright_read::document::is_value;
use kubewright_source::suggest::nearest;

/// Keys that name a variable.
const NAMES: [&str; 6] = ["key", "name", "path", "var", "variable", "varName"];

/// No variable's name is longer.
const LONGEST_NAME: usize = 256;

/// How many lines may go on with a value.
const MOST_LINES: usize = 256;

/// The parts of a text that hold values of variables that look secret.
pub(super) fn secrets(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut mapping = Mapping::default();
    for entry in entries(text) {
        match entry {
            Entry::Border => std::mem::take(&mut mapping).end(&mut found),
            Entry::Key(key, value) => mapping.take(key, value, text),
        }
    }
    mapping.end(&mut found);
    found
}

/// What is known of a mapping.
#[derive(Default)]
struct Mapping<'t> {
    is_secret: bool,
    /// Keys, and where their values stand.
    values: Vec<(&'t str, (usize, usize))>,
}

impl<'t> Mapping<'t> {
    fn take(&mut self, key: &'t str, (from, to): (usize, usize), text: &str) {
        let is_empty = matches!(&text[from..to], "" | "\"\"" | "''" | "null" | "~");
        if !is_empty {
            self.values.push((key, (from, to)));
        }
        let value = &text[from..text.floor_char_boundary(to.min(from + LONGEST_NAME))];
        let value = value.trim_matches(|c: char| !c.is_alphanumeric());
        if key.eq_ignore_ascii_case("type") {
            self.is_secret |= value.eq_ignore_ascii_case("secret");
        } else if NAMES.iter().any(|name| key.eq_ignore_ascii_case(name)) {
            self.is_secret |= looks_secret(value.rsplit('/').next().unwrap_or_default());
        }
    }

    fn end(self, found: &mut Vec<(usize, usize)>) {
        let is_secret = |key: &str| {
            // What is for a vault is secret in any case.
            key == "newValue" || self.is_secret && (is_value(key) || is_slip(key))
        };
        let values = self.values.into_iter().filter(|(key, _)| is_secret(key));
        found.extend(values.map(|(_, place)| place));
    }
}

/// Whether a key is `value` but for a slip of the pen.
fn is_slip(key: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<u8> = word.bytes().collect();
        letters.sort_unstable();
        letters
    };
    key.len().abs_diff("value".len()) < 2
        && (nearest(key, ["value"]).is_some() || sorted(key) == sorted("value"))
}

enum Entry<'t> {
    /// A mapping begins or ends.
    Border,
    /// A key, and where its value stands.
    Key(&'t str, (usize, usize)),
}

/// The keys of a text, and where mappings begin and end, in order.
fn entries(text: &str) -> Vec<Entry<'_>> {
    let (mut found, mut start) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        let body = line.trim_start_matches(['#', ' ', '\t']);
        if body.starts_with('-') {
            found.push(Entry::Border);
        }
        if line.contains([':', '{', '}']) {
            of_line(text, start, start + line.trim_end().len(), &mut found);
        }
        start += line.len();
    }
    found
}

fn of_line<'t>(text: &'t str, start: usize, end: usize, found: &mut Vec<Entry<'t>>) {
    let bytes = text.as_bytes();
    let (mut at, mut is_open) = (start, false);
    while at < end {
        match bytes[at] {
            // `${NAME}` is no mapping.
            b'$' if bytes.get(at + 1) == Some(&b'{') => {
                is_open = true;
                at += 1;
            }
            b'}' if is_open => is_open = false,
            b'{' | b'}' => found.push(Entry::Border),
            b':' => {
                if let Some(key) = key(&text[start..at]) {
                    let from = at + 1 + blanks(&text[at + 1..end]);
                    let value = value(text, from, end);
                    let column = column(key, &text[start..end]);
                    let goes_on = value == end && is_value(key);
                    let whole = if goes_on {
                        continued(text, end, column)
                    } else {
                        value
                    };
                    found.push(Entry::Key(key, (from, whole)));
                    at = at.max(quoted(text, from, end).unwrap_or(at));
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// The word at the end of what stands before a colon.
fn key(before: &str) -> Option<&str> {
    let bare = before.trim_end().trim_end_matches(['"', '\'']);
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let start = bare.rfind(|c| !word(c)).map_or(0, |at| {
        at + bare[at..].chars().next().map_or(1, char::len_utf8)
    });
    Some(&bare[start..]).filter(|key| !key.is_empty())
}

/// How many bytes into its line a key stands.
fn column(key: &str, line: &str) -> usize {
    key.as_ptr() as usize - line.as_ptr() as usize
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// Where a text in quotes ends, behind the quote.
fn quoted(text: &str, from: usize, end: usize) -> Option<usize> {
    let quote = text[from..end]
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))?;
    let mut is_escaped = false;
    let inner = text[from + 1..end].char_indices();
    let mut closing = inner.filter(|(_, c)| {
        let closes = *c == quote && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        closes
    });
    closing.next().map(|(at, _)| from + 1 + at)
}

/// Where a value ends: at its quote, else with its line.
fn value(text: &str, from: usize, end: usize) -> usize {
    quoted(text, from, end).map_or(end, |quote| quote + 1)
}

/// The end of the lines that go on with the value of a key: they are indented deeper.
fn continued(text: &str, line_end: usize, column: usize) -> usize {
    let mut end = line_end;
    let lines = text[line_end..].split_inclusive('\n').skip(1);
    for line in lines.take(MOST_LINES) {
        let body = line.trim_end();
        let indent = body.len() - body.trim_start_matches(['#', ' ', '\t']).len();
        if !body.is_empty() && indent <= column {
            break;
        }
        end = line.as_ptr() as usize - text.as_ptr() as usize + body.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_secret_variables() {
        let rows: [(&str, &[&str]); 16] = [
            (
                "- name: DB_PASSWORD\n  value: x\n- name: A\n  value: y\n",
                &["x"],
            ),
            ("- value: x\n  name: DB_PASSWORD\n- value: y\n", &["x"]),
            ("- name: DB_PASSWORD\n value: x\n", &["x"]),
            (
                "- name: DB_PASSWORD\n  value: |\n    x\n\n    y\n  a: b\n",
                &["|\n    x\n\n    y"],
            ),
            ("- name: DB_PASSWORD\n  value: x\n    y\n", &["x\n    y"]),
            ("- {name: DB_PASSWORD, value: x}\n", &["x}"]),
            ("- {value: 'x}', name: DB_PASSWORD}\n", &["'x}'"]),
            (
                "[{\"key\":\"DB_PASSWORD\",\"value\":\"x\\\"}\"},{\"value\":\"y\"}",
                &["\"x\\\"}\""],
            ),
            (
                "{\n\"key\": \"DB_PASSWORD\",\n\"varName\": \"${A}\",\n\"newValue\": \"x\"\n}",
                &["\"x\""],
            ),
            (
                "{\"type\": \"secret\", \"key\": \"A\", \"value\": \"x\"}",
                &["\"x\""],
            ),
            ("{\"key\": \"DB_PASSWORD\", \"value\": 12", &["12"]),
            ("- op: add\n  path: /data/DB_PASSWORD\n  value: x\n", &["x"]),
            ("# - name: DB_PASSWORD\n#   value: x\n", &["x"]),
            ("- name: A\n  value: y\n", &[]),
            ("name: ü: DB_PASSWORD\nvalue: x", &["x"]),
            ("é: {name: DB_PASSWORD: value: x", &["x"]),
        ];
        for (text, expected) in rows {
            let found = secrets(text);
            let found: Vec<&str> = found.iter().map(|(from, to)| &text[*from..*to]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn any_text_is_looked_through() {
        for text in [
            "", ":", "a:", ":\n:", "{:}", "value:\"", "ü:'é", "${:", "-\n-:", "a: \"\\",
        ] {
            secrets(text);
        }
    }
}

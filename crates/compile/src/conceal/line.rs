//! What looks secret in a text, line by line: where nobody knows what the words
//! mean, because they could not be read, or are no part of what was.

use kubewright_knowledge::secret::{
    assigned, credentials, headers, looks_secret, names_object, passwords,
};

/// Finds the secrets of a text whose lines come one after the other.
#[derive(Default)]
pub(super) struct Lines {
    /// The column of a key whose block of lines is secret.
    block: Option<usize>,
    /// The column of the key `secrets`.
    section: Option<usize>,
}

impl Lines {
    /// The parts of the next line that look secret; they may overlap.
    pub(super) fn secrets(&mut self, line: &str) -> Vec<(usize, usize)> {
        let text = line.trim_end();
        let column = text.len() - text.trim_start_matches([' ', '-']).len();
        if column == text.len() {
            return Vec::new();
        }
        self.block = self.block.filter(|block| column > *block);
        self.section = self.section.filter(|section| column > *section);
        if self.block.is_some() {
            return vec![(column, text.len())];
        }
        match entry(&text[column..]) {
            Some((key, value)) => self.of_entry(key, value, (column, text)),
            None => parts(text),
        }
    }

    fn of_entry(&mut self, key: &str, value: &str, line: (usize, &str)) -> Vec<(usize, usize)> {
        let (column, text) = line;
        if key == "secrets" {
            self.section = self.section.or(Some(column));
            return parts(text);
        }
        let is_content = self.section.is_some() && key == "content";
        if (is_content || looks_secret(key)) && value.starts_with(['|', '>']) {
            self.block = Some(column);
            return Vec::new();
        }
        match is_content {
            true => vec![(text.len() - value.len(), text.len())],
            false => parts(text),
        }
    }
}

/// The key that a line begins with, and what follows it.
fn entry(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once(':')?;
    let key = key.trim_end().trim_matches(['"', '\'']);
    (!key.contains([' ', '{', '['])).then(|| (key, value.trim_start()))
}

/// The parts of a line behind keys that look secret, passwords of URLs, and what
/// is secret by its own form.
fn parts(line: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = behind_key(line).into_iter().collect();
    let by_form = [
        passwords(line),
        headers(line),
        credentials(line),
        assigned(line),
    ];
    let by_form = by_form.into_iter().flatten();
    found.extend(by_form.map(|range| (range.start, range.end)));
    found.extend(of_urls(line));
    found
}

/// All the rest of a line behind a key that looks secret.
fn behind_key(line: &str) -> Option<(usize, usize)> {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    for (at, _) in line.match_indices([':', '=']) {
        let before = line[..at].trim_end_matches(['"', '\'', ' ']);
        let start = before.rfind(|c| !word(c)).map_or(0, |before| before + 1);
        let key = before.get(start..).unwrap_or_default();
        // `secrets:` lists names.
        if key != "secrets" && looks_secret(key) && !names_object(key) {
            let value = line[at + 1..].trim_start();
            let is_written = !value.is_empty() && !is_reference(value);
            return is_written.then(|| (line.len() - value.len(), line.len()));
        }
    }
    None
}

/// Whether a value is one reference to a variable, without a default.
fn is_reference(value: &str) -> bool {
    let value = value.trim_matches(['"', '\'']);
    let name = value.strip_prefix('$').unwrap_or_default();
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '{' | '}');
    !name.is_empty() && name.chars().all(word)
}

/// What stands between the first colon and the sign `@` of anything like a URL.
fn of_urls(line: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut sign, mut hidden) = (0, 0);
    for (at, _) in line.match_indices("://") {
        let start = at + 3;
        if sign < start {
            let Some(next) = line[start..].find('@') else {
                break;
            };
            sign = start + next;
        }
        // Up to that sign it is hidden already where an earlier URL found one.
        let colon = line[start..sign].find(':').filter(|_| sign != hidden);
        if let Some(colon) = colon {
            found.push((start + colon + 1, sign));
            hidden = sign;
        }
    }
    found
}

/// The texts that a secret part of a line may hold: itself, its first word, and
/// what is left of them without the signs around. None of a mapping, a
/// list, or what holds references: what these bring is known by itself.
pub(super) fn values(part: &str) -> impl Iterator<Item = &str> {
    let is_value = !part.starts_with(['{', '[']) && !part.contains('$');
    let part = if is_value { part } else { "" };
    let bare = part.trim_matches(|c: char| !c.is_alphanumeric());
    let inner = part.trim_start_matches(['"', '\'', '[', '{', ' ']);
    let word = inner.split(['"', '\'', ',', ' ', ']', '}']).next();
    let word = word.unwrap_or_default();
    let bare_word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let mut all = vec![part, bare, word, bare_word];
    all.dedup();
    all.into_iter().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        for line in text.split_inclusive('\n') {
            for (from, to) in lines.secrets(line) {
                if !found.contains(&&line[from..to]) {
                    found.push(&line[from..to]);
                }
            }
        }
        found
    }

    #[test]
    fn what_looks_secret_in_a_line() {
        let rows: [(&str, &[&str]); 17] = [
            ("  DB_PASSWORD: hunter2\n", &["hunter2"]),
            ("- \"API_TOKEN=abc\"", &["abc\"", "abc"]),
            ("{A: b, SECRET: c}", &["c}", "c"]),
            ("URL: postgres://u:hunter2@db/x", &["hunter2"]),
            ("image: nginx:1", &[]),
            ("secrets: [token]", &[]),
            ("a ü: é", &[]),
            ("A_TOKEN: ${TOKEN}", &[]),
            ("A_TOKEN: ${TOKEN:-x}", &["${TOKEN:-x}"]),
            ("kompose.image-pull-secret: a", &[]),
            ("{TOKEN: x, KEY: y}", &["x, KEY: y}", "x"]),
            ("a://b://u:p@h c://u:q@h", &["p", "q", "//u:p"]),
            ("- 'Authorization: Basic abc'", &["abc"]),
            (
                "secrets:\n  a:\n    content: b c\nx:\n  content: d\n",
                &["b c"],
            ),
            (
                "secrets:\n  a:\n    content: |\n      b\n\n      c\n    d: e\n",
                &["b", "c"],
            ),
            ("A_TOKEN: >-\n  b\n  c\nd: e\n", &["b", "c"]),
            ("token-api:\n  image: a\n", &[]),
        ];
        for (text, expected) in rows {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn values_of_parts() {
        let rows: [(&str, &[&str]); 6] = [
            ("hunter2", &["hunter2"]),
            ("\"a b\"}", &["\"a b\"}", "a b", "a"]),
            ("x, KEY: y}", &["x, KEY: y}", "x, KEY: y", "x"]),
            ("{file: a}", &[]),
            ("${TOKEN:-x}", &[]),
            ("*alias", &["*alias", "alias", "*alias", "alias"]),
        ];
        for (part, expected) in rows {
            assert_eq!(values(part).collect::<Vec<_>>(), expected, "{part}");
        }
    }
}

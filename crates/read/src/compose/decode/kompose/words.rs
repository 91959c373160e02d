//! Commands in labels: a list in brackets, or a line as a shell splits it.

use crate::shell;

/// The words of a command. A line that only a shell can run is given to one.
pub(super) fn words(text: &str) -> Vec<String> {
    let text = text.trim();
    let inner = text.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    if let Some(inner) = inner {
        return list(inner);
    }
    match shell::split(text) {
        Ok(split) if split.rest.is_none() => split.words,
        Ok(_) | Err(_) => ["sh", "-c", text].map(str::to_owned).to_vec(),
    }
}

/// What stands between commas, without its quotes; commas in quotes divide nothing.
fn list(inner: &str) -> Vec<String> {
    let mut items = vec![Item::default()];
    let mut quote = None;
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        let last = items.last_mut().expect("the list begins with one");
        match (quote, c) {
            (Some('"'), '\\') => last.text.extend(chars.next().map(unescaped)),
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => last.text.push(c),
            (None, '"' | '\'') if last.is_blank() => {
                quote = Some(c);
                *last = Item::quoted();
            }
            (None, ',') => items.push(Item::default()),
            (None, c) if c.is_whitespace() && last.is_quoted => {}
            (None, c) => last.text.push(c),
        }
    }
    let said = items.into_iter().filter(|item| !item.is_blank());
    said.map(Item::finish).collect()
}

/// The letters behind a backslash in JSON that stand for something else.
fn unescaped(c: char) -> char {
    match c {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        other => other,
    }
}

#[derive(Default)]
struct Item {
    text: String,
    is_quoted: bool,
}

impl Item {
    fn quoted() -> Self {
        Self {
            text: String::new(),
            is_quoted: true,
        }
    }

    fn is_blank(&self) -> bool {
        !self.is_quoted && self.text.trim().is_empty()
    }

    fn finish(self) -> String {
        match self.is_quoted {
            true => self.text,
            false => self.text.trim().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn commands_in_labels() {
        let rows: [(&str, &[&str]); 9] = [
            ("[\"printenv\"]", &["printenv"]),
            ("[\"echo\", \"a b\"]", &["echo", "a b"]),
            ("[\"echo\",\"a, b\"]", &["echo", "a, b"]),
            ("[ 'sh' , '-c', 'a | b; c' ]", &["sh", "-c", "a | b; c"]),
            ("[\"a\\\"b\", \"\", c d]", &["a\"b", "", "c d"]),
            ("[]", &[]),
            ("sh -c 'a b'", &["sh", "-c", "a b"]),
            ("a || b", &["sh", "-c", "a || b"]),
            ("it's", &["sh", "-c", "it's"]),
        ];
        for (text, expected) in rows {
            assert_eq!(words(text), expected, "{text}");
        }
    }
}

//! JSON to the same trees as YAML.
//!
//! Nearly all JSON is YAML, but not all of it: tabs between values, the two
//! halves of a character beyond U+FFFF as two escapes. And the faults people
//! make in JSON are others, which the words of a YAML reader do not meet.
//!
//! <https://www.rfc-editor.org/rfc/rfc8259>

use kubewright_source::{Diagnostic, SourceId, Span};

use crate::read::Limits;
use crate::tree::{Entry, Key, Mapping, Node, Scalar, Value};

type Fault = Box<Diagnostic>;

/// Reads a text that holds one JSON value.
///
/// # Errors
///
/// The first fault, with its place: `json-syntax`, `duplicate-key`,
/// `yaml-too-large`, `yaml-too-deep`.
pub fn read_json(text: &str, source: SourceId, limits: &Limits) -> Result<Node, Diagnostic> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        nodes: 0,
        source,
        limits: *limits,
    };
    reader.document().map_err(|fault| *fault)
}

/// Whether a text means to be JSON: its first character opens a mapping or a list.
pub fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with(['{', '['])
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    nodes: usize,
    source: SourceId,
    limits: Limits,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Node, Fault> {
        if self.text.len() > self.limits.max_bytes {
            let message = format!("the text has {} bytes", self.text.len());
            return Err(self.too_large(message));
        }
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        let node = self.value()?;
        self.blanks();
        if self.at < self.text.len() {
            return Err(self.fault(
                "something follows the JSON value",
                "a text holds one value: remove what stands behind it",
            ));
        }
        Ok(node)
    }

    fn value(&mut self) -> Result<Node, Fault> {
        self.blanks();
        self.nodes += 1;
        if self.nodes > self.limits.max_nodes {
            let message = format!("the text holds more than {} values", self.limits.max_nodes);
            return Err(self.too_large(message));
        }
        let start = self.at;
        match self.peek() {
            Some('{') => self.nested(Self::object, start),
            Some('[') => self.nested(Self::array, start),
            Some('"') => {
                let text = self.string()?;
                Ok(Node::string(self.since(start), text))
            }
            Some(_) => self.word(),
            None => Err(self.fault("a value is missing at the end", "write the value")),
        }
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Value, Fault>,
        start: usize,
    ) -> Result<Node, Fault> {
        self.depth += 1;
        let most = self.limits.max_depth.min(Limits::DEEPEST);
        if self.depth > most {
            return Err(crate::read::too_deep(self.here(), most));
        }
        let value = read(self)?;
        self.depth -= 1;
        Ok(Node::new(self.since(start), value))
    }

    fn object(&mut self) -> Result<Value, Fault> {
        self.at += 1;
        let mut mapping = Mapping::default();
        self.blanks();
        if self.take('}') {
            return Ok(Value::Mapping(mapping));
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.peek() != Some('"') {
                return Err(self.no_key());
            }
            let text = self.string()?;
            let key = Key::new(text, self.since(start));
            self.blanks();
            if !self.take(':') {
                return Err(self.fault("`:` is missing behind the key", "write `\"key\": value`"));
            }
            if let Some(first) = mapping.get_entry(&key.text) {
                return Err(twice(&key, first));
            }
            let value = self.value()?;
            mapping.insert(key, value);
            if !self.goes_on('}')? {
                mapping.shrink();
                return Ok(Value::Mapping(mapping));
            }
        }
    }

    fn array(&mut self) -> Result<Value, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.take(']') {
            return Ok(Value::Sequence(items));
        }
        loop {
            items.push(self.value()?);
            if !self.goes_on(']')? {
                items.shrink_to_fit();
                return Ok(Value::Sequence(items));
            }
        }
    }

    /// Whether a comma follows, else the end.
    fn goes_on(&mut self, end: char) -> Result<bool, Fault> {
        self.blanks();
        if self.take(end) {
            return Ok(false);
        }
        if !self.take(',') {
            let message = format!("`,` or `{end}` is missing here");
            return Err(self.fault(
                message,
                "put a comma between two values, and close what is open",
            ));
        }
        self.blanks();
        if self.peek() == Some(end) {
            let message = format!("nothing follows the last comma before `{end}`");
            return Err(self.fault(message, "remove the comma"));
        }
        Ok(true)
    }

    fn string(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest
                .find(|c: char| matches!(c, '"' | '\\') || c < ' ')
                .unwrap_or(rest.len());
            text.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some('"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some('\\') => text.push(self.escape()?),
                Some(_) => {
                    return Err(self.fault(
                        "a line break or control character stands in a string",
                        "close the string before it, or write it as `\\n`, `\\t` or `\\u0000`",
                    ));
                }
                None => return Err(self.fault("the string has no end", "close it with `\"`")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        self.at += 1;
        let letter = self.peek();
        self.at += letter.map_or(0, char::len_utf8);
        match letter {
            Some(c @ ('"' | '\\' | '/')) => Ok(c),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('u') => self.unicode(start),
            Some(_) | None => {
                self.at = start;
                Err(self.fault(
                    "there is no such escape in JSON",
                    "write a backslash itself as `\\\\`",
                ))
            }
        }
    }

    /// `\u` and four digits; a character beyond U+FFFF is two of them.
    fn unicode(&mut self, start: usize) -> Result<char, Fault> {
        let first = self.four_digits();
        let code = match first {
            Some(high @ 0xd800..=0xdbff) if self.text[self.at..].starts_with("\\u") => {
                self.at += 2;
                let low = self
                    .four_digits()
                    .filter(|low| (0xdc00..=0xdfff).contains(low));
                low.map(|low| 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))
            }
            other => other,
        };
        code.and_then(char::from_u32).ok_or_else(|| {
            self.at = start;
            self.fault(
                "this escape stands for no character",
                "write four hexadecimal digits, or both halves of a character beyond U+FFFF",
            )
        })
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<Node, Fault> {
        let start = self.at;
        let rest = &self.text[start..];
        let ends =
            |c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}' | ':' | '"' | '[' | '{');
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        if matches!(word, "true" | "false" | "null") || is_number(word) {
            self.at += word.len();
            return Ok(Node::new(self.since(start), Scalar::plain(word)));
        }
        let help = match rest.chars().next() {
            Some('\'') => "JSON knows double quotes only",
            Some('/' | '#') => "JSON has no comments: remove it",
            Some(_) | None => {
                "put a text into double quotes; else write a number, `true`, `false` or `null`"
            }
        };
        Err(self.fault("this is no JSON value", help))
    }

    fn no_key(&self) -> Fault {
        match self.peek() {
            Some('/' | '#') => {
                self.fault("a comment stands here", "JSON has no comments: remove it")
            }
            Some(_) => self.fault(
                "a key is expected here",
                "write it in double quotes: `\"name\": …`",
            ),
            None => self.fault("the text ends within a mapping", "close it with `}`"),
        }
    }

    fn blanks(&mut self) {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.at += rest.len() - trimmed.len();
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let is_there = self.peek() == Some(wanted);
        self.at += if is_there { wanted.len_utf8() } else { 0 };
        is_there
    }

    fn since(&self, start: usize) -> Span {
        Span::new(self.source, start, self.at)
    }

    fn here(&self) -> Span {
        let length = self.peek().map_or(0, char::len_utf8);
        Span::new(self.source, self.at, self.at + length)
    }

    fn fault(&self, message: impl Into<String>, help: &str) -> Fault {
        Box::new(Diagnostic::error("json-syntax", self.here(), message).help(help))
    }

    fn too_large(&self, message: String) -> Fault {
        Box::new(
            Diagnostic::error("yaml-too-large", self.here(), message)
                .help("split the file; data that is no configuration belongs elsewhere"),
        )
    }
}

fn twice(key: &Key, first: &Entry) -> Fault {
    let message = format!("the key `{}` stands twice in this mapping", key.text);
    Box::new(
        Diagnostic::error("duplicate-key", key.span, message)
            .label("again here")
            .related(first.key.span, "first here")
            .help("keep one of the two"),
    )
}

/// `-`, digits without a needless zero, a fraction, an exponent.
pub(crate) fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (rest, exponent) = match word.split_once(['e', 'E']) {
        Some((rest, exponent)) => (rest, Some(exponent)),
        None => (word, None),
    };
    let (whole, fraction) = match rest.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (rest, None),
    };
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, Diagnostic> {
        read_json(text, SourceId::NONE, &Limits::default())
    }

    fn string(text: &str) -> String {
        let node = read(text).expect("a JSON string");
        node.as_scalar().expect("a scalar").text.to_string()
    }

    #[test]
    fn strings_have_their_escapes_undone() {
        let rows = [
            (r#""a\/b""#, "a/b"),
            (r#""\u0041\n\t\"\\""#, "A\n\t\"\\"),
            (r#""\uD83D\uDE00""#, "😀"),
            ("\"ü😀: # , {\"", "ü😀: # , {"),
            (r#""""#, ""),
        ];
        for (text, expected) in rows {
            assert_eq!(string(text), expected, "{text}");
        }
    }

    #[test]
    fn tabs_and_line_ends_stand_anywhere_between_values() {
        let node = read("\u{feff}{\r\n\t\"a\"\t:\t[\t1,\n-0.5e+3 , null,true]\t}\n").unwrap();
        let items = node.get("a").and_then(Node::as_sequence).unwrap();
        let texts: Vec<&str> = items
            .iter()
            .map(|item| &*item.as_scalar().unwrap().text)
            .collect();
        assert_eq!(texts, ["1", "-0.5e+3", "null", "true"]);
        assert!(items[2].is_null());
        assert_eq!(
            node.get("a").map(|a| (a.span.start, a.span.end)),
            Some((13, 38))
        );
    }

    #[test]
    fn faults_have_their_place() {
        let rows = [
            ("", 0, "json-syntax"),
            ("{\"a\": 1,}", 8, "json-syntax"),
            ("{\"a\": 1 \"b\": 2}", 8, "json-syntax"),
            ("{\"a\": 1, \"a\": 2}", 9, "duplicate-key"),
            ("{'a': 1}", 1, "json-syntax"),
            ("{\"a\": 01}", 6, "json-syntax"),
            ("{\"a\": tru}", 6, "json-syntax"),
            ("{\"a\" 1}", 5, "json-syntax"),
            ("[1, 2", 5, "json-syntax"),
            ("\"a\nb\"", 2, "json-syntax"),
            ("\"\\uD83D\"", 1, "json-syntax"),
            ("\"\\x\"", 1, "json-syntax"),
            ("\"\\u00ü\"", 1, "json-syntax"),
            ("{} {}", 3, "json-syntax"),
            ("{ // a\n}", 2, "json-syntax"),
        ];
        for (text, at, code) in rows {
            let fault = read(text).expect_err(text);
            assert_eq!((fault.code, fault.span.start), (code, at), "{text}");
            assert!(!fault.help.is_empty(), "{text}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(read(&deep).expect_err("too deep").code, "yaml-too-deep");
    }
}

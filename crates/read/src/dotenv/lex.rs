//! The text of an env file as assignments, nothing replaced yet.

use std::ops::Range;

/// How an env file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Quotes, escapes, comments and references count.
    #[default]
    Dotenv,
    /// Everything behind the first `=` is the value, literally.
    Raw,
}

/// One assignment. Ranges are bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) name: Range<usize>,
    /// `None`: the line holds a name and nothing else.
    pub(super) value: Option<Value>,
}

/// The value of an assignment, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) range: Range<usize>,
    pub(super) quote: Quote,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    /// References are replaced.
    None,
    /// Only `\'` is an escape.
    Single,
    /// Escapes and references are replaced.
    Double,
    /// `format: raw`.
    Raw,
}

/// A line that is no assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    pub(super) range: Range<usize>,
    /// What must not be shown, since it may be a value.
    pub(super) hidden: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    UnexpectedCharacter(char),
    SpaceInName,
    NoName,
    Unterminated,
}

/// Takes a text apart; a faulty line does not keep the others from being read.
pub(super) fn statements(text: &str, format: Format) -> (Vec<Statement>, Vec<Fault>) {
    let bom = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut lexer = Lexer {
        text,
        at: bom,
        statements: Vec::new(),
        faults: Vec::new(),
    };
    match format {
        Format::Dotenv => while lexer.statement() {},
        Format::Raw => while lexer.raw_line() {},
    }
    (lexer.statements, lexer.faults)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    statements: Vec<Statement>,
    faults: Vec<Fault>,
}

impl Lexer<'_> {
    /// Reads one assignment; `false` at the end of the text.
    fn statement(&mut self) -> bool {
        self.skip_blank();
        if self.at == self.text.len() {
            return false;
        }
        self.skip_export();
        let start = self.at;
        let line = self.line_end();
        let sign = self.text[start..line]
            .char_indices()
            .find(|(_, c)| !belongs_to_name(*c) && !is_space(*c));
        let (end, behind) = match sign {
            Some((at, '=' | ':')) => (start + at, Some(start + at + 1)),
            Some((at, c)) => {
                let at = start + at;
                self.fault_on_line(
                    FaultKind::UnexpectedCharacter(c),
                    at..at + c.len_utf8(),
                    line,
                );
                return true;
            }
            None => (line, None),
        };
        let name = start..start + self.text[start..end].trim_end().len();
        self.at = behind.unwrap_or(line);
        if let Some(kind) = name_fault(&self.text[name.clone()]) {
            self.fault_on_line(kind, start..end.max(start + 1), line);
            return true;
        }
        let value = match behind {
            None => None,
            Some(_) => match self.value() {
                Ok(value) => Some(value),
                Err(fault) => {
                    self.at = self.text.len();
                    self.faults.push(fault);
                    return true;
                }
            },
        };
        self.statements.push(Statement { name, value });
        true
    }

    /// Reads what stands behind `=`.
    fn value(&mut self) -> Result<Value, Fault> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches(is_space).len();
        let quote = match self.text[self.at..].bytes().next() {
            Some(b'"') => Quote::Double,
            Some(b'\'') => Quote::Single,
            _ => return Ok(self.unquoted()),
        };
        let start = self.at + 1;
        let sign = self.text.as_bytes()[self.at];
        let mut escaped = false;
        for (at, byte) in self.text.bytes().enumerate().skip(start) {
            if byte == sign && !escaped {
                self.at = at + 1;
                return Ok(Value {
                    range: start..at,
                    quote,
                });
            }
            escaped = byte == b'\\' && !escaped;
        }
        Err(Fault {
            kind: FaultKind::Unterminated,
            range: self.at..start,
            hidden: start..self.text.len(),
        })
    }

    fn unquoted(&mut self) -> Value {
        let end = self.line_end();
        let line = &self.text[self.at..end];
        let value = line
            .split_once(" #")
            .map_or(line, |(value, _)| value)
            .trim_end();
        let range = self.at..self.at + value.len();
        self.at = end;
        Value {
            range,
            quote: Quote::None,
        }
    }

    /// Reads one line of a raw file; `false` at the end of the text.
    fn raw_line(&mut self) -> bool {
        if self.at == self.text.len() {
            return false;
        }
        let end = self.line_end();
        let line = self.text[self.at..end].trim_end_matches('\r');
        let start = self.at + line.len() - line.trim_start_matches([' ', '\t']).len();
        let last = self.at + line.len();
        self.at = end + usize::from(end < self.text.len());
        let line = &self.text[start.min(last)..last];
        if line.is_empty() || line.starts_with('#') {
            return true;
        }
        let name = line.split_once('=').map_or(line, |(name, _)| name);
        let end = start + name.len();
        match name_fault(name) {
            Some(kind) => self.faults.push(Fault {
                kind,
                range: start..end.max(start + 1),
                hidden: end..last,
            }),
            None => self.statements.push(Statement {
                name: start..end,
                value: (end < last).then(|| Value {
                    range: end + 1..last,
                    quote: Quote::Raw,
                }),
            }),
        }
        true
    }

    fn fault_on_line(&mut self, kind: FaultKind, range: Range<usize>, line: usize) {
        let from = range.end.min(line);
        let hidden = self.text[from..line]
            .find(['=', ':'])
            .map_or(from, |at| from + at + 1)..line;
        self.faults.push(Fault {
            kind,
            range,
            hidden,
        });
        self.at = line;
    }

    fn skip_blank(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            self.at += rest.len() - rest.trim_start().len();
            if !self.text[self.at..].starts_with('#') {
                return;
            }
            self.at = self.line_end();
        }
    }

    fn skip_export(&mut self) {
        let rest = &self.text[self.at..];
        let Some(behind) = rest.strip_prefix("export") else {
            return;
        };
        let name = behind.trim_start_matches(is_space);
        if name.len() < behind.len() {
            self.at = self.text.len() - name.len();
        }
    }

    fn line_end(&self) -> usize {
        self.text[self.at..]
            .find('\n')
            .map_or(self.text.len(), |end| self.at + end)
    }
}

fn name_fault(name: &str) -> Option<FaultKind> {
    if name.is_empty() {
        return Some(FaultKind::NoName);
    }
    name.contains(char::is_whitespace)
        .then_some(FaultKind::SpaceInName)
}

fn belongs_to_name(c: char) -> bool {
    matches!(c, '_' | '.' | '-' | '[' | ']') || c.is_alphanumeric()
}

/// White space that does not end a line.
fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}'
    )
}

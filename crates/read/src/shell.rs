//! A command line as words, the way compose splits the string form of `command`.
//!
//! These are a shell's rules for quotes and backslashes; variables, globs and
//! substitutions are left alone. Where a shell would begin another command
//! (`;`, `&`, `|`, `<`, `>`), compose stops reading and forgets the rest without
//! a word: [`Words::rest`] is there so that a reader can say it.

use std::fmt;

/// A command line taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The words, in order, quotes and backslashes resolved.
    pub words: Vec<String>,
    /// The byte of the first operator outside quotes: from there on nothing was read.
    pub rest: Option<usize>,
}

/// Why a line cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A quote, a back-quote or `$(` is never closed, or `)` was never opened.
    Unbalanced(char),
    /// The line ends in a backslash.
    TrailingBackslash,
    /// `(` outside quotes that does not follow `$`.
    Parenthesis,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unbalanced(quote) => write!(f, "`{quote}` has no counterpart"),
            Self::TrailingBackslash => f.write_str("nothing follows the last backslash"),
            Self::Parenthesis => f.write_str("`(` has to stand in quotes"),
        }
    }
}

impl std::error::Error for Fault {}

/// Splits a command line into words.
///
/// # Errors
///
/// What compose refuses as an invalid command line.
pub fn split(line: &str) -> Result<Words, Fault> {
    let mut splitter = Splitter::default();
    for (at, c) in line.char_indices() {
        if !splitter.take(c)? {
            splitter.out.rest = Some(at);
            break;
        }
    }
    splitter.finish()
}

#[derive(Default)]
struct Splitter {
    out: Words,
    word: String,
    /// True once the word has begun, be it by an empty pair of quotes.
    begun: bool,
    escaped: bool,
    single: bool,
    double: bool,
    back: bool,
    dollar: bool,
}

impl Splitter {
    /// Reads one character; `false` where an operator ends the command.
    fn take(&mut self, c: char) -> Result<bool, Fault> {
        let quoted = self.single || self.double || self.back || self.dollar;
        if std::mem::take(&mut self.escaped) {
            self.push(c);
            return Ok(true);
        }
        match c {
            '\\' if !self.single => self.escaped = true,
            ' ' | '\t' | '\r' | '\n' if !quoted => self.end_word(),
            '"' if !self.single && !self.dollar => {
                self.begun |= self.double;
                self.double = !self.double;
            }
            '\'' if !self.double && !self.dollar => {
                self.begun |= self.single;
                self.single = !self.single;
            }
            '`' if !self.single && !self.double && !self.dollar => {
                self.back = !self.back;
                self.push(c);
            }
            ')' if !self.single && !self.double && !self.back => {
                self.dollar = !self.dollar;
                self.push(c);
            }
            '(' if !self.single && !self.double && !self.back => {
                if self.dollar || !self.word.ends_with('$') {
                    return Err(Fault::Parenthesis);
                }
                self.dollar = true;
                self.word.push(c);
            }
            ';' | '&' | '|' | '<' | '>' if !quoted => {
                // `2>file`: the digit belongs to the redirection.
                if c == '>' && self.word.starts_with(|first: char| first.is_ascii_digit()) {
                    self.begun = false;
                }
                return Ok(false);
            }
            _ => self.push(c),
        }
        Ok(true)
    }

    fn push(&mut self, c: char) {
        self.word.push(c);
        self.begun = true;
    }

    fn end_word(&mut self) {
        if std::mem::take(&mut self.begun) {
            self.out.words.push(std::mem::take(&mut self.word));
        }
    }

    fn finish(mut self) -> Result<Words, Fault> {
        let open = [
            (self.single, '\''),
            (self.double, '"'),
            (self.back, '`'),
            (self.dollar, ')'),
        ];
        if self.escaped {
            return Err(Fault::TrailingBackslash);
        }
        if let Some((_, quote)) = open.iter().find(|(open, _)| *open) {
            return Err(Fault::Unbalanced(*quote));
        }
        self.end_word();
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_compose() {
        let rows: &[(&str, &[&str])] = &[
            ("", &[]),
            ("   ", &[]),
            ("echo hello  world", &["echo", "hello", "world"]),
            ("a\tb\nc", &["a", "b", "c"]),
            ("sh -c 'echo \"$HOME\"'", &["sh", "-c", "echo \"$HOME\""]),
            ("a \"b c\" d", &["a", "b c", "d"]),
            ("a\\ b", &["a b"]),
            ("'a\\b'", &["a\\b"]),
            ("\"a\\\"b\"", &["a\"b"]),
            ("\"a\\nb\"", &["anb"]),
            ("''", &[""]),
            ("a '' \"\" b", &["a", "", "", "b"]),
            ("--x='1 2'y", &["--x=1 2y"]),
            ("echo $(date +%s) x", &["echo", "$(date +%s)", "x"]),
            ("echo `date +%s`", &["echo", "`date +%s`"]),
            ("a # b", &["a", "#", "b"]),
            ("$VAR *.txt", &["$VAR", "*.txt"]),
            ("ü 'ß ß'", &["ü", "ß ß"]),
            ("a \";\" '&&' \\|", &["a", ";", "&&", "|"]),
        ];
        for (line, expected) in rows {
            let words = split(line).unwrap();
            assert_eq!(words.words, *expected, "{line}");
            assert_eq!(words.rest, None, "{line}");
        }
    }

    #[test]
    fn an_operator_ends_the_command() {
        let rows: &[(&str, &[&str], usize)] = &[
            ("a && b", &["a"], 2),
            ("a; b", &["a"], 1),
            ("a | b", &["a"], 2),
            ("ü > b", &["ü"], 3),
            ("a 2>b", &["a"], 3),
            ("a b>c", &["a", "b"], 3),
        ];
        for (line, words, rest) in rows {
            let split = split(line).unwrap();
            assert_eq!(split.words, *words, "{line}");
            assert_eq!(split.rest, Some(*rest), "{line}");
        }
    }

    #[test]
    fn unbalanced_lines_are_faults() {
        let rows = [
            ("a 'b", Fault::Unbalanced('\'')),
            ("a \"b", Fault::Unbalanced('"')),
            ("a `b", Fault::Unbalanced('`')),
            ("a $(b", Fault::Unbalanced(')')),
            ("a )b", Fault::Unbalanced(')')),
            ("a \\", Fault::TrailingBackslash),
            ("a (b)", Fault::Parenthesis),
        ];
        for (line, fault) in rows {
            assert_eq!(split(line), Err(fault), "{line}");
        }
    }
}

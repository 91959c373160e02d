//! A text as literal pieces and references.

use std::fmt;
use std::ops::Range;

/// What counts as a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Compose files and env files: `$VAR` as well as `${VAR}`.
    Compose,
    /// `apps.yaml`: only `${VAR}`, whose name may be a path such as `postgres.host`;
    /// `$VAR` stays as it is.
    Apps,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text that stays; `$$` has become `$`.
    Literal(&'t str),
    /// Something to look up.
    Reference(Reference<'t>),
}

/// `$NAME` or `${NAME…}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference<'t> {
    /// What to look up.
    pub name: &'t str,
    /// What to do when it is missing or present, with the text behind the operator,
    /// which may hold references of its own.
    pub operand: Option<(Operator, &'t str)>,
    /// The bytes of the whole reference, `$` and braces included.
    pub range: Range<usize>,
}

/// What stands between name and operand. The forms with a colon take an empty
/// value for a missing one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `:-`: the operand when the variable is missing or empty.
    DefaultIfEmpty,
    /// `-`: the operand when the variable is missing.
    Default,
    /// `:?`: an error with the operand as message when missing or empty.
    RequiredNotEmpty,
    /// `?`: an error with the operand as message when missing.
    Required,
    /// `:+`: the operand when the variable has a value that is not empty.
    AlternativeIfNotEmpty,
    /// `+`: the operand when the variable is set.
    Alternative,
}

impl Operator {
    const ALL: [(&'static str, Self); 6] = [
        (":-", Self::DefaultIfEmpty),
        (":?", Self::RequiredNotEmpty),
        (":+", Self::AlternativeIfNotEmpty),
        ("-", Self::Default),
        ("?", Self::Required),
        ("+", Self::Alternative),
    ];

    fn at_start(text: &str) -> Option<(Self, &str)> {
        Self::ALL
            .iter()
            .find_map(|(sign, operator)| Some((*operator, text.strip_prefix(sign)?)))
    }
}

/// Why a text cannot be expanded, and which bytes of it are to blame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The bytes of the outermost reference it happened in.
    pub range: Range<usize>,
}

/// What is wrong with a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// `${` without a closing brace on the same line.
    Unclosed,
    /// `${` that is not followed by a name: `${}`, `${1}`, `${-x}`.
    NoName,
    /// Something behind the name that is no operator: `${A B}`, `${A:B}`.
    NoOperator {
        /// The name in front of it.
        name: String,
    },
    /// References nested more than 50 deep.
    TooDeep,
    /// The text would have more than 4 MiB: no object holds so much, and lines
    /// that double each other would fill the memory.
    TooLong,
    /// `${NAME:?message}` and the variable is missing.
    Required {
        /// The variable.
        name: String,
        /// The message, references in it replaced; may be empty.
        message: String,
    },
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unclosed => f.write_str("`${` is not closed by `}` on the same line"),
            Self::NoName => f.write_str("a name of letters, digits and `_` has to follow `${`"),
            Self::NoOperator { name } => {
                write!(
                    f,
                    "`${{{name}` is followed by neither `}}` nor one of `:-`, `-`, `:?`, `?`, `:+`, `+`"
                )
            }
            Self::TooDeep => write!(f, "references are nested more than {MAX_DEPTH} deep"),
            Self::TooLong => write!(
                f,
                "with its references replaced it has more than {MAX_BYTES} bytes"
            ),
            Self::Required { name, message } if message.is_empty() => {
                write!(f, "required variable `{name}` is missing a value")
            }
            Self::Required { name, message } => {
                write!(
                    f,
                    "required variable `{name}` is missing a value: {message}"
                )
            }
        }
    }
}

/// How long a text may become, in bytes.
pub(crate) const MAX_BYTES: usize = 4 << 20;

/// How deep references may stand in the operands of others.
pub(crate) const MAX_DEPTH: usize = 50;

/// Takes a text apart. Nothing is looked up and operands are not looked into.
///
/// A `$` that begins no reference (`$1`, `$(date)`, `$` at the end) is literal.
///
/// # Errors
///
/// The first `${` that is no reference; nothing comes after it.
pub fn pieces(text: &str, dialect: Dialect) -> impl Iterator<Item = Result<Piece<'_>, Fault>> {
    Pieces {
        text,
        dialect,
        at: 0,
    }
}

struct Pieces<'t> {
    text: &'t str,
    dialect: Dialect,
    at: usize,
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Result<Piece<'t>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return None;
        }
        let Some(after) = rest.strip_prefix('$') else {
            let end = rest.find('$').unwrap_or(rest.len());
            return Some(Ok(self.literal(0, end, end)));
        };
        if after.starts_with('$') {
            return Some(Ok(self.literal(0, 1, 2)));
        }
        if let Some(inner) = after.strip_prefix('{') {
            let found = self.braced(inner);
            if found.is_err() {
                self.at = self.text.len();
            }
            return Some(found);
        }
        let name = match self.dialect {
            Dialect::Compose => name_length(after, self.dialect),
            Dialect::Apps => 0,
        };
        if name == 0 {
            let end = after.find('$').map_or(rest.len(), |next| next + 1);
            return Some(Ok(self.literal(0, end, end)));
        }
        let reference = Reference {
            name: &after[..name],
            operand: None,
            range: self.at..self.at + 1 + name,
        };
        self.at = reference.range.end;
        Some(Ok(Piece::Reference(reference)))
    }
}

impl<'t> Pieces<'t> {
    fn literal(&mut self, start: usize, end: usize, advance: usize) -> Piece<'t> {
        let literal = &self.text[self.at + start..self.at + end];
        self.at += advance;
        Piece::Literal(literal)
    }

    /// The reference whose text behind `${` is `inner`.
    fn braced(&mut self, inner: &'t str) -> Result<Piece<'t>, Fault> {
        let start = self.at;
        let fault = |kind, length: usize| Fault {
            kind,
            range: start..start + 2 + length,
        };
        let line = inner.find('\n').unwrap_or(inner.len());
        let name = name_length(inner, self.dialect);
        if name == 0 {
            let end = inner[..line].find('}').map_or(line, |at| at + 1);
            return Err(fault(FaultKind::NoName, end));
        }
        let behind = &inner[name..line];
        let reference = |operand, length: usize| Reference {
            name: &inner[..name],
            operand,
            range: start..start + 2 + name + length,
        };
        let reference = if behind.starts_with('}') {
            reference(None, 1)
        } else if let Some((operator, operand)) = Operator::at_start(behind) {
            let Some(end) = closing_brace(operand) else {
                return Err(fault(FaultKind::Unclosed, line));
            };
            let sign = behind.len() - operand.len();
            reference(Some((operator, &operand[..end])), sign + end + 1)
        } else if behind.contains('}') {
            let name = inner[..name].to_owned();
            let end = inner.find('}').unwrap_or(line) + 1;
            return Err(fault(FaultKind::NoOperator { name }, end));
        } else {
            return Err(fault(FaultKind::Unclosed, line));
        };
        self.at = reference.range.end;
        Ok(Piece::Reference(reference))
    }
}

/// How many bytes at the start of `text` are a name.
fn name_length(text: &str, dialect: Dialect) -> usize {
    let bytes = text.as_bytes();
    if !bytes
        .first()
        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
    {
        return 0;
    }
    let belongs = |(at, byte): (usize, &u8)| match byte {
        b'_' => true,
        // `-` is an operator, unless the name is a path: `${my-app.host}`.
        b'.' => dialect == Dialect::Apps,
        b'-' => dialect == Dialect::Apps && is_within_path(&bytes[at..]),
        other => other.is_ascii_alphanumeric(),
    };
    bytes
        .iter()
        .enumerate()
        .position(|at| !belongs(at))
        .unwrap_or(bytes.len())
}

/// Whether a hyphen stands in the first part of a path such as `my-app.host`.
fn is_within_path(from: &[u8]) -> bool {
    let end = from
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')));
    end.is_some_and(|end| from[end] == b'.')
}

/// Where the operand ends: at the brace that balances the one that opened the
/// reference, or at the last brace of the line where none does.
fn closing_brace(operand: &str) -> Option<usize> {
    let mut open = 1_usize;
    let mut last = None;
    for (at, byte) in operand.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' => {
                open -= 1;
                last = Some(at);
            }
            _ => {}
        }
        if open == 0 {
            break;
        }
    }
    last
}

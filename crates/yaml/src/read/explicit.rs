//! Tags: YAML's own (`!!str`) are honoured, others kept.

use kubewright_source::{Diagnostic, Span};
use saphyr_parser::Tag as RawTag;

use super::Fault;
use crate::resolve::{Resolved, resolve_plain};
use crate::tree::{Scalar, Style, Tag};

/// A tag, and where it is written.
pub(super) struct Written {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// What a tag asks for.
pub(super) enum Kind {
    /// `!`: no tag but "do not guess".
    NonSpecific,
    /// A tag of YAML itself, without its prefix: `str`.
    Own(String),
    /// Any other, as written.
    Local(String),
}

/// The prefix that `!!` stands for.
const OWN: &str = "tag:yaml.org,2002:";

impl Written {
    pub(super) fn new(tag: &RawTag, span: Span) -> Self {
        let whole = format!("{}{}", tag.handle, tag.suffix);
        let kind = if let Some(name) = whole.strip_prefix(OWN) {
            Kind::Own(name.to_owned())
        } else if whole == "!" {
            Kind::NonSpecific
        } else if whole.starts_with('!') {
            Kind::Local(whole)
        } else {
            Kind::Local(format!("!<{whole}>"))
        };
        Self { kind, span }
    }

    /// The tag to keep on a node.
    fn kept(text: &str, span: Span) -> Option<Box<Tag>> {
        Some(Box::new(Tag {
            text: text.into(),
            span,
        }))
    }

    /// Honours the tag of a collection; `own` is the name that YAML has for it.
    pub(super) fn on_collection(&self, own: &str) -> Result<Option<Box<Tag>>, Fault> {
        match &self.kind {
            Kind::NonSpecific => Ok(None),
            Kind::Own(name) if name == own => Ok(None),
            Kind::Own(name) => {
                Err(self.misplaced(name, if own == "map" { "a mapping" } else { "a list" }))
            }
            Kind::Local(text) => Ok(Self::kept(text, self.span)),
        }
    }

    /// Honours the tag of a scalar, which changes how it reads.
    pub(super) fn on_scalar(&self, scalar: &mut Scalar) -> Result<Option<Box<Tag>>, Fault> {
        let name = match &self.kind {
            Kind::NonSpecific => {
                scalar.style = Style::Quoted;
                return Ok(None);
            }
            Kind::Local(text) => return Ok(Self::kept(text, self.span)),
            Kind::Own(name) => name.as_str(),
        };
        let meaning = resolve_plain(&scalar.text);
        let fits = match (name, meaning) {
            ("str", _) => {
                scalar.style = Style::Quoted;
                return Ok(None);
            }
            // `!!merge <<`, as some programs write it.
            ("merge", _) if &*scalar.text == "<<" => true,
            ("binary", _) => return self.binary(scalar).map(|()| None),
            ("float", Resolved::Int(value)) => {
                scalar.text = format!("{value}.0").into();
                true
            }
            ("float", Resolved::Float(_))
            | ("int", Resolved::Int(_))
            | ("bool", Resolved::Bool(_))
            | ("null", Resolved::Null)
            | ("timestamp", Resolved::Timestamp) => true,
            _ => false,
        };
        if !fits {
            return Err(self.misplaced(name, &format!("`{}`", shortened(&scalar.text))));
        }
        scalar.style = Style::Plain;
        Ok(None)
    }

    /// The text that base64 stands for.
    fn binary(&self, scalar: &mut Scalar) -> Result<(), Fault> {
        let wrong = |what: &str| {
            let message = format!("the value tagged `!!binary` is not {what}");
            Box::new(
                Diagnostic::error("yaml-tag", self.span, message)
                    .help("write text as a plain string; put binary data into a file of its own"),
            )
        };
        let bytes = base64(&scalar.text).ok_or_else(|| wrong("proper base64"))?;
        let text = String::from_utf8(bytes).map_err(|_| wrong("text"))?;
        scalar.text = text.into();
        scalar.style = Style::Quoted;
        Ok(())
    }

    fn misplaced(&self, name: &str, found: &str) -> Fault {
        let known = [
            "str",
            "int",
            "float",
            "bool",
            "null",
            "timestamp",
            "binary",
            "map",
            "seq",
        ];
        let message = if known.contains(&name) {
            format!("the tag `!!{name}` does not fit {found}")
        } else {
            format!("the tag `!!{name}` is not known")
        };
        let help = format!(
            "remove the tag `!!{name}`; kubewright knows {}",
            known.map(|name| format!("`!!{name}`")).join(", ")
        );
        Box::new(Diagnostic::error("yaml-tag", self.span, message).help(help))
    }
}

fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Standard base64 with padding; white space is passed over.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let padding = digits.iter().rev().take_while(|b| **b == b'=').count();
    if !digits.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    for four in digits[..digits.len() - padding].chunks(4) {
        let mut group = 0_u32;
        for byte in four {
            group = group << 6 | u32::from(digit(*byte)?);
        }
        group <<= 6 * (4 - four.len());
        bytes.extend(&group.to_be_bytes()[1..four.len()]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_reads_back() {
        let rows = [
            ("", Some("")),
            ("YQ==", Some("a")),
            ("YWI=", Some("ab")),
            ("YWJj", Some("abc")),
            ("YWJj\n  ZA==\n", Some("abcd")),
            ("YQ=", None),
            ("Y===", None),
            ("Y*==", None),
        ];
        for (text, expected) in rows {
            let expected = expected.map(|text: &str| text.as_bytes().to_vec());
            assert_eq!(base64(text), expected, "{text}");
        }
    }
}

//! Values of secrets that a state says in the clear, and where.

use kubewright_knowledge::secret;
use kubewright_source::Span;
use kubewright_yaml::{Node, Scalar, Style, Value};

/// A value that nobody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Where it stands, at least.
    pub place: Span,
    /// The value itself, without quotes and escapes.
    pub text: String,
}

/// The whole of a scalar.
pub(super) fn whole(node: &Node) -> Option<Hidden> {
    let scalar = node.as_scalar().filter(|scalar| !scalar.text.is_empty())?;
    Some(Hidden {
        place: node.span,
        text: scalar.text.to_string(),
    })
}

/// What command lines anywhere below a node give to options that look secret, and
/// keys and tokens in them.
pub(super) fn in_commands(node: &Node, found: &mut Vec<Hidden>) {
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            for item in items {
                in_commands(item, found);
            }
        }
        Value::Mapping(mapping) => {
            for entry in mapping.iter() {
                match &*entry.key.text {
                    "command" | "args" => in_command(&entry.value, found),
                    _ => in_commands(&entry.value, found),
                }
            }
        }
    }
}

/// A command is a line, or a list of words.
fn in_command(node: &Node, found: &mut Vec<Hidden>) {
    match &node.value {
        Value::Scalar(scalar) => in_line(node.span, scalar, found),
        Value::Sequence(items) => {
            let text = |item: &Node| item.as_scalar().map(|scalar| scalar.text.to_string());
            let words: Vec<String> = items
                .iter()
                .map(|item| text(item).unwrap_or_default())
                .collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            for (at, range) in secret::assigned_words(&words) {
                if let Some(scalar) = items[at].as_scalar() {
                    found.push(part(items[at].span, scalar, range));
                }
            }
            for item in items {
                if let Some(scalar) = item.as_scalar() {
                    in_line(item.span, scalar, found);
                }
            }
        }
        Value::Mapping(_) => {}
    }
}

fn in_line(span: Span, scalar: &Scalar, found: &mut Vec<Hidden>) {
    let mut places = secret::credentials(&scalar.text);
    places.extend(secret::assigned(&scalar.text));
    found.extend(places.into_iter().map(|range| part(span, scalar, range)));
}

/// A part of a scalar; the whole of it where escapes hide which part that is.
fn part(span: Span, scalar: &Scalar, range: std::ops::Range<usize>) -> Hidden {
    let text = scalar.text[range.clone()].to_owned();
    let quotes = usize::from(scalar.style == Style::Quoted);
    let is_plain = (span.end - span.start) as usize == scalar.text.len() + 2 * quotes;
    let place = match is_plain {
        true => span.part(quotes + range.start, quotes + range.end),
        false => span,
    };
    Hidden { place, text }
}

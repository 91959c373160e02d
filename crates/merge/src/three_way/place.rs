//! Places of values, and how they are shown.

use std::ops::Range;

use kubewright_yaml::{Node, Style, Value};

use super::mapping::write_flow;
use crate::layout;

/// Where a value stands.
pub(super) fn of(text: &str, node: &Node) -> Range<usize> {
    let start = node.span.start as usize;
    start..layout::end_of(text, node).max(start)
}

/// Where the first line of a collection stands.
pub(super) fn first_line(text: &str, node: &Node) -> Range<usize> {
    let place = of(text, node);
    place.start..place.end.min(layout::line_end(text, place.start))
}

/// Whether a value is written, on one line and not as a block.
pub(super) fn is_inline(text: &str, node: &Node) -> bool {
    let place = of(text, node);
    let written = text.get(place).unwrap_or_default();
    let is_block = match &node.value {
        Value::Scalar(scalar) => scalar.style == Style::Block || written.starts_with(['|', '>']),
        Value::Sequence(_) | Value::Mapping(_) => !layout::is_flow(text, node),
    };
    !written.is_empty() && !is_block && !written.contains('\n')
}

/// Whether a text means itself within quotes of both kinds.
pub(super) fn is_simple(text: &str) -> bool {
    text.chars()
        .all(|c| !c.is_control() && !matches!(c, '"' | '\'' | '\\') && c != '\u{feff}')
}

/// A value as it is written, without its indentation; a list of scalars in brackets,
/// so that all of its items stand on one line.
pub(super) fn shown(text: &str, node: &Node) -> String {
    let place = of(text, node);
    if place.is_empty() {
        return "null".to_owned();
    }
    let items = node.as_sequence().unwrap_or_default();
    if !items.is_empty() && items.iter().all(|item| item.as_scalar().is_some()) {
        let mut flow = String::new();
        if write_flow(node, &mut flow).is_some() {
            return flow;
        }
    }
    layout::moved(text, place, 0).unwrap_or_default()
}

/// The path of what stands under a key.
pub(super) fn under(path: &str, key: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match (path.is_empty(), key.chars().all(is_word)) {
        (true, true) => key.to_owned(),
        (false, true) => format!("{path}.{key}"),
        (_, false) => format!("{path}[{key}]"),
    }
}

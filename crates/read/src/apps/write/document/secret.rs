//! Values that look secret and stand in clear: version 2 lets them, version 3 does
//! not. A variable of `.env` stands in their place.

use std::collections::{BTreeMap, BTreeSet};

use kubewright_knowledge::secret::{looks_secret, passwords};
use kubewright_model::value::SecretText;
use kubewright_yaml::{Node, Scalar, Value};

use super::layers::is_section;
use crate::apps::decode::is_in_clear;
use crate::apps::shape::{Named, Shape};
use crate::apps::table::{ROOT, VARIABLE};
use crate::apps::write::Needed;
use crate::apps::write::hide::{literal, upper};
use crate::interpolate::{Dialect, Operator, Piece, pieces};

/// What stands in the place of values.
#[derive(Default)]
pub(super) struct Hidden {
    /// The variables that are put there, with the values.
    pub(super) needed: Vec<Needed>,
    /// Names that mean something else already.
    taken: BTreeSet<String>,
    values: BTreeMap<String, String>,
}

impl Hidden {
    /// All variables of which the file speaks; of some the value is known.
    pub(super) fn all(&self) -> Vec<Needed> {
        let taken = self.taken.iter().map(|name| Needed {
            variable: name.clone(),
            known: None,
        });
        self.needed.iter().cloned().chain(taken).collect()
    }

    /// The variable that holds the value of a variable of an entry.
    fn variable(&mut self, entry: &str, name: &str, value: &str) -> String {
        let own = upper(&format!("{entry}_{name}"));
        let numbered = (2..).map(|number: usize| format!("{own}_{number}"));
        let names = [name.to_owned(), own.clone()].into_iter().chain(numbered);
        let is_free = |candidate: &String| match self.values.get(candidate) {
            Some(known) => known == value,
            None => !self.taken.contains(candidate),
        };
        let mut free = names.filter(is_free);
        let chosen = free.next().unwrap_or(own);
        if self
            .values
            .insert(chosen.clone(), value.to_owned())
            .is_none()
        {
            self.needed.push(Needed {
                variable: chosen.clone(),
                known: Some(SecretText::new(value)),
            });
        }
        chosen
    }
}

/// Puts variables in the place of values that stand in clear.
pub(super) fn hide(root: &mut Node) -> Hidden {
    let mut hidden = Hidden::default();
    names(root, "", &mut hidden.taken);
    let Some(top) = root.as_mapping_mut() else {
        return hidden;
    };
    for (key, section) in top.values_mut() {
        let shape = Shape::Block(&ROOT).below(&key.text);
        let shape = shape.unwrap_or(Shape::Verbatim);
        match (section.as_mapping_mut(), shape) {
            (Some(entries), Shape::Named(named)) if is_section(&key.text) => {
                for (name, entry) in entries.values_mut() {
                    node(entry, named.item, &name.text, &mut hidden);
                }
            }
            _ => node(section, shape, &key.text, &mut hidden),
        }
    }
    hidden
}

fn node(node: &mut Node, shape: Shape, entry: &str, hidden: &mut Hidden) {
    match (&mut node.value, shape) {
        (Value::Mapping(mapping), Shape::Named(named)) if is_environment(named) => {
            for (name, variable) in mapping.values_mut() {
                self::variable(variable, &name.text, entry, hidden);
            }
        }
        (Value::Mapping(mapping), shape) => {
            for (key, value) in mapping.values_mut() {
                let below = shape.below(&key.text).unwrap_or(Shape::Verbatim);
                self::node(value, below, entry, hidden);
            }
        }
        (Value::Sequence(items), Shape::List(item)) => {
            for item_node in items {
                self::node(item_node, *item, entry, hidden);
            }
        }
        (Value::Sequence(_) | Value::Scalar(_), _) => {}
    }
}

fn is_environment(named: &Named) -> bool {
    matches!(named.item, Shape::Block(block) if std::ptr::eq(block, &VARIABLE))
}

/// A text that was written in the variable's own place; one under `value` is said
/// to be no secret.
fn variable(variable: &mut Node, name: &str, entry: &str, hidden: &mut Hidden) {
    let span = variable.span;
    let Some(value) = variable
        .as_mapping_mut()
        .and_then(|all| all.get_mut("value"))
    else {
        return;
    };
    let is_short = span == value.span;
    let Value::Scalar(scalar) = &mut value.value else {
        return;
    };
    if !is_short || scalar.is_null() || !is_in_clear(name, &scalar.text) {
        return;
    }
    let mut give = |name: &str, value: &str| {
        let variable = hidden.variable(entry, name, value);
        format!("${{{variable}}}")
    };
    let written = match literal(&scalar.text) {
        Some(text) => give(name, &text),
        None if may_be_clear(&scalar.text) => concealed(&scalar.text, name, &mut give),
        None => return,
    };
    *scalar = Scalar::string(written);
}

/// Whether a text with references may come out with no variable in it.
fn may_be_clear(text: &str) -> bool {
    pieces(text, Dialect::Apps).all(|piece| match piece {
        Ok(Piece::Literal(_)) => true,
        Ok(Piece::Reference(reference)) => matches!(
            reference.operand,
            Some((Operator::DefaultIfEmpty | Operator::Default, _))
        ),
        Err(_) => false,
    })
}

/// A text with references, without what stands in clear between and in them: all of
/// it where the name says that the value is secret, else passwords alone.
fn concealed(text: &str, name: &str, give: &mut impl FnMut(&str, &str) -> String) -> String {
    let whole = looks_secret(name);
    let of_part = format!("{name}_PASSWORD");
    let mut clear = |part: &str| -> String {
        if part.is_empty() {
            return String::new();
        }
        if whole {
            return give(name, part);
        }
        let (mut out, mut done) = (String::new(), 0);
        for range in passwords(part) {
            if range.start >= done && !range.is_empty() {
                out.push_str(&part[done..range.start]);
                out.push_str(&give(&of_part, &part[range.clone()]));
                done = range.end;
            }
        }
        out + &part[done..]
    };
    let mut out = String::new();
    for piece in pieces(text, Dialect::Apps) {
        match piece {
            Ok(Piece::Literal(part)) => out.push_str(&clear(part)),
            Ok(Piece::Reference(reference)) => {
                let sign = match reference.operand {
                    Some((Operator::DefaultIfEmpty, operand)) => Some((":-", operand)),
                    Some((Operator::Default, operand)) => Some(("-", operand)),
                    _ => None,
                };
                match sign.filter(|(_, operand)| !operand.contains('$')) {
                    Some((sign, operand)) => {
                        let operand = clear(operand);
                        out.push_str(&format!("${{{}{sign}{operand}}}", reference.name));
                    }
                    None => out.push_str(&text[reference.range]),
                }
            }
            Err(_) => return text.to_owned(),
        }
    }
    out
}

/// Names of variables that mean something in the file: those that stand in texts, and
/// those in which values of secrets are looked for.
fn names(node: &Node, key: &str, found: &mut BTreeSet<String>) {
    match &node.value {
        Value::Scalar(scalar) => {
            referred(&scalar.text, found);
            if matches!(key, "secret" | "secrets" | "variable") || key == "secret source" {
                found.insert(scalar.text.to_string());
                found.insert(upper(&scalar.text));
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| names(item, key, found)),
        Value::Mapping(mapping) => {
            for entry in mapping {
                let name = &*entry.key.text;
                let is_secret = entry.value.get("secret").is_some();
                let is_source = key == "secrets";
                if is_secret || is_source {
                    found.insert(name.to_owned());
                    found.insert(upper(name));
                }
                let below = match (is_source, name) {
                    (_, "environment") if is_scalar(&entry.value) => "secret source",
                    _ => name,
                };
                names(&entry.value, below, found);
            }
        }
    }
}

fn is_scalar(node: &Node) -> bool {
    node.as_scalar().is_some()
}

/// The variables of which a text speaks.
fn referred(text: &str, found: &mut BTreeSet<String>) {
    if !text.contains("${") {
        return;
    }
    for piece in pieces(text, Dialect::Apps) {
        let Ok(Piece::Reference(reference)) = piece else {
            continue;
        };
        found.insert(reference.name.to_owned());
        if let Some((_, operand)) = reference.operand {
            referred(operand, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_clear_beside_references_is_taken_out() {
        let rows = [
            (
                "DB_PASSWORD",
                "${PW:-hunter2}",
                "${PW:-<DB_PASSWORD hunter2>}",
            ),
            ("DB_PASSWORD", "a${PW-}", "<DB_PASSWORD a>${PW-}"),
            (
                "DB_URL",
                "${DB:-postgres://u:hunter2@db/x}",
                "${DB:-postgres://u:<DB_URL_PASSWORD hunter2>@db/x}",
            ),
        ];
        for (name, text, expected) in rows {
            let mut give = |name: &str, value: &str| format!("<{name} {value}>");
            assert_eq!(concealed(text, name, &mut give), expected, "{text}");
            assert!(may_be_clear(text));
        }
        assert!(!may_be_clear("Bearer ${TOKEN}"));
    }
}

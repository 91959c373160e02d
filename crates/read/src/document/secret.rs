//! What of a text came from variables that are secret.

use std::ops::Range;

use kubewright_knowledge::secret::{holds_credential, holds_password, looks_secret};

use crate::interpolate::{Dialect, Lookup, MAX_DEPTH, Operator, Piece, expand, pieces};

/// A secret that a text was given.
pub(crate) struct Found {
    /// What it is.
    pub(crate) value: String,
    /// The bytes of the text that say it in the clear: a default.
    pub(crate) written: Option<Range<usize>>,
}

/// The values of all variables of `text` that are secret, by their names or by
/// what they hold, and the defaults that may stand for them.
pub(crate) fn found(text: &str, dialect: Dialect, lookup: &Lookup<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    collect(text, text, (dialect, lookup), 0, &mut all);
    all
}

/// `text` is a part of `whole`.
fn collect(
    text: &str,
    whole: &str,
    (dialect, lookup): (Dialect, &Lookup<'_>),
    depth: usize,
    all: &mut Vec<Found>,
) {
    for piece in pieces(text, dialect) {
        let Ok(Piece::Reference(reference)) = piece else {
            continue;
        };
        let is_secret = looks_secret(reference.name);
        let value = lookup(reference.name)
            .filter(|value| is_secret || holds_password(value) || holds_credential(value));
        all.extend(value.filter(|value| !value.is_empty()).map(|value| Found {
            value: value.into_owned(),
            written: None,
        }));
        let Some((operator, operand)) = reference.operand else {
            continue;
        };
        match operator {
            Operator::DefaultIfEmpty | Operator::Default if is_secret && !operand.is_empty() => {
                let start = operand.as_ptr() as usize - whole.as_ptr() as usize;
                let default = expand(operand, dialect, lookup);
                all.push(Found {
                    value: default.map_or_else(|_| operand.to_owned(), |d| d.text.into_owned()),
                    written: Some(start..start + operand.len()),
                });
            }
            Operator::DefaultIfEmpty
            | Operator::Default
            | Operator::RequiredNotEmpty
            | Operator::Required
            | Operator::AlternativeIfNotEmpty
            | Operator::Alternative => {}
        }
        if operand.contains('$') && depth < MAX_DEPTH {
            collect(operand, whole, (dialect, lookup), depth + 1, all);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn secrets_of_variables_and_defaults() {
        let lookup = |name: &str| match name {
            "DB_PASSWORD" => Some(Cow::Borrowed("hunter2")),
            "DB_URL" => Some(Cow::Borrowed("postgres://a:hunter3@db/x")),
            "HOST" => Some(Cow::Borrowed("db")),
            _ => None,
        };
        type Row = (
            &'static str,
            &'static [(&'static str, Option<Range<usize>>)],
        );
        let rows: [Row; 6] = [
            ("a $HOST", &[]),
            ("a ${DB_PASSWORD} b", &[("hunter2", None)]),
            ("$DB_URL", &[("postgres://a:hunter3@db/x", None)]),
            ("${API_TOKEN:-abc}", &[("abc", Some(13..16))]),
            ("${X:-${DB_PASSWORD}}", &[("hunter2", None)]),
            ("${API_TOKEN:-}", &[]),
        ];
        for (text, expected) in rows {
            let found = found(text, Dialect::Compose, &lookup);
            let found: Vec<_> = found
                .iter()
                .map(|found| (found.value.as_str(), found.written.clone()))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}

//! A text with its references replaced.

use std::borrow::Cow;
use std::ops::Range;

use super::piece::{
    Dialect, Fault, FaultKind, MAX_BYTES, MAX_DEPTH, Operator, Piece, Reference, pieces,
};

/// What a reference's name stands for.
pub type Lookup<'l> = dyn Fn(&str) -> Option<Cow<'l, str>> + 'l;

/// A text after expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded<'t> {
    /// The text.
    pub text: Cow<'t, str>,
    /// Names without a value and without a default, which became empty, each with
    /// the bytes of the reference (the outermost one, where it stood in another).
    pub missing: Vec<(String, Range<usize>)>,
}

/// Replaces all references of `text`.
///
/// Operands are expanded only when they are needed, as compose does: a fault in
/// a default that is not used does not matter.
///
/// # Errors
///
/// The first reference that is malformed, or required and missing.
pub fn expand<'t>(
    text: &'t str,
    dialect: Dialect,
    lookup: &Lookup<'_>,
) -> Result<Expanded<'t>, Fault> {
    let mut missing = Vec::new();
    let text = expand_at(text, dialect, lookup, &mut missing, 0)?;
    Ok(Expanded { text, missing })
}

type Missing = Vec<(String, Range<usize>)>;

fn expand_at<'t>(
    text: &'t str,
    dialect: Dialect,
    lookup: &Lookup<'_>,
    missing: &mut Missing,
    depth: usize,
) -> Result<Cow<'t, str>, Fault> {
    if !text.contains('$') {
        return Ok(Cow::Borrowed(text));
    }
    if depth > MAX_DEPTH {
        return Err(Fault {
            kind: FaultKind::TooDeep,
            range: 0..text.len(),
        });
    }
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text, dialect) {
        match piece? {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Reference(reference) => {
                let at = missing.len();
                let pushed = push_value(&mut out, &reference, dialect, lookup, missing, depth);
                for (_, range) in &mut missing[at..] {
                    *range = reference.range.clone();
                }
                let fits = || match out.len() <= MAX_BYTES {
                    true => Ok(()),
                    false => Err(FaultKind::TooLong),
                };
                let pushed = pushed.map_err(|fault| fault.kind).and_then(|()| fits());
                pushed.map_err(|kind| Fault {
                    kind,
                    range: reference.range,
                })?;
            }
        }
    }
    Ok(Cow::Owned(out))
}

fn push_value(
    out: &mut String,
    reference: &Reference<'_>,
    dialect: Dialect,
    lookup: &Lookup<'_>,
    missing: &mut Missing,
    depth: usize,
) -> Result<(), Fault> {
    let value = lookup(reference.name);
    let Some((operator, operand)) = reference.operand else {
        match value {
            Some(value) => out.push_str(&value),
            None => missing.push((reference.name.to_owned(), reference.range.clone())),
        }
        return Ok(());
    };
    let present = match operator {
        Operator::DefaultIfEmpty | Operator::RequiredNotEmpty | Operator::AlternativeIfNotEmpty => {
            value.as_ref().is_some_and(|value| !value.is_empty())
        }
        Operator::Default | Operator::Required | Operator::Alternative => value.is_some(),
    };
    let mut operand = || expand_at(operand, dialect, lookup, missing, depth + 1);
    match (operator, present) {
        (Operator::DefaultIfEmpty | Operator::Default, false)
        | (Operator::AlternativeIfNotEmpty | Operator::Alternative, true) => {
            out.push_str(&operand()?);
        }
        (Operator::RequiredNotEmpty | Operator::Required, false) => {
            return Err(Fault {
                kind: FaultKind::Required {
                    name: reference.name.to_owned(),
                    message: operand()?.into_owned(),
                },
                range: reference.range.clone(),
            });
        }
        (Operator::AlternativeIfNotEmpty | Operator::Alternative, false)
        | (
            Operator::DefaultIfEmpty
            | Operator::Default
            | Operator::RequiredNotEmpty
            | Operator::Required,
            true,
        ) => out.push_str(&value.unwrap_or_default()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str) -> Option<Cow<'static, str>> {
        let value = match name {
            "SET" | "set" => "value",
            "EMPTY" => "",
            "DOLLAR" => "$SET",
            "web.host" | "my-app.host" => "reached",
            _ => return None,
        };
        Some(Cow::Borrowed(value))
    }

    fn compose(text: &str) -> Result<String, FaultKind> {
        expand(text, Dialect::Compose, &lookup)
            .map(|expanded| expanded.text.into_owned())
            .map_err(|fault| fault.kind)
    }

    #[test]
    fn every_form_is_replaced() {
        let rows = [
            ("plain", "plain"),
            ("", ""),
            ("$SET", "value"),
            ("$set", "value"),
            ("${SET}", "value"),
            ("a${SET}b${SET}c", "avaluebvaluec"),
            ("$SET-x", "value-x"),
            ("$GONE.", "."),
            ("${GONE}", ""),
            ("$$SET", "$SET"),
            ("$$$SET", "$value"),
            ("$${SET}", "${SET}"),
            ("${DOLLAR}", "$SET"),
            ("$1 $(date) $", "$1 $(date) $"),
            ("${SET:-d}", "value"),
            ("${EMPTY:-d}", "d"),
            ("${GONE:-d}", "d"),
            ("${SET-d}", "value"),
            ("${EMPTY-d}", ""),
            ("${GONE-d}", "d"),
            ("${GONE-a:-b}", "a:-b"),
            ("${GONE:-}", ""),
            ("${SET:?e}", "value"),
            ("${EMPTY?e}", ""),
            ("${SET:+a}", "a"),
            ("${EMPTY:+a}", ""),
            ("${GONE:+a}", ""),
            ("${SET+a}", "a"),
            ("${EMPTY+a}", "a"),
            ("${GONE+a}", ""),
            ("${GONE:-${SET}}", "value"),
            ("${GONE:-${GONE:-${SET:-x}}}y", "valuey"),
            ("${GONE:-{\"a\": {}}}!", "{\"a\": {}}!"),
            ("${GONE:-{a}", "{a"),
            ("${GONE:-http://x:1/$SET}", "http://x:1/value"),
            ("${SET:+${GONE-${SET}}}", "value"),
            ("${SET:-${}}", "value"),
            ("ü${SET}ß", "üvalueß"),
        ];
        for (text, expected) in rows {
            assert_eq!(compose(text), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn malformed_references_are_faults() {
        let no_operator = |name: &str| FaultKind::NoOperator {
            name: name.to_owned(),
        };
        let required = |name: &str, message: &str| FaultKind::Required {
            name: name.to_owned(),
            message: message.to_owned(),
        };
        let rows = [
            ("${}", FaultKind::NoName),
            ("${1}", FaultKind::NoName),
            ("${ SET}", FaultKind::NoName),
            ("{{ ${.x} }}", FaultKind::NoName),
            ("${SET", FaultKind::Unclosed),
            ("${SET:-x", FaultKind::Unclosed),
            ("${SET:-x\n}", FaultKind::Unclosed),
            ("${SET SET}", no_operator("SET")),
            ("${SET:x}", no_operator("SET")),
            ("${web.host}", no_operator("web")),
            ("${GONE:-${}}", FaultKind::NoName),
            ("${GONE:?}", required("GONE", "")),
            ("${GONE:?say $SET}", required("GONE", "say value")),
            ("${EMPTY:?e}", required("EMPTY", "e")),
            ("${GONE?e}", required("GONE", "e")),
        ];
        for (text, expected) in rows {
            assert_eq!(compose(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn ranges_are_those_of_the_outermost_reference() {
        let expanded = expand("a ${A:-$B} $C", Dialect::Compose, &lookup).unwrap();
        let expected = [("B".to_owned(), 2..10), ("C".to_owned(), 11..13)];
        assert_eq!(expanded.missing, expected);
        let fault = expand("a ${A:-${}} b", Dialect::Compose, &lookup).unwrap_err();
        assert_eq!(fault.range, 2..11);
    }

    #[test]
    fn apps_leave_bare_names_and_know_paths() {
        let rows = [
            ("$SET", "$SET"),
            ("$(SET)", "$(SET)"),
            ("${SET}", "value"),
            ("${web.host}:80", "reached:80"),
            ("${my-app.host}", "reached"),
            ("${GONE-a}", "a"),
            ("${GONE-a.b}", ""),
            ("$$", "$"),
        ];
        for (text, expected) in rows {
            let expanded = expand(text, Dialect::Apps, &lookup).unwrap();
            assert_eq!(expanded.text, expected, "{text}");
        }
    }

    #[test]
    fn doubling_has_an_end() {
        let half = "x".repeat(MAX_BYTES / 2);
        let lookup = |_: &str| Some(Cow::Borrowed(half.as_str()));
        let expanded = |text| expand(text, Dialect::Compose, &lookup);
        assert!(expanded("$A$A").is_ok());
        let fault = expanded("$A$A$A").expect_err("too long");
        assert_eq!((fault.kind, fault.range), (FaultKind::TooLong, 4..6));
    }

    #[test]
    fn nesting_has_an_end() {
        let deep = format!("{}{}", "${A:-".repeat(9_000), "}".repeat(9_000));
        assert_eq!(compose(&deep), Err(FaultKind::TooDeep));
    }
}

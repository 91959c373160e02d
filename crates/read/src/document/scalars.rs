//! Every scalar visited, for interpolation.

use kubewright_source::{Diagnostics, Sources, Span};
use kubewright_yaml::{Node, Path, Scalar, Style, Value};

use super::{secret, written_secret};
use crate::interpolate::{Dialect, FaultKind, Lookup, MissingVariables, diagnostic, expand};

/// What interpolation of a document needs to know and where it reports.
pub struct Interpolation<'a> {
    /// Which references there are.
    pub dialect: Dialect,
    /// What they stand for.
    pub lookup: &'a Lookup<'a>,
    /// Which variables were found missing before.
    pub missing: &'a mut MissingVariables,
    /// The texts that the document came from.
    pub sources: &'a mut Sources,
    /// Where faults go.
    pub diagnostics: &'a mut Diagnostics,
}

/// Replaces the references in all scalar values at and below `node`, not in keys.
///
/// A value that held a reference is a *string* afterwards, whatever it looks
/// like, and keeps its place: `replicas: ${N}` becomes `replicas: "3"`. Compose
/// turns such strings into numbers and booleans where a key wants them, quoted
/// or not, and so must whoever decodes the document.
///
/// A value that cannot be expanded stays as it is and is reported.
pub fn interpolate(node: &mut Node, path: &Path<'_>, with: &mut Interpolation<'_>) {
    match &mut node.value {
        Value::Scalar(scalar) => {
            written_secret::hold(scalar, node.span, path, with.sources);
            // Only strings hold references: no number, boolean or date has a `$`.
            if scalar.text.contains('$') {
                replace(scalar, node.span, path, with);
            }
        }
        Value::Sequence(items) => {
            written_secret::hold_words(items, path, with.sources);
            for (at, item) in items.iter_mut().enumerate() {
                interpolate(item, &path.index(at), with);
            }
        }
        Value::Mapping(mapping) => {
            written_secret::hold_pairs(mapping, with.sources);
            for (key, value) in mapping.values_mut() {
                written_secret::conceal(&key.text, value, path, with.sources);
                interpolate(value, &path.key(&key.text), with);
            }
        }
    }
}

fn replace(scalar: &mut Scalar, span: Span, path: &Path<'_>, with: &mut Interpolation<'_>) {
    hold_secrets(scalar, span, with);
    let place =
        |range: &std::ops::Range<usize>| part(span, scalar, with.sources, range.start, range.end);
    match expand(&scalar.text, with.dialect, with.lookup) {
        Ok(expanded) => {
            for (name, range) in &expanded.missing {
                with.missing.say(name, place(range), with.diagnostics);
            }
            let text = expanded.text.into_owned();
            *scalar = Scalar::string(text);
        }
        Err(fault) => {
            with.missing.refused(&fault);
            let what = format!("`{path}`");
            let found = diagnostic(&fault, place(&fault.range), &what).path(path.to_string());
            with.diagnostics.push(found);
            if !matches!(fault.kind, FaultKind::Required { .. }) {
                written_secret::conceal_faulty(scalar, span, path, with.sources);
            }
        }
    }
}

/// Keeps the values of secret variables out of all that is said of the scalar.
fn hold_secrets(scalar: &Scalar, span: Span, with: &mut Interpolation<'_>) {
    for found in secret::found(&scalar.text, with.dialect, with.lookup) {
        with.sources.hold_secret(span, &found.value);
        if let Some(written) = found.written {
            let place = part(span, scalar, with.sources, written.start, written.end);
            with.sources.conceal(place);
        }
    }
}

/// The place of a part of a scalar's text: exact where the text stands in the
/// input as it is, else the whole scalar.
pub fn part(span: Span, scalar: &Scalar, sources: &Sources, start: usize, end: usize) -> Span {
    let Some(written) = sources.text(span) else {
        return span;
    };
    let opening = match scalar.style {
        Style::Plain => 0,
        Style::Quoted => 1,
        Style::Block => return span,
    };
    if written.get(opening..opening + scalar.text.len()) == Some(&*scalar.text) {
        return span.part(opening + start, opening + end);
    }
    span
}

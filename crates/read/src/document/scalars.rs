//! Every scalar visited, for interpolation.

use std::borrow::Cow;

use kubewright_source::{Diagnostics, Sources, Span};
use kubewright_yaml::{Key, Node, Path, Scalar, Style, Value};
use rayon::prelude::*;

use super::said::Said;
use super::{secret, written_secret};
use crate::interpolate::{Dialect, FaultKind, MissingVariables, diagnostic, expand};

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

/// What references stand for, asked by several threads.
pub type Lookup<'l> = dyn Fn(&str) -> Option<Cow<'l, str>> + Sync + 'l;

/// From so many entries on, those of a mapping are visited on all cores.
const MANY: usize = 512;

/// Replaces the references in all scalar values at and below `node`, not in keys.
///
/// A value that held a reference is a *string* afterwards, whatever it looks
/// like, and keeps its place: `replicas: ${N}` becomes `replicas: "3"`. Compose
/// turns such strings into numbers and booleans where a key wants them, quoted
/// or not, and so must whoever decodes the document.
///
/// A value that cannot be expanded stays as it is and is reported.
pub fn interpolate(node: &mut Node, path: &Path<'_>, with: &mut Interpolation<'_>) {
    let visit = Visit {
        dialect: with.dialect,
        lookup: with.lookup,
        sources: with.sources,
    };
    let mut said = Said::default();
    visit.node(node, path, &mut said);
    said.settle(with.missing, with.sources, with.diagnostics);
}

/// What stays as it is while scalars are visited.
struct Visit<'a, 's> {
    dialect: Dialect,
    lookup: &'a Lookup<'a>,
    sources: &'s Sources,
}

impl Visit<'_, '_> {
    fn node(&self, node: &mut Node, path: &Path<'_>, said: &mut Said) {
        match &mut node.value {
            Value::Scalar(scalar) => {
                written_secret::hold(scalar, node.span, path, self.sources, said);
                // Only strings hold references: no number, boolean or date has a `$`.
                if scalar.text.contains('$') {
                    self.replace(scalar, node.span, path, said);
                }
            }
            Value::Sequence(items) => {
                written_secret::hold_words(items, path, self.sources, said);
                for (at, item) in items.iter_mut().enumerate() {
                    self.node(item, &path.index(at), said);
                }
            }
            Value::Mapping(mapping) => {
                written_secret::hold_pairs(mapping, said);
                let is_large = mapping.len() >= MANY;
                let entries = mapping.values_mut();
                match is_large {
                    true => self.many(entries.collect(), path, said),
                    false => entries.for_each(|(key, value)| self.entry(key, value, path, said)),
                }
            }
        }
    }

    fn entry(&self, key: &Key, value: &mut Node, path: &Path<'_>, said: &mut Said) {
        written_secret::conceal(&key.text, value, path, said);
        self.node(value, &path.key(&key.text), said);
    }

    /// Entries on all cores; what is said comes in their order.
    fn many(&self, entries: Vec<(&Key, &mut Node)>, path: &Path<'_>, said: &mut Said) {
        let parts = entries.into_par_iter().map(|(key, value)| {
            let mut said = Said::default();
            self.entry(key, value, path, &mut said);
            said
        });
        for part in parts.collect::<Vec<_>>() {
            said.take_in(part);
        }
    }

    fn replace(&self, scalar: &mut Scalar, span: Span, path: &Path<'_>, said: &mut Said) {
        self.hold_secrets(scalar, span, said);
        let place = |range: &std::ops::Range<usize>| {
            part(span, scalar, self.sources, range.start, range.end)
        };
        match expand(&scalar.text, self.dialect, self.lookup) {
            Ok(expanded) => {
                for (name, range) in &expanded.missing {
                    said.missing(name, place(range));
                }
                let text = expanded.text.into_owned();
                *scalar = Scalar::string(text);
            }
            Err(fault) => {
                let what = format!("`{path}`");
                let found = diagnostic(&fault, place(&fault.range), &what).path(path.to_string());
                let is_required = matches!(fault.kind, FaultKind::Required { .. });
                said.refused(fault, found);
                if !is_required {
                    written_secret::conceal_faulty(scalar, span, path, said);
                }
            }
        }
    }

    /// Keeps the values of secret variables out of all that is said of the scalar.
    fn hold_secrets(&self, scalar: &Scalar, span: Span, said: &mut Said) {
        for found in secret::found(&scalar.text, self.dialect, self.lookup) {
            said.hold_secret(span, &found.value);
            if let Some(written) = found.written {
                said.conceal(part(span, scalar, self.sources, written.start, written.end));
            }
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

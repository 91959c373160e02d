//! Saying once per variable that it has no value.

use std::collections::BTreeSet;

use kubewright_source::{Diagnostic, Diagnostics, Span};

use super::piece::{Fault, FaultKind};

/// The variables that were found missing so far in one run.
///
/// Compose puts an empty string where a variable has no value and goes on; a
/// person wants to know it, but once, not for each of a thousand services.
#[derive(Clone, Debug, Default)]
pub struct MissingVariables {
    said: BTreeSet<String>,
    /// Where empty strings took their place.
    places: BTreeSet<Span>,
}

impl MissingVariables {
    /// A variable that is required and missing was refused: of its other uses
    /// there is nothing to say, least of all that an empty string is used.
    pub fn refused(&mut self, fault: &Fault) {
        if let FaultKind::Required { name, .. } = &fault.kind {
            self.said.insert(name.clone());
        }
    }

    /// Warns about a variable unless that was done before.
    pub fn say(&mut self, name: &str, span: Span, diagnostics: &mut Diagnostics) {
        self.places.insert(span);
        if self.said.contains(name) {
            return;
        }
        self.said.insert(name.to_owned());
        let message =
            format!("variable `{name}` is not set, an empty string is used, as compose does");
        let help =
            format!("set it in `.env` or in the environment, or give a default: `${{{name}:-…}}`");
        diagnostics.push(
            Diagnostic::warning("missing-variable", span, message)
                .label("first used here")
                .help(help),
        );
    }

    /// Whether a variable without a value stood at a place, or was all that stood
    /// there.
    pub fn stood_at(&self, place: Span) -> bool {
        let covers =
            |outer: Span, inner: Span| outer.source == inner.source && outer.to(inner) == outer;
        let mut places = self.places.iter();
        places.any(|missing| covers(place, *missing) || covers(*missing, place))
    }
}

//! What visiting a tree has to say, kept until all who visit it are done.

use kubewright_source::{Diagnostic, Diagnostics, Sources, Span};

use crate::interpolate::{Fault, MissingVariables};

/// What was found, in the order of the tree.
#[derive(Default)]
pub(super) struct Said(Vec<One>);

enum One {
    /// A secret that a variable brought.
    Secret(Span, String),
    /// A secret that stands in the text itself.
    Written(Span, String),
    Conceal(Span),
    /// A variable without a value.
    Missing(String, Span),
    Refused(Box<(Fault, Diagnostic)>),
}

impl Said {
    pub(super) fn hold_secret(&mut self, place: Span, value: &str) {
        self.0.push(One::Secret(place, value.to_owned()));
    }

    pub(super) fn hold_written(&mut self, place: Span, value: &str) {
        self.0.push(One::Written(place, value.to_owned()));
    }

    pub(super) fn conceal(&mut self, place: Span) {
        self.0.push(One::Conceal(place));
    }

    pub(super) fn missing(&mut self, name: &str, place: Span) {
        self.0.push(One::Missing(name.to_owned(), place));
    }

    pub(super) fn refused(&mut self, fault: Fault, found: Diagnostic) {
        self.0.push(One::Refused(Box::new((fault, found))));
    }

    /// Takes in all of another, behind what is there.
    pub(super) fn take_in(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Hands all of it over.
    pub(super) fn settle(
        self,
        missing: &mut MissingVariables,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) {
        for one in self.0 {
            match one {
                One::Secret(place, value) => sources.hold_secret(place, &value),
                One::Written(place, value) => sources.hold_written(place, &value),
                One::Conceal(place) => sources.conceal(place),
                One::Missing(name, place) => missing.say(&name, place, diagnostics),
                One::Refused(refused) => {
                    missing.refused(&refused.0);
                    diagnostics.push(refused.1);
                }
            }
        }
    }
}

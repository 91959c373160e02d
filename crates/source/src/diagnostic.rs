//! What a phase has to say to the user.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasher as _;

use crate::position::Span;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The input is wrong: nothing is written.
    Error,
    /// Something may not work as it did.
    Warning,
    /// Worth knowing: what was decided and how to decide otherwise. `--quiet`
    /// leaves these out. People read `note`, machines `advice` (`cli.md`).
    Note,
}

/// A second place that belongs to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// What is there, a few words.
    pub message: String,
    /// The place.
    pub span: Span,
}

/// One thing to say: what, where, why, and how to put it right.
///
/// Messages start in lower case and quote the user's words in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it weighs.
    pub severity: Severity,
    /// Stable, in kebab case, named for the fault: `unknown-key`.
    pub code: &'static str,
    /// What is wrong, one line.
    pub message: String,
    /// Where; [`Span::NONE`] when no input holds the place.
    pub span: Span,
    /// A few words at the place itself; empty for none.
    pub label: Cow<'static, str>,
    /// The key path in the document, `services.web.ports[0]`; empty for none.
    pub path: String,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// How to put it right; empty only where the message says so already.
    pub help: String,
    /// Only the place is shown, not the text there: it is secret.
    pub place_only: bool,
}

impl Diagnostic {
    /// A diagnostic with neither label, path, related places nor help yet.
    pub fn new(
        severity: Severity,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            span,
            label: Cow::Borrowed(""),
            path: String::new(),
            related: Vec::new(),
            help: String::new(),
            place_only: false,
        }
    }

    /// See [`Severity::Error`].
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    /// See [`Severity::Warning`].
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, message)
    }

    /// See [`Severity::Note`].
    pub fn note(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, span, message)
    }

    /// A few words at the place itself.
    #[must_use]
    pub fn label(mut self, label: impl Into<Cow<'static, str>>) -> Self {
        self.label = label.into();
        self
    }

    /// The key path in the document.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// One more place; left out where no input holds it.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        if !span.is_none() {
            self.related.push(Related {
                message: message.into(),
                span,
            });
        }
        self
    }

    /// Shows the place and not the text there, because it is secret.
    #[must_use]
    pub fn place_only(mut self) -> Self {
        self.place_only = true;
        self
    }

    /// What tells it from others.
    fn identity(&self) -> (Span, &'static str, &str) {
        (self.span, self.code, &self.message)
    }

    /// How to put it right.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

/// The diagnostics of a run, collected while it goes on.
///
/// Each is kept once: the same code at the same place with the same words is
/// said a single time, however many ways led there.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// The last of the list with a given hash of place, code and words.
    last: HashMap<u64, u32>,
    /// For each of the list, the one before it with the same hash.
    before: Vec<Option<u32>>,
}

impl Diagnostics {
    /// Takes one in, unless it was said before.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let hash = self.last.hasher().hash_one(diagnostic.identity());
        let last = self.last.get(&hash).copied();
        if self.is_among(&diagnostic, last) {
            return;
        }
        if let Ok(at) = u32::try_from(self.list.len()) {
            self.last.insert(hash, at);
        }
        self.before.push(last);
        self.list.push(diagnostic);
    }

    /// Whether it says the same as the one at `last`, or one linked before that.
    fn is_among(&self, diagnostic: &Diagnostic, mut last: Option<u32>) -> bool {
        while let Some(at) = last.map(|at| at as usize) {
            if self.list[at].identity() == diagnostic.identity() {
                return true;
            }
            last = self.before[at];
        }
        false
    }

    /// Takes in all of another list.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        for diagnostic in others {
            self.push(diagnostic);
        }
    }

    /// True once an error was said.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// How many there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|d| d.severity == severity).count()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True while nothing was said.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// In the order in which they were said.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Sorted for people: by text, then by place, then by weight.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list
            .sort_by(|a, b| (a.span, a.severity, a.code).cmp(&(b.span, b.severity, b.code)));
        self.list
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_said_once() {
        let mut all = Diagnostics::default();
        all.push(Diagnostic::warning("a", Span::NONE, "x"));
        all.push(Diagnostic::warning("a", Span::NONE, "x"));
        all.push(Diagnostic::warning("a", Span::NONE, "y"));
        assert_eq!(all.count(Severity::Warning), 2);
        assert!(!all.has_errors());
    }
}

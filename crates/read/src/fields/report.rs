//! What there is to say about a tree, and the words for it.

use std::cell::{Cell, RefCell};

use kubewright_model::Invalid;
use kubewright_source::suggest::{list, nearest};
use kubewright_source::{Diagnostic, Diagnostics, Severity, Span};
use kubewright_yaml::Value;

use super::At;

/// What there is to say about a tree, in the order in which it was found.
#[derive(Debug, Default)]
pub struct Report(RefCell<Vec<Diagnostic>>, Compared);

/// How many names were compared for proposals.
#[derive(Debug, Default)]
struct Compared(Cell<usize>);

/// The most names that are compared for proposals: thousands of wrong names among
/// thousands of good ones would take minutes, each with each.
const MOST_COMPARED: usize = 1_000_000;

impl Report {
    /// Takes one in.
    pub fn push(&self, diagnostic: Diagnostic) {
        self.0.borrow_mut().push(diagnostic);
    }

    /// What may have been meant by a name among `count` others; see
    /// [`did_you_mean`]. Once a great many were compared, only where to look.
    pub fn proposal<'a, I: Iterator<Item = &'a str>>(
        &self,
        word: &str,
        count: usize,
        candidates: impl Fn() -> I,
    ) -> String {
        let compared = self.1.0.get().saturating_add(count);
        if compared > MOST_COMPARED {
            return "write a name that is there: too many are wrong to propose one".to_owned();
        }
        self.1.0.set(compared);
        did_you_mean(word, candidates)
    }

    /// Takes in all of another, behind what is there.
    pub fn take_in(&self, other: Self) {
        self.0.borrow_mut().append(&mut other.0.into_inner());
    }

    /// Hands all of it over.
    pub fn into_diagnostics(self, diagnostics: &mut Diagnostics) {
        diagnostics.extend(self.0.into_inner());
    }
}

impl At<'_> {
    /// Says something about this node.
    pub fn say(&self, severity: Severity, code: &'static str, message: String, help: String) {
        self.say_at(self.node.span, severity, code, message, help);
    }

    /// Says something about a part of this node.
    pub fn say_at(
        &self,
        span: Span,
        severity: Severity,
        code: &'static str,
        message: String,
        help: String,
    ) {
        let said = Diagnostic::new(severity, code, span, message);
        self.push(said.help(help));
    }

    /// Says a finished thing, with this node's key path.
    pub fn push(&self, diagnostic: Diagnostic) {
        self.report.push(diagnostic.path(self.path.to_string()));
    }

    /// An error at this node.
    pub fn error(&self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.say(Severity::Error, code, message.into(), help.into());
    }

    /// A warning at this node.
    pub fn warn(&self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.say(Severity::Warning, code, message.into(), help.into());
    }

    /// A note at this node.
    pub fn note(&self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.say(Severity::Note, code, message.into(), help.into());
    }

    /// The error `wrong-type`.
    pub fn wrong_type(&self, wanted: &str) {
        let found = match &self.node.value {
            // A text of several parts may have a password among them.
            Value::Scalar(scalar) if scalar.text.contains(['=', ' ', '\n']) => "a text".to_owned(),
            Value::Scalar(scalar) if !scalar.is_null() => shown(&scalar.text),
            Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_) => {
                self.node.kind().to_owned()
            }
        };
        self.error(
            "wrong-type",
            format!("`{}` wants {wanted}, found {found}", self.name),
            format!("write {wanted} here"),
        );
    }

    /// The error `bad-value` for a text that is not what it should be.
    pub fn bad_value(&self, span: Span, text: &str, invalid: Invalid) {
        self.say_at(
            span,
            Severity::Error,
            "bad-value",
            format!("{} is not {}: {}", shown(text), invalid.what, invalid.why),
            invalid.help,
        );
    }

    /// The error `bad-value` in one's own words.
    pub fn bad(&self, message: impl Into<String>, help: impl Into<String>) {
        self.error("bad-value", message, help);
    }
}

/// "did you mean `ports`?", or what could stand here.
pub fn did_you_mean<'a, I: Iterator<Item = &'a str>>(
    word: &str,
    candidates: impl Fn() -> I,
) -> String {
    if let Some(near) = nearest(word, candidates()) {
        return format!("did you mean `{near}`?");
    }
    let mut all: Vec<&str> = candidates().collect();
    all.sort_unstable();
    all.dedup();
    match all.len() {
        0 => "leave it out".to_owned(),
        1..=12 => format!("what can stand here: {}", list(all)),
        _ => "leave it out, or rename it to begin with `x-` if it is yours".to_owned(),
    }
}

/// A text in backticks, on one line and not longer than a line.
pub fn shown(text: &str) -> String {
    let flat: String = text
        .chars()
        .take(60)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let more = if text.chars().nth(60).is_some() {
        "…"
    } else {
        ""
    };
    format!("`{flat}{more}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposals_end_where_they_would_take_long() {
        let report = Report::default();
        let proposal = |count| report.proposal("prots", count, || ["ports"].into_iter());
        assert_eq!(proposal(1), "did you mean `ports`?");
        assert_eq!(proposal(MOST_COMPARED - 1), "did you mean `ports`?");
        assert!(proposal(1).ends_with("to propose one"));
    }
}

//! What decoding leaves to say.

use kubewright_source::{Diagnostic, Diagnostics, Severity, Span};

/// Adds the faults that nobody has spoken of: those at whose place, and at whose
/// key, no error stands yet. Whoever decodes a key has the better words for it.
pub fn add(faults: Vec<Diagnostic>, diagnostics: &mut Diagnostics) {
    if faults.is_empty() {
        return;
    }
    let said: Vec<Said> = diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .map(Said::of)
        .collect();
    let is_said = |fault: &Diagnostic| said.iter().any(|said| said.speaks_of(fault));
    diagnostics.extend(faults.into_iter().filter(|fault| !is_said(fault)));
}

/// What an error that was said speaks of.
struct Said {
    code: &'static str,
    span: Span,
    related: Vec<Span>,
    path: String,
}

impl Said {
    fn of(found: &Diagnostic) -> Self {
        Self {
            code: found.code,
            span: found.span,
            related: found.related.iter().map(|related| related.span).collect(),
            path: found.path.clone(),
        }
    }

    fn speaks_of(&self, fault: &Diagnostic) -> bool {
        // The same fault may be told from its other end.
        let from_elsewhere =
            self.code == fault.code && self.related.iter().any(|span| overlap(*span, fault.span));
        let same_key = !self.path.is_empty() && self.path == fault.path;
        let same_choice = self.code == "two-alternatives"
            && self.code == fault.code
            && fault.path.starts_with(&self.path);
        overlap(self.span, fault.span) || from_elsewhere || same_key || same_choice
    }
}

fn overlap(a: Span, b: Span) -> bool {
    !a.is_none() && a.source == b.source && a.start < b.end && b.start < a.end
}

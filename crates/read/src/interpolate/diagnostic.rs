//! A fault as something to say.

use kubewright_source::{Diagnostic, Span};

use super::piece::{Fault, FaultKind};

/// The error for a fault at `span`, in `what`, a few words such as "the value of `A`".
///
/// The code is `missing-variable` for a required variable and `bad-interpolation`
/// for everything else.
pub fn diagnostic(fault: &Fault, span: Span, what: &str) -> Diagnostic {
    let (code, help) = match &fault.kind {
        FaultKind::Required { name, .. } => (
            "missing-variable",
            format!("set `{name}` in `.env` or in the environment"),
        ),
        FaultKind::TooLong => (
            "bad-interpolation",
            "keep large texts in files that are mounted".to_owned(),
        ),
        FaultKind::Unclosed
        | FaultKind::NoName
        | FaultKind::NoOperator { .. }
        | FaultKind::TooDeep => (
            "bad-interpolation",
            "write `${NAME}` or `${NAME:-default}`; for a literal dollar write `$$`".to_owned(),
        ),
    };
    let message = match &fault.kind {
        FaultKind::Required { .. } => format!("{}, needed by {what}", fault.kind),
        FaultKind::Unclosed
        | FaultKind::NoName
        | FaultKind::NoOperator { .. }
        | FaultKind::TooLong
        | FaultKind::TooDeep => format!("invalid interpolation format in {what}: {}", fault.kind),
    };
    Diagnostic::error(code, span, message).help(help)
}

//! Names of objects that an input gives: compose allows some that Kubernetes does
//! not have.

use kubewright_model::{Located, Name, ObjectName};
use kubewright_source::Severity;

use crate::fields::At;

/// The object that is there already and has this name.
pub(super) fn external(at: &At<'_>, name: &Located<String>) -> Option<Located<ObjectName>> {
    let help = |found: &str| format!("let the object that is there be called `{found}`");
    said(at, name, help)
}

/// The object that is to have this name.
pub(super) fn own(at: &At<'_>, name: &Located<String>) -> Option<Located<ObjectName>> {
    let help = |found: &str| format!("write `name: {found}`, or leave it out");
    said(at, name, help)
}

/// The name as Kubernetes can have it; where it is another, that is said.
fn said(
    at: &At<'_>,
    name: &Located<String>,
    help: impl Fn(&str) -> String,
) -> Option<Located<ObjectName>> {
    let found = at.checked(name, |text| {
        ObjectName::parse(text).or_else(|_| Name::sanitised(text).map(ObjectName::from))
    })?;
    let (given, now) = (&name.value, found.value.as_str());
    if now != given {
        at.say_at(
            name.span,
            Severity::Note,
            "renamed",
            format!("`{given}` is called `{now}` in Kubernetes"),
            help(now),
        );
    }
    Some(found)
}

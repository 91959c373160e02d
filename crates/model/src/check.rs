//! What the checker is told.

use std::collections::BTreeMap;

use crate::value::{Name, ObjectName};
use crate::{Given, Located};

/// Settings of the checker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckSettings {
    /// Which set of rules counts.
    pub profile: Given<String>,
    /// Severities of single rules.
    pub rules: BTreeMap<String, Located<RuleLevel>>,
    /// Where rules do not hold.
    pub exemptions: Vec<Exemption>,
}

/// How much a rule weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLevel {
    /// It is switched off.
    None,
    /// Worth knowing.
    Advice,
    /// Something may go wrong.
    Warning,
    /// Refused.
    Error,
}

/// A rule that does not hold somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// The rule.
    pub rule: Located<String>,
    /// Where; none: the app that says it.
    pub target: Option<ExemptionTarget>,
    /// Why.
    pub reason: Located<String>,
    /// Until when, `2027-01-01`.
    pub until: Given<String>,
}

/// Where a rule does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExemptionTarget {
    /// In one app.
    App(Located<Name>),
    /// In one object.
    Object(Located<ObjectName>),
}

//! What must be there before an app.

use crate::value::{Name, Port};
use crate::{Given, Located};

/// One thing that an app or companion depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Dependency {
    /// An entry of the project.
    pub on: Located<Name>,
    /// What it must have reached.
    pub condition: Located<Condition>,
    /// The port that is waited for; none: its primary one.
    pub port: Given<Port>,
    /// False: it may be missing from the project; none: true.
    pub required: Given<bool>,
}

/// What a dependency must have reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// Its Service answers.
    #[default]
    Started,
    /// Its Service answers, which only ready pods do.
    Healthy,
    /// It has run to its end.
    Completed,
    /// Nothing: it only comes first in order.
    None,
}

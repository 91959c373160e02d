//! What comes of a merge.

use std::ops::Range;

/// What comes of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The user's text with the generator's changes.
    Merged(String),
    /// Nothing is changed: both sides want something else at these places.
    /// Never empty.
    Conflicts(Vec<Conflict>, Untaken),
}

/// How many changes of the generator could have been taken, and were not because
/// of conflicts elsewhere in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Untaken(pub usize);

/// A place at which the user and the generator want different things.
///
/// Values of Secrets are `***`, and so are all sides where one looks secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The field, `spec.template.spec.containers[web].image`; empty for the file.
    pub path: String,
    /// Where in the user's text, in bytes.
    pub place: Range<usize>,
    /// Whether the lines of this place may hold a secret, so that nobody shows them.
    pub is_veiled: bool,
    /// What stands between the two.
    pub why: Why,
    /// What the user's file says; none where the field is not there.
    pub user: Option<String>,
    /// What would be generated; none where nothing would.
    pub generated: Option<String>,
    /// What was generated last; none where nothing was.
    pub base: Option<String>,
}

/// Why a place cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Both sides changed it, and differently.
    BothChanged,
    /// A comment of the user's would go with what the generator takes out.
    Comment,
    /// The user's text cannot be read as YAML.
    Unreadable,
    /// The text is written in a way that cannot be edited in place.
    Form,
}

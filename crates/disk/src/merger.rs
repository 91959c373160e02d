//! What decides over files edited by hand.

use std::borrow::Cow;

use kubewright_files::File;

/// Decides over files that were generated, then edited by hand, and are now
/// generated differently. This crate knows bytes only; what a change means is for
/// whoever knows the language of the files.
pub trait Merger: Sync {
    /// The text to remember of a file that is generated, as the base of later
    /// merges, without any secret; none when nothing is to be remembered.
    fn remembered<'f>(&self, file: &'f File) -> Option<Cow<'f, str>>;

    /// The user's text with the changes from `base`, what was remembered, to the
    /// new text of `file`; none when both changed the same. Called from several
    /// threads.
    fn merge(&self, file: &File, base: &str, user: &str) -> Option<String>;

    /// Told of a file of the user's that is kept and was not merged.
    fn refuse(&self, file: &File, why: Refusal);

    /// Told of the user's text where it stays as it is, because the file is generated
    /// as before or the text has all changes already. Called from several threads.
    fn leave(&self, file: &File, user: String);
}

/// Why a file was not merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It was never generated.
    Foreign,
    /// What was generated last is not remembered.
    Forgotten,
    /// It is no text in UTF-8, or far too long.
    NotText,
}

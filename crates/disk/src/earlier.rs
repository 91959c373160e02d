//! What a run replaces or leaves behind.

use kubewright_files::File;

/// Told of the texts that a run replaces, and of those of files that no longer
/// belong. This crate knows bytes only; what a change means is for whoever knows
/// the language of the files.
pub trait Earlier: Sync {
    /// Whether the earlier text of a file counts for anything. The file is read
    /// only then.
    fn wants(&self, file: &File) -> bool;

    /// The text that was there before: `file` takes its place, or none where a file
    /// of ours no longer belongs. Called from several threads, before anything is
    /// written; a file that is merged in the end, or kept, is told of, too.
    fn was(&self, path: &str, file: Option<&File>, text: String);
}

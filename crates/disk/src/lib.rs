//! Files on a disk: reading for the phases, writing all or nothing.
//!
//! - [`DiskFiles`] is the real implementation of
//!   [`Files`](kubewright_files::Files).
//! - [`write()`] puts a [`Tree`](kubewright_files::Tree) into an output folder
//!   and gives back a [`Summary`].
//!
//! # How a tree is written
//!
//! 1. The output folder is found and locked against a second run ([`write()`]).
//! 2. Every file is compared with what is there and its fate decided (`plan`);
//!    all checks are made. Nothing has been written so far, and a dry run ends.
//! 3. The new contents go to temporary files beside their targets (`replace`),
//!    then these are renamed one after the other. When something fails before
//!    the last rename, what was renamed is put back and the temporary files are
//!    removed. An output folder that does not exist yet is built under a
//!    temporary name and renamed into its place as a whole (`fresh`).
//!
//! After a crash each file is the old one or the new one. A marker
//! (`.kubewright/unfinished.json`, there only while a run is at work) lets the
//! next run remove what was left and recognise the files as ours.
//!
//! What a run left is remembered (`memo`), so that the next one can see that nothing
//! changed ([`recall`]).
//!
//! [`Kept`] is a single file of ours that is kept from one time to the next.
//!
//! Unix only: it is built on file descriptors of folders.

mod digest;
mod earlier;
mod error;
mod folders;
mod fresh;
mod git;
mod gitignore;
mod guard;
mod kept;
mod ledger;
mod memo;
mod merger;
mod ops;
mod parallel;
mod place;
mod plan;
mod policy;
mod read;
mod replace;
mod stamp;
mod summary;
mod target;
mod texts;
mod write;
mod written;

#[cfg(test)]
mod faults;

pub use digest::fingerprint;
pub use earlier::Earlier;
pub use error::{Doing, WriteError};
pub use kept::Kept;
pub use memo::{Memo, forget, recall};
pub use merger::{Merger, Refusal};
pub use policy::Policy;
pub use read::DiskFiles;
pub use summary::{FileReport, Status, Summary, Warning};
pub use write::{WriteOptions, write};
pub use written::written_files;

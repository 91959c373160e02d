//! Files as the phases see them: a trait to read, a tree to write, and no disk.
//!
//! - [`Files`]: how a reader reaches the files of a project; [`MemoryFiles`] is
//!   the one tests use, `kubewright-disk` has the real one.
//! - [`Tree`]: what an emitter gives back, a list of [`File`]s with their text,
//!   each at an [`OutputPath`] that cannot leave the output folder.
//!
//! Nothing here touches a file system.

mod memory;
mod output_path;
mod read;
mod tree;

pub use memory::MemoryFiles;
pub use output_path::{MAX_COMPONENT_BYTES, MAX_PATH_BYTES, OutputPath, OutputPathError, is_below};
pub use read::{DEFAULT_READ_LIMIT, FileError, Files, Kind};
pub use tree::{Collision, CollisionKind, CollisionSide, File, ObjectRef, Tree};

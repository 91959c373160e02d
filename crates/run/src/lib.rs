//! One run: inputs compiled, files compared and written, and what came of it. The
//! command and the server both go this way, so that they cannot drift apart.
//!
//! 1. [`compile()`]: a request becomes [`Compiled`], or [`Failed`];
//! 2. [`Target`]: where the files of a project go;
//! 3. [`write()`]: the files are compared with what is there, merged and written;
//! 4. [`Results`]: the document of a run, for machines.
//!
//! Beside it, [`save_state`] and [`kept_state`]: what the wizard collected, kept in the
//! project.
//!
//! Nothing is printed here and no rule of the domain stands here: the line decides
//! what files say, `kubewright-disk` what becomes of those that are there.

mod compiling;
mod dangling;
mod exit;
mod merging;
mod replaced;
mod results;
mod shared_lines;
mod state;
mod target;
mod touchy;
mod writing;

pub use compiling::{Compiled, Failed, compile, compile_unless, text_of};
pub use exit::Exit;
pub use merging::{Merges, is_secret};
pub use results::{FieldDifference, FileDifference, Results, SCHEMA, named_stream, stream};
pub use state::{STATE_FILE, StateError, forget_state, kept_state, save_state, shown_state};
pub use target::{Target, folder_of, likely_directory, relative};
pub use writing::{Output, not_written, write};

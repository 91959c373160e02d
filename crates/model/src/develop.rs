//! What development tools need to know.

use crate::value::Port;
use crate::{Given, Located};

/// Development settings of an app.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Develop {
    /// The port on the developer's machine.
    pub port: Given<Port>,
    /// What happens when files change.
    pub watch: Vec<Watch>,
}

/// What happens when files of a folder change.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// The folder or file.
    pub path: Located<String>,
    /// What is done.
    pub action: WatchAction,
    /// Where the files go in the container; none: nowhere, the image is built.
    pub target: Given<String>,
    /// Patterns of files that do not count.
    pub ignore: Vec<Located<String>>,
    /// Patterns of files that count alone.
    pub include: Vec<Located<String>>,
    /// Files are copied once at the start, too.
    pub initial_sync: Given<bool>,
    /// What runs in the container afterwards.
    pub exec: Given<crate::container::Command>,
}

/// What is done when files change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WatchAction {
    /// The files are copied into the container.
    #[default]
    Sync,
    /// And the container starts again.
    SyncAndRestart,
    /// And a command runs in it.
    SyncAndExec,
    /// The image is built again.
    Rebuild,
    /// The container starts again.
    Restart,
}

//! What every container has, one matter per file.

pub(crate) mod environment;
pub(crate) mod files;
pub(crate) mod image;
pub(crate) mod lifecycle;
pub(crate) mod ports;
pub(crate) mod probes;
pub(crate) mod resources;
pub(crate) mod security;
mod stop_signal;

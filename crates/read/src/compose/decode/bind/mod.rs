//! Bind mounts: files of the project, source code, data, and paths of the machine.
//!
//! - `room`: what a bind mount becomes;
//! - `system`: paths of the machine's own system;
//! - `source_code`: what the image of a built service holds already;
//! - `file`, `folder`: what fits into a ConfigMap or a Secret (`walk`: what lies in
//!   a folder);
//! - `claim`: what becomes a claim, and how to fill it.

mod claim;
mod file;
mod folder;
mod room;
mod source_code;
mod system;
mod walk;

pub(super) use room::read;

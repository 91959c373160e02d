//! Named, anonymous and memory volumes; `tmpfs`, `shm_size`; the top-level `volumes`.
//!
//! - `top`: what each top-level volume is, with its settings;
//! - `content`: volumes that Docker fills from the image;
//! - `driver`: what `driver_opts` make of it;
//! - `shared`: volumes that several services mount, and those that nobody does;
//! - `room`: all volumes of one service, and the mounts of them;
//! - `named`: named and anonymous volumes;
//! - `unkept`: data stores that have none;
//! - `memory`: `tmpfs` in all its forms, `shm_size`.

mod content;
mod driver;
mod memory;
mod named;
mod room;
mod shared;
mod top;
mod unkept;

pub(super) use room::{Room, read};
pub(super) use shared::{report_unused, share, share_among_pods};
pub(super) use top::{TopVolume, external, size, top};
pub(super) use unkept::report as report_unkept;

//! Detection on folders: golden ones, real ones on a disk, and any bytes at all.

mod golden;
mod properties;
mod schema;
mod secrets;

//! The reader and the writer from outside.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, helpers included"
)]

mod faults;
mod foreign;
mod json;
mod properties;
mod reading;
mod trees;
mod writing;

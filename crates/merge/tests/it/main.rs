//! Merging whole texts.

mod cases;
mod conflicts;
mod properties;

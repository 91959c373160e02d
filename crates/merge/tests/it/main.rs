//! Merging whole texts.

mod cases;
mod conflicts;
mod properties;
mod rekeyed;

//! Projects that somebody could have written: an `apps.yaml` with two or three
//! environments that change, add and take away whatever can differ, with the files
//! that it names. Every one of them is valid.
//!
//! - `project`: the whole of it;
//! - `environment`: what is known of each environment;
//! - `app`: apps of every kind, and what environments change of them;
//! - `container`, `storage`, `pod`: what an app can say;
//! - `outside`: routes, and objects of people's own;
//! - `text`: texts that have hurt somebody;
//! - `choice`: how all of that is chosen.

mod app;
mod choice;
mod container;
mod environment;
mod outside;
mod pod;
mod project;
mod storage;
mod text;

pub use project::{Project, numbered, project};

//! Where files lie in the project.

use std::path::{Component, Path};

use crate::compose::load::Document;

/// The path of a file or folder from the project's folder; none where it lies
/// elsewhere, or is that folder.
pub(super) fn project(document: &Document, path: &Path) -> Option<String> {
    let below = path
        .strip_prefix(&document.absolute_directory)
        .or_else(|_| path.strip_prefix(&document.directory))
        .ok()?;
    let parts = below.components().map(|part| match part {
        Component::Normal(name) => Some(name.to_str()),
        Component::CurDir => None,
        Component::ParentDir | Component::RootDir | Component::Prefix(_) => Some(None),
    });
    let parts: Option<Vec<&str>> = parts.flatten().collect();
    let path = parts?.join("/");
    (!path.is_empty()).then_some(path)
}

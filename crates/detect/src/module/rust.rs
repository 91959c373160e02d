//! `Cargo.toml`.
//!
//! <https://doc.rust-lang.org/cargo/reference/manifest.html>

use toml::{Table, Value};

use super::framework::{Names, first};
use super::{Draft, Folder, Language, ModuleRole};

const FILE: &str = "Cargo.toml";

const FRAMEWORKS: &Names = &[
    ("axum", "axum"),
    ("actix-web", "actix"),
    ("rocket", "rocket"),
    ("warp", "warp"),
    ("poem", "poem"),
    ("salvo", "salvo"),
];

pub(super) fn read(folder: &Folder<'_>) -> Option<Draft> {
    let manifest: Table = folder.text(FILE)?.parse().ok()?;
    let package = manifest.get("package")?.as_table()?;
    let get = |key: &str| package.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut draft = Draft::new(Language::Rust, FILE);
    draft.name = get("name");
    draft.description = get("description").unwrap_or_default();
    draft.version = get("rust-version");
    let programs = folder.has_below("src/main.rs") || manifest.contains_key("bin");
    if !programs {
        draft.role = ModuleRole::Library;
        return Some(draft);
    }
    let dependencies = manifest.get("dependencies").and_then(Value::as_table);
    draft.framework = first(FRAMEWORKS, |name| {
        dependencies.is_some_and(|all| all.contains_key(name))
    });
    Some(draft)
}

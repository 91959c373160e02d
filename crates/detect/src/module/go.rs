//! `go.mod`.
//!
//! <https://go.dev/ref/mod#go-mod-file>

use super::framework::{Names, first};
use super::{Draft, Folder, Language, ModuleRole};
use crate::inventory::{folder_of, name_of};

const FILE: &str = "go.mod";

const FRAMEWORKS: &Names = &[
    ("github.com/gin-gonic/gin", "gin"),
    ("github.com/labstack/echo", "echo"),
    ("github.com/gofiber/fiber", "fiber"),
    ("github.com/go-chi/chi", "chi"),
    ("github.com/gorilla/mux", "gorilla"),
];

pub(super) fn read(folder: &Folder<'_>) -> Option<Draft> {
    let text = folder.text(FILE)?;
    let mut draft = Draft::new(Language::Go, FILE);
    let word = |key: &str| {
        let mut lines = text.lines().map(str::trim);
        let rest = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(' '))?;
        Some(rest.split_whitespace().next()?.trim_matches('"').to_owned())
    };
    draft.name = word("module").map(|path| own_name(&path).to_owned());
    draft.version = word("go");
    let required: Vec<&str> = text.lines().filter_map(required).collect();
    if !has_program(folder) {
        draft.role = ModuleRole::Library;
        return Some(draft);
    }
    draft.framework = first(FRAMEWORKS, |name| {
        required.iter().any(|path| without_version(path) == name)
    });
    Some(draft)
}

/// A path of a module in a line of `require`, unless another module asks for it.
fn required(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.contains("// indirect") {
        return None;
    }
    let line = line.strip_prefix("require ").unwrap_or(line);
    let mut words = line.split_whitespace();
    let path = words.next().filter(|path| path.contains('/'))?;
    words
        .next()
        .filter(|version| version.starts_with('v'))
        .map(|_| path)
}

/// A path without its major version: `…/echo` of `…/echo/v4`.
fn without_version(path: &str) -> &str {
    match path.rsplit_once("/v") {
        Some((rest, digits)) if digits.chars().all(|c| c.is_ascii_digit()) => rest,
        Some(_) | None => path,
    }
}

fn own_name(path: &str) -> &str {
    name_of(without_version(path))
}

/// `main.go`, at the top or in a folder of `cmd`.
fn has_program(folder: &Folder<'_>) -> bool {
    let programs = folder
        .inventory
        .below(folder.path)
        .filter(|path| name_of(path) == "main.go");
    let below = |path: &str| {
        let rest = path.strip_prefix(folder.path).unwrap_or(path);
        folder_of(rest.trim_start_matches('/')).to_owned()
    };
    programs
        .map(below)
        .any(|at| at.is_empty() || at.split('/').any(|part| part == "cmd"))
        || folder.names.iter().any(|name| is_main(folder, name))
}

/// A program may begin in a file of any name.
fn is_main(folder: &Folder<'_>, name: &str) -> bool {
    let is_source = name.ends_with(".go") && !name.ends_with("_test.go");
    let begins = |text: String| text.lines().any(|line| line.trim_end() == "package main");
    is_source && folder.text(name).is_some_and(begins)
}

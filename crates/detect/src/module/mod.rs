//! Modules: folders with code of their own, with language and framework.
//!
//! A module is found by the file that its language's tools look for. What the
//! framework is, says that file too: by the names of dependencies, whole, never by
//! pieces of them.

mod dotnet;
mod elixir;
mod framework;
mod go;
mod image;
mod java;
mod loose;
mod node;
mod php;
mod python;
mod ruby;
mod rust;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

use crate::inside::Inside;
use crate::inventory::{Inventory, folder_of, name_of, within};

/// How long a file that describes a module may be, in bytes.
const LONGEST: u64 = 2 << 20;

/// Modules that are told.
const MOST: usize = 2_000;

/// A folder with code of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Module {
    /// What its package is called, else its folder.
    pub name: String,
    /// Its folder; empty for the folder that was looked at.
    pub path: String,
    /// The language, or what its programs run on: `node`.
    pub language: Language,
    /// The framework, where one was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework: Option<&'static str>,
    /// What it is for.
    pub role: ModuleRole,
    /// The version of language or runtime, as it is written: `>=3.12`, `20`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The tool that fetches its dependencies, by its lock file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_manager: Option<&'static str>,
    /// The port that programs of its framework commonly listen on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// What its package says of itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The Dockerfile in its folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile: Option<String>,
    /// The file that says so.
    pub found_by: String,
    /// Whether it is written in TypeScript.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub typescript: bool,
}

/// A language, or what its programs run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// .NET: C#, F#, Visual Basic.
    Dotnet,
    /// Elixir.
    Elixir,
    /// Go.
    Go,
    /// Java, Kotlin and others on its machine.
    Java,
    /// JavaScript and TypeScript.
    Node,
    /// PHP.
    Php,
    /// Python.
    Python,
    /// Ruby.
    Ruby,
    /// Rust.
    Rust,
    /// Pages that are served as they are.
    Static,
}

/// What a module is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ModuleRole {
    /// Runs: becomes a workload.
    Service,
    /// Is used by others.
    Library,
    /// Is read.
    Docs,
}

impl Language {
    /// In lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dotnet => "dotnet",
            Self::Elixir => "elixir",
            Self::Go => "go",
            Self::Java => "java",
            Self::Node => "node",
            Self::Php => "php",
            Self::Python => "python",
            Self::Ruby => "ruby",
            Self::Rust => "rust",
            Self::Static => "static",
        }
    }
}

impl ModuleRole {
    /// In lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Library => "library",
            Self::Docs => "docs",
        }
    }
}

impl Module {
    /// Language, framework and role in one word: `python-fastapi`, `go-lib`, `markdown`.
    pub fn stack(&self) -> String {
        let language = match (self.language, self.found_by.ends_with(".xml")) {
            (Language::Static, _) => return "static-site".to_owned(),
            _ if self.role == ModuleRole::Docs => return "markdown".to_owned(),
            (Language::Java, true) => "java-maven",
            (Language::Java, false) => "java-gradle",
            (Language::Node, _) if self.typescript && self.framework.is_none() => "typescript",
            (language, _) => language.as_str(),
        };
        match (self.framework, self.role) {
            (Some(framework), _) => format!("{}-{framework}", self.language.as_str()),
            (None, ModuleRole::Library) => format!("{language}-lib"),
            (None, ModuleRole::Service | ModuleRole::Docs) => language.to_owned(),
        }
    }
}

/// What the reader of one language found in a folder.
struct Draft {
    language: Language,
    framework: Option<&'static str>,
    role: ModuleRole,
    name: Option<String>,
    description: String,
    version: Option<String>,
    found_by: String,
    typescript: bool,
}

impl Draft {
    fn new(language: Language, found_by: &str) -> Self {
        Self {
            language,
            framework: None,
            role: ModuleRole::Service,
            name: None,
            description: String::new(),
            version: None,
            found_by: found_by.to_owned(),
            typescript: false,
        }
    }
}

/// A folder as the readers of languages see it.
#[derive(Clone, Copy)]
struct Folder<'a> {
    path: &'a str,
    names: &'a BTreeSet<&'a str>,
    inventory: &'a Inventory,
    files: &'a Inside<'a>,
}

impl<'a> Folder<'a> {
    fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether a file lies at that path below the folder.
    fn has_below(&self, path: &str) -> bool {
        self.inventory.has(&within(self.path, path))
    }

    fn text(&self, name: &str) -> Option<String> {
        if !self.has(name) {
            return None;
        }
        self.files.text(&within(self.path, name), LONGEST)
    }

    /// The first line of a file that holds a version.
    fn line(&self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
        let is_plain = line.len() <= 40 && line.chars().all(|c| c.is_ascii_graphic());
        is_plain.then(|| line.trim_start_matches('v').to_owned())
    }
}

/// In the order in which they are asked: where a folder has files of several, one
/// with a framework counts before one without.
const READERS: [fn(&Folder<'_>) -> Option<Draft>; 9] = [
    go::read,
    rust::read,
    java::read,
    dotnet::read,
    php::read,
    ruby::read,
    elixir::read,
    python::read,
    node::read,
];

/// All modules, by their folders; and whether there are more. `name` is what the
/// folder itself is called.
pub(crate) fn modules(
    inventory: &Inventory,
    files: &Inside<'_>,
    name: &str,
) -> (Vec<Module>, bool) {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for path in inventory.paths() {
        folders
            .entry(folder_of(path))
            .or_default()
            .insert(name_of(path));
    }
    folders.retain(|path, _| !is_example(path) && !is_result(path));
    let folders: Vec<_> = folders.into_iter().collect();
    let read = folders.par_iter().filter_map(|(path, names)| {
        let folder = Folder {
            path,
            names,
            inventory,
            files,
        };
        Some(module(&folder, best(&folder)?, name))
    });
    let mut modules: Vec<Module> = read.collect();
    let known: BTreeSet<String> = modules.iter().map(|module| module.path.clone()).collect();
    for (path, names) in &folders {
        let folder = Folder {
            path,
            names,
            inventory,
            files,
        };
        if !is_within(path, &known)
            && let Some(draft) = loose::read(&folder)
        {
            modules.push(module(&folder, draft, name));
        }
    }
    modules.sort_by(|a, b| a.path.cmp(&b.path));
    let is_cut = modules.len() > MOST;
    modules.truncate(MOST);
    (modules, is_cut)
}

fn best(folder: &Folder<'_>) -> Option<Draft> {
    let mut drafts = READERS.iter().filter_map(|read| read(folder));
    let first = drafts.next()?;
    if first.framework.is_some() {
        return Some(first);
    }
    let better = drafts.find(|draft| draft.framework.is_some());
    Some(better.unwrap_or(first))
}

fn module(folder: &Folder<'_>, draft: Draft, project: &str) -> Module {
    let own = match folder.path {
        "" => project,
        path => name_of(path),
    };
    let dockerfiles = ["Dockerfile", "Containerfile"];
    let dockerfile = dockerfiles.iter().find(|name| folder.has(name));
    Module {
        name: draft
            .name
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| own.to_owned()),
        path: folder.path.to_owned(),
        language: draft.language,
        port: match draft.role {
            ModuleRole::Service => draft.framework.and_then(framework::port),
            ModuleRole::Library | ModuleRole::Docs => None,
        },
        framework: draft.framework,
        role: draft.role,
        version: draft.version.or_else(|| {
            let name = dockerfile?;
            image::version(folder, name, draft.language)
        }),
        package_manager: package_manager(folder, draft.language),
        description: draft.description,
        dockerfile: dockerfile.map(|name| within(folder.path, name)),
        found_by: within(folder.path, &draft.found_by),
        typescript: draft.typescript,
    }
}

/// The tool whose lock file lies in the folder or above it.
fn package_manager(folder: &Folder<'_>, language: Language) -> Option<&'static str> {
    let locks: &[(&str, &'static str)] = match language {
        Language::Node => &[
            ("pnpm-lock.yaml", "pnpm"),
            ("yarn.lock", "yarn"),
            ("bun.lock", "bun"),
            ("bun.lockb", "bun"),
            ("package-lock.json", "npm"),
        ],
        Language::Python => &[
            ("uv.lock", "uv"),
            ("poetry.lock", "poetry"),
            ("pdm.lock", "pdm"),
            ("Pipfile.lock", "pipenv"),
        ],
        Language::Dotnet
        | Language::Elixir
        | Language::Go
        | Language::Java
        | Language::Php
        | Language::Ruby
        | Language::Rust
        | Language::Static => return None,
    };
    let mut path = folder.path;
    loop {
        let here = locks
            .iter()
            .find(|(name, _)| folder.inventory.has(&within(path, name)));
        if here.is_some() || path.is_empty() {
            return here.map(|(_, tool)| *tool);
        }
        path = folder_of(path);
    }
}

/// Whether a folder, or one above it, is among `known`.
fn is_within(path: &str, known: &BTreeSet<String>) -> bool {
    let mut path = path;
    loop {
        if known.contains(path) {
            return true;
        }
        if path.is_empty() {
            return false;
        }
        path = folder_of(path);
    }
}

/// Folders whose content is there to be looked at or tested with, not to be run.
pub(crate) fn is_example(path: &str) -> bool {
    let shown = [".examples", "example", "examples", "sample", "samples"];
    is_test_data(path) || path.split('/').any(|part| shown.contains(&part))
}

/// Folders whose content tests work on.
pub(crate) fn is_test_data(path: &str) -> bool {
    const NAMES: [&str; 7] = [
        "__fixtures__",
        "__mocks__",
        "__snapshots__",
        "__tests__",
        "fixture",
        "fixtures",
        "testdata",
    ];
    path.split('/').any(|part| NAMES.contains(&part))
}

/// Folders that builds write to.
fn is_result(path: &str) -> bool {
    path.split('/')
        .any(|part| matches!(part, "build" | "out" | "bin" | "obj" | "coverage"))
}

/// The text of an element of XML, the first of that name: enough for project files, whose
/// elements have no attributes.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let open = format!("<{name}>");
    let (_, rest) = text.split_once(&open)?;
    let (inner, _) = rest.split_once("</")?;
    let inner = inner.trim();
    (!inner.is_empty() && inner.len() <= 200).then_some(inner)
}

#[cfg(test)]
mod tests;

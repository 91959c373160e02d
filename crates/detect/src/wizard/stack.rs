//! `stack_defaults`: what forms begin with, from the first module that runs.
//!
//! Nothing is made up: what the project does not say is empty.

use serde_json::{Value, json};

use crate::detection::Detection;
use crate::module::{Language, Module, ModuleRole};

/// The first module that runs, else the first there is; empty texts without any.
pub(super) fn defaults(found: &Detection) -> Value {
    let runs = |module: &&Module| module.role == ModuleRole::Service;
    let modules = &found.modules;
    match modules.iter().find(runs).or(modules.first()) {
        Some(module) => of_module(found, module),
        None => json!({
            "primary_stack": "", "language_family": "", "icon": "", "domain": "service",
            "docker": docker("", "", ""),
            "ci": ci("", "", "", Language::Static),
            "capabilities": {},
        }),
    }
}

fn of_module(found: &Detection, module: &Module) -> Value {
    let version = version(module);
    let (install, test) = (install(module), test(module));
    let base = found
        .dockerfiles
        .iter()
        .find(|file| Some(&file.path) == module.dockerfile.as_ref())
        .and_then(|file| file.base_image.clone());
    let base = base.unwrap_or_else(|| image(module.language, &version));
    let port = module.port.map(|port| port.to_string());
    let mut capabilities = serde_json::Map::new();
    for (name, command) in [("install", install), ("test", test)] {
        if !command.is_empty() {
            capabilities.insert(name.to_owned(), json!(command));
        }
    }
    json!({
        "primary_stack": module.stack(),
        "language_family": module.language.as_str(),
        "icon": "",
        "domain": module.role.as_str(),
        "docker": docker(&base, install, &port.unwrap_or_default()),
        "ci": ci(install, test, &version, module.language),
        "capabilities": capabilities,
    })
}

fn docker(base: &str, install: &str, port: &str) -> Value {
    json!({
        "base_image": base, "install_cmd": install, "entry_cmd": "", "workdir": "/app", "port": port,
    })
}

fn ci(install: &str, test: &str, version: &str, language: Language) -> Value {
    json!({
        "install_cmd": install, "test_cmd": test, "lint_cmd": "", "format_cmd": "",
        "language_version": version,
        "language_key": key(language),
        "language_label": label(language),
    })
}

/// The first number in what the project says: `3.12` of `>=3.12,<4`.
fn version(module: &Module) -> String {
    let said = module.version.as_deref().unwrap_or_default();
    let start = said
        .find(|c: char| c.is_ascii_digit())
        .unwrap_or(said.len());
    let end = said[start..].find(|c: char| !(c.is_ascii_digit() || c == '.'));
    let number = &said[start..end.map_or(said.len(), |end| start + end)];
    number.trim_end_matches('.').to_owned()
}

/// The official image with the tools of a language; the newest of its series where
/// no version is said.
fn image(language: Language, version: &str) -> String {
    let (name, usual, suffix) = match language {
        Language::Dotnet => ("mcr.microsoft.com/dotnet/sdk", "8.0", ""),
        Language::Elixir => ("elixir", "1", "-slim"),
        Language::Go => ("golang", "1", "-alpine"),
        Language::Java => ("eclipse-temurin", "21", "-jdk-alpine"),
        Language::Node => ("node", "lts", "-alpine"),
        Language::Php => ("php", "8", "-cli"),
        Language::Python => ("python", "3", "-slim"),
        Language::Ruby => ("ruby", "3", "-slim"),
        Language::Rust => ("rust", "1", "-slim"),
        Language::Static => return String::new(),
    };
    let version = if version.is_empty() { usual } else { version };
    format!("{name}:{version}{suffix}")
}

/// How dependencies are fetched, where the project's files say by which tool.
fn install(module: &Module) -> &'static str {
    match (module.language, module.package_manager) {
        (_, Some("npm")) => "npm ci",
        (_, Some("pnpm")) => "pnpm install --frozen-lockfile",
        (_, Some("yarn")) => "yarn install --immutable",
        (_, Some("bun")) => "bun install --frozen-lockfile",
        (_, Some("uv")) => "uv sync --frozen",
        (_, Some("poetry")) => "poetry install",
        (_, Some("pdm")) => "pdm install",
        (Language::Node, _) => "npm install",
        (Language::Python, _) if module.found_by.ends_with("requirements.txt") => {
            "pip install -r requirements.txt"
        }
        (Language::Python, _) if module.found_by.ends_with("pyproject.toml") => "pip install .",
        (Language::Go, _) => "go mod download",
        (Language::Rust, _) => "cargo fetch",
        (Language::Dotnet, _) => "dotnet restore",
        (Language::Php, _) => "composer install",
        (Language::Ruby, _) => "bundle install",
        (Language::Elixir, _) => "mix deps.get",
        (Language::Java | Language::Python | Language::Static, _) => "",
    }
}

/// How tests are run, where the language's own tool does that.
fn test(module: &Module) -> &'static str {
    match module.language {
        Language::Go => "go test ./...",
        Language::Rust => "cargo test",
        Language::Dotnet => "dotnet test",
        Language::Elixir => "mix test",
        Language::Java if module.found_by.ends_with(".xml") => "mvn -B test",
        Language::Java
        | Language::Node
        | Language::Php
        | Language::Python
        | Language::Ruby
        | Language::Static => "",
    }
}

/// What the usual actions of a pipeline call the version.
fn key(language: Language) -> &'static str {
    match language {
        Language::Dotnet => "dotnet-version",
        Language::Elixir => "elixir-version",
        Language::Go => "go-version",
        Language::Java => "java-version",
        Language::Node => "node-version",
        Language::Php => "php-version",
        Language::Python => "python-version",
        Language::Ruby => "ruby-version",
        Language::Rust => "toolchain",
        Language::Static => "",
    }
}

fn label(language: Language) -> &'static str {
    match language {
        Language::Dotnet => ".NET",
        Language::Elixir => "Elixir",
        Language::Go => "Go",
        Language::Java => "Java",
        Language::Node => "Node.js",
        Language::Php => "PHP",
        Language::Python => "Python",
        Language::Ruby => "Ruby",
        Language::Rust => "Rust",
        Language::Static => "",
    }
}

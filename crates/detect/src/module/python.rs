//! `pyproject.toml`, `requirements.txt`, `Pipfile`, `setup.py`.
//!
//! <https://packaging.python.org/en/latest/specifications/pyproject-toml/>

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::framework::{Names, first};
use super::{Draft, Folder, Language, ModuleRole};

const FILES: [&str; 5] = [
    "pyproject.toml",
    "requirements.txt",
    "Pipfile",
    "setup.py",
    "setup.cfg",
];

const FRAMEWORKS: &Names = &[
    ("fastapi", "fastapi"),
    ("django", "django"),
    ("flask", "flask"),
    ("litestar", "litestar"),
    ("sanic", "sanic"),
    ("starlette", "starlette"),
    ("streamlit", "streamlit"),
    ("tornado", "tornado"),
    ("celery", "celery"),
];

/// Files that programs begin with.
const STARTS: [&str; 9] = [
    "__main__.py",
    "app.py",
    "asgi.py",
    "bot.py",
    "main.py",
    "manage.py",
    "server.py",
    "worker.py",
    "wsgi.py",
];

pub(super) fn read(folder: &Folder<'_>) -> Option<Draft> {
    let found_by = *FILES.iter().find(|name| folder.has(name))?;
    let mut draft = Draft::new(Language::Python, found_by);
    let mut dependencies = BTreeSet::new();
    let project = folder
        .text("pyproject.toml")
        .and_then(|text| text.parse::<Table>().ok());
    if let Some(project) = &project {
        of_project(project, &mut draft, &mut dependencies);
        // Settings of linters alone make no module.
        let is_package = ["project", "build-system"]
            .iter()
            .any(|key| project.contains_key(*key))
            || table(project, &["tool", "poetry"]).is_some();
        if !is_package && !FILES[1..].iter().any(|name| folder.has(name)) {
            return None;
        }
    }
    if let Some(pipfile) = folder
        .text("Pipfile")
        .and_then(|text| text.parse::<Table>().ok())
    {
        let packages = table(&pipfile, &["packages"]).into_iter().flatten();
        dependencies.extend(packages.map(|(name, _)| normal(name)));
    }
    if let Some(text) = folder.text("requirements.txt") {
        dependencies.extend(text.lines().filter_map(requirement));
    }
    draft.framework = first(FRAMEWORKS, |name| dependencies.contains(name));
    draft.version = folder.line(".python-version").or(draft.version);
    let starts = STARTS.iter().any(|name| {
        folder.has(name)
            || folder.has_below(&format!("src/{name}"))
            || folder.has_below(&format!("app/{name}"))
    });
    let has_dockerfile = folder.has("Dockerfile");
    if draft.framework.is_none() && !starts && !has_dockerfile {
        draft.role = ModuleRole::Library;
    }
    Some(draft)
}

fn of_project(project: &Table, draft: &mut Draft, dependencies: &mut BTreeSet<String>) {
    let own = table(project, &["project"]);
    let poetry = table(project, &["tool", "poetry"]);
    let get = |key: &str| {
        let of = |table: Option<&Table>| table?.get(key)?.as_str().map(str::to_owned);
        of(own).or_else(|| of(poetry))
    };
    draft.name = get("name");
    draft.description = get("description").unwrap_or_default();
    draft.version = get("requires-python");
    let list = own
        .and_then(|own| own.get("dependencies"))
        .and_then(Value::as_array);
    let list = list.into_iter().flatten().filter_map(Value::as_str);
    dependencies.extend(list.filter_map(requirement));
    if let Some(own) = poetry.and_then(|poetry| table(poetry, &["dependencies"])) {
        let python = own.get("python").and_then(Value::as_str);
        draft.version = draft.version.take().or(python.map(str::to_owned));
        dependencies.extend(own.keys().map(|name| normal(name)));
    }
}

fn table<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Table> {
    let mut at = table;
    for key in path {
        at = at.get(*key)?.as_table()?;
    }
    Some(at)
}

/// The name in a line of requirements: `fastapi[standard]>=0.1 ; python…`.
fn requirement(line: &str) -> Option<String> {
    let line = line.trim();
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
    let name = &line[..end.unwrap_or(line.len())];
    let is_name = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    is_name.then(|| normal(name))
}

/// <https://packaging.python.org/en/latest/specifications/name-normalization/>
fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

//! Env files: which there are and which variables they name, never a value.

use std::collections::BTreeSet;
use std::path::Path;

use kubewright_files::Files as _;
use serde::Serialize;

use crate::environment::is_usual;
use crate::inside::Inside;
use crate::inventory::{Inventory, folder_of, name_of};
use crate::module::is_test_data;

/// How long an env file may be, in bytes.
const LONGEST: u64 = 1 << 20;

/// Env files that are read.
const MOST: usize = 500;

/// A file with variables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VariableFile {
    /// Its path.
    pub path: String,
    /// The environment that its name says: `prod` of `.env.prod`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Whether it is a pattern to copy: `.env.example`.
    pub is_example: bool,
    /// The names of its variables, sorted.
    pub names: Vec<String>,
}

/// All env files, by their paths. At the top also those that git ignores, which is most of
/// them.
pub(crate) fn variable_files(inventory: &Inventory, files: &Inside<'_>) -> Vec<VariableFile> {
    let mut paths: BTreeSet<String> = inventory
        .paths()
        .filter(|path| is_env_file(path) && !is_test_data(folder_of(path)))
        .map(str::to_owned)
        .collect();
    let at_top = files.list(Path::new("")).unwrap_or_default();
    paths.extend(
        at_top
            .into_iter()
            .filter(|name| is_env_file(&name.as_str())),
    );
    let paths = paths.into_iter().take(MOST);
    let read = paths.filter_map(|path| {
        let bytes = files.read_limited(Path::new(&path), LONGEST).ok()?;
        Some(VariableFile {
            environment: environment(name_of(&path)).map(str::to_owned),
            is_example: is_example(name_of(&path)),
            names: names(&String::from_utf8_lossy(&bytes)),
            path,
        })
    });
    read.collect()
}

/// `.env`, `.env.prod`, `prod.env`, `.env-prod`.
fn is_env_file(path: &&str) -> bool {
    let name = name_of(path);
    name == ".env"
        || name.starts_with(".env.")
        || name.starts_with(".env-")
        || name.ends_with(".env") && name.len() > 4
}

const EXAMPLES: [&str; 7] = [
    "default", "defaults", "dist", "example", "sample", "template", "tpl",
];

fn is_example(name: &str) -> bool {
    name.split(['.', '-', '_'])
        .any(|word| EXAMPLES.contains(&word))
}

fn environment(name: &str) -> Option<&str> {
    let rest = name.strip_prefix(".env.").or(name.strip_prefix(".env-"));
    let rest = rest.or(name.strip_suffix(".env"))?;
    let rest = rest.trim_end_matches(".local");
    (!is_example(name) && is_usual(rest)).then_some(rest)
}

/// The names that lines assign. A value in quotes may go on over several lines; none of
/// these is a name.
fn names(text: &str) -> Vec<String> {
    let mut names = BTreeSet::new();
    let mut open: Option<char> = None;
    for line in text.lines() {
        if let Some(quote) = open {
            open = open.filter(|_| !closes(line, quote));
            continue;
        }
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        let name = name.trim();
        if !is_name(name) {
            continue;
        }
        names.insert(name.to_owned());
        let value = value.trim();
        let quote = value
            .chars()
            .next()
            .filter(|first| ['"', '\''].contains(first));
        open = quote.filter(|quote| !closes(&value[1..], *quote));
    }
    names.into_iter().collect()
}

fn closes(text: &str, quote: char) -> bool {
    let mut is_escaped = false;
    for c in text.chars() {
        match c {
            '\\' if !is_escaped => is_escaped = true,
            c if c == quote && !is_escaped => return true,
            _ => is_escaped = false,
        }
    }
    false
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    let first = chars
        .next()
        .is_some_and(|c| c == '_' || c.is_ascii_alphabetic());
    first && name.len() <= 256 && chars.all(|c| c == '_' || c == '.' || c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_by_their_names() {
        let table = [
            (".env", true, None, false),
            (".env.prod", true, Some("prod"), false),
            ("a/.env-dev", true, Some("dev"), false),
            (".env.production.local", true, Some("production"), false),
            (".env.local", true, Some("local"), false),
            ("prod.env", true, Some("prod"), false),
            (".env.example", true, None, true),
            ("example.env", true, None, true),
            (".env.prod.example", true, None, true),
            (".environment", false, None, false),
            ("db.env", true, None, false),
            ("env", false, None, false),
        ];
        for (path, is_one, expected, example) in table {
            assert_eq!(is_env_file(&path), is_one, "{path}");
            if is_one {
                assert_eq!(environment(name_of(path)), expected, "{path}");
                assert_eq!(is_example(name_of(path)), example, "{path}");
            }
        }
    }

    #[test]
    fn names_and_no_values() {
        let text = "A=1\n# B=2\nexport C = d\nE: f\nKEY=\"-----BEGIN\nhunter2=x\n\"\nG='a\\'b'\n=x\n1A=b\nH\n";
        assert_eq!(names(text), ["A", "C", "G", "KEY"]);
    }
}

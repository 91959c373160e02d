//! What the pages for contributors say is so: paths exist, walls stand where
//! they are drawn, and the list of diagnostics is the list in the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const PAGES: [&str; 3] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/decisions.md"];
const ARCHITECTURE: &str = "ARCHITECTURE.md";
const DIAGNOSTICS: &str = "docs/diagnostics.md";

/// Functions through which something is said, by the severity that they give.
/// The first string among their arguments is the code.
const SAYERS: [(&str, Option<&str>); 8] = [
    ("error", Some("error")),
    ("problem", Some("error")),
    ("warning", Some("warning")),
    ("warn", Some("warning")),
    ("note", Some("note")),
    ("say", None),
    ("say_at", None),
    ("Diagnostic::new", None),
];

#[test]
fn paths_on_the_pages_exist() {
    let root = root();
    let tops: BTreeSet<String> = fs::read_dir(&root)
        .expect("the workspace can be read")
        .map(|entry| entry.expect("the workspace can be read").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .chain(["crates", "docs", "examples", "tests", "tools"].map(str::to_owned))
        .collect();
    let mut missing = Vec::new();
    let mut seen = 0;
    for page in PAGES {
        let text = read(page);
        for path in quoted(&text).chain(links(&text)) {
            let Some(path) = repository_path(path, &tops) else {
                continue;
            };
            seen += 1;
            if !root.join(path).exists() {
                missing.push(format!("{page}: {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(seen > 60, "only {seen} paths were found");
}

#[test]
fn the_map_and_the_walls_are_those_of_the_workspace() {
    let text = read(ARCHITECTURE);
    let mut drawn = BTreeMap::new();
    for cells in rows(&text).filter(|cells| cells.len() == 3) {
        if let Some(name) = code(cells[0]) {
            drawn.insert(
                name.to_owned(),
                quoted(cells[1]).map(str::to_owned).collect(),
            );
        }
    }
    let mut built = BTreeMap::new();
    for krate in crates() {
        let manifest = fs::read_to_string(krate.join("Cargo.toml")).expect("a crate's manifest");
        let name = krate.file_name().expect("a folder").to_string_lossy();
        let on_map = format!("| `crates/{name}` |");
        assert!(text.contains(&on_map), "{name} is not on the map");
        built.insert(name.into_owned(), own_dependencies(&manifest));
    }
    assert_eq!(drawn, built);
}

#[test]
fn every_code_is_described_and_every_described_code_is_said() {
    let mut described: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for cells in rows(&read(DIAGNOSTICS)).filter(|cells| cells.len() == 5) {
        if let Some(code) = code(cells[0]) {
            let severities = cells[1].split(", ").map(str::to_owned).collect();
            let before = described.insert(code.to_owned(), severities);
            assert!(before.is_none(), "`{code}` is described twice");
            let empty = cells.iter().any(|cell| cell.is_empty());
            assert!(!empty, "a cell of `{code}` is empty");
        }
    }
    let said = codes_of_the_sources();
    assert!(said.len() > 60, "only {} codes were found", said.len());

    let known: BTreeSet<&String> = described.keys().collect();
    let used: BTreeSet<&String> = said.keys().collect();
    let undescribed: Vec<_> = used.difference(&known).collect();
    let gone: Vec<_> = known.difference(&used).collect();
    assert!(
        undescribed.is_empty(),
        "{DIAGNOSTICS} lacks {undescribed:?}"
    );
    assert!(
        gone.is_empty(),
        "{DIAGNOSTICS} has, and nothing says, {gone:?}"
    );
    for (code, severities) in &said {
        let missing: Vec<_> = severities.difference(&described[code]).collect();
        assert!(missing.is_empty(), "`{code}` is also said as {missing:?}");
    }
}

#[test]
fn codes_are_found_in_all_their_forms() {
    let rows = [
        (r#"Diagnostic::error("a-b", span, "words")"#, "a-b", "error"),
        ("Diagnostic::note(\n    \"a\",\n    span,", "a", "note"),
        (r#"at.warn("a-b", format!("x"), "y")"#, "a-b", "warning"),
        (
            r#"warn(room, mount, "a-b", message, help)"#,
            "a-b",
            "warning",
        ),
        (r#"at.say_at(x(y), Severity::Note, "a", m, h)"#, "a", "note"),
        (
            r#"talk(&format!("error[out]: no {error}"))"#,
            "out",
            "error",
        ),
        (
            "fn code(&self) -> x {\n Self::A => \"a-b\",\n}\n\n",
            "a-b",
            "",
        ),
        ("const CODE: &str = \"a-b\";\n", "a-b", ""),
        (
            "let (code, help) = match x {\n A => (\n\"a-b\",\n\"Help\"),\n};\n",
            "a-b",
            "",
        ),
    ];
    for (source, code, severity) in rows {
        let mut found = BTreeMap::new();
        codes(source, &mut found);
        let severities: BTreeSet<String> = (!severity.is_empty())
            .then(|| severity.to_owned())
            .into_iter()
            .collect();
        let expected = BTreeMap::from([(code.to_owned(), severities)]);
        assert_eq!(found, expected, "{source}");
    }
    let silent = [
        r#"Diagnostic::error(code, span, "words of a message")"#,
        r#"kubewright_source::Sources::new("a-b")"#,
        r#"#[error("interrupted")]"#,
        r#"Diagnostic::error(error.code(), span, message).path("a-b")"#,
    ];
    for source in silent {
        let mut found = BTreeMap::new();
        codes(source, &mut found);
        assert!(found.is_empty(), "{source}: {found:?}");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

fn crates() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("crates")).expect("crates/ can be read");
    let mut crates: Vec<PathBuf> = entries
        .map(|entry| entry.expect("crates/ can be read").path())
        .filter(|path| path.join("Cargo.toml").exists())
        .collect();
    crates.sort();
    crates
}

/// The words in backticks, line by line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// The targets of links.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("](").skip(1);
    parts.filter_map(|part| part.split_once(')').map(|(target, _)| target))
}

/// A path that begins at a folder or is a file of the repository, up to the
/// first part that stands for any name.
fn repository_path<'a>(text: &'a str, tops: &BTreeSet<String>) -> Option<&'a str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/<>*".contains(c);
    let is_page = text.ends_with(".md");
    if !text.chars().all(plain) || !(text.contains('/') || is_page) {
        return None;
    }
    let first = text.split('/').next()?;
    if !tops.contains(first) && !is_page {
        return None;
    }
    let end = text.find(['<', '*']).unwrap_or(text.len());
    Some(text[..end].trim_end_matches('/'))
}

/// The cells of all rows of all tables.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text.lines().filter(|line| line.starts_with('|'));
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
}

/// A cell that is one word in backticks.
fn code(cell: &str) -> Option<&str> {
    let word = cell.strip_prefix('`')?.strip_suffix('`')?;
    is_code(word).then_some(word)
}

/// Our own crates among the dependencies that the built crate has.
fn own_dependencies(manifest: &str) -> BTreeSet<String> {
    let (_, rest) = manifest.split_once("[dependencies]").unwrap_or_default();
    let section = rest.split("\n[").next().unwrap_or_default();
    section
        .lines()
        .filter_map(|line| line.strip_prefix("kubewright-"))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .map(str::to_owned)
        .collect()
}

/// Every code, with the severities that can be told from the text.
fn codes_of_the_sources() -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for krate in crates() {
        sources(&krate.join("src"), &mut found);
    }
    found
}

fn sources(folder: &Path, found: &mut BTreeMap<String, BTreeSet<String>>) {
    for entry in fs::read_dir(folder).expect("sources can be read") {
        let path = entry.expect("sources can be read").path();
        let stem = path.file_stem().unwrap_or_default();
        if stem == "tests" {
            continue;
        }
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            codes(
                &without_tests(&fs::read_to_string(&path).expect("sources are text")),
                found,
            );
        }
    }
}

/// The text without unit tests and comments.
fn without_tests(text: &str) -> String {
    let (before, _) = text
        .split_once("#[cfg(test)]\nmod tests {")
        .unwrap_or((text, ""));
    let lines = before
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

fn codes(text: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
    for (sayer, severity) in SAYERS {
        for (at, call) in text.match_indices(&format!("{sayer}(")) {
            let before = text[..at].chars().next_back();
            let is_whole = before.is_none_or(|c| !c.is_alphanumeric() && !"_[".contains(c));
            let arguments = &text[at + call.len()..];
            if let (true, Some(code)) = (is_whole, first_string(arguments).filter(|s| is_code(s))) {
                let named = arguments.split('"').next().unwrap_or_default();
                add(code, severity.or_else(|| named_severity(named)), found);
            }
        }
    }
    for severity in ["error", "warning", "note"] {
        for part in text.split(&format!("\"{severity}[")).skip(1) {
            let code = part.split(']').next().filter(|code| is_code(code));
            code.into_iter()
                .for_each(|code| add(code, Some(severity), found));
        }
    }
    for (start, end) in [
        ("fn code(", "\n\n"),
        ("const CODE", ";"),
        ("let (code, ", ";\n"),
    ] {
        for part in text.split(start).skip(1) {
            let part = part.split(end).next().unwrap_or_default();
            let strings = part.split('"').skip(1).step_by(2);
            let kebab = strings.filter(|s| is_code(s) && s.contains('-'));
            kebab.for_each(|code| add(code, None, found));
        }
    }
}

fn add(code: &str, severity: Option<&str>, found: &mut BTreeMap<String, BTreeSet<String>>) {
    let severities = found.entry(code.to_owned()).or_default();
    severities.extend(severity.map(str::to_owned));
}

/// The first string that stands between the brackets of a call.
fn first_string(arguments: &str) -> Option<&str> {
    let mut depth = 0usize;
    for (at, c) in arguments.char_indices() {
        match c {
            '"' => return arguments[at + 1..].split('"').next(),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

fn named_severity(arguments: &str) -> Option<&'static str> {
    let words = [("Error", "error"), ("Warning", "warning"), ("Note", "note")];
    let found = words
        .into_iter()
        .find(|(name, _)| arguments.contains(&format!("Severity::{name}")));
    found.map(|(_, word)| word)
}

fn is_code(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    text.split('-').all(word)
}

//! The options of the command and those of the server's calls are the same.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// Options that a request says in other words.
const RENAMED: [(&str, &str); 5] = [
    ("env-file", "envFiles"),
    ("format", "formats"),
    ("no-config-hash", "configHash"),
    ("output", "outputDir"),
    ("profile", "profiles"),
];

/// Options that a request has no need of: two say that nothing is written, which
/// `/api/v1/preview` does; the project's folder is the one that is served; the rest
/// is about what a terminal shows.
const ELSEWHERE: [&str; 9] = [
    "check",
    "color",
    "dry-run",
    "help",
    "json",
    "no-progress",
    "project-directory",
    "quiet",
    "verbose",
];

#[test]
fn a_request_can_say_what_the_command_can() {
    let help = Command::new(env!("CARGO_BIN_EXE_kubewright"))
        .args(["generate", "--help"])
        .output()
        .expect("the command runs");
    let help = String::from_utf8(help.stdout).expect("help is text");
    let options = help.lines().filter_map(|line| {
        let line = line.trim_start();
        let long = line
            .strip_prefix("--")
            .or_else(|| line.split_once(", --").map(|it| it.1));
        let long = long.filter(|_| line.starts_with('-'))?;
        Some(long.split([' ', '=', '[']).next().unwrap_or_default())
    });
    let expected: BTreeSet<String> = options
        .filter(|option| !ELSEWHERE.contains(option))
        .map(asked)
        .chain(["inputs".to_owned(), "options".to_owned()])
        .collect();
    assert!(expected.len() > 20, "{expected:?}");
    assert_eq!(taken(), expected);
}

/// An option's name in a request.
fn asked(option: &str) -> String {
    if let Some((_, renamed)) = RENAMED.iter().find(|(name, _)| *name == option) {
        return (*renamed).to_owned();
    }
    let mut words = option.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (head, tail) = word.split_at(1);
        format!("{name}{}{tail}", head.to_ascii_uppercase())
    })
}

/// Everything that a request may have.
fn taken() -> BTreeSet<String> {
    let document: Value =
        serde_json::from_str(&kubewright_server::openapi()).expect("the document is JSON");
    let of = |schema: &str| {
        let properties = &document["components"]["schemas"][schema]["properties"];
        let properties = properties.as_object().expect("the schema of an object");
        properties.keys().cloned().collect::<Vec<_>>()
    };
    of("Ask").into_iter().chain(of("AskOptions")).collect()
}

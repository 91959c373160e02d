use kubewright_read::dotenv::{EnvFile, Format};
use kubewright_read::interpolate::{Dialect, MissingVariables, expand};
use kubewright_read::shell;
use proptest::prelude::*;

use super::*;

/// Texts that are nearly compose files, so that more than the YAML reader is reached.
fn compose_like() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "services",
        "a",
        "b",
        "extends",
        "include",
        "env_file",
        "profiles",
        "depends_on",
        "ports",
        "environment",
        "build",
        "volumes",
        "image",
        "command",
        "name",
        "version",
        "service",
        "file",
        "path",
        "labels",
        "x-a",
        "compose.yaml",
        "b.yaml",
        "A=1",
        "80:80",
        "./a:/b",
        "null",
        "${A}",
        "${A:-${B}}",
        "${",
        "!reset",
        "!override",
        "&x",
        "*x",
        "<<",
        "'",
        "\"",
        "-",
        "ü",
    ]);
    let glue = prop::sample::select(vec![
        ": ", ", ", "{", "}", "[", "]", "\n", "\n  ", "\n    ", "\n      ", " ", "- ",
    ]);
    prop::collection::vec((words, glue), 0..60).prop_map(|parts| {
        parts
            .into_iter()
            .map(|(word, glue)| format!("{word}{glue}"))
            .collect()
    })
}

fn load_both(first: &str, second: &str) {
    let files = files(&[
        ("compose.yaml", first),
        ("b.yaml", second),
        (".env", "A=1"),
        ("a", second),
    ]);
    run(&request(&[]), &files, &[]);
    run(&request(&["compose.yaml", "b.yaml"]), &files, &[("B", "x")]);
}

proptest! {
    #[test]
    fn loading(first in compose_like(), second in compose_like()) {
        load_both(&first, &second);
    }

    #[test]
    fn loading_anything(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,100}") {
        let files = MemoryFiles::new().with("compose.yaml", bytes).with("b.yaml", text);
        run(&request(&[]), &files, &[]);
        run(&request(&["b.yaml"]), &files, &[]);
    }

    #[test]
    fn loading_services(
        over in prop::collection::vec(("[a-c]", "(extends: [a-c], )?(ports: \\[[0-9]{1,2}\\], )?(environment: (\\[A=1, A\\]|\\{A: !reset null\\}|3), )?tty: [a-z$]{1,3}"), 1..6),
    ) {
        let mut text = "services:\n".to_owned();
        for (at, (name, body)) in over.iter().enumerate() {
            text.push_str(&format!("  {name}{at}: {{{body}}}\n  {name}: {{image: x}}\n"));
        }
        load_both(&text, &text.replace("A=1", "B=2"));
    }

    #[test]
    fn env_files(text in "([A-C\u{e4}= '\"#$\\\\{}:\n\r0-7.-]|export |\u{feff}){0,60}", raw in any::<bool>()) {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let format = if raw { Format::Raw } else { Format::Dotenv };
        let file = EnvFile::parse(".env", text.clone(), format, &mut sources, &mut diagnostics);
        let mut known = std::collections::BTreeMap::new();
        let mut missing = MissingVariables::default();
        let variables = file.variables(&|_| None, &mut known, &mut missing, &mut diagnostics);
        let shown = sources.iter().next().unwrap();
        prop_assert_eq!(shown.text().len(), text.len());
        for variable in variables {
            prop_assert_eq!(sources.text(variable.name.span), Some(variable.name.as_str()));
        }
    }

    #[test]
    fn interpolation(text in "([$\\{\\}:?+a-c -]|\u{fc}|\n){0,40}") {
        for dialect in [Dialect::Compose, Dialect::Apps] {
            match expand(&text, dialect, &|name| (name == "a").then_some("v".into())) {
                Ok(expanded) => prop_assert!(text.contains('$') || expanded.text == text),
                Err(fault) => prop_assert!(text.get(fault.range).is_some()),
            }
        }
    }

    #[test]
    fn command_lines(text in "([ab'\"`$()\\\\;&|<> \t\n]|\u{fc}){0,40}") {
        if let Ok(words) = shell::split(&text) {
            prop_assert!(words.rest.is_none_or(|rest| text.is_char_boundary(rest)));
        }
    }

    #[test]
    fn quoted_words_come_back(words in prop::collection::vec("[ -&(-~\u{fc}]{0,8}", 0..5)) {
        let line: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        prop_assert_eq!(shell::split(&line.join(" ")).unwrap().words, words);
    }
}

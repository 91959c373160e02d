//! The programs of a command line, and of the script that it gives to a shell.

/// Words that stand before the program that they start.
const WRAPPERS: [&str; 16] = [
    "!",
    "--",
    "command",
    "do",
    "dumb-init",
    "elif",
    "else",
    "env",
    "exec",
    "if",
    "nohup",
    "then",
    "time",
    "tini",
    "until",
    "while",
];

/// The same with a user between.
const AS_USER: [&str; 2] = ["gosu", "su-exec"];

const SHELLS: [&str; 5] = ["sh", "bash", "ash", "dash", "zsh"];

/// What cannot be told.
const ANY: &str = "$";

/// The programs that a command line runs; `$` for what cannot be told. None where
/// the first word is an option, which goes to a program of the image.
pub(super) fn programs(words: &[&str]) -> Vec<String> {
    let Some(at) = start(words) else {
        return vec![ANY.to_owned()];
    };
    let (program, rest) = (words[at], &words[at + 1..]);
    if at == 0 && program.starts_with('-') {
        return Vec::new();
    }
    match SHELLS.contains(&name(program)) {
        true => of_shell(program, rest),
        false => vec![program.to_owned()],
    }
}

/// Where the program stands that a line runs.
fn start(words: &[&str]) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let bare = name(word);
        if AS_USER.contains(&bare) {
            at += 2;
        } else if is_before(word, bare) || at > 0 && word.starts_with('-') {
            at += 1;
        } else {
            return Some(at);
        }
    }
    None
}

/// Whether a word stands before the program: a wrapper, a variable for it.
fn is_before(word: &str, bare: &str) -> bool {
    WRAPPERS.contains(&bare) || is_assignment(word) || bare.contains("entrypoint")
}

fn name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or_default()
}

fn is_assignment(word: &str) -> bool {
    let name = word.split_once('=').map_or("", |(name, _)| name);
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(letter)
}

/// What a shell runs: a script in the line, a file, or what somebody types.
fn of_shell(shell: &str, words: &[&str]) -> Vec<String> {
    let takes_script = |word: &&str| word.starts_with('-') && word.ends_with('c');
    if let Some(at) = words.iter().position(takes_script) {
        let script = words.get(at + 1).copied().unwrap_or_default();
        return of_script(script);
    }
    match words.iter().any(|word| !word.starts_with('-')) {
        true => vec![ANY.to_owned()],
        false => vec![shell.to_owned()],
    }
}

/// The first words of all that a script may run. What stands in quotes counts, too:
/// rather one too many than one too few.
fn of_script(script: &str) -> Vec<String> {
    let script = script.replace("\\\n", " ");
    let steps = script.split([';', '&', '|', '\n', '(', ')', '`', '{', '}']);
    let mut found = Vec::new();
    for step in steps {
        let words = step.split_whitespace();
        let words = words.map(|word| word.trim_matches(['"', '\'']));
        let words: Vec<&str> = words.take_while(|word| !word.starts_with('#')).collect();
        if words.is_empty() {
            continue;
        }
        found.extend(programs(&words));
        // A shell in the shell: its script is cut where the steps are.
        if words
            .iter()
            .any(|word| SHELLS.contains(&name(word)) || *word == "eval")
        {
            found.push(ANY.to_owned());
        }
        if matches!(words[0], "." | "source") {
            found.push(ANY.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn programs_of_lines() {
        let rows: [(&[&str], &[&str]); 10] = [
            (&["-c", "x"], &[]),
            (&["a", "b"], &["a"]),
            (&["env", "A=b", "nohup", "a"], &["a"]),
            (&["tini", "-g", "--", "a"], &["a"]),
            (&["gosu", "me", "a"], &["a"]),
            (&["/entrypoint.sh"], &["$"]),
            (&["sh"], &["sh"]),
            (&["sh", "a"], &["$"]),
            (
                &["sh", "-c", "while a; do b; done; exec c | d # e"],
                &["a", "b", "done", "c", "d"],
            ),
            (&["sh", "-c", "bash -c a"], &["a", "$"]),
        ];
        for (words, expected) in rows {
            assert_eq!(programs(words), expected, "{words:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(words in prop::collection::vec(".{0,20}", 0..5)) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let _ = programs(&words);
        }
    }
}

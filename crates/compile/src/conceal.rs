//! Secrets stay out of the snippets that diagnostics show.

use kubewright_knowledge::secret::looks_secret;
use kubewright_model::Project;
use kubewright_model::variable::VariableValue;
use kubewright_source::{Sources, Span};

/// The values that the project knows to be secret.
pub(crate) fn of_project(project: &Project, sources: &mut Sources) {
    for app in project.apps() {
        for variable in &app.main.environment {
            if let VariableValue::Secret(secret) = &variable.value
                && let Some(known) = &secret.known
            {
                sources.conceal(known.span);
            }
        }
    }
}

/// Whatever looks like a secret in a text that could not be read: where no
/// project came of it, nobody knows what its words mean.
pub(crate) fn of_texts(sources: &mut Sources) {
    let mut found = Vec::new();
    for (id, source) in sources.entries() {
        let mut start = 0;
        for line in source.text().split_inclusive('\n') {
            for (from, to) in secrets(line) {
                found.push(Span::new(id, start + from, start + to));
            }
            start += line.len();
        }
    }
    for span in found {
        sources.conceal(span);
    }
}

/// The parts of a line behind keys that look secret, and passwords of URLs.
fn secrets(line: &str) -> Vec<(usize, usize)> {
    let end = line.trim_end().len();
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut found = Vec::new();
    for (at, _) in line[..end].match_indices([':', '=']) {
        let before = line[..at].trim_end_matches(['"', '\'', ' ']);
        let start = before.rfind(|c| !word(c)).map_or(0, |before| before + 1);
        let key = before.get(start..).unwrap_or_default();
        // `secrets:` lists names.
        if key != "secrets" && looks_secret(key) {
            let value = &line[at + 1..end];
            let blanks = value.len() - value.trim_start().len();
            found.push((at + 1 + blanks, end));
        }
    }
    for (at, _) in line[..end].match_indices("://") {
        let rest = &line[at + 3..end];
        let password = rest.find('@').and_then(|host| {
            let colon = rest[..host].find(':')?;
            Some((at + 3 + colon + 1, at + 3 + host))
        });
        found.extend(password);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_secret_in_a_line() {
        let rows = [
            ("  DB_PASSWORD: hunter2\n", vec!["hunter2"]),
            ("- \"API_TOKEN=abc\"", vec!["abc\""]),
            ("{A: b, SECRET: c}", vec!["c}"]),
            ("URL: postgres://u:hunter2@db/x", vec!["hunter2"]),
            ("image: nginx:1", vec![]),
            ("secrets: [token]", vec![]),
            ("a ü: é", vec![]),
        ];
        for (line, expected) in rows {
            let parts: Vec<&str> = secrets(line)
                .into_iter()
                .map(|(from, to)| &line[from..to])
                .collect();
            assert_eq!(parts, expected, "{line}");
        }
    }
}

//! What people type into manifests and would not like to read in a message.

use kubewright_knowledge::secret;

/// Whether what stands under a name looks like a secret: by the name, by its own
/// form, or by an option or key within it. Words are those of a command line.
pub(crate) fn looks_secret(name: &str, words: &[&str]) -> bool {
    let is_said = |word: &&&str| !matches!(**word, "" | "true" | "false" | "null");
    let named = secret::looks_secret(name) && words.iter().any(|word| is_said(&word));
    let by_form = |word: &&str| {
        secret::holds_password(word)
            || secret::holds_credential(word)
            || !secret::assigned(word).is_empty()
            || word.lines().any(sets_secret)
    };
    named || words.iter().any(by_form) || !secret::assigned_words(words).is_empty()
}

/// Whether a line of some file gives a value to a key that looks secret:
/// `password: x`, `"apiToken": "x"`.
fn sets_secret(line: &str) -> bool {
    let Some((key, value)) = line.split_once(':') else {
        return false;
    };
    let is_quote = |c: char| matches!(c, '"' | '\'');
    let key = key.split_whitespace().last().unwrap_or_default();
    let value = value.trim().trim_end_matches(',');
    let is_said = !matches!(
        value,
        "" | "true" | "false" | "null" | "{" | "[" | "{}" | "[]"
    );
    is_said && secret::looks_secret(key.trim_matches(is_quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_secret() {
        let rows: [(&str, &[&str], bool); 15] = [
            ("DB_PASSWORD", &["x"], true),
            ("LEVEL", &["debug"], false),
            ("DB", &["postgres://shop:hunter2@db/shop"], true),
            ("args", &["serve", "--port=81"], false),
            ("args", &["serve", "--password=x"], true),
            ("args", &["serve", "--password", "x"], true),
            ("args", &["--api-token=x"], true),
            ("app.yaml", &["level: debug\npassword: x\n"], true),
            ("app.json", &["{\n  \"apiToken\": \"x\",\n}"], true),
            ("", &["  # the old password: x"], true),
            ("automountServiceAccountToken", &["false"], false),
            ("", &["automountServiceAccountToken: false"], false),
            ("secretName", &["db-secrets"], false),
            ("", &["          secretName: db-secrets"], false),
            ("", &["image: mine/web:1"], false),
        ];
        for (name, words, expected) in rows {
            assert_eq!(looks_secret(name, words), expected, "{name} {words:?}");
        }
    }
}

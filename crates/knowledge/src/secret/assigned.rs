//! Passwords that a text gives to an option: `--password=x`, `o: password=x`.

use std::ops::Range;

use super::name::looks_secret;
use super::value::{field, is_literal, names_password};

/// Where the values stand that a text gives to names that look secret
/// (`user=a,password=b`, `--api-token=c`), and what `-p` gives to a client of
/// MySQL. References to variables are none.
pub fn assigned(text: &str) -> Vec<Range<usize>> {
    let fields = text.match_indices('=').filter_map(|(at, _)| {
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let key = &text[..at];
        let start = key.rfind(|c| !word(c)).map_or(0, |before| {
            before + key[before..].chars().next().map_or(1, char::len_utf8)
        });
        let key = key[start..].trim_start_matches('-');
        let last = key.rsplit(['.', '-', '_']).next().unwrap_or_default();
        let is_secret = looks_secret(key) || (last == key && names_password(key));
        let value = field(&text[at + 1..]);
        (is_secret && is_written(value)).then(|| place(text, value))
    });
    fields.chain(of_mysql(text)).collect()
}

/// `mysqladmin ping -psecret`.
fn of_mysql(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_client = ["mysql", "mariadb"].iter().any(|name| text.contains(name));
    let options = text.match_indices(" -p").filter(move |_| is_client);
    options.filter_map(|(at, option)| {
        let rest = &text[at + option.len()..];
        let value = match rest.starts_with(['"', '\'']) {
            true => field(rest),
            false => rest.split_whitespace().next().unwrap_or_default(),
        };
        let follows = !rest.starts_with(char::is_whitespace);
        (follows && is_written(value)).then(|| place(text, value))
    })
}

/// `$(…)` and `$NAME` are not written out.
fn is_written(value: &str) -> bool {
    is_literal(value) && !value.starts_with('$')
}

/// Where a part of a text stands in it.
fn place(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_options() {
        let rows: [(&str, &[&str]); 14] = [
            ("username=u,password=hunter2,vers=3", &["hunter2"]),
            ("app --password=hunter2 -v", &["hunter2"]),
            ("app --api-token='a b'", &["a b"]),
            ("NPM_TOKEN=abc", &["abc"]),
            ("mysqladmin ping -uroot -phunter2", &["hunter2"]),
            ("mysqladmin ping -p\"hunter2\"", &["hunter2"]),
            ("mysqladmin ping -p$$MYSQL_PASSWORD", &[]),
            ("mysqladmin ping -p", &[]),
            ("mkdir -p/data", &[]),
            ("app --password=$$PASSWORD --token=${TOKEN}", &[]),
            ("app --password-file=/run/secrets/x", &[]),
            ("app --password=", &[]),
            ("type=nfs,addr=1.2.3.4", &[]),
            ("ü=é", &[]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = assigned(text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}

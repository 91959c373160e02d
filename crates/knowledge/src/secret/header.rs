//! Secrets behind a colon: headers of HTTP, and names in quotes as in JSON.

use std::ops::Range;

use super::name::{looks_secret, names_object};
use super::value::is_literal;

/// Headers that hold secrets though their names do not say so.
const HEADERS: [&str; 7] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-api-key",
    "x-auth-key",
    "x-auth",
    "ocp-apim-subscription-key",
];

/// What stands before the credentials of such a header.
const SCHEMES: [&str; 5] = ["basic", "bearer", "token", "apikey", "digest"];

/// Where the values stand that a text gives to headers and names that look secret
/// by a colon: `Authorization: Bearer x`, `X-Api-Key:x`, `{"password": "x"}`.
/// References to variables are none, nor is `app-token:latest`, an image.
pub fn headers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(':') {
        let before = &text[..at];
        let key = name(before);
        let is_header = HEADERS.iter().any(|name| key.eq_ignore_ascii_case(name));
        if key == "secrets"
            || names_object(key)
            || text[at + 1..].trim_start().starts_with(['[', '{'])
        {
            continue;
        }
        let is_name = || before.ends_with(['"', '\'']) || text[at + 1..].starts_with(' ');
        if key.is_empty() || !(is_header || is_name() && looks_secret(key)) {
            continue;
        }
        let value = value(before, key, &text[at + 1..]);
        let value = if is_header { credentials(value) } else { value };
        if is_literal(value) && !value.starts_with('$') {
            let start = value.as_ptr() as usize - text.as_ptr() as usize;
            found.push(start..start + value.len());
        }
    }
    found
}

/// The name at the end of a text, without its quotes.
fn name(before: &str) -> &str {
    let before = before.trim_end_matches(['"', '\'', '\\']);
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| word(*c))
        .last();
    start.map_or("", |(start, _)| &before[start..])
}

/// The value behind a name: in quotes of its own, up to the quote before the
/// name, or one line.
fn value<'a>(before: &str, key: &str, rest: &'a str) -> &'a str {
    let rest = rest.trim_start_matches(' ');
    let own = rest.trim_start_matches('\\');
    let quoted = ['"', '\'']
        .iter()
        .find_map(|quote| Some((*quote, own.strip_prefix(*quote)?)));
    if let Some((quote, inner)) = quoted {
        return inner.split([quote, '\\']).next().unwrap_or_default();
    }
    let opening = before
        .strip_suffix(key)
        .and_then(|text| text.chars().next_back());
    let end = match opening {
        Some(quote @ ('"' | '\'')) => rest.find(quote),
        _ => rest.find(['\n', '"', '\'', ',', '}', ']']),
    };
    rest[..end.unwrap_or(rest.len())].trim_end()
}

/// What stands behind the word for their kind.
fn credentials(value: &str) -> &str {
    match value.split_once(' ') {
        Some((scheme, rest)) if SCHEMES.iter().any(|s| scheme.eq_ignore_ascii_case(s)) => {
            rest.trim_start()
        }
        Some(_) | None => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_behind_colons() {
        let rows: [(&str, &[&str]); 19] = [
            ("Authorization: Basic dXNlcjpw", &["dXNlcjpw"]),
            (
                "curl -H 'Authorization: Bearer abc' http://localhost/",
                &["abc"],
            ),
            ("curl -H \"X-Api-Key: a b\" http://h", &["a b"]),
            ("--header=x-api-key:abc", &["abc"]),
            ("DB_PASSWORD: hunter2", &["hunter2"]),
            ("app-token:latest", &[]),
            ("token: {file: a}", &[]),
            ("kompose.image-pull-secret: a", &[]),
            ("./secrets:/run/secrets:ro", &[]),
            (
                "{\"user\": \"a\", \"password\": \"b c\", \"x\": 1}",
                &["b c"],
            ),
            ("{\\\"password\\\":\\\"abc\\\"}", &["abc"]),
            ("{password: abc, x: 1}", &["abc"]),
            ("Authorization: Bearer $$TOKEN", &[]),
            ("Authorization:", &[]),
            ("Host: example.com", &[]),
            ("password: true", &[]),
            ("8080:80", &[]),
            (":", &[]),
            ("ü: é", &[]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = headers(text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}

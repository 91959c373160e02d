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
    let fields = fields.chain(of_mysql(text));
    let fields = fields.chain(of_curl(text));
    fields.chain(behind_options(text)).collect()
}

/// The same for a command line that is written word by word: the number of the
/// word, and the place in it. `["mysqladmin", "-px"]`, `["app", "--password", "x"]`.
pub fn assigned_words(words: &[&str]) -> Vec<(usize, Range<usize>)> {
    let is_mysql = is_client(words, &MYSQL);
    let is_redis = is_client(words, &REDIS);
    let is_curl = is_client(words, &CURL);
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let joined = word.strip_prefix("-p").filter(|_| is_mysql);
        if let Some(value) = joined.filter(|value| is_written(value)) {
            found.push((at, place(word, value)));
        }
        let user = words.get(at + 1).filter(|_| is_curl && takes_user(word));
        if let Some(password) = user.and_then(|user| password_of(user)) {
            found.push((at + 1, place(words[at + 1], password)));
        }
        let next = words.get(at + 1).filter(|_| takes_secret(word, is_redis));
        if let Some(value) = next.filter(|value| is_value(value)) {
            found.push((at + 1, 0..value.len()));
        }
    }
    found
}

const MYSQL: [&str; 2] = ["mysql", "mariadb"];
const CURL: [&str; 1] = ["curl"];
const REDIS: [&str; 2] = ["redis-cli", "valkey-cli"];

fn is_client(words: &[&str], names: &[&str]) -> bool {
    let mut words = words.iter();
    words.any(|word| names.iter().any(|name| word.contains(name)))
}

/// `--password hunter2`, `redis-cli -a hunter2`: the word behind the option.
fn behind_options(text: &str) -> Vec<Range<usize>> {
    let is_redis = is_client(&[text], &REDIS);
    let mut found = Vec::new();
    for (at, _) in text.match_indices('-') {
        let begins = text[..at].ends_with([' ', '\t', '\n', '(']) || at == 0;
        let end = text[at..].find(char::is_whitespace).map(|end| at + end);
        let Some(end) = end.filter(|end| begins && takes_secret(&text[at..*end], is_redis)) else {
            continue;
        };
        let value = field(text[end..].trim_start_matches('\t'));
        if is_value(value) {
            found.push(place(text, value));
        }
    }
    found
}

/// `curl -u user:password`: the word behind the option.
fn of_curl(text: &str) -> Vec<Range<usize>> {
    if !is_client(&[text], &CURL) {
        return Vec::new();
    }
    let options = text.match_indices(" -").filter_map(|(at, _)| {
        let (option, rest) = text[at + 1..].split_once([' ', '='])?;
        let user = field(rest);
        takes_user(option)
            .then(|| password_of(user))?
            .map(|value| place(text, value))
    });
    options.collect()
}

/// Whether a user with a password follows an option of curl; of several letters
/// in one, `-u` is the last.
fn takes_user(option: &str) -> bool {
    const NAMES: [&str; 2] = ["--user", "--proxy-user"];
    let short = option
        .strip_prefix('-')
        .filter(|word| !word.starts_with('-'));
    NAMES.contains(&option) || short.is_some_and(|letters| letters.ends_with(['u', 'U']))
}

fn password_of(user: &str) -> Option<&str> {
    let (_, password) = user.split_once(':')?;
    Some(password).filter(|password| is_written(password))
}

/// Whether the word behind an option is a secret.
fn takes_secret(option: &str, is_redis: bool) -> bool {
    const NAMES: [&str; 3] = ["requirepass", "masterauth", "pass"];
    let is_name = |name: &str| NAMES.contains(&name) || looks_secret(name);
    match option.strip_prefix("--") {
        Some(name) => !name.contains('=') && is_name(name),
        None => is_redis && option == "-a",
    }
}

/// Whether a word is the value of the option before it.
fn is_value(word: &str) -> bool {
    is_written(word) && !word.starts_with('-')
}

/// `mysqladmin ping -psecret`.
fn of_mysql(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_mysql = is_client(&[text], &MYSQL);
    let options = text.match_indices(" -p").filter(move |_| is_mysql);
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
        let rows: [(&str, &[&str]); 25] = [
            ("curl -fsu me:hunter2 http://h", &["hunter2"]),
            ("curl --user 'me:hunter 2' http://h", &["hunter 2"]),
            ("curl -u $$ME:$$PASSWORD http://h", &[]),
            ("app -u me:hunter2", &[]),
            ("app --password hunter2 --x", &["hunter2"]),
            ("redis-server --requirepass 'hunter 2'", &["hunter 2"]),
            ("redis-cli -a hunter2 ping", &["hunter2"]),
            ("tar -a hunter2", &[]),
            ("app --password $$PASSWORD", &[]),
            ("app --ask-password --port 80", &[]),
            ("app --password-file /run/secrets/x", &[]),
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
    #[test]
    fn values_of_words() {
        let rows: [(&[&str], &[&str]); 11] = [
            (
                &["CMD", "curl", "-u", "me:hunter2", "http://h"],
                &["hunter2"],
            ),
            (&["curl", "-fu", "me", "http://h"], &[]),
            (&["CMD", "mysqladmin", "ping", "-phunter2"], &["hunter2"]),
            (&["mariadb-admin", "-p"], &[]),
            (&["mkdir", "-p/data"], &[]),
            (&["app", "--password", "hunter2", "-v"], &["hunter2"]),
            (&["app", "--password", "-v"], &[]),
            (&["app", "--password", "$$PASSWORD"], &[]),
            (&["app", "--password"], &[]),
            (&["redis-cli", "-a", "hunter2", "ping"], &["hunter2"]),
            (&["app", "--token-file", "/x"], &[]),
        ];
        for (words, expected) in rows {
            let found = assigned_words(words);
            let found: Vec<&str> = found
                .iter()
                .map(|(at, part)| &words[*at][part.clone()])
                .collect();
            assert_eq!(found, expected, "{words:?}");
        }
    }
}

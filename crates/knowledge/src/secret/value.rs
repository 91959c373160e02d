//! Values with a password inside.

use std::ops::Range;

use super::name::looks_secret;

/// Whether a value holds a password: a URL with one before its host
/// (`postgres://shop:hunter2@db/shop`, `redis://:hunter2@cache`), or a
/// connection string with one among its fields (`Server=db;Password=hunter2`).
///
/// A password that is only a reference to another variable (`$(NAME)`,
/// `${NAME}`, `$NAME`) or empty is none.
pub fn holds_password(value: &str) -> bool {
    !passwords(value).is_empty() || field_holds_password(value) || names_secret(value)
}

/// Whether a value gives something to a name that looks secret: a query of a URL
/// (`?access_token=…`), or JSON (`"password": "…"`).
fn names_secret(value: &str) -> bool {
    let in_query = |(at, _): (usize, &str)| {
        let (name, rest) = value[at + 1..].split_once('=').unwrap_or_default();
        let end = rest
            .find(['&', '#', '"', '\'', ' ', '\n'])
            .unwrap_or(rest.len());
        let is_name = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
        is_name && looks_secret(name) && is_literal(&rest[..end])
    };
    let is_json = value.contains("\":") || value.contains("\" :");
    let query = || value.contains('=') && value.match_indices(['?', '&']).any(in_query);
    is_json && in_json(value) || query()
}

/// Whether a name in quotes that looks secret has a text behind its colon.
fn in_json(value: &str) -> bool {
    value.match_indices(':').any(|(at, _)| {
        let before = value[..at].trim_end();
        let Some(name) = before
            .strip_suffix('"')
            .and_then(|text| text.rsplit('"').next())
        else {
            return false;
        };
        let behind = value[at + 1..].trim_start().strip_prefix('"');
        let text = behind.and_then(|text| text.split('"').next());
        looks_secret(name) && text.is_some_and(is_literal)
    })
}

/// Where passwords stand before the hosts of URLs, and tokens that stand there
/// alone (`https://4f2a…@example.com`).
pub fn passwords(value: &str) -> Vec<Range<usize>> {
    let urls = urls(value).filter_map(url_password);
    let found = urls.chain(dial_string_password(value));
    let start = |part: &str| part.as_ptr() as usize - value.as_ptr() as usize;
    let found = found.map(|part| start(part)..start(part) + part.len());
    found.collect()
}

/// Where a URL that has no end is cut off: a text of thousands of them is looked
/// through once, not once for each.
const LONGEST_URL: usize = 2048;

/// What follows each `scheme://` up to the next blank or quote.
fn urls(value: &str) -> impl Iterator<Item = &str> {
    value.match_indices("://").filter_map(|(at, separator)| {
        let scheme = value[..at].chars().next_back();
        scheme.filter(char::is_ascii_alphanumeric)?;
        let rest = &value[at + separator.len()..];
        let rest = &rest[..rest.floor_char_boundary(LONGEST_URL)];
        let end =
            rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>'));
        Some(&rest[..end.unwrap_or(rest.len())])
    })
}

/// `rest` is a URL without its scheme.
fn url_password(rest: &str) -> Option<&str> {
    let authority = &rest[..authority_end(rest)];
    match authority.rsplit_once('@') {
        Some((user_info, _)) => match user_info.split_once(':') {
            Some((_, password)) => Some(password).filter(|password| is_literal(password)),
            None => Some(user_info).filter(|user| is_token(user)),
        },
        None => broken_url_password(authority, rest),
    }
}

/// Whether what stands in place of a user is none: long, of letters and digits.
fn is_token(user: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    user.len() >= 16
        && user.chars().all(is_word)
        && user.bytes().any(|c| c.is_ascii_digit())
        && user.bytes().any(|c| c.is_ascii_alphabetic())
}

/// Where host and port end; the slashes of a reference such as `${A:-b/c}` do not count.
fn authority_end(rest: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in rest.char_indices() {
        match letter {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            '/' | '?' | '#' | ',' if depth == 0 => return at,
            _ => {}
        }
    }
    rest.len()
}

/// Passwords with `/`, `?`, `#` or `,` in them should be escaped and often are not:
/// `postgres://shop:p#ss@db`. What stands after the colon is then no port.
fn broken_url_password<'a>(authority: &str, rest: &'a str) -> Option<&'a str> {
    let (user, start) = authority.split_once(':')?;
    let is_port = start.chars().all(|c| c.is_ascii_digit()) || authority.starts_with('[');
    let end = authority.len() + rest[authority.len()..].rfind('@')?;
    (!is_port && !is_reference(start)).then(|| &rest[user.len() + 1..end])
}

/// `user:password@tcp(host:3306)/db`, as Go's MySQL driver wants it.
fn dial_string_password(value: &str) -> Option<&str> {
    ["@tcp(", "@unix("].iter().find_map(|network| {
        let (user_info, _) = value.split_once(network)?;
        let (_, password) = user_info.split_once(':')?;
        Some(password).filter(|password| is_literal(password))
    })
}

/// `Password=hunter2` between blanks, semicolons, commas or ampersands.
fn field_holds_password(value: &str) -> bool {
    value.match_indices('=').any(|(at, _)| {
        let key = value[..at].trim_end();
        let word = key.rsplit(|c: char| !c.is_ascii_alphanumeric()).next();
        word.is_some_and(names_password) && is_literal(field(&value[at + 1..]))
    })
}

pub(super) fn names_password(word: &str) -> bool {
    const EXACT: [&str; 4] = ["pwd", "passwd", "accountkey", "sharedaccesskey"];
    let word = word.to_ascii_lowercase();
    word.ends_with("password") || EXACT.contains(&word.as_str())
}

/// The value of a field: quoted, or up to what separates fields.
pub(super) fn field(rest: &str) -> &str {
    let rest = rest.trim_start_matches(' ');
    for quote in ['"', '\''] {
        if let Some(quoted) = rest.strip_prefix(quote) {
            return quoted.split(quote).next().unwrap_or_default();
        }
    }
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '&' | '"' | '\''));
    &rest[..end.unwrap_or(rest.len())]
}

/// Whether a password is written out: neither empty, nor a reference, nor a switch.
pub(super) fn is_literal(password: &str) -> bool {
    const SWITCHES: [&str; 6] = ["true", "false", "yes", "no", "none", "null"];
    let switch = SWITCHES
        .iter()
        .any(|word| word.eq_ignore_ascii_case(password));
    !password.is_empty() && !switch && !is_reference(password)
}

/// Whether a text is one reference to a variable and nothing else.
fn is_reference(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('$') else {
        return false;
    };
    let inner = |open, close| {
        let rest: &str = rest;
        rest.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
    };
    let name = inner('(', ')').or_else(|| inner('{', '}')).unwrap_or(rest);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    // `${NAME:?why}` has no default; `${NAME:-default}` holds one.
    let (name, default) = match name.split_once([':', '?']) {
        Some((name, rest)) => (name, rest.strip_prefix(['-', '+']).unwrap_or_default()),
        None => (name, ""),
    };
    !name.is_empty() && default.is_empty() && name.chars().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_with_a_password() {
        let table = [
            "postgres://shop:hunter2@db:5432/shop",
            "redis://:hunter2@cache:6379/0",
            "mongodb://u:p@a:27017,b:27017/db?replicaSet=rs",
            "amqp://guest:guest@rabbit//",
            "http://a/ postgres://u:p@h",
            "jdbc:postgresql://u:p@h/db",
            "jdbc:postgresql://h/db?user=u&password=p",
            "postgres://shop:p#ss@db/shop",
            "postgres://shop:p/w@db/shop",
            "postgres://u:${PASSWORD:-s3cret}@db",
            "postgres://u:pre$(PASSWORD)@db",
            "postgres://u:pa:ss@db",
            "postgres://u:p@ss@db/x",
            "u:p@tcp(db:3306)/shop?parseTime=true",
            "https://0123456789abcdef0@github.com/a/b.git",
            "Server=db;Database=shop;User Id=sa;Password=hunter2;",
            "Server=db;Uid=sa;Pwd=hunter2",
            "host=db user=shop password=hunter2 dbname=shop",
            "https://api.example.com/v1?access_token=abc123",
            "https://api.example.com/v1?a=b&api_key=abc123#x",
            "{\"user\": \"a\", \"password\": \"hunter2\"}",
            "[{\"clientSecret\":\"x\"}]",
            "host=db password='hunter 2'",
            "cache:6379,password=hunter2,ssl=true",
            "-Djavax.net.ssl.trustStorePassword=changeit",
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zm9v==;",
            "url = \"postgres://u:p@h/db\"",
        ];
        for value in table {
            assert!(holds_password(value), "{value}");
        }
    }

    #[test]
    fn values_without_a_password() {
        let table = [
            "",
            "://",
            "hunter2",
            "http://api:8000",
            "http://localhost:3000/healthz",
            "http://[::1]:80/@a",
            "https://example.com/@user:name@x",
            "https://example.com:8443/a@b",
            "https://example.com/path?mail=a@b.c",
            "postgres://shop@db/shop",
            "postgres://shop:@db/shop",
            "postgres://shop:$(PASSWORD)@db/shop",
            "postgres://shop:${PASSWORD}@db/shop",
            "postgres://shop:${PASSWORD:?not set}@db/shop",
            "postgres://shop:$PASSWORD@db/shop",
            "ssh://git@host:22/a",
            "https://api.example.com/v1?access_token=${TOKEN}",
            "https://api.example.com/v1?token_type=bearer&page=2",
            "https://api.example.com/v1?access_token=",
            "{\"password\": \"\", \"password_file\": \"/run/x\"}",
            "{\"password\": \"$PASSWORD\"}",
            "{\"token\": {\"a\": \"b\"}}",
            "https://a-long-name-of-someone@example.com/a",
            "a:9092,b:9092",
            "PLAINTEXT://:9092,CONTROLLER://:9093",
            "PLAINTEXT://kafka:9092,EXTERNAL://localhost:9094",
            "Server=db;Password=;Database=x",
            "Server=db;Password=$(PASSWORD);Database=x",
            "host=db password=${PASSWORD} dbname=x",
            "show_password=true",
            "password_file=/run/secrets/x",
            "mailto:a@b.c",
            "u:@tcp(db:3306)/shop",
            "¡=¡",
        ];
        for value in table {
            assert!(!holds_password(value), "{value}");
        }
    }

    #[test]
    fn places_of_passwords() {
        let rows: [(&str, &[&str]); 6] = [
            ("a postgres://u:p1@h and redis://:p2@h/0", &["p1", "p2"]),
            ("postgres://shop:p#ss@db/shop", &["p#ss"]),
            ("postgres://u:pa:ss@db", &["pa:ss"]),
            ("u:p@tcp(db:3306)/shop", &["p"]),
            ("https://0123456789abcdef0@h/x", &["0123456789abcdef0"]),
            ("http://localhost:3000/@a", &[]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = passwords(text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(value in ".{0,80}") {
            holds_password(&value);
            super::super::looks_secret(&value);
        }

        #[test]
        fn finds_every_plain_password(
            user in "[a-z]{0,6}",
            password in "[a-z0-9]{8,12}",
            host in "[a-z]{1,9}",
        ) {
            let url = format!("scheme://{user}:{password}@{host}/x");
            prop_assert!(holds_password(&url));
        }
    }
}

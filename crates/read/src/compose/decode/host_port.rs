//! Hosts that a text names: `http://api:8000/v1` names `api` with port 8000.

use kubewright_model::Port;

/// A host within a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mention<'t> {
    pub(super) host: &'t str,
    /// The port behind it, or the usual one of its URL (`http://api/`); none: it is
    /// a host by what stands before it (`//api/`, `amqp://user@api`).
    pub(super) port: Option<Port>,
}

/// All hosts that a text names, in its order. Each letter is looked at a bounded
/// number of times.
pub(super) fn mentions(text: &str) -> impl Iterator<Item = Mention<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let start = at + text[at..].find(is_word)?;
            at = end_of_word(text, start);
            let found = mention(text, start, at);
            if found.is_some() {
                return found;
            }
        }
        None
    })
}

/// What hosts, numbers and tags are written with.
fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.')
}

fn end_of_word(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    start + rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())
}

/// The word from `start` to `end` as a host. A word behind `:` is a tag or a
/// password, one behind a single `/` is part of a path.
fn mention(text: &str, start: usize, end: usize) -> Option<Mention<'_>> {
    let (before, after) = (&text[..start], &text[end..]);
    let host = &text[start..end];
    let begins_url = before.ends_with("//");
    if before.ends_with(':') || before.ends_with('/') && !begins_url {
        return None;
    }
    if after.starts_with(':') {
        let port = number_behind(text, end + 1)?;
        let port = Some(port);
        return Some(Mention { host, port });
    }
    let is_host = (begins_url || before.ends_with('@')) && !after.starts_with('@');
    let port = usual_port(before);
    is_host.then_some(Mention { host, port })
}

/// The port that a URL means without a word
/// (<https://url.spec.whatwg.org/#default-port>).
fn usual_port(before: &str) -> Option<Port> {
    let scheme = before.strip_suffix("://")?;
    let scheme = scheme.rsplit(|letter: char| !letter.is_ascii_alphabetic());
    let number = match scheme.into_iter().next()? {
        "http" | "ws" => "80",
        "https" | "wss" => "443",
        _ => return None,
    };
    Port::parse(number).ok()
}

/// The port that begins there: no tag (`7.2`, `7-alpine`), and no password
/// (`user:1234@`).
fn number_behind(text: &str, start: usize) -> Option<Port> {
    let end = end_of_word(text, start);
    let after = &text[end..];
    let goes_on = after.starts_with(['@', ':']);
    Port::parse(&text[start..end]).ok().filter(|_| !goes_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let shown = |mention: Mention<'_>| match mention.port {
            Some(port) => format!("{} {port}", mention.host),
            None => mention.host.to_owned(),
        };
        mentions(text).map(shown).collect()
    }

    #[test]
    fn hosts_of_texts() {
        let rows: [(&str, &[&str]); 24] = [
            ("http://api:8000", &["api 8000"]),
            ("http://api:8000/v1?x=1", &["api 8000"]),
            ("api:8000", &["api 8000"]),
            ("a:1,b:2;c:3 d:4", &["a 1", "b 2", "c 3", "d 4"]),
            ("amqp://user:1234@mq:5672/x", &["mq 5672"]),
            ("amqp://user@mq", &["mq"]),
            ("//user@mq", &["mq"]),
            ("http://api/", &["api 80"]),
            ("http://api", &["api 80"]),
            ("url=wss://api/x", &["api 443"]),
            ("ähttps://api", &["api 443"]),
            ("redis://cache/0", &["cache"]),
            ("http://user@api/", &["api"]),
            ("--upstream=api:8000", &["api 8000"]),
            ("{\"url\":\"ws://api:80\"}", &["api 80"]),
            ("redis:7.2", &[]),
            ("redis:7-alpine", &[]),
            ("/path/api:8000", &[]),
            ("x:api:8000", &[]),
            ("api:8000:90", &[]),
            ("api:70000", &[]),
            ("api:", &[]),
            ("äpi:8000 ü", &["pi 8000"]),
            ("", &[]),
        ];
        for (text, expected) in rows {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}

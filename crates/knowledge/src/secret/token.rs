//! Values that are keys and tokens by their own form, whatever their names.

use std::ops::Range;

/// Beginnings of tokens, how long what follows is at least, and the other signs
/// that it may hold besides letters and digits.
///
/// A key id of AWS (`AKIA…`) is none: only its counterpart is secret.
const PREFIXES: [(&str, usize, &str); 32] = [
    ("ghp_", 16, ""),
    ("gho_", 16, ""),
    ("ghu_", 16, ""),
    ("ghs_", 16, ""),
    ("ghr_", 16, ""),
    ("github_pat_", 22, "_"),
    ("glpat-", 20, "_-"),
    ("xoxb-", 16, "-"),
    ("xoxp-", 16, "-"),
    ("xoxa-", 16, "-"),
    ("xapp-", 16, "-"),
    ("sk_live_", 8, ""),
    ("rk_live_", 8, ""),
    ("sk_test_", 16, ""),
    ("rk_test_", 16, ""),
    ("whsec_", 16, "+/="),
    ("sk-ant-", 20, "_-"),
    ("sk-proj-", 20, "_-"),
    ("SG.", 40, "_-."),
    ("npm_", 36, ""),
    ("hf_", 30, ""),
    ("shpat_", 32, ""),
    ("dop_v1_", 64, ""),
    ("dckr_pat_", 20, "_-"),
    ("hvs.", 24, "_-"),
    ("pypi-", 60, "_-"),
    ("AIza", 35, "_-"),
    // Whoever knows these addresses may post.
    ("hooks.slack.com/services/", 10, "/"),
    ("hooks.slack.com/workflows/", 10, "/"),
    ("discord.com/api/webhooks/", 20, "/_-"),
    ("discordapp.com/api/webhooks/", 20, "/_-"),
    ("webhook.office.com/webhookb2/", 20, "/@-"),
];

/// The shortest token behind `Bearer`.
const BEARER: usize = 16;

/// No private key and no token is shorter than this; most values are.
const SHORTEST: usize = 16;

/// Whether a value holds a private key or a token.
pub fn holds_credential(value: &str) -> bool {
    !credentials(value).is_empty()
}

/// Where private keys and tokens of well-known forms stand in a value.
pub fn credentials(value: &str) -> Vec<Range<usize>> {
    if value.len() < SHORTEST {
        return Vec::new();
    }
    let mut found: Vec<Range<usize>> = words(value).filter_map(|at| token(value, at)).collect();
    // Both other forms have this letter, which few values have.
    if value.as_bytes().contains(&b'B') {
        found.extend(private_key(value));
        found.extend(bearers(value));
    }
    found
}

/// Whether a word that begins with this byte may be a token: most words are told
/// by that.
const FIRST: [bool; 256] = {
    let mut first = [false; 256];
    let mut at = 0;
    while at < PREFIXES.len() {
        first[PREFIXES[at].0.as_bytes()[0] as usize] = true;
        at += 1;
    }
    first[WEB_TOKEN.as_bytes()[0] as usize] = true;
    first
};

/// Where words begin that may be tokens.
fn words(value: &str) -> impl Iterator<Item = usize> {
    let bytes = value.as_bytes();
    let follows = |at: usize| {
        let before = at.checked_sub(1).map(|before| bytes[before]);
        before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let first = bytes.iter().enumerate();
    let first = first.filter(|(_, byte)| FIRST[usize::from(**byte)]);
    first
        .map(|(at, _)| at)
        .filter(move |at| !follows(*at) && begins(value, *at))
}

/// The token that begins there.
fn token(value: &str, at: usize) -> Option<Range<usize>> {
    let text = &value[at..];
    let first = text.as_bytes()[0];
    let known = |(prefix, _, _): &&(&str, usize, &str)| {
        prefix.as_bytes()[0] == first && text.starts_with(prefix)
    };
    let long_enough = |(prefix, least, signs): &(&str, usize, &str)| {
        let length = run(&text[prefix.len()..], signs);
        (length >= *least).then_some(at..at + prefix.len() + length)
    };
    let mut known = PREFIXES.iter().filter(known);
    known.find_map(long_enough).or_else(|| web_token(value, at))
}

/// The bytes at the start that are letters, digits or one of `signs`.
fn run(text: &str, signs: &str) -> usize {
    let inside = |c: char| c.is_ascii_alphanumeric() || signs.contains(c);
    text.find(|c| !inside(c)).unwrap_or(text.len())
}

/// Whether a word begins there.
fn begins(value: &str, at: usize) -> bool {
    let before = value[..at].chars().next_back();
    !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// From the first line of a private key on; a first line alone is none.
fn private_key(value: &str) -> Option<Range<usize>> {
    const LAST: &str = "PRIVATE KEY-----";
    let start = value.find("-----BEGIN ")?;
    let body = start + value[start..].find(LAST)? + LAST.len();
    let signs = value[body..].bytes().filter(u8::is_ascii_alphanumeric);
    (signs.take(16).count() == 16).then_some(start..value.len())
}

/// What an object begins with in base64.
const WEB_TOKEN: &str = "eyJ";

/// A JSON Web Token: two objects and a signature in base64, parted by dots.
fn web_token(value: &str, at: usize) -> Option<Range<usize>> {
    if !value[at..].starts_with(WEB_TOKEN) {
        return None;
    }
    let length = run(&value[at..], "_-.");
    let mut parts = value[at..at + length].split('.');
    let (header, body, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = header.len() > 9 && body.starts_with(WEB_TOKEN) && signature.len() > 9;
    whole.then_some(at..at + length)
}

/// What stands behind `Bearer`, where it has digits, as words have not.
fn bearers(value: &str) -> impl Iterator<Item = Range<usize>> {
    const WORD: &str = "Bearer ";
    value.match_indices(WORD).filter_map(|(at, _)| {
        let start = at + WORD.len();
        let length = run(&value[start..], "_-.~+/=");
        let token = &value[start..start + length];
        let is_token = length >= BEARER && token.bytes().any(|byte| byte.is_ascii_digit());
        is_token.then_some(start..start + length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Put together here: scanners take such texts in files for real ones.
    const LONG: &str = "0123456789abcdefABCDEF0123456789abcdef";

    #[test]
    fn keys_and_tokens() {
        let begin = "-----BEGIN";
        let rows = [
            format!("ghp_{LONG}"),
            format!("a=gho_{LONG} b"),
            format!("github_pat_11A_{LONG}"),
            format!("glpat-{}", &LONG[..20]),
            format!("xoxb-12-34-{}", &LONG[..20]),
            format!("sk_live_{LONG}"),
            format!("ghp_{}", &LONG[..16]),
            format!("whsec_{LONG}"),
            format!("sk-ant-api03-{LONG}"),
            format!("SG.{}.{LONG}", &LONG[..22]),
            format!("https://hooks.slack.com/services/T000/B000/{LONG}"),
            format!("https://discord.com/api/webhooks/0123456789/{LONG}"),
            format!("https://acme.webhook.office.com/webhookb2/{LONG}@{LONG}"),
            format!("AIza{}", &LONG[..35]),
            format!("{begin} PRIVATE KEY-----\n{LONG}"),
            format!("{begin} RSA PRIVATE KEY-----\\n{LONG}\\n"),
            format!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{LONG}"),
            format!("Authorization: Bearer {LONG}"),
        ];
        for value in rows {
            assert!(holds_credential(&value), "{value}");
        }
    }

    #[test]
    fn the_shortest_are_found() {
        let tokens = PREFIXES
            .iter()
            .map(|(prefix, least, _)| prefix.len() + least);
        assert_eq!(tokens.min(), Some(SHORTEST));
        assert!("Bearer ".len() + BEARER >= SHORTEST);
        let shortest = format!("sk_live_{}", &LONG[..8]);
        assert_eq!(shortest.len(), SHORTEST);
        assert!(holds_credential(&shortest));
    }

    #[test]
    fn ordinary_values() {
        let rows = [
            "",
            "ghp_short",
            "sk_live_",
            "sk_test_mode",
            "AKIAIOSFODNN7EXAMPLE",
            "https://hooks.slack.com/services/",
            "https://hooks.example.com/services/T000/B000/0123456789",
            "https://discord.com/api/v10/channels/0123456789012345",
            "npm_config_cache=/home/node/.npm",
            "hf_transfer",
            "MSG.0123456789abcdef0123456789abcdef0123456789abcdef",
            "AIza",
            "xoxb-",
            "eyJ",
            "eyJhbGciOiJIUzI1NiJ9",
            "eyJhbGciOiJIUzI1NiJ9.a.b",
            "Bearer",
            "Bearer $TOKEN",
            "Bearer authentication is needed",
            "-----BEGIN PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE-----\nMIIB0123456789abcdef0123",
            "-----BEGIN PUBLIC KEY-----\nMIIB0123456789abcdef0123",
            "grep 'PRIVATE KEY-----' file",
            "3f0c9e7a-1b2c-4d5e-8f90-123456789abc",
            "sha256:0123456789abcdef0123456789abcdef0123456789abcdef",
            "0123456789abcdef0123456789abcdef01234567",
            "my_ghp_0123456789abcdef0123456789abcdef0123456789",
            "ü",
        ];
        for value in rows {
            assert!(!holds_credential(value), "{value}");
        }
    }
}

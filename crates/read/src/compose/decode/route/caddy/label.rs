//! Labels of caddy-docker-proxy, sorted into the blocks that it makes of them.

use std::collections::BTreeMap;

use kubewright_model::Located;
use kubewright_source::Severity;

use super::super::super::service::Service;
use super::super::foreign;
use crate::fields::Pair;

/// A label as it is written.
pub(super) struct Said {
    pub(super) key: String,
    /// Empty where it holds a secret.
    pub(super) text: Located<String>,
    path: String,
}

impl Said {
    /// Says something about the label.
    pub(super) fn say(
        &self,
        service: &Service<'_>,
        severity: Severity,
        code: &'static str,
        message: String,
        help: &str,
    ) {
        let said = kubewright_source::Diagnostic::new(severity, code, self.text.span, message);
        let report = service.fields.at().report;
        report.push(said.path(self.path.clone()).help(help));
    }

    /// Says that nothing of it is carried.
    pub(super) fn lost(&self, service: &Service<'_>, message: String, help: &str) {
        self.say(service, Severity::Warning, "not-carried", message, help);
    }
}

/// What labels with one number behind `caddy` say.
#[derive(Default)]
pub(super) struct Block {
    /// The hosts; none: options of Caddy itself.
    pub(super) sites: Option<Said>,
    pub(super) directives: Vec<Directive>,
}

/// One line of a block.
pub(super) struct Directive {
    /// The words that lead to it, without numbers.
    pub(super) words: Vec<String>,
    /// What stands before the last of them, with numbers: those of one parent
    /// belong together.
    pub(super) parent: String,
    pub(super) said: Said,
}

/// Whether a label is one of them: `caddy`, `caddy_1`, and what is below.
pub(in super::super::super) fn is_ours(key: &str) -> bool {
    let block = key.split('.').next().unwrap_or_default();
    let rest = block.strip_prefix("caddy");
    rest.is_some_and(|rest| rest.is_empty() || without_digits(rest) == "_")
}

fn without_digits(text: &str) -> &str {
    let rest = text.trim_end_matches(|c: char| c.is_ascii_digit());
    if rest.len() == text.len() { "" } else { rest }
}

/// The blocks of a service, by their numbers.
pub(super) fn blocks(service: &Service<'_>) -> BTreeMap<String, Block> {
    let mut blocks: BTreeMap<String, Block> = BTreeMap::new();
    for (_, said) in all(service) {
        let (block, rest) = said.key.split_once('.').unwrap_or((&said.key, ""));
        let (block, rest) = (block.to_owned(), rest.to_owned());
        let block = blocks.entry(block).or_default();
        if rest.is_empty() {
            block.sites = Some(said);
            continue;
        }
        let parent = rest.rsplit_once('.').map_or("", |(parent, _)| parent);
        block.directives.push(Directive {
            words: rest.split('.').map(plain).collect(),
            parent: parent.to_owned(),
            said,
        });
    }
    blocks
}

/// `0_reverse_proxy` and `reverse_proxy_0` are `reverse_proxy`: numbers order and
/// part them.
fn plain(word: &str) -> String {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let word = match word.split_once('_') {
        Some((front, rest)) if number(front) => rest,
        Some(_) | None => word,
    };
    let word = match word.rsplit_once('_') {
        Some((rest, end)) if number(end) => rest,
        Some(_) | None => word,
    };
    word.to_owned()
}

/// All of them by their keys; of one key, the last counts.
fn all(service: &Service<'_>) -> BTreeMap<String, Said> {
    let (at, document) = (service.fields.at(), service.scope.document);
    let pairs = foreign::pairs(service.key, at, document, |text| text.starts_with("caddy"));
    let secrets = &document.secrets;
    let ours = pairs.into_iter().filter(|pair| is_ours(&pair.key.value));
    let said = |pair: Pair| {
        let span = pair.value.as_ref().map_or(pair.key.span, |it| it.span);
        let text = pair.value.map(|it| it.value).filter(|_| !secrets.at(span));
        let said = Said {
            key: pair.key.value.clone(),
            text: Located::new(text.unwrap_or_default(), span),
            path: pair.path,
        };
        (pair.key.value, said)
    };
    ours.map(said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_caddy() {
        let rows = [
            ("caddy", true),
            ("caddy.reverse_proxy", true),
            ("caddy_12.handle", true),
            ("caddy_", false),
            ("caddyfile", false),
            ("caddy_a", false),
            ("my.caddy", false),
        ];
        for (key, expected) in rows {
            assert_eq!(is_ours(key), expected, "{key}");
        }
    }

    #[test]
    fn numbers_are_no_part_of_directives() {
        for word in [
            "reverse_proxy",
            "0_reverse_proxy",
            "reverse_proxy_1",
            "3_reverse_proxy_1",
        ] {
            assert_eq!(plain(word), "reverse_proxy", "{word}");
        }
    }
}

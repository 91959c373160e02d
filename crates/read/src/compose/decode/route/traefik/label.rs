//! Traefik's labels of one service, sorted by what they are about.

use std::collections::BTreeMap;

use kubewright_model::{Located, Span};
use kubewright_source::{Diagnostic, SecretValues, Severity};

use super::older;
use crate::fields::{Pair, Report};

/// A label as it is written.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// Its key, for messages.
    pub(super) key: String,
    /// Its value; empty where it holds a secret.
    pub(super) text: String,
    pub(super) span: Span,
    /// The key path.
    pub(super) path: String,
    /// The value holds a secret and is not looked at.
    pub(super) is_secret: bool,
}

impl Said {
    /// Says something about the label.
    pub(super) fn say(
        &self,
        report: &Report,
        severity: Severity,
        code: &'static str,
        message: String,
        help: impl Into<String>,
    ) {
        let said = Diagnostic::new(severity, code, self.span, message);
        report.push(said.path(self.path.clone()).help(help));
    }

    /// Says that nothing of it is carried.
    pub(super) fn lost(&self, report: &Report, message: String, help: impl Into<String>) {
        self.say(report, Severity::Warning, "not-carried", message, help);
    }

    pub(super) fn located(&self) -> Located<String> {
        Located::new(self.text.clone(), self.span)
    }

    pub(super) fn is_true(&self) -> bool {
        matches!(self.text.to_ascii_lowercase().as_str(), "true" | "1" | "t")
    }

    /// The parts of a list with commas.
    pub(super) fn list(&self) -> impl Iterator<Item = &str> {
        let parts = self.text.split(',').map(str::trim);
        parts.filter(|part| !part.is_empty())
    }
}

/// What is said of a router, a service or a middleware, by lower-case keys.
pub(super) type Options = BTreeMap<String, Said>;

/// Traefik's labels of one service.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    pub(super) enable: Option<Said>,
    pub(super) routers: BTreeMap<String, Options>,
    pub(super) services: BTreeMap<String, Options>,
    pub(super) middlewares: BTreeMap<String, Options>,
    /// Of protocols that are not HTTP.
    pub(super) streams: Vec<Said>,
    pub(super) unknown: Vec<Said>,
}

impl Labels {
    pub(super) fn is_empty(&self) -> bool {
        self.enable.is_none()
            && self.routers.is_empty()
            && self.services.is_empty()
            && self.middlewares.is_empty()
            && self.streams.is_empty()
            && self.unknown.is_empty()
    }
}

/// Whether a label is one of Traefik's.
pub(in super::super::super) fn is_ours(key: &str) -> bool {
    let start = key.get(..PREFIX.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

const PREFIX: &str = "traefik.";

/// The labels of Traefik among pairs; of one key, the last counts.
pub(super) fn sorted(pairs: Vec<Pair>, secrets: &SecretValues) -> Labels {
    let ours = pairs.into_iter().filter(|pair| is_ours(&pair.key.value));
    let said: BTreeMap<String, Said> = ours
        .map(|pair| (pair.key.value.to_ascii_lowercase(), said(pair, secrets)))
        .collect();
    let mut labels = Labels::default();
    for (key, said) in older::in_new_words(said) {
        put(&mut labels, &key, said);
    }
    labels
}

fn said(pair: Pair, secrets: &SecretValues) -> Said {
    let is_secret = pair.value.as_ref().is_some_and(|it| secrets.at(it.span));
    let span = pair.value.as_ref().map_or(pair.key.span, |it| it.span);
    let text = pair.value.map(|it| it.value).filter(|_| !is_secret);
    Said {
        key: pair.key.value,
        text: text.unwrap_or_default(),
        span,
        path: pair.path,
        is_secret,
    }
}

fn put(labels: &mut Labels, key: &str, said: Said) {
    let rest = &key[PREFIX.len()..];
    let (first, below) = rest.split_once('.').unwrap_or((rest, ""));
    match first {
        "enable" => labels.enable = Some(said),
        // Which network Traefik comes by, and what it picks containers by.
        "docker" | "swarm" | "tags" => {}
        _ if first.starts_with("constraint") => {}
        "tcp" | "udp" => labels.streams.push(said),
        "http" => {
            let mut parts = below.splitn(3, '.');
            let (kind, name) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            let option = parts.next().unwrap_or("").to_owned();
            let group = match kind {
                "routers" => &mut labels.routers,
                "services" => &mut labels.services,
                "middlewares" => &mut labels.middlewares,
                _ => return labels.unknown.push(said),
            };
            group
                .entry(name.to_owned())
                .or_default()
                .insert(option, said);
        }
        _ => labels.unknown.push(said),
    }
}

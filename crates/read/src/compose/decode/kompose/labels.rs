//! The labels themselves: which are understood, and what each says.

use std::collections::BTreeMap;

use kubewright_model::{Given, Located};
use kubewright_source::{Diagnostic, Severity};

use super::wrong;
use crate::fields::{At, Pair, Report};

/// Labels of kompose by their names without `kompose.`, each with its key path.
#[derive(Debug, Default)]
pub(crate) struct Labels(BTreeMap<String, Said>);

/// A label and what it says.
#[derive(Debug)]
pub(super) struct Said {
    key: String,
    pub(super) text: Located<String>,
    path: String,
}

impl Said {
    /// Reports that it does not reach Kubernetes.
    pub(super) fn lost(&self, report: &Report, why: &str, help: &str) {
        let text = format!("the label `{}` is not carried: {why}", self.key);
        let said = Diagnostic::new(Severity::Warning, "not-carried", self.text.span, text);
        report.push(said.path(self.path.clone()).help(help));
    }

    pub(super) fn is_true(&self) -> bool {
        self.text.value.eq_ignore_ascii_case("true")
    }
}

/// Names that are understood here, and what to do about those that are not carried.
const NAMES: [(&str, Option<(&str, &str)>); 31] = [
    ("image-pull-policy", None),
    (
        "image-pull-secret",
        Some((
            "Secrets for pulling are a matter of the namespace here",
            "add it to the namespace's service account: `kubectl patch serviceaccount default`",
        )),
    ),
    ("security-context.fsgroup", None),
    ("cronjob.concurrency_policy", None),
    ("cronjob.backoff_limit", None),
    ("hpa.replicas.min", None),
    ("hpa.replicas.max", None),
    ("hpa.cpu", None),
    ("hpa.memory", None),
    ("init.containers.name", None),
    ("init.containers.image", None),
    ("init.containers.command", None),
    ("service.expose.tls-secret", None),
    ("service.expose.ingress-class-name", None),
    ("service.external-traffic-policy", None),
    ("service.nodeport.port", None),
    ("service.healthcheck.liveness.http_get_path", None),
    ("service.healthcheck.liveness.http_get_port", None),
    ("service.healthcheck.liveness.tcp_port", None),
    ("service.healthcheck.readiness.disable", None),
    ("service.healthcheck.readiness.test", None),
    ("service.healthcheck.readiness.http_get_path", None),
    ("service.healthcheck.readiness.http_get_port", None),
    ("service.healthcheck.readiness.tcp_port", None),
    ("service.healthcheck.readiness.interval", None),
    ("service.healthcheck.readiness.timeout", None),
    ("service.healthcheck.readiness.retries", None),
    ("service.healthcheck.readiness.start_period", None),
    (
        "service.group",
        Some((
            "each service has a pod of its own",
            "let them share one with `network_mode: service:NAME`",
        )),
    ),
    (
        "volume.type",
        Some((
            "what a volume becomes follows from how it is mounted",
            "mount a named volume for a claim, `tmpfs` for an empty folder, a path for files",
        )),
    ),
    (
        "volume.subpath",
        Some((
            "it does not say of which volume",
            "write the long form of the volume with `volume: {subpath: …}`",
        )),
    ),
];

impl Labels {
    /// Takes a label in if it is understood here.
    pub(in super::super) fn take(&mut self, pair: &Pair) -> bool {
        let Some(name) = pair.key.value.strip_prefix("kompose.") else {
            return false;
        };
        let is_type = name == "service.type";
        if !is_type && !NAMES.iter().any(|(known, _)| *known == name) {
            return false;
        }
        let value = pair.value.clone();
        let said = Said {
            key: pair.key.value.clone(),
            text: value.unwrap_or_else(|| Located::new(String::new(), pair.key.span)),
            path: pair.path.clone(),
        };
        if is_type && !said.text.value.eq_ignore_ascii_case("headless") {
            return false;
        }
        self.0.insert(name.to_owned(), said);
        true
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Said> {
        self.0.get(name)
    }

    /// All whose names begin so, in the order of their names.
    pub(super) fn all<'l>(&'l self, start: &'l str) -> impl Iterator<Item = &'l Said> {
        let all = self.0.iter();
        let found = all.filter(move |(name, _)| name.starts_with(start));
        found.map(|(_, said)| said)
    }

    /// Reports all whose names begin so: none of them reaches Kubernetes.
    pub(super) fn lost(&self, report: &Report, start: &str, why: &str, help: &str) {
        for label in self.all(start) {
            label.lost(report, why, help);
        }
    }

    /// Reports those that never reach Kubernetes.
    pub(super) fn report_not_carried(&self, report: &Report) {
        for (name, help) in NAMES {
            if let (Some(label), Some((why, help))) = (self.get(name), help) {
                label.lost(report, why, help);
            }
        }
    }

    /// A value, parsed; what is none is an error.
    pub(super) fn parsed<T>(
        &self,
        at: &At<'_>,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, kubewright_model::Invalid>,
    ) -> Given<T> {
        at.checked(&self.get(name)?.text, parse)
    }

    /// A whole number; what is none is an error.
    pub(super) fn number(&self, at: &At<'_>, name: &str) -> Given<u32> {
        let text = &self.get(name)?.text;
        let found = text.value.trim().parse().ok();
        if found.is_none() {
            wrong(at, text, "a whole number", "write it like `3`");
        }
        Some(Located::new(found?, text.span))
    }
}

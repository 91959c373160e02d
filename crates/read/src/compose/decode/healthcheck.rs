//! `healthcheck`.

use std::collections::BTreeSet;

use kubewright_model::container::Command;
use kubewright_model::probe::{Probe, ProbeCheck, ProbePort, Setting};
use kubewright_model::value::PositiveCount;
use kubewright_model::{App, Duration, Located, Port};
use kubewright_source::{Diagnostic, Span, suggest};
use kubewright_yaml::Value;

use super::own_name::OwnNames;
use super::service::Service;
use super::{command, http_test, keys};
use crate::fields::{At, Fields, shown};

/// Compose's own times, which hold where nothing is said.
const INTERVAL: u32 = 30;
const TIMEOUT: u32 = 30;
const RETRIES: u32 = 3;

/// What is tested.
enum Test {
    /// Nothing is.
    Off(Span),
    /// The image's own test, which cannot be seen from here.
    OfImage,
    Check(Located<ProbeCheck>),
}

/// Reads the key into the app.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let Some(at) = service.fields.get("healthcheck") else {
        return;
    };
    let span = at.span();
    let Some(fields) = at.fields(format!("`healthcheck` of service `{}`", service.key)) else {
        return;
    };
    keys::settle(&fields, keys::HEALTHCHECK);
    let disable = fields.bool("disable").filter(|disable| disable.value);
    let own = OwnNames::read(service, app);
    let test = fields.get("test").and_then(|at| test(&at, app, &own));
    let times = Times::read(&fields, span);
    let given: Vec<String> = fields.mapping().keys().map(str::to_owned).collect();
    let is_wrong = fields.get("test").is_some() && test.is_none();
    fields.finish();
    if is_wrong {
        return;
    }
    let test = match disable {
        Some(disable) => Test::Off(disable.span),
        None => test.unwrap_or(Test::OfImage),
    };
    let probes = &mut app.main.probes;
    match test {
        Test::Off(span) => {
            for setting in [
                &mut probes.startup,
                &mut probes.readiness,
                &mut probes.liveness,
            ] {
                *setting = Setting::Off(Located::new((), span));
            }
        }
        Test::OfImage => service.fields.at().say_at(
            span,
            kubewright_source::Severity::Warning,
            "not-carried",
            format!(
                "{} belong to a test in the image, which Kubernetes does not read",
                suggest::list(given.iter().map(String::as_str))
            ),
            "add `test` with the command of the image's `HEALTHCHECK`".to_owned(),
        ),
        Test::Check(check) => {
            let probe = times.probe(check.clone());
            probes.startup = times
                .startup(check)
                .map_or(Setting::Unsaid, |probe| Setting::On(Box::new(probe)));
            probes.readiness = Setting::On(Box::new(probe.clone()));
            probes.liveness = Setting::On(Box::new(probe));
        }
    }
}

fn test(at: &At<'_>, app: &App, own: &OwnNames) -> Option<Test> {
    let span = at.span();
    if let Value::Scalar(_) = at.node.value {
        return Some(shell(at.text()?.value, span, app, own));
    }
    let words: Vec<String> = at.texts().into_iter().map(|word| word.value).collect();
    let Some((kind, rest)) = words.split_first() else {
        return Some(Test::OfImage);
    };
    match kind.as_str() {
        "NONE" => Some(Test::Off(span)),
        "CMD-SHELL" => Some(shell(rest.join(" "), span, app, own)),
        "CMD" if rest.is_empty() => {
            at.bad("the test runs nothing", "write the command behind `CMD`");
            None
        }
        "CMD" => {
            let check = http_test::check(rest, own)
                .unwrap_or_else(|| ProbeCheck::Exec(Command::Exec(escaped(rest, app))));
            Some(Test::Check(Located::new(check, span)))
        }
        other => {
            at.bad(
                format!(
                    "a test begins with `CMD`, `CMD-SHELL` or `NONE`, not {}",
                    shown(other)
                ),
                "put `CMD` in front of the command",
            );
            None
        }
    }
}

fn shell(line: String, span: Span, app: &App, own: &OwnNames) -> Test {
    let check = http_test::check_line(&line, own).unwrap_or_else(|| {
        let escaped = escaped(&[line], app).pop().unwrap_or_default();
        ProbeCheck::Exec(Command::Shell(escaped))
    });
    Test::Check(Located::new(check, span))
}

/// The kubelet replaces `$(NAME)` in a probe's command, too.
fn escaped(words: &[String], app: &App) -> Vec<String> {
    let names = app.main.environment.iter();
    let names: BTreeSet<String> = names
        .map(|variable| variable.name.value.to_string())
        .collect();
    words
        .iter()
        .map(|word| command::escape(word, &names))
        .collect()
}

struct Times {
    interval: Located<Duration>,
    timeout: Located<Duration>,
    retries: Located<u32>,
    start_period: Option<Located<Duration>>,
    start_interval: Option<Located<Duration>>,
}

impl Times {
    fn read(fields: &Fields<'_>, span: Span) -> Self {
        let positive = |time: &Located<Duration>| !time.value.is_zero();
        let seconds = |seconds| Located::new(Duration::from_seconds(seconds), span);
        let retries = fields.count("retries").filter(|retries| retries.value > 0);
        let start_period = fields.duration("start_period").filter(positive);
        let start_interval = fields.duration("start_interval").filter(positive);
        if let (None, Some(interval)) = (start_period, start_interval) {
            let said = Diagnostic::note(
                "no-start-period",
                interval.span,
                "`start_interval` means nothing without `start_period`",
            );
            fields
                .at()
                .push(said.help("add `start_period`, or leave `start_interval` out"));
        }
        Self {
            interval: fields
                .duration("interval")
                .filter(positive)
                .unwrap_or(seconds(INTERVAL)),
            timeout: fields
                .duration("timeout")
                .filter(positive)
                .unwrap_or(seconds(TIMEOUT)),
            retries: retries.unwrap_or(Located::new(RETRIES, span)),
            start_period,
            start_interval,
        }
    }

    fn probe(&self, check: Located<ProbeCheck>) -> Probe {
        let mut probe = Probe::new(check);
        probe.period = Some(self.interval);
        probe.timeout = Some(self.timeout);
        probe.failure_threshold = threshold(u64::from(self.retries.value), self.retries.span);
        probe
    }

    /// Failures within the start period do not count: so many tries fit into it,
    /// and the retries come on top.
    fn startup(&self, check: Located<ProbeCheck>) -> Option<Probe> {
        let period = self.start_period?;
        let interval = self.start_interval.unwrap_or(self.interval);
        let tries = u64::from(period.value.seconds_up())
            .div_ceil(u64::from(interval.value.seconds_up().max(1)));
        let mut probe = self.probe(check);
        probe.period = Some(interval);
        probe.failure_threshold = threshold(tries + u64::from(self.retries.value), period.span);
        Some(probe)
    }
}

fn threshold(count: u64, span: Span) -> Option<Located<PositiveCount>> {
    let count = PositiveCount::new(count).ok()?;
    Some(Located::new(count, span))
}

/// A port of a probe.
pub(super) fn number(port: Port) -> Option<ProbePort> {
    Some(ProbePort::Number(port))
}

//! Probes: `null` is none, an object is one.

use kubewright_model::container::Command;
use kubewright_model::probe::{Probe, ProbeCheck, ProbePort, Probes, Setting};
use kubewright_model::value::PositiveCount;
use kubewright_model::{Given, Located, Port};

use super::given::{chosen, count, given, is_empty, two_values};
use super::image::one_command;
use super::kind::{positive, seconds};
use crate::fields::{At, Fields};

/// What `extra` counts, as the wizard's labels say.
#[derive(Clone, Copy, PartialEq)]
enum Extra {
    /// Seconds of timeout.
    Timeout,
    /// Failures in a row.
    Failures,
}

/// The three probes.
///
/// `direct`: of the resource API, where `extra` always counts failures.
pub(super) fn all(fields: &Fields<'_>, direct: bool) -> Probes {
    let readiness = match direct {
        true => Extra::Failures,
        false => Extra::Timeout,
    };
    Probes {
        startup: one(fields, "startupProbe", Extra::Failures),
        readiness: one(fields, "readinessProbe", readiness),
        liveness: one(fields, "livenessProbe", Extra::Failures),
    }
}

fn one(fields: &Fields<'_>, key: &'static str, extra: Extra) -> Setting {
    let Some(at) = fields.get(key) else {
        return Setting::Unsaid;
    };
    if is_empty(at.node) {
        return Setting::Off(Located::new((), at.span()));
    }
    let what = format!("`{key}` of {}", fields.what());
    let span = at.span();
    match at.fields(what).map(|probe| read(probe, extra)) {
        Some(Some(probe)) => Setting::On(Box::new(probe)),
        Some(None) => Setting::Off(Located::new((), span)),
        None => Setting::Unsaid,
    }
}

/// Keys of one type only: empty ones say nothing, others are reported.
const KEYS: &[&str] = &["path", "port", "command"];

/// None where it is switched off, or wrong.
fn read(fields: Fields<'_>, extra: Extra) -> Option<Probe> {
    let is_off = given(&fields, "enabled").and_then(|at| at.bool());
    if is_off.is_some_and(|on| !on.value) {
        return None;
    }
    let check = check(&fields)?;
    let span = fields.at().span();
    let mut probe = Probe::new(Located::new(check, span));
    probe.initial_delay = seconds(&fields, "initialDelaySeconds");
    probe.period = seconds(&fields, "periodSeconds").filter(|period| !period.is_zero());
    probe.timeout = seconds(&fields, "timeoutSeconds");
    probe.success_threshold = given(&fields, "successThreshold").and_then(|at| positive(&at));
    probe.failure_threshold = given(&fields, "failureThreshold").and_then(|at| positive(&at));
    if extra == Extra::Failures
        && probe
            .success_threshold
            .as_ref()
            .is_some_and(|count| count.get() > 1)
        && let Some(at) = given(&fields, "successThreshold")
    {
        at.bad(
            "a probe other than a readiness probe succeeds with its first success",
            "leave `successThreshold` out",
        );
    }
    add_extra(&fields, extra, &mut probe);
    super::root::pass_over_empty(&fields, KEYS);
    fields.finish();
    Some(probe)
}

fn check(fields: &Fields<'_>) -> Option<ProbeCheck> {
    #[derive(Clone, Copy)]
    enum Word {
        Http,
        Tcp,
        Exec,
    }
    let words = [
        ("http", Word::Http),
        ("tcp", Word::Tcp),
        ("exec", Word::Exec),
    ];
    let word = match given(fields, "type") {
        Some(_) => chosen(fields, "type", &words)?.value,
        None => Word::Http,
    };
    Some(match word {
        Word::Http => ProbeCheck::Http {
            path: path(fields)?,
            port: port(fields),
            https: false,
            host: None,
            headers: Vec::new(),
        },
        Word::Tcp => ProbeCheck::Tcp { port: port(fields) },
        Word::Exec => ProbeCheck::Exec(command(fields)),
    })
}

fn path(fields: &Fields<'_>) -> Option<String> {
    let Some(at) = given(fields, "path") else {
        return Some("/health".to_owned());
    };
    let path = at.scalar()?.value;
    if !path.starts_with('/') {
        at.bad(
            "the path of a probe begins with `/`",
            format!("write `/{path}`"),
        );
        return None;
    }
    Some(path)
}

fn port(fields: &Fields<'_>) -> Option<ProbePort> {
    let number = given(fields, "port")?.parse(Port::parse)?;
    Some(ProbePort::Number(number.value))
}

/// A check without a command always succeeds.
fn command(fields: &Fields<'_>) -> Command {
    let given = given(fields, "command").and_then(|at| one_command(&at));
    given.map_or_else(
        || Command::Exec(vec!["/bin/true".to_owned()]),
        |command| command.value,
    )
}

/// `extra` beside the key that it stands for: the same number, or an error.
fn add_extra(fields: &Fields<'_>, extra: Extra, probe: &mut Probe) {
    let Some(number) = count(fields, "extra").filter(|number| number.value > 0) else {
        return;
    };
    let Some(at) = given(fields, "extra") else {
        return;
    };
    let (key, stated) = match extra {
        Extra::Timeout => (
            "timeoutSeconds",
            probe.timeout.as_ref().map(|t| (t.seconds_up(), t.span)),
        ),
        Extra::Failures => (
            "failureThreshold",
            probe
                .failure_threshold
                .as_ref()
                .map(|count| (count.get(), count.span)),
        ),
    };
    match stated {
        Some((stated, span)) if stated != number.value => {
            two_values(fields.what(), (key, span), "extra", &at);
        }
        Some(_) => {}
        None => set_extra(&at, extra, &number, probe),
    }
}

fn set_extra(at: &At<'_>, extra: Extra, number: &Located<u32>, probe: &mut Probe) {
    let count: Given<PositiveCount> = positive(at);
    match extra {
        Extra::Timeout => {
            probe.timeout = Some(number.map(kubewright_model::Duration::from_seconds));
        }
        Extra::Failures => probe.failure_threshold = count,
    }
}

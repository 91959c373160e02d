//! The three probes of a container.

use kubewright_model::container::Command;
use kubewright_model::probe::{Probe, ProbeCheck, ProbePort, Probes, Setting};
use kubewright_model::value::{HeaderName, Port, PortName, PositiveCount};
use kubewright_model::{Given, Located};

use super::command::something;
use super::given::{chosen, duration, members, number, text, word};
use crate::fields::{At, Fields};

/// The block `probes`.
pub(super) fn read(fields: &Fields<'_>) -> Probes {
    let Some(fields) = fields.get("probes").and_then(|at| at.fields("`probes`")) else {
        return Probes::default();
    };
    let probes = Probes {
        startup: fields.get("startup").map(setting).unwrap_or_default(),
        readiness: fields.get("readiness").map(setting).unwrap_or_default(),
        liveness: fields.get("liveness").map(setting).unwrap_or_default(),
    };
    fields.finish();
    probes
}

fn setting(at: At<'_>) -> Setting {
    if at.node.as_scalar().is_some() {
        return match at.bool() {
            Some(off) if !off.value => Setting::Off(Located::new((), off.span)),
            Some(_) => {
                at.bad(
                    "`true` does not say what is tried",
                    "write a path, `tcp`, `grpc` or a command",
                );
                Setting::Unsaid
            }
            None => Setting::Unsaid,
        };
    }
    probe(at).map_or(Setting::Unsaid, |probe| Setting::On(Box::new(probe)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Http,
    Tcp,
    Exec,
    Grpc,
}

const KINDS: &[(&str, Kind)] = &[
    ("http", Kind::Http),
    ("tcp", Kind::Tcp),
    ("exec", Kind::Exec),
    ("grpc", Kind::Grpc),
];

fn probe(at: At<'_>) -> Option<Probe> {
    let span = at.span();
    let fields = at.fields("probe")?;
    let check = check(&fields)?;
    let mut probe = Probe::new(Located::new(check, span));
    probe.initial_delay = duration(&fields, "initial_delay");
    probe.period = duration(&fields, "period");
    probe.timeout = duration(&fields, "timeout");
    probe.success_threshold = number(&fields, "success_threshold", PositiveCount::new);
    probe.failure_threshold = number(&fields, "failure_threshold", PositiveCount::new);
    fields.finish();
    Some(probe)
}

fn check(fields: &Fields<'_>) -> Option<ProbeCheck> {
    let said = chosen(fields, "type", KINDS).map(|kind| kind.value);
    let implied = [
        ("command", Kind::Exec),
        ("service", Kind::Grpc),
        ("path", Kind::Http),
    ];
    let implied = implied.into_iter().find(|(key, _)| fields.has(key));
    let kind = said.or(implied.map(|(_, kind)| kind)).unwrap_or(Kind::Http);
    match kind {
        Kind::Http => {
            let headers = fields.get("headers");
            let headers = headers.as_ref().map(|at| members(at)).unwrap_or_default();
            let header = |(name, at): (Option<Located<&str>>, At<'_>)| {
                let name = at.checked(&name?.map(str::to_owned), HeaderName::parse)?;
                Some((name.value.into(), word(&at)?.value))
            };
            let scheme = chosen(fields, "scheme", &[("HTTP", false), ("HTTPS", true)]);
            Some(ProbeCheck::Http {
                path: text(fields, "path").map_or_else(|| "/".to_owned(), |path| path.value),
                port: port(fields),
                https: scheme.is_some_and(|scheme| scheme.value),
                host: text(fields, "host").map(|host| host.value),
                headers: headers.into_iter().filter_map(header).collect(),
            })
        }
        Kind::Tcp => Some(ProbeCheck::Tcp { port: port(fields) }),
        Kind::Grpc => Some(ProbeCheck::Grpc {
            port: super::given::parsed(fields, "port", Port::parse).map(|port| port.value),
            service: text(fields, "service").map(|service| service.value),
        }),
        Kind::Exec => {
            let command: Given<Command> = fields.need("command").and_then(|at| something(&at));
            Some(ProbeCheck::Exec(command?.value))
        }
    }
}

/// A port by number or name.
pub(super) fn port(fields: &Fields<'_>) -> Option<ProbePort> {
    let at = fields.get("port")?;
    let text = word(&at)?;
    match text.parse::<u32>() {
        Ok(_) => at
            .checked(&text, Port::parse)
            .map(|port| ProbePort::Number(port.value)),
        Err(_) => at
            .checked(&text, PortName::parse)
            .map(|name| ProbePort::Name(name.value)),
    }
}

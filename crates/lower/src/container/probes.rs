//! Startup, readiness and liveness probes.
//!
//! <https://kubernetes.io/docs/concepts/workloads/pods/probes/>

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kubewright_knowledge as knowledge;
use kubewright_model::probe::{Probe, ProbeCheck, ProbePort, Setting};
use kubewright_model::value::{Duration, PositiveCount};
use kubewright_model::{Given, service::Protocol};
use kubewright_source::Diagnostic;

use crate::aspect::{Aspect, ContainerScope, Draft, Place};
use crate::scaling::to_i32;
use crate::service;

pub(crate) const ASPECT: Aspect = Aspect {
    container,
    ..Aspect::NONE
};

fn container(scope: &ContainerScope<'_>, container: &mut core::Container, draft: &mut Draft) {
    let probes = &scope.container.probes;
    let mut lowered =
        |setting: &Setting| setting.probe().and_then(|probe| lower(scope, probe, draft));
    container.startup_probe = lowered(&probes.startup);
    container.readiness_probe = lowered(&probes.readiness);
    container.liveness_probe = lowered(&probes.liveness);
    for (name, setting) in [("startup", &probes.startup), ("liveness", &probes.liveness)] {
        let probe = setting.probe();
        draft
            .diagnostics
            .extend(probe.and_then(|probe| many_successes(scope, name, probe)));
    }
    let fills_gaps = scope.app.infrastructure && scope.place == Place::Main;
    if matches!(probes.readiness, Setting::Unsaid) && fills_gaps {
        container.readiness_probe = scope
            .known
            .and_then(|known| known.family.probe)
            .map(known_probe);
    }
}

/// One success is enough for all but readiness, the API server says.
fn many_successes(scope: &ContainerScope<'_>, name: &str, probe: &Probe) -> Option<Diagnostic> {
    let wanted = probe.success_threshold.as_ref()?;
    let said = Diagnostic::error(
        "bad-value",
        wanted.span,
        format!(
            "the {name} probe of `{}` wants {} successes in a row, and only a readiness probe may \
             want more than one",
            scope.prefix,
            wanted.get()
        ),
    );
    (wanted.get() > 1).then(|| said.help("leave the number out here"))
}

fn lower(scope: &ContainerScope<'_>, probe: &Probe, draft: &mut Draft) -> Option<core::Probe> {
    let mut lowered = core::Probe {
        initial_delay_seconds: seconds(&probe.initial_delay, 0),
        period_seconds: seconds(&probe.period, 0),
        timeout_seconds: seconds(&probe.timeout, 1),
        success_threshold: count(&probe.success_threshold, 1),
        failure_threshold: count(&probe.failure_threshold, 3),
        ..core::Probe::default()
    };
    match &probe.check.value {
        ProbeCheck::Http {
            path,
            port,
            https,
            host,
            headers,
        } => {
            lowered.http_get = Some(core::HTTPGetAction {
                path: Some(path.clone()),
                port: self::port(scope, probe, port.as_ref(), draft)?,
                scheme: https.then(|| "HTTPS".to_owned()),
                host: None,
                http_headers: sent(host.as_deref(), headers),
            });
        }
        ProbeCheck::Tcp { port } => {
            lowered.tcp_socket = Some(core::TCPSocketAction {
                port: self::port(scope, probe, port.as_ref(), draft)?,
                host: None,
            });
        }
        ProbeCheck::Grpc { port, service } => {
            let named = port.map(ProbePort::Number);
            let number = match self::port(scope, probe, named.as_ref(), draft)? {
                IntOrString::Int(number) => number,
                IntOrString::String(_) => return None,
            };
            lowered.grpc = Some(core::GRPCAction {
                port: number,
                service: service.clone(),
            });
        }
        ProbeCheck::Exec(command) => {
            lowered.exec = Some(core::ExecAction {
                command: Some(command.to_argv()),
            });
        }
    }
    Some(lowered)
}

/// Headers of a request. The `host` of the field is where the kubelet connects to,
/// which baseline security forbids; what is asked for is a header.
/// <https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline>
fn sent(host: Option<&str>, headers: &[(String, String)]) -> Option<Vec<core::HTTPHeader>> {
    let host = host.map(|host| ("Host", host));
    let others = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let header = |(name, value): (&str, &str)| core::HTTPHeader {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    let sent: Vec<core::HTTPHeader> = host.into_iter().chain(others).map(header).collect();
    (!sent.is_empty()).then_some(sent)
}

/// The port that is named, else the container's primary one.
fn port(
    scope: &ContainerScope<'_>,
    probe: &Probe,
    named: Option<&ProbePort>,
    draft: &mut Draft,
) -> Option<IntOrString> {
    match named {
        Some(ProbePort::Number(number)) => return Some(IntOrString::Int(i32::from(number.get()))),
        Some(ProbePort::Name(name)) => return Some(IntOrString::String(name.as_str().to_owned())),
        None => {}
    }
    let ports = match scope.place {
        Place::Main => service::main_ports(scope.app.app, scope.app.infrastructure),
        Place::Init | Place::Sidecar | Place::Companion => {
            scope.container.ports.clone().unwrap_or_default()
        }
    };
    let primary = ports.iter().find(|port| port.protocol == Protocol::Tcp);
    let number = primary.map(|port| IntOrString::Int(i32::from(port.container_port.get())));
    if number.is_none() {
        draft.diagnostics.push(
            Diagnostic::error(
                "needs-port",
                probe.check.span,
                format!(
                    "a probe of `{}` names no port, and the container has none",
                    scope.prefix
                ),
            )
            .help("name the port in the probe, or give the container the port that it listens on"),
        );
    }
    number
}

/// Whole seconds, rounded up and at least one; none where Kubernetes would take
/// the same.
fn seconds(given: &Given<Duration>, unsaid: u32) -> Option<i32> {
    let seconds = given.as_ref()?.seconds_up();
    let least = if unsaid == 0 { seconds } else { seconds.max(1) };
    (least != unsaid).then(|| to_i32(least))
}

fn count(given: &Given<PositiveCount>, unsaid: u32) -> Option<i32> {
    let count = given.as_ref()?.get();
    (count != unsaid).then(|| to_i32(count))
}

/// What is known of the image decides only whether it gets requests: a probe
/// that nobody asked for must not restart anything.
fn known_probe(probe: knowledge::Probe) -> core::Probe {
    let mut lowered = core::Probe::default();
    match probe {
        knowledge::Probe::Exec(command) => {
            lowered.timeout_seconds = Some(5);
            lowered.exec = Some(core::ExecAction {
                command: Some(command.iter().map(|part| (*part).to_owned()).collect()),
            });
        }
        knowledge::Probe::Tcp(port) => {
            lowered.tcp_socket = Some(core::TCPSocketAction {
                port: IntOrString::Int(i32::from(port)),
                host: None,
            });
        }
        knowledge::Probe::Http { path, port } => {
            lowered.http_get = Some(core::HTTPGetAction {
                path: Some(path.to_owned()),
                port: IntOrString::Int(i32::from(port)),
                ..core::HTTPGetAction::default()
            });
        }
    }
    lowered
}

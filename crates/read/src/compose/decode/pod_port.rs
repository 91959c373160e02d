//! Ports of services that share a network: each number is one container's.

use kubewright_model::container::Container;
use kubewright_model::service::Port;
use kubewright_model::{App, Span};
use kubewright_source::Diagnostic;

use super::pod_merge::Moving;
use super::port;

/// What the pod listens on already.
struct Held {
    by: String,
    span: Span,
    port: Port,
}

/// Compares the ports of a container with those of the pod that it moves into.
///
/// Who owns the network publishes the ports of all who share it, so its `ports`
/// say nothing of who listens. Two that really listen on one number cannot both
/// start: an error. A number that is only known of an image may be set
/// otherwise: it is left out, with a warning.
pub(super) fn settle(moving: &Moving<'_>, host: &App, container: &mut Container) {
    let Some(ports) = container.ports.as_mut().filter(|ports| !ports.is_empty()) else {
        return;
    };
    let held = held(moving, host);
    ports.retain(|port| {
        let Some(first) = held.iter().find(|held| is_same(&held.port, port)) else {
            return true;
        };
        moving.at_key("ports", taken(moving, first, port));
        false
    });
}

fn is_same(a: &Port, b: &Port) -> bool {
    a.container_port.value == b.container_port.value && a.protocol == b.protocol
}

fn held(moving: &Moving<'_>, host: &App) -> Vec<Held> {
    let mut held = Vec::new();
    let image = host.main.image_reference();
    let known = image.and_then(|image| kubewright_knowledge::known(image.as_str()));
    let known = known.map(|known| port::of_family(known.family));
    for port in known.unwrap_or_default() {
        held.push(Held {
            by: moving.host.to_owned(),
            span: host.name.span,
            port,
        });
    }
    for companion in &host.companions {
        for port in companion.container.ports.iter().flatten() {
            held.push(Held {
                by: companion.name.as_str().to_owned(),
                span: match port.container_port.span {
                    Span::NONE => companion.name.span,
                    span => span,
                },
                port: port.clone(),
            });
        }
    }
    held
}

fn taken(moving: &Moving<'_>, first: &Held, port: &Port) -> Diagnostic {
    let number = port.container_port.value;
    let is_written = port.container_port.span != Span::NONE;
    let both_written = is_written && first.port.container_port.span != Span::NONE;
    let message = format!(
        "`{}` and `{}` both listen on port {number} of the pod whose network they share",
        first.by, moving.key
    );
    let span = match is_written {
        true => port.container_port.span,
        false => moving.span,
    };
    let said = match both_written {
        true => Diagnostic::error("port-taken", span, message),
        false => Diagnostic::warning("port-taken", span, message),
    };
    said.related(first.span, format!("`{}` is here", first.by))
        .help(match both_written {
            true => "let one of them listen on another port, and name that",
            false => {
                "one of the two is what the image usually listens on: name the real port with \
                 `expose` if it is another"
            }
        })
}

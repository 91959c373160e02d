//! Ports of nodes: a cluster gives each to one Service only.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport>

use std::collections::BTreeMap;

use kubewright_model::service::{Port, Protocol, PublicKind};
use kubewright_model::{App, Project, Span};
use kubewright_source::{Diagnostic, Diagnostics};

use super::public_service;
use crate::service;

/// Reports ports of nodes that two apps want.
pub(super) fn check(project: &Project, diagnostics: &mut Diagnostics) {
    let mut taken: BTreeMap<(u16, Protocol), (&App, Span)> = BTreeMap::new();
    for (app, infrastructure) in super::entries(project) {
        let is_node_port = |kind| match kind {
            PublicKind::NodePort => true,
            PublicKind::LoadBalancer => false,
        };
        let public = app.service.public.as_ref();
        if !public.is_some_and(|public| is_node_port(public.kind)) {
            continue;
        }
        let all = service::ports(app, infrastructure);
        for port in public_service::ports(app, &all) {
            let Some(number) = public_service::node_port(port) else {
                continue;
            };
            let (key, span) = ((number, port.protocol), place(port));
            match taken.get(&key) {
                Some((first, of_first)) if first.name != app.name => {
                    diagnostics.push(meet(number, (first, *of_first), (app, span)));
                }
                // Within one app it was reported there.
                Some(_) => {}
                None => {
                    taken.insert(key, (app, span));
                }
            }
        }
    }
}

/// Where the number is asked for.
fn place(port: &Port) -> Span {
    let given = port.node_port.as_ref().map(|number| number.span);
    let published = || port.published.as_ref().map(|how| how.written.span);
    given.or_else(published).unwrap_or(port.container_port.span)
}

fn meet(number: u16, first: (&App, Span), second: (&App, Span)) -> Diagnostic {
    let (one, two) = (first.0.name.as_str(), second.0.name.as_str());
    let text = format!("`{one}` and `{two}` both want port {number} of the nodes");
    Diagnostic::error("name-taken", second.1, text)
        .related(first.1, format!("`{one}` takes it here"))
        .help("give one of the two another port, or leave the choice to the cluster")
}

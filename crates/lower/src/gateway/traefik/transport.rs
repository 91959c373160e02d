//! How Traefik speaks to pods.
//!
//! <https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/serverstransport/>

use kubewright_objects::traefik::{ForwardingTimeouts, ServersTransportSpec};
use kubewright_source::Diagnostics;

use super::super::http_route::duration;
use super::super::way::Way;
use super::super::{Owner, lack};
use super::gathered::Gathered;
use super::middleware::wishes;

/// The name of the ServersTransport of a route, where it wants one.
pub(super) fn of(
    owner: &Owner<'_>,
    way: &Way<'_>,
    gathered: &mut Gathered<ServersTransportSpec>,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let policy = &way.policy;
    if let Some(client) = policy.client {
        diagnostics.push(lack::CLIENT.of(way, client.value.span));
    }
    if let Some(queue) = policy.queue {
        diagnostics.push(lack::QUEUE.of(way, queue.value.span));
    }
    let times = ForwardingTimeouts {
        dial_timeout: policy.connect.map(|said| duration(said.value.value)),
        response_header_timeout: policy.server.map(|said| duration(said.value.value)),
    };
    let spec = ServersTransportSpec {
        forwarding_timeouts: (times != ForwardingTimeouts::default()).then_some(times),
        insecure_skip_verify: way.target.to_tls.then_some(true),
    };
    if spec == ServersTransportSpec::default() {
        return None;
    }
    let said = [policy.connect, policy.server];
    let own = way.target.to_tls || said.into_iter().flatten().any(|said| said.own);
    Some(gathered.name(wishes(owner, way, own, "transport"), spec))
}

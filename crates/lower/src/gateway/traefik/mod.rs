//! Routes as IngressRoutes of Traefik, with a Middleware for each thing that is
//! done to requests.
//!
//! - `rule`: which requests, in Traefik's language, and which rule comes first;
//! - `middleware`, `guard`: what is done to them; `gathered`: each made once;
//! - `route`: the IngressRoutes themselves, with and without TLS;
//! - `transport`: how Traefik speaks to pods.
//!
//! <https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/ingressroute/>

mod gathered;
mod guard;
mod middleware;
mod route;
mod rule;
mod transport;

use kubewright_model::gateway::Controller;

use super::Owner;
use super::policy::Policy;
use super::way::Way;
pub(super) use route::objects;

/// Whether a route becomes an IngressRoute: all of a gateway do; an app's own
/// only where they ask for more than an Ingress can say.
pub(super) fn takes(owner: &Owner<'_>, way: &Way<'_>) -> bool {
    match way.controller {
        Controller::Traefik => !owner.of_app || asks_for_more(way),
        Controller::Generic | Controller::Haproxy | Controller::Nginx | Controller::GatewayApi => {
            false
        }
    }
}

fn asks_for_more(way: &Way<'_>) -> bool {
    let Policy {
        connect,
        server,
        client,
        queue,
        rate_limit,
        cors,
        waf,
        auth,
        body_size,
        buffering,
        annotations: _,
    } = &way.policy;
    let times = [connect, server, client, queue];
    way.rewritten().is_some()
        || !way.route.methods.is_empty()
        || times.iter().any(|time| time.is_some())
        || rate_limit.is_some()
        || cors.is_some()
        || waf.is_some()
        || auth.is_some()
        || body_size.is_some()
        || buffering.is_some()
        || matches!(way.target.place, super::target::Place::Interceptor { .. })
}

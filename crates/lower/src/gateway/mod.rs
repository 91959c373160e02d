//! What routes become, in the words of each controller.
//!
//! A route is looked up first, then said:
//! - `way`: a route for one host with all that holds for it; `target`: the
//!   Service it leads to, and where that is; `policy`: the route's words over the
//!   gateway's;
//! - `ingress`: Ingresses, whose annotations are the matter of `haproxy`, `nginx`
//!   and `plain`; `http_route` and `gateway_object`: the Gateway API; `traefik`:
//!   IngressRoutes and Middlewares.
//!
//! What several of them need:
//! - `name`: what their objects are called; `backend`: Services that are made for
//!   routes; `certificate`: who makes certificates; `waf`: the rules of a
//!   firewall; `cors`: which origins may ask;
//! - `lack`: what a controller cannot do, how grave that is, and what can.

mod backend;
mod certificate;
mod cors;
mod gateway_object;
mod haproxy;
mod http_route;
mod ingress;
mod lack;
mod name;
mod nginx;
mod plain;
mod policy;
mod secret;
mod target;
#[cfg(test)]
mod tests;
mod traefik;
mod waf;
mod way;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_objects::{Body, Object};
use kubewright_source::Diagnostics;

use crate::Lowering;
pub(crate) use gateway_object::gateway;
pub(crate) use target::entry as target_entry;
pub(crate) use way::{Way, admits_methods, find, hosts};

/// Whose objects the routes become.
pub(crate) struct Owner<'a> {
    /// What their names begin with.
    pub(crate) base: &'a str,
    /// Their namespace; none where the project names none.
    pub(crate) namespace: Option<String>,
    /// The routes of one app, as compose files have them; else those of a whole
    /// gateway.
    pub(crate) of_app: bool,
    pub(crate) metadata: &'a dyn Fn(String) -> ObjectMeta,
    pub(crate) object: &'a dyn Fn(Body) -> Object,
}

/// The objects of some routes.
pub(crate) fn objects(
    owner: &Owner<'_>,
    lowering: &Lowering<'_>,
    ways: &[Way<'_>],
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let (by_traefik, others): (Vec<&Way<'_>>, Vec<&Way<'_>>) =
        ways.iter().partition(|way| traefik::takes(owner, way));
    let mut made = ingress::objects(owner, &others, diagnostics);
    made.extend(traefik::objects(owner, &by_traefik, diagnostics));
    made.extend(http_route::objects(
        owner,
        lowering.project,
        ways,
        diagnostics,
    ));
    made
}

//! What is reached from outside is let in past the policies of its networks.

use std::collections::BTreeSet;

use k8s_openapi::api::networking::v1::{
    NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicyPeer, NetworkPolicyPort,
    NetworkPolicySpec,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kubewright_model::App;
use kubewright_model::gateway::{RouteTarget, TargetPort};
use kubewright_model::project::Entry;
use kubewright_model::service::{Port, Protocol, ServiceKind};
use kubewright_objects::Object;

use super::ingress::{self, Who};
use super::{INGRESS, membership, peer};
use crate::aspect::Scope;
use crate::{Lowering, service};

/// The policy that admits everybody at the ports that a node or a load balancer
/// shows; none where there are none.
pub(super) fn published(scope: &Scope<'_>) -> Option<NetworkPolicy> {
    shown(scope).map(|rule| policy(scope, "from-outside", rule))
}

/// The same and what routes lead to, as rules of the app's own policy. Requests
/// that pass the interceptor come from there.
pub(super) fn rules(scope: &Scope<'_>) -> Vec<NetworkPolicyIngressRule> {
    let routes = scope.lowering.routes_to(&scope.app.name.value);
    let targets: Vec<&RouteTarget> = routes.iter().map(|route| &route.target).collect();
    let by_controller = !targets.is_empty()
        && !crate::scaling::is_intercepted(scope.app)
        && ingress::who(scope) != Who::Cluster;
    let routed = by_controller.then(|| NetworkPolicyIngressRule {
        from: controller(scope.lowering).map(|peer| vec![peer]),
        ports: Some(numbers(
            targeted(scope.app, scope.infrastructure, &targets).iter(),
        )),
    });
    let routed = routed.filter(|rule| rule.ports.as_ref().is_some_and(|ports| !ports.is_empty()));
    shown(scope).into_iter().chain(routed).collect()
}

/// Everybody, at the ports that a node or a load balancer shows.
fn shown(scope: &Scope<'_>) -> Option<NetworkPolicyIngressRule> {
    let ports = service::ports(scope.app, scope.infrastructure);
    let by_service = match scope.app.service.kind.as_ref().map(|kind| kind.value) {
        Some(ServiceKind::NodePort | ServiceKind::LoadBalancer) => true,
        Some(ServiceKind::ClusterIp | ServiceKind::None) | None => false,
    };
    let public = crate::route::public_ports(scope.app, &ports);
    let is_public = |port: &Port| public.iter().any(|other| std::ptr::eq(*other, port));
    let shown = ports.iter().filter(|port| {
        port.host_port.is_some() || by_service && port.service_number().is_some() || is_public(port)
    });
    let rule = NetworkPolicyIngressRule {
        from: None,
        ports: Some(numbers(shown)),
    };
    let any = rule.ports.as_ref().is_some_and(|ports| !ports.is_empty());
    any.then_some(rule)
}

/// One policy for each app that a route leads to: it admits the namespace of the
/// ingress controller where that is known, else everybody, at the ports that the
/// routes name. One walk over all routes.
pub(crate) fn routed(lowering: &Lowering<'_>) -> Vec<Object> {
    let project = lowering.project;
    if !membership::go_by_networks(project) {
        return Vec::new();
    }
    let made = project.entries.values().filter_map(|entry| {
        let routes = lowering.routes_to(&entry.app()?.name.value);
        let targets: Vec<&RouteTarget> = routes.iter().map(|route| &route.target).collect();
        let app = entry.app().filter(|app| {
            !targets.is_empty() &&
            // Without a network there is no policy to get past, or no way in.
            membership::networks(app).next().is_some()
        })?;
        let infrastructure = matches!(entry, Entry::Infrastructure(_));
        let scope = Scope::new(lowering, app, infrastructure);
        let rule = NetworkPolicyIngressRule {
            from: comes_from(lowering, app).map(|peer| vec![peer]),
            ports: Some(numbers(targeted(app, infrastructure, &targets).iter())),
        };
        Some(scope.object(policy(&scope, "from-routes", rule)))
    });
    made.collect()
}

/// The ports behind the numbers and names of routes.
fn targeted(app: &App, infrastructure: bool, targets: &[&RouteTarget]) -> Vec<Port> {
    let mut ports = service::ports(app, infrastructure);
    let primary = ports.first().map(|port| port.container_port.value);
    ports.retain(|port| {
        targets.iter().any(|target| match &target.port {
            None => Some(port.container_port.value) == primary,
            Some(TargetPort::Number(number)) => port.service_number() == Some(number.value),
            Some(TargetPort::Name(name)) => {
                port.name.as_ref().map(|name| &name.value) == Some(&name.value)
            }
        })
    });
    ports
}

/// Where requests to an app come from: KEDA's interceptor, or the controller.
fn comes_from(lowering: &Lowering<'_>, app: &App) -> Option<NetworkPolicyPeer> {
    match crate::scaling::is_intercepted(app) {
        true => Some(peer::all_of(crate::scaling::KEDA_NAMESPACE)),
        false => controller(lowering),
    }
}

/// The pods that bring requests in.
fn controller(lowering: &Lowering<'_>) -> Option<NetworkPolicyPeer> {
    let ingress = lowering.project.facts.ingress.as_ref()?;
    let namespace = ingress.namespace.as_ref()?;
    Some(peer::all_of(namespace.as_str()))
}

/// Policies look at the pod's own ports, each number and protocol once.
pub(super) fn numbers<'a>(ports: impl Iterator<Item = &'a Port>) -> Vec<NetworkPolicyPort> {
    let distinct: BTreeSet<(u16, Protocol)> = ports
        .map(|port| (port.container_port.value.get(), port.protocol))
        .collect();
    let lowered = distinct
        .into_iter()
        .map(|(number, protocol)| NetworkPolicyPort {
            port: Some(IntOrString::Int(i32::from(number))),
            protocol: service::protocol(protocol),
            end_port: None,
        });
    lowered.collect()
}

fn policy(scope: &Scope<'_>, suffix: &str, rule: NetworkPolicyIngressRule) -> NetworkPolicy {
    NetworkPolicy {
        metadata: scope.metadata(format!("{}-{suffix}", scope.name())),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(scope.selector()),
            policy_types: Some(vec![INGRESS.to_owned()]),
            ingress: Some(vec![rule]),
            egress: None,
        }),
    }
}

//! Whom a rule of access or a dependency means.

use k8s_openapi::api::networking::v1::{NetworkPolicyEgressRule, NetworkPolicyPeer};
use kubewright_model::access::Peer;
use kubewright_model::dependency::Dependency;
use kubewright_model::infrastructure::Managed;
use kubewright_model::project::Entry;
use kubewright_model::service::Port;
use kubewright_model::{App, Located, Name, Port as Number};
use kubewright_source::{Diagnostic, Diagnostics, Span};

use super::egress::to as rule;
use super::{membership, outside, peer};
use crate::aspect::Scope;
use crate::{dependency, labels, managed, service};

/// The label that charts give their pods.
/// <https://helm.sh/docs/chart_best_practices/labels/>
const INSTANCE: &str = "app.kubernetes.io/instance";

/// Who may come, and at which ports.
pub(super) struct From<'a> {
    pub(super) peers: Vec<NetworkPolicyPeer>,
    /// Empty: at all of them.
    pub(super) ports: &'a [Number],
}

/// Whom a rule lets in.
pub(super) fn from<'a>(
    scope: &Scope<'_>,
    given: &'a Located<Peer>,
    diagnostics: &mut Diagnostics,
) -> Option<From<'a>> {
    let found = |peers, ports| Some(From { peers, ports });
    match &given.value {
        Peer::Entry { name, ports } => {
            let peers = match entry(scope, name, given.span, diagnostics)? {
                Found::App(app, _) => vec![known(scope, app, given.span, diagnostics)],
                Found::Managed(managed) => vec![by_address(managed, given.span, diagnostics)?],
                Found::Chart(peer) => vec![peer],
            };
            found(peers, ports)
        }
        Peer::Pods { ports, .. } | Peer::Addresses { ports, .. } | Peer::Internet { ports } => {
            found(peers(scope, &given.value), ports)
        }
    }
}

/// Whom a rule lets the app reach.
pub(super) fn to(
    scope: &Scope<'_>,
    given: &Located<Peer>,
    diagnostics: &mut Diagnostics,
) -> Option<NetworkPolicyEgressRule> {
    match &given.value {
        Peer::Entry { name, ports } => match entry(scope, name, given.span, diagnostics)? {
            Found::App(app, _) => Some(self::app(scope, app, ports)),
            Found::Managed(managed) => {
                Some(elsewhere(scope, managed, ports, given.span, diagnostics))
            }
            Found::Chart(peer) => Some(rule(vec![peer], peer::numbered(&[], ports))),
        },
        Peer::Pods { ports, .. } | Peer::Addresses { ports, .. } | Peer::Internet { ports } => {
            Some(rule(peers(scope, &given.value), peer::numbered(&[], ports)))
        }
    }
}

/// What an app depends on. What is unknown or off is said where it is waited for.
pub(super) fn of_dependency(
    scope: &Scope<'_>,
    dependency: &Dependency,
    diagnostics: &mut Diagnostics,
) -> Option<NetworkPolicyEgressRule> {
    let span = dependency.on.span;
    let said = &mut Diagnostics::default();
    match entry(scope, &dependency.on.value, span, said)? {
        // A Job is watched, not talked to.
        Found::App(app, ports) if ports.is_empty() && app.workload.ends() => None,
        Found::App(app, _) => Some(self::app(scope, app, &[])),
        Found::Managed(managed) => {
            let port = dependency.port.as_ref().map(|port| port.value);
            let ports: Vec<Number> = port.into_iter().collect();
            Some(elsewhere(scope, managed, &ports, span, diagnostics))
        }
        Found::Chart(peer) => {
            let port = dependency.port.as_ref().map(|port| port.value);
            let ports: Vec<Number> = port.into_iter().collect();
            Some(rule(vec![peer], peer::numbered(&[], &ports)))
        }
    }
}

/// An app at the ports that are named, else at all of its own.
pub(super) fn app(scope: &Scope<'_>, app: &App, ports: &[Number]) -> NetworkPolicyEgressRule {
    let entries = &scope.lowering.project.entries;
    let infrastructure = matches!(entries.get(&app.name.value), Some(Entry::Infrastructure(_)));
    let own = service::ports(app, infrastructure);
    let numbers = match ports {
        [] => outside::numbers(own.iter()),
        said => peer::numbered(&own, said),
    };
    rule(vec![peer::app(scope, app)], numbers)
}

/// What an entry's name means.
enum Found<'a> {
    App(&'a App, Vec<Port>),
    Managed(&'a Managed),
    /// The pods of somebody else's chart.
    Chart(NetworkPolicyPeer),
}

fn entry<'a>(
    scope: &Scope<'a>,
    name: &Name,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Option<Found<'a>> {
    let project = scope.lowering.project;
    let Some(found) = project.entries.get(name) else {
        let message = format!(
            "a rule of `{}` names `{name}`, which is nowhere in the project",
            scope.name()
        );
        diagnostics.push(dependency::unknown_name(project, name, span, message));
        return None;
    };
    if let Some(app) = found.app() {
        let ports = service::ports(app, matches!(found, Entry::Infrastructure(_)));
        return Some(Found::App(app, ports));
    }
    match found {
        Entry::Infrastructure(_) => managed::of_entry(found).map(Found::Managed),
        Entry::Helm(release) => {
            let label = (INSTANCE.to_owned(), release.name.as_str().to_owned());
            let own = release
                .namespace
                .as_ref()
                .map(|name| name.as_str().to_owned());
            let there = own.unwrap_or_else(|| peer::project_namespace(scope.lowering));
            let pods = peer::pods(scope, peer::labelled([label]), Some(&there));
            Some(Found::Chart(pods))
        }
        Entry::Disabled(_) => {
            let message = format!("`{name}` is switched off: the rule admits nobody");
            let said = Diagnostic::note("dependency-off", span, message);
            diagnostics.push(said.help("remove the rule, or switch the other on"));
            None
        }
        Entry::Compose(compose) => {
            let name = compose.project.name.as_str();
            let own = compose.project.facts.namespace.as_ref();
            let there = own.map_or("default", |own| own.name.as_str());
            let label = (labels::PART_OF.to_owned(), name.to_owned());
            let pods = peer::pods(scope, peer::labelled([label]), Some(there));
            Some(Found::Chart(pods))
        }
        Entry::App(_) | Entry::Functions(_) | Entry::Kustomize(_) => {
            let message = format!("the pods of `{name}` are not known by a label");
            let said = Diagnostic::warning("not-carried", span, message);
            let help = "name their labels: `{pod_labels: {…}, namespace: …}`";
            diagnostics.push(said.help(help));
            None
        }
    }
}

fn known(
    scope: &Scope<'_>,
    app: &App,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> NetworkPolicyPeer {
    if membership::is_on_node(app) {
        let message = format!(
            "`{}` has the network of its node, by whose labels no policy knows it",
            app.name.value
        );
        let said = Diagnostic::warning("unguarded", span, message);
        diagnostics.push(said.help("admit the addresses of the nodes: `10.0.0.0/8`"));
    }
    peer::app(scope, app)
}

/// Peers that need no project.
fn peers(scope: &Scope<'_>, given: &Peer) -> Vec<NetworkPolicyPeer> {
    match given {
        Peer::Entry { .. } => Vec::new(),
        Peer::Pods {
            namespace,
            pod_labels,
            ..
        } => {
            let labels = pod_labels.iter();
            let labels =
                labels.map(|(key, value)| (key.as_str().to_owned(), value.as_str().to_owned()));
            let there = namespace.as_ref().map(Name::as_str);
            match (pod_labels.is_empty(), there) {
                (true, Some(there)) => vec![peer::all_of(there)],
                (true, None) => vec![peer::neighbours()],
                (false, _) => vec![peer::pods(scope, peer::labelled(labels), there)],
            }
        }
        Peer::Addresses { cidr, except, .. } => {
            let except = except.iter().map(ToString::to_string).collect();
            vec![peer::addresses(&cidr.to_string(), except)]
        }
        Peer::Internet { .. } => peer::internet(),
    }
}

/// What is run elsewhere, by its address.
fn address(managed: &Managed) -> Option<NetworkPolicyPeer> {
    let host = managed.host.as_ref()?.as_str();
    host.parse::<std::net::Ipv4Addr>().ok()?;
    Some(peer::addresses(&format!("{host}/32"), Vec::new()))
}

/// Policies know addresses and no names of hosts.
fn by_address(
    managed: &Managed,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Option<NetworkPolicyPeer> {
    let found = address(managed);
    if found.is_none() {
        let message = format!(
            "`{}` is run elsewhere, and policies do not know hosts by their names",
            managed.name.value
        );
        let said = Diagnostic::warning("not-carried", span, message);
        diagnostics.push(said.help("admit its addresses: `{cidr: 10.1.0.0/16}`"));
    }
    found
}

/// Anything at its ports, where only its name is known.
fn elsewhere(
    scope: &Scope<'_>,
    managed: &Managed,
    ports: &[Number],
    span: Span,
    diagnostics: &mut Diagnostics,
) -> NetworkPolicyEgressRule {
    let own: Vec<Number> = managed.ports.iter().map(|port| port.value).collect();
    let numbers = peer::numbered(&[], if ports.is_empty() { &own } else { ports });
    let peers: Vec<NetworkPolicyPeer> = address(managed).into_iter().collect();
    if peers.is_empty() && numbers.is_empty() {
        let message = format!(
            "`{}` is run elsewhere, at an address and ports that are not known: `{}` may reach \
             everything",
            managed.name.value,
            scope.name()
        );
        let said = Diagnostic::warning("open-egress", span, message);
        diagnostics.push(said.help("give its `ports`, and its `host` where that is an address"));
    }
    rule(peers, numbers)
}

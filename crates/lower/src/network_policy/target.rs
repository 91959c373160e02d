//! Whom a rule of access or a dependency means.

use k8s_openapi::api::networking::v1::{NetworkPolicyEgressRule, NetworkPolicyPeer};
use kubewright_model::access::Peer;
use kubewright_model::infrastructure::Managed;
use kubewright_model::project::Entry;
use kubewright_model::service::Port;
use kubewright_model::{App, Located, Name, Port as Number, Project};
use kubewright_source::{Diagnostic, Diagnostics, Span};

use super::egress::to as rule;
use super::{membership, outside, peer};
use crate::Outer;
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
                Found::App(other) => {
                    diagnostics.extend(on_node(other.app, given.span));
                    vec![other.peer]
                }
                Found::Managed(managed) => vec![by_address(managed, given.span, diagnostics)?],
                Found::Pods(peer) => vec![peer],
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
            Found::App(other) => Some(other.rule(ports)),
            Found::Managed(managed) => {
                Some(elsewhere(scope, managed, ports, given.span, diagnostics))
            }
            Found::Pods(peer) => Some(rule(vec![peer], peer::numbered(&[], ports))),
        },
        Peer::Pods { ports, .. } | Peer::Addresses { ports, .. } | Peer::Internet { ports } => {
            Some(rule(peers(scope, &given.value), peer::numbered(&[], ports)))
        }
    }
}

/// What an app depends on, or has the address of. What is unknown or off is said
/// where it is waited for.
pub(super) fn needed(
    scope: &Scope<'_>,
    on: Located<&Name>,
    port: Option<Number>,
    diagnostics: &mut Diagnostics,
) -> Option<NetworkPolicyEgressRule> {
    let said = &mut Diagnostics::default();
    let found = entry(scope, on.value, on.span, said)?;
    rule_for(scope, &found, (port, on.span), diagnostics)
}

/// The same for what stands around the compose project of an app.
pub(super) fn around(
    scope: &Scope<'_>,
    outer: Outer<'_>,
    on: &Name,
    port: Option<Number>,
    diagnostics: &mut Diagnostics,
) -> Option<NetworkPolicyEgressRule> {
    let found = found(scope, outer.project, outer.project.entries.get(on)?)?;
    let span = outer.project.name.span;
    rule_for(scope, &found, (port, span), diagnostics)
}

fn rule_for(
    scope: &Scope<'_>,
    found: &Found<'_>,
    (port, span): (Option<Number>, Span),
    diagnostics: &mut Diagnostics,
) -> Option<NetworkPolicyEgressRule> {
    let ports: Vec<Number> = port.into_iter().collect();
    match found {
        // A Job is watched, not talked to.
        Found::App(other) if other.ports.is_empty() && other.app.workload.ends() => None,
        Found::App(other) => Some(other.rule(&[])),
        Found::Managed(managed) => Some(elsewhere(scope, managed, &ports, span, diagnostics)),
        Found::Pods(peer) => Some(rule(vec![peer.clone()], peer::numbered(&[], &ports))),
    }
}

/// An app of the project, at all of its ports.
pub(super) fn app(scope: &Scope<'_>, app: &App) -> Option<NetworkPolicyEgressRule> {
    let project = scope.lowering.project;
    let entry = project.entries.get(&app.name.value)?;
    match found(scope, project, entry)? {
        Found::App(other) => Some(other.rule(&[])),
        Found::Managed(_) | Found::Pods(_) => None,
    }
}

/// What an entry's name means.
enum Found<'a> {
    App(Other<'a>),
    Managed(&'a Managed),
    /// The pods of a chart, or of a compose project.
    Pods(NetworkPolicyPeer),
}

/// Another app, of the same project or of the one around it.
struct Other<'a> {
    app: &'a App,
    ports: Vec<Port>,
    peer: NetworkPolicyPeer,
}

impl Other<'_> {
    /// It, at the ports that are named, else at all of its own.
    fn rule(&self, ports: &[Number]) -> NetworkPolicyEgressRule {
        let numbers = match ports {
            [] => outside::numbers(self.ports.iter()),
            said => peer::numbered(&self.ports, said),
        };
        rule(vec![self.peer.clone()], numbers)
    }
}

fn entry<'a>(
    scope: &Scope<'a>,
    name: &Name,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Option<Found<'a>> {
    let project = scope.lowering.project;
    let Some(entry) = project.entries.get(name) else {
        let message = format!(
            "a rule of `{}` names `{name}`, which is nowhere in the project",
            scope.name()
        );
        diagnostics.push(dependency::unknown_name(project, name, span, message));
        return None;
    };
    let found = found(scope, project, entry);
    if found.is_none() {
        diagnostics.push(unnamed(name, entry, span));
    }
    found
}

/// An entry as policies name it; none where they cannot.
fn found<'a>(scope: &Scope<'_>, project: &'a Project, entry: &'a Entry) -> Option<Found<'a>> {
    if let Some(app) = entry.app() {
        return Some(Found::App(Other {
            app,
            ports: service::ports(app, matches!(entry, Entry::Infrastructure(_))),
            peer: peer::app_of(scope, project, app),
        }));
    }
    if let Some(managed) = managed::of_entry(entry) {
        return Some(Found::Managed(managed));
    }
    foreign(scope, project, entry).map(Found::Pods)
}

/// The pods of a chart, or of a compose project.
pub(super) fn foreign(
    scope: &Scope<'_>,
    project: &Project,
    entry: &Entry,
) -> Option<NetworkPolicyPeer> {
    let (label, name, namespace) = match entry {
        Entry::Helm(release) => {
            let there = peer::namespace_in(project, release.namespace.as_ref());
            (INSTANCE, &release.name, there)
        }
        Entry::Compose(compose) => {
            let there = peer::namespace_in(&compose.project, None);
            (labels::PART_OF, &compose.project.name, there)
        }
        Entry::App(_)
        | Entry::Infrastructure(_)
        | Entry::Functions(_)
        | Entry::Kustomize(_)
        | Entry::Disabled(_) => return None,
    };
    let label = (label.to_owned(), name.as_str().to_owned());
    Some(peer::pods(scope, peer::labelled([label]), Some(&namespace)))
}

/// What is said where a rule names an entry that no policy can name.
fn unnamed(name: &Name, entry: &Entry, span: Span) -> Diagnostic {
    if matches!(entry, Entry::Disabled(_)) {
        let message = format!("`{name}` is switched off: the rule admits nobody");
        let said = Diagnostic::note("dependency-off", span, message);
        return said.help("remove the rule, or switch the other on");
    }
    let message = format!("the pods of `{name}` are not known by a label");
    let help = "name their labels: `{pod_labels: {…}, namespace: …}`";
    Diagnostic::warning("not-carried", span, message).help(help)
}

/// What is said of a peer that policies do not see.
fn on_node(app: &App, span: Span) -> Option<Diagnostic> {
    let message = format!(
        "`{}` has the network of its node, by whose labels no policy knows it",
        app.name.value
    );
    let said = Diagnostic::warning("unguarded", span, message);
    let said = said.help("admit the addresses of the nodes: `10.0.0.0/8`");
    membership::is_on_node(app).then_some(said)
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

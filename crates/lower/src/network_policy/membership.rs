//! Which pods are on which network, and who reaches whom.

use std::sync::LazyLock;

use kubewright_model::project::{Network, NetworkPolicyMode};
use kubewright_model::{App, Name, Project};

/// The network of apps that name none, as in compose.
static DEFAULT: LazyLock<Name> =
    LazyLock::new(|| Name::parse("default").expect("a constant that is a name"));

/// The value of the labels that say on which networks a pod is.
pub(crate) const MEMBER: &str = "true";

/// Why one app does not reach another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Apart {
    /// The first has no network at all.
    NoWayOut,
    /// The second has no network at all.
    NoWayIn,
    /// They share none.
    NothingShared,
    /// The first is on its node's network, which is none of the second's.
    OnTheNode,
}

/// True where the project's policies keep networks apart.
pub(crate) fn go_by_networks(project: &Project) -> bool {
    project.facts.network_policy == NetworkPolicyMode::Networks
}

/// True for an app without any network.
pub(crate) fn is_isolated(app: &App) -> bool {
    let isolated = app.access.isolated.as_ref();
    isolated.is_some_and(|isolated| isolated.value)
}

/// True for an app that has the network of its node.
pub(crate) fn is_on_node(app: &App) -> bool {
    let host = app.security.host_network.as_ref();
    host.is_some_and(|host| host.value)
}

/// The networks of an app that has any: `default` where it names none.
pub(crate) fn networks(app: &App) -> impl Iterator<Item = &Name> {
    let has_any = !is_isolated(app) && !is_on_node(app);
    let given = app.access.networks.iter().map(|network| &network.value);
    let implied = app.access.networks.is_empty().then(|| &*DEFAULT);
    given.chain(implied).filter(move |_| has_any)
}

/// What a network is called beyond its project: two projects in one namespace
/// may each have a `back`.
pub(crate) fn full_name(project: &Project, network: &Name) -> String {
    let declared = project.networks.get(network);
    let shared = declared.and_then(|network| network.shared.as_ref());
    shared.map_or_else(
        || format!("{}-{network}", project.name.value),
        |name| name.as_str().to_owned(),
    )
}

/// The label of the pods that are on a network. Pods alone bear it: it may
/// change, so that no workload selects by it.
pub(crate) fn label(project: &Project, network: &Name) -> String {
    format!("kubewright.dev/network-{}", full_name(project, network))
}

/// Why `from` does not reach `to`; none where it does.
pub(crate) fn apart(project: &Project, from: &App, to: &App) -> Option<Apart> {
    if is_isolated(from) {
        return Some(Apart::NoWayOut);
    }
    if is_isolated(to) {
        return Some(Apart::NoWayIn);
    }
    if !go_by_networks(project) || is_on_node(to) {
        return None;
    }
    if is_on_node(from) {
        return Some(Apart::OnTheNode);
    }
    let meet = networks(from).any(|network| networks(to).any(|other| other == network));
    (!meet).then_some(Apart::NothingShared)
}

/// Whether the app reaches what is outside of its networks, as the API server
/// is: one of them is not internal.
pub(crate) fn reaches_outside(project: &Project, app: &App) -> bool {
    if is_isolated(app) {
        return false;
    }
    let open = |network: &Name| !is_internal(project.networks.get(network));
    !go_by_networks(project) || is_on_node(app) || networks(app).any(open)
}

/// True for a network that nothing leaves.
pub(super) fn is_internal(network: Option<&Network>) -> bool {
    network.is_some_and(|network| network.internal.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubewright_model::workload::Deployment;
    use kubewright_model::{Located, Workload};

    fn name(text: &str) -> Located<Name> {
        Located::nowhere(Name::parse(text).unwrap())
    }

    fn app(networks: &[&str]) -> App {
        let workload = Workload::Deployment(Deployment::default());
        let mut app = App::new(name("web"), Located::nowhere(String::new()), workload);
        app.access
            .networks
            .extend(networks.iter().map(|network| name(network)));
        app
    }

    fn on_node() -> App {
        let mut app = app(&[]);
        app.security.host_network = Some(Located::nowhere(true));
        app
    }

    fn isolated() -> App {
        let mut app = app(&[]);
        app.access.isolated = Some(Located::nowhere(true));
        app
    }

    fn project(mode: NetworkPolicyMode) -> Project {
        let mut project = Project::new(name("shop"));
        project.facts.network_policy = mode;
        let mut network = Network {
            internal: Located::nowhere(true),
            shared: None,
        };
        project.networks.insert(name("data").value, network.clone());
        network.internal.value = false;
        network.shared = Some(name("corp-lan"));
        project.networks.insert(name("corp").value, network);
        project
    }

    #[test]
    fn who_reaches_whom() {
        let project = project(NetworkPolicyMode::Networks);
        let rows = [
            (app(&[]), app(&[]), None),
            (app(&[]), app(&["default"]), None),
            (app(&["a", "b"]), app(&["b"]), None),
            (app(&["a"]), app(&["b"]), Some(Apart::NothingShared)),
            (app(&["a"]), app(&[]), Some(Apart::NothingShared)),
            (app(&["a"]), isolated(), Some(Apart::NoWayIn)),
            (isolated(), app(&["a"]), Some(Apart::NoWayOut)),
            (app(&["a"]), on_node(), None),
            (on_node(), app(&["a"]), Some(Apart::OnTheNode)),
        ];
        for (from, to, expected) in rows {
            let found = apart(&project, &from, &to);
            assert_eq!(found, expected, "{:?} {:?}", from.access, to.access);
        }
    }

    #[test]
    fn without_policies_only_the_isolated_are_apart() {
        let project = project(NetworkPolicyMode::None);
        assert_eq!(apart(&project, &app(&["a"]), &app(&["b"])), None);
        let found = apart(&project, &app(&["a"]), &isolated());
        assert_eq!(found, Some(Apart::NoWayIn));
    }

    #[test]
    fn one_open_network_is_a_way_out() {
        let project = project(NetworkPolicyMode::Networks);
        assert!(!reaches_outside(&project, &app(&["data"])));
        assert!(reaches_outside(&project, &app(&["data", "front"])));
        assert!(!reaches_outside(&project, &isolated()));
    }

    #[test]
    fn names_beyond_the_project() {
        let project = project(NetworkPolicyMode::Networks);
        assert_eq!(full_name(&project, &name("data").value), "shop-data");
        assert_eq!(full_name(&project, &name("corp").value), "corp-lan");
        let label = label(&project, &name("x").value);
        assert_eq!(label, "kubewright.dev/network-shop-x");
    }
}

//! The other end of a connection, as policies name it.

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{IPBlock, NetworkPolicyPeer, NetworkPolicyPort};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kubewright_model::service::Port;
use kubewright_model::{App, Located, Name, Port as Number, Project};

use crate::aspect::{self, Scope};
use crate::{labels, service};

/// The label that every namespace has.
/// <https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name>
const NAMESPACE: &str = "kubernetes.io/metadata.name";

/// Addresses that no host of the internet has: of private networks, of one's own
/// machine and link, and of carriers.
/// <https://www.iana.org/assignments/iana-ipv4-special-registry/>
const NOT_INTERNET: [(&str, &[&str]); 2] = [
    (
        "0.0.0.0/0",
        &[
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
        ],
    ),
    ("::/0", &["::1/128", "fc00::/7", "fe80::/10"]),
];

/// Labels that pods or namespaces have.
pub(super) fn labelled(rows: impl IntoIterator<Item = (String, String)>) -> LabelSelector {
    let labels: BTreeMap<String, String> = rows.into_iter().collect();
    LabelSelector {
        match_labels: (!labels.is_empty()).then_some(labels),
        ..LabelSelector::default()
    }
}

/// One namespace.
pub(super) fn namespace(name: &str) -> LabelSelector {
    labelled([(NAMESPACE.to_owned(), name.to_owned())])
}

/// Every pod of a namespace.
pub(super) fn all_of(name: &str) -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        namespace_selector: Some(namespace(name)),
        ..NetworkPolicyPeer::default()
    }
}

/// Every pod of the cluster.
pub(super) fn cluster() -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        namespace_selector: Some(LabelSelector::default()),
        ..NetworkPolicyPeer::default()
    }
}

/// Every pod of the same namespace.
pub(super) fn neighbours() -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        pod_selector: Some(LabelSelector::default()),
        ..NetworkPolicyPeer::default()
    }
}

/// Pods with labels, in another namespace than the app's where one is named.
pub(super) fn pods(
    scope: &Scope<'_>,
    labels: LabelSelector,
    elsewhere: Option<&str>,
) -> NetworkPolicyPeer {
    let own = name_of(scope.namespace());
    let elsewhere = elsewhere.filter(|name| *name != own);
    NetworkPolicyPeer {
        pod_selector: Some(labels),
        namespace_selector: elsewhere.map(namespace),
        ip_block: None,
    }
}

/// The pods of another app of the project.
pub(super) fn app(scope: &Scope<'_>, other: &App) -> NetworkPolicyPeer {
    app_of(scope, scope.lowering.project, other)
}

/// The pods of an app of that project.
pub(super) fn app_of(scope: &Scope<'_>, project: &Project, other: &App) -> NetworkPolicyPeer {
    let label = (labels::APP.to_owned(), labels::selected(other).to_owned());
    let there = namespace_in(project, other.namespace.as_ref());
    pods(scope, labelled([label]), Some(&there))
}

/// What a namespace is called that nobody names.
fn name_of(namespace: Option<String>) -> String {
    namespace.unwrap_or_else(|| "default".to_owned())
}

/// The namespace of what lives in a project, and may name its own.
pub(super) fn namespace_in(project: &Project, own: Option<&Located<Name>>) -> String {
    name_of(aspect::namespace_in(project, own))
}

/// Addresses.
pub(super) fn addresses(cidr: &str, except: Vec<String>) -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        ip_block: Some(IPBlock {
            cidr: cidr.to_owned(),
            except: (!except.is_empty()).then_some(except),
        }),
        ..NetworkPolicyPeer::default()
    }
}

/// Whatever is outside of the cluster and of private networks.
pub(super) fn internet() -> Vec<NetworkPolicyPeer> {
    let blocks = NOT_INTERNET.iter().map(|(cidr, except)| {
        let except = except.iter().map(|cidr| (*cidr).to_owned());
        addresses(cidr, except.collect())
    });
    blocks.collect()
}

/// Ports by the numbers that people say: the pod's, else the Service's, else the
/// number as it is.
pub(super) fn numbered(ports: &[Port], numbers: &[Number]) -> Vec<NetworkPolicyPort> {
    let mut made: Vec<NetworkPolicyPort> = Vec::new();
    for number in numbers {
        let at_pod = || {
            ports
                .iter()
                .find(|port| port.container_port.value == *number)
        };
        let at_service = || {
            ports
                .iter()
                .find(|port| port.service_number() == Some(*number))
        };
        let found = at_pod().or_else(at_service);
        let pod_port = found.map_or(*number, |port| port.container_port.value);
        let port = NetworkPolicyPort {
            port: Some(IntOrString::Int(i32::from(pod_port.get()))),
            protocol: found.and_then(|port| service::protocol(port.protocol)),
            end_port: None,
        };
        if !made.contains(&port) {
            made.push(port);
        }
    }
    made
}

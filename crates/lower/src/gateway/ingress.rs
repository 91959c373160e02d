//! Ingresses: one for each group of routes that can share one.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/ingress/>

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule,
    IngressServiceBackend, IngressSpec, IngressTLS, ServiceBackendPort,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::gateway::{Controller, PathType, Tls};
use kubewright_objects::Object;
use kubewright_source::Diagnostics;

use super::backend::{Backend, Services};
use super::certificate::{self, Certificates, Issuer};
use super::name::Names;
use super::target::Place;
use super::way::Way;
use super::{Owner, haproxy, nginx, plain};

/// A route in the annotations of its controller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// For its path alone.
    pub(super) path: BTreeMap<String, String>,
    /// For the port of the Service that it leads to, and so for all routes there.
    pub(super) back: BTreeMap<String, String>,
}

/// What routes of one Ingress have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Face<'w> {
    class: Option<&'w str>,
    annotations: BTreeMap<String, String>,
    issuer: Option<Issuer<'w>>,
}

/// Routes of one Ingress.
struct Group<'w, 'a> {
    name: String,
    face: Face<'w>,
    ways: Vec<(&'w Way<'a>, Words)>,
}

/// The Ingresses of some ways, and what they lean on.
pub(super) fn objects(
    owner: &Owner<'_>,
    ways: &[&Way<'_>],
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let ways = || ways.iter().copied().filter(|way| !is_of_gateway_api(way));
    let groups = groups(owner, ways(), diagnostics);
    let context = Context {
        owner,
        patterned: patterned(ways()),
        divided: divided(&groups),
        certified: certificate::shared(&members(&groups)),
    };
    let mut services = Services::default();
    let mut certificates = Certificates::default();
    let mut made = Vec::new();
    for group in &groups {
        context.certify(group, &mut certificates);
        let ingress = context.ingress(group, &mut services, diagnostics);
        made.push((owner.object)(ingress.into()));
    }
    made.extend(services.objects(owner));
    made.extend(certificates.objects(owner));
    made.extend(haproxy::firewall_rules(owner, ways(), diagnostics));
    made
}

/// Whether a route is a matter of the Gateway API.
pub(super) fn is_of_gateway_api(way: &Way<'_>) -> bool {
    match way.controller {
        Controller::GatewayApi => true,
        Controller::Generic | Controller::Haproxy | Controller::Traefik | Controller::Nginx => {
            false
        }
    }
}

fn words(way: &Way<'_>, diagnostics: &mut Diagnostics) -> Words {
    match way.controller {
        Controller::Haproxy => haproxy::words(way, diagnostics),
        Controller::Nginx => nginx::words(way, diagnostics),
        Controller::Generic | Controller::Traefik | Controller::GatewayApi => {
            plain::words(way, diagnostics)
        }
    }
}

/// Routes that can share an Ingress, in the order of the first of each.
fn groups<'w, 'a>(
    owner: &Owner<'_>,
    ways: impl Iterator<Item = &'w Way<'a>>,
    diagnostics: &mut Diagnostics,
) -> Vec<Group<'w, 'a>> {
    let mut known: BTreeMap<Face<'w>, usize> = BTreeMap::new();
    let mut groups: Vec<Group<'w, 'a>> = Vec::new();
    for way in ways {
        let mut words = words(way, diagnostics);
        // What a given annotation is for nobody knows: each may be the back end's.
        for (key, value) in &way.policy.annotations {
            words.path.remove(*key);
            words.back.insert((*key).to_owned(), value.value.clone());
        }
        let face = Face {
            class: way.class,
            annotations: words.path.iter().chain(&words.back).map(owned).collect(),
            issuer: certificate::issuer(way),
        };
        let at = *known.entry(face).or_insert_with_key(|face| {
            groups.push(Group {
                name: String::new(),
                face: face.clone(),
                ways: Vec::new(),
            });
            groups.len() - 1
        });
        groups[at].ways.push((way, words));
    }
    let mut names = Names::new(owner);
    for group in &mut groups {
        let plain = group.ways.iter().any(|(way, _)| way.is_plain());
        group.name = names.group(group.ways[0].0, plain);
    }
    groups
}

fn owned((key, value): (&String, &String)) -> (String, String) {
    (key.clone(), value.clone())
}

fn members<'w, 'a>(groups: &[Group<'w, 'a>]) -> Vec<Vec<&'w Way<'a>>> {
    let ways = |group: &Group<'w, 'a>| group.ways.iter().map(|(way, _)| *way).collect();
    groups.iter().map(ways).collect()
}

/// Hosts of nginx of which some path is rewritten.
fn patterned<'w>(ways: impl Iterator<Item = &'w Way<'w>>) -> BTreeSet<Option<&'w str>> {
    let rewritten =
        ways.filter(|way| way.controller == Controller::Nginx && way.rewritten().is_some());
    rewritten.map(|way| way.host).collect()
}

/// A Service and a port of it.
type Port<'w> = (&'w str, i32);

/// Ports of Services for which routes want different settings of HAProxy's: it
/// has one back end for each.
fn divided<'w>(groups: &[Group<'w, '_>]) -> BTreeSet<Port<'w>> {
    let mut first: BTreeMap<Port<'w>, &BTreeMap<String, String>> = BTreeMap::new();
    let mut divided = BTreeSet::new();
    for (way, words) in groups.iter().flat_map(|group| &group.ways) {
        let here = way.target.place == Place::Here && way.target.container_port.is_some();
        if !here || way.controller != Controller::Haproxy {
            continue;
        }
        let port = (way.target.service, way.target.port);
        if *first.entry(port).or_insert(&words.back) != &words.back {
            divided.insert(port);
        }
    }
    divided
}

/// What is known of all groups.
struct Context<'o, 'w> {
    owner: &'o Owner<'o>,
    patterned: BTreeSet<Option<&'w str>>,
    divided: BTreeSet<Port<'w>>,
    /// Issuers for whose hosts there are Certificates.
    certified: BTreeSet<Issuer<'w>>,
}

impl<'w> Context<'_, 'w> {
    fn certify(&self, group: &Group<'w, '_>, certificates: &mut Certificates<'w>) {
        let issuer = group.face.issuer;
        let Some(issuer) = issuer.filter(|issuer| self.certified.contains(issuer)) else {
            return;
        };
        for host in group.ways.iter().filter_map(|(way, _)| way.host) {
            certificates.add(issuer, host);
        }
    }

    fn ingress(
        &self,
        group: &Group<'w, '_>,
        services: &mut Services,
        diagnostics: &mut Diagnostics,
    ) -> Ingress {
        let mut annotations = group.face.annotations.clone();
        let issuer = group.face.issuer;
        if let Some(issuer) = issuer.filter(|issuer| !self.certified.contains(issuer)) {
            let (key, value) = certificate::annotation(issuer);
            annotations.entry(key).or_insert(value);
        }
        let tls = self.tls(group);
        Ingress {
            metadata: ObjectMeta {
                annotations: (!annotations.is_empty()).then_some(annotations),
                ..(self.owner.metadata)(group.name.clone())
            },
            spec: Some(IngressSpec {
                ingress_class_name: group.face.class.map(str::to_owned),
                tls: (!tls.is_empty()).then_some(tls),
                rules: Some(self.rules(group, services, diagnostics)),
                ..IngressSpec::default()
            }),
            ..Ingress::default()
        }
    }

    /// The rules, hosts in the order of the routes, each path once.
    fn rules(
        &self,
        group: &Group<'w, '_>,
        services: &mut Services,
        diagnostics: &mut Diagnostics,
    ) -> Vec<IngressRule> {
        let mut rules: Vec<IngressRule> = Vec::new();
        let mut places: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (way, words) in &group.ways {
            let (path, path_type) = self.path(way);
            if !seen.insert((way.host, path.clone(), path_type)) {
                continue;
            }
            let apart = !words.back.is_empty()
                && self
                    .divided
                    .contains(&(way.target.service, way.target.port));
            let backend = services.backend(self.owner, &group.name, way, apart, diagnostics);
            let at = *places.entry(way.host).or_insert_with(|| {
                rules.push(IngressRule {
                    host: way.host.map(str::to_owned),
                    http: None,
                });
                rules.len() - 1
            });
            let HTTPIngressRuleValue { paths } = rules[at].http.get_or_insert_default();
            paths.push(written(path, path_type, backend));
        }
        rules
    }

    fn path(&self, way: &Way<'_>) -> (String, &'static str) {
        let is_pattern = way.controller == Controller::Nginx && self.patterned.contains(&way.host);
        if let Some(pattern) = is_pattern.then(|| nginx::pattern(way)).flatten() {
            return (pattern, "ImplementationSpecific");
        }
        let path_type = match way.path_type() {
            PathType::Prefix => "Prefix",
            PathType::Exact => "Exact",
            PathType::ImplementationSpecific => "ImplementationSpecific",
        };
        (way.path().to_owned(), path_type)
    }

    /// The certificates, each with the hosts that it is for. An issuer fills a
    /// Secret of its own for each Ingress, or that of a Certificate.
    fn tls(&self, group: &Group<'_, '_>) -> Vec<IngressTLS> {
        let mut certificates: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (way, _) in &group.ways {
            let secret = match &way.tls {
                Tls::Off => continue,
                Tls::Default => None,
                Tls::Secret(secret) => Some(secret.as_str().to_owned()),
                Tls::Issuer { .. } => Some(self.issued(group)),
            };
            let hosts = certificates.entry(secret.clone()).or_default();
            if let Some(host) = way.host.filter(|host| seen.insert((secret, *host))) {
                hosts.push(host.to_owned());
            }
        }
        let entry = |(secret_name, hosts): (Option<String>, Vec<String>)| IngressTLS {
            hosts: (!hosts.is_empty()).then_some(hosts),
            secret_name,
        };
        certificates.into_iter().map(entry).collect()
    }

    fn issued(&self, group: &Group<'_, '_>) -> String {
        let certified = group.face.issuer;
        match certified.filter(|issuer| self.certified.contains(issuer)) {
            Some(issuer) => certificate::secret(self.owner, issuer),
            None => format!("{}-tls", group.name),
        }
    }
}

fn written(path: String, path_type: &str, backend: Backend) -> HTTPIngressPath {
    HTTPIngressPath {
        path: Some(path),
        path_type: path_type.to_owned(),
        backend: IngressBackend {
            service: Some(IngressServiceBackend {
                name: backend.service,
                port: Some(ServiceBackendPort {
                    number: Some(backend.port),
                    ..ServiceBackendPort::default()
                }),
            }),
            ..IngressBackend::default()
        },
    }
}

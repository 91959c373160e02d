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

use super::way::Way;
use super::{Owner, annotation};

/// What routes of one Ingress have in common.
#[derive(PartialEq)]
struct Face<'a> {
    class: Option<&'a str>,
    annotations: BTreeMap<String, String>,
}

/// The Ingresses of some ways: `{base}`, and `{base}-route-2` and so on for
/// routes that need another class or other annotations.
pub(super) fn objects(
    owner: &Owner<'_>,
    ways: &[Way<'_>],
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let mut groups: Vec<(Face<'_>, Vec<&Way<'_>>)> = Vec::new();
    for way in ways.iter().filter(|way| !is_of_gateway_api(way)) {
        let face = Face {
            class: way.class,
            annotations: annotation::of(way, diagnostics),
        };
        match groups.iter_mut().find(|(other, _)| *other == face) {
            Some((_, members)) => members.push(way),
            None => groups.push((face, vec![way])),
        }
    }
    let named = groups.into_iter().enumerate().map(|(at, (face, ways))| {
        let name = match at {
            0 => owner.base.to_owned(),
            at => format!("{}-route-{}", owner.base, at + 1),
        };
        (owner.object)(ingress(owner, name, face, &ways).into())
    });
    named.collect()
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

fn ingress(owner: &Owner<'_>, name: String, face: Face<'_>, ways: &[&Way<'_>]) -> Ingress {
    let annotations = (!face.annotations.is_empty()).then_some(face.annotations);
    let tls = tls(&name, ways);
    Ingress {
        metadata: ObjectMeta {
            annotations,
            ..(owner.metadata)(name)
        },
        spec: Some(IngressSpec {
            ingress_class_name: face.class.map(str::to_owned),
            tls: (!tls.is_empty()).then_some(tls),
            rules: Some(rules(ways)),
            ..IngressSpec::default()
        }),
        ..Ingress::default()
    }
}

/// The rules, hosts in the order of the routes, each path once.
fn rules(ways: &[&Way<'_>]) -> Vec<IngressRule> {
    let mut rules: Vec<IngressRule> = Vec::new();
    let mut seen = BTreeSet::new();
    for way in ways {
        let path = path(way);
        if !seen.insert((way.host, path.path.clone(), path.path_type.clone())) {
            continue;
        }
        let host = way.host.map(str::to_owned);
        let http = match rules.iter_mut().find(|rule| rule.host == host) {
            Some(rule) => rule.http.get_or_insert_default(),
            None => {
                rules.push(IngressRule { host, http: None });
                let rule = rules.last_mut().expect("one was just added");
                rule.http.get_or_insert_default()
            }
        };
        let HTTPIngressRuleValue { paths } = http;
        paths.push(path);
    }
    rules
}

fn path(way: &Way<'_>) -> HTTPIngressPath {
    let route = way.route;
    let path_type = route
        .path_type
        .as_ref()
        .map_or(PathType::Prefix, |it| it.value);
    let (path, path_type) = match annotation::pattern(way) {
        Some(pattern) => (pattern, PathType::ImplementationSpecific),
        None => (route.path.value.clone(), path_type),
    };
    HTTPIngressPath {
        path: Some(path),
        path_type: match path_type {
            PathType::Prefix => "Prefix",
            PathType::Exact => "Exact",
            PathType::ImplementationSpecific => "ImplementationSpecific",
        }
        .to_owned(),
        backend: IngressBackend {
            service: Some(IngressServiceBackend {
                name: way.service.to_owned(),
                port: Some(ServiceBackendPort {
                    number: Some(way.port),
                    ..ServiceBackendPort::default()
                }),
            }),
            ..IngressBackend::default()
        },
    }
}

/// The certificates, each with the hosts that it is for. An issuer fills a
/// Secret of its own for each Ingress.
fn tls(name: &str, ways: &[&Way<'_>]) -> Vec<IngressTLS> {
    let mut certificates: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
    for way in ways {
        let secret = match &way.tls {
            Tls::Off => continue,
            Tls::Default => None,
            Tls::Secret(secret) => Some(secret.as_str().to_owned()),
            Tls::Issuer { .. } => Some(format!("{name}-tls")),
        };
        let hosts = certificates.entry(secret).or_default();
        if let Some(host) = way.host.filter(|host| !hosts.iter().any(|own| own == host)) {
            hosts.push(host.to_owned());
        }
    }
    let entry = |(secret_name, hosts): (Option<String>, Vec<String>)| IngressTLS {
        hosts: (!hosts.is_empty()).then_some(hosts),
        secret_name,
    };
    certificates.into_iter().map(entry).collect()
}

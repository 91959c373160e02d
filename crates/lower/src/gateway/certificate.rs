//! Who makes certificates for the hosts of routes.
//!
//! cert-manager makes one for each annotated Ingress. Two Ingresses with one host
//! would make two, so there a Certificate of our own stands beside them. It does
//! not look at IngressRoutes at all.
//!
//! <https://cert-manager.io/docs/usage/ingress/>

use std::collections::{BTreeMap, BTreeSet};

use kubewright_model::gateway::Tls;
use kubewright_objects::Object;
use kubewright_objects::cert_manager::{Certificate, CertificateSpec, IssuerRef};
use kubewright_source::Diagnostic;

use super::Owner;
use super::way::Way;

/// An issuer: whether it is the cluster's, and its name.
pub(super) type Issuer<'w> = (bool, &'w str);

/// The issuer of a route's certificate.
pub(super) fn issuer<'w>(way: &'w Way<'_>) -> Option<Issuer<'w>> {
    match &way.tls {
        Tls::Issuer { cluster, name } => Some((*cluster, name.as_str())),
        Tls::Off | Tls::Default | Tls::Secret(_) => None,
    }
}

/// The annotation by which an Ingress asks an issuer.
pub(super) fn annotation((cluster, name): Issuer<'_>) -> (String, String) {
    let key = match cluster {
        true => "cert-manager.io/cluster-issuer",
        false => "cert-manager.io/issuer",
    };
    (key.to_owned(), name.to_owned())
}

/// The Secret of a Certificate of our own, and its name.
pub(super) fn secret(owner: &Owner<'_>, (_, name): Issuer<'_>) -> String {
    format!("{}-{name}-tls", owner.base)
}

/// Certificates of our own, while they are gathered: the hosts of each issuer.
#[derive(Debug, Default)]
pub(super) struct Certificates<'w>(BTreeMap<Issuer<'w>, BTreeSet<&'w str>>);

impl<'w> Certificates<'w> {
    pub(super) fn add(&mut self, issuer: Issuer<'w>, host: &'w str) {
        self.0.entry(issuer).or_default().insert(host);
    }

    pub(super) fn objects(self, owner: &Owner<'_>) -> Vec<Object> {
        let made = self.0.into_iter().map(|(issuer, hosts)| {
            let name = secret(owner, issuer);
            let certificate = Certificate {
                metadata: (owner.metadata)(name.clone()),
                spec: CertificateSpec {
                    secret_name: name,
                    dns_names: hosts.into_iter().map(str::to_owned).collect(),
                    issuer_ref: IssuerRef {
                        kind: if issuer.0 { "ClusterIssuer" } else { "Issuer" }.to_owned(),
                        name: issuer.1.to_owned(),
                    },
                },
            };
            (owner.object)(certificate.into())
        });
        made.collect()
    }
}

/// Issuers whose hosts stand in several groups of routes.
pub(super) fn shared<'w>(groups: &[Vec<&'w Way<'_>>]) -> BTreeSet<Issuer<'w>> {
    let mut first: BTreeMap<(Issuer<'w>, &str), usize> = BTreeMap::new();
    let mut shared = BTreeSet::new();
    for (at, ways) in groups.iter().enumerate() {
        for way in ways {
            let (Some(issuer), Some(host)) = (issuer(way), way.host) else {
                continue;
            };
            if *first.entry((issuer, host)).or_insert(at) != at {
                shared.insert(issuer);
            }
        }
    }
    shared
}

/// An issuer that is not told for which host.
pub(super) fn needs_host(way: &Way<'_>) -> Diagnostic {
    let text = format!(
        "the issuer makes no certificate for `{}`, which answers to any host",
        way.path()
    );
    Diagnostic::warning("needs-certificate", way.route.path.span, text).help(
        "name a host, or the environment's domain; Traefik shows its own certificate till then",
    )
}

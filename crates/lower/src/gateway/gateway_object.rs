//! The Gateway that HTTPRoutes belong to, where none is named.
//!
//! <https://gateway-api.sigs.k8s.io/api-types/gateway/>

use std::collections::BTreeSet;

use kubewright_model::gateway::{Gateway as Routes, Tls};
use kubewright_model::{Located, Project};
use kubewright_objects::gateway_api::{
    Gateway, GatewaySpec, Listener, ListenerTls, ParentRef, SecretRef,
};
use kubewright_objects::{Object, Origin};
use kubewright_source::{Diagnostic, Diagnostics, Span};

use super::way::{self, Way};
use crate::Lowering;

/// The most listeners that a Gateway can have.
const MOST_LISTENERS: usize = 64;
/// The listener without TLS.
pub(super) const PLAIN: &str = "http";
const ENCRYPTED: &str = "https";

/// The Gateway that is there already, where one is named.
pub(super) fn existing(project: &Project) -> Option<&kubewright_model::gateway::GatewayObject> {
    let gateway = project.facts.ingress.as_ref()?.gateway.as_ref()?;
    Some(&gateway.value)
}

pub(super) fn parent(project: &Project, way: &Way<'_>, section: Option<String>) -> ParentRef {
    match existing(project) {
        Some(gateway) => ParentRef {
            name: gateway.name.name.as_str().to_owned(),
            namespace: gateway
                .name
                .namespace
                .as_ref()
                .map(|name| name.as_str().to_owned()),
            section_name: gateway
                .section
                .as_ref()
                .map(|section| section.value.clone()),
        },
        None => ParentRef {
            name: way.gateway_name.to_owned(),
            namespace: None,
            section_name: section,
        },
    }
}

/// The listeners with TLS that some hosts belong to.
pub(super) fn encrypted(project: &Project, ways: &[&Way<'_>]) -> Vec<ParentRef> {
    let mut parents: Vec<ParentRef> = Vec::new();
    for way in ways {
        let parent = parent(project, way, Some(section(&way.tls, way.host)));
        if !parents.contains(&parent) {
            parents.push(parent);
        }
    }
    parents
}

/// The listener of a host: an issuer has one certificate for each host, a Secret
/// holds for all.
fn section(tls: &Tls, host: Option<&str>) -> String {
    match (tls, host) {
        (Tls::Issuer { .. }, Some(host)) => host.replacen("*.", "any.", 1),
        (Tls::Issuer { .. } | Tls::Off | Tls::Default | Tls::Secret(_), _) => ENCRYPTED.to_owned(),
    }
}

/// The Gateway of the project, where routes want one and none is named.
pub(crate) fn gateway(
    lowering: &Lowering<'_>,
    routes: &Routes,
    diagnostics: &mut Diagnostics,
) -> Option<Object> {
    let project = lowering.project;
    let first = routes
        .routes
        .iter()
        .find(|route| way::is_of_gateway_api(project, routes, route))?;
    if existing(project).is_some() {
        return None;
    }
    let name = name(routes);
    let mut made = Made::new(name);
    for route in routes
        .routes
        .iter()
        .filter(|route| way::is_of_gateway_api(project, routes, route))
    {
        let tls = way::tls(project, routes, route);
        for host in way::hosts(project, routes, route) {
            made.listen(&tls, host, route.target.service.span, diagnostics);
        }
    }
    let origin = Origin {
        span: routes
            .name
            .as_ref()
            .map_or(first.target.service.span, |name| name.span),
        label: "the gateway".to_owned(),
    };
    if made.listeners.len() > MOST_LISTENERS {
        diagnostics.push(too_many(made.listeners.len(), origin.span));
    }
    let mut metadata = crate::shared::metadata(lowering, name);
    metadata.annotations = made
        .issuer
        .map(|(key, name)| std::collections::BTreeMap::from([(key.to_owned(), name)]));
    let spec = GatewaySpec {
        gateway_class_name: class(project, origin.span, diagnostics),
        listeners: made.listeners,
    };
    Some(Object::new(Gateway { metadata, spec }, origin))
}

/// The name of the project's own Gateway.
pub(super) fn name(routes: &Routes) -> &str {
    routes.name.as_ref().map_or("gateway", |name| name.as_str())
}

/// Listeners while they are gathered.
struct Made<'n> {
    name: &'n str,
    listeners: Vec<Listener>,
    sections: BTreeSet<String>,
    issuer: Option<(&'static str, String)>,
}

impl<'n> Made<'n> {
    fn new(name: &'n str) -> Self {
        let plain = Listener {
            name: PLAIN.to_owned(),
            port: 80,
            protocol: "HTTP".to_owned(),
            ..Listener::default()
        };
        Self {
            name,
            listeners: vec![plain],
            sections: BTreeSet::new(),
            issuer: None,
        }
    }

    fn listen(&mut self, tls: &Tls, host: Option<&str>, span: Span, said: &mut Diagnostics) {
        let section = section(tls, host);
        let secret = match tls {
            Tls::Off => return,
            Tls::Default => format!("{}-tls", self.name),
            Tls::Secret(secret) => secret.as_str().to_owned(),
            Tls::Issuer { cluster, name } => {
                self.issuer = Some(issuer(*cluster, name));
                format!("{section}-tls")
            }
        };
        if !self.sections.insert(section.clone()) {
            return self.also(&section, secret);
        }
        if *tls == Tls::Default {
            said.push(needs_certificate(&secret, span));
        }
        let own = matches!(tls, Tls::Issuer { .. });
        self.listeners.push(Listener {
            name: section,
            hostname: host.filter(|_| own).map(str::to_owned),
            port: 443,
            protocol: "HTTPS".to_owned(),
            tls: Some(ListenerTls {
                certificate_refs: vec![SecretRef { name: secret }],
            }),
        });
    }

    /// A further certificate of a listener that is there.
    fn also(&mut self, section: &str, secret: String) {
        let listener = self
            .listeners
            .iter_mut()
            .find(|listener| listener.name == section);
        let tls = listener.and_then(|listener| listener.tls.as_mut());
        let Some(tls) = tls else { return };
        if !tls
            .certificate_refs
            .iter()
            .any(|known| known.name == secret)
        {
            tls.certificate_refs.push(SecretRef { name: secret });
        }
    }
}

fn issuer(cluster: bool, name: &Located<kubewright_model::ObjectName>) -> (&'static str, String) {
    let key = match cluster {
        true => "cert-manager.io/cluster-issuer",
        false => "cert-manager.io/issuer",
    };
    (key, name.as_str().to_owned())
}

fn class(project: &Project, span: Span, diagnostics: &mut Diagnostics) -> String {
    let class = project
        .facts
        .ingress
        .as_ref()
        .and_then(|ingress| ingress.class.as_ref());
    if let Some(class) = class {
        return class.as_str().to_owned();
    }
    diagnostics.push(
        Diagnostic::warning(
            "gateway-class",
            span,
            "the Gateway's class is not known; `default` is written",
        )
        .help(
            "name one of `kubectl get gatewayclass` with `--ingress-class`, or a Gateway that is \
             there with `--gateway NAMESPACE/NAME`",
        ),
    );
    "default".to_owned()
}

fn needs_certificate(secret: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        "needs-certificate",
        span,
        format!(
            "the Gateway needs a certificate, and none is known: it looks for Secret `{secret}`"
        ),
    )
    .help(
        "make it with `kubectl create secret tls`, or choose `--tls-secret` or `--cluster-issuer`",
    )
}

fn too_many(count: usize, span: Span) -> Diagnostic {
    Diagnostic::error(
        "too-many-hosts",
        span,
        format!("a Gateway has {MOST_LISTENERS} listeners at most, and {count} are needed"),
    )
    .help("use one certificate for all hosts with `--tls-secret`, or a Gateway of your own with `--gateway`")
}

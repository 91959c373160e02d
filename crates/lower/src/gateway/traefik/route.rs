//! The IngressRoutes of some routes: with TLS, without it, and those that only
//! send on to TLS.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::gateway::Tls;
use kubewright_objects::Object;
use kubewright_objects::traefik::{
    IngressRoute, IngressRouteRule, IngressRouteService, IngressRouteSpec, IngressRouteTls,
    Middleware, MiddlewareRef, MiddlewareSpec, RedirectScheme, ServersTransport,
    ServersTransportSpec,
};
use kubewright_source::Diagnostics;

use super::super::backend::Services;
use super::super::certificate::{self, Certificates};
use super::super::name::Names;
use super::super::target::Place;
use super::super::way::Way;
use super::super::{Owner, lack};
use super::gathered::Gathered;
use super::{middleware, rule, transport};

/// Traefik's entry points, as its chart and k3s call them.
const PLAIN: &str = "web";
const ENCRYPTED: &str = "websecure";

/// By this annotation a Traefik finds its own.
const CLASS: &str = "kubernetes.io/ingress.class";

/// What routes of one IngressRoute have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Face {
    annotations: BTreeMap<String, String>,
    /// None: without TLS. The Secret; none of it: Traefik's own certificate.
    tls: Option<Option<String>>,
}

/// Routes of one IngressRoute.
struct Group<'w, 'a> {
    name: String,
    face: Face,
    first: &'w Way<'a>,
    /// One of them says nothing of its own that concerns the IngressRoute.
    usual: bool,
    rules: Vec<IngressRouteRule>,
}

/// What routes lean on, while it is gathered.
#[derive(Default)]
struct Beside<'w> {
    middlewares: Gathered<MiddlewareSpec>,
    transports: Gathered<ServersTransportSpec>,
    services: Services,
    certificates: Certificates<'w>,
}

/// The IngressRoutes of some ways, and what they lean on.
pub(in super::super) fn objects(
    owner: &Owner<'_>,
    ways: &[&Way<'_>],
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let Some(redirects) = ways.first().map(|way| way.redirect) else {
        return Vec::new();
    };
    let redirects = redirects.is_none_or(|word| word.value);
    let mut beside = Beside::default();
    let groups = groups(owner, ways, &mut beside, diagnostics);
    let mut made = Vec::new();
    for group in &groups {
        made.extend(routes(owner, group, redirects, &mut beside.middlewares));
    }
    made.extend(beside.objects(owner));
    made
}

/// Routes that can share an IngressRoute, in the order of the first of each.
fn groups<'w, 'a>(
    owner: &Owner<'_>,
    ways: &[&'w Way<'a>],
    beside: &mut Beside<'w>,
    diagnostics: &mut Diagnostics,
) -> Vec<Group<'w, 'a>> {
    let mixed = rule::is_mixed(ways);
    let mut known: BTreeMap<Face, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut groups: Vec<Group<'w, 'a>> = Vec::new();
    for way in ways {
        report(way, diagnostics);
        let face = beside.face(owner, way, diagnostics);
        let at = *known.entry(face).or_insert_with_key(|face| {
            groups.push(Group {
                name: String::new(),
                face: face.clone(),
                first: way,
                usual: false,
                rules: Vec::new(),
            });
            groups.len() - 1
        });
        groups[at].usual |= is_usual(way);
        let rule = beside.rule(owner, way, mixed, diagnostics);
        if seen.insert(rule.matches.clone()) {
            groups[at].rules.push(rule);
        }
    }
    let mut names = Names::new(owner);
    for group in &mut groups {
        group.name = names.group(group.first, group.usual);
    }
    groups
}

/// Whether the route says nothing of its own that concerns the IngressRoute.
fn is_usual(way: &Way<'_>) -> bool {
    let own = &way.route.policy;
    let tls = own.tls == kubewright_model::gateway::Switch::Unsaid;
    tls && own.annotations.is_empty() && way.route.class.is_none()
}

fn report(way: &Way<'_>, diagnostics: &mut Diagnostics) {
    if let Some(word) = way.redirect.filter(|word| word.value && !way.has_tls()) {
        diagnostics.push(lack::REDIRECT_TO_NOTHING.of(way, word.span));
    }
    if way.target.place != Place::Here {
        diagnostics.push(lack::wants_setting(
            way.route.target.service.span,
            "Traefik leads into other namespaces only where it is told to",
            "set `allowExternalNameServices: true` at Traefik's provider `kubernetesCRD`",
        ));
    }
}

impl<'w> Beside<'w> {
    fn face(&mut self, owner: &Owner<'_>, way: &'w Way<'_>, diagnostics: &mut Diagnostics) -> Face {
        let given = way.policy.annotations.iter();
        let mut annotations: BTreeMap<String, String> = given
            .map(|(key, value)| ((*key).to_owned(), value.value.clone()))
            .collect();
        if let Some(class) = way.class {
            annotations
                .entry(CLASS.to_owned())
                .or_insert_with(|| class.to_owned());
        }
        let tls = match &way.tls {
            Tls::Off => None,
            Tls::Default => Some(None),
            Tls::Secret(secret) => Some(Some(secret.as_str().to_owned())),
            Tls::Issuer { .. } => Some(self.issued(owner, way, diagnostics)),
        };
        Face { annotations, tls }
    }

    fn issued(
        &mut self,
        owner: &Owner<'_>,
        way: &'w Way<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<String> {
        let issuer = certificate::issuer(way)?;
        let Some(host) = way.host else {
            diagnostics.push(certificate::needs_host(way));
            return None;
        };
        self.certificates.add(issuer, host);
        Some(certificate::secret(owner, issuer))
    }

    fn rule(
        &mut self,
        owner: &Owner<'_>,
        way: &Way<'_>,
        mixed: bool,
        diagnostics: &mut Diagnostics,
    ) -> IngressRouteRule {
        let services = &mut self.services;
        let backend = services.backend(owner, owner.base, way, false, diagnostics);
        IngressRouteRule {
            matches: rule::text(way),
            kind: "Rule".to_owned(),
            priority: rule::priority(way, mixed),
            middlewares: middleware::of(owner, way, &mut self.middlewares, diagnostics),
            services: vec![IngressRouteService {
                name: backend.service,
                port: backend.port,
                scheme: way.target.to_tls.then(|| "https".to_owned()),
                servers_transport: transport::of(owner, way, &mut self.transports, diagnostics),
            }],
        }
    }

    fn objects(self, owner: &Owner<'_>) -> Vec<Object> {
        let mut made = Vec::new();
        for (name, spec) in self.middlewares.into_iter() {
            let metadata = (owner.metadata)(name);
            made.push((owner.object)(Middleware { metadata, spec }.into()));
        }
        for (name, spec) in self.transports.into_iter() {
            let metadata = (owner.metadata)(name);
            made.push((owner.object)(ServersTransport { metadata, spec }.into()));
        }
        made.extend(self.services.objects(owner));
        made.extend(self.certificates.objects(owner));
        made
    }
}

/// The IngressRoute of a group; beside one with TLS stands one without, which
/// sends on, unless requests without TLS are let in.
fn routes(
    owner: &Owner<'_>,
    group: &Group<'_, '_>,
    redirects: bool,
    middlewares: &mut Gathered<MiddlewareSpec>,
) -> Vec<Object> {
    let Some(secret) = &group.face.tls else {
        let rules = group.rules.clone();
        return vec![route(owner, group, "", PLAIN, None, rules)];
    };
    let tls = IngressRouteTls {
        secret_name: secret.clone(),
    };
    let rules = group.rules.clone();
    let encrypted = route(owner, group, "", ENCRYPTED, Some(tls), rules);
    let mut rules = group.rules.clone();
    let suffix = match redirects {
        false => "-plain",
        true => {
            let numbered = (2..).map(|at| format!("{}-https-{at}", owner.base));
            let wishes = [format!("{}-https", owner.base)]
                .into_iter()
                .chain(numbered);
            let name = middlewares.name(wishes, redirect());
            for rule in &mut rules {
                rule.middlewares = vec![MiddlewareRef { name: name.clone() }];
            }
            "-redirect"
        }
    };
    let plain = route(owner, group, suffix, PLAIN, None, rules);
    vec![encrypted, plain]
}

fn redirect() -> MiddlewareSpec {
    MiddlewareSpec::RedirectScheme(RedirectScheme {
        scheme: "https".to_owned(),
        permanent: true,
    })
}

fn route(
    owner: &Owner<'_>,
    group: &Group<'_, '_>,
    suffix: &str,
    entry_point: &str,
    tls: Option<IngressRouteTls>,
    routes: Vec<IngressRouteRule>,
) -> Object {
    let annotations = &group.face.annotations;
    let route = IngressRoute {
        metadata: ObjectMeta {
            annotations: (!annotations.is_empty()).then(|| annotations.clone()),
            ..(owner.metadata)(format!("{}{suffix}", group.name))
        },
        spec: IngressRouteSpec {
            entry_points: vec![entry_point.to_owned()],
            routes,
            tls,
        },
    };
    (owner.object)(route.into())
}

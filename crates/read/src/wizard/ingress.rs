//! `ingress`: the one way in, for app services with a port.

use std::net::IpAddr;

use kubewright_model::gateway::{Gateway, Route, RoutePolicy, RouteTarget, TargetService};
use kubewright_model::project::Entry;
use kubewright_model::service::ServiceKind;
use kubewright_model::value::{Host, Invalid, Name};
use kubewright_model::{App, Given, Located, Project, Workload};
use kubewright_source::Diagnostic;

use super::given::{given, is_off, same, two_values};
use crate::fields::{At, Fields};

/// The name that a route answers for: no address, which an Ingress cannot have.
///
/// <https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules>
pub(super) fn name(text: &str) -> Result<Host, Invalid> {
    match text.parse::<IpAddr>() {
        Err(_) => Host::parse(text),
        Ok(_) => Err(Invalid::new(
            "a host name",
            "it is an address",
            "write a name that leads there, like `shop.example.com`, or `true` for every host",
        )),
    }
}

/// Routes to every app service with a port: one service gets all paths, of
/// several each its own.
pub(super) fn read(fields: &Fields<'_>, project: &mut Project) {
    let host = given(fields, "ingress_host");
    let Some(at) = fields.get("ingress").filter(|at| !is_off(at.node)) else {
        if let Some(host) = host {
            host.warn(
                "not-carried",
                "`ingress_host` has no effect without `ingress`",
                "write the host into `ingress`",
            );
        }
        return;
    };
    let is_switch = at
        .node
        .as_scalar()
        .is_some_and(|scalar| &*scalar.text == "true");
    if !is_switch
        && let Some(other) = &host
        && !same(other.node, at.node)
    {
        two_values("the state", ("ingress", at.span()), "ingress_host", other);
    }
    let host = match is_switch {
        true => host.and_then(|at| at.parse(name)),
        false => at.parse(name),
    };
    if is_switch && host.is_none() {
        at.note(
            "any-host",
            "no host is given: the Ingress answers for every host",
            "write the host into `ingress`",
        );
    }
    let targets = targets(project);
    if targets.is_empty() {
        at.warn(
            "no-target",
            "there is no service with a port that an Ingress could lead to",
            "give a service its port, or switch the Ingress off",
        );
        return;
    }
    show(&targets, &at, project);
    project.gateway = Some(gateway(targets, host, &at));
}

/// App services with a port, never infrastructure, never what runs to its end.
fn targets(project: &Project) -> Vec<Located<Name>> {
    let apps = project.entries.values().filter_map(|entry| match entry {
        Entry::App(app) => Some(&**app),
        Entry::Infrastructure(_)
        | Entry::Functions(_)
        | Entry::Compose(_)
        | Entry::Helm(_)
        | Entry::Kustomize(_)
        | Entry::Disabled(_) => None,
    });
    let reached = apps.filter(|app| !app.workload.ends() && has_port(app));
    reached.map(|app| app.name.clone()).collect()
}

fn has_port(app: &App) -> bool {
    app.main
        .ports
        .as_ref()
        .is_some_and(|ports| !ports.is_empty())
}

/// An Ingress leads to a Service with an address of its own, which a StatefulSet
/// has only if it is asked for.
fn show(targets: &[Located<Name>], at: &At<'_>, project: &mut Project) {
    for name in targets {
        let Some(Entry::App(app)) = project.entries.get_mut(&name.value) else {
            continue;
        };
        if matches!(app.workload, Workload::StatefulSet(_)) && app.service.kind.is_none() {
            app.service.kind = Some(Located::new(ServiceKind::ClusterIp, at.span()));
            let message = format!(
                "`{}` gets a Service `{}`, because the Ingress leads to it",
                name.value, name.value
            );
            let said = Diagnostic::note("added-service", app.name.span, message);
            at.push(said.help("set `alsoCreateClusterIP` to say so, or switch the Ingress off"));
        }
    }
}

fn gateway(targets: Vec<Located<Name>>, host: Given<Host>, at: &At<'_>) -> Gateway {
    let is_alone = targets.len() == 1;
    let route = |name: Located<Name>| Route {
        host: host.clone(),
        path: Located::new(
            if is_alone {
                "/".to_owned()
            } else {
                format!("/{}", name.value)
            },
            at.span(),
        ),
        path_type: None,
        target: RouteTarget {
            service: Located::new(TargetService::Entry(name.value), name.span),
            port: None,
        },
        class: None,
        controller: None,
        strip_prefix: None,
        rewrite_to: None,
        methods: Vec::new(),
        policy: RoutePolicy::default(),
    };
    Gateway {
        name: Name::parse("ingress")
            .ok()
            .map(|name| Located::new(name, at.span())),
        hosts: host.iter().cloned().collect(),
        https_redirect: None,
        policy: RoutePolicy::default(),
        routes: targets.into_iter().map(route).collect(),
    }
}

//! Routes with everything that a gateway can say, on every controller.
//!
//! - `features`: a row for each feature and controller;
//! - `layout`: what stands together, what it is called, where it leads;
//! - `written`: all of it as files, for real API servers to judge.

mod features;
mod layout;
mod written;

use kubewright_model::container::ImageSource;
use kubewright_model::gateway::{
    Controller, Gateway, Method, Route, RouteTarget, Switch, TargetService,
};
use kubewright_model::project::{Entry, Ingress};
use kubewright_model::scaling::{RateLimit, Scaling};
use kubewright_model::service::Port;
use kubewright_model::value::{Host, QualifiedName, Rate};
use kubewright_model::workload::Deployment;
use kubewright_model::{App, Duration, Image, Located, Name, ObjectName, Project, Workload};
use kubewright_objects::Object;
use kubewright_source::{Diagnostic, Severity};
use serde_json::Value;

use crate::{Options, lower};

const ALL: [Controller; 5] = [
    Controller::Generic,
    Controller::Haproxy,
    Controller::Nginx,
    Controller::Traefik,
    Controller::GatewayApi,
];

fn here<T>(value: T) -> Located<T> {
    Located::nowhere(value)
}

fn text(text: &str) -> Located<String> {
    here(text.to_owned())
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn time(text: &str) -> Option<Located<Duration>> {
    Some(here(Duration::parse(text).unwrap()))
}

fn rate(rate: &str, burst: Option<u32>) -> Switch<RateLimit> {
    Switch::On(here(RateLimit {
        rate: here(Rate::parse(rate).unwrap()),
        burst: burst.map(here),
    }))
}

fn secret(text: &str) -> Located<QualifiedName> {
    here(QualifiedName::parse(text).unwrap())
}

/// A route for the host `shop.test`.
fn route(path: &str, app: &str) -> Route {
    let target = RouteTarget {
        service: here(TargetService::Entry(name(app))),
        port: None,
    };
    Route::new(None, text(path), target)
}

fn elsewhere(path: &str, service: &str, namespace: &str) -> Route {
    let mut route = route(path, service);
    route.target.service = here(TargetService::Foreign {
        service: name(service),
        namespace: name(namespace),
    });
    route
}

fn methods(list: &[Method]) -> Vec<Located<Method>> {
    list.iter().copied().map(here).collect()
}

fn app(called: &str, port: u64, scaling: Scaling) -> Entry {
    let mut app = App::new(
        here(name(called)),
        text("an app"),
        Workload::Deployment(Deployment {
            scaling,
            ..Deployment::default()
        }),
    );
    let image = Image::parse("ghcr.io/acme/web:1").unwrap();
    app.main.image = Some(ImageSource::Image(here(image)));
    let port = kubewright_model::Port::new(port).unwrap();
    app.main.ports = Some(vec![Port::new(here(port))]);
    Entry::App(Box::new(app))
}

/// A project with apps `web` and `api`, `lazy`, which requests wake up, and
/// `safe`, which speaks TLS itself.
fn project(controller: Controller, routes: Vec<Route>) -> Project {
    let mut project = Project::new(here(name("shop")));
    let fixed = || Scaling::default();
    let lazy = Scaling::KedaHttp(Box::default());
    for (called, port, scaling) in [
        ("web", 3000, fixed()),
        ("api", 8000, fixed()),
        ("lazy", 8080, lazy),
        ("safe", 8443, fixed()),
    ] {
        project
            .entries
            .insert(name(called), app(called, port, scaling));
    }
    project.facts.ingress = Some(Ingress {
        controller: here(controller),
        class: class(controller),
        namespace: None,
        gateway: None,
    });
    project.gateway = Some(Gateway {
        name: Some(here(name("gateway"))),
        hosts: vec![here(Host::parse("shop.test").unwrap())],
        routes,
        ..Gateway::default()
    });
    project
}

fn class(controller: Controller) -> Option<Located<ObjectName>> {
    let class = match controller {
        Controller::Generic => return None,
        Controller::Haproxy => "haproxy",
        Controller::Nginx => "nginx",
        Controller::Traefik => "traefik",
        Controller::GatewayApi => "some-class",
    };
    Some(here(ObjectName::parse(class).unwrap()))
}

/// What becomes of a project.
struct Made {
    objects: Vec<Object>,
    said: Vec<Diagnostic>,
}

fn made(project: &Project) -> Made {
    let (objects, diagnostics) = lower(project, Options::default());
    let said = diagnostics.into_sorted().into_iter();
    Made {
        objects,
        // Of ingress-nginx alone, whatever it is asked for.
        said: said
            .filter(|said| said.code != "retired-controller")
            .collect(),
    }
}

impl Made {
    fn names(&self, kind: &str) -> Vec<&str> {
        let of_kind = self.objects.iter().filter(|it| it.body.kind() == kind);
        of_kind.map(|object| object.name()).collect()
    }

    fn json(&self, kind: &str, name: &str) -> Value {
        let mut all = self.objects.iter();
        let found = all.find(|it| it.body.kind() == kind && it.name() == name);
        let found = found.unwrap_or_else(|| panic!("no {kind} {name}: {:?}", self.names(kind)));
        serde_json::to_value(&found.body).unwrap()
    }

    /// What stands in all objects of the routes, as one text.
    fn all_of_routes(&self) -> String {
        let of_routes = self.objects.iter().filter(|object| {
            let kinds = [
                "Ingress",
                "IngressRoute",
                "Middleware",
                "ServersTransport",
                "HTTPRoute",
                "Gateway",
                "Certificate",
                "ReferenceGrant",
                "ConfigMap",
            ];
            kinds.contains(&object.body.kind())
        });
        let texts = of_routes.map(|object| serde_json::to_string(&object.body).unwrap());
        texts.collect::<Vec<_>>().join("\n")
    }

    fn said(&self) -> Vec<(Severity, &str)> {
        self.said.iter().map(|it| (it.severity, it.code)).collect()
    }
}

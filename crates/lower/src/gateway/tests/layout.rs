//! What stands together, what it is called, and where it leads.

use kubewright_model::gateway::{Controller, GatewayObject, Method, Switch, TargetPort, Tls};
use kubewright_model::service::Port;
use kubewright_model::value::{Host, QualifiedName};
use kubewright_model::{Entry, ObjectName};
use kubewright_source::Severity;

use super::{elsewhere, here, made, methods, name, project, rate, route, text, time};

#[test]
fn routes_with_words_of_their_own_have_an_ingress_of_their_own() {
    let mut own = route("/api/v1", "api");
    own.strip_prefix = Some(here(true));
    let mut elsewhere = own.clone();
    elsewhere.host = Some(here(Host::parse("api.test").unwrap()));
    elsewhere.rewrite_to = Some(text("/y"));
    let routes = vec![route("/", "web"), own, elsewhere, route("/api", "api")];
    let made = made(&project(Controller::Haproxy, routes));
    let names = made.names("Ingress");
    assert_eq!(
        names,
        ["gateway", "gateway-api-v1", "gateway-api-v1-api-test"]
    );
    let paths = &made.json("Ingress", "gateway")["spec"]["rules"][0]["http"]["paths"];
    assert_eq!(paths[0]["path"], "/");
    assert_eq!(paths[1]["path"], "/api");
}

/// HAProxy has one back end for a port of a Service, with one set of words.
#[test]
fn back_ends_of_haproxy_are_kept_apart() {
    let mut slow = route("/slow", "api");
    slow.policy.timeouts.server = time("5m");
    let alone = made(&project(Controller::Haproxy, vec![slow.clone()]));
    let backend = |made: &super::Made, ingress: &str| {
        let rule = &made.json("Ingress", ingress)["spec"]["rules"][0];
        let service = &rule["http"]["paths"][0]["backend"]["service"];
        (service["name"].clone(), service["port"]["number"].clone())
    };
    assert_eq!(backend(&alone, "gateway-slow"), ("api".into(), 8000.into()));
    let both = made(&project(Controller::Haproxy, vec![route("/", "api"), slow]));
    assert_eq!(backend(&both, "gateway"), ("api".into(), 8000.into()));
    let apart = backend(&both, "gateway-slow");
    assert_eq!(apart, ("gateway-slow-api".into(), 8000.into()));
    let service = both.json("Service", "gateway-slow-api");
    assert_eq!(service["spec"]["selector"]["app"], "api");
    assert_eq!(service["spec"]["ports"][0]["port"], 8000);
}

#[test]
fn a_host_that_nginx_rewrites_has_patterns_only() {
    let mut rewritten = route("/api", "api");
    rewritten.strip_prefix = Some(here(true));
    let mut exact = route("/up", "web");
    exact.path_type = Some(here(kubewright_model::gateway::PathType::Exact));
    let mut other = route("/api", "api");
    other.host = Some(here(Host::parse("other.test").unwrap()));
    let routes = vec![
        route("/", "web"),
        rewritten,
        exact,
        route("/x.y", "web"),
        other,
    ];
    let made = made(&project(Controller::Nginx, routes));
    let paths = |ingress: &str, rule: usize| -> Vec<String> {
        let rules = made.json("Ingress", ingress)["spec"]["rules"].clone();
        let paths = rules[rule]["http"]["paths"].as_array().unwrap().iter();
        paths
            .map(|path| path["path"].as_str().unwrap().to_owned())
            .collect()
    };
    let shop = ["/()(.*)", r"/up()()()()()$", r"/x\.y(/|$)(.*)"];
    assert_eq!(paths("gateway", 0), shop);
    assert_eq!(paths("gateway", 1), ["/api"]);
    assert_eq!(paths("gateway-api", 0), ["/api(/|$)(.*)"]);
}

#[test]
fn requests_that_scale_an_app_pass_the_interceptor() {
    let routes = || vec![route("/", "web"), route("/lazy", "lazy")];
    for (controller, kind, group) in [
        (Controller::Haproxy, "Ingress", "gateway-lazy"),
        (Controller::Nginx, "Ingress", "gateway-lazy"),
        (Controller::Traefik, "IngressRoute", "gateway"),
    ] {
        let made = made(&project(controller, routes()));
        let service = format!("{group}-lazy");
        let external = made.json("Service", &service);
        assert_eq!(
            external["spec"]["externalName"],
            "keda-add-ons-http-interceptor-proxy.keda.svc.cluster.local"
        );
        let written = made.json(kind, group).to_string();
        assert!(
            written.contains(&format!("\"name\":\"{service}\"")),
            "{written}"
        );
        let scaled = made.json("HTTPScaledObject", "lazy-http");
        assert_eq!(scaled["spec"]["hosts"][0], "lazy.default");
        assert_eq!(scaled["spec"]["pathPrefixes"][0], "/lazy");
    }
    let made = made(&project(Controller::GatewayApi, routes()));
    let rule = &made.json("HTTPRoute", "gateway")["spec"]["rules"][1];
    assert_eq!(rule["backendRefs"][0]["namespace"], "keda");
    assert_eq!(rule["backendRefs"][0]["port"], 8080);
    let grant = made.json("ReferenceGrant", "gateway-from-default");
    assert_eq!(grant["metadata"]["namespace"], "keda");
    assert_eq!(grant["spec"]["from"][0]["namespace"], "default");
    let to = &grant["spec"]["to"][0]["name"];
    assert_eq!(to, "keda-add-ons-http-interceptor-proxy");
}

#[test]
fn services_of_other_namespaces_are_reached() {
    let routes = || vec![elsewhere("/bus", "bus", "team")];
    for controller in [Controller::Generic, Controller::Haproxy, Controller::Nginx] {
        let made = made(&project(controller, routes()));
        let service = made.json("Service", "gateway-bus-team");
        assert_eq!(service["spec"]["type"], "ExternalName");
        assert_eq!(
            service["spec"]["externalName"],
            "bus.team.svc.cluster.local"
        );
        assert_eq!(service["spec"]["ports"][0]["port"], 80);
        assert_eq!(made.said(), [], "{controller:?}");
    }
    let by_traefik = made(&project(Controller::Traefik, routes()));
    by_traefik.json("Service", "gateway-bus-team");
    let said = by_traefik.said();
    assert_eq!(said, [(Severity::Warning, "controller-setting")]);
    let by_gateway = made(&project(Controller::GatewayApi, routes()));
    let grant = by_gateway.json("ReferenceGrant", "gateway-from-default");
    assert_eq!(grant["metadata"]["namespace"], "team");
}

/// Version 2 names every app with its namespace.
#[test]
fn an_app_with_its_namespace_is_the_app() {
    let routes = vec![
        elsewhere("/web", "web", "default"),
        elsewhere("/lazy", "lazy", "team"),
    ];
    let mut project = project(Controller::Haproxy, routes);
    if let Some(Entry::App(app)) = project.entries.get_mut(&name("lazy")) {
        app.namespace = Some(here(name("team")));
    }
    let made = made(&project);
    assert_eq!(
        made.names("Service"),
        ["gateway-lazy-lazy", "api", "lazy", "safe", "web"]
    );
    let written = made.json("Ingress", "gateway-lazy").to_string();
    assert!(written.contains("set-header Host lazy.team"), "{written}");
    let web = &made.json("Ingress", "gateway")["spec"]["rules"][0]["http"]["paths"][0];
    assert_eq!(web["backend"]["service"]["name"], "web");
}

#[test]
fn one_host_has_one_certificate() {
    let mut own = route("/api", "api");
    own.strip_prefix = Some(here(true));
    let mut project = project(Controller::Haproxy, vec![route("/", "web"), own]);
    project.facts.tls = Some(Tls::Issuer {
        cluster: false,
        name: here(ObjectName::parse("le").unwrap()),
    });
    let made = made(&project);
    let certificate = made.json("Certificate", "gateway-le-tls");
    assert_eq!(certificate["spec"]["dnsNames"][0], "shop.test");
    assert_eq!(certificate["spec"]["issuerRef"]["kind"], "Issuer");
    for ingress in ["gateway", "gateway-api"] {
        let written = made.json("Ingress", ingress);
        assert_eq!(written["spec"]["tls"][0]["secretName"], "gateway-le-tls");
        let annotations = written["metadata"]["annotations"].to_string();
        assert!(!annotations.contains("cert-manager"), "{annotations}");
    }
}

#[test]
fn traefik_looks_at_the_finer_rule_first() {
    let mut exact = route("/a", "web");
    exact.path_type = Some(here(kubewright_model::gateway::PathType::Exact));
    let mut posts = route("/a", "api");
    posts.methods = methods(&[Method::Post]);
    let routes = vec![
        route("/", "web"),
        route("/a", "web"),
        exact,
        posts,
        route("/a/b", "web"),
    ];
    let made = made(&project(Controller::Traefik, routes));
    assert_eq!(made.said(), []);
    let rules = made.json("IngressRoute", "gateway")["spec"]["routes"].clone();
    let weight = |at: usize| {
        let rule = &rules[at];
        let length = rule["match"].as_str().unwrap().len() as u64;
        rule["priority"].as_u64().unwrap_or(length)
    };
    let order = [4, 2, 3, 1, 0];
    let weights: Vec<u64> = order.iter().map(|at| weight(*at)).collect();
    assert!(weights.is_sorted_by(|a, b| a > b), "{weights:?}");
    assert!(rules[1]["priority"].is_null() && rules[0]["priority"].is_null());
}

#[test]
fn traefik_looks_at_the_named_host_first() {
    let hosts = [None, Some("*.shop.test"), Some("a.shop.test")];
    let routes = hosts.map(|host| {
        let mut route = route("/a/very/long/path/of/a/route", "web");
        route.host = host.map(|host| here(Host::parse(host).unwrap()));
        if host == Some("a.shop.test") {
            route.path = text("/");
        }
        route
    });
    let mut project = project(Controller::Traefik, routes.to_vec());
    project.gateway.as_mut().unwrap().hosts.clear();
    let made = made(&project);
    let rules = made.json("IngressRoute", "gateway")["spec"]["routes"].clone();
    let weights = [0, 1, 2].map(|at: usize| rules[at]["priority"].as_u64().unwrap_or(0));
    assert!(weights.is_sorted(), "{rules}");
    let wildcard = rules[1]["match"].as_str().unwrap();
    assert!(
        wildcard.starts_with("HostRegexp(`^[^.]+\\.shop\\.test$`)"),
        "{wildcard}"
    );
}

#[test]
fn middlewares_are_shared_where_they_are_equal() {
    let mut own = route("/own", "web");
    own.policy.rate_limit = rate("5", None);
    let routes = vec![route("/", "web"), route("/api", "api"), own];
    let mut project = project(Controller::Traefik, routes);
    project.gateway.as_mut().unwrap().policy.rate_limit = rate("9", None);
    let made = made(&project);
    let names = made.names("Middleware");
    assert_eq!(names, ["gateway-own-rate-limit", "gateway-rate-limit"]);
}

#[test]
fn tls_and_plain_are_two_ingress_routes() {
    let mut open = route("/open", "web");
    open.policy.tls = Switch::On(here(Tls::Off));
    let mut project = project(Controller::Traefik, vec![route("/", "web"), open]);
    project.facts.tls = Some(Tls::Secret(here(ObjectName::parse("cert").unwrap())));
    let made = made(&project);
    let names = made.names("IngressRoute");
    assert_eq!(names, ["gateway", "gateway-redirect", "gateway-open"]);
    let encrypted = made.json("IngressRoute", "gateway");
    assert_eq!(encrypted["spec"]["entryPoints"][0], "websecure");
    assert_eq!(encrypted["spec"]["tls"]["secretName"], "cert");
    let redirect = made.json("IngressRoute", "gateway-redirect");
    assert_eq!(redirect["spec"]["entryPoints"][0], "web");
    assert_eq!(
        redirect["spec"]["routes"][0]["middlewares"][0]["name"],
        "gateway-https"
    );
}

#[test]
fn one_path_is_one_routes() {
    let with = |list: &[Method], app: &str| {
        let mut route = route("/a", app);
        route.methods = methods(list);
        route
    };
    let rows: [(&[Method], &[Method], &str, bool); 5] = [
        (&[], &[], "api", true),
        (&[], &[], "web", false),
        (&[Method::Get], &[Method::Post], "api", false),
        (&[Method::Get], &[], "api", false),
        (&[Method::Get], &[Method::Get, Method::Post], "api", true),
    ];
    for (first, second, app, taken) in rows {
        for controller in [Controller::Traefik, Controller::GatewayApi] {
            let routes = vec![with(first, "web"), with(second, app)];
            let made = made(&project(controller, routes));
            let expected: &[_] = match taken {
                true => &[(Severity::Error, "name-taken")],
                false => &[],
            };
            assert_eq!(made.said(), expected, "{controller:?} {first:?} {second:?}");
        }
    }
    let routes = vec![with(&[Method::Get], "web"), with(&[Method::Post], "api")];
    let made = made(&project(Controller::Haproxy, routes));
    assert_eq!(made.said(), [(Severity::Error, "name-taken")]);
}

#[test]
fn a_route_to_nothing() {
    let made = made(&project(Controller::Generic, vec![route("/", "wib")]));
    assert_eq!(made.said(), [(Severity::Error, "unknown-name")]);
    assert_eq!(made.said[0].help, "did you mean `web`?");
}

#[test]
fn a_class_without_a_controllers_name_is_the_environments() {
    let mut own = route("/", "web");
    own.class = Some(here(ObjectName::parse("internal").unwrap()));
    own.strip_prefix = Some(here(true));
    own.path = text("/x");
    let made = made(&project(Controller::Nginx, vec![own]));
    assert_eq!(made.said(), []);
    let ingress = made.json("Ingress", "gateway-x");
    assert_eq!(ingress["spec"]["ingressClassName"], "internal");
}

#[test]
fn names_of_services_have_an_end() {
    let path = format!("/{}", "long/".repeat(12));
    let made = made(&project(Controller::Haproxy, vec![route(&path, "lazy")]));
    assert_eq!(made.said(), [(Severity::Error, "bad-value")]);
}

#[test]
fn the_interceptor_leads_to_one_port() {
    let port = |number: u64| kubewright_model::Port::new(number).unwrap();
    for (number, expected) in [(8080, None), (9090, Some((Severity::Error, "not-here")))] {
        let mut own = route("/", "lazy");
        own.target.port = Some(TargetPort::Number(here(port(number))));
        let mut project = project(Controller::Haproxy, vec![own]);
        if let Some(Entry::App(app)) = project.entries.get_mut(&name("lazy")) {
            let ports = [8080, 9090].map(|number| Port::new(here(port(number))));
            app.main.ports = Some(ports.to_vec());
        }
        assert_eq!(made(&project).said().first().copied(), expected);
    }
}

#[test]
fn somebody_elses_gateway_sends_on_itself() {
    let mut project = project(Controller::GatewayApi, vec![route("/", "web")]);
    project.facts.tls = Some(Tls::Default);
    let ingress = project.facts.ingress.as_mut().unwrap();
    ingress.gateway = Some(here(GatewayObject {
        name: QualifiedName::parse("infra/main").unwrap(),
        section: None,
    }));
    assert_eq!(made(&project).said(), []);
    project.gateway.as_mut().unwrap().https_redirect = Some(here(true));
    let made = made(&project);
    assert_eq!(made.said(), [(Severity::Warning, "not-here")]);
    assert_eq!(made.names("Gateway"), Vec::<&str>::new());
    let parents = &made.json("HTTPRoute", "gateway")["spec"]["parentRefs"];
    assert_eq!(parents[0]["namespace"], "infra");
}

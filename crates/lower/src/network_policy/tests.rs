use kubewright_model::access::{Access, Egress, Peer, Visibility};
use kubewright_model::chart::{ChartSource, HelmRelease};
use kubewright_model::compose::ComposeProject;
use kubewright_model::container::ImageSource;
use kubewright_model::dependency::{Condition, Dependency};
use kubewright_model::gateway::{Controller, Gateway, Route, RouteTarget, TargetService};
use kubewright_model::infrastructure::{Infrastructure, Managed};
use kubewright_model::project::{Entry, Ingress, Namespace, Network, NetworkPolicyMode};
use kubewright_model::scaling::{Bounds, KedaQueue, QueueServer, Scaling};
use kubewright_model::service::{Headless, Port};
use kubewright_model::value::{Cidr, Host, LabelKey, LabelValue};
use kubewright_model::workload::Deployment;
use kubewright_model::{App, Image, Located, Name, Port as Number, Project, Workload};
use kubewright_objects::Object;
use serde_json::{Value, json};

use crate::Options;
use crate::tests::{lowered_with, objects_of};

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn at<T>(value: T) -> Located<T> {
    Located::nowhere(value)
}

fn number(number: u64) -> Number {
    Number::new(number).unwrap()
}

fn other(called: &str, port: Option<u64>) -> App {
    let workload = Workload::Deployment(Deployment::default());
    let mut app = App::new(at(name(called)), at(format!("app {called}")), workload);
    let image = Image::parse("ghcr.io/acme/other:1").unwrap();
    app.main.image = Some(ImageSource::Image(at(image)));
    app.main.ports = Some(
        port.into_iter()
            .map(|port| Port::new(at(number(port))))
            .collect(),
    );
    app
}

fn put(project: &mut Project, app: App) {
    project
        .entries
        .insert(app.name.value.clone(), Entry::App(Box::new(app)));
}

fn on(called: &str) -> Dependency {
    Dependency {
        on: at(name(called)),
        condition: at(Condition::Started),
        port: None,
        required: None,
    }
}

fn entry(called: &str, ports: &[u64]) -> Located<Peer> {
    at(Peer::Entry {
        name: name(called),
        ports: ports.iter().map(|port| number(*port)).collect(),
    })
}

fn route(project: &mut Project, to: &str) {
    let target = RouteTarget {
        service: at(TargetService::Entry(name(to))),
        port: None,
    };
    let gateway = project.gateway.get_or_insert_with(Gateway::default);
    gateway
        .routes
        .push(Route::new(None, at("/".to_owned()), target));
}

fn controller(project: &mut Project, namespace: Option<&str>) {
    project.facts.ingress = Some(Ingress {
        controller: at(Controller::Traefik),
        class: None,
        namespace: namespace.map(|namespace| at(name(namespace))),
        gateway: None,
    });
}

/// Two apps: `web` at 8080, which depends on `api` at 9000.
fn made(
    mode: NetworkPolicyMode,
    web: impl FnOnce(&mut App),
    around: impl FnOnce(&mut Project),
) -> (Vec<Object>, Vec<&'static str>) {
    let change = |app: &mut App| {
        app.main.ports = Some(vec![Port::new(at(number(8080)))]);
        app.dependencies.push(on("api"));
        web(app);
    };
    let around = |project: &mut Project| {
        project.facts.network_policy = mode;
        put(project, other("api", Some(9000)));
        around(project);
    };
    let (objects, said) = lowered_with(change, around, Options::default());
    (objects, said.into_iter().map(|said| said.code).collect())
}

/// The specification of the policy of that name.
fn policy(objects: &[Object], called: &str) -> Value {
    let policies = objects_of(objects, "NetworkPolicy").into_iter();
    let mut found = policies.filter(|policy| policy["metadata"]["name"] == called);
    found
        .next()
        .map_or(Value::Null, |mut policy| policy["spec"].take())
}

fn tcp(port: u64) -> Value {
    json!([{"port": port}])
}

fn pods(app: &str) -> Value {
    json!({"podSelector": {"matchLabels": {"app": app}}})
}

fn of_namespace(namespace: &str) -> Value {
    json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}})
}

/// What leaves beyond names.
fn beyond_names(policy: &Value) -> Vec<Value> {
    let rules = policy["egress"].as_array().unwrap();
    for (rule, number) in rules.iter().zip([53, 5353]) {
        let ports =
            json!([{"protocol": "UDP", "port": number}, {"protocol": "TCP", "port": number}]);
        assert_eq!(rule["ports"], ports, "names come first");
    }
    rules[2..].to_vec()
}

#[test]
fn visibility_says_who_is_let_in() {
    use Visibility::{Internal, Open, Private, Public, Restricted};
    let anybody = || json!([{"from": [{"namespaceSelector": {}}], "ports": tcp(8080)}]);
    let neighbours = || json!([{"from": [{"podSelector": {}}], "ports": tcp(8080)}]);
    let dependents = || json!([{"from": [pods("page")], "ports": tcp(8080)}]);
    let mode = |mode, visibility| (mode, visibility);
    let rows = [
        (mode(NetworkPolicyMode::None, None), Value::Null),
        (mode(NetworkPolicyMode::None, Some(Open)), Value::Null),
        (mode(NetworkPolicyMode::None, Some(Public)), anybody()),
        (mode(NetworkPolicyMode::None, Some(Internal)), anybody()),
        (mode(NetworkPolicyMode::None, Some(Private)), neighbours()),
        (
            mode(NetworkPolicyMode::None, Some(Restricted)),
            dependents(),
        ),
        (mode(NetworkPolicyMode::Permissive, None), neighbours()),
        (mode(NetworkPolicyMode::Permissive, Some(Open)), Value::Null),
        (mode(NetworkPolicyMode::Strict, None), dependents()),
        (mode(NetworkPolicyMode::Strict, Some(Open)), json!([{}])),
        (mode(NetworkPolicyMode::Strict, Some(Internal)), anybody()),
    ];
    for ((mode, visibility), expected) in rows {
        let web = |app: &mut App| app.access.visibility = visibility.map(at);
        let around = |project: &mut Project| {
            let mut page = other("page", None);
            page.dependencies.push(on("web"));
            put(project, page);
        };
        let (objects, _) = made(mode, web, around);
        let found = policy(&objects, "web");
        assert_eq!(found["ingress"], expected, "{mode:?} {visibility:?}");
        let types = found["policyTypes"].as_array();
        let has_ingress = types.is_some_and(|types| types.contains(&json!("Ingress")));
        assert_eq!(has_ingress, !expected.is_null(), "{mode:?} {visibility:?}");
    }
}

#[test]
fn strict_denies_what_nobody_declares() {
    let (objects, _) = made(NetworkPolicyMode::Strict, |_| {}, |_| {});
    let deny = policy(&objects, "shop-default-deny");
    let types = json!(["Ingress", "Egress"]);
    assert_eq!(deny["policyTypes"], types);
    let ours = json!({"matchLabels": {"app.kubernetes.io/part-of": "shop"}});
    assert_eq!(deny["podSelector"], ours, "the namespace is not ours");
    let web = policy(&objects, "web");
    assert_eq!(web["policyTypes"], types);
    assert!(web["ingress"].is_null());
    assert_eq!(
        beyond_names(&web),
        [json!({"to": [pods("api")], "ports": tcp(9000)})]
    );
    let api = policy(&objects, "api");
    assert_eq!(
        api["ingress"],
        json!([{"from": [pods("web")], "ports": tcp(9000)}])
    );
    assert!(beyond_names(&api).is_empty());
}

#[test]
fn strict_takes_a_namespace_of_its_own_whole() {
    let around = |project: &mut Project| {
        project.facts.namespace = Some(Namespace {
            name: at(name("shop")),
            create: None,
            labels: std::collections::BTreeMap::new(),
        });
    };
    let (objects, _) = made(NetworkPolicyMode::Strict, |_| {}, around);
    assert_eq!(
        policy(&objects, "shop-default-deny")["podSelector"],
        json!({})
    );
}

#[test]
fn who_is_named_may_come() {
    let labels = [(
        LabelKey::parse("role").unwrap(),
        LabelValue::parse("x").unwrap(),
    )];
    let ops = Peer::Pods {
        namespace: Some(name("ops")),
        pod_labels: labels.into(),
        ports: vec![number(80)],
    };
    let office = Peer::Addresses {
        cidr: Cidr::parse("10.0.0.0/8").unwrap(),
        except: vec![Cidr::parse("10.9.0.0/16").unwrap()],
        ports: Vec::new(),
    };
    let web = |app: &mut App| {
        let port = &mut app.main.ports.as_mut().unwrap()[0];
        port.service_port = kubewright_model::service::ServicePort::Number(at(number(80)));
        app.access
            .allow_from
            .extend([entry("api", &[]), at(ops), at(office)]);
    };
    let (objects, codes) = made(NetworkPolicyMode::None, web, |_| {});
    let ops = json!({
        "podSelector": {"matchLabels": {"role": "x"}},
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ops"}},
    });
    let office = json!({"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.9.0.0/16"]}});
    let expected = json!([
        {"from": [pods("api")], "ports": tcp(8080)},
        {"from": [ops], "ports": tcp(8080)},
        {"from": [office], "ports": tcp(8080)},
    ]);
    assert_eq!(policy(&objects, "web")["ingress"], expected);
    assert_eq!(codes, [""; 0]);
}

#[test]
fn what_may_leave_is_what_is_declared() {
    let rds = |project: &mut Project| {
        for (called, host, ports) in [
            ("pg", Some("10.1.2.3"), vec![at(number(5432))]),
            ("mq", Some("mq.test"), vec![at(number(5672))]),
            ("s3", None, Vec::new()),
        ] {
            let managed = Managed {
                name: at(name(called)),
                origin: at(format!("infrastructure {called}")),
                namespace: None,
                host: host.map(|host| at(Host::parse(host).unwrap())),
                ports,
                environment: Vec::new(),
                notes: None,
            };
            let entry = Infrastructure::Managed(Box::new(managed));
            let entry = Entry::Infrastructure(Box::new(entry));
            project.entries.insert(name(called), entry);
        }
    };
    let web = |app: &mut App| {
        app.dependencies.extend([on("pg"), on("mq"), on("s3")]);
        app.access.allow_to.push(at(Peer::Internet {
            ports: vec![number(443)],
        }));
    };
    let (objects, codes) = made(NetworkPolicyMode::None, web, rds);
    let found = policy(&objects, "web");
    assert_eq!(found["policyTypes"], json!(["Egress"]));
    let rules = beyond_names(&found);
    assert_eq!(rules[0], json!({"to": [pods("api")], "ports": tcp(9000)}));
    let pg = json!({"ipBlock": {"cidr": "10.1.2.3/32"}});
    assert_eq!(rules[1], json!({"to": [pg], "ports": tcp(5432)}));
    assert_eq!(
        rules[2],
        json!({"ports": tcp(5672)}),
        "a host has no address here"
    );
    assert_eq!(rules[3], json!({}));
    assert_eq!(rules[4]["ports"], tcp(443));
    assert_eq!(rules[4]["to"][0]["ipBlock"]["cidr"], "0.0.0.0/0");
    assert_eq!(codes, ["open-egress"]);
}

#[test]
fn either_end_declares_where_the_other_says_nothing() {
    // Who says it, and whether the other end has a word of its own.
    let rows = [(true, false, true), (true, true, false)];
    for (by_caller, own_word, admitted) in rows {
        let web = |app: &mut App| {
            app.dependencies.clear();
            if by_caller {
                app.access.allow_to.push(entry("api", &[]));
            }
        };
        let around = |project: &mut Project| {
            let mut api = other("api", Some(9000));
            if own_word {
                api.access.visibility = Some(at(Visibility::Restricted));
            }
            put(project, api);
        };
        let (objects, _) = made(NetworkPolicyMode::Strict, web, around);
        assert_eq!(policy(&objects, "api")["ingress"].is_array(), admitted);
    }
    for (own_word, admitted) in [(false, true), (true, false)] {
        let web = |app: &mut App| {
            app.dependencies.clear();
            app.access.egress = own_word.then(|| at(Egress::Declared));
        };
        let around = |project: &mut Project| {
            let mut api = other("api", Some(9000));
            api.access.allow_from.push(entry("web", &[]));
            put(project, api);
        };
        let (objects, _) = made(NetworkPolicyMode::Strict, web, around);
        let rules = beyond_names(&policy(&objects, "web"));
        assert_eq!(rules.is_empty(), !admitted);
    }
}

#[test]
fn ways_in_are_let_in() {
    type Row<'a> = (Option<&'a str>, Option<Scaling>, Value, &'a [&'a str]);
    let http = || Scaling::KedaHttp(Box::default());
    let by_controller = || json!([{"from": [of_namespace("traefik")], "ports": tcp(8080)}]);
    let by_keda = || json!([{"from": [of_namespace("keda")], "ports": tcp(8080)}]);
    let rows: [Row<'_>; 3] = [
        (Some("traefik"), None, by_controller(), &[]),
        (
            None,
            None,
            json!([{"ports": tcp(8080)}]),
            &["any-controller"],
        ),
        (None, Some(http()), by_keda(), &[]),
    ];
    for (namespace, scaling, expected, said) in rows {
        let web = |app: &mut App| {
            app.access.visibility = Some(at(Visibility::Restricted));
            if let Some(scaling) = scaling {
                app.workload = Workload::Deployment(Deployment {
                    scaling,
                    ..Deployment::default()
                });
            }
        };
        let around = |project: &mut Project| {
            controller(project, namespace);
            route(project, "web");
        };
        let (objects, codes) = made(NetworkPolicyMode::None, web, around);
        assert_eq!(
            policy(&objects, "web")["ingress"],
            expected,
            "{namespace:?}"
        );
        let codes: Vec<&str> = codes
            .into_iter()
            .filter(|code| *code == "any-controller")
            .collect();
        assert_eq!(codes, said, "{namespace:?}");
    }
}

#[test]
fn keda_asks_for_queues() {
    for address in ["redis", "redis://user@redis:6379/0"] {
        let web = |app: &mut App| {
            let queue = KedaQueue {
                bounds: Bounds::default(),
                queue_name: at("jobs".to_owned()),
                queue_length: None,
                queue_kind: None,
                server: Some(QueueServer {
                    address: Some(at(address.to_owned())),
                    sentinel_master: None,
                    secret: None,
                }),
                cooldown_period: None,
            };
            app.workload = Workload::Deployment(Deployment {
                scaling: Scaling::KedaQueue(Box::new(queue)),
                ..Deployment::default()
            });
        };
        let around = |project: &mut Project| put(project, other("redis", Some(6379)));
        let (objects, _) = made(NetworkPolicyMode::Strict, web, around);
        // Who works off the queue comes, too.
        let expected = json!([
            {"from": [pods("web")], "ports": tcp(6379)},
            {"from": [of_namespace("keda")], "ports": tcp(6379)},
        ]);
        assert_eq!(policy(&objects, "redis")["ingress"], expected, "{address}");
        let out = beyond_names(&policy(&objects, "web"));
        assert!(out.contains(&json!({"to": [pods("redis")], "ports": tcp(6379)})));
    }
}

#[test]
fn jobs_are_watched_through_the_api_server() {
    let web = |app: &mut App| {
        app.dependencies.clear();
        let mut done = on("load");
        done.condition = at(Condition::Completed);
        app.dependencies.push(done);
    };
    let around = |project: &mut Project| {
        let mut load = other("load", None);
        load.workload = Workload::Job(Box::default());
        put(project, load);
    };
    let (objects, _) = made(NetworkPolicyMode::Strict, web, around);
    let api = json!([{"ports": [{"port": 443}, {"port": 6443}]}]);
    assert_eq!(json!(beyond_names(&policy(&objects, "web"))), api);
}

#[test]
fn pods_of_a_cluster_find_each_other() {
    let web = |app: &mut App| app.service.headless = Headless::Given(at(true));
    let (objects, _) = made(NetworkPolicyMode::Strict, web, |_| {});
    let found = policy(&objects, "web");
    assert_eq!(
        found["ingress"],
        json!([{"from": [pods("web")], "ports": tcp(8080)}])
    );
    assert_eq!(
        beyond_names(&found)[0],
        json!({"to": [pods("web")], "ports": tcp(8080)})
    );
}

#[test]
fn internal_networks_let_nothing_out() {
    let web = |app: &mut App| app.access.networks.push(at(name("back")));
    let around = |project: &mut Project| {
        let internal = Network {
            internal: at(true),
            shared: None,
        };
        project.networks.insert(name("back"), internal);
    };
    let (objects, _) = made(NetworkPolicyMode::Permissive, web, around);
    let found = policy(&objects, "web");
    assert_eq!(
        beyond_names(&found),
        [json!({"to": [pods("api")], "ports": tcp(9000)})]
    );
}

#[test]
fn other_namespaces_are_named() {
    let web = |app: &mut App| app.namespace = Some(at(name("front")));
    let (objects, _) = made(NetworkPolicyMode::Strict, web, |_| {});
    let from = |namespace: &str, app: &str| {
        let mut peer = of_namespace(namespace);
        peer["podSelector"] = pods(app)["podSelector"].take();
        peer
    };
    let api = &policy(&objects, "api")["ingress"];
    assert_eq!(api[0]["from"], json!([from("front", "web")]));
    let leaves = beyond_names(&policy(&objects, "web"));
    assert_eq!(leaves[0]["to"], json!([from("default", "api")]));
}

#[test]
fn rules_that_lead_nowhere_are_said() {
    type Change = fn(&mut Access);
    let rows: [(Change, &[&str]); 5] = [
        (
            |access| access.allow_from.push(entry("apy", &[])),
            &["unknown-name"],
        ),
        (
            |access| access.allow_to.push(entry("apy", &[])),
            &["unknown-name"],
        ),
        (
            |access| {
                access.visibility = Some(at(Visibility::Open));
                access.allow_from.push(entry("api", &[]));
            },
            &["no-effect"],
        ),
        (
            |access| {
                access.egress = Some(at(Egress::Any));
                access.allow_to.push(entry("api", &[]));
            },
            &["no-effect"],
        ),
        (
            |access| access.allow_from.push(entry("off", &[])),
            &["dependency-off"],
        ),
    ];
    for (change, expected) in rows {
        let around = |project: &mut Project| {
            project.entries.insert(name("off"), Entry::Disabled(at(())));
        };
        let (_, codes) = made(
            NetworkPolicyMode::None,
            |app| change(&mut app.access),
            around,
        );
        assert_eq!(codes, expected);
    }
}

#[test]
fn no_policy_holds_on_a_node() {
    let web = |app: &mut App| app.security.host_network = Some(at(true));
    let (objects, codes) = made(NetworkPolicyMode::Strict, web, |_| {});
    assert!(policy(&objects, "web").is_null());
    assert!(codes.contains(&"unguarded"), "{codes:?}");
}

#[test]
fn whose_address_an_app_has_is_talked_to() {
    // Whatever the other end says of itself, as with a dependency.
    for visibility in [None, Some(Visibility::Restricted)] {
        let web = |app: &mut App| {
            app.dependencies.clear();
            app.access.refers_to.push(at(name("api")));
        };
        let around = |project: &mut Project| {
            let mut api = other("api", Some(9000));
            api.access.visibility = visibility.map(at);
            put(project, api);
        };
        let (objects, codes) = made(NetworkPolicyMode::Strict, web, around);
        let out = json!({"to": [pods("api")], "ports": tcp(9000)});
        assert_eq!(beyond_names(&policy(&objects, "web")), [out]);
        let into = json!([{"from": [pods("web")], "ports": tcp(9000)}]);
        assert_eq!(policy(&objects, "api")["ingress"], into);
        assert_eq!(codes, [""; 0]);
    }
}

#[test]
fn an_address_restricts_nobody() {
    for mode in [NetworkPolicyMode::None, NetworkPolicyMode::Permissive] {
        let web = |app: &mut App| app.access.refers_to.push(at(name("api")));
        let (objects, _) = made(mode, web, |_| {});
        let types = json!(["Ingress"]);
        let expected = match mode {
            NetworkPolicyMode::Permissive => &types,
            _ => &Value::Null,
        };
        assert_eq!(&policy(&objects, "web")["policyTypes"], expected);
    }
}

/// A chart and a compose project that are given an address, or wait for an app.
#[test]
fn charts_and_compose_projects_are_let_in() {
    let around = |project: &mut Project| {
        let mut within = Project::new(at(name("stats")));
        within.facts.network_policy = NetworkPolicyMode::Strict;
        put(&mut within, other("prom", None));
        let stats = ComposeProject {
            path: at("stats".to_owned()),
            files: Vec::new(),
            profiles: Vec::new(),
            expose: None,
            published_numbers: false,
            project: within,
            overlaid: std::collections::BTreeMap::new(),
            dependencies: Vec::new(),
            refers_to: vec![at(name("api"))],
        };
        let stats = Entry::Compose(Box::new(stats));
        project.entries.insert(name("stats"), stats);
        let bus = HelmRelease {
            name: at(name("bus")),
            chart: at(ChartSource::Path("bus".to_owned())),
            version: None,
            values: Vec::new(),
            namespace: Some(at(name("messages"))),
            dependencies: vec![on("api")],
            refers_to: Vec::new(),
        };
        project
            .entries
            .insert(name("bus"), Entry::Helm(Box::new(bus)));
    };
    let web = |app: &mut App| app.dependencies.clear();
    let (objects, _) = made(NetworkPolicyMode::Strict, web, around);
    let bus = json!({
        "podSelector": {"matchLabels": {"app.kubernetes.io/instance": "bus"}},
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "messages"}},
    });
    let stats = json!({"podSelector": {"matchLabels": {"app.kubernetes.io/part-of": "stats"}}});
    assert_eq!(
        policy(&objects, "api")["ingress"],
        json!([{"from": [bus, stats], "ports": tcp(9000)}])
    );
    let out = json!({"to": [pods("api")], "ports": tcp(9000)});
    assert_eq!(beyond_names(&policy(&objects, "prom")), [out]);
}

//! Faults that compose files cannot have, but other inputs can.

use kubewright_model::container::ImageSource;
use kubewright_model::probe::{Probe, ProbeCheck, Setting};
use kubewright_model::project::Entry;
use kubewright_model::resource::{Limit, Resources};
use kubewright_model::scaling::{
    CronWindow, KedaCron, KedaHttpObjects, KedaQueue, QueueServer, Scaling,
};
use kubewright_model::service::Port;
use kubewright_model::value::{Cron, TimeZone};
use kubewright_model::workload::Deployment;
use kubewright_model::{App, Cpu, Image, Located, Name, Project, Workload};
use kubewright_objects::Object;
use kubewright_source::Diagnostics;

use crate::{Options, lower};

/// The codes that lowering says of an app.
fn said(change: impl FnOnce(&mut App)) -> Vec<&'static str> {
    let (_, diagnostics) = lowered(change, |_| {});
    diagnostics.into_iter().map(|said| said.code).collect()
}

/// What becomes of an app in a project.
fn lowered(
    change: impl FnOnce(&mut App),
    around: impl FnOnce(&mut Project),
) -> (Vec<Object>, Diagnostics) {
    lowered_with(change, around, Options::default())
}

/// The same, with options. Where `KUBEWRIGHT_OBJECTS` names a folder, the objects
/// are written there too, for a real API server to judge.
pub(crate) fn lowered_with(
    change: impl FnOnce(&mut App),
    around: impl FnOnce(&mut Project),
    options: Options,
) -> (Vec<Object>, Diagnostics) {
    let name = Name::parse("web").unwrap();
    let mut app = App::new(
        Located::nowhere(name.clone()),
        Located::nowhere("app web".to_owned()),
        Workload::Deployment(Deployment::default()),
    );
    let image = Image::parse("ghcr.io/acme/web:1").unwrap();
    app.main.image = Some(ImageSource::Image(Located::nowhere(image)));
    change(&mut app);
    let mut project = Project::new(Located::nowhere(Name::parse("shop").unwrap()));
    project.entries.insert(name, Entry::App(Box::new(app)));
    around(&mut project);
    let (objects, diagnostics) = lower(&project, options);
    keep(&objects);
    (objects, diagnostics)
}

/// A file of its own in a folder of its own for each test that asks.
fn keep(objects: &[Object]) {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let Ok(folder) = std::env::var("KUBEWRIGHT_OBJECTS") else {
        return;
    };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let test = std::thread::current()
        .name()
        .unwrap_or("test")
        .replace("::", "-");
    let folder = format!("{folder}/{test}-{number}");
    std::fs::create_dir_all(&folder).unwrap();
    for (at, object) in objects.iter().enumerate() {
        let text = serde_json::to_string_pretty(&object.body).unwrap();
        std::fs::write(format!("{folder}/{at}.yaml"), text).unwrap();
    }
}

/// All objects of that kind, as JSON.
pub(crate) fn objects_of(objects: &[Object], kind: &str) -> Vec<serde_json::Value> {
    let found = objects.iter().filter(|object| object.body.kind() == kind);
    found
        .map(|object| serde_json::to_value(&object.body).unwrap())
        .collect()
}

#[test]
fn a_plain_app_is_fine() {
    assert_eq!(said(|_| {}), Vec::<&str>::new());
}

#[test]
fn a_probe_needs_a_port() {
    let codes = said(|app| {
        let check = Located::nowhere(ProbeCheck::Tcp { port: None });
        app.main.probes.readiness = Setting::On(Box::new(Probe::new(check)));
    });
    assert_eq!(codes, ["needs-port"]);
}

#[test]
fn a_limit_is_no_less_than_the_request() {
    let codes = said(|app| {
        let cpu = |text| Cpu::parse(text).unwrap();
        app.main.resources = Resources {
            cpu: Some(Located::nowhere(cpu("1"))),
            cpu_limit: Some(Located::nowhere(Limit::At(cpu("500m")))),
            ..Resources::default()
        }
        .into();
    });
    assert_eq!(codes, ["limit-below-request"]);
}

fn scaled(app: &mut App, scaling: Scaling) {
    let port = kubewright_model::Port::new(8080).unwrap();
    app.main.ports = Some(vec![Port::new(Located::nowhere(port))]);
    app.workload = Workload::Deployment(Deployment {
        scaling,
        ..Deployment::default()
    });
}

/// The object of that kind, as JSON.
fn object(objects: &[Object], kind: &str) -> serde_json::Value {
    let found = objects.iter().find(|object| object.body.kind() == kind);
    serde_json::to_value(&found.expect("it is made").body).unwrap()
}

#[test]
fn requests_scale_through_the_interceptor() {
    let http = || Scaling::KedaHttp(Box::default());
    let (objects, _) = lowered(|app| scaled(app, http()), |_| {});
    let made = object(&objects, "HTTPScaledObject");
    assert_eq!(made["spec"]["hosts"][0], "web.default");
    assert_eq!(made["spec"]["pathPrefixes"][0], "/");
    assert_eq!(made["spec"]["scaleTargetRef"]["port"], 8080);
    assert_eq!(
        made["spec"]["scalingMetric"]["requestRate"]["targetValue"],
        100
    );
    assert!(object(&objects, "Deployment")["spec"]["replicas"].is_null());
    let route = |project: &mut Project| project.facts.keda_http = KedaHttpObjects::InterceptorRoute;
    let (objects, _) = lowered(|app| scaled(app, http()), route);
    let made = object(&objects, "InterceptorRoute");
    assert_eq!(made["spec"]["target"]["service"], "web");
    let trigger = &object(&objects, "ScaledObject")["spec"]["triggers"][0];
    assert_eq!(trigger["type"], "external-push");
    assert_eq!(trigger["metadata"]["interceptorRoute"], "web-http");
}

#[test]
fn requests_need_a_port() {
    let codes = said(|app| {
        scaled(app, Scaling::KedaHttp(Box::default()));
        app.main.ports = None;
    });
    assert_eq!(codes, ["needs-port"]);
}

#[test]
fn queues_are_found_where_keda_reaches_them() {
    let rows = [
        (
            None,
            None,
            "valkey-master.valkey.svc.cluster.local:6379",
            "redis",
        ),
        (
            Some("cache"),
            None,
            "cache.default.svc.cluster.local:6379",
            "redis",
        ),
        (Some("redis://a.b:1/2"), None, "a.b:1", "redis"),
        (
            Some("a"),
            Some("main"),
            "a.default.svc.cluster.local:26379",
            "redis-sentinel",
        ),
    ];
    for (address, master, expected, kind) in rows {
        let text = |text: &str| Located::nowhere(text.to_owned());
        let queue = KedaQueue {
            bounds: kubewright_model::scaling::Bounds::default(),
            queue_name: text("jobs"),
            queue_length: None,
            queue_kind: None,
            server: Some(QueueServer {
                address: address.map(text),
                sentinel_master: master.map(text),
                secret: None,
            }),
            cooldown_period: None,
        };
        let scaling = Scaling::KedaQueue(Box::new(queue));
        let (objects, _) = lowered(|app| scaled(app, scaling), |_| {});
        let trigger = &object(&objects, "ScaledObject")["spec"]["triggers"][0];
        let metadata = &trigger["metadata"];
        let given = metadata.get("address").or(metadata.get("addresses"));
        assert_eq!(given.unwrap(), expected);
        assert_eq!(trigger["type"], kind);
        let asks = !trigger["authenticationRef"].is_null();
        assert_eq!(asks, address.is_none(), "the platform's has a password");
    }
}

#[test]
fn a_schedule_wants_pods() {
    let window = |replicas| CronWindow {
        time_zone: Located::nowhere(TimeZone::parse("UTC").unwrap()),
        start: Located::nowhere(Cron::parse("0 8 * * *").unwrap()),
        end: Located::nowhere(Cron::parse("0 18 * * *").unwrap()),
        replicas: Located::nowhere(replicas),
    };
    let cron = |schedules| {
        Scaling::KedaCron(Box::new(KedaCron {
            schedules,
            ..KedaCron::default()
        }))
    };
    let (objects, _) = lowered(|app| scaled(app, cron(vec![window(12)])), |_| {});
    let made = object(&objects, "ScaledObject");
    assert_eq!(made["spec"]["maxReplicaCount"], 12);
    assert_eq!(
        made["spec"]["triggers"][0]["metadata"]["desiredReplicas"],
        "12"
    );
    assert_eq!(
        said(|app| scaled(app, cron(vec![window(0)]))),
        ["bad-value"]
    );
    assert_eq!(said(|app| scaled(app, cron(Vec::new()))), ["missing-key"]);
}

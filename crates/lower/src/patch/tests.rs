use kubewright_model::object::{Patch, PatchChange};
use kubewright_model::scaling::Scaling;
use kubewright_model::service::Port;
use kubewright_model::workload::Deployment;
use kubewright_model::{App, Located, ObjectName, Workload};
use kubewright_objects::Object;
use serde_json::{Value, json};

use crate::tests::{lowered_with, objects_of};
use crate::{Options, tree};

fn merge(kind: &str, name: Option<&str>, change: &Value) -> Patch {
    Patch {
        kind: Located::nowhere(kind.to_owned()),
        name: name.map(|name| Located::nowhere(ObjectName::parse(name).unwrap())),
        change: PatchChange::Merge(Located::nowhere(tree::from_value(change))),
    }
}

fn json_patch(kind: &str, change: &Value) -> Patch {
    Patch {
        change: PatchChange::Json(Located::nowhere(tree::from_value(change))),
        ..merge(kind, None, &Value::Null)
    }
}

fn made(patch: Patch) -> (Vec<Object>, Vec<&'static str>) {
    let change = |app: &mut App| {
        let port = kubewright_model::Port::new(8080).unwrap();
        app.main.ports = Some(vec![Port::new(Located::nowhere(port))]);
        app.workload = Workload::Deployment(Deployment {
            scaling: Scaling::KedaHttp(Box::default()),
            ..Deployment::default()
        });
        app.patches.push(patch);
    };
    let (objects, said) = lowered_with(change, |_| {}, Options::default());
    (objects, said.into_iter().map(|said| said.code).collect())
}

fn of(objects: &[Object], kind: &str) -> Value {
    objects_of(objects, kind).remove(0)
}

#[test]
fn lists_with_keys_are_merged_by_them() {
    let container =
        json!({"name": "web", "stdin": true, "ports": [{"containerPort": 8080, "name": "web"}]});
    let more = json!({"name": "more", "image": "box:1", "args": null});
    let change = json!({"spec": {"paused": true, "template": {"spec": {
        "containers": [container, more],
        "automountServiceAccountToken": null,
    }}}});
    let (objects, codes) = made(merge("deployment", Some("web"), &change));
    assert_eq!(codes, [""; 0]);
    let spec = &of(&objects, "Deployment")["spec"];
    assert_eq!(spec["paused"], true);
    let pod = &spec["template"]["spec"];
    assert!(pod["automountServiceAccountToken"].is_null());
    assert_eq!(pod["containers"][0]["stdin"], true);
    assert_eq!(
        pod["containers"][0]["image"], "ghcr.io/acme/web:1",
        "what was there stays"
    );
    assert_eq!(
        pod["containers"][0]["ports"],
        json!([{"containerPort": 8080, "name": "web"}])
    );
    assert_eq!(
        pod["containers"][1],
        json!({"name": "more", "image": "box:1"})
    );
}

#[test]
fn directives_remove_and_replace() {
    let port = |port: u64| json!({"port": port, "targetPort": 1});
    let rows = [
        (
            json!([{"port": 8080, "$patch": "delete"}, port(1)]),
            json!([port(1)]),
        ),
        (json!([{"$patch": "replace"}, port(1)]), json!([port(1)])),
        (json!([port(8080)]), json!([port(8080)])),
    ];
    for (change, expected) in rows {
        let (objects, codes) = made(merge("Service", None, &json!({"spec": {"ports": change}})));
        assert_eq!(codes, [""; 0], "{change}");
        assert_eq!(
            of(&objects, "Service")["spec"]["ports"],
            expected,
            "{change}"
        );
    }
    let selector = json!({"spec": {"selector": {"$patch": "replace", "a": "b"}}});
    let (objects, _) = made(merge("Service", None, &selector));
    assert_eq!(
        of(&objects, "Service")["spec"]["selector"],
        json!({"a": "b"})
    );
}

#[test]
fn lists_of_other_kinds_are_replaced() {
    let change = json!({"spec": {"hosts": ["a.test"], "replicas": {"max": 3}}});
    let (objects, codes) = made(merge("HTTPScaledObject", None, &change));
    assert_eq!(codes, [""; 0]);
    let spec = &of(&objects, "HTTPScaledObject")["spec"];
    assert_eq!(spec["hosts"], json!(["a.test"]));
    assert_eq!(spec["replicas"]["max"], 3);
    assert_eq!(spec["pathPrefixes"], json!(["/"]));
}

#[test]
fn operations_follow_one_another() {
    let operations = json!([
        {"op": "test", "path": "/spec/ports/0/port", "value": 8080},
        {"op": "add", "path": "/metadata/annotations", "value": {}},
        {"op": "add", "path": "/metadata/annotations/a~1b", "value": "c"},
        {"op": "copy", "from": "/metadata/annotations/a~1b", "path": "/metadata/annotations/d"},
        {"op": "move", "from": "/metadata/annotations/d", "path": "/metadata/annotations/e"},
        {"op": "add", "path": "/spec/ports/-", "value": {"name": "b", "port": 2}},
        {"op": "add", "path": "/spec/ports/0", "value": {"name": "a", "port": 1}},
        {"op": "add", "path": "/spec/ports/1/name", "value": "w"},
        {"op": "replace", "path": "/spec/ports/1/name", "value": "web"},
        {"op": "remove", "path": "/spec/ports/2"},
    ]);
    let (objects, codes) = made(json_patch("Service", &operations));
    assert_eq!(codes, [""; 0]);
    let service = of(&objects, "Service");
    assert_eq!(
        service["metadata"]["annotations"],
        json!({"a/b": "c", "e": "c"})
    );
    let ports = service["spec"]["ports"].as_array().unwrap();
    let ports: Vec<(&Value, &Value)> = ports.iter().map(|p| (&p["name"], &p["port"])).collect();
    assert_eq!(
        ports,
        [(&json!("a"), &json!(1)), (&json!("web"), &json!(8080))]
    );
}

#[test]
fn what_does_not_fit_is_an_error() {
    let rows = [
        (merge("Ingress", None, &json!({})), "patch-target"),
        (merge("Deployment", Some("api"), &json!({})), "patch-target"),
        (
            merge("Deployment", None, &json!({"spec": {"replica": 1}})),
            "bad-value",
        ),
        (
            merge("Deployment", None, &json!({"spec": {"replicas": "two"}})),
            "bad-value",
        ),
        (
            merge("Deployment", None, &json!({"metadata": {"name": "x"}})),
            "bad-value",
        ),
        (
            merge("Deployment", None, &json!({"kind": "Job"})),
            "bad-value",
        ),
        (
            merge(
                "Service",
                None,
                &json!({"spec": {"ports": [{"name": "x"}]}}),
            ),
            "bad-value",
        ),
        (
            merge("Service", None, &json!({"spec": {"$retainKeys": ["a"]}})),
            "bad-value",
        ),
        (
            merge("Service", None, &json!({"spec": {"$patch": "drop"}})),
            "bad-value",
        ),
        (
            json_patch("Service", &json!([{"op": "remove", "path": "/spec/x"}])),
            "bad-value",
        ),
        (
            json_patch(
                "Service",
                &json!([{"op": "test", "path": "/kind", "value": 1}]),
            ),
            "bad-value",
        ),
        (
            json_patch(
                "Service",
                &json!([{"op": "add", "path": "/spec/ports/9", "value": 1}]),
            ),
            "bad-value",
        ),
        (
            json_patch("Service", &json!([{"op": "put", "path": "/kind"}])),
            "bad-value",
        ),
        (
            json_patch(
                "Service",
                &json!([{"op": "move", "from": "/spec", "path": "/spec/a"}]),
            ),
            "bad-value",
        ),
        (json_patch("Service", &json!({"op": "remove"})), "bad-value"),
    ];
    for (patch, expected) in rows {
        let text = format!("{patch:?}");
        assert_eq!(made(patch).1, [expected], "{text}");
    }
}

//! How written text looks.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::Deployment;
use kubewright_yaml::{AsGiven, WriteError, to_string, write_into};
use serde::Serialize;
use serde_json::json;

/// A small table, as a caller has a large one.
fn expert(parent: &str, key: &str) -> u32 {
    let keys: &[&str] = match parent {
        "Deployment" => &["apiVersion", "kind", "metadata", "spec"],
        "ObjectMeta" => &["name", "labels"],
        "labels" | "matchLabels" => &["app"],
        "DeploymentSpec" => &["replicas", "selector", "template"],
        "Container" => &["name", "image", "command", "ports", "resources"],
        "ContainerPort" => &["name", "containerPort"],
        _ => &[],
    };
    let found = keys.iter().position(|known| *known == key);
    found.map_or(u32::MAX, |rank| u32::try_from(rank).unwrap())
}

#[test]
fn a_deployment_reads_as_an_expert_writes_it() {
    let deployment: Deployment = serde_json::from_value(json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"labels": {"app.kubernetes.io/name": "web", "app": "web"}, "name": "web"},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {}, "spec": {
                "containers": [{
                    "command": ["sh", "-c", "set -e\nexec web\n"],
                    "image": "ghcr.io/acme/shop-web:1.4.2",
                    "name": "web",
                    "env": [{"name": "ON", "value": "on"}, {"name": "EMPTY", "value": ""}],
                    "ports": [{"containerPort": 3000, "name": "http"}, {"containerPort": 9000}],
                    "livenessProbe": {"httpGet": {"port": "http"}},
                    "readinessProbe": {"tcpSocket": {"port": 3000}},
                    "resources": {"limits": {"cpu": "1", "memory": "256Mi"}},
                }],
                "volumes": [{"name": "tmp", "emptyDir": {}}],
                "tolerations": [],
            }},
        },
    }))
    .unwrap();
    let expected = "\
# header
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app: web
    app.kubernetes.io/name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata: {}
    spec:
      containers:
        - name: web
          image: ghcr.io/acme/shop-web:1.4.2
          command:
            - sh
            - -c
            - |
              set -e
              exec web
          ports:
            - name: http
              containerPort: 3000
            - containerPort: 9000
          resources:
            limits:
              cpu: \"1\"
              memory: 256Mi
          env:
            - name: \"ON\"
              value: \"on\"
            - name: EMPTY
              value: \"\"
          livenessProbe:
            httpGet:
              port: http
          readinessProbe:
            tcpSocket:
              port: 3000
      tolerations: []
      volumes:
        - emptyDir: {}
          name: tmp
";
    let mut text = "# header\n".to_owned();
    write_into(&mut text, &deployment, &expert).unwrap();
    assert_eq!(text, expected);
}

#[derive(Serialize)]
enum Shape {
    Unit,
    Wrapped(u8),
    Pair(u8, u8),
    Named { b: u8, a: u8 },
}

#[test]
fn every_form_of_serde_has_a_shape() {
    let list = |text: &str| text.to_owned();
    let rows: Vec<(String, &str)> = vec![
        (to_string(&1_u8, &AsGiven).unwrap(), "1\n"),
        (
            to_string(&i64::MIN, &AsGiven).unwrap(),
            "-9223372036854775808\n",
        ),
        (
            to_string(&u64::MAX, &AsGiven).unwrap(),
            "18446744073709551615\n",
        ),
        (to_string(&1.0_f32, &AsGiven).unwrap(), "1.0\n"),
        (to_string(&1e300, &AsGiven).unwrap(), "1.0e+300\n"),
        (to_string(&f64::INFINITY, &AsGiven).unwrap(), ".inf\n"),
        (to_string(&'y', &AsGiven).unwrap(), "\"y\"\n"),
        (to_string(&(), &AsGiven).unwrap(), "null\n"),
        (to_string(&Some("a"), &AsGiven).unwrap(), "a\n"),
        (to_string(&json!([]), &AsGiven).unwrap(), "[]\n"),
        (to_string(&json!({}), &AsGiven).unwrap(), "{}\n"),
        (
            to_string(&json!([[], {}, [[1, 2], 3]]), &AsGiven).unwrap(),
            "- []\n- {}\n- - - 1\n    - 2\n  - 3\n",
        ),
        (
            to_string(&json!({"a": [{"b": [{"c": 1}]}]}), &AsGiven).unwrap(),
            "a:\n  - b:\n      - c: 1\n",
        ),
        (
            to_string(&json!({"a": "x\n\ny"}), &AsGiven).unwrap(),
            "a: |-\n  x\n\n  y\n",
        ),
        (
            to_string(&json!(["  x\ny\n\n"]), &AsGiven).unwrap(),
            "- |2+\n    x\n  y\n\n",
        ),
        (to_string("a\nb\n", &AsGiven).unwrap(), "|\n  a\n  b\n"),
        (to_string(&Shape::Unit, &AsGiven).unwrap(), "Unit\n"),
        (
            to_string(&Shape::Wrapped(1), &AsGiven).unwrap(),
            "Wrapped: 1\n",
        ),
        (
            to_string(&Shape::Pair(1, 2), &AsGiven).unwrap(),
            "Pair:\n  - 1\n  - 2\n",
        ),
        (
            to_string(&[Shape::Named { b: 1, a: 2 }], &AsGiven).unwrap(),
            "- Named:\n    b: 1\n    a: 2\n",
        ),
        (list(""), ""),
    ];
    for (text, expected) in rows {
        assert_eq!(text, expected);
    }
}

#[test]
fn maps_are_ranked_by_the_key_they_stand_under() {
    let order = |parent: &str, key: &str| u32::from(parent == "labels" && key != "z");
    let value =
        json!({"labels": {"a": 1, "z": {"b": 1}}, "other": {"a": 1, "z": 2}, "l": [{"a": 1}]});
    let text = to_string(&value, &order).unwrap();
    assert_eq!(
        text,
        "l:\n  - a: 1\nlabels:\n  z:\n    b: 1\n  a: 1\nother:\n  a: 1\n  z: 2\n"
    );
}

#[test]
fn what_yaml_cannot_say_is_an_error_and_leaves_the_text_alone() {
    let mut text = "a: 1\n".to_owned();
    let numbers = BTreeMap::from([(1, "a")]);
    let error = write_into(&mut text, &vec![numbers], &AsGiven).unwrap_err();
    assert_eq!(error, WriteError::Key("a number"));
    assert_eq!(text, "a: 1\n");
    let long = BTreeMap::from([("k".repeat(2000), 1)]);
    let error = to_string(&long, &AsGiven).unwrap_err();
    assert_eq!(error, WriteError::LongKey(2000));
    let mut deep = json!(1);
    for _ in 0..600 {
        deep = json!([deep]);
    }
    assert!(matches!(
        to_string(&deep, &AsGiven),
        Err(WriteError::Depth(_))
    ));
}

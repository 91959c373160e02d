//! What a person would set, by the names that charts have for it.
//!
//! - here: workloads, Services, autoscalers;
//! - `image`, `variable`, `claim`, `ingress`: what takes more than a line;
//! - `keys`: the places of keys that only values bring.

mod claim;
mod image;
mod ingress;
mod keys;
mod variable;

use serde_json::Value;

use super::Chart;
use super::draft::{Draft, Within, Workshop, Written, camel, path};
use super::names::Names;
use super::values::Shape;
use super::way::{main_container, map_at, template, value_at};

pub(super) use keys::keys;

/// The kinds that run an app's pods.
const WORKLOADS: &[&str] = &["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

/// Whether objects of a kind run an app's pods.
pub(super) fn is_workload(kind: &str) -> bool {
    WORKLOADS.contains(&kind)
}

/// Makes values of what people know how to set.
pub(super) fn lift(draft: &mut Draft, chart: &Chart<'_>, names: &Names, shop: &mut Workshop<'_>) {
    let Some(app) = draft.app.clone() else {
        if draft.kind == "Ingress" {
            ingress::lift(draft, &["global", "ingress"], shop);
        }
        return;
    };
    match draft.kind.as_str() {
        kind if WORKLOADS.contains(&kind) => workload(draft, &app, chart, names, shop),
        "ConfigMap" if draft.stem == "config" => {
            variable::lift_config(draft, &app, (chart, names), shop);
        }
        "Service" if draft.stem == "service" => service(draft, &app, shop),
        "HorizontalPodAutoscaler" => autoscaler(draft, &app, shop),
        "Ingress" => ingress::lift(draft, &[&app, "ingress"], shop),
        "PersistentVolumeClaim" => {
            let name = camel(draft.stem.strip_suffix("-pvc").unwrap_or(&draft.stem));
            let group = [&app, "persistence", &name];
            claim::lift(draft, &|tree| tree.as_object_mut(), &group, shop);
        }
        _ => {}
    }
}

fn workload(
    draft: &mut Draft,
    app: &str,
    chart: &Chart<'_>,
    names: &Names,
    shop: &mut Workshop<'_>,
) {
    let (kind, name) = (draft.kind.clone(), draft.name.clone());
    let main: Within<'_> = &|tree| main_container(tree, &kind, &name);
    let spec: Within<'_> = &|tree| map_at(tree, &["spec"]);
    let pod: Within<'_> = &|tree| map_at(value_at(tree, template(&kind))?, &["spec"]);
    let metadata: Within<'_> = &|tree| map_at(value_at(tree, template(&kind))?, &["metadata"]);
    image::lift(draft, main, app, chart, shop);
    if matches!(kind.as_str(), "Deployment" | "StatefulSet") && !chart.scales(&name) {
        let said = "Pods that run at once; not set: one";
        let said = (path(&[app, "replicas"]), said);
        draft.lift_optional(spec, "replicas", said, Written::Integer, shop);
    }
    let said = "Requests and limits of the main container";
    let said = (path(&[app, "resources"]), said);
    draft.lift_tree(main, "resources", said, Shape::Resources, shop);
    variable::lift(draft, main, app, (chart, names), shop);
    for (group, key, shape, help) in OF_PODS {
        // What names other pods by their labels follows the names of the chart.
        if *key == "affinity" && names_pods(draft, pod) {
            continue;
        }
        let group = group.unwrap_or(app);
        draft.lift_tree(pod, key, (path(&[group, key]), help), *shape, shop);
    }
    let said = (
        path(&[app, "podAnnotations"]),
        "Further annotations of the pods",
    );
    draft.add_keys(metadata, "annotations", said, shop);
    claim::lift_all(draft, app, shop);
}

/// Trees of pods that are values: the group where it is not the app's, the key, what it
/// can be, and what it is for.
const OF_PODS: &[(Option<&str>, &str, Shape, &str)] = &[
    (
        None,
        "nodeSelector",
        Shape::Labels,
        "Labels of the nodes that pods run on",
    ),
    (
        None,
        "tolerations",
        Shape::List,
        "Taints of nodes that pods tolerate",
    ),
    (
        None,
        "affinity",
        Shape::Map,
        "Where pods may run, beside other pods or on nodes",
    ),
    (
        Some("global"),
        "imagePullSecrets",
        Shape::List,
        "Secrets for pulling images, as a list of names: `- name: …`",
    ),
];

/// Whether the affinity of pods is one to other pods, in any environment.
fn names_pods(draft: &mut Draft, pod: Within<'_>) -> bool {
    let each = draft.each_of(pod, "affinity").unwrap_or_default();
    let names = |affinity: &Value| {
        let keys = ["podAffinity", "podAntiAffinity"];
        keys.iter().any(|key| affinity.get(key).is_some())
    };
    each.iter().flatten().any(names)
}

/// <https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types>
const SERVICE_TYPES: &[&str] = &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"];

fn service(draft: &mut Draft, app: &str, shop: &mut Workshop<'_>) {
    let said = "`ClusterIP`, `NodePort` or `LoadBalancer`; not set: `ClusterIP`";
    let said = (path(&[app, "service", "type"]), said);
    let spec: Within<'_> = &|tree| map_at(tree, &["spec"]);
    draft.lift_optional(spec, "type", said, Written::Word(SERVICE_TYPES), shop);
    let said = "Further annotations of the Service";
    let said = (path(&[app, "service", "annotations"]), said);
    let metadata: Within<'_> = &|tree| map_at(tree, &["metadata"]);
    draft.add_keys(metadata, "annotations", said, shop);
}

fn autoscaler(draft: &mut Draft, app: &str, shop: &mut Workshop<'_>) {
    let spec: Within<'_> = &|tree| map_at(tree, &["spec"]);
    let bounds = [
        ("minReplicas", "Pods that run at least"),
        ("maxReplicas", "Pods that run at most"),
    ];
    for (key, help) in bounds {
        let said = (path(&[app, "autoscaling", key]), help);
        draft.lift(spec, key, said, Written::Integer, shop);
    }
    for (resource, key) in [("cpu", "targetCPU"), ("memory", "targetMemory")] {
        let target: Within<'_> = &|tree| {
            let metrics = value_at(tree, &["spec", "metrics"])?.as_array_mut()?;
            let mut metrics = metrics.iter_mut();
            let metric = metrics.find(|metric| metric["resource"]["name"] == resource)?;
            map_at(metric, &["resource", "target"])
        };
        let help = "Average use of what is requested, in percent";
        let said = (path(&[app, "autoscaling", key]), help);
        draft.lift(target, "averageUtilization", said, Written::Integer, shop);
    }
}

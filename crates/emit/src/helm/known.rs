//! What a person would set, by the names that charts have for it.

use serde_json::{Map, Value};

use super::Chart;
use super::draft::{Draft, Within, Workshop, Written, camel, leaf, path};
use super::hole::{Hole, value};
use super::names::Names;
use super::values::Shape;

/// The kinds that run an app's pods.
const WORKLOADS: &[&str] = &["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

/// The keys that values can add to objects of a kind, in their places among others.
pub(super) fn keys(kind: &str) -> Option<&'static str> {
    match kind {
        "Service" => Some("metadata:\n  labels:\n  annotations:\nspec:\n  type:\n  selector:\n"),
        "CronJob" => Some(CRON_JOB),
        kind if is_workload(kind) => Some(WORKLOAD),
        _ => None,
    }
}

const WORKLOAD: &str = "\
spec:
  replicas:
  selector:
  template:
    metadata:
      labels:
      annotations:
    spec:
      securityContext:
      imagePullSecrets:
      nodeSelector:
      tolerations:
      affinity:
      topologySpreadConstraints:
      initContainers:
      containers:
        - name:
          image:
          imagePullPolicy:
          command:
          args:
          ports:
          envFrom:
          env:
          resources:
          startupProbe:
          readinessProbe:
          livenessProbe:
          securityContext:
          volumeMounts:
      volumes:
";

const CRON_JOB: &str = "\
spec:
  jobTemplate:
    spec:
      template:
        metadata:
          labels:
          annotations:
        spec:
          securityContext:
          imagePullSecrets:
          nodeSelector:
          tolerations:
          affinity:
          initContainers:
          containers:
            - name:
              image:
              imagePullPolicy:
              command:
              args:
              env:
              resources:
              securityContext:
              volumeMounts:
          volumes:
";

/// Whether objects of a kind run an app's pods.
pub(super) fn is_workload(kind: &str) -> bool {
    WORKLOADS.contains(&kind)
}

/// Makes values of what people know how to set.
pub(super) fn lift(draft: &mut Draft, chart: &Chart<'_>, names: &Names, shop: &mut Workshop<'_>) {
    let Some(app) = draft.app.clone() else {
        if draft.kind == "Ingress" {
            ingress(draft, &["global", "ingress"], shop);
        }
        return;
    };
    match draft.kind.as_str() {
        kind if WORKLOADS.contains(&kind) => workload(draft, &app, chart, names, shop),
        "ConfigMap" if draft.stem == "config" => config(draft, &app, (chart, names), shop),
        "Service" if draft.stem == "service" => service(draft, &app, shop),
        "HorizontalPodAutoscaler" => autoscaler(draft, &app, shop),
        "Ingress" => ingress(draft, &[&app, "ingress"], shop),
        "PersistentVolumeClaim" => {
            let name = camel(draft.stem.strip_suffix("-pvc").unwrap_or(&draft.stem));
            claim(
                draft,
                &|tree| tree.as_object_mut(),
                &[&app, "persistence", &name],
                shop,
            );
        }
        _ => {}
    }
}

/// The mapping at a way of keys.
fn at<'t>(tree: &'t mut Value, way: &[&str]) -> Option<&'t mut Map<String, Value>> {
    let mut at = tree;
    for key in way {
        at = at.get_mut(*key)?;
    }
    at.as_object_mut()
}

/// The way to the template of the pods.
fn template(kind: &str) -> &'static [&'static str] {
    match kind {
        "CronJob" => &["spec", "jobTemplate", "spec", "template"],
        _ => &["spec", "template"],
    }
}

/// The main container is called like its object, or is the first.
fn main_container<'t>(
    tree: &'t mut Value,
    kind: &str,
    name: &str,
) -> Option<&'t mut Map<String, Value>> {
    let spec = at(tree, template(kind))?.get_mut("spec")?;
    let containers = spec.get_mut("containers")?.as_array_mut()?;
    let position = containers.iter().position(|one| one["name"] == name);
    containers.get_mut(position.unwrap_or(0))?.as_object_mut()
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
    let spec: Within<'_> = &|tree| at(tree, &["spec"]);
    let pod: Within<'_> = &|tree| at(at_value(tree, template(&kind))?, &["spec"]);
    let metadata: Within<'_> = &|tree| at(at_value(tree, template(&kind))?, &["metadata"]);
    image(draft, main, app, chart, shop);
    if matches!(kind.as_str(), "Deployment" | "StatefulSet") && !chart.scales(&name) {
        let said = (
            path(&[app, "replicas"]),
            "Pods that run at once; not set: one",
        );
        draft.lift_optional(spec, "replicas", said, Written::Integer, shop);
    }
    let said = (
        path(&[app, "resources"]),
        "Requests and limits of the main container",
    );
    draft.lift_tree(main, "resources", said, Shape::Resources, shop);
    variables(draft, main, app, (chart, names), shop);
    let said = (
        path(&[app, "nodeSelector"]),
        "Labels of the nodes that pods run on",
    );
    draft.lift_tree(pod, "nodeSelector", said, Shape::Map, shop);
    let said = (
        path(&[app, "tolerations"]),
        "Taints of nodes that pods tolerate",
    );
    draft.lift_tree(pod, "tolerations", said, Shape::List, shop);
    let speaks = |tree: &Option<Value>| {
        let text = tree.as_ref().map(|tree| tree.to_string());
        text.is_some_and(|text| text.contains("podAffinity") || text.contains("podAntiAffinity"))
    };
    if !draft.each.iter().any(speaks) {
        let said = (
            path(&[app, "affinity"]),
            "Where pods may run, beside other pods or on nodes",
        );
        draft.lift_tree(pod, "affinity", said, Shape::Map, shop);
    }
    let said = (
        path(&["global", "imagePullSecrets"]),
        "Secrets for pulling images, as a list of names: `- name: …`",
    );
    draft.lift_tree(pod, "imagePullSecrets", said, Shape::List, shop);
    let said = (
        path(&[app, "podAnnotations"]),
        "Further annotations of the pods",
    );
    draft.add_keys(metadata, "annotations", said, shop);
    claims(draft, app, shop);
}

fn at_value<'t>(tree: &'t mut Value, way: &[&str]) -> Option<&'t mut Value> {
    let mut at = tree;
    for key in way {
        at = at.get_mut(*key)?;
    }
    Some(at)
}

/// The parts of an image's name
/// (<https://docs.docker.com/reference/cli/docker/image/tag/>).
struct Reference {
    registry: String,
    repository: String,
    tag: String,
    digest: String,
}

impl Reference {
    fn read(text: &str) -> Self {
        let (text, digest) = text.split_once('@').unwrap_or((text, ""));
        let (name, tag) = match text.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, tag),
            _ => (text, ""),
        };
        let is_registry = |first: &str| first.contains(['.', ':']) || first == "localhost";
        let (registry, repository) = match name.split_once('/') {
            Some((first, rest)) if is_registry(first) => (first, rest),
            _ => ("", name),
        };
        Self {
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            tag: tag.to_owned(),
            digest: digest.to_owned(),
        }
    }
}

/// One part of an image's name.
type Part = fn(&Reference) -> &String;

fn image(
    draft: &mut Draft,
    main: Within<'_>,
    app: &str,
    chart: &Chart<'_>,
    shop: &mut Workshop<'_>,
) {
    let Some(each) = draft.each_of(main, "image") else {
        return;
    };
    let reference = |value: &Option<Value>| match value {
        None => Some(None),
        Some(value) => Some(Some(Reference::read(value.as_str()?))),
    };
    let Some(read) = each.iter().map(reference).collect::<Option<Vec<_>>>() else {
        return;
    };
    let parts: [(&str, Part, &str); 4] = [
        (
            "registry",
            |read| &read.registry,
            "Where the image comes from, unless `global.imageRegistry` is set",
        ),
        (
            "repository",
            |read| &read.repository,
            "The image without registry and tag",
        ),
        ("tag", |read| &read.tag, "The image's tag"),
        (
            "digest",
            |read| &read.digest,
            "The image's digest, which counts more than the tag",
        ),
    ];
    for (key, part, help) in parts {
        let each: Vec<_> = read
            .iter()
            .map(|read| read.as_ref().map(|read| Value::from(part(read).as_str())))
            .collect();
        // Most images have no digest; a chart says so only where one has.
        let is_said = key != "digest" || each.iter().flatten().any(|digest| digest != "");
        if is_said {
            shop.values
                .add(leaf(path(&[app, "image", key]), each, Shape::Text, help));
        }
    }
    let action = format!(
        "{{{{ include \"{}\" (dict \"image\" {} \"global\" .Values.global) }}}}",
        chart.helper("image"),
        value(&path(&[app, "image"])),
    );
    let mark = shop.holes.inline(action);
    draft.put(main, "image", &mark);
    let said = (
        path(&[app, "image", "pullPolicy"]),
        "`Always`, `IfNotPresent` or `Never`; not set: as Kubernetes decides",
    );
    draft.lift_optional(main, "imagePullPolicy", said, Written::Text, shop);
}

/// The variables that the main container has as they are, and room for more.
fn variables(
    draft: &mut Draft,
    main: Within<'_>,
    app: &str,
    (chart, names): (&Chart<'_>, &Names),
    shop: &mut Workshop<'_>,
) {
    let Some(each) = draft.each_of(main, "env") else {
        return;
    };
    let lists: Vec<Option<&Vec<Value>>> = each.iter().map(|env| env.as_ref()?.as_array()).collect();
    let mut known: Vec<String> = Vec::new();
    for variable in lists.iter().flatten().flat_map(|list| list.iter()) {
        let name = variable["name"].as_str().unwrap_or_default();
        if variable["value"].is_string() && !known.iter().any(|known| known == name) {
            known.push(name.to_owned());
        }
    }
    let of = |list: &Option<&Vec<Value>>, name: &str| -> Option<Value> {
        let mut found = list.as_ref()?.iter().filter(|one| one["name"] == name);
        let text = found.next()?.get("value")?.as_str()?.to_owned();
        found.next().is_none().then_some(Value::from(text))
    };
    for name in known {
        let texts: Vec<Option<Value>> = lists.iter().map(|list| of(list, &name)).collect();
        let is_everywhere = texts
            .iter()
            .zip(&draft.each)
            .all(|(text, tree)| text.is_some() == tree.is_some());
        if !is_everywhere {
            continue;
        }
        let text = variable(app, &name, texts, (chart, names), shop);
        let mark = shop.holes.inline(Written::Text.action(&text));
        for tree in draft.each.iter_mut().flatten() {
            let list = main(tree).and_then(|main| main.get_mut("env")?.as_array_mut());
            let mut found = list.into_iter().flatten();
            if let Some(one) = found.find(|one| one["name"] == name.as_str()) {
                one["value"] = mark.clone();
            }
        }
    }
    let further = path(&[app, "extraEnv"]);
    let none: Vec<_> = draft
        .each
        .iter()
        .map(|tree| tree.as_ref().map(|_| Value::Object(Map::new())))
        .collect();
    let has_list = each.iter().flatten().all(Value::is_array);
    let has_none = each.iter().flatten().all(Value::is_null);
    if !has_list && !has_none {
        return;
    }
    let further = shop.values.add(leaf(
        further,
        none,
        Shape::Texts,
        "Further variables of the main container",
    ));
    let value = value(&further);
    if has_none {
        let mark = Value::String(shop.holes.mark(Hole::AllVariables { value }));
        draft.put(main, "env", &mark);
        return;
    }
    let mark = Value::String(shop.holes.mark(Hole::Variables { value }));
    for tree in draft.each.iter_mut().flatten() {
        if let Some(list) = main(tree).and_then(|main| main.get_mut("env")?.as_array_mut()) {
            list.push(mark.clone());
        }
    }
}

/// The value of a variable. One that speaks to a Service of the chart, and does so in
/// all environments, follows the Service's name unless it is set. As an expression.
fn variable(
    app: &str,
    name: &str,
    texts: Vec<Option<Value>>,
    (chart, names): (&Chart<'_>, &Names),
    shop: &mut Workshop<'_>,
) -> String {
    let path = path(&[app, "env", name]);
    let mut present = texts.iter().flatten().filter_map(Value::as_str);
    let first = present.next().unwrap_or_default().to_owned();
    let is_same = present.all(|text| text == first);
    let follows = names.expression(&first, chart).filter(|_| is_same);
    let Some(follows) = follows else {
        let path = shop.values.add(leaf(path, texts, Shape::Text, ""));
        return value(&path);
    };
    let help = format!("Not set: {}", first.replace('\n', " "));
    let unset = texts
        .iter()
        .map(|text| text.as_ref().map(|_| Value::from("")));
    let path = shop
        .values
        .add(leaf(path, unset.collect(), Shape::Text, &help));
    format!("({} | default ({follows}))", value(&path))
}

/// The variables of a generated ConfigMap.
fn config(
    draft: &mut Draft,
    app: &str,
    (chart, names): (&Chart<'_>, &Names),
    shop: &mut Workshop<'_>,
) {
    let data: Within<'_> = &|tree| at(tree, &["data"]);
    let mut keys: Vec<String> = Vec::new();
    for tree in draft.each.iter_mut().flatten() {
        let map = data(tree).into_iter().flat_map(|map| map.keys());
        for key in map {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
    }
    for key in keys {
        let Some(each) = draft.each_of(data, &key) else {
            return;
        };
        if each.iter().flatten().all(Value::is_string) {
            let text = variable(app, &key, each, (chart, names), shop);
            let mark = shop.holes.inline(Written::Text.action(&text));
            draft.put(data, &key, &mark);
            shop.hashed(draft, &key, text, false);
        } else if each
            .iter()
            .flatten()
            .all(|value| value.is_string() || value.is_null())
        {
            let said = (path(&[app, "env", &key]), "");
            if let Some(text) = draft.lift_optional(data, &key, said, Written::Text, shop) {
                shop.hashed(draft, &key, text, true);
            }
        }
    }
}

fn service(draft: &mut Draft, app: &str, shop: &mut Workshop<'_>) {
    let spec: Within<'_> = &|tree| at(tree, &["spec"]);
    let said = (
        path(&[app, "service", "type"]),
        "`ClusterIP`, `NodePort` or `LoadBalancer`; not set: `ClusterIP`",
    );
    draft.lift_optional(spec, "type", said, Written::Text, shop);
    let said = (
        path(&[app, "service", "annotations"]),
        "Further annotations of the Service",
    );
    draft.add_keys(&|tree| at(tree, &["metadata"]), "annotations", said, shop);
}

fn autoscaler(draft: &mut Draft, app: &str, shop: &mut Workshop<'_>) {
    let spec: Within<'_> = &|tree| at(tree, &["spec"]);
    let said = (
        path(&[app, "autoscaling", "minReplicas"]),
        "Pods that run at least",
    );
    draft.lift(spec, "minReplicas", said, Written::Integer, shop);
    let said = (
        path(&[app, "autoscaling", "maxReplicas"]),
        "Pods that run at most",
    );
    draft.lift(spec, "maxReplicas", said, Written::Integer, shop);
    for (resource, key) in [("cpu", "targetCPU"), ("memory", "targetMemory")] {
        let target: Within<'_> = &|tree| {
            let metrics = at(tree, &["spec"])?.get_mut("metrics")?.as_array_mut()?;
            let metric = metrics
                .iter_mut()
                .find(|metric| metric["resource"]["name"] == resource)?;
            at(metric, &["resource", "target"])
        };
        let said = (
            path(&[app, "autoscaling", key]),
            "Average use of what is requested, in percent",
        );
        draft.lift(target, "averageUtilization", said, Written::Integer, shop);
    }
}

fn ingress(draft: &mut Draft, group: &[&str], shop: &mut Workshop<'_>) {
    let below = |key: &str| {
        let mut path = path(group);
        path.push(key.to_owned());
        path
    };
    let said = (
        path(&["global", "ingress", "className"]),
        "The class of controllers that serve the routes",
    );
    draft.lift_optional(
        &|tree| at(tree, &["spec"]),
        "ingressClassName",
        said,
        Written::Text,
        shop,
    );
    hosts(draft, &below, shop);
    let said = (below("annotations"), "Further annotations of the Ingress");
    draft.add_keys(&|tree| at(tree, &["metadata"]), "annotations", said, shop);
}

/// Hosts at the same place in all environments are one value, wherever they stand.
fn hosts(draft: &mut Draft, below: &dyn Fn(&str) -> Vec<String>, shop: &mut Workshop<'_>) {
    let of = |tree: &Option<Value>| -> Vec<String> {
        let rules = tree
            .as_ref()
            .and_then(|tree| tree["spec"]["rules"].as_array());
        let hosts = rules
            .into_iter()
            .flatten()
            .filter_map(|rule| rule["host"].as_str());
        hosts.map(str::to_owned).collect()
    };
    let each: Vec<Vec<String>> = draft.each.iter().map(of).collect();
    let present = || {
        each.iter()
            .zip(&draft.each)
            .filter(|(_, tree)| tree.is_some())
    };
    let count = present().map(|(hosts, _)| hosts.len()).next().unwrap_or(0);
    if present().any(|(hosts, _)| hosts.len() != count) {
        return;
    }
    // Where environments have other routes, too, these are values as a whole.
    let mut routes = draft.each.iter().flatten().map(|tree| {
        let mut rules = tree["spec"]["rules"].clone();
        for rule in rules.as_array_mut().into_iter().flatten() {
            rule["host"] = Value::Null;
        }
        rules
    });
    let first = routes.next();
    if routes.any(|routes| Some(routes) != first) {
        return;
    }
    let mut columns: Vec<Vec<Option<String>>> = (0..count)
        .map(|at| each.iter().map(|hosts| hosts.get(at).cloned()).collect())
        .collect();
    columns.dedup();
    let first =
        |column: &Vec<Option<String>>| column.iter().flatten().next().cloned().unwrap_or_default();
    let single = columns.len() == 1;
    for column in columns {
        let path = match single {
            true => below("host"),
            false => {
                let mut path = below("hosts");
                path.push(camel(&first(&column)));
                path
            }
        };
        let values = column
            .iter()
            .map(|host| host.as_deref().map(Value::from))
            .collect();
        let path = shop.values.add(leaf(
            path,
            values,
            Shape::Text,
            "The host that requests are for",
        ));
        let mark = shop.holes.inline(Written::Text.action(&value(&path)));
        for (tree, host) in draft.each.iter_mut().zip(&column) {
            if let (Some(tree), Some(host)) = (tree, host) {
                replace_host(&mut tree["spec"], host, &mark);
            }
        }
    }
}

fn replace_host(spec: &mut Value, host: &str, mark: &Value) {
    let rules = spec.get_mut("rules").and_then(Value::as_array_mut);
    for rule in rules.into_iter().flatten() {
        if rule["host"] == host {
            rule["host"] = mark.clone();
        }
    }
    let tls = spec.get_mut("tls").and_then(Value::as_array_mut);
    let lists = tls
        .into_iter()
        .flatten()
        .filter_map(|tls| tls.get_mut("hosts")?.as_array_mut());
    for known in lists.flatten().filter(|known| **known == host) {
        *known = mark.clone();
    }
}

/// The claims that a StatefulSet makes for its pods.
fn claims(draft: &mut Draft, app: &str, shop: &mut Workshop<'_>) {
    let mut names: Vec<String> = Vec::new();
    for tree in draft.each.iter().flatten() {
        let templates = tree["spec"]["volumeClaimTemplates"].as_array();
        for template in templates.into_iter().flatten() {
            let name = template["metadata"]["name"].as_str().unwrap_or_default();
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    for name in names {
        let within: Within<'_> = &|tree| {
            let templates = at(tree, &["spec"])?
                .get_mut("volumeClaimTemplates")?
                .as_array_mut()?;
            let mut templates = templates.iter_mut();
            templates
                .find(|one| one["metadata"]["name"] == name.as_str())?
                .as_object_mut()
        };
        claim(draft, within, &[app, "persistence", &camel(&name)], shop);
    }
}

fn claim(draft: &mut Draft, within: Within<'_>, group: &[&str], shop: &mut Workshop<'_>) {
    let below = |key: &str| {
        let mut path = path(group);
        path.push(key.to_owned());
        path
    };
    let requests: Within<'_> = &|tree| {
        let spec = within(tree)?.get_mut("spec")?;
        at(spec, &["resources", "requests"])
    };
    draft.lift(
        requests,
        "storage",
        (below("size"), "Room for data"),
        Written::Text,
        shop,
    );
    let spec: Within<'_> = &|tree| within(tree)?.get_mut("spec")?.as_object_mut();
    let said = (
        below("storageClass"),
        "The class of storage; not set: the cluster's own",
    );
    draft.lift_optional(spec, "storageClassName", said, Written::Text, shop);
}

//! Overlays and components say only what differs from the base, in every case. That
//! Kustomize makes the flat manifests of them is asked of Kustomize itself, by
//! `make forms`.

use std::collections::BTreeMap;

use kubewright_compile::{Format, Request, generate};
use kubewright_source::Sources;
use kubewright_yaml::{Limits, Node, Value, read_document};

use crate::case;

/// Texts by their paths.
pub(crate) type Texts = BTreeMap<String, String>;

/// The files for Kustomize of a case, whatever its own forms are.
fn files(case: &case::Case) -> Texts {
    let (request, files, environment) = case.asked();
    let request = Request {
        formats: vec![Format::Kustomize],
        ..request
    };
    texts(generate(&request, &files, &environment, &|_, _| {}))
}

fn texts(outcome: kubewright_compile::Outcome) -> Texts {
    let files = outcome.top.into_files();
    let texts = files
        .into_iter()
        .map(|file| (file.path.to_string(), file.text));
    texts.collect()
}

pub(crate) fn tree(text: &str) -> Node {
    let source = Sources::default().add("file", text);
    let read = read_document(text, source, &Limits::default());
    read.expect("it is YAML").expect("it holds a document")
}

#[test]
fn overlays_hold_nothing_that_equals_the_base() {
    let (mut patches, mut wrong) = (0, Vec::new());
    for case in case::all().iter().filter(|case| !case.is_bad()) {
        let (found, repeated) = repeated(&files(case));
        patches += found;
        let lines = repeated.iter();
        wrong.extend(lines.map(|what| format!("{} {what}", case.name)));
    }
    assert!(patches > 50, "only {patches} patches were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The number of patches, and what overlays and components say that the base says, too.
pub(crate) fn repeated(files: &Texts) -> (usize, Vec<String>) {
    let (mut patches, mut wrong) = (0, Vec::new());
    for (path, text) in files {
        let Some((folder, "kustomization.yaml")) = path.rsplit_once('/') else {
            continue;
        };
        let kustomization = tree(text);
        for patch in items(&kustomization, "patches") {
            patches += 1;
            let text = match scalar(patch, "path") {
                Some(name) => files[&format!("{folder}/{name}")].clone(),
                None => scalar(patch, "patch").expect("a patch has a text"),
            };
            let said = said(files, patch, &tree(&text));
            wrong.extend(said.iter().map(|what| format!("{path}: {what}")));
        }
        for count in items(&kustomization, "replicas") {
            let name = scalar(count, "name").expect("it has a name");
            let before = base(files, "Deployment", &name);
            let before = before.or_else(|| base(files, "StatefulSet", &name));
            let before = before
                .as_ref()
                .and_then(|base| at(base, &["spec", "replicas"]));
            if before.is_some_and(|before| Some(text_of(before)) == scalar(count, "count")) {
                wrong.push(format!("{path}: replicas of {name}"));
            }
        }
    }
    (patches, wrong)
}

/// What a patch says that the base says, too.
fn said(files: &Texts, entry: &Node, patch: &Node) -> Vec<String> {
    let mut found = Vec::new();
    let target = at(entry, &["target"]);
    let named = |key: &str| match target {
        Some(target) => scalar(target, key),
        None => scalar(patch, key).or_else(|| scalar(at(patch, &["metadata"])?, key)),
    };
    // A patch for all objects with a label has no one base.
    let (Some(kind), Some(name)) = (named("kind"), named("name")) else {
        return found;
    };
    let base = base(files, &kind, &name).expect("what is patched is in the base");
    match patch.as_sequence() {
        Some(operations) => {
            for operation in operations
                .iter()
                .filter(|of| scalar(of, "op").as_deref() == Some("replace"))
            {
                let pointer = scalar(operation, "path").expect("it has a path");
                let steps: Vec<String> = pointer.split('/').skip(1).map(plain).collect();
                let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
                let before = at(&base, &steps).expect("what is replaced is there");
                if before.same(at(operation, &["value"]).expect("it has a value")) {
                    found.push(format!("{kind} {name}: {pointer}"));
                }
            }
        }
        None => equal("", patch, &base, &mut found),
    }
    found
}

fn plain(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// Where a strategic merge patch says what the base says, but for what names things.
fn equal(path: &str, patch: &Node, base: &Node, found: &mut Vec<String>) {
    match (&patch.value, &base.value) {
        (Value::Mapping(patch), Value::Mapping(base)) => {
            for entry in patch {
                let key = &*entry.key.text;
                let names = [
                    "apiVersion",
                    "kind",
                    "name",
                    "namespace",
                    "mountPath",
                    "uid",
                ];
                if let Some(base) = base.get(key).filter(|_| !names.contains(&key)) {
                    equal(&format!("{path}.{key}"), &entry.value, base, found);
                }
            }
        }
        (Value::Sequence(patch), Value::Sequence(base))
            if path.contains("ontainers") || path.ends_with(".volumes") =>
        {
            if !keeps_order(patch, base) {
                return;
            }
            for item in patch {
                // Several mounts can be of one volume: their key is the path.
                let key = match scalar(item, "mountPath") {
                    Some(_) => "mountPath",
                    None => "name",
                };
                let name = scalar(item, key);
                let same = |other: &&Node| name.is_some() && scalar(other, key) == name;
                if let Some(base) = base.iter().find(same) {
                    equal(&format!("{path}[]"), item, base, found);
                }
            }
        }
        _ if patch.same(base) => found.push(path.to_owned()),
        _ => {}
    }
}

/// Whether a list names what the base names in the base's order; in another one it is
/// one value, and differs as a whole.
fn keeps_order(patch: &[Node], base: &[Node]) -> bool {
    let name = |node: &Node| scalar(node, "mountPath").or_else(|| scalar(node, "name"));
    let place = |item: &Node| base.iter().position(|other| name(other) == name(item));
    patch.iter().filter_map(place).is_sorted()
}

/// The object of the base.
fn base(files: &Texts, kind: &str, name: &str) -> Option<Node> {
    let is_manifest = |path: &str| {
        let below = path.strip_prefix("kustomize/base/");
        below.is_some_and(|below| !below.contains('/'))
    };
    let base = files.iter().filter(|(path, _)| is_manifest(path));
    let trees = base.map(|(_, text)| tree(text));
    let mut meant = trees.filter(|tree| {
        let metadata = at(tree, &["metadata"]);
        let own = metadata.and_then(|metadata| scalar(metadata, "name"));
        scalar(tree, "kind").as_deref() == Some(kind) && own.as_deref() == Some(name)
    });
    meant.next().or_else(|| generated(files, kind, name))
}

/// A ConfigMap that is made of files: its metadata, which is all that patches change.
fn generated(files: &Texts, kind: &str, name: &str) -> Option<Node> {
    let kustomization = tree(files.get("kustomize/base/kustomization.yaml")?);
    let mut generators = items(&kustomization, "configMapGenerator").iter();
    let named = |generator: &&Node| scalar(generator, "name").as_deref() == Some(name);
    let generator = generators.find(named).filter(|_| kind == "ConfigMap")?;
    let mut text = format!("kind: ConfigMap\nmetadata:\n  name: {name}\n");
    for key in ["labels", "annotations"] {
        let pairs = at(generator, &["options", key]).map(|pairs| &pairs.value);
        let Some(Value::Mapping(pairs)) = pairs else {
            continue;
        };
        text.push_str(&format!("  {key}:\n"));
        for pair in pairs {
            let value = text_of(&pair.value).replace('\'', "''");
            text.push_str(&format!("    {}: '{value}'\n", pair.key.text));
        }
    }
    Some(tree(&text))
}

pub(crate) fn at<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter().try_fold(node, |node, step| match &node.value {
        Value::Mapping(mapping) => mapping.get(step),
        Value::Sequence(items) => items.get(step.parse::<usize>().ok()?),
        Value::Scalar(_) => None,
    })
}

pub(crate) fn items<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    let list = at(node, &[key]).and_then(Node::as_sequence);
    list.unwrap_or_default()
}

pub(crate) fn scalar(node: &Node, key: &str) -> Option<String> {
    at(node, &[key])
        .and_then(Node::as_scalar)
        .map(|scalar| scalar.text.to_string())
}

fn text_of(node: &Node) -> String {
    node.as_scalar()
        .map(|scalar| scalar.text.to_string())
        .unwrap_or_default()
}

const ONE_COUNT: &str = "\
environments:
  test: {}
  production: {}
apps:
  web: {image: 'acme/web:1', ports: 80:8080, pod_disruption_budget: {max_unavailable: 1}, placement: {spread: []}, replicas: 2, overrides: {production: {replicas: 5}}}
  api: {image: 'acme/api:1', ports: 80:8080, environment: {MODE: live}}
";

#[test]
fn an_environment_with_another_count_has_an_overlay_of_ten_lines() {
    let outcome = case::of_text(ONE_COUNT, Format::Kustomize);
    assert!(
        !outcome.diagnostics.has_errors(),
        "{:?}",
        outcome.diagnostics
    );
    let texts = texts(outcome);
    let overlays = texts
        .iter()
        .filter(|(path, _)| path.starts_with("kustomize/overlays/"));
    let overlays: Vec<(&str, &str)> = overlays
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let top = "# from apps.yaml\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - ../../base\n";
    let count = format!("{top}replicas:\n  - name: web\n    count: 5\n");
    assert!(count.lines().count() <= 10);
    assert_eq!(
        overlays,
        [
            (
                "kustomize/overlays/production/kustomization.yaml",
                count.as_str()
            ),
            ("kustomize/overlays/test/kustomization.yaml", top),
        ]
    );
}

/// Whatever is written, the tools do not give these texts back, and the flat manifests do.
#[test]
fn texts_that_a_tool_loses_are_told() {
    let rows = [
        ("\"a\\x7Fb\"", [true, true]),
        ("\"\\tone\\ntwo\"", [true, false]),
        ("<no value>", [false, true]),
        ("\"\\tone \\\\x7F\"", [false, false]),
    ];
    for (text, expected) in rows {
        let apps = format!(
            "environments: {{a: {{}}, b: {{}}}}\napps:\n  web:\n    image: w:1\n    environment: {{A: {text}}}\n"
        );
        let told = |format| {
            let outcome = case::of_text(&apps, format);
            let said = outcome.diagnostics.iter();
            said.filter(|said| said.code == "text-lost").count()
        };
        assert_eq!(told(Format::Manifests), 0, "{text}");
        let found = [Format::Kustomize, Format::Helm].map(|format| told(format) == 1);
        assert_eq!(found, expected, "{text}");
    }
}

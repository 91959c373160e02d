//! One ApplicationSet for the Applications of all environments: a template, and a
//! list of what differs.
//!
//! <https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-List/>

use std::collections::BTreeMap;

use kubewright_objects::argocd::{
    Application, ApplicationSet, ApplicationSetSpec, Destination, Directory, Generator,
    ListGenerator, Source, Template, WAVE,
};
use serde_json::{Map, Value, json};

use super::application::{Made, NAME};
use super::place::Place;

/// What autoscalers own differs in its shape, which only a patch can say.
const PATCH: &str = "\
{{- if hasKey . \"ignoreDifferences\" }}
spec:
  ignoreDifferences: {{ toJson .ignoreDifferences }}
{{- end }}
";

/// The ApplicationSet; none where there is nothing but charts, whose sources have
/// nothing in common.
pub(super) fn of_all(
    project: &str,
    places: &[Place<'_>],
    made: &[Vec<Made<'_>>],
) -> Option<ApplicationSet> {
    let all = places.iter().zip(made);
    let all = all.flat_map(|(place, made)| made.iter().map(move |one| (place, one)));
    let ours: Vec<(&Place<'_>, &Made<'_>)> = all.filter(|(_, one)| !one.is_chart).collect();
    let (place, first) = ours.first()?;
    let clusters = Clusters::of(&ours);
    let elements = ours
        .iter()
        .map(|(place, one)| element(place, one, clusters));
    let is_scaled = |one: &Made<'_>| !one.application.spec.ignore_differences.is_empty();
    let mut patched = ours.iter();
    let patched = patched.any(|(_, one)| is_scaled(one));
    let mut metadata = place.told.project.metadata.clone();
    metadata.name = Some(project.to_owned());
    let list = ListGenerator {
        elements: elements.collect(),
    };
    let spec = ApplicationSetSpec {
        go_template: true,
        go_template_options: vec!["missingkey=error".to_owned()],
        generators: vec![Generator { list }],
        template: template(place, project, &first.application, clusters),
        template_patch: patched.then(|| PATCH.to_owned()),
    };
    Some(ApplicationSet { metadata, spec })
}

/// How clusters are named: by URLs, by names, or some so and some so.
#[derive(Clone, Copy)]
struct Clusters {
    by_server: bool,
    by_name: bool,
}

impl Clusters {
    fn of(ours: &[(&Place<'_>, &Made<'_>)]) -> Self {
        let any = |has: &dyn Fn(&Destination) -> bool| {
            let mut all = ours.iter();
            all.any(|(_, one)| has(&one.application.spec.destination))
        };
        Self {
            by_server: any(&|to| to.server.is_some()),
            by_name: any(&|to| to.name.is_some()),
        }
    }
}

/// What is the same in all Applications, and where the rest goes.
fn template(place: &Place<'_>, project: &str, first: &Application, clusters: Clusters) -> Template {
    let mut template = Template {
        metadata: first.metadata.clone(),
        spec: first.spec.clone(),
    };
    template.metadata.name = filled("name");
    let labels = template.metadata.labels.get_or_insert_default();
    labels.insert(NAME.to_owned(), "{{ .app }}".to_owned());
    if place.environment.name.is_some() {
        let mut named = BTreeMap::new();
        place.add_environment(&mut named);
        let named = named.into_keys();
        labels.extend(named.map(|key| (key, "{{ .environment }}".to_owned())));
    }
    let wave = BTreeMap::from([(WAVE.to_owned(), "{{ .wave }}".to_owned())]);
    template.metadata.annotations = Some(wave);
    let spec = &mut template.spec;
    if place.environment.name.is_some() {
        spec.project = format!("{project}-{{{{ .environment }}}}");
    }
    spec.source = Source {
        repo_url: verbatim(&first.spec.source.repo_url),
        path: filled("path"),
        target_revision: verbatim(&first.spec.source.target_revision),
        directory: Some(Directory {
            include: "{{ .include }}".to_owned(),
        }),
        ..Source::default()
    };
    spec.destination = Destination {
        server: filled("server").filter(|_| clusters.by_server),
        name: filled("cluster").filter(|_| clusters.by_name),
        namespace: "{{ .namespace }}".to_owned(),
    };
    spec.ignore_differences.clear();
    template
}

fn filled(name: &str) -> Option<String> {
    Some(format!("{{{{ .{name} }}}}"))
}

/// A text that means itself in a template.
fn verbatim(text: &str) -> String {
    text.replace("{{", "{{ `{{` }}")
}

/// What one Application has of its own. Every element has every key that the
/// template asks for.
fn element(place: &Place<'_>, made: &Made<'_>, clusters: Clusters) -> Value {
    let Application { metadata, spec } = &made.application;
    let text = |map: &Option<BTreeMap<String, String>>, key: &str| {
        let value = map.as_ref().and_then(|map| map.get(key));
        Value::from(value.cloned().unwrap_or_default())
    };
    let or_empty = |text: &Option<String>| Value::from(text.clone().unwrap_or_default());
    let include = spec.source.directory.as_ref();
    let include = include.map(|directory| directory.include.clone());
    let mut element = Map::from_iter([
        ("name".to_owned(), or_empty(&metadata.name)),
        ("app".to_owned(), text(&metadata.labels, NAME)),
        ("wave".to_owned(), text(&metadata.annotations, WAVE)),
        ("path".to_owned(), or_empty(&spec.source.path)),
        ("include".to_owned(), or_empty(&include)),
        (
            "namespace".to_owned(),
            Value::from(spec.destination.namespace.clone()),
        ),
    ]);
    if clusters.by_server {
        element.insert("server".to_owned(), or_empty(&spec.destination.server));
    }
    if clusters.by_name {
        element.insert("cluster".to_owned(), or_empty(&spec.destination.name));
    }
    if let Some(name) = place.environment.name {
        element.insert("environment".to_owned(), Value::from(name));
    }
    if !spec.ignore_differences.is_empty() {
        let differences = json!(spec.ignore_differences);
        element.insert("ignoreDifferences".to_owned(), differences);
    }
    Value::Object(element)
}

//! A chart for Helm: one set of templates, and values for each environment.
//!
//! The objects of all environments are laid over each other. What people know how to
//! set becomes a value by the name that charts have for it, what environments still
//! differ in becomes a value under the name of its place, and all else stands in the
//! templates as it is.
//!
//! - `hole`: places that are filled in at rendering, and how templates say so;
//! - `values`: all values, with defaults, environments, schema;
//! - `draft`: one object on its way to a template;
//! - `known`: what people know how to set;
//! - `secret`: what has no default;
//! - `labels`: what all objects of an app are labelled with;
//! - `config_hash`: the hash of what pods are configured with;
//! - `names`: objects of the chart that name each other;
//! - `generic`: whatever environments still differ in;
//! - `files`: all that is no template of an object.
//!
//! <https://helm.sh/docs/topics/charts/>

mod config_hash;
mod draft;
mod files;
mod generic;
mod hole;
mod known;
mod labels;
mod names;
mod secret;
mod values;

use std::collections::{BTreeMap, HashMap, HashSet};

use kubewright_difference::{Id, matched};
use kubewright_files::{File, OutputPath};
use kubewright_objects::delivery;
use kubewright_source::{Diagnostic, Span};
use serde_json::Value;

use self::config_hash::Held;
use self::draft::{Draft, Workshop, camel, leaf, path, trees};
use self::hole::{Hole, Holes, escaped, value};
use self::labels::Labels;
use self::names::Names;
use self::values::{Shape, Values};
use crate::form::{Emitted, Environment, Form, Given};
use crate::tree::{self, Order};

/// The form.
pub const FORM: Form = Form {
    name: "helm",
    manifests: |_| "",
    top: &["charts/"],
    wants_manifests: false,
    emit,
};

/// What all parts of a chart are told.
#[derive(Debug)]
pub(crate) struct Chart<'a> {
    /// What it is called.
    name: String,
    /// What the input says of it.
    told: &'a delivery::Chart,
    /// The project.
    project: &'a str,
    /// The first line of files that can have comments.
    origin: &'a str,
    /// The names of the environments.
    environments: Vec<Option<&'a str>>,
    /// The namespaces of the environments.
    namespaces: Vec<Option<String>>,
    /// The version of what it holds.
    version: Option<String>,
    /// Objects whose number of pods an autoscaler decides.
    scaled: HashSet<String>,
}

impl Chart<'_> {
    /// The name of a helper.
    fn helper(&self, name: &str) -> String {
        format!("{}.{name}", self.name)
    }

    /// Whether something scales what has this name.
    fn scales(&self, name: &str) -> bool {
        self.scaled.contains(name)
    }

    /// Whether a text would be no text without quotes.
    fn needs_quotes(&self, text: &str) -> bool {
        files::scalar(text) != text
            && !text.contains('\n')
            && !text.starts_with(['"', '\''])
            && is_word(text)
    }
}

/// Only words can become anything but a text.
fn is_word(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '_' | '+'))
}

/// An app of the chart.
#[derive(Debug)]
struct App {
    /// What it is called.
    name: String,
    /// Its Services and their ports, that speak TCP.
    ports: Vec<(String, u64)>,
}

/// One object of one environment.
struct Entry<'a> {
    tree: Value,
    stem: String,
    /// Its flat manifest.
    text: &'a str,
    sensitive: bool,
    /// The digests of the configuration that it holds.
    digests: Option<BTreeMap<String, String>>,
}

fn emit(given: &Given<'_>) -> Result<Emitted, Box<Diagnostic>> {
    let environments = given.environments.iter().map(entries);
    let environments: Vec<Vec<Entry<'_>>> = environments.collect::<Result<_, _>>()?;
    let told = &given.environments[0].delivery.chart;
    let mut chart = Chart {
        name: told
            .name
            .clone()
            .unwrap_or_else(|| given.project.to_owned()),
        told,
        project: given.project,
        origin: given.origin,
        environments: given.environments.iter().map(|one| one.name).collect(),
        namespaces: given
            .environments
            .iter()
            .map(|one| one.delivery.namespace.clone())
            .collect(),
        version: None,
        scaled: HashSet::new(),
    };
    let mark = unused_word(given);
    let mut names = Names::default();
    for entry in environments.iter().flatten() {
        names.add(&entry.tree);
        if let Some(name) = entry.tree["spec"]["scaleTargetRef"]["name"].as_str() {
            chart.scaled.insert(name.to_owned());
        }
    }
    let namespaces: Vec<Option<String>> = given
        .environments
        .iter()
        .map(|one| one.delivery.namespace.clone())
        .collect();
    let mut room = Room::new(environments, &namespaces, &mark);
    room.values.add(leaf(
        path(&["nameOverride"]),
        vec![Some(Value::from("")); given.environments.len()],
        Shape::Text,
        "What the names of all objects begin with, for a second release in one namespace",
    ));
    room.values.add(leaf(
        path(&["global", "imageRegistry"]),
        vec![Some(Value::from("")); given.environments.len()],
        Shape::Text,
        "A registry that all images come from",
    ));
    room.lift(&chart, &mut names, &namespaces);
    let apps = room.apps();
    chart.version = room.version();
    let templates = room.templates(&chart)?;
    let helpers =
        files::helpers(&chart) + &room.labels.helpers(&chart, &room.holes) + &room.helpers;
    let texts = templates.iter().map(|(_, text)| text.as_str());
    room.values.keep_used(texts.chain([helpers.as_str()]));
    write(&chart, &room, helpers, templates, &apps)
}

/// The objects of an environment as trees.
fn entries<'a>(environment: &Environment<'a>) -> Result<Vec<Entry<'a>>, Box<Diagnostic>> {
    let objects = environment.objects.iter().zip(environment.manifests);
    objects
        .map(|(object, file)| {
            Ok(Entry {
                tree: tree::of(object)?,
                stem: stem(file.path.as_str()),
                text: &file.text,
                sensitive: object.sensitive,
                digests: config_hash::digests(object),
            })
        })
        .collect()
}

fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".yaml").unwrap_or(name).to_owned()
}

/// A word that no manifest holds.
fn unused_word(given: &Given<'_>) -> String {
    let manifests = || given.environments.iter().flat_map(|one| one.manifests);
    let mut word = "kwHole".to_owned();
    while manifests().any(|file| file.text.contains(&word)) {
        word.push('x');
    }
    word
}

/// All drafts, and what they share.
struct Room {
    drafts: Vec<Draft>,
    /// The orders of their keys.
    orders: Vec<Order>,
    /// The trees before marks were put in.
    plain: Vec<Vec<Option<Value>>>,
    values: Values,
    holes: Holes,
    /// The conditions under which objects are there at all.
    switches: Vec<Vec<String>>,
    /// Helpers that name Secrets, and those that hash configuration.
    helpers: String,
    /// The configuration that objects hold, by their kinds and names.
    held: BTreeMap<(String, String), Held>,
    labels: Labels,
}

impl Room {
    fn new(environments: Vec<Vec<Entry<'_>>>, namespaces: &[Option<String>], mark: &str) -> Self {
        let mut keyed: Vec<Vec<(usize, Entry<'_>)>> = Vec::new();
        for (at, entries) in environments.into_iter().enumerate() {
            keyed.push(entries.into_iter().map(|entry| (at, entry)).collect());
        }
        let id = |(at, entry): &(usize, Entry<'_>)| {
            let mut id = Id::of(&entry.tree);
            if id.namespace == namespaces[*at] {
                id.namespace = None;
            }
            // The release's own Namespace is one object, whatever it is called.
            if id.kind == "Namespace" && Some(&id.name) == namespaces[*at].as_ref() {
                id.name = "namespace".to_owned();
            }
            id
        };
        let mut drafts: Vec<Draft> = Vec::new();
        let mut orders = Vec::new();
        let mut held: BTreeMap<(String, String), Held> = BTreeMap::new();
        let mut keys: BTreeMap<String, String> = BTreeMap::new();
        let own = ["global", "objects", "namespace", "nameOverride"];
        let mut taken: HashSet<String> = own.map(str::to_owned).into();
        for matched in matched(keyed, id) {
            let digests = |one: &Option<(usize, Entry<'_>)>| one.as_ref()?.1.digests.clone();
            let each: Vec<_> = matched.each.iter().map(digests).collect();
            if each.iter().any(Option::is_some) {
                let object = (matched.id.kind.clone(), matched.id.name.clone());
                let held_here = held.entry(object).or_default();
                held_here.each = each;
            }
            let Some((_, first)) = matched.present().next() else {
                continue;
            };
            let app = first.tree["metadata"]["labels"]["app.kubernetes.io/name"].as_str();
            let stem = first.stem.clone();
            let stem = match app.and_then(|app| stem.strip_prefix(app)) {
                Some("") | None => stem,
                Some(rest) => rest.trim_start_matches('-').to_owned(),
            };
            // An app of another namespace can have the name of one of the release's.
            let qualified = |app: &str| match &matched.id.namespace {
                Some(namespace) => format!("{namespace}-{app}"),
                None => app.to_owned(),
            };
            let app = app.map(qualified);
            let app = app.as_deref();
            let app_name = app.map(str::to_owned);
            let app = app.map(|app| match keys.get(app) {
                Some(key) => key.clone(),
                None => {
                    let mut key = camel(app);
                    while !taken.insert(key.clone()) {
                        key.push('2');
                    }
                    keys.insert(app.to_owned(), key.clone());
                    key
                }
            });
            let comment = first
                .text
                .lines()
                .next()
                .filter(|line| line.starts_with('#'));
            let comment = comment.unwrap_or_default().to_owned();
            let texts = matched.present().map(|(_, entry)| entry.text);
            orders.push(Order::of(texts.chain(known::keys(&matched.id.kind))));
            let sensitive = matched.present().any(|(_, entry)| entry.sensitive);
            let is_own = matched.id.kind == "Namespace" && matched.id.name == "namespace";
            let stem = match is_own {
                true => "namespace".to_owned(),
                false => stem,
            };
            drafts.push(Draft {
                kind: matched.id.kind.clone(),
                name: matched.id.name.clone(),
                app_name,
                app,
                stem,
                comment,
                sensitive,
                each: trees(matched, |(_, entry)| entry.tree),
            });
        }
        Self {
            plain: drafts.iter().map(|draft| draft.each.clone()).collect(),
            switches: vec![Vec::new(); drafts.len()],
            drafts,
            orders,
            values: Values::default(),
            holes: Holes::new(mark),
            helpers: String::new(),
            held,
            labels: Labels::default(),
        }
    }

    /// Makes values of all that is known, and marks of names.
    fn lift(&mut self, chart: &Chart<'_>, names: &mut Names, namespaces: &[Option<String>]) {
        let mut hashed = BTreeMap::new();
        for at in 0..self.drafts.len() {
            let draft = &mut self.drafts[at];
            let mut shop = Workshop {
                values: &mut self.values,
                holes: &mut self.holes,
                hashed: &mut hashed,
            };
            if draft.kind == "Secret" {
                let place = secret::place(draft, chart);
                let existing = secret::lift(draft, &place, &mut shop);
                names.replaceable(&draft.name, place.helper.clone());
                let name = files::secret_name(chart, &place.helper, &existing, &draft.name);
                self.helpers.push_str(&name);
                self.switches[at].push(format!("not {existing}"));
            }
            known::lift(draft, chart, names, &mut shop);
            self.labels.version(draft, &mut shop);
            self.switches[at].extend(switch(draft, &mut shop));
            own_namespace(draft, namespaces, &mut shop);
            for (tree, namespace) in draft.each.iter_mut().zip(namespaces) {
                if let (Some(tree), Some(namespace)) = (tree, namespace) {
                    mark_namespace(tree, namespace, shop.holes);
                    if tree["kind"] == "Namespace" && tree["metadata"]["name"] == **namespace {
                        tree["metadata"]["name"] = shop.holes.inline("{{ .Release.Namespace }}");
                    }
                }
            }
        }
        for (object, expressions) in hashed {
            self.held.entry(object).or_default().expressions = expressions;
        }
        for (draft, conditions) in self.drafts.iter().zip(&self.switches) {
            let object = (draft.kind.clone(), draft.name.clone());
            if let Some(held) = self.held.get_mut(&object) {
                held.conditions.clone_from(conditions);
            }
        }
        self.hash(chart);
        for draft in &mut self.drafts {
            for tree in draft.each.iter_mut().flatten() {
                names.mark(tree, chart, &mut self.holes);
            }
        }
    }

    /// Lets the hashes of pods follow the values.
    fn hash(&mut self, chart: &Chart<'_>) {
        for (draft, plain) in self.drafts.iter_mut().zip(&self.plain) {
            if draft.app.is_none() || !known::is_workload(&draft.kind) {
                continue;
            };
            let annotations: draft::Within<'_> = &|tree| {
                let metadata = tree.pointer_mut("/spec/template/metadata/annotations");
                metadata?.as_object_mut()
            };
            let helper = chart.helper(&format!("{}.configHash", place(draft).join(".")));
            let Some(hashes) = draft.each_of(annotations, config_hash::ANNOTATION) else {
                continue;
            };
            let names = plain
                .iter()
                .flatten()
                .flat_map(config_hash::referred)
                .collect();
            let Some(text) = config_hash::expression(&hashes, &names, &self.held) else {
                continue;
            };
            self.helpers.push_str(&format!(
                "\n{{{{- define \"{helper}\" -}}}}\n{{{{ {text} }}}}\n{{{{- end }}}}\n"
            ));
            let mark = self
                .holes
                .inline(format!("{{{{ include \"{helper}\" . | quote }}}}"));
            draft.put(annotations, config_hash::ANNOTATION, &mark);
        }
    }

    fn apps(&self) -> Vec<App> {
        let mut apps: Vec<App> = Vec::new();
        for (draft, plain) in self.drafts.iter().zip(&self.plain) {
            if draft.kind != "Service" || draft.app.is_none() {
                continue;
            }
            let is_everywhere = plain.iter().all(Option::is_some);
            let ports = plain
                .iter()
                .flatten()
                .next()
                .and_then(|tree| tree["spec"]["ports"].as_array());
            let speaks_tcp = |port: &&Value| {
                port.get("protocol")
                    .is_none_or(|protocol| protocol == "TCP")
            };
            let is_headless = plain
                .iter()
                .flatten()
                .any(|tree| tree["spec"]["clusterIP"] == "None");
            let port = ports
                .into_iter()
                .flatten()
                .find(speaks_tcp)
                .and_then(|port| port["port"].as_u64());
            let Some(port) = port.filter(|_| is_everywhere && !is_headless) else {
                continue;
            };
            apps.push(App {
                name: draft.app.clone().unwrap_or_default(),
                ports: vec![(draft.name.clone(), port)],
            });
        }
        apps
    }

    /// The version of what the chart holds: of the first app that has one.
    fn version(&self) -> Option<String> {
        self.labels.first_version()
    }

    /// The templates of objects, by their paths within `templates/`.
    fn templates(&mut self, chart: &Chart<'_>) -> Result<Vec<(String, String)>, Box<Diagnostic>> {
        self.labels.share(&mut self.drafts, chart, &mut self.holes);
        let mut templates: Vec<(String, String)> = Vec::new();
        let mut at_path: HashMap<String, usize> = HashMap::new();
        for (at, draft) in self.drafts.iter().enumerate() {
            let mut shop = Workshop {
                values: &mut self.values,
                holes: &mut self.holes,
                hashed: &mut BTreeMap::new(),
            };
            let tree = generic::unify(&draft.each, &self.plain[at], &place(draft), &mut shop);
            let mut yaml = String::new();
            tree::write(&mut yaml, &self.orders[at].take(&tree))?;
            let mut text = String::new();
            if !draft.comment.is_empty() {
                text.push_str(&format!("{}\n", escaped(&draft.comment)));
            }
            text.push_str(&self.holes.filled(&yaml));
            let path = template_path(draft);
            let is_bundle = path.ends_with("s.yaml") && BUNDLES.contains(&path.as_str());
            let text = switched(&self.switches[at], &text, is_bundle);
            match at_path.get(&path) {
                Some(position) => {
                    let before = &mut templates[*position].1;
                    if !is_bundle {
                        before.push_str("---\n");
                    }
                    before.push_str(&text);
                }
                None => {
                    at_path.insert(path.clone(), templates.len());
                    templates.push((path, text));
                }
            }
        }
        Ok(templates)
    }
}

/// Templates that hold several objects.
const BUNDLES: &[&str] = &["configmaps.yaml", "secrets.yaml", "externalsecrets.yaml"];

fn template_path(draft: &Draft) -> String {
    match (draft.kind.as_str(), &draft.app) {
        ("ConfigMap", _) => "configmaps.yaml".to_owned(),
        ("Secret", _) => "secrets.yaml".to_owned(),
        ("ExternalSecret", _) => "externalsecrets.yaml".to_owned(),
        (_, Some(_)) => {
            let folder = draft.app_name.as_deref().unwrap_or_default();
            format!("{folder}/{}.yaml", draft.stem)
        }
        (_, None) => format!("{}.yaml", draft.stem),
    }
}

/// A template under its conditions.
fn switched(conditions: &[String], text: &str, is_bundle: bool) -> String {
    let begin = match is_bundle {
        true => "---\n",
        false => "",
    };
    // Trimming must not reach into a text that ends with empty lines.
    let stop = match text.ends_with("\n\n") {
        true => "#\n",
        false => "",
    };
    match conditions {
        [] => format!("{begin}{text}{stop}"),
        [one] => format!("{{{{- if {one} }}}}\n{begin}{text}{stop}{{{{- end }}}}\n"),
        several => {
            let all: Vec<String> = several.iter().map(|one| format!("({one})")).collect();
            format!(
                "{{{{- if and {} }}}}\n{begin}{text}{stop}{{{{- end }}}}\n",
                all.join(" ")
            )
        }
    }
}

/// Where values of an object's place stand.
fn place(draft: &Draft) -> Vec<String> {
    let lower = draft.kind.to_ascii_lowercase();
    let name = draft.stem.strip_suffix(&lower);
    let kind = match name.map(|name| name.trim_end_matches('-')) {
        None if draft.kind == "Secret" => camel(&format!(
            "{}-secret",
            draft.stem.trim_end_matches("secrets")
        )),
        None => camel(&draft.stem),
        Some("") => lower_first(&draft.kind),
        Some(name) => camel(name) + &draft.kind,
    };
    match &draft.app {
        Some(app) => path(&[app, &kind]),
        None => path(&["objects", &kind]),
    }
}

fn lower_first(kind: &str) -> String {
    let capitals = kind.chars().take_while(char::is_ascii_uppercase).count();
    let lower = match capitals {
        0 | 1 => capitals,
        several => several - 1,
    };
    kind[..lower].to_ascii_lowercase() + &kind[lower..]
}

/// The conditions under which an object is there: what people switch, and whether an
/// environment has it.
fn switch(draft: &Draft, shop: &mut Workshop<'_>) -> Vec<String> {
    let mut conditions = Vec::new();
    let mut add = |path: Vec<String>, each: Vec<Option<Value>>, help: &str| {
        let path = shop.values.add(leaf(path, each, Shape::AsGiven, help));
        conditions.push(value(&path));
    };
    let presence = || {
        draft
            .each
            .iter()
            .map(|tree| Some(Value::from(tree.is_some())))
            .collect()
    };
    let always = || vec![Some(Value::from(true)); draft.each.len()];
    let is_everywhere = draft.each.iter().all(Option::is_some);
    match draft.kind.as_str() {
        "Namespace" => {
            let never = vec![Some(Value::from(false)); draft.each.len()];
            let help = "Make the Namespace with the release; Helm's own `--create-namespace` cannot label it";
            add(path(&["namespace", "create"]), never, help);
            return conditions;
        }
        "HorizontalPodAutoscaler" if draft.app.is_some() => {
            let app = draft.app.as_deref().unwrap_or_default();
            add(
                path(&[app, "autoscaling", "enabled"]),
                presence(),
                "Whether an autoscaler decides the number of pods",
            );
            return conditions;
        }
        "Ingress" => add(
            path(&["global", "ingress", "enabled"]),
            always(),
            "Whether routes from outside are made",
        ),
        _ => {}
    }
    if !is_everywhere {
        let mut path = place(draft);
        path.push("enabled".to_owned());
        let help = format!("Whether there is {} `{}`", draft.kind, draft.name);
        add(path, presence(), &help);
    }
    conditions
}

/// Where only some environments name a namespace, whether objects name that of the
/// release is a value.
fn own_namespace(draft: &mut Draft, namespaces: &[Option<String>], shop: &mut Workshop<'_>) {
    let of = |tree: &Value| tree["metadata"]["namespace"].as_str().map(str::to_owned);
    let each: Vec<Option<Option<String>>> = draft
        .each
        .iter()
        .map(|tree| tree.as_ref().map(of))
        .collect();
    let pairs = || each.iter().zip(namespaces);
    let is_release =
        pairs().all(|(own, namespace)| own.as_ref().is_none_or(|own| own == namespace));
    let named = namespaces
        .iter()
        .map(|namespace| Some(Value::from(namespace.is_some())));
    let named: Vec<Option<Value>> = named.collect();
    let is_mixed = named.iter().any(|named| *named != named_first(namespaces));
    let is_named = each.iter().flatten().any(Option::is_some);
    if !(is_release && is_mixed && is_named) {
        return;
    }
    let help = "Whether objects name the namespace of the release";
    let at = leaf(path(&["namespace", "named"]), named, Shape::AsGiven, help);
    let hole = Hole::When {
        condition: value(&shop.values.add(at)),
        written: "{{ .Release.Namespace }}".to_owned(),
    };
    let mark = Value::String(shop.holes.mark(hole));
    let metadata: draft::Within<'_> = &|tree| tree.get_mut("metadata")?.as_object_mut();
    draft.put(metadata, "namespace", &mark);
}

fn named_first(namespaces: &[Option<String>]) -> Option<Value> {
    let first = namespaces.first()?;
    Some(Value::from(first.is_some()))
}

/// The namespace of the release, wherever an object names its own.
fn mark_namespace(tree: &mut Value, namespace: &str, holes: &mut Holes) {
    match tree {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                let names = matches!(key.as_str(), "namespace" | "kubernetes.io/metadata.name");
                match value {
                    Value::String(text) if names && text == namespace => {
                        *value = holes.inline("{{ .Release.Namespace }}");
                    }
                    value => mark_namespace(value, namespace, holes),
                }
            }
        }
        Value::Array(list) => list
            .iter_mut()
            .for_each(|one| mark_namespace(one, namespace, holes)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn write(
    chart: &Chart<'_>,
    room: &Room,
    helpers: String,
    templates: Vec<(String, String)>,
    apps: &[App],
) -> Result<Emitted, Box<Diagnostic>> {
    let mut emitted = Emitted::default();
    let folder = chart.told.folder.as_deref().unwrap_or("charts");
    let folder = format!("{}/{}", folder.trim_end_matches('/'), chart.name);
    let mut put = |path: &str, text: String, sensitive: bool| -> Result<(), Box<Diagnostic>> {
        let path = OutputPath::new(format!("{folder}/{path}")).map_err(|error| {
            let span = chart.told.span.unwrap_or(Span::NONE);
            let message = format!("the chart cannot be written to `{folder}`: {error}");
            let said = Diagnostic::error("bad-value", span, message);
            Box::new(said.help("name a folder within the project, like `charts`"))
        })?;
        emitted.top.push(File {
            path,
            text,
            objects: Vec::new(),
            sensitive,
        });
        Ok(())
    };
    let values = &room.values;
    put("Chart.yaml", files::chart(chart), false)?;
    put(
        "values.yaml",
        format!("# {}\n{}", chart.origin, values.defaults()),
        false,
    )?;
    put("values.schema.json", values.schema(), false)?;
    if !chart.told.without_ignore {
        put(".helmignore", files::IGNORE.to_owned(), false)?;
    }
    put("README.md", files::readme(chart, values), false)?;
    let sensitive = room
        .drafts
        .iter()
        .any(|draft| draft.kind == "Secret" && draft.sensitive);
    for (at, environment) in chart.environments.iter().enumerate() {
        let suffix = environment.map_or(String::new(), |name| format!("-{name}"));
        if environment.is_some() && !chart.told.without_environments {
            put(
                &format!("values{suffix}.yaml"),
                format!("# {}\n{}", chart.origin, values.of_environment(at)),
                false,
            )?;
        }
        let secrets = values.secrets(at);
        if !secrets.is_empty() {
            let name = match sensitive {
                true => format!("secrets{suffix}.yaml"),
                false => format!("secrets{suffix}.example.yaml"),
            };
            put(&name, format!("# {}\n{secrets}", chart.origin), sensitive)?;
        }
    }
    put("templates/_helpers.tpl", helpers, false)?;
    put("templates/NOTES.txt", files::notes(chart, apps), false)?;
    if let Some(test) = files::connection(chart, apps) {
        put("templates/tests/connection.yaml", test, false)?;
    }
    for (path, text) in templates {
        put(&format!("templates/{path}"), text, false)?;
    }
    Ok(emitted)
}

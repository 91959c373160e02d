//! A chart for Helm: one set of templates, and values for each environment.
//!
//! The objects of all environments are laid over each other. What people know how to
//! set becomes a value by the name that charts have for it, what environments still
//! differ in becomes a value under the name of its place, and all else stands in the
//! templates as it is.
//!
//! - `hole`: places that are filled in at rendering, and how templates say so;
//! - `values`: all values, with defaults, environments, schema;
//! - `draft`: one object on its way to a template; `room`: all of them;
//! - `known`: what people know how to set;
//! - `secret`: what has no default;
//! - `labels`: what all objects of an app are labelled with;
//! - `config_hash`: the hash of what pods are configured with;
//! - `names`, `namespace`: objects of the chart that name each other;
//! - `switch`: where templates lie, and when objects are there at all;
//! - `way`: ways to what stands in an object;
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
mod namespace;
mod room;
mod secret;
mod switch;
mod values;
mod way;

use std::collections::HashSet;

use kubewright_files::{File, OutputPath};
use kubewright_objects::delivery;
use kubewright_source::{Diagnostic, Span};
use serde_json::Value;

use self::draft::{leaf, path};
use self::names::Names;
use self::room::{Entry, Room, entries};
use self::values::Shape;
use crate::form::{EACH, Emitted, Form, Given, Next};
use crate::lost;

/// The form.
pub const FORM: Form = Form {
    name: "helm",
    manifests: |_| "",
    top: &["charts/"],
    wants_manifests: false,
    is_whole: true,
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
        Shape::Prefix,
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
    let mut emitted = write(&chart, &room, helpers, templates, &apps)?;
    emitted.diagnostics = lost::all(given, "Helm", &[lost::control_character, lost::no_value]);
    Ok(emitted)
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

fn write(
    chart: &Chart<'_>,
    room: &Room,
    helpers: String,
    templates: Vec<(String, String)>,
    apps: &[App],
) -> Result<Emitted, Box<Diagnostic>> {
    let folder = chart.told.folder.as_deref().unwrap_or("charts");
    let folder = format!("{}/{}", folder.trim_end_matches('/'), chart.name);
    let mut emitted = Emitted {
        folder: Some(folder.clone()),
        templates: Some(format!("{folder}/templates")),
        ..Emitted::default()
    };
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
    let mut examples = false;
    let mut has_secrets = false;
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
            // The first environment stands for all.
            has_secrets |= at == 0;
            let example = values.are_placeholders(at);
            let name = match example {
                true => format!("secrets{suffix}.example.yaml"),
                false => format!("secrets{suffix}.yaml"),
            };
            examples |= example;
            let text = format!("# {}\n{secrets}", chart.origin);
            put(&name, text, sensitive && !example)?;
        }
    }
    if examples {
        put(".gitignore", files::NOT_IN_GIT.to_owned(), false)?;
    }
    put("templates/_helpers.tpl", helpers, false)?;
    put("templates/NOTES.txt", files::notes(chart, apps), false)?;
    if let Some(test) = files::connection(chart, apps) {
        put("templates/tests/connection.yaml", test, false)?;
    }
    for (path, text) in templates {
        put(&format!("templates/{path}"), text, false)?;
    }
    emitted.next = Some(next(chart, folder, has_secrets));
    Ok(emitted)
}

/// How the chart is installed, as its README says.
fn next(chart: &Chart<'_>, folder: String, has_secrets: bool) -> Next {
    let environment = match chart.environments.as_slice() {
        [one] => *one,
        _ => Some(EACH),
    };
    let own = environment.filter(|_| !chart.told.without_environments);
    let values = own.map(|name| format!("values-{name}.yaml"));
    let suffix = environment.map_or(String::new(), |name| format!("-{name}"));
    let secrets = has_secrets.then(|| format!("secrets{suffix}.yaml"));
    Next::Install {
        name: chart.name.clone(),
        folder,
        namespace: chart.namespaces.first().cloned().flatten(),
        values: values.into_iter().chain(secrets).collect(),
    }
}

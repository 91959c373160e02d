//! What an `apps.yaml` says of the services of a compose project: from below, what
//! holds for all apps, as far as a service can use it; over the translation, the
//! project's `defaults`, then `services`.
//!
//! A service is written as an app would be, merged as a tree, and read again. Only
//! the rooms that are spoken of are taken from what is read: all others keep their
//! places in the compose file.

use std::collections::BTreeMap;

use kubewright_model::compose::Overlaid;
use kubewright_model::project::Entry;
use kubewright_model::{App, Located, Name, Project};
use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Key, Mapping, Node, Scalar, Value};

use super::app;
use super::scope::Scope;
use crate::apps::layer::{usable, without_nulls};
use crate::apps::long::long;
use crate::apps::merge::merge;
use crate::apps::shape::Shape;
use crate::apps::table::SERVICE;
use crate::apps::write::blocks;
use crate::fields::{At, Fields, Report};

/// The keys that make the workload: one is not read without the others.
const WORKLOAD: &[&str] = &["kind", "job", "replicas", "scaling", "schedule", "strategy"];
const ENVIRONMENT: &[&str] = &["env_file", "environment"];
/// What databases take from what holds for all apps.
const METADATA: &[&str] = &["annotations", "labels", "pod_annotations"];

/// Lays what is said over the services of a project. Gives back what those were, and
/// have become, of which something is said.
pub(super) fn apply(
    project: &mut Project,
    fields: &Fields<'_>,
    scope: &Scope<'_>,
) -> BTreeMap<Name, Overlaid> {
    let (under, defaults) = (fields.get("inherited"), fields.get("defaults"));
    let services = fields.get("services");
    let named = services.as_ref().map(|at| members(at, project));
    let named = named.unwrap_or_default();
    let says = |at: &Option<At<'_>>| {
        let block = at.as_ref().and_then(|at| at.node.as_mapping());
        block.is_some_and(|block| !block.is_empty())
    };
    let mut overlaid = BTreeMap::new();
    if !says(&under) && !says(&defaults) && named.is_empty() {
        return overlaid;
    }
    let written = blocks(project);
    let names = project.entries.keys();
    let names = names.map(|name| (name.to_string(), Located::nowhere(name.clone())));
    scope.within(names.collect(), || {
        overlaid = lay(project, &written, (under, defaults, named), fields, scope);
    });
    overlaid
}

/// What lies below all services, over all, and over single ones.
type Said<'n> = (Option<At<'n>>, Option<At<'n>>, BTreeMap<Name, &'n Node>);

fn lay(
    project: &mut Project,
    written: &BTreeMap<Name, Node>,
    (under, defaults, named): Said<'_>,
    fields: &Fields<'_>,
    scope: &Scope<'_>,
) -> BTreeMap<Name, Overlaid> {
    let mut overlaid = BTreeMap::new();
    for (name, entry) in &mut project.entries {
        let own = named.get(name).copied();
        if own.is_some_and(is_off) {
            let place = own.map_or(Span::NONE, |own| own.span);
            if let Some(service) = entry.app() {
                let before = service.clone();
                overlaid.insert(
                    name.clone(),
                    Overlaid {
                        before,
                        after: None,
                    },
                );
            }
            *entry = Entry::Disabled(Located::new((), place));
            continue;
        }
        let is_infrastructure = matches!(entry, Entry::Infrastructure(_));
        let (Some(service), Some(block)) = (entry.app_mut(), written.get(name)) else {
            continue;
        };
        let under = under.as_ref().map(|at| match is_infrastructure {
            true => picked(at.node, |key| METADATA.contains(&key)),
            false => at.node.clone(),
        });
        let over = defaults.as_ref().map(|at| at.node).into_iter().chain(own);
        let layers = Layers {
            under,
            block,
            over: over.collect(),
        };
        let before = service.clone();
        layers.apply(service, fields, scope);
        if *service != before {
            let after = Some(service.clone());
            overlaid.insert(name.clone(), Overlaid { before, after });
        }
    }
    overlaid
}

/// What is said of single services, by their names in Kubernetes; a service that
/// there is not is the error `unknown-name`.
fn members<'n>(at: &At<'n>, project: &Project) -> BTreeMap<Name, &'n Node> {
    let mut found = BTreeMap::new();
    for (key, node) in named(at.node) {
        match Name::sanitised(key.value) {
            Ok(name) if project.entries.contains_key(&name) => {
                found.insert(name, node);
            }
            Ok(_) | Err(_) => {
                let names = || project.entries.keys().map(|name| name.as_str());
                let message = format!("the compose project has no service `{}`", key.value);
                let said = Diagnostic::error("unknown-name", key.span, message);
                let count = project.entries.len();
                at.push(said.help(at.report.proposal(key.value, count, names)));
            }
        }
    }
    found
}

/// The members of a map, or of a list by their `name`.
fn named(node: &Node) -> Vec<(Located<&str>, &Node)> {
    match &node.value {
        Value::Mapping(mapping) => mapping
            .iter()
            .map(|entry| (Located::new(&*entry.key.text, entry.key.span), &entry.value))
            .collect(),
        Value::Sequence(items) => items
            .iter()
            .filter_map(|item| {
                let name = item.get("name")?;
                Some((Located::new(&*name.as_scalar()?.text, name.span), item))
            })
            .collect(),
        Value::Scalar(_) => Vec::new(),
    }
}

fn is_off(node: &Node) -> bool {
    let enabled = node.get("enabled").and_then(Node::as_scalar);
    enabled.is_some_and(|enabled| &*enabled.text == "false")
}

/// What is said of one service.
struct Layers<'n> {
    under: Option<Node>,
    /// The translation, as an app would be written.
    block: &'n Node,
    over: Vec<&'n Node>,
}

impl Layers<'_> {
    fn apply(mut self, service: &mut App, fields: &Fields<'_>, scope: &Scope<'_>) {
        let place = service.name.span;
        let shape = Shape::Block(&SERVICE);
        // Lists get the names by which others are laid over them. The block is our own:
        // there is nothing to say of it.
        let path = fields.at().path;
        let mut block = long(
            self.block.clone(),
            shape,
            "services",
            &path,
            &Report::default(),
        );
        settle(&mut block, place);
        if let Some(under) = &mut self.under {
            let block = block.clone();
            let over = self.over.iter().map(|over| (*over).clone());
            usable(
                under,
                &std::iter::once(block).chain(over).collect::<Vec<_>>(),
            );
        }
        let keys = self.keys();
        if keys.is_empty() {
            return;
        }
        let mut node = picked(&block, |key| keys.contains(&key));
        if let Some(under) = self.under.take() {
            node = merge(under, node, shape);
        }
        for over in &self.over {
            node = merge(node, (*over).clone(), shape);
        }
        let mut node = without_nulls(node, shape);
        if let Some(mapping) = node.as_mapping_mut()
            && mapping.get("image").is_none()
            && mapping.get("build").is_none()
        {
            // It is not spoken of, so it is not taken.
            let image = Node::new(place, Scalar::plain("unsaid"));
            mapping.insert(Key::new("image", place), image);
        }
        let at = At {
            node: &node,
            path: fields.at().path,
            name: "services",
            report: fields.at().report,
        };
        let Some(fields) = at.fields(format!("service `{}`", service.name.value)) else {
            return;
        };
        fields.get("enabled");
        if let Some(read) = app::app(service.name.clone(), "service", &fields, scope) {
            fields.finish();
            take(service, read, &keys, &self.over);
        }
    }

    /// The keys that are spoken of, with those that cannot be read without.
    fn keys(&self) -> Vec<&'static str> {
        let blocks = self.under.iter().chain(self.over.iter().copied());
        let said: Vec<&str> = blocks
            .filter_map(Node::as_mapping)
            .flat_map(Mapping::keys)
            .collect();
        let is_said = |key: &&'static str| {
            let with = |group: &[&str]| {
                group.contains(key) && said.iter().any(|said| group.contains(said))
            };
            said.contains(key) || with(WORKLOAD) || with(ENVIRONMENT)
        };
        ROOMS.iter().copied().filter(is_said).collect()
    }
}

/// Gives the translation a place, and takes back what is escaped for reading: no
/// variables are put into it any more.
fn settle(node: &mut Node, place: Span) {
    node.span = place;
    match &mut node.value {
        Value::Scalar(scalar) if scalar.text.contains("$$") => {
            scalar.text = scalar.text.replace("$$", "$").into();
        }
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().for_each(|item| settle(item, place)),
        Value::Mapping(mapping) => {
            for (_, value) in mapping.values_mut() {
                settle(value, place);
            }
        }
    }
}

fn picked(node: &Node, keep: impl Fn(&str) -> bool) -> Node {
    crate::apps::layer::picked(node, keep)
}

/// The keys that speak of a room of an app.
const ROOMS: &[&str] = &[
    "access",
    "annotations",
    "args",
    "build",
    "check",
    "command",
    "companions",
    "container_name",
    "depends_on",
    "develop",
    "dns",
    "env_file",
    "env_from",
    "environment",
    "files",
    "identity",
    "image",
    "init_containers",
    "job",
    "kind",
    "labels",
    "lifecycle",
    "mesh",
    "namespace",
    "patches",
    "placement",
    "pod_annotations",
    "pod_disruption_budget",
    "ports",
    "probes",
    "pull_policy",
    "replicas",
    "resources",
    "scaling",
    "schedule",
    "security",
    "service",
    "sidecars",
    "stdin",
    "strategy",
    "tty",
    "volumes",
    "working_dir",
];

/// Takes the room that a key speaks of.
fn take_room(key: &str, to: &mut App, from: &App) {
    let own = &from.main;
    match key {
        "access" => to.access.clone_from(&from.access),
        "annotations" => to.annotations.clone_from(&from.annotations),
        "args" => to.main.args.clone_from(&own.args),
        "build" | "image" => to.main.image.clone_from(&own.image),
        "check" => to.exemptions.clone_from(&from.exemptions),
        "command" => to.main.command.clone_from(&own.command),
        "companions" => to.companions.clone_from(&from.companions),
        "container_name" => to.main.name.clone_from(&own.name),
        "depends_on" => to.dependencies.clone_from(&from.dependencies),
        "develop" => to.develop.clone_from(&from.develop),
        "dns" => to.dns.clone_from(&from.dns),
        "env_from" => to.main.environment_from.clone_from(&own.environment_from),
        "environment" => to.main.environment.clone_from(&own.environment),
        "files" => to.main.files.clone_from(&own.files),
        "identity" => to.identity.clone_from(&from.identity),
        "init_containers" => to.init_containers.clone_from(&from.init_containers),
        "kind" => to.workload.clone_from(&from.workload),
        "labels" => to.labels.clone_from(&from.labels),
        "lifecycle" => {
            to.main.lifecycle.clone_from(&own.lifecycle);
            to.grace_period.clone_from(&from.grace_period);
        }
        "mesh" => to.mesh.clone_from(&from.mesh),
        "namespace" => to.namespace.clone_from(&from.namespace),
        "patches" => to.patches.clone_from(&from.patches),
        "placement" => to.placement.clone_from(&from.placement),
        "pod_annotations" => to.pod_annotations.clone_from(&from.pod_annotations),
        "pod_disruption_budget" => to.disruption_budget.clone_from(&from.disruption_budget),
        "ports" => to.main.ports.clone_from(&own.ports),
        "probes" => to.main.probes.clone_from(&own.probes),
        "pull_policy" => to.main.pull_policy.clone_from(&own.pull_policy),
        "resources" => to.main.resources.clone_from(&own.resources),
        "security" => {
            to.security.clone_from(&from.security);
            to.main.security.clone_from(&own.security);
        }
        "service" => to.service.clone_from(&from.service),
        "sidecars" => to.sidecars.clone_from(&from.sidecars),
        "stdin" => to.main.stdin.clone_from(&own.stdin),
        "tty" => to.main.tty.clone_from(&own.tty),
        "volumes" => {
            to.volumes.clone_from(&from.volumes);
            to.main.mounts.clone_from(&own.mounts);
        }
        "working_dir" => to.main.working_dir.clone_from(&own.working_dir),
        // `kind` has the whole workload, `environment` what files say.
        _ => {}
    }
}

/// Takes the rooms that are spoken of. Variables and files that nobody speaks of
/// stay what they are: of a secret one the writing has no value.
fn take(service: &mut App, mut read: App, keys: &[&str], over: &[&Node]) {
    let says = |key: &str, name: &str| {
        let mut blocks = over.iter().filter_map(|over| over.get(key));
        blocks.any(|block| members_of(block).contains(&name))
    };
    for variable in &mut read.main.environment {
        if !says("environment", variable.name.as_str()) {
            let mut before = service.main.environment.iter();
            if let Some(same) = before.find(|before| before.name.value == variable.name.value) {
                *variable = same.clone();
            }
        }
    }
    for file in &mut read.main.files {
        if !says("files", file.path.as_str()) {
            let mut before = service.main.files.iter();
            if let Some(same) = before.find(|before| before.path.value == file.path.value) {
                *file = same.clone();
            }
        }
    }
    for key in keys {
        take_room(key, service, &read);
    }
}

/// The names of a block's members.
fn members_of(block: &Node) -> Vec<&str> {
    named(block)
        .into_iter()
        .map(|(name, _)| name.value)
        .collect()
}

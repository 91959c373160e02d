//! Projects of the model as an `apps.yaml`: the way back of [`super::Document`].
//!
//! A project is one environment, resolved; so is what is written of it. A whole file
//! with all its environments is written by `document`.
//!
//! 1. rooms, one for each of `decode`'s, make a tree in which everything is written
//!    long; `overlay` says what is said over the services of a compose project;
//! 2. `short` shortens it, by the same table that the reader writes it long by;
//! 3. `comment` lays it out, with comments: what was said while the input was read.
//!
//! No secret value is written: [`Written::needed`] has those that were known, with
//! the variables from which they are read back.

mod app;
pub(super) mod base64;
mod comment;
mod container;
mod document;
mod facts;
mod file;
mod gateway;
mod hide;
mod output;
mod overlay;
mod pod;
mod secret;
mod security;
mod short;
mod tree;
mod variable;
mod volume;
mod workload;

use std::collections::BTreeMap;

use kubewright_model::app::App;
use kubewright_model::output::Format;
use kubewright_model::project::Network;
use kubewright_model::volume::{SharedClaim, SharedVolume};
use kubewright_model::{Entry, Located, Name, Project};
use kubewright_source::{SecretValues, Span};
use kubewright_yaml::{Key, Node, WriteError, to_readable};

use super::shape::Shape;
use super::table::ROOT;
use comment::{Comments, Kept};
use secret::Secrets;
use tree::{Map, flag, raw, some_list, some_map, text, verbatim};

pub use comment::Remark;
pub use document::{Notes, document};
pub use secret::Needed;

/// What is written of a project.
#[derive(Clone, Debug)]
pub struct Written {
    /// The file.
    pub text: String,
    /// Variables with values that the file does not hold.
    pub needed: Vec<Needed>,
}

/// What all entries of a project share while they are written.
struct Context<'a> {
    project: &'a Project,
    secrets: Secrets,
    /// The secrets of the file in which this is a compose project.
    over: Option<&'a Secrets>,
}

impl<'a> Context<'a> {
    fn of(project: &'a Project) -> Self {
        Self {
            project,
            secrets: Secrets::of(project),
            over: None,
        }
    }
}

impl Context<'_> {
    /// Whether anything asks how the ports of an app are published.
    fn publishes(&self, app: &App) -> bool {
        let output = &self.project.output;
        let formats = output.formats.iter();
        let forwards = |format: &Located<Format>| match format.value {
            Format::Skaffold | Format::Tilt => true,
            Format::Manifests
            | Format::Kustomize
            | Format::Helm
            | Format::ArgoCd
            | Format::Json => false,
        };
        app.service.public.is_some()
            || output.skaffold.is_some()
            || formats.into_iter().any(forwards)
    }
}

/// Writes a project. The lines of `head` are its first comment; remarks stand
/// where the entry is that they are about. Values of `secrets` are hidden wherever
/// they stand, beside those that look like secrets.
///
/// # Errors
///
/// See [`WriteError`].
pub fn write(
    project: &Project,
    head: &[String],
    remarks: &[Remark],
    secrets: &SecretValues,
) -> Result<Written, WriteError> {
    let context = Context::of(project);
    let (sources, mut needed) = context.secrets.sources(project);
    let mut root = root(&context, sources);
    needed.extend(context.secrets.put());
    needed.extend(hide::hide(&mut root, secrets, &needed));
    needed.sort_by(|one, two| one.variable.cmp(&two.variable));
    let root = short::short(root, Shape::Block(&ROOT), "");
    let comments = Comments::of(&root, head, &needed, remarks, Kept::default());
    let text = comments.top() + &to_readable(&root, &comments)?;
    Ok(Written { text, needed })
}

/// The block of each app of a project, everything written long.
pub(super) fn blocks(project: &Project) -> BTreeMap<Name, Node> {
    let context = Context::of(project);
    let apps = project.entries.iter();
    let block = |(name, entry): (&Name, &Entry)| {
        let app = entry.app()?;
        Some((name.clone(), app::app(app, &context)))
    };
    apps.filter_map(block).collect()
}

fn root(context: &Context<'_>, sources: Vec<(String, Node)>) -> Node {
    let project = context.project;
    let mut root = Map::with("name", text(project.name.value.as_str()));
    root.text("description", &project.description);
    let facts = facts::facts(&project.facts);
    match &project.facts.environment {
        Some(name) => {
            let members = vec![(name.value.to_string(), facts.node())];
            root.put("environments", tree::map(members));
        }
        None => root.put("defaults", facts.some()),
    }
    let mut secrets: BTreeMap<String, Node> = sources.into_iter().collect();
    for (name, source) in &project.secrets {
        secrets.insert(name.clone(), secret::source(source));
    }
    for planned in &project.vault {
        let source = secrets
            .entry(planned.key.clone())
            .or_insert_with(|| Map::default().node());
        if let Some(source) = source.as_mapping_mut() {
            source.insert(Key::new("create", Span::NONE), flag(true));
        }
    }
    root.put("secrets", some_map(secrets.into_iter().collect()));
    root.put("volumes", volumes(&project.volumes));
    root.put("networks", networks(&project.networks));
    entries(&mut root, context);
    root.put(
        "gateway",
        project
            .gateway
            .as_ref()
            .and_then(|gateway| gateway::gateway(gateway, &project.facts)),
    );
    let repositories = project.repositories.iter();
    let repositories = repositories.map(|(name, url)| (name.clone(), text(url.value.as_str())));
    root.put("repositories", some_map(repositories.collect()));
    let objects = project.objects.iter();
    let objects = objects.map(|object| verbatim(&object.tree().value));
    root.put("objects", some_list(objects.collect()));
    let apps: Vec<&App> = project.apps().collect();
    root.put("check", output::check(&project.check, &apps));
    root.put("output", output::output(&project.output));
    root.node()
}

/// The sections of the entries.
fn entries(root: &mut Map, context: &Context<'_>) {
    let mut sections: BTreeMap<&'static str, Vec<(String, Node)>> = BTreeMap::new();
    for (name, entry) in &context.project.entries {
        let (section, block) = app::entry(entry, context);
        let members = sections.entry(section).or_default();
        members.push((name.to_string(), block));
    }
    // A file without entries is known by this key.
    if sections.is_empty() {
        sections.insert("apps", Vec::new());
    }
    for (section, members) in sections {
        root.put(section, tree::map(members));
    }
}

/// The section `volumes`.
fn volumes(volumes: &BTreeMap<Name, SharedVolume>) -> Option<Node> {
    let members = volumes.iter().map(|(name, shared)| {
        let mut block = Map::default();
        match &shared.claim {
            SharedClaim::Made(claim) => volume::claim(&mut block, claim),
            SharedClaim::External(name) => block.put("external", secret::external(name)),
        }
        (name.to_string(), block.node())
    });
    some_map(members.collect())
}

/// The section `networks`.
fn networks(networks: &BTreeMap<Name, Network>) -> Option<Node> {
    let members = networks.iter().map(|(name, network)| {
        let mut block = Map::default();
        block.put("internal", network.internal.value.then(|| flag(true)));
        block.put(
            "shared",
            network.shared.as_ref().map(|name| raw(name.value.as_str())),
        );
        (name.to_string(), block.node())
    });
    some_map(members.collect())
}

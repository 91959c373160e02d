//! A compose project: read as one, then taken into the environment.
//!
//! It is called like its entry, lives in a namespace of its own if it names one,
//! and is reached from outside by the routes of the gateway, or as `expose` says.

use std::path::{Path, PathBuf};

use kubewright_model::compose::{ComposeProject, Expose};
use kubewright_model::container::{Build, ImageSource};
use kubewright_model::project::{Entry, Facts, Namespace, NetworkPolicyMode};
use kubewright_model::variable::VariableValue;
use kubewright_model::{App, Container, Image, Located, Name, Project};
use kubewright_source::Diagnostics;
use kubewright_source::suggest::list;

use super::file::{folder_within, within};
use super::given::{chosen, parsed, texts, word};
use super::image::built_name;
use super::overlay;
use super::pod::{dependencies, refers_to};
use super::scope::Scope;
use crate::compose::decode::{DecodeOptions, PublishedAs, decode};
use crate::compose::load::{COMPOSE_FILES, Document, Input, LoadRequest, OVERRIDE_FILES, load};
use crate::compose::resolved;
use crate::fields::{At, Fields};

const WAYS_IN: &[(&str, Expose)] = &[
    ("none", Expose::None),
    ("nodeport", Expose::NodePort),
    ("loadbalancer", Expose::LoadBalancer),
    ("ingress", Expose::Ingress),
    ("gateway", Expose::Gateway),
];

const PORTS: &[(&str, PublishedAs)] = &[
    ("container", PublishedAs::Container),
    ("target", PublishedAs::Container),
    ("published", PublishedAs::Published),
];

const POLICIES: &[(&str, NetworkPolicyMode)] = &[
    ("none", NetworkPolicyMode::None),
    ("permissive", NetworkPolicyMode::Permissive),
    ("strict", NetworkPolicyMode::Strict),
    ("networks", NetworkPolicyMode::Networks),
];

/// Reads the project of an entry.
pub(super) fn read(name: Located<Name>, fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Entry> {
    fields.need("path");
    let path = folder_within(fields, "path", scope);
    let files = fields.get("file").map(|at| at.texts()).unwrap_or_default();
    let profiles = texts(fields, "profiles");
    let facts = facts(fields, scope);
    let expose = chosen(fields, "expose", WAYS_IN);
    let way = expose.as_ref().map(|expose| expose.value);
    let options = options(fields, &facts, way, scope);
    let dependencies = dependencies(fields, scope);
    let refers_to = refers_to(fields, scope);
    let path = path?;
    let request = LoadRequest {
        files: inputs(&path.value, fields, scope)?,
        project_name: Some(name.value.as_str().to_owned()),
        profiles: profiles
            .iter()
            .map(|profile| profile.value.clone())
            .collect(),
        working_directory: scope.place.asked.directory.to_owned(),
        ..LoadRequest::default()
    };
    let mut project = translated(&request, &options, fields, scope)?;
    project.name = name;
    project.facts = facts;
    let overlaid = overlay::apply(&mut project, fields, scope);
    settle_builds(&mut project, &path.value, fields, scope);
    if scope.has_store() {
        settle_secrets(&mut project, fields);
    }
    Some(Entry::Compose(Box::new(ComposeProject {
        path,
        files,
        profiles,
        expose,
        published_numbers: options.service_port == PublishedAs::Published,
        project,
        overlaid,
        dependencies,
        refers_to,
    })))
}

/// The files that are named, else what is found in the folder; none where one
/// leads out of the project. What they refer to follows compose's rules.
fn inputs(folder: &str, fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Vec<Input>> {
    let named = fields.get("file");
    let named = named.as_ref().map(At::items).unwrap_or_default();
    if named.is_empty() {
        return found(folder, fields, scope).map(|folder| vec![Input::File(folder)]);
    }
    let file = |at: &At<'_>| {
        let written = word(at)?.value;
        let whole = match written.starts_with('/') {
            true => written,
            false => format!("{}/{written}", folder.trim_end_matches('/')),
        };
        within(at, &whole, scope).map(Input::File)
    };
    named.iter().map(file).collect()
}

/// The folder, where no compose file of it is a link out of the project.
fn found(folder: &str, fields: &Fields<'_>, scope: &Scope<'_>) -> Option<PathBuf> {
    let at = fields.get("path")?;
    for name in COMPOSE_FILES.iter().chain(&OVERRIDE_FILES) {
        let written = format!("{}/{name}", folder.trim_end_matches('/'));
        within(&at, &written, scope)?;
    }
    Some(scope.place.asked.directory.join(folder))
}

/// The environment's facts, with a namespace and a network policy of its own.
fn facts(fields: &Fields<'_>, scope: &Scope<'_>) -> Facts {
    let mut facts = scope.facts.clone();
    if let Some(name) = parsed(fields, "namespace", Name::parse) {
        facts.namespace = Some(Namespace {
            name,
            create: None,
            labels: std::collections::BTreeMap::new(),
        });
    }
    let policy = chosen(fields, "network_policy", POLICIES);
    facts.network_policy = policy.map_or(NetworkPolicyMode::None, |policy| policy.value);
    facts
}

fn options(
    fields: &Fields<'_>,
    facts: &Facts,
    expose: Option<Expose>,
    scope: &Scope<'_>,
) -> DecodeOptions {
    let is_routed = expose.is_some_and(|expose| expose != Expose::None);
    let port = chosen(fields, "service_port", PORTS);
    DecodeOptions {
        service_port: port.map_or(PublishedAs::Container, |port| port.value),
        expose,
        // A domain alone opens nothing: the gateway does.
        domain: facts
            .domain
            .as_ref()
            .filter(|_| is_routed)
            .map(|domain| domain.value.clone()),
        has_certificate: facts.tls.is_some(),
        secrets_elsewhere: scope.place.asked.secrets_elsewhere,
        // It says of itself that it is for them.
        for_developers: true,
    }
}

/// The project as `kubewright generate` reads it. What is said of it stands in its
/// own files.
fn translated(
    request: &LoadRequest,
    options: &DecodeOptions,
    fields: &Fields<'_>,
    scope: &Scope<'_>,
) -> Option<Project> {
    let asked = scope.place.asked;
    let environment = asked.variables.environment();
    let mut said = Diagnostics::default();
    let mut sources = scope.sources.borrow_mut();
    let document = load(request, asked.files, &environment, &mut sources, &mut said);
    let project = document.map(|document: Document| {
        let refused = resolved::faults(&document);
        let project = decode(document, asked.files, options, &mut said);
        resolved::add(refused, &mut said);
        project
    });
    let name = request.project_name.as_deref().unwrap_or_default();
    for mut diagnostic in said.into_sorted() {
        if diagnostic.span.is_none() {
            diagnostic.span = fields.at().span();
        }
        match diagnostic.code {
            // Somebody leads routes here.
            "published-port" if scope.leads_into(name) => {}
            "published-port" => fields.at().report.push(diagnostic.help(format!(
                "lead a route of `gateway` to `{name}.SERVICE`, or write `expose` at the project"
            ))),
            _ => fields.at().report.push(diagnostic),
        }
    }
    project
}

/// Contexts start from the folder of this file; images that are built go to the
/// environment's registry, with its tag.
fn settle_builds(project: &mut Project, folder: &str, fields: &Fields<'_>, scope: &Scope<'_>) {
    let prefix = project.name.value.clone();
    for app in project.entries.values_mut().filter_map(Entry::app_mut) {
        let called = format!("{prefix}-{}", app.name.value);
        for container in containers(app) {
            if let Some(ImageSource::Build(build)) = &mut container.image {
                build.context.value = below(folder, &build.context.value);
                settle_image(build, &called, fields, scope);
            }
        }
    }
}

fn settle_image(build: &mut Build, called: &str, fields: &Fields<'_>, scope: &Scope<'_>) {
    if scope.facts.registry.is_none() && scope.facts.image_tag.is_none() {
        return;
    }
    let written = build.image.as_ref().map(|image| image.value.to_string());
    let base = written.as_deref().unwrap_or(called);
    let name = built_name(base, build, fields.at(), scope);
    let name = name.map(|name| Located::new(name, build.context.span));
    if let Some(image) = name.and_then(|name| fields.at().checked(&name, Image::parse)) {
        build.image = Some(image);
    }
}

/// Secrets come from the environment's store, where each is called after the
/// project and the variable: no store knows their names otherwise.
fn settle_secrets(project: &mut Project, fields: &Fields<'_>) {
    let prefix = project.name.value.clone();
    let mut named = std::collections::BTreeSet::new();
    for app in project.entries.values_mut().filter_map(Entry::app_mut) {
        for container in containers(app) {
            for variable in &mut container.environment {
                let name = variable.name.as_str().to_ascii_lowercase();
                let span = variable.name.span;
                if let VariableValue::Secret(secret) = &mut variable.value
                    && secret.name.is_none()
                {
                    let name = format!("{prefix}-{}", name.replace(['_', '.'], "-"));
                    named.insert(name.clone());
                    secret.name = Some(Located::new(name, span));
                    secret.known = None;
                }
            }
        }
    }
    if !named.is_empty() {
        fields.at().note(
            "stored-name",
            format!(
                "the store is asked for the secrets of {} as {}",
                fields.what(),
                list(named.iter().map(String::as_str))
            ),
            "make them there under these names before you apply",
        );
    }
}

/// A path of a folder, seen from where the folder lies. Addresses and absolute
/// paths are what they were.
fn below(folder: &str, path: &str) -> String {
    if path.contains("://") || path.starts_with("git@") || Path::new(path).is_absolute() {
        return path.to_owned();
    }
    let mut whole = PathBuf::new();
    for part in Path::new(folder).join(path).components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if whole.file_name().is_some() => {
                whole.pop();
            }
            other => whole.push(other),
        }
    }
    match whole.as_os_str().is_empty() {
        true => ".".to_owned(),
        false => whole.display().to_string(),
    }
}

fn containers(app: &mut App) -> impl Iterator<Item = &mut Container> {
    let helpers = app
        .init_containers
        .iter_mut()
        .map(|helper| &mut helper.container);
    let sidecars = app.sidecars.iter_mut().map(|helper| &mut helper.container);
    let companions = app
        .companions
        .iter_mut()
        .map(|helper| &mut helper.container);
    std::iter::once(&mut app.main)
        .chain(helpers)
        .chain(sidecars)
        .chain(companions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_a_folder_are_seen_from_above() {
        let rows = [
            ("stats", ".", "stats"),
            ("stats", "./web", "stats/web"),
            ("./stats/", "../web", "web"),
            (".", ".", "."),
            ("../stats", "web", "../stats/web"),
            ("stats", "/srv/web", "/srv/web"),
            (
                "stats",
                "https://git.test/web.git",
                "https://git.test/web.git",
            ),
        ];
        for (folder, path, expected) in rows {
            assert_eq!(below(folder, path), expected, "{folder} {path}");
        }
    }
}

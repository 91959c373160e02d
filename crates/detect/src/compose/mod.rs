//! Compose projects: which files belong together, what they say of each service,
//! and what each service is.

mod detail;
mod reader;
mod service;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use kubewright_files::Files as _;
use kubewright_read::Environment;
use kubewright_read::compose::decode::{DecodeOptions, decode};
use kubewright_read::compose::load::{COMPOSE_FILES, Input, LoadRequest, OVERRIDE_FILES, load};
use kubewright_read::compose::resolved::{ResolveOptions, resolve};
use kubewright_source::report::{Report, report};
use kubewright_source::{Diagnostics, Severity, Sources};
use rayon::prelude::*;
use serde::Serialize;

use crate::classify::{Class, Kind};
use crate::inside::Inside;
use crate::inventory::{Inventory, folder_of, name_of, within};
use crate::module::is_test_data;

pub use detail::{Build, Deploy, Healthcheck, Logging, PortMapping, ServiceDetail};
pub(crate) use written::hidden;

/// Projects whose services are looked at.
const MOST: usize = 2_000;

/// Faults of one project that are told.
const MOST_PROBLEMS: usize = 20;

/// One compose project: a folder, and the files in it that compose reads.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ComposeProject {
    /// Its folder, relative to the one that was looked at; empty for that itself.
    pub folder: String,
    /// Its name: what the file says, else the folder's name.
    pub name: String,
    /// What compose reads without being told, base first.
    pub files: Vec<String>,
    /// Further files beside them, for `-f`: `compose.prod.yaml`.
    pub variants: Vec<Variant>,
    /// Its services, by name.
    pub services: Vec<Service>,
    /// Why it, or a part of it, cannot be read.
    pub problems: Vec<Report>,
}

/// A compose file that is laid over another where it is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Variant {
    /// The file.
    pub file: String,
    /// What its name says it is for: `prod`.
    pub name: String,
}

/// A service, and what it is taken for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Its key below `services`.
    pub name: String,
    /// Whether it is an application or serves applications.
    pub class: Class,
    /// Why.
    pub class_reason: String,
    /// The workload that suits it.
    pub kind: Kind,
    /// Why.
    pub kind_reason: String,
    /// The family of images that it belongs to, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<&'static str>,
    /// The port it is reached at, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The module that its image is built from, by its path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// The Dockerfile that its image is built from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile: Option<String>,
    /// What the compose file says of it.
    pub compose: ServiceDetail,
}

/// The compose projects of a folder, those at the top first; and whether there are
/// more. `modules` are names of modules: images called like them are applications.
pub(crate) fn projects(
    inventory: &Inventory,
    files: &Inside<'_>,
    root: &Path,
    modules: &BTreeSet<String>,
) -> (Vec<ComposeProject>, bool) {
    let mut groups = groups(inventory, files);
    groups.sort_by(|a, b| {
        let depth = |group: &Group| match group.folder.as_str() {
            "" => 0,
            folder => 1 + folder.matches('/').count(),
        };
        (depth(a), &a.folder).cmp(&(depth(b), &b.folder))
    });
    let is_cut = groups.len() > MOST;
    groups.truncate(MOST);
    let projects = groups.into_par_iter();
    let projects = projects.map(|group| project(group, files, root, modules));
    (projects.collect(), is_cut)
}

/// Compose files of one folder.
#[derive(Default)]
struct Group {
    folder: String,
    files: Vec<String>,
    variants: Vec<Variant>,
}

fn groups(inventory: &Inventory, files: &Inside<'_>) -> Vec<Group> {
    let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for path in inventory.paths() {
        if is_compose_file(name_of(path)) && !is_test_data(folder_of(path)) {
            let group = found.entry(folder_of(path)).or_default();
            group.insert(name_of(path).to_owned());
        }
    }
    // What git ignores, such as an override of one's own, compose reads all the same.
    let at_top = files.list(Path::new("")).unwrap_or_default();
    for name in at_top.into_iter().filter(|name| is_compose_file(name)) {
        found.entry("").or_default().insert(name);
    }
    let groups = found.into_iter();
    groups.map(|(folder, names)| group(folder, names)).collect()
}

fn group(folder: &str, names: BTreeSet<String>) -> Group {
    let first = |wanted: &[&str]| {
        let found = wanted.iter().find(|name| names.contains(**name));
        found.map(|name| (*name).to_owned())
    };
    let base = first(&COMPOSE_FILES);
    let overriding = base.as_ref().and_then(|_| first(&OVERRIDE_FILES));
    let mut files: Vec<String> = base.into_iter().chain(overriding).collect();
    let rest = names.iter().filter(|name| !files.contains(name));
    let mut variants: Vec<Variant> = rest
        .filter_map(|name| {
            Some(Variant {
                name: variant(name)?.to_owned(),
                file: within(folder, name),
            })
        })
        .collect();
    if files.is_empty() && !variants.is_empty() {
        files.push(name_of(&variants.remove(0).file).to_owned());
    }
    Group {
        folder: folder.to_owned(),
        files: files.iter().map(|name| within(folder, name)).collect(),
        variants,
    }
}

/// `compose.yaml`, `docker-compose.prod.yml`, `compose-dev.yaml`.
fn is_compose_file(name: &str) -> bool {
    COMPOSE_FILES.contains(&name) || OVERRIDE_FILES.contains(&name) || variant(name).is_some()
}

/// What the name of a further file says it is for: `prod` of
/// `docker-compose.prod.yml`, `dev` of `compose-dev.yaml`.
fn variant(name: &str) -> Option<&str> {
    let stem = name.strip_suffix(".yaml").or(name.strip_suffix(".yml"))?;
    let rest = stem
        .strip_prefix("docker-compose")
        .or(stem.strip_prefix("compose"))?;
    let rest = rest.strip_prefix(['.', '-', '_'])?;
    (!rest.is_empty() && rest != "override").then_some(rest)
}

fn project(
    group: Group,
    files: &Inside<'_>,
    root: &Path,
    modules: &BTreeSet<String>,
) -> ComposeProject {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let request = LoadRequest {
        files: group
            .files
            .iter()
            .map(|file| Input::File(PathBuf::from(file)))
            .collect(),
        project_directory: Some(PathBuf::from(&group.folder)),
        profiles: vec!["*".to_owned()],
        working_directory: root.to_owned(),
        ..LoadRequest::default()
    };
    let nothing = Environment::default();
    let document = load(&request, files, &nothing, &mut sources, &mut diagnostics);
    let mut name = String::new();
    let mut services = Vec::new();
    if let Some(document) = document {
        name.clone_from(&document.name.value);
        let options = ResolveOptions {
            absolute_paths: false,
        };
        let resolved = resolve(&document, options);
        diagnostics.extend(resolved.faults.iter().cloned());
        let details = reader::details(&document, &resolved.root, &sources);
        let mut said = Diagnostics::default();
        let project = decode(document, files, &DecodeOptions::default(), &mut said);
        let seen = service::Seen {
            folder: &group.folder,
            project: &project,
            modules,
        };
        services = details
            .into_iter()
            .map(|detail| seen.service(detail))
            .collect();
    }
    sources.excuse_plain_words();
    let errors = diagnostics.into_sorted().into_iter();
    let errors = errors.filter(|found| found.severity == Severity::Error);
    ComposeProject {
        problems: errors
            .take(MOST_PROBLEMS)
            .map(|found| report(&found, &sources))
            .collect(),
        folder: group.folder,
        name,
        files: group.files,
        variants: group.variants,
        services,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_compose_by_their_names() {
        let table = [
            ("compose.yaml", true, None),
            ("docker-compose.yml", true, None),
            ("docker-compose.override.yml", true, None),
            ("docker-compose.prod.yml", true, Some("prod")),
            ("docker-compose-dev.yaml", true, Some("dev")),
            ("compose_test.yaml", true, Some("test")),
            ("compose.yaml.bak", false, None),
            ("composer.yaml", false, None),
            ("compose-.yaml", false, None),
            ("my-compose.yaml", false, None),
        ];
        for (name, is_one, expected) in table {
            assert_eq!(is_compose_file(name), is_one, "{name}");
            assert_eq!(variant(name), expected, "{name}");
        }
    }
}

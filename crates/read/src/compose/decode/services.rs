//! All services, decoded in parallel; each tree makes room as soon as it is decoded.

use std::collections::BTreeMap;

use kubewright_model::file::SecretSource;
use kubewright_model::gateway::Route;
use kubewright_model::project::Entry;
use kubewright_model::{Located, Name, Project};
use kubewright_source::Stop;
use kubewright_yaml::{Key, Node, Path};
use rayon::prelude::*;

use super::scope::Scope;
use super::service;
use crate::fields::{At, Report};

/// What services add to their project beside their own entries.
#[derive(Default)]
pub(super) struct Additions {
    /// Secrets by name; of one name, that of the later service counts.
    pub(super) secrets: BTreeMap<String, SecretSource>,
    /// Routes that lead to them.
    pub(super) routes: Vec<Route>,
}

/// Takes the services out of a document, which keeps their names: who is declared
/// is asked of it.
pub(super) fn take(root: &mut Node) -> (Vec<Key>, Vec<Node>) {
    let services = root
        .as_mapping_mut()
        .and_then(|root| root.get_mut("services"))
        .and_then(Node::as_mapping_mut);
    let mut taken = (Vec::new(), Vec::new());
    for (key, node) in services.into_iter().flat_map(|all| all.values_mut()) {
        let nothing = Node::null(node.span);
        taken.0.push(key.clone());
        taken.1.push(std::mem::replace(node, nothing));
    }
    taken
}

/// The services with their key paths. `path` is that of `services`.
pub(super) fn all<'k: 'a, 'a>(
    keys: &'k [Key],
    nodes: &'a [Node],
    path: &'a Path<'a>,
    report: &'a Report,
) -> Vec<(Located<&'k str>, At<'a>)> {
    let services = keys.iter().zip(nodes);
    services
        .map(|(key, node)| (name(key), at(key, node, path, report)))
        .collect()
}

/// Decodes all of them into the project; what is said comes in their order.
pub(super) fn decode(
    keys: &[Key],
    nodes: Vec<Node>,
    scope: &Scope<'_>,
    stop: Stop<'_>,
    project: &mut Project,
    report: &Report,
) {
    let parts: Vec<Part> = keys
        .par_iter()
        .zip(nodes)
        .filter(|_| !stop())
        .map(|(key, node)| one(key, &node, scope))
        .collect();
    for part in parts {
        report.take_in(part.said);
        project.entries.extend(part.entry);
        project.secrets.extend(part.additions.secrets);
        if !part.additions.routes.is_empty() {
            let gateway = project.gateway.get_or_insert_default();
            gateway.routes.extend(part.additions.routes);
        }
    }
}

/// What comes of one service.
struct Part {
    entry: Option<(Name, Entry)>,
    additions: Additions,
    said: Report,
}

fn one(key: &Key, node: &Node, scope: &Scope<'_>) -> Part {
    let said = Report::default();
    let mut additions = Additions::default();
    let path = Path::ROOT.key("services");
    let at = at(key, node, &path, &said);
    let entry = service::decode(name(key), at, scope, &mut additions);
    Part {
        entry,
        additions,
        said,
    }
}

fn name(key: &Key) -> Located<&str> {
    Located::new(&*key.text, key.span)
}

fn at<'a>(key: &'a Key, node: &'a Node, path: &'a Path<'a>, report: &'a Report) -> At<'a> {
    At {
        node,
        path: path.key(&key.text),
        name: &key.text,
        report,
    }
}

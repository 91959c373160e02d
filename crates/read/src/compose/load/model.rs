//! Tree by tree: interpolation, `include`, `extends`, and the merge with the trees
//! before. The order is compose's.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use kubewright_source::Span;
use kubewright_yaml::{Mapping, Node, Path as KeyPath};

use super::document::Input;
use super::extends::Extender;
use super::loader::Loader;
use super::merge::ComposeSite;
use super::{paths, top, unique};
use crate::document::scalars::Interpolation;
use crate::document::{merge, tags};
use crate::environment::Environment;
use crate::interpolate::Dialect;

/// Where the paths of a model start from.
#[derive(Clone, Debug)]
pub(super) struct Base {
    /// The model's folder, from the project's; empty for the project itself.
    pub(super) folder: PathBuf,
    /// The model's files, for cycles.
    pub(super) files: Vec<PathBuf>,
}

impl Base {
    pub(super) fn of_project(inputs: &[Input]) -> Self {
        let files = inputs.iter().filter_map(|input| match input {
            Input::File(path) => Some(paths::joined(Path::new(""), path)),
            Input::Text { .. } => None,
        });
        Self {
            folder: PathBuf::new(),
            files: files.collect(),
        }
    }
}

impl Loader<'_> {
    /// One tree of several, resolved but for profiles. `stack` holds the models
    /// that include this one. `None` where no tree could be used.
    pub(super) fn model(
        &mut self,
        trees: Vec<Node>,
        base: &Base,
        environment: &Environment,
        stack: &mut Vec<Base>,
    ) -> Option<Node> {
        let mut extender = Extender::default();
        let mut merged: Option<Node> = None;
        let mut is_usable = trees.is_empty();
        for mut tree in trees {
            if !top::check(&mut tree, &mut self.broken, self.diagnostics) {
                continue;
            }
            is_usable = true;
            self.interpolate(&mut tree, environment);
            if !base.folder.as_os_str().is_empty() {
                rewrite(&mut tree, &base.folder);
            }
            unique::services(&mut tree, self.diagnostics);
            self.include(&mut tree, base, environment, stack);
            let tagged = tags::any(&tree);
            if let (true, Some(merged)) = (tagged, &mut merged) {
                tags::apply(&tree, merged, ComposeSite::Root);
            }
            self.extend(&mut tree, base, environment, &mut extender);
            if !base.folder.as_os_str().is_empty() {
                default_contexts(&mut tree, &base.folder);
            }
            if tagged {
                tags::strip(&mut tree, self.diagnostics);
            }
            merged = Some(match merged {
                None => tree,
                Some(under) => merge(
                    under,
                    tree,
                    ComposeSite::Root,
                    &KeyPath::ROOT,
                    self.diagnostics,
                ),
            });
        }
        let nothing = || Node::new(Span::NONE, Mapping::default());
        is_usable.then(|| merged.unwrap_or_else(nothing))
    }

    /// Replaces the references of a tree.
    pub(super) fn interpolate(&mut self, tree: &mut Node, environment: &Environment) {
        let lookup = |name: &str| environment.get(name).map(Cow::Borrowed);
        crate::document::interpolate(
            tree,
            &KeyPath::ROOT,
            &mut Interpolation {
                dialect: Dialect::Compose,
                lookup: &lookup,
                missing: &mut self.missing,
                sources: self.sources,
                diagnostics: self.diagnostics,
            },
        );
    }
}

/// A build of an included file that names no context is one of the file's folder,
/// one of an extended file is one of the project's.
fn default_contexts(tree: &mut Node, folder: &Path) {
    let services = tree
        .as_mapping_mut()
        .and_then(|root| root.get_mut("services"))
        .and_then(Node::as_mapping_mut);
    for (_, service) in services.into_iter().flat_map(Mapping::values_mut) {
        paths::default_context(service, folder);
    }
}

fn rewrite(tree: &mut Node, folder: &Path) {
    let Some(root) = tree.as_mapping_mut() else {
        return;
    };
    paths::rewrite_resources(root, folder);
    if let Some(services) = root.get_mut("services").and_then(Node::as_mapping_mut) {
        for (_, service) in services.values_mut() {
            paths::rewrite_service(service, folder);
        }
    }
}

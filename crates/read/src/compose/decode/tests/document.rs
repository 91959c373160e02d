//! A small resolved document, as loading gives it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use kubewright_source::{Located, SecretValues};
use kubewright_yaml::Node;

use crate::Environment;
use crate::compose::load::Document;

/// The project `shop` with that tree, in a folder of its own.
pub(super) fn document(root: Node, environment: Environment) -> Document {
    Document {
        name: Located::nowhere("shop".to_owned()),
        directory: PathBuf::new(),
        absolute_directory: PathBuf::from("/project"),
        root,
        inactive: Vec::new(),
        profiles: BTreeSet::new(),
        inactive_services: kubewright_yaml::Mapping::default(),
        env_file_values: BTreeMap::new(),
        label_file_values: BTreeMap::new(),
        idle_files: Vec::new(),
        lacking_files: BTreeSet::new(),
        missing: crate::interpolate::MissingVariables::default(),
        environment,
        broken: Vec::new(),
        incomplete: BTreeSet::new(),
        secrets: SecretValues::default(),
    }
}

//! An environment, and what its objects are called within Argo CD.

use std::collections::BTreeMap;

use kubewright_objects::delivery::ArgoCd;

use super::FOLDER;
use crate::form::{Environment, Given};

/// The label that says which environment an object of Argo CD is of.
const ENVIRONMENT: &str = "kubewright.dev/environment";

/// An environment within Argo CD. One Argo CD may have several, and many projects:
/// what is called after an entry has both in its name.
pub(super) struct Place<'a> {
    pub(super) environment: &'a Environment<'a>,
    pub(super) told: &'a ArgoCd,
    /// The AppProject's name, with which names of Applications begin.
    pub(super) prefix: String,
    /// The folder of its files.
    pub(super) folder: String,
}

impl<'a> Place<'a> {
    pub(super) fn new(given: &Given<'a>, environment: &'a Environment<'a>) -> Self {
        let (prefix, folder) = match environment.name {
            Some(name) => (
                format!("{}-{name}", given.project),
                format!("{FOLDER}/{name}"),
            ),
            None => (given.project.to_owned(), FOLDER.to_owned()),
        };
        Self {
            environment,
            told: &environment.delivery.argocd,
            prefix,
            folder,
        }
    }

    /// The repository; a placeholder where nobody says which.
    pub(super) fn repository(&self) -> String {
        let repo = self.told.repo.as_deref();
        repo.unwrap_or(PLACEHOLDER).to_owned()
    }

    /// Labels of an object of this environment.
    pub(super) fn labels(&self) -> BTreeMap<String, String> {
        let labels = self.told.project.metadata.labels.clone();
        let mut labels = labels.unwrap_or_default();
        self.add_environment(&mut labels);
        labels
    }

    /// Says of an object which environment it is of, where there are named ones.
    pub(super) fn add_environment(&self, labels: &mut BTreeMap<String, String>) {
        if let Some(name) = self.environment.name {
            labels.insert(ENVIRONMENT.to_owned(), name.to_owned());
        }
    }
}

/// What stands for a value that nobody knows.
pub(super) const PLACEHOLDER: &str = "CHANGE_ME";

//! The objects of one entry, or of nobody.

use std::collections::BTreeMap;

use kubewright_files::File;
use kubewright_objects::{Body, Object};

use crate::form::{Environment, first_comment};

/// What is brought to the cluster together.
pub(super) struct Part<'a> {
    /// The entry; none: what belongs to no single one.
    pub(super) entry: Option<&'a str>,
    /// At least one.
    pub(super) objects: Vec<&'a Object>,
    /// Their manifests.
    pub(super) files: Vec<&'a File>,
}

impl<'a> Part<'a> {
    /// The first line of its files, where they came from one place.
    pub(super) fn comment(&self) -> Option<&'a str> {
        let first = first_comment(self.files[0]);
        let mut rest = self.files.iter();
        rest.all(|file| first_comment(file) == first)
            .then_some(first)
    }

    /// The folder of its files within that of the manifests; empty: that folder.
    pub(super) fn folder(&self) -> &str {
        let path = self.files[0].path.as_str();
        path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// A pattern that just its files have
    /// (<https://argo-cd.readthedocs.io/en/stable/user-guide/directory/>).
    pub(super) fn include(&self) -> String {
        let names = self.files.iter().map(|file| file.path.file_name());
        let names: Vec<&str> = names.collect();
        match names.as_slice() {
            [name] => (*name).to_owned(),
            names => format!("{{{}}}", names.join(",")),
        }
    }

    /// The namespace that its objects name first.
    pub(super) fn namespace(&self) -> Option<&str> {
        self.objects.iter().find_map(|object| object.namespace())
    }
}

/// The parts of an environment, that of nobody first. What is Argo CD's own is in
/// none of them.
pub(super) fn all<'a>(environment: &Environment<'a>) -> Vec<Part<'a>> {
    let mut parts: BTreeMap<Option<&str>, Part<'a>> = BTreeMap::new();
    let all = environment.objects.iter().zip(environment.manifests);
    for (object, file) in all.filter(|(object, _)| !is_of_argo(object)) {
        let entry = object.entry.as_deref();
        let part = parts.entry(entry).or_insert_with(|| Part {
            entry,
            objects: Vec::new(),
            files: Vec::new(),
        });
        part.objects.push(object);
        part.files.push(file);
    }
    parts.into_values().collect()
}

fn is_of_argo(object: &Object) -> bool {
    matches!(object.body, Body::Application(_) | Body::AppProject(_))
}

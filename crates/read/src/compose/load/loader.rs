//! The stages in their order.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kubewright_files::{Files, Kind};
use kubewright_source::{Diagnostic, Diagnostics, Severity, Sources, Span, suggest};
use kubewright_yaml::{Mapping, Node};

use super::discover::{COMPOSE_FILES, discover};
use super::document::{Document, Input, LoadRequest};
use super::include::Included;
use super::model::Base;
use crate::environment::Environment;
use crate::interpolate::MissingVariables;

/// Loads a compose project.
///
/// Everything that is wrong is said together. `None` where there is nothing to go
/// on with; a document comes back also when errors were found, so that decoding
/// can find more of them.
pub fn load(
    request: &LoadRequest,
    files: &dyn Files,
    environment: &Environment,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Document> {
    let mut loader = Loader {
        files,
        sources,
        diagnostics,
        missing: MissingVariables::default(),
        directory: directory(request, files),
        broken: Vec::new(),
        incomplete: BTreeSet::new(),
        included: Included::default(),
    };
    loader.load(request, environment)
}

/// What the stages share.
pub(super) struct Loader<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) sources: &'a mut Sources,
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) missing: MissingVariables,
    /// What relative paths of the result start from.
    pub(super) directory: PathBuf,
    /// Services that are none, and were reported.
    pub(super) broken: Vec<String>,
    /// Services that lack what they extend, which was reported.
    pub(super) incomplete: BTreeSet<String>,
    pub(super) included: Included,
}

impl Loader<'_> {
    fn load(&mut self, request: &LoadRequest, given: &Environment) -> Option<Document> {
        let mut environment = given.clone();
        let folder = self.directory.clone();
        self.add_env_files(&mut environment, &request.env_files, &folder);
        let inputs = self.inputs(request, &environment)?;
        let documents = self.read_all(&inputs, Span::NONE);
        if documents.trees.is_empty() && !documents.is_whole {
            return None;
        }
        let name = self.name(request, &documents.trees, &environment);
        environment.set("COMPOSE_PROJECT_NAME", &*name);

        let base = Base::of_project(&inputs);
        let is_whole = documents.is_whole;
        let errors = self.diagnostics.count(Severity::Error);
        let mut root = self.model(documents.trees, &base, &environment, &mut Vec::new())?;
        // What cannot be included may have been all there is.
        let is_whole = is_whole && self.diagnostics.count(Severity::Error) == errors;
        if is_whole && root.as_mapping().is_none_or(Mapping::is_empty) {
            self.empty(root.span);
            return None;
        }
        if let Some(mapping) = root.as_mapping_mut() {
            super::unique::lists(mapping, self.diagnostics);
        }
        let profiles = super::profile::declared(&root);
        let (inactive, inactive_services) =
            self.take_inactive(&mut root, &request.profiles, &environment);
        let values = self.files_of_services(&root, &environment);
        Some(Document {
            name,
            absolute_directory: request.working_directory.join(&self.directory),
            directory: self.directory.clone(),
            root,
            inactive,
            profiles,
            inactive_services,
            env_file_values: values.variables,
            label_file_values: values.labels,
            idle_files: values.idle,
            lacking_files: values.lacking,
            missing: std::mem::take(&mut self.missing),
            environment,
            broken: std::mem::take(&mut self.broken),
            incomplete: std::mem::take(&mut self.incomplete),
            secrets: self.sources.secrets().of_variables(),
        })
    }

    /// The texts to load: those asked for, those of `COMPOSE_FILE`, those found.
    fn inputs(&mut self, request: &LoadRequest, environment: &Environment) -> Option<Vec<Input>> {
        if !request.files.is_empty() {
            let mut named = Vec::new();
            for input in &request.files {
                match input {
                    Input::File(path) if is_folder(self.files, path) => {
                        named.extend(self.found_in(path).unwrap_or_default());
                    }
                    Input::File(_) | Input::Text { .. } => named.push(input.clone()),
                }
            }
            return (!named.is_empty()).then_some(named);
        }
        if let Some(list) = environment
            .get("COMPOSE_FILE")
            .filter(|list| !list.is_empty())
        {
            let separator = environment.get("COMPOSE_PATH_SEPARATOR");
            let separator = separator.filter(|s| !s.is_empty()).unwrap_or(":");
            let paths = list
                .split(separator)
                .map(|path| Input::File(PathBuf::from(path)));
            return Some(paths.collect());
        }
        let folder = self.directory.clone();
        self.found_in(&folder)
    }

    /// The compose file of a folder, and what is laid over it.
    fn found_in(&mut self, folder: &Path) -> Option<Vec<Input>> {
        let Some(found) = discover(self.files, folder, self.diagnostics) else {
            let folder = match folder.as_os_str().is_empty() {
                true => ".".to_owned(),
                false => folder.display().to_string(),
            };
            let message = format!("there is no compose file in `{folder}`");
            let help = format!(
                "looked for {}; name another file, or the folder it lies in",
                suggest::list(COMPOSE_FILES)
            );
            self.diagnostics
                .push(Diagnostic::error("file", Span::NONE, message).help(help));
            return None;
        };
        let files = std::iter::once(found.compose).chain(found.overriding);
        Some(files.map(Input::File).collect())
    }

    /// The trees of all inputs, in order.
    pub(super) fn read_all(&mut self, inputs: &[Input], wanted_by: Span) -> Read {
        let mut read = Read {
            trees: Vec::new(),
            is_whole: true,
        };
        for input in inputs {
            let documents = match input {
                Input::File(path) => self
                    .text(path, "compose file", wanted_by)
                    .and_then(|text| self.documents(&path.display().to_string(), text)),
                Input::Text { name, text } => self.documents(name, text.clone()),
            };
            read.is_whole &= documents.is_some();
            read.trees.extend(documents.into_iter().flatten());
        }
        read
    }

    fn empty(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::error("empty-document", span, "the compose file is empty")
                .help("write `services:` and below it each service under its name"),
        );
    }
}

/// What was read of several inputs.
pub(super) struct Read {
    pub(super) trees: Vec<Node>,
    /// False where one of them could not be read.
    pub(super) is_whole: bool,
}

fn directory(request: &LoadRequest, files: &dyn Files) -> PathBuf {
    if let Some(directory) = &request.project_directory {
        return directory.clone();
    }
    let first = request.files.iter().find_map(|input| match input {
        Input::File(path) if is_folder(files, path) => Some(path.as_path()),
        Input::File(path) => path.parent(),
        Input::Text { .. } => None,
    });
    first.unwrap_or(Path::new("")).to_owned()
}

fn is_folder(files: &dyn Files, path: &Path) -> bool {
    matches!(files.kind(path), Ok(Kind::Folder))
}

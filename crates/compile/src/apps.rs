//! An `apps.yaml` as projects, one for each environment that is asked for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kubewright_files::Files;
use kubewright_model::{Entry, Located, Name, Project};
use kubewright_read::Environment;
use kubewright_read::apps::{Asked, Document, Variables};
use kubewright_read::compose::load::Input;
use kubewright_source::{Diagnostic, Diagnostics, Span, Stop};
use kubewright_yaml::{Limits, Node, read_document};

use crate::{Outcome, Request, conceal, forms, state};

/// The word that stands for all environments.
pub(crate) const ALL: &str = "all";

/// The projects of a file, in the order in which their environments are asked for;
/// those that are missing where `stop` says that nobody wants them are not told.
pub(crate) fn read(
    request: &Request,
    root: Node,
    files: &dyn Files,
    environment: &Environment,
    stop: Stop<'_>,
    outcome: &mut Outcome,
) -> Vec<Project> {
    let directory = state::directory(request);
    let name = state::name(request, &directory);
    outcome.project_directory = Some(directory.clone());
    let sets = sets(request, outcome);
    let document = Document::open(root, sets, &mut outcome.diagnostics);
    let wanted = wanted(request, &document, &mut outcome.diagnostics);
    let folders = folders_of_variables(request, &directory);
    let all = document.environments();
    outcome.has_environments = all.len() > 1;
    let is_asked = |name: &&str| wanted.iter().any(|asked| asked.as_deref() == Some(*name));
    let spared = all.into_iter().filter(|name| !is_asked(name));
    outcome.spared = spared.map(str::to_owned).collect();
    let mut projects = Vec::new();
    for environment_name in wanted.into_iter().take_while(|_| !stop()) {
        let mut said = Diagnostics::default();
        let variables = Variables::read(
            &request.set_env,
            environment_name.as_deref(),
            &folders,
            &request.env_files,
            (files, environment),
            (&mut outcome.sources, &mut said),
        );
        let asked = Asked {
            environment: environment_name.as_deref(),
            name: name.clone(),
            given_name: request.project_name.as_ref().map(|_| name.clone()),
            directory: &directory,
            files,
            variables: &variables,
            secrets_elsewhere: request.lowering.secrets == kubewright_lower::Secrets::External,
        };
        let mut project = document.project(&asked, &mut outcome.sources, &mut said);
        outcome.diagnostics.extend(said);
        let untold = forms::untold(&project, request);
        outcome.diagnostics.extend(untold);
        conceal::of_project(&project, &mut outcome.sources);
        for within in compose_projects(&mut project) {
            conceal::of_project(within, &mut outcome.sources);
        }
        projects.push(project);
    }
    projects
}

/// The compose projects within a project.
pub(crate) fn compose_projects(project: &mut Project) -> impl Iterator<Item = &mut Project> {
    let entries = project.entries.values_mut();
    entries.filter_map(|entry| match entry {
        Entry::Compose(compose) => Some(&mut compose.project),
        Entry::App(_)
        | Entry::Infrastructure(_)
        | Entry::Functions(_)
        | Entry::Helm(_)
        | Entry::Kustomize(_)
        | Entry::Disabled(_) => None,
    })
}

/// Leaves each namespace to the first project that lives in it.
pub(crate) fn make_namespaces_once(project: &mut Project) {
    let own = project.facts.namespace.as_ref();
    let mut made: BTreeSet<Name> = own.map(|own| own.name.value.clone()).into_iter().collect();
    for within in compose_projects(project) {
        if let Some(namespace) = &mut within.facts.namespace
            && !made.insert(namespace.name.value.clone())
        {
            namespace.create = Some(Located::nowhere(false));
        }
    }
}

/// Where files of variables are looked for: beside the input, then in the project's
/// folder.
fn folders_of_variables(request: &Request, project: &Path) -> Vec<PathBuf> {
    let inputs = request.inputs.iter().filter_map(|input| match input {
        Input::File(path) => path.parent().map(Path::to_owned),
        Input::Text { .. } => None,
    });
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in inputs.chain([project.to_owned()]) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// The environments that are asked for; all of them where nothing is said, the
/// nameless one where there is none.
fn wanted(
    request: &Request,
    document: &Document,
    diagnostics: &mut Diagnostics,
) -> Vec<Option<String>> {
    let known = document.environments();
    let asks_for_all = request.environments.iter().any(|name| name == ALL);
    if request.environments.is_empty() || asks_for_all {
        return match known.as_slice() {
            [] => vec![None],
            names => names.iter().map(|name| Some((*name).to_owned())).collect(),
        };
    }
    let mut wanted: Vec<Option<String>> = Vec::new();
    for name in &request.environments {
        let is_known = known.contains(&name.as_str());
        if !is_known {
            diagnostics.push(document.unknown_environment(name));
        } else if !wanted.contains(&Some(name.clone())) {
            wanted.push(Some(name.clone()));
        }
    }
    wanted
}

/// `--set KEY=VALUE`; values are read as YAML.
fn sets(request: &Request, outcome: &mut Outcome) -> Vec<(String, Node)> {
    let mut sets = Vec::new();
    for (key, value) in &request.sets {
        let source = outcome.sources.add(format!("--set {key}"), value.clone());
        match read_document(value, source, &Limits::default()) {
            Ok(node) => {
                let node = node.unwrap_or_else(|| Node::null(Span::new(source, 0, 0)));
                conceal::of_set(key, &node, &mut outcome.sources);
                sets.push((key.clone(), node));
            }
            Err(fault) => outcome.diagnostics.push(fault),
        }
    }
    sets
}

/// The error where environments are asked for of what has none.
pub(crate) fn no_environments(request: &Request) -> Option<Diagnostic> {
    let first = request.environments.first()?;
    let message =
        format!("there is no environment `{first}`: only an `apps.yaml` has environments");
    Some(
        Diagnostic::error("unknown-name", Span::NONE, message)
            .help("leave `--env` out, or `kubewright convert` the input to an `apps.yaml`"),
    )
}

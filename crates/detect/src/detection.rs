//! Everything that was found, and how it is found.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kubewright_disk::DiskFiles;
use kubewright_files::Files;
use serde::Serialize;

use crate::compose::{self, ComposeProject, Service};
use crate::dockerfile::{self, Dockerfile};
use crate::environment::{self, Environment};
use crate::function::{self, FunctionFile};
use crate::git::{self, Git};
use crate::inside::Inside;
use crate::inventory::{Inventory, folder_of, name_of};
use crate::kubernetes::{self, Kubernetes};
use crate::module::{self, Module, ModuleRole};
use crate::variables::{self, VariableFile};

/// What lies in a folder. Paths are relative to it, parts parted by `/`; lists are
/// sorted by path, unless they say otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detection {
    /// The version of this shape.
    pub version: u32,
    /// What the project is called: the name of the compose project at its top, of
    /// its repository, or of the folder.
    pub name: String,
    /// What to begin with.
    pub mode: Mode,
    /// Compose projects, the outermost first.
    pub compose: Vec<ComposeProject>,
    /// Dockerfiles.
    pub dockerfiles: Vec<Dockerfile>,
    /// Folders with code of their own.
    pub modules: Vec<Module>,
    /// Files with Python functions.
    pub functions: Vec<FunctionFile>,
    /// What is there of Kubernetes.
    pub kubernetes: Kubernetes,
    /// Environments, by name.
    pub environments: Vec<Environment>,
    /// Files with variables.
    pub variable_files: Vec<VariableFile>,
    /// What git knows, where the folder is the top of a repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub git: Option<Git>,
    /// Further marks of tools that the wizard shows.
    pub marks: Marks,
    /// How many files were looked at.
    pub files: usize,
    /// Whether there are more than were looked at.
    pub truncated: bool,
}

/// What a wizard begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// There are services of compose.
    Compose,
    /// There are modules that run.
    Modules,
    /// There is neither.
    Manual,
}

impl Mode {
    /// In lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Modules => "modules",
            Self::Manual => "manual",
        }
    }
}

/// Marks of tools.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Marks {
    /// Workflows of GitHub Actions.
    pub github_workflows: Vec<String>,
    /// Whether there is a pipeline of GitLab.
    pub gitlab_ci: bool,
    /// Files of Terraform.
    pub terraform_files: usize,
    /// Whether a `.dockerignore` lies at the top.
    pub dockerignore: bool,
    /// Whether a `.gitignore` lies at the top.
    pub gitignore: bool,
}

impl Detection {
    /// The compose project that counts: the one at the top, else the only one.
    pub fn main_compose(&self) -> Option<&ComposeProject> {
        match &self.compose[..] {
            [first, ..] if first.folder.is_empty() => Some(first),
            [only] => Some(only),
            _ => None,
        }
    }

    /// The services of the compose project that counts.
    pub fn services(&self) -> &[Service] {
        self.main_compose().map_or(&[], |project| &project.services)
    }
}

/// What lies in the folder `root`. It is only read, and nothing outside of it is.
/// What cannot be read is left out, or said where it would stand.
pub fn detect(root: &Path) -> Detection {
    let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let inventory = Inventory::of(&root);
    detect_in(&inventory, &DiskFiles::new(&root), &root)
}

/// The same for files that are known already; `root` names the folder.
pub fn detect_in(inventory: &Inventory, files: &dyn Files, root: &Path) -> Detection {
    let inside = &Inside::new(files);
    let folder = root
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let git = git::git(inside);
    let repository = git.as_ref().and_then(|git| git.repository.as_ref());
    let own = repository
        .map(|repository| repository.name.clone())
        .or(folder);
    let own = own.unwrap_or_else(|| "app".to_owned());
    let (modules, more_modules) = module::modules(inventory, inside, &own);
    let names: BTreeSet<String> = modules.iter().map(|module| module.name.clone()).collect();
    let root: PathBuf = match root.is_absolute() {
        true => root.to_owned(),
        false => Path::new("/").join(root),
    };
    let (mut compose, more_compose) = compose::projects(inventory, inside, &root, &names);
    for service in compose.iter_mut().flat_map(|project| &mut project.services) {
        service.module = of_service(service, &modules);
        service.dockerfile.take_if(|path| !inventory.has(path));
    }
    let (kubernetes, more_manifests) = kubernetes::kubernetes(inventory, inside);
    let variable_files = variables::variable_files(inventory, inside);
    let environments = environment::environments(&compose, &kubernetes, &variable_files);
    let mut detection = Detection {
        version: 1,
        name: own,
        mode: Mode::Manual,
        compose,
        dockerfiles: dockerfile::dockerfiles(inventory, inside),
        functions: function::functions(inventory, inside),
        modules,
        kubernetes,
        environments,
        variable_files,
        git,
        marks: marks(inventory),
        files: inventory.len(),
        truncated: inventory.truncated || more_modules || more_compose || more_manifests,
    };
    detection.mode = mode(&detection);
    if let Some(project) = detection
        .main_compose()
        .filter(|project| project.folder.is_empty() && !project.name.is_empty())
    {
        detection.name = project.name.clone();
    }
    detection
}

fn mode(detection: &Detection) -> Mode {
    let runs = |module: &Module| module.role == ModuleRole::Service;
    match () {
        () if !detection.services().is_empty() => Mode::Compose,
        () if detection.modules.iter().any(runs) => Mode::Modules,
        () => Mode::Manual,
    }
}

/// The module that a service is built from: the one around its Dockerfile, the
/// innermost.
fn of_service(service: &Service, modules: &[Module]) -> Option<String> {
    let dockerfile = service.dockerfile.as_deref()?;
    let folder = folder_of(dockerfile);
    let around = modules.iter().filter(|module| {
        let path = module.path.as_str();
        let rest = folder.strip_prefix(path);
        rest.is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with('/'))
    });
    around
        .max_by_key(|module| module.path.len())
        .map(|module| module.path.clone())
}

fn marks(inventory: &Inventory) -> Marks {
    let is_workflow = |path: &&str| path.ends_with(".yml") || path.ends_with(".yaml");
    let workflows = inventory.below(".github/workflows").filter(is_workflow);
    Marks {
        github_workflows: workflows.map(str::to_owned).collect(),
        gitlab_ci: inventory.has(".gitlab-ci.yml"),
        terraform_files: inventory
            .paths()
            .filter(|path| name_of(path).ends_with(".tf"))
            .count(),
        dockerignore: inventory.has(".dockerignore"),
        gitignore: inventory.has(".gitignore"),
    }
}

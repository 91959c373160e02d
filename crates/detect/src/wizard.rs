//! The same in the shape of `GET /wizard/detect`, for pages that were written for
//! the original wizard.
//!
//! Its keys are the original's. What it asked of programs and of the network
//! (versions, whether a daemon or a cluster answers, the account at the code host) is
//! `false`, `null` or left out: nothing is run.

mod cards;
mod docker;
mod kubernetes;
mod stack;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::detection::Detection;
use crate::module::{Module, ModuleRole};
use crate::tools::{TOOLS, Tools};

pub use kubernetes::{env_namespaces, status as k8s_status};

/// The answer of `GET /wizard/detect`. When it was computed (`_cache`) the server
/// adds, who has a clock.
pub fn wizard(found: &Detection, tools: &Tools) -> Value {
    let stacks: BTreeSet<String> = found.modules.iter().map(Module::stack).collect();
    let installed = TOOLS
        .iter()
        .map(|name| ((*name).to_owned(), json!(tools.has(name))));
    json!({
        "tools": installed.collect::<Map<String, Value>>(),
        "files": files(found),
        "integrations": cards::integrations(found, tools),
        "devops_cards": cards::devops(found, tools),
        "detected_stacks": stacks,
        "stack_defaults": stack::defaults(found),
        "_project_name": found.name,
        "status_probes": probes(found, tools),
        "config_data": {
            "modules": found.modules.iter().map(module).collect::<Vec<_>>(),
            "environments": found.environments.iter().map(|environment| json!({
                "name": environment.name,
                "default": environment.default,
            })).collect::<Vec<_>>(),
        },
        "docker_status": docker::status(found, tools),
        "k8s_status": k8s_status(found, tools),
        "gh_repo_info": repository(found),
        "git_remotes": {
            "available": found.git.is_some(),
            "remotes": found.git.as_ref().map(|git| &git.remotes).into_iter().flatten().map(|remote| json!({
                "name": remote.name,
                "url": remote.url,
            })).collect::<Vec<_>>(),
        },
        "env_status": env_status(found),
    })
}

fn module(module: &Module) -> Value {
    let path = match module.path.as_str() {
        "" => ".",
        path => path,
    };
    json!({
        "name": module.name,
        "path": path,
        "stack": module.stack(),
        "domain": module.role.as_str(),
        "description": module.description,
        "version": module.version,
        "class": class(module),
    })
}

/// What the original's page sorts modules by.
fn class(module: &Module) -> &'static str {
    match module.role {
        ModuleRole::Library => "library",
        ModuleRole::Docs => "docs",
        ModuleRole::Service => "deployable",
    }
}

fn files(found: &Detection) -> Value {
    let has_module = |by: &str| found.modules.iter().any(|module| module.found_by == by);
    json!({
        "git_repo": found.git.is_some(),
        "dockerfile": found.dockerfiles.iter().any(|file| file.path == "Dockerfile"),
        "docker_compose": found.compose.iter().any(|project| project.folder.is_empty()),
        "k8s_manifests": !found.kubernetes.manifests.is_empty(),
        "terraform_dir": found.marks.terraform_files > 0,
        "github_actions": !found.marks.github_workflows.is_empty(),
        "pyproject": has_module("pyproject.toml"),
        "package_json": has_module("package.json"),
    })
}

fn probes(found: &Detection, tools: &Tools) -> Value {
    let marks = &found.marks;
    let git = found.git.as_ref();
    let provider = match (marks.github_workflows.is_empty(), marks.gitlab_ci) {
        (false, _) => Some("github-actions"),
        (true, true) => Some("gitlab-ci"),
        (true, false) => None,
    };
    let remote = git.and_then(|git| git.remotes.first());
    json!({
        "git": {
            "status": match (git, remote) {
                (None, _) => "missing",
                (Some(_), None) => "partial",
                (Some(_), Some(_)) => "ready",
            },
            "initialized": git.is_some(),
            "has_remote": remote.is_some(),
            "remote": remote.map(|remote| &remote.url),
            "branch": git.and_then(|git| git.branch.as_deref()).unwrap_or_default(),
            "has_gitignore": marks.gitignore,
        },
        "docker": docker::probe(found, tools),
        "cicd": {
            "status": if provider.is_some() { "ready" } else { "missing" },
            "provider": provider,
            "workflow_count": marks.github_workflows.len() + usize::from(marks.gitlab_ci),
        },
        "k8s": kubernetes::probe(found, tools),
        "terraform": {
            "status": match (marks.terraform_files > 0, tools.has("terraform")) {
                (false, false) => "missing",
                (true, _) | (false, true) => "partial",
            },
            "has_cli": tools.has("terraform"),
            "tf_file_count": marks.terraform_files,
        },
    })
}

fn repository(found: &Detection) -> Value {
    let git = found.git.as_ref();
    let Some(repository) = git.and_then(|git| git.repository.as_ref()) else {
        return json!({ "available": false });
    };
    json!({
        "available": repository.host == "github.com",
        "slug": format!("{}/{}", repository.owner, repository.name),
        "host": repository.host,
        "owner": repository.owner,
        "name": repository.name,
        "default_branch": git.and_then(|git| git.default_branch.as_deref()),
        "registry": git.and_then(|git| git.registry.as_deref()),
    })
}

/// Names of files and variables; the values stay where they are.
fn env_status(found: &Detection) -> Value {
    let files = &found.variable_files;
    let names: BTreeSet<&str> = files
        .iter()
        .flat_map(|file| &file.names)
        .map(String::as_str)
        .collect();
    json!({
        "files": files.iter().map(|file| json!({
            "path": file.path,
            "keys": file.names,
            "is_example": file.is_example,
        })).collect::<Vec<_>>(),
        "has_env": files.iter().any(|file| !file.is_example),
        "has_example": files.iter().any(|file| file.is_example),
        "total_vars": names.len(),
    })
}

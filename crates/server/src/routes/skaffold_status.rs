//! `GET /api/k8s/skaffold/status`: which Skaffold configurations there are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::State;
use kubewright_files::Files;
use kubewright_read::skaffold::{self, Config};
use serde::Serialize;
use utoipa::ToSchema;

use super::{JsonAnswer, Shared, json};
use crate::blocking::blocking;
use crate::confined::Confined;
use crate::problem::Problem;

/// What there is of Skaffold.
#[derive(Serialize, ToSchema)]
pub(crate) struct SkaffoldStatus {
    /// Whether the command `skaffold` can be found.
    available: bool,
    /// Whether there is a configuration.
    has_skaffold: bool,
    /// The configurations in the project's folder.
    configs: Vec<SkaffoldConfig>,
}

/// What a configuration says; empty where it cannot be read.
#[derive(Serialize, ToSchema)]
pub(crate) struct SkaffoldConfig {
    /// The file, relative to the project's folder.
    path: &'static str,
    /// The names of its profiles.
    profiles: Vec<String>,
    /// Its `apiVersion`.
    api_version: String,
    /// Whether it, or one of its profiles, forwards ports.
    has_port_forward: bool,
    /// `local`, `cluster`, `googleCloudBuild` or nothing.
    build_strategy: String,
    /// `kubectl`, `helm`, `kustomize` or nothing.
    deploy_strategy: String,
    /// The paths of configurations that it requires.
    required_configs: Vec<String>,
    /// The kind of tag policy, or nothing.
    tag_policy: String,
}

/// Which Skaffold configurations there are, and what they say.
#[utoipa::path(get, path = "/api/k8s/skaffold/status", tag = "wizard",
    responses((status = 200, description = "What there is", body = SkaffoldStatus)))]
pub(crate) async fn show(State(shared): State<Arc<Shared>>) -> Result<JsonAnswer, Problem> {
    blocking(shared, |project, _| {
        let files = Confined::new(&project.root);
        let there = skaffold::FILES.iter().copied();
        let configs: Vec<_> = there.filter_map(|path| config(&files, path)).collect();
        json(&SkaffoldStatus {
            available: is_on_path("skaffold"),
            has_skaffold: !configs.is_empty(),
            configs,
        })
    })
    .await
}

fn config(files: &dyn Files, path: &'static str) -> Option<SkaffoldConfig> {
    let bytes = match files.read(Path::new(path)) {
        Ok(bytes) => bytes,
        Err(_) => return None,
    };
    let Config {
        profiles,
        api_version,
        has_port_forward,
        build_strategy,
        deploy_strategy,
        required_configs,
        tag_policy,
    } = skaffold::config(bytes);
    Some(SkaffoldConfig {
        path,
        profiles,
        api_version,
        has_port_forward,
        build_strategy,
        deploy_strategy,
        required_configs,
        tag_policy,
    })
}

fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder: PathBuf| folder.join(program).is_file())
}

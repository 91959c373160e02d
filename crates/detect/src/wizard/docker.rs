//! `docker_status` and the probe of the same name.

use serde_json::{Value, json};

use crate::compose::Service;
use crate::detection::Detection;
use crate::dockerfile::Dockerfile;
use crate::tools::Tools;

pub(super) fn probe(found: &Detection, tools: &Tools) -> Value {
    let has_cli = tools.has("docker");
    let has_dockerfile = !found.dockerfiles.is_empty();
    json!({
        "status": match (has_cli, has_dockerfile) {
            (true, true) => "ready",
            (true, false) => "partial",
            (false, _) => "missing",
        },
        "has_cli": has_cli,
        "has_dockerfile": has_dockerfile,
        "has_compose": found.main_compose().is_some(),
        "has_dockerignore": found.marks.dockerignore,
    })
}

pub(super) fn status(found: &Detection, tools: &Tools) -> Value {
    let services = found.services();
    let compose = found.main_compose();
    let warnings = compose
        .map(|project| &project.problems)
        .into_iter()
        .flatten();
    json!({
        "available": tools.has("docker"),
        "version": null,
        "daemon_running": false,
        "compose_available": tools.has("docker-compose"),
        "has_dockerfile": !found.dockerfiles.is_empty(),
        "has_compose": compose.is_some(),
        "compose_file": compose.and_then(|project| project.files.first()),
        "dockerfiles": found.dockerfiles.iter().map(|file| &file.path).collect::<Vec<_>>(),
        "dockerfile_details": found.dockerfiles.iter().map(dockerfile).collect::<Vec<_>>(),
        "compose_services": services.iter().map(|service| &service.name).collect::<Vec<_>>(),
        "compose_service_details": services.iter().map(detail).collect::<Vec<_>>(),
        "services_count": services.len(),
        "compose_warnings": warnings.map(|problem| &problem.message).collect::<Vec<_>>(),
        "has_dockerignore": found.marks.dockerignore,
    })
}

fn dockerfile(file: &Dockerfile) -> Value {
    let names = file.stages.iter().filter_map(|stage| stage.name.as_deref());
    json!({
        "path": file.path,
        "base_images": file.stages.iter().map(|stage| &stage.from).collect::<Vec<_>>(),
        "stages": names.collect::<Vec<_>>(),
        "stage_count": file.stages.len(),
        "ports": file.ports.iter().map(|port| port.port).collect::<Vec<_>>(),
        "user": file.user,
        "warnings": file.warnings,
    })
}

/// A service as its compose file says it, with what it was taken for.
fn detail(service: &Service) -> Value {
    let mut detail = serde_json::to_value(&service.compose).unwrap_or_default();
    // What has no value, or one that is not told, is empty in the original's maps.
    for pointer in ["/environment", "/labels", "/build/args"] {
        let pairs = detail.pointer_mut(pointer).and_then(Value::as_object_mut);
        for (_, value) in pairs
            .into_iter()
            .flatten()
            .filter(|(_, value)| value.is_null())
        {
            *value = json!("");
        }
    }
    if let Some(members) = detail.as_object_mut() {
        members.insert("class".to_owned(), json!(service.class.as_str()));
        members.insert("kind".to_owned(), json!(service.kind.as_str()));
        members.insert("port".to_owned(), json!(service.port));
    }
    detail
}

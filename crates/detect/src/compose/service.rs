//! What a service is: its class, its kind, its port, and where it is built.

use std::collections::BTreeSet;

use kubewright_knowledge::{Family, Protocol, Role, family, known};
use kubewright_model::{App, Project, Workload};

use super::Service;
use super::detail::{Build, ServiceDetail};
use crate::classify::{Class, Kind, ending_word, image_name};
use crate::inventory::within;

/// What a service is seen with.
pub(super) struct Seen<'a> {
    pub(super) folder: &'a str,
    /// What `generate` makes of the compose project.
    pub(super) project: &'a Project,
    /// Names of modules.
    pub(super) modules: &'a BTreeSet<String>,
}

impl Seen<'_> {
    /// The service with what it is.
    pub(super) fn service(&self, detail: ServiceDetail) -> Service {
        let app = self.app(&detail.name);
        let image = detail.image.as_deref().unwrap_or_default();
        let known = known(image).filter(|_| detail.build.is_none());
        let row = known.map(|known| known.family);
        let (class, class_reason) = self.class(&detail, row);
        let (kind, kind_reason) = kind(&detail, app, row);
        Service {
            name: detail.name.clone(),
            class,
            class_reason,
            kind,
            kind_reason,
            family: row.map(Family::name),
            port: port(&detail, app, row),
            module: None,
            dockerfile: detail
                .build
                .as_ref()
                .and_then(|build| self.dockerfile(build)),
            compose: detail,
        }
    }

    fn app(&self, name: &str) -> Option<&App> {
        let origin = format!("service {name}");
        self.project.apps().find(|app| app.origin.value == origin)
    }

    fn class(&self, detail: &ServiceDetail, row: Option<&Family>) -> (Class, String) {
        let image = detail.image.as_deref().unwrap_or_default();
        if detail.build.is_some() {
            return (Class::Application, "it is built here".to_owned());
        }
        let module = self.modules.get(image_name(image));
        // A module called `redis` does not make the official image its own.
        let is_official = family(image_name(image)).is_some() && row.is_some();
        if let Some(module) = module.filter(|_| !is_official) {
            return (
                Class::Application,
                format!("its image is called like the module `{module}`"),
            );
        }
        match row {
            Some(row) => {
                let class = match row.role {
                    Role::Infrastructure => Class::Infrastructure,
                    Role::Application => Class::Application,
                };
                (
                    class,
                    format!("its image is of the family `{}`", row.name()),
                )
            }
            None => (
                Class::Application,
                match image {
                    "" => "it has no image",
                    _ => "nothing is known of its image",
                }
                .to_owned(),
            ),
        }
    }

    /// Where the Dockerfile lies, relative to the folder that was looked at; none where that
    /// is elsewhere.
    fn dockerfile(&self, build: &Build) -> Option<String> {
        let context = build.context.as_deref().unwrap_or(".");
        if context.contains("://") || context.starts_with("git@") {
            return None;
        }
        let name = build.dockerfile.as_deref().unwrap_or("Dockerfile");
        joined(&[self.folder, context, name])
    }
}

/// Parts of a path put together by name; none where it leads out, or from the root.
fn joined(parts: &[&str]) -> Option<String> {
    let mut path: Vec<&str> = Vec::new();
    for part in parts {
        if part.starts_with('/') {
            return None;
        }
        for name in part.split('/') {
            match name {
                "" | "." => {}
                ".." => {
                    path.pop()?;
                }
                name => path.push(name),
            }
        }
    }
    let (last, folders) = path.split_last()?;
    Some(within(&folders.join("/"), last))
}

fn kind(detail: &ServiceDetail, app: Option<&App>, row: Option<&Family>) -> (Kind, String) {
    let of_row = row.map(|row| row.workload);
    if of_row == Some(kubewright_knowledge::Workload::DaemonSet) {
        return (
            Kind::DaemonSet,
            "its image gathers what happens on a node".to_owned(),
        );
    }
    let ends = || {
        let restart = detail.restart.as_deref().unwrap_or("no");
        let may_end = restart == "no" || restart.starts_with("on-failure");
        let is_reached = !detail.ports.is_empty() || !detail.expose.is_empty();
        ending_word(&detail.name).filter(|_| may_end && !is_reached)
    };
    let by_name = |word: &str| {
        let reason = format!("`{word}` in its name says that it ends, and it has no port");
        (Kind::Job, reason)
    };
    let Some(app) = app else {
        return match ends() {
            Some(word) => by_name(word),
            None => (Kind::Deployment, missing_reason(detail).to_owned()),
        };
    };
    match &app.workload {
        Workload::Deployment(_) => match ends() {
            Some(word) => by_name(word),
            None => (Kind::Deployment, deployment_reason(row).to_owned()),
        },
        Workload::StatefulSet(_) => (
            Kind::StatefulSet,
            "it keeps data in a volume of its own".to_owned(),
        ),
        Workload::DaemonSet(_) => (
            Kind::DaemonSet,
            "`deploy.mode` asks for one on every node".to_owned(),
        ),
        Workload::Job(_) => (Kind::Job, "it runs to its end".to_owned()),
        Workload::CronJob(_) => (Kind::CronJob, "it has a schedule".to_owned()),
    }
}

/// Why `generate` has no workload for a service.
fn missing_reason(detail: &ServiceDetail) -> &'static str {
    let mode = detail.network_mode.as_deref().unwrap_or_default();
    match mode.starts_with("service:") {
        true => "it moves into the pod of the service whose network it has",
        false => "it cannot be read as a whole",
    }
}

fn deployment_reason(row: Option<&Family>) -> &'static str {
    match row.is_some_and(Family::is_data_store) {
        true => "it keeps no data in a volume of its own",
        false => "nothing asks for another kind",
    }
}

/// The port a service is reached at: the first that is published, exposed, known
/// of the image, or found by `generate`.
fn port(detail: &ServiceDetail, app: Option<&App>, row: Option<&Family>) -> Option<u16> {
    let published = detail.ports.first().map(|port| port.container);
    let exposed = || detail.expose.first().copied();
    let usual = || {
        let ports = row?.ports.iter();
        ports
            .clone()
            .find(|port| port.protocol == Protocol::Tcp)
            .map(|port| port.number)
    };
    let found = || {
        let ports = app?.main.ports.as_ref()?;
        ports.first().map(|port| port.container_port.value.get())
    };
    published.or_else(exposed).or_else(found).or_else(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_stay_inside() {
        let table: [(&[&str], Option<&str>); 7] = [
            (&["", ".", "Dockerfile"], Some("Dockerfile")),
            (&["deploy", "../api", "Dockerfile"], Some("api/Dockerfile")),
            (
                &["a/b", "./c/", "d/e.Dockerfile"],
                Some("a/b/c/d/e.Dockerfile"),
            ),
            (&["", "..", "Dockerfile"], None),
            (&["", "/srv", "Dockerfile"], None),
            (&["", ".", "/Dockerfile"], None),
            (&["", ".", ""], None),
        ];
        for (parts, expected) in table {
            assert_eq!(joined(parts).as_deref(), expected, "{parts:?}");
        }
    }
}

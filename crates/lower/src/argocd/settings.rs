//! What Argo CD is told of where things go, and when.

use kubewright_model::output::ArgoCd;
use kubewright_model::{Given, Project};
use kubewright_objects::argocd::{Automated, Backoff, Destination, HERE, Retry, SyncPolicy};

/// Where Argo CD looks for its objects, unless somebody says otherwise.
const NAMESPACE: &str = "argocd";
/// The newest commit of the repository's usual branch.
const NEWEST: &str = "HEAD";
const OPTIONS: &[&str] = &[
    "CreateNamespace=true",
    "ApplyOutOfSyncOnly=true",
    "ServerSideApply=true",
    "RespectIgnoreDifferences=true",
];

/// Where Argo CD looks for its objects.
pub(super) fn namespace(project: &Project) -> String {
    let told = told(project).and_then(|told| told.namespace.as_ref());
    told.map_or(NAMESPACE, |given| given.as_str()).to_owned()
}

/// The branch, tag or commit.
pub(super) fn revision(project: &Project) -> String {
    let told = told(project).and_then(|told| told.revision.as_ref());
    told.map_or(NEWEST, |given| given.value.as_str()).to_owned()
}

/// A namespace of the environment's cluster.
pub(super) fn destination(project: &Project, namespace: Option<String>) -> Destination {
    let cluster = project.facts.argocd_cluster.as_ref();
    let cluster = cluster
        .map_or(HERE, |given| given.value.as_str())
        .to_owned();
    let (server, name) = match cluster.contains("://") {
        true => (Some(cluster), None),
        false => (None, Some(cluster)),
    };
    Destination {
        server,
        name,
        namespace: namespace.unwrap_or_else(|| "default".to_owned()),
    }
}

/// When objects go where they shall be. What needs the definitions or the namespace
/// of another Application is tried again.
pub(super) fn sync_policy(project: &Project) -> SyncPolicy {
    let told = told(project);
    let is_on = |given: Option<&Given<bool>>| {
        let given = given.and_then(Option::as_ref);
        given.is_none_or(|on| on.value)
    };
    let automated = Automated {
        prune: is_on(told.map(|told| &told.prune)),
        self_heal: is_on(told.map(|told| &told.self_heal)),
    };
    SyncPolicy {
        automated: is_on(told.map(|told| &told.auto_sync)).then_some(automated),
        sync_options: OPTIONS.iter().map(|option| (*option).to_owned()).collect(),
        retry: Retry {
            limit: 5,
            backoff: Backoff {
                duration: "5s".to_owned(),
                factor: 2,
                max_duration: "3m".to_owned(),
            },
        },
    }
}

pub(super) fn told(project: &Project) -> Option<&ArgoCd> {
    project.output.argocd.as_ref()
}

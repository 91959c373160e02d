//! Claims that one node alone may mount, and pods that may be on several.
//!
//! <https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes>

use std::collections::BTreeMap;

use kubewright_model::volume::{AccessMode, Claim, SharedClaim, VolumeSource};
use kubewright_model::{App, Name, Span, Workload};
use kubewright_source::{Diagnostic, Diagnostics, Severity, suggest};

use crate::Lowering;
use crate::aspect::Scope;
use crate::scaling::fewest_pods;
use crate::volume::is_of_one_node;

/// The label by which pods are bound to one node.
const NODE: &str = "kubernetes.io/hostname";

/// How many users of a claim are named.
const NAMED: usize = 5;

/// The app's own claims. Those of a StatefulSet are one for each pod.
pub(crate) fn report_own(scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
    if is_bound(scope.app) || matches!(scope.app.workload, Workload::StatefulSet(_)) {
        return;
    }
    for volume in &scope.app.volumes {
        let Some(claim) = volume.source.claim() else {
            continue;
        };
        let users = [User {
            app: scope.app,
            span: volume.name.span,
        }];
        let name = volume.name.as_str();
        diagnostics.extend(faults(name, claim, volume.name.span, &users));
    }
}

/// The claims of the project, which several apps may mount.
pub(crate) fn report(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) {
    let project = lowering.project;
    if project.volumes.is_empty() {
        return;
    }
    let mut all: BTreeMap<&Name, Vec<User<'_>>> = BTreeMap::new();
    for app in project.apps().filter(|app| !is_bound(app)) {
        for volume in &app.volumes {
            let VolumeSource::Shared(name) = &volume.source else {
                continue;
            };
            let users = all.entry(&name.value).or_default();
            if users.last().is_none_or(|last| last.app.name != app.name) {
                let span = volume.name.span;
                users.push(User { app, span });
            }
        }
    }
    for (name, users) in all {
        let shared = project.volumes.get(name);
        if let Some(shared) = shared
            && let SharedClaim::Made(claim) = &shared.claim
        {
            let span = shared.declared.span;
            diagnostics.extend(faults(name.as_str(), claim, span, &users));
        }
    }
}

/// An app that mounts a claim.
struct User<'a> {
    app: &'a App,
    span: Span,
}

/// Whether all pods of an app are on one node, whatever their number.
fn is_bound(app: &App) -> bool {
    let mut selected = app.placement.node_selector.keys();
    selected.any(|key| key.as_str() == NODE)
}

/// The warning `claim-shared`; an error where the claim is one pod's and there are
/// always several.
fn faults(name: &str, claim: &Claim, span: Span, users: &[User<'_>]) -> Option<Diagnostic> {
    let pods = users.iter().map(|user| user.app.workload.pods_at_once());
    let pods: Option<u32> = pods.sum();
    if !is_of_one_node(claim) || pods.is_some_and(|pods| pods < 2) {
        return None;
    }
    let mode = claim.access_modes.first().map(|mode| mode.value);
    let mode = mode.unwrap_or(AccessMode::ReadWriteOnce);
    let fewest: u32 = users
        .iter()
        .map(|user| fewest_pods(&user.app.workload))
        .sum();
    let (severity, so) = match mode {
        AccessMode::ReadWriteOncePod if fewest > 1 => {
            (Severity::Error, "only one of them ever starts")
        }
        AccessMode::ReadWriteOncePod => (Severity::Warning, "only one of them starts"),
        AccessMode::ReadWriteOnce | AccessMode::ReadOnlyMany | AccessMode::ReadWriteMany => (
            Severity::Warning,
            "those on other nodes than the first wait for ever",
        ),
    };
    let message = format!(
        "claim `{name}` is `{}`, and {}: {so}",
        mode.as_str(),
        mounted_by(users, pods)
    );
    let said = Diagnostic::new(severity, "claim-shared", span, message);
    let others = users.iter().filter(|user| user.span != span).take(NAMED);
    let said = others.fold(said, |said, user| {
        said.related(user.span, format!("`{}` mounts it", user.app.name.value))
    });
    Some(said.help(help(users)))
}

fn mounted_by(users: &[User<'_>], pods: Option<u32>) -> String {
    if let [only] = users {
        let name = &only.app.name.value;
        return match (pods, only.app.workload.scaling()) {
            (None, _) => format!("`{name}` has a pod on every node"),
            (Some(pods), Some(scaling)) if scaling.is_automatic() => {
                format!("`{name}` may have {pods} pods")
            }
            (Some(pods), _) => format!("`{name}` has {pods} pods"),
        };
    }
    let names = users[..users.len().min(NAMED)].iter();
    let names = suggest::list(names.map(|user| user.app.name.as_str()));
    match users.len().saturating_sub(NAMED) {
        0 => format!("pods of {names} mount it"),
        more => format!("pods of {names}, and of {more} more, mount it"),
    }
}

fn help(users: &[User<'_>]) -> &'static str {
    match users {
        [only] if matches!(only.app.workload, Workload::Deployment(_)) => {
            "let it be `ReadWriteMany`, with a storage class that has it, or make the app a \
             StatefulSet, whose pods have a claim each; where all pods are on one node, say so: a \
             node selector `kubernetes.io/hostname`"
        }
        _ => {
            "let it be `ReadWriteMany`, with a storage class that has it; where all pods are on \
             one node, say so: a node selector `kubernetes.io/hostname`"
        }
    }
}

#[cfg(test)]
mod tests {
    use kubewright_model::scaling::{Bounds, Hpa, Scaling};
    use kubewright_model::value::{LabelKey, LabelValue, PositiveCount};
    use kubewright_model::volume::{SharedVolume, Volume};
    use kubewright_model::workload::{DaemonSet, Deployment, Job, StatefulSet};
    use kubewright_model::{Entry, Located, Project};

    use super::*;
    use crate::Options;
    use crate::tests::lowered_with;

    fn name(text: &str) -> Located<Name> {
        Located::nowhere(Name::parse(text).unwrap())
    }

    fn claim(mode: Option<AccessMode>) -> Claim {
        Claim {
            access_modes: mode.map(Located::nowhere).into_iter().collect(),
            ..Claim::default()
        }
    }

    fn replicas(count: u32) -> Workload {
        Workload::Deployment(Deployment {
            scaling: Scaling::Fixed(Some(Located::nowhere(count))),
            ..Deployment::default()
        })
    }

    fn up_to(most: u64) -> Workload {
        let bounds = Bounds {
            max_instances: Some(Located::nowhere(PositiveCount::new(most).unwrap())),
            ..Bounds::default()
        };
        let scaling = Scaling::Hpa(Box::new(Hpa {
            bounds,
            ..Hpa::default()
        }));
        Workload::Deployment(Deployment {
            scaling,
            ..Deployment::default()
        })
    }

    /// What is said of a volume of `web`, beside a project.
    fn said(
        workload: Workload,
        source: VolumeSource,
        around: impl FnOnce(&mut App, &mut Project),
    ) -> Vec<String> {
        let change = |app: &mut App| {
            app.workload = workload;
            app.volumes.push(Volume {
                name: name("data"),
                source,
            });
        };
        let mut project = Project::new(name("shop"));
        let (_, all) = lowered_with(
            change,
            |made| {
                let web = made.entries.get_mut(&name("web").value);
                let web = web.and_then(Entry::app_mut).expect("it was made");
                around(web, &mut project);
                made.volumes = std::mem::take(&mut project.volumes);
                made.entries.append(&mut project.entries);
            },
            Options::default(),
        );
        let found = all.into_iter().filter(|said| said.code == "claim-shared");
        found
            .map(|said| {
                let severity = match said.severity {
                    Severity::Error => "error",
                    _ => "warning",
                };
                format!("{severity} {}", said.message)
            })
            .collect()
    }

    const WAIT: &str = "those on other nodes than the first wait for ever";

    #[test]
    fn pods_of_one_app() {
        use AccessMode::{ReadOnlyMany, ReadWriteMany, ReadWriteOnce, ReadWriteOncePod};
        let once = || Some(ReadWriteOnce);
        let stateful = || {
            Workload::StatefulSet(StatefulSet {
                scaling: Scaling::Fixed(Some(Located::nowhere(3))),
                ..StatefulSet::default()
            })
        };
        let job = Workload::Job(Box::new(Job {
            parallelism: Some(Located::nowhere(2)),
            ..Job::default()
        }));
        let many = |pods: &str| {
            format!("warning claim `data` is `ReadWriteOnce`, and `web` {pods}: {WAIT}")
        };
        let rows = [
            (replicas(1), None, None),
            (replicas(3), None, Some(many("has 3 pods"))),
            (replicas(3), once(), Some(many("has 3 pods"))),
            (replicas(3), Some(ReadWriteMany), None),
            (replicas(3), Some(ReadOnlyMany), None),
            (up_to(4), None, Some(many("may have 4 pods"))),
            (up_to(1), None, None),
            (stateful(), None, None),
            (Workload::DaemonSet(DaemonSet::default()), None, Some(many("has a pod on every node"))),
            (job, None, Some(many("has 2 pods"))),
            (
                replicas(2),
                Some(ReadWriteOncePod),
                Some("error claim `data` is `ReadWriteOncePod`, and `web` has 2 pods: only one of them ever starts".to_owned()),
            ),
            (
                up_to(2),
                Some(ReadWriteOncePod),
                Some("warning claim `data` is `ReadWriteOncePod`, and `web` may have 2 pods: only one of them starts".to_owned()),
            ),
        ];
        for (workload, mode, expected) in rows {
            let what = format!("{workload:?} {mode:?}");
            let found = said(workload, VolumeSource::Claim(claim(mode)), |_, _| {});
            assert_eq!(found, Vec::from_iter(expected), "{what}");
        }
    }

    #[test]
    fn pods_on_one_node_share() {
        let bound = |app: &mut App, _: &mut Project| {
            let key = LabelKey::parse(NODE).unwrap();
            let value = Located::nowhere(LabelValue::parse("one").unwrap());
            app.placement.node_selector.insert(key, value);
        };
        let found = said(replicas(3), VolumeSource::Claim(claim(None)), bound);
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn pods_of_several_apps() {
        for (others, mode, expected) in [
            (0, None, None),
            (1, None, Some("pods of `page1` and `web` mount it")),
            (1, Some(AccessMode::ReadWriteMany), None),
        ] {
            let around = |web: &mut App, project: &mut Project| {
                let shared = SharedVolume {
                    declared: Located::nowhere(()),
                    claim: SharedClaim::Made(Box::new(claim(mode))),
                };
                project.volumes.insert(name("up").value, shared);
                for other in 1..=others {
                    let mut app = web.clone();
                    app.name = name(&format!("page{other}"));
                    let entry = Entry::App(Box::new(app.clone()));
                    project.entries.insert(app.name.value, entry);
                }
            };
            let found = said(replicas(1), VolumeSource::Shared(name("up")), around);
            let expected = expected
                .map(|pods| format!("warning claim `up` is `ReadWriteOnce`, and {pods}: {WAIT}"));
            assert_eq!(found, Vec::from_iter(expected), "{others} {mode:?}");
        }
    }
}

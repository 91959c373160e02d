//! Init containers that wait for what must be there first.
//!
//! <https://kubernetes.io/docs/concepts/workloads/pods/init-containers/>

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::api::rbac::v1::{PolicyRule, Role, RoleBinding, RoleRef, Subject};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kubewright_model::dependency::{Condition, Dependency};
use kubewright_model::infrastructure::Infrastructure;
use kubewright_model::probe::{ProbeCheck, ProbePort, Setting};
use kubewright_model::project::Entry;
use kubewright_model::service::Protocol;
use kubewright_model::workload::Workload;
use kubewright_model::{App, Name, Port, Project, Span};
use kubewright_source::{Diagnostic, suggest};

use crate::aspect::{Aspect, Draft, Scope, namespace};
use crate::identity;
use crate::managed;
use crate::network_policy::membership::{self, Apart};
use crate::service;

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

/// What waits for ports: small, with `nc`, pinned.
const BUSYBOX: &str = "busybox:1.37";
/// What waits for Jobs: nothing but kubectl and a shell, pinned.
const KUBECTL: &str = "alpine/kubectl:1.34.1";
/// The pod volume with the token that waiting for a Job takes.
const TOKEN: &str = "wait-token";
/// Where clients look for a token.
const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    let mut jobs = Vec::new();
    for dependency in &scope.app.dependencies {
        one(scope, dependency, 0, &mut jobs, draft);
    }
    of_companions(scope, &mut jobs, draft);
    if !jobs.is_empty() {
        may_watch(scope, jobs, draft);
    }
}

/// What companions wait for comes behind all other init containers, each wait
/// called after its companion: `wait-for-memo`.
fn of_companions(scope: &Scope<'_>, jobs: &mut Vec<String>, draft: &mut Draft) {
    let own = std::mem::take(&mut draft.waits);
    for (at, companion) in scope.app.companions.iter().enumerate() {
        let container = draft.containers.len() - scope.app.companions.len() + at;
        for dependency in &companion.dependencies {
            one(scope, dependency, container, jobs, draft);
        }
        for mut wait in std::mem::take(&mut draft.waits) {
            wait.name = wait_name(companion.name.as_str());
            let taken = |name: &str| {
                let waits = own.iter().chain(&draft.companion_waits);
                waits.clone().any(|other| other.name == name)
            };
            let base = wait.name.clone();
            let mut number = 2;
            while taken(&wait.name) {
                wait.name = numbered(&base, number);
                number += 1;
            }
            draft.companion_waits.push(wait);
        }
    }
    draft.waits = own;
}

/// `container` is the one that gets the variables of what is run elsewhere.
fn one(
    scope: &Scope<'_>,
    dependency: &Dependency,
    container: usize,
    jobs: &mut Vec<String>,
    draft: &mut Draft,
) {
    let name = &dependency.on.value;
    let entries = &scope.lowering.project.entries;
    match entries.get(name) {
        Some(Entry::App(app)) => wait(scope, dependency, app, false, jobs, draft),
        Some(Entry::Infrastructure(infrastructure)) => match &**infrastructure {
            Infrastructure::SelfHosted(app) => wait(scope, dependency, app, true, jobs, draft),
            Infrastructure::Managed(managed) => {
                managed::inject(scope, managed, &dependency.on, container, draft);
            }
        },
        Some(Entry::Functions(_) | Entry::Compose(_) | Entry::Helm(_) | Entry::Kustomize(_)) => {}
        Some(Entry::Disabled(_)) => draft.diagnostics.push(
            Diagnostic::note(
                "dependency-off",
                dependency.on.span,
                format!(
                    "`{}` depends on `{name}`, which is switched off: nothing waits for it",
                    scope.name()
                ),
            )
            .help("remove the dependency, or switch the other on"),
        ),
        None if dependency
            .required
            .as_ref()
            .is_some_and(|required| !required.value) => {}
        None => draft.diagnostics.push(unknown(scope, dependency)),
    }
}

fn unknown(scope: &Scope<'_>, dependency: &Dependency) -> Diagnostic {
    let name = &dependency.on.value;
    let message = format!(
        "`{}` depends on `{name}`, which is nowhere in the project",
        scope.name()
    );
    unknown_name(scope.lowering.project, name, dependency.on.span, message)
}

/// An error at a name that is none of an entry's, with the names that are.
pub(crate) fn unknown_name(
    project: &Project,
    name: &Name,
    span: Span,
    message: String,
) -> Diagnostic {
    let known: Vec<&str> = project.entries.keys().map(Name::as_str).collect();
    let help = match suggest::nearest(name.as_str(), known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known are {}", suggest::list(known.into_iter().take(12))),
    };
    Diagnostic::error("unknown-name", span, message).help(help)
}

fn wait(
    scope: &Scope<'_>,
    dependency: &Dependency,
    target: &App,
    infrastructure: bool,
    jobs: &mut Vec<String>,
    draft: &mut Draft,
) {
    let container = match dependency.condition.value {
        Condition::None => return,
        Condition::Completed
            if target.workload.ends()
                && !membership::reaches_outside(scope.lowering.project, scope.app) =>
        {
            draft
                .diagnostics
                .push(cut_off(scope, dependency, target, NO_API));
            return;
        }
        Condition::Completed if target.workload.ends() => {
            jobs.push(target.name.as_str().to_owned());
            wait_for_job(target.name.as_str())
        }
        Condition::Completed => {
            draft
                .diagnostics
                .push(never_ends(scope, dependency, target));
            return;
        }
        Condition::Started | Condition::Healthy => {
            let apart = membership::apart(scope.lowering.project, scope.app, target);
            if let Some(apart) = apart {
                let said = cut_off(scope, dependency, target, why_apart(apart));
                draft.diagnostics.push(said);
                return;
            }
            let ports = service::ports(target, infrastructure);
            let tcp = || ports.iter().filter(|port| port.protocol == Protocol::Tcp);
            let at = |number: Port| tcp().find(|port| port.container_port.value == number);
            let port = match &dependency.port {
                Some(port) => at(port.value),
                None => probed(target).and_then(at).or_else(|| tcp().next()),
            };
            let number = port.and_then(|port| port.service_number());
            let (Some(host), Some(number)) = (service::host(target, &ports), number) else {
                draft.diagnostics.push(nothing_answers(
                    scope,
                    dependency,
                    target,
                    ports.is_empty(),
                ));
                return;
            };
            let there = namespace(scope.lowering, target.namespace.as_ref());
            let host = match there == scope.namespace() {
                true => host,
                false => format!("{host}.{}", there.as_deref().unwrap_or("default")),
            };
            if dependency.condition.value == Condition::Healthy {
                draft
                    .diagnostics
                    .extend(no_health(scope, dependency, target));
            }
            let command = format!("until nc -z {host} {}; do sleep 2; done", number.get());
            let shell = vec!["sh".to_owned(), "-c".to_owned(), command];
            helper(target.name.as_str(), BUSYBOX, shell)
        }
    };
    add(container, draft);
}

/// The port that an app's own probes try: what is published first may be a
/// debugger's, at which nothing listens.
fn probed(target: &App) -> Option<Port> {
    let probes = &target.main.probes;
    let settings = [&probes.readiness, &probes.liveness, &probes.startup];
    let checks = settings.into_iter().filter_map(|setting| setting.probe());
    let number = |check: &ProbeCheck| match check {
        ProbeCheck::Http { port, .. } | ProbeCheck::Tcp { port } => match port {
            Some(ProbePort::Number(number)) => Some(*number),
            Some(ProbePort::Name(_)) | None => None,
        },
        ProbeCheck::Grpc { port, .. } => *port,
        ProbeCheck::Exec(_) => None,
    };
    checks.into_iter().find_map(|probe| number(&probe.check))
}

/// Adds a wait that is not there yet. Two ports of one pod are two waits.
fn add(mut container: core::Container, draft: &mut Draft) {
    let base = container.name.clone();
    let mut number = 2;
    while let Some(other) = draft.waits.iter().find(|wait| wait.name == container.name) {
        if other.command == container.command {
            return;
        }
        container.name = numbered(&base, number);
        number += 1;
    }
    draft.waits.push(container);
}

/// A container's name with a number behind it, no longer than one may be.
fn numbered(base: &str, number: usize) -> String {
    let cut = base.len().min(60);
    format!("{}-{number}", base[..cut].trim_end_matches('-'))
}

/// An init container that does nothing but wait, with as few rights as can be.
fn helper(target: &str, image: &str, command: Vec<String>) -> core::Container {
    let memory = Quantity("16Mi".to_owned());
    core::Container {
        name: wait_name(target),
        image: Some(image.to_owned()),
        command: Some(command),
        resources: Some(core::ResourceRequirements {
            requests: Some(BTreeMap::from([
                ("cpu".to_owned(), Quantity("10m".to_owned())),
                ("memory".to_owned(), memory.clone()),
            ])),
            limits: Some(BTreeMap::from([("memory".to_owned(), memory)])),
            ..core::ResourceRequirements::default()
        }),
        security_context: Some(core::SecurityContext {
            run_as_user: Some(65534),
            run_as_non_root: Some(true),
            allow_privilege_escalation: Some(false),
            read_only_root_filesystem: Some(true),
            capabilities: Some(core::Capabilities {
                drop: Some(vec!["ALL".to_owned()]),
                add: None,
            }),
            ..core::SecurityContext::default()
        }),
        ..core::Container::default()
    }
}

/// Container names have at most 63 characters, as long as the target's may be.
fn wait_name(target: &str) -> String {
    let name = format!("wait-for-{target}");
    name[..name.len().min(63)].trim_end_matches('-').to_owned()
}

/// A Job that has run to its end is only known to the API: the one container
/// that waits gets a token for it, the app's own do not.
fn wait_for_job(job: &str) -> core::Container {
    let command = [
        "kubectl",
        "wait",
        "--for=condition=complete",
        &format!("job/{job}"),
        "--timeout=-1s",
    ];
    let mut container = helper(job, KUBECTL, command.map(str::to_owned).to_vec());
    let memory = Quantity("64Mi".to_owned());
    if let Some(resources) = &mut container.resources {
        for amounts in [&mut resources.requests, &mut resources.limits]
            .into_iter()
            .flatten()
        {
            amounts.insert("memory".to_owned(), memory.clone());
        }
    }
    container.volume_mounts = Some(vec![core::VolumeMount {
        name: TOKEN.to_owned(),
        mount_path: TOKEN_PATH.to_owned(),
        read_only: Some(true),
        ..core::VolumeMount::default()
    }]);
    container
}

/// The account, its right to see these Jobs, and the volume with its token.
///
/// <https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken>
fn may_watch(scope: &Scope<'_>, mut jobs: Vec<String>, draft: &mut Draft) {
    jobs.sort_unstable();
    jobs.dedup();
    let own = identity::account(scope.app);
    let account = own.map_or_else(
        || format!("{}-wait", scope.name()),
        |account| account.name.to_owned(),
    );
    if own.is_none() {
        draft.pod.service_account_name = Some(account.clone());
        draft.objects.push(scope.object(core::ServiceAccount {
            metadata: scope.metadata(&account),
            ..core::ServiceAccount::default()
        }));
    }
    let name = format!("{}-wait", scope.name());
    draft.objects.push(scope.object(Role {
        metadata: scope.metadata(&name),
        rules: Some(vec![PolicyRule {
            api_groups: Some(vec!["batch".to_owned()]),
            resources: Some(vec!["jobs".to_owned()]),
            resource_names: Some(jobs),
            verbs: ["get", "list", "watch"].map(str::to_owned).to_vec(),
            ..PolicyRule::default()
        }]),
    }));
    draft.objects.push(scope.object(RoleBinding {
        metadata: scope.metadata(&name),
        role_ref: RoleRef {
            api_group: Some("rbac.authorization.k8s.io".to_owned()),
            kind: "Role".to_owned(),
            name,
        },
        subjects: Some(vec![Subject {
            kind: "ServiceAccount".to_owned(),
            name: account,
            namespace: scope.namespace(),
            ..Subject::default()
        }]),
    }));
    draft
        .pod
        .volumes
        .get_or_insert_default()
        .push(token_volume());
}

fn token_volume() -> core::Volume {
    let file = |path: &str| core::KeyToPath {
        key: path.to_owned(),
        path: path.to_owned(),
        mode: None,
    };
    let sources = vec![
        core::VolumeProjection {
            service_account_token: Some(core::ServiceAccountTokenProjection {
                path: "token".to_owned(),
                ..core::ServiceAccountTokenProjection::default()
            }),
            ..core::VolumeProjection::default()
        },
        core::VolumeProjection {
            config_map: Some(core::ConfigMapProjection {
                name: "kube-root-ca.crt".to_owned(),
                items: Some(vec![file("ca.crt")]),
                optional: None,
            }),
            ..core::VolumeProjection::default()
        },
        core::VolumeProjection {
            downward_api: Some(core::DownwardAPIProjection {
                items: Some(vec![core::DownwardAPIVolumeFile {
                    path: "namespace".to_owned(),
                    field_ref: Some(core::ObjectFieldSelector {
                        field_path: "metadata.namespace".to_owned(),
                        api_version: None,
                    }),
                    ..core::DownwardAPIVolumeFile::default()
                }]),
            }),
            ..core::VolumeProjection::default()
        },
    ];
    core::Volume {
        name: TOKEN.to_owned(),
        projected: Some(core::ProjectedVolumeSource {
            sources: Some(sources),
            default_mode: None,
        }),
        ..core::Volume::default()
    }
}

fn never_ends(scope: &Scope<'_>, dependency: &Dependency, target: &App) -> Diagnostic {
    let name = &target.name.value;
    Diagnostic::error(
        "wrong-kind",
        dependency.condition.span,
        format!(
            "`{}` waits until `{name}` has completed, but `{name}` is a {} and never ends",
            scope.name(),
            target.workload.kind()
        ),
    )
    .related(target.name.span, format!("`{name}` is here"))
    .help(format!("make `{name}` a Job, or wait until it is healthy"))
}

/// A Service has only ready pods, but a pod without a readiness probe is ready
/// as soon as it runs. Where the input says nothing, the image may have a check
/// of its own, which cannot be seen from here; where it switches checks off, it
/// contradicts itself.
fn no_health(scope: &Scope<'_>, dependency: &Dependency, target: &App) -> Option<Diagnostic> {
    let name = &target.name.value;
    let Setting::Off(off) = &target.main.probes.readiness else {
        return None;
    };
    Some(
        Diagnostic::warning(
            "no-healthcheck",
            dependency.condition.span,
            format!(
                "`{}` waits until `{name}` is healthy, but `{name}` has its health check switched \
                 off: it waits until its port answers",
                scope.name()
            ),
        )
        .related(off.span, "switched off here")
        .help(format!(
            "give `{name}` a `healthcheck` with a `test`, or wait for `service_started`"
        )),
    )
}

/// Why a Job cannot be waited for, and how that is put right.
const NO_API: (&str, &str) = (
    "but from its networks it does not reach the API server, which knows of the end of Jobs",
    "put it on a further network that is not internal",
);

fn why_apart(apart: Apart) -> (&'static str, &'static str) {
    match apart {
        Apart::NoWayOut => (
            "but it has no network (`network_mode: none`)",
            "leave `network_mode` out",
        ),
        Apart::NoWayIn => (
            "which has no network (`network_mode: none`)",
            "leave `network_mode` of the other out",
        ),
        Apart::NothingShared => (
            "but they share no network, and policies keep networks apart",
            "put both on one network",
        ),
        Apart::OnTheNode => (
            "but it is on its node's network, from which policies let nobody in",
            "put both on one network of the project",
        ),
    }
}

/// To wait for what is never reached would be to wait for ever.
fn cut_off(
    scope: &Scope<'_>,
    dependency: &Dependency,
    target: &App,
    (why, help): (&str, &str),
) -> Diagnostic {
    let name = &target.name.value;
    Diagnostic::warning(
        "no-wait",
        dependency.on.span,
        format!(
            "`{}` depends on `{name}`, {why}: both start at once",
            scope.name()
        ),
    )
    .related(target.name.span, format!("`{name}` is here"))
    .help(help)
}

fn nothing_answers(
    scope: &Scope<'_>,
    dependency: &Dependency,
    target: &App,
    is_silent: bool,
) -> Diagnostic {
    let name = &target.name.value;
    let why = match is_silent {
        true => "has no port to wait for, and no Service that its name leads to",
        false => "has no TCP port to wait for",
    };
    let help = match &target.workload {
        Workload::Job(_) | Workload::CronJob(_) => format!(
            "wait for its end: the condition `completed` (`service_completed_successfully` in \
             compose), or let `{}` try again until its work is done",
            scope.name()
        ),
        Workload::Deployment(_) | Workload::StatefulSet(_) | Workload::DaemonSet(_) => format!(
            "give `{name}` the port that it listens on, or let `{}` try again until it is there",
            scope.name()
        ),
    };
    Diagnostic::warning(
        "no-wait",
        dependency.on.span,
        format!(
            "`{}` depends on `{name}`, which {why}: both start at once",
            scope.name()
        ),
    )
    .related(target.name.span, format!("`{name}` is here"))
    .help(help)
}

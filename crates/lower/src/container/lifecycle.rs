//! What runs at a container's start and before its end.
//!
//! <https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/>

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kubewright_model::lifecycle::Hook;
use kubewright_model::probe::ProbePort;
use kubewright_source::Diagnostic;

use crate::aspect::{Aspect, ContainerScope, Draft};
use crate::service;

pub(crate) const ASPECT: Aspect = Aspect { container, pod };

fn container(scope: &ContainerScope<'_>, container: &mut core::Container, draft: &mut Draft) {
    let given = &scope.container.lifecycle;
    let mut lifecycle = core::Lifecycle {
        post_start: given.post_start.as_ref().map(|hook| handler(scope, hook)),
        pre_stop: given.pre_stop.as_ref().map(|hook| handler(scope, hook)),
        stop_signal: None,
    };
    for hook in [&given.post_start, &given.pre_stop].into_iter().flatten() {
        draft.diagnostics.extend(too_long(scope, hook));
    }
    super::stop_signal::apply(scope, &mut lifecycle, draft);
    container.lifecycle = (lifecycle != core::Lifecycle::default()).then_some(lifecycle);
}

fn pod(scope: &crate::aspect::Scope<'_>, draft: &mut Draft) {
    let grace = scope.app.grace_period.as_ref();
    draft.pod.termination_grace_period_seconds = grace
        .map(|grace| i64::from(grace.seconds_up()))
        .filter(|seconds| *seconds != 30);
}

/// The seconds that a pod has to end where nothing is said.
const GRACE: u32 = 30;

/// No hook may sleep for longer than the pod has to end.
fn too_long(scope: &ContainerScope<'_>, hook: &Hook) -> Option<Diagnostic> {
    let Hook::Sleep(time) = hook else {
        return None;
    };
    let grace = scope.app.app.grace_period.as_ref();
    let grace = grace.map_or(GRACE, |grace| grace.seconds_up());
    let said = Diagnostic::error(
        "bad-value",
        time.span,
        format!(
            "a hook of `{}` sleeps for {}, and the pod has {grace}s to end",
            scope.prefix, time.value
        ),
    );
    (time.seconds_up() > grace)
        .then(|| said.help("give it more time to end (`grace_period`), or let it sleep less"))
}

fn handler(scope: &ContainerScope<'_>, hook: &Hook) -> core::LifecycleHandler {
    let mut handler = core::LifecycleHandler::default();
    match hook {
        Hook::Exec(command) => {
            handler.exec = Some(core::ExecAction {
                command: Some(command.to_argv()),
            });
        }
        Hook::Http { path, port } => {
            let ports = service::ports(scope.app.app, scope.app.infrastructure);
            let primary = ports
                .first()
                .map_or(80, |port| i32::from(port.container_port.get()));
            handler.http_get = Some(core::HTTPGetAction {
                path: Some(path.value.clone()),
                port: match port {
                    Some(ProbePort::Number(number)) => IntOrString::Int(i32::from(number.get())),
                    Some(ProbePort::Name(name)) => IntOrString::String(name.as_str().to_owned()),
                    None => IntOrString::Int(primary),
                },
                ..core::HTTPGetAction::default()
            });
        }
        Hook::Sleep(time) => {
            handler.sleep = Some(core::SleepAction {
                seconds: i64::from(time.seconds_up()),
            });
        }
    }
    handler
}

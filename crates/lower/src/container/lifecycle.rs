//! What runs at a container's start and before its end.
//!
//! <https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/>

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kubewright_model::lifecycle::Hook;
use kubewright_model::probe::ProbePort;

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
    super::stop_signal::apply(scope, &mut lifecycle, draft);
    container.lifecycle = (lifecycle != core::Lifecycle::default()).then_some(lifecycle);
}

fn pod(scope: &crate::aspect::Scope<'_>, draft: &mut Draft) {
    let grace = scope.app.grace_period.as_ref();
    draft.pod.termination_grace_period_seconds = grace
        .map(|grace| i64::from(grace.seconds_up()))
        .filter(|seconds| *seconds != 30);
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

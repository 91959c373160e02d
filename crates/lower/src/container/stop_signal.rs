//! The signal that asks a container to end.
//!
//! Kubernetes sends the image's own signal, else `SIGTERM`. Where the version
//! has no field for another, a hook before the end sends it and waits until the
//! process is gone or the grace period is over.
//!
//! <https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/>

use k8s_openapi::api::core::v1 as core;
use kubewright_model::Located;
use kubewright_model::lifecycle::StopSignal;
use kubewright_source::Diagnostic;

use crate::aspect::{ContainerScope, Draft};
use crate::feature::{self, Feature};

/// Gives the container its signal, by the field or by a hook.
pub(super) fn apply(
    scope: &ContainerScope<'_>,
    lifecycle: &mut core::Lifecycle,
    draft: &mut Draft,
) {
    let Some(signal) = &scope.container.lifecycle.stop_signal else {
        return;
    };
    let version = feature::version(scope.app.lowering);
    if Feature::ContainerStopSignals.is_in(version) {
        lifecycle.stop_signal = Some(signal.as_str().to_owned());
        // The API server takes a signal only for a pod that says its system.
        draft.pod.os = Some(core::PodOS {
            name: "linux".to_owned(),
        });
        return;
    }
    let diagnostic = match signal.as_str() {
        // What happens anyway.
        "SIGTERM" => None,
        // The first process of a container cannot be sent these from inside.
        "SIGKILL" | "SIGSTOP" => Some(cannot_be_sent(scope, signal)),
        _ => Some(by_hook(scope, signal, lifecycle)),
    };
    draft.diagnostics.extend(diagnostic);
}

fn by_hook(
    scope: &ContainerScope<'_>,
    signal: &Located<StopSignal>,
    lifecycle: &mut core::Lifecycle,
) -> Diagnostic {
    let before = lifecycle.pre_stop.take();
    let first = match before {
        None => None,
        Some(core::LifecycleHandler {
            exec: Some(exec), ..
        }) => exec.command,
        Some(other) => {
            lifecycle.pre_stop = Some(other);
            return hook_is_taken(scope, signal);
        }
    };
    lifecycle.pre_stop = Some(core::LifecycleHandler {
        exec: Some(core::ExecAction {
            command: Some(command(signal, first)),
        }),
        ..core::LifecycleHandler::default()
    });
    Diagnostic::warning(
        "stop-signal",
        signal.span,
        format!(
            "a hook before the end sends {} to `{}`: Kubernetes itself sends the image's own \
             signal, which these versions cannot set",
            signal.as_str(),
            scope.prefix
        ),
    )
    .help(
        "the hook needs a shell in the image; better, write `STOPSIGNAL` in its Dockerfile and \
         leave `stop_signal` out",
    )
}

/// Sends the signal and waits for the end, since `SIGTERM` follows the hook.
fn command(signal: &Located<StopSignal>, first: Option<Vec<String>>) -> Vec<String> {
    let send = format!(
        "kill -{} 1; while kill -0 1 2>/dev/null; do sleep 1; done",
        for_shell(signal.as_str())
    );
    let shell = |line: String| vec!["sh".to_owned(), "-c".to_owned(), line];
    let Some(first) = first else {
        return shell(send);
    };
    // What the hook runs already comes as arguments: nothing in it needs quotes.
    let mut all = shell(format!("\"$@\"; {send}"));
    all.push("sh".to_owned());
    all.extend(first);
    all
}

/// The signal as every shell's `kill` takes it: real-time signals by number.
fn for_shell(signal: &str) -> String {
    let name = signal.strip_prefix("SIG").unwrap_or(signal);
    let step = |rest: &str| {
        rest.get(1..)
            .and_then(|n| n.parse::<u8>().ok())
            .unwrap_or(0)
    };
    if let Some(rest) = name.strip_prefix("RTMIN") {
        return (34 + step(rest)).to_string();
    }
    if let Some(rest) = name.strip_prefix("RTMAX") {
        return (64 - step(rest).min(30)).to_string();
    }
    name.to_owned()
}

fn cannot_be_sent(scope: &ContainerScope<'_>, signal: &Located<StopSignal>) -> Diagnostic {
    Diagnostic::warning(
        "stop-signal",
        signal.span,
        format!(
            "`{}` ends by the image's own signal first: Kubernetes sends {} only when the grace \
             period is over",
            scope.prefix,
            signal.as_str()
        ),
    )
    .help("write `stop_grace_period: 0s` to end it at once")
}

fn hook_is_taken(scope: &ContainerScope<'_>, signal: &Located<StopSignal>) -> Diagnostic {
    Diagnostic::warning(
        "stop-signal",
        signal.span,
        format!(
            "`{}` has a hook before its end already, so that nothing sends {}",
            scope.prefix,
            signal.as_str()
        ),
    )
    .help("write `STOPSIGNAL` in the image's Dockerfile")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_as_shells_take_them() {
        let rows = [
            ("SIGINT", "INT"),
            ("SIGRTMIN", "34"),
            ("SIGRTMIN+3", "37"),
            ("SIGRTMAX-14", "50"),
        ];
        for (signal, expected) in rows {
            assert_eq!(for_shell(signal), expected);
        }
    }
}

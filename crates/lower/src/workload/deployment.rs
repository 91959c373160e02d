//! <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/>

use k8s_openapi::api::apps::v1::{
    Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment,
};
use kubewright_model::workload::{self as model, DeploymentStrategy as Strategy};
use kubewright_source::Diagnostic;

use super::{metadata, seconds, template};
use crate::aspect::{Draft, Scope};
use crate::availability::int_or_string;
use crate::scaling::replicas;
use crate::volume::writes_alone;

pub(super) fn object(scope: &Scope<'_>, model: &model::Deployment, draft: Draft) -> Deployment {
    Deployment {
        metadata: metadata(scope),
        spec: Some(DeploymentSpec {
            replicas: replicas(&model.scaling),
            selector: scope.selector(),
            strategy: strategy(scope, model),
            min_ready_seconds: seconds(&model.min_ready),
            progress_deadline_seconds: progress_deadline(seconds(&model.min_ready)),
            template: template(scope, draft),
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}

/// Kubernetes gives a rollout 600 seconds and refuses pods that must be ready for
/// longer: such a rollout gets as much on top.
/// <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds>
fn progress_deadline(min_ready: Option<i32>) -> Option<i32> {
    const USUAL: i32 = 600;
    min_ready
        .filter(|seconds| *seconds >= USUAL)
        .map(|seconds| seconds.saturating_add(USUAL))
}

/// Where nothing is said and a claim can be mounted by one node alone, the old
/// pod ends before the new one starts: otherwise the new one would wait for ever
/// on another node.
fn strategy(scope: &Scope<'_>, model: &model::Deployment) -> Option<DeploymentStrategy> {
    let recreate = || DeploymentStrategy {
        type_: Some("Recreate".to_owned()),
        rolling_update: None,
    };
    match model.strategy.as_ref().map(|strategy| &strategy.value) {
        Some(Strategy::Recreate) => Some(recreate()),
        Some(Strategy::RollingUpdate {
            max_surge,
            max_unavailable,
        }) => {
            let rolling_update = RollingUpdateDeployment {
                max_surge: max_surge.as_ref().map(|surge| int_or_string(surge.value)),
                max_unavailable: max_unavailable
                    .as_ref()
                    .map(|away| int_or_string(away.value)),
            };
            Some(DeploymentStrategy {
                type_: Some("RollingUpdate".to_owned()),
                rolling_update: (rolling_update != RollingUpdateDeployment::default())
                    .then_some(rolling_update),
            })
        }
        None => writes_alone(scope).then(recreate),
    }
}

/// With neither more pods than wanted nor fewer, none is ever replaced.
pub(super) fn frozen(scope: &Scope<'_>, model: &model::Deployment) -> Option<Diagnostic> {
    let strategy = model.strategy.as_ref()?;
    let Strategy::RollingUpdate {
        max_surge: Some(surge),
        max_unavailable: Some(away),
    } = &strategy.value
    else {
        return None;
    };
    let is_frozen = surge.value.is_zero() && away.value.is_zero();
    is_frozen.then(|| super::frozen(scope, away.span))
}

/// A claim of one node alone, and pods that are to overlap: the new one waits
/// for ever where it lands on another node.
pub(super) fn stuck(scope: &Scope<'_>, model: &model::Deployment) -> Option<Diagnostic> {
    let strategy = model.strategy.as_ref()?;
    let overlaps = match &strategy.value {
        Strategy::Recreate => false,
        Strategy::RollingUpdate { max_surge, .. } => !max_surge
            .as_ref()
            .is_some_and(|surge| surge.value.is_zero()),
    };
    let said = Diagnostic::warning(
        "stuck-rollout",
        strategy.span,
        format!(
            "`{}` is rolled out pod by pod, but its claim is mounted by one node at a time: a new \
             pod on another node waits for ever",
            scope.name()
        ),
    );
    (overlaps && writes_alone(scope))
        .then(|| said.help("choose the strategy `Recreate`, or a volume that many nodes may mount"))
}

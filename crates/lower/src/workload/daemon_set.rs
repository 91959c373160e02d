//! <https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/>

use k8s_openapi::api::apps::v1::{
    DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy, RollingUpdateDaemonSet,
};
use kubewright_model::value::IntOrPercentage;
use kubewright_model::workload::{self as model, DaemonSetStrategy};
use kubewright_source::Diagnostic;

use super::{metadata, seconds, template};
use crate::aspect::{Draft, Scope};
use crate::availability::int_or_string;

pub(super) fn object(scope: &Scope<'_>, model: &model::DaemonSet, draft: Draft) -> DaemonSet {
    DaemonSet {
        metadata: metadata(scope),
        spec: Some(DaemonSetSpec {
            selector: scope.selector(),
            update_strategy: model
                .strategy
                .as_ref()
                .map(|strategy| self::strategy(&strategy.value)),
            min_ready_seconds: seconds(&model.min_ready),
            template: template(scope, draft),
            ..DaemonSetSpec::default()
        }),
        ..DaemonSet::default()
    }
}

/// A node gets a second pod meanwhile, or goes without one; one of the two, and not
/// both.
pub(super) fn crossed(scope: &Scope<'_>, model: &model::DaemonSet) -> Option<Diagnostic> {
    let DaemonSetStrategy::RollingUpdate {
        max_surge,
        max_unavailable: Some(away),
    } = &model.strategy.as_ref()?.value
    else {
        return None;
    };
    let surge = max_surge.as_ref().filter(|surge| !surge.value.is_zero());
    match surge {
        None => away
            .value
            .is_zero()
            .then(|| super::frozen(scope, away.span)),
        Some(surge) if !away.value.is_zero() => {
            let message = format!(
                "nodes are to have a second pod of `{}` meanwhile, and to go without one",
                scope.name()
            );
            let said = Diagnostic::error("bad-value", surge.span, message);
            let said = said.related(away.span, "so many go without one");
            Some(said.help("take `max_surge` or `max_unavailable` away"))
        }
        Some(_) => None,
    }
}

fn strategy(strategy: &DaemonSetStrategy) -> DaemonSetUpdateStrategy {
    match strategy {
        DaemonSetStrategy::OnDelete => DaemonSetUpdateStrategy {
            type_: Some("OnDelete".to_owned()),
            rolling_update: None,
        },
        DaemonSetStrategy::RollingUpdate {
            max_surge,
            max_unavailable,
        } => {
            // Kubernetes' own is that one node goes without, which a surge excludes.
            let surges = max_surge
                .as_ref()
                .is_some_and(|surge| !surge.value.is_zero());
            let unsaid = surges.then_some(IntOrPercentage::Int(0));
            let away = max_unavailable.as_ref().map(|away| away.value).or(unsaid);
            let rolling_update = RollingUpdateDaemonSet {
                max_surge: max_surge.as_ref().map(|surge| int_or_string(surge.value)),
                max_unavailable: away.map(int_or_string),
            };
            DaemonSetUpdateStrategy {
                type_: Some("RollingUpdate".to_owned()),
                rolling_update: (rolling_update != RollingUpdateDaemonSet::default())
                    .then_some(rolling_update),
            }
        }
    }
}

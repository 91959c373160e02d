//! <https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/>

use k8s_openapi::api::apps::v1::{
    DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy, RollingUpdateDaemonSet,
};
use kubewright_model::workload::{self as model, DaemonSetStrategy};

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
            let rolling_update = RollingUpdateDaemonSet {
                max_surge: max_surge.as_ref().map(|surge| int_or_string(surge.value)),
                max_unavailable: max_unavailable
                    .as_ref()
                    .map(|away| int_or_string(away.value)),
            };
            DaemonSetUpdateStrategy {
                type_: Some("RollingUpdate".to_owned()),
                rolling_update: (rolling_update != RollingUpdateDaemonSet::default())
                    .then_some(rolling_update),
            }
        }
    }
}

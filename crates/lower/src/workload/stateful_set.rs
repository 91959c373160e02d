//! <https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/>

use k8s_openapi::api::apps::v1::{
    RollingUpdateStatefulSetStrategy, StatefulSet, StatefulSetSpec, StatefulSetUpdateStrategy,
};
use kubewright_model::workload::{self as model, PodManagement, StatefulSetStrategy};
use kubewright_source::Diagnostic;

use super::{metadata, seconds, template};
use crate::aspect::{Draft, Scope};
use crate::availability::int_or_string;
use crate::feature::{self, Feature};
use crate::scaling::{replicas, to_i32};
use crate::service::governing_name;

pub(super) fn object(
    scope: &Scope<'_>,
    model: &model::StatefulSet,
    mut draft: Draft,
) -> StatefulSet {
    let claims = std::mem::take(&mut draft.claim_templates);
    let one_by_one = !Feature::MaxUnavailableStatefulSet.is_in(feature::version(scope.lowering));
    StatefulSet {
        metadata: metadata(scope),
        spec: Some(StatefulSetSpec {
            service_name: governing_name(scope.app),
            replicas: replicas(&model.scaling),
            selector: scope.selector(),
            pod_management_policy: model
                .pod_management
                .as_ref()
                .filter(|management| management.value == PodManagement::Parallel)
                .map(|_| "Parallel".to_owned()),
            update_strategy: model
                .strategy
                .as_ref()
                .and_then(|strategy| self::strategy(&strategy.value, one_by_one)),
            min_ready_seconds: seconds(&model.min_ready),
            template: template(scope, draft),
            volume_claim_templates: (!claims.is_empty()).then_some(claims),
            ..StatefulSetSpec::default()
        }),
        ..StatefulSet::default()
    }
}

/// None where it is Kubernetes' own.
fn strategy(strategy: &StatefulSetStrategy, one_by_one: bool) -> Option<StatefulSetUpdateStrategy> {
    let strategy = match strategy {
        StatefulSetStrategy::OnDelete => StatefulSetUpdateStrategy {
            type_: Some("OnDelete".to_owned()),
            rolling_update: None,
        },
        StatefulSetStrategy::RollingUpdate {
            partition,
            max_unavailable,
        } => {
            let rolling_update = RollingUpdateStatefulSetStrategy {
                partition: partition
                    .as_ref()
                    .map(|partition| to_i32(partition.value))
                    .filter(|partition| *partition > 0),
                max_unavailable: max_unavailable
                    .as_ref()
                    .filter(|_| !one_by_one)
                    .map(|away| int_or_string(away.value)),
            };
            StatefulSetUpdateStrategy {
                type_: Some("RollingUpdate".to_owned()),
                rolling_update: (rolling_update != RollingUpdateStatefulSetStrategy::default())
                    .then_some(rolling_update),
            }
        }
    };
    let unsaid = strategy.type_.as_deref() == Some("RollingUpdate");
    (!unsaid || strategy.rolling_update.is_some()).then_some(strategy)
}

/// A number of pods at once, in a version that replaces them one by one.
pub(super) fn one_by_one(scope: &Scope<'_>, model: &model::StatefulSet) -> Option<Diagnostic> {
    let version = feature::version(scope.lowering);
    let Some(StatefulSetStrategy::RollingUpdate {
        max_unavailable: Some(away),
        ..
    }) = model.strategy.as_ref().map(|strategy| &strategy.value)
    else {
        return None;
    };
    let said = Diagnostic::warning(
        "not-carried",
        away.span,
        format!("Kubernetes {version} replaces the pods of a StatefulSet one by one"),
    );
    (!Feature::MaxUnavailableStatefulSet.is_in(version))
        .then(|| said.help("leave the number of pods that are replaced at once out"))
}

//! What all of KEDA's scalers have in common.
//!
//! <https://keda.sh/docs/latest/reference/scaledobject-spec/>

use kubewright_model::Given;
use kubewright_model::scaling::Bounds;
use kubewright_model::value::Duration;
use kubewright_objects::Object;
use kubewright_objects::keda::{
    Advanced, AutoscalerConfig, ScaleTarget, ScaledObject, ScaledObjectSpec, Trigger,
};
use kubewright_source::Diagnostics;

use super::{behavior, to_i32};
use crate::aspect::{Scope, name_too_long};

/// The namespace that KEDA and its add-ons run in.
pub(crate) const NAMESPACE: &str = "keda";

/// Labels of the autoscaler that KEDA makes have the object's name as a value.
const LONGEST: usize = 63;

/// The ScaledObject of an app.
pub(super) fn scaled_object(
    scope: &Scope<'_>,
    name: String,
    bounds: &Bounds,
    triggers: Vec<Trigger>,
) -> ScaledObject {
    let kind = scope.app.workload.kind();
    ScaledObject {
        metadata: scope.metadata(name),
        spec: ScaledObjectSpec {
            scale_target_ref: ScaleTarget {
                kind: (kind != "Deployment").then(|| kind.to_owned()),
                name: scope.name().to_owned(),
            },
            min_replica_count: fewest(bounds),
            max_replica_count: to_i32(bounds.most_pods()),
            advanced: behavior(bounds).map(|behavior| Advanced {
                horizontal_pod_autoscaler_config: AutoscalerConfig { behavior },
            }),
            triggers,
            ..ScaledObjectSpec::default()
        },
    }
}

/// The fewest pods, where somebody says so.
pub(super) fn fewest(bounds: &Bounds) -> Option<i32> {
    bounds.min_instances.as_ref().map(|min| to_i32(min.value))
}

/// Whole seconds, where some are given.
pub(super) fn seconds(given: &Given<Duration>) -> Option<i32> {
    given.as_ref().map(|given| to_i32(given.seconds_up()))
}

/// The objects, unless the name that ends so would be too long.
pub(super) fn named(
    scope: &Scope<'_>,
    suffix: &str,
    objects: Vec<Object>,
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let long = name_too_long(scope, "scaling by KEDA", LONGEST - suffix.len());
    diagnostics.extend(long);
    objects
}

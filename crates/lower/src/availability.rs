//! Pods of one app on different nodes, and how many may be away at once.
//!
//! <https://kubernetes.io/docs/tasks/run-application/configure-pdb/>,
//! <https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/>

use k8s_openapi::api::core::v1::TopologySpreadConstraint;
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kubewright_model::app::DisruptionBudget;
use kubewright_model::placement::{Spread, WhenUnsatisfiable};
use kubewright_model::value::IntOrPercentage;
use kubewright_source::Diagnostic;

use crate::aspect::{Aspect, Draft, Scope};
use crate::scaling;

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    let several = scaling::fewest_pods(&scope.app.workload) >= 2;
    let spread: Vec<TopologySpreadConstraint> = match scope.app.placement.spread.as_slice() {
        [] if several => vec![over_nodes(scope)],
        given => given
            .iter()
            .map(|spread| constraint(scope, spread))
            .collect(),
    };
    draft.diagnostics.extend(spread_twice(scope));
    draft.pod.topology_spread_constraints = (!spread.is_empty()).then_some(spread);
    if let Some(budget) = budget(scope, several) {
        draft.objects.push(scope.object(budget));
    }
    draft.diagnostics.extend(blocking(scope));
}

/// The warning `blocking-budget`: as long as there are no more pods than the budget
/// keeps, no node that has one of them can be drained.
fn blocking(scope: &Scope<'_>) -> Option<Diagnostic> {
    scope.app.workload.scaling()?;
    let fewest = scaling::fewest_pods(&scope.app.workload).max(1);
    let (given, blocks) = match scope.app.disruption_budget.as_ref()? {
        DisruptionBudget::MinAvailable(min) => (
            min,
            match min.value {
                IntOrPercentage::Int(count) => count >= fewest,
                IntOrPercentage::Percentage(share) => share >= 100,
            },
        ),
        DisruptionBudget::MaxUnavailable(max) => (
            max,
            matches!(
                max.value,
                IntOrPercentage::Int(0) | IntOrPercentage::Percentage(0)
            ),
        ),
        DisruptionBudget::Off(_) => return None,
    };
    let there = if fewest == 1 { "there is" } else { "there are" };
    let message = format!(
        "the budget of `{}` lets no pod go while {there} {fewest}: nodes cannot be drained then",
        scope.name()
    );
    blocks.then(|| {
        Diagnostic::warning("blocking-budget", given.span, message)
            .help("write `max_unavailable: 1`, or let there be more pods at least")
    })
}

/// Pods are spread over the same places in the same way once.
fn spread_twice(scope: &Scope<'_>) -> Option<Diagnostic> {
    let key = |spread: &Spread| {
        let when = spread.when_unsatisfiable.as_ref().map(|when| when.value);
        (spread.topology_key.value.clone(), when.unwrap_or_default())
    };
    let all = &scope.app.placement.spread;
    let (at, second) = all
        .iter()
        .enumerate()
        .find(|(at, spread)| all[..*at].iter().any(|first| key(first) == key(spread)))?;
    let first = all[..at].iter().find(|first| key(first) == key(second))?;
    let message = format!(
        "`{}` is spread over `{}` twice",
        scope.name(),
        second.topology_key.value
    );
    let said = Diagnostic::error("name-taken", second.topology_key.span, message);
    let said = said.related(first.topology_key.span, "it is here first");
    Some(said.help("take one of the two away"))
}

/// A wish, not a condition: on a cluster of one node all pods still start.
fn over_nodes(scope: &Scope<'_>) -> TopologySpreadConstraint {
    TopologySpreadConstraint {
        max_skew: 1,
        topology_key: "kubernetes.io/hostname".to_owned(),
        when_unsatisfiable: "ScheduleAnyway".to_owned(),
        label_selector: Some(scope.selector()),
        ..TopologySpreadConstraint::default()
    }
}

fn constraint(scope: &Scope<'_>, spread: &Spread) -> TopologySpreadConstraint {
    let when = spread
        .when_unsatisfiable
        .as_ref()
        .map(|when| when.value)
        .unwrap_or_default();
    TopologySpreadConstraint {
        max_skew: spread
            .max_skew
            .as_ref()
            .map_or(1, |skew| i32::try_from(skew.get()).unwrap_or(i32::MAX)),
        topology_key: spread.topology_key.as_str().to_owned(),
        when_unsatisfiable: match when {
            WhenUnsatisfiable::DoNotSchedule => "DoNotSchedule".to_owned(),
            WhenUnsatisfiable::ScheduleAnyway => "ScheduleAnyway".to_owned(),
        },
        label_selector: Some(scope.selector()),
        ..TopologySpreadConstraint::default()
    }
}

fn budget(scope: &Scope<'_>, several: bool) -> Option<PodDisruptionBudget> {
    let (min_available, max_unavailable) = match &scope.app.disruption_budget {
        Some(DisruptionBudget::MinAvailable(min)) => (Some(int_or_string(min.value)), None),
        Some(DisruptionBudget::MaxUnavailable(max)) => (None, Some(int_or_string(max.value))),
        Some(DisruptionBudget::Off(_)) => return None,
        None if several => (None, Some(IntOrString::Int(1))),
        None => return None,
    };
    Some(PodDisruptionBudget {
        metadata: scope.metadata(scope.name()),
        spec: Some(PodDisruptionBudgetSpec {
            min_available,
            max_unavailable,
            selector: Some(scope.selector()),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    })
}

/// A count or share, as Kubernetes writes it.
pub(crate) fn int_or_string(value: IntOrPercentage) -> IntOrString {
    match value {
        IntOrPercentage::Int(count) => IntOrString::Int(i32::try_from(count).unwrap_or(i32::MAX)),
        IntOrPercentage::Percentage(_) => IntOrString::String(value.to_string()),
    }
}

//! `autoscaling`.

use kubewright_model::Workload;
use kubewright_model::scaling::{Bounds, Hpa, Scaling};
use kubewright_model::value::Percentage;
use kubewright_model::{Given, Located};

use super::given::{count, given, is_empty, is_off, is_switched_off};
use super::kind::positive;
use crate::fields::{At, Fields};

/// Whether an autoscaler decides on the number of pods.
pub(super) fn is_on(fields: &Fields<'_>) -> bool {
    let node = fields.mapping().get("autoscaling");
    node.is_some_and(|node| !is_empty(node) && !node.get("enabled").is_some_and(is_off))
}

/// The autoscaler of the kinds that can have one.
pub(super) fn read(fields: &Fields<'_>, workload: &mut Workload) {
    let scaling = match workload {
        Workload::Deployment(deployment) => &mut deployment.scaling,
        Workload::StatefulSet(set) => &mut set.scaling,
        Workload::DaemonSet(_) | Workload::Job(_) | Workload::CronJob(_) => return,
    };
    let at = given(fields, "autoscaling");
    let Some(inner) = at.and_then(|at| at.fields(format!("`autoscaling` of {}", fields.what())))
    else {
        return;
    };
    if is_switched_off(&inner) {
        return;
    }
    let hpa = Hpa {
        bounds: Bounds {
            min_instances: count(&inner, "minReplicas"),
            max_instances: given(&inner, "maxReplicas").and_then(|at| positive(&at)),
            ..Bounds::default()
        },
        target_cpu: given(&inner, "targetCPU").and_then(|at| percentage(&at)),
        target_memory: given(&inner, "targetMemory").and_then(|at| percentage(&at)),
    };
    check(&inner, &hpa);
    inner.finish();
    *scaling = Scaling::Hpa(Box::new(hpa));
}

fn check(fields: &Fields<'_>, hpa: &Hpa) {
    let least = hpa.bounds.min_instances.as_ref().map_or(1, |min| min.value);
    let most = hpa
        .bounds
        .max_instances
        .as_ref()
        .map_or(10, |max| max.get());
    if least == 0 || least > most {
        fields.at().bad(
            format!("an autoscaler cannot keep between {least} and {most} pods"),
            "`minReplicas` is at least 1 and at most `maxReplicas`",
        );
    }
}

fn percentage(at: &At<'_>) -> Given<Percentage> {
    let text = at.scalar()?;
    let digits = text.map(|text| text.trim().trim_end_matches('%').to_owned());
    at.checked(&digits, |text| {
        let number = text.parse().unwrap_or(u64::MAX);
        Percentage::new(number)
    })
    .map(|share| Located::new(share.value, at.span()))
}

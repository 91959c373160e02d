//! Which rule made a field: lowering, watched step by step.

use kubewright_model::project::Entry;
use kubewright_objects::Object;
use kubewright_source::Diagnostics;

use crate::Lowering;
use crate::aspect::{self, ASPECTS};

/// A rule of lowering, as people are told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// One or two words: `network policies`.
    pub name: &'static str,
    /// What it decides.
    pub says: &'static str,
}

/// The objects of an entry after one more rule.
#[derive(Clone, Debug)]
pub struct Step {
    /// The rule that was applied last.
    pub rule: Rule,
    /// All objects of the entry, as they are then.
    pub objects: Vec<Object>,
}

/// Objects that belong to the whole project.
pub const SHARED: Rule = Rule {
    name: "shared objects",
    says: "what belongs to the project rather than to one service",
};

const WORKLOAD: Rule = Rule {
    name: "workload",
    says: "which kind runs the pods, its names, labels and selector",
};

const AFTER: Rule = Rule {
    name: "configuration hash, scaling and patches",
    says: "pods start again when their configuration changes; autoscalers; what the input changes in finished objects",
};

/// How an entry's objects come about, rule by rule; the last step has them as
/// [`Lowering::entry`] gives them.
pub fn steps(lowering: &Lowering<'_>, entry: &Entry) -> Vec<Step> {
    let Some(app) = entry.app() else {
        let objects = lowering.other(entry, &mut Diagnostics::default());
        return vec![Step {
            rule: SHARED,
            objects,
        }];
    };
    let infrastructure = matches!(entry, Entry::Infrastructure(_));
    let rules = ASPECTS.iter().map(|row| Rule {
        name: row.name,
        says: row.says,
    });
    let mut steps: Vec<Step> = std::iter::once(WORKLOAD)
        .chain(rules)
        .enumerate()
        .map(|(count, rule)| Step {
            rule,
            objects: aspect::after_aspects(lowering, app, infrastructure, count),
        })
        .collect();
    let mut said = Diagnostics::default();
    steps.push(Step {
        rule: AFTER,
        objects: aspect::lower_app(lowering, app, infrastructure, &mut said),
    });
    steps
}

//! The rule of lowering that makes a field.

use kubewright_emit::manifests::{self, Context};
use kubewright_lower::Lowering;
use kubewright_lower::trace::{self, Rule};
use kubewright_model::Project;
use kubewright_objects::Object;
use kubewright_source::{Diagnostics, Sources, Span};

use super::field::Fields;
use super::probe::Probe;
use crate::Outcome;

/// How lowering came to a field.
pub(super) struct Made {
    /// The last rule after which the field is what it is in the end.
    pub(super) rule: Option<Rule>,
    /// What asked for its object.
    pub(super) origin: Option<Span>,
}

/// How lowering came to a field.
pub(super) fn of_field(probe: &Probe<'_>, file: &str, path: &str) -> Made {
    found(probe, file, path).unwrap_or(Made {
        rule: None,
        origin: None,
    })
}

fn found(probe: &Probe<'_>, file: &str, path: &str) -> Option<Made> {
    let mut outcome = Outcome::default();
    let projects = crate::read(
        probe.request,
        probe.files,
        probe.environment,
        &|| false,
        &mut outcome,
    )?;
    // Of several environments, each has a folder that is called like it; a form may
    // want one of its own within that.
    let is_meant = |project: &&Project| {
        let environment = project.facts.environment.as_ref().map(|name| name.as_str());
        let mut folders = file.rsplit('/').skip(1);
        projects.len() < 2 || folders.any(|folder| Some(folder) == environment)
    };
    let project = projects.iter().find(is_meant)?;
    let lowering = Lowering::new(project, probe.request.lowering);
    let within = lowering.within();
    let name = file.rsplit('/').next().unwrap_or(file);
    // Where two would meet, their namespaces stand in front.
    let plain = |object: &Object| manifests::file_name(object) == name;
    let separated = |object: &Object| {
        let own = manifests::file_name(object);
        let namespace = object.namespace();
        namespace.is_some_and(|namespace| format!("{namespace}-{own}") == name)
    };
    let lowerings = || std::iter::once(&lowering).chain(&within);
    let look = |is_file: &dyn Fn(&Object) -> bool| {
        lowerings().find_map(|lowering| of_lowering(lowering, path, &outcome.sources, is_file))
    };
    look(&plain).or_else(|| look(&separated))
}

/// How the object of one file came out of a project.
fn of_lowering(
    lowering: &Lowering<'_>,
    path: &str,
    sources: &Sources,
    is_file: &dyn Fn(&Object) -> bool,
) -> Option<Made> {
    let shared = lowering.shared(&mut Diagnostics::default());
    if let Some(object) = shared.iter().find(|object| is_file(object)) {
        return Some(Made {
            rule: Some(trace::SHARED),
            origin: Some(object.origin.span),
        });
    }
    for entry in lowering.project().entries.values() {
        let objects = lowering.entry(entry, &mut Diagnostics::default());
        let Some(object) = objects.iter().find(|object| is_file(object)) else {
            continue;
        };
        let values: Vec<(Rule, Option<String>)> = trace::steps(lowering, entry)
            .iter()
            .map(|step| {
                let object = step.objects.iter().find(|object| is_file(object));
                let value = object.and_then(|object| value_of(object, path, sources));
                (step.rule, value)
            })
            .collect();
        return Some(Made {
            rule: last_change(&values),
            origin: Some(object.origin.span),
        });
    }
    None
}

/// The rule with which the value becomes what it stays.
fn last_change(values: &[(Rule, Option<String>)]) -> Option<Rule> {
    let (_, last) = values.last()?;
    let same = values.iter().rev().take_while(|(_, value)| value == last);
    same.last().map(|(rule, _)| *rule)
}

fn value_of(object: &Object, path: &str, sources: &Sources) -> Option<String> {
    let context = Context {
        sources,
        project_folder: "",
        environment: None,
    };
    let file = manifests::file(object, &context, &mut String::new()).ok()?;
    let fields = Fields::of_text(&file.text);
    fields
        .has(path)
        .then(|| format!("{:?}", fields.below(path)))
}

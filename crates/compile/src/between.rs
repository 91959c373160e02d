//! How two environments differ.

use kubewright_emit::between::{Field, between as compare};
use kubewright_files::{File, Files};
use kubewright_read::Environment;

use crate::forms::Chosen;
use crate::{Outcome, Request};

/// An object that is not the same in both environments.
#[derive(Clone, Debug)]
pub struct Differing {
    /// Its manifest in each environment; none where it is not there.
    pub manifests: [Option<File>; 2],
    /// What differs in it, where both have it.
    pub fields: Vec<Field>,
}

/// Compiles two environments and compares their objects. What is compared is what
/// flat manifests hold. The outcome has no files; where it has errors, nothing was
/// compared.
pub fn between(
    request: &Request,
    names: [&str; 2],
    files: &dyn Files,
    environment: &Environment,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> (Outcome, Vec<Differing>) {
    let request = Request {
        environments: names.map(str::to_owned).to_vec(),
        formats: vec![crate::Format::Manifests],
        ..request.clone()
    };
    let mut outcome = Outcome::default();
    let go_on = || false;
    let Some(projects) = crate::projects(&request, files, environment, &go_on, &mut outcome) else {
        return (outcome, Vec::new());
    };
    let chosen = Chosen::of_objects();
    let mut sides = [const { None }; 2];
    for project in projects {
        let compiled = crate::objects(project, &chosen, &request, &mut outcome, progress, &go_on);
        let Some(compiled) = compiled else {
            return (outcome, Vec::new());
        };
        let own = compiled
            .environment
            .as_ref()
            .map(|own| own.as_str().to_owned());
        let at = names.iter().position(|name| Some(*name) == own.as_deref());
        sides[at.unwrap_or(0)] = Some(compiled.made);
    }
    crate::conceal::of_said(&outcome.diagnostics, &mut outcome.sources);
    // One environment named twice is no pair.
    let [Some(one), Some(two)] = &sides else {
        return (outcome, Vec::new());
    };
    let differing = match compare([&one.objects, &two.objects]) {
        Ok(differing) => differing,
        Err(problem) => {
            outcome.diagnostics.push(*problem);
            return (outcome, Vec::new());
        }
    };
    let manifest = |files: &[File], at: Option<usize>| at.and_then(|at| files.get(at)).cloned();
    let differing = differing.into_iter().map(|found| Differing {
        manifests: [
            manifest(&one.files, found.at[0]),
            manifest(&two.files, found.at[1]),
        ],
        fields: found.fields,
    });
    let differing = differing.collect();
    (outcome, differing)
}

//! Pods kept within a standard, where one is asked for.
//!
//! - `baseline`: what the standard forbids, found in a finished pod;
//! - `restricted`: what the stricter standard wants, written into the pod, and
//!   what cannot be made to fit;
//! - `place`: which line of the input asked for it.
//!
//! A test of the whole line holds this against the API server's own admission.
//!
//! <https://kubernetes.io/docs/concepts/security/pod-security-standards/>

mod baseline;
mod place;
mod restricted;

use k8s_openapi::api::core::v1 as core;
use kubewright_model::security::SecurityProfile;
use kubewright_source::Diagnostic;

use crate::Lowering;
use crate::aspect::{Aspect, Draft, Scope};

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

/// What a standard forbids, found in a pod.
struct Violation {
    /// What of the model asked for it.
    matter: place::Matter,
    /// Behind the app's name: `runs as root`.
    what: String,
    /// How to put it right.
    help: &'static str,
}

/// The standard of an app: its own, else the environment's.
fn level(scope: &Scope<'_>) -> Option<SecurityProfile> {
    let own = scope.app.security.profile.as_ref();
    let own = own.map(|profile| profile.value);
    own.or_else(|| of_environment(scope.lowering))
}

fn of_environment(lowering: &Lowering<'_>) -> Option<SecurityProfile> {
    let profile = lowering.project.facts.security_profile.as_ref();
    profile.map(|profile| profile.value)
}

/// Whether what is not given is made secure.
pub(crate) fn hardens(scope: &Scope<'_>) -> bool {
    level(scope) != Some(SecurityProfile::None)
}

/// The labels by which a namespace holds all pods to the environment's standard.
///
/// <https://kubernetes.io/docs/concepts/security/pod-security-admission/>
pub(crate) fn namespace_labels(lowering: &Lowering<'_>) -> Vec<(String, String)> {
    let word = match of_environment(lowering) {
        Some(SecurityProfile::Baseline) => "baseline",
        Some(SecurityProfile::Restricted) => "restricted",
        Some(SecurityProfile::None) | None => return Vec::new(),
    };
    ["enforce", "warn"]
        .map(|mode| {
            let key = format!("pod-security.kubernetes.io/{mode}");
            (key, word.to_owned())
        })
        .to_vec()
}

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    let (word, mut found) = match level(scope) {
        Some(SecurityProfile::Baseline) => ("baseline", Vec::new()),
        Some(SecurityProfile::Restricted) => ("restricted", restricted::apply(scope, draft)),
        Some(SecurityProfile::None) | None => return,
    };
    found.extend(baseline::violations(draft));
    let mut said: Vec<String> = Vec::new();
    for violation in found {
        if said.contains(&violation.what) {
            continue;
        }
        draft.diagnostics.push(diagnostic(scope, word, &violation));
        said.push(violation.what);
    }
}

fn diagnostic(scope: &Scope<'_>, word: &str, violation: &Violation) -> Diagnostic {
    let image = scope.app.main.image_reference();
    let image = image.map_or_else(String::new, |image| format!(" (image `{image}`)"));
    let span = place::of(scope, &violation.matter);
    let message = format!(
        "`{}`{image} cannot keep the security profile `{word}`: it {}",
        scope.name(),
        violation.what
    );
    // What only the app itself asks of itself, no namespace enforces.
    let is_enforced = of_environment(scope.lowering).is_some();
    match (is_enforced, &scope.app.security.profile) {
        (false, Some(_)) => {
            let help = violation.help.replace("--security-profile ", "profile: ");
            Diagnostic::warning("security-profile", span, message).help(help)
        }
        (true, _) | (_, None) => {
            Diagnostic::error("security-profile", span, message).help(violation.help)
        }
    }
}

/// Every container of a pod that is being made.
fn containers(draft: &Draft) -> impl Iterator<Item = &core::Container> {
    let before = draft.waits.iter().chain(&draft.native_sidecars);
    let before = before.chain(&draft.init_containers);
    before.chain(&draft.containers)
}

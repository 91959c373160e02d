//! What is said of openings that policies leave, or that say nothing.

use kubewright_source::{Diagnostic, Diagnostics, Span};

use super::ingress::Who;
use super::{egress, ingress};
use crate::Lowering;
use crate::aspect::Scope;

/// A rule for whoever is admitted anyway.
pub(super) fn said(scope: &Scope<'_>, span: Span, may: &str, key: &str) -> Diagnostic {
    let message = format!(
        "everybody may {may}, so that this rule adds nothing for `{}`",
        scope.name()
    );
    Diagnostic::warning("no-effect", span, message)
        .help(format!("take {key} out, or remove the rule"))
}

/// A proxy talks to its control plane, and to other proxies at ports of its own.
pub(super) fn mesh(scope: &Scope<'_>) -> Option<Diagnostic> {
    let mesh = scope.app.mesh.as_ref()?;
    let message = format!(
        "the policy of `{}` does not know what its proxy needs: the mesh's control plane, and its ports",
        scope.name()
    );
    let said = Diagnostic::note("mesh-policy", mesh.provider.span, message);
    Some(said.help(
        "admit them with `allow_from` and `allow_to`, or leave who may talk to whom to the mesh",
    ))
}

/// Routes lead to guarded apps, and nobody knows where the controller runs: said
/// once.
pub(crate) fn report(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) {
    let project = lowering.project;
    let known = project.facts.ingress.as_ref();
    if known.is_some_and(|ingress| ingress.namespace.is_some()) {
        return;
    }
    let mut guarded = project.entries.values().filter_map(|entry| {
        let app = entry.app()?;
        let routes = lowering.routes_to(&app.name.value);
        let route = routes.first()?;
        let scope = Scope::new(lowering, app, false);
        let is_guarded = match ingress::who(&scope) {
            Who::Anybody | Who::LetIn | Who::Cluster => false,
            Who::Neighbours | Who::Named { .. } => true,
        };
        (is_guarded && !crate::scaling::is_intercepted(app)).then_some((app, route.path.span))
    });
    let Some((app, span)) = guarded.next() else {
        return;
    };
    let message = format!(
        "the ingress controller's namespace is not known, so that everybody reaches the ports of \
         `{}` that routes lead to",
        app.name.value
    );
    let span = known.map_or(span, |ingress| ingress.controller.span);
    let said = Diagnostic::note("any-controller", span, message);
    let help = "name it in the environment: `ingress: {controller: traefik, namespace: traefik}`";
    diagnostics.push(said.help(help));
}

/// Whether anything of the app is guarded.
pub(super) fn is_guarded(scope: &Scope<'_>) -> bool {
    ingress::who(scope) != Who::Anybody || egress::what(scope) != egress::What::Anything
}

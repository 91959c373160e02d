//! What the model can say and no aspect takes up yet is said, never dropped.

use kubewright_model::project::Entry;
use kubewright_model::variable::VariableValue;
use kubewright_model::{App, Name, Project, Span};
use kubewright_source::{Diagnostic, Diagnostics};

use crate::{unresolved, user_object};

/// Parts of the project.
pub(crate) fn project(project: &Project, diagnostics: &mut Diagnostics) {
    let parts = [(
        "an object of your own",
        project
            .objects
            .iter()
            .find(|object| !user_object::is_known(user_object::kind(object)))
            .map(|object| object.tree().span),
    )];
    report(parts, diagnostics);
}

/// Parts of an entry.
pub(crate) fn entry(project: &Project, name: &Name, entry: &Entry, diagnostics: &mut Diagnostics) {
    match entry {
        Entry::App(_) | Entry::Infrastructure(_) | Entry::Disabled(_) => {}
        Entry::Functions(functions) => {
            report([("functions", Some(functions.path.span))], diagnostics);
        }
        Entry::Compose(compose) => report(
            [("a compose project inside another", Some(compose.path.span))],
            diagnostics,
        ),
        Entry::Helm(helm) => report([("a Helm chart", Some(helm.chart.span))], diagnostics),
        Entry::Kustomize(kustomize) => report(
            [("a Kustomize folder", Some(kustomize.path.span))],
            diagnostics,
        ),
    }
    if project.facts.secret_store.is_none() {
        stored(entry, diagnostics);
    }
    if let Some(app) = entry.app() {
        report(app_parts(name, app), diagnostics);
    }
}

/// Secrets that a store knows by another name: nothing fetches them from there.
fn stored(entry: &Entry, diagnostics: &mut Diagnostics) {
    for variable in unresolved::variables(entry) {
        let VariableValue::Secret(secret) = &variable.value else {
            continue;
        };
        let Some(stored) = &secret.name else { continue };
        let message = format!(
            "`{}` is `{}` in the store: its Secret does not fetch it from there, and holds `CHANGE_ME`",
            variable.name.value, stored.value
        );
        diagnostics.push(
            Diagnostic::note("not-carried", stored.span, message)
                .help("put the value into the Secret before you apply it"),
        );
    }
}

fn app_parts(_: &Name, app: &App) -> Vec<(&'static str, Option<Span>)> {
    vec![
        (
            "affinity in Kubernetes' own words",
            app.placement.affinity.as_ref().map(|tree| tree.span),
        ),
        ("patches", app.patches.first().map(|patch| patch.kind.span)),
    ]
}

fn report(
    parts: impl IntoIterator<Item = (&'static str, Option<Span>)>,
    diagnostics: &mut Diagnostics,
) {
    for (what, span) in parts {
        let Some(span) = span else { continue };
        diagnostics.push(
            Diagnostic::warning(
                "not-carried",
                span,
                format!("{what} is read, but not written to Kubernetes yet"),
            )
            .help(
                "leave it out, or write it into the manifests: what is changed there stays \
                 when they are generated again",
            ),
        );
    }
}

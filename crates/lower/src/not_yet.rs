//! What the model can say and no aspect takes up yet is said, never dropped.

use kubewright_model::Project;
use kubewright_model::function::FunctionProject;
use kubewright_model::project::Entry;
use kubewright_model::variable::VariableValue;
use kubewright_source::{Diagnostic, Diagnostics};

use crate::unresolved;

/// What an entry says that becomes nothing.
pub(crate) fn entry(project: &Project, entry: &Entry, diagnostics: &mut Diagnostics) {
    if let Entry::Functions(functions) = entry {
        diagnostics.push(functions_are_read(functions));
    }
    if project.facts.secret_store.is_none() {
        stored(entry, diagnostics);
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

fn functions_are_read(functions: &FunctionProject) -> Diagnostic {
    let name = &functions.app.name.value;
    let message = format!("functions `{name}` are read, but not written to Kubernetes yet");
    Diagnostic::warning("not-carried", functions.path.span, message)
        .path(format!("functions.{name}"))
        .help("leave them out, or write their objects under `objects`")
}

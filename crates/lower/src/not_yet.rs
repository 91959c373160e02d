//! What the model can say and no aspect takes up yet is said, never dropped.

use kubewright_model::project::Entry;
use kubewright_source::{Diagnostic, Diagnostics, Span};

/// Entries that become nothing.
pub(crate) fn entry(entry: &Entry, diagnostics: &mut Diagnostics) {
    match entry {
        Entry::App(_) | Entry::Infrastructure(_) | Entry::Disabled(_) => {}
        Entry::Functions(functions) => report("functions", functions.path.span, diagnostics),
        Entry::Compose(compose) => {
            let what = "a compose project inside another";
            report(what, compose.path.span, diagnostics);
        }
        Entry::Helm(helm) => report("a Helm chart", helm.chart.span, diagnostics),
        Entry::Kustomize(kustomize) => {
            report("a Kustomize folder", kustomize.path.span, diagnostics);
        }
    }
}

fn report(what: &str, span: Span, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::warning(
            "not-carried",
            span,
            format!("{what} is read, but not written to Kubernetes yet"),
        )
        .help("this version of kubewright leaves it out; add it to the manifests by hand"),
    );
}

//! What the input says of forms that are not written.

use kubewright_model::output::Skaffold;
use kubewright_model::{Entry, Given, Located, Project};
use kubewright_source::{Diagnostic, Span};

use super::wanted;
use crate::Request;

/// What only one form is told, where that is not written.
pub(crate) fn untold(project: &Project, request: &Request) -> Vec<Diagnostic> {
    let is_wanted = |name: &str| {
        wanted(project, request)
            .iter()
            .any(|form| form.name == name)
    };
    let mut said = Vec::new();
    if !is_wanted("skaffold") {
        said.extend(untold_skaffold(project));
    }
    said.extend(untold_chart(project, request));
    if !is_wanted("argocd") {
        said.extend(untold_argocd(project));
    }
    said
}

/// What only a chart is told, where none is written.
pub(crate) fn untold_chart(project: &Project, request: &Request) -> Option<Diagnostic> {
    let is_wanted = wanted(project, request)
        .iter()
        .any(|form| form.name == "helm");
    let chart = project.output.helm.as_ref().filter(|_| !is_wanted)?;
    let texts = [
        &chart.dir,
        &chart.version,
        &chart.app_version,
        &chart.description,
    ];
    let switches = [&chart.env_values, &chart.helmignore];
    let name = chart.name.as_ref().map(|name| name.span);
    let texts = texts.into_iter().flatten().map(|text| text.span);
    let switches = switches.into_iter().flatten().map(|switch| switch.span);
    let span = name.into_iter().chain(texts).chain(switches).next()?;
    let message = "what a chart is told counts where the form `helm` is written";
    let said = Diagnostic::note("not-carried", span, message);
    Some(said.help("ask for it with `--format helm`, or in the input"))
}

/// What only Applications of Argo CD are told, where there are none. Those of charts
/// and folders of others are among the flat manifests.
fn untold_argocd(project: &Project) -> Vec<Diagnostic> {
    let Some(told) = &project.output.argocd else {
        return Vec::new();
    };
    let has_charts = project.entries.values().any(|entry| match entry {
        Entry::Helm(_) | Entry::Kustomize(_) => true,
        Entry::App(_)
        | Entry::Infrastructure(_)
        | Entry::Functions(_)
        | Entry::Compose(_)
        | Entry::Disabled(_) => false,
    });
    let switch = |given: &Given<bool>| given.as_ref().map(|given| given.span);
    let text = |given: &Given<String>| given.as_ref().map(|given| given.span);
    let of_the_form = [
        ("path", text(&told.path)),
        ("application_set", switch(&told.application_set)),
    ];
    let of_all = [
        ("repo", told.repo.as_ref().map(|given| given.span)),
        ("revision", text(&told.revision)),
        ("namespace", told.namespace.as_ref().map(|given| given.span)),
        ("auto_sync", switch(&told.auto_sync)),
        ("prune", switch(&told.prune)),
        ("self_heal", switch(&told.self_heal)),
    ];
    let of_all = of_all.into_iter().filter(|_| !has_charts);
    let said = of_the_form.into_iter().chain(of_all);
    said.filter_map(|(key, span)| {
        let message = format!("`output.argocd.{key}` counts where the form `argocd` is written");
        let said = Diagnostic::note("not-carried", span?, message);
        let said = said.path(format!("output.argocd.{key}"));
        Some(said.help("ask for it with `--format argocd`, or in the input"))
    })
    .collect()
}

fn untold_skaffold(project: &Project) -> Vec<Diagnostic> {
    let output = &project.output;
    let first = |lines: &[Located<String>]| lines.first().map(|line| line.span);
    let said = [
        ("pre_deploy", first(&output.pre_deploy)),
        ("post_deploy", first(&output.post_deploy)),
        (
            "post_deploy_verify",
            output.post_deploy_verify.as_ref().map(|on| on.span),
        ),
        (
            "server_side_apply",
            output.server_side_apply.as_ref().map(|on| on.span),
        ),
        ("skaffold", output.skaffold.as_ref().map(settings)),
    ];
    let said = said
        .into_iter()
        .filter_map(|(key, span)| Some((key, span?)));
    said.map(|(key, span)| {
        let message = format!("`output.{key}` counts where the form `skaffold` is written");
        Diagnostic::note("not-carried", span, message)
            .path(format!("output.{key}"))
            .help("ask for it: `formats: [manifests, skaffold]`")
    })
    .collect()
}

/// Where the first of Skaffold's settings stands.
fn settings(skaffold: &Skaffold) -> Span {
    let spans = [
        skaffold.deploy_method.as_ref().map(|given| given.span),
        skaffold.tag_policy.as_ref().map(|given| given.span),
        skaffold.port_forward.as_ref().map(|given| given.span),
        skaffold.file_sync.as_ref().map(|given| given.span),
    ];
    spans.into_iter().flatten().next().unwrap_or(Span::NONE)
}

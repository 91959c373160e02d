//! Where an Application's objects come from.

use kubewright_model::chart::{ChartSource, HelmRelease, HelmValues, KustomizeProject};
use kubewright_model::object::Tree;
use kubewright_model::project::Entry;
use kubewright_model::{Located, Project, Span};
use kubewright_objects::argocd::{Helm, Source};
use kubewright_source::{Diagnostic, Diagnostics, suggest};

use super::settings;
use crate::tree;

/// Any version of a chart: the newest.
const ANY: &str = "*";

/// The source of an entry; none where it cannot be known.
pub(super) fn of(
    project: &Project,
    entry: &Entry,
    diagnostics: &mut Diagnostics,
) -> Option<Source> {
    match entry {
        Entry::Helm(release) => chart(project, release, diagnostics),
        Entry::Kustomize(folder) => kustomize(project, folder, diagnostics),
        Entry::App(_)
        | Entry::Infrastructure(_)
        | Entry::Functions(_)
        | Entry::Compose(_)
        | Entry::Disabled(_) => None,
    }
}

fn chart(
    project: &Project,
    release: &HelmRelease,
    diagnostics: &mut Diagnostics,
) -> Option<Source> {
    let values = values(&release.values);
    let helm = Some(Helm {
        release_name: release.name.as_str().to_owned(),
        values_object: values.map(|values| tree::verbatim(&values)),
    });
    let version = release
        .version
        .as_ref()
        .map(|version| version.value.clone());
    let (repo_url, chart) = match &release.chart.value {
        ChartSource::Repository { repository, chart } => {
            let url = known(project, repository, release.chart.span, diagnostics)?;
            (url, chart.clone())
        }
        ChartSource::Oci(url) => {
            let (registry, chart) = bare(url.as_str()).rsplit_once('/')?;
            (registry.to_owned(), chart.to_owned())
        }
        ChartSource::Path(path) => {
            let mut source = folder(project, path, release.chart.span, diagnostics)?;
            source.helm = helm;
            return Some(source);
        }
    };
    if version.is_none() {
        diagnostics.push(no_version(release));
    }
    Some(Source {
        repo_url,
        chart: Some(chart),
        path: None,
        target_revision: version.unwrap_or_else(|| ANY.to_owned()),
        helm,
        directory: None,
    })
}

fn kustomize(
    project: &Project,
    entry: &KustomizeProject,
    diagnostics: &mut Diagnostics,
) -> Option<Source> {
    folder(project, &entry.path, entry.path.span, diagnostics)
}

/// A folder of the project, which Argo CD gets from git.
fn folder(
    project: &Project,
    path: &str,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Option<Source> {
    let told = settings::told(project);
    let Some(repo) = told.and_then(|told| told.repo.as_ref()) else {
        let message =
            format!("Argo CD gets `{path}` from git, and nobody says from which repository");
        let said = Diagnostic::warning("not-carried", span, message);
        diagnostics.push(said.help("name it: `output: {argocd: {repo: https://…}}`"));
        return None;
    };
    Some(Source {
        repo_url: repo.as_str().to_owned(),
        chart: None,
        path: Some(
            path.trim_start_matches("./")
                .trim_end_matches('/')
                .to_owned(),
        ),
        target_revision: settings::revision(project),
        helm: None,
        directory: None,
    })
}

/// The address of a repository by its name.
fn known(
    project: &Project,
    name: &str,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    if let Some(url) = project.repositories.get(name) {
        return Some(bare(url.as_str()).to_owned());
    }
    let message = format!("a chart is in the repository `{name}`, which has no address");
    let known = project.repositories.keys().map(String::as_str);
    let help = match suggest::nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("name it: `repositories: {{{name}: https://…}}`"),
    };
    diagnostics.push(Diagnostic::error("unknown-name", span, message).help(help));
    None
}

/// Argo CD names registries without their scheme.
fn bare(url: &str) -> &str {
    url.strip_prefix("oci://")
        .unwrap_or(url)
        .trim_end_matches('/')
}

fn no_version(release: &HelmRelease) -> Diagnostic {
    let message = format!(
        "the chart of `{}` has no version: Argo CD takes whichever is the newest",
        release.name.value
    );
    Diagnostic::warning("no-version", release.chart.span, message)
        .help("write the `version` that you have tried")
}

/// All values of a chart, later ones over earlier ones: maps by key.
fn values(given: &[HelmValues]) -> Option<Tree> {
    let trees = given.iter().map(|values| match values {
        HelmValues::File { values, .. } => values,
        HelmValues::Inline(Located { value, .. }) => value,
    });
    let merged = trees.fold(Tree::Null, laid_over);
    match &merged {
        Tree::Map(members) if !members.is_empty() => Some(merged),
        Tree::Map(_)
        | Tree::Null
        | Tree::Bool(_)
        | Tree::Integer(_)
        | Tree::Float(_)
        | Tree::Text(_)
        | Tree::List(_) => None,
    }
}

/// `null` stays: it takes a default of the chart away. An empty file is none.
fn laid_over(under: Tree, over: &Tree) -> Tree {
    match (under, over) {
        (Tree::Map(mut members), Tree::Map(over)) => {
            for (key, over) in over {
                match members.iter_mut().find(|(name, _)| name == key) {
                    Some((_, under)) => {
                        let both = matches!((&*under, over), (Tree::Map(_), Tree::Map(_)));
                        let before = std::mem::replace(under, Tree::Null);
                        *under = match both {
                            true => laid_over(before, over),
                            false => over.clone(),
                        };
                    }
                    None => members.push((key.clone(), over.clone())),
                }
            }
            Tree::Map(members)
        }
        (under, Tree::Null) => under,
        (_, over) => over.clone(),
    }
}

//! The last line of a run: how many files, and what came of them.

use kubewright_disk::{FileReport, Status, Summary, Warning};
use kubewright_files::Tree;
use kubewright_run::Target;
use serde::{Deserialize, Serialize};

/// What the last line of a run counts.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Counts {
    objects: usize,
    files: usize,
    sensitive: usize,
    /// How many of these git tracks.
    tracked: usize,
    /// How many of these only a clone lacks.
    absent: usize,
    /// The files of the tree by what came of them, in the order of the statuses.
    statuses: Vec<(String, usize)>,
    /// The folders of the environments, where each has its own.
    environments: Vec<String>,
    /// What Kustomize builds, as the summary names it, where there is that.
    #[serde(default)]
    built: Option<String>,
    /// The chart's folder, as the summary names it, where there is one.
    #[serde(default)]
    chart: Option<String>,
    /// The folder of a list for programs, as the summary names it, where there is one.
    #[serde(default)]
    listed: Option<String>,
    /// The Application of Argo CD that brings all others, as the summary names it, where
    /// there is one.
    #[serde(default)]
    root: Option<String>,
    /// Only one form that stands for itself was written: its folder.
    #[serde(default)]
    only: Option<String>,
}

impl Counts {
    /// Those of a run.
    pub(crate) fn of(tree: &Tree, summary: &Summary<'_>) -> Self {
        Self::with(tree, summary, |status| status)
    }

    /// Those of a run that finds all that this one did.
    pub(crate) fn when_done(tree: &Tree, summary: &Summary<'_>) -> Self {
        Self::with(tree, summary, |status| match status {
            Status::Created | Status::Updated => Status::Unchanged,
            Status::Merged => Status::Kept,
            Status::Unchanged
            | Status::Kept
            | Status::Conflict
            | Status::Stale
            | Status::Removed
            | Status::Absent => status,
        })
    }

    fn with(tree: &Tree, summary: &Summary<'_>, seen: impl Fn(Status) -> Status) -> Self {
        // Files that are no objects count where there are no others.
        let files = tree.files();
        let has_objects = files.iter().any(|file| !file.objects.is_empty());
        let of_tree = summary
            .files
            .iter()
            .filter(|file| !has_objects || !file.objects.is_empty());
        let count = |status: &Status| {
            let found = of_tree.clone().filter(|file| seen(file.status) == *status);
            (status.to_string(), found.count())
        };
        let statuses = Status::ALL.iter().map(count);
        Self {
            objects: tree.files().iter().map(|file| file.objects.len()).sum(),
            files: tree.files().len(),
            sensitive: tree.files().iter().filter(|file| file.sensitive).count(),
            tracked: summary
                .warnings
                .iter()
                .map(|Warning::TrackedSecret { path: _ }| 1)
                .sum(),
            absent: summary.count(Status::Absent),
            statuses: statuses.filter(|(_, count)| *count > 0).collect(),
            environments: environments(tree),
            only: match environments(tree).as_slice() {
                [one] if [KUSTOMIZE, CHARTS, JSON].contains(&one.as_str()) => Some(one.clone()),
                _ => None,
            },
            built: kustomization(summary),
            chart: chart(summary),
            listed: listed(summary),
            root: root(summary),
        }
    }

    /// The folder to apply: of several environments, one's.
    pub(crate) fn applied(&self, folder: &str) -> String {
        match self.environments.as_slice() {
            [] => folder.to_owned(),
            [one] => format!("{folder}{one}/"),
            [one, other] => format!("{folder}{one}/, or {folder}{other}/"),
            [one, rest @ ..] => {
                let rest = kubewright_source::suggest::either(rest.iter().map(String::as_str));
                format!("{folder}{one}/, or the folder of {rest}")
            }
        }
    }

    /// The folder that the files lie in, where `target` is that of manifests.
    pub(crate) fn folder(&self, target: &Target) -> String {
        let forms = [&self.built, &self.chart, &self.listed];
        let form = forms.into_iter().find_map(Option::as_deref);
        let form = form.zip(self.only.as_deref()).and_then(|(form, only)| {
            let (above, _) = form.split_once(only)?;
            Some(target.file(&format!("{above}{only}")))
        });
        let folder = form.unwrap_or_else(|| target.shown.display().to_string());
        format!("{}/", folder.trim_end_matches('/'))
    }

    /// The command that applies a form that stands for itself.
    pub(crate) fn next(&self, target: &Target) -> Option<String> {
        if let Some(root) = &self.root {
            let root = target.file(root);
            return Some(format!("commit and push, then kubectl apply -f {root}"));
        }
        if let Some(built) = &self.built {
            return Some(format!("kubectl apply -k {}", target.file(built)));
        }
        if let Some(chart) = &self.chart {
            let chart = target.file(chart);
            return Some(format!("helm install, as {chart}/README.md says"));
        }
        let listed = target.file(self.listed.as_deref()?);
        Some(format!("kubectl apply -f {listed}/"))
    }

    /// Whether there are no files.
    pub(crate) fn is_empty(&self) -> bool {
        self.files == 0
    }

    /// `k8s/  14 objects in 14 files, all created; 2 of them hold secrets and are
    /// ignored by git`.
    pub(crate) fn text(&self, folder: &str, dry_run: bool) -> String {
        let statuses = match self.statuses.as_slice() {
            [(status, count)] if *count > 1 => format!("all {status}"),
            counts => counts
                .iter()
                .map(|(status, count)| format!("{count} {status}"))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let secrets = match (self.sensitive, self.tracked) {
            (0, _) => String::new(),
            (1, 0) => "; 1 of them holds secrets and is ignored by git".to_owned(),
            (1, _) => "; 1 of them holds secrets and is tracked by git".to_owned(),
            (all, 0) => format!("; {all} of them hold secrets and are ignored by git"),
            (all, tracked) if tracked >= all => {
                format!("; {all} of them hold secrets and are tracked by git")
            }
            (all, tracked) => format!(
                "; {all} of them hold secrets: git tracks {tracked} and ignores {}",
                all - tracked
            ),
        };
        let absent = match self.absent {
            0 => "",
            1 => " (1 is not in this clone)",
            count => &format!(" ({count} are not in this clone)"),
        };
        let objects = plural(self.objects, "object");
        let files = plural(self.files, "file");
        let dry = if dry_run {
            " (nothing was written)"
        } else {
            ""
        };
        format!("{folder}  {objects} in {files}, {statuses}{secrets}{absent}{dry}")
    }
}

fn plural(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

/// The folder of all that Kustomize builds.
const KUSTOMIZE: &str = "kustomize";

/// The folder of charts.
const CHARTS: &str = "charts";

/// The folder of lists for programs.
const JSON: &str = "json";

/// The files of a run that are not left over.
fn there<'s>(summary: &'s Summary<'_>) -> impl Iterator<Item = &'s FileReport<'s>> {
    let files = summary.files.iter();
    files.filter(|file| !matches!(file.status, Status::Stale | Status::Removed))
}

/// Whether a path leads up, or nowhere.
fn is_top(path: &str) -> bool {
    path.split('/').all(|part| matches!(part, "" | ".."))
}

/// The folder of the chart, where one is there.
fn chart(summary: &Summary<'_>) -> Option<String> {
    let mut charts = there(summary).filter_map(|file| {
        let folder = file.path.strip_suffix("/Chart.yaml")?;
        let (above, _) = folder.rsplit_once("charts/")?;
        is_top(above).then(|| folder.to_owned())
    });
    charts.next()
}

/// The folder of the list of an environment, or how these are called.
fn listed(summary: &Summary<'_>) -> Option<String> {
    let mut folders = there(summary).filter_map(|file| {
        let (folder, _) = file.path.rsplit_once('/')?;
        let mut parts = folder.split('/').skip_while(|part| *part == "..");
        let above = "../".repeat(folder.matches("../").count());
        (parts.next() == Some(JSON)).then(|| (above, folder.to_owned()))
    });
    let (above, first) = folders.next()?;
    match folders.next() {
        None => Some(first),
        Some(_) => Some(format!("{above}{JSON}/ENVIRONMENT")),
    }
}

/// The Application that brings all others, or how those of environments are called.
fn root(summary: &Summary<'_>) -> Option<String> {
    let roots = there(summary).filter_map(|file| {
        let folder = file.path.strip_suffix("/root.yaml")?;
        let above = match folder.rsplit_once("argocd/") {
            Some((above, _)) => above,
            None => folder.strip_suffix("argocd")?,
        };
        is_top(above).then_some((above, &file.path))
    });
    let roots: Vec<_> = roots.collect();
    match roots.as_slice() {
        [] => None,
        [(_, root)] => Some((*root).to_string()),
        [(above, _), ..] => Some(format!("{above}argocd/ENVIRONMENT/root.yaml")),
    }
}

/// The overlay that there is, or how the overlays are called; the base where there
/// is none. Paths are those of the summary.
fn kustomization(summary: &Summary<'_>) -> Option<String> {
    let built = there(summary).filter_map(|file| {
        let folder = file.path.strip_suffix("/kustomization.yaml")?;
        let (above, within) = folder.rsplit_once("kustomize/")?;
        is_top(above).then_some((above, folder, within))
    });
    let built: Vec<(&str, &str, &str)> = built.collect();
    let is_overlay = |within: &str| within.starts_with("overlays/");
    let overlays: Vec<_> = built
        .iter()
        .filter(|(.., within)| is_overlay(within))
        .collect();
    match (overlays.as_slice(), built.first()) {
        ([(_, folder, _)], _) | ([], Some((_, folder, _))) => Some((*folder).to_owned()),
        ([], None) => None,
        ([(above, ..), ..], _) => Some(format!("{above}kustomize/overlays/ENVIRONMENT")),
    }
}

/// The folders at the top, where all files lie in folders.
fn environments(tree: &Tree) -> Vec<String> {
    let first = |path: &str| path.split_once('/').map(|(first, _)| first.to_owned());
    let folders = tree.files().iter().map(|file| first(file.path.as_str()));
    let folders: Option<std::collections::BTreeSet<String>> = folders.collect();
    folders.into_iter().flatten().collect()
}

//! The last lines of a run: how many files, what came of them, and what comes next.

use std::collections::BTreeSet;

use kubewright_compile::{EACH, Next, WrittenForm};
use kubewright_disk::{Status, Summary, Warning};
use kubewright_files::File;
use kubewright_run::{Output, Target};
use serde::{Deserialize, Serialize};

/// What the last lines of a run say.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// The flat manifests, where there are any or nothing else, then each form that has a
    /// folder of its own.
    parts: Vec<Part>,
    /// What comes next, by commands: one of them is enough.
    next: Vec<Step>,
}

/// The files of a folder.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Part {
    /// As the caller names it, with a `/` at the end.
    folder: String,
    objects: usize,
    files: usize,
    sensitive: usize,
    /// How many of these git tracks.
    tracked: usize,
    /// How many of these only a clone lacks.
    absent: usize,
    /// The files by what came of them, in the order of the statuses.
    statuses: Vec<(String, usize)>,
}

/// A command, or what it is applied to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Step {
    /// The folder of the flat manifests is applied as a whole.
    Manifests(String),
    /// Any other command.
    Command(String),
}

impl Counts {
    /// Those of a run.
    pub(crate) fn of(output: Output<'_>, summary: &Summary<'_>, target: &Target) -> Self {
        Self::with(output, summary, target, |status| status)
    }

    /// Those of a run that finds all that this one did.
    pub(crate) fn when_done(output: Output<'_>, summary: &Summary<'_>, target: &Target) -> Self {
        Self::with(output, summary, target, |status| match status {
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

    fn with(
        output: Output<'_>,
        summary: &Summary<'_>,
        target: &Target,
        seen: impl Fn(Status) -> Status,
    ) -> Self {
        let up = target.to_top();
        let folders = output
            .forms
            .iter()
            .filter_map(|form| form.folder.as_deref());
        let folders: Vec<String> = folders.map(|folder| format!("{up}{folder}/")).collect();
        // The manifests are what lies in no form's folder.
        let place = |path: &str| {
            let form = folders
                .iter()
                .position(|folder| path.starts_with(folder.as_str()));
            form.map_or(0, |form| form + 1)
        };
        let mut groups: Vec<Group<'_>> = vec![Group::default(); folders.len() + 1];
        for file in output.tree.files() {
            groups[place(file.path.as_str())].files.push(file);
        }
        // Beside objects, files that are none do not count.
        let has_manifests = groups[0].has_objects();
        groups[0]
            .files
            .retain(|file| !has_manifests || !file.objects.is_empty());
        for file in output.top.files() {
            let place = place(&format!("{up}{}", file.path));
            if place > 0 {
                groups[place].files.push(file);
            }
        }
        for file in &summary.files {
            let place = place(&file.path);
            if place > 0 || !has_manifests || !file.objects.is_empty() {
                groups[place].statuses.push(seen(file.status));
            }
        }
        for Warning::TrackedSecret { path } in &summary.warnings {
            groups[place(path)].tracked += 1;
        }
        let folder = groups[0].folder(!folders.is_empty());
        let names = std::iter::once(folder).chain(folders);
        let next = steps(output.forms, &groups[0], target);
        let is_told = |place: usize, group: &Group<'_>| {
            !group.files.is_empty() || (place == 0 && output.forms.is_empty())
        };
        let parts = names.zip(&groups).enumerate();
        let parts = parts.filter(|(place, (_, group))| is_told(*place, group));
        Self {
            parts: parts
                .map(|(_, (name, group))| group.part(shown(&name, target)))
                .collect(),
            next,
        }
    }

    /// What comes next, by commands: one of them is enough.
    pub(crate) fn next(&self) -> &[Step] {
        &self.next
    }

    /// A line for each folder: `k8s/  14 objects in 14 files, all created; 2 of them hold
    /// secrets and are ignored by git`.
    pub(crate) fn lines(&self, dry_run: bool) -> impl Iterator<Item = String> {
        self.parts.iter().map(move |part| part.text(dry_run))
    }
}

/// The files of a folder, and what came of them.
#[derive(Clone, Debug, Default)]
struct Group<'t> {
    files: Vec<&'t File>,
    statuses: Vec<Status>,
    tracked: usize,
}

impl Group<'_> {
    fn has_objects(&self) -> bool {
        self.files.iter().any(|file| !file.objects.is_empty())
    }

    /// The folders that manifests lie in.
    fn folders(&self) -> BTreeSet<&str> {
        let files = self.files.iter().filter(|file| !file.objects.is_empty());
        let folders = files.map(|file| file.path.as_str().rsplit_once('/'));
        folders
            .map(|parts| parts.map_or("", |(folder, _)| folder))
            .collect()
    }

    /// The folder of all manifests: beside forms they may have one of their own.
    fn folder(&self, is_beside: bool) -> String {
        let is_own = |folder: &str| folder.split('/').next() == Some(OWN);
        let folders = self.folders();
        match is_beside && !folders.is_empty() && folders.into_iter().all(is_own) {
            true => format!("{OWN}/"),
            false => String::new(),
        }
    }

    /// The file of the Namespace in a folder, where `kubectl` would come to it after others,
    /// as it goes by their names.
    fn late_namespace(&self, folder: &str) -> Option<&str> {
        let paths = self.files.iter().filter(|file| !file.objects.is_empty());
        let mut own = paths.filter(|file| {
            let parts = file.path.as_str().rsplit_once('/');
            parts.map_or("", |(folder, _)| folder) == folder
        });
        let is_namespace = |file: &&&File| file.objects.iter().any(|one| one.kind == "Namespace");
        let namespace = own.clone().find(is_namespace)?.path.as_str();
        own.any(|file| file.path.as_str() < namespace)
            .then_some(namespace)
    }

    fn part(&self, folder: String) -> Part {
        let count = |status: &Status| {
            let found = self.statuses.iter().filter(|seen| *seen == status);
            (status.to_string(), found.count())
        };
        Part {
            folder,
            objects: self.files.iter().map(|file| file.objects.len()).sum(),
            files: self.files.len(),
            sensitive: self.files.iter().filter(|file| file.sensitive).count(),
            tracked: self.tracked,
            absent: count(&Status::Absent).1,
            statuses: Status::ALL
                .iter()
                .map(count)
                .filter(|(_, count)| *count > 0)
                .collect(),
        }
    }
}

/// The folder of manifests within one that was named, beside forms.
const OWN: &str = "manifests";

/// The commands of which one comes next. Manifests that a form works on are that form's.
fn steps(forms: &[WrittenForm], manifests: &Group<'_>, target: &Target) -> Vec<Step> {
    let up = target.to_top();
    let at_top = |path: &str| target.file(&format!("{up}{path}"));
    let mut steps = Vec::new();
    let is_for_itself = !forms.iter().any(|form| form.wants_manifests);
    if manifests.has_objects() && is_for_itself {
        let folders = manifests.folders().into_iter();
        let folders = folders.map(|folder| match manifests.late_namespace(folder) {
            None => shown(folder, target),
            Some(path) => format!("{} -f {}", target.file(path), shown(folder, target)),
        });
        steps.push(Step::Manifests(any_of(&folders.collect::<Vec<_>>())));
    }
    let next = forms
        .iter()
        .filter_map(|form| Some((form, form.next.as_ref()?)));
    steps.extend(next.map(|(form, next)| {
        let command = match next {
            Next::Build(folder) => format!("kubectl apply -k {}", at_top(folder)),
            Next::Apply(path) => format!("kubectl apply -f {}", at_top(path)),
            Next::Push(path) => format!("commit and push, then kubectl apply -f {}", at_top(path)),
            Next::Start { command, file } => {
                format!("{command}, in the folder of `{}`", at_top(file))
            }
            Next::Install {
                name,
                folder,
                namespace,
                values,
            } => {
                let chart = at_top(folder);
                let values = values
                    .iter()
                    .map(|file| format!(" --values {chart}/{file}"));
                let values: String = values.collect();
                let namespace = namespace.as_ref().map_or(String::new(), |namespace| {
                    format!(" --namespace {namespace} --create-namespace")
                });
                format!("helm upgrade --install {name} {chart}{values}{namespace}")
            }
        };
        Step::Command(of_first(&command, &form.environments))
    }));
    steps
}

/// The command for the first environment, with the names of the others.
fn of_first(command: &str, environments: &[String]) -> String {
    match environments {
        [first, others @ ..] if !others.is_empty() && command.contains(EACH) => {
            let others = kubewright_source::suggest::either(others.iter().map(String::as_str));
            format!("{}, or the same for {others}", command.replace(EACH, first))
        }
        _ => command.to_owned(),
    }
}

/// `k8s/dev/, or the folder of production or staging`.
fn any_of(folders: &[String]) -> String {
    match folders {
        [] => String::new(),
        [one] => one.clone(),
        [one, other] => format!("{one}, or {other}"),
        [one, rest @ ..] => {
            let names = rest.iter().map(|folder| {
                let folder = folder.trim_end_matches('/');
                folder.rsplit_once('/').map_or(folder, |(_, name)| name)
            });
            format!(
                "{one}, or the folder of {}",
                kubewright_source::suggest::either(names)
            )
        }
    }
}

/// A folder of the output as people read it, with a `/` at the end.
fn shown(folder: &str, target: &Target) -> String {
    format!("{}/", target.file(folder).trim_end_matches('/'))
}

impl Part {
    fn text(&self, dry_run: bool) -> String {
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
        let files = plural(self.files, "file");
        // A chart has files and no objects.
        let what = match (self.objects, self.files) {
            (0, 1..) => files,
            (objects, _) => format!("{} in {files}", plural(objects, "object")),
        };
        let dry = if dry_run {
            " (nothing was written)"
        } else {
            ""
        };
        format!("{}  {what}, {statuses}{secrets}{absent}{dry}", self.folder)
    }
}

fn plural(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

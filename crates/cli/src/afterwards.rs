//! What is left to do after a run: files that no longer belong, conflicts, and the
//! next command.

use kubewright_disk::{Status, Summary};

use crate::counts::Step;

/// What a run leaves to do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Afterwards {
    /// Files that no longer belong and are there.
    pub(crate) stale: usize,
    /// Files that no longer belong and were, or would be, removed.
    pub(crate) removed: usize,
    /// Files that were kept because of a conflict.
    pub(crate) conflicts: usize,
}

impl Afterwards {
    /// Of a run.
    pub(crate) fn of(summary: &Summary<'_>) -> Self {
        let count = |status: Status| {
            let files = summary.files.iter();
            files.filter(|file| file.status == status).count()
        };
        Self {
            stale: count(Status::Stale),
            removed: count(Status::Removed),
            conflicts: count(Status::Conflict),
        }
    }

    /// What is said of files that no longer belong.
    pub(crate) fn lines(&self, prune: bool, dry: bool) -> Vec<String> {
        let mut lines = Vec::new();
        if self.stale > 0 {
            lines.push(stale(self.stale, prune));
        }
        if self.removed > 0 && !dry {
            lines.push(
                "removed: objects that no other file holds stay in the cluster until they are \
                 deleted there, `kubectl delete KIND NAME`"
                    .to_owned(),
            );
        }
        lines
    }

    /// The commands that come next, or what has to be settled before.
    pub(crate) fn next(&self, steps: &[Step], prune: bool) -> Vec<String> {
        match self.conflicts {
            0 => {}
            1 => {
                let line = "next: settle the conflict above and run again; that file is not up to \
                            date, and the others may not fit it";
                return vec![line.to_owned()];
            }
            count => {
                return vec![format!(
                    "next: settle the conflicts above and run again; {count} files are not up to \
                     date, and the others may not fit them"
                )];
            }
        }
        let commands = steps.iter().map(|step| match step {
            Step::Manifests(folder) if self.stale > 0 => without_stale(folder, prune),
            Step::Manifests(folder) => format!("kubectl apply -f {folder}"),
            Step::Command(command) => command.clone(),
        });
        let words = std::iter::once("next").chain(std::iter::repeat("  or"));
        let lines = words.zip(commands);
        lines
            .map(|(word, command)| format!("{word}: {command}"))
            .collect()
    }
}

/// All of the folder is applied, also what no longer belongs.
fn without_stale(folder: &str, prune: bool) -> String {
    let before = match prune {
        false => "run again with `--prune`",
        true => "remove the stale files above",
    };
    format!("{before}, for they would be applied again; then kubectl apply -f {folder}")
}

fn stale(count: usize, prune: bool) -> String {
    let files = match count {
        1 => "1 file no longer belongs".to_owned(),
        count => format!("{count} files no longer belong"),
    };
    let what = match (prune, count) {
        (false, 1) => "`--prune` removes it unless it was edited",
        (false, _) => "`--prune` removes those that nobody edited",
        (true, 1) => "it was edited, and `--prune` keeps what was edited",
        (true, _) => "they were edited, and `--prune` keeps what was edited",
    };
    format!(
        "stale: {files}: {what}; objects that no other file holds stay in the cluster until \
         `kubectl delete KIND NAME`"
    )
}

//! Files with edits of the user's, beside files as they were generated: what they refer
//! to of each other.

use std::collections::BTreeMap;

use kubewright_compile::WrittenForm;
use kubewright_disk::{Status, Summary};
use kubewright_files::{File, ObjectRef, Tree, is_below};
use kubewright_source::{Diagnostic, Sources};
use kubewright_upgrade::{Kept, Now};

use crate::Target;

/// What there is to say about references that lead nowhere because a file is not as it
/// was generated: merged, or one of `kept`, a text by its path. What another form or
/// another environment has does not count.
pub(crate) fn diagnostics(
    kept: &BTreeMap<String, String>,
    (tree, forms): (&Tree, &[WrittenForm]),
    summary: &Summary<'_>,
    target: &Target,
    sources: &mut Sources,
) -> Vec<Diagnostic> {
    let mut reports = summary.files.iter();
    if kept.is_empty() && !reports.any(|report| report.status == Status::Merged) {
        return Vec::new();
    }
    let mut groups: BTreeMap<&str, Group<'_>> = BTreeMap::new();
    // The summary begins with the files of the tree, in its order.
    for (report, file) in summary.files.iter().zip(tree.files()) {
        let group = groups.entry(applied_with(&report.path, forms)).or_default();
        let shown = target.file(&report.path);
        let merged = report.text.as_deref();
        let merged = merged.and_then(|text| std::str::from_utf8(text).ok());
        match report.status {
            Status::Created | Status::Updated | Status::Unchanged => {
                let text = merged.unwrap_or(&file.text);
                group.others.push((shown, text, report.objects));
            }
            Status::Conflict | Status::Kept | Status::Merged => {
                let kept = kept.get(&*report.path).map(String::as_str);
                if let Some(text) = merged.or(kept) {
                    group.of_user.push((shown, text, file, report.status));
                }
            }
            Status::Stale | Status::Removed | Status::Absent => {}
        }
    }
    let groups = groups.into_values();
    groups.flat_map(|group| group.dangling(sources)).collect()
}

/// Files that are applied together, each with how people know it and its text.
#[derive(Default)]
struct Group<'f> {
    /// As the user has them.
    of_user: Vec<(String, &'f str, &'f File, Status)>,
    /// As they were generated.
    others: Vec<(String, &'f str, &'f [ObjectRef])>,
}

impl Group<'_> {
    fn dangling(&self, sources: &mut Sources) -> Vec<Diagnostic> {
        let kept = self.of_user.iter();
        let kept = kept.map(|(shown, text, file, status)| Kept {
            file: Now {
                shown,
                text,
                objects: &file.objects,
            },
            generated: &file.text,
            is_conflict: *status == Status::Conflict,
        });
        let now = self.others.iter().map(|(shown, text, objects)| Now {
            shown,
            text,
            objects,
        });
        kubewright_upgrade::dangling(&kept.collect::<Vec<_>>(), &now.collect::<Vec<_>>(), sources)
    }
}

/// The folder that a file is applied with: all of a form's, else the one that it lies in.
fn applied_with<'p>(path: &'p str, forms: &[WrittenForm]) -> &'p str {
    let folders = forms.iter().filter_map(|form| form.folder.as_deref());
    let mut own = folders.filter(|folder| is_below(path, folder));
    match own.next() {
        Some(folder) => &path[..folder.len()],
        None => path.rsplit_once('/').map_or("", |(folder, _)| folder),
    }
}

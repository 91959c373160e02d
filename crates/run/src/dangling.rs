//! Files with edits of the user's, beside files as they were generated: what they refer
//! to of each other.

use std::collections::BTreeMap;

use kubewright_disk::{Status, Summary};
use kubewright_files::Tree;
use kubewright_source::{Diagnostic, Sources};
use kubewright_upgrade::{Kept, Now};

use crate::Target;

/// What there is to say about references that lead nowhere because a file is not as it
/// was generated: merged, or one of `kept`, a text by its path.
pub(crate) fn diagnostics(
    kept: &BTreeMap<String, String>,
    tree: &Tree,
    summary: &Summary<'_>,
    target: &Target,
    sources: &mut Sources,
) -> Vec<Diagnostic> {
    let mut reports = summary.files.iter();
    if kept.is_empty() && !reports.any(|report| report.status == Status::Merged) {
        return Vec::new();
    }
    let mut of_user = Vec::new();
    let mut others = Vec::new();
    // The summary begins with the files of the tree, in its order.
    for (report, file) in summary.files.iter().zip(tree.files()) {
        let shown = target.file(&report.path);
        let merged = report.text.as_deref();
        let merged = merged.and_then(|text| std::str::from_utf8(text).ok());
        match report.status {
            Status::Created | Status::Updated | Status::Unchanged => {
                others.push((shown, merged.unwrap_or(&file.text), report.objects));
            }
            Status::Conflict | Status::Kept | Status::Merged => {
                let kept = kept.get(&*report.path).map(String::as_str);
                if let Some(text) = merged.or(kept) {
                    of_user.push((shown, text, file, report.status));
                }
            }
            Status::Stale | Status::Removed | Status::Absent => {}
        }
    }
    let kept = of_user.iter().map(|(shown, text, file, status)| Kept {
        file: Now {
            shown,
            text,
            objects: &file.objects,
        },
        generated: &file.text,
        is_conflict: *status == Status::Conflict,
    });
    let now = others.iter().map(|(shown, text, objects)| Now {
        shown,
        text,
        objects,
    });
    kubewright_upgrade::dangling(&kept.collect::<Vec<_>>(), &now.collect::<Vec<_>>(), sources)
}

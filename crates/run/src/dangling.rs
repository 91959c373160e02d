//! Files with conflicts beside files that were written: what they refer to of each
//! other.

use std::collections::BTreeMap;

use kubewright_disk::{Status, Summary};
use kubewright_files::Tree;
use kubewright_source::{Diagnostic, Sources};
use kubewright_upgrade::{Kept, Now};

use crate::Target;

/// What there is to say about references that lead nowhere because a file of `kept`,
/// by path and text, was not written.
pub(crate) fn diagnostics(
    kept: &[(String, String)],
    tree: &Tree,
    summary: &Summary<'_>,
    target: &Target,
    sources: &mut Sources,
) -> Vec<Diagnostic> {
    let texts: BTreeMap<&str, &str> = kept.iter().map(|(path, text)| (&**path, &**text)).collect();
    if texts.is_empty() {
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
            Status::Created | Status::Updated | Status::Merged | Status::Unchanged => {
                others.push((shown, merged.unwrap_or(&file.text), report.objects));
            }
            Status::Conflict => {
                if let Some(text) = texts.get(&*report.path) {
                    of_user.push((shown, *text, &*file.text));
                }
            }
            // What the user made of it is the user's, and generated as before.
            Status::Kept | Status::Stale | Status::Removed | Status::Absent => {}
        }
    }
    let kept = of_user.iter().map(|(shown, text, generated)| Kept {
        shown,
        text,
        generated,
    });
    let now = others.iter().map(|(shown, text, objects)| Now {
        shown,
        text,
        objects,
    });
    kubewright_upgrade::dangling(&kept.collect::<Vec<_>>(), &now.collect::<Vec<_>>(), sources)
}

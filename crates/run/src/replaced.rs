//! What a cluster that runs the earlier manifests makes of the new ones.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use kubewright_disk::{Earlier, Status, Summary};
use kubewright_files::{File, Tree};
use kubewright_source::{Diagnostic, Sources};
use kubewright_upgrade::{Now, compare, is_relevant, may_be_relevant};

use crate::Target;

/// Keeps the earlier texts that matter.
#[derive(Debug, Default)]
pub(crate) struct Replaced {
    texts: Mutex<BTreeMap<String, String>>,
}

impl Earlier for Replaced {
    fn wants(&self, file: &File) -> bool {
        let mut kinds = file.objects.iter().map(|object| &object.kind);
        kinds.any(|kind| may_be_relevant(kind))
    }

    fn was(&self, path: &str, file: Option<&File>, text: String) {
        if is_relevant(&text, file.map(|file| &*file.text)) {
            self.texts
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(path.to_owned(), text);
        }
    }
}

impl Replaced {
    /// What there is to say about the files of a run that were replaced. The texts
    /// that it speaks of are added to the sources.
    pub(crate) fn diagnostics(
        self,
        tree: &Tree,
        summary: &Summary<'_>,
        target: &Target,
        sources: &mut Sources,
    ) -> Vec<Diagnostic> {
        let mut earlier = self
            .texts
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if earlier.is_empty() {
            return Vec::new();
        }
        let mut now = Vec::new();
        let mut in_tree = tree.files().iter();
        for report in &summary.files {
            // The summary begins with the files of the tree, in its order.
            let file = in_tree.next();
            let merged = report.text.as_deref();
            let merged = merged.and_then(|text| std::str::from_utf8(text).ok());
            match report.status {
                Status::Created | Status::Updated | Status::Merged => {
                    if let Some(text) = merged.or(file.map(|file| &*file.text)) {
                        now.push((target.file(&report.path), text, report.objects));
                    }
                }
                // Nothing takes its place.
                Status::Unchanged | Status::Kept | Status::Conflict => {
                    earlier.remove(report.path.as_ref());
                }
                Status::Stale | Status::Removed | Status::Absent => {}
            }
        }
        let now = now.iter().map(|(shown, text, objects)| Now {
            shown,
            text,
            objects,
        });
        compare(&earlier, &now.collect::<Vec<_>>(), sources)
    }
}

//! Pods start again when their configuration changes, because they carry its hash.

use sha2::{Digest, Sha256};

use crate::aspect::{Draft, Scope};

/// The annotation of pod templates that holds the hash.
const ANNOTATION: &str = "kubewright.dev/config-hash";

/// The configuration that generated ConfigMaps and Secrets hold, as it comes in. A
/// chart computes the same of its values, so the recipe is one that templates of Helm
/// can follow: of every object the lines `KEY=` with the digest of the key's value, by
/// the keys; of all objects the digests of those lines, sorted.
#[derive(Default)]
pub(crate) struct ConfigHash {
    objects: Vec<String>,
}

impl ConfigHash {
    /// Takes in an object: its keys in their order, and their values.
    pub(crate) fn add<'a>(&mut self, entries: impl IntoIterator<Item = (&'a str, &'a [u8])>) {
        let mut lines = Sha256::new();
        for (key, value) in entries {
            lines.update(key);
            lines.update("=");
            lines.update(hex(&Sha256::digest(value)));
            lines.update("\n");
        }
        self.objects.push(hex(&lines.finalize()));
    }

    /// The first 32 bits, in hexadecimal; none where nothing came in. So few of
    /// them give no secret away.
    fn finish(&mut self) -> Option<String> {
        let mut objects = std::mem::take(&mut self.objects);
        if objects.is_empty() {
            return None;
        }
        objects.sort_unstable();
        let mut hash = hex(&Sha256::digest(objects.concat()));
        hash.truncate(8);
        Some(hash)
    }
}

fn hex(digest: &[u8]) -> String {
    let mut text = String::with_capacity(digest.len() * 2);
    for byte in digest {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Writes the hash into the pod's annotations.
pub(crate) fn annotate(scope: &Scope<'_>, draft: &mut Draft) {
    let hash = draft.hash.finish();
    let wanted = scope.lowering.options.config_hash && !scope.app.workload.ends();
    if let (Some(hash), true) = (hash, wanted) {
        draft.pod_annotations.insert(ANNOTATION.to_owned(), hash);
    }
}

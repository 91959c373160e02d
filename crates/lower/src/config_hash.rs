//! Pods start again when their configuration changes, because they carry its hash.

use sha2::{Digest, Sha256};

use crate::aspect::{Draft, Scope};

/// The annotation of pod templates that holds the hash.
const ANNOTATION: &str = "kubewright.dev/config-hash";

/// The configuration that generated ConfigMaps and Secrets hold, as it comes in.
#[derive(Default)]
pub(crate) struct ConfigHash {
    hash: Option<Sha256>,
}

impl ConfigHash {
    /// Takes in a key and its value; lengths keep neighbours apart.
    pub(crate) fn add(&mut self, key: &str, value: &[u8]) {
        let hash = self.hash.get_or_insert_default();
        for part in [key.as_bytes(), value] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }

    /// The first 32 bits, in hexadecimal; none where nothing came in. So few of
    /// them give no secret away.
    fn finish(&mut self) -> Option<String> {
        let digest = self.hash.take()?.finalize();
        Some(
            digest
                .iter()
                .take(4)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }
}

/// Writes the hash into the pod's annotations.
pub(crate) fn annotate(scope: &Scope<'_>, draft: &mut Draft) {
    let hash = draft.hash.finish();
    let wanted = scope.lowering.options.config_hash && !scope.app.workload.ends();
    if let (Some(hash), true) = (hash, wanted) {
        draft.pod_annotations.insert(ANNOTATION.to_owned(), hash);
    }
}

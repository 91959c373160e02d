//! What the caller decides, beside the state.

use std::collections::BTreeMap;

/// What the caller decides.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Which forms are written.
    pub forms: Forms,
    /// Values of the environment: a variable that is known here is a fixed value,
    /// others stay `${NAME}`.
    pub values: BTreeMap<String, String>,
}

/// Which forms are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Forms {
    /// Those that the state asks for.
    #[default]
    AsInput,
    /// Skaffold's files, whatever the state says.
    Skaffold,
    /// None but manifests, whatever the state says.
    ManifestsOnly,
}

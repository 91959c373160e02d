//! Which files of a folder are meant when none is named.

use std::path::{Path, PathBuf};

use kubewright_files::{Files, Kind};
use kubewright_source::{Diagnostic, Diagnostics, Span, suggest};

/// The names compose looks for, in its order.
pub const COMPOSE_FILES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];

/// The names of the file that is laid over it, in compose's order.
pub const OVERRIDE_FILES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// What [`discover`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The compose file.
    pub compose: PathBuf,
    /// The file laid over it, if there is one.
    pub overriding: Option<PathBuf>,
}

/// Finds the compose file of a folder and its override file. Where several bear
/// such a name, compose reads the first; the others are noted as
/// `several-compose-files`.
pub fn discover(files: &dyn Files, folder: &Path, diagnostics: &mut Diagnostics) -> Option<Found> {
    let compose = first(files, folder, &COMPOSE_FILES, diagnostics)?;
    let overriding = first(files, folder, &OVERRIDE_FILES, diagnostics);
    Some(Found {
        compose,
        overriding,
    })
}

fn first(
    files: &dyn Files,
    folder: &Path,
    names: &[&'static str],
    diagnostics: &mut Diagnostics,
) -> Option<PathBuf> {
    let exists = |name: &&&str| {
        let kind = files.kind(&folder.join(name));
        // One that cannot be looked at will say so when it is read.
        !matches!(kind, Ok(Kind::Missing | Kind::Folder))
    };
    let found: Vec<&str> = names.iter().filter(exists).copied().collect();
    let (chosen, rest) = found.split_first()?;
    if !rest.is_empty() {
        let message = format!(
            "`{chosen}` is read, {} not",
            suggest::list(rest.iter().copied())
        );
        diagnostics.push(
            Diagnostic::note("several-compose-files", Span::NONE, message)
                .help("remove what is not needed, or name the ones to read"),
        );
    }
    Some(folder.join(chosen))
}

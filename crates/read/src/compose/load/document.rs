//! What loading is asked for, and what it gives back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use kubewright_source::{Diagnostic, Located, SecretValues};
use kubewright_yaml::{Mapping, Node};

use crate::dotenv::Variable;
use crate::environment::Environment;
use crate::interpolate::MissingVariables;

/// What to load. The default is what `docker compose config` without flags does.
#[derive(Clone, Debug, Default)]
pub struct LoadRequest {
    /// `-f`, in order; later ones are laid over earlier ones. None: `COMPOSE_FILE`,
    /// else what [`discover`](super::discover()) finds.
    pub files: Vec<Input>,
    /// `--project-directory`: what relative paths start from. None: the folder of
    /// the first file.
    pub project_directory: Option<PathBuf>,
    /// `-p`: must be a valid name already.
    pub project_name: Option<String>,
    /// `--profile`; `*` stands for all. None: `COMPOSE_PROFILES`.
    pub profiles: Vec<String>,
    /// `--env-file`. None: `.env` of the project folder, where there is one.
    pub env_files: Vec<PathBuf>,
    /// The absolute path of the working folder, for the name of a project that
    /// has none: `Files` cannot say what `.` is called.
    pub working_directory: PathBuf,
}

/// One text to load.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// A file, by a path that `Files` understands; of a folder, what [`discover`](super::discover())
    /// finds in it.
    File(PathBuf),
    /// A text that is there already.
    Text {
        /// What people know it by: `<stdin>`.
        name: String,
        /// The text.
        text: String,
    },
}

/// A compose project, resolved: what is left to do is decoding.
///
/// Values keep the form they were written in, short or long, except where two
/// were merged. Values that held references are strings
/// ([`interpolate`](crate::document::interpolate)): whoever decodes takes a string
/// where a number or a boolean is wanted, as compose does.
#[derive(Clone, Debug)]
pub struct Document {
    /// The project's name, valid for compose: `[a-z0-9][a-z0-9_-]*`.
    pub name: Located<String>,
    /// What relative paths in `root` start from.
    pub directory: PathBuf,
    /// The same, absolute: what absolute paths in `root` lie in or not.
    pub absolute_directory: PathBuf,
    /// The top-level mapping, without `version`, `include`, `extends` and the
    /// services that take no part.
    pub root: Node,
    /// Services that take no part, since none of their profiles is active.
    pub inactive: Vec<Located<String>>,
    /// The same services as they were written, extended and interpolated: what is
    /// wrong with them is wrong all the same.
    pub inactive_services: Mapping,
    /// Profiles that any service names, whether it takes part or not.
    pub profiles: BTreeSet<String>,
    /// By service: the variables of its `env_file`s, files in order, each file's
    /// lines in order. A later one counts more than an earlier one of the same
    /// name, and `environment` more than all.
    pub env_file_values: BTreeMap<String, Vec<Variable>>,
    /// By service: the labels of its `label_file`s, in the same way.
    pub label_file_values: BTreeMap<String, Vec<Variable>>,
    /// Notes on env files and label files that add nothing to their services.
    pub idle_files: Vec<Diagnostic>,
    /// Services some of whose env files are not there, or cannot be read.
    pub lacking_files: BTreeSet<String>,
    /// The variables that references found without a value, which was said.
    pub missing: MissingVariables,
    /// The process' variables and those of `.env`: where a variable without a
    /// value takes its value from.
    pub environment: Environment,
    /// Services that are none, which was reported.
    pub broken: Vec<String>,
    /// Services that lack what they extend, which was reported.
    pub incomplete: BTreeSet<String>,
    /// The places that secret variables were put into, by references.
    pub secrets: SecretValues,
}

impl Document {
    /// Whether `what` of that name, a service above all, was there and no good.
    pub(crate) fn is_broken(&self, what: &str, name: &str) -> bool {
        what == "service" && self.broken.iter().any(|broken| broken == name)
    }
}

//! The process' variables and those of `.env`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kubewright_files::Kind;
use kubewright_source::{Diagnostic, Span};

use super::loader::Loader;
use crate::dotenv::{EnvFile, Format};
use crate::environment::Environment;

impl Loader<'_> {
    /// Adds the variables of env files to `environment`, which comes first.
    ///
    /// Without names `.env` of `folder` is read, where there is one, unless
    /// `COMPOSE_DISABLE_ENV_FILE` says otherwise.
    pub(super) fn add_env_files(
        &mut self,
        environment: &mut Environment,
        named: &[PathBuf],
        folder: &Path,
    ) {
        if !named.is_empty() {
            let named: Vec<_> = named
                .iter()
                .map(|path| (path.clone(), Span::NONE))
                .collect();
            self.add_files(environment, &named);
            return;
        }
        if self.is_default_disabled(environment) {
            return;
        }
        let path = folder.join(".env");
        if matches!(self.files.kind(&path), Ok(Kind::File { .. })) {
            self.add_files(environment, &[(path, Span::NONE)]);
        }
    }

    /// Adds the variables of env files, of which a later one counts more; what is
    /// set already stays. Each with the place that asks for it.
    pub(super) fn add_files(&mut self, environment: &mut Environment, paths: &[(PathBuf, Span)]) {
        let mut known = BTreeMap::new();
        for (path, by) in paths {
            let Some(text) = self.text(path, "env file", *by) else {
                continue;
            };
            let name = path.display().to_string();
            let file = EnvFile::parse(&name, text, Format::Dotenv, self.sources, self.diagnostics);
            let lookup = |name: &str| environment.get(name).map(Cow::Borrowed);
            file.variables(&lookup, &mut known, &mut self.missing, self.diagnostics);
        }
        for (name, value) in known {
            environment.add(name, value);
        }
    }

    fn is_default_disabled(&mut self, environment: &Environment) -> bool {
        const NAME: &str = "COMPOSE_DISABLE_ENV_FILE";
        match environment.get(NAME) {
            None | Some("0" | "f" | "F" | "false" | "False" | "FALSE") => false,
            Some("1" | "t" | "T" | "true" | "True" | "TRUE") => true,
            Some(other) => {
                let message = format!("`{NAME}` is `{other}`, which is neither true nor false");
                self.diagnostics.push(
                    Diagnostic::error("bad-value", Span::NONE, message)
                        .help("set it to `true` or `false`, or unset it"),
                );
                false
            }
        }
    }
}

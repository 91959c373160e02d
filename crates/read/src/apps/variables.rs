//! What `${VARIABLE}` stands for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kubewright_files::{FileError, Files};
use kubewright_source::{Diagnostic, Diagnostics, Sources, Span};

use crate::Environment;
use crate::dotenv::{EnvFile, Format};
use crate::interpolate::MissingVariables;

/// Values by name: what the caller sets, `.env.{environment}`, `.env`, then the
/// process.
#[derive(Debug)]
pub struct Variables<'e> {
    set: BTreeMap<String, String>,
    /// What files say, the first of them first.
    files: Vec<BTreeMap<String, String>>,
    process: &'e Environment,
}

impl<'e> Variables<'e> {
    /// Reads the files in `directories`, of which the first counts most:
    /// `.env.{environment}`, then those that are `named`, else `.env`. A file that is
    /// named must be there.
    pub fn read(
        set: &[(String, String)],
        environment: Option<&str>,
        directories: &[PathBuf],
        named: &[PathBuf],
        (files, process): (&dyn Files, &'e Environment),
        (sources, diagnostics): (&mut Sources, &mut Diagnostics),
    ) -> Self {
        let within = |name: &str| directories.iter().map(|folder| folder.join(name)).collect();
        let own: Vec<PathBuf> =
            environment.map_or_else(Vec::new, |name| within(&format!(".env.{name}")));
        let usual: Vec<PathBuf> = match named.is_empty() {
            true => within(".env"),
            false => Vec::new(),
        };
        let optional = |path: PathBuf| (path, false);
        let paths = own.into_iter().map(optional);
        // Of several that are named, the last says most.
        let paths = paths.chain(named.iter().rev().map(|path| (path.clone(), true)));
        let paths = paths.chain(usual.into_iter().map(optional));
        let mut variables = Self {
            set: set.iter().cloned().collect(),
            files: Vec::new(),
            process,
        };
        for (path, needed) in paths.collect::<Vec<_>>().into_iter().rev() {
            let read = variables.file(&path, needed, files, sources, diagnostics);
            variables.files.insert(0, read);
        }
        variables
    }

    fn file(
        &self,
        path: &Path,
        needed: bool,
        files: &dyn Files,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> BTreeMap<String, String> {
        let mut known = BTreeMap::new();
        let name = path.display().to_string();
        let text = match files.read(path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(FileError::NotFound) if !needed => return known,
            Err(error) => {
                let message = format!("the env file `{name}` cannot be read: {error}");
                let said = Diagnostic::error("file", Span::NONE, message);
                diagnostics.push(said.help("name a file that is there"));
                return known;
            }
        };
        let file = EnvFile::parse(&name, text, Format::Dotenv, sources, diagnostics);
        let lookup = |name: &str| self.get(name).map(Cow::Borrowed);
        let mut missing = MissingVariables::default();
        file.variables(&lookup, &mut known, &mut missing, diagnostics);
        known
    }

    /// The value of a variable; the empty string is a value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.kept(name).or_else(|| self.process.get(name))
    }

    /// All of them, for a project of another language within this one.
    pub fn environment(&self) -> Environment {
        let mut environment = self.process.clone();
        let files = self.files.iter().rev().flatten();
        for (name, value) in files.chain(&self.set) {
            environment.set(name, value);
        }
        environment
    }

    /// The same without the process, of which nobody says what its variables mean.
    pub fn kept(&self, name: &str) -> Option<&str> {
        let files = || self.files.iter().find_map(|file| file.get(name));
        self.set.get(name).or_else(files).map(String::as_str)
    }
}

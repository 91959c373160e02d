//! Defaults for options: a file `kubewright.toml`, found upwards, and variables
//! `KUBEWRIGHT_*`.
//!
//! A setting is called like the option and means the same. An option counts before a
//! variable, a variable before the file, the file before what the input says.

mod file;
mod option;

use std::collections::BTreeMap;
use std::path::Path;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use kubewright_source::{Diagnostic, Sources, Span};

pub(crate) use option::{Setting, Takes, settings};

/// The name of the file.
pub(crate) const FILE: &str = "kubewright.toml";

/// What stands before a variable's name.
pub(crate) const PREFIX: &str = "KUBEWRIGHT_";

/// Commands whose options settings are for.
const COMMANDS: [&str; 4] = ["generate", "diff", "explain", "convert"];

/// All settings that were found.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// By the option's long name.
    given: BTreeMap<String, Given>,
    /// The file.
    pub(crate) sources: Sources,
    /// What is wrong with them; commands that take settings do nothing then.
    pub(crate) faults: Vec<Diagnostic>,
}

/// One setting.
#[derive(Debug)]
pub(crate) struct Given {
    /// What stands for the option's values.
    pub(crate) values: Vec<String>,
    /// Where it is said.
    pub(crate) from: Place,
}

/// Where a setting is said.
#[derive(Debug)]
pub(crate) enum Place {
    /// In the file.
    File(Span),
    /// In the variable of this name.
    Variable(String),
}

impl Settings {
    /// Those that hold in a working folder, for the options of `command`.
    pub(crate) fn find(
        command: &Command,
        working_directory: &Path,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Self {
        let mut found = Self::default();
        let path = working_directory
            .ancestors()
            .map(|folder| folder.join(FILE));
        let path = path.into_iter().find(|path| path.is_file());
        let variables: BTreeMap<String, String> = variables
            .filter(|(name, value)| name.starts_with(PREFIX) && !value.is_empty())
            .collect();
        if path.is_none() && variables.is_empty() {
            return found;
        }
        let known = settings(command);
        if let Some(path) = path {
            found.read(&path, working_directory, &known);
        }
        for setting in &known {
            let name = setting.variable();
            if let Some(value) = variables.get(&name) {
                let values = setting.of_variable(value);
                let from = Place::Variable(name);
                found.add(setting, values, from);
            }
        }
        found.check(command, &known);
        found.faults.sort_by_key(|fault| fault.span);
        found
    }

    /// Reads the file.
    fn read(&mut self, path: &Path, working_directory: &Path, known: &[Setting]) {
        let (shown, up) = file::way(path, working_directory);
        let text = std::fs::read(path).map_err(|error| {
            let message = format!("`{shown}` cannot be read: {error}");
            let said = Diagnostic::error("file", Span::NONE, message);
            Box::new(said.help("make it readable, or remove it"))
        });
        let text = match text.and_then(|bytes| kubewright_run::text_of(bytes, &shown)) {
            Ok(text) => text,
            Err(problem) => return self.faults.push(*problem),
        };
        let source = self.sources.add(shown, text.clone());
        for read in file::read(&text, source, known) {
            match read {
                Ok((setting, mut values, span)) => {
                    if setting.is_path() {
                        let moved = values.into_iter();
                        values = moved.map(|value| file::below(&up, value)).collect();
                    }
                    self.add(setting, Ok(values), Place::File(span));
                }
                Err(problem) => self.faults.push(*problem),
            }
        }
    }

    fn add(&mut self, setting: &Setting, values: Result<Vec<String>, String>, from: Place) {
        match values {
            Ok(values) => {
                let given = Given { values, from };
                self.given.insert(setting.name.clone(), given);
            }
            Err(why) => self.faults.push(refused(&setting.name, &from, &why)),
        }
    }

    /// Reads every value as the option's own.
    fn check(&mut self, command: &Command, known: &[Setting]) {
        for setting in known {
            let Some(given) = self.given.get(&setting.name) else {
                continue;
            };
            let why = given.values.iter().find_map(|value| {
                let error = setting.refuses(command, value)?;
                Some(format!("it cannot be `{value}`: {error}"))
            });
            let why = why.or_else(|| {
                let rival = setting.rivals(command);
                let rival = rival
                    .into_iter()
                    .find(|name| self.given.contains_key(name))?;
                Some(format!("`{rival}` is set as well, and only one can be"))
            });
            let fault = why.map(|why| refused(&setting.name, &given.from, &why));
            self.faults.extend(fault);
        }
    }

    /// The setting of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Given> {
        self.given.get(name)
    }

    /// The command with these settings as the defaults of its options.
    fn as_defaults(&self, command: Command, told: &[String]) -> Command {
        let counts = |name: &str| {
            self.given
                .get(name)
                .filter(|_| !told.iter().any(|it| it == name))
        };
        let change = |mut command: Command| {
            let of = option::named(&command);
            for (id, name) in of {
                if let Some(given) = counts(&name) {
                    let values = given.values.clone();
                    command = command.mut_arg(id, |arg| arg.default_values(values));
                }
            }
            command
        };
        COMMANDS.iter().fold(change(command), |command, name| {
            command.mut_subcommand(name, change)
        })
    }

    /// What the command was told, with settings for what it was not told.
    pub(crate) fn matches(&self, command: Command, plain: ArgMatches) -> ArgMatches {
        let Some((name, told)) = plain.subcommand() else {
            return plain;
        };
        if self.given.is_empty() || !COMMANDS.contains(&name) {
            return plain;
        }
        let known = settings(&command);
        // What rules an option out that was given here does not count.
        let beaten = known.iter().filter(|setting| {
            let id = setting.id.as_str();
            matches!(told.try_contains_id(id), Ok(true))
                && told.value_source(id) == Some(ValueSource::CommandLine)
        });
        let beaten: Vec<String> = beaten
            .flat_map(|setting| setting.rivals(&command))
            .collect();
        self.as_defaults(command, &beaten).get_matches()
    }
}

fn refused(name: &str, from: &Place, why: &str) -> Diagnostic {
    let (subject, span) = match from {
        Place::File(span) => (format!("the setting `{name}`"), *span),
        Place::Variable(variable) => (format!("the variable `{variable}`"), Span::NONE),
    };
    let message = format!("{subject} counts for nothing: {why}");
    let help = format!("it means what `--{name}` means: `kubewright generate --help`");
    Diagnostic::error("bad-setting", span, message).help(help)
}

/// Whether a command takes settings.
pub(crate) fn takes_settings(name: &str) -> bool {
    COMMANDS.contains(&name) || name == "config"
}

//! The options that can be set: all that describe what is wanted, by themselves.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command};

use super::PREFIX;

/// Options that are about one run alone.
const OF_A_RUN: [&str; 9] = [
    "check", "dry-run", "help", "json", "quiet", "set", "set-env", "verbose", "version",
];

/// Options whose values are paths.
const PATHS: [&str; 3] = ["output", "project-directory", "env-file"];

/// An option that can be set.
#[derive(Debug)]
pub(crate) struct Setting {
    /// The option's long name, which the setting has too.
    pub(crate) name: String,
    /// What clap calls the option.
    pub(crate) id: String,
    /// What it takes.
    pub(crate) takes: Takes,
    /// Its values, where it has certain ones.
    pub(crate) words: Vec<String>,
    /// What it is for, a sentence.
    pub(crate) help: String,
    /// What counts without it.
    pub(crate) default: Vec<String>,
}

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing: it is there or not.
    Switch,
    /// One value.
    One,
    /// Any number of values.
    Several,
}

/// All options that can be set, by name.
pub(crate) fn settings(command: &Command) -> Vec<Setting> {
    let generate = command.find_subcommand("generate");
    let arguments = generate.into_iter().flat_map(Command::get_arguments);
    let all = command.get_arguments().chain(arguments);
    let mut settings: Vec<Setting> = all.filter_map(setting).collect();
    settings.sort_by(|one, other| one.name.cmp(&other.name));
    settings
}

fn setting(argument: &Arg) -> Option<Setting> {
    let name = argument.get_long()?;
    if OF_A_RUN.contains(&name) {
        return None;
    }
    let takes = match argument.get_action() {
        ArgAction::SetTrue => Takes::Switch,
        ArgAction::Append => Takes::Several,
        _ => Takes::One,
    };
    let words = argument.get_possible_values();
    let words = words.iter().filter(|_| takes != Takes::Switch);
    let default = argument.get_default_values().iter();
    Some(Setting {
        name: name.to_owned(),
        id: argument.get_id().to_string(),
        takes,
        words: words.map(|word| word.get_name().to_owned()).collect(),
        help: argument
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default(),
        default: default
            .filter(|_| takes != Takes::Switch)
            .map(|value| value.to_string_lossy().into_owned())
            .collect(),
    })
}

/// What clap calls the options of a command, and their long names.
pub(super) fn named(command: &Command) -> Vec<(String, String)> {
    let arguments = command.get_arguments();
    let named = arguments.filter_map(|argument| {
        let name = argument.get_long()?;
        Some((argument.get_id().to_string(), name.to_owned()))
    });
    named.collect()
}

/// Why a setting of this name is none; nothing where no option has the name.
pub(super) fn of_a_run(name: &str) -> bool {
    OF_A_RUN.contains(&name)
}

impl Setting {
    /// The variable that sets it.
    pub(crate) fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.replace('-', "_").to_uppercase())
    }

    pub(super) fn is_path(&self) -> bool {
        PATHS.contains(&self.name.as_str())
    }

    /// What a variable says: several values have commas between them.
    pub(super) fn of_variable(&self, value: &str) -> Result<Vec<String>, String> {
        match self.takes {
            Takes::One => Ok(vec![value.to_owned()]),
            Takes::Several => {
                let values = value.split(',').map(|value| value.trim().to_owned());
                Ok(values.filter(|value| !value.is_empty()).collect())
            }
            Takes::Switch => match value {
                "true" | "1" => Ok(vec!["true".to_owned()]),
                "false" | "0" => Ok(vec!["false".to_owned()]),
                _ => Err(format!("it cannot be `{value}`, only `true` or `false`")),
            },
        }
    }

    /// Why the option does not take this value.
    pub(super) fn refuses(&self, command: &Command, value: &str) -> Option<String> {
        if self.takes == Takes::Switch {
            return None;
        }
        let line = [
            "kubewright".to_owned(),
            "generate".to_owned(),
            format!("--{}={value}", self.name),
        ];
        let error = command.clone().try_get_matches_from(line).err()?;
        if let Some(ContextValue::Strings(words)) = error.get(ContextKind::ValidValue)
            && !words.is_empty()
        {
            return Some(format!("it is one of `{}`", words.join("`, `")));
        }
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default();
        let first = first.trim_start_matches("error: ").to_owned();
        Some(error.source().map_or(first, ToString::to_string))
    }

    /// The names of options that rule this one out.
    pub(super) fn rivals(&self, command: &Command) -> Vec<String> {
        let Some(generate) = command.find_subcommand("generate") else {
            return Vec::new();
        };
        let mut arguments = generate.get_arguments();
        let Some(own) = arguments.find(|argument| argument.get_id() == self.id.as_str()) else {
            return Vec::new();
        };
        let declared = |argument: &Arg| generate.get_arg_conflicts_with(argument);
        let direct = declared(own).into_iter();
        let others = generate.get_arguments();
        let back =
            others.filter(|other| declared(other).iter().any(|it| it.get_id() == own.get_id()));
        let rivals = direct.chain(back).filter_map(Arg::get_long);
        let mut rivals: Vec<String> = rivals.map(str::to_owned).collect();
        rivals.dedup();
        rivals
    }
}

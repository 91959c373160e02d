//! Settings: what they are, and where each comes from.

use std::collections::BTreeMap;

use clap::{Args, Command};
use serde::Serialize;

use crate::Exit;
use crate::commands::fail;
use crate::printer::{Talk, out};
use crate::settings::{Place, Setting, Settings, Takes, settings};

/// Show all settings: what counts, and where it is said.
///
/// A setting is called like an option of `generate` and stands for it wherever it is not given;
/// `diff`, `explain` and `convert` follow it, too. An option counts before a variable, a variable
/// before `kubewright.toml` of this folder or the nearest one above, the file before what the
/// input says. Paths in the file start from its folder.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Config {}

const EXAMPLES: &str = "\
Examples:
  kubewright config                       every setting, and where it is said
  KUBEWRIGHT_FORMAT=kustomize,helm kubewright generate
  kubewright schema config                what `kubewright.toml` may hold, for editors

A file `kubewright.toml`:
  format = [\"kustomize\", \"helm\"]
  secrets = \"external\"
  kubernetes-version = \"1.35\"";

/// What `--json` prints.
#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    exit: u8,
    settings: Vec<Row<'a>>,
}

/// One setting.
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    values: &'a [String],
    /// `option`s' own word, a variable's name, or `file:line:column`.
    from: String,
    variable: String,
    help: &'a str,
}

impl Config {
    pub(crate) fn run(self, talk: &Talk, command: &Command, settings: &Settings) -> Exit {
        if !settings.faults.is_empty() {
            return fail(
                talk,
                Exit::Input,
                settings.faults.clone(),
                &settings.sources,
            );
        }
        let known = self::settings(command);
        let rows: Vec<Row<'_>> = known.iter().map(|one| row(one, settings)).collect();
        if talk.json {
            let shown = Shown {
                version: 1,
                exit: Exit::Done as u8,
                settings: rows,
            };
            let text = serde_json::to_string_pretty(&shown).expect("settings are plain data");
            return out(&format!("{text}\n"));
        }
        out(&table(&rows))
    }
}

fn row<'a>(setting: &'a Setting, settings: &'a Settings) -> Row<'a> {
    let given = settings.get(&setting.name);
    let from = given.map(|given| match &given.from {
        Place::File(span) => settings.sources.describe(*span),
        Place::Variable(name) => name.clone(),
    });
    Row {
        name: &setting.name,
        values: given.map_or(&setting.default, |given| &given.values),
        from: from.unwrap_or_else(|| match setting.default.is_empty() {
            true => String::new(),
            false => "default".to_owned(),
        }),
        variable: setting.variable(),
        help: &setting.help,
    }
}

/// A line for each setting: name, values, where they are said.
fn table(rows: &[Row<'_>]) -> String {
    let value = |row: &Row<'_>| match row.values.is_empty() {
        true => "-".to_owned(),
        false => row.values.join(", "),
    };
    let width = |of: &dyn Fn(&Row<'_>) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let names = width(&|row| row.name.len());
    let values = width(&|row| value(row).chars().count());
    let line = |row: &Row<'_>| {
        let line = format!("{:names$}  {:values$}  {}", row.name, value(row), row.from);
        format!("{}\n", line.trim_end())
    };
    rows.iter().map(line).collect()
}

/// The JSON Schema of `kubewright.toml`.
pub(crate) fn schema(command: &Command) -> String {
    let known = settings(command);
    let properties = known.iter().map(|setting| {
        let mut one = serde_json::json!({ "type": "string" });
        if !setting.words.is_empty() {
            one["enum"] = serde_json::json!(setting.words);
        }
        let mut schema = match setting.takes {
            Takes::Switch => serde_json::json!({ "type": "boolean" }),
            Takes::One => one,
            Takes::Several => {
                serde_json::json!({ "anyOf": [{ "type": "array", "items": one.clone() }, one] })
            }
        };
        schema["description"] = setting.help.clone().into();
        (setting.name.clone(), schema)
    });
    let properties: BTreeMap<String, serde_json::Value> = properties.collect();
    let schema = serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of kubewright: kubewright.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    let text = serde_json::to_string_pretty(&schema).expect("a schema is plain data");
    format!("{text}\n")
}

//! A file, and the projects that it describes: one for each environment.

use std::collections::BTreeSet;
use std::path::Path as FilePath;

use kubewright_files::Files;
use kubewright_model::{Located, Name, Project};
use kubewright_source::{Diagnostic, Diagnostics, Sources, Span};
use kubewright_yaml::{Mapping, Node, Path};

use super::decode::{self, Place};
use super::layer::{self, Layered, layered};
use super::long::long;
use super::old::{self, Rewritten};
use super::resolve::{Resolved, Resolver};
use super::shape::Shape;
use super::table::{ENTRY_SECTIONS, ROOT};
use super::variables::Variables;
use crate::fields::{Report, did_you_mean};

/// Keys that only an `apps.yaml` has at its top.
const KEYS: &[&str] = &[
    "apps",
    "charts",
    "compose",
    "functions",
    "gateway",
    "helm",
    "infrastructure",
    "kustomize",
    "serverless",
    "templates",
];

/// Whether a tree is an `apps.yaml`.
pub fn is_apps(root: &Node) -> bool {
    KEYS.iter().any(|key| root.get(key).is_some())
}

/// An `apps.yaml`, written long.
#[derive(Debug)]
pub struct Document {
    root: Node,
    sets: Vec<Node>,
    /// It was of version 2.
    was_old: bool,
    /// Secrets whose variables named their stores.
    with_store: BTreeSet<String>,
}

/// What a project is read with.
pub struct Asked<'a> {
    /// The environment; none: the nameless one.
    pub environment: Option<&'a str>,
    /// What the project is called where the file does not say it.
    pub name: Name,
    /// What it is called whatever the file says.
    pub given_name: Option<Name>,
    /// The folder that paths of the file start from.
    pub directory: &'a FilePath,
    /// The files of the project.
    pub files: &'a dyn Files,
    /// What `${VARIABLE}` stands for.
    pub variables: &'a Variables<'a>,
    /// Secrets are not written: somebody else makes them.
    pub secrets_elsewhere: bool,
}

impl Document {
    /// Writes a tree long and lays `sets` over it later: `KEY=VALUE` of the caller.
    /// What is wrong anywhere in it is said once, also in what an environment
    /// replaces.
    pub fn open(root: Node, sets: Vec<(String, Node)>, diagnostics: &mut Diagnostics) -> Self {
        let report = Report::default();
        let Rewritten {
            root,
            was_old,
            with_store,
        } = old::rewritten(root, &report);
        let sets = sets.into_iter().map(|(path, value)| {
            let set = old::rewritten_part(layer::set(&path, value), &root, &report);
            layer::long_set(set, &report)
        });
        let sets: Vec<Node> = sets.collect();
        sets.iter()
            .for_each(|set| layer::check_set(set, &root, &report));
        let root = long(root, Shape::Block(&ROOT), "", &Path::ROOT, &report);
        version(&root, &report);
        report.into_diagnostics(diagnostics);
        Self {
            root,
            sets,
            was_old,
            with_store,
        }
    }

    /// The names of its entries, as they stand in it.
    pub fn entries(&self) -> Vec<&str> {
        let sections = ENTRY_SECTIONS.iter();
        let sections = sections.filter_map(|section| self.root.get(section.key)?.as_mapping());
        sections.flat_map(Mapping::keys).collect()
    }

    /// All that it says, written long.
    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// Secrets whose variables named their stores, as version 2 has it.
    pub(super) fn with_store(&self) -> &BTreeSet<String> {
        &self.with_store
    }

    /// The names of its environments, in its order.
    pub fn environments(&self) -> Vec<&str> {
        let names = layer::environments(&self.root).into_iter();
        names.map(|key| &*key.text).collect()
    }

    /// The error `unknown-name` for an environment that there is not.
    pub fn unknown_environment(&self, name: &str) -> Diagnostic {
        let known = self.environments();
        let message = format!("there is no environment `{name}`");
        let place = self
            .root
            .get("environments")
            .map_or(self.root.span, |node| node.span);
        let help = match known.is_empty() {
            true => "the file has none: leave `--env` out, or add it to `environments`".to_owned(),
            false => did_you_mean(name, || known.iter().copied()),
        };
        Diagnostic::error("unknown-name", place, message).help(help)
    }

    /// The project of one environment. What cannot be read is missing from it and
    /// an error of `diagnostics`.
    pub fn project(
        &self,
        asked: &Asked<'_>,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Project {
        let report = Report::default();
        let mut layered = layered(&self.root, asked.environment, &self.sets, &report);
        if self.was_old {
            let Layered { facts, rest, .. } = &mut layered;
            old::without_stores(rest, facts, &self.with_store);
        }
        let name = self.name(asked, &report);
        let resolver = Resolver::new(&layered, asked, name.value.as_str(), &report);
        let Resolved {
            layered,
            failed,
            held,
        } = resolver.resolved();
        for (place, value) in held {
            sources.hold_secret(place, &value);
        }
        let place = Place {
            asked,
            name,
            root: self.root.span,
            moves_secrets: self.was_old,
        };
        let decoded = Report::default();
        let project = decode::project(&place, &layered, sources, &decoded);
        report.into_diagnostics(diagnostics);
        let mut said = Diagnostics::default();
        decoded.into_diagnostics(&mut said);
        // What is wrong with a text that has no value was said.
        diagnostics.extend(said.into_iter().filter(|said| !failed.contains(&said.span)));
        project
    }

    fn name(&self, asked: &Asked<'_>, report: &Report) -> Located<Name> {
        if let Some(name) = &asked.given_name {
            return Located::nowhere(name.clone());
        }
        let folder = || Located::new(asked.name.clone(), Span::NONE);
        let Some(node) = self.root.get("name") else {
            return folder();
        };
        let at = crate::fields::At {
            node,
            path: Path::ROOT.key("name"),
            name: "name",
            report,
        };
        let text = decode::word(&at);
        let name = text.and_then(|text| at.checked(&text, Name::sanitised));
        name.unwrap_or_else(folder)
    }
}

/// The error `version` for a format that is not known.
fn version(root: &Node, report: &Report) {
    let Some(node) = root.get("version") else {
        return;
    };
    let Some(scalar) = node.as_scalar() else {
        return;
    };
    if matches!(&*scalar.text, "2" | "3" | "2.0" | "3.0") {
        return;
    }
    let message = match scalar.text.parse::<f64>() {
        Ok(number) if number > 3.0 => {
            format!("version {} is too new; known are 2 and 3", scalar.text)
        }
        Ok(_) | Err(_) => format!("version `{}` is not known; known are 2 and 3", scalar.text),
    };
    let said = Diagnostic::error("version", node.span, message).path("version".to_owned());
    report.push(said.help("write `version: 3`, or leave it out"));
}

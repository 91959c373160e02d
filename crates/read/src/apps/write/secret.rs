//! Secrets: names for values that a file does not hold.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use kubewright_model::container::Container;
use kubewright_model::file::{SecretFrom, SecretSource};
use kubewright_model::infrastructure::Infrastructure;
use kubewright_model::project::{Entry, SecretProvider};
use kubewright_model::value::SecretText;
use kubewright_model::variable::{SecretVariable, Variable, VariableValue};
use kubewright_model::{App, Given, Project};
use kubewright_yaml::Node;

use super::container::Owner;
use super::tree::{Map, flag, raw, text};
use crate::apps::decode::is_in_clear;

/// A value that the file does not hold: whoever generates has it in a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    /// The variable, to be set in `.env`.
    pub variable: String,
    /// The value that the input had; none: it was not known there either.
    pub known: Option<SecretText>,
}

/// What the secrets of a project are called that had no names.
pub(super) struct Secrets {
    /// By variable: its values, each with the first container that has it.
    values: BTreeMap<String, Vec<(Option<SecretText>, String)>>,
    /// Names that have another meaning already.
    taken: BTreeSet<String>,
    /// The environment has a store: what is named `{secret: …}` is looked for there.
    in_a_store: bool,
    /// Variables that stand in texts, with their values.
    put: RefCell<BTreeMap<String, Put>>,
}

/// A variable that stands in a text.
struct Put {
    known: SecretText,
    /// It is written.
    is_used: bool,
}

impl Secrets {
    /// Looks through all containers of a project.
    pub(super) fn of(project: &Project) -> Self {
        let mut secrets = Self {
            values: BTreeMap::new(),
            taken: project.secrets.keys().cloned().collect(),
            in_a_store: in_a_store(project),
            put: RefCell::default(),
        };
        for entry in project.entries.values() {
            secrets.entry(entry);
        }
        secrets
    }

    fn entry(&mut self, entry: &Entry) {
        match entry {
            Entry::App(app) => self.app(app),
            Entry::Infrastructure(infrastructure) => match &**infrastructure {
                Infrastructure::SelfHosted(app) => self.app(app),
                Infrastructure::Managed(managed) => {
                    self.variables(&managed.environment, managed.name.as_str());
                }
            },
            Entry::Functions(functions) => {
                self.app(&functions.app);
                for handler in &functions.handlers {
                    self.app(&handler.app);
                }
            }
            Entry::Compose(_) | Entry::Helm(_) | Entry::Kustomize(_) | Entry::Disabled(_) => {}
        }
    }

    fn app(&mut self, app: &App) {
        for (prefix, container) in containers(app) {
            self.variables(&container.environment, &prefix);
        }
    }

    fn variables(&mut self, variables: &[Variable], prefix: &str) {
        for variable in variables {
            if let VariableValue::Secret(secret) = &variable.value {
                self.add(variable, secret, prefix);
            }
        }
    }

    fn add(&mut self, variable: &Variable, secret: &SecretVariable, prefix: &str) {
        let name = secret.name.as_ref().map(|name| name.as_str());
        if name.is_some_and(|name| self.taken.contains(name)) {
            return;
        }
        let known = secret.known.as_ref().map(|known| known.value.clone());
        let values = self
            .values
            .entry(variable.name.as_str().to_owned())
            .or_default();
        if values.iter().all(|(other, _)| *other != known) {
            values.push((known, prefix.to_owned()));
        }
    }

    /// What a secret without a name is called: as its variable, unless others of
    /// that name have other values.
    pub(super) fn name(
        &self,
        variable: &Variable,
        secret: &SecretVariable,
        owner: Owner<'_>,
    ) -> String {
        let name = variable.name.as_str();
        if self.is_plain(name) {
            return name.to_owned();
        }
        let known = secret.known.as_ref().map(|known| &known.value);
        let values = self.values.get(name).into_iter().flatten();
        let first = values
            .filter(|(value, _)| value.as_ref() == known)
            .map(|(_, prefix)| prefix.as_str())
            .next();
        self.own_name(first.unwrap_or(owner.prefix), name)
    }

    /// The variable of `.env` whose reference says as much as a secret: where the
    /// environment has a store, its value comes from the file that is read all the
    /// same. None where `{secret: …}` says that.
    pub(super) fn reference(
        &self,
        variable: &Variable,
        secret: &SecretVariable,
        owner: Owner<'_>,
    ) -> Option<String> {
        if !self.in_a_store || !is_value(variable, secret) {
            return None;
        }
        let name = self.name(variable, secret, owner);
        Some(match self.is_plain(variable.name.as_str()) {
            true => name,
            false => upper(&name),
        })
    }

    /// The variable whose reference stands for a value that is said over a service
    /// of a compose project.
    pub(super) fn stand_in(
        &self,
        variable: &Variable,
        secret: &SecretVariable,
        (project, owner): (&str, Owner<'_>),
    ) -> Option<String> {
        let known = &secret.known.as_ref()?.value;
        if !is_value(variable, secret) {
            return None;
        }
        let own = upper(&format!(
            "{project}-{}-{}",
            owner.prefix, variable.name.value
        ));
        let numbered = (2..).map(|number: usize| format!("{own}_{number}"));
        let mut names = std::iter::once(own.clone()).chain(numbered);
        let mut put = self.put.borrow_mut();
        let is_free = |name: &String| match put.get(name) {
            Some(there) => there.known == *known,
            None => !self.taken.contains(name) && !self.values.contains_key(name),
        };
        let name = names.find(is_free).unwrap_or(own);
        put.entry(name.clone()).or_insert_with(|| Put {
            known: known.clone(),
            is_used: false,
        });
        Some(name)
    }

    /// Takes note of variables that are written.
    pub(super) fn used<'n>(&self, names: impl IntoIterator<Item = &'n str>) {
        let mut put = self.put.borrow_mut();
        for name in names {
            if let Some(put) = put.get_mut(name) {
                put.is_used = true;
            }
        }
    }

    /// The variables that stand in texts.
    pub(super) fn put(&self) -> Vec<Needed> {
        let put = self.put.borrow();
        let used = put.iter().filter(|(_, put)| put.is_used);
        let needed = |(variable, put): (&String, &Put)| Needed {
            variable: variable.clone(),
            known: Some(put.known.clone()),
        };
        used.map(needed).collect()
    }

    /// Whether the variable's name is enough.
    fn is_plain(&self, variable: &str) -> bool {
        let values = self.values.get(variable).map_or(0, Vec::len);
        values <= 1 && !self.taken.contains(variable)
    }

    /// `web-db-password`; a number behind it where that is taken.
    fn own_name(&self, prefix: &str, variable: &str) -> String {
        let lower = variable.to_ascii_lowercase().replace('_', "-");
        let name = format!("{prefix}-{lower}");
        let numbered = (2..).map(|number: usize| format!("{name}-{number}"));
        std::iter::once(name.clone())
            .chain(numbered)
            .find(|name| !self.taken.contains(name))
            .unwrap_or(name)
    }

    /// The sources that the section `secrets` gets for names of its own, and all
    /// variables that have to be set.
    pub(super) fn sources(&self, project: &Project) -> (Vec<(String, Node)>, Vec<Needed>) {
        let (mut sources, mut needed) = (Vec::new(), Vec::new());
        for (variable, values) in &self.values {
            for (known, prefix) in values {
                let known = known.clone();
                if self.is_plain(variable) {
                    let variable = variable.clone();
                    needed.push(Needed { variable, known });
                    continue;
                }
                let name = self.own_name(prefix, variable);
                let upper = upper(&name);
                // What is said in texts needs no source.
                if !(self.in_a_store && is_secret_value(variable, known.as_ref())) {
                    sources.push((name, Map::with("environment", raw(&upper)).node()));
                }
                needed.push(Needed {
                    variable: upper,
                    known,
                });
            }
        }
        for source in project.secrets.values() {
            if let SecretFrom::Environment { variable, known } = &source.from
                && !is_path(&variable.value)
            {
                needed.push(Needed {
                    variable: variable.value.clone(),
                    known: known.as_ref().map(|known| known.value.clone()),
                });
            }
        }
        let planned = |needed: &Needed| {
            let mut plan = project.vault.iter();
            plan.any(|planned| planned.key == needed.variable)
        };
        let is_elsewhere = |needed: &Needed| in_a_store(project) || planned(needed);
        needed.retain(|needed| needed.known.is_some() || !is_elsewhere(needed));
        needed.sort_by(|one, two| one.variable.cmp(&two.variable));
        needed.dedup();
        (sources, needed)
    }
}

/// Whether a secret has no name, but a value that is taken for one wherever it stands.
fn is_value(variable: &Variable, secret: &SecretVariable) -> bool {
    let known = secret.known.as_ref().map(|known| &known.value);
    secret.name.is_none() && is_secret_value(variable.name.as_str(), known)
}

fn is_secret_value(variable: &str, known: Option<&SecretText>) -> bool {
    known.is_some_and(|known| is_in_clear(variable, known.reveal()))
}

/// Whether the environment's secrets are in a store.
fn in_a_store(project: &Project) -> bool {
    project.facts.secret_store.as_ref().is_some_and(|store| {
        !matches!(
            store.provider,
            SecretProvider::EnvFile | SecretProvider::Inline
        )
    })
}

fn upper(name: &str) -> String {
    let upper = |c: char| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_uppercase(),
        false => '_',
    };
    name.chars().map(upper).collect()
}

/// The containers of an app, each with what its objects' names begin with.
fn containers(app: &App) -> impl Iterator<Item = (String, &Container)> {
    let own = app.name.as_str();
    let init = app.init_containers.iter();
    let init = init.map(move |one| (format!("{own}-{}", one.name.value), &one.container));
    let sidecars = app.sidecars.iter();
    let sidecars = sidecars.map(move |one| (format!("{own}-{}", one.name.value), &one.container));
    let companions = app.companions.iter();
    let companions =
        companions.map(move |one| (format!("{own}-{}", one.name.value), &one.container));
    std::iter::once((own.to_owned(), &app.main))
        .chain(init)
        .chain(sidecars)
        .chain(companions)
}

/// A source of the section `secrets`.
pub(super) fn source(source: &SecretSource) -> Node {
    let mut block = Map::default();
    match &source.from {
        SecretFrom::Environment { variable, .. } if is_path(&variable.value) => {
            block.put("file", text(&variable.value));
        }
        SecretFrom::Environment { variable, .. } => {
            block.put("environment", text(&variable.value));
        }
        SecretFrom::File { path, .. } => block.put("file", text(&path.value)),
        SecretFrom::External { name } => block.put("external", external(name)),
        SecretFrom::Store => {}
    }
    block.put(
        "store",
        source.store.as_ref().map(super::facts::secret_store),
    );
    block.flag("create", &source.create);
    block.node()
}

/// Whether a variable is none, but a file that could not be read.
fn is_path(variable: &str) -> bool {
    variable.contains(['/', '.'])
}

/// `true`, or the name of what exists.
pub(super) fn external<T: AsRef<str>>(name: &Given<T>) -> Node {
    match name {
        Some(name) => raw(name.value.as_ref()),
        None => flag(true),
    }
}

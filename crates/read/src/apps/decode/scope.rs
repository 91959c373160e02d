//! What all entries of a file share while they are read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use kubewright_model::container::KnownSecret;
use kubewright_model::file::{SecretFrom, SecretSource};
use kubewright_model::gateway::{Gateway, TargetService};
use kubewright_model::project::{Facts, SecretProvider};
use kubewright_model::value::SecretText;
use kubewright_model::{Located, Name, Span};
use kubewright_source::{Diagnostic, Sources};
use kubewright_yaml::{Node, Path};

use super::Place;
use super::given::word;
use super::section;
use crate::apps::layer::Layered;
use crate::apps::resolve::is_from_variable;
use crate::fields::{At, Report};

/// What all entries of a file share while they are read.
pub(super) struct Scope<'a> {
    pub(super) place: &'a Place<'a>,
    pub(super) facts: Facts,
    /// Every text that was read; files of variables are added.
    pub(super) sources: RefCell<&'a mut Sources>,
    names: BTreeMap<String, Located<Name>>,
    /// The names that count instead while the services of a compose project are
    /// read.
    within: RefCell<Option<BTreeMap<String, Located<Name>>>>,
    secrets: BTreeMap<String, SecretSource>,
    /// Compose projects that routes lead into.
    entered: BTreeSet<Name>,
    top: Node,
    report: &'a Report,
}

impl<'a> Scope<'a> {
    /// Names and secrets are looked through first: entries refer to those below.
    pub(super) fn new(
        place: &'a Place<'a>,
        layered: &Layered,
        facts: &Facts,
        sources: RefCell<&'a mut Sources>,
        report: &'a Report,
    ) -> Self {
        let secrets = layered.rest.get("secrets").map(|node| {
            let at = At {
                node,
                path: Path::ROOT.key("secrets"),
                name: "secrets",
                report,
            };
            section::secrets(&at, place)
        });
        Self {
            place,
            facts: facts.clone(),
            sources,
            names: names(layered, report),
            within: RefCell::default(),
            secrets: secrets.unwrap_or_default(),
            entered: BTreeSet::new(),
            top: Node::null(place.root),
            report,
        }
    }

    /// Takes note of where routes lead.
    pub(super) fn look_at(&mut self, gateway: &Gateway) {
        for route in &gateway.routes {
            if let TargetService::ComposeService { project, .. } = &route.target.service.value {
                self.entered.insert(project.clone());
            }
        }
    }

    /// Whether routes lead into a compose project.
    pub(super) fn leads_into(&self, project: &str) -> bool {
        self.entered.iter().any(|name| name.as_str() == project)
    }

    /// The top of the file, for what concerns several entries.
    pub(super) fn root(&self) -> At<'_> {
        At::root(&self.top, self.report)
    }

    /// Where secret values come from.
    pub(super) fn secrets(&self) -> &BTreeMap<String, SecretSource> {
        &self.secrets
    }

    /// The name of the entry that is called so in the file.
    pub(super) fn named(&self, written: &str) -> Option<Located<Name>> {
        match &*self.within.borrow() {
            Some(names) => names.get(written).cloned(),
            None => self.names.get(written).cloned(),
        }
    }

    /// Reads something for which other names count.
    pub(super) fn within(&self, names: BTreeMap<String, Located<Name>>, read: impl FnOnce()) {
        self.within.replace(Some(names));
        read();
        self.within.replace(None);
    }

    /// The entry that a text names: the error `unknown-name` where there is none.
    pub(super) fn entry(&self, at: &At<'_>) -> Option<Located<Name>> {
        let text = word(at)?;
        match self.named(&text) {
            Some(name) => Some(Located::new(name.value, text.span)),
            None => {
                let message = format!("there is no entry `{}`", text.value);
                at.error("unknown-name", message, self.proposal(&text));
                None
            }
        }
    }

    /// What may have been meant by a name.
    pub(super) fn proposal(&self, word: &str) -> String {
        let within = self.within.borrow();
        let names = within.as_ref().unwrap_or(&self.names);
        let all = || names.keys().map(String::as_str);
        self.report.proposal(word, names.len(), all)
    }

    /// What an entry depends on. One that is not there is the error
    /// `unknown-name`, unless it is not `required`.
    pub(super) fn dependency(
        &self,
        name: Located<&str>,
        at: &At<'_>,
        required: bool,
    ) -> Option<Located<Name>> {
        if let Some(known) = self.named(name.value) {
            return Some(Located::new(known.value, name.span));
        }
        let help = self.proposal(name.value);
        let said = match required {
            true => Diagnostic::error(
                "unknown-name",
                name.span,
                format!("it depends on `{}`, which there is not", name.value),
            ),
            false => Diagnostic::note(
                "unknown-name",
                name.span,
                format!("`{}`, which is not required, is not there", name.value),
            ),
        };
        at.push(said.help(help));
        None
    }

    /// Whether the environment's secrets are kept outside of it.
    pub(super) fn has_store(&self) -> bool {
        let store = self.facts.secret_store.as_ref();
        store.is_some_and(|store| {
            !matches!(
                store.provider,
                SecretProvider::EnvFile | SecretProvider::Inline
            )
        })
    }

    /// The value of a secret, where it is known: by what `secrets` at the top says
    /// of it, else by the variable's or the secret's own name in the env files.
    pub(super) fn secret_value(&self, secret: &Located<String>, variable: &str) -> KnownSecret {
        let in_a_store = self.has_store();
        if let Some(source) = self.secrets.get(&secret.value) {
            return match &source.from {
                SecretFrom::Environment { known, .. } => known.clone(),
                SecretFrom::File { content, .. } => Some(content.clone()),
                SecretFrom::External { .. } | SecretFrom::Store => None,
            };
        }
        if in_a_store {
            return None;
        }
        let variables = self.place.asked.variables;
        let upper: String = secret.value.chars().map(upper).collect();
        let named = variables.kept(&secret.value);
        let named = named.or_else(|| variables.kept(&upper));
        let known = named.or_else(|| variables.kept(variable));
        known.map(|value| Located::nowhere(SecretText::new(value)))
    }

    /// Whether a value that looks secret goes to the Secret although it stands in
    /// the file: in version 2, and where a variable is part of it, so that the file
    /// does not hold it.
    pub(super) fn moves_secrets(&self, at: &At<'_>) -> bool {
        self.place.moves_secrets || is_from_variable(at.node)
    }

    /// Whether a variable's value stands in the file, where values that look secret
    /// may.
    pub(super) fn is_in_clear(&self, at: &At<'_>) -> bool {
        let value = at.node.get("value").unwrap_or(at.node);
        self.place.moves_secrets && !is_from_variable(value)
    }
}

fn upper(c: char) -> char {
    match c.is_ascii_alphanumeric() {
        true => c.to_ascii_uppercase(),
        false => '_',
    }
}

/// The names of all entries as Kubernetes takes them; what changes is noted, what
/// meets is the error `name-taken`.
fn names(layered: &Layered, report: &Report) -> BTreeMap<String, Located<Name>> {
    let mut names: BTreeMap<String, Located<Name>> = BTreeMap::new();
    let mut taken: BTreeMap<Name, (String, Span)> = BTreeMap::new();
    for member in &layered.entries {
        let (text, span) = (&*member.key.text, member.key.span);
        let path = format!("{}.{text}", member.section.key);
        let name = match Name::sanitised(text) {
            Ok(name) => name,
            Err(invalid) => {
                let message = format!("`{text}` is not {}: {}", invalid.what, invalid.why);
                let said = Diagnostic::error("bad-value", span, message);
                report.push(said.path(path).help(invalid.help));
                continue;
            }
        };
        if let Some((first, place)) = taken.get(&name) {
            let message = match first == text {
                true => format!("two entries are called `{text}`"),
                false => format!("`{first}` and `{text}` both become `{name}`"),
            };
            let said = Diagnostic::error("name-taken", span, message).path(path);
            report.push(
                said.related(*place, "the other is here")
                    .help("rename one of the two"),
            );
            continue;
        }
        taken.insert(name.clone(), (text.to_owned(), span));
        if name.as_str() != text {
            let message = format!("`{text}` is called `{name}` in Kubernetes");
            let said = Diagnostic::note("renamed", span, message).path(path);
            report.push(said.help(format!(
                "names have lower-case letters, digits and `-` only: call it `{name}` here, too"
            )));
        }
        names.insert(text.to_owned(), Located::new(name, span));
    }
    names
}

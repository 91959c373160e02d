//! What all parts of the rewriting share.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use kubewright_model::Name;
use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Entry, Key, Mapping, Node, Path};

use super::tree::{members, text};
use crate::fields::Report;

/// The environments that version 2 has.
pub(super) const ENVIRONMENTS: [&str; 3] = ["local", "dev", "gcp"];

/// The namespace of entries that name none.
pub(super) const NAMESPACE: &str = "apps";

/// What all parts of the rewriting share.
pub(super) struct Context<'a> {
    pub(super) report: &'a Report,
    /// The file is of version 2: its words are its own, and its defaults hold.
    pub(super) is_old: bool,
    is_silent: bool,
    /// Old words of which something was said: each once.
    said: RefCell<BTreeSet<&'static str>>,
    /// The environments that the file declares.
    declared: BTreeSet<String>,
    /// Entries by their names in Kubernetes.
    entries: BTreeMap<String, Known>,
    /// Providers that variables name, with the secrets and their places.
    pub(super) providers: RefCell<Vec<Provider>>,
    /// Routes of single entries.
    pub(super) routes: RefCell<Vec<OwnRoute>>,
    namespace: String,
}

/// An entry, before anything of it is rewritten.
struct Known {
    name: String,
    section: &'static str,
    namespaces: BTreeSet<String>,
}

/// A secret that a variable takes from a store.
pub(super) struct Provider {
    pub(super) secret: String,
    /// The provider that it names; none: version 2's usual one.
    pub(super) provider: Option<(String, Span)>,
    pub(super) span: Span,
}

/// A route that an entry asked for, with the environment that changes it.
pub(super) struct OwnRoute {
    pub(super) environment: Option<Key>,
    pub(super) path: Key,
    /// Nothing: there is no such route in that environment.
    pub(super) route: Node,
}

const SECTIONS: &[(&str, &str)] = &[
    ("infrastructure", "infrastructure"),
    ("apps", "apps"),
    ("functions", "functions"),
    ("serverless", "functions"),
    ("compose", "compose"),
    ("helm", "helm"),
    ("kustomize", "kustomize"),
];

impl<'a> Context<'a> {
    pub(super) fn new(report: &'a Report, is_old: bool, root: &Node) -> Self {
        let environments = root.get("environments").and_then(Node::as_mapping);
        let environments = environments.into_iter().flat_map(Mapping::keys);
        let namespace = root
            .get("defaults")
            .and_then(|all| text(all.get("namespace")?));
        Self {
            report,
            is_old,
            is_silent: is_old,
            said: RefCell::default(),
            declared: environments.map(str::to_owned).collect(),
            entries: entries(root),
            providers: RefCell::default(),
            routes: RefCell::default(),
            namespace: namespace.unwrap_or(NAMESPACE).to_owned(),
        }
    }

    /// Without notes on old words.
    pub(super) fn silent(mut self) -> Self {
        self.is_silent = true;
        self
    }

    /// Whether a key of an entry is the name of an environment: of version 2's
    /// own, or one that a file of version 2 declares.
    pub(super) fn is_environment(&self, key: &str) -> bool {
        ENVIRONMENTS.contains(&key) || (self.is_old && self.declared.contains(key))
    }

    /// The note `old-key`, once for each word.
    pub(super) fn old(&self, key: &Key, word: &'static str, new: &str, path: &Path<'_>) {
        if self.is_silent || !self.said.borrow_mut().insert(word) {
            return;
        }
        let message = format!("`{word}` is a word of version 2");
        let said = Diagnostic::note("old-key", key.span, message);
        let said = said.path(path.key(&key.text).to_string());
        self.report.push(said.help(format!("here it is {new}")));
    }

    /// Puts a value where version 3 has it. Where something stands there already,
    /// both are there: the error `two-alternatives`.
    pub(super) fn put(&self, into: &mut Mapping, key: &str, old: Entry, path: &Path<'_>) {
        let renamed = Key::new(key, old.key.span);
        match into.get_entry(key).filter(|entry| !entry.value.is_null()) {
            None => {
                into.insert(renamed, old.value);
            }
            Some(there) if there.value.same(&old.value) => {}
            Some(there) => {
                let message = match *old.key.text == *there.key.text {
                    true => format!("`{}` is said twice, and differently", old.key.text),
                    false => format!("`{}` says again what `{key}` says", old.key.text),
                };
                let said = Diagnostic::error("two-alternatives", old.key.span, message)
                    .related(there.key.span, format!("`{}` stands here", there.key.text))
                    .path(path.key(&old.key.text).to_string());
                self.report.push(said.help("keep one of the two"));
            }
        }
    }

    /// What a route of version 2 leads to: an entry, or a Service elsewhere.
    pub(super) fn service(&self, written: &Node, path: &Path<'_>) -> Option<String> {
        let whole = text(written)?;
        let mut parts = whole.split('.');
        let (first, namespace) = (parts.next()?, parts.next());
        let Some(known) = self.entries.get(first) else {
            return self.of_several(first, namespace);
        };
        let lives = |namespace: &str| {
            known.namespaces.contains(namespace)
                || (known.namespaces.is_empty() && namespace == self.namespace)
        };
        if known.section == "compose" || known.section == "helm" || known.section == "kustomize" {
            return None;
        }
        if let Some(namespace) = namespace.filter(|namespace| !lives(namespace)) {
            let message = format!("`{first}` does not live in the namespace `{namespace}`");
            let said = Diagnostic::error("unknown-name", written.span, message);
            let said = said.path(path.key("service").to_string());
            self.report
                .push(said.help(format!("write `{}` alone", known.name)));
        }
        Some(known.name.clone())
    }

    /// The Service of a function, where no namespace says that it is one.
    fn of_several(&self, service: &str, namespace: Option<&str>) -> Option<String> {
        let is_function = |(name, known): (&String, &Known)| {
            let rest = service.strip_prefix(name.as_str());
            known.section == "functions" && rest.is_some_and(|rest| rest.starts_with('-'))
        };
        match namespace {
            Some(namespace) => Some(format!("{service}.{namespace}")),
            None if self.entries.iter().any(is_function) => {
                Some(format!("{service}.{}", self.namespace))
            }
            None => None,
        }
    }
}

fn entries(root: &Node) -> BTreeMap<String, Known> {
    let mut found = BTreeMap::new();
    for (key, section) in SECTIONS {
        for (name, node) in root.get(key).map(members).unwrap_or_default() {
            let Ok(called) = Name::sanitised(&name.text) else {
                continue;
            };
            let layers = node.as_mapping().into_iter().flat_map(Mapping::iter);
            let layers = layers.map(|entry| &entry.value).chain([node]);
            let namespaces = layers.filter_map(|layer| text(layer.get("namespace")?));
            let known = Known {
                name: name.text.to_string(),
                section,
                namespaces: namespaces.map(str::to_owned).collect(),
            };
            found.insert(called.to_string(), known);
        }
    }
    found
}

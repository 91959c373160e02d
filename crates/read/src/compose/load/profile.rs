//! Which services take part.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/15-profiles.md>

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use kubewright_source::{Diagnostic, Located, Span};
use kubewright_yaml::{Mapping, Node, Resolved, Scalar, Value};

use super::loader::Loader;
use crate::environment::Environment;

/// Profiles that any service names.
pub(super) fn declared(root: &Node) -> BTreeSet<String> {
    let services = root.get("services").and_then(Node::as_mapping);
    let entries = services.into_iter().flatten();
    entries
        .flat_map(|entry| profiles_of(&entry.value))
        .map(Cow::into_owned)
        .collect()
}

impl Loader<'_> {
    /// Takes the services out that have profiles of which none is active, and
    /// gives back their names and the services. A dependency on one of them is an error, unless it
    /// is `required: false`: then it goes with a note.
    pub(super) fn take_inactive(
        &mut self,
        root: &mut Node,
        asked_for: &[String],
        environment: &Environment,
    ) -> (Vec<Located<String>>, Mapping) {
        let services = root
            .as_mapping_mut()
            .and_then(|root| root.get_mut("services"));
        let Some(services) = services.and_then(Node::as_mapping_mut) else {
            return (Vec::new(), Mapping::default());
        };
        let active = active_profiles(asked_for, environment);
        let mut inactive: BTreeMap<String, Inactive> = BTreeMap::new();
        for entry in &*services {
            let profiles = profiles_of(&entry.value);
            if !profiles.is_empty() && !profiles.iter().any(|profile| is_active(&active, profile)) {
                let profiles = profiles.into_iter().map(Cow::into_owned).collect();
                let span = entry.key.span;
                inactive.insert(entry.key.text.to_string(), Inactive { span, profiles });
            }
        }
        if inactive.is_empty() {
            return (Vec::new(), Mapping::default());
        }
        let all = std::mem::take(services);
        let (gone, kept): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|entry| inactive.contains_key(&*entry.key.text));
        *services = Mapping::from_iter(kept);
        for (name, service) in services.values_mut() {
            self.take_dependencies(&name.text, service, &inactive);
        }
        let located = |(name, found): (String, Inactive)| Located::new(name, found.span);
        let names = inactive.into_iter().map(located).collect();
        (names, Mapping::from_iter(gone))
    }

    fn take_dependencies(
        &mut self,
        name: &str,
        service: &mut Node,
        inactive: &BTreeMap<String, Inactive>,
    ) {
        let dependencies = service
            .as_mapping_mut()
            .and_then(|s| s.get_mut("depends_on"));
        match dependencies.map(|node| &mut node.value) {
            Some(Value::Mapping(dependencies)) => {
                let gone: Vec<_> = dependencies
                    .iter()
                    .filter_map(|entry| {
                        let found = inactive.get(&*entry.key.text)?;
                        Some((&entry.key, is_required(&entry.value), found))
                    })
                    .map(|(key, required, found)| (key.clone(), required, found))
                    .collect();
                for (key, required, found) in gone {
                    self.report(name, &key.text, key.span, required, found);
                    dependencies.remove(&key.text);
                }
            }
            Some(Value::Sequence(dependencies)) => dependencies.retain(|item| {
                let dependency = item.as_scalar().and_then(Scalar::go_string);
                let Some(dependency) = dependency else {
                    return true;
                };
                let Some(found) = inactive.get(&*dependency) else {
                    return true;
                };
                self.report(name, &dependency, item.span, true, found);
                false
            }),
            Some(Value::Scalar(_)) | None => {}
        }
    }

    fn report(
        &mut self,
        name: &str,
        dependency: &str,
        span: Span,
        required: bool,
        found: &Inactive,
    ) {
        let profiles = kubewright_source::suggest::list(found.profiles.iter().map(String::as_str));
        let path = format!("services.{name}.depends_on");
        let diagnostic = if required {
            let message = format!(
                "service `{name}` depends on `{dependency}`, which is in no active profile"
            );
            Diagnostic::error("inactive-service", span, message).help(format!(
                "activate {profiles} with `--profile`, or write the dependency with `required: false`"
            ))
        } else {
            let message = format!(
                "service `{name}` does not wait for `{dependency}`, which is in no active profile"
            );
            Diagnostic::note("inactive-service", span, message)
                .help(format!("activate {profiles} with `--profile`"))
        };
        self.diagnostics
            .push(diagnostic.path(path).related(found.span, "it is here"));
    }
}

/// A service without an active profile.
struct Inactive {
    span: Span,
    profiles: Vec<String>,
}

fn active_profiles(asked_for: &[String], environment: &Environment) -> Vec<String> {
    if !asked_for.is_empty() {
        return asked_for.to_vec();
    }
    let listed = environment.get("COMPOSE_PROFILES").unwrap_or("");
    listed
        .split(',')
        .map(|profile| profile.trim().to_owned())
        .collect()
}

fn is_active(active: &[String], profile: &str) -> bool {
    active
        .iter()
        .any(|active| active == "*" || active == profile)
}

fn profiles_of(service: &Node) -> Vec<Cow<'_, str>> {
    let profiles = service.get("profiles").and_then(Node::as_sequence);
    let texts = profiles.unwrap_or_default().iter();
    texts
        .filter_map(|profile| profile.as_scalar()?.go_string())
        .collect()
}

fn is_required(dependency: &Node) -> bool {
    let required = dependency
        .as_mapping()
        .and_then(|fields: &Mapping| fields.get("required"));
    let says_no = |scalar: &Scalar| match scalar.resolve() {
        Resolved::Bool(value) => !value,
        Resolved::String => scalar.text.eq_ignore_ascii_case("false"),
        Resolved::Null | Resolved::Int(_) | Resolved::Float(_) | Resolved::Timestamp => false,
    };
    !required.and_then(Node::as_scalar).is_some_and(says_no)
}

//! What holds in one environment: all layers laid over one another.
//!
//! From below: `defaults`, the environment's `defaults`, the template, the entry,
//! the overrides of what the environment extends, its own overrides, `--set`.

use std::collections::BTreeMap;

use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Entry, Key, Mapping, Node, Path};

use super::merge::merge;
use super::shape::Shape;
use super::table::{APP, Defaults, ENTRY_SECTIONS, ROOT, Section, fact_names};
use crate::fields::{Report, did_you_mean};

/// The names of the environments of a file that is written long, in its order.
pub(super) fn environments(root: &Node) -> Vec<&Key> {
    let environments = root.get("environments").and_then(Node::as_mapping);
    let entries = environments.into_iter().flat_map(Mapping::iter);
    entries.map(|entry| &entry.key).collect()
}

/// A file as it is in one environment. Nothing in it is interpolated yet.
pub(super) struct Layered {
    /// All facts.
    pub(super) facts: Node,
    /// The entries with their sections.
    pub(super) entries: Vec<Member>,
    /// The other sections at the top, each written as at the top.
    pub(super) rest: Mapping,
}

/// An entry, with all that holds for it.
pub(super) struct Member {
    /// Where it stands.
    pub(super) section: &'static Section,
    /// Its name.
    pub(super) key: Key,
    /// Its keys.
    pub(super) node: Node,
}

/// Lays the layers over one another. `sets` are trees of the shape of the file,
/// written long.
pub(super) fn layered(
    root: &Node,
    environment: Option<&str>,
    sets: &[Node],
    report: &Report,
) -> Layered {
    let chain = chain(root, environment, report);
    let layers = Layers {
        root,
        chain,
        sets,
        report,
    };
    layers.check_names();
    Layered {
        facts: layers.facts(),
        entries: layers.entries(),
        rest: layers.rest(),
    }
}

/// The environment and all that it extends, the last of them first.
fn chain<'r>(root: &'r Node, environment: Option<&str>, report: &Report) -> Vec<&'r Entry> {
    let environments = root.get("environments").and_then(Node::as_mapping);
    let find = |name: &str| environments?.get_entry(name);
    let mut chain: Vec<&Entry> = Vec::new();
    let mut next = environment.and_then(find);
    while let Some(entry) = next {
        chain.push(entry);
        let parent = entry.value.get("extends");
        let Some((node, name)) = parent.and_then(|node| Some((node, node.as_scalar()?))) else {
            break;
        };
        if chain.iter().any(|known| known.key.text == name.text) {
            let message = format!("environment `{}` extends itself", name.text);
            report.push(
                Diagnostic::error("cycle", node.span, message)
                    .path(format!("environments.{}.extends", entry.key.text))
                    .help("let one of them stand alone"),
            );
            break;
        }
        next = find(&name.text);
        if next.is_none() {
            let names = || environments.into_iter().flat_map(Mapping::keys);
            let message = format!(
                "environment `{}` extends `{}`, which there is not",
                entry.key.text, name.text
            );
            report.push(
                Diagnostic::error("unknown-name", node.span, message)
                    .path(format!("environments.{}.extends", entry.key.text))
                    .help(did_you_mean(&name.text, names)),
            );
        }
    }
    chain.reverse();
    chain
}

struct Layers<'r> {
    root: &'r Node,
    /// The environment and what it extends, the first of them first.
    chain: Vec<&'r Entry>,
    sets: &'r [Node],
    report: &'r Report,
}

impl<'r> Layers<'r> {
    /// The error `unknown-name` for overrides of environments that there are not.
    fn check_names(&self) {
        let known = environments(self.root);
        let places = ENTRY_SECTIONS.iter().flat_map(|section| {
            let entries = self.root.get(section.key).and_then(Node::as_mapping);
            let entries = entries.into_iter().flat_map(Mapping::iter);
            entries.map(|entry| (format!("{}.{}", section.key, entry.key.text), &entry.value))
        });
        let secrets = self.root.get("secrets").and_then(Node::as_mapping);
        let secrets = secrets.into_iter().flat_map(Mapping::iter);
        let secrets = secrets.map(|entry| (format!("secrets.{}", entry.key.text), &entry.value));
        let rest = ["gateway", "check"].into_iter();
        let rest = rest.filter_map(|key| Some((key.to_owned(), self.root.get(key)?)));
        for (path, node) in places.chain(secrets).chain(rest) {
            let overrides = node.get("overrides").and_then(Node::as_mapping);
            for entry in overrides.into_iter().flat_map(Mapping::iter) {
                if known.iter().any(|key| key.text == entry.key.text) {
                    continue;
                }
                let names = || known.iter().map(|key| &*key.text);
                let message = format!(
                    "`{path}` overrides `{}`, which is no environment",
                    entry.key.text
                );
                let help = match known.is_empty() {
                    true => "add it to `environments`".to_owned(),
                    false => did_you_mean(&entry.key.text, names),
                };
                self.report.push(
                    Diagnostic::error("unknown-name", entry.key.span, message)
                        .path(format!("{path}.overrides.{}", entry.key.text))
                        .help(help),
                );
            }
        }
    }

    fn facts(&self) -> Node {
        let shape = Shape::Block(&ROOT)
            .below("defaults")
            .unwrap_or(Shape::Verbatim);
        let facts =
            |node: &Node| -> Node { picked(node, |key| fact_names().any(|fact| fact == key)) };
        let mut merged = match self.root.get("defaults") {
            Some(defaults) => facts(defaults),
            None => empty(self.root.span),
        };
        for entry in &self.chain {
            merged = merge(merged, facts(&entry.value), shape);
        }
        if let Some(last) = self.chain.last() {
            for set in self.sets {
                let said = set
                    .get("environments")
                    .and_then(|all| all.get(&last.key.text));
                if let Some(said) = said {
                    merged = merge(merged, facts(said), shape);
                }
            }
        }
        for set in self.sets {
            if let Some(defaults) = set.get("defaults") {
                merged = merge(merged, facts(defaults), shape);
            }
        }
        without_nulls(merged, shape)
    }

    /// What lies under every app.
    fn base(&self) -> Node {
        let shape = Shape::Block(&APP);
        let keys = |node: &Node| picked(node, |key| !fact_names().any(|fact| fact == key));
        let mut merged = match self.root.get("defaults") {
            Some(defaults) => keys(defaults),
            None => empty(self.root.span),
        };
        for entry in &self.chain {
            if let Some(defaults) = entry.value.get("defaults") {
                merged = merge(merged, defaults.clone(), shape);
            }
        }
        merged
    }

    fn entries(&self) -> Vec<Member> {
        let base = self.base();
        let mut templates = BTreeMap::new();
        let mut members = Vec::new();
        for section in ENTRY_SECTIONS {
            let entries = self.root.get(section.key).and_then(Node::as_mapping);
            for entry in entries.into_iter().flat_map(Mapping::iter) {
                let node = self.entry(section, entry, &base, &mut templates);
                members.push(Member {
                    section,
                    key: entry.key.clone(),
                    node,
                });
            }
        }
        members
    }

    fn entry(
        &self,
        section: &'static Section,
        entry: &'r Entry,
        base: &Node,
        templates: &mut BTreeMap<&'r str, Option<Node>>,
    ) -> Node {
        let shape = section.shape();
        let mut layers = Vec::new();
        if let Some(template) = self.template_of(&entry.value, templates) {
            layers.push(template);
        }
        layers.push(picked(&entry.value, |key| {
            !matches!(key, "overrides" | "extends")
        }));
        let overrides = entry.value.get("overrides");
        let overrides = self
            .chain
            .iter()
            .filter_map(|environment| overrides?.get(&environment.key.text));
        let sets = self
            .sets
            .iter()
            .filter_map(|set| set.get(section.key)?.get(&entry.key.text));
        layers.extend(overrides.chain(sets).cloned());
        let mut merged = section.under(base, entry.value.span);
        usable(&mut merged, &layers);
        for layer in layers {
            merged = merge(merged, layer, shape);
        }
        let mut merged = match section.defaults {
            Defaults::Below => without_own_nulls(merged, shape),
            Defaults::All | Defaults::Metadata | Defaults::None => without_nulls(merged, shape),
        };
        merged.span = entry.value.span;
        merged
    }

    /// The template that a tree extends, with what that one extends below it.
    fn template_of(
        &self,
        node: &'r Node,
        templates: &mut BTreeMap<&'r str, Option<Node>>,
    ) -> Option<Node> {
        let extends = node.get("extends")?;
        let name = &*extends.as_scalar().filter(|scalar| !scalar.is_null())?.text;
        if let Some(known) = templates.get(name) {
            return known.clone();
        }
        // While it is put together it stands for nothing: a cycle ends here.
        templates.insert(name, None);
        let all = self.root.get("templates").and_then(Node::as_mapping);
        let Some(template) = all.and_then(|all| all.get(name)) else {
            let names = || all.into_iter().flat_map(Mapping::keys);
            let message = format!("there is no template `{name}`");
            self.report.push(
                Diagnostic::error("unknown-name", extends.span, message).help(
                    self.report
                        .proposal(name, all.map_or(0, Mapping::len), names),
                ),
            );
            return None;
        };
        if self.is_cyclic(name) {
            let message = format!("template `{name}` extends itself");
            self.report.push(
                Diagnostic::error("cycle", extends.span, message)
                    .help("let one of them stand alone"),
            );
            return None;
        }
        let below = self.template_of(template, templates);
        let shape = Shape::Block(&APP);
        let mut own = picked(template, |key| !matches!(key, "overrides" | "extends"));
        for environment in &self.chain {
            let over = template
                .get("overrides")
                .and_then(|all| all.get(&environment.key.text));
            if let Some(over) = over {
                own = merge(own, over.clone(), shape);
            }
        }
        let whole = match below {
            Some(below) => merge(below, own, shape),
            None => own,
        };
        templates.insert(name, Some(whole.clone()));
        Some(whole)
    }

    fn is_cyclic(&self, name: &str) -> bool {
        let all = self.root.get("templates").and_then(Node::as_mapping);
        let mut seen = vec![name];
        let mut next = name;
        loop {
            let parent = all.and_then(|all| all.get(next)?.get("extends")?.as_scalar());
            let Some(parent) = parent else { return false };
            if seen.contains(&&*parent.text) {
                return true;
            }
            seen.push(&parent.text);
            next = &parent.text;
        }
    }

    /// Whatever is neither entry nor fact.
    fn rest(&self) -> Mapping {
        let mut rest = Mapping::default();
        let Some(root) = self.root.as_mapping() else {
            return rest;
        };
        for entry in root {
            let key = &*entry.key.text;
            let is_entries = ENTRY_SECTIONS.iter().any(|section| section.key == key);
            if is_entries || matches!(key, "defaults" | "environments" | "templates") {
                continue;
            }
            rest.insert(entry.key.clone(), entry.value.clone());
        }
        for set in self.sets {
            let said = set.as_mapping().into_iter().flat_map(Mapping::iter);
            for entry in said {
                let key = &*entry.key.text;
                let is_entries = ENTRY_SECTIONS.iter().any(|section| section.key == key);
                if is_entries || matches!(key, "defaults" | "environments" | "templates") {
                    continue;
                }
                let shape = Shape::Block(&ROOT).below(key).unwrap_or(Shape::Verbatim);
                let value = match rest.remove(key) {
                    Some(under) => merge(under.value, entry.value.clone(), shape),
                    None => entry.value.clone(),
                };
                rest.insert(entry.key.clone(), value);
            }
        }
        for (key, value) in rest.values_mut() {
            let shape = Shape::Block(&ROOT)
                .below(&key.text)
                .unwrap_or(Shape::Verbatim);
            let mut node = std::mem::replace(value, Node::null(key.span));
            if &*key.text == "secrets" {
                *value = self.secrets(node, shape);
                continue;
            }
            let overrides = node
                .as_mapping_mut()
                .and_then(|mapping| mapping.remove("overrides"));
            for environment in &self.chain {
                let over = overrides
                    .as_ref()
                    .and_then(|all| all.value.get(&environment.key.text));
                if let Some(over) = over {
                    node = merge(node, over.clone(), shape);
                }
            }
            *value = without_nulls(node, shape);
        }
        rest.retain(|entry| !entry.value.is_null());
        rest
    }

    /// Where secrets come from. One of which only other environments speak is not
    /// there.
    fn secrets(&self, mut secrets: Node, shape: Shape) -> Node {
        let Some(members) = secrets.as_mapping_mut() else {
            return secrets;
        };
        let mut foreign = Vec::new();
        for (key, source) in members.values_mut() {
            let below = shape.below(&key.text).unwrap_or(Shape::Verbatim);
            let overrides = source
                .as_mapping_mut()
                .and_then(|mapping| mapping.remove("overrides"));
            let Some(overrides) = overrides else { continue };
            let said = self
                .chain
                .iter()
                .filter_map(|environment| overrides.value.get(&environment.key.text));
            let mut is_spoken_of = !source.as_mapping().is_some_and(Mapping::is_empty);
            for over in said {
                is_spoken_of = true;
                let under = std::mem::replace(source, Node::null(key.span));
                *source = merge(under, over.clone(), below);
            }
            if !is_spoken_of {
                foreign.push(key.text.clone());
            }
        }
        members.retain(|entry| !foreign.contains(&entry.key.text));
        without_nulls(secrets, shape)
    }
}

/// Takes away what the kind of workload that `layers` say cannot use of what holds
/// for all apps: they get it as far as they can use it.
pub(super) fn usable(base: &mut Node, layers: &[Node]) {
    let kind = layers
        .iter()
        .rev()
        .find_map(|layer| layer.get("kind")?.as_scalar());
    let is = |word: &str| kind.is_some_and(|kind| kind.text.eq_ignore_ascii_case(word));
    let is_cron = kind.is_none() && layers.iter().any(|layer| layer.get("schedule").is_some());
    let foreign: &[&str] = match () {
        () if is("Job") || is("CronJob") || is_cron => {
            &["replicas", "scaling", "strategy", "pod_disruption_budget"]
        }
        () if is("DaemonSet") => &["replicas", "scaling", "schedule", "job"],
        () => &["job"],
    };
    if let Some(mapping) = base.as_mapping_mut() {
        mapping.retain(|entry| !foreign.contains(&&*entry.key.text));
    }
}

fn empty(span: Span) -> Node {
    Node::new(span, Mapping::default())
}

/// A mapping with some of its keys.
pub(super) fn picked(node: &Node, keep: impl Fn(&str) -> bool) -> Node {
    let entries = node.as_mapping().into_iter().flat_map(Mapping::iter);
    let kept: Mapping = entries
        .filter(|entry| keep(&entry.key.text))
        .cloned()
        .collect();
    Node {
        span: node.span,
        value: kept.into(),
        tag: node.tag.clone(),
    }
}

/// The same for a compose project: over its services, nothing takes something away.
fn without_own_nulls(mut node: Node, shape: Shape) -> Node {
    if let Some(mapping) = node.as_mapping_mut() {
        mapping.retain(|entry| !entry.value.is_null());
        for (key, value) in mapping.values_mut() {
            if !matches!(&*key.text, "defaults" | "services") {
                let below = shape.below(&key.text).unwrap_or(Shape::Verbatim);
                let written = std::mem::replace(value, Node::null(key.span));
                *value = without_nulls(written, below);
            }
        }
    }
    node
}

/// The tree without keys about which nothing is said in the end.
pub(super) fn without_nulls(mut node: Node, shape: Shape) -> Node {
    if matches!(shape, Shape::Verbatim) {
        return node;
    }
    if let Some(mapping) = node.as_mapping_mut() {
        mapping.retain(|entry| !entry.value.is_null());
        for (key, value) in mapping.values_mut() {
            let below = shape.below(&key.text).unwrap_or(Shape::Verbatim);
            let written = std::mem::replace(value, Node::null(key.span));
            *value = without_nulls(written, below);
        }
    }
    node
}

/// One `--set KEY=VALUE` as a tree of the shape of the file.
pub(super) fn set(path: &str, value: Node) -> Node {
    let span = value.span;
    let mut keys = split(path);
    let mut node = value;
    while let Some(key) = keys.pop() {
        let entry = Entry {
            key: Key::new(key, span),
            value: node,
        };
        node = Node::new(span, std::iter::once(entry).collect::<Mapping>());
    }
    node
}

/// The keys of a path; `\.` is a dot of a key.
fn split(path: &str) -> Vec<String> {
    let mut keys = vec![String::new()];
    let mut escaped = false;
    for c in path.chars() {
        match c {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            '.' if !escaped => keys.push(String::new()),
            c => keys
                .last_mut()
                .expect("there is one from the start")
                .push(c),
        }
        escaped = false;
    }
    keys
}

/// The error `unknown-name` for what is set of an entry or an environment that the
/// file does not have.
pub(super) fn check_set(set: &Node, root: &Node, report: &Report) {
    let sections = ENTRY_SECTIONS.iter().map(|section| section.key);
    for section in sections.chain(["environments"]) {
        let said = set.get(section).and_then(Node::as_mapping);
        let known = root.get(section).and_then(Node::as_mapping);
        for entry in said.into_iter().flat_map(Mapping::iter) {
            if known.is_some_and(|known| known.contains_key(&entry.key.text)) {
                continue;
            }
            let names = || known.into_iter().flat_map(Mapping::keys);
            let message = format!("`{section}` has no `{}` that could be set", entry.key.text);
            let said = Diagnostic::error("unknown-name", entry.key.span, message);
            report.push(said.help(did_you_mean(&entry.key.text, names)));
        }
    }
}

/// Writes a set long; see [`super::long`].
pub(super) fn long_set(set: Node, report: &Report) -> Node {
    super::long::long(set, Shape::Block(&ROOT), "", &Path::ROOT, report)
}

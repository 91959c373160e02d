//! All objects of a chart on their way to templates.

use std::collections::{BTreeMap, HashMap, HashSet};

use kubewright_difference::{Id, matched};
use kubewright_source::Diagnostic;
use rayon::prelude::*;
use serde_json::Value;

use super::config_hash::{self, AllHeld};
use super::draft::{Draft, Within, Workshop, camel, trees};
use super::hole::{Holes, escaped};
use super::labels::Labels;
use super::names::Names;
use super::namespace;
use super::switch::{conditions, is_bundle, place, switched, template_path};
use super::values::Values;
use super::way::map_at;
use super::{App, Chart, files, generic, known, secret};
use crate::form::Environment;
use crate::tree::{self, Order};

/// One object of one environment.
pub(super) struct Entry<'a> {
    pub(super) tree: Value,
    stem: String,
    /// Its flat manifest.
    text: &'a str,
    sensitive: bool,
    /// The digests of the configuration that it holds.
    digests: Option<BTreeMap<String, String>>,
}

/// The objects of an environment as trees.
pub(super) fn entries<'a>(
    environment: &Environment<'a>,
) -> Result<Vec<Entry<'a>>, Box<Diagnostic>> {
    let objects = environment.objects.par_iter().zip(environment.manifests);
    objects
        .map(|(object, file)| {
            Ok(Entry {
                tree: tree::of(object)?,
                stem: stem(file.path.as_str()),
                text: &file.text,
                sensitive: object.sensitive,
                digests: config_hash::digests(object),
            })
        })
        .collect()
}

fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".yaml").unwrap_or(name).to_owned()
}

/// All drafts, and what they share.
pub(super) struct Room {
    pub(super) drafts: Vec<Draft>,
    /// The orders of their keys.
    orders: Vec<Order>,
    /// The trees before marks were put in.
    plain: Vec<Vec<Option<Value>>>,
    pub(super) values: Values,
    pub(super) holes: Holes,
    /// The conditions under which objects are there at all.
    switches: Vec<Vec<String>>,
    /// Helpers that name Secrets, and those that hash configuration.
    pub(super) helpers: String,
    /// The configuration that objects hold, by their kinds and names.
    held: AllHeld,
    pub(super) labels: Labels,
}

impl Room {
    pub(super) fn new(
        environments: Vec<Vec<Entry<'_>>>,
        namespaces: &[Option<String>],
        mark: &str,
    ) -> Self {
        let mut keyed: Vec<Vec<(usize, Entry<'_>)>> = Vec::new();
        for (at, entries) in environments.into_iter().enumerate() {
            keyed.push(entries.into_iter().map(|entry| (at, entry)).collect());
        }
        let id = |(at, entry): &(usize, Entry<'_>)| {
            let mut id = Id::of(&entry.tree);
            if id.namespace == namespaces[*at] {
                id.namespace = None;
            }
            // The release's own Namespace is one object, whatever it is called.
            if id.kind == "Namespace" && Some(&id.name) == namespaces[*at].as_ref() {
                id.name = "namespace".to_owned();
            }
            id
        };
        let found = matched(keyed, id);
        let orders = found.par_iter().map(|matched| {
            let texts = matched.present().map(|(_, entry)| entry.text);
            Order::of(texts.chain(known::keys(&matched.id.kind).as_deref()))
        });
        let orders: Vec<Order> = orders.collect();
        let mut drafts: Vec<Draft> = Vec::new();
        let mut held = AllHeld::new();
        let mut keys: BTreeMap<String, String> = BTreeMap::new();
        let own = ["global", "objects", "namespace", "nameOverride"];
        let mut taken: HashSet<String> = own.map(str::to_owned).into();
        for matched in found {
            let digests = |one: &Option<(usize, Entry<'_>)>| one.as_ref()?.1.digests.clone();
            let each: Vec<_> = matched.each.iter().map(digests).collect();
            if each.iter().any(Option::is_some) {
                let object = (matched.id.kind.clone(), matched.id.name.clone());
                let held_here = held.entry(object).or_default();
                held_here.each = each;
            }
            let mut present = matched.each.iter().flatten();
            let (_, first) = present.next().expect("an object is in some environment");
            let app = first.tree["metadata"]["labels"]["app.kubernetes.io/name"].as_str();
            let stem = first.stem.clone();
            let stem = match app.and_then(|app| stem.strip_prefix(app)) {
                Some("") | None => stem,
                Some(rest) => rest.trim_start_matches('-').to_owned(),
            };
            // An app of another namespace can have the name of one of the release's.
            let qualified = |app: &str| match &matched.id.namespace {
                Some(namespace) => format!("{namespace}-{app}"),
                None => app.to_owned(),
            };
            let app = app.map(qualified);
            let app = app.as_deref();
            let app_name = app.map(str::to_owned);
            let app = app.map(|app| match keys.get(app) {
                Some(key) => key.clone(),
                None => {
                    let mut key = camel(app);
                    while !taken.insert(key.clone()) {
                        key.push('2');
                    }
                    keys.insert(app.to_owned(), key.clone());
                    key
                }
            });
            let comment = first
                .text
                .lines()
                .next()
                .filter(|line| line.starts_with('#'));
            let comment = comment.unwrap_or_default().to_owned();
            let sensitive = matched.present().any(|(_, entry)| entry.sensitive);
            let is_own = matched.id.kind == "Namespace" && matched.id.name == "namespace";
            let stem = match is_own {
                true => "namespace".to_owned(),
                false => stem,
            };
            drafts.push(Draft {
                kind: matched.id.kind.clone(),
                name: matched.id.name.clone(),
                app_name,
                app,
                stem,
                comment,
                sensitive,
                each: trees(matched, |(_, entry)| entry.tree),
            });
        }
        Self {
            plain: drafts.iter().map(|draft| draft.each.clone()).collect(),
            switches: vec![Vec::new(); drafts.len()],
            drafts,
            orders,
            values: Values::default(),
            holes: Holes::new(mark),
            helpers: String::new(),
            held,
            labels: Labels::default(),
        }
    }

    /// Makes values of all that is known, and marks of names.
    pub(super) fn lift(
        &mut self,
        chart: &Chart<'_>,
        names: &mut Names,
        namespaces: &[Option<String>],
    ) {
        let mut hashed = BTreeMap::new();
        for at in 0..self.drafts.len() {
            let draft = &mut self.drafts[at];
            let mut shop = Workshop {
                values: &mut self.values,
                holes: &mut self.holes,
                hashed: &mut hashed,
            };
            if draft.kind == "Secret" {
                let place = secret::place(draft, chart);
                let existing = secret::lift(draft, &place, &mut shop);
                names.replaceable(&draft.name, place.helper.clone());
                let name = files::secret_name(chart, &place.helper, &existing, &draft.name);
                self.helpers.push_str(&name);
                self.switches[at].push(format!("not {existing}"));
            }
            known::lift(draft, chart, names, &mut shop);
            self.switches[at].extend(conditions(draft, &mut shop));
            namespace::mark(draft, namespaces, &mut shop);
        }
        // An app can be of another kind in each environment: only now all tags are known.
        self.values.settle_digests();
        for draft in &mut self.drafts {
            let mut shop = Workshop {
                values: &mut self.values,
                holes: &mut self.holes,
                hashed: &mut hashed,
            };
            self.labels.version(draft, &mut shop);
        }
        for (object, expressions) in hashed {
            self.held.entry(object).or_default().expressions = expressions;
        }
        for (draft, conditions) in self.drafts.iter().zip(&self.switches) {
            let object = (draft.kind.clone(), draft.name.clone());
            if let Some(held) = self.held.get_mut(&object) {
                held.conditions.clone_from(conditions);
            }
        }
        self.hash(chart);
        for draft in &mut self.drafts {
            for tree in draft.each.iter_mut().flatten() {
                names.mark(tree, chart, &mut self.holes);
            }
        }
    }

    /// Lets the hashes of pods follow the values.
    fn hash(&mut self, chart: &Chart<'_>) {
        for (draft, plain) in self.drafts.iter_mut().zip(&self.plain) {
            if draft.app.is_none() || !known::is_workload(&draft.kind) {
                continue;
            };
            let way = ["spec", "template", "metadata", "annotations"];
            let annotations: Within<'_> = &|tree| map_at(tree, &way);
            let helper = chart.helper(&format!("{}.configHash", place(draft).join(".")));
            let Some(hashes) = draft.each_of(annotations, config_hash::ANNOTATION) else {
                continue;
            };
            let names = plain
                .iter()
                .flatten()
                .flat_map(config_hash::referred)
                .collect();
            let Some(text) = config_hash::expression(&hashes, &names, &self.held) else {
                continue;
            };
            self.helpers.push_str(&format!(
                "\n{{{{- define \"{helper}\" -}}}}\n{{{{ {text} }}}}\n{{{{- end }}}}\n"
            ));
            let mark = self
                .holes
                .inline(format!("{{{{ include \"{helper}\" . | quote }}}}"));
            draft.put(annotations, config_hash::ANNOTATION, &mark);
        }
    }

    pub(super) fn apps(&self) -> Vec<App> {
        let mut apps: Vec<App> = Vec::new();
        for (draft, plain) in self.drafts.iter().zip(&self.plain) {
            if draft.kind != "Service" || draft.app.is_none() {
                continue;
            }
            let is_everywhere = plain.iter().all(Option::is_some);
            let ports = plain
                .iter()
                .flatten()
                .next()
                .and_then(|tree| tree["spec"]["ports"].as_array());
            let speaks_tcp = |port: &&Value| {
                port.get("protocol")
                    .is_none_or(|protocol| protocol == "TCP")
            };
            let is_headless = plain
                .iter()
                .flatten()
                .any(|tree| tree["spec"]["clusterIP"] == "None");
            let port = ports
                .into_iter()
                .flatten()
                .find(speaks_tcp)
                .and_then(|port| port["port"].as_u64());
            let Some(port) = port.filter(|_| is_everywhere && !is_headless) else {
                continue;
            };
            apps.push(App {
                name: draft.app.clone().unwrap_or_default(),
                ports: vec![(draft.name.clone(), port)],
            });
        }
        apps
    }

    /// The version of what the chart holds: of the first app that has one.
    pub(super) fn version(&self) -> Option<String> {
        self.labels.first_version()
    }

    /// The templates of objects, by their paths within `templates/`.
    pub(super) fn templates(
        &mut self,
        chart: &Chart<'_>,
    ) -> Result<Vec<(String, String)>, Box<Diagnostic>> {
        self.labels.share(&mut self.drafts, chart, &mut self.holes);
        let mut trees = Vec::with_capacity(self.drafts.len());
        for (at, draft) in self.drafts.iter_mut().enumerate() {
            let mut shop = Workshop {
                values: &mut self.values,
                holes: &mut self.holes,
                hashed: &mut BTreeMap::new(),
            };
            let place = place(draft);
            let tree = generic::unify(&draft.each, &self.plain[at], &place, &self.held, &mut shop);
            trees.push(tree);
        }
        let texts = self.drafts.par_iter().zip(&self.orders).zip(trees);
        let texts = texts.map(|((draft, order), tree)| {
            let mut yaml = String::new();
            tree::write(&mut yaml, &order.take(&tree))?;
            let mut text = String::new();
            if !draft.comment.is_empty() {
                text.push_str(&format!("{}\n", escaped(&draft.comment)));
            }
            text.push_str(&self.holes.filled(&yaml));
            Ok(text)
        });
        let texts: Vec<String> = texts.collect::<Result<_, Box<Diagnostic>>>()?;
        let mut templates: Vec<(String, String)> = Vec::new();
        let mut at_path: HashMap<String, usize> = HashMap::new();
        for ((draft, switches), text) in self.drafts.iter().zip(&self.switches).zip(texts) {
            let path = template_path(draft);
            let is_bundle = is_bundle(&path);
            let text = switched(switches, &text, is_bundle);
            match at_path.get(&path) {
                Some(position) => {
                    let before = &mut templates[*position].1;
                    if !is_bundle {
                        before.push_str("---\n");
                    }
                    before.push_str(&text);
                }
                None => {
                    at_path.insert(path.clone(), templates.len());
                    templates.push((path, text));
                }
            }
        }
        Ok(templates)
    }
}

//! The top of a state.

use std::cell::RefCell;
use std::collections::BTreeMap;

use kubewright_files::OutputPath;
use kubewright_model::output::Format;
use kubewright_model::project::{Entry, Namespace};
use kubewright_model::vault::PlannedSecret;
use kubewright_model::{Located, Name, Project, Span};
use kubewright_source::{Diagnostic, Diagnostics, Stop};
use kubewright_yaml::Node;

use super::entry::{self, Group};
use super::given::{given, is_empty, is_off, rows, text};
use super::hidden::Hidden;
use super::told::{Forms, Told};
use super::{chart, ingress, keys, skaffold};
use crate::fields::{At, Fields, Report};

/// Whether a tree is a wizard's state.
pub fn is_state(root: &Node) -> bool {
    root.get("_services").is_some() || root.get("_infraDecisions").is_some()
}

/// The project that a state describes; `name` is what it is called, `told` what
/// the caller decides. What cannot be read is missing from it and an error of `diagnostics`.
///
/// Where `stop` says that nobody wants it, entries are missing without a word.
/// The second part lists the secret values, which nobody may see.
pub fn project(
    root: &Node,
    name: Name,
    told: &Told,
    stop: Stop<'_>,
    diagnostics: &mut Diagnostics,
) -> (Project, Vec<Hidden>) {
    let report = Report::default();
    let mut project = Project::new(Located::new(name, Span::NONE));
    let mut hidden = Vec::new();
    if let Some(fields) = At::root(root, &report).fields("the state") {
        for key in keys::TRANSIENT {
            fields.get(key);
        }
        project.facts.namespace = namespace(&fields);
        project.output.dir = output_folder(&fields);
        let is_asked = skaffold::is_asked(&fields, told.forms);
        let read = entries(&fields, is_asked, told, stop, &mut project);
        hidden = read.hidden;
        skaffold::read(&fields, is_asked, read.order, &mut project.output);
        chart::read(&fields, told.forms, &mut project.output);
        // A state has a switch for each form: without them it means the manifests alone.
        if told.forms == Forms::AsInput && project.output.formats.is_empty() {
            let manifests = Located::nowhere(Format::Manifests);
            project.output.formats.push(manifests);
        }
        ingress::read(&fields, &mut project);
        fields.finish();
    }
    report.into_diagnostics(diagnostics);
    (project, hidden)
}

/// What all entries of a state share while they are read.
pub(super) struct Scope<'t> {
    /// What the caller decides.
    pub(super) told: &'t Told,
    /// Entries by their names in the state.
    pub(super) names: BTreeMap<String, Located<Name>>,
    /// Secrets to be made.
    pub(super) vault: RefCell<Vec<PlannedSecret>>,
    /// Where secret values stand.
    pub(super) hidden: RefCell<Vec<Hidden>>,
    /// A tool is told how images are built.
    pub(super) builds: bool,
    /// The entries are resources, not a state's.
    pub(super) direct: bool,
}

/// What is known of all entries when they are read.
struct Read {
    hidden: Vec<Hidden>,
    /// The services that run, in the order of their list.
    order: Vec<Name>,
}

fn entries(
    fields: &Fields<'_>,
    builds: bool,
    told: &Told,
    stop: Stop<'_>,
    project: &mut Project,
) -> Read {
    let services = given(fields, "_services");
    let decisions = given(fields, "_infraDecisions");
    let services = services.as_ref().map(rows).unwrap_or_default();
    let decisions = decisions.as_ref().map(rows).unwrap_or_default();
    let all = || {
        let services = services.iter().map(|at| (Group::Service, at));
        services.chain(decisions.iter().map(|at| (Group::Infrastructure, at)))
    };
    let scope = Scope {
        told,
        names: names(all()),
        vault: RefCell::default(),
        hidden: RefCell::default(),
        builds,
        direct: false,
    };
    let mut order = Vec::new();
    for (group, at) in all() {
        if stop() {
            break;
        }
        if let Some((name, entry)) = entry::read(*at, group, &scope) {
            if matches!(entry, Entry::App(_)) {
                order.push(name.clone());
            }
            project.entries.insert(name, entry);
        }
    }
    crate::cycle::report(project, fields.at());
    project.vault = scope.vault.into_inner();
    Read {
        hidden: scope.hidden.into_inner(),
        order,
    }
}

/// The names of all entries as Kubernetes takes them; what changes is noted,
/// what meets is an error.
fn names<'a, 'n: 'a>(
    all: impl Iterator<Item = (Group, &'a At<'n>)>,
) -> BTreeMap<String, Located<Name>> {
    let mut names: BTreeMap<String, Located<Name>> = BTreeMap::new();
    let mut taken: BTreeMap<Name, Span> = BTreeMap::new();
    for (_, at) in all {
        let Some(written) = at.node.get("name").and_then(Node::as_scalar) else {
            continue;
        };
        let text = written.text.trim().to_owned();
        let span = at.node.get("name").map_or(at.span(), |name| name.span);
        let Ok(name) = Name::sanitised(&text) else {
            continue;
        };
        if let Some(first) = taken.get(&name) {
            at.push(meet(&text, &name, span, *first));
            continue;
        }
        taken.insert(name.clone(), span);
        if name.as_str() != text {
            at.push(renamed(&text, &name, span));
        }
        names.insert(text, Located::new(name, span));
    }
    names
}

fn meet(text: &str, name: &Name, span: Span, first: Span) -> Diagnostic {
    let message = format!("`{text}` is called `{name}` in Kubernetes, and another is, too");
    Diagnostic::error("name-taken", span, message)
        .related(first, "the other is here")
        .help("rename one of the two")
}

fn renamed(text: &str, name: &Name, span: Span) -> Diagnostic {
    let message = format!("`{text}` is called `{name}` in Kubernetes");
    Diagnostic::note("renamed", span, message).help(format!(
        "names of Services have lower-case letters, digits and `-` only: whatever reaches it as \
         `{text}` must use `{name}`"
    ))
}

fn namespace(fields: &Fields<'_>) -> Option<Namespace> {
    let at = given(fields, "namespace")?;
    Some(Namespace {
        name: at.parse(Name::parse)?,
        create: None,
        labels: BTreeMap::new(),
    })
}

/// A folder within the project.
pub(super) fn output_folder(fields: &Fields<'_>) -> Option<Located<String>> {
    let at = given(fields, "output_dir")?;
    let text = text(fields, "output_dir")?;
    let folder = text.value.trim_end_matches('/');
    let leads_out = folder.split(['/', '\\']).any(|part| part == "..");
    let is_absolute = text.value.starts_with(['/', '\\', '~']) || folder.contains(':');
    let parts = folder.split('/').filter(|part| !matches!(*part, "" | "."));
    let plain = parts.collect::<Vec<_>>().join("/");
    let help = "name a folder within the project, like `k8s`, or one elsewhere with `--output`";
    if leads_out || is_absolute || folder.chars().any(char::is_control) {
        at.bad("`output_dir` leads out of the project", help);
        return None;
    }
    if plain.is_empty() {
        return Some(Located::new(".".to_owned(), text.span));
    }
    if let Err(error) = OutputPath::new(plain.as_str()) {
        let message = format!("`output_dir` cannot be written to: {error}");
        at.bad(message, help);
        return None;
    }
    Some(Located::new(plain, text.span))
}

/// A switched-off entry.
pub(super) fn disabled(name: &Located<Name>) -> Entry {
    Entry::Disabled(Located::new((), name.span))
}

/// Marks the keys of [`keys::SERVICE`] that are empty as read, so that only what
/// says something is reported.
pub(super) fn pass_over_empty(fields: &Fields<'_>, known: &'static [&'static str]) {
    for key in known {
        let node = fields.mapping().get(key);
        if node.is_some_and(|node| is_empty(node) || is_off(node)) {
            fields.get(key);
        }
    }
    fields.knows(known.iter().copied());
}

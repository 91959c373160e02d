//! Services that name no port, although others reach them.
//!
//! In compose a service is reached at whatever port it listens on, without a
//! word; a Service of Kubernetes lists its ports, and without any there is none,
//! so that the name of the service leads nowhere. So a port is taken from the
//! service's own healthcheck, and from what others call it by.
//! <https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service>

use std::collections::BTreeMap;

use kubewright_model::container::Command;
use kubewright_model::probe::{Probe, ProbeCheck, ProbePort};
use kubewright_model::service::Port as ModelPort;
use kubewright_model::variable::{Variable, VariableValue};
use kubewright_model::{App, Entry, Located, Name, Port, Project, Span};
use kubewright_source::{Diagnostic, suggest};
use kubewright_yaml::Path;
use rayon::prelude::*;

use super::host_port::{Mention, mentions};
use super::port;
use super::scope::Scope;
use crate::fields::Report;

/// So few services are looked through before another thread has woken up.
const FEW: usize = 64;

/// Gives ports to services without any, and warns of those that others name and
/// whose port cannot be seen. All texts of the project are looked through once.
pub(super) fn settle(project: &mut Project, scope: &Scope<'_>, report: &Report) {
    let names = names_of_portless(project, scope);
    if names.is_empty() {
        return;
    }
    let mut said: BTreeMap<Name, Said> = BTreeMap::new();
    for name in names.values() {
        said.entry(name.clone()).or_default();
    }
    for (name, said) in &mut said {
        let app = project.entries.get(name).and_then(|entry| entry.app());
        said.by_healthcheck = app.and_then(of_healthcheck);
        said.as_host = linked(name, scope);
    }
    let apps: Vec<&App> = project.apps().collect();
    let found = apps.par_iter().with_min_len(FEW);
    let found: Vec<Vec<Found<'_>>> = found.map(|app| gather(app, &names)).collect();
    for found in found.into_iter().flatten() {
        found.note(&mut said);
    }
    for (name, said) in said {
        if let Some(app) = project.entries.get_mut(&name).and_then(Entry::app_mut) {
            apply(app, &said, scope, report);
        }
    }
}

/// What the project says of one service without a port.
#[derive(Default)]
struct Said {
    by_healthcheck: Option<Located<Port>>,
    /// The ports that others reach it at, each with the first who does.
    by_others: BTreeMap<Port, Place>,
    /// The first who names it without a port.
    as_host: Option<Place>,
}

/// That a service is named, with or without a port.
struct Found<'n> {
    name: &'n Name,
    port: Option<Port>,
    place: Place,
}

impl Found<'_> {
    /// Adds it to what was found of its service; who names it first counts.
    fn note(self, said: &mut BTreeMap<Name, Said>) {
        let Some(said) = said.get_mut(self.name) else {
            return;
        };
        match self.port {
            Some(port) => {
                said.by_others.entry(port).or_insert(self.place);
            }
            None => {
                said.as_host.get_or_insert(self.place);
            }
        }
    }
}

/// Where a service is named.
struct Place {
    span: Span,
    /// Whose word it is: "`API_URL` of `web`".
    words: String,
    /// The text there is not to be shown.
    secret: bool,
}

impl Place {
    fn relate(&self, diagnostic: Diagnostic, message: String) -> Diagnostic {
        match self.secret {
            true => diagnostic,
            false => diagnostic.related(self.span, message),
        }
    }
}

/// The services without a port, by all names that others may call them by. What
/// runs to its end is waited for, not reached; what moves into another's pod has
/// its name there.
fn names_of_portless(project: &Project, scope: &Scope<'_>) -> BTreeMap<String, Name> {
    let mut names = BTreeMap::new();
    for (name, entry) in &project.entries {
        let Some(app) = entry.app() else { continue };
        let key = scope.services.get(name).copied().unwrap_or_default();
        if app.workload.ends() || has_port(app) || scope.pods.host(key) != key {
            continue;
        }
        let aliases = app.service.aliases.iter().map(|alias| alias.as_str());
        for called in [key, name.as_str()].into_iter().chain(aliases) {
            names.insert(called.to_owned(), name.clone());
        }
    }
    names
}

/// The link that names a service.
fn linked(name: &Name, scope: &Scope<'_>) -> Option<Place> {
    let key = scope.services.get(name)?;
    let span = *scope.linked.get(*key)?;
    let words = "whoever links to it".to_owned();
    let secret = false;
    Some(Place {
        span,
        words,
        secret,
    })
}

/// Whether a port is written, or known of the image.
fn has_port(app: &App) -> bool {
    let Some(ports) = &app.main.ports else {
        let image = app.main.image_reference();
        let known = image.and_then(|image| kubewright_knowledge::known(image.as_str()));
        return known.is_some_and(|known| !port::of_family(known.family).is_empty());
    };
    !ports.is_empty()
}

/// The port of its own machine that a healthcheck tries.
fn of_healthcheck(app: &App) -> Option<Located<Port>> {
    let Probe { check, .. } = app.main.probes.readiness.probe()?;
    let port = match &check.value {
        ProbeCheck::Http { port, .. } | ProbeCheck::Tcp { port } => match port {
            Some(ProbePort::Number(port)) => Some(*port),
            Some(ProbePort::Name(_)) | None => None,
        },
        ProbeCheck::Grpc { port, .. } => *port,
        ProbeCheck::Exec(command) => {
            let own = |mention: &Mention<'_>| is_own(mention.host) && mention.port.is_some();
            let words = words_of(command);
            let found = words.iter().find_map(|word| mentions(word).find(own));
            found.and_then(|mention| mention.port)
        }
    };
    port.map(|port| Located::new(port, check.span))
}

fn is_own(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0")
}

fn words_of(command: &Command) -> &[String] {
    match command {
        Command::Exec(words) => words,
        Command::Shell(line) => std::slice::from_ref(line),
    }
}

/// What one service says of the others in its variables and its command.
fn gather<'n>(app: &App, names: &'n BTreeMap<String, Name>) -> Vec<Found<'n>> {
    let mut found = Vec::new();
    let by = &app.name.value;
    for variable in &app.main.environment {
        let Some(text) = text_of(variable) else {
            continue;
        };
        let place = || Place {
            span: text.span,
            words: format!("`{}` of `{by}`", variable.name.value),
            secret: matches!(variable.value, VariableValue::Secret(_)),
        };
        let is_host = names_host(variable.name.as_str()).then_some(text.value);
        take(by, text.value, is_host, &place, names, &mut found);
    }
    let command = app.main.command.iter();
    let command =
        command.flat_map(|command| words_of(command).iter().map(|word| (word, command.span)));
    let args = app.main.args.iter();
    let args = args.flat_map(|args| args.iter().map(|word| (word, args.span)));
    for (word, span) in command.chain(args) {
        let place = || Place {
            span,
            words: format!("the command of `{by}`"),
            secret: false,
        };
        take(by, word, None, &place, names, &mut found);
    }
    found
}

/// Variables whose whole value is a host: `API_HOST: api`.
fn names_host(variable: &str) -> bool {
    let upper = variable.to_ascii_uppercase();
    ["HOST", "HOSTNAME", "SERVER", "ADDR", "ADDRESS"]
        .iter()
        .any(|end| upper.ends_with(end))
}

fn text_of(variable: &Variable) -> Option<Located<&str>> {
    match &variable.value {
        VariableValue::Text(text) | VariableValue::Inline(text) | VariableValue::Deploy(text) => {
            Some(Located::new(&text.value, text.span))
        }
        VariableValue::Secret(secret) => {
            let known = secret.known.as_ref()?;
            Some(Located::new(known.value.reveal(), known.span))
        }
        VariableValue::SecretKey(_)
        | VariableValue::ConfigMapKey(_)
        | VariableValue::Field(_)
        | VariableValue::ResourceField { .. } => None,
    }
}

/// Takes in what a text of the service `by` names. `host` is the whole text
/// where it is to be a host.
fn take<'n>(
    by: &Name,
    text: &str,
    host: Option<&str>,
    place: &dyn Fn() -> Place,
    names: &'n BTreeMap<String, Name>,
    found: &mut Vec<Found<'n>>,
) {
    let whole = host.map(|host| Mention { host, port: None });
    for mention in mentions(text).chain(whole) {
        if let Some(name) = names.get(mention.host).filter(|name| *name != by) {
            found.push(Found {
                name,
                port: mention.port,
                place: place(),
            });
        }
    }
}

fn apply(app: &mut App, said: &Said, scope: &Scope<'_>, report: &Report) {
    let mut ports: Vec<Located<Port>> = said.by_healthcheck.into_iter().collect();
    for (port, place) in &said.by_others {
        if !ports.iter().any(|other| other.value == *port) {
            ports.push(Located::new(*port, place.span));
        }
    }
    let say = |diagnostic: Diagnostic| {
        let key = scope.services.get(&app.name.value).copied();
        let path = Path::ROOT.key("services");
        let path = path.key(key.unwrap_or_default()).to_string();
        report.push(diagnostic.path(path));
    };
    if !ports.is_empty() {
        say(implied(app, said, &ports));
        app.main.ports = Some(ports.into_iter().map(ModelPort::new).collect());
    } else if let Some(place) = &said.as_host {
        say(nowhere(app, place));
    }
}

fn implied(app: &App, said: &Said, ports: &[Located<Port>]) -> Diagnostic {
    let name = &app.name.value;
    let numbers: Vec<String> = ports.iter().map(|port| port.value.to_string()).collect();
    let from = match (&said.by_healthcheck, said.by_others.values().next()) {
        (Some(_), _) => "its own healthcheck".to_owned(),
        (None, Some(place)) => place.words.clone(),
        (None, None) => String::new(),
    };
    let also = match ports {
        [_] | [] => "",
        [..] => " and others",
    };
    let mut note = Diagnostic::note(
        "implied-port",
        app.name.span,
        format!(
            "`{name}` names no port: its Service gets {}, from {from}{also}",
            suggest::list(numbers.iter().map(String::as_str))
        ),
    );
    if let Some(port) = said.by_healthcheck {
        note = note.related(port.span, format!("port {} is tried here", port.value));
    }
    for (port, place) in &said.by_others {
        note = place.relate(note, format!("{} names port {port}", place.words));
    }
    let quoted: Vec<String> = numbers.iter().map(|port| format!("\"{port}\"")).collect();
    note.help(format!(
        "write `expose: [{}]` at `{name}` to say it yourself",
        quoted.join(", ")
    ))
}

fn nowhere(app: &App, place: &Place) -> Diagnostic {
    let name = &app.name.value;
    let said = Diagnostic::warning(
        "no-service",
        app.name.span,
        format!(
            "`{name}` names no port and so gets no Service: {} does not find it by its name",
            place.words
        ),
    );
    let said = place.relate(said, format!("{} names it here", place.words));
    said.help(format!(
        "write the port that `{name}` listens on, such as `expose: [\"8000\"]`"
    ))
}

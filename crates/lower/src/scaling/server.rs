//! Where the server behind a queue is, as KEDA reaches it: KEDA runs in a
//! namespace of its own, so short names get the app's behind them.

use kubewright_model::infrastructure::Infrastructure;
use kubewright_model::project::Entry;
use kubewright_model::scaling::{KedaQueue, QueueServer};
use kubewright_model::{Located, Name};
use kubewright_source::{Diagnostic, Diagnostics};

use crate::aspect::{Scope, namespace};
use crate::{Lowering, service};

/// The port that Redis and Valkey listen on, and the one of Sentinel.
const PORTS: (u16, u16) = (6379, 26379);

/// The platform's Valkey.
const PLATFORM: &str = "valkey-master.valkey.svc.cluster.local:6379";
/// The Secret and the key of its password.
const PLATFORM_SECRET: (&str, &str) = ("valkey-secret", "password");

/// A server as KEDA is told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Server {
    /// `host:port`; several with commas between them.
    pub(super) address: String,
    /// The name of Sentinel's master.
    pub(super) master: Option<String>,
    /// The Secret and the key of the password.
    pub(super) secret: Option<(String, String)>,
    /// Who asks, where it is not the default user.
    pub(super) user: Option<String>,
    /// The number of the database, 0 unless said.
    pub(super) database: Option<String>,
    /// The server wants TLS.
    pub(super) tls: bool,
}

/// The app's own server, else the environment's, else the platform's. Whoever
/// names an address means all of that server.
pub(super) fn of(
    scope: &Scope<'_>,
    queue: &KedaQueue,
    diagnostics: &mut Diagnostics,
) -> Option<Server> {
    let facts = scope.lowering.project.facts.queue_server.as_ref();
    let given = merged(queue.server.as_ref(), facts);
    let Some(address) = &given.address else {
        diagnostics.extend(own_server_unused(scope, queue));
        return Some(platform(&given));
    };
    let mut server = located(scope, address, given.sentinel_master.is_some(), diagnostics)?;
    server.master = given.sentinel_master.map(|master| master.value);
    server.secret = match &given.secret {
        Some(secret) => Some(secret_of(secret, diagnostics)?),
        None => None,
    };
    Some(server)
}

/// Names that the address of a queue's server has: of entries, or of hosts in the
/// app's own namespace.
pub(crate) fn names(queue: &KedaQueue, facts: Option<&QueueServer>) -> impl Iterator<Item = Name> {
    let address = merged(queue.server.as_ref(), facts).address;
    let text = address.map_or_else(String::new, |address| address.value);
    let hosts = text.split_once("://").map_or(&*text, |(_, rest)| rest);
    let hosts = hosts.rsplit_once('@').map_or(hosts, |(_, rest)| rest);
    let hosts = hosts.split_once('/').map_or(hosts, |(hosts, _)| hosts);
    let hosts = hosts.split(',').map(|host| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        Name::parse(name.trim()).ok()
    });
    hosts.flatten().collect::<Vec<_>>().into_iter()
}

fn merged(own: Option<&QueueServer>, facts: Option<&QueueServer>) -> QueueServer {
    let nothing = QueueServer {
        address: None,
        sentinel_master: None,
        secret: None,
    };
    let facts = facts.cloned().unwrap_or_else(|| nothing.clone());
    let own = own.cloned().unwrap_or(nothing);
    if own.address.is_some() {
        return own;
    }
    QueueServer {
        address: facts.address,
        sentinel_master: own.sentinel_master.or(facts.sentinel_master),
        secret: own.secret.or(facts.secret),
    }
}

fn platform(given: &QueueServer) -> Server {
    let (name, key) = PLATFORM_SECRET;
    let own = given.secret.as_ref();
    let own = own.and_then(|secret| secret.value.split_once('/'));
    let (name, key) = own.unwrap_or((name, key));
    Server {
        address: PLATFORM.to_owned(),
        master: given.sentinel_master.as_ref().map(|at| at.value.clone()),
        secret: Some((name.to_owned(), key.to_owned())),
        ..Server::default()
    }
}

/// The project has a server that could be meant.
fn own_server_unused(scope: &Scope<'_>, queue: &KedaQueue) -> Option<Diagnostic> {
    let project = scope.lowering.project;
    let mut servers = project.entries.iter().filter(|(_, entry)| {
        let image = entry.app().and_then(|app| app.main.image_reference());
        let repository = image.map(|image| image.repository());
        repository.is_some_and(|name| name.ends_with("redis") || name.ends_with("valkey"))
    });
    let (name, _) = servers.next()?;
    let message = format!(
        "the queue of `{}` is looked for at the platform's `{PLATFORM}`, not at `{name}`",
        scope.name()
    );
    let said = Diagnostic::note("default-queue-server", queue.queue_name.span, message);
    Some(said.help(format!(
        "write `redis: {name}` into `scaling`, or into the environment"
    )))
}

/// What an address says: an entry, a URL, or hosts with ports.
fn located(
    scope: &Scope<'_>,
    address: &Located<String>,
    sentinel: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Server> {
    let text = address.value.trim();
    let usual = if sentinel { PORTS.1 } else { PORTS.0 };
    let entry = Name::parse(text).ok();
    if let Some(found) = entry.and_then(|name| scope.lowering.project.entries.get(&name)) {
        let found = entry_address(scope.lowering, found, usual);
        if found.is_none() {
            diagnostics.push(not_reached(text, address));
        }
        return Some(Server {
            address: found?,
            ..Server::default()
        });
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("redis", text));
    let (user, hosts) = match rest.rsplit_once('@') {
        Some((user, hosts)) => (Some(user), hosts),
        None => (None, rest),
    };
    if user.is_some_and(|user| user.contains(':')) {
        diagnostics.push(password(address));
        return None;
    }
    let (hosts, database) = hosts.split_once('/').unwrap_or((hosts, ""));
    let hosts = hosts.split(',').filter(|host| !host.trim().is_empty());
    let hosts: Vec<String> = hosts.map(|host| qualified(scope, host, usual)).collect();
    let is_known = matches!(scheme, "redis" | "rediss" | "valkey" | "valkeys");
    if hosts.is_empty() || !is_known || !database.bytes().all(|b| b.is_ascii_digit()) {
        diagnostics.push(no_address(address));
        return None;
    }
    Some(Server {
        address: hosts.join(","),
        user: user.map(str::to_owned),
        database: (!database.is_empty() && database != "0").then(|| database.to_owned()),
        tls: scheme.ends_with('s') && scheme != "redis",
        ..Server::default()
    })
}

/// A host and port; the app's namespace behind a name without dots.
fn qualified(scope: &Scope<'_>, host: &str, usual: u16) -> String {
    let host = host.trim();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) => (name, port.to_owned()),
        None => (host, usual.to_string()),
    };
    if name.contains(['.', ':']) {
        return format!("{name}:{port}");
    }
    let namespace = scope.namespace();
    let namespace = namespace.as_deref().unwrap_or("default");
    format!("{name}.{namespace}.svc.cluster.local:{port}")
}

/// Where an entry of the project is reached.
fn entry_address(lowering: &Lowering<'_>, entry: &Entry, usual: u16) -> Option<String> {
    let infrastructure = match entry {
        Entry::Infrastructure(infrastructure) => Some(&**infrastructure),
        Entry::App(_)
        | Entry::Functions(_)
        | Entry::Compose(_)
        | Entry::Helm(_)
        | Entry::Kustomize(_)
        | Entry::Disabled(_) => None,
    };
    if let Some(Infrastructure::Managed(managed)) = infrastructure {
        let port = managed.ports.first().map_or(usual, |port| port.get());
        return Some(format!("{}:{port}", managed.host.as_ref()?.as_str()));
    }
    let app = entry.app()?;
    let ports = service::ports(app, infrastructure.is_some());
    let host = service::host(app, &ports)?;
    let numbers = || ports.iter().filter_map(|port| port.service_number());
    let port = numbers().find(|port| port.get() == usual);
    let port = port.or_else(|| numbers().next())?;
    let namespace = namespace(lowering, app.namespace.as_ref());
    let namespace = namespace.as_deref().unwrap_or("default");
    Some(format!("{host}.{namespace}.svc.cluster.local:{port}"))
}

fn not_reached(name: &str, address: &Located<String>) -> Diagnostic {
    let message = format!("`{name}` is to hold a queue, but has no port that it is reached at");
    Diagnostic::error("needs-port", address.span, message)
        .help("say which port it listens on, and where it is if it is managed")
}

fn no_address(address: &Located<String>) -> Diagnostic {
    let message = "this is no address of a Redis or Valkey server";
    Diagnostic::error("bad-value", address.span, message)
        .help("write an entry of the project, `host:6379`, or a URL like `redis://host:6379/0`")
}

fn password(address: &Located<String>) -> Diagnostic {
    let message = "the address of the queue's server holds a password";
    Diagnostic::error("secret-in-clear", address.span, message)
        .help("keep it in a Secret, and name that with `secret: name/key`")
}

fn secret_of(secret: &Located<String>, diagnostics: &mut Diagnostics) -> Option<(String, String)> {
    let halves = secret.value.split_once('/');
    let halves = halves.filter(|(name, key)| !name.is_empty() && !key.is_empty());
    if halves.is_none() {
        let message = format!("`{}` names no key of a Secret", secret.value);
        let said = Diagnostic::error("bad-value", secret.span, message);
        diagnostics.push(said.help("write it as `name/key`"));
    }
    halves.map(|(name, key)| (name.to_owned(), key.to_owned()))
}

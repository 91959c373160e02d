//! What every container has.

use kubewright_model::Container;
use kubewright_model::container::{Build, Command, Dockerfile, ImageSource, PullPolicy};
use kubewright_model::lifecycle::{GracePeriod, Hook, Lifecycle};
use kubewright_model::probe::{Probe, ProbeCheck, ProbePort, Probes, Setting};
use kubewright_model::resource::{Limit, Resources};
use kubewright_model::service::{Port, Protocol, Published, ServicePort};
use kubewright_model::{Given, Located};
use kubewright_yaml::Node;

use super::Context;
use super::tree::{Map, amount, flag, list, listed, named, raw, some_list, text, verbatim};
use super::{file, variable};
use crate::apps::decode::short_name;

/// Whose container it is.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    /// What its objects' names begin with: `web`, `web-worker`.
    pub(super) prefix: &'a str,
    /// What an image that is built for it is called where nothing is said.
    pub(super) called: &'a str,
    /// The ports that it has where nothing is said.
    pub(super) usual_ports: &'a [Port],
    /// Whether it counts how its ports are published.
    pub(super) published: bool,
}

/// Puts a container's keys into the block of its app or helper; not its volumes
/// and rights, which are the pod's, too.
pub(super) fn put(block: &mut Map, container: &Container, owner: Owner<'_>, context: &Context<'_>) {
    block.text("container_name", &container.name);
    image(block, container, owner, context);
    block.word("pull_policy", &container.pull_policy, pull_policy);
    block.put(
        "command",
        container
            .command
            .as_ref()
            .map(|command| self::command(&command.value)),
    );
    block.put(
        "args",
        container.args.as_ref().map(|args| words(&args.value)),
    );
    block.text("working_dir", &container.working_dir);
    block.flag("stdin", &container.stdin);
    block.flag("tty", &container.tty);
    block.put(
        "ports",
        container
            .ports
            .as_ref()
            .and_then(|ports| self::ports(ports, owner)),
    );
    block.put(
        "environment",
        variable::environment(&container.environment, owner, context),
    );
    block.put("env_from", variable::from(&container.environment_from));
    block.put("files", file::files(&container.files));
    block.put("resources", resources(&container.resources));
    block.put("probes", probes(&container.probes));
}

fn pull_policy(policy: PullPolicy) -> &'static str {
    match policy {
        PullPolicy::Always => "Always",
        PullPolicy::IfNotPresent => "IfNotPresent",
        PullPolicy::Never => "Never",
    }
}

/// A list, or a shell line.
pub(super) fn command(command: &Command) -> Node {
    match command {
        Command::Exec(argv) => words(argv),
        Command::Shell(line) => text(line),
    }
}

fn words(words: &[String]) -> Node {
    list(words.iter().map(|word| text(word)).collect())
}

fn image(block: &mut Map, container: &Container, owner: Owner<'_>, context: &Context<'_>) {
    match &container.image {
        None => {}
        Some(ImageSource::Image(image)) => block.put("image", text(image.value.as_str())),
        Some(ImageSource::Build(build)) => {
            let own = || format!("{}-{}", context.project.name.value, owner.prefix);
            let facts = &context.project.facts;
            let mut described = self::build(build);
            match &build.image {
                None => block.put("image", text(&own())),
                Some(image) => match short_name(image.as_str(), facts) {
                    Some(name) if name == owner.called => {}
                    Some(name) => block.put("image", text(&name)),
                    None => described.put("image", text(image.as_str())),
                },
            }
            block.put("build", described.node());
        }
    }
}

fn build(build: &Build) -> Map {
    let mut block = Map::with("context", text(&build.context.value));
    match &build.dockerfile {
        None => {}
        Some(Dockerfile::Path(path)) => block.put("dockerfile", text(&path.value)),
        Some(Dockerfile::Inline(lines)) => block.put("dockerfile_inline", text(&lines.value)),
    }
    block.text("dockerfile_dev", &build.dockerfile_dev);
    block.text("target", &build.target);
    let args = build.args.iter().map(|(name, value)| {
        // One without a value is taken from the environment.
        let from_environment = || Map::with("variable", raw(name)).node();
        let value = value.value.as_ref();
        (
            name.clone(),
            value.map_or_else(from_environment, |value| text(value)),
        )
    });
    block.put("args", super::tree::some_map(args.collect()));
    block.text("language", &build.language);
    block.texts("tags", &build.tags);
    block.pairs("additional_contexts", &build.additional_contexts);
    block.texts("cache_from", &build.cache_from);
    block.texts("cache_to", &build.cache_to);
    block.texts("platforms", &build.platforms);
    block.texts("ssh", &build.ssh);
    block.texts("secrets", &build.secrets);
    block.pairs("labels", &build.labels);
    for (key, value) in &build.options {
        block.put(key, verbatim(&value.value));
    }
    block
}

/// Ports: by name where a map keeps which of them is the primary one; none where
/// they are those that it has anyway.
fn ports(ports: &[Port], owner: Owner<'_>) -> Option<Node> {
    let unpublished = |port: &Port| Port {
        published: port.published.clone().filter(|_| owner.published),
        ..port.clone()
    };
    if ports
        .iter()
        .map(unpublished)
        .eq(owner.usual_ports.iter().cloned())
    {
        return None;
    }
    let members: Vec<(String, Node)> = ports
        .iter()
        .map(|port| {
            let name = port.name.as_ref().map(|name| name.value.to_string());
            (name.unwrap_or_default(), self::port(port, owner.published))
        })
        .collect();
    let mut sorted: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    sorted.sort_by_key(|name| (*name != "http", *name));
    sorted.dedup();
    let names = members.iter().map(|(name, _)| name.as_str());
    let by_name =
        !members.is_empty() && names.eq(sorted) && !members.iter().any(|(name, _)| name.is_empty());
    Some(match by_name {
        true => super::tree::map(members),
        false => listed("name", members),
    })
}

fn port(port: &Port, with_published: bool) -> Node {
    let mut block = Map::with("container_port", amount(port.container_port.value));
    match &port.service_port {
        ServicePort::Same => {}
        ServicePort::Number(number) => block.put("service_port", amount(number.value)),
        ServicePort::None(_) => block.put("service_port", raw("none")),
    }
    block.amount("host_port", &port.host_port);
    block.put(
        "host_ip",
        port.host_ip
            .as_ref()
            .map(|address| raw(&address.value.to_string())),
    );
    block.amount("node_port", &port.node_port);
    if port.protocol != Protocol::Tcp {
        block.put("protocol", raw(port.protocol.as_str()));
    }
    block.text("app_protocol", &port.app_protocol);
    let said = port.published.as_ref().filter(|_| with_published);
    block.put("published", said.map(published));
    block.node()
}

fn published(published: &Published) -> Node {
    match &published.port {
        Some(port) => amount(port.value),
        None => flag(true),
    }
}

/// What a container, or a mesh's proxy, gets.
pub(super) fn resources(resources: &Resources) -> Option<Node> {
    let mut block = Map::default();
    block.amount("memory", &resources.memory);
    let memory = resources
        .memory
        .as_ref()
        .map(|memory| Limit::At(memory.value));
    let limit = resources.memory_limit.as_ref().map(|limit| limit.value);
    match limit {
        _ if limit == memory => {}
        Some(Limit::At(most)) => block.put("memory_limit", amount(most)),
        // Where nothing is said of the limit, it follows the request.
        Some(Limit::Without) | None => block.put("memory_limit", raw("none")),
    }
    block.amount("cpu", &resources.cpu);
    block.put(
        "cpu_limit",
        resources.cpu_limit.as_ref().map(|limit| match limit.value {
            Limit::At(most) => amount(most),
            Limit::Without => raw("none"),
        }),
    );
    block.amount("ephemeral_storage", &resources.ephemeral_storage);
    if resources.ephemeral_storage_limit != resources.ephemeral_storage {
        let limit = resources.ephemeral_storage_limit.as_ref();
        let limit = limit.map_or_else(|| raw("none"), |limit| amount(limit.value));
        block.put("ephemeral_storage_limit", limit);
    }
    if let Some(gpu) = &resources.gpu {
        let mut own = Map::with("count", amount(gpu.count.value.get()));
        own.text("type", &gpu.kind);
        own.pairs("node_selector", &gpu.node_selector);
        block.put("gpu", own.node());
    }
    block.pairs("extended", &resources.extended);
    block.some()
}

fn probes(probes: &Probes) -> Option<Node> {
    let mut block = Map::default();
    block.put("startup", setting(&probes.startup));
    block.put("readiness", setting(&probes.readiness));
    block.put("liveness", setting(&probes.liveness));
    block.some()
}

fn setting(setting: &Setting) -> Option<Node> {
    match setting {
        Setting::Unsaid => None,
        Setting::Off(_) => Some(flag(false)),
        Setting::On(probe) => Some(self::probe(probe)),
    }
}

fn probe(probe: &Probe) -> Node {
    let mut block = Map::default();
    match &probe.check.value {
        ProbeCheck::Http {
            path,
            port,
            https,
            host,
            headers,
        } => {
            block.put("path", text(path));
            block.put("port", port.as_ref().map(probe_port));
            block.put("scheme", https.then(|| raw("HTTPS")));
            block.put("host", host.as_ref().map(|host| text(host)));
            let headers = headers
                .iter()
                .map(|(name, value)| (name.clone(), text(value)));
            block.put("headers", named("name", headers.collect()));
        }
        ProbeCheck::Tcp { port } => {
            block.put("type", raw("tcp"));
            block.put("port", port.as_ref().map(probe_port));
        }
        ProbeCheck::Grpc { port, service } => {
            if service.is_none() {
                block.put("type", raw("grpc"));
            }
            block.put("port", port.map(amount));
            block.put("service", service.as_ref().map(|service| text(service)));
        }
        ProbeCheck::Exec(command) => block.put("command", self::command(command)),
    }
    block.amount("initial_delay", &probe.initial_delay);
    block.amount("period", &probe.period);
    block.amount("timeout", &probe.timeout);
    block.put(
        "success_threshold",
        probe
            .success_threshold
            .as_ref()
            .map(|count| amount(count.value.get())),
    );
    block.put(
        "failure_threshold",
        probe
            .failure_threshold
            .as_ref()
            .map(|count| amount(count.value.get())),
    );
    block.node()
}

fn probe_port(port: &ProbePort) -> Node {
    match port {
        ProbePort::Number(number) => amount(number),
        ProbePort::Name(name) => raw(name.as_str()),
    }
}

/// The block `lifecycle`; the time to end is the pod's.
pub(super) fn lifecycle(lifecycle: &Lifecycle, grace_period: &Given<GracePeriod>) -> Option<Node> {
    let mut block = Map::default();
    block.put("post_start", lifecycle.post_start.as_ref().map(hook));
    block.put("pre_stop", lifecycle.pre_stop.as_ref().map(hook));
    block.text("stop_signal", &lifecycle.stop_signal);
    block.amount("grace_period", grace_period);
    block.some()
}

fn hook(hook: &Hook) -> Node {
    match hook {
        Hook::Exec(command) => Map::with("command", self::command(&command.value)).node(),
        Hook::Http { path, port } => {
            let mut request = Map::with("path", text(&path.value));
            request.put("port", port.as_ref().map(probe_port));
            Map::with("http", request.node()).node()
        }
        Hook::Sleep(time) => Map::with("sleep", amount(time.value)).node(),
    }
}

/// Texts, where there are any.
pub(super) fn texts<T: ToString>(items: &[Located<T>]) -> Option<Node> {
    some_list(
        items
            .iter()
            .map(|item| text(&item.value.to_string()))
            .collect(),
    )
}

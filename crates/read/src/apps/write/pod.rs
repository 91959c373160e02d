//! What stands around the containers of a pod.

use kubewright_model::access::{Access, Egress, Peer, Visibility};
use kubewright_model::container::Command;
use kubewright_model::dependency::{Condition, Dependency};
use kubewright_model::develop::{Develop, Watch, WatchAction};
use kubewright_model::dns::{Dns, DnsPolicy};
use kubewright_model::identity::Identity;
use kubewright_model::mesh::{LogLevel, Mesh, MeshProvider};
use kubewright_model::object::{Patch, PatchChange};
use kubewright_model::placement::{
    AntiAffinity, AntiAffinityStrength, Placement, Platform, WhenUnsatisfiable,
};
use kubewright_model::service::{
    ExternalTraffic, Headless, PublicKind, PublicService, Service, ServiceKind,
};
use kubewright_model::{Located, Port};
use kubewright_yaml::Node;

use super::container::{command, resources, texts};
use super::tree::{
    Map, amount, flag, list, listed, map, named, raw, some_list, text, trees, verbatim,
};

/// The block `service`.
pub(super) fn service(service: &Service) -> Option<Node> {
    let mut block = Map::default();
    block.word("type", &service.kind, |kind| match kind {
        ServiceKind::ClusterIp => "ClusterIP",
        ServiceKind::NodePort => "NodePort",
        ServiceKind::LoadBalancer => "LoadBalancer",
        ServiceKind::None => "none",
    });
    block.flag("ordinary", &service.ordinary);
    match &service.headless {
        Headless::Unsaid => {}
        Headless::Given(yes) => block.put("headless", flag(yes.value)),
        Headless::Named(name) => block.put("headless", raw(name.value.as_str())),
    }
    block.texts("aliases", &service.aliases);
    block.pairs("annotations", &service.annotations);
    block.put(
        "public",
        service
            .public
            .as_ref()
            .map(|public| self::public(public.value)),
    );
    block.some()
}

fn public(public: PublicService) -> Node {
    let kind = match public.kind {
        PublicKind::NodePort => "NodePort",
        PublicKind::LoadBalancer => "LoadBalancer",
    };
    let mut block = Map::with("type", raw(kind));
    if public.traffic != ExternalTraffic::Cluster {
        block.put("traffic", raw("Local"));
    }
    block.node()
}

/// The block `identity`.
pub(super) fn identity(identity: &Identity) -> Option<Node> {
    let mut block = Map::default();
    block.text("service_account", &identity.service_account);
    block.flag("create", &identity.create);
    block.pairs("annotations", &identity.annotations);
    block.flag("automount_token", &identity.automount_token);
    block.put("rules", trees(&identity.rules));
    block.some()
}

/// The block `access`.
pub(super) fn access(access: &Access) -> Option<Node> {
    let mut block = Map::default();
    block.word(
        "visibility",
        &access.visibility,
        |visibility| match visibility {
            Visibility::Open => "open",
            Visibility::Public => "public",
            Visibility::Internal => "internal",
            Visibility::Private => "private",
            Visibility::Restricted => "restricted",
        },
    );
    block.put("allow_from", peers(&access.allow_from));
    block.put("allow_to", peers(&access.allow_to));
    block.texts("refers_to", &access.refers_to);
    block.word("egress", &access.egress, |egress| match egress {
        Egress::Any => "any",
        Egress::Declared => "declared",
    });
    block.texts("networks", &access.networks);
    block.flag("isolated", &access.isolated);
    block.some()
}

fn peers(peers: &[Located<Peer>]) -> Option<Node> {
    some_list(peers.iter().map(|peer| self::peer(&peer.value)).collect())
}

fn peer(peer: &Peer) -> Node {
    let mut block = Map::default();
    let ports = match peer {
        Peer::Entry { name, ports } => {
            block.put("app", raw(name.as_str()));
            ports
        }
        Peer::Pods {
            namespace,
            pod_labels,
            ports,
        } => {
            block.put(
                "namespace",
                namespace.as_ref().map(|name| raw(name.as_str())),
            );
            let labels = pod_labels.iter();
            let labels = labels.map(|(key, value)| (key.to_string(), text(value.as_str())));
            block.put("pod_labels", super::tree::some_map(labels.collect()));
            ports
        }
        Peer::Addresses {
            cidr,
            except,
            ports,
        } => {
            block.put("cidr", raw(&cidr.to_string()));
            let except = except.iter().map(|part| raw(&part.to_string()));
            block.put("except", some_list(except.collect()));
            ports
        }
        Peer::Internet { ports } => {
            block.put("internet", flag(true));
            ports
        }
    };
    block.put("ports", some_list(ports.iter().map(amount).collect()));
    block.node()
}

/// The block `placement`.
pub(super) fn placement(placement: &Placement) -> Option<Node> {
    let mut block = Map::default();
    let platform = placement.platform.as_ref();
    block.put(
        "platform",
        platform.map(|platform| text(&self::platform(&platform.value))),
    );
    block.pairs("node_selector", &placement.node_selector);
    let rules = placement.node_rules.iter().map(|rule| {
        let mut block = Map::with("key", text(rule.key.value.as_str()));
        block.put("not", text(rule.not.value.as_str()));
        block.node()
    });
    block.put("node_rules", some_list(rules.collect()));
    block.flag("control_plane", &placement.control_plane);
    block.put("tolerations", trees(&placement.tolerations));
    block.put(
        "affinity",
        placement
            .affinity
            .as_ref()
            .map(|tree| verbatim(&tree.value)),
    );
    block.put("anti_affinity", anti_affinity(&placement.anti_affinity));
    let spread = placement.spread.iter().map(|spread| {
        let mut block = Map::with("topology_key", text(spread.topology_key.value.as_str()));
        block.put(
            "max_skew",
            spread
                .max_skew
                .as_ref()
                .map(|skew| amount(skew.value.get())),
        );
        block.word(
            "when_unsatisfiable",
            &spread.when_unsatisfiable,
            |when| match when {
                WhenUnsatisfiable::DoNotSchedule => "DoNotSchedule",
                WhenUnsatisfiable::ScheduleAnyway => "ScheduleAnyway",
            },
        );
        block.node()
    });
    block.put("spread", some_list(spread.collect()));
    block.text("priority_class", &placement.priority_class);
    block.text("runtime_class", &placement.runtime_class);
    block.some()
}

fn platform(platform: &Platform) -> String {
    match &platform.architecture {
        Some(architecture) => format!("{}/{architecture}", platform.os),
        None => platform.os.to_string(),
    }
}

fn anti_affinity(rules: &[AntiAffinity]) -> Option<Node> {
    let (mut preferred, mut required) = (Vec::new(), Vec::new());
    for rule in rules {
        let mut block = Map::with("topology_key", text(rule.topology_key.value.as_str()));
        match &rule.strength {
            AntiAffinityStrength::Required => required.push(block.node()),
            AntiAffinityStrength::Preferred(weight) => {
                block.put(
                    "weight",
                    weight.as_ref().map(|weight| amount(weight.value.get())),
                );
                preferred.push(block.node());
            }
        }
    }
    let mut block = Map::with("preferred", some_list(preferred));
    block.put("required", some_list(required));
    block.some()
}

/// The block `dns`.
pub(super) fn dns(dns: &Dns) -> Option<Node> {
    let mut block = Map::default();
    block.word("policy", &dns.policy, |policy| match policy {
        DnsPolicy::ClusterFirst => "ClusterFirst",
        DnsPolicy::ClusterFirstWithHostNet => "ClusterFirstWithHostNet",
        DnsPolicy::Default => "Default",
        DnsPolicy::None => "None",
    });
    block.put("nameservers", texts(&dns.nameservers));
    block.texts("searches", &dns.searches);
    let options = dns.options.iter().map(|(name, value)| {
        let value = value.value.as_deref().unwrap_or_default();
        (name.clone(), text(value))
    });
    block.put("options", super::tree::some_map(options.collect()));
    block.text("hostname", &dns.hostname);
    block.text("subdomain", &dns.subdomain);
    let aliases = dns.host_aliases.iter();
    let aliases = aliases.map(|(host, address)| {
        let address = raw(&address.value.to_string());
        (host.value.to_string(), address)
    });
    block.put("host_aliases", named("name", aliases.collect()));
    block.some()
}

/// The block `mesh`.
pub(super) fn mesh(mesh: &Mesh) -> Node {
    let provider = match mesh.provider.value {
        MeshProvider::Istio => "istio",
        MeshProvider::Linkerd => "linkerd",
        MeshProvider::Consul => "consul",
        MeshProvider::Kuma => "kuma",
    };
    let mut block = Map::with("provider", raw(provider));
    block.put("proxy", resources(&mesh.proxy));
    let ports =
        |ports: &[Located<Port>]| some_list(ports.iter().map(|port| amount(port.value)).collect());
    block.put("exclude_inbound", ports(&mesh.exclude_inbound));
    block.put("exclude_outbound", ports(&mesh.exclude_outbound));
    block.word("log_level", &mesh.log_level, |level| match level {
        LogLevel::Trace => "trace",
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warning => "warning",
        LogLevel::Error => "error",
    });
    block.node()
}

/// The block `depends_on`: names alone where nothing more is said.
pub(super) fn dependencies(dependencies: &[Dependency]) -> Option<Node> {
    let blocks: Vec<(String, Map)> = dependencies
        .iter()
        .map(|dependency| {
            (
                dependency.on.as_str().to_owned(),
                self::dependency(dependency),
            )
        })
        .collect();
    if blocks.is_empty() {
        return None;
    }
    let sorted = blocks.windows(2).all(|pair| match pair {
        [(one, _), (two, _)] => one < two,
        _ => true,
    });
    if !sorted || blocks.iter().all(|(_, block)| block.is_empty()) {
        let members = blocks.into_iter().map(|(name, block)| (name, block.node()));
        return Some(listed("name", members.collect()));
    }
    let members = blocks.into_iter().map(|(name, mut block)| {
        if block.is_empty() {
            block.put("condition", raw("started"));
        }
        (name, block.node())
    });
    Some(map(members.collect()))
}

fn dependency(dependency: &Dependency) -> Map {
    let mut block = Map::default();
    match dependency.condition.value {
        Condition::Started => {}
        Condition::Healthy => block.put("condition", raw("healthy")),
        Condition::Completed => block.put("condition", raw("completed")),
        Condition::None => block.put("condition", raw("none")),
    }
    block.amount("port", &dependency.port);
    if dependency
        .required
        .as_ref()
        .is_some_and(|required| !required.value)
    {
        block.put("required", flag(false));
    }
    block
}

/// The block `develop`.
pub(super) fn develop(develop: &Develop) -> Map {
    let mut block = Map::default();
    block.amount("port", &develop.port);
    block.put(
        "watch",
        some_list(develop.watch.iter().map(watch).collect()),
    );
    block
}

fn watch(watch: &Watch) -> Node {
    let mut block = Map::with("path", text(&watch.path.value));
    let action = match watch.action {
        WatchAction::Sync => None,
        WatchAction::SyncAndRestart => Some("sync+restart"),
        WatchAction::SyncAndExec => Some("sync+exec"),
        WatchAction::Rebuild => Some("rebuild"),
        WatchAction::Restart => Some("restart"),
    };
    block.put("action", action.map(raw));
    block.text("target", &watch.target);
    block.texts("ignore", &watch.ignore);
    block.texts("include", &watch.include);
    block.flag("initial_sync", &watch.initial_sync);
    let exec = |exec: &Located<Command>| command(&exec.value);
    block.put("exec", watch.exec.as_ref().map(exec));
    block.node()
}

/// The block `patches`.
pub(super) fn patches(patches: &[Patch]) -> Option<Node> {
    let patch = |patch: &Patch| {
        let mut block = Map::with("kind", text(&patch.kind.value));
        block.text("name", &patch.name);
        match &patch.change {
            PatchChange::Merge(tree) => block.put("merge", verbatim(&tree.value)),
            PatchChange::Json(tree) => block.put("json", verbatim(&tree.value)),
        }
        block.node()
    };
    (!patches.is_empty()).then(|| list(patches.iter().map(patch).collect()))
}

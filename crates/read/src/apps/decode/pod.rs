//! What stands around the containers of a pod.

use std::collections::BTreeMap;

use kubewright_model::access::{Access, Egress, Peer, Visibility};
use kubewright_model::dependency::{Condition, Dependency};
use kubewright_model::develop::{Develop, Watch, WatchAction};
use kubewright_model::dns::{Dns, DnsPolicy};
use kubewright_model::identity::Identity;
use kubewright_model::mesh::{LogLevel, Mesh, MeshProvider};
use kubewright_model::placement::{
    AntiAffinity, AntiAffinityStrength, NodeRule, Placement, Platform, Spread, WhenUnsatisfiable,
};
use kubewright_model::service::{
    ExternalTraffic, Headless, PublicKind, PublicService, Service, ServiceKind,
};
use kubewright_model::value::{Cidr, Host, LabelKey, LabelValue, PositiveCount, Weight};
use kubewright_model::{Given, Located, Name, ObjectName, Port};

use super::command::command;
use super::given::{
    any, chosen, list_of, members, number, numbered, pairs, parsed, text, texts, word,
};
use super::scope::Scope;
use super::volume::verbatim;
use crate::fields::{At, Fields, tree};

/// The block `service`.
pub(super) fn service(at: At<'_>) -> Option<Service> {
    let fields = at.fields("`service`")?;
    let kinds = [
        ("ClusterIP", ServiceKind::ClusterIp),
        ("NodePort", ServiceKind::NodePort),
        ("LoadBalancer", ServiceKind::LoadBalancer),
        ("none", ServiceKind::None),
    ];
    let service = Service {
        kind: chosen(&fields, "type", &kinds),
        headless: fields
            .get("headless")
            .map(|at| headless(&at))
            .unwrap_or_default(),
        ordinary: fields.bool("ordinary"),
        aliases: list_of(&fields, "aliases", Name::parse),
        annotations: pairs(&fields, "annotations", LabelKey::parse, any),
        public: fields.get("public").and_then(public),
    };
    fields.finish();
    Some(service)
}

/// A second Service, for those outside.
fn public(at: At<'_>) -> Given<PublicService> {
    let span = at.span();
    let fields = at.fields("`public`")?;
    fields.need("type");
    let kinds = [
        ("NodePort", PublicKind::NodePort),
        ("LoadBalancer", PublicKind::LoadBalancer),
    ];
    let traffics = [
        ("Cluster", ExternalTraffic::Cluster),
        ("Local", ExternalTraffic::Local),
    ];
    let kind = chosen(&fields, "type", &kinds);
    let traffic = chosen(&fields, "traffic", &traffics);
    fields.finish();
    let public = PublicService {
        kind: kind?.value,
        traffic: traffic.map_or(ExternalTraffic::default(), |traffic| traffic.value),
    };
    Some(Located::new(public, span))
}

fn headless(at: &At<'_>) -> Headless {
    let Some(text) = word(at) else {
        return Headless::Unsaid;
    };
    match text.as_str() {
        "true" => Headless::Given(Located::new(true, text.span)),
        "false" => Headless::Given(Located::new(false, text.span)),
        _ => at
            .checked(&text, Name::parse)
            .map_or(Headless::Unsaid, Headless::Named),
    }
}

/// The block `identity`.
pub(super) fn identity(at: At<'_>) -> Option<Identity> {
    let fields = at.fields("`identity`")?;
    let rules = fields.get("rules");
    let rules = rules.as_ref().map(At::items).unwrap_or_default();
    let identity = Identity {
        service_account: parsed(&fields, "service_account", ObjectName::parse),
        create: fields.bool("create"),
        annotations: pairs(&fields, "annotations", LabelKey::parse, any),
        automount_token: fields.bool("automount_token"),
        rules: rules
            .iter()
            .map(|at| Located::new(tree(at.node), at.span()))
            .collect(),
    };
    fields.finish();
    Some(identity)
}

/// The block `access`.
pub(super) fn access(at: At<'_>, scope: &Scope<'_>) -> Option<Access> {
    let fields = at.fields("`access`")?;
    let visibilities = [
        ("open", Visibility::Open),
        ("public", Visibility::Public),
        ("internal", Visibility::Internal),
        ("private", Visibility::Private),
        ("restricted", Visibility::Restricted),
    ];
    let egress = [("any", Egress::Any), ("declared", Egress::Declared)];
    let access = Access {
        visibility: chosen(&fields, "visibility", &visibilities),
        allow_from: peers(&fields, "allow_from", scope),
        allow_to: peers(&fields, "allow_to", scope),
        refers_to: refers_to(&fields, scope),
        egress: chosen(&fields, "egress", &egress),
        networks: list_of(&fields, "networks", Name::parse),
        isolated: fields.bool("isolated"),
    };
    fields.finish();
    Some(access)
}

/// Entries that texts refer to.
pub(super) fn refers_to(fields: &Fields<'_>, scope: &Scope<'_>) -> Vec<Located<Name>> {
    let at = fields.get("refers_to");
    let items = at.as_ref().map(At::items).unwrap_or_default();
    items.iter().filter_map(|at| scope.entry(at)).collect()
}

fn peers(fields: &Fields<'_>, key: &'static str, scope: &Scope<'_>) -> Vec<Located<Peer>> {
    let at = fields.get(key);
    let items = at.as_ref().map(At::items).unwrap_or_default();
    items.into_iter().filter_map(|at| peer(at, scope)).collect()
}

fn peer(at: At<'_>, scope: &Scope<'_>) -> Option<Located<Peer>> {
    let span = at.span();
    let fields = at.fields("a peer")?;
    let ports = fields.get("ports");
    let ports = ports.as_ref().map(At::items).unwrap_or_default();
    let ports: Vec<Port> = ports
        .iter()
        .filter_map(|at| numbered(at, Port::new).map(|port| port.value))
        .collect();
    let peer = if let Some(at) = fields.get("app") {
        let name = scope.entry(&at)?;
        Peer::Entry {
            name: name.value,
            ports,
        }
    } else if let Some(cidr) = parsed(&fields, "cidr", Cidr::parse) {
        let part = |text: &str| {
            let part = Cidr::parse(text)?;
            match cidr.value.has_part(&part) {
                true => Ok(part),
                false => Err(kubewright_model::Invalid::new(
                    "a part of the network",
                    format!("it does not lie within `{}`, or is all of it", cidr.value),
                    "name a smaller network within, or leave `except` out",
                )),
            }
        };
        let except = list_of(&fields, "except", part);
        Peer::Addresses {
            cidr: cidr.value,
            except: except.into_iter().map(|part| part.value).collect(),
            ports,
        }
    } else if fields
        .bool("internet")
        .is_some_and(|internet| internet.value)
    {
        Peer::Internet { ports }
    } else {
        let labels = pairs(&fields, "pod_labels", LabelKey::parse, LabelValue::parse);
        let labels: BTreeMap<_, _> = labels
            .into_iter()
            .map(|(key, value)| (key, value.value))
            .collect();
        let namespace = parsed(&fields, "namespace", Name::parse).map(|name| name.value);
        if namespace.is_none() && labels.is_empty() && !fields.has("cidr") {
            fields.at().error(
                "missing-key",
                "a peer names nobody",
                "write an entry's name, a network, `internet`, `namespace` or `pod_labels`",
            );
            return None;
        }
        Peer::Pods {
            namespace,
            pod_labels: labels,
            ports,
        }
    };
    fields.finish();
    Some(Located::new(peer, span))
}

/// The block `placement`.
pub(super) fn placement(at: At<'_>) -> Option<Placement> {
    let fields = at.fields("`placement`")?;
    let tolerations = fields.get("tolerations");
    let tolerations = tolerations.as_ref().map(At::items).unwrap_or_default();
    let placement = Placement {
        platform: parsed(&fields, "platform", Platform::parse),
        node_selector: pairs(&fields, "node_selector", LabelKey::parse, LabelValue::parse),
        node_rules: node_rules(&fields),
        control_plane: fields.bool("control_plane"),
        tolerations: tolerations
            .iter()
            .map(|at| Located::new(tree(at.node), at.span()))
            .collect(),
        affinity: verbatim(&fields, "affinity"),
        anti_affinity: fields
            .get("anti_affinity")
            .map(anti_affinity)
            .unwrap_or_default(),
        spread: spread(&fields),
        priority_class: parsed(&fields, "priority_class", ObjectName::parse),
        runtime_class: parsed(&fields, "runtime_class", ObjectName::parse),
    };
    fields.finish();
    Some(placement)
}

fn node_rules(fields: &Fields<'_>) -> Vec<NodeRule> {
    let at = fields.get("node_rules");
    let items = at.as_ref().map(At::items).unwrap_or_default();
    let item = |at: At<'_>| {
        let fields = at.fields("rule")?;
        for key in ["key", "not"] {
            fields.need(key);
        }
        let key = parsed(&fields, "key", LabelKey::parse);
        let not = parsed(&fields, "not", LabelValue::parse);
        fields.finish();
        Some(NodeRule {
            key: key?,
            not: not?,
        })
    };
    items.into_iter().filter_map(item).collect()
}

fn anti_affinity(at: At<'_>) -> Vec<AntiAffinity> {
    let Some(fields) = at.fields("`anti_affinity`") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (key, required) in [("preferred", false), ("required", true)] {
        let at = fields.get(key);
        for at in at.as_ref().map(At::items).unwrap_or_default() {
            let Some(item) = at.fields("anti-affinity") else {
                continue;
            };
            item.need("topology_key");
            let weight = number(&item, "weight", Weight::new);
            if let Some(topology_key) = parsed(&item, "topology_key", LabelKey::parse) {
                let strength = match required {
                    true => AntiAffinityStrength::Required,
                    false => AntiAffinityStrength::Preferred(weight),
                };
                found.push(AntiAffinity {
                    topology_key,
                    strength,
                });
            }
            item.finish();
        }
    }
    fields.finish();
    found
}

fn spread(fields: &Fields<'_>) -> Vec<Spread> {
    let at = fields.get("spread");
    let items = at.as_ref().map(At::items).unwrap_or_default();
    let words = [
        ("DoNotSchedule", WhenUnsatisfiable::DoNotSchedule),
        ("ScheduleAnyway", WhenUnsatisfiable::ScheduleAnyway),
    ];
    let item = |at: At<'_>| {
        let fields = at.fields("spread")?;
        fields.need("topology_key");
        let spread = Spread {
            topology_key: parsed(&fields, "topology_key", LabelKey::parse)?,
            max_skew: number(&fields, "max_skew", PositiveCount::new),
            when_unsatisfiable: chosen(&fields, "when_unsatisfiable", &words),
        };
        fields.finish();
        Some(spread)
    };
    items.into_iter().filter_map(item).collect()
}

/// The block `dns`.
pub(super) fn dns(at: At<'_>) -> Option<Dns> {
    let fields = at.fields("`dns`")?;
    let policies = [
        ("ClusterFirst", DnsPolicy::ClusterFirst),
        (
            "ClusterFirstWithHostNet",
            DnsPolicy::ClusterFirstWithHostNet,
        ),
        ("Default", DnsPolicy::Default),
        ("None", DnsPolicy::None),
    ];
    let address = |text: &str| {
        text.parse().map_err(|_| {
            kubewright_model::Invalid::new("an address", "it is none", "write it like `10.0.0.1`")
        })
    };
    let option = |text: &str| match text {
        "" => Err(kubewright_model::Invalid::new(
            "an option of the resolver",
            "it has no name",
            "write it like `ndots: 2`",
        )),
        _ => Ok(text.to_owned()),
    };
    let optional = |text: &str| Ok((!text.is_empty()).then(|| text.to_owned()));
    let aliases = fields.get("host_aliases");
    let aliases = aliases.as_ref().map(|at| members(at)).unwrap_or_default();
    let aliases = aliases.into_iter().filter_map(|(name, at)| {
        let host = at.checked(&name?.map(str::to_owned), Host::parse_domain)?;
        let address = at.checked(&word(&at)?, address)?;
        Some((host, address))
    });
    let dns = Dns {
        host_aliases: aliases.collect(),
        policy: chosen(&fields, "policy", &policies),
        nameservers: list_of(&fields, "nameservers", address),
        searches: list_of(&fields, "searches", Host::parse_domain),
        options: pairs(&fields, "options", option, optional),
        hostname: parsed(&fields, "hostname", Name::parse),
        subdomain: parsed(&fields, "subdomain", Name::parse),
    };
    fields.finish();
    Some(dns)
}

/// The block `mesh`.
pub(super) fn mesh(at: At<'_>) -> Option<Mesh> {
    let fields = at.fields("`mesh`")?;
    let providers = [
        ("istio", MeshProvider::Istio),
        ("linkerd", MeshProvider::Linkerd),
        ("consul", MeshProvider::Consul),
        ("kuma", MeshProvider::Kuma),
    ];
    let levels = [
        ("trace", LogLevel::Trace),
        ("debug", LogLevel::Debug),
        ("info", LogLevel::Info),
        ("warning", LogLevel::Warning),
        ("warn", LogLevel::Warning),
        ("error", LogLevel::Error),
    ];
    let ports = |key| {
        let at = fields.get(key);
        let items = at.as_ref().map(At::items).unwrap_or_default();
        items
            .iter()
            .filter_map(|at| numbered(at, Port::new))
            .collect()
    };
    fields.need("provider");
    let mesh = Mesh {
        provider: chosen(&fields, "provider", &providers)?,
        proxy: fields
            .get("proxy")
            .and_then(super::resource::read)
            .unwrap_or_default(),
        exclude_inbound: ports("exclude_inbound"),
        exclude_outbound: ports("exclude_outbound"),
        log_level: chosen(&fields, "log_level", &levels),
    };
    fields.finish();
    Some(mesh)
}

/// The block `depends_on`.
pub(super) fn dependencies(fields: &Fields<'_>, scope: &Scope<'_>) -> Vec<Dependency> {
    let Some(at) = fields.get("depends_on") else {
        return Vec::new();
    };
    let conditions = [
        ("started", Condition::Started),
        ("healthy", Condition::Healthy),
        ("completed", Condition::Completed),
        ("none", Condition::None),
    ];
    let mut found = Vec::new();
    for (name, at) in members(&at) {
        let Some(name) = name else { continue };
        let Some(block) = at.fields(format!("dependency `{}`", name.value)) else {
            continue;
        };
        let condition = chosen(&block, "condition", &conditions);
        let required = block.bool("required");
        let port = parsed(&block, "port", Port::parse);
        block.finish();
        let is_required = required.as_ref().is_none_or(|required| required.value);
        let Some(on) = scope.dependency(name, &at, is_required) else {
            continue;
        };
        found.push(Dependency {
            condition: condition.unwrap_or_else(|| Located::new(Condition::Started, on.span)),
            on,
            port,
            required,
        });
    }
    found
}

/// The block `develop`.
pub(super) fn develop(at: At<'_>) -> Option<Develop> {
    let fields = at.fields("`develop`")?;
    if let Some(at) = fields.get("port_base") {
        at.error(
            "wrong-kind",
            "`port_base` belongs to functions",
            "write `port`",
        );
    }
    developed(fields)
}

/// The same of functions, with the first port of local serving.
pub(super) fn develop_functions(at: At<'_>) -> Option<(Develop, Given<Port>)> {
    let fields = at.fields("`develop`")?;
    let base = number(&fields, "port_base", Port::new);
    Some((developed(fields)?, base))
}

fn developed(fields: Fields<'_>) -> Option<Develop> {
    let watch = fields.get("watch");
    let watch = watch.as_ref().map(At::items).unwrap_or_default();
    let develop = Develop {
        port: number(&fields, "port", Port::new),
        watch: watch.into_iter().filter_map(watched).collect(),
    };
    fields.finish();
    Some(develop)
}

fn watched(at: At<'_>) -> Option<Watch> {
    let fields = at.fields("what is followed")?;
    let actions = [
        ("sync", WatchAction::Sync),
        ("sync+restart", WatchAction::SyncAndRestart),
        ("sync+exec", WatchAction::SyncAndExec),
        ("rebuild", WatchAction::Rebuild),
        ("restart", WatchAction::Restart),
    ];
    fields.need("path");
    let watch = Watch {
        path: text(&fields, "path")?,
        action: chosen(&fields, "action", &actions)
            .map_or(WatchAction::Sync, |action| action.value),
        target: text(&fields, "target"),
        ignore: texts(&fields, "ignore"),
        include: texts(&fields, "include"),
        initial_sync: fields.bool("initial_sync"),
        exec: fields.get("exec").and_then(|at| command(&at)),
    };
    fields.finish();
    Some(watch)
}

//! `mesh`.

use kubewright_model::mesh::{LogLevel, Mesh, MeshProvider};
use kubewright_model::resource::{Limit, Resources};
use kubewright_model::{Cpu, Located, Memory, Port};

use super::given::{chosen, given, is_switched_off};
use crate::fields::{At, Fields};

const PROVIDERS: &[(&str, MeshProvider)] = &[
    ("istio", MeshProvider::Istio),
    ("linkerd", MeshProvider::Linkerd),
    ("consul", MeshProvider::Consul),
    ("kuma", MeshProvider::Kuma),
];

const LEVELS: &[(&str, LogLevel)] = &[
    ("trace", LogLevel::Trace),
    ("debug", LogLevel::Debug),
    ("info", LogLevel::Info),
    ("warning", LogLevel::Warning),
    ("warn", LogLevel::Warning),
    ("error", LogLevel::Error),
];

/// Membership in a mesh; none without a provider.
pub(super) fn read(fields: &Fields<'_>) -> Option<Box<Mesh>> {
    let at = given(fields, "mesh")?;
    let inner = at.fields(format!("`mesh` of {}", fields.what()))?;
    if is_switched_off(&inner) {
        return None;
    }
    let provider = chosen(&inner, "provider", PROVIDERS);
    if provider.is_none() && given(&inner, "provider").is_none() {
        inner.at().error(
            "missing-key",
            format!("{} has no `provider`", inner.what()),
            "name it: `istio`, `linkerd`, `consul` or `kuma`",
        );
    }
    let cpu = |key| given(&inner, key).and_then(|at: At<'_>| at.parse(Cpu::parse));
    let memory = |key| given(&inner, key).and_then(|at: At<'_>| at.parse(Memory::parse));
    let proxy = Resources {
        cpu: cpu("proxyCpuRequest"),
        cpu_limit: cpu("proxyCpuLimit").map(|limit| limit.map(Limit::At)),
        memory: memory("proxyMemRequest"),
        memory_limit: memory("proxyMemLimit").map(|limit| limit.map(Limit::At)),
        ..Resources::default()
    };
    let mesh = provider.map(|provider| Mesh {
        provider,
        proxy,
        exclude_inbound: ports(&inner, "excludeInbound"),
        exclude_outbound: ports(&inner, "excludeOutbound"),
        log_level: chosen(&inner, "logLevel", LEVELS),
    });
    inner.finish();
    mesh.map(Box::new)
}

/// Ports with commas between them, or a list.
fn ports(fields: &Fields<'_>, key: &'static str) -> Vec<Located<Port>> {
    let Some(at) = given(fields, key) else {
        return Vec::new();
    };
    if at.node.as_sequence().is_some() {
        let items = at.items();
        return items
            .iter()
            .filter_map(|item| item.parse(Port::parse))
            .collect();
    }
    let Some(text) = at.scalar() else {
        return Vec::new();
    };
    let parts = text
        .value
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    parts
        .filter_map(|part| at.checked(&Located::new(part.to_owned(), text.span), Port::parse))
        .collect()
}

//! Membership in a service mesh, as the labels and annotations of the pods that
//! its injector reads.
//!
//! - Istio: <https://istio.io/latest/docs/reference/config/annotations/>
//! - Linkerd: <https://linkerd.io/2/reference/proxy-configuration/>
//! - Consul: <https://developer.hashicorp.com/consul/docs/reference/k8s/annotation-label>
//! - Kuma: <https://kuma.io/docs/latest/reference/kubernetes-annotations/>

use kubewright_model::Located;
use kubewright_model::mesh::{LogLevel, Mesh, MeshProvider};
use kubewright_model::resource::Limit;
use kubewright_model::value::Port;
use kubewright_source::Diagnostic;

use crate::aspect::{Aspect, Draft, Scope};

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

/// What a mesh calls its settings.
struct Keys {
    cpu: &'static str,
    cpu_limit: &'static str,
    memory: &'static str,
    memory_limit: &'static str,
    exclude_inbound: &'static str,
    exclude_outbound: &'static str,
    /// None where a pod cannot say it.
    log_level: Option<&'static str>,
}

const ISTIO: Keys = Keys {
    cpu: "sidecar.istio.io/proxyCPU",
    cpu_limit: "sidecar.istio.io/proxyCPULimit",
    memory: "sidecar.istio.io/proxyMemory",
    memory_limit: "sidecar.istio.io/proxyMemoryLimit",
    exclude_inbound: "traffic.sidecar.istio.io/excludeInboundPorts",
    exclude_outbound: "traffic.sidecar.istio.io/excludeOutboundPorts",
    log_level: Some("sidecar.istio.io/logLevel"),
};

const LINKERD: Keys = Keys {
    cpu: "config.linkerd.io/proxy-cpu-request",
    cpu_limit: "config.linkerd.io/proxy-cpu-limit",
    memory: "config.linkerd.io/proxy-memory-request",
    memory_limit: "config.linkerd.io/proxy-memory-limit",
    exclude_inbound: "config.linkerd.io/skip-inbound-ports",
    exclude_outbound: "config.linkerd.io/skip-outbound-ports",
    log_level: Some("config.linkerd.io/proxy-log-level"),
};

const CONSUL: Keys = Keys {
    cpu: "consul.hashicorp.com/sidecar-proxy-cpu-request",
    cpu_limit: "consul.hashicorp.com/sidecar-proxy-cpu-limit",
    memory: "consul.hashicorp.com/sidecar-proxy-memory-request",
    memory_limit: "consul.hashicorp.com/sidecar-proxy-memory-limit",
    exclude_inbound: "consul.hashicorp.com/transparent-proxy-exclude-inbound-ports",
    exclude_outbound: "consul.hashicorp.com/transparent-proxy-exclude-outbound-ports",
    log_level: None,
};

const KUMA: Keys = Keys {
    cpu: "kuma.io/sidecar-proxy-cpu-requests",
    cpu_limit: "kuma.io/sidecar-proxy-cpu-limits",
    memory: "kuma.io/sidecar-proxy-memory-requests",
    memory_limit: "kuma.io/sidecar-proxy-memory-limits",
    exclude_inbound: "traffic.kuma.io/exclude-inbound-ports",
    exclude_outbound: "traffic.kuma.io/exclude-outbound-ports",
    log_level: None,
};

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    let Some(mesh) = scope.app.mesh.as_deref() else {
        return;
    };
    join(mesh.provider.value, draft);
    let keys = match mesh.provider.value {
        MeshProvider::Istio => &ISTIO,
        MeshProvider::Linkerd => &LINKERD,
        MeshProvider::Consul => &CONSUL,
        MeshProvider::Kuma => &KUMA,
    };
    for (key, value) in settings(mesh, keys) {
        draft.pod_annotations.insert(key.to_owned(), value);
    }
    if let (Some(level), None) = (&mesh.log_level, keys.log_level) {
        draft.diagnostics.push(no_log_level(scope, mesh, level));
    }
}

/// The marks that an injector looks for.
fn join(provider: MeshProvider, draft: &mut Draft) {
    let (key, value, is_label, is_annotation) = match provider {
        // The label decides; the annotation is what older versions know.
        MeshProvider::Istio => ("sidecar.istio.io/inject", "true", true, true),
        MeshProvider::Linkerd => ("linkerd.io/inject", "enabled", false, true),
        MeshProvider::Consul => ("consul.hashicorp.com/connect-inject", "true", false, true),
        MeshProvider::Kuma => ("kuma.io/sidecar-injection", "true", true, false),
    };
    if is_label {
        draft.pod_labels.insert(key.to_owned(), value.to_owned());
    }
    if is_annotation {
        draft
            .pod_annotations
            .insert(key.to_owned(), value.to_owned());
    }
}

fn settings<'k>(mesh: &Mesh, keys: &'k Keys) -> Vec<(&'k str, String)> {
    let proxy = &mesh.proxy;
    let level = keys.log_level.zip(mesh.log_level.as_ref());
    let parts = [
        (keys.cpu, proxy.cpu.as_ref().map(|cpu| cpu.to_string())),
        (keys.cpu_limit, limit(proxy.cpu_limit.as_ref())),
        (
            keys.memory,
            proxy.memory.as_ref().map(|memory| memory.to_string()),
        ),
        (keys.memory_limit, limit(proxy.memory_limit.as_ref())),
        (keys.exclude_inbound, ports(&mesh.exclude_inbound)),
        (keys.exclude_outbound, ports(&mesh.exclude_outbound)),
    ];
    let parts = parts.into_iter();
    let parts = parts.chain(level.map(|(key, level)| (key, Some(word(mesh, level.value)))));
    parts
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}

fn limit<T: ToString>(limit: Option<&Located<Limit<T>>>) -> Option<String> {
    match &limit?.value {
        Limit::At(amount) => Some(amount.to_string()),
        Limit::Without => None,
    }
}

fn ports(ports: &[Located<Port>]) -> Option<String> {
    let numbers: Vec<String> = ports.iter().map(|port| port.to_string()).collect();
    (!numbers.is_empty()).then(|| numbers.join(","))
}

/// Linkerd's proxy knows `warn`, not `warning`.
fn word(mesh: &Mesh, level: LogLevel) -> String {
    let word = match level {
        LogLevel::Trace => "trace",
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warning => match mesh.provider.value {
            MeshProvider::Linkerd => "warn",
            MeshProvider::Istio | MeshProvider::Consul | MeshProvider::Kuma => "warning",
        },
        LogLevel::Error => "error",
    };
    word.to_owned()
}

fn no_log_level(scope: &Scope<'_>, mesh: &Mesh, level: &Located<LogLevel>) -> Diagnostic {
    let provider = match mesh.provider.value {
        MeshProvider::Istio => "Istio",
        MeshProvider::Linkerd => "Linkerd",
        MeshProvider::Consul => "Consul",
        MeshProvider::Kuma => "Kuma",
    };
    Diagnostic::warning(
        "not-carried",
        level.span,
        format!(
            "a pod cannot tell {provider} how much its proxy logs: `{}` does not",
            scope.name()
        ),
    )
    .help("set it for the whole mesh, and leave it out here")
}

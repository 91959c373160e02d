//! Every key of the Compose Specification, and what becomes of it.
//!
//! The tables are the promise that nothing is lost: a key of a mapping that is
//! read is either decoded by a room of this folder or reported with what to do
//! instead. What is in no table is the error `unknown-key`.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/spec.md>

use kubewright_source::Diagnostic;
use kubewright_yaml::{Node, Path};

use super::restates::restates;
use crate::fields::Fields;

/// One key, and what becomes of it.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A room of this folder decodes it, or the loader has applied it already.
    Decoded(&'static str),
    /// Kubernetes could say it; kubewright does not yet.
    NotYet(&'static str),
    /// Kubernetes has nothing like it; the text says what it has instead.
    Never(&'static str),
}

const fn here(name: &'static str, room: &'static str) -> Key {
    Key {
        name,
        verdict: Verdict::Decoded(room),
    }
}

const fn later(name: &'static str, help: &'static str) -> Key {
    Key {
        name,
        verdict: Verdict::NotYet(help),
    }
}

const fn never(name: &'static str, instead: &'static str) -> Key {
    Key {
        name,
        verdict: Verdict::Never(instead),
    }
}

const CPU_LIMIT: &str = "give the container a CPU limit with `deploy.resources.limits.cpus`";
const RUNTIME: &str =
    "this is the matter of the node's container runtime; ask whoever runs the nodes";
const ONE_NETWORK: &str =
    "all pods of a cluster share one network, and Services have names; nothing needs to be set";
const LOADED: &str = "load";

/// The keys at the top of a file.
pub static TOP: &[Key] = &[
    here("version", LOADED),
    here("name", LOADED),
    here("include", LOADED),
    here("services", "service"),
    later(
        "models",
        "run the model server as a service of its own and give its address in `environment`",
    ),
    here("networks", "network"),
    here("volumes", "volume"),
    here("secrets", "source"),
    here("configs", "source"),
    later(
        "jobs",
        "write it as a service with the label `kubewright.schedule` to get a CronJob",
    ),
];

/// The keys of a service: the 93 of the specification and `umask`, its newest.
pub static SERVICE: &[Key] = &[
    here("annotations", "label"),
    never(
        "attach",
        "logs are read with `kubectl logs`; nobody needs to attach",
    ),
    never(
        "blkio_config",
        "choose a storage class with the wanted throughput for the volume",
    ),
    here("build", "build"),
    here("cap_add", "security"),
    here("cap_drop", "security"),
    never("cgroup", RUNTIME),
    never("cgroup_parent", RUNTIME),
    here("command", "command"),
    here("configs", "source"),
    here("container_name", "service"),
    here("cpu_count", "resource"),
    never("cpu_percent", CPU_LIMIT),
    here("cpu_period", "resource"),
    here("cpu_quota", "resource"),
    never("cpu_rt_period", CPU_LIMIT),
    never("cpu_rt_runtime", CPU_LIMIT),
    never(
        "cpu_shares",
        "ask for CPU with `deploy.resources.reservations.cpus`: nodes share by what pods ask for",
    ),
    here("cpus", "resource"),
    never(
        "cpuset",
        "whole cores come from the node's static CPU manager, for pods whose CPU request and limit \
         are the same whole number",
    ),
    later(
        "credential_spec",
        "Kubernetes has `securityContext.windowsOptions` for this: add it with a patch",
    ),
    here("depends_on", "dependency"),
    here("deploy", "deploy"),
    here("develop", "develop"),
    never(
        "device_cgroup_rules",
        "let a device plugin hand out the device, and ask for its resource",
    ),
    here("devices", "device"),
    here("dns", "dns"),
    here("dns_opt", "dns"),
    here("dns_search", "dns"),
    here("domainname", "dns"),
    here("entrypoint", "command"),
    here("env_file", LOADED),
    here("environment", "environment"),
    here("expose", "port"),
    here("extends", LOADED),
    later(
        "external_links",
        "add a Service of type ExternalName that leads to the container outside",
    ),
    here("extra_hosts", "dns"),
    here("gpus", "resource"),
    here("group_add", "security"),
    here("healthcheck", "healthcheck"),
    here("hostname", "dns"),
    here("image", "image"),
    here("init", "command"),
    here("ipc", "security"),
    never(
        "isolation",
        "choose Windows nodes with hypervisor isolation by a runtime class",
    ),
    here("label_file", LOADED),
    here("labels", "label"),
    here("links", "network"),
    never(
        "logging",
        "containers log to their standard output; the cluster's own collector takes it from there",
    ),
    never(
        "mac_address",
        "pods get their addresses from the cluster's network",
    ),
    here("mem_limit", "resource"),
    here("mem_reservation", "resource"),
    never(
        "mem_swappiness",
        "swapping is the node's own setting (`memorySwap` of the kubelet)",
    ),
    never(
        "memswap_limit",
        "swapping is the node's own setting (`memorySwap` of the kubelet)",
    ),
    here("models", "model"),
    here("network_mode", "network"),
    here("networks", "network"),
    never(
        "oom_kill_disable",
        "set memory request and limit to the same value: such pods are the last to be killed",
    ),
    never(
        "oom_score_adj",
        "set memory request and limit to the same value: such pods are the last to be killed",
    ),
    here("pid", "security"),
    never(
        "pids_limit",
        "the kubelet limits processes per pod (`podPidsLimit`)",
    ),
    here("platform", "image"),
    here("ports", "port"),
    here("post_start", "command"),
    here("pre_start", "pre_start"),
    here("pre_stop", "command"),
    here("privileged", "security"),
    here("profiles", LOADED),
    later(
        "provider",
        "run what it provides in the cluster or outside, and give its address in `environment`",
    ),
    here("pull_policy", "image"),
    never(
        "pull_refresh_after",
        "use a tag that changes with the content, or `pull_policy: always`",
    ),
    here("read_only", "security"),
    here("restart", "kind"),
    here("runtime", "security"),
    here("scale", "kind"),
    here("secrets", "source"),
    here("security_opt", "security"),
    here("shm_size", "volume"),
    here("stdin_open", "command"),
    here("stop_grace_period", "command"),
    here("stop_signal", "command"),
    never(
        "storage_opt",
        "ask for disk of the node with an `ephemeral-storage` limit",
    ),
    here("sysctls", "security"),
    here("tmpfs", "volume"),
    here("tty", "command"),
    never(
        "ulimits",
        "limits come from the node's container runtime; set them there, or in the image's start script",
    ),
    never("umask", "set it in the image's start script"),
    never(
        "use_api_socket",
        "the cluster has no Docker socket; use the Kubernetes API with a service account",
    ),
    here("user", "security"),
    here("userns_mode", "security"),
    never(
        "uts",
        "a pod's host name is its own; set `hostname` if it must be a certain one",
    ),
    here("volumes", "volume"),
    here("volumes_from", "volumes_from"),
    here("working_dir", "command"),
];

/// The keys of `deploy`.
pub static DEPLOY: &[Key] = &[
    here("mode", "kind"),
    here("endpoint_mode", "deploy"),
    here("replicas", "kind"),
    here("labels", "label"),
    never(
        "rollback_config",
        "`kubectl rollout undo` goes back; Argo Rollouts and Flagger do so by themselves",
    ),
    here("update_config", "deploy"),
    here("resources", "resource"),
    here("restart_policy", "kind"),
    here("placement", "deploy"),
];

/// The keys of `deploy.update_config`.
pub static UPDATE: &[Key] = &[
    here("parallelism", "deploy"),
    here("delay", "deploy"),
    never(
        "failure_action",
        "a rollout that does not get ready stops by itself and keeps the old pods",
    ),
    here("monitor", "deploy"),
    never(
        "max_failure_ratio",
        "a rollout stops at the first pods that do not get ready",
    ),
    here("order", "deploy"),
];

/// The keys of `deploy.restart_policy`.
pub static RESTART_POLICY: &[Key] = &[
    here("condition", "kind"),
    never(
        "delay",
        "Kubernetes waits longer after each failure, from 10 s up to 5 min",
    ),
    here("max_attempts", "kind"),
    never(
        "window",
        "a readiness probe says when a container counts as started",
    ),
];

/// The keys of `deploy.placement`.
pub static PLACEMENT: &[Key] = &[
    here("constraints", "deploy"),
    here("preferences", "deploy"),
    here("max_replicas_per_node", "deploy"),
];

/// The keys of `deploy.resources.limits`.
pub static LIMITS: &[Key] = &[
    here("cpus", "resource"),
    here("memory", "resource"),
    never(
        "pids",
        "the kubelet limits processes per pod (`podPidsLimit`)",
    ),
];

/// The keys of `deploy.resources.reservations`.
pub static RESERVATIONS: &[Key] = &[
    here("cpus", "resource"),
    here("memory", "resource"),
    later(
        "generic_resources",
        "let a device plugin count the resource and ask for it in `resources` with a patch, or \
         give its driver for dynamic resource allocation a ResourceClaimTemplate",
    ),
    here("devices", "resource"),
];

/// The keys of a device request.
pub static DEVICE: &[Key] = &[
    here("capabilities", "resource"),
    here("count", "resource"),
    here("driver", "resource"),
    here("device_ids", "resource"),
    never("options", "the device plugin has its own settings"),
];

/// The keys of an entry of `devices` in its long form.
pub static DEVICE_MAPPING: &[Key] = &[
    here("source", "device"),
    here("target", "device"),
    here("permissions", "device"),
];

/// The keys of `build`, all kept for whatever builds the image.
pub static BUILD: &[Key] = &[
    here("context", "build"),
    here("dockerfile", "build"),
    here("dockerfile_inline", "build"),
    here("entitlements", "build"),
    here("args", "build"),
    here("ssh", "build"),
    here("labels", "build"),
    here("cache_from", "build"),
    here("cache_to", "build"),
    here("no_cache", "build"),
    here("no_cache_filter", "build"),
    here("additional_contexts", "build"),
    here("network", "build"),
    here("provenance", "build"),
    here("sbom", "build"),
    here("pull", "build"),
    here("target", "build"),
    here("shm_size", "build"),
    here("extra_hosts", "build"),
    here("isolation", "build"),
    here("privileged", "build"),
    here("secrets", "build"),
    here("tags", "build"),
    here("ulimits", "build"),
    here("platforms", "build"),
];

/// The keys of `healthcheck`.
pub static HEALTHCHECK: &[Key] = &[
    here("disable", "healthcheck"),
    here("interval", "healthcheck"),
    here("retries", "healthcheck"),
    here("test", "healthcheck"),
    here("timeout", "healthcheck"),
    here("start_period", "healthcheck"),
    here("start_interval", "healthcheck"),
];

/// The keys of a port in its long form.
pub static PORT: &[Key] = &[
    here("name", "port"),
    here("mode", "port"),
    here("host_ip", "port"),
    here("target", "port"),
    here("published", "port"),
    here("protocol", "port"),
    here("app_protocol", "port"),
];

/// The keys of a service's volume in its long form.
pub static MOUNT: &[Key] = &[
    here("type", "volume"),
    here("source", "volume"),
    here("target", "volume"),
    here("read_only", "volume"),
    never(
        "consistency",
        "it speeds up Docker Desktop on a Mac; a node has no need of it",
    ),
    here("bind", "volume"),
    here("volume", "volume"),
    here("tmpfs", "volume"),
    here("image", "volume"),
];

/// The keys of `bind` in a volume's long form.
pub static MOUNT_BIND: &[Key] = &[
    here("propagation", "volume"),
    here("create_host_path", "volume"),
    never(
        "recursive",
        "mounts below the folder follow the node's own rules",
    ),
    never("selinux", "the kubelet labels volumes by itself"),
];

/// The keys of `volume` in a volume's long form.
pub static MOUNT_VOLUME: &[Key] = &[
    later(
        "labels",
        "put labels at the volume itself, below the top-level `volumes`",
    ),
    never(
        "nocopy",
        "Kubernetes never copies the image's files into a volume",
    ),
    here("subpath", "volume"),
];

/// The keys of `tmpfs` in a volume's long form.
pub static MOUNT_TMPFS: &[Key] = &[
    here("size", "volume"),
    never(
        "mode",
        "an `emptyDir` can be written by everybody in the pod (0777)",
    ),
];

/// The keys of `image` in a volume's long form.
pub static MOUNT_IMAGE: &[Key] = &[here("subpath", "volume")];

/// The keys of a config or secret of a service in its long form.
pub static SOURCE_USE: &[Key] = &[
    here("source", "source"),
    here("target", "source"),
    never(
        "uid",
        "files of ConfigMaps and Secrets belong to root; set `mode` so that others may read",
    ),
    never(
        "gid",
        "the group is the pod's `fsGroup`; set `mode` so that others may read",
    ),
    here("mode", "source"),
];

/// The keys of a top-level config or secret.
pub static SOURCE: &[Key] = &[
    here("name", "source"),
    here("content", "source"),
    here("environment", "source"),
    here("file", "source"),
    here("external", "source"),
    later(
        "labels",
        "the object gets the labels of the service that uses it",
    ),
    never("driver", "External Secrets can fetch it from a store"),
    never("driver_opts", "External Secrets can fetch it from a store"),
    never(
        "template_driver",
        "write the finished content, or fill it in from variables at the start",
    ),
];

/// The keys of a top-level volume.
pub static VOLUME: &[Key] = &[
    here("name", "volume"),
    here("driver", "volume"),
    here("driver_opts", "volume"),
    here("external", "volume"),
    here("labels", "volume"),
];

/// The keys of a top-level network.
pub static NETWORK: &[Key] = &[
    here("name", "network"),
    never("driver", ONE_NETWORK),
    never("driver_opts", ONE_NETWORK),
    never(
        "ipam",
        "pods get their addresses from the cluster's network",
    ),
    here("external", "network"),
    here("internal", "network"),
    never(
        "enable_ipv4",
        "address families are the cluster's own setting",
    ),
    never(
        "enable_ipv6",
        "address families are the cluster's own setting",
    ),
    never("attachable", ONE_NETWORK),
    never(
        "labels",
        "network policies get the labels of their services",
    ),
];

/// The keys of a network of a service.
pub static SERVICE_NETWORK: &[Key] = &[
    here("aliases", "network"),
    never("interface_name", ONE_NETWORK),
    never(
        "ipv4_address",
        "reach the service by its name: addresses of pods change",
    ),
    never(
        "ipv6_address",
        "reach the service by its name: addresses of pods change",
    ),
    never(
        "link_local_ips",
        "reach the service by its name: addresses of pods change",
    ),
    never("mac_address", ONE_NETWORK),
    never("driver_opts", ONE_NETWORK),
    never("priority", ONE_NETWORK),
    never("gw_priority", ONE_NETWORK),
    never("use_service_name_alias", ONE_NETWORK),
];

/// The keys of one entry of `depends_on`.
pub static DEPENDENCY: &[Key] = &[
    never(
        "restart",
        "pods are not restarted because another was; let the application connect again",
    ),
    here("required", "dependency"),
    here("condition", "dependency"),
];

/// The keys of `post_start` and `pre_stop` hooks.
pub static HOOK: &[Key] = &[
    here("command", "command"),
    never(
        "user",
        "a hook runs as the container's user; switch within the command",
    ),
    never("privileged", "a hook has the container's rights"),
    here("working_dir", "command"),
    here("environment", "command"),
];

/// The keys of `x-kubewright`.
pub static EXTENSION: &[Key] = &[
    here("kind", "kind"),
    here("schedule", "kind"),
    here("size", "volume"),
    here("storage_class", "volume"),
    here("expose", "route"),
    here("host", "route"),
    here("path", "route"),
    here("port", "route"),
];

/// What becomes of a key of a table; none where the table does not have it.
pub fn verdict(table: &[Key], name: &str) -> Option<Verdict> {
    let found = table.iter().find(|key| key.name == name);
    found.map(|key| key.verdict)
}

/// Reports the keys of a mapping that its table does not decode, and makes the
/// rest of the table known for "did you mean".
pub fn settle(fields: &Fields<'_>, table: &'static [Key]) {
    for key in table {
        match key.verdict {
            Verdict::Decoded(LOADED) => {
                fields.get(key.name);
            }
            Verdict::Decoded(_) => fields.knows([key.name]),
            Verdict::NotYet(help) => lost(fields, key.name, "is not carried over yet", help),
            Verdict::Never(help) => {
                lost(fields, key.name, "has no counterpart in Kubernetes", help);
            }
        }
    }
}

fn lost(fields: &Fields<'_>, name: &'static str, why: &str, help: &'static str) {
    let Some(value) = fields.get(name) else {
        return;
    };
    if restates(&value.path, value.node) {
        return;
    }
    let span = fields.key_span(name);
    let said = Diagnostic::warning(
        "not-carried",
        span,
        format!("`{name}` of {} {why}", fields.what()),
    );
    value.push(said.help(help));
}

/// True where a value at a key path says only what holds anyway, so that it
/// changes neither the model nor what is reported. Consulted by the test that
/// drops every key of every input.
pub fn restates_default(path: &Path<'_>, value: &Node) -> bool {
    restates(path, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of all service keys of `compose-spec.json`.
    const ALL: &str = "annotations attach blkio_config build cap_add cap_drop cgroup \
        cgroup_parent command configs container_name cpu_count cpu_percent cpu_period cpu_quota \
        cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec depends_on deploy \
        develop device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file \
        environment expose extends external_links extra_hosts gpus group_add healthcheck hostname \
        image init ipc isolation label_file labels links logging mac_address mem_limit \
        mem_reservation mem_swappiness memswap_limit models network_mode networks \
        oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_start pre_stop \
        privileged profiles provider pull_policy pull_refresh_after read_only restart runtime \
        scale secrets security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt \
        sysctls tmpfs tty ulimits umask use_api_socket user userns_mode uts volumes volumes_from \
        working_dir";

    #[test]
    fn every_service_key_has_a_verdict() {
        let names: Vec<&str> = ALL.split_whitespace().collect();
        assert_eq!(names.len(), 94, "93 of the specification, and `umask`");
        let table: Vec<&str> = SERVICE.iter().map(|key| key.name).collect();
        assert_eq!(names, table);
    }

    #[test]
    fn every_verdict_says_what_to_do() {
        let tables = [
            TOP,
            SERVICE,
            DEPLOY,
            UPDATE,
            RESTART_POLICY,
            PLACEMENT,
            LIMITS,
            RESERVATIONS,
            DEVICE,
            DEVICE_MAPPING,
            BUILD,
            HEALTHCHECK,
            PORT,
            MOUNT,
            MOUNT_BIND,
            MOUNT_VOLUME,
            MOUNT_TMPFS,
            MOUNT_IMAGE,
            SOURCE_USE,
            SOURCE,
            VOLUME,
            NETWORK,
            SERVICE_NETWORK,
            DEPENDENCY,
            HOOK,
            EXTENSION,
        ];
        for key in tables.into_iter().flatten() {
            let said = match key.verdict {
                Verdict::Decoded(said) | Verdict::NotYet(said) | Verdict::Never(said) => said,
            };
            assert!(!said.is_empty(), "{}", key.name);
        }
    }
}

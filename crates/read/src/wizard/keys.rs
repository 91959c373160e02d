//! The keys of the wizard's state that need a word of their own.

use kubewright_yaml::Node;

use super::given::{is_empty, is_off};

/// What the browser keeps for itself; passed over without a word.
pub const TRANSIENT: &[&str] = &[
    "_appServices",
    "_appSvcCount",
    "_classifiedModules",
    "_configMode",
    "_infraServices",
    "_infraSvcCount",
    "_savedAt",
    "_version",
    "action",
    "app_name",
    "image",
    "port",
    "replicas",
    "service_type",
];

/// Every key that some kind of service has: what one kind has no use for is
/// reported, unless it is empty.
pub(super) const SERVICE: &[&str] = &[
    "_compose",
    "activeDeadlineSeconds",
    "alsoCreateClusterIP",
    "args",
    "autoscaling",
    "backoffLimit",
    "buildArgs",
    "buildTarget",
    "command",
    "companions",
    "completions",
    "concurrencyPolicy",
    "cpuLimit",
    "cpuRequest",
    "cpu_limit",
    "cpu_request",
    "dependencies",
    "dockerfile",
    "env",
    "envVars",
    "failedJobsHistoryLimit",
    "headlessServiceName",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "image",
    "initContainers",
    "kind",
    "language",
    "livenessProbe",
    "maxSurge",
    "maxUnavailable",
    "memLimit",
    "memRequest",
    "memory_limit",
    "memory_request",
    "mesh",
    "name",
    "nodeSelector",
    "parallelism",
    "partition",
    "podManagementPolicy",
    "port",
    "providerNotes",
    "readinessProbe",
    "replicas",
    "resources",
    "restartPolicy",
    "schedule",
    "serviceType",
    "sidecars",
    "startingDeadlineSeconds",
    "startupProbe",
    "strategy",
    "successfulJobsHistoryLimit",
    "suspend",
    "timeZone",
    "tolerations",
    "ttlSecondsAfterFinished",
    "volumeClaimTemplates",
    "volumes",
    "wizardVolumes",
];

/// Values that say only what holds anyway, by key.
const RESTATED: &[(&str, &[&str])] = &[
    ("kind", &["Deployment"]),
    ("chart_dir", &["charts", "charts/"]),
    ("env_values", &["true"]),
    ("helmignore", &["true"]),
    ("type", &["http", "hardcoded", "literal"]),
    ("strategy", &["RollingUpdate"]),
    ("podManagementPolicy", &["OrderedReady"]),
    ("partition", &["0"]),
    ("accessMode", &["ReadWriteOnce"]),
    ("size", &["10Gi"]),
    ("restartPolicy", &["Never"]),
    ("concurrencyPolicy", &["Forbid"]),
    ("path", &["/health"]),
    ("initialDelaySeconds", &["0"]),
    ("extra", &["0", "1", "3"]),
    ("successThreshold", &["1"]),
    ("timeoutSeconds", &["1"]),
    ("failureThreshold", &["3"]),
    ("sharedMount", &["/shared"]),
    // An init container's.
    ("image", &["busybox:1.36"]),
    ("nativeSidecar", &["true"]),
    ("enabled", &["true"]),
    ("minReplicas", &["1"]),
    ("maxReplicas", &["10"]),
    ("targetCPU", &["80"]),
    ("action", &["setup_k8s"]),
    ("deployStrategy", &["kubectl"]),
    ("deploy_method", &["kubectl"]),
    ("tagPolicy", &["gitCommit"]),
    ("tag_policy", &["gitCommit"]),
    ("port_forward", &["true"]),
    ("file_sync", &["true"]),
];

/// Whether leaving out `key`, which stood beside the keys of `beside`, asks for
/// nothing else: an empty value, `false`, or what holds anyway.
pub fn restates_default(beside: &Node, key: &str, value: &Node) -> bool {
    let switched_off = |node: &Node| node.get("enabled").is_some_and(is_off);
    if is_empty(value) || key == "_compose" || switched_off(value) {
        return true;
    }
    if switched_off(beside) {
        return key != "enabled";
    }
    let text = |node: &Node| node.as_scalar().map(|scalar| scalar.text.to_string());
    let Some(word) = text(value) else {
        return false;
    };
    let other = |key: &str| beside.get(key).and_then(text).unwrap_or_default();
    if word == "false" {
        return !matches!(key, "enabled" | "nativeSidecar");
    }
    match key {
        "varName" => word == format!("${{{}}}", other("key")),
        "headlessServiceName" => word == format!("{}-headless", other("name")),
        "name" => is_usual_name(&word),
        // A probe asks the container's own port.
        "port" => ["periodSeconds", "extra", "type"]
            .iter()
            .any(|key| beside.get(key).is_some()),
        "hostPath" => word == other("mountPath"),
        // The resource has that name, or it is an error.
        "_svc_name" => true,
        "ingress_host" => word == other("ingress"),
        "extra" if word == other("timeoutSeconds") || word == other("failureThreshold") => true,
        "timeoutSeconds" | "failureThreshold" if word == other("extra") => true,
        _ => RESTATED
            .iter()
            .any(|(known, words)| *known == key && words.contains(&word.as_str())),
    }
}

/// What helpers and volumes are called that have no name.
fn is_usual_name(name: &str) -> bool {
    let stems = ["data", "empty", "hp", "init", "sidecar"];
    name.rsplit_once('-').is_some_and(|(stem, number)| {
        stems.contains(&stem) && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

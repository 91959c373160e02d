//! The order in which people write the keys of Kubernetes objects.

use kubewright_yaml::KeyOrder;

/// Kubernetes' keys as people write them: what a thing is and what it is called
/// first, how it runs next, what it stands on last.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expert;

/// What comes behind every key that a list names.
const LAST: u32 = u32::MAX;

impl KeyOrder for Expert {
    fn rank(&self, parent: &str, key: &str) -> u32 {
        let keys: &[&str] = match parent {
            "ObjectMeta" => &["name", "generateName", "namespace", "labels", "annotations"],
            "labels" | "matchLabels" => &[
                "app",
                "app.kubernetes.io/name",
                "app.kubernetes.io/instance",
                "app.kubernetes.io/component",
                "app.kubernetes.io/part-of",
                "app.kubernetes.io/version",
                "app.kubernetes.io/managed-by",
            ],
            "Container" => CONTAINER,
            "PodSpec" => POD,
            "DeploymentSpec" | "StatefulSetSpec" | "DaemonSetSpec" => WORKLOAD,
            "JobSpec" => JOB,
            "CronJobSpec" => CRON_JOB,
            "ServiceSpec" => SERVICE,
            "ContainerPort" | "ServicePort" => PORT,
            "EnvVar" | "KeyToPath" | "KeyValue" => &["name", "key", "value", "path"],
            "ConfigMapKeySelector" | "SecretKeySelector" => &["name", "key", "optional"],
            "ResourceRequirements" | "VolumeResourceRequirements" => &["requests", "limits"],
            "Probe" => PROBE,
            "HTTPGetAction" => &["path", "port", "scheme", "host", "httpHeaders"],
            "SecurityContext" | "PodSecurityContext" => SECURITY,
            "Capabilities" => &["drop", "add"],
            "VolumeMount" => &["name", "mountPath", "subPath", "readOnly"],
            "SecretVolumeSource" => &["secretName", "items"],
            "HostPathVolumeSource" => &["path", "type"],
            "PersistentVolumeClaimSpec" => &["accessModes", "storageClassName", "volumeName"],
            "TopologySpreadConstraint" => &[
                "maxSkew",
                "topologyKey",
                "whenUnsatisfiable",
                "labelSelector",
            ],
            "PodDisruptionBudgetSpec" => &["minAvailable", "maxUnavailable", "selector"],
            "NetworkPolicySpec" => &["podSelector", "policyTypes", "ingress", "egress"],
            "NetworkPolicyIngressRule" | "NetworkPolicyEgressRule" => &["from", "to", "ports"],
            "NetworkPolicyPort" => &["protocol", "port", "endPort"],
            "HostAlias" => &["ip", "hostnames"],
            "HorizontalPodAutoscalerSpec" => &[
                "scaleTargetRef",
                "minReplicas",
                "maxReplicas",
                "metrics",
                "behavior",
            ],
            "ExternalSecretSpec" => &["refreshInterval", "secretStoreRef", "target", "data"],
            "ScaledObjectSpec" => &[
                "scaleTargetRef",
                "minReplicaCount",
                "maxReplicaCount",
                "pollingInterval",
                "cooldownPeriod",
                "advanced",
                "triggers",
            ],
            "HttpScaledObjectSpec" => &["hosts", "pathPrefixes", "scaleTargetRef"],
            "PolicyRule" => &["apiGroups", "resources", "resourceNames", "verbs"],
            "IngressSpec" => &["ingressClassName", "tls", "rules"],
            "IngressTLS" => &["hosts", "secretName"],
            "IngressRule" => &["host", "http"],
            "HTTPIngressPath" => &["path", "pathType", "backend"],
            "GatewaySpec" => &["gatewayClassName", "listeners"],
            "Listener" => &["name", "hostname", "port", "protocol", "tls"],
            "HttpRouteSpec" => &["parentRefs", "hostnames", "rules"],
            "HttpRouteRule" => &["matches", "filters", "backendRefs", "timeouts"],
            "BackendRef" => &["name", "namespace", "port"],
            "IngressRouteSpec" => &["entryPoints", "routes", "tls"],
            "IngressRouteRule" => &["match", "kind", "priority", "middlewares", "services"],
            "CertificateSpec" => &["secretName", "dnsNames", "issuerRef"],
            "ParentRef" => &["name", "namespace", "sectionName"],
            "RoleRef" | "Subject" => &["apiGroup", "kind", "name", "namespace"],
            _ => OBJECT,
        };
        let at = keys.iter().position(|known| *known == key);
        at.and_then(|at| u32::try_from(at).ok()).unwrap_or(LAST)
    }

    fn omits(&self, nested: bool, parent: &str, key: &str) -> bool {
        // A claim template is no object of its own.
        nested && parent == "PersistentVolumeClaim" && matches!(key, "apiVersion" | "kind")
    }
}

const OBJECT: &[&str] = &[
    "apiVersion",
    "kind",
    "type",
    "name",
    "metadata",
    "provisioner",
    "parameters",
    "spec",
    "immutable",
    "data",
    "stringData",
    "binaryData",
    "roleRef",
    "subjects",
    "rules",
];

const CONTAINER: &[&str] = &[
    "name",
    "image",
    "imagePullPolicy",
    "restartPolicy",
    "command",
    "args",
    "workingDir",
    "stdin",
    "tty",
    "ports",
    "envFrom",
    "env",
    "resources",
    "startupProbe",
    "readinessProbe",
    "livenessProbe",
    "lifecycle",
    "securityContext",
    "volumeMounts",
];

const POD: &[&str] = &[
    "serviceAccountName",
    "automountServiceAccountToken",
    "restartPolicy",
    "terminationGracePeriodSeconds",
    "priorityClassName",
    "runtimeClassName",
    "os",
    "hostNetwork",
    "hostPID",
    "hostIPC",
    "hostUsers",
    "shareProcessNamespace",
    "hostname",
    "subdomain",
    "hostAliases",
    "dnsPolicy",
    "dnsConfig",
    "securityContext",
    "imagePullSecrets",
    "nodeSelector",
    "tolerations",
    "affinity",
    "topologySpreadConstraints",
    "initContainers",
    "containers",
    "volumes",
];

const WORKLOAD: &[&str] = &[
    "serviceName",
    "replicas",
    "minReadySeconds",
    "podManagementPolicy",
    "strategy",
    "updateStrategy",
    "selector",
    "template",
    "volumeClaimTemplates",
];

const JOB: &[&str] = &[
    "completions",
    "parallelism",
    "backoffLimit",
    "activeDeadlineSeconds",
    "ttlSecondsAfterFinished",
    "template",
];

const CRON_JOB: &[&str] = &[
    "schedule",
    "timeZone",
    "concurrencyPolicy",
    "suspend",
    "startingDeadlineSeconds",
    "successfulJobsHistoryLimit",
    "failedJobsHistoryLimit",
    "jobTemplate",
];

const SERVICE: &[&str] = &[
    "type",
    "clusterIP",
    "externalTrafficPolicy",
    "selector",
    "ports",
];

const PORT: &[&str] = &[
    "name",
    "containerPort",
    "port",
    "targetPort",
    "nodePort",
    "hostIP",
    "hostPort",
    "protocol",
    "appProtocol",
];

const PROBE: &[&str] = &[
    "httpGet",
    "tcpSocket",
    "grpc",
    "exec",
    "initialDelaySeconds",
    "periodSeconds",
    "timeoutSeconds",
    "successThreshold",
    "failureThreshold",
];

const SECURITY: &[&str] = &[
    "runAsUser",
    "runAsGroup",
    "runAsNonRoot",
    "fsGroup",
    "fsGroupChangePolicy",
    "supplementalGroups",
    "privileged",
    "allowPrivilegeEscalation",
    "readOnlyRootFilesystem",
    "capabilities",
    "seccompProfile",
    "appArmorProfile",
    "seLinuxOptions",
    "sysctls",
];

//! Fields that the API server does not change in an object that exists.

use kubewright_source::Diagnostic;
use kubewright_yaml::Node;

use crate::object::{Object, same, text};

/// What there is of a kind that cannot be changed.
#[derive(Debug)]
pub struct Fixed {
    /// The kind of the object.
    pub kind: &'static str,
    /// The paths of fields that stay as they were made, each with the value that is
    /// meant where none is written.
    pub fields: &'static [(&'static str, &'static str)],
    remedy: Remedy,
}

/// How such a field is changed all the same.
#[derive(Clone, Copy, Debug)]
enum Remedy {
    /// The object is made anew; it holds nothing.
    Replace,
    /// The same, and what it did is done again.
    RunAgain,
    /// It is made anew around its pods and claims.
    Orphan,
    /// It holds data: they have to move.
    Move,
}

/// All kinds that are written and have such fields.
///
/// - Job: <https://kubernetes.io/docs/concepts/workloads/controllers/job/>
/// - StatefulSet: all but `replicas`, `ordinals`, `template`, `updateStrategy`,
///   `revisionHistoryLimit`, `persistentVolumeClaimRetentionPolicy` and
///   `minReadySeconds`,
///   <https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/>
/// - claims: all but the wish for more space,
///   <https://kubernetes.io/docs/concepts/storage/persistent-volumes/>
/// - bindings: <https://kubernetes.io/docs/reference/access-authn-authz/rbac/>
/// - storage classes: <https://kubernetes.io/docs/concepts/storage/storage-classes/>
/// - selectors:
///   <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/>
pub const TABLE: [Fixed; 8] = [
    Fixed {
        kind: "Job",
        fields: &[
            ("spec.template", ""),
            ("spec.selector", ""),
            ("spec.completions", "1"),
            ("spec.completionMode", "NonIndexed"),
            ("spec.podFailurePolicy", ""),
            ("spec.successPolicy", ""),
            ("spec.backoffLimitPerIndex", ""),
            ("spec.managedBy", ""),
        ],
        remedy: Remedy::RunAgain,
    },
    Fixed {
        kind: "StatefulSet",
        fields: &[
            ("spec.serviceName", ""),
            ("spec.selector", ""),
            ("spec.podManagementPolicy", "OrderedReady"),
            ("spec.volumeClaimTemplates", ""),
        ],
        remedy: Remedy::Orphan,
    },
    Fixed {
        kind: "Deployment",
        fields: &[("spec.selector", "")],
        remedy: Remedy::Replace,
    },
    Fixed {
        kind: "DaemonSet",
        fields: &[("spec.selector", "")],
        remedy: Remedy::Replace,
    },
    Fixed {
        kind: "Service",
        fields: &[("spec.clusterIP", "")],
        remedy: Remedy::Replace,
    },
    Fixed {
        kind: "PersistentVolumeClaim",
        fields: &[
            ("spec.accessModes", ""),
            ("spec.storageClassName", ""),
            ("spec.volumeName", ""),
            ("spec.volumeMode", "Filesystem"),
            ("spec.selector", ""),
            ("spec.dataSource", ""),
            ("spec.dataSourceRef", ""),
        ],
        remedy: Remedy::Move,
    },
    Fixed {
        kind: "RoleBinding",
        fields: &[("roleRef", "")],
        remedy: Remedy::Replace,
    },
    Fixed {
        kind: "StorageClass",
        fields: &[
            ("provisioner", ""),
            ("parameters", ""),
            ("reclaimPolicy", "Delete"),
            ("volumeBindingMode", "Immediate"),
        ],
        remedy: Remedy::Replace,
    },
];

/// What of an object cannot become what is written now: one diagnostic, at its
/// first such field.
pub(crate) fn faults(old: &Object, new: &Object) -> Option<Diagnostic> {
    let fixed = TABLE.iter().find(|fixed| fixed.kind == new.kind)?;
    let fields = fixed.fields.iter();
    let changed = fields.filter(|(path, usual)| differ(old.at(path), new.at(path), usual));
    let changed: Vec<&str> = changed.map(|(path, _)| *path).collect();
    let shrinks = is_smaller(old, new).then_some(SIZE);
    let changed: Vec<&str> = changed.into_iter().chain(shrinks).collect();
    let first = changed.first()?;
    let fields: Vec<String> = changed.iter().map(|path| format!("`{path}`")).collect();
    let message = format!(
        "{} of {} `{}` changes, and Kubernetes does not change it in an object that exists: \
         `kubectl apply` is refused",
        fields.join(", "),
        new.kind,
        new.short_name()
    );
    let said = Diagnostic::warning("immutable-field", new.place(first), message);
    Some(said.path(*first).help(help(fixed.remedy, new)))
}

fn differ(old: Option<&Node>, new: Option<&Node>, usual: &str) -> bool {
    let is_usual = |node: &Node| text(node) == Some(usual);
    match (old, new) {
        (None, None) => false,
        (Some(one), None) | (None, Some(one)) => !is_usual(one),
        (Some(old), Some(new)) => !same(old, new),
    }
}

fn help(remedy: Remedy, new: &Object) -> String {
    let name = new.short_name();
    let kind = new.kind.to_ascii_lowercase();
    let of = new.option();
    match remedy {
        Remedy::Replace => format!(
            "if it is in the cluster, run `kubectl {of}delete {kind} {name}` before you apply, or \
             `kubectl replace --force -f` with this file"
        ),
        Remedy::RunAgain => format!(
            "if it is in the cluster, run `kubectl {of}delete {kind} {name}` before you apply, or \
             `kubectl replace --force -f` with this file: it runs again then"
        ),
        Remedy::Orphan => format!(
            "if it is in the cluster, run `kubectl {of}delete {kind} {name} --cascade=orphan` before \
             you apply: pods and claims stay, and are taken over; claims that exist stay as they are"
        ),
        Remedy::Move => format!(
            "if it is in the cluster and its data count, go on with it as it is (give the volume \
             `name: {name}` and `external: true`), or give the volume another `name:` and copy the \
             data over in a pod that mounts both claims; without the data, run `kubectl {of}delete \
             pvc {name}` before you apply"
        ),
    }
}

const SIZE: &str = "spec.resources.requests.storage";

/// Whether a claim asks for less than before. More can be had.
fn is_smaller(old: &Object, new: &Object) -> bool {
    let size = |object: &Object| amount(text(object.at(SIZE)?)?);
    new.kind == "PersistentVolumeClaim"
        && size(old).zip(size(new)).is_some_and(|(old, new)| new < old)
}

/// Bytes of a quantity, as well as a comparison needs them
/// (<https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>).
fn amount(quantity: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 12] = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("Ei", 1_152_921_504_606_846_976.0),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
        ("E", 1e18),
    ];
    let of_unit = UNITS.iter().find_map(|(unit, bytes)| {
        let number: f64 = quantity.strip_suffix(unit)?.parse().ok()?;
        Some(number * bytes)
    });
    of_unit.or_else(|| quantity.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::read;

    fn said(kind: &str, old: &str, new: &str) -> Option<String> {
        let object = |body: &str| {
            let text = format!("kind: {kind}\nmetadata: {{name: a}}\n{body}\n");
            read(&text).pop().expect("an object")
        };
        faults(&object(old), &object(new)).map(|said| said.path)
    }

    #[test]
    fn fields_that_stay() {
        let table = [
            (
                "Job",
                "spec: {template: {a: 1}}",
                "spec: {template: {a: 2}}",
                Some("spec.template"),
            ),
            (
                "Job",
                "spec: {template: {a: 1, b: 2}}",
                "spec: {template: {b: '2', a: 1}}",
                None,
            ),
            (
                "Job",
                "spec: {parallelism: 1}",
                "spec: {parallelism: 2}",
                None,
            ),
            ("Job", "spec: {completions: 1}", "spec: {}", None),
            (
                "CronJob",
                "spec: {jobTemplate: {a: 1}}",
                "spec: {jobTemplate: {a: 2}}",
                None,
            ),
            (
                "StatefulSet",
                "spec: {serviceName: a}",
                "spec: {serviceName: b}",
                Some("spec.serviceName"),
            ),
            (
                "StatefulSet",
                "spec: {template: 1}",
                "spec: {template: 2}",
                None,
            ),
            (
                "StatefulSet",
                "spec: {podManagementPolicy: OrderedReady}",
                "spec: {}",
                None,
            ),
            (
                "StatefulSet",
                "spec: {podManagementPolicy: Parallel}",
                "spec: {}",
                Some("spec.podManagementPolicy"),
            ),
            (
                "StatefulSet",
                "spec: {volumeClaimTemplates: [1]}",
                "spec: {}",
                Some("spec.volumeClaimTemplates"),
            ),
            (
                "Service",
                "spec: {clusterIP: None}",
                "spec: {}",
                Some("spec.clusterIP"),
            ),
            ("Service", "spec: {ports: [1]}", "spec: {ports: [2]}", None),
            (
                "RoleBinding",
                "roleRef: {name: a}",
                "roleRef: {name: b}",
                Some("roleRef"),
            ),
            (
                "PersistentVolumeClaim",
                "spec: {accessModes: [a]}",
                "spec: {accessModes: [b]}",
                Some("spec.accessModes"),
            ),
        ];
        for (kind, old, new, expected) in table {
            assert_eq!(
                said(kind, old, new).as_deref(),
                expected,
                "{kind} {old} {new}"
            );
        }
    }

    #[test]
    fn claims_grow_and_do_not_shrink() {
        let claim = |size: &str| format!("spec: {{resources: {{requests: {{storage: {size}}}}}}}");
        for (old, new, smaller) in [
            ("10Gi", "20Gi", false),
            ("10Gi", "10240Mi", false),
            ("10Gi", "10G", true),
            ("1.5Gi", "1Gi", true),
            ("1Ti", "5Gi", true),
            ("1000", "999", true),
        ] {
            let said = said("PersistentVolumeClaim", &claim(old), &claim(new));
            assert_eq!(said.is_some(), smaller, "{old} {new}");
        }
    }
}

//! Workloads that mount another claim where they had one.

use std::collections::BTreeMap;

use kubewright_source::Diagnostic;
use kubewright_yaml::Node;

use crate::object::{Object, items, text};

/// Where the pods of a workload keep data: container and path.
type Place = (String, String);

/// What mounts claims (the others have no pods of their own, or change no claim).
const WORKLOADS: [(&str, &str); 5] = [
    ("Deployment", "spec.template.spec"),
    ("StatefulSet", "spec.template.spec"),
    ("DaemonSet", "spec.template.spec"),
    ("Job", "spec.template.spec"),
    ("CronJob", "spec.jobTemplate.spec.template.spec"),
];

/// The claims that are others now at the places of a workload, one diagnostic for
/// each. An earlier workload of the same name counts, whatever its kind was.
pub(crate) fn renamed(old: &[Object], new: &Object) -> Vec<Diagnostic> {
    let now = claims(new);
    let earlier = old.iter().filter(|old| old.name() == new.name());
    let earlier = earlier.filter(|old| pod_of(old).is_some());
    let Some(old) = earlier.max_by_key(|old| old.kind == new.kind) else {
        return Vec::new();
    };
    let mut said: BTreeMap<(String, String), Diagnostic> = BTreeMap::new();
    for (place, before) in claims(old) {
        if let Some(after) = now.get(&place).filter(|after| **after != before) {
            let names = (before.clone(), after.clone());
            said.entry(names)
                .or_insert_with(|| told(old, new, &place, &before, after));
        }
    }
    said.into_values().collect()
}

fn told(old: &Object, new: &Object, place: &Place, before: &str, after: &str) -> Diagnostic {
    let pod = WORKLOADS.iter().find(|(kind, _)| *kind == new.kind);
    let span = pod.map_or(kubewright_source::Span::NONE, |(_, path)| {
        new.place(&format!("{path}.volumes"))
    });
    let message = format!(
        "`{}` keeps what is at `{}` in claim `{after}` now; what it wrote so far stays behind in \
         claim `{before}`",
        new.short_name(),
        place.1
    );
    let kind = old.kind.to_ascii_lowercase();
    let (of, name) = (old.option(), old.short_name());
    let stop = match &*kind {
        "deployment" | "statefulset" => format!("kubectl {of}scale {kind} {name} --replicas=0"),
        _ => format!("kubectl {of}delete {kind} {name}"),
    };
    let help = format!(
        "to go on with the old claim, give the volume `name: {before}` and `external: true`; to move \
         the data, stop what writes them (`{stop}`), apply, and run a pod that mounts both claims \
         and copies them (`cp -a /old/. /new/`); delete `{before}` only then"
    );
    Diagnostic::warning("claim-renamed", span, message).help(help)
}

/// Whether objects of a kind make pods.
pub(crate) fn is_workload(kind: &str) -> bool {
    WORKLOADS.iter().any(|(workload, _)| *workload == kind)
}

/// The pod that a workload makes.
pub(crate) fn pod_of(object: &Object) -> Option<&Node> {
    let (_, path) = WORKLOADS.iter().find(|(kind, _)| *kind == object.kind)?;
    object.at(path)
}

/// The claim at each place of a workload's containers. That of a template is the
/// one of the first pod.
fn claims(object: &Object) -> BTreeMap<Place, String> {
    let Some(pod) = pod_of(object) else {
        return BTreeMap::new();
    };
    let by_volume = volumes(object, pod);
    let mut found = BTreeMap::new();
    for container in items(pod.get("containers")) {
        let name = container.get("name").and_then(text).unwrap_or_default();
        for mount in items(container.get("volumeMounts")) {
            let volume = mount.get("name").and_then(text);
            let path = mount.get("mountPath").and_then(text);
            if let (Some(claim), Some(path)) = (volume.and_then(|name| by_volume.get(name)), path) {
                found.insert((name.to_owned(), path.to_owned()), claim.clone());
            }
        }
    }
    found
}

/// The claims behind the names of volumes.
fn volumes<'n>(object: &'n Object, pod: &'n Node) -> BTreeMap<&'n str, String> {
    let mut by_volume = BTreeMap::new();
    for volume in items(pod.get("volumes")) {
        let claim = volume.get("persistentVolumeClaim");
        let claim = claim
            .and_then(|claim| claim.get("claimName"))
            .and_then(text);
        if let (Some(name), Some(claim)) = (volume.get("name").and_then(text), claim) {
            by_volume.insert(name, claim.to_owned());
        }
    }
    for template in items(object.at("spec.volumeClaimTemplates")) {
        let name = template
            .get("metadata")
            .and_then(|metadata| metadata.get("name"));
        if let Some(name) = name.and_then(text) {
            by_volume.insert(name, format!("{name}-{}-0", object.short_name()));
        }
    }
    by_volume
}

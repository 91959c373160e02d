//! What a cluster that has the earlier manifests cannot change.

use crate::command::Workplace;

const STORE: &str = "\
name: shop
services:
  a:
    image: redis:7
    volumes: [data:/data]
volumes:
  data: {}
";

/// What the second `generate` says when a project changes from one to the other.
fn said(before: &str, after: &str) -> String {
    let place = Workplace::new(before);
    let run = place.run(&["generate", "-q"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    place.put("compose.yaml", after);
    let compared = place.run(&["diff", "-q"]);
    let run = place.run(&["generate", "-q"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let codes = |text: &str| text.matches("warning[").count();
    assert_eq!(
        codes(&compared.stderr),
        codes(&run.stderr),
        "{}",
        compared.stderr
    );
    let again = place.run(&["generate", "-q"]);
    assert!(!again.stderr.contains("claim-renamed"), "{}", again.stderr);
    run.stderr
}

#[test]
fn a_claim_template_that_becomes_a_shared_claim_is_told_of() {
    let shared = STORE.replace(
        "volumes:\n  data",
        "  backup:\n    image: acme/backup:1\n    volumes: [data:/from]\nvolumes:\n  data",
    );
    insta::assert_snapshot!(said(STORE, &shared), @"
    warning[claim-shared]: the volume `data` is shared by `a` and `backup`
      --> compose.yaml:10:3
       |
     5 |     volumes: [data:/data]
       |               ---------- `a` mounts it
    ...
     8 |     volumes: [data:/from]
       |               ---------- `backup` mounts it
     9 | volumes:
    10 |   data: {}
       |   ^^^^
       |
       = help: its claim asks for `ReadWriteMany`, which not every storage class has: name one with the label `kubewright.storage-class`, or give each service its own volume

    warning[immutable-field]: `spec.volumeClaimTemplates` of StatefulSet `a` changes, and Kubernetes does not change it in an object that exists: `kubectl apply` is refused
      --> k8s/a-statefulset.yaml:12:1
       |
    12 | spec:
       | ^^^^
       |
       = help: if it is in the cluster, run `kubectl delete statefulset a --cascade=orphan` before you apply: pods and claims stay, and are taken over; claims that exist stay as they are

    warning[claim-renamed]: `a` keeps what is at `/data` in claim `data` now; what it wrote so far stays behind in claim `data-a-0`
      --> k8s/a-statefulset.yaml:53:7
       |
    53 |       volumes:
       |       ^^^^^^^
       |
       = help: to go on with the old claim, give the volume `name: data-a-0` and `external: true`; to move the data, stop what writes them (`kubectl scale statefulset a --replicas=0`), apply, and run a pod that mounts both claims and copies them (`cp -a /old/. /new/`); delete `data-a-0` only then
    ");
}

#[test]
fn a_volume_of_a_deployment_keeps_its_claim_when_another_mounts_it() {
    let one = STORE.replace("redis:7", "acme/a:1");
    let two = one.replace(
        "volumes:\n  data",
        "  b:\n    image: acme/b:1\n    volumes: [data:/x]\nvolumes:\n  data",
    );
    insta::assert_snapshot!(said(&one, &two), @"
    warning[claim-shared]: the volume `data` is shared by `a` and `b`
      --> compose.yaml:10:3
       |
     5 |     volumes: [data:/data]
       |               ---------- `a` mounts it
    ...
     8 |     volumes: [data:/x]
       |               ------- `b` mounts it
     9 | volumes:
    10 |   data: {}
       |   ^^^^
       |
       = help: its claim asks for `ReadWriteMany`, which not every storage class has: name one with the label `kubewright.storage-class`, or give each service its own volume

    warning[immutable-field]: `spec.accessModes` of PersistentVolumeClaim `data` changes, and Kubernetes does not change it in an object that exists: `kubectl apply` is refused
      --> k8s/data-pvc.yaml:10:3
       |
    10 |   accessModes:
       |   ^^^^^^^^^^^
       |
       = help: if it is in the cluster and its data count, go on with it as it is (give the volume `name: data` and `external: true`), or give the volume another `name:` and copy the data over in a pod that mounts both claims; without the data, run `kubectl delete pvc data` before you apply
    ");
}

#[test]
fn a_job_whose_pod_changes_is_told_of() {
    let job = "\
name: shop
services:
  migrate:
    image: acme/migrate:1
    labels: {kubewright.kind: Job}
";
    insta::assert_snapshot!(said(job, &job.replace("migrate:1", "migrate:2")), @"
    warning[immutable-field]: `spec.template` of Job `migrate` changes, and Kubernetes does not change it in an object that exists: `kubectl apply` is refused
      --> k8s/migrate-job.yaml:13:3
       |
    13 |   template:
       |   ^^^^^^^^
       |
       = help: if it is in the cluster, run `kubectl delete job migrate` before you apply, or `kubectl replace --force -f` with this file: it runs again then
    ");
    assert_eq!(
        said(
            job,
            &job.replace("Job", "CronJob, kubewright.schedule: '@daily'")
        ),
        ""
    );
}

#[test]
fn what_can_be_changed_is_not_told_of() {
    assert_eq!(said(STORE, &STORE.replace("redis:7", "redis:8")), "");
}

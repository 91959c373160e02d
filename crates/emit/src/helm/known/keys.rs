//! The places of keys that only values bring.

use std::borrow::Cow;

/// The keys that values can add to objects of a kind, in their places among others.
pub(in crate::helm) fn keys(kind: &str) -> Option<Cow<'static, str>> {
    match kind {
        "Service" => Some(Cow::Borrowed(SERVICE)),
        "CronJob" => Some(Cow::Owned(cron_job())),
        kind if super::is_workload(kind) => Some(Cow::Borrowed(WORKLOAD)),
        _ => None,
    }
}

/// A CronJob's are those of a workload, further in.
fn cron_job() -> String {
    let lines = WORKLOAD.lines().map(|line| format!("    {line}\n"));
    lines.fold("spec:\n  jobTemplate:\n".to_owned(), |text, line| {
        text + &line
    })
}

const SERVICE: &str = "\
metadata:
  labels:
  annotations:
spec:
  type:
  selector:
";

const WORKLOAD: &str = "\
spec:
  replicas:
  selector:
  template:
    metadata:
      labels:
      annotations:
    spec:
      securityContext:
      imagePullSecrets:
      nodeSelector:
      tolerations:
      affinity:
      topologySpreadConstraints:
      initContainers:
      containers:
        - name:
          image:
          imagePullPolicy:
          command:
          args:
          ports:
          envFrom:
          env:
          resources:
          startupProbe:
          readinessProbe:
          livenessProbe:
          securityContext:
          volumeMounts:
      volumes:
";

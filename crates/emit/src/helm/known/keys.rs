//! The places of keys that only values bring.

/// The keys that values can add to objects of a kind, in their places among others.
pub(in crate::helm) fn keys(kind: &str) -> Option<&'static str> {
    match kind {
        "Service" => Some("metadata:\n  labels:\n  annotations:\nspec:\n  type:\n  selector:\n"),
        "CronJob" => Some(CRON_JOB),
        kind if super::is_workload(kind) => Some(WORKLOAD),
        _ => None,
    }
}

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

const CRON_JOB: &str = "\
spec:
  jobTemplate:
    spec:
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
          initContainers:
          containers:
            - name:
              image:
              imagePullPolicy:
              command:
              args:
              env:
              resources:
              securityContext:
              volumeMounts:
          volumes:
";

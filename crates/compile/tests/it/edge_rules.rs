//! The edge rules of the wizard's state, a row each: what the original wizard's own
//! tests ask of its translator, of its pods and of its files. Where kubewright
//! differs, because it reports what the original passed over, the row says so.

use std::collections::BTreeMap;

use kubewright_compile::{Input, Request, generate};
use kubewright_files::{MemoryFiles, Tree};
use kubewright_read::Environment;

/// What a row asks of a state's files. Texts are compared without line breaks and
/// indentation: `emptyDir: medium: Memory` is a key below another.
#[derive(Debug, Clone, Copy)]
enum Want {
    /// The file has this text.
    Has(&'static str, &'static str),
    /// The file is there, and has no such text.
    Lacks(&'static str, &'static str),
    /// The file has this text so many times.
    Times(&'static str, &'static str, usize),
    /// One text stands before the other in the file.
    Before(&'static str, &'static str, &'static str),
    /// These files, without their ending, and no others.
    Files(&'static [&'static str]),
    /// No file has this text.
    Nowhere(&'static str),
    /// Every file has this text.
    Everywhere(&'static str),
    /// The output goes there.
    Folder(&'static str),
    /// It is refused with this code.
    Refused(&'static str),
    /// This code is said, and files are made.
    Said(&'static str),
}

use Want::{Before, Everywhere, Files, Folder, Has, Lacks, Nowhere, Refused, Said, Times};

/// A rule, the state that shows it, and what must come of it.
type Row = (&'static str, String, &'static [Want]);

/// What comes of a state.
struct Made {
    /// Texts by name without `.yaml`; none where it was refused.
    files: BTreeMap<String, String>,
    codes: Vec<&'static str>,
    folder: Option<String>,
    accepted: bool,
}

fn made(state: &str) -> Made {
    let request = Request {
        inputs: vec![Input::Text {
            name: "state.json".to_owned(),
            text: state.to_owned(),
        }],
        working_directory: "/shop".into(),
        ..Request::default()
    };
    let outcome = generate(
        &request,
        &MemoryFiles::new(),
        &Environment::default(),
        &|_, _| {},
    );
    let accepted = outcome.tree.is_some();
    let files = outcome.tree.map(Tree::into_files).into_iter().flatten();
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = |path: &str| path.trim_end_matches(".yaml").to_owned();
    Made {
        files: files
            .map(|file| (name(file.path.as_str()), flat(&file.text)))
            .collect(),
        codes: outcome
            .diagnostics
            .into_sorted()
            .iter()
            .map(|diagnostic| diagnostic.code)
            .collect(),
        folder: outcome.output_directory,
        accepted,
    }
}

impl Made {
    /// Why a wish is not fulfilled.
    fn misses(&self, want: Want) -> Option<String> {
        let file = |name: &str| self.files.get(name).map(String::as_str);
        let is_met = match want {
            Has(name, text) => file(name).is_some_and(|file| file.contains(text)),
            Lacks(name, text) => file(name).is_some_and(|file| !file.contains(text)),
            Times(name, text, times) => {
                file(name).is_some_and(|file| file.matches(text).count() == times)
            }
            Before(name, one, other) => file(name).is_some_and(|file| {
                let (one, other) = (file.find(one), file.find(other));
                one.is_some() && other.is_some() && one < other
            }),
            Files(names) => self.accepted && self.files.keys().eq(names),
            Nowhere(text) => self.accepted && !self.files.values().any(|file| file.contains(text)),
            Everywhere(text) => {
                !self.files.is_empty() && self.files.values().all(|file| file.contains(text))
            }
            Folder(folder) => self.folder.as_deref() == Some(folder),
            Refused(code) => !self.accepted && self.codes.contains(&code),
            Said(code) => self.accepted && self.codes.contains(&code),
        };
        let shown = || {
            let files: Vec<String> = self
                .files
                .iter()
                .map(|(name, text)| format!("    {name}: {text}"))
                .collect();
            format!("{want:?}\n  {:?}\n{}", self.codes, files.join("\n"))
        };
        (!is_met).then(shown)
    }
}

#[track_caller]
fn check(rows: &[Row]) {
    let missed: Vec<String> = rows
        .iter()
        .flat_map(|(rule, state, wants)| {
            let made = made(state);
            let missed = wants.iter().filter_map(move |want| made.misses(*want));
            missed.map(move |why| format!("{rule}: {why}"))
        })
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n\n"));
}

/// A Deployment `web` with more keys.
fn web(more: &str) -> String {
    services(&format!(r#"{{"name":"web","image":"web:1"{}}}"#, and(more)))
}

fn services(list: &str) -> String {
    format!(r#"{{"_services":[{list}]}}"#)
}

/// A state with `web`, which depends on infrastructure.
fn infrastructure(decision: &str) -> String {
    format!(
        r#"{{"_services":[{{"name":"web","image":"web:1","dependencies":["db"]}}],
            "_infraDecisions":[{{"name":"db"{}}}]}}"#,
        and(decision)
    )
}

fn resources(list: &str) -> String {
    format!(r#"{{"resources":[{list}]}}"#)
}

fn and(more: &str) -> String {
    match more {
        "" => String::new(),
        more => format!(",{more}"),
    }
}

const WEB: &str = "web-deployment";

#[test]
fn of_variables() {
    check(&[
        (
            "an empty row is none",
            web(
                r#""envVars":[{"key":"","type":"hardcoded","value":"","varName":null,"createInVault":false,"newValue":""},null]"#,
            ),
            &[Files(&[WEB])],
        ),
        (
            "a value without a key is reported, not passed over",
            web(r#""envVars":[{"key":"","value":"x"}]"#),
            &[Refused("missing-key")],
        ),
        (
            "what is no object is reported, not passed over",
            web(r#""envVars":["A=b"]"#),
            &[Refused("wrong-type")],
        ),
        (
            "an empty list makes no objects, and nothing refers to any",
            web(r#""envVars":[]"#),
            &[Files(&[WEB]), Nowhere("env"), Nowhere("envFrom")],
        ),
        (
            "fixed values alone make a ConfigMap alone",
            web(r#""envVars":[{"key":"A","type":"hardcoded","value":"1"}]"#),
            &[
                Files(&["web-config", WEB]),
                Has("web-config", "kind: ConfigMap metadata: name: web-config"),
                Has("web-config", r#"data: A: "1""#),
                Has(
                    WEB,
                    "- name: A valueFrom: configMapKeyRef: name: web-config key: A",
                ),
                Nowhere("secretKeyRef"),
            ],
        ),
        (
            "secrets alone make a Secret alone",
            web(r#""envVars":[{"key":"A","type":"secret","value":"kept-out"}]"#),
            &[
                Files(&[WEB, "web-secrets"]),
                Has("web-secrets", "kind: Secret metadata: name: web-secrets"),
                Has("web-secrets", "stringData: A: CHANGE_ME"),
                Has(
                    WEB,
                    "- name: A valueFrom: secretKeyRef: name: web-secrets key: A",
                ),
                Nowhere("configMapKeyRef"),
                Nowhere("kept-out"),
            ],
        ),
        (
            "a variable's name outside is its own where none is given, or null is",
            web(
                r#""envVars":[{"key":"A","type":"variable","varName":null},{"key":"B","type":"variable"},{"key":"C","type":"variable","varName":"${D}"}]"#,
            ),
            &[Has("web-config", "data: A: ${A} B: ${B} C: ${D}")],
        ),
        (
            "every object is in the state's namespace",
            r#"{"namespace":"shop","_services":[{"name":"web","image":"web:1","port":"80",
                "envVars":[{"key":"A","value":"1"},{"key":"B","type":"secret"}],
                "volumes":[{"type":"pvc-dynamic","name":"d","mountPath":"/d"}]}]}"#
                .to_owned(),
            &[
                Files(&[
                    "shop-namespace",
                    "web-config",
                    "web-d-pvc",
                    WEB,
                    "web-secrets",
                    "web-service",
                ]),
                Has("web-config", "namespace: shop"),
                Has("web-d-pvc", "namespace: shop"),
                Has(WEB, "namespace: shop"),
                Has("web-secrets", "namespace: shop"),
                Has("web-service", "namespace: shop"),
            ],
        ),
    ]);
}

#[test]
fn of_claims() {
    check(&[
        (
            "a claim is for one node and 10Gi where nothing is said",
            web(r#""volumes":[{"type":"pvc-dynamic","name":"d","mountPath":"/d"}]"#),
            &[
                Files(&["web-d-pvc", WEB]),
                Has(
                    "web-d-pvc",
                    "accessModes: - ReadWriteOnce resources: requests: storage: 10Gi",
                ),
                Lacks("web-d-pvc", "volumeName"),
                Lacks("web-d-pvc", "storageClassName"),
                Has(WEB, "persistentVolumeClaim: claimName: web-d"),
            ],
        ),
        (
            "an empty class is the cluster's own",
            web(
                r#""volumes":[{"type":"pvc-dynamic","name":"d","mountPath":"/d","storageClass":""}]"#,
            ),
            &[Lacks("web-d-pvc", "storageClassName")],
        ),
        (
            "a static one names its volume",
            web(r#""volumes":[{"type":"pvc-static","name":"d","mountPath":"/d","pvName":"pv-1"}]"#),
            &[Has("web-d-pvc", "volumeName: pv-1")],
        ),
        (
            "class and Longhorn's wishes are passed on",
            web(
                r#""volumes":[{"type":"pvc-dynamic","name":"d","mountPath":"/d","size":"5Gi","accessMode":"ReadWriteMany","storageClass":"longhorn","longhornConfig":{"replicas":"2","dataLocality":"best-effort"}}]"#,
            ),
            &[
                Has("web-d-pvc", "storageClassName: longhorn"),
                Has("web-d-pvc", "storage: 5Gi"),
                Has("web-d-pvc", "- ReadWriteMany"),
                Has("web-d-pvc", r#"longhorn.io/number-of-replicas: "2""#),
                Has("web-d-pvc", "longhorn.io/data-locality: best-effort"),
            ],
        ),
        (
            "no other type makes a claim",
            web(
                r#""volumes":[{"type":"emptyDir","mountPath":"/a"},{"type":"configMap","configMapName":"c","mountPath":"/b"},{"type":"secret","secretName":"s","mountPath":"/c"},{"type":"hostPath","mountPath":"/d"}]"#,
            ),
            &[Files(&[WEB])],
        ),
    ]);
}

#[test]
fn of_probes() {
    check(&[
        (
            "a command that is empty always succeeds",
            web(r#""livenessProbe":{"type":"exec","command":""}"#),
            &[Has(WEB, "livenessProbe: exec: command: - /bin/true")],
        ),
        (
            "a command is a line for the shell",
            web(r#""livenessProbe":{"type":"exec","command":"test -f /up"}"#),
            &[Has(WEB, "exec: command: - sh - -c - test -f /up")],
        ),
        (
            "path and type have a default; the port is the container's",
            web(r#""port":"8080","readinessProbe":{"initialDelaySeconds":3}"#),
            &[Has(
                WEB,
                "readinessProbe: httpGet: path: /health port: 8080",
            )],
        ),
        (
            "a port that is given counts",
            web(r#""port":"8080","readinessProbe":{"type":"tcp","port":"9000"}"#),
            &[Has(WEB, "readinessProbe: tcpSocket: port: 9000")],
        ),
        (
            "zeros are left out",
            web(
                r#""port":"80","readinessProbe":{"type":"http","initialDelaySeconds":0,"periodSeconds":0,"extra":0}"#,
            ),
            &[
                Has(WEB, "httpGet"),
                Lacks(WEB, "initialDelaySeconds"),
                Lacks(WEB, "periodSeconds"),
                Lacks(WEB, "timeoutSeconds"),
                Lacks(WEB, "failureThreshold"),
            ],
        ),
        (
            "null is none, and so is one that is switched off",
            web(
                r#""port":"80","readinessProbe":null,"livenessProbe":{"enabled":false,"type":"http"}"#,
            ),
            &[Lacks(WEB, "Probe")],
        ),
    ]);
}

#[test]
fn of_volumes() {
    check(&[
        (
            "without a path it is reported, not passed over",
            web(r#""volumes":[{"type":"emptyDir","name":"tmp"}]"#),
            &[Refused("missing-key")],
        ),
        (
            "an unknown type is reported, not passed over",
            web(r#""volumes":[{"type":"nfs","mountPath":"/n"}]"#),
            &[Refused("bad-value")],
        ),
        (
            "a row with nothing but its type is none",
            web(
                r#""volumes":[{"type":"pvc-dynamic","mountPath":"","size":"10Gi","accessMode":"ReadWriteOnce","storageClass":""}]"#,
            ),
            &[Files(&[WEB]), Nowhere("volumes:")],
        ),
        (
            "names count from the first row of the list",
            web(
                r#""volumes":[{"type":"emptyDir","mountPath":"/a"},{"type":"hostPath","mountPath":"/b"},{"type":"configMap","configMapName":"c","mountPath":"/c"},{"type":"pvc-dynamic","mountPath":"/d"}]"#,
            ),
            &[
                Has(WEB, "- name: empty-0 mountPath: /a"),
                Has(WEB, "- name: hp-1 mountPath: /b"),
                Has(WEB, "- name: cm-c mountPath: /c"),
                Has(
                    WEB,
                    "- name: data-3 persistentVolumeClaim: claimName: web-data-3",
                ),
                Has("web-data-3-pvc", "name: web-data-3"),
            ],
        ),
        (
            "an emptyDir without a medium says nothing more",
            web(r#""volumes":[{"type":"emptyDir","mountPath":"/a","medium":"","sizeLimit":""}]"#),
            &[Has(WEB, "emptyDir: {}")],
        ),
        (
            "an emptyDir in memory has its limit",
            web(
                r#""volumes":[{"type":"emptyDir","mountPath":"/a","medium":"Memory","sizeLimit":"32Mi"}]"#,
            ),
            &[Has(WEB, "emptyDir: medium: Memory sizeLimit: 32Mi")],
        ),
        (
            "a key is the only item, mounted as a file",
            web(
                r#""volumes":[{"type":"configMap","configMapName":"c","key":"a.toml","mountPath":"/etc/a.toml"},{"type":"secret","secretName":"s","key":"tls.crt","mountPath":"/tls.crt"}]"#,
            ),
            &[
                Has(WEB, "configMap: name: c items: - key: a.toml path: a.toml"),
                Has(
                    WEB,
                    "secret: secretName: s items: - key: tls.crt path: tls.crt",
                ),
                Has(WEB, "mountPath: /etc/a.toml subPath: a.toml"),
                Has(WEB, "mountPath: /tls.crt subPath: tls.crt"),
            ],
        ),
        (
            "without a key all keys are mounted",
            web(r#""volumes":[{"type":"secret","secretName":"s","key":"","mountPath":"/tls"}]"#),
            &[Lacks(WEB, "items"), Lacks(WEB, "subPath")],
        ),
        (
            "a path of the node without a type has none, and is the mount's by default",
            web(r#""volumes":[{"type":"hostPath","mountPath":"/var/log"}]"#),
            &[
                Has(WEB, "hostPath: path: /var/log"),
                Lacks(WEB, "path: /var/log type"),
            ],
        ),
        (
            "read-only is said only where it is set",
            web(
                r#""volumes":[{"type":"hostPath","mountPath":"/a","readOnly":true},{"type":"hostPath","mountPath":"/b","readOnly":false}]"#,
            ),
            &[
                Times(WEB, "readOnly", 1),
                Has(WEB, "mountPath: /a readOnly: true"),
            ],
        ),
    ]);
}

#[test]
fn of_pods() {
    check(&[
        (
            "the main container comes first, then other sidecars, then companions",
            web(r#""companions":[{"name":"memo","image":"memo:1"}],"sidecars":[{"name":"px","image":"px:1","nativeSidecar":false}]"#),
            &[Before(WEB, "- name: web image", "- name: px"), Before(WEB, "- name: px", "- name: memo")],
        ),
        (
            "no port, no ports and no Service",
            web(""),
            &[Files(&[WEB]), Lacks(WEB, "ports:")],
        ),
        (
            "no limits, no resources",
            web(r#""resources":{"cpu_request":"","cpu_limit":null}"#),
            &[Lacks(WEB, "resources:")],
        ),
        (
            "what is not limited is left out of the limits",
            web(r#""resources":{"cpu_request":"50m","cpu_limit":null,"memory_request":null,"memory_limit":"64Mi"}"#),
            &[Has(WEB, "resources: requests: cpu: 50m limits: memory: 64Mi")],
        ),
        (
            "a native sidecar is an init container that stays, an ordinary one is none",
            web(r#""sidecars":[{"name":"tail","image":"tail:1"},{"name":"px","image":"px:1","nativeSidecar":false}]"#),
            &[
                Times(WEB, "image: tail:1", 1),
                Times(WEB, "image: px:1", 1),
                Has(WEB, "- name: tail image: tail:1 restartPolicy: Always"),
                Before(WEB, "initContainers:", "image: tail:1"),
                Before(WEB, "image: tail:1", " containers:"),
                Before(WEB, " containers:", "image: px:1"),
            ],
        ),
        (
            "a shared volume is made once, and mounted by all that share it",
            web(r#""sidecars":[{"name":"a","image":"a:1","sharedVolume":"out","sharedMount":"/out"},{"name":"b","image":"b:1","sharedVolume":"out","sharedMount":"/out"}]"#),
            &[
                Times(WEB, "- name: out emptyDir: {}", 1),
                Times(WEB, "- name: out mountPath: /out", 3),
            ],
        ),
        (
            "a claim template is mounted without a volume of the pod",
            services(r#"{"name":"db","kind":"StatefulSet","image":"db:1","port":"1","volumeClaimTemplates":[{"name":"d","mountPath":"/d"}]}"#),
            &[
                Files(&["db-headless-service", "db-statefulset"]),
                Has("db-statefulset", "volumeMounts: - name: d mountPath: /d"),
                Lacks("db-statefulset", " volumes:"),
            ],
        ),
        (
            "variables and resources of a companion stay its own",
            web(r#""companions":[{"name":"memo","image":"memo:1","env":[{"key":"A","value":"1"}],"resources":{"cpu_request":"10m"}}]"#),
            &[
                Files(&[WEB, "web-memo-config"]),
                Times(WEB, "name: web-memo-config", 1),
                Times(WEB, "resources:", 1),
                Before(WEB, "image: memo:1", "env:"),
                Before(WEB, "image: memo:1", "resources:"),
            ],
        ),
        (
            "a companion that depends on infrastructure waits for its port",
            r#"{"_services":[{"name":"web","image":"web:1","companions":[{"name":"memo","image":"memo:1","dependsOn":"db","dependsOnPort":"5432"}]}],
                "_infraDecisions":[{"name":"db","kind":"StatefulSet","image":"db:1","port":"5432"}]}"#
                .to_owned(),
            &[Has(WEB, "- name: wait-for-memo"), Has(WEB, "nc -z"), Has(WEB, "db-headless 5432")],
        ),
        (
            "a pod has nothing of its node unless it is asked for",
            services(r#"{"name":"agent","kind":"DaemonSet","image":"agent:1","hostNetwork":false,"hostPID":false,"hostIPC":false}"#),
            &[Files(&["agent-daemonset"]), Nowhere("host")],
        ),
        (
            "and has it where it is",
            services(r#"{"name":"agent","kind":"DaemonSet","image":"agent:1","hostNetwork":true,"hostPID":true,"hostIPC":true}"#),
            &[
                Has("agent-daemonset", "hostNetwork: true"),
                Has("agent-daemonset", "hostPID: true"),
                Has("agent-daemonset", "hostIPC: true"),
            ],
        ),
    ]);
}

#[test]
fn of_meshes() {
    check(&[
        (
            "an empty mesh is none, and so is one that is switched off",
            services(
                r#"{"name":"a","image":"a:1","mesh":{}},{"name":"b","image":"b:1","mesh":{"enabled":false,"provider":"istio"}}"#,
            ),
            &[Files(&["a-deployment", "b-deployment"]), Nowhere("inject")],
        ),
        (
            "wishes without a provider are reported, not passed over",
            web(r#""mesh":{"proxyCpuRequest":"1"}"#),
            &[Refused("missing-key")],
        ),
        (
            "an unknown provider is reported, not taken for Istio",
            web(r#""mesh":{"provider":"cilium"}"#),
            &[Refused("bad-value")],
        ),
        (
            "another provider has no key of Istio",
            web(r#""mesh":{"provider":"linkerd","proxyCpuRequest":"20m","excludeInbound":"9001"}"#),
            &[
                Has(WEB, "linkerd.io/inject: enabled"),
                Has(WEB, "config.linkerd.io/proxy-cpu-request: 20m"),
                Has(WEB, r#"config.linkerd.io/skip-inbound-ports: "9001""#),
                Lacks(WEB, "istio"),
            ],
        ),
        (
            "Istio's own",
            web(r#""mesh":{"provider":"istio","proxyCpuRequest":"100m","excludeOutbound":""}"#),
            &[
                Has(WEB, r#"sidecar.istio.io/inject: "true""#),
                Has(WEB, "sidecar.istio.io/proxyCPU: 100m"),
                Lacks(WEB, "excludeOutboundPorts"),
            ],
        ),
    ]);
}

#[test]
fn of_states() {
    check(&[
        (
            "no Namespace for `default`",
            r#"{"namespace":"default","_services":[{"name":"web","image":"web:1"}]}"#.to_owned(),
            &[Files(&[WEB]), Has(WEB, "namespace: default")],
        ),
        (
            "another one is made",
            r#"{"namespace":"shop","_services":[{"name":"web","image":"web:1"}]}"#.to_owned(),
            &[Files(&["shop-namespace", WEB]), Has("shop-namespace", "kind: Namespace metadata: name: shop")],
        ),
        (
            "what is skipped makes nothing",
            services(r#"{"name":"web","kind":"Skip","image":"web:1"}"#),
            &[Files(&[]), Said("inactive-service")],
        ),
        (
            "what is managed has no workload and no Service",
            infrastructure(r#""kind":"Managed","port":"5432","envVars":[{"key":"H","value":"h"},{"key":"P","type":"secret"}]"#),
            &[
                Files(&["db-config", "db-secrets", WEB]),
                Has(WEB, "envFrom: - configMapRef: name: db-config - secretRef: name: db-secrets"),
                Lacks(WEB, "wait-for"),
            ],
        ),
        (
            "of what is managed only objects that exist are named",
            infrastructure(r#""kind":"Managed","envVars":[{"key":"P","type":"secret"}]"#),
            &[Files(&["db-secrets", WEB]), Has(WEB, "envFrom: - secretRef: name: db-secrets"), Lacks(WEB, "configMapRef")],
        ),
        (
            "a Job has no Service",
            services(r#"{"name":"load","kind":"Job","image":"load:1"}"#),
            &[Files(&["load-job"]), Has("load-job", "restartPolicy: Never")],
        ),
        (
            "a CronJob has none",
            services(r#"{"name":"sweep","kind":"CronJob","image":"sweep:1","schedule":"0 3 * * *"}"#),
            &[Files(&["sweep-cronjob"])],
        ),
        (
            "a StatefulSet has its headless Service, with a port or without",
            services(r#"{"name":"a","kind":"StatefulSet","image":"a:1","port":"1"},{"name":"b","kind":"StatefulSet","image":"b:1"}"#),
            &[
                Files(&["a-headless-service", "a-statefulset", "b-headless-service", "b-statefulset"]),
                Has("a-headless-service", "clusterIP: None"),
                Has("a-headless-service", "ports: - port: 1 targetPort: 1"),
                Lacks("b-headless-service", "ports:"),
                Has("a-statefulset", "serviceName: a-headless"),
            ],
        ),
        (
            "the type of a Service is passed on",
            web(r#""port":"80","serviceType":"LoadBalancer""#),
            &[Has("web-service", "type: LoadBalancer")],
        ),
        (
            "no host, no Ingress",
            r#"{"ingress":"","_services":[{"name":"web","image":"web:1","port":"80"}]}"#.to_owned(),
            &[Files(&[WEB, "web-service"])],
        ),
        (
            "false is no host either",
            r#"{"ingress":false,"_services":[{"name":"web","image":"web:1","port":"80"}]}"#.to_owned(),
            &[Files(&[WEB, "web-service"])],
        ),
        (
            "one service gets the whole host",
            r#"{"ingress":"a.example.test","_services":[{"name":"web","image":"web:1","port":"80"},{"name":"job","kind":"Job","image":"j:1"}]}"#.to_owned(),
            &[Has("ingress-ingress", "host: a.example.test"), Has("ingress-ingress", "path: / pathType: Prefix")],
        ),
        (
            "several get a path each, and infrastructure none",
            r#"{"ingress":"a.example.test","_services":[{"name":"a","image":"a:1","port":"80"},{"name":"b","image":"b:1","port":"81"}],
                "_infraDecisions":[{"name":"db","kind":"Deployment","image":"db:1","port":"1"}]}"#.to_owned(),
            &[Has("ingress-ingress", "path: /a "), Has("ingress-ingress", "path: /b "), Lacks("ingress-ingress", "name: db")],
        ),
        (
            "infrastructure without a port has no Service, and nobody waits for it",
            infrastructure(r#""kind":"Deployment","image":"db:1""#),
            &[Files(&["db-deployment", WEB]), Lacks(WEB, "wait-for")],
        ),
        (
            "infrastructure has variables and claims as apps have",
            infrastructure(r#""kind":"StatefulSet","image":"db:1","port":"5432","envVars":[{"key":"A","value":"1"},{"key":"B","type":"secret"}],"volumes":[{"type":"pvc-dynamic","name":"d","mountPath":"/d"}]"#),
            &[
                Files(&["db-config", "db-headless-service", "db-secrets", "db-statefulset", WEB]),
                Has("db-statefulset", "volumeClaimTemplates: - metadata: name: d"),
                Has(WEB, "- name: wait-for-db"),
                Has(WEB, "db-headless 5432"),
                Lacks(WEB, "db-secrets"),
            ],
        ),
        (
            "a Deployment of infrastructure is reached by its own name",
            infrastructure(r#""kind":"Deployment","image":"db:1","port":"6379","volumes":[{"type":"pvc-dynamic","name":"d","mountPath":"/d"}]"#),
            &[Files(&["db-d-pvc", "db-deployment", "db-service", WEB]), Has(WEB, "nc -z db 6379")],
        ),
        (
            "the folder is that of the state, without its slash",
            r#"{"output_dir":"deploy/k8s/","_services":[{"name":"web","image":"web:1"}]}"#.to_owned(),
            &[Folder("deploy/k8s"), Files(&[WEB])],
        ),
        (
            "an autoscaler only where it is switched on",
            web(r#""replicas":"2","autoscaling":{"enabled":false,"minReplicas":2}"#),
            &[Files(&[WEB]), Has(WEB, "replicas: 2")],
        ),
        (
            "an autoscaler has up to 10 pods and at least 1, which goes without saying; it aims at what is given, and follows the workload",
            services(r#"{"name":"db","kind":"StatefulSet","image":"db:1","autoscaling":{"enabled":true,"targetMemory":70}}"#),
            &[
                Has("db-hpa-horizontalpodautoscaler", "scaleTargetRef: apiVersion: apps/v1 kind: StatefulSet name: db"),
                Has("db-hpa-horizontalpodautoscaler", "maxReplicas: 10"),
                Lacks("db-hpa-horizontalpodautoscaler", "minReplicas"),
                Has("db-hpa-horizontalpodautoscaler", "name: memory target: type: Utilization averageUtilization: 70"),
                Lacks("db-hpa-horizontalpodautoscaler", "name: cpu"),
            ],
        ),
    ]);
}

#[test]
fn of_resources() {
    check(&[
        (
            "an empty list is refused",
            resources(""),
            &[Refused("missing-key")],
        ),
        (
            "a list of what is managed is refused",
            resources(r#"{"kind":"Managed","name":"rds"}"#),
            &[Refused("missing-key")],
        ),
        (
            "without a kind it is a Deployment",
            resources(r#"{"name":"web","spec":{"image":"web:1"}}"#),
            &[Files(&[WEB])],
        ),
        (
            "without a name it takes no part",
            resources(
                r#"{"kind":"Deployment","spec":{"image":"a:1"}},{"name":"web","spec":{"image":"web:1"}}"#,
            ),
            &[Files(&[WEB]), Said("inactive-service")],
        ),
        (
            "two of one kind and name are refused",
            resources(
                r#"{"kind":"ConfigMap","name":"c","spec":{"data":{"A":"1"}}},{"kind":"ConfigMap","name":"c","spec":{"data":{"A":"2"}}}"#,
            ),
            &[Refused("name-taken")],
        ),
        (
            "the folder is the resources'",
            resources(r#"{"name":"web","output_dir":"out/k8s/","spec":{"image":"web:1"}}"#),
            &[Folder("out/k8s")],
        ),
        (
            "labels of the template are what is selected",
            resources(r#"{"name":"web","spec":{"image":"web:1"}}"#),
            &[Has(
                WEB,
                "selector: matchLabels: app: web template: metadata: labels: app: web",
            )],
        ),
        (
            "headless is without an address",
            resources(r#"{"kind":"Service","name":"web","spec":{"port":80,"headless":true}}"#),
            &[Has("web-service", "clusterIP: None selector: app: web")],
        ),
        (
            "a Secret is written in clear keys; `Opaque` goes without saying",
            resources(
                r#"{"kind":"Secret","name":"s","spec":{"type":"Opaque","stringData":{"A":"b"}}}"#,
            ),
            &[
                Files(&["s-secret"]),
                Has("s-secret", "stringData: A: b"),
                Lacks("s-secret", "type:"),
            ],
        ),
        (
            "`data` that is no base64 is refused: the API server would",
            resources(r#"{"kind":"Secret","name":"s","spec":{"data":{"A":"!!"}}}"#),
            &[Refused("bad-value")],
        ),
        (
            "a list without workloads is no empty project",
            resources(r#"{"kind":"ConfigMap","name":"c","spec":{"data":{"A":"1"}}}"#),
            &[Files(&["c-configmap"]), Everywhere("kind: ConfigMap")],
        ),
    ]);
    let alone = made(&resources(
        r#"{"kind":"ConfigMap","name":"c","spec":{"data":{"A":"1"}}}"#,
    ));
    assert!(alone.codes.is_empty(), "{:?}", alone.codes);
}

/// A row of the form that says anything is no empty one: a slip in its only key is told.
#[test]
fn of_rows_with_little_in_them() {
    check(&[
        (
            "a variable whose name stands under another key",
            web(r#""envVars":[{"kye":"A"}]"#),
            &[Refused("missing-key")],
        ),
        (
            "a value that is false, and no name",
            web(r#""envVars":[{"value":false}]"#),
            &[Refused("missing-key")],
        ),
        (
            "an init container whose image stands under another key",
            web(r#""initContainers":[{"imgae":"a:1"}]"#),
            &[Refused("unknown-key")],
        ),
        (
            "a sidecar that shares a folder and is nobody",
            web(r#""sidecars":[{"sharedVolume":"out","sharedMount":"/out"}]"#),
            &[Refused("missing-key")],
        ),
        (
            "what the form preselects is none",
            web(
                r#""sidecars":[{"name":"","nativeSidecar":true,"sharedMount":"/shared"}],
                   "initContainers":[{"name":"","image":"","command":""}],
                   "volumes":[{"type":"hostPath","mountPath":"","readOnly":false}],
                   "envVars":[{"key":"","type":"secret","createInVault":true}]"#,
            ),
            &[Files(&[WEB]), Lacks(WEB, "initContainers")],
        ),
        (
            "a type of another shape",
            web(r#""volumes":[{"type":{"emptyDir":true}}]"#),
            &[Refused("wrong-type")],
        ),
        (
            "a switch that is neither on nor off, of an autoscaler",
            web(r#""autoscaling":{"enabled":"maybe"}"#),
            &[Refused("wrong-type")],
        ),
        (
            "a switch that is neither on nor off, of a mesh",
            web(r#""mesh":{"enabled":[1],"provider":"istio"}"#),
            &[Refused("wrong-type")],
        ),
        (
            "a value for the vault of another shape",
            web(
                r#""envVars":[{"key":"A","type":"secret","createInVault":true,"newValue":{"a":1}}]"#,
            ),
            &[Refused("wrong-type")],
        ),
    ]);
}

/// What an API server would refuse is refused here, with its place.
#[test]
fn of_what_no_api_server_takes() {
    let refused = |rule: &'static str, state: String, code: &'static str| {
        let made = made(&state);
        assert!(
            !made.accepted && made.codes.contains(&code),
            "{rule}: {:?}",
            made.codes
        );
    };
    let name_taken = [
        r#""companions":[{"name":"web","image":"b:1"}]"#,
        r#""companions":[{"name":"b","image":"b:1"},{"name":"b","image":"c:1"}]"#,
        r#""initContainers":[{"name":"x","image":"a:1"},{"name":"x","image":"b:1"}]"#,
        r#""initContainers":[{"name":"web","image":"b:1"}]"#,
        r#""sidecars":[{"name":"web","image":"b:1"}]"#,
        r#""sidecars":[{"name":"x","image":"a:1","nativeSidecar":false}],
           "initContainers":[{"name":"x","image":"b:1"}]"#,
        r#""volumes":[{"type":"emptyDir","mountPath":"/a"},{"type":"emptyDir","mountPath":"/a/"}]"#,
    ];
    for more in name_taken {
        refused(more, web(more), "name-taken");
    }
    refused(
        "a helper is called like what waits",
        services(
            r#"{"name":"web","image":"web:1","dependencies":["db"],
                "initContainers":[{"name":"wait-for-db","image":"a:1"}]},
               {"name":"db","image":"db:1","port":"5432"}"#,
        ),
        "name-taken",
    );
    refused(
        "two containers of a pod listen on one port",
        web(r#""port":"80","companions":[{"name":"b","image":"b:1","port":"80"}]"#),
        "port-taken",
    );
    let tolerations = [
        r#"{}"#,
        r#"{"key":"","operator":"Equal","value":"x"}"#,
        r#"{"key":"a","operator":"Exists","value":"x"}"#,
        r#"{"key":"a b","operator":"Exists"}"#,
        r#"{"key":"a","value":"x y"}"#,
        r#"{"key":"a","operator":"Exists","effect":"NoSchedule","tolerationSeconds":5}"#,
    ];
    for toleration in tolerations {
        let more = format!(r#""kind":"DaemonSet","tolerations":[{toleration}]"#);
        refused("a toleration", web(&more), "bad-value");
    }
    for path in ["/a/../../etc", "etc", "../etc"] {
        let row = format!(r#"{{"type":"hostPath","hostPath":"{path}","mountPath":"/b"}}"#);
        refused(
            "a path of the node",
            web(&format!(r#""volumes":[{row}]"#)),
            "bad-value",
        );
    }
    refused(
        "two values of one label",
        web(r#""kind":"DaemonSet","nodeSelector":"a=b, a=c""#),
        "duplicate-item",
    );
    for host in ["10.0.0.1", "::1"] {
        let web = web(r#""port":"80""#);
        let state = web.replacen('{', &format!(r#"{{"ingress":"{host}","#), 1);
        refused("a host that is an address", state, "bad-value");
    }
    let folders = [
        ".git",
        "a/.GIT/hooks",
        ".kubewright",
        "con/x",
        &"a".repeat(300),
        &"a/".repeat(900),
    ];
    for folder in folders {
        let state = web("").replacen('{', &format!(r#"{{"output_dir":"{folder}","#), 1);
        refused("a folder that is nobody's", state, "bad-value");
    }
    let objects = [
        r#"{"kind":"ConfigMap","name":"c","spec":{"data":{"../x":"1"}}}"#,
        r#"{"kind":"Secret","name":"c","spec":{"stringData":{"a b":"1"}}}"#,
        r#"{"kind":"Service","name":"c","spec":{"port":80,"type":"Loadbalancer"}}"#,
        r#"{"kind":"Service","name":"c","spec":{"port":80,"selector":"a b"}}"#,
        r#"{"kind":"Ingress","name":"c","spec":{"host":"a..b"}}"#,
        r#"{"kind":"Ingress","name":"c","spec":{"host":"a.b","service":"A_b"}}"#,
        r#"{"kind":"PersistentVolumeClaim","name":"c","spec":{"storage":"10 GB"}}"#,
        r#"{"kind":"Service","name":"1c","spec":{"port":80}}"#,
        r#"{"kind":"Ingress","name":"c","spec":{"_paths":[{"path":"a","pathType":"Prefix","backend":{}}]}}"#,
        r#"{"kind":"Ingress","name":"c","spec":{"_paths":[{"path":"/a","backend":{}}]}}"#,
        r#"{"kind":"Ingress","name":"c","spec":{"_paths":[{"path":"/a","pathType":"Exact"}]}}"#,
        r#"{"kind":"PersistentVolumeClaim","name":"c","spec":{"accessModes":["Many"]}}"#,
        r#"{"kind":"PersistentVolumeClaim","name":"c","spec":{"storageClass":"A_b"}}"#,
    ];
    for object in objects {
        refused(object, resources(object), "bad-value");
    }
    refused(
        "a certificate without its key",
        resources(
            r#"{"kind":"Secret","name":"c","spec":{"type":"kubernetes.io/tls","stringData":{"tls.crt":"x"}}}"#,
        ),
        "missing-key",
    );
    refused(
        "a mount of nothing",
        resources(
            r#"{"name":"c","spec":{"image":"a:1","volumeMounts":[{"name":"x","mountPath":"/x"}]}}"#,
        ),
        "unknown-name",
    );
    refused(
        "a variable with NUL in it",
        web(r#""envVars":[{"key":"A","value":"a\u0000b"}]"#),
        "bad-value",
    );
    for name in [
        r#""name":"1db""#,
        r#""name":"db","headlessServiceName":"1db""#,
    ] {
        let row = format!(r#"{{{name},"kind":"StatefulSet","image":"a:1","port":"80"}}"#);
        refused("a headless Service", services(&row), "bad-value");
    }
}

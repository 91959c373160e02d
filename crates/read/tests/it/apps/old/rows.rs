//! The rows.

/// One row: what stands at the top and in the app `web`, in both versions.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// The environment; empty: the nameless one.
    pub(crate) environment: &'static str,
    pub(crate) old_top: &'static str,
    pub(crate) old: &'static str,
    pub(crate) new_top: &'static str,
    pub(crate) new: &'static str,
    /// Old words stand there, which version 3 notes; else it is about defaults of
    /// version 2.
    pub(crate) is_word: bool,
}

const fn app(name: &'static str, old: &'static str, new: &'static str) -> Row {
    Row {
        name,
        environment: "",
        old_top: "",
        old,
        new_top: "",
        new,
        is_word: true,
    }
}

impl Row {
    const fn within(mut self, environment: &'static str) -> Self {
        self.environment = environment;
        self.old_top = "environments: {local: {}, dev: {}, gcp: {}}";
        self.new_top = self.old_top;
        self
    }

    const fn top(mut self, old: &'static str, new: &'static str) -> Self {
        self.old_top = old;
        self.new_top = new;
        self
    }

    const fn usual(mut self) -> Self {
        self.is_word = false;
        self
    }
}

pub(crate) const ROWS: &[Row] = &[
    app("nothing", "", "").usual(),
    app("path and context", "  build: {context: ./app, target: run}\n", "  build: {context: src/web/app, target: run}\n").usual(),
    app("dockerfile", "  dockerfile: A\n  dockerfile_dev: B\n", "  build: {context: src/web, dockerfile: A, dockerfile_dev: B}\n"),
    app(
        "container",
        "  container:\n    command: [serve]\n    args: [-v]\n    working_dir: /srv\n    ports: [{name: http, container_port: 9000, service_port: 81}]\n",
        "  command: [serve]\n  args: [-v]\n  working_dir: /srv\n  ports: {http: {container_port: 9000, service_port: 81}}\n",
    ),
    app(
        "scaling.target_pending_requests",
        "  scaling: {type: keda-http, target_pending_requests: 25}\n",
        "  scaling: {type: keda-http, target_request_rate: 25}\n",
    ),
    app(
        "env_refs",
        "  env_refs: [{name: A, from: secret, secret_name: s, key: k}, {name: B, from: configmap, configmap_name: c, key: d}]\n",
        "  environment: {A: {secret_key_ref: s/k}, B: {configmap_key_ref: c/d}}\n",
    ),
    app(
        "env_from.type",
        "  env_from: [{type: configmap, name: c, optional: true}, {type: secret, name: s, prefix: P_}]\n",
        "  env_from: [{configmap: c, optional: true}, {secret: s, prefix: P_}]\n",
    ),
    app(
        "environment.K.provider, one",
        "  environment: {K: {secret: pay, provider: aws, key: token}}\n",
        "  environment: {K: {secret: pay, key: token}}\n",
    )
    .top(
        "environments: {gcp: {secret_store: {provider: aws, name: aws-secrets-manager}}}",
        "environments: {gcp: {secret_store: {provider: aws, name: aws-secrets-manager}}}",
    )
    .within_same("gcp"),
    app(
        "visibility",
        "  visibility: internal\n",
        "  access: internal\n",
    ),
    app(
        "security.visibility",
        "  security: {visibility: restricted}\n",
        "  access: restricted\n",
    ),
    app("network_policy: false", "  network_policy: false\n", "  access: open\n"),
    app(
        "network_policy.enabled",
        "  security: {network_policy: {enabled: false}}\n",
        "  access: open\n",
    ),
    app(
        "network_policy rules",
        "  security:\n    network_policy:\n      allow_from: [{namespace: ops, pod_labels: {a: b}}, {cidr: 10.0.0.0/8}]\n      allow_to: [{pod_labels: {app: db}}]\n",
        "  access:\n    allow_from: [{namespace: ops, pod_labels: {a: b}}, {cidr: 10.0.0.0/8}]\n    allow_to: [{pod_labels: {app: db}}]\n",
    ),
    app(
        "network_policy.ingress and egress",
        "  network_policy:\n    ingress: [{from: [{namespace: ops}, {cidr: 10.0.0.0/8}], ports: [{protocol: TCP, port: 8080}]}]\n    egress: [{to: [{namespace: db}], ports: [{port: 5432}]}]\n",
        "  access:\n    allow_from: [{namespace: ops, ports: [8080]}, {cidr: 10.0.0.0/8, ports: [8080]}]\n    allow_to: [{namespace: db, ports: 5432}]\n",
    ),
    app(
        "allowed_sources",
        "  security: {allowed_sources: [{namespace: ops}]}\n",
        "  access: {allow_from: [{namespace: ops}]}\n",
    ),
    app(
        "service_account",
        "  security: {service_account: sa, create_service_account: true, service_account_annotations: {a: b}}\n",
        "  identity: {service_account: sa, create: true, annotations: {a: b}}\n",
    ),
    app(
        "pod_security_context and container_security_context",
        "  security:\n    pod_security_context: {run_as_non_root: true, run_as_user: 1000, run_as_group: 1001, fs_group: 1002, seccomp_profile: {type: RuntimeDefault}}\n    container_security_context: {allow_privilege_escalation: false, read_only_root_filesystem: true, capabilities: {drop: [ALL], add: [CHOWN]}}\n",
        "  security: {run_as_non_root: true, run_as_user: 1000, run_as_group: 1001, fs_group: 1002, seccomp: RuntimeDefault, allow_privilege_escalation: false, read_only_root_filesystem: true, capabilities: {drop: [ALL], add: [CHOWN]}}\n",
    ),
    app(
        "run_as_non_root of a context",
        "  security: {pod_security_context: {run_as_user: 5}}\n",
        "  security: {run_as_user: 5, run_as_non_root: true}\n",
    )
    .usual(),
    app(
        "an entry's environments",
        "  gcp: {scaling: {type: none}, replicas: 2, environment: {A: b}}\n",
        "  overrides: {gcp: {scaling: {type: none}, replicas: 2, environment: {A: b}}}\n",
    )
    .within("gcp"),
    app(
        "anti_affinity",
        "  gcp: {anti_affinity: {preferred: [{topology_key: zone, weight: 9}]}}\n",
        "  overrides: {gcp: {placement: {anti_affinity: {preferred: [{topology_key: zone, weight: 9}]}}}}\n",
    )
    .within("gcp"),
    app(
        "port, sync and live_update",
        "  dev: {port: 8000, live_update: true, sync: [{src: src/, dest: /srv/}]}\n",
        "  overrides: {dev: {develop: {port: 8000, watch: [src/:/srv/]}}}\n",
    )
    .within("dev"),
    app(
        "live_update alone",
        "  dev: {live_update: true}\n",
        "  overrides: {dev: {develop: {watch: true}}}\n",
    )
    .within("dev"),
    app(
        "ingress",
        "  ingress: {enabled: true, path: /book, path_type: Exact, class: public, strip_prefix: true, rewrite_target: /api, hosts: [a.test, b.test], timeouts: {connect: 4s}, rate_limit: {requests_per_second: 9, burst: 18}, cors: {enabled: true, allow_origins: ['https://x'], allow_methods: [GET], allow_headers: [y], allow_credentials: false}, annotations: {a: b}, tls: {enabled: true, secret: t, hosts: [a.test]}}\n",
        "",
    )
    .top(
        "",
        "gateway:\n  routes:\n    a.test/book: &book {service: web, path_type: Exact, class: public, strip_prefix: true, rewrite_to: /api, timeouts: {connect: 4s}, rate_limit: {requests_per_second: 9, burst: 18}, cors: {allow_origins: ['https://x'], allow_methods: [GET], allow_headers: [y], allow_credentials: false}, annotations: {a: b}, tls: {secret: t}}\n    b.test/book: *book\n",
    ),
    app("ingress that is off", "  ingress: {enabled: true, path: /x, rate_limit: {enabled: false}, tls: {enabled: false}}\n", "")
        .top("", "gateway: {routes: {/x: {service: web, rate_limit: false, tls: false}}}"),
    app(
        "ingress_annotations",
        "  ingress: {enabled: true, annotations: {a: b}}\n  gcp: {ingress_annotations: {c: d}}\n",
        "",
    )
    .within("gcp")
    .top(
        "environments: {gcp: {}}",
        "environments: {gcp: {}}\ngateway: {routes: {/: {service: web, annotations: {a: b}}}, overrides: {gcp: {routes: {/: {annotations: {c: d}}}}}}",
    ),
    app(
        "ingress_path",
        "  ingress: {enabled: true, path: /a}\n  gcp: {ingress_path: /b}\n",
        "",
    )
    .within("gcp")
    .top(
        "environments: {gcp: {}}",
        "environments: {gcp: {}}\ngateway: {routes: {/a: web}, overrides: {gcp: {routes: {/a: null, /b: web}}}}",
    ),
    app("depends_on[].type", "  depends_on: [{name: bus, type: helm}]\n", "  depends_on: [bus]\n").top(
        "helm: [{name: bus, chart: ./bus}]",
        "helm: {bus: ./bus}",
    ),
    app("public", "  visibility: public\n", "  access: public\n"),
    app("defaults.registry.E and defaults.ingress.E", "", "")
        .top(
            "defaults:\n  registry: {local: \"\", gcp: reg.test/lab}\n  ingress: {local: traefik, gcp: haproxy}\n",
            "defaults: {namespace: apps, ingress: traefik}\nenvironments: {local: {ingress: traefik}, gcp: {registry: reg.test/lab, ingress: haproxy}}",
        )
        .within_same("gcp"),
    app("tls_secret", "", "")
        .top(
            "environments: {gcp: {tls: true, tls_secret: cert}}",
            "environments: {gcp: {tls: {secret: cert}}}",
        )
        .within_same("gcp"),
    app("tls_secret, switched off", "", "")
        .top(
            "environments: {gcp: {tls: false, tls_secret: cert}}",
            "environments: {gcp: {tls: false}}",
        )
        .within_same("gcp"),
    app("serverless", "", "").top(
        "serverless: [{name: fn, path: fn, resources: {memory: 256Mi, cpu: 100m}, visibility: private, secrets: [{name: a}, {name: b, mount_path: /b}]}]",
        "functions: {fn: {path: fn, resources: {memory: 256Mi, cpu: 100m}, access: private, secrets: [a], files: {/b: {secret: b}}}}",
    ),
    app("functions for developers", "", "")
        .top(
            "environments: {dev: {}}\nserverless: [{name: fn, path: fn, resources: {memory: 256Mi, cpu: 100m}, visibility: private, dev: {port_base: 8200, live_update: true}}]",
            "environments: {dev: {}}\nfunctions: {fn: {path: fn, resources: {memory: 256Mi, cpu: 100m}, access: private, overrides: {dev: {develop: {port_base: 8200, watch: true}}}}}",
        )
        .within_same("dev"),
    app("enabled of the gateway's blocks", "", "").top(
        "gateway:\n  rate_limit: {enabled: false, requests_per_second: 9}\n  waf: {enabled: true, rules: [sqli]}\n  cors: {enabled: false}\n  routes: [{path: /, service: web, auth: {enabled: false, type: basic}}]\n",
        "gateway:\n  rate_limit: false\n  waf: {rules: [sqli]}\n  cors: false\n  routes: {/: {service: web, auth: false}}\n",
    ),
    app("a route to NAME.NAMESPACE", "", "")
        .usual()
        .top(
            "gateway: {cors: false, routes: [{path: /, service: web.apps}, {path: /far, service: far.elsewhere}]}",
            "gateway: {cors: false, routes: {/: web, /far: far.elsewhere}}",
        ),
    app("compose_file", "", "").top(
        "compose: [{name: shop, path: shop, compose_file: other.yaml}]",
        "compose: {shop: {path: shop, file: other.yaml}}",
    ),
    app("network.policy", "", "").top(
        "compose: [{name: shop, path: shop, network: {policy: strict}}]",
        "compose: {shop: {path: shop, network_policy: strict}}",
    ),
    app("network.allow_external", "", "").top(
        "compose: [{name: shop, path: shop, network: {allow_external: true}}]",
        "compose: {shop: {path: shop, defaults: {access: {allow_from: [{cidr: 0.0.0.0/0}, {cidr: \"::/0\"}]}}}}",
    ),
    app("what is about all services of a project", "", "")
        .top(
            "environments: {gcp: {}}\ncompose: [{name: shop, path: shop, visibility: private, security: {service_account: sa}, gcp: {replicas: 2, resources: {memory: 1Gi}, environment: {A: b}}}]",
            "environments: {gcp: {}}\ncompose: {shop: {path: shop, defaults: {access: private, identity: {service_account: sa}}, overrides: {gcp: {defaults: {replicas: 2, resources: {memory: 1Gi}, environment: {A: b}}}}}}",
        )
        .within_same("gcp"),
    app("services.S.ingress", "", "").top(
        "gateway: {cors: false}\ncompose: [{name: shop, path: shop, services: {db: {ingress: {enabled: true, path: /db, cors: {enabled: false}}, resources: {memory: 1Gi}}}}]",
        "gateway: {cors: false, routes: {/db: {service: shop.db, cors: false}}}\ncompose: {shop: {path: shop, services: {db: {resources: {memory: 1Gi}}}}}",
    ),
];

impl Row {
    /// In an environment that the tops say themselves.
    const fn within_same(mut self, environment: &'static str) -> Self {
        self.environment = environment;
        self
    }
}

//! What is written, and what the checker is told.

use crate::apps::shape::{BOOL, Block, MAP, Named, Shape, TEXT, TEXTS, TREES, choice, key};

pub(super) static CHECK: Block = Block::new(
    "check",
    &[&[
        key("profile", TEXT, "Which set of rules counts."),
        key(
            "rules",
            MAP,
            "Severities of single rules: `none`, `advice`, `warning`, `error`.",
        ),
        key(
            "exempt",
            Shape::List(&Shape::Block(&EXEMPTION)),
            "Where rules do not hold.",
        ),
        key(
            "overrides",
            Shape::Named(&CHECK_OVERRIDES),
            "What environments change.",
        ),
    ]],
);

static CHECK_OVERRIDES: Named = Named::new("environment", Shape::Block(&CHECK_OVERRIDE));
static CHECK_OVERRIDE: Block = Block::new(
    "override",
    &[&[
        key("profile", TEXT, "Which set of rules counts."),
        key("rules", MAP, "Severities of single rules."),
        key(
            "exempt",
            Shape::List(&Shape::Block(&EXEMPTION)),
            "Where rules do not hold.",
        ),
    ]],
);

static EXEMPTION: Block = Block::new(
    "exemption",
    &[&[
        key("rule", TEXT, "The rule."),
        key("app", TEXT, "The app."),
        key("object", TEXT, "The object."),
        key("reason", TEXT, "Why."),
        key("until", TEXT, "Until when: `2027-01-01`."),
    ]],
)
.alternatives(&[&["app"], &["object"]]);

pub(super) static OUTPUT: Block = Block::new(
    "output",
    &[&[
        key("dir", TEXT, "The folder."),
        key(
            "formats",
            Shape::List(&choice(&[
                "manifests",
                "kustomize",
                "helm",
                "argocd",
                "skaffold",
                "tilt",
                "json",
            ])),
            "The forms.",
        ),
        key("server_side_apply", BOOL, "Applied by the server."),
        key("pre_deploy", TEXTS, "Shell lines before a deployment."),
        key("post_deploy", TEXTS, "Shell lines after it."),
        key(
            "post_deploy_verify",
            BOOL,
            "A deployment waits for its rollout.",
        ),
        key(
            "skaffold",
            Shape::Block(&SKAFFOLD),
            "What Skaffold is told.",
        ),
        key("helm", Shape::Block(&HELM), "What the chart is told."),
        key("argocd", Shape::Block(&ARGOCD), "What Argo CD is told."),
    ]],
);

static SKAFFOLD: Block = Block::new(
    "skaffold",
    &[&[
        key(
            "order",
            TEXTS,
            "Apps in the order in which they stand; the first names the configuration.",
        ),
        key(
            "builds",
            choice(&["told", "every"]),
            "Images that say how they are built, or those of all apps.",
        ),
        key(
            "deploy_method",
            choice(&["kubectl", "kustomize", "helm"]),
            "What deploys.",
        ),
        key(
            "tag_policy",
            choice(&[
                "gitCommit",
                "sha256",
                "dateTime",
                "inputDigest",
                "envTemplate",
            ]),
            "How images are tagged.",
        ),
        key("port_forward", BOOL, "Ports are forwarded."),
        key("file_sync", BOOL, "Changed files are copied."),
        key(
            "kustomize_build_args",
            TEXTS,
            "Arguments of `kustomize build`.",
        ),
        key("helm_chart_path", TEXT, "The chart."),
        key("helm_values_files", TEXTS, "Its values."),
        key(
            "helm_secrets_plugin",
            BOOL,
            "Values are decrypted by a plugin.",
        ),
        key(
            "profiles",
            Shape::Named(&PROFILES),
            "One for each environment.",
        ),
    ]],
);

static PROFILES: Named = Named::new("profile", Shape::Block(&PROFILE));

static PROFILE: Block = Block::new(
    "profile",
    &[&[
        key("kube_context", TEXT, "A pattern of contexts."),
        key("env", TEXT, "A variable with its value: `A=b`."),
        key("patches", TREES, "Operations of RFC 6902."),
    ]],
);

static HELM: Block = Block::new(
    "helm",
    &[&[
        key("name", TEXT, "The chart's name."),
        key("dir", TEXT, "Its folder."),
        key("version", TEXT, "Its version."),
        key("app_version", TEXT, "The version of what it holds."),
        key("description", TEXT, "What it is."),
        key("env_values", BOOL, "A file of values per environment."),
        key("helmignore", BOOL, "With a `.helmignore`."),
    ]],
);

static ARGOCD: Block = Block::new(
    "argocd",
    &[&[
        key("repo", TEXT, "The repository that it watches."),
        key("path", TEXT, "The folder in it that the output lies in."),
        key("revision", TEXT, "The branch, tag or commit."),
        key("namespace", TEXT, "Where it looks for its objects."),
        key("auto_sync", BOOL, "It acts by itself."),
        key("prune", BOOL, "It removes what is there no longer."),
        key("self_heal", BOOL, "It puts back what somebody changed."),
        key(
            "application_set",
            BOOL,
            "One ApplicationSet stands for the Applications of all environments.",
        ),
    ]],
);

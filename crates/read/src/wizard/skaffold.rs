//! What Skaffold is told, under its own keys at the top or under those that the
//! wizard mirrors them in, `skaffold_config`.

use std::collections::BTreeSet;

use kubewright_model::output::{
    Builds, DeployMethod, Format, Output, Skaffold, SkaffoldProfile, TagPolicy,
};
use kubewright_model::{Given, Located, Name};
use kubewright_source::Diagnostic;

use super::given::{choice, given, is_off, same, two_values};
use super::told::Forms;
use crate::fields::{At, Fields, did_you_mean, tree};

const METHODS: &[(&str, DeployMethod)] = &[
    ("kubectl", DeployMethod::Kubectl),
    ("kustomize", DeployMethod::Kustomize),
    ("helm", DeployMethod::Helm),
];

const POLICIES: &[(&str, TagPolicy)] = &[
    ("gitCommit", TagPolicy::GitCommit),
    ("sha256", TagPolicy::Sha256),
    ("dateTime", TagPolicy::DateTime),
    ("inputDigest", TagPolicy::InputDigest),
    ("envTemplate", TagPolicy::EnvTemplate),
];

/// Keys that count for Skaffold only.
const KEYS: &[&str] = &[
    "deployStrategy",
    "environments",
    "helmChartPath",
    "helmSecretsPlugin",
    "helmValuesFiles",
    "kustomizeBuildArgs",
    "postDeploy",
    "postDeployVerify",
    "preDeploy",
    "profileActivation",
    "profilePatches",
    "serverSideApply",
    "skaffold_config",
    "tagPolicy",
];

/// Whether Skaffold's files are written.
pub(super) fn is_asked(fields: &Fields<'_>, forms: Forms) -> bool {
    let switch = fields.get("skaffold").filter(|at| !is_off(at.node));
    let asked = switch.and_then(|at| at.bool()).is_some_and(|on| on.value);
    match forms {
        Forms::AsInput => asked,
        Forms::Skaffold => true,
        Forms::ManifestsOnly => false,
    }
}

/// Reads all of it. `order` names the services as the state lists them.
pub(super) fn read(fields: &Fields<'_>, is_asked: bool, order: Vec<Name>, output: &mut Output) {
    if !is_asked {
        not_asked(fields);
        return;
    }
    let nowhere = || Located::nowhere(());
    output.formats = vec![
        nowhere().map(|()| Format::Manifests),
        nowhere().map(|()| Format::Skaffold),
    ];
    let mirror = given(fields, "skaffold_config");
    let mirror = mirror.and_then(|at| at.fields("`skaffold_config`"));
    let both = Both {
        fields,
        mirror: mirror.as_ref(),
    };
    let mut told = Skaffold {
        order,
        builds: Builds::Every,
        deploy_method: both.choice("deployStrategy", "deploy_method", METHODS),
        tag_policy: both.choice("tagPolicy", "tag_policy", POLICIES),
        ..Skaffold::default()
    };
    output.server_side_apply = both.flag("serverSideApply", "server_side_apply");
    output.post_deploy_verify = both.flag("postDeployVerify", "post_deploy_verify");
    output.pre_deploy = both.lines("preDeploy", "pre_deploy");
    output.post_deploy = both.lines("postDeploy", "post_deploy");
    told.profiles = profiles(&both);
    if let Some(mirror) = &mirror {
        let flag = |key| given(mirror, key).and_then(|at| at.bool());
        told.port_forward = flag("port_forward");
        told.file_sync = flag("file_sync");
    }
    by_method(fields, &mut told, output);
    output.skaffold = Some(told);
    if let Some(mirror) = mirror {
        mirror.finish();
    }
}

/// What counts for one way of deploying only.
fn by_method(fields: &Fields<'_>, told: &mut Skaffold, output: &mut Output) {
    let method = told.deploy_method.as_ref().map(|method| method.value);
    let lines = |key| given(fields, key).map(|at| lines_of(&at));
    if method == Some(DeployMethod::Kustomize) {
        told.kustomize_build_args = lines("kustomizeBuildArgs").unwrap_or_default();
    } else {
        unused(fields, &["kustomizeBuildArgs"], "`kustomize`");
    }
    if method != Some(DeployMethod::Helm) {
        let keys = ["helmChartPath", "helmValuesFiles", "helmSecretsPlugin"];
        unused(fields, &keys, "`helm`");
        return;
    }
    told.helm_chart_path = given(fields, "helmChartPath").and_then(|at| path(&at));
    told.helm_values_files = lines("helmValuesFiles").unwrap_or_default();
    told.helm_secrets_plugin = given(fields, "helmSecretsPlugin").and_then(|at| at.bool());
    chart_is_needed(fields, told);
    if let Some(by_server) = output.server_side_apply.take().filter(|on| on.value) {
        fields.at().push(
            Diagnostic::warning(
                "not-carried",
                by_server.span,
                "`serverSideApply` has no effect: Helm applies its charts itself",
            )
            .help("leave it out, or choose another `deployStrategy`"),
        );
    }
}

fn chart_is_needed(fields: &Fields<'_>, told: &Skaffold) {
    let path = told.helm_chart_path.as_ref();
    let path = path.map_or("charts", |path| path.value.as_str());
    let span = told.deploy_method.as_ref();
    let span = span.map_or(fields.at().span(), |method| method.span);
    let message = format!("Skaffold deploys the chart in `{path}`, which is not written yet");
    fields.at().push(
        Diagnostic::warning("chart-needed", span, message)
            .help("make the chart there by hand, or choose `kubectl` or `kustomize`"),
    );
}

fn unused(fields: &Fields<'_>, keys: &[&'static str], method: &str) {
    for key in keys {
        let Some(at) = fields.get(key).filter(|at| !is_off(at.node)) else {
            continue;
        };
        at.note(
            "not-carried",
            format!("`{key}` has an effect only where `deployStrategy` is {method}"),
            format!("leave it out, or choose {method}"),
        );
    }
}

/// What has no effect without Skaffold's files.
fn not_asked(fields: &Fields<'_>) {
    for key in KEYS {
        let Some(at) = fields.get(key).filter(|at| !is_off(at.node)) else {
            continue;
        };
        at.note(
            "not-carried",
            format!("`{key}` counts for Skaffold, and its files are not asked for"),
            "set `skaffold` to true, or give `--format skaffold`",
        );
    }
}

/// A folder within the project.
fn path(at: &At<'_>) -> Given<String> {
    let text = at.scalar()?;
    let leads_out = text.value.split(['/', '\\']).any(|part| part == "..");
    if leads_out || text.value.starts_with(['/', '\\', '~']) {
        at.bad(
            "the path leads out of the project",
            "name a folder within the project, like `charts/web`",
        );
        return None;
    }
    Some(text.map(|text| text.trim_end_matches('/').to_owned()))
}

/// One line, or a list of them.
fn lines_of(at: &At<'_>) -> Vec<Located<String>> {
    if at.node.as_scalar().is_some() {
        return at.scalar().into_iter().collect();
    }
    at.items().iter().filter_map(At::scalar).collect()
}

fn profiles(both: &Both<'_, '_>) -> Vec<SkaffoldProfile> {
    let mut profiles: Vec<SkaffoldProfile> = Vec::new();
    let mut seen = BTreeSet::new();
    if let Some(at) = both.one("environments", "profiles") {
        for item in at.items() {
            let Some(name) = item.parse(Name::sanitised) else {
                continue;
            };
            if !seen.insert(name.value.clone()) {
                item.warn(
                    "duplicate-item",
                    format!("the environment `{}` stands twice in this list", name.value),
                    "take one of the two out",
                );
                continue;
            }
            profiles.push(SkaffoldProfile {
                name,
                kube_context: None,
                env: None,
                patches: Vec::new(),
            });
        }
    }
    settings(both.fields, "profileActivation", &mut profiles, activation);
    settings(both.fields, "profilePatches", &mut profiles, patches);
    profiles
}

/// Settings by environment.
fn settings(
    fields: &Fields<'_>,
    key: &'static str,
    profiles: &mut [SkaffoldProfile],
    read: impl Fn(&At<'_>, &mut SkaffoldProfile),
) {
    let Some(at) = given(fields, key) else { return };
    for (name, at) in at.entries() {
        let known = |profile: &&mut SkaffoldProfile| {
            Name::sanitised(name.value).is_ok_and(|name| name == profile.name.value)
        };
        if let Some(profile) = profiles.iter_mut().find(known) {
            read(&at, profile);
            continue;
        }
        let names: Vec<&str> = profiles
            .iter()
            .map(|profile| profile.name.as_str())
            .collect();
        at.push(
            Diagnostic::error(
                "unknown-environment",
                name.span,
                format!(
                    "`{key}` speaks of `{}`, which is none of `environments`",
                    name.value
                ),
            )
            .help(did_you_mean(name.value, || names.iter().copied())),
        );
    }
}

fn activation(at: &At<'_>, profile: &mut SkaffoldProfile) {
    let Some(fields) = at.fields("the activation") else {
        return;
    };
    let text = |key| given(&fields, key).and_then(|at| at.scalar());
    profile.kube_context = text("kubeContext");
    profile.env = text("env");
    fields.finish();
}

/// <https://datatracker.ietf.org/doc/html/rfc6902>
fn patches(at: &At<'_>, profile: &mut SkaffoldProfile) {
    const OPERATIONS: &[&str] = &["add", "remove", "replace", "move", "copy", "test"];
    for item in at.items() {
        let text = |key: &str| {
            let node = item.node.get(key).and_then(|node| node.as_scalar());
            node.map(|scalar| scalar.text.to_string())
        };
        let operation = text("op").unwrap_or_else(|| "replace".to_owned());
        if !OPERATIONS.contains(&operation.as_str()) {
            let help = did_you_mean(&operation, || OPERATIONS.iter().copied());
            item.bad(format!("`{operation}` is no operation of a patch"), help);
        } else if text("path").is_none_or(|path| !path.starts_with('/')) {
            item.bad(
                "this patch has no `path` that begins with `/`",
                "say where it changes the configuration, like `/build/local/push`",
            );
        } else {
            profile
                .patches
                .push(Located::new(tree(item.node), item.span()));
        }
    }
}

/// The keys at the top, and their mirror.
struct Both<'f, 'a> {
    fields: &'f Fields<'a>,
    mirror: Option<&'f Fields<'a>>,
}

impl<'f> Both<'f, '_> {
    /// What stands under either key; two that differ are an error.
    fn one(&self, key: &'static str, other: &'static str) -> Option<At<'f>> {
        let first = given(self.fields, key);
        let second = self.mirror.and_then(|mirror| given(mirror, other));
        if let (Some(first), Some(second)) = (&first, &second)
            && !same(first.node, second.node)
        {
            two_values("`skaffold_config`", (key, first.span()), other, second);
        }
        first.or(second)
    }

    fn choice<T: Copy>(
        &self,
        key: &'static str,
        other: &'static str,
        choices: &[(&'static str, T)],
    ) -> Given<T> {
        choice(&self.one(key, other)?, choices)
    }

    fn flag(&self, key: &'static str, other: &'static str) -> Given<bool> {
        self.one(key, other)?.bool()
    }

    fn lines(&self, key: &'static str, other: &'static str) -> Vec<Located<String>> {
        self.one(key, other)
            .map_or_else(Vec::new, |at| lines_of(&at))
    }
}

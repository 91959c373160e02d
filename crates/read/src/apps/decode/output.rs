//! What is written, and what the checker is told.

use kubewright_model::check::{CheckSettings, Exemption, ExemptionTarget, RuleLevel};
use kubewright_model::object::Tree;
use kubewright_model::output::{
    Builds, DeployMethod, Format, HelmChart, Output, Skaffold, SkaffoldProfile, TagPolicy,
};
use kubewright_model::{Located, Name, ObjectName};

use super::argocd;
use super::given::{choice, chosen, list_of, members, parsed, text, texts, word};
use super::scope::Scope;
use crate::fields::is_semantic_version;
use crate::fields::{At, Fields, tree};

/// The section `check`.
pub(super) fn check(at: At<'_>, scope: &Scope<'_>) -> Option<CheckSettings> {
    at.note(
        "not-carried",
        "`check` is read, and nothing checks yet",
        "keep it: `kubewright check` will go by it",
    );
    let fields = at.fields("`check`")?;
    let levels = [
        ("none", RuleLevel::None),
        ("advice", RuleLevel::Advice),
        ("warning", RuleLevel::Warning),
        ("error", RuleLevel::Error),
    ];
    let rules = fields.get("rules");
    let rules = rules.as_ref().map(|at| at.entries()).unwrap_or_default();
    let rules = rules.iter().filter_map(|(rule, at)| {
        let level = choice(at, &levels)?;
        Some((rule.value.to_owned(), level))
    });
    let exempt = fields.get("exempt");
    let exempt = exempt.as_ref().map(At::items).unwrap_or_default();
    let settings = CheckSettings {
        profile: text(&fields, "profile"),
        rules: rules.collect(),
        exemptions: exempt
            .into_iter()
            .filter_map(|at| exemption(at, scope))
            .collect(),
    };
    fields.finish();
    Some(settings)
}

fn exemption(at: At<'_>, scope: &Scope<'_>) -> Option<Exemption> {
    let fields = at.fields("an exemption")?;
    fields.need("rule");
    fields.need("reason");
    let app = fields.get("app").and_then(|at| scope.entry(&at));
    let object = parsed(&fields, "object", ObjectName::parse);
    let target = app
        .map(ExemptionTarget::App)
        .or(object.map(ExemptionTarget::Object));
    let (rule, reason, until) = (
        text(&fields, "rule"),
        text(&fields, "reason"),
        until(&fields),
    );
    fields.finish();
    Some(Exemption {
        rule: rule?,
        target,
        reason: reason?,
        until,
    })
}

/// A day, `2027-01-01`.
fn until(fields: &Fields<'_>) -> kubewright_model::Given<String> {
    parsed(fields, "until", |text| {
        let parts: Vec<&str> = text.split('-').collect();
        let number = |at: usize, len: usize, most: u32| {
            let part = parts.get(at).filter(|part| part.len() == len);
            let number = part.and_then(|part| part.parse::<u32>().ok());
            number.is_some_and(|number| (1..=most).contains(&number))
        };
        match parts.len() == 3 && number(0, 4, 9999) && number(1, 2, 12) && number(2, 2, 31) {
            true => Ok(text.to_owned()),
            false => Err(kubewright_model::Invalid::new(
                "a day",
                "it is not year, month and day",
                "write it like `2027-01-31`",
            )),
        }
    })
}

const FORMATS: &[(&str, Format)] = &[
    ("manifests", Format::Manifests),
    ("kustomize", Format::Kustomize),
    ("helm", Format::Helm),
    ("argocd", Format::ArgoCd),
    ("skaffold", Format::Skaffold),
    ("tilt", Format::Tilt),
    ("json", Format::Json),
];

/// The section `output`.
pub(super) fn output(at: At<'_>) -> Option<Output> {
    let fields = at.fields("`output`")?;
    let formats = fields.get("formats");
    let formats = formats.as_ref().map(At::items).unwrap_or_default();
    let output = Output {
        dir: dir(&fields),
        formats: formats
            .iter()
            .filter_map(|at| choice(at, FORMATS))
            .collect(),
        server_side_apply: fields.bool("server_side_apply"),
        pre_deploy: texts(&fields, "pre_deploy"),
        post_deploy: texts(&fields, "post_deploy"),
        post_deploy_verify: fields.bool("post_deploy_verify"),
        skaffold: fields.get("skaffold").and_then(skaffold),
        helm: fields.get("helm").and_then(helm),
        argocd: fields.get("argocd").and_then(argocd::settings),
    };
    fields.finish();
    Some(output)
}

/// A folder within the project.
fn dir(fields: &Fields<'_>) -> kubewright_model::Given<String> {
    let at = fields.get("dir")?;
    let text = word(&at)?;
    let folder = text.value.trim_end_matches('/');
    if text.value.is_empty() {
        at.bad(
            "`output.dir` is empty",
            "name a folder like `k8s`, or `.` for the project's own",
        );
        return None;
    }
    let leads_out = folder.split(['/', '\\']).any(|part| part == "..");
    let is_absolute = text.value.starts_with(['/', '\\', '~']) || folder.contains(':');
    if leads_out || is_absolute || folder.chars().any(char::is_control) {
        at.bad(
            "`output.dir` leads out of the project",
            "name a folder within the project, like `k8s`, or one elsewhere with `--output`",
        );
        return None;
    }
    Some(Located::new(folder.to_owned(), text.span))
}

fn skaffold(at: At<'_>) -> Option<Skaffold> {
    let fields = at.fields("`output.skaffold`")?;
    let methods = [
        ("kubectl", DeployMethod::Kubectl),
        ("kustomize", DeployMethod::Kustomize),
        ("helm", DeployMethod::Helm),
    ];
    let policies = [
        ("gitCommit", TagPolicy::GitCommit),
        ("sha256", TagPolicy::Sha256),
        ("dateTime", TagPolicy::DateTime),
        ("inputDigest", TagPolicy::InputDigest),
        ("envTemplate", TagPolicy::EnvTemplate),
    ];
    let profiles = fields.get("profiles");
    let profiles = profiles.as_ref().map(members).unwrap_or_default();
    let builds = [("told", Builds::Told), ("every", Builds::Every)];
    let order = list_of(&fields, "order", Name::parse);
    let skaffold = Skaffold {
        order: order.into_iter().map(|name| name.value).collect(),
        builds: chosen(&fields, "builds", &builds).map_or(Builds::Told, |builds| builds.value),
        deploy_method: chosen(&fields, "deploy_method", &methods),
        tag_policy: chosen(&fields, "tag_policy", &policies),
        port_forward: fields.bool("port_forward"),
        file_sync: fields.bool("file_sync"),
        kustomize_build_args: texts(&fields, "kustomize_build_args"),
        helm_chart_path: text(&fields, "helm_chart_path"),
        helm_values_files: texts(&fields, "helm_values_files"),
        helm_secrets_plugin: fields.bool("helm_secrets_plugin"),
        profiles: profiles
            .into_iter()
            .filter_map(|(name, at)| profile(name?, at))
            .collect(),
    };
    fields.finish();
    Some(skaffold)
}

fn profile(name: Located<&str>, at: At<'_>) -> Option<SkaffoldProfile> {
    let name = at.checked(&name.map(str::to_owned), Name::parse)?;
    let fields = at.fields(format!("profile `{}`", name.value))?;
    let patches = fields.get("patches");
    let patches = patches.as_ref().map(At::items).unwrap_or_default();
    let patches: Vec<Located<Tree>> = patches
        .iter()
        .map(|at| Located::new(tree(at.node), at.span()))
        .collect();
    let profile = SkaffoldProfile {
        name,
        kube_context: text(&fields, "kube_context"),
        env: text(&fields, "env"),
        patches,
    };
    fields.finish();
    Some(profile)
}

fn helm(at: At<'_>) -> Option<HelmChart> {
    let fields = at.fields("`output.helm`")?;
    let chart = HelmChart {
        name: parsed(&fields, "name", Name::parse),
        dir: text(&fields, "dir"),
        version: version(&fields),
        app_version: text(&fields, "app_version"),
        description: text(&fields, "description"),
        env_values: fields.bool("env_values"),
        helmignore: fields.bool("helmignore"),
    };
    fields.finish();
    Some(chart)
}

/// The version of a chart, which is a semantic one (<https://semver.org>).
fn version(fields: &Fields<'_>) -> kubewright_model::Given<String> {
    let at = fields.get("version")?;
    let text = word(&at)?;
    if !is_semantic_version(&text.value) {
        let message = format!("`{}` is no version that Helm takes", text.value);
        at.bad(message, "write three numbers, as in `1.4.0`");
        return None;
    }
    Some(text)
}

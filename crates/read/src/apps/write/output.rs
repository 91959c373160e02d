//! What is written, and what the checker is told.

use kubewright_model::App;
use kubewright_model::check::{CheckSettings, Exemption, ExemptionTarget, RuleLevel};
use kubewright_model::output::{
    ArgoCd, Builds, DeployMethod, Format, HelmChart, Output, Skaffold, TagPolicy,
};
use kubewright_yaml::Node;

use super::tree::{Map, named, raw, some_list, some_map, text, trees};

/// The section `check`.
pub(super) fn check(check: &CheckSettings, apps: &[&App]) -> Option<Node> {
    let mut block = Map::default();
    block.text("profile", &check.profile);
    let rules = check.rules.iter().map(|(rule, level)| {
        let word = match level.value {
            RuleLevel::None => "none",
            RuleLevel::Advice => "advice",
            RuleLevel::Warning => "warning",
            RuleLevel::Error => "error",
        };
        (rule.clone(), raw(word))
    });
    block.put("rules", some_map(rules.collect()));
    let of_apps = apps.iter().flat_map(|app| {
        let others = app.exemptions.iter();
        others.filter(|exemption| !is_own(exemption, app))
    });
    let exempt = check.exemptions.iter().chain(of_apps).map(exemption);
    block.put("exempt", some_list(exempt.collect()));
    block.some()
}

/// The block `check` of an app: rules, with the reasons why they do not hold.
pub(super) fn reasons(app: &App) -> Option<Node> {
    let own = app
        .exemptions
        .iter()
        .filter(|exemption| is_own(exemption, app));
    let own = own.map(|exemption| (exemption.rule.value.clone(), text(&exemption.reason.value)));
    some_map(own.collect())
}

/// Whether an app's own block can say it.
fn is_own(exemption: &Exemption, app: &App) -> bool {
    let is_here = match &exemption.target {
        None => true,
        Some(ExemptionTarget::App(name)) => name.value == app.name.value,
        Some(ExemptionTarget::Object(_)) => false,
    };
    is_here && exemption.until.is_none()
}

fn exemption(exemption: &Exemption) -> Node {
    let mut block = Map::with("rule", text(&exemption.rule.value));
    match &exemption.target {
        None => {}
        Some(ExemptionTarget::App(name)) => block.put("app", raw(name.value.as_str())),
        Some(ExemptionTarget::Object(name)) => block.put("object", raw(name.value.as_str())),
    }
    block.put("reason", text(&exemption.reason.value));
    block.text("until", &exemption.until);
    block.node()
}

/// The section `output`.
pub(super) fn output(output: &Output) -> Option<Node> {
    let mut block = Map::default();
    block.text("dir", &output.dir);
    let formats = output.formats.iter().map(|format| {
        raw(match format.value {
            Format::Manifests => "manifests",
            Format::Kustomize => "kustomize",
            Format::Helm => "helm",
            Format::ArgoCd => "argocd",
            Format::Skaffold => "skaffold",
            Format::Tilt => "tilt",
            Format::Json => "json",
        })
    });
    block.put("formats", some_list(formats.collect()));
    block.flag("server_side_apply", &output.server_side_apply);
    block.texts("pre_deploy", &output.pre_deploy);
    block.texts("post_deploy", &output.post_deploy);
    block.flag("post_deploy_verify", &output.post_deploy_verify);
    block.put("skaffold", output.skaffold.as_ref().map(skaffold));
    block.put("helm", output.helm.as_ref().map(helm));
    block.put("argocd", output.argocd.as_ref().map(argocd));
    block.some()
}

fn skaffold(skaffold: &Skaffold) -> Node {
    let mut block = Map::default();
    let order = skaffold.order.iter().map(|name| raw(name.as_str()));
    block.put("order", some_list(order.collect()));
    match skaffold.builds {
        Builds::Told => {}
        Builds::Every => block.put("builds", raw("every")),
    }
    block.word(
        "deploy_method",
        &skaffold.deploy_method,
        |method| match method {
            DeployMethod::Kubectl => "kubectl",
            DeployMethod::Kustomize => "kustomize",
            DeployMethod::Helm => "helm",
        },
    );
    block.word("tag_policy", &skaffold.tag_policy, |policy| match policy {
        TagPolicy::GitCommit => "gitCommit",
        TagPolicy::Sha256 => "sha256",
        TagPolicy::DateTime => "dateTime",
        TagPolicy::InputDigest => "inputDigest",
        TagPolicy::EnvTemplate => "envTemplate",
    });
    block.flag("port_forward", &skaffold.port_forward);
    block.flag("file_sync", &skaffold.file_sync);
    block.texts("kustomize_build_args", &skaffold.kustomize_build_args);
    block.text("helm_chart_path", &skaffold.helm_chart_path);
    block.texts("helm_values_files", &skaffold.helm_values_files);
    block.flag("helm_secrets_plugin", &skaffold.helm_secrets_plugin);
    let profiles = skaffold.profiles.iter().map(|profile| {
        let mut block = Map::default();
        block.text("kube_context", &profile.kube_context);
        block.text("env", &profile.env);
        block.put("patches", trees(&profile.patches));
        (profile.name.value.to_string(), block.node())
    });
    block.put("profiles", named("name", profiles.collect()));
    block.node()
}

fn helm(chart: &HelmChart) -> Node {
    let mut block = Map::default();
    block.text("name", &chart.name);
    block.text("dir", &chart.dir);
    block.text("version", &chart.version);
    block.text("app_version", &chart.app_version);
    block.text("description", &chart.description);
    block.flag("env_values", &chart.env_values);
    block.flag("helmignore", &chart.helmignore);
    block.node()
}

fn argocd(argocd: &ArgoCd) -> Node {
    let mut block = Map::default();
    block.text("repo", &argocd.repo);
    block.text("path", &argocd.path);
    block.text("revision", &argocd.revision);
    block.text("namespace", &argocd.namespace);
    block.flag("auto_sync", &argocd.auto_sync);
    block.flag("prune", &argocd.prune);
    block.flag("self_heal", &argocd.self_heal);
    block.flag("application_set", &argocd.application_set);
    block.node()
}

//! How objects reach the cluster.
//!
//! <https://skaffold.dev/docs/deployers/>

use kubewright_objects::delivery::{DeliveredApp, Deployer, Setting};

use super::Scope;
use super::artifact::templates;
use super::config::{
    Deploy, Flags, Helm, Hook, Hooks, HostHook, Kubectl, Kustomize, Manifests, Release,
};
use super::kustomize::BASE;

/// The section `manifests`; a chart brings its own.
pub(super) fn manifests(scope: &Scope<'_>) -> Option<Manifests> {
    let layout = scope.given.layout;
    match &scope.delivery().deployer {
        Deployer::Kubectl => Some(Manifests::RawYaml(raw(scope))),
        Deployer::Kustomize { arguments } => Some(Manifests::Kustomize(Kustomize {
            paths: vec![layout.manifest(BASE)],
            build_args: arguments.clone(),
        })),
        Deployer::Helm { .. } => None,
    }
}

fn raw(scope: &Scope<'_>) -> Vec<String> {
    let layout = scope.given.layout;
    let files = scope.given.manifests.iter().map(|file| file.path.as_str());
    let files = files.filter(|path| path.ends_with(".yaml") || path.ends_with(".yml"));
    let paths: Vec<String> = files.map(|path| layout.manifest(path)).collect();
    match paths.is_empty() {
        true => vec![layout.manifest("*.yaml")],
        false => paths,
    }
}

/// The section `deploy` for objects that end up in `namespace`.
pub(super) fn deploy(scope: &Scope<'_>, namespace: Option<&str>, by_server: bool) -> Deploy {
    let deploy = Deploy {
        kube_context: scope.delivery().kube_context.clone(),
        ..Deploy::default()
    };
    match &scope.delivery().deployer {
        Deployer::Kubectl | Deployer::Kustomize { .. } => Deploy {
            kubectl: Some(Kubectl {
                default_namespace: namespace.map(str::to_owned),
                flags: flags(namespace, by_server),
                hooks: hooks(scope, &rollouts(scope, namespace)),
            }),
            ..deploy
        },
        Deployer::Helm { .. } => Deploy {
            helm: Some(Helm {
                releases: releases(scope, namespace),
                hooks: hooks(scope, &[]),
            }),
            ..deploy
        },
    }
}

fn flags(namespace: Option<&str>, by_server: bool) -> Option<Flags> {
    let flags = Flags {
        global: match namespace {
            Some(namespace) => words(&["--namespace", namespace]),
            None => Vec::new(),
        },
        apply: match by_server {
            true => words(&["--server-side"]),
            false => Vec::new(),
        },
    };
    (namespace.is_some() || by_server).then_some(flags)
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The commands that wait for each workload of an app.
fn rollouts(scope: &Scope<'_>, namespace: Option<&str>) -> Vec<Vec<String>> {
    let delivery = scope.delivery();
    let apps = delivery.apps.iter().filter(|_| delivery.verify);
    let workloads = apps.filter_map(|app| scope.owned.rollout(&app.name));
    let commands = workloads.map(|workload| {
        let mut command = words(&["kubectl", "rollout", "status", &workload]);
        command.extend(namespace.iter().flat_map(|name| words(&["-n", name])));
        command.push("--timeout=120s".to_owned());
        command
    });
    commands.collect()
}

/// <https://skaffold.dev/docs/lifecycle-hooks/>
fn hooks(scope: &Scope<'_>, rollouts: &[Vec<String>]) -> Option<Hooks> {
    let delivery = scope.delivery();
    let lines = |lines: &[String]| lines.iter().map(|line| shell(line)).collect::<Vec<_>>();
    let mut hooks = Hooks {
        before: lines(&delivery.before),
        after: lines(&delivery.after),
    };
    hooks.after.extend(rollouts.iter().map(|command| Hook {
        host: HostHook {
            command: command.clone(),
            dir: None,
        },
    }));
    (!(hooks.before.is_empty() && hooks.after.is_empty())).then_some(hooks)
}

fn shell(line: &str) -> Hook {
    Hook {
        host: HostHook {
            command: words(&["sh", "-c", line]),
            dir: Some("."),
        },
    }
}

fn releases(scope: &Scope<'_>, namespace: Option<&str>) -> Vec<Release> {
    let apps = scope.delivery().apps.iter().filter(|app| app.has_image);
    let releases = apps.filter_map(|app| release(scope, app, namespace));
    releases.collect()
}

fn release(scope: &Scope<'_>, app: &DeliveredApp, namespace: Option<&str>) -> Option<Release> {
    let layout = scope.given.layout;
    let Deployer::Helm {
        chart,
        values,
        secrets_plugin,
    } = &scope.delivery().deployer
    else {
        return None;
    };
    let of = |known: bool| {
        let settings = app.values.iter();
        settings.filter(move |(_, setting)| matches!(setting, Setting::Known(_)) == known)
    };
    let known = of(true).filter_map(|(name, setting)| match setting {
        Setting::Known(text) => Some((name.clone(), text.clone())),
        Setting::Environment(_) => None,
    });
    let asked: Vec<_> = of(false).cloned().collect();
    Some(Release {
        name: app.name.clone(),
        chart_path: layout.in_project(chart),
        values_files: values.iter().map(|file| layout.in_project(file)).collect(),
        namespace: namespace.map(str::to_owned),
        create_namespace: namespace.map(|_| true),
        use_helm_secrets: secrets_plugin.then_some(true),
        wait: scope.delivery().verify.then_some(true),
        set_values: known.collect(),
        set_value_templates: templates(&asked),
    })
}

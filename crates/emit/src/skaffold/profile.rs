//! A profile for each environment.
//!
//! <https://skaffold.dev/docs/environment/profiles/>

use kubewright_objects::delivery::{self, Deployer, TagPolicy};
use kubewright_source::Diagnostic;

use super::config::{Activation, Deploy, Kustomize, Manifests, Profile};
use super::kustomize::overlay;
use super::{Scope, artifact, deploy, forward};
use crate::form::Emitted;

/// What an environment is for, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Local,
    Development,
    Staging,
    Production,
    Other,
}

impl Purpose {
    fn of(name: &str) -> Self {
        match name {
            name if name.contains("local") => Self::Local,
            "dev" | "development" => Self::Development,
            "staging" | "qa" | "preprod" | "pre-prod" => Self::Staging,
            "prod" | "production" => Self::Production,
            _ => Self::Other,
        }
    }
}

/// Where an environment's objects end up.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target<'a> {
    /// The namespace.
    pub(super) namespace: String,
    /// The overlay that leads there; none: the base.
    pub(super) overlay: Option<&'a str>,
}

impl<'a> Target<'a> {
    /// The target of an environment of a project whose objects have `own` as
    /// their namespace.
    pub(super) fn of(name: &'a str, own: Option<&str>) -> Self {
        let below = |name: &str| match own {
            Some(own) => format!("{own}-{name}"),
            None => name.to_owned(),
        };
        let own = |usual: &str| own.unwrap_or(usual).to_owned();
        let (namespace, overlay) = match Purpose::of(name) {
            Purpose::Local => (own("default"), None),
            Purpose::Development => (below("dev"), Some("dev")),
            Purpose::Staging => (below(name), Some(name)),
            Purpose::Production => (own("production"), Some("prod")),
            Purpose::Other => (name.to_owned(), Some(name)),
        };
        Self { namespace, overlay }
    }
}

/// All of them, in the order of the environments.
pub(super) fn all(scope: &Scope<'_>, emitted: &mut Emitted) -> Vec<Profile> {
    let profiles = scope.delivery().profiles.iter();
    profiles
        .map(|profile| one(scope, profile, emitted))
        .collect()
}

fn one(scope: &Scope<'_>, asked: &delivery::Profile, emitted: &mut Emitted) -> Profile {
    let delivery = scope.delivery();
    let purpose = Purpose::of(&asked.name);
    let own = delivery.namespace.as_deref();
    let target = Target::of(&asked.name, own);
    let namespace = reachable(scope, asked, &target, emitted);
    let is_local = purpose == Purpose::Local;
    let by_server = delivery.server_side_apply || purpose == Purpose::Production;
    let tags = match purpose {
        Purpose::Local => Some(TagPolicy::Sha256),
        Purpose::Production => Some(TagPolicy::GitCommit),
        Purpose::Development | Purpose::Staging | Purpose::Other => None,
    };
    Profile {
        name: asked.name.clone(),
        activation: activation(purpose, asked),
        build: artifact::of_profile(scope, !is_local, tags, is_local),
        manifests: manifests(scope, &target),
        deploy: own_deploy(scope, &namespace, by_server),
        port_forward: match is_local && delivery.forward {
            true => forward::all(scope, Some(&namespace)),
            false => Vec::new(),
        },
        patches: asked.patches.clone(),
    }
}

/// The namespace that the objects of an environment really get: plain manifests
/// that name one stay there, and `kubectl` refuses another beside it.
fn reachable(
    scope: &Scope<'_>,
    asked: &delivery::Profile,
    target: &Target<'_>,
    emitted: &mut Emitted,
) -> String {
    let delivery = scope.delivery();
    let own = delivery.namespace.as_ref();
    let fixed = own.filter(|own| **own != target.namespace);
    match (&delivery.deployer, fixed) {
        (Deployer::Kubectl, Some(own)) => {
            emitted.diagnostics.push(stays(asked, target, own));
            own.clone()
        }
        (Deployer::Kubectl | Deployer::Kustomize { .. } | Deployer::Helm { .. }, _) => {
            target.namespace.clone()
        }
    }
}

fn stays(asked: &delivery::Profile, target: &Target<'_>, own: &str) -> Diagnostic {
    let message = format!(
        "the profile `{}` deploys into `{own}`, not `{}`: plain manifests name their namespace",
        asked.name, target.namespace
    );
    Diagnostic::warning("profile-namespace", asked.span, message).help(
        "choose `kustomize` as `deployStrategy`, whose overlays change it, or leave out `namespace`",
    )
}

/// The section `deploy`, where it is not that of the top: one of a profile takes
/// the place of all of it.
fn own_deploy(scope: &Scope<'_>, namespace: &str, by_server: bool) -> Option<Deploy> {
    let delivery = scope.delivery();
    let own = delivery.namespace.as_deref();
    let top = deploy::deploy(scope, own, delivery.server_side_apply);
    let here = deploy::deploy(scope, Some(namespace), by_server);
    (top != here).then_some(here)
}

fn manifests(scope: &Scope<'_>, target: &Target<'_>) -> Option<Manifests> {
    let Deployer::Kustomize { arguments } = &scope.delivery().deployer else {
        return None;
    };
    let folder = overlay(target.overlay?);
    Some(Manifests::Kustomize(Kustomize {
        paths: vec![scope.given.layout.manifest(&folder)],
        build_args: arguments.clone(),
    }))
}

fn activation(purpose: Purpose, asked: &delivery::Profile) -> Vec<Activation> {
    let command = match purpose {
        Purpose::Local => "dev",
        Purpose::Development | Purpose::Staging | Purpose::Other => "run",
        Purpose::Production => "deploy",
    };
    let mut ways = vec![Activation {
        command: Some(command),
        ..Activation::default()
    }];
    ways.extend(asked.context.iter().map(|context| Activation {
        kube_context: Some(context.clone()),
        ..Activation::default()
    }));
    ways.extend(asked.variable.iter().map(|variable| Activation {
        env: Some(variable.clone()),
        ..Activation::default()
    }));
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_have_their_namespaces() {
        let rows = [
            ("dev-from-local", "shop", "default", None),
            ("dev", "shop-dev", "dev", Some("dev")),
            ("development", "shop-dev", "dev", Some("dev")),
            ("qa", "shop-qa", "qa", Some("qa")),
            ("pre-prod", "shop-pre-prod", "pre-prod", Some("pre-prod")),
            ("production", "shop", "production", Some("prod")),
            ("edge", "edge", "edge", Some("edge")),
        ];
        for (name, own, without, overlay) in rows {
            let found = Target::of(name, Some("shop"));
            assert_eq!((found.namespace.as_str(), found.overlay), (own, overlay));
            assert_eq!(Target::of(name, None).namespace, without, "{name}");
        }
    }
}

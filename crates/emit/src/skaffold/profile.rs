//! A profile for each environment.
//!
//! <https://skaffold.dev/docs/environment/profiles/>

use std::collections::BTreeSet;

use kubewright_objects::delivery::{self, Deployer, TagPolicy};
use kubewright_source::Diagnostic;

use super::config::{Activation, Deploy, Kustomize, Manifests, Profile};
use super::kustomize::{BASE, overlay};
use super::{Scope, artifact, deploy, forward};
use crate::form::Emitted;

/// What an environment is for, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Local,
    Development,
    Staging,
    Production,
    Other,
}

impl Purpose {
    pub(super) fn of(name: &str) -> Self {
        match name {
            name if name.contains("local") => Self::Local,
            "dev" | "development" => Self::Development,
            "staging" | "qa" | "preprod" | "pre-prod" => Self::Staging,
            "prod" | "production" => Self::Production,
            _ => Self::Other,
        }
    }

    /// The command that is for such an environment.
    fn command(self) -> &'static str {
        match self {
            Self::Local => "dev",
            Self::Development | Self::Staging | Self::Other => "run",
            Self::Production => "deploy",
        }
    }

    /// Its own way to tag images.
    fn tags(self) -> Option<TagPolicy> {
        match self {
            Self::Local => Some(TagPolicy::Sha256),
            Self::Production => Some(TagPolicy::GitCommit),
            Self::Development | Self::Staging | Self::Other => None,
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
    let asked = &scope.delivery().profiles;
    let plans: Vec<Plan<'_>> = asked
        .iter()
        .map(|asked| Plan::of(scope, asked, emitted))
        .collect();
    let whole = Whole::of(scope, &plans);
    let mut commands = BTreeSet::new();
    let profiles = plans.iter().map(|plan| {
        let command = plan.purpose.command();
        let is_first = commands.insert(command);
        one(scope, plan, &whole, is_first.then_some(command))
    });
    profiles.collect()
}

/// What an environment asks for.
struct Plan<'a> {
    asked: &'a delivery::Profile,
    purpose: Purpose,
    target: Target<'a>,
    namespace: String,
    deploy: Deploy,
}

impl<'a> Plan<'a> {
    fn of(scope: &Scope<'_>, asked: &'a delivery::Profile, emitted: &mut Emitted) -> Self {
        let delivery = scope.delivery();
        let purpose = Purpose::of(&asked.name);
        let target = Target::of(&asked.name, delivery.namespace.as_deref());
        let namespace = reachable(scope, asked, &target, emitted);
        let by_server = delivery.server_side_apply || purpose == Purpose::Production;
        Self {
            asked,
            purpose,
            deploy: deploy::deploy(scope, Some(&namespace), by_server),
            target,
            namespace,
        }
    }
}

/// The sections that every profile says, because one of them says something else
/// than the top. A profile that a command activates is applied before the one
/// that `-p` names, which has to take back what the first has changed.
struct Whole {
    deploy: bool,
    manifests: bool,
    tags: bool,
}

impl Whole {
    fn of(scope: &Scope<'_>, plans: &[Plan<'_>]) -> Self {
        let delivery = scope.delivery();
        let own = delivery.namespace.as_deref();
        let top = deploy::deploy(scope, own, delivery.server_side_apply);
        Self {
            deploy: plans.iter().any(|plan| plan.deploy != top),
            manifests: plans.iter().any(|plan| plan.target.overlay.is_some()),
            tags: plans.iter().any(|plan| plan.purpose.tags().is_some()),
        }
    }
}

fn one(
    scope: &Scope<'_>,
    plan: &Plan<'_>,
    whole: &Whole,
    command: Option<&'static str>,
) -> Profile {
    let delivery = scope.delivery();
    let is_local = plan.purpose == Purpose::Local;
    let usual = whole.tags.then_some(delivery.tags);
    let tags = plan.purpose.tags().or(usual);
    Profile {
        name: plan.asked.name.clone(),
        activation: activation(command, plan.asked),
        build: artifact::of_profile(scope, !is_local, tags, is_local),
        manifests: whole
            .manifests
            .then(|| manifests(scope, &plan.target))
            .flatten(),
        deploy: whole.deploy.then(|| plan.deploy.clone()),
        port_forward: match is_local && delivery.forward {
            true => forward::all(scope, Some(&plan.namespace)),
            false => Vec::new(),
        },
        patches: plan.asked.patches.clone(),
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

fn manifests(scope: &Scope<'_>, target: &Target<'_>) -> Option<Manifests> {
    let Deployer::Kustomize { arguments } = &scope.delivery().deployer else {
        return None;
    };
    let folder = target.overlay.map_or(BASE.to_owned(), overlay);
    Some(Manifests::Kustomize(Kustomize {
        paths: vec![scope.given.layout.manifest(&folder)],
        build_args: arguments.clone(),
    }))
}

/// Skaffold activates every profile that fits, so that a command may stand in
/// one of them only.
///
/// <https://skaffold.dev/docs/environment/profiles/#activation>
pub(super) fn activation(
    command: Option<&'static str>,
    asked: &delivery::Profile,
) -> Vec<Activation> {
    let ways = command.map(|command| Activation {
        command: Some(command),
        ..Activation::default()
    });
    let mut ways: Vec<Activation> = ways.into_iter().collect();
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

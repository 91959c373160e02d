//! Several environments, each with objects of its own: a profile for each.
//!
//! What stands at the top is that of the first, so that nothing has to be named for
//! it. A profile takes the place of what the top says, but cannot take it away: what
//! some environments have and others lack stands in profiles only.
//!
//! <https://skaffold.dev/docs/environment/profiles/>

use kubewright_objects::delivery;
use kubewright_source::{Diagnostic, suggest};

use super::Scope;
use super::config::{
    API_VERSION, Build, Config, Deploy, Manifests, Metadata, PortForward, Profile,
};
use super::profile::{Purpose, activation};
use super::{artifact, deploy, forward};
use crate::form::Emitted;

/// The whole file. There are at least two environments.
pub(super) fn config(scopes: &[Scope<'_>], emitted: &mut Emitted) -> Config {
    let parts: Vec<Parts> = scopes.iter().map(Parts::of).collect();
    let whole = Whole::of(&parts);
    let first = &parts[0];
    let delivery = scopes[0].delivery();
    emitted.diagnostics.extend(nowhere(scopes));
    let profiles = scopes.iter().zip(&parts);
    let profiles = profiles.map(|(scope, parts)| profile(scope, parts, &whole));
    Config {
        api_version: API_VERSION,
        kind: "Config",
        metadata: Metadata {
            name: delivery.name.clone(),
        },
        build: first.build.clone().filter(|_| whole.all_build),
        manifests: first.manifests.clone(),
        deploy: Deploy {
            kube_context: match whole.all_have_contexts {
                true => first.deploy.kube_context.clone(),
                false => None,
            },
            ..first.deploy.clone()
        },
        port_forward: match whole.all_forward {
            true => first.forwards.clone(),
            false => Vec::new(),
        },
        profiles: profiles.collect(),
    }
}

/// What one environment comes to.
struct Parts {
    build: Option<Build>,
    manifests: Option<Manifests>,
    deploy: Deploy,
    forwards: Vec<PortForward>,
}

impl Parts {
    fn of(scope: &Scope<'_>) -> Self {
        let delivery = scope.delivery();
        let namespace = delivery.namespace.as_deref();
        let is_local = Purpose::of(name(scope)) == Purpose::Local;
        Self {
            build: artifact::of_environment(scope, is_local),
            manifests: deploy::manifests(scope),
            deploy: deploy::deploy(scope, namespace, delivery.server_side_apply),
            forwards: match delivery.forward {
                true => forward::published(scope),
                false => Vec::new(),
            },
        }
    }
}

/// Which sections every profile says, because environments differ in them, and
/// which ones all environments have.
struct Whole {
    build: bool,
    all_build: bool,
    deploy: bool,
    all_have_contexts: bool,
    forwards: bool,
    all_forward: bool,
}

impl Whole {
    fn of(parts: &[Parts]) -> Self {
        let first = &parts[0];
        let all = |holds: &dyn Fn(&Parts) -> bool| parts.iter().all(holds);
        Self {
            build: !all(&|parts| parts.build == first.build),
            all_build: all(&|parts| parts.build.is_some()),
            deploy: !all(&|parts| parts.deploy == first.deploy),
            all_have_contexts: all(&|parts| parts.deploy.kube_context.is_some()),
            forwards: !all(&|parts| parts.forwards == first.forwards),
            all_forward: all(&|parts| !parts.forwards.is_empty()),
        }
    }
}

fn profile(scope: &Scope<'_>, parts: &Parts, whole: &Whole) -> Profile {
    let name = name(scope);
    let profiles = &scope.delivery().profiles;
    let asked = profiles.iter().find(|asked| asked.name == name);
    Profile {
        name: name.to_owned(),
        activation: asked
            .map(|asked| activation(None, asked))
            .unwrap_or_default(),
        build: parts.build.clone().filter(|_| whole.build),
        manifests: parts.manifests.clone(),
        deploy: whole.deploy.then(|| parts.deploy.clone()),
        port_forward: match whole.forwards {
            true => parts.forwards.clone(),
            false => Vec::new(),
        },
        patches: asked.map(|asked| asked.patches.clone()).unwrap_or_default(),
    }
}

fn name<'a>(scope: &Scope<'a>) -> &'a str {
    scope.given.name.unwrap_or_default()
}

/// Profiles that are told something and that no environment is called like.
fn nowhere(scopes: &[Scope<'_>]) -> Vec<Diagnostic> {
    let names: Vec<&str> = scopes.iter().map(name).collect();
    let is_nowhere = |asked: &&delivery::Profile| !names.contains(&asked.name.as_str());
    let asked = scopes[0].delivery().profiles.iter().filter(is_nowhere);
    let said = asked.map(|asked| {
        let message = format!(
            "the profile `{}` is not written: no environment is called like it",
            asked.name
        );
        let help = match suggest::nearest(&asked.name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("written are {}", suggest::list(names.iter().copied())),
        };
        Diagnostic::warning("not-carried", asked.span, message)
            .path(format!("output.skaffold.profiles.{}", asked.name))
            .help(help)
    });
    said.collect()
}

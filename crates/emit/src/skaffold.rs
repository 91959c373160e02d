//! `skaffold.yaml`: images are built, objects deployed, ports forwarded.
//!
//! - `config`: the file's parts, as its schema has them;
//! - `artifact`: what is built;
//! - `deploy`: how objects reach the cluster, and what runs before and after;
//! - `forward`: ports on the developer's machine;
//! - `profile`: one for each environment that a state names;
//! - `environments`: several environments with objects of their own;
//! - `kustomize`: the base and the overlays that profiles name.
//!
//! <https://skaffold.dev/docs/references/yaml/>

mod artifact;
mod config;
mod deploy;
mod environments;
mod forward;
mod kustomize;
mod profile;

use kubewright_files::{File, OutputPath};
use kubewright_objects::delivery::{Delivery, Deployer};
use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::to_string;
use serde::Serialize;

use self::config::{API_VERSION, Config, Metadata};
use crate::form::{Beside, Emitted, Environment, Form, Given, Next};
use crate::owned::Owned;

/// The form.
pub const FORM: Form = Form {
    name: "skaffold",
    manifests,
    top: &[FILE],
    wants_manifests: true,
    is_whole: false,
    emit,
};

/// The file at the top.
const FILE: &str = "skaffold.yaml";

/// Kustomize wants what a base names within the base.
fn manifests(delivery: &Delivery) -> &'static str {
    match &delivery.deployer {
        Deployer::Kustomize { .. } => kustomize::BASE,
        Deployer::Kubectl | Deployer::Helm { .. } => "",
    }
}

fn emit(given: &Given<'_>) -> Result<Emitted, Box<Diagnostic>> {
    let scopes = given.environments.iter().map(|environment| Scope {
        given: environment,
        origin: given.origin,
        owned: Owned::new(environment.objects),
    });
    let scopes: Vec<Scope<'_>> = scopes.collect();
    let mut emitted = Emitted {
        next: Some(Next::Start {
            command: "skaffold dev",
            file: FILE,
        }),
        ..Emitted::default()
    };
    for (environment, scope) in scopes.iter().enumerate() {
        let files = kustomize::files(scope, scopes.len() > 1)?;
        let files = files.into_iter();
        emitted
            .beside
            .extend(files.map(|file| Beside { environment, file }));
        emitted.diagnostics.extend(artifact::untold(scope));
    }
    let config = match scopes.as_slice() {
        [scope] => config(scope, &mut emitted),
        scopes => environments::config(scopes, &mut emitted),
    };
    let mut text = comment(given.origin, given.environments[0].delivery);
    text.push_str(&yaml(&config)?);
    emitted.top.push(file(FILE, text)?);
    Ok(emitted)
}

/// What the parts of the file are computed from.
struct Scope<'a> {
    given: &'a Environment<'a>,
    origin: &'a str,
    owned: Owned<'a>,
}

impl Scope<'_> {
    fn delivery(&self) -> &Delivery {
        self.given.delivery
    }
}

fn config(scope: &Scope<'_>, emitted: &mut Emitted) -> Config {
    let delivery = scope.delivery();
    let namespace = delivery.namespace.as_deref();
    let profiles = profile::all(scope, emitted);
    let forwards = match profiles.is_empty() && delivery.forward {
        true => forward::published(scope),
        false => Vec::new(),
    };
    Config {
        api_version: API_VERSION,
        kind: "Config",
        metadata: Metadata {
            name: delivery.name.clone(),
        },
        build: artifact::build(scope),
        manifests: deploy::manifests(scope),
        deploy: deploy::deploy(scope, namespace, delivery.server_side_apply),
        port_forward: forwards,
        profiles,
    }
}

fn comment(origin: &str, delivery: &Delivery) -> String {
    let mut text = format!("# {origin}\n");
    let profiles = &delivery.profiles;
    if profiles.iter().any(|profile| profile.name == FROM_LOCAL) {
        text.push_str(HOW_FROM_LOCAL);
    }
    text
}

/// The profile of the wizard that needs no registry.
const FROM_LOCAL: &str = "dev-from-local";

const HOW_FROM_LOCAL: &str = "\
#
# On this machine, without a registry:
#
#   export SKAFFOLD_DEFAULT_REPO=
#   set -a; . ./.env; set +a
#   skaffold dev -p dev-from-local
";

fn yaml(value: &impl Serialize) -> Result<String, Box<Diagnostic>> {
    to_string(value, &kubewright_yaml::AsGiven).map_err(|error| unwritable(&error.to_string()))
}

fn file(path: &str, text: String) -> Result<File, Box<Diagnostic>> {
    let path = OutputPath::new(path).map_err(|error| unwritable(&error.to_string()))?;
    Ok(File {
        path,
        text,
        objects: Vec::new(),
        sensitive: false,
    })
}

fn unwritable(why: &str) -> Box<Diagnostic> {
    let message = format!("the files for Skaffold cannot be written: {why}");
    let said = Diagnostic::error("unwritable", Span::NONE, message);
    Box::new(said.help("this is a fault of kubewright; please report it with the input"))
}

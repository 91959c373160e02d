//! What is run elsewhere: its variables as objects, and how they come into the
//! containers of those who depend on it.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::Located;
use kubewright_model::infrastructure::{Infrastructure, Managed};
use kubewright_model::project::Entry;
use kubewright_model::variable::{Variable, VariableValue};
use kubewright_objects::{Body, Object, Origin, Role};
use kubewright_source::{Diagnostic, Diagnostics};

use crate::aspect::{Draft, Scope, namespace};
use crate::config_hash::ConfigHash;
use crate::container::environment;
use crate::secret::bundle::{Bundle, Owner};
use crate::{Lowering, labels, shared};

/// The thing, where an entry is one.
pub(crate) fn of_entry(entry: &Entry) -> Option<&Managed> {
    let Entry::Infrastructure(infrastructure) = entry else {
        return None;
    };
    match &**infrastructure {
        Infrastructure::Managed(managed) => Some(managed),
        Infrastructure::SelfHosted(_) => None,
    }
}

/// Its variables, by where they are.
struct Parts<'a> {
    config: BTreeMap<String, String>,
    secrets: Bundle<'a>,
    /// What stands in objects that are not made for it, or in the pod itself.
    further: Vec<core::EnvVar>,
}

fn parts<'a>(
    lowering: &'a Lowering<'a>,
    managed: &'a Managed,
    diagnostics: &mut Diagnostics,
) -> Parts<'a> {
    let base = managed.name.as_str();
    let mut parts = Parts {
        config: BTreeMap::new(),
        secrets: Bundle::new(lowering, base.to_owned()),
        further: Vec::new(),
    };
    for variable in &managed.environment {
        take(variable, &mut parts, diagnostics);
    }
    parts
}

fn take<'a>(variable: &'a Variable, parts: &mut Parts<'a>, diagnostics: &mut Diagnostics) {
    let name = variable.name.as_str();
    match &variable.value {
        VariableValue::Text(text) | VariableValue::Inline(text) | VariableValue::Deploy(text) => {
            parts.config.insert(name.to_owned(), text.value.clone());
        }
        VariableValue::Secret(secret) => {
            let found = parts.secrets.add(name, secret, diagnostics);
            if !parts.secrets.names().contains(&found.object) {
                let source = environment::from_secret(name, &found.object, &found.key, None);
                parts.further.push(source);
            }
        }
        VariableValue::SecretKey(_)
        | VariableValue::ConfigMapKey(_)
        | VariableValue::Field(_)
        | VariableValue::ResourceField { .. } => {
            parts.further.extend(environment::referenced(variable));
        }
    }
}

/// What its clients need to know.
pub(crate) fn objects(
    lowering: &Lowering<'_>,
    managed: &Managed,
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let metadata = |name: String| metadata(lowering, managed, &name);
    let object = |body: Body| {
        let origin = Origin {
            span: managed.origin.span,
            label: managed.origin.value.clone(),
        };
        Object::new(body, origin)
    };
    let parts = parts(lowering, managed, diagnostics);
    let mut objects = Vec::new();
    if !parts.config.is_empty() {
        let mut made = object(Body::from(core::ConfigMap {
            metadata: metadata(format!("{}-config", managed.name.value)),
            data: Some(parts.config),
            ..core::ConfigMap::default()
        }));
        made.role = Role::Config;
        objects.push(made);
    }
    let owner = Owner {
        span: managed.origin.span,
        namespace: namespace(lowering, managed.namespace.as_ref()),
        metadata: &metadata,
        object: &object,
    };
    let mut unused = ConfigHash::default();
    let secrets = parts.secrets;
    objects.extend(secrets.into_objects(&owner, &mut unused, diagnostics));
    objects
}

fn metadata(lowering: &Lowering<'_>, managed: &Managed, name: &str) -> ObjectMeta {
    let own = managed.name.as_str();
    let mut metadata = shared::metadata(lowering, name);
    metadata.namespace = namespace(lowering, managed.namespace.as_ref());
    let labels = metadata.labels.get_or_insert_default();
    labels.insert(labels::APP.to_owned(), own.to_owned());
    labels.insert("app.kubernetes.io/name".to_owned(), own.to_owned());
    metadata.annotations = managed.notes.as_ref().map(|notes| {
        let key = "kubewright.dev/provider-notes";
        BTreeMap::from([(key.to_owned(), notes.value.clone())])
    });
    metadata
}

/// Its variables come into a container of a client, each object only if it
/// exists. What the container says itself counts more.
pub(crate) fn inject(
    scope: &Scope<'_>,
    managed: &Managed,
    on: &Located<kubewright_model::Name>,
    container: usize,
    draft: &mut Draft,
) {
    // What there is to say of its variables is said where they become objects.
    let parts = parts(scope.lowering, managed, &mut Diagnostics::default());
    let from = |object: String, secret: bool| core::EnvFromSource {
        config_map_ref: (!secret).then(|| core::ConfigMapEnvSource {
            name: object.clone(),
            optional: None,
        }),
        secret_ref: secret.then_some(core::SecretEnvSource {
            name: object,
            optional: None,
        }),
        prefix: None,
    };
    let config = (!parts.config.is_empty()).then(|| format!("{}-config", managed.name.value));
    let secrets = parts.secrets.names();
    let mut sources: Vec<core::EnvFromSource> =
        config.into_iter().map(|name| from(name, false)).collect();
    sources.extend(secrets.into_iter().map(|name| from(name, true)));
    if !sources.is_empty() {
        draft.diagnostics.extend(elsewhere(scope, managed, on));
    }
    let Some(container) = draft.containers.get_mut(container) else {
        return;
    };
    if !sources.is_empty() {
        container.env_from.get_or_insert_default().extend(sources);
    }
    for variable in parts.further {
        let own = container.env.get_or_insert_default();
        if own.iter().all(|other| other.name != variable.name) {
            own.push(variable);
        }
    }
    if container.env.as_ref().is_some_and(Vec::is_empty) {
        container.env = None;
    }
}

/// Pods take variables from objects of their own namespace only.
fn elsewhere(
    scope: &Scope<'_>,
    managed: &Managed,
    on: &Located<kubewright_model::Name>,
) -> Option<Diagnostic> {
    let own = scope.namespace();
    let there = namespace(scope.lowering, managed.namespace.as_ref());
    let name = |namespace: &Option<String>| namespace.clone().unwrap_or_else(|| "default".into());
    let message = format!(
        "`{}` runs in namespace `{}` and takes its variables from there, and those of `{}` are in `{}`",
        scope.name(),
        name(&own),
        managed.name.value,
        name(&there)
    );
    let said = Diagnostic::error("other-namespace", on.span, message);
    (own != there).then(|| said.help("give both the same `namespace`"))
}

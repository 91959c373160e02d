//! Variables, and the ConfigMap and Secret that hold them.
//!
//! <https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/>

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1 as core;
use kubewright_knowledge::Fix;
use kubewright_model::variable::{Variable, VariableValue, VariablesSource};
use kubewright_model::volume::VolumeSource;
use kubewright_objects::{Object, Role};

use crate::aspect::{Aspect, ContainerScope, Draft};
use crate::secret::bundle::{Bundle, Owner};

pub(crate) const ASPECT: Aspect = Aspect {
    container,
    ..Aspect::NONE
};

fn container(scope: &ContainerScope<'_>, container: &mut core::Container, draft: &mut Draft) {
    let mut data = Data {
        config: BTreeMap::new(),
        secrets: Bundle::new(scope.app.lowering, scope.prefix.clone()),
    };
    let own = scope.container.environment.iter();
    let mut variables: Vec<core::EnvVar> = fresh_file_system(scope).into_iter().collect();
    variables.extend(own.map(|variable| lower(scope, variable, &mut data, draft)));
    let whole = taken_whole(scope);
    let referred = |name: &str| {
        let reference = format!("$({name})");
        let mut values = variables.iter().filter_map(|one| one.value.as_deref());
        values.any(|value| value.contains(&reference))
    };
    let is_needed = |one: &core::EnvVar| !comes_along(one, &whole) || referred(&one.name);
    let needed: Vec<bool> = variables.iter().map(is_needed).collect();
    let mut needed = needed.into_iter();
    variables.retain(|_| needed.next().unwrap_or(true));
    container.env = (!variables.is_empty()).then_some(variables);
    container.env_from = sources(scope);
    data.into_objects(scope, draft);
}

/// What goes into the container's own ConfigMap and Secret.
struct Data<'a> {
    config: BTreeMap<String, String>,
    secrets: Bundle<'a>,
}

fn lower<'a>(
    scope: &ContainerScope<'_>,
    variable: &'a Variable,
    data: &mut Data<'a>,
    draft: &mut Draft,
) -> core::EnvVar {
    let name = variable.name.as_str();
    match &variable.value {
        VariableValue::Text(text) | VariableValue::Deploy(text) => {
            if !variable.name.is_data_key() {
                // `$(` would be replaced here, but not in a ConfigMap.
                return inline(name, &text.replace("$(", "$$("));
            }
            data.config.insert(name.to_owned(), text.value.clone());
            from_config(name, &format!("{}-config", scope.prefix), name, None)
        }
        VariableValue::Inline(text) => inline(name, text),
        VariableValue::Secret(secret) => {
            let found = data.secrets.add(name, secret, &mut draft.diagnostics);
            from_secret(name, &found.object, &found.key, None)
        }
        VariableValue::SecretKey(_)
        | VariableValue::ConfigMapKey(_)
        | VariableValue::Field(_)
        | VariableValue::ResourceField { .. } => {
            referenced(variable).expect("the variable is one of these")
        }
    }
}

/// A variable whose value stands in an object of somebody else, or in the pod;
/// none for all others.
pub(crate) fn referenced(variable: &Variable) -> Option<core::EnvVar> {
    let name = variable.name.as_str();
    let said = |optional: &kubewright_model::Given<bool>| optional.as_ref().map(|o| o.value);
    match &variable.value {
        VariableValue::Text(_)
        | VariableValue::Inline(_)
        | VariableValue::Deploy(_)
        | VariableValue::Secret(_) => None,
        VariableValue::SecretKey(reference) => {
            let (object, key) = (reference.name.as_str(), reference.key.as_str());
            Some(from_secret(name, object, key, said(&reference.optional)))
        }
        VariableValue::ConfigMapKey(reference) => {
            let (object, key) = (reference.name.as_str(), reference.key.as_str());
            Some(from_config(name, object, key, said(&reference.optional)))
        }
        VariableValue::Field(path) => Some(with_source(
            name,
            core::EnvVarSource {
                field_ref: Some(core::ObjectFieldSelector {
                    field_path: path.as_str().to_owned(),
                    api_version: None,
                }),
                ..core::EnvVarSource::default()
            },
        )),
        VariableValue::ResourceField {
            container,
            resource,
        } => Some(with_source(
            name,
            core::EnvVarSource {
                resource_field_ref: Some(core::ResourceFieldSelector {
                    container_name: container.as_ref().map(|container| container.value.clone()),
                    resource: resource.as_str().to_owned(),
                    divisor: None,
                }),
                ..core::EnvVarSource::default()
            },
        )),
    }
}

fn inline(name: &str, value: &str) -> core::EnvVar {
    core::EnvVar {
        name: name.to_owned(),
        value: Some(value.to_owned()),
        value_from: None,
    }
}

fn with_source(name: &str, source: core::EnvVarSource) -> core::EnvVar {
    core::EnvVar {
        name: name.to_owned(),
        value: None,
        value_from: Some(source),
    }
}

fn from_config(name: &str, object: &str, key: &str, optional: Option<bool>) -> core::EnvVar {
    with_source(
        name,
        core::EnvVarSource {
            config_map_key_ref: Some(core::ConfigMapKeySelector {
                name: object.to_owned(),
                key: key.to_owned(),
                optional,
            }),
            ..core::EnvVarSource::default()
        },
    )
}

pub(crate) fn from_secret(
    name: &str,
    object: &str,
    key: &str,
    optional: Option<bool>,
) -> core::EnvVar {
    with_source(
        name,
        core::EnvVarSource {
            secret_key_ref: Some(core::SecretKeySelector {
                name: object.to_owned(),
                key: key.to_owned(),
                optional,
            }),
            ..core::EnvVarSource::default()
        },
    )
}

/// The objects that are taken in whole and under their own names, and whose
/// variables none that are taken in later replace: those of the container itself.
fn taken_whole<'a>(scope: &'a ContainerScope<'_>) -> Vec<&'a VariablesSource> {
    let is_own = |name: &str| {
        let rest = name.strip_prefix(scope.prefix.as_str());
        matches!(rest, Some("-config" | "-secrets"))
    };
    let given = scope.container.environment_from.iter().rev();
    let own = given.take_while(|from| {
        let (VariablesSource::ConfigMap(name) | VariablesSource::Secret(name)) = &from.source;
        let optional = from
            .optional
            .as_ref()
            .is_some_and(|optional| optional.value);
        from.prefix.is_none() && !optional && is_own(name.as_str())
    });
    own.map(|from| &from.source).collect()
}

/// Whether a variable comes along with its object anyway. Values refer to those
/// variables only that stand on their own.
fn comes_along(variable: &core::EnvVar, whole: &[&VariablesSource]) -> bool {
    let Some(source) = &variable.value_from else {
        return false;
    };
    let config = source.config_map_key_ref.as_ref();
    let secret = source.secret_key_ref.as_ref();
    whole.iter().any(|object| match object {
        VariablesSource::ConfigMap(name) => {
            config.is_some_and(|key| key.name == name.as_str() && key.key == variable.name)
        }
        VariablesSource::Secret(name) => {
            secret.is_some_and(|key| key.name == name.as_str() && key.key == variable.name)
        }
    })
}

fn sources(scope: &ContainerScope<'_>) -> Option<Vec<core::EnvFromSource>> {
    let given = &scope.container.environment_from;
    let sources = given.iter().map(|from| {
        let optional = from.optional.as_ref().map(|optional| optional.value);
        let mut source = core::EnvFromSource {
            prefix: from.prefix.as_ref().map(|prefix| prefix.value.clone()),
            ..core::EnvFromSource::default()
        };
        match &from.source {
            VariablesSource::ConfigMap(name) => {
                source.config_map_ref = Some(core::ConfigMapEnvSource {
                    name: name.as_str().to_owned(),
                    optional,
                });
            }
            VariablesSource::Secret(name) => {
                source.secret_ref = Some(core::SecretEnvSource {
                    name: name.as_str().to_owned(),
                    optional,
                });
            }
        }
        source
    });
    (!given.is_empty()).then(|| sources.collect())
}

/// The variable that keeps an image's data below the root of a fresh file
/// system, which holds `lost+found`.
fn fresh_file_system(scope: &ContainerScope<'_>) -> Option<core::EnvVar> {
    let known = scope.known?;
    let claims = scope.container.mounts.iter().filter(|mount| {
        let volume = scope.app.app.volume(&mount.volume);
        mount.sub_path.is_none()
            && volume.is_some_and(|volume| match &volume.source {
                VolumeSource::Claim(_) | VolumeSource::Shared(_) => true,
                VolumeSource::ExistingClaim(_)
                | VolumeSource::EmptyDir { .. }
                | VolumeSource::ConfigMap(_)
                | VolumeSource::Secret(_)
                | VolumeSource::HostPath { .. }
                | VolumeSource::Image(_)
                | VolumeSource::Other(_) => false,
            })
    });
    let fix = claims
        .filter_map(|mount| {
            known
                .family
                .fresh_file_system(known.tag, mount.path.as_str())
        })
        .find_map(|fix| match fix {
            Fix::Variable { name, value } => Some((name, value)),
            Fix::SubPath(_) => None,
        });
    let (name, value) = fix?;
    let given = scope
        .container
        .environment
        .iter()
        .any(|variable| variable.name.as_str() == name);
    (!given).then(|| inline(name, &value))
}

impl Data<'_> {
    fn into_objects(self, scope: &ContainerScope<'_>, draft: &mut Draft) {
        if !self.config.is_empty() {
            let entries = self.config.iter();
            draft
                .hash
                .add(entries.map(|(key, value)| (key.as_str(), value.as_bytes())));
            draft.objects.push(config_map(scope, self.config));
        }
        let app = scope.app;
        let owner = Owner {
            span: app.app.name.span,
            namespace: app.namespace(),
            metadata: &|name| app.metadata(name),
            object: &|body| app.object(body),
        };
        let (hash, said) = (&mut draft.hash, &mut draft.diagnostics);
        let made = self.secrets.into_objects(&owner, hash, said);
        draft.objects.extend(made);
    }
}

fn config_map(scope: &ContainerScope<'_>, data: BTreeMap<String, String>) -> Object {
    let mut object = scope.app.object(core::ConfigMap {
        metadata: scope.app.metadata(format!("{}-config", scope.prefix)),
        data: Some(data),
        ..core::ConfigMap::default()
    });
    object.role = Role::Config;
    object
}

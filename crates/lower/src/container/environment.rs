//! Variables, and the ConfigMap and Secret that hold them.
//!
//! <https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/>

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1 as core;
use kubewright_knowledge::Fix;
use kubewright_model::value::DataKey;
use kubewright_model::variable::{
    KeyReference, SecretVariable, Variable, VariableValue, VariablesSource,
};
use kubewright_model::volume::VolumeSource;
use kubewright_objects::{Object, Role};
use kubewright_source::{Diagnostic, Span};

use crate::Secrets;
use crate::aspect::{Aspect, ContainerScope, Draft};

pub(crate) const ASPECT: Aspect = Aspect {
    container,
    ..Aspect::NONE
};

/// What stands where a secret's value is not known.
pub(crate) const PLACEHOLDER: &str = "CHANGE_ME";

fn container(scope: &ContainerScope<'_>, container: &mut core::Container, draft: &mut Draft) {
    let mut data = Data::default();
    let own = scope.container.environment.iter();
    let mut variables: Vec<core::EnvVar> = fresh_file_system(scope).into_iter().collect();
    variables.extend(own.map(|variable| lower(scope, variable, &mut data)));
    container.env = (!variables.is_empty()).then_some(variables);
    container.env_from = sources(scope);
    data.into_objects(scope, draft);
}

/// What goes into the container's own ConfigMap and Secret.
#[derive(Default)]
struct Data<'a> {
    config: BTreeMap<String, String>,
    secrets: BTreeMap<String, &'a SecretVariable>,
}

fn lower<'a>(
    scope: &ContainerScope<'_>,
    variable: &'a Variable,
    data: &mut Data<'a>,
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
            let key = free_key(name, &data.secrets);
            data.secrets.insert(key.clone(), secret);
            from_secret(name, &format!("{}-secrets", scope.prefix), &key, None)
        }
        VariableValue::SecretKey(reference) => {
            let KeyReference {
                name: object,
                key,
                optional,
            } = reference;
            from_secret(
                name,
                object.as_str(),
                key.as_str(),
                optional.as_ref().map(|o| o.value),
            )
        }
        VariableValue::ConfigMapKey(reference) => {
            let KeyReference {
                name: object,
                key,
                optional,
            } = reference;
            from_config(
                name,
                object.as_str(),
                key.as_str(),
                optional.as_ref().map(|o| o.value),
            )
        }
        VariableValue::Field(path) => with_source(
            name,
            core::EnvVarSource {
                field_ref: Some(core::ObjectFieldSelector {
                    field_path: path.value.clone(),
                    api_version: None,
                }),
                ..core::EnvVarSource::default()
            },
        ),
        VariableValue::ResourceField {
            container,
            resource,
        } => with_source(
            name,
            core::EnvVarSource {
                resource_field_ref: Some(core::ResourceFieldSelector {
                    container_name: container.as_ref().map(|container| container.value.clone()),
                    resource: resource.value.clone(),
                    divisor: None,
                }),
                ..core::EnvVarSource::default()
            },
        ),
    }
}

/// The variable's name as a key of a Secret, which has fewer letters to choose
/// from; a number behind it where that key is taken.
fn free_key(name: &str, taken: &BTreeMap<String, &SecretVariable>) -> String {
    let key = DataKey::sanitised(name).map_or_else(|_| "value".to_owned(), String::from);
    let mut candidate = key.clone();
    let mut number = 2;
    while taken.contains_key(&candidate) {
        candidate = format!("{key}_{number}");
        number += 1;
    }
    candidate
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

fn from_secret(name: &str, object: &str, key: &str, optional: Option<bool>) -> core::EnvVar {
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
            for (key, value) in &self.config {
                draft.hash.add(key, value.as_bytes());
            }
            draft.objects.push(config_map(scope, self.config));
        }
        if !self.secrets.is_empty() {
            secret(scope, self.secrets, draft);
        }
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

fn secret(
    scope: &ContainerScope<'_>,
    secrets: BTreeMap<String, &SecretVariable>,
    draft: &mut Draft,
) {
    let mode = scope.app.lowering.options.secrets;
    let name = format!("{}-secrets", scope.prefix);
    let mut sensitive = false;
    let mut data = BTreeMap::new();
    for (key, secret) in secrets {
        let known = match mode {
            Secrets::Local | Secrets::Inline => secret.known.as_ref(),
            Secrets::Placeholder | Secrets::External => None,
        };
        let value = known.map_or(PLACEHOLDER, |known| known.value.reveal());
        draft.hash.add(&key, value.as_bytes());
        sensitive |= known.is_some() && mode == Secrets::Local;
        data.insert(key, value.to_owned());
    }
    if mode == Secrets::External {
        let (span, namespace) = (scope.app.app.name.span, scope.app.namespace());
        let keys: Vec<_> = data.keys().map(|key| (key.as_str(), None)).collect();
        let said = awaited_secret(span, &name, namespace.as_deref(), &keys);
        draft.diagnostics.push(said);
        return;
    }
    report_placeholders(scope, &name, &data, draft);
    let mut object = scope.app.object(core::Secret {
        metadata: scope.app.metadata(name),
        string_data: Some(data),
        ..core::Secret::default()
    });
    object.role = Role::Secrets;
    object.sensitive = sensitive;
    draft.objects.push(object);
}

/// A Secret that nobody writes, and without which no pod starts. `keys` are its keys,
/// each with the file that has the value, where there is one.
pub(crate) fn awaited_secret(
    span: Span,
    name: &str,
    namespace: Option<&str>,
    keys: &[(&str, Option<&str>)],
) -> Diagnostic {
    let listed = kubewright_source::suggest::list(keys.iter().map(|(key, _)| *key));
    let of = namespace.map_or_else(String::new, |namespace| format!("-n {namespace} "));
    let options = keys.iter().map(|(key, file)| match file {
        Some(file) => format!(" --from-file={key}={file}"),
        None => format!(" --from-literal={key}=…"),
    });
    Diagnostic::warning(
        "awaited-secret",
        span,
        format!("Secret `{name}` is not written and has to be in the cluster, with {listed}"),
    )
    .help(format!(
        "make it before you apply: `kubectl {of}create secret generic {name}{}`",
        options.collect::<String>()
    ))
}

fn report_placeholders(
    scope: &ContainerScope<'_>,
    name: &str,
    data: &BTreeMap<String, String>,
    draft: &mut Draft,
) {
    let open: Vec<&str> = data
        .iter()
        .filter(|(_, value)| value.as_str() == PLACEHOLDER)
        .map(|(key, _)| key.as_str())
        .collect();
    if open.is_empty() {
        return;
    }
    draft.diagnostics.push(
        Diagnostic::note(
            "placeholder-secret",
            scope.app.app.name.span,
            format!(
                "Secret `{name}` holds `{PLACEHOLDER}` for {}",
                kubewright_source::suggest::list(open)
            ),
        )
        .help(
            "put the values in before you apply it, and do not commit them then: git does not \
             ignore its file; or keep them in a `.env` file beside the input",
        ),
    );
}

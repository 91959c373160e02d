//! Objects of the project rather than of one app: the Namespace, shared claims,
//! secrets that are files, and what is known of things run elsewhere.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::file::{FileContent, SecretFrom};
use kubewright_model::infrastructure::{Infrastructure, Managed};
use kubewright_model::project::{Entry, NetworkPolicyMode};
use kubewright_model::value::{DataKey, SecretText};
use kubewright_model::variable::VariableValue;
use kubewright_model::volume::SharedClaim;
use kubewright_model::{Located, Name, ObjectName, Project, Span};
use kubewright_objects::{Object, Origin, Role};
use kubewright_source::{Diagnostic, Diagnostics};

use crate::container::environment::{PLACEHOLDER, awaited_secret};
use crate::{Lowering, Secrets, aspect, labels, network_policy, volume};

/// All of them.
pub(crate) fn objects(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) -> Vec<Object> {
    let mut objects: Vec<Object> = namespace(lowering).into_iter().collect();
    objects.extend(crate::longhorn::classes(lowering, diagnostics));
    objects.extend(claims(lowering));
    objects.extend(secret_files(lowering, diagnostics));
    objects.extend(network_policy::of_networks(lowering, diagnostics));
    objects.extend(network_policy::routed(lowering));
    report_networks(lowering, diagnostics);
    objects
}

/// Metadata of an object that belongs to no single app.
pub(crate) fn metadata(lowering: &Lowering<'_>, name: &str) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: aspect::namespace(lowering, None),
        labels: Some(labels::of_project(lowering.project)),
        ..ObjectMeta::default()
    }
}

/// The Namespace, unless it is `default`, which every cluster has.
fn namespace(lowering: &Lowering<'_>) -> Option<Object> {
    let namespace = lowering.project.facts.namespace.as_ref()?;
    let unsaid = namespace.name.as_str() != "default";
    let made = namespace
        .create
        .as_ref()
        .map_or(unsaid, |create| create.value);
    if !made {
        return None;
    }
    let mut labels = labels::of_project(lowering.project);
    labels.extend(crate::profile::namespace_labels(lowering));
    for (key, value) in &namespace.labels {
        labels.insert(key.as_str().to_owned(), value.as_str().to_owned());
    }
    let origin = Origin {
        span: namespace.name.span,
        label: "namespace".to_owned(),
    };
    Some(Object::new(
        core::Namespace {
            metadata: ObjectMeta {
                name: Some(namespace.name.as_str().to_owned()),
                labels: Some(labels),
                ..ObjectMeta::default()
            },
            ..core::Namespace::default()
        },
        origin,
    ))
}

/// Without policies every pod of the cluster reaches every other, whatever the
/// networks of the input say.
fn report_networks(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) {
    let project = lowering.project;
    if project.facts.network_policy == NetworkPolicyMode::Networks {
        return;
    }
    let mut members: BTreeMap<&Name, (Span, Vec<&str>)> = BTreeMap::new();
    for app in project.apps() {
        for network in &app.access.networks {
            let (_, names) = members
                .entry(&network.value)
                .or_insert_with(|| (network.span, Vec::new()));
            names.push(app.name.as_str());
        }
    }
    if members.len() < 2
        && !project
            .networks
            .values()
            .any(|network| network.internal.value || network.shared.is_some())
    {
        // All of them are on one that is theirs: nothing is kept apart.
        return;
    }
    for (network, (span, names)) in members {
        let internal = project
            .networks
            .get(network)
            .is_some_and(|network| network.internal.value);
        let closed = if internal {
            ", and lets them reach what is outside"
        } else {
            ""
        };
        diagnostics.push(
            Diagnostic::note(
                "open-network",
                span,
                format!(
                    "Kubernetes does not keep network `{network}` ({}) apart from others{closed}",
                    names.join(", ")
                ),
            )
            .help("ask for `--network-policies compose` where it must be, on a cluster whose network plugin enforces policies"),
        );
    }
}

fn claims(lowering: &Lowering<'_>) -> Vec<Object> {
    let project = lowering.project;
    let sizes = volume::shared_sizes(project);
    let made = project
        .volumes
        .iter()
        .filter_map(|(name, shared)| match &shared.claim {
            SharedClaim::Made(claim) => Some((name, shared.declared.span, claim)),
            SharedClaim::External(_) => None,
        });
    made.map(|(name, span, claim)| {
        let object_name = volume::shared_claim_name(project, name);
        Object::new(
            core::PersistentVolumeClaim {
                metadata: volume::with_own(metadata(lowering, &object_name), claim),
                spec: Some(volume::claim_spec(project, claim, sizes.get(name).copied())),
                ..core::PersistentVolumeClaim::default()
            },
            Origin {
                span,
                label: format!("volume {name}"),
            },
        )
    })
    .collect()
}

/// The Secret and the key that hold a secret which is mounted as a file.
pub(crate) fn secret_file(project: &Project, name: &str) -> (String, String) {
    let object = ObjectName::sanitised(name);
    let object = object.map_or_else(|_| "secret".to_owned(), |name| name.as_str().to_owned());
    let key = DataKey::sanitised(name).map_or_else(|_| "value".to_owned(), String::from);
    match project.secrets.get(name).map(|source| &source.from) {
        Some(SecretFrom::External {
            name: Some(external),
        }) => (external.as_str().to_owned(), key),
        Some(
            SecretFrom::External { name: None }
            | SecretFrom::Environment { .. }
            | SecretFrom::File { .. }
            | SecretFrom::Store,
        )
        | None => (object, key),
    }
}

/// Secrets of the project that some container mounts as a file.
fn secret_files(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) -> Vec<Object> {
    let project = lowering.project;
    let mut used: BTreeMap<&str, Span> = BTreeMap::new();
    for app in project.apps() {
        for container in app.containers() {
            for mount in &container.files {
                if let FileContent::Secret(name) = &mount.content {
                    used.entry(name.value.as_str()).or_insert(name.span);
                }
            }
        }
    }
    used.into_iter()
        .filter_map(|(name, span)| secret_object(lowering, name, span, diagnostics))
        .collect()
}

/// The value in the Secret that is generated for a secret which is mounted as a
/// file; none where none is generated, or a placeholder stands in it.
pub(crate) fn secret_value<'l>(
    lowering: &Lowering<'l>,
    name: &str,
) -> Option<&'l Located<SecretText>> {
    match lowering.options.secrets {
        Secrets::Local | Secrets::Inline => {}
        Secrets::Placeholder | Secrets::External => return None,
    }
    match &lowering.project.secrets.get(name)?.from {
        SecretFrom::File { content, .. } => Some(content),
        SecretFrom::Environment { known, .. } => known.as_ref(),
        SecretFrom::Store | SecretFrom::External { .. } => None,
    }
}

fn secret_object(
    lowering: &Lowering<'_>,
    name: &str,
    used: Span,
    diagnostics: &mut Diagnostics,
) -> Option<Object> {
    let mode = lowering.options.secrets;
    let source = lowering.project.secrets.get(name);
    let is_external =
        source.is_some_and(|source| matches!(source.from, SecretFrom::External { .. }));
    if is_external {
        return None;
    }
    if mode == Secrets::External {
        let (object_name, key) = secret_file(lowering.project, name);
        let span = source.map_or(used, |source| source.declared.span);
        let namespace = aspect::namespace(lowering, None);
        let file = source.and_then(|source| match &source.from {
            SecretFrom::File { path, .. } => Some(path.as_str()),
            SecretFrom::Environment { .. } | SecretFrom::External { .. } | SecretFrom::Store => {
                None
            }
        });
        let keys = [(key.as_str(), file)];
        let said = awaited_secret(span, &object_name, namespace.as_deref(), &keys);
        diagnostics.push(said);
        return None;
    }
    let known = secret_value(lowering, name);
    let (object_name, key) = secret_file(lowering.project, name);
    if known.is_none() {
        diagnostics.push(
            Diagnostic::note(
                "placeholder-secret",
                source.map_or(used, |source| source.declared.span),
                format!("Secret `{object_name}` holds `{PLACEHOLDER}` for `{key}`"),
            )
            .help(
                "put the value in before you apply it, and do not commit it then: git does not \
                 ignore its file",
            ),
        );
    }
    let value = known.map_or(PLACEHOLDER, |known| known.value.reveal());
    let origin = Origin {
        span: source.map_or(used, |source| source.declared.span),
        label: format!("secret {name}"),
    };
    let secret = core::Secret {
        metadata: metadata(lowering, &object_name),
        string_data: Some(BTreeMap::from([(key, value.to_owned())])),
        ..core::Secret::default()
    };
    let mut object = Object::new(secret, origin);
    object.sensitive = known.is_some() && mode == Secrets::Local;
    Some(object)
}

/// What clients of something that is run elsewhere need to know.
pub(crate) fn managed(
    lowering: &Lowering<'_>,
    entry: &Entry,
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let Entry::Infrastructure(infrastructure) = entry else {
        return Vec::new();
    };
    let Infrastructure::Managed(managed) = &**infrastructure else {
        return Vec::new();
    };
    let name = managed.name.as_str();
    let annotations = managed.notes.as_ref().map(|notes| {
        BTreeMap::from([(
            "kubewright.dev/provider-notes".to_owned(),
            notes.value.clone(),
        )])
    });
    let meta = |suffix: &str| {
        let mut meta = metadata(lowering, &format!("{name}-{suffix}"));
        meta.namespace = aspect::namespace(lowering, managed.namespace.as_ref());
        let labels = meta.labels.get_or_insert_default();
        labels.insert(labels::APP.to_owned(), name.to_owned());
        labels.insert("app.kubernetes.io/name".to_owned(), name.to_owned());
        meta.annotations.clone_from(&annotations);
        meta
    };
    let origin = || Origin {
        span: managed.origin.span,
        label: managed.origin.value.clone(),
    };
    let (config, secrets) = managed_data(managed, lowering.options.secrets);
    let mut objects = Vec::new();
    if !config.is_empty() {
        let mut object = Object::new(
            core::ConfigMap {
                metadata: meta("config"),
                data: Some(config),
                ..core::ConfigMap::default()
            },
            origin(),
        );
        object.role = Role::Config;
        objects.push(object);
    }
    if !secrets.is_empty() && lowering.options.secrets == Secrets::External {
        let name = format!("{name}-secrets");
        let namespace = aspect::namespace(lowering, managed.namespace.as_ref());
        let keys: Vec<_> = secrets.keys().map(|key| (key.as_str(), None)).collect();
        let span = managed.origin.span;
        diagnostics.push(awaited_secret(span, &name, namespace.as_deref(), &keys));
    } else if !secrets.is_empty() {
        let sensitive = lowering.options.secrets == Secrets::Local
            && secrets.values().any(|value| value != PLACEHOLDER);
        let mut object = Object::new(
            core::Secret {
                metadata: meta("secrets"),
                string_data: Some(secrets),
                ..core::Secret::default()
            },
            origin(),
        );
        object.role = Role::Secrets;
        object.sensitive = sensitive;
        objects.push(object);
    }
    objects
}

/// Whether it has a ConfigMap, and whether it has a Secret.
pub(crate) fn managed_objects(managed: &Managed) -> (bool, bool) {
    let (config, secrets) = managed_data(managed, Secrets::Placeholder);
    (!config.is_empty(), !secrets.is_empty())
}

type Data = BTreeMap<String, String>;

fn managed_data(managed: &Managed, mode: Secrets) -> (Data, Data) {
    let mut config = Data::new();
    let mut secrets = Data::new();
    for variable in &managed.environment {
        let name = variable.name.as_str().to_owned();
        match &variable.value {
            VariableValue::Text(text)
            | VariableValue::Inline(text)
            | VariableValue::Deploy(text) => {
                config.insert(name, text.value.clone());
            }
            VariableValue::Secret(secret) => {
                let known = match mode {
                    Secrets::Local | Secrets::Inline => secret.known.as_ref(),
                    Secrets::Placeholder | Secrets::External => None,
                };
                let value = known.map_or(PLACEHOLDER, |known| known.value.reveal());
                secrets.insert(name, value.to_owned());
            }
            VariableValue::SecretKey(_)
            | VariableValue::ConfigMapKey(_)
            | VariableValue::Field(_)
            | VariableValue::ResourceField { .. } => {}
        }
    }
    (config, secrets)
}

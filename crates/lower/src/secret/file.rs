//! Secrets that are mounted as files.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::file::{FileContent, SecretFrom};
use kubewright_model::value::SecretText;
use kubewright_model::{Located, Project};
use kubewright_objects::{Body, Object, Origin};
use kubewright_source::{Diagnostic, Diagnostics};

use super::bundle::{self, Owner};
use super::{Asked, Home, PLACEHOLDER, Written, awaited, data_key, home, object_name, store};
use crate::{Lowering, Secrets, aspect, shared};

/// The Secret and the key that hold a secret which is mounted as a file.
pub(crate) fn object_and_key(project: &Project, name: &str) -> (String, String) {
    match project.secrets.get(name).map(|source| &source.from) {
        Some(SecretFrom::External {
            name: Some(external),
        }) => (external.as_str().to_owned(), data_key(name)),
        Some(
            SecretFrom::External { name: None }
            | SecretFrom::Environment { .. }
            | SecretFrom::File { .. }
            | SecretFrom::Store,
        )
        | None => (object_name(name), data_key(name)),
    }
}

/// The text of the Secret that is written for a secret which is mounted as a
/// file; none where none is written, or a placeholder stands in it.
pub(crate) fn value<'l>(
    lowering: &'l Lowering<'l>,
    name: &'l Located<String>,
) -> Option<std::borrow::Cow<'l, str>> {
    match home(lowering, asked(name), &mut Diagnostics::default()) {
        Home::Written(written) => written.value,
        Home::Existing { .. } | Home::Stored { .. } => None,
    }
}

fn asked(name: &Located<String>) -> Asked<'_> {
    Asked {
        name: Some(name),
        key: None,
        version: None,
        known: None::<&SecretText>,
    }
}

/// Secrets of the project that some container mounts as a file, in each
/// namespace that has such a container.
pub(crate) fn objects(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) -> Vec<Object> {
    let mut used: BTreeMap<(&str, Option<String>), &Located<String>> = BTreeMap::new();
    for app in lowering.project.apps() {
        let mounts = app.containers().flat_map(|container| &container.files);
        for mount in mounts {
            if let FileContent::Secret(name) = &mount.content {
                let namespace = aspect::namespace(lowering, app.namespace.as_ref());
                used.entry((name.as_str(), namespace)).or_insert(name);
            }
        }
    }
    let made = used
        .into_iter()
        .filter_map(|((_, namespace), name)| one(lowering, name, namespace, diagnostics));
    made.collect()
}

fn one(
    lowering: &Lowering<'_>,
    name: &Located<String>,
    namespace: Option<String>,
    diagnostics: &mut Diagnostics,
) -> Option<Object> {
    let source = super::source(lowering, name);
    let span = source.map_or(name.span, |source| source.declared.span);
    let (object, key) = object_and_key(lowering.project, name);
    let owner = Owner {
        span,
        namespace: namespace.clone(),
        metadata: &|object| ObjectMeta {
            namespace: namespace.clone(),
            ..shared::metadata(lowering, &object)
        },
        object: &|body: Body| {
            let label = format!("secret {}", name.value);
            Object::new(body, Origin { span, label })
        },
    };
    match home(lowering, asked(name), diagnostics) {
        Home::Existing { .. } => None,
        Home::Stored { store, remote } => {
            let held = BTreeMap::from([(key, remote)]);
            let store = store::reference(store);
            Some(bundle::external(object, store, held, &owner))
        }
        Home::Written(written) if written.mode == Secrets::External => {
            let file = source.and_then(|source| match &source.from {
                SecretFrom::File { path, .. } => Some(path.as_str()),
                SecretFrom::Environment { .. }
                | SecretFrom::External { .. }
                | SecretFrom::Store => None,
            });
            let keys = [(key.as_str(), file)];
            diagnostics.push(awaited::secret(span, &object, namespace.as_deref(), &keys));
            None
        }
        Home::Written(written) => {
            diagnostics.extend(open(&owner, &object, &key, &written));
            let mut made = (owner.object)(Body::from(core::Secret {
                metadata: (owner.metadata)(object),
                string_data: Some(BTreeMap::from([(key, written.text().to_owned())])),
                ..core::Secret::default()
            }));
            made.sensitive = written.is_sensitive();
            Some(made)
        }
    }
}

fn open(owner: &Owner<'_>, object: &str, key: &str, written: &Written<'_>) -> Option<Diagnostic> {
    let said = Diagnostic::note(
        "placeholder-secret",
        owner.span,
        format!("Secret `{object}` holds `{PLACEHOLDER}` for `{key}`"),
    )
    .help(
        "put the value in before you apply it, and do not commit it then: git does not \
         ignore its file",
    );
    written.value.is_none().then_some(said)
}

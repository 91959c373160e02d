//! The secrets of one container, or of something that is run elsewhere, by the
//! object that will hold them.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::value::DataKey;
use kubewright_model::variable::SecretVariable;
use kubewright_objects::external_secrets::{
    Data, ExternalSecret, ExternalSecretSpec, RemoteRef, StoreRef, Target,
};
use kubewright_objects::{Body, Object, Role};
use kubewright_source::{Diagnostic, Diagnostics, Span, suggest};

use super::{Home, PLACEHOLDER, Written, awaited, home, mode, store};
use crate::config_hash::ConfigHash;
use crate::{Lowering, Secrets};

/// How often a store is asked.
const REFRESH: &str = "1h";

/// Secrets on their way into objects.
pub(crate) struct Bundle<'a> {
    lowering: &'a Lowering<'a>,
    /// What the objects' names begin with.
    prefix: String,
    written: BTreeMap<String, Written<'a>>,
    stored: BTreeMap<StoreRef, BTreeMap<String, RemoteRef>>,
}

/// The Secret and the key that will hold a value.
pub(crate) struct Found {
    pub(crate) object: String,
    pub(crate) key: String,
}

/// Whose objects they become.
pub(crate) struct Owner<'a> {
    pub(crate) span: Span,
    pub(crate) namespace: Option<String>,
    pub(crate) metadata: &'a dyn Fn(String) -> ObjectMeta,
    pub(crate) object: &'a dyn Fn(Body) -> Object,
}

impl<'a> Bundle<'a> {
    pub(crate) fn new(lowering: &'a Lowering<'a>, prefix: String) -> Self {
        Self {
            lowering,
            prefix,
            written: BTreeMap::new(),
            stored: BTreeMap::new(),
        }
    }

    /// Takes in the secret of a variable.
    pub(crate) fn add(
        &mut self,
        variable: &str,
        secret: &'a SecretVariable,
        diagnostics: &mut Diagnostics,
    ) -> Found {
        match home(self.lowering, secret.into(), diagnostics) {
            Home::Existing { object, key } => Found { object, key },
            Home::Written(written) => {
                let key = free_key(variable, &self.written);
                self.written.insert(key.clone(), written);
                let object = self.written_name();
                Found { object, key }
            }
            Home::Stored { store, remote } => {
                let store = store::reference(store);
                let object = self.stored_name(&store);
                let held = self.stored.entry(store).or_default();
                let key = free_key(variable, held);
                held.insert(key.clone(), remote);
                Found { object, key }
            }
        }
    }

    /// `{prefix}-secrets` is from where the environment keeps its secrets; others
    /// have a word of their own in their names.
    fn written_name(&self) -> String {
        match self.environment_store() {
            Some(_) => format!("{}-local-secrets", self.prefix),
            None => format!("{}-secrets", self.prefix),
        }
    }

    fn stored_name(&self, store: &StoreRef) -> String {
        match self.environment_store() {
            Some(of_environment) if of_environment == *store => format!("{}-secrets", self.prefix),
            Some(_) | None => format!("{}-{}-secrets", self.prefix, store.name),
        }
    }

    fn environment_store(&self) -> Option<StoreRef> {
        let store = self.lowering.project.facts.secret_store.as_ref()?;
        store::is_outside(store).then(|| store::reference(store))
    }

    /// The names of the Secrets, whoever makes them.
    pub(crate) fn names(&self) -> Vec<String> {
        let written = (!self.written.is_empty()).then(|| self.written_name());
        let stored = self.stored.keys().map(|store| self.stored_name(store));
        written.into_iter().chain(stored).collect()
    }

    /// The objects, and what there is to say of them.
    pub(crate) fn into_objects(
        mut self,
        owner: &Owner<'_>,
        hash: &mut ConfigHash,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Object> {
        let mut objects = Vec::new();
        let written = std::mem::take(&mut self.written);
        if !written.is_empty() {
            let name = self.written_name();
            objects.extend(self.secret(name, written, owner, hash, diagnostics));
        }
        for (store, held) in std::mem::take(&mut self.stored) {
            let remote = held.iter().map(|(key, remote)| (key, remote.path()));
            let remote: Vec<_> = remote.collect();
            hash.add(
                remote
                    .iter()
                    .map(|(key, path)| (key.as_str(), path.as_bytes())),
            );
            let name = self.stored_name(&store);
            objects.push(external(name, store, held, owner));
        }
        objects
    }

    fn secret(
        &self,
        name: String,
        written: BTreeMap<String, Written<'a>>,
        owner: &Owner<'_>,
        hash: &mut ConfigHash,
        diagnostics: &mut Diagnostics,
    ) -> Option<Object> {
        let texts = written.iter();
        hash.add(texts.map(|(key, written)| (key.as_str(), written.text().as_bytes())));
        if mode(self.lowering, None) == Secrets::External {
            let keys: Vec<_> = written.keys().map(|key| (key.as_str(), None)).collect();
            let namespace = owner.namespace.as_deref();
            diagnostics.push(awaited::secret(owner.span, &name, namespace, &keys));
            return None;
        }
        diagnostics.extend(open(owner.span, &name, &written));
        let texts = written
            .iter()
            .map(|(key, written)| (key.clone(), written.text().to_owned()));
        let secret = core::Secret {
            metadata: (owner.metadata)(name),
            string_data: Some(texts.collect()),
            ..core::Secret::default()
        };
        let mut object = (owner.object)(secret.into());
        object.role = Role::Secrets;
        object.sensitive = written.values().any(Written::is_sensitive);
        Some(object)
    }
}

/// The variable's name as a key of a Secret, which has fewer letters to choose
/// from; a number behind it where that key is taken.
fn free_key<T>(name: &str, taken: &BTreeMap<String, T>) -> String {
    let key = DataKey::sanitised(name).map_or_else(|_| "value".to_owned(), String::from);
    let mut candidate = key.clone();
    let mut number = 2;
    while taken.contains_key(&candidate) {
        candidate = format!("{key}_{number}");
        number += 1;
    }
    candidate
}

/// An ExternalSecret and the Secret of the same name that comes of it.
pub(super) fn external(
    name: String,
    store: StoreRef,
    held: BTreeMap<String, RemoteRef>,
    owner: &Owner<'_>,
) -> Object {
    let data = held.into_iter().map(|(secret_key, remote_ref)| Data {
        secret_key,
        remote_ref,
    });
    let secret = ExternalSecret {
        spec: ExternalSecretSpec {
            refresh_interval: REFRESH.to_owned(),
            secret_store_ref: store,
            target: Target { name: name.clone() },
            data: data.collect(),
        },
        metadata: (owner.metadata)(name),
    };
    (owner.object)(secret.into())
}

fn open(span: Span, name: &str, written: &BTreeMap<String, Written<'_>>) -> Option<Diagnostic> {
    let open = written
        .iter()
        .filter(|(_, written)| written.text() == PLACEHOLDER);
    let open: Vec<&str> = open.map(|(key, _)| key.as_str()).collect();
    if open.is_empty() {
        return None;
    }
    let said = Diagnostic::note(
        "placeholder-secret",
        span,
        format!(
            "Secret `{name}` holds `{PLACEHOLDER}` for {}",
            suggest::list(open)
        ),
    );
    Some(said.help(
        "put the values in before you apply it, and do not commit them then: git does not \
         ignore its file; or keep them in a `.env` file beside the input",
    ))
}

//! Where the values of secrets are, and the objects that hold them. Variables,
//! files and things that are run elsewhere go one way.
//!
//! - here: where a secret's value is;
//! - `bundle`: the secrets of one container, by the object that will hold them;
//! - `file`: secrets that are mounted as files;
//! - `store`: stores of External Secrets;
//! - `awaited`: what has to be in the cluster, because nobody writes it.
//!
//! <https://kubernetes.io/docs/concepts/configuration/secret/>

pub(crate) mod awaited;
pub(crate) mod bundle;
pub(crate) mod file;
pub(crate) mod store;

use std::borrow::Cow;

use kubewright_model::file::{SecretFrom, SecretSource};
use kubewright_model::project::{SecretProvider, SecretStore};
use kubewright_model::value::{DataKey, SecretText};
use kubewright_model::variable::SecretVariable;
use kubewright_model::{Located, ObjectName};
use kubewright_objects::external_secrets::RemoteRef;
use kubewright_source::{Diagnostic, Diagnostics};

use crate::{Lowering, Secrets};

/// What stands where a secret's value is not known.
pub(crate) const PLACEHOLDER: &str = "CHANGE_ME";

/// A secret as somebody asks for it.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// What it is called among the project's sources and in stores; none: it is
    /// in no store.
    pub(crate) name: Option<&'a Located<String>>,
    /// Which of its fields.
    pub(crate) key: Option<&'a Located<String>>,
    /// Which version.
    pub(crate) version: Option<&'a Located<String>>,
    /// Its value, where the asker knows it.
    pub(crate) known: Option<&'a SecretText>,
}

impl<'a> From<&'a SecretVariable> for Asked<'a> {
    fn from(variable: &'a SecretVariable) -> Self {
        Self {
            name: variable.name.as_ref(),
            key: variable.key.as_ref(),
            version: variable.version.as_ref(),
            known: variable.known.as_ref().map(|known| &known.value),
        }
    }
}

/// Where the value of a secret is when a pod starts.
pub(crate) enum Home<'a> {
    /// In a Secret that exists.
    Existing {
        /// Its name.
        object: String,
        /// The key.
        key: String,
    },
    /// In a Secret that is written.
    Written(Written<'a>),
    /// In a Secret that External Secrets makes from a store.
    Stored {
        /// The store.
        store: &'a SecretStore,
        /// Where it is there.
        remote: RemoteRef,
    },
}

/// A secret in a Secret that is written.
pub(crate) struct Written<'a> {
    /// Its value, where it is known and wanted.
    pub(crate) value: Option<Cow<'a, str>>,
    /// How it leaves.
    pub(crate) mode: Secrets,
}

impl Written<'_> {
    /// The text that is written.
    pub(crate) fn text(&self) -> &str {
        self.value.as_deref().unwrap_or(PLACEHOLDER)
    }

    /// Its file must not go into git.
    pub(crate) fn is_sensitive(&self) -> bool {
        self.value.is_some() && self.mode == Secrets::Local
    }
}

/// Where a secret is.
pub(crate) fn home<'a>(
    lowering: &'a Lowering<'a>,
    asked: Asked<'a>,
    diagnostics: &mut Diagnostics,
) -> Home<'a> {
    let source = asked.name.and_then(|name| source(lowering, name));
    if let (Some(name), Some(SecretFrom::External { name: external })) =
        (asked.name, source.map(|source| &source.from))
    {
        diagnostics.extend(no_version(asked, "a Secret of the cluster"));
        let own = || asked.key.and_then(|key| DataKey::sanitised(key).ok());
        return Home::Existing {
            object: external
                .as_ref()
                .map_or_else(|| object_name(name), |name| name.as_str().to_owned()),
            key: own().map_or_else(|| data_key(name), String::from),
        };
    }
    let store = asked.name.and(store_of(lowering, source));
    match (store.filter(|store| store::is_outside(store)), asked.name) {
        (Some(store), Some(name)) => Home::Stored {
            store,
            remote: store::remote(store, name, asked, diagnostics),
        },
        (None, _) | (_, None) => {
            let mode = mode(lowering, store);
            let known = asked.known.or_else(|| source.and_then(value_of));
            diagnostics.extend(no_version(asked, "a `.env` file"));
            let value = is_shown(mode).then_some(known).flatten();
            let value = value.map(|value| field(value.reveal(), asked.key));
            Home::Written(Written { value, mode })
        }
    }
}

/// The project's word on a secret.
pub(crate) fn source<'a>(lowering: &Lowering<'a>, name: &str) -> Option<&'a SecretSource> {
    lowering.project.secrets.get(name)
}

/// The store of a secret that has a name: its own, else the environment's.
pub(crate) fn store_of<'a>(
    lowering: &Lowering<'a>,
    source: Option<&'a SecretSource>,
) -> Option<&'a SecretStore> {
    let own = source.and_then(|source| source.store.as_ref());
    own.or(lowering.project.facts.secret_store.as_ref())
}

/// How values leave that no store keeps: the caller's word, unless that is the
/// usual one and the environment's another.
pub(crate) fn mode(lowering: &Lowering<'_>, store: Option<&SecretStore>) -> Secrets {
    let facts = lowering.project.facts.secret_store.as_ref();
    let provider = store.or(facts).map(|store| &store.provider);
    match (lowering.options.secrets, provider) {
        (Secrets::Local, Some(SecretProvider::Inline)) => Secrets::Inline,
        (mode, _) => mode,
    }
}

/// Whether known values are written.
pub(crate) fn is_shown(mode: Secrets) -> bool {
    match mode {
        Secrets::Local | Secrets::Inline => true,
        Secrets::Placeholder | Secrets::External => false,
    }
}

/// The value that a source knows.
fn value_of(source: &SecretSource) -> Option<&SecretText> {
    match &source.from {
        SecretFrom::File { content, .. } => Some(&content.value),
        SecretFrom::Environment { known, .. } => known.as_ref().map(|known| &known.value),
        SecretFrom::Store | SecretFrom::External { .. } => None,
    }
}

/// A field of a value that is a JSON object, as stores keep several fields in
/// one secret; all of a value that is none.
fn field<'a>(value: &'a str, key: Option<&Located<String>>) -> Cow<'a, str> {
    let Some(key) = key else {
        return Cow::Borrowed(value);
    };
    let fields: Option<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(value).ok();
    match fields.and_then(|mut fields| fields.remove(key.as_str())) {
        Some(serde_json::Value::String(text)) => Cow::Owned(text),
        Some(other) => Cow::Owned(other.to_string()),
        None => Cow::Borrowed(value),
    }
}

/// A version counts only in a store.
fn no_version(asked: Asked<'_>, place: &str) -> Option<Diagnostic> {
    let version = asked.version?;
    let message = format!("{place} has no versions: `version` counts where a store keeps it");
    let said = Diagnostic::note("not-carried", version.span, message);
    Some(said.help("nothing to do, or name the environment's `secret_store`"))
}

/// The name of the object that holds a secret of that name.
pub(crate) fn object_name(name: &str) -> String {
    let object = ObjectName::sanitised(name);
    object.map_or_else(|_| "secret".to_owned(), |name| name.as_str().to_owned())
}

/// The key that holds it there.
pub(crate) fn data_key(name: &str) -> String {
    DataKey::sanitised(name).map_or_else(|_| "value".to_owned(), String::from)
}

#[cfg(test)]
mod tests;

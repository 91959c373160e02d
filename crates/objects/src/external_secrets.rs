//! The kind of External Secrets that kubewright writes, with the fields that it
//! writes. The real custom resource definition judges it in the conformance
//! suite, strictly: a field that it does not have fails it.
//!
//! <https://external-secrets.io/latest/api/externalsecret/>

use serde::Serialize;

use crate::custom::custom_kind;

custom_kind!(
    /// A Secret whose values come from a store.
    ExternalSecret,
    ExternalSecretSpec,
    "external-secrets.io" / "v1",
    "externalsecrets"
);

/// What an ExternalSecret wants.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecretSpec {
    /// How often the store is asked, in Go's words: `1h`.
    pub refresh_interval: String,
    /// The store.
    pub secret_store_ref: StoreRef,
    /// The Secret that comes of it.
    pub target: Target,
    /// Its keys; at least one.
    pub data: Vec<Data>,
}

/// A store object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StoreRef {
    /// `ClusterSecretStore` or `SecretStore`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// The Secret that comes of an ExternalSecret.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Target {
    /// Its name.
    pub name: String,
}

/// One key of the Secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Data {
    /// The key.
    pub secret_key: String,
    /// Where its value is.
    pub remote_ref: RemoteRef,
}

/// A value within a store.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RemoteRef {
    /// The secret's name there.
    pub key: String,
    /// Which of its fields; none: all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// Which version; none: the newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl RemoteRef {
    /// Its parts as one text, which is another one for every other value.
    pub fn path(&self) -> String {
        let parts = [
            Some(&self.key),
            self.property.as_ref(),
            self.version.as_ref(),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        parts.join("\0")
    }
}

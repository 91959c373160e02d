//! The kind of cert-manager that kubewright writes, with the fields that it writes.
//!
//! <https://cert-manager.io/docs/usage/certificate/>

use serde::Serialize;

use crate::custom::custom_kind;

custom_kind!(
    /// A certificate that is got and renewed.
    Certificate,
    CertificateSpec,
    "cert-manager.io" / "v1",
    "certificates"
);

/// What a Certificate wants.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateSpec {
    /// The Secret that it is kept in.
    pub secret_name: String,
    /// The hosts that it is for.
    pub dns_names: Vec<String>,
    /// Who issues it.
    pub issuer_ref: IssuerRef,
}

/// Who issues certificates.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IssuerRef {
    /// `Issuer` or `ClusterIssuer`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

//! The words that options take.

use kubewright_compile::{Expose, Format, Layout, PublishedAs, Secrets};
use kubewright_model::project::NetworkPolicyMode;
use kubewright_model::security::SecurityProfile;
use serde::Deserialize;
use utoipa::ToSchema;

/// A form of output, as `--format` says it.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AskFormat {
    Manifests,
    Kustomize,
    Helm,
    Skaffold,
    Tilt,
    Json,
    ArgoCd,
}

impl From<AskFormat> for Format {
    fn from(word: AskFormat) -> Self {
        match word {
            AskFormat::Manifests => Self::Manifests,
            AskFormat::Kustomize => Self::Kustomize,
            AskFormat::Helm => Self::Helm,
            AskFormat::Skaffold => Self::Skaffold,
            AskFormat::Tilt => Self::Tilt,
            AskFormat::ArgoCd => Self::ArgoCd,
            AskFormat::Json => Self::Json,
        }
    }
}

/// How many files the flat manifests are, as `--layout` says it.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AskLayout {
    OneFilePerObject,
    OneFilePerApp,
    Single,
}

impl From<AskLayout> for Layout {
    fn from(word: AskLayout) -> Self {
        match word {
            AskLayout::OneFilePerObject => Self::OneFilePerObject,
            AskLayout::OneFilePerApp => Self::OneFilePerApp,
            AskLayout::Single => Self::Single,
        }
    }
}

/// How secret values leave, as `--secrets` says it.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AskSecrets {
    Local,
    Placeholder,
    Inline,
    External,
}

impl From<AskSecrets> for Secrets {
    fn from(word: AskSecrets) -> Self {
        match word {
            AskSecrets::Local => Self::Local,
            AskSecrets::Placeholder => Self::Placeholder,
            AskSecrets::Inline => Self::Inline,
            AskSecrets::External => Self::External,
        }
    }
}

/// Which traffic between pods is admitted, as `--network-policies` says it.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AskNetworkPolicies {
    Compose,
    None,
}

impl From<AskNetworkPolicies> for NetworkPolicyMode {
    fn from(word: AskNetworkPolicies) -> Self {
        match word {
            AskNetworkPolicies::Compose => Self::Networks,
            AskNetworkPolicies::None => Self::None,
        }
    }
}

/// The standard that pods keep, as `--security-profile` says it.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AskSecurityProfile {
    Baseline,
    Restricted,
    None,
}

impl From<AskSecurityProfile> for SecurityProfile {
    fn from(word: AskSecurityProfile) -> Self {
        match word {
            AskSecurityProfile::Baseline => Self::Baseline,
            AskSecurityProfile::Restricted => Self::Restricted,
            AskSecurityProfile::None => Self::None,
        }
    }
}

/// How published ports are reached, as `--expose` says it.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AskExpose {
    None,
    NodePort,
    LoadBalancer,
    Ingress,
    Gateway,
}

impl From<AskExpose> for Expose {
    fn from(word: AskExpose) -> Self {
        match word {
            AskExpose::None => Self::None,
            AskExpose::NodePort => Self::NodePort,
            AskExpose::LoadBalancer => Self::LoadBalancer,
            AskExpose::Ingress => Self::Ingress,
            AskExpose::Gateway => Self::Gateway,
        }
    }
}

/// The number of a published port, as `--service-port` says it.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AskServicePort {
    Container,
    Published,
}

impl From<AskServicePort> for PublishedAs {
    fn from(word: AskServicePort) -> Self {
        match word {
            AskServicePort::Container => Self::Container,
            AskServicePort::Published => Self::Published,
        }
    }
}

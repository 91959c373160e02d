//! What a project is compiled with: the options of the command, in a request.

use std::collections::BTreeMap;
use std::path::PathBuf;

use kubewright_compile::{Format, GatewayObject, Layout, LowerOptions, Outside, Request, Tls};
use kubewright_model::project::{KubernetesVersion, NetworkPolicyMode};
use kubewright_model::security::SecurityProfile;
use kubewright_model::value::{Host, Invalid, QualifiedName};
use kubewright_model::{Located, Name, ObjectName};
use kubewright_read::Environment;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ask::within;
use super::option_words::{
    AskExpose, AskFormat, AskLayout, AskNetworkPolicies, AskSecrets, AskSecurityProfile,
    AskServicePort,
};
use crate::problem::Problem;

/// What a project is compiled with. Each means what the command's option of that
/// name means: `ingressClass` is `--ingress-class`.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    expecting = "an object with options"
)]
pub(crate) struct AskOptions {
    /// The forms to write; none: what the input asks for, else manifests.
    #[serde(default)]
    formats: Vec<AskFormat>,
    /// How many files the flat manifests are; none: one for each object.
    layout: Option<AskLayout>,
    /// One ApplicationSet stands for the Applications of all environments, with the
    /// form `argocd`.
    #[serde(default)]
    application_set: bool,
    /// The namespace of all objects.
    #[schema(example = "shop")]
    pub(super) namespace: Option<String>,
    /// The project's name; none: what the input or its folder says.
    pub(super) project_name: Option<String>,
    /// Services of these profiles take part.
    #[serde(default)]
    pub(super) profiles: Vec<String>,
    /// Files of the project with variables, instead of `.env`.
    #[serde(default)]
    env_files: Vec<String>,
    /// The environments of an `apps.yaml` to write, `all` for every one; none: every
    /// one that it has. Of several, each is written into a folder of its own.
    #[serde(default)]
    env: Vec<String>,
    /// Values laid over an `apps.yaml`, each with the path of its key:
    /// `{"apps.web.replicas": 3}`.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Object>)]
    set: BTreeMap<String, serde_json::Value>,
    /// Variables for `${…}` in the input, before all files.
    #[serde(default)]
    set_env: BTreeMap<String, String>,
    /// How secret values leave; none: `local`.
    pub(super) secrets: Option<AskSecrets>,
    /// The oldest Kubernetes version that must take the objects; none: the newest
    /// that is known.
    #[schema(example = "1.34")]
    kubernetes_version: Option<String>,
    /// Which traffic between pods network policies admit; none: `none`.
    network_policies: Option<AskNetworkPolicies>,
    /// The standard that pods keep; none: what is safe for every image.
    security_profile: Option<AskSecurityProfile>,
    /// Whether pods carry the annotation that restarts them when their
    /// configuration changes; none: they do. `false` is `--no-config-hash`.
    config_hash: Option<bool>,
    /// How published ports are reached from outside; none: by a route where a
    /// domain is known.
    expose: Option<AskExpose>,
    /// The domain below which services have hosts.
    #[schema(example = "shop.example.com")]
    domain: Option<String>,
    /// The class of Ingresses, or of the Gateway.
    ingress_class: Option<String>,
    /// The Secret that holds the hosts' certificate.
    tls_secret: Option<String>,
    /// The ClusterIssuer from which cert-manager gets certificates.
    cluster_issuer: Option<String>,
    /// A Gateway that is there already: `[NAMESPACE/]NAME`.
    gateway: Option<String>,
    /// Under which number Services show published ports; none: `container`.
    service_port: Option<AskServicePort>,
}

impl AskOptions {
    /// Adds these options to a request to the line.
    pub(super) fn tell(&self, request: Request) -> Result<Request, Problem> {
        let files = self.env_files.iter().map(|file| within(file));
        let version = self.kubernetes_version.as_deref();
        let version = version.map(|text| {
            let version = KubernetesVersion::parse_known(text);
            said("kubernetesVersion", text, version)
        });
        Ok(Request {
            formats: self
                .formats
                .iter()
                .map(|form| Format::from(*form))
                .collect(),
            layout: self.layout.map(Layout::from).unwrap_or_default(),
            application_set: self.application_set,
            namespace: given("namespace", self.namespace.as_ref(), Name::parse)?,
            project_name: self.project_name.clone(),
            profiles: self.profiles.clone(),
            env_files: files.collect::<Result<Vec<PathBuf>, _>>()?,
            environments: self.env.clone(),
            sets: self.sets(),
            set_env: self.set_env.clone().into_iter().collect(),
            kubernetes_version: version.transpose()?,
            network_policies: self
                .network_policies
                .map_or(NetworkPolicyMode::None, NetworkPolicyMode::from),
            security_profile: self.security_profile.map(SecurityProfile::from),
            outside: self.outside()?,
            lowering: LowerOptions {
                secrets: self.secrets.map(Into::into).unwrap_or_default(),
                config_hash: self.config_hash.unwrap_or(true),
            },
            ..request
        })
    }

    /// The variables that are set here. The server's own are nobody's business.
    pub(super) fn environment(&self) -> Environment {
        self.set_env.iter().collect()
    }

    /// The values to lay over the input, as texts of YAML, which JSON is.
    fn sets(&self) -> Vec<(String, String)> {
        let pair = |(key, value): (&String, &serde_json::Value)| (key.clone(), value.to_string());
        self.set.iter().map(pair).collect()
    }

    fn outside(&self) -> Result<Outside, Problem> {
        let gateway = self.gateway.as_ref();
        Ok(Outside {
            expose: self.expose.map(Into::into),
            domain: given("domain", self.domain.as_ref(), Host::parse_domain)?,
            class: given(
                "ingressClass",
                self.ingress_class.as_ref(),
                ObjectName::parse,
            )?,
            tls: self.tls()?,
            gateway: given("gateway", gateway, QualifiedName::parse)?.map(|name| GatewayObject {
                name,
                section: None,
            }),
            service_port: self.service_port.map(Into::into).unwrap_or_default(),
        })
    }

    fn tls(&self) -> Result<Option<Tls>, Problem> {
        let secret = given("tlsSecret", self.tls_secret.as_ref(), ObjectName::parse)?;
        let issuer = given(
            "clusterIssuer",
            self.cluster_issuer.as_ref(),
            ObjectName::parse,
        )?;
        match (secret, issuer) {
            (Some(_), Some(_)) => Err(Problem::bad(
                "bad-request",
                "`tlsSecret` and `clusterIssuer` stand beside each other",
                "a certificate comes from one of them: leave one out",
            )),
            (Some(name), None) => Ok(Some(Tls::Secret(Located::nowhere(name)))),
            (None, Some(name)) => Ok(Some(Tls::Issuer {
                cluster: true,
                name: Located::nowhere(name),
            })),
            (None, None) => Ok(None),
        }
    }
}

fn given<T>(
    option: &str,
    text: Option<&String>,
    parse: impl Fn(&str) -> Result<T, Invalid>,
) -> Result<Option<T>, Problem> {
    text.map(|text| said(option, text, parse(text))).transpose()
}

fn said<T>(option: &str, text: &str, parsed: Result<T, Invalid>) -> Result<T, Problem> {
    parsed.map_err(|invalid| {
        let shown: String = text.chars().take(100).collect();
        let why = format!("`{option}` cannot be `{shown}`: {}", invalid.why);
        Problem::bad("bad-request", why, &invalid.help)
    })
}

//! Kubernetes objects, typed, each with its origin.
//!
//! What the lowering makes and the emitters, the checker and the cluster take.
//! Built-in kinds are the types of `k8s-openapi`; [`Body`] has a variant for
//! each kind that kubewright writes. Kinds that a cluster gets by installing
//! something are small types of our own: [`gateway_api`], [`keda`], [`traefik`],
//! [`cert_manager`], [`external_secrets`], [`argocd`]; [`untyped`] is any other. What stands beside the objects, how images are built and
//! objects delivered, is [`delivery`].

pub mod argocd;
pub mod cert_manager;
mod custom;
pub mod delivery;
pub mod external_secrets;
pub mod gateway_api;
pub mod keda;
pub mod traefik;
pub mod untyped;

use std::borrow::Cow;
use std::sync::Arc;

use argocd::{AppProject, Application};
use cert_manager::Certificate;
use external_secrets::ExternalSecret;
use gateway_api::{Gateway, HTTPRoute, ReferenceGrant};
use k8s_openapi::Resource;
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{
    ConfigMap, Namespace, PersistentVolumeClaim, PodTemplateSpec, Secret, Service, ServiceAccount,
};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{Role as RbacRole, RoleBinding};
use k8s_openapi::api::storage::v1::StorageClass;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use keda::{HTTPScaledObject, InterceptorRoute, ScaledObject, TriggerAuthentication};
use kubewright_source::Span;
use serde::{Serialize, Serializer};
use traefik::{IngressRoute, Middleware, ServersTransport};
use untyped::Untyped;

/// One object, and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The object itself.
    pub body: Body,
    /// What it is for, where that decides the name of its file.
    pub role: Role,
    /// Where it came from.
    pub origin: Origin,
    /// It holds the value of a secret: its file must not go into git.
    pub sensitive: bool,
    /// The entry of the project that it belongs to, a compose project as a whole;
    /// none: it belongs to no single one.
    pub entry: Option<Arc<str>>,
}

impl Object {
    /// An object without a role of its own and without secrets.
    pub fn new(body: impl Into<Body>, origin: Origin) -> Self {
        Self {
            body: body.into(),
            role: Role::Ordinary,
            origin,
            sensitive: false,
            entry: None,
        }
    }

    /// The object's name.
    pub fn name(&self) -> &str {
        self.body.metadata().name.as_deref().unwrap_or_default()
    }

    /// The object's namespace, where it names one.
    pub fn namespace(&self) -> Option<&str> {
        self.body.metadata().namespace.as_deref()
    }
}

/// What an object is for. Three roles have files of a short name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Whatever its kind says.
    #[default]
    Ordinary,
    /// The generated ConfigMap of an app's variables.
    Config,
    /// The generated Secret of an app's variables.
    Secrets,
}

/// Where an object came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The place that asked for it.
    pub span: Span,
    /// How people call that place: `service web`.
    pub label: String,
}

macro_rules! bodies {
    ($($kind:ident),* $(,)?) => {
        /// An object of one of the kinds that kubewright writes, or of a kind that
        /// it does not know.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "the variants have the names of the kinds")]
        pub enum Body {
            $($kind(Box<$kind>),)*
            Untyped(Box<Untyped>),
        }

        impl Body {
            /// `apps/v1`.
            pub fn api_version(&self) -> &str {
                match self {
                    Self::Untyped(object) => &object.api_version,
                    $(Self::$kind(_) => <$kind as Resource>::API_VERSION,)*
                }
            }

            /// `Deployment`.
            pub fn kind(&self) -> &str {
                match self {
                    Self::Untyped(object) => &object.kind,
                    $(Self::$kind(_) => <$kind as Resource>::KIND,)*
                }
            }

            /// `apiVersion` and `kind`, to be kept: kinds that are known cost no room.
            pub fn type_meta(&self) -> (Cow<'static, str>, Cow<'static, str>) {
                match self {
                    Self::Untyped(object) => {
                        (object.api_version.clone().into(), object.kind.clone().into())
                    }
                    $(Self::$kind(_) => (
                        <$kind as Resource>::API_VERSION.into(),
                        <$kind as Resource>::KIND.into(),
                    ),)*
                }
            }

            /// Name, namespace, labels and annotations.
            pub fn metadata(&self) -> &ObjectMeta {
                match self {
                    Self::Untyped(object) => &object.metadata,
                    $(Self::$kind(object) => &object.metadata,)*
                }
            }
        }

        impl Body {
            /// The same, to be added to.
            pub fn metadata_mut(&mut self) -> &mut ObjectMeta {
                match self {
                    Self::Untyped(object) => &mut object.metadata,
                    $(Self::$kind(object) => &mut object.metadata,)*
                }
            }
        }

        impl Serialize for Body {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Self::Untyped(object) => object.serialize(serializer),
                    $(Self::$kind(object) => object.serialize(serializer),)*
                }
            }
        }

        impl From<Untyped> for Body {
            fn from(object: Untyped) -> Self {
                Self::Untyped(Box::new(object))
            }
        }

        $(
            impl From<$kind> for Body {
                fn from(object: $kind) -> Self {
                    Self::$kind(Box::new(object))
                }
            }
        )*
    };
}

bodies![
    AppProject,
    Application,
    Certificate,
    ConfigMap,
    CronJob,
    DaemonSet,
    Deployment,
    ExternalSecret,
    Gateway,
    HTTPRoute,
    HTTPScaledObject,
    HorizontalPodAutoscaler,
    Ingress,
    InterceptorRoute,
    IngressRoute,
    Job,
    Middleware,
    Namespace,
    NetworkPolicy,
    PersistentVolumeClaim,
    PodDisruptionBudget,
    RbacRole,
    ReferenceGrant,
    RoleBinding,
    ScaledObject,
    Secret,
    ServersTransport,
    Service,
    ServiceAccount,
    StatefulSet,
    StorageClass,
    TriggerAuthentication,
];

impl Body {
    /// The template of the pods that a workload makes; none for all else.
    ///
    /// <https://kubernetes.io/docs/concepts/workloads/pods/#pod-templates>
    pub fn pod_template(&self) -> Option<&PodTemplateSpec> {
        match self {
            Self::Deployment(object) => Some(&object.spec.as_ref()?.template),
            Self::StatefulSet(object) => Some(&object.spec.as_ref()?.template),
            Self::DaemonSet(object) => Some(&object.spec.as_ref()?.template),
            Self::Job(object) => Some(&object.spec.as_ref()?.template),
            Self::CronJob(object) => Some(&object.spec.job_template.spec.as_ref()?.template),
            Self::AppProject(_)
            | Self::Application(_)
            | Self::Certificate(_)
            | Self::ConfigMap(_)
            | Self::ExternalSecret(_)
            | Self::Gateway(_)
            | Self::HTTPRoute(_)
            | Self::HTTPScaledObject(_)
            | Self::HorizontalPodAutoscaler(_)
            | Self::Ingress(_)
            | Self::InterceptorRoute(_)
            | Self::IngressRoute(_)
            | Self::Middleware(_)
            | Self::Namespace(_)
            | Self::NetworkPolicy(_)
            | Self::PersistentVolumeClaim(_)
            | Self::PodDisruptionBudget(_)
            | Self::RbacRole(_)
            | Self::ReferenceGrant(_)
            | Self::RoleBinding(_)
            | Self::ScaledObject(_)
            | Self::Secret(_)
            | Self::ServersTransport(_)
            | Self::Service(_)
            | Self::ServiceAccount(_)
            | Self::StorageClass(_)
            | Self::TriggerAuthentication(_)
            | Self::Untyped(_) => None,
        }
    }
}

//! How the outside gets in, as the caller decides it: what the reader and the
//! facts of the environment are told.

use kubewright_model::compose::Expose;
use kubewright_model::gateway::{Controller, GatewayObject, Tls};
use kubewright_model::project::{Facts, Ingress};
use kubewright_model::value::Host;
use kubewright_model::{Located, ObjectName};
use kubewright_read::compose::decode::{DecodeOptions, PublishedAs};

/// How the outside gets in.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// The way in for published ports; none: a route where there is a domain.
    pub expose: Option<Expose>,
    /// The domain below which services have hosts.
    pub domain: Option<Host>,
    /// The class of Ingresses, or of the Gateway that is made.
    pub class: Option<ObjectName>,
    /// Certificates.
    pub tls: Option<Tls>,
    /// A Gateway that is there already.
    pub gateway: Option<GatewayObject>,
    /// Under which number Services show published ports.
    pub service_port: PublishedAs,
}

impl Outside {
    /// What the reader of compose files is told.
    pub(crate) fn decode_options(&self) -> DecodeOptions {
        DecodeOptions {
            service_port: self.service_port,
            expose: self.expose,
            domain: self.domain.clone(),
            has_certificate: self.tls.is_some(),
        }
    }

    /// Adds what is known of the environment.
    pub(crate) fn tell(&self, facts: &mut Facts) {
        facts.domain = self.domain.clone().map(Located::nowhere);
        facts.tls.clone_from(&self.tls);
        facts.ingress = self.ingress();
    }

    fn ingress(&self) -> Option<Ingress> {
        let class = self.class.as_ref();
        let controller = match (self.expose, class) {
            (Some(Expose::Gateway), _) => Controller::GatewayApi,
            (_, Some(class)) => Controller::of_class(class.as_str()),
            (_, None) if self.gateway.is_none() => return None,
            (_, None) => Controller::Generic,
        };
        Some(Ingress {
            controller: Located::nowhere(controller),
            class: class.cloned().map(Located::nowhere),
            namespace: None,
            gateway: self.gateway.clone().map(Located::nowhere),
        })
    }
}

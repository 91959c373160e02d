//! How the outside gets in, as the caller decides it: what the reader and the
//! facts of the environment are told.

use kubewright_files::{File, Tree};
use kubewright_model::compose::Expose;
use kubewright_model::gateway::{Controller, GatewayObject, Tls};
use kubewright_model::project::{Facts, Ingress};
use kubewright_model::value::Host;
use kubewright_model::{Located, ObjectName};
use kubewright_read::compose::decode::{DecodeOptions, PublishedAs};
use kubewright_source::{Diagnostic, Span};

/// What makes use of a domain, a class and certificates.
const ROUTE: &str = "add `--expose ingress` and `--domain`, or leave the option out";

fn is_of(file: &File, kinds: &[&str]) -> bool {
    let mut objects = file.objects.iter();
    objects.any(|object| kinds.contains(&&*object.kind))
}

fn unused(option: &str, value: &str, kinds: &[&str], help: &str) -> Diagnostic {
    let kinds = kinds.join(", ");
    Diagnostic::warning(
        "unused-option",
        Span::NONE,
        format!(
            "`{option} {value}` has no effect: nothing of the kinds {kinds} that is written names it"
        ),
    )
    .help(help)
}

/// How the outside gets in.
#[derive(Clone, Debug, Default, PartialEq)]
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
            secrets_elsewhere: false,
            for_developers: false,
        }
    }

    /// Adds what is known of the environment; where that is nothing, the input's
    /// word counts.
    pub(crate) fn tell(&self, facts: &mut Facts) {
        if let Some(domain) = &self.domain {
            facts.domain = Some(Located::nowhere(domain.clone()));
        }
        if self.tls.is_some() {
            facts.tls.clone_from(&self.tls);
        }
        if let Some(ingress) = self.ingress() {
            facts.ingress = Some(ingress);
        }
    }

    /// Options that nothing in the output shows.
    pub(crate) fn unused(&self, tree: &Tree) -> Vec<Diagnostic> {
        let (secret, issuer) = match &self.tls {
            Some(Tls::Secret(name)) => (Some(name.value.to_string()), None),
            Some(Tls::Issuer { name, .. }) => (None, Some(name.value.to_string())),
            Some(Tls::Off | Tls::Default) | None => (None, None),
        };
        let gateway = self.gateway.as_ref();
        let gateway = gateway.map(|gateway| gateway.name.name.to_string());
        let domain = self.domain.as_ref().map(ToString::to_string);
        let class = self.class.as_ref().map(ToString::to_string);
        let given = [
            (
                "--domain",
                domain,
                &["Ingress", "HTTPRoute", "Gateway"][..],
                ROUTE,
            ),
            ("--ingress-class", class, &["Ingress", "Gateway"], ROUTE),
            ("--tls-secret", secret, &["Ingress", "Gateway"], ROUTE),
            ("--cluster-issuer", issuer, &["Ingress", "Gateway"], ROUTE),
            (
                "--gateway",
                gateway,
                &["HTTPRoute"],
                "add `--expose gateway`",
            ),
        ];
        let given = given
            .into_iter()
            .filter_map(|(option, value, kinds, help)| {
                let value = value?;
                let shows = |file: &File| is_of(file, kinds) && file.text.contains(&value);
                (!tree.files().iter().any(shows)).then(|| unused(option, &value, kinds, help))
            });
        given.collect()
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

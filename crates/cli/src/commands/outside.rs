//! How the outside gets in: options of every command that compiles a project.

use clap::{Args, ValueEnum};
use kubewright_compile::{Expose, GatewayObject, Outside, PublishedAs, Tls};
use kubewright_model::value::{Host, Invalid, QualifiedName};
use kubewright_model::{Located, ObjectName};

/// How the outside gets in.
#[derive(Debug, Args)]
pub(crate) struct OutsideArguments {
    /// How published ports are reached from outside
    ///
    /// `none`: not at all; `nodeport` and `loadbalancer`: a second Service, `{service}-public`;
    /// `ingress` and `gateway`: a route for ports that look like HTTP, at the host
    /// `{service}.{domain}`. Without this option there is a route where a domain is known. The
    /// label `kubewright.expose` of a service counts more.
    #[arg(
        long,
        value_name = "WAY",
        help_heading = "Reaching services from outside"
    )]
    expose: Option<ExposeArgument>,

    /// The domain below which services have hosts
    #[arg(long, value_name = "DOMAIN", value_parser = parse_host, help_heading = "Reaching services from outside")]
    domain: Option<Host>,

    /// The class of Ingresses (haproxy, traefik, nginx or any other), or of the Gateway
    #[arg(long, value_name = "CLASS", value_parser = parse_object, help_heading = "Reaching services from outside")]
    ingress_class: Option<ObjectName>,

    /// The Secret that holds the hosts' certificate
    #[arg(long, value_name = "NAME", value_parser = parse_object, conflicts_with = "cluster_issuer", help_heading = "Reaching services from outside")]
    tls_secret: Option<ObjectName>,

    /// The ClusterIssuer from which cert-manager gets certificates
    #[arg(long, value_name = "NAME", value_parser = parse_object, help_heading = "Reaching services from outside")]
    cluster_issuer: Option<ObjectName>,

    /// A Gateway that is there already, for `--expose gateway`
    #[arg(long, value_name = "[NAMESPACE/]NAME", value_parser = parse_qualified, help_heading = "Reaching services from outside")]
    gateway: Option<QualifiedName>,

    /// Under which number Services show published ports
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "container",
        help_heading = "Reaching services from outside"
    )]
    service_port: ServicePortArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExposeArgument {
    None,
    #[value(name = "nodeport")]
    NodePort,
    #[value(name = "loadbalancer")]
    LoadBalancer,
    Ingress,
    Gateway,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ServicePortArgument {
    /// The container's, where the other services of a compose project reach it
    Container,
    /// The published one, as kompose does
    Published,
}

fn said<T>(parsed: Result<T, Invalid>) -> Result<T, String> {
    parsed.map_err(|invalid| format!("{}; {}", invalid.why, invalid.help))
}

fn parse_host(text: &str) -> Result<Host, String> {
    said(Host::parse_domain(text))
}

fn parse_object(text: &str) -> Result<ObjectName, String> {
    said(ObjectName::parse(text))
}

fn parse_qualified(text: &str) -> Result<QualifiedName, String> {
    said(QualifiedName::parse(text))
}

impl OutsideArguments {
    /// What the line is told.
    pub(crate) fn outside(&self) -> Outside {
        Outside {
            expose: self.expose.map(|way| match way {
                ExposeArgument::None => Expose::None,
                ExposeArgument::NodePort => Expose::NodePort,
                ExposeArgument::LoadBalancer => Expose::LoadBalancer,
                ExposeArgument::Ingress => Expose::Ingress,
                ExposeArgument::Gateway => Expose::Gateway,
            }),
            domain: self.domain.clone(),
            class: self.ingress_class.clone(),
            tls: self.tls(),
            gateway: self.gateway.clone().map(|name| GatewayObject {
                name,
                section: None,
            }),
            service_port: match self.service_port {
                ServicePortArgument::Container => PublishedAs::Container,
                ServicePortArgument::Published => PublishedAs::Published,
            },
        }
    }

    fn tls(&self) -> Option<Tls> {
        let secret = self.tls_secret.clone().map(Located::nowhere);
        let issuer = self.cluster_issuer.clone().map(Located::nowhere);
        let issuer = issuer.map(|name| Tls::Issuer {
            cluster: true,
            name,
        });
        secret.map(Tls::Secret).or(issuer)
    }
}

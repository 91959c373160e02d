//! Compose's merge rules: which values of a compose file combine in which way.
//!
//! Mappings merge by key, lists append, scalars replace; this table holds the
//! exceptions. <https://github.com/compose-spec/compose-spec/blob/main/13-merge.md>

use kubewright_yaml::Node;

use super::{identity, shape};
use crate::document::{Combine, Null, Site};

/// Where in a compose file one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComposeSite {
    /// The top.
    Root,
    /// `services`.
    Services,
    /// `services.*`.
    Service,
    /// `build` of a service.
    Build,
    /// `healthcheck` of a service.
    Healthcheck,
    /// `deploy` of a service.
    Deploy,
    /// `networks`, `volumes`, `secrets`, `configs`, `models`.
    Resources,
    /// One of these.
    Resource,
    /// `ipam` of a network.
    Ipam,
    /// `config` of it.
    IpamConfig,
    /// `command`, `entrypoint`, `healthcheck.test`: never merged.
    Command,
    /// `NAME=value` as a list or a mapping.
    KeyValues,
    /// One value of it.
    KeyValue,
    /// A list that may be written as its only item, or as a mapping.
    Strings,
    /// The same, of files with variables.
    EnvFiles,
    /// A list of names or a mapping by name.
    Names,
    /// `networks` of a service by name.
    ServiceNetwork,
    /// `depends_on`: a list of names or a mapping by name.
    DependsOn,
    /// `logging`.
    Logging,
    /// `ulimits`.
    Ulimits,
    /// One of them: a number, or `soft` and `hard`.
    Ulimit,
    /// `ports`.
    Ports,
    /// `expose`.
    Expose,
    /// `volumes` of a service.
    Mounts,
    /// `devices`.
    Devices,
    /// `configs` of a service.
    ConfigMounts,
    /// `secrets` of a service.
    SecretMounts,
    /// A list of `KEY` or `KEY=value`, each key once: `cap_add`, `links`, `profiles`.
    Keyed,
    /// Everything else.
    Rest,
}

impl Site for ComposeSite {
    fn below(self, key: &str) -> Self {
        match self {
            Self::Root => match key {
                "services" => Self::Services,
                "networks" | "volumes" | "secrets" | "configs" | "models" => Self::Resources,
                _ => Self::Rest,
            },
            Self::Services => Self::Service,
            Self::Service => below_service(key),
            Self::Build => match key {
                "args" | "additional_contexts" | "labels" => Self::KeyValues,
                "extra_hosts" => Self::Strings,
                "platform" | "tags" => Self::Keyed,
                "ulimits" => Self::Ulimits,
                _ => Self::Rest,
            },
            Self::Healthcheck if key == "test" => Self::Command,
            Self::Deploy if key == "labels" => Self::KeyValues,
            Self::Resources => Self::Resource,
            Self::Resource => match key {
                "labels" => Self::KeyValues,
                "ipam" => Self::Ipam,
                _ => Self::Rest,
            },
            Self::Ipam if key == "config" => Self::IpamConfig,
            Self::KeyValues => Self::KeyValue,
            Self::Names => Self::ServiceNetwork,
            Self::ServiceNetwork if matches!(key, "aliases" | "link_local_ips") => Self::Keyed,
            Self::Ulimits => Self::Ulimit,
            Self::Healthcheck
            | Self::Deploy
            | Self::Ipam
            | Self::IpamConfig
            | Self::Command
            | Self::KeyValue
            | Self::Strings
            | Self::EnvFiles
            | Self::ServiceNetwork
            | Self::DependsOn
            | Self::Logging
            | Self::Ulimit
            | Self::Ports
            | Self::Expose
            | Self::Mounts
            | Self::Devices
            | Self::ConfigMounts
            | Self::SecretMounts
            | Self::Keyed
            | Self::Rest => Self::Rest,
        }
    }

    fn combine(self) -> Combine {
        match self {
            Self::Root
            | Self::Services
            | Self::Service
            | Self::Healthcheck
            | Self::Deploy
            | Self::Resources
            | Self::Resource
            | Self::Ipam
            | Self::ServiceNetwork
            | Self::Ulimits
            | Self::Rest => Combine::Deep,
            Self::Command | Self::KeyValue => Combine::Replace,
            Self::Build => Combine::Mapping(shape::build),
            Self::KeyValues => Combine::Mapping(shape::key_values),
            Self::Names => Combine::Mapping(shape::names),
            Self::DependsOn => Combine::Mapping(shape::dependencies),
            Self::Logging => Combine::Unless(other_driver),
            Self::Ulimit => Combine::Unless(not_both_mappings),
            Self::Strings => Combine::List(shape::strings, identity::whole),
            Self::EnvFiles => Combine::List(shape::strings, identity::env_file),
            Self::IpamConfig => Combine::List(shape::list, identity::subnet),
            Self::Ports => Combine::List(shape::list, identity::port),
            Self::Expose => Combine::List(shape::list, identity::whole),
            Self::Mounts => Combine::List(shape::list, identity::mount),
            Self::Devices => Combine::List(shape::list, identity::device),
            Self::ConfigMounts => Combine::List(shape::list, identity::config),
            Self::SecretMounts => Combine::List(shape::list, identity::secret),
            Self::Keyed => Combine::List(shape::strings, identity::key),
        }
    }

    fn null(self) -> Null {
        match self {
            Self::Command | Self::KeyValue | Self::Ulimit => Null::Replaces,
            Self::Root
            | Self::Services
            | Self::Service
            | Self::Build
            | Self::Healthcheck
            | Self::Deploy
            | Self::Resources
            | Self::Resource
            | Self::Ipam
            | Self::IpamConfig
            | Self::KeyValues
            | Self::Strings
            | Self::EnvFiles
            | Self::Names
            | Self::ServiceNetwork
            | Self::DependsOn
            | Self::Logging
            | Self::Ulimits
            | Self::Ports
            | Self::Expose
            | Self::Mounts
            | Self::Devices
            | Self::ConfigMounts
            | Self::SecretMounts
            | Self::Keyed
            | Self::Rest => Null::Keeps,
        }
    }
}

fn below_service(key: &str) -> ComposeSite {
    match key {
        "build" => ComposeSite::Build,
        "healthcheck" => ComposeSite::Healthcheck,
        "deploy" => ComposeSite::Deploy,
        "command" | "entrypoint" => ComposeSite::Command,
        "annotations" | "environment" | "labels" | "sysctls" => ComposeSite::KeyValues,
        "dns" | "dns_opt" | "dns_search" | "tmpfs" => ComposeSite::Keyed,
        "extra_hosts" | "label_file" => ComposeSite::Strings,
        "env_file" => ComposeSite::EnvFiles,
        "networks" | "models" => ComposeSite::Names,
        "depends_on" => ComposeSite::DependsOn,
        "logging" => ComposeSite::Logging,
        "ulimits" => ComposeSite::Ulimits,
        "ports" => ComposeSite::Ports,
        "expose" => ComposeSite::Expose,
        "volumes" => ComposeSite::Mounts,
        "devices" => ComposeSite::Devices,
        "configs" => ComposeSite::ConfigMounts,
        "secrets" => ComposeSite::SecretMounts,
        "cap_add" | "cap_drop" | "links" | "profiles" => ComposeSite::Keyed,
        _ => ComposeSite::Rest,
    }
}

/// Options of one log driver mean nothing to another.
fn other_driver(under: &Node, over: &Node) -> bool {
    match (under.get("driver"), over.get("driver")) {
        (Some(under), Some(over)) => !crate::document::equal(under, over),
        (None, _) | (_, None) => false,
    }
}

fn not_both_mappings(under: &Node, over: &Node) -> bool {
    under.as_mapping().is_none() || over.as_mapping().is_none()
}

//! `dns`, `dns_search`, `dns_opt`, `extra_hosts`, `hostname` and `domainname`.

use std::net::IpAddr;

use kubewright_model::dns::DnsPolicy;
use kubewright_model::value::Host;
use kubewright_model::{App, Given, Located, Name};
use kubewright_yaml::Value;

use super::service::Service;
use crate::fields::{At, shown};

/// Reads the keys into the app.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let fields = &service.fields;
    for at in fields.get("dns").iter().flat_map(At::one_or_many) {
        if let Some(address) = at
            .text()
            .filter(|text| !is_empty(&at, text))
            .and_then(|text| address(&at, text.span, &text.value))
        {
            app.dns.nameservers.push(address);
        }
    }
    if let Some(first) = app.dns.nameservers.first() {
        // Docker asks these servers behind its own, which knows the services;
        // a pod asks the cluster's first and these beside it.
        app.dns.policy = Some(Located::new(DnsPolicy::ClusterFirst, first.span));
    }
    for at in fields.get("dns_search").iter().flat_map(At::one_or_many) {
        app.dns.searches.extend(at.parse(Host::parse));
    }
    for text in fields.get("dns_opt").iter().flat_map(At::texts) {
        let (name, value) = match text.value.split_once(':') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text.value.as_str(), None),
        };
        app.dns
            .options
            .insert(name.to_owned(), Located::new(value, text.span));
    }
    app.dns.hostname = fields.get("hostname").and_then(|at| name(&at));
    app.dns.subdomain = fields.get("domainname").and_then(|at| name(&at));
    if let Some(at) = fields.get("extra_hosts") {
        extra_hosts(&at, app);
    }
}

/// True, and said, where a variable that is not set left nothing.
fn is_empty(at: &At<'_>, text: &Located<String>) -> bool {
    if text.value.is_empty() {
        at.warn(
            "empty-value",
            "an empty address names no server",
            "write the address, or set the variable that holds it",
        );
    }
    text.value.is_empty()
}

fn address(at: &At<'_>, span: kubewright_source::Span, text: &str) -> Given<IpAddr> {
    let bare = text.trim().trim_start_matches('[').trim_end_matches(']');
    let parsed = bare.parse().ok();
    if parsed.is_none() {
        at.bad(
            format!("{} is no address", shown(text)),
            "write it like `10.0.0.1`",
        );
    }
    parsed.map(|ip| Located::new(ip, span))
}

fn name(at: &At<'_>) -> Given<Name> {
    let text = at.text().filter(|text| !text.value.is_empty())?;
    // Only the first label of a host name is the pod's own.
    let first = text.value.split('.').next().unwrap_or_default();
    let name = at.checked(&Located::new(first.to_owned(), text.span), Name::sanitised)?;
    if name.value.as_str() != text.value {
        at.note(
            "renamed",
            format!(
                "`{}: {}` becomes `{}` in Kubernetes",
                at.name, text.value, name.value
            ),
            "a pod's names are single labels: lower-case letters, digits and `-`",
        );
    }
    Some(name)
}

fn extra_hosts(at: &At<'_>, app: &mut App) {
    match &at.node.value {
        Value::Mapping(_) => {
            for (key, below) in at.entries() {
                for item in below.one_or_many() {
                    if let Some(text) = item.text() {
                        host(&item, key, text.as_ref().map(String::as_str), app);
                    }
                }
            }
        }
        Value::Sequence(_) | Value::Scalar(_) => {
            for item in at.items() {
                let Some(text) = item.text() else { continue };
                let parts = text.value.split_once(['=', ':']);
                let Some((name, address)) = parts else {
                    item.bad(
                        format!("{} has no address", shown(&text.value)),
                        "write it like `host=10.0.0.1`",
                    );
                    continue;
                };
                host(
                    &item,
                    Located::new(name, text.span),
                    Located::new(address, text.span),
                    app,
                );
            }
        }
    }
}

fn host(at: &At<'_>, name: Located<&str>, target: Located<&str>, app: &mut App) {
    if target.value.trim() == "host-gateway" {
        at.warn(
            "not-carried",
            format!(
                "`{}` leads to the machine that Docker runs on, which a cluster does not have",
                name.value
            ),
            "run what is meant there as a service, or give its address",
        );
        return;
    }
    let parsed = at.checked(&name.map(str::to_owned), Host::parse);
    if let (Some(name), Some(address)) = (parsed, address(at, target.span, target.value)) {
        app.dns.host_aliases.push((name, address));
    }
}

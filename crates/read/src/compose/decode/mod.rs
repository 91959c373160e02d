//! A resolved compose document to a [`Project`].
//!
//! - [`keys`]: every key of the specification and what becomes of it;
//! - `scope`: what is gathered once over all services: names, who mounts what,
//!   who waits for whom;
//! - `services`: all services, in parallel;
//! - `service`: one service, room by room: `image`, `build`, `command`,
//!   `environment`, `port`, `volume` and `bind`, `source` (configs and secrets),
//!   `network`, `dns`, `dependency`, `healthcheck`, `resource`, `security`,
//!   `deploy`, `label`, `kind`, `route`;
//! - `http_test`: healthchecks that a kubelet can do itself (`own_name`: by which
//!   names a service finds itself; `test_header`: what is sent);
//! - `shared_pod`: services that share another's network move into its pod
//!   (`pod_merge`, with `pod_port` and `pod_wait`), those that prepare another
//!   become its init containers (`init_service`);
//! - `implied_port`: services that name no port, although others reach them
//!   (`host_port`: the hosts that a text names);
//! - `alias`: names that several services have;
//! - `cycle`: services that wait for themselves.

mod alias;
mod amount;
mod below;
mod bind;
mod build;
mod claim_label;
mod command;
mod cycle;
mod dependency;
mod deploy;
mod develop;
mod device;
mod dns;
mod environment;
mod healthcheck;
mod host_port;
mod http_test;
mod image;
mod implied_port;
mod init_service;
pub mod keys;
mod kind;
mod kompose;
mod label;
mod model;
mod mount;
mod needs;
mod network;
mod object_name;
mod once;
mod own_name;
mod pod_merge;
mod pod_port;
mod pod_wait;
mod port;
mod port_name;
mod port_spec;
mod pre_start;
mod program;
mod resource;
mod restates;
mod route;
mod scope;
mod security;
mod service;
mod services;
mod shared_pod;
mod source;
mod test_header;
mod unused_source;
mod usual_name;
mod volume;
mod volumes_from;

#[cfg(test)]
mod tests;

use kubewright_files::Files;
use kubewright_model::compose::Expose;
use kubewright_model::value::Host;
use kubewright_model::{Located, Name, Project};
use kubewright_source::{Diagnostic, Diagnostics, Stop};
use kubewright_yaml::Path;

use super::load::Document;
use crate::fields::{At, Report};
use scope::Scope;

/// How compose's words are taken where there is a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecodeOptions {
    /// Under which number Services show published ports.
    pub service_port: PublishedAs,
    /// The way in that was asked for; none: a route where there is a domain, else
    /// a note per service that says how to ask.
    pub expose: Option<Expose>,
    /// The domain below which services have hosts.
    pub domain: Option<Host>,
    /// There is a certificate, or an issuer of them, for routes with TLS.
    pub has_certificate: bool,
    /// Secrets are not written: somebody else makes them.
    pub secrets_elsewhere: bool,
    /// Tools for developers are told what `develop` says.
    pub for_developers: bool,
}

impl DecodeOptions {
    /// What is said of a value and the Secret that holds it.
    fn goes(&self) -> &'static str {
        match self.secrets_elsewhere {
            true => "must come from",
            false => "went to",
        }
    }
}

/// Under which number a Service shows a published port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PublishedAs {
    /// The container's: that is where the services of a compose project find
    /// each other.
    #[default]
    Container,
    /// The published one.
    Published,
}

/// The project that a compose document describes. The document is taken, so that
/// each service's tree can make room as soon as it is decoded. What cannot be decoded is
/// missing from it and an error of `diagnostics`; what is not carried over is a
/// warning, what was decided a note.
pub fn decode(
    document: Document,
    files: &dyn Files,
    options: &DecodeOptions,
    diagnostics: &mut Diagnostics,
) -> Project {
    decode_unless(document, files, options, &|| false, diagnostics)
}

/// The same; where `stop` says that nobody wants it, services are missing without a
/// word.
pub fn decode_unless(
    document: Document,
    files: &dyn Files,
    options: &DecodeOptions,
    stop: Stop<'_>,
    diagnostics: &mut Diagnostics,
) -> Project {
    let mut found = Diagnostics::default();
    let project = project(document, files, options, stop, &mut found);
    once::add(found, diagnostics);
    project
}

fn project(
    mut document: Document,
    files: &dyn Files,
    options: &DecodeOptions,
    stop: Stop<'_>,
    diagnostics: &mut Diagnostics,
) -> Project {
    let (keys, nodes) = services::take(&mut document.root);
    let document = &document;
    let report = Report::default();
    let root = At::root(&document.root, &report);
    let mut project = Project::new(project_name(&root, document));
    if let Some(fields) = root.fields("the file") {
        keys::settle(&fields, keys::TOP);
        if let Some(at) = fields
            .get("services")
            .filter(|at| at.node.as_mapping().is_none())
        {
            at.wrong_type("a mapping");
        }
        let path = Path::ROOT.key("services");
        let services = services::all(&keys, &nodes, &path, &report);
        let names = scope::names(&services, diagnostics);
        let (mounts, volume_users) = scope::mounts(&services, document, diagnostics);
        let nginx_proxy = route::nginx_proxy::gather(&services, &mounts);
        let mut scope = Scope {
            document,
            files,
            options,
            project: project.name.value.clone(),
            services: names
                .iter()
                .map(|(key, name)| (name.value.clone(), *key))
                .collect(),
            names,
            mounts,
            volume_users,
            awaited: scope::awaited(&services),
            link_aliases: scope::link_aliases(&services),
            linked: scope::linked(&services),
            pods: shared_pod::Pods::read(&services, document, &report),
            containers: shared_pod::containers(&services),
            volumes: volume::top(&fields, document),
            networks: network::top(&fields, &document.name.value),
            sources: source::top(&fields, document, files, options),
            traefik: route::traefik::gather(&services, document),
            nginx_proxy,
        };
        volume::share(&fields, &mut scope, &mut project);
        network::declare(&fields, &scope, &mut project);
        scope.sources.declare(&mut project);
        let used_sources = unused_source::used(&services);
        let cycles = Report::default();
        cycle::report(&services, &cycles);
        services::decode(&keys, nodes, &scope, stop, &mut project, &report);
        implied_port::settle(&mut project, &scope, &report);
        shared_pod::gather(&scope.pods, &scope.names, &mut project, &report);
        volume::share_among_pods(&mut project, &report);
        alias::settle(&mut project, &report);
        route::sort(&mut project);
        report.take_in(cycles);
        volume::report_unused(&fields, &scope);
        network::report_unused(&fields, &scope, &project);
        unused_source::report(&fields, &used_sources);
        fields.finish();
        for said in &document.idle_files {
            report.push(said.clone());
        }
        for name in &document.inactive {
            report.push(inactive(name));
        }
    }
    report.into_diagnostics(diagnostics);
    project
}

/// A service whose profiles are not asked for.
fn inactive(name: &Located<String>) -> Diagnostic {
    Diagnostic::note(
        "inactive-service",
        name.span,
        format!(
            "service `{}` takes no part: none of its profiles is active",
            name.value
        ),
    )
    .path(Path::ROOT.key("services").key(&name.value).to_string())
    .help("ask for one with `--profile NAME`, or for all with `--profile '*'`")
}

fn project_name(at: &At<'_>, document: &Document) -> Located<Name> {
    let name = &document.name;
    match Name::sanitised(&name.value) {
        Ok(sanitised) => Located::new(sanitised, name.span),
        Err(invalid) => {
            // A text without any name in it was reported where it was looked for.
            if !name.value.is_empty() {
                at.bad_value(name.span, &name.value, invalid);
            }
            let fallback = Name::parse("project").expect("a constant that is a name");
            Located::new(fallback, name.span)
        }
    }
}

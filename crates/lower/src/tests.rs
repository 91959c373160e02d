//! Faults that compose files cannot have, but other inputs can.

use kubewright_model::container::ImageSource;
use kubewright_model::probe::{Probe, ProbeCheck, Setting};
use kubewright_model::project::Entry;
use kubewright_model::resource::{Limit, Resources};
use kubewright_model::workload::Deployment;
use kubewright_model::{App, Cpu, Image, Located, Name, Project, Workload};

use crate::{Options, lower};

/// The codes that lowering says of an app.
fn said(change: impl FnOnce(&mut App)) -> Vec<&'static str> {
    let name = Name::parse("web").unwrap();
    let mut app = App::new(
        Located::nowhere(name.clone()),
        Located::nowhere("app web".to_owned()),
        Workload::Deployment(Deployment::default()),
    );
    let image = Image::parse("ghcr.io/acme/web:1").unwrap();
    app.main.image = Some(ImageSource::Image(Located::nowhere(image)));
    change(&mut app);
    let mut project = Project::new(Located::nowhere(Name::parse("shop").unwrap()));
    project.entries.insert(name, Entry::App(Box::new(app)));
    let (_, diagnostics) = lower(&project, Options::default());
    diagnostics.into_iter().map(|said| said.code).collect()
}

#[test]
fn a_plain_app_is_fine() {
    assert_eq!(said(|_| {}), Vec::<&str>::new());
}

#[test]
fn a_probe_needs_a_port() {
    let codes = said(|app| {
        let check = Located::nowhere(ProbeCheck::Tcp { port: None });
        app.main.probes.readiness = Setting::On(Box::new(Probe::new(check)));
    });
    assert_eq!(codes, ["needs-port"]);
}

#[test]
fn a_limit_is_no_less_than_the_request() {
    let codes = said(|app| {
        let cpu = |text| Cpu::parse(text).unwrap();
        app.main.resources = Resources {
            cpu: Some(Located::nowhere(cpu("1"))),
            cpu_limit: Some(Located::nowhere(Limit::At(cpu("500m")))),
            ..Resources::default()
        }
        .into();
    });
    assert_eq!(codes, ["limit-below-request"]);
}

//! Projects that nobody wrote, with two or three environments that differ in anything:
//! each compiles in every form, the same way twice, and overlays hold nothing that the
//! base says. That all forms say the same is asked of their own programs, by
//! `make forms`, for projects of the same making.

use kubewright_compile::{Format, Outcome, Request, generate};
use kubewright_files::MemoryFiles;
use kubewright_read::Environment;
use kubewright_specimen::{Project, numbered, project};
use proptest::prelude::*;

use crate::kustomize::{Texts, repeated};

fn made(project: &Project) -> Outcome {
    let files = project.files().into_iter();
    let files = files.fold(MemoryFiles::new(), |files, (path, bytes)| {
        files.with(path, bytes)
    });
    let request = Request {
        formats: vec![
            Format::Manifests,
            Format::Kustomize,
            Format::Helm,
            Format::Skaffold,
            Format::Tilt,
        ],
        working_directory: "/acme".into(),
        ..Request::default()
    };
    generate(&request, &files, &Environment::default(), &|_, _| {})
}

/// All texts by their paths.
fn texts(outcome: Outcome) -> Texts {
    let manifests = outcome.tree.into_iter().flat_map(|tree| tree.into_files());
    let files = manifests.chain(outcome.top.into_files());
    files
        .map(|file| (file.path.to_string(), file.text))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_form_comes_of_every_project(project in project()) {
        let outcome = made(&project);
        let said = format!("{:?}\n{}", outcome.diagnostics, project.text());
        prop_assert!(!outcome.diagnostics.has_errors(), "{}", said);
        let texts = texts(outcome);
        for name in project.environments() {
            for path in [
                format!("kustomize/overlays/{name}/kustomization.yaml"),
                format!("charts/acme/values-{name}.yaml"),
            ] {
                prop_assert!(texts.contains_key(&path), "{path} is missing");
            }
            let manifests = format!("{name}/");
            prop_assert!(texts.keys().any(|path| path.contains(&manifests)), "{manifests}");
        }
        prop_assert!(texts.contains_key("skaffold.yaml") && texts.contains_key("Tiltfile"));
        let (_, wrong) = repeated(&texts);
        prop_assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), project.text());
        prop_assert_eq!(texts, self::texts(made(&project)));
    }
}

#[test]
fn a_number_gives_one_project() {
    let texts: Vec<String> = (1..20).map(|number| numbered(number).text()).collect();
    let again: Vec<String> = (1..20).map(|number| numbered(number).text()).collect();
    assert_eq!(texts, again);
    let mut different = texts.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), texts.len());
}

/// What projects are to differ in comes up, too: a strategy that says less than it
/// should would make the other tests worthless.
#[test]
fn projects_differ_in_everything() {
    let texts: Vec<String> = (1..400).map(|number| numbered(number).text()).collect();
    for key in [
        "access",
        "annotations",
        "args",
        "build",
        "command",
        "companions",
        "dns",
        "enabled",
        "env_from",
        "environment",
        "files",
        "gateway",
        "identity",
        "image_tag",
        "infrastructure",
        "init_containers",
        "job",
        "labels",
        "lifecycle",
        "mesh",
        "namespace",
        "network_policy",
        "objects",
        "overrides",
        "patches",
        "placement",
        "pod_annotations",
        "ports",
        "probes",
        "registry",
        "replicas",
        "resources",
        "scaling",
        "schedule",
        "secret",
        "secret_store",
        "security",
        "service",
        "sidecars",
        "strategy",
        "volumes",
    ] {
        let name = format!("\"{key}\": ");
        let count = texts.iter().filter(|text| text.contains(&name)).count();
        assert!(count > 10, "{key} is in {count} of them");
    }
}

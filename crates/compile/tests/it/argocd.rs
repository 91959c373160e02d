//! What Applications of Argo CD bring to a cluster is what the flat manifests say, in
//! every case: each object once, and nothing that the AppProject does not allow. That
//! an ApplicationSet makes the same Applications is asked by `make forms`.

use std::collections::{BTreeMap, BTreeSet};

use kubewright_compile::{Format, Outcome, Request, generate};
use kubewright_files::File;
use kubewright_yaml::Node;

use crate::case::{self, Case};
use crate::kustomize::{at, items, scalar, tree};

/// What a case comes to with Argo CD, and what it says.
struct Made {
    /// Flat manifests by their paths in the repository.
    manifests: BTreeMap<String, File>,
    /// Those of Argo CD.
    argocd: BTreeMap<String, File>,
}

fn outcome(case: &Case, around: impl FnOnce(&mut Request)) -> Outcome {
    let (request, files, environment) = case.asked();
    let mut request = Request {
        formats: vec![Format::ArgoCd],
        ..request
    };
    around(&mut request);
    generate(&request, &files, &environment, &|_, _| {})
}

fn made(case: &Case) -> Made {
    made_with(case, |_| {})
}

fn made_with(case: &Case, around: impl FnOnce(&mut Request)) -> Made {
    let outcome = outcome(case, around);
    let folder = outcome.output_directory.unwrap_or_else(|| "k8s".to_owned());
    let manifests = outcome.tree.expect("it is compiled").into_files();
    let manifests = manifests
        .into_iter()
        .map(|file| (format!("{folder}/{}", file.path), file));
    let argocd = outcome.top.into_files().into_iter();
    Made {
        manifests: manifests.collect(),
        argocd: argocd.map(|file| (file.path.to_string(), file)).collect(),
    }
}

impl Made {
    /// The trees of a kind, with their folders; the Application that brings all others
    /// is none of them.
    fn of_kind(&self, kind: &str) -> Vec<(String, Node)> {
        let files = self.argocd.iter();
        let files = files.filter(|(path, _)| !path.ends_with("/root.yaml"));
        let trees = files.map(|(path, file)| (folder(path).to_owned(), tree(&file.text)));
        let own = trees.filter(|(_, tree)| scalar(tree, "kind").as_deref() == Some(kind));
        own.collect()
    }

    /// The AppProjects by their names.
    fn projects(&self) -> BTreeMap<String, Node> {
        let projects = self.of_kind("AppProject").into_iter();
        let named = projects.map(|(_, project)| (name(&project), project));
        named.collect()
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn name(object: &Node) -> String {
    at(object, &["metadata"])
        .and_then(|metadata| scalar(metadata, "name"))
        .expect("an object has a name")
}

/// The paths that an Application brings; none where its source is no folder of ours.
fn brought(application: &Node, prefix: &str) -> Option<Vec<String>> {
    let source = at(application, &["spec", "source"]).expect("it has a source");
    let include = scalar(at(source, &["directory"])?, "include").expect("it names files");
    let path = scalar(source, "path").expect("it has a folder");
    let path = path.strip_prefix(prefix).expect("it lies in the folder");
    let names = include.trim_matches(['{', '}']).split(',');
    let path = path.trim_start_matches('/');
    Some(names.map(|name| format!("{path}/{name}")).collect())
}

/// The folder of the repository that the cases for Argo CD name.
fn prefix(case: &Case) -> &'static str {
    match case.name.as_str() {
        "argocd-environments" | "argocd-application-set" => "deploy/shop",
        "apps-complete" => "deploy",
        _ => "",
    }
}

fn good() -> impl Iterator<Item = Case> {
    let cases = case::all().into_iter();
    cases.filter(|case| !case.is_bad() && case.name != "argocd-application-set")
}

#[test]
fn every_manifest_is_brought_once() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for case in good() {
        let made = made(&case);
        let mut left: BTreeSet<&String> = made.manifests.keys().collect();
        let mut names = BTreeSet::new();
        for (_, application) in made.of_kind("Application") {
            let name = name(&application);
            let mut faults = Vec::new();
            for path in brought(&application, prefix(&case)).into_iter().flatten() {
                compared += 1;
                if !left.remove(&path) {
                    faults.push(format!("{path} is not there, or not only there"));
                }
            }
            if !names.insert(name.clone()) {
                faults.push("its name is taken".to_owned());
            }
            let faults = faults.into_iter();
            wrong.extend(faults.map(|fault| format!("{} {name}: {fault}", case.name)));
        }
        // What is Argo CD's own lies among its files.
        let own = ["Application", "AppProject"];
        let left = left
            .into_iter()
            .filter(|path| !own.contains(&&*made.manifests[*path].objects[0].kind));
        wrong.extend(left.map(|path| format!("{} {path}: nobody brings it", case.name)));
    }
    assert!(compared > 1_000, "only {compared} manifests");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Charts are what the manifests say of them, but for names that environments share.
#[test]
fn every_chart_is_among_the_applications_once() {
    let mut compared = 0;
    for case in good() {
        let made = made(&case);
        let applications = made.of_kind("Application");
        let flat = made.manifests.values();
        for file in flat.filter(|file| file.objects[0].kind == "Application") {
            let object = &file.objects[0];
            let flat = tree(&file.text);
            let same = applications.iter().filter(|(folder, application)| {
                let environment = object.environment.as_deref();
                let is_near = environment.is_none_or(|name| folder.ends_with(&format!("/{name}")));
                let parts = ["source", "destination", "syncPolicy", "ignoreDifferences"];
                let is_same = parts.iter().all(|part| {
                    let way = ["spec", part];
                    match (at(application, &way), at(&flat, &way)) {
                        (Some(one), Some(other)) => one.same(other),
                        (one, other) => one.is_none() && other.is_none(),
                    }
                });
                is_near && is_same && name(application).ends_with(&object.name)
            });
            assert_eq!(same.count(), 1, "{} {}", case.name, object.name);
            compared += 1;
        }
    }
    assert!(compared > 10, "only {compared} charts");
}

/// Kinds of the whole cluster that the cases have.
const CLUSTER_WIDE: &[&str] = &["Namespace", "PriorityClass", "StorageClass", "ClusterRole"];

#[test]
fn projects_allow_what_their_applications_bring() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for case in good() {
        let made = made(&case);
        let projects = made.projects();
        for (_, application) in made.of_kind("Application") {
            let spec = at(&application, &["spec"]).expect("it has a spec");
            let project = &projects[&scalar(spec, "project").expect("it has a project")];
            let allows = at(project, &["spec"]).expect("it has a spec");
            let repo = scalar(at(spec, &["source"]).expect("a source"), "repoURL");
            let repos = items(allows, "sourceRepos").iter();
            let repos = repos.map(|repo| repo.as_scalar().expect("a URL").text.to_string());
            let to = at(spec, &["destination"]).expect("it leads somewhere");
            let mut places = items(allows, "destinations").iter();
            let kinds = items(allows, "clusterResourceWhitelist").iter();
            let kinds: Vec<String> = kinds.filter_map(|kind| scalar(kind, "kind")).collect();
            let files = brought(&application, prefix(&case)).unwrap_or_default();
            let files = files.iter().filter_map(|path| made.manifests.get(path));
            let brings = files.map(|file| file.objects[0].kind.as_ref());
            let mut brings = brings.filter(|kind| CLUSTER_WIDE.contains(kind));
            let may = |kind: &str| kinds.iter().any(|known| known == kind || known == "*");
            let faults = [
                (!repos
                    .collect::<Vec<_>>()
                    .contains(&repo.expect("a repository")))
                .then_some("its repository"),
                (!places.any(|place| place.same(to))).then_some("where it leads"),
                (!brings.all(may)).then_some("its kinds"),
                (!may("Namespace")).then_some("its namespace"),
            ];
            let faults = faults.into_iter().flatten();
            wrong.extend(
                faults.map(|fault| format!("{} {}: {fault}", case.name, name(&application))),
            );
            compared += 1;
        }
    }
    assert!(compared > 500, "only {compared} Applications");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn named(name: &str) -> Case {
    let mut cases = case::all().into_iter();
    cases.find(|case| case.name == name).expect("it is there")
}

/// Skaffold may want the manifests in a folder below their own.
#[test]
fn files_are_found_where_another_form_wants_them() {
    let case = named("skaffold-environments-kustomize");
    let made = made_with(&case, |request| {
        request.formats = vec![Format::ArgoCd, Format::Skaffold];
    });
    let applications = made.of_kind("Application");
    assert!(!applications.is_empty());
    for (_, application) in applications {
        for path in brought(&application, "").into_iter().flatten() {
            assert!(path.contains("/base/"), "{path}");
            assert!(made.manifests.contains_key(&path), "{path}");
        }
    }
}

#[test]
fn environments_that_are_not_asked_for_stay() {
    let production = |request: &mut Request| request.environments = vec!["production".to_owned()];
    let one = outcome(&named("argocd-environments"), production);
    let paths = one.top.files().iter().map(|file| file.path.as_str());
    let paths: Vec<&str> = paths.collect();
    assert!(
        paths.contains(&"argocd/production/kustomization.yaml"),
        "{paths:?}"
    );
    assert!(
        paths
            .iter()
            .all(|path| path.starts_with("argocd/production/")),
        "{paths:?}"
    );
    for folder in ["dev", "argocd/dev"] {
        assert!(
            one.spared.iter().any(|spared| spared == folder),
            "{:?}",
            one.spared
        );
    }

    // One ApplicationSet is of all environments.
    let set = outcome(&named("argocd-application-set"), |request| {
        production(request);
        request.formats.push(Format::Manifests);
    });
    assert!(set.top.files().is_empty());
    assert!(
        set.spared.contains(&"argocd".to_owned()),
        "{:?}",
        set.spared
    );
}

#[test]
fn a_set_is_asked_for_by_the_caller_too() {
    let case = named("argocd-environments");
    let asked = outcome(&case, |request| request.application_set = true);
    let set = asked.top.get("argocd/applicationset.yaml");
    assert!(set.is_some(), "{:?}", asked.top);
    let flat = outcome(&case, |request| {
        request.application_set = true;
        request.formats = vec![Format::Manifests];
    });
    let mut said = flat.diagnostics.iter();
    assert!(said.any(|said| said.code == "unused-option"));
}

/// `prod` with `api-web` and `prod-api` with `web` would both be `shop-prod-api-web`, and one
/// Argo CD may have them all.
#[test]
fn names_of_environments_do_not_meet() {
    let text = "name: shop\nenvironments: {prod: {}, prod-api: {}, a: {}, a-b: {}}\napps:\n  \
                api: {image: 'w:1'}\n  web: {image: 'w:1'}\n  b-web: {image: 'w:1'}\n\
                objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: z}, data: {a: b}}]\n";
    let outcome = case::of_text(text, Format::ArgoCd);
    let mut names = BTreeSet::new();
    for file in outcome.top.files() {
        let tree = tree(&file.text);
        if scalar(&tree, "kind").as_deref() == Some("Application") {
            let name = name(&tree);
            assert!(names.insert(name.clone()), "{name} in {}", file.path);
        }
    }
    assert_eq!(names.len(), 4 * (3 + 2), "{names:?}");
}

use kubewright_model::chart::{ChartSource, HelmRelease, HelmValues, KustomizeProject};
use kubewright_model::dependency::{Condition, Dependency};
use kubewright_model::output::ArgoCd;
use kubewright_model::project::Entry;
use kubewright_model::value::Url;
use kubewright_model::{Located, Name, Project};
use serde_json::{Value, json};

use crate::tests::{lowered_with, objects_of};
use crate::{Options, tree};

fn at<T>(value: T) -> Located<T> {
    Located::nowhere(value)
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn acme() -> ChartSource {
    ChartSource::Repository {
        repository: "acme".to_owned(),
        chart: "nats".to_owned(),
    }
}

fn release(called: &str, chart: ChartSource) -> HelmRelease {
    HelmRelease {
        name: at(name(called)),
        chart: at(chart),
        version: Some(at("1.2.0".to_owned())),
        values: Vec::new(),
        namespace: None,
        dependencies: Vec::new(),
        refers_to: Vec::new(),
    }
}

fn on(called: &str) -> Dependency {
    Dependency {
        on: at(name(called)),
        condition: at(Condition::Started),
        port: None,
        required: None,
    }
}

fn put(project: &mut Project, release: HelmRelease) {
    let name = release.name.value.clone();
    project.entries.insert(name, Entry::Helm(Box::new(release)));
}

/// Applications, AppProjects and what is said.
fn made(around: impl FnOnce(&mut Project)) -> (Vec<Value>, Vec<Value>, Vec<&'static str>) {
    let around = |project: &mut Project| {
        let repository = at(url("https://charts.acme.test/"));
        project.repositories.insert("acme".to_owned(), repository);
        around(project);
    };
    let (objects, said) = lowered_with(|_| {}, around, Options::default());
    (
        objects_of(&objects, "Application"),
        objects_of(&objects, "AppProject"),
        said.into_iter().map(|said| said.code).collect(),
    )
}

#[test]
fn a_chart_is_an_application() {
    let (applications, projects, codes) = made(|project| {
        let mut bus = release("bus", acme());
        bus.namespace = Some(at(name("messages")));
        put(project, bus);
    });
    let bus = &applications[0];
    assert_eq!(bus["metadata"]["namespace"], "argocd");
    assert_eq!(
        bus["metadata"]["finalizers"],
        json!(["resources-finalizer.argocd.argoproj.io/foreground"])
    );
    assert!(bus["metadata"]["annotations"].is_null());
    let source = json!({
        "repoURL": "https://charts.acme.test",
        "chart": "nats",
        "targetRevision": "1.2.0",
        "helm": {"releaseName": "bus"},
    });
    assert_eq!(bus["spec"]["source"], source);
    assert_eq!(bus["spec"]["project"], "shop");
    assert_eq!(
        bus["spec"]["syncPolicy"]["automated"],
        json!({"prune": true, "selfHeal": true})
    );
    let there = json!({"server": "https://kubernetes.default.svc", "namespace": "messages"});
    assert_eq!(bus["spec"]["destination"], there);
    assert_eq!(projects[0]["metadata"]["name"], "shop");
    assert_eq!(projects[0]["spec"]["destinations"], json!([there]));
    assert_eq!(
        projects[0]["spec"]["sourceRepos"],
        json!(["https://charts.acme.test"])
    );
    assert_eq!(codes, [""; 0]);
}

#[test]
fn every_kind_of_source() {
    let git = || {
        Some(ArgoCd {
            repo: Some(at(url("https://git.test/shop"))),
            revision: Some(at("main".to_owned())),
            ..ArgoCd::default()
        })
    };
    let oci = || ChartSource::Oci(url("oci://reg.test/charts/nats"));
    let path = || ChartSource::Path("./charts/bus/".to_owned());
    let other = || ChartSource::Repository {
        repository: "acne".to_owned(),
        chart: "nats".to_owned(),
    };
    let of_git = json!({
        "repoURL": "https://git.test/shop",
        "path": "charts/bus",
        "targetRevision": "main",
        "helm": {"releaseName": "bus"},
    });
    let of_oci = json!({
        "repoURL": "reg.test/charts",
        "chart": "nats",
        "targetRevision": "1.2.0",
        "helm": {"releaseName": "bus"},
    });
    let rows: [(ChartSource, Option<ArgoCd>, Value, &[&str]); 4] = [
        (oci(), None, of_oci, &[]),
        (path(), git(), of_git, &[]),
        (path(), None, Value::Null, &["not-carried"]),
        (other(), None, Value::Null, &["unknown-name"]),
    ];
    for (chart, told, expected, said) in rows {
        let text = format!("{chart:?}");
        let (applications, projects, codes) = made(|project| {
            project.output.argocd = told;
            put(project, release("bus", chart));
        });
        let source = applications
            .first()
            .map_or(Value::Null, |made| made["spec"]["source"].clone());
        assert_eq!(source, expected, "{text}");
        assert_eq!(projects.is_empty(), expected.is_null(), "{text}");
        assert_eq!(codes, said, "{text}");
    }
}

#[test]
fn a_chart_without_a_version_is_warned_about() {
    let (applications, _, codes) = made(|project| {
        let mut bus = release("bus", acme());
        bus.version = None;
        put(project, bus);
    });
    assert_eq!(applications[0]["spec"]["source"]["targetRevision"], "*");
    assert_eq!(codes, ["no-version"]);
}

#[test]
fn later_values_win() {
    let under = json!({"a": {"b": 1, "c": [1, 2]}, "d": "x"});
    let over = json!({"a": {"c": [3], "e": true}, "d": null});
    let (applications, _, _) = made(|project| {
        let mut bus = release("bus", acme());
        bus.values = vec![
            HelmValues::File {
                path: at("bus.yaml".to_owned()),
                values: tree::from_value(&under),
            },
            HelmValues::Inline(at(tree::from_value(&Value::Null))),
            HelmValues::Inline(at(tree::from_value(&over))),
        ];
        put(project, bus);
    });
    let values = &applications[0]["spec"]["source"]["helm"]["valuesObject"];
    assert_eq!(
        *values,
        json!({"a": {"b": 1, "c": [3], "e": true}, "d": null})
    );
}

#[test]
fn waves_follow_dependencies() {
    let (applications, _, _) = made(|project| {
        // Beside a row of three, a circle.
        let rows: [(&str, &[&str]); 6] = [
            ("one", &[]),
            ("two", &["one"]),
            ("three", &["two", "one", "nobody"]),
            ("round", &["about"]),
            ("about", &["round"]),
            ("last", &["three"]),
        ];
        for (called, before) in rows {
            let mut made = release(called, acme());
            made.dependencies = before.iter().map(|name| on(name)).collect();
            put(project, made);
        }
    });
    let wave = |called: &str| {
        let mut found = applications
            .iter()
            .filter(|made| made["metadata"]["name"] == called);
        let annotations = &found.next().unwrap()["metadata"]["annotations"];
        annotations["argocd.argoproj.io/sync-wave"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(wave("one"), None);
    assert_eq!(wave("two").as_deref(), Some("1"));
    assert_eq!(wave("three").as_deref(), Some("2"));
    assert_eq!(wave("last").as_deref(), Some("3"));
    assert_eq!(wave("round").as_deref(), Some("1"));
}

#[test]
fn a_kustomize_folder_comes_from_git() {
    let (applications, _, codes) = made(|project| {
        project.output.argocd = Some(ArgoCd {
            repo: Some(at(url("https://git.test/shop"))),
            ..ArgoCd::default()
        });
        let folder = KustomizeProject {
            name: at(name("mon")),
            path: at("mon".to_owned()),
            namespace: None,
            dependencies: Vec::new(),
        };
        let entry = Entry::Kustomize(Box::new(folder));
        project.entries.insert(name("mon"), entry);
    });
    let source =
        json!({"repoURL": "https://git.test/shop", "path": "mon", "targetRevision": "HEAD"});
    assert_eq!(applications[0]["spec"]["source"], source);
    assert_eq!(codes, [""; 0]);
}

#[test]
fn argo_cd_is_where_it_is_told_to_be_and_does_what_it_is_told() {
    let (applications, projects, _) = made(|project| {
        project.facts.argocd_cluster = Some(at("production-eu".to_owned()));
        project.output.argocd = Some(ArgoCd {
            namespace: Some(at(name("argo"))),
            prune: Some(at(false)),
            ..ArgoCd::default()
        });
        put(project, release("bus", acme()));
    });
    let bus = &applications[0];
    let there = json!({"name": "production-eu", "namespace": "default"});
    assert_eq!(bus["spec"]["destination"], there);
    assert_eq!(projects[0]["spec"]["destinations"], json!([there]));
    assert_eq!(bus["metadata"]["namespace"], "argo");
    assert_eq!(projects[0]["metadata"]["namespace"], "argo");
    let automated = json!({"prune": false, "selfHeal": true});
    assert_eq!(bus["spec"]["syncPolicy"]["automated"], automated);

    let (applications, _, _) = made(|project| {
        project.output.argocd = Some(ArgoCd {
            auto_sync: Some(at(false)),
            ..ArgoCd::default()
        });
        put(project, release("bus", acme()));
    });
    let policy = &applications[0]["spec"]["syncPolicy"];
    assert!(policy["automated"].is_null());
    assert_eq!(policy["retry"]["limit"], 5);
}

use kubewright_files::MemoryFiles;

use super::*;

fn found(files: &[(&str, &str)]) -> Kubernetes {
    let inventory = Inventory::new(files.iter().map(|(path, _)| (*path).to_owned()));
    let memory = files
        .iter()
        .fold(MemoryFiles::new(), |memory, (path, text)| {
            memory.with(path, *text)
        });
    kubernetes(&inventory, &Inside::new(&memory)).0
}

#[test]
fn manifests_and_what_they_need() {
    let found = found(&[
        (
            "k8s/all.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: n}\nstringData: {p: hunter2}\n---\n\
             apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: ${HOST}\n  annotations:\n    cert-manager.io/cluster-issuer: x\n",
        ),
        (
            "list.yaml",
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: p}}\n",
        ),
        ("values.yaml", "a: b\n"),
        ("broken.yaml", "apiVersion: v1\nkind: [\n"),
        (".github/workflows/x.yaml", "apiVersion: v1\nkind: Pod\n"),
        ("mkdocs.yml", "kind: x\napiVersion:\n"),
    ]);
    let names: Vec<(&str, Vec<&str>)> = found
        .manifests
        .iter()
        .map(|file| {
            (
                file.path.as_str(),
                file.objects.iter().map(|o| o.name.as_str()).collect(),
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            ("k8s/all.yaml", vec!["a", "${HOST}"]),
            ("list.yaml", vec!["p"])
        ]
    );
    assert!(found.manifests[0].objects[0].has_secret_values);
    assert_eq!(
        found.manifests[0].objects[0].namespace.as_deref(),
        Some("n")
    );
    assert_eq!(found.envsubst_variables, ["HOST"]);
    let needs: Vec<&str> = found.infrastructure.iter().map(|hint| hint.name).collect();
    assert_eq!(needs, ["cert-manager", "ingress-controller"]);
    assert!(!format!("{found:?}").contains("hunter2"));
}

#[test]
fn charts_are_not_read_as_manifests() {
    let found = found(&[
        (
            "charts/web/Chart.yaml",
            "apiVersion: v2\nkind: x\nname: web\nversion: 1.0.0\nappVersion: \"2\"\n",
        ),
        ("charts/web/values.yaml", "apiVersion: v1\nkind: Pod\n"),
        ("charts/web/values-prod.yaml", "a: b\n"),
        ("charts/web/templates/a.yaml", "apiVersion: v1\nkind: Pod\n"),
        (
            "charts/web/crds/a.yaml",
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n",
        ),
    ]);
    let [chart] = &found.charts[..] else {
        panic!("one chart");
    };
    assert_eq!(
        (chart.path.as_str(), chart.app_version.as_str()),
        ("charts/web", "2")
    );
    assert!(chart.has_values && chart.has_templates && !chart.has_subcharts);
    let environments: Vec<_> = chart.environments().collect();
    assert_eq!(environments, [("prod", "charts/web/values-prod.yaml")]);
    assert_eq!(found.manifests.len(), 1);
}

#[test]
fn kustomizations_and_their_overlays() {
    let found = found(&[
        ("k8s/base/kustomization.yaml", "resources: [a.yaml]\n"),
        (
            "k8s/overlays/prod/kustomization.yaml",
            "resources: [../../base, b.yaml]\nnamespace: shop\npatches: [{path: p.yaml}]\npatchesStrategicMerge: [q.yaml]\nimages: [{name: a}]\nsecretGenerator: [{name: s}]\n",
        ),
        (
            "ks/kustomization.yaml",
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Other\n",
        ),
    ]);
    assert_eq!(found.kustomizations.len(), 2);
    let prod = &found.kustomizations[1];
    assert_eq!(prod.overlay.as_deref(), Some("prod"));
    assert_eq!(prod.bases, ["../../base"]);
    assert_eq!(prod.resources, ["b.yaml"]);
    assert_eq!((prod.patches, prod.images), (2, 1));
    assert_eq!(prod.patch_types, ["patches", "patchesStrategicMerge"]);
    assert_eq!(prod.namespace.as_deref(), Some("shop"));
    assert!(prod.has_secret_generator && !prod.has_vars);
}

#[test]
fn what_skaffold_says() {
    let found = found(&[(
        "skaffold.yaml",
        "apiVersion: skaffold/v4beta11\nkind: Config\nrequires: [{path: ./api}]\nbuild:\n  tagPolicy: {gitCommit: {}}\n  local: {push: false}\n\
         deploy: {helm: {}, kubectl: {}}\nprofiles: [{name: dev}, {name: prod}]\nportForward: [{port: 1}]\n",
    )]);
    let expected = Skaffold {
        path: "skaffold.yaml".into(),
        api_version: "skaffold/v4beta11".into(),
        profiles: vec!["dev".into(), "prod".into()],
        has_port_forward: true,
        build_strategy: "local",
        deploy_strategy: "kubectl",
        required_configs: vec!["./api".into()],
        tag_policy: "gitCommit",
    };
    assert_eq!(found.skaffold, [expected]);
    assert!(found.manifests.is_empty());
}

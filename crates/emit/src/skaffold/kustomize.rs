//! The base and the overlays that profiles name.
//!
//! <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>

use std::collections::BTreeMap;

use kubewright_files::File;
use kubewright_objects::delivery::Deployer;
use kubewright_source::Diagnostic;
use serde::Serialize;

use super::Scope;
use super::profile::Target;

/// The folder of the base, within that of the manifests.
pub(super) const BASE: &str = "base";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Kustomization {
    api_version: &'static str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    resources: Vec<String>,
}

/// The kustomizations, where Kustomize is what deploys. One of several environments
/// has a base of its own, and no overlays.
pub(super) fn files(
    scope: &Scope<'_>,
    is_one_of_several: bool,
) -> Result<Vec<File>, Box<Diagnostic>> {
    match &scope.delivery().deployer {
        Deployer::Kubectl | Deployer::Helm { .. } => return Ok(Vec::new()),
        Deployer::Kustomize { .. } => {}
    }
    let mut files = vec![kustomization(scope, BASE, None, resources(scope))?];
    if is_one_of_several {
        return Ok(files);
    }
    for (folder, namespace) in overlays(scope) {
        let base = vec![format!("../../{BASE}")];
        files.push(kustomization(scope, &folder, namespace, base)?);
    }
    Ok(files)
}

/// The folder of an overlay, within that of the manifests.
pub(super) fn overlay(name: &str) -> String {
    format!("overlays/{name}")
}

/// Overlays by their folders, with the namespace that each sets.
fn overlays(scope: &Scope<'_>) -> BTreeMap<String, Option<String>> {
    let own = scope.delivery().namespace.as_deref();
    let profiles = scope.delivery().profiles.iter();
    let overlays = profiles.filter_map(|profile| {
        let target = Target::of(&profile.name, own);
        let namespace = Some(target.namespace).filter(|name| Some(name.as_str()) != own);
        Some((overlay(target.overlay?), namespace))
    });
    overlays.collect()
}

fn resources(scope: &Scope<'_>) -> Vec<String> {
    let folder = format!("{BASE}/");
    let files = scope.given.manifests.iter();
    let files = files.filter_map(|file| file.path.as_str().strip_prefix(&folder));
    files.map(str::to_owned).collect()
}

fn kustomization(
    scope: &Scope<'_>,
    folder: &str,
    namespace: Option<String>,
    resources: Vec<String>,
) -> Result<File, Box<Diagnostic>> {
    let kustomization = Kustomization {
        api_version: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        namespace,
        resources,
    };
    let text = format!("# {}\n{}", scope.origin, super::yaml(&kustomization)?);
    super::file(&format!("{folder}/kustomization.yaml"), text)
}

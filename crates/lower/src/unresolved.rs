//! Variables of the environment that are still `${NAME}` in what is applied.

use kubewright_model::infrastructure::Infrastructure;
use kubewright_model::project::Entry;
use kubewright_model::variable::{Variable, VariableValue};
use kubewright_model::{App, Located, Name, Project};
use kubewright_objects::delivery::Deployer;
use kubewright_source::{Diagnostic, Diagnostics, suggest};

use crate::Lowering;

/// Where manifests are all there is: whoever applies them fills the names in.
pub(crate) fn in_manifests(project: &Project, diagnostics: &mut Diagnostics) {
    let left = project.entries.values().flat_map(variables);
    let Some((first, names)) = names(left) else {
        return;
    };
    let message = format!("the manifests hold {names}, which Kubernetes does not fill in");
    diagnostics.push(
        Diagnostic::note("unresolved-variable", first.span, message).help(
            "name a file that has the values with `--env-file`, or fill them in where the \
             manifests are applied, for example with `envsubst`",
        ),
    );
}

/// Where Skaffold delivers. It does not resolve what stands in manifests, and a tool
/// that edits the files in place would leave values of one environment in git. A
/// release of Helm's is given the variables of its app's main container, no others.
pub(crate) fn in_delivery(
    lowering: &Lowering<'_>,
    deployer: &Deployer,
    apps: &[&App],
    diagnostics: &mut Diagnostics,
) {
    let entries = lowering.project.entries.iter();
    let (left, who): (Vec<&Variable>, _) = match deployer {
        Deployer::Helm { .. } => {
            let left = entries.flat_map(|(name, entry)| without_release(name, entry, apps));
            (left.collect(), "no release of Skaffold's is given")
        }
        Deployer::Kubectl | Deployer::Kustomize { .. } => {
            let left = entries.flat_map(|(_, entry)| variables(entry));
            let who = "the manifests are applied as they are, and they hold";
            (left.collect(), who)
        }
    };
    let Some((first, names)) = names(left.into_iter()) else {
        return;
    };
    diagnostics.push(
        Diagnostic::warning("unresolved-variable", first.span, format!("{who} {names}")).help(
            "name a file that has the values with `--env-file`, or give each as a fixed value",
        ),
    );
}

/// The first of those that the deployment is to fill in, and the names of all.
fn names<'a>(
    variables: impl Iterator<Item = &'a Variable>,
) -> Option<(&'a Located<String>, String)> {
    let mut left = variables.filter_map(|variable| match &variable.value {
        VariableValue::Deploy(text) => Some(text),
        VariableValue::Text(_)
        | VariableValue::Inline(_)
        | VariableValue::Secret(_)
        | VariableValue::SecretKey(_)
        | VariableValue::ConfigMapKey(_)
        | VariableValue::Field(_)
        | VariableValue::ResourceField { .. } => None,
    });
    let first = left.next()?;
    let mut names = vec![first.value.as_str()];
    names.extend(left.map(|text| text.value.as_str()));
    names.sort_unstable();
    names.dedup();
    Some((first, suggest::list(names.iter().copied())))
}

/// Variables of an entry that no release of Helm's has.
fn without_release<'a>(name: &Name, entry: &'a Entry, apps: &[&App]) -> Vec<&'a Variable> {
    let mut all = variables(entry);
    if let Some(app) = entry.app()
        && apps.iter().any(|released| released.name.value == *name)
    {
        // The main container's come first.
        all.drain(..app.main.environment.len());
    }
    all
}

/// All that an entry writes into manifests: of each of its containers, the main one
/// first, or of what is managed elsewhere.
pub(crate) fn variables(entry: &Entry) -> Vec<&Variable> {
    if let Entry::Infrastructure(infrastructure) = entry
        && let Infrastructure::Managed(managed) = &**infrastructure
    {
        return managed.environment.iter().collect();
    }
    let Some(app) = entry.app() else {
        return Vec::new();
    };
    app.containers()
        .flat_map(|container| &container.environment)
        .collect()
}

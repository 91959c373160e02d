//! Secrets that are to be made in a store.

use kubewright_model::Project;
use kubewright_model::app::App;
use kubewright_model::container::Container;
use kubewright_model::value::ObjectName;
use kubewright_model::variable::{SecretVariable, Variable, VariableValue};
use kubewright_model::vault::PlannedSecret;

/// The secrets whose sources say `create: true`, by the variables that hold them.
pub(super) fn plan(project: &Project) -> Vec<PlannedSecret> {
    let of_app = |app| of_app(project, app);
    project.apps().flat_map(of_app).collect()
}

fn of_app(project: &Project, app: &App) -> Vec<PlannedSecret> {
    let own = std::iter::once((app.name.to_string(), &app.main));
    let companions = app.companions.iter().map(|companion| {
        let prefix = format!("{}-{}", app.name.value, companion.name.value);
        (prefix, &companion.container)
    });
    let containers = own.chain(companions);
    containers
        .flat_map(|(prefix, container)| of_container(project, app, &prefix, container))
        .collect()
}

fn of_container(
    project: &Project,
    app: &App,
    prefix: &str,
    container: &Container,
) -> Vec<PlannedSecret> {
    let planned = |variable: &Variable| {
        let VariableValue::Secret(secret) = &variable.value else {
            return None;
        };
        let key = made(project, secret)?;
        Some(PlannedSecret {
            service: app.name.clone(),
            variable: variable.name.clone(),
            secret: ObjectName::parse(&format!("{prefix}-secrets")).ok()?,
            key,
        })
    };
    container.environment.iter().filter_map(planned).collect()
}

/// The name of a secret that is to be made.
fn made(project: &Project, secret: &SecretVariable) -> Option<String> {
    let name = secret.name.as_ref()?;
    let create = project.secrets.get(name.as_str())?.create.as_ref();
    let is_made = create.is_some_and(|create| create.value);
    is_made.then(|| name.value.clone())
}

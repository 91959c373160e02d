//! `pre_start`: containers that run to their end before the service's own.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/05-services.md#pre_start>

use kubewright_model::container::{Command, ImageSource, InitContainer};
use kubewright_model::value::VariableName;
use kubewright_model::variable::Variable;
use kubewright_model::{App, Container, Image, Located, Name};

use super::service::Service;
use super::{command, environment, keys, security};
use crate::fields::{At, Fields};

/// Keys of a step that reach its container; all others of a service are said.
const CARRIED: [&str; 9] = [
    "cap_add",
    "cap_drop",
    "command",
    "entrypoint",
    "environment",
    "image",
    "privileged",
    "user",
    "working_dir",
];

/// Reads the key into the app.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let Some(at) = service.fields.get("pre_start").filter(|at| !at.is_null()) else {
        return;
    };
    for (index, item) in at.items().iter().enumerate() {
        let Some(fields) = item.fields("a step of `pre_start`") else {
            continue;
        };
        once_per_pod(service, item, &fields);
        report_others(&fields);
        let container = container(service, &fields);
        fields.finish();
        let Ok(name) = Name::parse(&format!("pre-start-{}", index + 1)) else {
            continue;
        };
        app.init_containers.push(InitContainer {
            name: Located::new(name, item.span()),
            container,
            // What a step does not say it has from its service.
            inherit: Some(Located::new(true, item.span())),
        });
    }
}

fn once_per_pod(service: &Service<'_>, at: &At<'_>, fields: &Fields<'_>) {
    let per_replica = fields.bool("per_replica");
    if per_replica.is_some_and(|per_replica| per_replica.value) {
        return;
    }
    at.warn(
        "pre-start",
        format!(
            "this step runs before every pod of `{}`, not once for all",
            service.name.value
        ),
        "write `per_replica: true` if that is fine, or make it a service of its own that others \
         wait for with `service_completed_successfully`",
    );
}

fn report_others(fields: &Fields<'_>) {
    for key in keys::SERVICE {
        if CARRIED.contains(&key.name) {
            continue;
        }
        if let Some(at) = fields.get(key.name) {
            at.warn(
                "not-carried",
                format!(
                    "`{}` of a step of `pre_start` is not carried over yet",
                    key.name
                ),
                "the step has what its service has; leave it out, or make a service of it",
            );
        }
    }
}

fn container(service: &Service<'_>, fields: &Fields<'_>) -> Container {
    let mut made = Container {
        image: fields.parse("image", Image::parse).map(ImageSource::Image),
        ..Container::default()
    };
    let entrypoint = fields.get("entrypoint").and_then(|at| command::argv(&at));
    let argv = fields.get("command").and_then(|at| command::argv(&at));
    made.command = entrypoint.map(|argv| argv.map(Command::Exec));
    made.args = argv.filter(|argv| !argv.value.is_empty());
    made.working_dir = fields.text("working_dir");
    made.security.privileged = fields.bool("privileged");
    made.security.add_capabilities = security::capabilities(fields.get("cap_add"));
    made.security.drop_capabilities = security::capabilities(fields.get("cap_drop"));
    if let Some(at) = fields.get("user")
        && let Some(user) = security::numbers(service, &at)
    {
        made.security.user = user;
    }
    let variables = fields.get("environment");
    let mut pairs: Vec<_> = variables.iter().flat_map(At::pairs).collect();
    if variables.is_some_and(|at| at.node.as_mapping().is_some()) {
        // A mapping has no order.
        pairs.sort_by(|a, b| a.key.value.cmp(&b.key.value));
    }
    for pair in pairs {
        let at = service.fields.at();
        let is_secret = environment::is_secret(service, &pair);
        let value = pair
            .value
            .unwrap_or_else(|| Located::new(String::new(), pair.key.span));
        if let Some(name) = at.checked(&pair.key, VariableName::parse) {
            let value = environment::place(service, &name.value, value, is_secret);
            made.environment.push(Variable { name, value });
        }
    }
    made
}

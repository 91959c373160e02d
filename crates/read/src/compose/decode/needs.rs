//! Images that do not start without being told something.

use std::borrow::Cow;

use kubewright_knowledge::Need;
use kubewright_model::App;
use kubewright_model::container::ImageSource;
use kubewright_model::variable::{Variable, VariableValue};
use kubewright_model::volume::VolumeSource;
use kubewright_source::Diagnostic;

use super::environment;
use super::service::Service;

/// The programs that the entry points of databases take care of; whatever else is
/// to run needs nothing.
const SERVERS: [&str; 4] = ["postgres", "mysqld", "mariadbd", "arangod"];

/// Says which variables an image wants to be given before it starts, and is not.
pub(super) fn report(service: &Service<'_>, app: &App) {
    let Some(family) = service.family.filter(|_| starts_on_nothing(service, app)) else {
        return;
    };
    let value = |name: &str| value(service, app, name);
    for need in family.open_needs(service.tag.as_deref(), value) {
        say(service, family.name(), need);
    }
}

fn say(service: &Service<'_>, image: &str, need: &Need) {
    let Some(at) = service.fields.get("image") else {
        return;
    };
    let (first, others) = need
        .one_of
        .split_first()
        .expect("a need proposes something");
    let (name, wanted) = (service.key, first.name());
    let said = Diagnostic::warning(
        "needs-variable",
        at.span(),
        format!(
            "`{name}` has no `{wanted}`, without which `{image}` does not start on an empty volume"
        ),
    );
    let others = others.iter().map(|telling| format!("`{telling}`"));
    let others = others.collect::<Vec<_>>().join(" or ");
    let instead = match others.is_empty() {
        true => String::new(),
        false => format!("; or give {others} instead"),
    };
    at.push(said.help(format!(
        "give it in `environment`, or in a file named in `env_file`{instead}"
    )));
}

/// Whether the image's own server starts, and with nothing that was there before.
fn starts_on_nothing(service: &Service<'_>, app: &App) -> bool {
    let is_built = matches!(app.main.image, Some(ImageSource::Build(_)));
    let args = app.main.args.as_ref().and_then(|args| args.value.first());
    let is_server = |word: &String| word.starts_with('-') || SERVERS.contains(&word.as_str());
    let has_data = app.volumes.iter().any(|volume| match &volume.source {
        VolumeSource::ExistingClaim(_) | VolumeSource::HostPath { .. } => true,
        VolumeSource::Claim(_)
        | VolumeSource::Shared(_)
        | VolumeSource::EmptyDir { .. }
        | VolumeSource::ConfigMap(_)
        | VolumeSource::Secret(_)
        | VolumeSource::Image(_)
        | VolumeSource::Other(_) => false,
    });
    let starts = !is_built && app.main.command.is_none() && args.is_none_or(is_server);
    // What a file would bring that is not there is not known.
    let lacking = &service.scope.document.lacking_files;
    starts && !has_data && !app.workload.ends() && !lacking.contains(service.key)
}

/// The value of a variable, where it is set. Of one that is secret, and of one that
/// was said to have none, a text in its place: neither is empty for want of thought.
fn value<'a>(service: &Service<'_>, app: &'a App, name: &str) -> Option<Cow<'a, str>> {
    const SOMETHING: Cow<'_, str> = Cow::Borrowed("…");
    let given = app.main.environment.iter();
    let mut given = given.filter(|variable| variable.name.as_str() == name);
    let known = given.next_back().map(text);
    let is_empty = known.as_ref().is_none_or(|known| known.is_empty());
    match is_empty && environment::is_said_empty(service, name) {
        true => Some(SOMETHING),
        false => known,
    }
}

/// The text of a variable; of one that is secret or elsewhere any text.
fn text(variable: &Variable) -> Cow<'_, str> {
    match &variable.value {
        VariableValue::Text(text) | VariableValue::Inline(text) | VariableValue::Deploy(text) => {
            Cow::Borrowed(&text.value)
        }
        VariableValue::Secret(_)
        | VariableValue::SecretKey(_)
        | VariableValue::ConfigMapKey(_)
        | VariableValue::Field(_)
        | VariableValue::ResourceField { .. } => Cow::Borrowed("…"),
    }
}

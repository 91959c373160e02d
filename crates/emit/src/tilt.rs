//! A `Tiltfile`: images are built, objects applied, changed files copied into
//! running containers, ports forwarded.
//!
//! - `starlark`: calls of functions, and how they are written;
//! - `image`: what is built, and what happens when its files change;
//! - `resource`: what Tilt shows and updates as one, by workload;
//! - `selection`: which environment is meant, where there are several.
//!
//! <https://docs.tilt.dev/api.html>

mod image;
mod resource;
mod selection;
mod starlark;

use kubewright_files::{File, OutputPath};
use kubewright_objects::delivery::Setting;
use kubewright_objects::{Body, Object};
use kubewright_source::{Diagnostic, Span};

use self::starlark::{Call, Value};
use crate::form::{Emitted, Environment, Form, Given, Next};

/// The form.
pub const FORM: Form = Form {
    name: "tilt",
    manifests: |_| "",
    top: &[FILE],
    wants_manifests: true,
    is_whole: false,
    emit,
};

/// The file at the top.
const FILE: &str = "Tiltfile";

fn emit(given: &Given<'_>) -> Result<Emitted, Box<Diagnostic>> {
    let mut emitted = Emitted {
        next: Some(Next::Start {
            command: "tilt up",
            file: FILE,
        }),
        ..Emitted::default()
    };
    let mut calls = Vec::new();
    let mut text = format!("# {}\n", given.origin);
    for environment in given.environments {
        calls.push(of_environment(environment, &mut emitted.diagnostics));
    }
    if given.environments.iter().any(takes_variables) {
        text.push_str(VARIABLES);
    }
    let names = given
        .environments
        .iter()
        .map(|environment| environment.name);
    let names: Vec<&str> = names.map(Option::unwrap_or_default).collect();
    text.push_str(&selection::written(&names, calls));
    let path = OutputPath::new(FILE).map_err(|error| unwritable(&error.to_string()))?;
    emitted.top.push(File {
        path,
        text,
        objects: Vec::new(),
        sensitive: false,
    });
    Ok(emitted)
}

/// The calls that an environment comes to, in their order.
fn of_environment(environment: &Environment<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Call> {
    let mut calls = Vec::new();
    let context = environment.delivery.kube_context.as_ref();
    calls.extend(context.map(|context| Call::new("allow_k8s_contexts").with(context.as_str())));
    let applied = applied(environment, diagnostics);
    let layout = environment.layout;
    let paths = applied
        .iter()
        .map(|(file, _)| layout.manifest(file.path.as_str()));
    let paths: Vec<Value> = paths.map(Value::Text).collect();
    if !paths.is_empty() {
        calls.push(Call::new("k8s_yaml").with(paths));
    }
    calls.extend(image::calls(environment, diagnostics));
    let objects: Vec<&Object> = applied.into_iter().map(|(_, object)| object).collect();
    calls.extend(resource::calls(environment, &objects));
    calls
}

/// The objects that Tilt applies, with their files. What Argo CD installs is left
/// to it.
fn applied<'a>(
    environment: &Environment<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(&'a File, &'a Object)> {
    let all = environment.manifests.iter().zip(environment.objects);
    let is_for_argo =
        |object: &Object| matches!(object.body, Body::Application(_) | Body::AppProject(_));
    let (left, applied): (Vec<_>, Vec<_>) = all.partition(|(_, object)| is_for_argo(object));
    let charts = left
        .into_iter()
        .filter(|(_, object)| matches!(object.body, Body::Application(_)));
    diagnostics.extend(charts.map(|(_, object)| {
        let message = format!(
            "{} is not told to Tilt: it is installed by Argo CD",
            object.origin.label
        );
        Diagnostic::warning("not-carried", object.origin.span, message).help(
            "add it to the `Tiltfile`, for example with the extension `helm_remote`; what stands there is kept",
        )
    }));
    applied
}

/// Whether a build asks for variables of the environment.
fn takes_variables(environment: &Environment<'_>) -> bool {
    let builds = environment.delivery.apps.iter();
    let builds = builds.filter_map(|app| app.build.as_ref());
    let mut args = builds.flat_map(|build| &build.args);
    args.any(|(_, setting)| matches!(setting, Setting::Environment(_)))
}

/// Variables of `.env` are there for builds; those that are set already stay.
const VARIABLES: &str = "
# Builds take variables of the environment; .env has more of them.
for line in str(read_file('.env', default='')).splitlines():
    name, _, value = line.partition('=')
    if value and not name.startswith('#') and not os.getenv(name.strip()):
        os.putenv(name.strip(), value.strip().strip('\"\\''))
";

fn unwritable(why: &str) -> Box<Diagnostic> {
    let message = format!("the Tiltfile cannot be written: {why}");
    let said = Diagnostic::error("unwritable", Span::NONE, message);
    Box::new(said.help("this is a fault of kubewright; please report it with the input"))
}

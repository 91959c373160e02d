//! The objects as JSON, for programs: a `v1` List for each environment.
//!
//! <https://kubernetes.io/docs/reference/using-api/api-concepts/#collections>

use kubewright_files::{File, ObjectRef, OutputPath};
use kubewright_source::Diagnostic;
use serde_json::{Value, json};

use crate::form::{Emitted, Environment, Form, Given, Next, of_each};
use crate::tree::{self, unwritable};

/// The form.
pub const FORM: Form = Form {
    name: "json",
    manifests: |_| "",
    top: &["json/"],
    wants_manifests: false,
    is_whole: false,
    emit,
};

fn emit(given: &Given<'_>) -> Result<Emitted, Box<Diagnostic>> {
    let folder = match of_each(given) {
        None => "json/".to_owned(),
        Some(name) => format!("json/{name}/"),
    };
    let environments = given.environments.iter();
    let files = environments.map(|environment| list(environment, given.project));
    Ok(Emitted {
        top: files.collect::<Result<_, _>>()?,
        folder: Some("json".to_owned()),
        next: Some(Next::Apply(folder)),
        ..Emitted::default()
    })
}

/// All objects of an environment, in the order of the manifests. The whole file stays
/// out of git where one of them is a Secret with values.
fn list(environment: &Environment<'_>, project: &str) -> Result<File, Box<Diagnostic>> {
    let folder = environment
        .name
        .map_or(String::new(), |name| format!("{name}/"));
    let name = format!("json/{folder}{project}.json");
    let objects = environment.objects.iter();
    let items = objects.map(tree::of).collect::<Result<Vec<Value>, _>>()?;
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": items });
    let text = serde_json::to_string_pretty(&list);
    let text = text.map_err(|error| unwritable(&name, &error.to_string()))?;
    let path = OutputPath::new(&name).map_err(|error| unwritable(&name, &error.to_string()))?;
    let manifests = environment.manifests.iter();
    Ok(File {
        path,
        text: text + "\n",
        objects: manifests
            .flat_map(|file| file.objects.iter().cloned())
            .collect::<Vec<ObjectRef>>(),
        sensitive: environment.objects.iter().any(|object| object.sensitive),
    })
}

//! Plain files, one object each, all in one folder: `{name}-{kind}.yaml`.

use std::collections::HashSet;
use std::sync::Arc;

use kubewright_files::{File, ObjectRef, OutputPath};
use kubewright_objects::{Body, Object, Role};
use kubewright_source::{Diagnostic, Sources};
use kubewright_yaml::write_into;

use crate::key_order::Expert;

/// What an emitter is told of the objects it writes.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The texts that the objects came from.
    pub sources: &'a Sources,
    /// The project's folder, as the names of sources begin with it; comments
    /// name files within it.
    pub project_folder: &'a str,
    /// The environment, where the project has named ones.
    pub environment: Option<&'a str>,
}

/// One object as a file of its own. `scratch` is where it is written first, so
/// that the file's text is no larger than it needs to be.
///
/// # Errors
/// Where the object's name makes no path, or its tree no YAML. Neither can come
/// from names and texts that the model has accepted.
pub fn file(
    object: &Object,
    context: &Context<'_>,
    scratch: &mut String,
) -> Result<File, Box<Diagnostic>> {
    let name = file_name(object);
    let path = OutputPath::new(&name).map_err(|error| unwritable(object, &error.to_string()))?;
    scratch.clear();
    write_document(scratch, object, context)?;
    Ok(File {
        path,
        text: scratch.as_str().to_owned(),
        objects: vec![reference(object, context)],
        sensitive: object.sensitive,
    })
}

/// Appends one object with its comment, as in a file of its own.
///
/// # Errors
/// Where the object's tree makes no YAML.
pub fn write_document(
    text: &mut String,
    object: &Object,
    context: &Context<'_>,
) -> Result<(), Box<Diagnostic>> {
    text.push_str(&comment(object, context));
    write_into(text, &object.body, &Expert).map_err(|error| unwritable(object, &error.to_string()))
}

/// `{name}-{kind}.yaml`; three roles keep short names.
pub fn file_name(object: &Object) -> String {
    // Names of roles may have a `:`, which not every file system takes.
    let name = object.name().replace(':', "-");
    match (&object.body, object.role) {
        (Body::ConfigMap(_), Role::Config) | (Body::Secret(_), Role::Secrets) => {
            format!("{name}.yaml")
        }
        (Body::PersistentVolumeClaim(_), _) => format!("{name}-pvc.yaml"),
        (body, _) => format!("{name}-{}.yaml", body.kind().to_ascii_lowercase()),
    }
}

/// Puts the namespace in front of the names of files that would otherwise meet;
/// what still meets is an error that names both places.
///
/// `objects` and `files` belong together by their positions.
///
/// # Errors
/// One diagnostic for each pair of objects that cannot both be written.
pub fn separate(objects: &[Place], files: &mut [File]) -> Result<(), Vec<Diagnostic>> {
    let mut problems = Vec::new();
    for group in meeting(files) {
        for at in &group {
            let Some(namespace) = files[*at].objects[0].namespace.clone() else {
                continue;
            };
            if let Ok(path) = OutputPath::new(format!("{namespace}-{}", files[*at].path)) {
                files[*at].path = path;
            }
        }
        let (first, rest) = group
            .split_first()
            .expect("a group has at least two members");
        for other in rest {
            if files[*first].path == files[*other].path {
                problems.push(meet(&objects[*first], &objects[*other], &files[*other]));
            }
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// The positions of files that have one path, in the order of the first of each.
fn meeting(files: &[File]) -> Vec<Vec<usize>> {
    let mut seen = HashSet::with_capacity(files.len());
    if files.iter().all(|file| seen.insert(file.path.as_str())) {
        return Vec::new();
    }
    let mut by_path: Vec<usize> = (0..files.len()).collect();
    by_path.sort_by_key(|at| files[*at].path.as_str());
    let same = |one: &usize, two: &usize| files[*one].path == files[*two].path;
    let mut meeting: Vec<Vec<usize>> = by_path
        .chunk_by(same)
        .filter(|group| group.len() > 1)
        .map(<[usize]>::to_vec)
        .collect();
    meeting.sort_unstable();
    meeting
}

/// Who asked for an object.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where.
    pub span: kubewright_source::Span,
    /// How people call it: `service web`.
    pub label: Arc<str>,
}

fn meet(first: &Place, second: &Place, file: &File) -> Diagnostic {
    let object = &file.objects[0];
    Diagnostic::error(
        "name-taken",
        second.span,
        format!(
            "{} and {} both become {} `{}`",
            first.label, second.label, object.kind, object.name
        ),
    )
    .related(first.span, format!("{} is here", first.label))
    .help("rename one of them")
}

fn comment(object: &Object, context: &Context<'_>) -> String {
    let label = &object.origin.label;
    let Some(source) = context.sources.get(object.origin.span.source) else {
        return String::new();
    };
    let name = source.name();
    let within = name
        .strip_prefix(context.project_folder)
        .map_or(name, |name| name.trim_start_matches('/'));
    let line = format!("# from {within}, {label}");
    // Names of files and services can hold anything; a comment is one line.
    let line: String = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("{line}\n")
}

fn reference(object: &Object, context: &Context<'_>) -> ObjectRef {
    let (api_version, kind) = object.body.type_meta();
    ObjectRef {
        api_version,
        kind,
        namespace: object.namespace().map(str::to_owned),
        name: object.name().to_owned(),
        environment: context.environment.map(str::to_owned),
    }
}

fn unwritable(object: &Object, why: &str) -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error(
        "unwritable",
        object.origin.span,
        format!(
            "{} `{}` cannot be written: {why}",
            object.body.kind(),
            object.name()
        ),
    )
    .help("this is a fault of kubewright; please report it with the input");
    Box::new(diagnostic)
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::ConfigMap;
    use kubewright_objects::Origin;
    use kubewright_source::Sources;

    use super::*;

    /// No name that the model accepts comes so far; this is the last guard.
    #[test]
    fn a_name_that_leads_out_of_the_folder_makes_no_file() {
        let mut map = ConfigMap::default();
        map.metadata.name = Some("../up".to_owned());
        let origin = Origin {
            span: kubewright_source::Span::NONE,
            label: "service up".to_owned(),
        };
        let sources = Sources::default();
        let context = Context {
            sources: &sources,
            project_folder: "",
            environment: None,
        };
        let found = file(&Object::new(map, origin), &context, &mut String::new());
        let said = found.expect_err("the path leads out");
        assert_eq!(said.code, "unwritable");
        assert!(said.message.contains("`../up`"), "{}", said.message);
    }
}

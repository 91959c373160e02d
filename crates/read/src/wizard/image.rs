//! What a container runs.

use std::collections::BTreeMap;

use kubewright_model::container::{Build, Command, Dockerfile, ImageSource};
use kubewright_model::{Container, Given, Image, Located};
use kubewright_yaml::Value;

use super::entry::Service;
use super::given::{given, is_empty, text};
use crate::fields::{At, Fields};
use crate::shell;

/// The image of a service; with a Dockerfile it is one that is built.
pub(super) fn read(service: &Service<'_>) -> Option<ImageSource> {
    let fields = &service.fields;
    let image = reference(fields);
    let dockerfile = given(fields, "dockerfile");
    if !(dockerfile.is_some() || says_how(service)) {
        if image.is_none() && given(fields, "image").is_none() {
            missing(fields);
        }
        return image.map(ImageSource::Image);
    }
    let file = match &dockerfile {
        Some(at) => Some(at.scalar()?),
        None => None,
    };
    let place = file.as_ref().map_or(service.name.span, |file| file.span);
    let mut build = Build::new(Located::new(".".to_owned(), place));
    if let (Some(at), Some(file), false) = (&dockerfile, &file, service.scope.builds) {
        at.note(
            "built-image",
            format!(
                "`{}` runs an image that is built from `{}`",
                service.name.value, file.value
            ),
            "build it and push it to where the cluster finds it before you apply",
        );
    }
    build.image = image;
    build.dockerfile = file.map(Dockerfile::Path);
    let say = !service.scope.builds;
    build.language = noted(fields, "language", say);
    build.target = noted(fields, "buildTarget", say);
    build.args = arguments(fields, say);
    Some(ImageSource::Build(Box::new(build)))
}

/// Whether something but a Dockerfile says how the image is built, to a tool
/// that builds it.
fn says_how(service: &Service<'_>) -> bool {
    let keys = ["buildArgs", "buildTarget", "language"];
    let mut keys = keys.iter().map(|key| service.fields.mapping().get(key));
    service.scope.builds && keys.any(|node| node.is_some_and(|node| !is_empty(node)))
}

/// What counts only for building; `say` that it does not reach manifests.
fn noted(fields: &Fields<'_>, key: &'static str, say: bool) -> Given<String> {
    let at = given(fields, key)?;
    if say {
        not_in_manifests(&at);
    }
    at.scalar()
}

fn arguments(fields: &Fields<'_>, say: bool) -> BTreeMap<String, Located<Option<String>>> {
    let Some(at) = given(fields, "buildArgs") else {
        return BTreeMap::new();
    };
    if say {
        not_in_manifests(&at);
    }
    let pairs = at.pairs().into_iter().map(|pair| {
        let span = pair
            .value
            .as_ref()
            .map_or(pair.key.span, |value| value.span);
        let value = pair.value.map(|value| value.value);
        (pair.key.value, Located::new(value, span))
    });
    pairs.collect()
}

fn not_in_manifests(at: &At<'_>) {
    at.note(
        "not-carried",
        format!(
            "`{}` matters for building the image, not for its manifests",
            at.name
        ),
        "give it to what builds the image",
    );
}

/// The reference under `image`.
pub(super) fn reference(fields: &Fields<'_>) -> Given<Image> {
    given(fields, "image")?.parse(Image::parse)
}

fn missing(fields: &Fields<'_>) {
    fields.at().error(
        "missing-key",
        format!("{} has no `image`", fields.what()),
        "name the image that it runs, or the `dockerfile` that it is built from",
    );
}

/// `command` and `args`.
pub(super) fn command(fields: &Fields<'_>, container: &mut Container) {
    container.command = given(fields, "command").and_then(|at| one_command(&at));
    container.args = given(fields, "args").and_then(|at| arguments_of(&at));
}

/// A line for a shell, or a program with its arguments.
pub(super) fn one_command(at: &At<'_>) -> Given<Command> {
    if at.node.as_sequence().is_some() {
        return Some(Located::new(Command::Exec(words(at)), at.span()));
    }
    Some(at.scalar()?.map(Command::Shell))
}

fn words(at: &At<'_>) -> Vec<String> {
    let items = at.items();
    let words = items.iter().filter_map(At::scalar);
    words.map(|word| word.value).collect()
}

/// Arguments: a line that is split as a shell splits it, or a list.
fn arguments_of(at: &At<'_>) -> Given<Vec<String>> {
    match &at.node.value {
        Value::Sequence(_) => Some(Located::new(words(at), at.span())),
        Value::Scalar(_) | Value::Mapping(_) => {
            let text = at.scalar()?;
            match shell::split(&text.value) {
                Ok(found) if found.rest.is_none() => Some(Located::new(found.words, text.span)),
                Ok(_) => {
                    at.bad(
                        "an operator of the shell stands in `args`, and no shell reads them",
                        "put it in quotes, or write a line for the shell into `command`",
                    );
                    None
                }
                Err(fault) => {
                    at.bad(
                        format!("`args` cannot be split: {fault}"),
                        "close what is open",
                    );
                    None
                }
            }
        }
    }
}

/// The image of a helper: what is given, else `usual`.
pub(super) fn of_helper(fields: &Fields<'_>, usual: Option<&str>) -> Option<ImageSource> {
    if let Some(image) = reference(fields) {
        return Some(ImageSource::Image(image));
    }
    if text(fields, "image").is_some() {
        return None;
    }
    let Some(usual) = usual.and_then(|usual| Image::parse(usual).ok()) else {
        missing(fields);
        return None;
    };
    Some(ImageSource::Image(Located::new(usual, fields.at().span())))
}

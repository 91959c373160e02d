//! What a container runs.
//!
//! <https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/>

use k8s_openapi::api::core::v1 as core;
use kubewright_model::Project;
use kubewright_model::container::{Build, ImageSource, PullPolicy};
use kubewright_model::project::ImageTag;
use kubewright_source::Diagnostic;

use crate::aspect::{Aspect, ContainerScope, Draft, Place};

pub(crate) const ASPECT: Aspect = Aspect {
    container,
    ..Aspect::NONE
};

fn container(scope: &ContainerScope<'_>, container: &mut core::Container, draft: &mut Draft) {
    let model = scope.container;
    container.image = match &model.image {
        Some(ImageSource::Image(image)) => Some(image.as_str().to_owned()),
        Some(ImageSource::Build(build)) => {
            Some(built_name(scope.app.lowering.project, &scope.prefix, build))
        }
        None => None,
    };
    if container.image.is_none() && scope.place != Place::Init {
        draft.diagnostics.push(no_image(scope, &container.name));
    }
    container.image_pull_policy = model.pull_policy.as_ref().map(|policy| {
        match policy.value {
            PullPolicy::Always => "Always",
            PullPolicy::IfNotPresent => "IfNotPresent",
            PullPolicy::Never => "Never",
        }
        .to_owned()
    });
    container.command = model.command.as_ref().map(|command| command.to_argv());
    container.args = model
        .args
        .as_ref()
        .map(|args| args.value.clone())
        .filter(|args| !args.is_empty());
    container.working_dir = model
        .working_dir
        .as_ref()
        .map(|folder| folder.value.clone());
    container.stdin = model
        .stdin
        .as_ref()
        .map(|stdin| stdin.value)
        .filter(|stdin| *stdin);
    container.tty = model.tty.as_ref().map(|tty| tty.value).filter(|tty| *tty);
}

/// The name of an image that is built: the given one, else
/// `{registry}/{project}-{app}:{tag}`.
pub(crate) fn built_name(project: &Project, app: &str, build: &Build) -> String {
    if let Some(image) = &build.image {
        return image.as_str().to_owned();
    }
    let tag = match project.facts.image_tag.as_ref().map(|tag| &tag.value) {
        Some(ImageTag::Text(tag)) => tag.as_str(),
        Some(ImageTag::Content | ImageTag::Git) | None => "latest",
    };
    let name = format!("{}-{app}:{tag}", project.name.value);
    match &project.facts.registry {
        Some(registry) => format!("{}/{name}", registry.trim_end_matches('/')),
        None => name,
    }
}

fn no_image(scope: &ContainerScope<'_>, name: &str) -> Diagnostic {
    let app = scope.app.app;
    Diagnostic::error(
        "missing-key",
        app.name.span,
        format!(
            "container `{name}` of `{}` has neither `image` nor `build`",
            app.name.value
        ),
    )
    .help("name the image that it runs, or the folder that it is built from")
}

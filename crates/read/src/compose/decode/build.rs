//! `build`.

use std::collections::BTreeMap;

use kubewright_model::container::{Build, Dockerfile, ImageSource};
use kubewright_model::{Given, Image, Located};
use kubewright_yaml::Value;

use super::keys;
use super::scope::unknown;
use super::service::Service;
use crate::fields::{At, Fields};

/// Where the image comes from.
pub(super) fn read(service: &Service<'_>, image: Given<Image>) -> Option<ImageSource> {
    let Some(at) = service.fields.get("build") else {
        return image.map(ImageSource::Image);
    };
    let mut build = match &at.node.value {
        Value::Scalar(_) => Build::new(at.text()?),
        Value::Mapping(_) | Value::Sequence(_) => long(service, at)?,
    };
    check_platforms(service, &build);
    build.image = image;
    let name = match &build.image {
        Some(image) => format!("`{}`", image.value),
        None => "the image that its manifest names".to_owned(),
    };
    at.note(
        "built-image",
        format!(
            "`{}` runs an image that is built from `{}`",
            service.name.value, build.context.value
        ),
        format!("build {name} and push it to where the cluster finds it before you apply"),
    );
    Some(ImageSource::Build(Box::new(build)))
}

/// What runs on a platform has to be built for it.
fn check_platforms(service: &Service<'_>, build: &Build) {
    let Some(at) = service.fields.get("platform") else {
        return;
    };
    let Some(platform) = at.text().filter(|text| !text.value.is_empty()) else {
        return;
    };
    let mut platforms = build.platforms.iter();
    if !build.platforms.is_empty() && platforms.all(|one| one.value != platform.value) {
        at.bad(
            format!("`build.platforms` lacks `{}`", platform.value),
            "add it to `build.platforms`, or choose one of those",
        );
    }
}

fn long(service: &Service<'_>, at: At<'_>) -> Option<Build> {
    let span = at.span();
    let fields = at.fields(format!("`build` of service `{}`", service.key))?;
    keys::settle(&fields, keys::BUILD);
    let context = fields.text("context");
    let mut build = Build::new(context.unwrap_or_else(|| Located::new(".".to_owned(), span)));
    fields.either("dockerfile", "dockerfile_inline");
    let inline = fields.text("dockerfile_inline").map(Dockerfile::Inline);
    build.dockerfile = fields.text("dockerfile").map(Dockerfile::Path).or(inline);
    build.target = fields.text("target");
    build.args = pairs(&fields, "args");
    build.labels = given(&fields, "labels");
    build.additional_contexts = given(&fields, "additional_contexts");
    build.tags = texts(&fields, "tags");
    build.cache_from = texts(&fields, "cache_from");
    build.cache_to = texts(&fields, "cache_to");
    build.platforms = texts(&fields, "platforms");
    build.ssh = ssh(&fields);
    build.secrets = secrets(service, &fields);
    for key in [
        "entitlements",
        "extra_hosts",
        "isolation",
        "network",
        "no_cache",
        "no_cache_filter",
        "privileged",
        "provenance",
        "pull",
        "sbom",
        "shm_size",
        "ulimits",
    ] {
        if let Some(at) = fields.get(key) {
            build.options.insert(
                key.to_owned(),
                Located::new(crate::fields::tree(at.node), at.span()),
            );
        }
    }
    fields.finish();
    Some(build)
}

fn texts(fields: &Fields<'_>, key: &'static str) -> Vec<Located<String>> {
    fields.get(key).map(|at| at.texts()).unwrap_or_default()
}

fn pairs(fields: &Fields<'_>, key: &'static str) -> BTreeMap<String, Located<Option<String>>> {
    let found = fields.get(key).map(|at| at.pairs()).unwrap_or_default();
    let pair = |pair: crate::fields::Pair| {
        let span = pair
            .value
            .as_ref()
            .map_or(pair.key.span, |value| value.span);
        (
            pair.key.value,
            Located::new(pair.value.map(|value| value.value), span),
        )
    };
    found.into_iter().map(pair).collect()
}

fn given(fields: &Fields<'_>, key: &'static str) -> BTreeMap<String, Located<String>> {
    let found = pairs(fields, key).into_iter();
    found
        .map(|(key, value)| (key, value.map(Option::unwrap_or_default)))
        .collect()
}

fn ssh(fields: &Fields<'_>) -> Vec<Located<String>> {
    let found = fields.get("ssh").map(|at| at.pairs()).unwrap_or_default();
    let line = |pair: crate::fields::Pair| {
        let text = match &pair.value {
            Some(path) => format!("{}={}", pair.key.value, path.value),
            None => pair.key.value.clone(),
        };
        Located::new(text, pair.key.span)
    };
    found.into_iter().map(line).collect()
}

fn secrets(service: &Service<'_>, fields: &Fields<'_>) -> Vec<Located<String>> {
    let at = fields.get("secrets");
    let items = at.as_ref().map(At::items).unwrap_or_default();
    let name = |item: &At<'_>| match &item.node.value {
        Value::Scalar(_) => item.text(),
        Value::Mapping(_) | Value::Sequence(_) => {
            let fields = item.fields("a secret of a build")?;
            keys::settle(&fields, keys::SOURCE_USE);
            if let Some(mode) = fields.get("mode") {
                mode.warn(
                    "not-carried",
                    "the mode of a build's secret is not carried over yet",
                    "write `mode=` at the `RUN --mount=type=secret` that uses it",
                );
            }
            let source = fields.need("source").and_then(|at| at.text());
            if let (Some(target), Some(source)) = (fields.text("target"), &source)
                && target.value != source.value
            {
                item.warn(
                    "not-carried",
                    format!(
                        "the target `{}` of a build's secret is not carried over",
                        target.value
                    ),
                    format!(
                        "the Dockerfile finds the secret by the id `{}`",
                        source.value
                    ),
                );
            }
            fields.finish();
            source
        }
    };
    let mut found = Vec::new();
    for item in &items {
        let Some(source) = name(item) else { continue };
        if service
            .scope
            .sources
            .secrets
            .contains_key(source.value.as_str())
        {
            found.push(source);
        } else {
            unknown(
                service.scope.document,
                item,
                source.span,
                "secret",
                &source.value,
                &service.scope.sources.secret_names(),
            );
        }
    }
    found
}

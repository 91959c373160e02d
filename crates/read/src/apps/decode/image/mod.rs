//! Where an image comes from.

mod tag;

use std::collections::BTreeMap;

use kubewright_model::container::{Build, Dockerfile, ImageSource};
use kubewright_model::project::{Facts, ImageTag};
use kubewright_model::{Image, Located};

use super::given::{any, members, pairs, parsed, text, texts, word};
use super::scope::Scope;
use crate::fields::{At, Fields, tree};

/// The keys that a builder is told as they are.
const OPTIONS: &[&str] = &[
    "no_cache",
    "pull",
    "network",
    "shm_size",
    "extra_hosts",
    "isolation",
    "privileged",
    "ulimits",
    "entitlements",
    "provenance",
    "sbom",
];

/// The image of a container; `called` is what one that is built is called where
/// nothing else is said.
pub(super) fn read(fields: &Fields<'_>, called: &str, scope: &Scope<'_>) -> Option<ImageSource> {
    let Some(at) = fields.get("build") else {
        return parsed(fields, "image", Image::parse).map(ImageSource::Image);
    };
    let mut build = self::build(at, scope)?;
    let image = fields.get("image");
    if build.image.is_some() {
        if let Some(image) = image {
            let message = "the image's name stands in `image` and in `build.image`";
            image.error("two-alternatives", message, "take one of the two away");
        }
        return Some(ImageSource::Build(Box::new(build)));
    }
    let written = image.as_ref().and_then(word);
    let place = written
        .as_ref()
        .map_or(build.context.span, |text| text.span);
    let base = written.as_ref().map_or(called, |text| text.value.as_str());
    let at = image.as_ref().unwrap_or(fields.at());
    let name = Located::new(built_name(base, &build, at, scope)?, place);
    build.image = at.checked(&name, Image::parse);
    Some(ImageSource::Build(Box::new(build)))
}

/// `{registry}/{name}:{tag}`, each unless the name has it. None where the tag
/// cannot be found, which was said.
pub(super) fn built_name(
    name: &str,
    build: &Build,
    at: &At<'_>,
    scope: &Scope<'_>,
) -> Option<String> {
    let facts = &scope.facts;
    let whole = with_registry(name, facts);
    if has_tag(name) {
        return Some(whole);
    }
    let asked = scope.place.asked;
    let tag = match facts.image_tag.as_ref().map(|tag| &tag.value) {
        Some(ImageTag::Text(tag)) => Ok(tag.clone()),
        Some(ImageTag::Git) => tag::commit(asked.files, asked.directory)
            .map_err(|why| (format!("the commit cannot be told: {why}"), "commit once")),
        Some(ImageTag::Content) => {
            let folder = asked.directory.join(&build.context.value);
            tag::content(asked.files, &folder).map_err(|why| {
                let context = &build.context.value;
                let message = format!("the content of `{context}` cannot be told: {why}");
                (message, "put the sources there")
            })
        }
        None => Ok("latest".to_owned()),
    };
    match tag {
        Ok(tag) => Some(format!("{whole}:{tag}")),
        Err((message, help)) => {
            at.error(
                "file",
                message,
                format!("{help}, or write a tag into `image_tag`"),
            );
            None
        }
    }
}

/// A name behind the environment's registry, unless it has one.
fn with_registry(name: &str, facts: &Facts) -> String {
    let first = name.split('/').next().unwrap_or_default();
    let has_registry = name.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    match &facts.registry {
        Some(registry) if !has_registry && !registry.value.is_empty() => {
            format!("{}/{name}", registry.value.trim_end_matches('/'))
        }
        Some(_) | None => name.to_owned(),
    }
}

/// Whether a name says which image of that name it is.
fn has_tag(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    last.contains([':', '@'])
}

/// What stands in `image` of a build whose image is called so: without what the
/// facts add. None: the facts would add something to it.
pub(in crate::apps) fn short_name(image: &str, facts: &Facts) -> Option<String> {
    if !has_tag(image) {
        return None;
    }
    let registry = facts.registry.as_ref();
    let registry = registry.map(|registry| registry.trim_end_matches('/'));
    let bare = registry
        .and_then(|registry| image.strip_prefix(registry)?.strip_prefix('/'))
        .filter(|bare| with_registry(bare, facts) == image);
    let name = bare.unwrap_or(image);
    if with_registry(name, facts) != image {
        return None;
    }
    let tag = match facts.image_tag.as_ref().map(|tag| &tag.value) {
        Some(ImageTag::Text(tag)) => tag,
        Some(ImageTag::Git | ImageTag::Content) => return Some(name.to_owned()),
        None => "latest",
    };
    let untagged = name
        .strip_suffix(tag)
        .and_then(|name| name.strip_suffix(':'));
    let untagged = untagged.filter(|name| with_registry(&format!("{name}:{tag}"), facts) == image);
    Some(untagged.unwrap_or(name).to_owned())
}

fn build(at: At<'_>, scope: &Scope<'_>) -> Option<Build> {
    let span = at.span();
    let fields = at.fields("`build`")?;
    let context = text(&fields, "context");
    let mut build = Build::new(context.unwrap_or_else(|| Located::new(".".to_owned(), span)));
    fields.either("dockerfile", "dockerfile_inline");
    let inline = text(&fields, "dockerfile_inline").map(Dockerfile::Inline);
    let path = text(&fields, "dockerfile");
    let dev = text(&fields, "dockerfile_dev");
    let path = match scope.facts.debug {
        true => dev.clone().or(path),
        false => path,
    };
    build.image = parsed(&fields, "image", Image::parse);
    build.dockerfile = path.map(Dockerfile::Path).or(inline);
    build.dockerfile_dev = dev;
    build.target = text(&fields, "target");
    build.args = arguments(&fields);
    build.language = text(&fields, "language");
    build.tags = texts(&fields, "tags");
    build.additional_contexts = pairs(&fields, "additional_contexts", any, any);
    build.cache_from = texts(&fields, "cache_from");
    build.cache_to = texts(&fields, "cache_to");
    build.platforms = texts(&fields, "platforms");
    build.ssh = texts(&fields, "ssh");
    build.secrets = texts(&fields, "secrets");
    build.labels = pairs(&fields, "labels", any, any);
    build.options = options(&fields);
    fields.finish();
    Some(build)
}

/// Values of `ARG`; none where they are taken from the environment at build time.
fn arguments(fields: &Fields<'_>) -> BTreeMap<String, Located<Option<String>>> {
    let at = fields.get("args");
    let members = at.as_ref().map(|at| members(at)).unwrap_or_default();
    let argument = |(name, at): (Option<Located<&str>>, At<'_>)| {
        let name = name?.value.to_owned();
        let fields = at.fields(format!("argument `{name}`"))?;
        let (value, variable) = (text(&fields, "value"), text(&fields, "variable"));
        fields.finish();
        if let Some(variable) = variable {
            if variable.value != name {
                let message = format!("argument `{name}` is taken from the variable `{name}`");
                at.bad(message, format!("write `variable: {name}`"));
            }
            return Some((name, Located::new(None, variable.span)));
        }
        let value = value.unwrap_or_else(|| Located::new(String::new(), at.span()));
        Some((name, value.map(Some)))
    };
    members.into_iter().filter_map(argument).collect()
}

fn options(fields: &Fields<'_>) -> BTreeMap<String, Located<kubewright_model::object::Tree>> {
    let given = OPTIONS.iter().filter_map(|key| {
        let at = fields.get(key)?;
        Some(((*key).to_owned(), Located::new(tree(at.node), at.span())))
    });
    given.collect()
}

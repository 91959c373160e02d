//! How images are built.
//!
//! <https://skaffold.dev/docs/builders/builder-types/docker/>

use kubewright_knowledge as knowledge;
use kubewright_model::container::{self, Dockerfile, ImageSource};
use kubewright_model::object::Tree;
use kubewright_model::output::{Builds, Skaffold};
use kubewright_model::{App, Image, Located};
use kubewright_objects::delivery::{Build, DeliveredApp, Setting, Sync};
use kubewright_source::{Diagnostic, Diagnostics};

use super::{may_be_shown, not_told};
use crate::Lowering;
use crate::container::image::built_name;

/// Gives each app the build of its image; an image is built once, by the first
/// app that says how.
pub(super) fn all(
    lowering: &Lowering<'_>,
    apps: &[&App],
    told: &Skaffold,
    delivered: &mut [DeliveredApp],
    diagnostics: &mut Diagnostics,
) {
    let sync = told.file_sync.as_ref().is_none_or(|on| on.value);
    for (app, delivered) in apps.iter().zip(delivered.iter_mut()) {
        let Some(ImageSource::Build(build)) = &app.main.image else {
            continue;
        };
        delivered.build = one(lowering, app, build, sync, diagnostics);
    }
    settle(delivered, diagnostics);
    if told.builds == Builds::Every {
        assume(apps, delivered, diagnostics);
    }
}

/// Takes away builds that another app has already; different ones are an error.
fn settle(delivered: &mut [DeliveredApp], diagnostics: &mut Diagnostics) {
    let mut seen: std::collections::BTreeMap<String, Build> = std::collections::BTreeMap::new();
    for app in delivered {
        let Some(build) = &app.build else { continue };
        match seen.get(&build.image) {
            None => {
                seen.insert(build.image.clone(), build.clone());
                continue;
            }
            Some(first) if !is_same(first, build) => {
                diagnostics.push(
                    Diagnostic::error(
                        "two-builds",
                        build.span,
                        format!("the image `{}` is built in two ways", build.image),
                    )
                    .related(first.span, "the other is here")
                    .help("give one of the two images another name"),
                );
            }
            Some(_) => {}
        }
        app.build = None;
    }
}

fn is_same(one: &Build, other: &Build) -> bool {
    let mut other = other.clone();
    other.span = one.span;
    other.sync.clone_from(&one.sync);
    *one == other
}

/// Builds for images of which only the name is said.
fn assume(apps: &[&App], delivered: &mut [DeliveredApp], diagnostics: &mut Diagnostics) {
    let mut built: std::collections::BTreeSet<String> = delivered
        .iter()
        .filter_map(|app| Some(app.build.as_ref()?.image.clone()))
        .collect();
    for (app, delivered) in apps.iter().zip(delivered) {
        let Some(ImageSource::Image(image)) = &app.main.image else {
            continue;
        };
        if knowledge::known(image.as_str()).is_some() || !built.insert(repository(image)) {
            continue;
        }
        let message = format!(
            "Skaffold builds `{}` from `Dockerfile`: nothing else is said of it",
            image.repository()
        );
        let help = format!(
            "name the `dockerfile` of `{}`, or take it out of `build.artifacts` where others make it",
            app.name.value
        );
        diagnostics.push(Diagnostic::note("assumed-build", image.span, message).help(help));
        let mut build = bare(repository(image), ".".to_owned(), image);
        build.dockerfile = None;
        delivered.build = Some(build);
    }
}

fn repository(image: &Located<Image>) -> String {
    image.repository().to_owned()
}

fn bare<T>(image: String, context: String, place: &Located<T>) -> Build {
    Build {
        span: place.span,
        image,
        context,
        dockerfile: None,
        target: None,
        args: Vec::new(),
        cache_from: Vec::new(),
        platforms: Vec::new(),
        network: None,
        sync: Vec::new(),
    }
}

/// The build of an app; none where no tool can do it.
fn one(
    lowering: &Lowering<'_>,
    app: &App,
    build: &container::Build,
    sync: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Build> {
    let context = &build.context;
    if is_remote(&context.value) {
        let message = format!("Skaffold builds folders only, not `{}`", context.value);
        let help = "clone it, and name the folder; until then the image must be there";
        diagnostics.push(not_told(context.span, message, help));
        return None;
    }
    let dockerfile = match &build.dockerfile {
        Some(Dockerfile::Path(path)) => Some(path.value.clone()),
        Some(Dockerfile::Inline(text)) => {
            let message = "Skaffold takes no Dockerfile that stands in the input".to_owned();
            let help = "put it into a file, and name that";
            diagnostics.push(not_told(text.span, message, help));
            return None;
        }
        None => None,
    };
    let name = built_name(lowering.project, app.name.as_str(), build);
    let name = Image::parse(&name).map_or(name, |image| image.repository().to_owned());
    let texts = |texts: &[Located<String>]| texts.iter().map(|at| at.value.clone()).collect();
    let mut made = bare(name, context.value.clone(), context);
    made.dockerfile = dockerfile;
    made.target = build.target.as_ref().map(|target| target.value.clone());
    made.args = arguments(build, diagnostics);
    made.cache_from = texts(&build.cache_from);
    made.platforms = texts(&build.platforms);
    made.network = network(build);
    if sync {
        made.sync = languages(build, diagnostics);
    }
    not_taken(build, diagnostics);
    Some(made)
}

fn is_remote(context: &str) -> bool {
    context.contains("://") || context.starts_with("git@") || context.starts_with("github.com/")
}

/// Values of `ARG`. What looks secret is taken from the environment.
fn arguments(build: &container::Build, diagnostics: &mut Diagnostics) -> Vec<(String, Setting)> {
    let args = build.args.iter().map(|(name, value)| {
        let setting = match &value.value {
            Some(known) if may_be_shown(name, known) => Setting::Known(known.clone()),
            Some(_) => {
                let message = format!(
                    "the build argument `{name}` looks secret: Skaffold takes it from the variable `{name}`"
                );
                let said = Diagnostic::note("secret-argument", value.span, message);
                diagnostics.push(said.help(format!(
                    "set `{name}` where Skaffold runs; a secret of the build keeps it out of the image"
                )));
                Setting::Environment(name.clone())
            }
            None => Setting::Environment(name.clone()),
        };
        (name.clone(), setting)
    });
    args.collect()
}

fn network(build: &container::Build) -> Option<String> {
    let network = build.options.get("network")?;
    Some(network.value.text()?.to_owned())
}

/// What belongs to the build and Skaffold is not told.
fn not_taken(build: &container::Build, diagnostics: &mut Diagnostics) {
    let firsts = [
        ("tags", build.tags.first().map(|at| at.span)),
        ("cache_to", build.cache_to.first().map(|at| at.span)),
        ("ssh", build.ssh.first().map(|at| at.span)),
        ("secrets", build.secrets.first().map(|at| at.span)),
        ("labels", build.labels.values().next().map(|at| at.span)),
        (
            "additional_contexts",
            build.additional_contexts.values().next().map(|at| at.span),
        ),
    ];
    let firsts = firsts
        .into_iter()
        .filter_map(|(key, span)| Some((key, span?)));
    let options = build.options.iter();
    let options = options.filter(|(key, at)| {
        let is_off = matches!(at.value, Tree::Bool(false) | Tree::Null);
        !(is_off || *key == "network" && at.value.text().is_some())
    });
    let options = options.map(|(key, at)| (key.as_str(), at.span));
    for (key, span) in firsts.chain(options) {
        diagnostics.push(not_told(
            span,
            format!("`{key}` of this build is not told to Skaffold"),
            "add it to the artifact in `skaffold.yaml`; what stands there is kept",
        ));
    }
}

/// Files of a language that runs what it reads.
fn languages(build: &container::Build, diagnostics: &mut Diagnostics) -> Vec<Sync> {
    let Some(language) = &build.language else {
        return Vec::new();
    };
    let ends: &[&str] = match language.value.to_ascii_lowercase().as_str() {
        "python" => &["py"],
        "node" => &["js", "ts"],
        "javascript" => &["js"],
        "typescript" => &["ts", "js"],
        "ruby" => &["rb"],
        "php" => &["php"],
        _ => {
            let message = format!(
                "files of the language `{}` are not copied into running containers",
                language.value
            );
            let said = Diagnostic::note("not-carried", language.span, message);
            diagnostics.push(said.help("the image is built again when they change"));
            &[]
        }
    };
    let sync = |end: &&str| Sync {
        files: format!("**/*.{end}"),
        to: "/app".to_owned(),
        strip: String::new(),
    };
    ends.iter().map(sync).collect()
}

//! How images are built.
//!
//! <https://skaffold.dev/docs/builders/builder-types/docker/>

use std::collections::{BTreeMap, BTreeSet};

use kubewright_knowledge as knowledge;
use kubewright_model::container::{self, Dockerfile, ImageSource};
use kubewright_model::object::Tree;
use kubewright_model::output::{Builds, Skaffold};
use kubewright_model::{Image, Located};
use kubewright_objects::delivery::{Build, DeliveredApp, Further, Inline, Setting, Sync, Watch};
use kubewright_source::{Diagnostic, Diagnostics};

use super::{Member, may_be_shown, not_told, watch};
use crate::container::image::built_name;

/// Gives each app the build of its image; an image is built once, by the first
/// app that says how.
pub(super) fn all(
    apps: &[Member<'_>],
    told: &Skaffold,
    delivered: &mut [DeliveredApp],
    diagnostics: &mut Diagnostics,
) {
    let sync = told.file_sync.as_ref().is_none_or(|on| on.value);
    for (member, delivered) in apps.iter().zip(delivered.iter_mut()) {
        if let Some(ImageSource::Build(build)) = &member.app.main.image {
            delivered.build = one(member, build, sync, diagnostics);
        }
        if delivered.build.is_none() {
            watch::unbuilt(member.app, diagnostics);
        }
    }
    settle(delivered, diagnostics);
    if told.builds == Builds::Every {
        assume(apps, delivered, diagnostics);
    }
}

/// Takes away builds that another app has already; different ones are an error.
fn settle(delivered: &mut [DeliveredApp], diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for place in 0..delivered.len() {
        let (before, rest) = delivered.split_at_mut(place);
        let Some(build) = &rest[0].build else {
            continue;
        };
        let first = seen.get(&build.image).copied();
        let first = first.and_then(|first| before[first].build.as_mut());
        match first {
            None => {
                seen.insert(build.image.clone(), place);
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
            Some(first) => {
                let known = first.watch.clone();
                let more = build.watch.iter().filter(|watch| {
                    let is_same = |other: &Watch| {
                        Watch {
                            span: watch.span,
                            ..other.clone()
                        } == **watch
                    };
                    !known.iter().any(is_same)
                });
                first.watch.extend(more.cloned());
            }
        }
        rest[0].build = None;
    }
}

fn is_same(one: &Build, other: &Build) -> bool {
    let mut other = other.clone();
    other.span = one.span;
    other.sync.clone_from(&one.sync);
    other.rebuild.clone_from(&one.rebuild);
    other.watch.clone_from(&one.watch);
    for (other, one) in other.further.iter_mut().zip(&one.further) {
        other.span = one.span;
    }
    if let (Some(other), Some(one)) = (&mut other.inline, &one.inline) {
        other.span = one.span;
    }
    *one == other
}

/// Builds for images of which only the name is said.
fn assume(apps: &[Member<'_>], delivered: &mut [DeliveredApp], diagnostics: &mut Diagnostics) {
    let mut built: BTreeSet<String> = delivered
        .iter()
        .filter_map(|app| Some(app.build.as_ref()?.image.clone()))
        .collect();
    for (member, delivered) in apps.iter().zip(delivered) {
        let app = member.app;
        let Some(ImageSource::Image(image)) = &app.main.image else {
            continue;
        };
        if knowledge::known(image.as_str()).is_some() || !built.insert(repository(image)) {
            continue;
        }
        let message = format!(
            "`{}` is built from `Dockerfile`: nothing else is said of it",
            image.repository()
        );
        let help = format!(
            "name the `dockerfile` of `{}`, or take its build out of what is written where others make it",
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
        inline: None,
        further: Vec::new(),
        sync: Vec::new(),
        rebuild: Vec::new(),
        watch: Vec::new(),
    }
}

/// The build of an app; none where no tool can do it.
fn one(
    member: &Member<'_>,
    build: &container::Build,
    sync: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Build> {
    let context = &build.context;
    if is_remote(&context.value) {
        let message = format!("only folders are built, not `{}`", context.value);
        let help = "clone it, and name the folder; until then the image must be there";
        diagnostics.push(not_told(context.span, message, help));
        return None;
    }
    let (dockerfile, inline) = match &build.dockerfile {
        Some(Dockerfile::Path(path)) => (Some(path.value.clone()), None),
        Some(Dockerfile::Inline(text)) => (None, Some(text)),
        None => (None, None),
    };
    let name = built_name(member.project, member.app.name.as_str(), build);
    let name = Image::parse(&name).map_or(name, |image| image.repository().to_owned());
    let texts = |texts: &[Located<String>]| texts.iter().map(|at| at.value.clone()).collect();
    let mut made = bare(name, context.value.clone(), context);
    made.dockerfile = dockerfile;
    made.inline = inline.map(|text| Inline {
        span: text.span,
        text: text.value.clone(),
    });
    made.target = build.target.as_ref().map(|target| target.value.clone());
    made.args = arguments(build, diagnostics);
    made.cache_from = texts(&build.cache_from);
    made.platforms = texts(&build.platforms);
    made.network = network(build);
    made.further = further(build);
    if sync {
        made.watch = watch::of(member.app, &context.value, diagnostics);
        let language = language(build, diagnostics);
        made.sync = language.map(sync_rules).unwrap_or_default();
        made.rebuild = language.map(rebuilding).unwrap_or_default();
    }
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
                    "the build argument `{name}` looks secret: it is taken from the variable `{name}` when the image is built"
                );
                let said = Diagnostic::note("secret-argument", value.span, message);
                diagnostics.push(said.help(format!(
                    "set `{name}` where the tool runs that builds; a secret of the build keeps it out of the image"
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

/// What belongs to the build and has no word that every tool knows.
fn further(build: &container::Build) -> Vec<Further> {
    let texts = |texts: &[Located<String>]| -> Vec<String> {
        texts.iter().map(|at| at.value.clone()).collect()
    };
    let lists = [
        ("tags", &build.tags, true),
        ("cache_to", &build.cache_to, false),
        ("ssh", &build.ssh, true),
        ("secrets", &build.secrets, false),
    ];
    let lists = lists.into_iter().filter_map(|(key, list, is_plain)| {
        Some(Further {
            key: key.to_owned(),
            span: list.first()?.span,
            values: is_plain.then(|| texts(list)),
        })
    });
    let maps = [
        ("labels", &build.labels),
        ("additional_contexts", &build.additional_contexts),
    ];
    let maps = maps.into_iter().filter_map(|(key, map)| {
        Some(Further {
            key: key.to_owned(),
            span: map.values().next()?.span,
            values: None,
        })
    });
    let options = build.options.iter();
    let options = options.filter(|(key, at)| {
        let is_off = matches!(at.value, Tree::Bool(false) | Tree::Null);
        !(is_off || *key == "network" && at.value.text().is_some())
    });
    let options = options.map(|(key, at)| Further {
        key: key.clone(),
        span: at.span,
        values: option_values(key, &at.value),
    });
    lists.chain(maps).chain(options).collect()
}

/// The values of the options that `docker build` takes as plain texts.
fn option_values(key: &str, value: &Tree) -> Option<Vec<String>> {
    match (key, value) {
        ("pull", Tree::Bool(true)) => Some(Vec::new()),
        ("extra_hosts", Tree::List(hosts)) => {
            let hosts = hosts.iter().map(|host| host.text().map(str::to_owned));
            let host = |host: Option<String>| host.map(|host| host.replacen('=', ":", 1));
            hosts.map(host).collect()
        }
        _ => None,
    }
}

/// A language that runs what it reads: the ends of its files, and the files that
/// say what has to be installed.
struct Language {
    ends: &'static [&'static str],
    installs: &'static [&'static str],
}

const PYTHON: Language = Language {
    ends: &["py"],
    installs: &["requirements.txt", "pyproject.toml"],
};
const NODE: Language = Language {
    ends: &["js", "ts"],
    installs: &["package.json"],
};
const JAVASCRIPT: Language = Language {
    ends: &["js"],
    ..NODE
};
const TYPESCRIPT: Language = Language {
    ends: &["ts", "js"],
    ..NODE
};
const RUBY: Language = Language {
    ends: &["rb"],
    installs: &["Gemfile"],
};
const PHP: Language = Language {
    ends: &["php"],
    installs: &["composer.json"],
};

/// The language of the sources, where their files can be copied into containers.
fn language(build: &container::Build, diagnostics: &mut Diagnostics) -> Option<&'static Language> {
    let language = build.language.as_ref()?;
    Some(match language.value.to_ascii_lowercase().as_str() {
        "python" => &PYTHON,
        "node" => &NODE,
        "javascript" => &JAVASCRIPT,
        "typescript" => &TYPESCRIPT,
        "ruby" => &RUBY,
        "php" => &PHP,
        _ => {
            let message = format!(
                "files of the language `{}` are not copied into running containers",
                language.value
            );
            let said = Diagnostic::note("not-carried", language.span, message);
            diagnostics.push(said.help("the image is built again when they change"));
            return None;
        }
    })
}

fn sync_rules(language: &Language) -> Vec<Sync> {
    let sync = |end: &&str| Sync {
        files: format!("**/*.{end}"),
        to: "/app".to_owned(),
        strip: String::new(),
    };
    language.ends.iter().map(sync).collect()
}

fn rebuilding(language: &Language) -> Vec<String> {
    let names = language.installs.iter();
    names.map(|name| (*name).to_owned()).collect()
}

//! What is built.
//!
//! <https://skaffold.dev/docs/builders/>

use std::collections::BTreeMap;

use kubewright_objects::delivery::{Build, Setting, TagPolicy, Watch, WatchAction};
use kubewright_source::{Diagnostic, Span};

use super::Scope;
use super::config::{self, Artifact, Docker, Local, Sync, SyncRule, Tags};

/// The section `build`; none where nothing is built.
pub(super) fn build(scope: &Scope<'_>) -> Option<config::Build> {
    let artifacts = artifacts(scope, false);
    (!artifacts.is_empty()).then(|| config::Build {
        local: Some(local(artifacts.len(), false, scope.delivery().tags)),
        tag_policy: Some(tags(scope.delivery().tags)),
        artifacts,
    })
}

/// The section `build` of one of several environments. Whether images are pushed is
/// left to Skaffold, which looks at the cluster.
pub(super) fn of_environment(scope: &Scope<'_>, sync: bool) -> Option<config::Build> {
    let artifacts = artifacts(scope, sync);
    (!artifacts.is_empty()).then(|| config::Build {
        local: Some(Local {
            push: None,
            ..local(artifacts.len(), false, scope.delivery().tags)
        }),
        tag_policy: Some(tags(scope.delivery().tags)),
        artifacts,
    })
}

/// The section `build` of a profile. What a profile says of a builder takes the
/// place of all that stands at the top, so it is said whole.
pub(super) fn of_profile(
    scope: &Scope<'_>,
    push: bool,
    policy: Option<TagPolicy>,
    sync: bool,
) -> Option<config::Build> {
    let artifacts = artifacts(scope, sync);
    if artifacts.is_empty() {
        return None;
    }
    let is_synced = artifacts.iter().any(|artifact| artifact.sync.is_some());
    Some(config::Build {
        tag_policy: policy.map(tags),
        local: Some(local(
            artifacts.len(),
            push,
            policy.unwrap_or(scope.delivery().tags),
        )),
        artifacts: if is_synced { artifacts } else { Vec::new() },
    })
}

/// Skaffold refuses to look for images that are there under a tag that is the
/// same for all of them.
fn local(count: usize, push: bool, policy: TagPolicy) -> Local {
    let is_one_tag = policy == TagPolicy::Sha256;
    Local {
        push: Some(push),
        use_buildkit: Some(true),
        try_import_missing: (!is_one_tag).then_some(true),
        concurrency: Some(count),
    }
}

fn artifacts(scope: &Scope<'_>, sync: bool) -> Vec<Artifact> {
    let apps = &scope.delivery().apps;
    let builds = apps.iter().filter_map(|app| app.build.as_ref());
    let builds = builds.filter(|build| build.inline.is_none());
    builds.map(|build| artifact(scope, build, sync)).collect()
}

/// What builds say that Skaffold is not told.
pub(super) fn untold(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let builds = scope.delivery().apps.iter();
    let builds = builds.filter_map(|app| app.build.as_ref());
    let mut said = Vec::new();
    for build in builds {
        if let Some(inline) = &build.inline {
            let message = "Skaffold takes no Dockerfile that stands in the input".to_owned();
            said.push(not_told(
                inline.span,
                message,
                "put it into a file, and name that",
            ));
            continue;
        }
        said.extend(build.further.iter().map(|further| {
            let message = format!("`{}` of this build is not told to Skaffold", further.key);
            let help = "add it to the artifact in `skaffold.yaml`; what stands there is kept";
            not_told(further.span, message, help)
        }));
        said.extend(build.watch.iter().flat_map(watch_untold));
    }
    said
}

/// What Skaffold is not told of files that change.
fn watch_untold(watch: &Watch) -> Option<Diagnostic> {
    let (message, help) = match (&watch.action, &watch.path) {
        (WatchAction::Build, Some(_)) => return None,
        (_, None) => (
            "this path lies outside of the folder that the image is built from: nothing follows its files",
            "choose a `context` that holds it",
        ),
        (WatchAction::CopyAndRestart, _) => (
            "Skaffold does not start a container again: the image is built when files of this path change",
            "it comes to the same, and takes longer",
        ),
        (WatchAction::Copy { run, .. }, _) if !run.is_empty() => (
            "Skaffold copies files of this path and runs nothing afterwards",
            "add the command to the hooks of `sync` in `skaffold.yaml`; what stands there is kept",
        ),
        (WatchAction::Copy { .. }, _) if !watch.ignore.is_empty() => (
            "`ignore` is not told to Skaffold: all changed files of this path are copied",
            "name files in `.dockerignore` that do not belong to the image",
        ),
        (WatchAction::Copy { .. }, _) => return None,
    };
    Some(not_told(watch.span, message.to_owned(), help))
}

fn not_told(span: Span, message: String, help: &str) -> Diagnostic {
    Diagnostic::warning("not-carried", span, message).help(help)
}

/// The rules by which files of this path are copied.
fn watch_rules(watch: &Watch) -> Vec<SyncRule> {
    let (WatchAction::Copy { to, .. }, Some(path)) = (&watch.action, &watch.path) else {
        return Vec::new();
    };
    let front = |path: &str| match path.is_empty() {
        true => String::new(),
        false => format!("{path}/"),
    };
    if is_file(path, to) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let (into, _) = to.rsplit_once('/').unwrap_or(("", to));
        return vec![SyncRule {
            src: path.clone(),
            dest: if into.is_empty() { "/" } else { into }.to_owned(),
            strip: front(folder),
        }];
    }
    let patterns = match watch.include.as_slice() {
        [] => vec!["**".to_owned()],
        include => include.iter().map(|pattern| deep(pattern)).collect(),
    };
    let rule = |pattern: String| SyncRule {
        src: format!("{}{pattern}", front(path)),
        dest: to.clone(),
        strip: front(path),
    };
    patterns.into_iter().map(rule).collect()
}

/// A pattern without a folder is of files at any depth.
fn deep(pattern: &str) -> String {
    match pattern.contains('/') {
        true => pattern.to_owned(),
        false => format!("**/{pattern}"),
    }
}

/// A path with an end like `.json` that is called the same in the container.
fn is_file(path: &str, to: &str) -> bool {
    let last = |path: &str| path.rsplit('/').next().map(str::to_owned);
    let name = last(path).filter(|name| name.trim_start_matches('.').contains('.'));
    name.is_some() && name == last(to)
}

fn artifact(scope: &Scope<'_>, build: &Build, sync: bool) -> Artifact {
    let rules = build.sync.iter().filter(|_| sync);
    let rules = rules.map(|rule| SyncRule {
        src: rule.files.clone(),
        dest: rule.to.clone(),
        strip: rule.strip.clone(),
    });
    let watched = build.watch.iter().flat_map(watch_rules);
    let manual: Vec<SyncRule> = rules.chain(watched).collect();
    Artifact {
        image: build.image.clone(),
        context: Some(scope.given.layout.in_project(&build.context)),
        platforms: build.platforms.clone(),
        sync: (!manual.is_empty()).then_some(Sync { manual }),
        docker: Some(docker(build)),
    }
}

fn docker(build: &Build) -> Docker {
    let dockerfile = build.dockerfile.as_deref().unwrap_or("Dockerfile");
    Docker {
        dockerfile: dockerfile.to_owned(),
        target: build.target.clone(),
        build_args: templates(&build.args),
        cache_from: build.cache_from.clone(),
        network: build.network.clone(),
    }
}

/// Values where Skaffold expands templates of Go.
pub(super) fn templates(settings: &[(String, Setting)]) -> BTreeMap<String, String> {
    let template = |(name, setting): &(String, Setting)| {
        let text = match setting {
            Setting::Known(text) => text.replace("{{", "{{\"{{\"}}"),
            Setting::Environment(variable) => format!("{{{{.{variable}}}}}"),
        };
        (name.clone(), text)
    };
    settings.iter().map(template).collect()
}

/// How images are tagged.
///
/// <https://skaffold.dev/docs/taggers/>
pub(super) fn tags(policy: TagPolicy) -> Tags {
    match policy {
        TagPolicy::GitCommit => Tags::GitCommit { variant: "Tags" },
        TagPolicy::Sha256 => Tags::Sha256 {},
        TagPolicy::InputDigest => Tags::InputDigest {},
        TagPolicy::DateTime => Tags::DateTime {
            format: "2006-01-02_15-04-05",
            timezone: "Local",
        },
        // Only the tag: Skaffold puts the image's name in front of it, and knows
        // no digest at this time.
        TagPolicy::EnvTemplate => Tags::EnvTemplate {
            template: "{{default \"latest\" .IMAGE_TAG}}",
        },
    }
}

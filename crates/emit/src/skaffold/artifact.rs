//! What is built.
//!
//! <https://skaffold.dev/docs/builders/>

use std::collections::BTreeMap;

use kubewright_objects::delivery::{Build, Setting, TagPolicy};

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
        push,
        use_buildkit: Some(true),
        try_import_missing: (!is_one_tag).then_some(true),
        concurrency: Some(count),
    }
}

fn artifacts(scope: &Scope<'_>, sync: bool) -> Vec<Artifact> {
    let apps = &scope.delivery().apps;
    let builds = apps.iter().filter_map(|app| app.build.as_ref());
    builds.map(|build| artifact(scope, build, sync)).collect()
}

fn artifact(scope: &Scope<'_>, build: &Build, sync: bool) -> Artifact {
    let rules = build.sync.iter().filter(|_| sync);
    let rules = rules.map(|rule| SyncRule {
        src: rule.files.clone(),
        dest: rule.to.clone(),
        strip: rule.strip.clone(),
    });
    let manual: Vec<SyncRule> = rules.collect();
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

//! What is built, and what happens when its files change.
//!
//! <https://docs.tilt.dev/live_update_reference.html>

use kubewright_objects::delivery::{Build, Further, Setting, Watch, WatchAction};
use kubewright_source::Diagnostic;

use super::starlark::{Call, Value};
use crate::form::{Environment, Layout, joined};

/// A call for each image, and one for the files that do not count.
pub(super) fn calls(environment: &Environment<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Call> {
    let apps = environment.delivery.apps.iter();
    let builds: Vec<&Build> = apps.filter_map(|app| app.build.as_ref()).collect();
    let ignored: Vec<Value> = builds
        .iter()
        .flat_map(|build| ignored(build, environment.layout))
        .map(Value::Text)
        .collect();
    let mut calls = Vec::new();
    if !ignored.is_empty() {
        calls.push(Call::new("watch_settings").named("ignore", ignored));
    }
    for build in builds {
        calls.push(docker_build(build, environment.layout, diagnostics));
    }
    calls
}

/// What a build says that `docker_build` takes as texts, and the parameter's name.
const TEXTS: [(&str, &str); 3] = [
    ("ssh", "ssh"),
    ("tags", "extra_tag"),
    ("extra_hosts", "extra_hosts"),
];

fn docker_build(build: &Build, layout: Layout<'_>, diagnostics: &mut Vec<Diagnostic>) -> Call {
    let context = layout.in_project(&build.context);
    let mut call = Call::new("docker_build")
        .with(build.image.as_str())
        .with(context.as_str());
    match (&build.inline, &build.dockerfile) {
        (Some(inline), _) => call = call.named("dockerfile_contents", inline.text.as_str()),
        (None, Some(path)) if path != "Dockerfile" => {
            call = call.named("dockerfile", joined(&context, path));
        }
        (None, _) => {}
    }
    if let Some(target) = &build.target {
        call = call.named("target", target.as_str());
    }
    call = call.some("build_args", Value::Map(arguments(build, diagnostics)));
    if let Some(network) = &build.network {
        call = call.named("network", network.as_str());
    }
    call = call.some("cache_from", build.cache_from.clone());
    match build.platforms.as_slice() {
        [] => {}
        [platform] => call = call.named("platform", platform.as_str()),
        [_, ..] => diagnostics.push(untold("platforms", build.span)),
    }
    for further in &build.further {
        match told(further) {
            Some((name, value)) => call = call.some(name, value),
            None => diagnostics.push(untold(&further.key, further.span)),
        }
    }
    call.some("live_update", live_update(build, &context, diagnostics))
}

fn told(further: &Further) -> Option<(&'static str, Value)> {
    let values = further.values.clone()?;
    if further.key == "pull" {
        return Some(("pull", Value::True));
    }
    let row = TEXTS.iter().find(|(key, _)| *key == further.key)?;
    Some((row.1, Value::from(values)))
}

fn untold(key: &str, span: kubewright_source::Span) -> Diagnostic {
    let message = format!("`{key}` of this build is not told to Tilt");
    Diagnostic::warning("not-carried", span, message)
        .help("add it to `docker_build` in the `Tiltfile`; what stands there is kept")
}

/// Values of `ARG`; an empty one leaves it to the environment.
fn arguments(build: &Build, diagnostics: &mut Vec<Diagnostic>) -> Vec<(String, Value)> {
    let mut arguments = Vec::new();
    for (name, setting) in &build.args {
        let value = match setting {
            Setting::Known(text) => {
                if text.is_empty() {
                    diagnostics.push(left_to_environment(name, build));
                }
                Value::Text(text.clone())
            }
            Setting::Environment(variable) => {
                let variable = Call::new("os.getenv").with(variable.as_str());
                Value::Call(variable.with(""))
            }
        };
        arguments.push((name.clone(), value));
    }
    arguments
}

fn left_to_environment(name: &str, build: &Build) -> Diagnostic {
    let message = format!(
        "the build argument `{name}` is empty: Tilt takes it from the variable `{name}` where that is set"
    );
    Diagnostic::warning("not-carried", build.span, message)
        .help("leave it out where the Dockerfile has no other default")
}

/// Patterns of files whose changes do not count, seen from the top.
fn ignored(build: &Build, layout: Layout<'_>) -> Vec<String> {
    let context = layout.in_project(&build.context);
    let mut patterns = Vec::new();
    for watch in &build.watch {
        let Some(path) = &watch.path else { continue };
        let folder = joined(&context, path);
        for pattern in &watch.ignore {
            let (mark, pattern) = match pattern.strip_prefix('!') {
                Some(rest) => ("!", rest),
                None => ("", pattern.as_str()),
            };
            let pattern = format!("{mark}{}", joined(&folder, pattern));
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
    }
    patterns
}

/// The steps by which a running container is brought up to date: first what needs
/// a new image, then what is copied, then what runs.
fn live_update(build: &Build, context: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Value> {
    let mut copied: Vec<(String, &str)> = Vec::new();
    let mut runs = Vec::new();
    let mut rebuilt: Vec<String> = Vec::new();
    for sync in &build.sync {
        let folder = front(&sync.files);
        copied.push((joined(context, folder), &sync.to));
    }
    rebuilt.extend(build.rebuild.iter().map(|file| joined(context, file)));
    for watch in &build.watch {
        let Some(path) = &watch.path else {
            diagnostics.push(elsewhere(watch));
            continue;
        };
        let path = joined(context, path);
        match &watch.action {
            WatchAction::Copy { to, run } => {
                if !watch.include.is_empty() {
                    diagnostics.push(whole_folder(watch));
                }
                if !run.is_empty() {
                    let call = Call::new("run").with(run.clone());
                    runs.push(Value::Call(call.named("trigger", vec![path.clone()])));
                }
                copied.push((path, to));
            }
            WatchAction::CopyAndRestart => {
                diagnostics.push(built_again(watch));
                rebuilt.push(path);
            }
            WatchAction::Build => rebuilt.push(path),
        }
    }
    copied.dedup();
    // What is built again when anything changes would never be copied.
    let is_around = |folder: &str, path: &str| {
        folder == "." || path == folder || path.starts_with(&format!("{folder}/"))
    };
    rebuilt.retain(|folder| !copied.iter().any(|(path, _)| is_around(folder, path)));
    if copied.is_empty() {
        return Vec::new();
    }
    let mut steps = Vec::new();
    if !rebuilt.is_empty() {
        steps.push(Value::Call(Call::new("fall_back_on").with(rebuilt)));
    }
    let copies = copied.into_iter().map(|(path, to)| {
        let call = Call::new("sync").with(path);
        Value::Call(call.with(to))
    });
    steps.extend(copies);
    steps.extend(runs);
    steps
}

/// The folder before the first part of a pattern that is none.
fn front(pattern: &str) -> &str {
    let wild = pattern.find(['*', '?', '[']).unwrap_or(pattern.len());
    pattern[..wild].rfind('/').map_or("", |end| &pattern[..end])
}

fn elsewhere(watch: &Watch) -> Diagnostic {
    let message = "this path lies outside of the folder that the image is built from: nothing follows its files";
    Diagnostic::warning("not-carried", watch.span, message).help("choose a `context` that holds it")
}

fn whole_folder(watch: &Watch) -> Diagnostic {
    let message = "`include` is not told to Tilt: all changed files of this path are copied";
    Diagnostic::warning("not-carried", watch.span, message)
        .help("name the files or their folder with `path`, or leave files out with `ignore`")
}

fn built_again(watch: &Watch) -> Diagnostic {
    let message =
        "Tilt does not start a container again: the image is built when files of this path change";
    Diagnostic::note("not-carried", watch.span, message).help(
        "it comes to the same; for more speed use the extension `restart_process` in the `Tiltfile`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_a_front() {
        let rows = [
            ("**/*.py", ""),
            ("src/**", "src"),
            ("a/b/*.js", "a/b"),
            ("x.c", ""),
        ];
        for (pattern, expected) in rows {
            assert_eq!(front(pattern), expected, "{pattern}");
        }
    }
}

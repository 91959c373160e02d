//! Which forms are written beside the flat manifests, and where their files lie.

use std::path::{Component, Path, PathBuf};

use kubewright_emit::FORMS;
use kubewright_emit::form::{Form, Given, Layout};
use kubewright_emit::manifests::Context;
use kubewright_files::{File, OutputPath};
use kubewright_model::Located;
use kubewright_model::Project;
use kubewright_model::output::{Format, Skaffold};
use kubewright_objects::delivery::Delivery;
use kubewright_read::wizard::Forms;
use kubewright_source::{Diagnostic, Span};

use crate::{Made, Outcome, Request};

/// The forms that were asked for on the way in; none: the input decides.
pub(crate) fn told(request: &Request) -> Forms {
    match request.formats.as_slice() {
        [] => Forms::AsInput,
        formats if formats.contains(&Format::Skaffold) => Forms::Skaffold,
        _ => Forms::ManifestsOnly,
    }
}

/// Whether a form puts a file of this name at the top of the project's folder.
pub fn lies_at_top(name: &str) -> bool {
    FORMS.iter().any(|form| form.top.contains(&name))
}

/// The forms beside the flat manifests.
pub(crate) fn wanted(project: &Project, request: &Request) -> Vec<&'static Form> {
    let input = project.output.formats.iter().map(|format| format.value);
    let formats: Vec<Format> = match request.formats.as_slice() {
        [] => input.collect(),
        formats => formats.to_vec(),
    };
    // Where there is nothing to deliver, nothing delivers it.
    if project.entries.is_empty() {
        return Vec::new();
    }
    let is_wanted = |form: &&Form| formats.iter().any(|format| name(*format) == form.name);
    FORMS.iter().filter(is_wanted).collect()
}

/// What only Skaffold is told, where nothing is written for it.
pub(crate) fn untold(project: &Project, several: bool, request: &Request) -> Vec<Diagnostic> {
    let told = wanted(project, request)
        .iter()
        .any(|form| form.name == "skaffold");
    if told && !several {
        return Vec::new();
    }
    let output = &project.output;
    let first = |lines: &[Located<String>]| lines.first().map(|line| line.span);
    let said = [
        ("pre_deploy", first(&output.pre_deploy)),
        ("post_deploy", first(&output.post_deploy)),
        (
            "post_deploy_verify",
            output.post_deploy_verify.as_ref().map(|on| on.span),
        ),
        (
            "server_side_apply",
            output.server_side_apply.as_ref().map(|on| on.span),
        ),
        ("skaffold", output.skaffold.as_ref().map(settings)),
    ];
    let said = said
        .into_iter()
        .filter_map(|(key, span)| Some((key, span?)));
    said.map(|(key, span)| {
        let message = format!("`output.{key}` counts where the form `skaffold` is written");
        Diagnostic::note("not-carried", span, message)
            .path(format!("output.{key}"))
            .help("ask for it: `formats: [manifests, skaffold]`, for one environment")
    })
    .collect()
}

/// Where the first of Skaffold's settings stands.
fn settings(skaffold: &Skaffold) -> Span {
    let spans = [
        skaffold.deploy_method.as_ref().map(|given| given.span),
        skaffold.tag_policy.as_ref().map(|given| given.span),
        skaffold.port_forward.as_ref().map(|given| given.span),
        skaffold.file_sync.as_ref().map(|given| given.span),
    ];
    spans.into_iter().flatten().next().unwrap_or(Span::NONE)
}

/// That a form is for one environment, and several are written.
pub(crate) fn one_at_a_time(projects: &[Project], request: &Request) -> Option<Diagnostic> {
    let first = projects.first()?;
    let form = wanted(first, request).into_iter().next()?;
    let asked = first.output.formats.iter();
    let span = asked
        .filter(|format| name(format.value) == form.name)
        .map(|format| format.span)
        .next();
    let environment = first.facts.environment.as_ref();
    let environment = environment.map_or("", |environment| environment.as_str());
    let message = format!(
        "the form `{}` is for one environment, and several are written: it is left out",
        form.name
    );
    Some(
        Diagnostic::warning("not-carried", span.unwrap_or(Span::NONE), message)
            .help(format!("choose one: `--env {environment}`")),
    )
}

/// The forms that the input asks for and nothing writes.
pub(crate) fn unwritten<'a>(
    project: &'a Project,
    request: &Request,
) -> impl Iterator<Item = Diagnostic> + 'a {
    let asked = match request.formats.as_slice() {
        [] => project.output.formats.as_slice(),
        _ => &[],
    };
    let is_written = |format: Format| {
        let name = name(format);
        format == Format::Manifests || FORMS.iter().any(|form| form.name == name)
    };
    let unwritten = asked.iter().filter(move |format| !is_written(format.value));
    unwritten.map(|format| {
        let message = format!("the form `{}` is not written yet", name(format.value));
        Diagnostic::warning("not-carried", format.span, message)
            .help("leave it out: the flat manifests are complete without it")
    })
}

fn name(format: Format) -> &'static str {
    match format {
        Format::Manifests => "manifests",
        Format::Kustomize => "kustomize",
        Format::Helm => "helm",
        Format::ArgoCd => "argocd",
        Format::Skaffold => "skaffold",
        Format::Tilt => "tilt",
        Format::Json => "json",
    }
}

/// The first line of files that are not one object's: `from state.json`.
pub(crate) fn origin(project: &Project, context: &Context<'_>) -> String {
    let first = project.apps().next().map(|app| app.origin.span);
    let source = first.and_then(|span| context.sources.get(span.source));
    let name = source.map_or("nothing", |source| source.name());
    let within = name.strip_prefix(context.project_folder);
    let within = within.map_or(name, |name| name.trim_start_matches('/'));
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    format!("from {}", within.chars().map(plain).collect::<String>())
}

/// Whether manifests lie at the top, too.
pub(crate) fn is_one_folder(request: &Request, outcome: &Outcome) -> bool {
    let folder = outcome.output_directory.as_deref();
    let is_here = |folder: &str| folder.split('/').all(|part| matches!(part, "" | "."));
    request.output.is_some() || folder.is_some_and(is_here)
}

/// Where things lie, as files at the top see them.
pub(crate) struct Places {
    manifests: String,
    project: String,
}

impl Places {
    /// Of several environments, each has a folder of its own.
    pub(crate) fn new(request: &Request, outcome: &Outcome, environment: Option<&str>) -> Self {
        let own = environment.filter(|_| outcome.has_environments);
        let Some(output) = &request.output else {
            let folder = outcome.output_directory.as_deref();
            let folder = folder.unwrap_or("k8s").trim_end_matches('/');
            return Self {
                manifests: match own {
                    Some(own) => format!("{folder}/{own}"),
                    None => folder.to_owned(),
                },
                project: String::new(),
            };
        };
        let working = &request.working_directory;
        let project = outcome
            .project_directory
            .as_deref()
            .unwrap_or(Path::new(""));
        Self {
            manifests: String::new(),
            project: way(
                &working.join(output).join(own.unwrap_or_default()),
                &working.join(project),
            ),
        }
    }
}

/// The way from one folder to another, `/` between its parts; absolute where
/// there is none.
fn way(from: &Path, to: &Path) -> String {
    let (from, to) = (plain(from), plain(to));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let is_root = |part: &&Component<'_>| matches!(part, Component::Prefix(_) | Component::RootDir);
    let text = |part: &Component<'_>| part.as_os_str().to_string_lossy().into_owned();
    if from.iter().filter(is_root).count() > shared {
        return to.iter().collect::<PathBuf>().display().to_string();
    }
    let up = from[shared..].iter().map(|_| "..".to_owned());
    let parts: Vec<String> = up.chain(to[shared..].iter().map(text)).collect();
    parts.join("/")
}

/// The parts of a path without `.`, and without what `..` takes back.
fn plain(path: &Path) -> Vec<Component<'_>> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(parts.last(), Some(Component::Normal(_))) => {
                parts.pop();
            }
            Component::Prefix(_)
            | Component::RootDir
            | Component::ParentDir
            | Component::Normal(_) => parts.push(part),
        }
    }
    parts
}

/// Puts the files of all forms beside the manifests, and gives back those of
/// the top.
pub(crate) fn emit(
    forms: &[&Form],
    delivery: &Delivery,
    made: &mut Made,
    places: &Places,
    origin: &str,
) -> Vec<File> {
    let (mut top, mut beside) = (Vec::new(), Vec::new());
    for form in forms {
        move_into((form.manifests)(delivery), &mut made.files);
        let given = Given {
            objects: &made.objects,
            delivery,
            manifests: &made.files,
            layout: Layout {
                manifests: &places.manifests,
                project: &places.project,
            },
            origin,
        };
        match (form.emit)(&given) {
            Ok(emitted) => {
                top.extend(emitted.top);
                beside.extend(emitted.beside);
                made.diagnostics.extend(emitted.diagnostics);
            }
            Err(problem) => made.diagnostics.push(*problem),
        }
    }
    made.files.extend(beside);
    top
}

fn move_into(folder: &str, files: &mut [File]) {
    if folder.is_empty() {
        return;
    }
    for file in files {
        if let Ok(path) = OutputPath::new(format!("{folder}/{}", file.path)) {
            file.path = path;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_leads_from_one_folder_to_the_other() {
        let rows = [
            ("/a/b", "/a/b", ""),
            ("/a/b/k8s", "/a/b", ".."),
            ("/a/b/../c", "/a/b", "../b"),
            ("/a/./b/x/y", "/a/z", "../../../z"),
            ("/", "/a", "a"),
        ];
        for (from, to, expected) in rows {
            assert_eq!(way(Path::new(from), Path::new(to)), expected, "{from} {to}");
        }
    }
}

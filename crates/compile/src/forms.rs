//! Which forms are written beside the flat manifests, and where their files lie.

mod untold;

use std::path::{Component, Path, PathBuf};

use kubewright_emit::FORMS;
use kubewright_emit::form::{Beside, Emitted, Environment, Form, Given, Layout};
use kubewright_emit::manifests::Context;
use kubewright_files::{File, OutputPath};
use kubewright_model::Located;
use kubewright_model::Project;
use kubewright_model::output::Format;
use kubewright_read::wizard::Forms;
use kubewright_source::{Diagnostic, Diagnostics, Span};

use crate::layout::{self, Layout as Files};
use crate::{Compiled, Outcome, Request, WrittenForm};

pub(crate) use untold::{untold, untold_chart};

/// The forms that were asked for on the way in; none: the input decides.
pub(crate) fn told(request: &Request) -> Forms {
    match request.formats.as_slice() {
        [] => Forms::AsInput,
        _ if for_developers(request) => Forms::Skaffold,
        _ => Forms::ManifestsOnly,
    }
}

/// Whether a form is asked for of a tool that builds and deploys while one develops.
pub(crate) fn for_developers(request: &Request) -> bool {
    let mut formats = request.formats.iter();
    formats.any(|format| match format {
        Format::Skaffold | Format::Tilt => true,
        Format::Manifests | Format::Kustomize | Format::Helm | Format::ArgoCd | Format::Json => {
            false
        }
    })
}

/// Whether a form puts a file of this name at the top of the project's folder.
pub fn lies_at_top(name: &str) -> bool {
    FORMS.iter().any(|form| form.may_write(name))
}

/// The forms that are asked for: by the caller, else by the input.
fn asked(project: &Project, request: &Request) -> Vec<Format> {
    let input = project.output.formats.iter().map(|format| format.value);
    match request.formats.as_slice() {
        [] => input.collect(),
        formats => formats.to_vec(),
    }
}

/// The forms beside the flat manifests.
pub(crate) fn wanted(project: &Project, request: &Request) -> Vec<&'static Form> {
    let formats = asked(project, request);
    // Where there is nothing to deliver, nothing delivers it.
    if project.entries.is_empty() && project.objects.is_empty() {
        return Vec::new();
    }
    let is_wanted = |form: &&Form| formats.iter().any(|format| name(*format) == form.name);
    FORMS.iter().filter(is_wanted).collect()
}

/// One ApplicationSet stands for all Applications, whatever the input says.
pub(crate) fn ask_for_application_set(projects: &mut [Project]) {
    for project in projects {
        let told = project.output.argocd.get_or_insert_default();
        told.application_set = Some(Located::nowhere(true));
    }
}

/// That one ApplicationSet is asked for, where there are no Applications.
fn no_application_set(request: &Request, forms: &[&'static Form]) -> Option<Diagnostic> {
    let is_written = forms.iter().any(|form| form.name == "argocd");
    let message = "`--application-set` has no effect: the form `argocd` is not written";
    let said = Diagnostic::warning("unused-option", Span::NONE, message);
    (request.application_set && !is_written)
        .then(|| said.help("add `--format argocd`, or leave the option out"))
}

/// Whether a form is of all environments together. Argo CD has a folder for each,
/// unless one ApplicationSet stands for all.
fn is_of_all(form: &Form, project: &Project) -> bool {
    let told = project.output.argocd.as_ref();
    let by_set = told.and_then(|told| told.application_set.as_ref());
    match form.name == "argocd" {
        true => by_set.is_some_and(|on| on.value),
        false => form.is_whole,
    }
}

/// That a form is of all environments together, and only some are written: what all
/// share would be what these share.
fn all_or_none(form: &Form, project: &Project, is_nothing_left: bool) -> Diagnostic {
    let mut asked = project.output.formats.iter();
    let span = asked.find(|format| name(format.value) == form.name);
    let message = format!(
        "the form `{}` is of all environments together, and only some are written",
        form.name
    );
    let span = span.map_or(Span::NONE, |format| format.span);
    let said = match is_nothing_left {
        true => Diagnostic::error("usage", span, message),
        false => Diagnostic::warning("not-carried", span, format!("{message}: it is left out")),
    };
    said.help("leave out `--env`, and choose the environment where it is applied")
}

/// The forms that are written.
pub(crate) struct Chosen {
    /// Those beside the flat manifests.
    forms: Vec<&'static Form>,
    /// The flat manifests.
    manifests: bool,
    /// The input names the forms that there are to be, and the caller no others.
    names_all: bool,
    /// Objects are kept also where no form wants them.
    keeps_objects: bool,
    /// Several environments are written.
    several: bool,
    /// Forms of all environments that are left out as these are not all there: their
    /// files stay as they are.
    partial: Vec<&'static Form>,
}

impl Chosen {
    /// Those that the caller asks for, else the input.
    pub(crate) fn new(projects: &[Project], request: &Request, outcome: &mut Outcome) -> Self {
        let several = projects.len() > 1;
        let mut chosen = Self {
            forms: Vec::new(),
            manifests: true,
            keeps_objects: false,
            names_all: false,
            several,
            partial: Vec::new(),
        };
        let Some(first) = projects.first() else {
            return chosen;
        };
        let asked = asked(first, request);
        let in_input = !first.output.formats.is_empty() && request.formats.is_empty();
        chosen.names_all = in_input && request.environments.is_empty();
        let is_whole = outcome.spared.is_empty();
        let (forms, partial): (Vec<&'static Form>, Vec<&'static Form>) = wanted(first, request)
            .into_iter()
            .partition(|form| is_whole || !is_of_all(form, first));
        let is_nothing_left = forms.is_empty() && !in_input && !asked.contains(&Format::Manifests);
        let said = partial
            .iter()
            .map(|form| all_or_none(form, first, is_nothing_left));
        outcome.diagnostics.extend(said);
        let unused = no_application_set(request, &wanted(first, request));
        outcome.diagnostics.extend(unused);
        chosen.partial = partial;
        let is_flat = asked.is_empty()
            || asked.contains(&Format::Manifests)
            || forms.iter().any(|form| form.wants_manifests);
        if request.layout != Files::OneFilePerObject && !is_flat {
            let message = "`--layout` has no effect: no flat manifests are written";
            let said = Diagnostic::warning("unused-option", Span::NONE, message);
            let help = "add `--format manifests`, or leave the option out";
            outcome.diagnostics.push(said.help(help));
        }
        if request.layout != Files::OneFilePerObject {
            let mut naming = forms.iter().filter(|form| form.wants_manifests);
            let refused = naming
                .next()
                .map(|form| layout::refused(form.name, request.layout));
            outcome.diagnostics.extend(refused);
        }
        chosen.manifests = is_flat || forms.is_empty();
        chosen.forms = forms;
        chosen
    }

    /// No form at all: the objects themselves are wanted.
    pub(crate) fn of_objects() -> Self {
        Self {
            forms: Vec::new(),
            manifests: true,
            keeps_objects: true,
            names_all: false,
            several: false,
            partial: Vec::new(),
        }
    }

    /// Whether Skaffold is told.
    pub(crate) fn has_skaffold(&self) -> bool {
        self.forms.iter().any(|form| form.name == "skaffold")
    }

    /// Whether a form wants all objects at once.
    pub(crate) fn keep_objects(&self) -> bool {
        self.keeps_objects || !self.forms.is_empty()
    }

    /// The folder of the manifests within the output folder: beside a form that
    /// stands for itself they have one of their own.
    fn folder_beside(&self, request: &Request) -> &'static str {
        let has_folder = |form: &&Form| form.has_folder();
        match request.output.is_some() && self.forms.iter().any(has_folder) {
            true => OWN,
            false => "",
        }
    }

    /// The files of the folder of manifests, and those of the top.
    pub(crate) fn emit(
        &self,
        mut compiled: Vec<Compiled>,
        request: &Request,
        outcome: &mut Outcome,
    ) -> Option<(Vec<File>, Vec<File>)> {
        let mut top = Vec::new();
        for form in &self.forms {
            let emitted = self.form(form, &mut compiled, request, outcome);
            match emitted {
                Ok(emitted) => {
                    top.extend(emitted.top);
                    outcome.forms.push(WrittenForm {
                        folder: emitted.folder,
                        templates: emitted.templates,
                        next: emitted.next,
                        environments: order(&compiled, request)
                            .into_iter()
                            .filter_map(|at| compiled[at].environment.as_ref())
                            .map(|own| own.as_str().to_owned())
                            .collect(),
                        wants_manifests: form.wants_manifests,
                    });
                    outcome.diagnostics.extend(emitted.diagnostics);
                    for Beside { environment, file } in emitted.beside {
                        compiled[environment].made.files.push(file);
                    }
                }
                Err(problem) => outcome.diagnostics.push(*problem),
            }
        }
        if outcome.diagnostics.has_errors() {
            return None;
        }
        let mut files = Vec::new();
        let spared = outcome.spared.clone();
        if self.manifests {
            let beside = self.folder_beside(request);
            for compiled in compiled {
                let own = compiled.environment.as_ref();
                let own = own.filter(|_| self.several || outcome.has_environments);
                let folder = joined(beside, own.map_or("", |own| own.as_str()));
                let span = own.map_or(Span::NONE, |own| own.span);
                let files_of = layout::gather(
                    compiled.made.files,
                    &compiled.groups,
                    request.layout,
                    &compiled.name,
                    &mut outcome.diagnostics,
                );
                let moved = within(&folder, span, files_of, &mut outcome.diagnostics)?;
                // Those of the only environment are not copied.
                match files.is_empty() {
                    true => files = moved,
                    false => files.extend(moved),
                }
            }
            for spared in &mut outcome.spared {
                *spared = joined(beside, spared);
            }
        }
        let of_forms = self.spared(&spared);
        outcome.spared.extend(of_forms);
        if is_one_folder(request, outcome) {
            files.append(&mut top);
        }
        Some((files, top))
    }

    /// What is not this run's: the files of forms that are not asked for, unless the
    /// input itself names all that there are to be; and within others what is of
    /// environments that are not written.
    fn spared(&self, environments: &[String]) -> Vec<String> {
        let is_chosen = |form: &&Form| self.forms.iter().any(|one| one.name == form.name);
        let others = FORMS.iter().filter(|form| !is_chosen(form));
        let spares =
            |form: &&Form| !self.names_all || self.partial.iter().any(|one| one.name == form.name);
        let partial = others.filter(spares).flat_map(|form| form.top);
        let own = (!self.manifests && !self.names_all).then_some(&OWN);
        let partial = partial.chain(own);
        let partial = partial.map(|top| top.trim_end_matches('/').to_owned());
        let tops = self.forms.iter().flat_map(|form| form.top);
        let folders = tops.filter(|top| top.ends_with('/'));
        let of_others = folders.flat_map(|folder| {
            let environments = environments.iter();
            environments.map(move |environment| format!("{folder}{environment}"))
        });
        partial.chain(of_others).collect()
    }

    fn form(
        &self,
        form: &Form,
        compiled: &mut [Compiled],
        request: &Request,
        outcome: &Outcome,
    ) -> Result<Emitted, Box<Diagnostic>> {
        for compiled in &mut *compiled {
            let folder = (form.manifests)(&compiled.delivery);
            if !folder.is_empty() {
                move_into(folder, &mut compiled.made.files);
            }
        }
        let beside = self.folder_beside(request);
        let places: Vec<Places> = compiled
            .iter()
            .map(|compiled| {
                let own = compiled.environment.as_ref().map(|own| own.as_str());
                Places::new(request, outcome, own, beside)
            })
            .collect();
        let order = order(compiled, request);
        let environments: Vec<Environment<'_>> = order
            .iter()
            .map(|at| (&compiled[*at], &places[*at]))
            .map(|(compiled, places)| Environment {
                name: compiled.environment.as_ref().map(|own| own.as_str()),
                objects: &compiled.made.objects,
                delivery: &compiled.delivery,
                manifests: &compiled.made.files,
                layout: Layout {
                    manifests: &places.manifests,
                    project: &places.project,
                },
            })
            .collect();
        let mut emitted = (form.emit)(&Given {
            project: &compiled[0].name,
            environments: &environments,
            origin: &compiled[0].origin,
        })?;
        for beside in &mut emitted.beside {
            beside.environment = order[beside.environment];
        }
        Ok(emitted)
    }
}

/// The folder of manifests within an output folder that was named, beside forms.
const OWN: &str = "manifests";

/// The environments that are for developing, the nearest to them first.
const NEAR: [&str; 5] = ["local", "dev", "development", "staging", "test"];

/// The places of environments in the order in which forms see them: as the caller
/// names them; a map of the input has no order, so else those that are for
/// developing, and then by their names.
fn order(compiled: &[Compiled], request: &Request) -> Vec<usize> {
    let mut order: Vec<usize> = (0..compiled.len()).collect();
    let asked = &request.environments;
    if !asked.is_empty() && !asked.iter().any(|name| name == crate::apps::ALL) {
        return order;
    }
    order.sort_by_key(|at| {
        let name = compiled[*at].environment.as_ref().map(|own| own.as_str());
        let near = NEAR.iter().position(|near| Some(*near) == name);
        (near.unwrap_or(NEAR.len()), name)
    });
    order
}

/// Both as one path; each may be empty.
fn joined(folder: &str, name: &str) -> String {
    match (folder.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => folder.to_owned(),
        _ => format!("{folder}/{name}"),
    }
}

/// The files within a folder, which is named at `span`.
fn within(
    folder: &str,
    span: Span,
    mut files: Vec<File>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<File>> {
    if folder.is_empty() {
        return Some(files);
    }
    for file in &mut files {
        match file.path.within(folder) {
            Ok(path) => file.path = path,
            Err(error) => {
                let said = Diagnostic::error("bad-value", span, error.to_string());
                diagnostics.push(said.help("give the environment a shorter name"));
                return None;
            }
        }
    }
    Some(files)
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
fn is_one_folder(request: &Request, outcome: &Outcome) -> bool {
    let folder = outcome.output_directory.as_deref();
    let is_here = |folder: &str| folder.split('/').all(|part| matches!(part, "" | "."));
    request.output.is_some() || folder.is_some_and(is_here)
}

/// Where things lie, as files at the top see them.
struct Places {
    manifests: String,
    project: String,
}

impl Places {
    /// Of several environments, each has a folder of its own.
    /// `beside` is the folder of manifests within an output folder that was named.
    fn new(request: &Request, outcome: &Outcome, environment: Option<&str>, beside: &str) -> Self {
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
            manifests: joined(beside, own.unwrap_or_default()),
            project: way(&working.join(output), &working.join(project)),
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

fn move_into(folder: &str, files: &mut [File]) {
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

//! The line: inputs in, files out. What the command and the server both call.
//!
//! 1. [`kubewright_read`]: texts and environment become a project;
//! 2. [`kubewright_lower`]: the project becomes Kubernetes objects;
//! 3. [`kubewright_emit`]: the objects become files.
//!
//! Files are reached through [`Files`] alone and nothing is written here: what
//! comes back is a tree of files, to be written by whoever asked.

mod apps;
mod between;
mod conceal;
mod convert;
pub mod explain;
mod forms;
mod input;
mod layout;
mod outside;
mod resolve;
mod state;

use std::path::PathBuf;
use std::sync::Arc;

use kubewright_emit::manifests::{self, Context, Place};
use kubewright_files::{File, Files, Tree};
use kubewright_lower::Lowering;
use kubewright_model::project::{Facts, KubernetesVersion, Namespace, NetworkPolicyMode};
use kubewright_model::security::SecurityProfile;
use kubewright_model::vault::PlannedSecret;
use kubewright_model::{Entry, Located, Name, Project};
use kubewright_objects::delivery::Delivery;
use kubewright_objects::{Object, Origin};
use kubewright_read::Environment;
use kubewright_read::compose::{decode, load, resolved};
use kubewright_read::wizard;
use kubewright_source::{Diagnostic, Diagnostics, Sources, Span, Stop};
use rayon::prelude::*;

use forms::Chosen;
use input::Language;
use layout::Group;

pub use between::{Differing, between};
pub use convert::{Conversion, Form, Needed, Written, convert};
pub use forms::lies_at_top;
pub use kubewright_emit::between::Field;
pub use kubewright_emit::form::{EACH, Next};
pub use kubewright_lower::{Options as LowerOptions, Secrets};
pub use kubewright_model::compose::Expose;
pub use kubewright_model::gateway::{GatewayObject, Tls};
pub use kubewright_model::output::Format;
pub use kubewright_read::compose::decode::PublishedAs;
pub use kubewright_read::compose::load::Input;
pub use layout::Layout;
pub use outside::Outside;
pub use resolve::{Resolution, ResolveOptions, resolve};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The texts to read, in order; none: what is found in the working folder.
    pub inputs: Vec<Input>,
    /// Whether the input has to be a wizard's state or a list of resources.
    pub wizard_only: bool,
    /// The working folder, absolute.
    pub working_directory: PathBuf,
    /// What relative paths of the inputs start from; none: the first input's folder.
    pub project_directory: Option<PathBuf>,
    /// The project's name; none: what the input says.
    pub project_name: Option<String>,
    /// Profiles whose services take part.
    pub profiles: Vec<String>,
    /// Files with variables; none: `.env`.
    pub env_files: Vec<PathBuf>,
    /// The environments to write, `all` for every one; none: every one that the
    /// input has.
    pub environments: Vec<String>,
    /// Values laid over an `apps.yaml`, each with the path of its key:
    /// `apps.web.replicas`.
    pub sets: Vec<(String, String)>,
    /// Variables that come before those of files.
    pub set_env: Vec<(String, String)>,
    /// The namespace of all objects; none: left open.
    pub namespace: Option<Name>,
    /// The oldest Kubernetes version that must take the objects; none: the newest
    /// that is known.
    pub kubernetes_version: Option<KubernetesVersion>,
    /// Which traffic between pods network policies admit.
    pub network_policies: NetworkPolicyMode,
    /// The standard that pods keep; none: what is safe for every image.
    pub security_profile: Option<SecurityProfile>,
    /// How the outside gets in.
    pub outside: Outside,
    /// What lowering is told.
    pub lowering: LowerOptions,
    /// The forms to write; none: those that the input asks for, else flat
    /// manifests.
    pub formats: Vec<Format>,
    /// How many files the flat manifests are.
    pub layout: Layout,
    /// One ApplicationSet stands for the Applications of all environments, whatever the
    /// input says.
    pub application_set: bool,
    /// The folder that all output goes to, relative to the working folder or
    /// absolute; none: the project's, with manifests in a folder below it.
    pub output: Option<PathBuf>,
}

/// What came of a request.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Every text that was read.
    pub sources: Sources,
    /// What there is to say.
    pub diagnostics: Diagnostics,
    /// The files of the folder of manifests; none where there was an error.
    pub tree: Option<Tree>,
    /// The files that lie at the top of the project's folder, beside that of
    /// manifests. Empty where both are one folder, as with [`Request::output`]: all
    /// is in `tree` then.
    pub top: Tree,
    /// The project's folder, where one was found.
    pub project_directory: Option<PathBuf>,
    /// The folder for the output that the input names, within the project's.
    pub output_directory: Option<String>,
    /// Secrets that the input wants to be made in a vault.
    pub vault: Vec<PlannedSecret>,
    /// The input has several environments: each is written into a folder of its own.
    pub has_environments: bool,
    /// Folders of environments that were not asked for: what lies there is not this
    /// run's.
    pub spared: Vec<String>,
    /// The forms beside the flat manifests that were written.
    pub forms: Vec<WrittenForm>,
}

/// A form that was written. Its paths are those of files at the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenForm {
    /// The folder that holds all of it; none: it has single files.
    pub folder: Option<String>,
    /// The folder of its templates, all of which are rendered, and which are no YAML.
    pub templates: Option<String>,
    /// What people do with it.
    pub next: Option<Next>,
    /// The names of the environments, the nearest to developing first.
    pub environments: Vec<String>,
    /// It works on the flat manifests; others stand for themselves.
    pub wants_manifests: bool,
}

/// Turns inputs into files. `progress` is called with a number of finished
/// entries and the number of all.
pub fn generate(
    request: &Request,
    files: &dyn Files,
    environment: &Environment,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Outcome {
    generate_unless(request, files, environment, progress, &|| false)
}

/// Turns inputs into files, as [`generate`] does, unless `stop` says that nobody
/// wants them any more. It is asked between the phases and before each entry is read,
/// and made, by several threads; where it said yes, there is the error `stopped` and no tree.
pub fn generate_unless(
    request: &Request,
    files: &dyn Files,
    environment: &Environment,
    progress: &(dyn Fn(usize, usize) + Sync),
    stop: Stop<'_>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let Some(mut projects) = projects(request, files, environment, stop, &mut outcome) else {
        return outcome;
    };
    if request.application_set {
        forms::ask_for_application_set(&mut projects);
    }
    let made = all(projects, request, &mut outcome, progress, stop);
    if !outcome.diagnostics.has_errors()
        && let Some((tree, top)) = made
    {
        outcome.diagnostics.extend(request.outside.unused(&tree));
        outcome.tree = Some(tree);
        outcome.top = top;
    }
    conceal::of_said(&outcome.diagnostics, &mut outcome.sources);
    outcome
}

/// Reads the inputs: a project for each environment, none where there are errors.
fn projects(
    request: &Request,
    files: &dyn Files,
    environment: &Environment,
    stop: Stop<'_>,
    outcome: &mut Outcome,
) -> Option<Vec<Project>> {
    if stop() {
        outcome.diagnostics.push(stopped());
        return None;
    }
    let projects = read(request, files, environment, stop, outcome);
    if stop() {
        // What else is said may be for want of what was not read.
        outcome.diagnostics = Diagnostics::default();
        outcome.diagnostics.push(stopped());
    }
    let projects = projects.filter(|_| !outcome.diagnostics.has_errors());
    match projects.is_some() {
        true => conceal::settle(&mut outcome.sources),
        false => conceal::settle_all(&mut outcome.sources),
    }
    projects
}

/// Compiles all projects, and puts them into their forms.
fn all(
    projects: Vec<Project>,
    request: &Request,
    outcome: &mut Outcome,
    progress: &(dyn Fn(usize, usize) + Sync),
    stop: Stop<'_>,
) -> Option<(Tree, Tree)> {
    let chosen = Chosen::new(&projects, request, outcome);
    let mut compiled = Vec::new();
    for project in projects {
        outcome.output_directory = project.output.dir.as_ref().map(|dir| dir.value.clone());
        outcome.vault.extend(project.vault.iter().cloned());
        compiled.push(objects(project, &chosen, request, outcome, progress, stop)?);
    }
    let (files, top) = chosen.emit(compiled, request, outcome)?;
    let tree = tree(files, &mut outcome.diagnostics)?;
    let top = self::tree(top, &mut outcome.diagnostics)?;
    Some((tree, top))
}

fn stopped() -> Diagnostic {
    Diagnostic::error(
        "stopped",
        Span::NONE,
        "compiling was stopped before it was done",
    )
    .help("run again")
}

/// Reads the inputs into a project, and adds what the caller decides.
fn read(
    request: &Request,
    files: &dyn Files,
    environment: &Environment,
    stop: Stop<'_>,
    outcome: &mut Outcome,
) -> Option<Vec<Project>> {
    let Outcome {
        sources,
        diagnostics,
        ..
    } = outcome;
    let language = input::language(request, files, sources, diagnostics)?;
    if let Language::Apps(root) | Language::Wizard(root) | Language::Resources(root) = &language {
        conceal::of_tree(root, sources);
    }
    if stop() {
        return None;
    }
    let (project, profile) = match language {
        Language::Apps(root) => {
            let mut projects = apps::read(request, root, files, environment, stop, outcome);
            for project in &mut projects {
                tell(request, &mut project.facts, request.security_profile);
                for within in apps::compose_projects(project) {
                    tell(request, &mut within.facts, request.security_profile);
                }
                apps::make_namespaces_once(project);
            }
            return Some(projects);
        }
        Language::Compose => compose(request, files, environment, stop, outcome)?,
        Language::Wizard(root) => (
            state::read(
                request,
                &root,
                wizard::project,
                files,
                environment,
                stop,
                outcome,
            ),
            request.security_profile,
        ),
        Language::Resources(root) => (
            state::read(
                request,
                &root,
                wizard::resources,
                files,
                environment,
                stop,
                outcome,
            ),
            request.security_profile,
        ),
    };
    outcome.diagnostics.extend(apps::no_environments(request));
    let mut project = project;
    outcome
        .diagnostics
        .extend(forms::untold_chart(&project, request));
    tell(request, &mut project.facts, profile);
    Some(vec![project])
}

/// Adds what the caller decides; where that is nothing, the input's word counts.
fn tell(request: &Request, facts: &mut Facts, profile: Option<SecurityProfile>) {
    request.outside.tell(facts);
    if let Some(profile) = profile {
        facts.security_profile = Some(Located::nowhere(profile));
    }
    if let Some(version) = request.kubernetes_version {
        facts.kubernetes_version = Some(Located::nowhere(version));
    }
    if request.network_policies != NetworkPolicyMode::None {
        facts.network_policy = request.network_policies;
    }
    if let Some(name) = &request.namespace {
        facts.namespace = Some(Namespace {
            name: Located::nowhere(name.clone()),
            create: None,
            labels: std::collections::BTreeMap::new(),
        });
    }
}

/// Reads compose files, with the standard that pods keep.
fn compose(
    request: &Request,
    files: &dyn Files,
    environment: &Environment,
    stop: Stop<'_>,
    outcome: &mut Outcome,
) -> Option<(Project, Option<SecurityProfile>)> {
    let asked = asked(request);
    let Outcome {
        sources,
        diagnostics,
        ..
    } = outcome;
    let document = load::load(&asked, files, environment, sources, diagnostics)?;
    if stop() {
        return None;
    }
    outcome.project_directory = Some(document.directory.clone());
    let profile = security_profile(request, &document.profiles);
    let refused = resolved::faults(&document);
    let options = decode::DecodeOptions {
        secrets_elsewhere: request.lowering.secrets == kubewright_lower::Secrets::External,
        for_developers: forms::for_developers(request),
        ..request.outside.decode_options()
    };
    let project = decode::decode_unless(document, files, &options, stop, diagnostics);
    resolved::add(refused, diagnostics);
    conceal::of_project(&project, sources);
    Some((project, profile))
}

/// The standard asked for: by its own option, or as a profile that no service
/// of the project has.
fn security_profile(
    request: &Request,
    declared: &std::collections::BTreeSet<String>,
) -> Option<SecurityProfile> {
    let words = request.profiles.iter();
    let mut undeclared = words.filter(|word| !declared.contains(*word));
    request
        .security_profile
        .or_else(|| undeclared.find_map(|word| SecurityProfile::parse(word).ok()))
}

/// What the loader is asked for.
fn asked(request: &Request) -> load::LoadRequest {
    load::LoadRequest {
        files: request.inputs.clone(),
        project_directory: request.project_directory.clone(),
        project_name: request.project_name.clone(),
        profiles: request.profiles.clone(),
        env_files: request.env_files.clone(),
        working_directory: request.working_directory.clone(),
    }
}

/// So many entries are done before other threads have woken up to help.
const FEW: usize = 32;

/// Lowers and emits entry by entry, in parallel, so that the typed objects of
/// only a few entries are there at once. The project makes room before the
/// files are put together.
fn objects(
    project: Project,
    chosen: &Chosen,
    request: &Request,
    outcome: &mut Outcome,
    progress: &(dyn Fn(usize, usize) + Sync),
    stop: Stop<'_>,
) -> Option<Compiled> {
    let keeps = chosen.keep_objects();
    let lowering = Lowering::new(&project, request.lowering);
    let within = lowering.within();
    let folder = outcome
        .project_directory
        .as_ref()
        .map(|folder| folder.display().to_string());
    let context = Context {
        sources: &outcome.sources,
        project_folder: folder.as_deref().unwrap_or_default(),
        environment: project.facts.environment.as_ref().map(|name| name.as_str()),
    };
    let mut made = Made::keeping(keeps);
    let lowerings = || std::iter::once(&lowering).chain(&within);
    for lowering in lowerings() {
        let shared = lowering.shared(&mut made.diagnostics);
        made.emit(shared, &context);
    }
    if project.entries.is_empty() && project.objects.is_empty() {
        made.diagnostics.push(
            Diagnostic::warning(
                "empty-project",
                project.name.span,
                format!(
                    "project `{}` has no services: there is nothing to write",
                    project.name.value
                ),
            )
            .help("add services, or name the file that has them"),
        );
    }
    let entries = lowerings().flat_map(|lowering| {
        let entries = lowering.project().entries.values();
        entries.map(move |entry| (lowering, entry))
    });
    let entries: Vec<_> = entries.collect();
    let all = entries.len();
    let part = |(lowering, entry): (&Lowering<'_>, &Entry)| {
        let mut made = Made::keeping(keeps);
        if stop() {
            return made;
        }
        let objects = lowering.entry(entry, &mut made.diagnostics);
        made.emit(objects, &context);
        progress(1, all);
        made
    };
    let parts: Vec<Made> = match all <= FEW {
        true => entries.into_iter().map(part).collect(),
        false => entries.into_par_iter().map(part).collect(),
    };
    if stop() {
        outcome.diagnostics.push(stopped());
        return None;
    }
    let delivery = keeps.then(|| lowering.delivery(chosen.has_skaffold(), &mut made.diagnostics));
    if delivery.is_none() {
        for lowering in lowerings() {
            lowering.undelivered(&mut made.diagnostics);
        }
    }
    let origin = forms::origin(&project, &context);
    let entries: Vec<_> = project.entries.into_iter().collect();
    match entries.len() <= FEW {
        true => drop(entries),
        false => entries.into_par_iter().for_each(drop),
    }
    let objects = parts.iter().map(|part| part.files.len()).sum();
    made.files.reserve_exact(objects);
    made.places.reserve_exact(objects);
    let mut groups = Vec::new();
    for part in parts {
        let start = made.files.len();
        groups.extend(part.app.map(|app| Group {
            app,
            files: start..start + part.files.len(),
        }));
        made.files.extend(part.files);
        made.places.extend(part.places);
        made.objects.extend(part.objects);
        made.diagnostics.extend(part.diagnostics);
    }
    if let Err(problems) = manifests::separate(&made.places, &mut made.files) {
        made.diagnostics.extend(problems);
    }
    let environment = project.facts.environment;
    outcome
        .diagnostics
        .extend(std::mem::take(&mut made.diagnostics));
    if outcome.diagnostics.has_errors() {
        return None;
    }
    Some(Compiled {
        environment,
        name: project.name.value.to_string(),
        made,
        groups,
        delivery: delivery.unwrap_or_default(),
        origin,
    })
}

/// The objects of one environment, as flat manifests too.
struct Compiled {
    environment: Option<Located<Name>>,
    name: String,
    made: Made,
    /// Which files are of which app.
    groups: Vec<Group>,
    delivery: Delivery,
    origin: String,
}

fn tree(files: Vec<File>, diagnostics: &mut Diagnostics) -> Option<Tree> {
    match Tree::new(files) {
        Ok(tree) => Some(tree),
        Err(collision) => {
            diagnostics.push(
                Diagnostic::error("name-taken", Span::NONE, collision.to_string())
                    .help("rename one of the two"),
            );
            None
        }
    }
}

/// The app that an object is of.
fn app(object: &Object) -> Option<String> {
    let labels = object.body.metadata().labels.as_ref();
    labels.and_then(|labels| labels.get("app")).cloned()
}

/// Files, who asked for them, and what was said meanwhile.
#[derive(Default)]
struct Made {
    files: Vec<File>,
    places: Vec<Place>,
    diagnostics: Diagnostics,
    /// The objects, where a form wants all of them at once.
    objects: Vec<Object>,
    keeps: bool,
    /// The app that the objects are of, where these are an app's.
    app: Option<String>,
}

impl Made {
    fn keeping(keeps: bool) -> Self {
        Self {
            keeps,
            ..Self::default()
        }
    }

    fn emit(&mut self, objects: Vec<Object>, context: &Context<'_>) {
        self.files.reserve_exact(objects.len());
        self.places.reserve_exact(objects.len());
        let mut scratch = String::new();
        for object in objects {
            match manifests::file(&object, context, &mut scratch) {
                Ok(file) => {
                    let exposed = conceal::exposed(&object, &file.text, context.sources);
                    self.diagnostics.extend(exposed);
                    self.files.push(file);
                    self.places.push(self.place(&object.origin));
                    if self.app.is_none() {
                        self.app = app(&object);
                    }
                    if self.keeps {
                        self.objects.push(object);
                    }
                }
                Err(problem) => self.diagnostics.push(*problem),
            }
        }
    }

    /// Who asked for an object. Those of one app share their label.
    fn place(&self, origin: &Origin) -> Place {
        let last = self.places.last().map(|place| &place.label);
        let label = match last.filter(|label| ***label == *origin.label) {
            Some(label) => Arc::clone(label),
            None => origin.label.as_str().into(),
        };
        Place {
            span: origin.span,
            label,
        }
    }
}

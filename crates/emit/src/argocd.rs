//! Argo CD: an AppProject and Applications, which bring the flat manifests from git
//! to the cluster.
//!
//! - `place`: an environment, and what its objects are called within Argo CD;
//! - `part`: the objects of one entry, or of nobody;
//! - `application`: an Application for each, and those of charts;
//! - `scaled`: what autoscalers own;
//! - `project`: the AppProject that allows just that;
//! - `set`: one ApplicationSet for all environments;
//! - `root`: the Application that brings all others;
//! - `said`: what Argo CD cannot know.
//!
//! <https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/>

mod application;
mod part;
mod place;
mod project;
mod root;
mod said;
mod scaled;
mod set;

use kubewright_files::{File, ObjectRef, OutputPath};
use kubewright_objects::Body;
use kubewright_source::Diagnostic;
use kubewright_yaml::write_into;
use serde::Serialize;

use self::application::{Made, Taken};
use self::place::Place;
use crate::form::{EACH, Emitted, Form, Given, Next};
use crate::key_order::Expert;
use crate::kustomize::kustomization::{FILE, Kustomization};
use crate::tree::{self, unwritable};

/// The form.
pub const FORM: Form = Form {
    name: "argocd",
    manifests: |_| "",
    top: &["argocd/"],
    wants_manifests: true,
    is_whole: false,
    emit,
};

/// The folder at the top.
const FOLDER: &str = "argocd";

/// The end of the path of the Application that brings all others.
const ROOT: &str = "/root.yaml";

fn emit(given: &Given<'_>) -> Result<Emitted, Box<Diagnostic>> {
    let places = given.environments.iter();
    let places: Vec<Place<'_>> = places.map(|one| Place::new(given, one)).collect();
    let mut taken = application::taken(&places);
    let made = places
        .iter()
        .map(|place| application::all(place, &mut taken));
    let made: Vec<Vec<Made<'_>>> = made.collect();
    let writer = Writer {
        origin: given.origin,
    };
    let is_one_set = places.iter().any(|place| place.told.application_set);
    let top = match is_one_set {
        true => together(&writer, given, (&places, &made), &mut taken)?,
        false => apart(&writer, (&places, &made), &mut taken)?,
    };
    Ok(Emitted {
        folder: Some(FOLDER.to_owned()),
        next: root(&top).map(Next::Push),
        diagnostics: match top.is_empty() {
            true => Vec::new(),
            false => said::all(&places),
        },
        top,
        ..Emitted::default()
    })
}

/// The Application that brings all others; of several environments, each one's.
fn root(files: &[File]) -> Option<String> {
    let paths = files.iter().map(|file| file.path.as_str());
    let mut roots = paths.filter(|path| path.ends_with(ROOT));
    let first = roots.next()?;
    Some(match roots.next() {
        None => first.to_owned(),
        Some(_) => format!("{FOLDER}/{EACH}{ROOT}"),
    })
}

/// A folder for each environment.
fn apart(
    writer: &Writer<'_>,
    (places, made): (&[Place<'_>], &[Vec<Made<'_>>]),
    taken: &mut Taken,
) -> Result<Vec<File>, Box<Diagnostic>> {
    let mut files = Vec::new();
    for (place, made) in places.iter().zip(made).filter(|(_, made)| !made.is_empty()) {
        let mut own = vec![writer.project(place, made)?];
        for one in made {
            own.push(writer.application(place, one)?);
        }
        let root = root::application(place, &place.prefix, &place.folder, taken);
        writer.finish(&place.folder, own, place, root, &mut files)?;
    }
    Ok(files)
}

/// One ApplicationSet; what it cannot say, AppProjects and charts, lies beside it.
fn together(
    writer: &Writer<'_>,
    given: &Given<'_>,
    (places, made): (&[Place<'_>], &[Vec<Made<'_>>]),
    taken: &mut Taken,
) -> Result<Vec<File>, Box<Diagnostic>> {
    let mut own = Vec::new();
    for (place, made) in places.iter().zip(made).filter(|(_, made)| !made.is_empty()) {
        own.push(writer.project(place, made)?);
        for chart in made.iter().filter(|one| one.is_chart) {
            own.push(writer.application(place, chart)?);
        }
    }
    let mut files = Vec::new();
    let Some(first) = places.first().filter(|_| !own.is_empty()) else {
        return Ok(files);
    };
    if let Some(set) = set::of_all(given.project, places, made) {
        let reference = reference("ApplicationSet", &set.metadata.namespace, given.project);
        let path = format!("{FOLDER}/applicationset.yaml");
        own.push(writer.file(&path, &writer.comment(), &set, reference)?);
    }
    let root = root::application(first, given.project, FOLDER, taken);
    writer.finish(FOLDER, own, first, root, &mut files)?;
    Ok(files)
}

/// Puts texts where they go.
struct Writer<'a> {
    origin: &'a str,
}

impl Writer<'_> {
    fn comment(&self) -> String {
        format!("# {}\n", self.origin)
    }

    fn project(&self, place: &Place<'_>, made: &[Made<'_>]) -> Result<File, Box<Diagnostic>> {
        let project = project::of(place, made);
        let name = project.metadata.name.clone().unwrap_or_default();
        let reference = ObjectRef {
            environment: place.environment.name.map(str::to_owned),
            ..reference("AppProject", &project.metadata.namespace, &name)
        };
        let path = format!("{}/appproject.yaml", place.folder);
        self.file(&path, &self.comment(), &Body::from(project), reference)
    }

    fn application(&self, place: &Place<'_>, made: &Made<'_>) -> Result<File, Box<Diagnostic>> {
        let file = match made.entry {
            Some(entry) => format!("{}/{entry}-application.yaml", place.folder),
            None => format!("{}/application.yaml", place.folder),
        };
        let comment = made.comment.map_or_else(|| self.comment(), str::to_owned);
        let metadata = &made.application.metadata;
        let reference = ObjectRef {
            environment: place.environment.name.map(str::to_owned),
            ..reference("Application", &metadata.namespace, made.name())
        };
        let body = Body::from(made.application.clone());
        self.file(&file, &comment, &body, reference)
    }

    /// Ties the files of a folder together.
    fn finish(
        &self,
        folder: &str,
        own: Vec<File>,
        place: &Place<'_>,
        root: kubewright_objects::argocd::Application,
        files: &mut Vec<File>,
    ) -> Result<(), Box<Diagnostic>> {
        let mut kustomization = Kustomization::new();
        let within = |file: &File| {
            let path = file.path.as_str();
            let path = path.strip_prefix(folder).unwrap_or(path);
            path.trim_start_matches('/').to_owned()
        };
        kustomization.resources = own.iter().map(within).collect();
        let mut text = self.comment();
        tree::write(&mut text, &kustomization)?;
        files.push(File {
            path: path(&format!("{folder}/{FILE}"))?,
            text,
            objects: Vec::new(),
            sensitive: false,
        });
        files.extend(own);
        let name = root.metadata.name.clone().unwrap_or_default();
        let named = match folder == FOLDER {
            true => None,
            false => place.environment.name.map(str::to_owned),
        };
        let reference = ObjectRef {
            environment: named,
            ..reference("Application", &root.metadata.namespace, &name)
        };
        let path = format!("{folder}{ROOT}");
        files.push(self.file(&path, &self.comment(), &Body::from(root), reference)?);
        Ok(())
    }

    fn file(
        &self,
        file: &str,
        comment: &str,
        body: &impl Serialize,
        reference: ObjectRef,
    ) -> Result<File, Box<Diagnostic>> {
        let mut text = comment.to_owned();
        write_into(&mut text, body, &Expert)
            .map_err(|error| unwritable(file, &error.to_string()))?;
        Ok(File {
            path: path(file)?,
            text,
            objects: vec![reference],
            sensitive: false,
        })
    }
}

fn reference(kind: &'static str, namespace: &Option<String>, name: &str) -> ObjectRef {
    ObjectRef {
        api_version: "argoproj.io/v1alpha1".into(),
        kind: kind.into(),
        namespace: namespace.clone(),
        name: name.to_owned(),
        environment: None,
    }
}

fn path(path: &str) -> Result<OutputPath, Box<Diagnostic>> {
    OutputPath::new(path).map_err(|error| unwritable(path, &error.to_string()))
}

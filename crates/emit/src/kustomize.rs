//! A base with what all environments share, an overlay for each environment.
//!
//! - `item`: what becomes of an object: part of the base, or a resource of its own;
//! - `namespace`, `label`, `replicas`, `image`: what one field says for many objects;
//! - `generator`: ConfigMaps that are nothing but files;
//! - `patch`, `strategic`: what is left for patches;
//! - `layer`: overlays, and components where several environments share a part;
//! - `kustomization`: the file that ties them together.
//!
//! What is shared and what differs is asked of [`kubewright_difference`] alone.
//!
//! <https://kubectl.docs.kubernetes.io/references/kustomize/>

mod generator;
mod image;
mod item;
pub(crate) mod kustomization;
mod label;
mod layer;
mod namespace;
mod patch;
mod replicas;
mod strategic;

use kubewright_files::{File, OutputPath};
use kubewright_source::Diagnostic;
use kubewright_yaml::write_into;

use self::item::{Fate, Item, Placed};
use self::kustomization::{FILE, Kustomization};
use self::layer::Layers;
use crate::form::{Emitted, Form, Given, Next, first_comment, of_each};
use crate::key_order::Expert;
use crate::lost;
use crate::tree::{self, unwritable};

/// The form.
pub const FORM: Form = Form {
    name: "kustomize",
    manifests: |_| "",
    top: &["kustomize/"],
    wants_manifests: false,
    is_whole: true,
    emit,
};

fn emit(given: &Given<'_>) -> Result<Emitted, Box<Diagnostic>> {
    let environments = given.environments;
    let namespaces = namespace::of_each(environments);
    let mut items = item::all(environments, namespaces.is_some())?;
    let writer = Writer {
        given,
        is_bare: namespaces.is_some(),
    };
    let mut top = base(&writer, &items)?;
    if environments
        .iter()
        .any(|environment| environment.name.is_some())
    {
        let has_base = !top.is_empty();
        let layers = Layers::of(&mut items, environments, namespaces.as_deref())?;
        top.extend(layers.files(&writer, &items, has_base)?);
    }
    let next = of_each(given).map(|name| format!("kustomize/overlays/{name}"));
    Ok(Emitted {
        top,
        folder: Some("kustomize".to_owned()),
        diagnostics: lost::all(
            given,
            "Kustomize",
            &[lost::control_character, lost::leading_tab],
        ),
        next: Some(Next::Build(
            next.unwrap_or_else(|| "kustomize/base".to_owned()),
        )),
        ..Emitted::default()
    })
}

/// The base; nothing where environments share nothing.
fn base(writer: &Writer<'_>, items: &[Item<'_>]) -> Result<Vec<File>, Box<Diagnostic>> {
    let mut files = Vec::new();
    let mut kustomization = Kustomization::new();
    for item in items {
        let first = item.first();
        if let Some((generator, data)) = generator::of(item, "kustomize/base")? {
            kustomization.config_map_generator.push(generator);
            files.extend(data);
            continue;
        }
        let file = match &item.fate {
            Fate::Own(_) => continue,
            Fate::Same => writer.object(first, "kustomize/base", None)?,
            Fate::Changed(changed) => {
                let mut text = first_comment(first.file).to_owned();
                tree::write(&mut text, &changed.order.take(&changed.base))?;
                writer.shared(first, text)?
            }
        };
        kustomization
            .resources
            .push(file.path.file_name().to_owned());
        files.push(file);
    }
    if !files.is_empty() {
        files.insert(0, writer.kustomization("kustomize/base", &kustomization)?);
    }
    Ok(files)
}

/// Puts texts where they go.
#[derive(Clone, Copy, Debug)]
struct Writer<'a> {
    given: &'a Given<'a>,
    /// Objects name no namespace, and their manifests do.
    is_bare: bool,
}

impl Writer<'_> {
    /// An object in a folder, as its manifest has it.
    fn object(
        &self,
        placed: &Placed<'_>,
        folder: &str,
        environment: Option<&str>,
    ) -> Result<File, Box<Diagnostic>> {
        let mut text = first_comment(placed.file).to_owned();
        match self.is_bare {
            false => text.clone_from(&placed.file.text),
            true => write_into(&mut text, &placed.object.body, &Expert)
                .map_err(|error| unwritable(placed.file.path.as_str(), &error.to_string()))?,
        }
        self.resource(placed, folder, environment, text)
    }

    /// What all environments start from.
    fn shared(&self, placed: &Placed<'_>, text: String) -> Result<File, Box<Diagnostic>> {
        self.resource(placed, "kustomize/base", None, text)
    }

    fn resource(
        &self,
        placed: &Placed<'_>,
        folder: &str,
        environment: Option<&str>,
        text: String,
    ) -> Result<File, Box<Diagnostic>> {
        let mut objects = placed.file.objects.clone();
        for object in &mut objects {
            object.environment = environment.map(str::to_owned);
            object.namespace = placed.object.namespace().map(str::to_owned);
        }
        Ok(File {
            path: path(&format!("{folder}/{}", placed.file.path.file_name()))?,
            text,
            objects,
            sensitive: placed.file.sensitive,
        })
    }

    /// A `kustomization.yaml` in a folder.
    fn kustomization(
        &self,
        folder: &str,
        kustomization: &Kustomization,
    ) -> Result<File, Box<Diagnostic>> {
        let mut text = format!("# {}\n", self.given.origin);
        tree::write(&mut text, kustomization)?;
        Ok(plain(path(&format!("{folder}/{FILE}"))?, text))
    }
}

/// A file without objects and secrets.
fn plain(path: OutputPath, text: String) -> File {
    File {
        path,
        text,
        objects: Vec::new(),
        sensitive: false,
    }
}

fn path(path: &str) -> Result<OutputPath, Box<Diagnostic>> {
    OutputPath::new(path).map_err(|error| unwritable(path, &error.to_string()))
}

//! How many files the flat manifests are: one for each object, one for each app, or one.
//!
//! Values of secrets keep files of their own in every layout, since git ignores those.

use std::collections::HashMap;
use std::ops::Range;

use kubewright_files::{File, OutputPath};
use kubewright_source::{Diagnostic, Diagnostics, Span};

/// How many files the flat manifests are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// A file for each object, `web-deployment.yaml`.
    #[default]
    OneFilePerObject,
    /// A file for each app, `web.yaml`; what belongs to no app has one of its own.
    OneFilePerApp,
    /// One file, called like the project.
    Single,
}

/// The objects of one app, by the places of their files.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// The app, as the label `app` says.
    pub(crate) app: String,
    /// Where its files are.
    pub(crate) files: Range<usize>,
}

/// The files in their layout. Documents stand in the order of the files.
pub(crate) fn gather(
    files: Vec<File>,
    groups: &[Group],
    layout: Layout,
    project: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<File> {
    if layout == Layout::OneFilePerObject {
        return files;
    }
    let mut owner: Vec<Option<&str>> = vec![None; files.len()];
    for group in groups {
        for owned in &mut owner[group.files.clone()] {
            *owned = Some(&group.app);
        }
    }
    let mut gathered: Vec<File> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (file, app) in files.into_iter().zip(owner) {
        let name = match layout {
            _ if file.sensitive || file.objects.is_empty() => None,
            Layout::Single => Some(project),
            Layout::OneFilePerApp | Layout::OneFilePerObject => app,
        };
        let Some(name) = name else {
            gathered.push(file);
            continue;
        };
        let name = format!("{name}.yaml");
        if let Some(at) = places.get(&name) {
            let together = &mut gathered[*at];
            together.text.push_str("---\n");
            together.text.push_str(&file.text);
            together.objects.extend(file.objects);
            continue;
        }
        match OutputPath::new(&name) {
            Ok(path) => {
                places.insert(name, gathered.len());
                gathered.push(File { path, ..file });
            }
            Err(error) => {
                let said = Diagnostic::error("bad-value", Span::NONE, error.to_string());
                diagnostics.push(said.help("choose another name, with `--project-name`"));
            }
        }
    }
    gathered
}

/// That a form names the files of objects one by one.
pub(crate) fn refused(form: &str, layout: Layout) -> Diagnostic {
    let layout = match layout {
        Layout::OneFilePerObject => "one-file-per-object",
        Layout::OneFilePerApp => "one-file-per-app",
        Layout::Single => "single",
    };
    let message = format!(
        "the layout `{layout}` cannot stand beside the form `{form}`, which names the file of each object"
    );
    Diagnostic::error("two-alternatives", Span::NONE, message)
        .help("leave out `--layout`, or the form")
}

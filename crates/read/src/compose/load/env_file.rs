//! The variables and labels that services take from files.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use kubewright_files::FileError;
use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Node, Path as KeyPath, Resolved, Scalar, Value};

use super::loader::Loader;
use super::text::{Unreadable, unreadable};
use crate::dotenv::{EnvFile, Format, Variable};
use crate::environment::Environment;

/// What the services' files say, by service.
#[derive(Default)]
pub(super) struct FileValues {
    pub(super) variables: BTreeMap<String, Vec<Variable>>,
    pub(super) labels: BTreeMap<String, Vec<Variable>>,
    /// Notes on files that add nothing to their service.
    pub(super) idle: Vec<Diagnostic>,
    /// Services some of whose env files are not there, or cannot be read.
    pub(super) lacking: BTreeSet<String>,
}

/// One item of `env_file` or `label_file`.
struct Wanted {
    path: String,
    span: Span,
    required: bool,
    format: Format,
}

/// Files already taken apart; `None` where that was not possible, which was said.
type Cache = BTreeMap<(PathBuf, Format), Option<Rc<EnvFile>>>;

impl Loader<'_> {
    /// Reads the env files and label files of all services, each file once.
    pub(super) fn files_of_services(
        &mut self,
        root: &Node,
        environment: &Environment,
    ) -> FileValues {
        let mut values = FileValues::default();
        let mut cache = Cache::new();
        let Some(services) = root.get("services").and_then(Node::as_mapping) else {
            return values;
        };
        for entry in services {
            let name = &*entry.key.text;
            if let Some(env_file) = entry.value.get("env_file") {
                let path = format!("services.{name}.env_file");
                let wanted = self.wanted_files(env_file, &path);
                let own = variables_of(&entry.value);
                let lookup = |wanted: &str| {
                    let own = || own.get(wanted).cloned();
                    environment.get(wanted).map(Cow::Borrowed).or_else(own)
                };
                let found = self.variables_of_files(
                    &wanted,
                    "env file",
                    name,
                    &lookup,
                    &mut cache,
                    &mut values,
                );
                values.variables.insert(name.to_owned(), found);
            }
            if let Some(label_file) = entry.value.get("label_file") {
                let path = format!("services.{name}.label_file");
                let wanted = self.wanted_files(label_file, &path);
                let found = self.variables_of_files(
                    &wanted,
                    "label file",
                    name,
                    &|_| None,
                    &mut cache,
                    &mut values,
                );
                values.labels.insert(name.to_owned(), found);
            }
        }
        values
    }

    fn variables_of_files(
        &mut self,
        wanted: &[Wanted],
        what: &str,
        service: &str,
        lookup: &crate::interpolate::Lookup<'_>,
        cache: &mut Cache,
        values: &mut FileValues,
    ) -> Vec<Variable> {
        let mut known = BTreeMap::new();
        let mut variables = Vec::new();
        for wanted in wanted {
            let before = self.diagnostics.len();
            let Some(file) = self.env_file(wanted, what, service, cache) else {
                values.lacking.insert(service.to_owned());
                if self.diagnostics.len() == before && !wanted.required {
                    values
                        .idle
                        .push(gives_nothing(wanted, what, service, "is not there"));
                }
                continue;
            };
            let more = file.variables(lookup, &mut known, &mut self.missing, self.diagnostics);
            if more.is_empty() && self.diagnostics.len() == before {
                values.idle.push(gives_nothing(
                    wanted,
                    what,
                    service,
                    "has no line that counts",
                ));
            }
            variables.extend(more);
        }
        variables
    }

    fn env_file(
        &mut self,
        wanted: &Wanted,
        what: &str,
        service: &str,
        cache: &mut Cache,
    ) -> Option<Rc<EnvFile>> {
        let path = self.directory.join(&wanted.path);
        let key = (path, wanted.format);
        // What one can do without, another may need.
        if let Some(known) = cache.get(&key)
            && (known.is_some() || !wanted.required)
        {
            return known.clone();
        }
        let (path, format) = (&key.0, key.1);
        let file = match self.try_text(path) {
            Ok(text) => {
                let name = path.display().to_string();
                let file = EnvFile::parse(&name, text, format, self.sources, self.diagnostics);
                Some(Rc::new(file))
            }
            Err(Unreadable::File(FileError::NotFound)) if !wanted.required => None,
            Err(found) => {
                self.refuse(path, what, service, wanted.span, found);
                // Whoever else needs it shall hear of it at their own place.
                return None;
            }
        };
        cache.insert(key, file.clone());
        file
    }

    fn refuse(&mut self, path: &Path, what: &str, service: &str, span: Span, found: Unreadable) {
        let is_missing = matches!(found, Unreadable::File(FileError::NotFound));
        let mut diagnostic = unreadable(path, what, span, found);
        if diagnostic.code == "file" {
            diagnostic.message = format!("{} (service `{service}`)", diagnostic.message);
            let services = KeyPath::ROOT.key("services");
            let key = what.replace(' ', "_");
            diagnostic.path = services.key(service).key(&key).to_string();
        }
        if is_missing && what == "env file" {
            diagnostic = diagnostic.help(format!(
                "create it, or write `{{path: {}, required: false}}` if the service can do without",
                path.display()
            ));
        }
        self.diagnostics.push(diagnostic);
    }

    /// The items of `env_file`: a path, a list of paths, or mappings with `path`,
    /// `required` and `format`.
    fn wanted_files(&mut self, node: &Node, path: &str) -> Vec<Wanted> {
        let items = match &node.value {
            Value::Sequence(items) => items.as_slice(),
            Value::Scalar(_) => std::slice::from_ref(node),
            Value::Mapping(_) => {
                let message = "a path or a list is wanted here, not a mapping";
                self.diagnostics.push(
                    Diagnostic::error("wrong-type", node.span, message)
                        .path(path)
                        .help("write `- path: FILE` and the other keys below it"),
                );
                return Vec::new();
            }
        };
        let mut wanted = Vec::new();
        for (at, item) in items.iter().enumerate() {
            match self.wanted_file(item, &format!("{path}[{at}]")) {
                Ok(file) => wanted.push(file),
                Err(found) => self.diagnostics.push(*found),
            }
        }
        wanted
    }

    fn wanted_file(&self, item: &Node, path: &str) -> Result<Wanted, Box<Diagnostic>> {
        let wrong = |span, message: String| {
            let help = "write a path, or `{path: FILE, required: false}`";
            Box::new(
                Diagnostic::error("wrong-type", span, message)
                    .path(path)
                    .help(help),
            )
        };
        let Some(fields) = item.as_mapping() else {
            let text = string(item).ok_or_else(|| {
                wrong(
                    item.span,
                    format!("a file's path must be a string, found {}", item.kind()),
                )
            })?;
            return Ok(Wanted {
                path: text.into_owned(),
                span: item.span,
                required: true,
                format: Format::Dotenv,
            });
        };
        let Some(file) = fields.get("path") else {
            return Err(wrong(item.span, "an env file without `path`".to_owned()));
        };
        let text = string(file).ok_or_else(|| {
            wrong(
                file.span,
                format!("`path` must be a string, found {}", file.kind()),
            )
        })?;
        let format = match fields.get("format").map(|format| (format, string(format))) {
            None => Format::Dotenv,
            Some((_, Some(text))) if text.is_empty() || text == ".env" => Format::Dotenv,
            Some((_, Some(text))) if text == "raw" => Format::Raw,
            Some((format, _)) => {
                let message = "unsupported format of an env file".to_owned();
                return Err(Box::new(
                    Diagnostic::error("bad-value", format.span, message)
                        .path(path)
                        .help("write `format: raw`, or leave it out"),
                ));
            }
        };
        Ok(Wanted {
            path: text.into_owned(),
            span: file.span,
            required: !fields.get("required").is_some_and(says_no),
            format,
        })
    }
}

/// The note on a file that adds nothing to its service.
fn gives_nothing(wanted: &Wanted, what: &str, service: &str, why: &str) -> Diagnostic {
    let path = &wanted.path;
    let message = format!("the {what} `{path}` {why}: `{service}` gets nothing from it");
    Diagnostic::note("nothing-in-file", wanted.span, message)
        .path(format!("services.{service}.{}", what.replace(' ', "_")))
        .help("fill it, or leave it out")
}

fn string(node: &Node) -> Option<Cow<'_, str>> {
    let scalar = node.as_scalar()?;
    (scalar.resolve() == Resolved::String).then_some(Cow::Borrowed(&*scalar.text))
}

fn says_no(node: &Node) -> bool {
    node.as_scalar()
        .is_some_and(|scalar| match scalar.resolve() {
            Resolved::Bool(value) => !value,
            Resolved::String => ["false", "n", "no", "off"]
                .iter()
                .any(|word| scalar.text.eq_ignore_ascii_case(word)),
            Resolved::Null | Resolved::Int(_) | Resolved::Float(_) | Resolved::Timestamp => false,
        })
}

/// The variables that a service sets itself; its files may refer to them.
fn variables_of(service: &Node) -> BTreeMap<Cow<'_, str>, Cow<'_, str>> {
    let Some(environment) = service.get("environment") else {
        return BTreeMap::new();
    };
    match &environment.value {
        Value::Mapping(mapping) => mapping
            .iter()
            .filter_map(|entry| {
                let value = entry.value.as_scalar().and_then(Scalar::go_string)?;
                Some((Cow::Borrowed(&*entry.key.text), value))
            })
            .collect(),
        Value::Sequence(items) => items
            .iter()
            .filter_map(|item| {
                let (name, value) = item.as_scalar()?.text.split_once('=')?;
                Some((Cow::Borrowed(name), Cow::Borrowed(value)))
            })
            .collect(),
        Value::Scalar(_) => BTreeMap::new(),
    }
}

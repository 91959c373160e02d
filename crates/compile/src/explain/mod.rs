//! Why is this field there, and what became of that key?
//!
//! Nothing is recorded for it while compiling. The line is a pure function, so
//! it can be asked: a key is blanked out of its text, in place, so that all
//! other places stay what they are; then the project is compiled again and the
//! outputs are compared. What changes is what the key is for.
//!
//! - `field`: the fields of a manifest, each with its line;
//! - `candidate`: the keys and items of the inputs, as a tree;
//! - `probe`: compiling without some of them;
//! - `search`: those that a field depends on, found by halving;
//! - `rule`: the rule of lowering that makes a field;
//! - `effect`: what changes without a key;
//! - `short_name`: objects as `kubectl` names them.

mod candidate;
mod effect;
mod field;
mod probe;
mod rule;
mod search;
mod short_name;

use kubewright_files::{File, Files, Tree};
use kubewright_lower::trace::Rule;
use kubewright_read::Environment;
use kubewright_source::{Diagnostic, Sources, Span, suggest};

use self::candidate::Candidate;
use self::field::Fields;
use self::probe::Probe;
use crate::Request;

pub use self::effect::{Change, Effect};

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A line of a file, of an input or of the output.
    Line {
        /// An input as people name it, or a file of the output as it lies in the
        /// output folder.
        file: String,
        /// From 1.
        line: usize,
        /// The file as it is now, where that may be an output.
        text: Option<String>,
    },
    /// A field of an object.
    Field {
        /// `deployment/api`, or the name of its file.
        object: String,
        /// `spec.replicas`, `spec.template.spec.containers[api].image`; empty for
        /// the whole object.
        field: String,
    },
}

/// What there is to say about a target.
#[derive(Debug)]
pub struct Explanation {
    /// Every text that was read.
    pub sources: Sources,
    /// What was said while compiling, or why there is no answer.
    pub diagnostics: Vec<Diagnostic>,
    /// The answer.
    pub answer: Option<Answer>,
}

/// An answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// About the output.
    Field(FieldAnswer),
    /// About an input.
    Key(KeyAnswer),
}

/// Where a field of the output comes from.
#[derive(Clone, Debug)]
pub struct FieldAnswer {
    /// The file, as it lies in the output folder.
    pub file: String,
    /// The field's line in it, from 1.
    pub line: usize,
    /// `Deployment api`.
    pub object: String,
    /// `spec.template.spec.containers[api].image`.
    pub path: String,
    /// Its value, where it is a scalar; stars for secrets.
    pub value: Option<String>,
    /// What asked for the object.
    pub asked_by: Option<Span>,
    /// The rule that makes it; none for a whole object.
    pub rule: Option<Rule>,
    /// The keys of the inputs that it depends on, the closest ones.
    pub causes: Vec<Key>,
    /// Each of these keys would be enough alone: the field is another only without
    /// all of them.
    pub shared: bool,
    /// Not all keys were tried: there were too many.
    pub incomplete: bool,
}

/// A key or an item of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Where it stands.
    pub span: Span,
    /// `services.api.ports[0]`; a variable's name in an env file.
    pub path: String,
}

/// What became of a key.
#[derive(Clone, Debug)]
pub struct KeyAnswer {
    /// The key.
    pub key: Key,
    /// What it makes or changes.
    pub effects: Vec<Effect>,
    /// What was said about it.
    pub said: Vec<Diagnostic>,
    /// The input would be refused without it: the first error.
    pub required: Option<Diagnostic>,
}

/// Answers.
pub fn explain(
    request: &Request,
    files: &dyn Files,
    environment: &Environment,
    target: &Target,
) -> Explanation {
    let mut outcome = crate::generate(request, files, environment, &|_, _| {});
    let plain = of_manifests(request, outcome.tree.as_ref());
    let request = plain.as_ref().unwrap_or(request);
    if plain.is_some() {
        outcome = crate::generate(request, files, environment, &|_, _| {});
    }
    let tree = outcome.tree.take();
    let diagnostics = std::mem::take(&mut outcome.diagnostics).into_sorted();
    let Some(tree) = tree else {
        return Explanation {
            sources: outcome.sources,
            diagnostics,
            answer: None,
        };
    };
    let candidates = candidate::of_sources(&outcome.sources);
    let probe = Probe::new(request, files, environment, &outcome.sources);
    let asked = Asked {
        probe: &probe,
        files: tree.files(),
        candidates: &candidates,
        diagnostics: &diagnostics,
    };
    let answer = match target {
        Target::Line { file, line, text } => asked.line(file, *line, text.as_deref()),
        Target::Field { object, field } => asked.field(object, field),
    };
    match answer {
        Ok(answer) => Explanation {
            sources: outcome.sources,
            diagnostics: Vec::new(),
            answer: Some(answer),
        },
        Err(problem) => Explanation {
            sources: outcome.sources,
            diagnostics: vec![*problem],
            answer: None,
        },
    }
}

/// The same request for flat manifests, where the input asks for none: objects are
/// explained by theirs.
fn of_manifests(request: &Request, tree: Option<&Tree>) -> Option<Request> {
    let mut files = tree?.files().iter();
    let has_objects = files.any(|file| !file.objects.is_empty());
    (!has_objects).then(|| Request {
        formats: vec![crate::Format::Manifests],
        ..request.clone()
    })
}

struct Asked<'a> {
    probe: &'a Probe<'a>,
    files: &'a [File],
    candidates: &'a [Candidate],
    diagnostics: &'a [Diagnostic],
}

impl Asked<'_> {
    fn line(&self, name: &str, line: usize, text: Option<&str>) -> Result<Answer, Box<Diagnostic>> {
        if let Some(file) = self.files.iter().find(|file| file.path.as_str() == name) {
            let shown = text.map(Fields::of_text);
            let fields = Fields::of_text(&file.text);
            let path = shown.as_ref().unwrap_or(&fields).at_line(line);
            let path = path.ok_or_else(|| no_line(name, line))?;
            return self.output(file, &fields, path);
        }
        let Some(source) = self.probe.source(name) else {
            let held = text.and_then(|text| Held::at(text, line));
            let held = held.ok_or_else(|| self.no_file(name))?;
            let file = self
                .file_of(name, &held)
                .ok_or_else(|| self.no_file(name))?;
            let path = held.fields.at_line(line);
            let path = path.ok_or_else(|| no_line(name, line))?;
            return self.output(file, &Fields::of_text(&file.text), path);
        };
        let found = candidate::at_line(self.candidates, self.probe.sources(), source, line);
        let candidate = found.ok_or_else(|| no_line(name, line))?;
        Ok(Answer::Key(effect::of_key(
            self.probe,
            self.files,
            candidate,
            self.diagnostics,
        )))
    }

    /// The manifest of an object that another file holds: of a layout with fewer files, or
    /// of a base of Kustomize. Of several environments it is the one that the path names.
    fn file_of(&self, name: &str, held: &Held) -> Option<&File> {
        let is_held = |file: &&File| {
            let mut objects = file.objects.iter();
            objects.any(|object| object.kind == *held.kind && object.name == held.name)
        };
        let of_environment = |file: &&File| {
            let environment = file
                .objects
                .first()
                .and_then(|one| one.environment.as_deref());
            environment.is_some_and(|own| name.split('/').any(|part| part == own))
        };
        let mut found = self.files.iter().filter(is_held);
        let first = found.clone().find(of_environment);
        first.or_else(|| found.next())
    }

    fn field(&self, object: &str, path: &str) -> Result<Answer, Box<Diagnostic>> {
        let names = |file: &&File| {
            let is_object = file
                .objects
                .iter()
                .any(|reference| short_name::is(object, &reference.kind, &reference.name));
            is_object || file.path.as_str() == object
        };
        let file = self.files.iter().find(names);
        let file = file.ok_or_else(|| self.no_object(object))?;
        let fields = Fields::of_text(&file.text);
        match fields.named(path) {
            Some(path) => self.output(file, &fields, path),
            None => {
                let (above, known) = fields.closest(path);
                let near = suggest::nearest(path, known.iter().copied());
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if above.is_empty() => format!("it has {}", suggest::list(known)),
                    None => format!("`{above}` has {}", suggest::list(known)),
                };
                let message = format!("`{object}` has no field `{path}`");
                Err(Box::new(
                    Diagnostic::error("no-such-field", Span::NONE, message).help(help),
                ))
            }
        }
    }

    fn output(&self, file: &File, fields: &Fields, path: &str) -> Result<Answer, Box<Diagnostic>> {
        let Some(line) = fields.line(path) else {
            let message = format!(
                "`{}` has a field `{path}` that kubewright does not write: it was added by hand",
                file.path
            );
            return Err(Box::new(
                Diagnostic::error("no-such-field", Span::NONE, message)
                    .help("what is added by hand is kept; ask about another line"),
            ));
        };
        let made = rule::of_field(self.probe, file.path.as_str(), path);
        let found = search::causes(self.probe, file, path, made.origin, self.candidates);
        let value = fields.value(path);
        Ok(Answer::Field(FieldAnswer {
            file: file.path.as_str().to_owned(),
            line,
            object: effect::object_label(file),
            path: path.to_owned(),
            value: value.map(|value| effect::shown(file, path, value)),
            asked_by: made.origin.filter(|span| !span.is_none()),
            rule: made.rule.filter(|_| !path.is_empty()),
            causes: found.keys,
            shared: found.shared,
            incomplete: found.incomplete,
        }))
    }

    fn no_file(&self, name: &str) -> Box<Diagnostic> {
        if crate::lies_at_top(name) {
            let message = format!("`{name}` is a file of a form and holds no object of its own");
            let said = Diagnostic::error("no-such-target", Span::NONE, message);
            return Box::new(said.help(
                "name an object, `deployment/web`, or the line of a flat manifest that it is made of",
            ));
        }
        let outputs = self.files.iter().map(|file| file.path.as_str());
        let inputs = self.probe.sources().iter().map(|source| source.name());
        let near = suggest::nearest(name, outputs.chain(inputs));
        let help = near.map_or_else(
            || "name a file that `kubewright generate` reads or writes".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let message =
            format!("`{name}` is neither an input of the project nor a file of its output");
        Box::new(Diagnostic::error("no-such-target", Span::NONE, message).help(help))
    }

    fn no_object(&self, object: &str) -> Box<Diagnostic> {
        let known: Vec<String> = self
            .files
            .iter()
            .flat_map(|file| &file.objects)
            .map(|found| format!("{}/{}", found.kind.to_ascii_lowercase(), found.name))
            .collect();
        let near = suggest::nearest(object, known.iter().map(String::as_str));
        let help = near.map_or_else(
            || "write it as `kind/name`, like `deployment/api`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("the output has no object `{object}`");
        Box::new(Diagnostic::error("no-such-target", Span::NONE, message).help(help))
    }
}

/// The object that a document holds, with the fields at the lines of the whole text.
struct Held {
    kind: String,
    name: String,
    fields: Fields,
}

impl Held {
    /// The one at a line, from 1.
    fn at(text: &str, line: usize) -> Option<Self> {
        let lines: Vec<&str> = text.lines().collect();
        let is_border = |at: &usize| lines[*at].trim_end() == "---";
        let at = line.checked_sub(1).filter(|at| *at < lines.len())?;
        let start = (0..at).rev().find(is_border).map_or(0, |border| border + 1);
        let end = (at..lines.len()).find(is_border).unwrap_or(lines.len());
        let document = "\n".repeat(start) + &lines[start..end.max(start)].join("\n");
        let fields = Fields::of_text(&document);
        let value = |path| fields.value(path).map(str::to_owned);
        Some(Self {
            kind: value("kind")?,
            name: value("metadata.name")?,
            fields,
        })
    }
}

fn no_line(name: &str, line: usize) -> Box<Diagnostic> {
    let message = format!("nothing that could be explained stands at line {line} of `{name}`");
    Box::new(
        Diagnostic::error("no-such-target", Span::NONE, message)
            .help("name a line with a key or a value on it"),
    )
}

//! `${…}` gets its values: variables, facts of the environment, and what other
//! entries say of themselves.
//!
//! A secret never becomes part of a text: the container that refers to one gets
//! it as a variable of its own, and the text says `$(THAT_VARIABLE)`, which
//! Kubernetes puts together
//! (<https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/>).

mod entry;
mod referred;
mod secret;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use kubewright_source::suggest::nearest;
use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Mapping, Node, Path, Tag, Value};

use super::document::Asked;
use super::layer::{Layered, Member};
use super::long::written_name;
use super::shape::{Block, Shape};
use super::table::ROOT;
use crate::fields::Report;
use crate::interpolate::{self, Dialect, expand};
use referred::Referred;
use secret::Borrowed;

/// The longest chain of references that is followed.
const DEEPEST: usize = 64;

/// The tag of texts that a variable is part of: whoever wrote the file did not
/// write the value.
const FROM_VARIABLE: &str = "!variable";

/// The same where one of the variables is secret.
const FROM_SECRET: &str = "!secret-variable";

/// Whether a variable is part of a text.
pub(super) fn is_from_variable(node: &Node) -> bool {
    let tag = node.tag.as_ref();
    tag.is_some_and(|tag| matches!(&*tag.text, FROM_VARIABLE | FROM_SECRET))
}

/// Whether a variable that is secret, by its name or its value, is part of a text.
pub(super) fn is_from_secret(node: &Node) -> bool {
    let tag = node.tag.as_ref();
    tag.is_some_and(|tag| &*tag.text == FROM_SECRET)
}

/// Resolves one environment's layers.
pub(super) struct Resolver<'a> {
    layered: &'a Layered,
    asked: &'a Asked<'a>,
    project: &'a str,
    report: &'a Report,
    entries: BTreeMap<&'a str, &'a Member>,
    /// Facts, resolved; empty while they are.
    facts: Node,
    /// References that are being followed: one that leads to itself has no value.
    open: RefCell<Vec<String>>,
    /// Where texts stand that have no value.
    failed: RefCell<BTreeSet<Span>>,
    /// Values of secret variables, with the places that they were put in.
    held: RefCell<Vec<(Span, String)>>,
    /// The text that was read last holds the value of a secret variable.
    is_tainted: Cell<bool>,
    /// Whom the texts of an entry talk to, and where the text stands that is read.
    referred: Referred,
}

/// The layers of an environment with all references replaced.
pub(super) struct Resolved {
    pub(super) layered: Layered,
    /// Where texts stand for which that was not possible.
    pub(super) failed: BTreeSet<Span>,
    /// Values of secret variables, with the places that they were put in.
    pub(super) held: Vec<(Span, String)>,
}

impl<'a> Resolver<'a> {
    /// Over these layers, for a project of that name.
    pub(super) fn new(
        layered: &'a Layered,
        asked: &'a Asked<'a>,
        project: &'a str,
        report: &'a Report,
    ) -> Self {
        let entries = layered.entries.iter();
        Self {
            layered,
            asked,
            project,
            report,
            entries: entries.map(|member| (&*member.key.text, member)).collect(),
            facts: Node::new(Span::NONE, Mapping::default()),
            open: RefCell::default(),
            failed: RefCell::default(),
            held: RefCell::default(),
            is_tainted: Cell::default(),
            referred: Referred::default(),
        }
    }

    /// The layers with all references replaced.
    pub(super) fn resolved(mut self) -> Resolved {
        let root = Shape::Block(&ROOT);
        let facts_shape = root.below("defaults").unwrap_or(Shape::Verbatim);
        let mut facts = self.layered.facts.clone();
        let top = match self.asked.environment {
            Some(_) => Path::ROOT.key("environments"),
            None => Path::ROOT.key("defaults"),
        };
        let place = match self.asked.environment {
            Some(name) => top.key(name),
            None => top,
        };
        self.node(&mut facts, facts_shape, &place, &Reader::nobody());
        self.facts = facts;
        let entries = self.layered.entries.iter().map(|member| {
            let section = Path::ROOT.key(member.section.key);
            let path = section.key(&member.key.text);
            let mut node = member.node.clone();
            let reader = Reader {
                is_open: false,
                member: Some(member),
                borrowed: None,
            };
            self.referred.begin();
            self.node(&mut node, member.section.shape(), &path, &reader);
            self.referred.end(&mut node, member);
            Member {
                section: member.section,
                key: member.key.clone(),
                node,
            }
        });
        let entries = entries.collect();
        let mut rest = self.layered.rest.clone();
        for (key, value) in rest.values_mut() {
            let shape = root.below(&key.text).unwrap_or(Shape::Verbatim);
            let path = Path::ROOT.key(&key.text);
            match &mut value.value {
                Value::Sequence(items) if &*key.text == "objects" => {
                    for (at, item) in items.iter_mut().enumerate() {
                        self.object(item, &path.index(at));
                    }
                }
                Value::Sequence(_) | Value::Mapping(_) | Value::Scalar(_) => {
                    self.node(value, shape, &path, &Reader::nobody());
                }
            }
        }
        let layered = Layered {
            facts: self.facts,
            entries,
            rest,
        };
        Resolved {
            layered,
            failed: self.failed.into_inner(),
            held: self.held.into_inner(),
        }
    }

    /// An object of the user's own: what a Secret holds may be secret.
    fn object(&self, node: &mut Node, path: &Path<'_>) {
        let kind = node.get("kind").and_then(Node::as_scalar);
        let is_secret = kind.is_some_and(|kind| &*kind.text == "Secret");
        let Some(mapping) = node.as_mapping_mut().filter(|_| is_secret) else {
            return self.node(node, Shape::Verbatim, path, &Reader::nobody());
        };
        for (key, value) in mapping.values_mut() {
            let reader = Reader {
                is_open: !matches!(&*key.text, "data" | "stringData"),
                ..Reader::nobody()
            };
            self.node(value, Shape::Verbatim, &path.key(&key.text), &reader);
        }
    }

    fn node(&self, node: &mut Node, shape: Shape, path: &Path<'_>, reader: &Reader<'_>) {
        match (&mut node.value, shape) {
            (Value::Scalar(_), _) => self.scalar(node, path, reader),
            (Value::Sequence(items), shape) => {
                let item = match shape {
                    Shape::List(item) => *item,
                    Shape::Leaf(_) | Shape::Named(_) | Shape::Block(_) | Shape::Verbatim => {
                        Shape::Verbatim
                    }
                };
                for (at, node) in items.iter_mut().enumerate() {
                    self.node(node, item, &path.index(at), reader);
                }
            }
            (Value::Mapping(mapping), Shape::Block(block)) if is_container(block) => {
                self.container(mapping, block, path, reader);
            }
            (Value::Mapping(mapping), shape) => {
                for (key, value) in mapping.values_mut() {
                    // The source of a file is a path, as it is written; the name of
                    // a variable is a name.
                    let what = match shape {
                        Shape::Block(block) => block.what,
                        _ => "",
                    };
                    if matches!(
                        (what, &*key.text),
                        ("file", "source") | ("variable", "variable")
                    ) {
                        continue;
                    }
                    let below = shape.below(&key.text).unwrap_or(Shape::Verbatim);
                    let name = written_name(&key.text).unwrap_or_default();
                    self.node(value, below, &path.key(name), reader);
                }
            }
        }
    }

    /// Secrets may be part of a container's variables, command and arguments.
    fn container(
        &self,
        mapping: &mut Mapping,
        block: &'static Block,
        path: &Path<'_>,
        reader: &Reader<'_>,
    ) {
        let borrowed = RefCell::new(Borrowed::default());
        let within = Reader {
            is_open: false,
            member: reader.member,
            borrowed: Some(&borrowed),
        };
        let without = Reader {
            is_open: false,
            member: reader.member,
            borrowed: None,
        };
        let open = Reader {
            is_open: true,
            ..without
        };
        for (key, value) in mapping.values_mut() {
            let below = block
                .key(&key.text)
                .map_or(Shape::Verbatim, |key| key.shape);
            let path = path.key(&key.text);
            match &*key.text {
                "environment" => self.variables(value, below, &path, &within),
                "command" | "args" => self.node(value, below, &path, &within),
                // What stands in the pod alone.
                "companions" | "env_from" | "image" | "init_containers" | "lifecycle"
                | "probes" | "sidecars" | "volumes" => {
                    self.node(value, below, &path, &without);
                }
                _ => self.node(value, below, &path, &open),
            }
        }
        borrowed.into_inner().into_environment(mapping);
    }

    /// A variable that is nothing but a reference to a secret is that secret.
    fn variables(&self, node: &mut Node, shape: Shape, path: &Path<'_>, reader: &Reader<'_>) {
        let Some(mapping) = node.as_mapping_mut() else {
            return;
        };
        for (key, value) in mapping.values_mut() {
            self.referred.look_at(value.span);
            if let Some(same) = self.same_secret(value, reader) {
                *value = same;
                continue;
            }
            let below = shape.below(&key.text).unwrap_or(Shape::Verbatim);
            self.node(value, below, &path.key(&key.text), reader);
        }
    }

    fn scalar(&self, node: &mut Node, path: &Path<'_>, reader: &Reader<'_>) {
        let Some(scalar) = node.as_scalar().filter(|scalar| scalar.text.contains('$')) else {
            return;
        };
        let place = Span::clone(&node.span);
        self.referred.look_at(place);
        let Some(text) = self.text(&scalar.text, place, path, reader) else {
            return;
        };
        if text.value == *scalar.text {
            return;
        }
        if text.from_secret && reader.is_open {
            self.failed.borrow_mut().insert(place);
            self.report.push(in_the_open(place, path));
            return;
        }
        let mut scalar = scalar.clone();
        scalar.text = text.value.into();
        node.value = Value::Scalar(scalar);
        let tag = match (text.from_secret, text.from_variable) {
            (true, _) => FROM_SECRET,
            (false, true) => FROM_VARIABLE,
            (false, false) => return,
        };
        node.tag = Some(Box::new(Tag {
            text: tag.into(),
            span: node.span,
        }));
    }

    /// A text with its references replaced; none where that was not possible, and
    /// why was said.
    fn text(&self, text: &str, span: Span, path: &Path<'_>, reader: &Reader<'_>) -> Option<Text> {
        // What is referred to may hold a secret, too.
        let was_tainted = self.is_tainted.replace(false);
        let from_variable = RefCell::new(false);
        let fault = RefCell::new(None);
        let lookup = |name: &str| match name.split_once('.') {
            None => {
                let value = self.asked.variables.get(name)?;
                *from_variable.borrow_mut() = true;
                Some(Cow::Borrowed(value))
            }
            Some((entry, what)) => match self.reference(entry, what, reader) {
                Ok(value) => Some(Cow::Owned(value)),
                Err(said) => {
                    fault.borrow_mut().get_or_insert(said);
                    Some(Cow::Borrowed(""))
                }
            },
        };
        let expanded = expand(text, Dialect::Apps, &lookup);
        let say = |said: Diagnostic| {
            self.failed.borrow_mut().insert(span);
            self.report.push(said.path(path.to_string()));
        };
        if let Some(fault) = fault.into_inner() {
            say(Diagnostic::error(fault.code, span, fault.message).help(fault.help));
            return None;
        }
        let expanded = match expanded {
            Ok(expanded) => expanded,
            Err(fault) => {
                say(interpolate::diagnostic(&fault, span, &format!("`{path}`")));
                return None;
            }
        };
        if let Some((name, _)) = expanded.missing.first() {
            say(self.missing(name, span));
            return None;
        }
        Some(Text {
            value: expanded.text.into_owned(),
            from_variable: from_variable.into_inner(),
            from_secret: self.hold(text, span, was_tainted),
        })
    }

    /// Keeps the values of secret variables out of all messages; whether there are
    /// any in the text.
    fn hold(&self, text: &str, span: Span, was_tainted: bool) -> bool {
        let lookup = |name: &str| self.asked.variables.get(name).map(Cow::Borrowed);
        let found = crate::document::secret::found(text, Dialect::Apps, &lookup);
        let mut held = self.held.borrow_mut();
        let before = held.len();
        held.extend(found.into_iter().map(|found| (span, found.value)));
        let is_secret = held.len() > before || self.is_tainted.get();
        self.is_tainted.set(was_tainted || is_secret);
        is_secret
    }

    fn missing(&self, name: &str, span: Span) -> Diagnostic {
        let (whose, file) = match self.asked.environment {
            Some(environment) => (
                format!(" for environment `{environment}`"),
                format!("`.env.{environment}`"),
            ),
            None => (String::new(), "`.env`".to_owned()),
        };
        let message = format!("`${{{name}}}` is not set{whose}");
        let help = format!(
            "set it in {file}, with `--set-env {name}=…`, or give a default: `${{{name}:-…}}`"
        );
        Diagnostic::error("missing-variable", span, message).help(help)
    }

    fn reference(&self, entry: &str, what: &str, reader: &Reader<'_>) -> Result<String, Fault> {
        match entry {
            "environment" => self.fact(what),
            "project" if what == "name" => Ok(self.project.to_owned()),
            "project" => Err(Fault::unknown(
                format!("a project has no `{what}`"),
                "write `${project.name}`",
            )),
            _ => {
                let whole = format!("{entry}.{what}");
                if self.open.borrow().contains(&whole) {
                    return Err(Fault {
                        code: "cycle",
                        message: format!("`${{{whole}}}` leads to itself"),
                        help: "let one of the two stand as a text".to_owned(),
                    });
                }
                if self.open.borrow().len() >= DEEPEST {
                    return Err(Fault::bad(
                        format!("`${{{whole}}}` is the end of a chain of {DEEPEST} references"),
                        "let one of them stand as a text",
                    ));
                }
                self.open.borrow_mut().push(whole);
                let value = self.of_entry(entry, what, reader);
                self.open.borrow_mut().pop();
                value
            }
        }
    }

    /// A fact of the environment; of a block, what its main key says.
    fn fact(&self, what: &str) -> Result<String, Fault> {
        if what == "name" {
            let name = self.asked.environment.unwrap_or_default();
            return Ok(name.to_owned());
        }
        // While facts are resolved, one that refers to another sees it as it is written.
        let fact = self
            .facts
            .get(what)
            .or_else(|| self.layered.facts.get(what));
        let scalar = fact.and_then(|fact| match fact.as_mapping() {
            None => fact.as_scalar(),
            Some(_) => [
                "name",
                "controller",
                "provider",
                "address",
                "secret",
                "issuer",
            ]
            .iter()
            .find_map(|key| fact.get(key)?.as_scalar()),
        });
        match scalar {
            Some(scalar) if !scalar.text.contains("${") => Ok(scalar.text.to_string()),
            Some(_) => Err(Fault::unknown(
                format!("`{what}` of the environment is not known yet here"),
                "write the variable itself",
            )),
            None => {
                let names = || super::table::fact_names().chain(["name"]);
                let help = match names().any(|name| name == what) {
                    true => format!("say `{what}` of the environment, or in `defaults`"),
                    false => match nearest(what, names()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => {
                            "write the variable itself, or name a key of the environment".to_owned()
                        }
                    },
                };
                Err(Fault::unknown(
                    format!("nothing is said of `{what}` for this environment"),
                    help,
                ))
            }
        }
    }
}

/// A text after resolving.
struct Text {
    value: String,
    from_variable: bool,
    from_secret: bool,
}

/// Who reads a text: the entry, and where secrets go that it refers to.
struct Reader<'r> {
    /// What is read goes where others can read it: into metadata, a ConfigMap or a
    /// route.
    is_open: bool,
    member: Option<&'r Member>,
    borrowed: Option<&'r RefCell<Borrowed>>,
}

impl Reader<'_> {
    fn nobody() -> Self {
        Self {
            is_open: true,
            member: None,
            borrowed: None,
        }
    }
}

/// Why a reference has no value.
struct Fault {
    code: &'static str,
    message: String,
    help: String,
}

impl Fault {
    fn unknown(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code: "unknown-name",
            message: message.into(),
            help: help.into(),
        }
    }

    fn bad(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code: "bad-value",
            message: message.into(),
            help: help.into(),
        }
    }
}

/// Whether a block is a container's: the app itself, a helper.
/// A secret of an env file where everybody can read it.
fn in_the_open(place: Span, path: &Path<'_>) -> Diagnostic {
    let message = format!("`{path}` would show the value of a secret variable");
    Diagnostic::error("secret-in-clear", place, message)
        .path(path.to_string())
        .help(
            "give it to the program in `environment`, or keep the whole file in a secret that \
             `files` names",
        )
}

fn is_container(block: &Block) -> bool {
    block.key("environment").is_some() && block.key("args").is_some()
}

//! Text to trees.
//!
//! `saphyr_parser` tells what stands in the text, event by event; `builder`
//! makes nodes of it. On the way anchors, aliases and merge keys are resolved,
//! duplicate keys found, YAML's own tags honoured, and [`Limits`] kept.
//!
//! - `precheck`: what is refused before a parser sees it.
//! - `place`: the parser counts characters, we count bytes.
//! - `builder`, `anchor`, `merge`, `explicit`: events to nodes.
//! - `flow`: brackets that are closed where YAML 1.1 lets them be.
//! - `part`: large texts, read on all cores.
//! - `fault`: syntax errors in words of our own.

mod anchor;
mod builder;
mod explicit;
mod fault;
mod flow;
mod merge;
mod part;
mod place;
mod precheck;

use kubewright_source::{Diagnostic, SourceId, Span};
use saphyr_parser::{Event, Parser, ScanError};

use self::builder::Builder;
pub(crate) use self::builder::too_deep;
use self::flow::Indented;
use self::place::Places;
use crate::tree::Node;

/// An error on its way out; boxed, because it is large and rare.
type Fault = Box<Diagnostic>;

/// How much a document may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text.
    pub max_bytes: usize,
    /// Collections within collections. Never more than [`Limits::DEEPEST`].
    pub max_depth: usize,
    /// Values and keys in all documents of a text.
    pub max_nodes: usize,
    /// Values that aliases (`*name`) and the anchors they name may copy; 64 bytes
    /// of text weigh as much as one value.
    pub max_alias_nodes: usize,
}

impl Limits {
    /// Trees are walked by recursion; no deeper than any stack carries.
    pub const DEEPEST: usize = 500;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 64 << 20,
            max_depth: 100,
            max_nodes: 4_000_000,
            max_alias_nodes: 1_000_000,
        }
    }
}

/// Reads a text that holds one document; `None` where it holds none (an empty
/// file, comments alone).
///
/// # Errors
///
/// The first fault, with its place: `yaml-syntax`, `duplicate-key`, `yaml-key`,
/// `yaml-alias`, `yaml-merge`, `yaml-tag`, `yaml-too-large`, `yaml-too-deep`,
/// `yaml-alias-bomb`, and `yaml-documents` where there are several documents.
pub fn read_document(
    text: &str,
    source: SourceId,
    limits: &Limits,
) -> Result<Option<Node>, Diagnostic> {
    read(text, source, limits, Expected::One)
        .map(|mut documents| documents.pop())
        .map_err(|fault| *fault)
}

/// Reads all documents of a text, in order; documents in which nothing stands
/// are left out.
///
/// # Errors
///
/// As [`read_document`], but for `yaml-documents`.
pub fn read_documents(
    text: &str,
    source: SourceId,
    limits: &Limits,
) -> Result<Vec<Node>, Diagnostic> {
    read(text, source, limits, Expected::Any).map_err(|fault| *fault)
}

#[derive(Clone, Copy, PartialEq)]
enum Expected {
    One,
    Any,
}

fn read(
    text: &str,
    source: SourceId,
    limits: &Limits,
    expected: Expected,
) -> Result<Vec<Node>, Fault> {
    precheck::check(text, source, limits)?;
    if let Some(documents) = part::read(text, source, limits, expected) {
        return Ok(documents);
    }
    match attempt(text, source, limits, expected) {
        Ok(documents) => Ok(documents),
        Err(stumble) if stumble.between_brackets.is_none() => Err(stumble.fault),
        Err(stumble) => indented(text, source, limits, expected, stumble),
    }
}

/// Reads a text again, with those lines further in at which the parser stumbles.
fn indented(
    text: &str,
    source: SourceId,
    limits: &Limits,
    expected: Expected,
    first: Stumble,
) -> Result<Vec<Node>, Fault> {
    let mut indented = Indented::new(text);
    let mut at = first.between_brackets;
    let mut last = None;
    while at.is_some_and(|at| indented.indent(at)) {
        match attempt(&indented.text, source, limits, expected) {
            Ok(mut documents) => {
                documents.iter_mut().for_each(|node| indented.node(node));
                return Ok(documents);
            }
            Err(stumble) => {
                at = stumble.between_brackets;
                last = Some(stumble.fault);
            }
        }
    }
    // A line that is wrong also where it was moved to had better stay.
    let last = last.and_then(|mut last| indented.put_back(&mut last).then_some(last));
    Err(last.unwrap_or(first.fault))
}

/// Why a text was not read.
struct Stumble {
    fault: Fault,
    /// The byte of what is indented too little, where that is all.
    between_brackets: Option<usize>,
}

impl From<Fault> for Stumble {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            between_brackets: None,
        }
    }
}

impl Stumble {
    fn new(error: &ScanError, places: &Places<'_>, builder: &Builder<'_, '_>) -> Self {
        let by_indentation = matches!(
            error.info(),
            "invalid indentation" | "invalid indentation in flow construct"
        );
        Self {
            fault: fault::describe(error, places, builder),
            between_brackets: by_indentation.then(|| places.byte(*error.marker())),
        }
    }
}

fn attempt(
    text: &str,
    source: SourceId,
    limits: &Limits,
    expected: Expected,
) -> Result<Vec<Node>, Stumble> {
    let places = Places::new(text, source);
    let mut builder = Builder::new(&places, *limits);
    let mut documents: Vec<Node> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Stumble::new(&error, &places, &builder))?;
        match event {
            Event::DocumentStart(_) => builder.start_document(),
            Event::DocumentEnd => {
                let Some(node) = builder.end_document() else {
                    continue;
                };
                if let (Expected::One, Some(first)) = (expected, documents.first()) {
                    return Err(several(first.span, node.span).into());
                }
                documents.push(node);
            }
            Event::StreamEnd => break,
            Event::Nothing | Event::StreamStart => {}
            Event::Alias(_)
            | Event::Scalar(..)
            | Event::SequenceStart(..)
            | Event::SequenceEnd
            | Event::MappingStart(..)
            | Event::MappingEnd => builder.take(event, span)?,
        }
    }
    Ok(documents)
}

fn several(first: Span, second: Span) -> Fault {
    let start = Span {
        end: second.start,
        ..second
    };
    let first = Span {
        end: first.start,
        ..first
    };
    Box::new(
        Diagnostic::error(
            "yaml-documents",
            start,
            "one YAML document is expected here, and a second one follows",
        )
        .label("the second document")
        .related(first, "the first document")
        .help("put each document into a file of its own, or remove the line `---` between them"),
    )
}

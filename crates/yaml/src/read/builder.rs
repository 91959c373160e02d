//! Events to nodes, with a stack of our own: no input can overflow the machine's.

use kubewright_source::{Diagnostic, Span};
use saphyr_parser::{Event, ScalarStyle, Span as RawSpan, Tag as RawTag};

use super::anchor::{Anchors, Weight};
use super::explicit::Written;
use super::merge::{Merge, merge};
use super::place::Places;
use super::{Fault, Limits, precheck};
use crate::tree::{Key, Mapping, Node, Scalar, Style, Tag, Value};

/// Makes trees of events.
pub(super) struct Builder<'p, 't> {
    places: &'p Places<'t>,
    limits: Limits,
    anchors: Anchors,
    nodes: usize,
    open: Vec<Open>,
    /// The byte behind the last thing that was read.
    behind: usize,
    root: Option<Node>,
}

/// A collection that is not complete yet.
struct Open {
    start: usize,
    flow: bool,
    anchor: usize,
    tag: Option<Box<Tag>>,
    weight: Weight,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping {
        mapping: Mapping,
        key: Option<PendingKey>,
        merge: Option<Merge>,
    },
}

/// What was read of a mapping that others read, too.
pub(super) struct Entries {
    mapping: Mapping,
    /// The values and keys in it.
    nodes: usize,
}

/// A key that waits for its value.
enum PendingKey {
    Key(Key),
    Merge(Span),
}

impl<'p, 't> Builder<'p, 't> {
    pub(super) fn new(places: &'p Places<'t>, limits: Limits) -> Self {
        let limits = Limits {
            max_depth: limits.max_depth.min(Limits::DEEPEST),
            ..limits
        };
        Self {
            places,
            limits,
            anchors: Anchors::new(limits),
            nodes: 0,
            open: Vec::new(),
            behind: 0,
            root: None,
        }
    }

    pub(super) fn start_document(&mut self) {
        self.anchors.clear();
        self.open.clear();
        self.root = None;
    }

    /// The tree of the document; `None` where nothing stands in it.
    pub(super) fn end_document(&mut self) -> Option<Node> {
        let root = self.root.take()?;
        let unwritten = root.span.start == root.span.end && root.tag.is_none();
        (!unwritten || !root.is_null()).then_some(root)
    }

    /// The byte behind the last thing that was read.
    pub(super) fn behind(&self) -> usize {
        self.behind
    }

    /// Whether a key of a mapping in block style comes next, that many collections
    /// deep, in a place that no anchor covers.
    pub(super) fn awaits_entry(&self, depth: usize) -> bool {
        let is_plain = |open: &Open| {
            !open.flow && open.anchor == 0 && matches!(open.content, Content::Mapping { .. })
        };
        self.open.len() == depth && self.awaits_key() && self.open.iter().all(is_plain)
    }

    /// The entries of the only mapping that is open; `None` where others would have
    /// to know more of it: anchors or a merge key.
    pub(super) fn entries(mut self) -> Option<Entries> {
        let open = self.open.pop().filter(|_| self.anchors.are_none())?;
        match open.content {
            Content::Mapping {
                mapping,
                merge: None,
                ..
            } => Some(Entries {
                mapping,
                // Without the mapping itself.
                nodes: self.nodes - 1,
            }),
            Content::Mapping { .. } | Content::Sequence(_) => None,
        }
    }

    /// Adds what was read elsewhere to the innermost mapping. `false` where that
    /// breaks a rule.
    pub(super) fn add(&mut self, entries: Entries) -> bool {
        self.nodes += entries.nodes;
        let Some(Content::Mapping { mapping, .. }) =
            self.open.last_mut().map(|open| &mut open.content)
        else {
            return false;
        };
        let mut entries_of = entries.mapping.into_iter();
        let is_new = entries_of.all(|entry| mapping.insert(entry.key, entry.value).is_none());
        is_new && self.nodes <= self.limits.max_nodes
    }

    /// The innermost bracket that is open.
    pub(super) fn open_bracket(&self) -> Option<Span> {
        let open = self.open.iter().rev().find(|open| open.flow)?;
        Some(self.places.character(open.start))
    }

    /// Takes in one event of a document's content.
    pub(super) fn take(&mut self, event: Event<'_>, raw: RawSpan) -> Result<(), Fault> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text.into(), style, anchor, tag.as_deref(), raw)
            }
            Event::SequenceStart(anchor, tag) => {
                let content = Content::Sequence(Vec::new());
                self.start(content, anchor, tag.as_deref(), raw)
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Mapping {
                    mapping: Mapping::default(),
                    key: None,
                    merge: None,
                };
                self.start(content, anchor, tag.as_deref(), raw)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(raw),
            Event::Alias(id) => self.alias(id, raw),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: Box<str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&RawTag>,
        raw: RawSpan,
    ) -> Result<(), Fault> {
        let (tag, span) = self.scalar_place(text.is_empty(), style, anchor, tag, raw);
        self.count(span)?;
        self.behind = self.behind.max(self.places.behind(span));
        let weight = Weight::scalar(text.len());
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let mut scalar = Scalar { text, style };
        let local = match &tag {
            Some(tag) => tag.on_scalar(&mut scalar)?,
            None => None,
        };
        let node = Node {
            span,
            value: Value::Scalar(scalar),
            tag: local,
        };
        self.anchors.keep(anchor, &node, weight)?;
        self.place(node, weight)
    }

    /// Where a scalar itself stands, behind its tag and anchor.
    fn scalar_place(
        &self,
        empty: bool,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&RawTag>,
        raw: RawSpan,
    ) -> (Option<Written>, Span) {
        let (start, end) = (self.places.byte(raw.start), self.places.byte(raw.end));
        let unwritten = empty && style == ScalarStyle::Plain;
        if anchor == 0 && tag.is_none() {
            let span = if unwritten {
                self.unwritten(start)
            } else {
                let end = self.trimmed(start, end);
                self.places.span(self.header(style, start), end)
            };
            return (None, span);
        }
        let (start, tag) = self.properties(start, tag);
        let start = if unwritten { end } else { start };
        let span = self.places.span(start, self.trimmed(start, end));
        (tag, span)
    }

    /// The empty place of a value that is not written: behind its `:` or `-`, or
    /// behind what came last.
    fn unwritten(&self, at: usize) -> Span {
        let next = self.skip_blanks(self.behind);
        let indicator = self.places.text.as_bytes().get(next);
        let at = match indicator {
            Some(b':' | b'-') if !self.open.is_empty() && !self.awaits_key() => next + 1,
            _ => at.min(self.behind),
        };
        self.places.span(at, at)
    }

    /// Blocks of text are told from their first line on; their `|` or `>` comes before.
    fn header(&self, style: ScalarStyle, start: usize) -> usize {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let between = self.places.text.get(self.behind..start).unwrap_or_default();
                between
                    .find(['|', '>'])
                    .map_or(start, |at| self.behind + at)
            }
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => start,
        }
    }

    /// The end of a token without the white space and comment that may follow it.
    fn trimmed(&self, start: usize, end: usize) -> usize {
        let token = self.places.text.get(start..end).unwrap_or_default();
        let length = match token.as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => quoted_length(token.as_bytes(), *quote),
            Some(_) | None => token.trim_end_matches([' ', '\t', '\n', '\r']).len(),
        };
        start + length
    }

    /// Passes over tag and anchor: where the node itself starts, and the tag.
    fn properties(&self, start: usize, tag: Option<&RawTag>) -> (usize, Option<Written>) {
        let text = self.places.text;
        let mut at = start;
        let mut written = None;
        for _ in 0..2 {
            let rest = text.get(at..).unwrap_or_default();
            let Some(first @ ('!' | '&')) = rest.chars().next() else {
                break;
            };
            let length = rest.find([' ', '\t', '\n', '\r', ',', ']', '}']);
            let length = match first {
                '!' if rest.starts_with("!<") => rest.find('>').map(|end| end + 1),
                _ => length,
            };
            let length = length.unwrap_or(rest.len());
            if first == '!' {
                written = tag.map(|tag| Written::new(tag, self.places.span(at, at + length)));
            }
            at = self.skip_blanks(at + length);
        }
        (at, written)
    }

    /// Passes over white space, line breaks and comments.
    fn skip_blanks(&self, mut at: usize) -> usize {
        let bytes = self.places.text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => {
                    let rest = &bytes[at..];
                    let line = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                    at += line.unwrap_or(rest.len());
                }
                _ => break,
            }
        }
        at
    }

    fn start(
        &mut self,
        content: Content,
        anchor: usize,
        tag: Option<&RawTag>,
        raw: RawSpan,
    ) -> Result<(), Fault> {
        let start = self.places.byte(raw.start);
        let (start, tag) = if anchor == 0 && tag.is_none() {
            (start, None)
        } else {
            self.properties(start, tag)
        };
        let start = match content {
            Content::Sequence(_) => self.first_dash(start),
            Content::Mapping { .. } => start,
        };
        let span = self.places.character(start);
        self.count(span)?;
        if self.awaits_key() {
            return Err(complex_key(span));
        }
        self.deep(self.open.len() + 1, span)?;
        let own = match content {
            Content::Sequence(_) => "seq",
            Content::Mapping { .. } => "map",
        };
        let tag = match tag {
            Some(tag) => tag.on_collection(own)?,
            None => None,
        };
        let first = self.places.text.as_bytes().get(start);
        self.behind = self.behind.max(start);
        self.open.push(Open {
            start,
            flow: is_flow(&content, first),
            anchor,
            tag,
            weight: Weight { size: 1, height: 1 },
            content,
        });
        Ok(())
    }

    /// Lists that are not indented below their key are told behind their first dash.
    fn first_dash(&self, start: usize) -> usize {
        let text = self.places.text;
        if matches!(text.as_bytes().get(start), Some(b'[' | b'-')) {
            return start;
        }
        let between = text.get(self.behind..start).unwrap_or_default();
        between.rfind('-').map_or(start, |at| self.behind + at)
    }

    fn end(&mut self, raw: RawSpan) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        if open.flow {
            // The event may cover the white space and comment behind the bracket, too.
            self.behind = self.behind.max(self.places.byte(raw.start) + 1);
        }
        let value = match open.content {
            Content::Sequence(mut items) => {
                items.shrink_to_fit();
                Value::Sequence(items)
            }
            Content::Mapping {
                mapping,
                merge: merged,
                ..
            } => {
                let mut mapping = match merged {
                    Some(merged) => merge(mapping, merged)?,
                    None => mapping,
                };
                mapping.shrink();
                Value::Mapping(mapping)
            }
        };
        let node = Node {
            span: self.places.span(open.start, self.behind),
            value,
            tag: open.tag,
        };
        self.anchors.keep(open.anchor, &node, open.weight)?;
        self.place(node, open.weight)
    }

    fn alias(&mut self, id: usize, raw: RawSpan) -> Result<(), Fault> {
        let (start, end) = (self.places.byte(raw.start), self.places.byte(raw.end));
        let span = self.places.span(start, end);
        self.count(span)?;
        self.behind = self.behind.max(end);
        let Some((node, weight)) = self.anchors.copy(id, span)? else {
            return Err(self.dangling(id, span));
        };
        if self.awaits_key() && !matches!(node.value, Value::Scalar(_)) {
            return Err(complex_key(span));
        }
        self.deep(self.open.len() + weight.height, span)?;
        self.place(node, weight)
    }

    fn dangling(&self, id: usize, span: Span) -> Fault {
        let name = self.places.written(span);
        let open = self.open.iter().find(|open| open.anchor == id);
        let diagnostic = match open {
            Some(open) => Diagnostic::error(
                "yaml-alias",
                span,
                format!("the alias `{name}` stands inside of what it names"),
            )
            .related(self.places.character(open.start), "this is what it names")
            .help("a value cannot hold itself: name another anchor, or write the value out"),
            None => Diagnostic::error(
                "yaml-alias",
                span,
                format!("the alias `{name}` names an anchor of another document"),
            )
            .help("anchors hold for one document: write the value out"),
        };
        Box::new(diagnostic)
    }

    /// Puts a complete node where it belongs.
    fn place(&mut self, node: Node, weight: Weight) -> Result<(), Fault> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.weight = open.weight.and(weight);
        let (mapping, pending, merge) = match &mut open.content {
            Content::Sequence(items) => {
                items.push(node);
                return Ok(());
            }
            Content::Mapping {
                mapping,
                key,
                merge,
            } => (mapping, key, merge),
        };
        match pending.take() {
            None => {
                let key = pending_key(node)?;
                check_new(&key, mapping, merge.as_ref())?;
                *pending = Some(key);
            }
            Some(PendingKey::Key(key)) => {
                mapping.insert(key, node);
            }
            Some(PendingKey::Merge(key)) => {
                *merge = Some(Merge {
                    position: mapping.len(),
                    key,
                    value: node,
                });
            }
        }
        Ok(())
    }

    fn awaits_key(&self) -> bool {
        match self.open.last().map(|open| &open.content) {
            Some(Content::Mapping { key, .. }) => key.is_none(),
            Some(Content::Sequence(_)) | None => false,
        }
    }

    fn count(&mut self, at: Span) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > self.limits.max_nodes {
            return Err(precheck::too_many(at, &self.limits));
        }
        Ok(())
    }

    fn deep(&self, depth: usize, at: Span) -> Result<(), Fault> {
        if depth > self.limits.max_depth {
            return Err(too_deep(at, self.limits.max_depth));
        }
        Ok(())
    }
}

/// The length of a quoted token, both quotes included.
fn quoted_length(token: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(byte) = token.get(at) {
        let escapes = match byte {
            b'\\' => quote == b'"',
            b'\'' => quote == b'\'' && token.get(at + 1) == Some(&b'\''),
            _ => false,
        };
        if escapes {
            at += 2;
        } else if *byte == quote {
            return at + 1;
        } else {
            at += 1;
        }
    }
    token.len()
}

/// A block mapping may begin with a bracket, in its first key (which is an error
/// that comes next); a pair in a flow sequence has no bracket of its own.
fn is_flow(content: &Content, first: Option<&u8>) -> bool {
    match content {
        Content::Sequence(_) => first == Some(&b'['),
        Content::Mapping { .. } => first == Some(&b'{'),
    }
}

pub(crate) fn too_deep(at: Span, limit: usize) -> Fault {
    let message = format!("more than {limit} lists and mappings stand one within the other");
    Box::new(
        Diagnostic::error("yaml-too-deep", at, message)
            .label("too deep")
            .help("flatten the document, or check that its brackets and indentation are as meant"),
    )
}

/// What a node is as a key.
fn pending_key(node: Node) -> Result<PendingKey, Fault> {
    if let Some(tag) = node.tag {
        let message = format!("the key has the tag `{}`, and keys have none", tag.text);
        let fault = Diagnostic::error("yaml-key", tag.span, message)
            .help("remove the tag, or put it before the value");
        return Err(Box::new(fault));
    }
    match node.value {
        Value::Scalar(scalar) if scalar.style == Style::Plain && &*scalar.text == "<<" => {
            Ok(PendingKey::Merge(node.span))
        }
        Value::Scalar(scalar) => Ok(PendingKey::Key(Key::new(scalar.text, node.span))),
        Value::Sequence(_) | Value::Mapping(_) => Err(complex_key(node.span)),
    }
}

fn complex_key(span: Span) -> Fault {
    Box::new(
        Diagnostic::error("yaml-key", span, "a key must be a word, not a list or a mapping")
            .help("quote the key if its brackets are meant: `\"{name}\"`; a template such as `{{ name }}` needs quotes, too"),
    )
}

fn check_new(key: &PendingKey, mapping: &Mapping, merge: Option<&Merge>) -> Result<(), Fault> {
    let (name, span, first) = match key {
        PendingKey::Key(key) => {
            let first = mapping.get_entry(&key.text).map(|entry| entry.key.span);
            (&*key.text, key.span, first)
        }
        PendingKey::Merge(span) => ("<<", *span, merge.map(|merge| merge.key)),
    };
    let Some(first) = first else {
        return Ok(());
    };
    let help = match key {
        PendingKey::Key(_) => "keep one of the two".to_owned(),
        PendingKey::Merge(_) => "merge several with one list: `<<: [*a, *b]`".to_owned(),
    };
    Err(Box::new(
        Diagnostic::error(
            "duplicate-key",
            span,
            format!("the key `{name}` stands twice in this mapping"),
        )
        .label("again here")
        .related(first, "first here")
        .help(help),
    ))
}

//! `volumes` of a service.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/05-services.md#volumes>

use kubewright_source::Span;
use kubewright_yaml::{Entry, Key, Mapping, Node, Path};

use crate::compose::resolved::fault;
use crate::compose::resolved::paths::clean;
use crate::compose::resolved::shape::{
    BOOL, Extensions, Field, OPT_OUT, Object, Rule, Shape, TEXT, UNCAST_UNSIGNED, WHOLE_BYTES,
    field, ruled, word,
};
use crate::compose::resolved::walk::{Walk, entry, plain, text_of};

static LONG: Object = object("a volume", LONG_FIELDS, &["type"]);

static LONG_FIELDS: &[Field] = &[
    field("bind", Shape::Object(&BIND)),
    field("consistency", TEXT),
    field("image", Shape::Object(&IMAGE)),
    field("read_only", BOOL),
    field("source", TEXT),
    field("target", TEXT),
    field("tmpfs", Shape::Object(&TMPFS)),
    field(
        "type",
        word(&["bind", "volume", "tmpfs", "cluster", "npipe", "image"]),
    ),
    field("volume", Shape::Object(&VOLUME)),
];

static BIND: Object = object(
    "`bind` of a volume",
    &[
        field("create_host_path", OPT_OUT),
        field("propagation", TEXT),
        field(
            "recursive",
            word(&["enabled", "disabled", "writable", "readonly"]),
        ),
        field("selinux", word(&["z", "Z"])),
    ],
    &[],
);

static VOLUME: Object = object(
    "`volume` of a volume",
    &[
        field("labels", Shape::Room(super::pairs::texts)),
        field("nocopy", BOOL),
        field("subpath", TEXT),
    ],
    &[],
);

static TMPFS: Object = object(
    "`tmpfs` of a volume",
    &[
        field("mode", UNCAST_UNSIGNED),
        field(
            "size",
            ruled(WHOLE_BYTES, Rule::Between(0.0, f64::INFINITY)),
        ),
    ],
    &[],
);

static IMAGE: Object = object("`image` of a volume", &[field("subpath", TEXT)], &[]);

const fn object(
    what: &'static str,
    fields: &'static [Field],
    needs: &'static [&'static str],
) -> Object {
    Object {
        what,
        fields,
        needs,
        extensions: Extensions::Kept,
        open: false,
        null: false,
        keeps_empty: true,
    }
}

/// One mount.
pub(crate) fn mount(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    if node.as_mapping().is_some() {
        return long(walk, node, path);
    }
    let Some(text) = text_of(node) else {
        walk.wrong_type(node, path, "a string or a mapping");
        return None;
    };
    match Short::parse(text) {
        Ok(short) => Some(short.written(walk, node.span)),
        Err(why) => {
            let why = format!("`{text}` is no volume: {why}");
            let help = "write `[source:]target[:options]`";
            walk.say(fault::bad_value(node.span, path, &why, help));
            None
        }
    }
}

fn long(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let mut mount = walk.object(&LONG, &[LONG.fields], node, path)?;
    if node.get("target").is_none() {
        let lacks = fault::missing_key("target", node.span, path, "a volume");
        walk.say(lacks);
    }
    let is_bind = node.get("type").and_then(text_of) == Some("bind");
    if is_bind && node.get("source").is_none() {
        let lacks = fault::missing_key("source", node.span, path, "a bind mount");
        walk.say(lacks);
    }
    let fields = mount.as_mapping_mut()?;
    // An empty target is the working folder.
    if let Some(target) = node.get("target")
        && let Some(text) = text_of(target).map(clean)
    {
        let key = Key::new("target", target.span);
        let text = if text.is_empty() { "." } else { &*text };
        fields.insert(key, Node::string(target.span, text));
    }
    // An empty source is the project's folder.
    if is_bind && let Some(source) = node.get("source").filter(|node| text_of(node).is_some()) {
        let key = Key::new("source", source.span);
        fields.insert(key, walk.file(source.clone()));
    }
    Some(mount)
}

/// The parts of a short form.
#[derive(Debug, Default, PartialEq)]
struct Short<'t> {
    source: &'t str,
    target: &'t str,
    read_only: bool,
    nocopy: bool,
    propagation: Option<&'t str>,
    selinux: Option<&'t str>,
    /// So short that nothing was taken apart.
    whole: bool,
}

impl<'t> Short<'t> {
    fn parse(text: &'t str) -> Result<Self, &'static str> {
        let mut short = Self::default();
        if text.len() <= 2 {
            if text.is_empty() {
                return Err("it is empty");
            }
            short.target = text;
            short.whole = true;
            return Ok(short);
        }
        let parts = sections(text);
        if parts.iter().any(|part| part.is_empty()) {
            return Err("there is nothing between two colons");
        }
        match parts.as_slice() {
            [target] => short.target = target,
            [source, target] => (short.source, short.target) = (source, target),
            [source, target, options] => {
                (short.source, short.target) = (source, target);
                short.options(options);
            }
            _ => return Err("it has too many colons"),
        }
        Ok(short)
    }

    fn options(&mut self, options: &'t str) {
        for option in options.split(',') {
            match option {
                "ro" => self.read_only = true,
                "rw" => self.read_only = false,
                "nocopy" => self.nocopy = true,
                "z" | "Z" => self.selinux = Some(option),
                "rprivate" | "private" | "rshared" | "shared" | "rslave" | "slave" => {
                    self.propagation = Some(option);
                }
                // Compose overlooks others.
                _ => {}
            }
        }
    }

    fn written(&self, walk: &Walk<'_>, span: Span) -> Node {
        let text = |text: &str| Node::string(span, text);
        let is_bind = is_path(self.source);
        let has_bind = is_bind || self.selinux.is_some() || self.propagation.is_some();
        let has_volume = self.nocopy || !(is_bind || self.whole);
        let mut entries: Vec<Entry> = Vec::new();
        let kind = if is_bind { "bind" } else { "volume" };
        entries.push(entry("type", text(kind)));
        if !self.source.is_empty() {
            let source = text(self.source);
            let source = if is_bind { walk.file(source) } else { source };
            entries.push(entry("source", source));
        }
        entries.push(entry("target", text(&clean(self.target))));
        if self.read_only {
            entries.push(entry("read_only", plain(span, true)));
        }
        if has_bind {
            let options = [("selinux", self.selinux), ("propagation", self.propagation)];
            let said = options
                .iter()
                .filter_map(|(key, value)| Some(entry(key, text((*value)?))));
            let said = Mapping::from_iter(said);
            entries.push(entry("bind", Node::new(span, said)));
        }
        if has_volume {
            let nocopy = self.nocopy.then(|| entry("nocopy", plain(span, true)));
            let said = Mapping::from_iter(nocopy);
            entries.push(entry("volume", Node::new(span, said)));
        }
        Node::new(span, Mapping::from_iter(entries))
    }
}

/// The parts between colons. That of a Windows drive parts nothing, nor does one
/// within `${…}`.
fn sections(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '$' if text[at + 1..].starts_with('{') => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && !is_drive(&text[start..at]) => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn is_drive(text: &str) -> bool {
    let mut chars = text.chars();
    matches!((chars.next(), chars.next()), (Some(letter), None) if letter.is_alphabetic())
}

/// Whether a source is a path of the host; otherwise it names a volume.
fn is_path(source: &str) -> bool {
    let Some(first) = source.chars().next() else {
        return false;
    };
    matches!(first, '.' | '/' | '~')
        || source.starts_with(r"\\")
        || (first.is_alphabetic() && source[first.len_utf8()..].starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_taken_apart() {
        let rows = [
            ("/data", "", "/data"),
            ("v:/v", "", "v:/v"),
            ("data:/d", "data", "/d"),
            ("./a:/b:ro", "./a", "/b"),
            (r"C:\a:/b", r"C:\a", "/b"),
            ("${A:-x}:/b", "${A:-x}", "/b"),
        ];
        for (text, source, target) in rows {
            let short = Short::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!((short.source, short.target), (source, target), "{text}");
        }
    }

    #[test]
    fn what_is_no_volume() {
        for text in ["", "ab::c", ":/a", "ab:/b:ro:x", "abc:"] {
            assert!(Short::parse(text).is_err(), "{text}");
        }
    }
}

//! Syntax errors in words of our own.

use kubewright_source::{Diagnostic, Span};
use saphyr_parser::ScanError;

use super::Fault;
use super::builder::{Builder, too_deep};
use super::place::Places;

/// What is wrong, and how to put it right.
struct Words {
    message: &'static str,
    help: &'static str,
}

/// The diagnostic for an error of the parser.
pub(super) fn describe(error: &ScanError, places: &Places<'_>, builder: &Builder<'_, '_>) -> Fault {
    let at = places.byte(*error.marker());
    let info = error.info();
    if info.contains("recursion limit") {
        return too_deep(places.character(at), 255);
    }
    if info.contains("unknown anchor") {
        return unknown_anchor(at, places);
    }
    if let Some(fault) = template(at, places) {
        return fault;
    }
    if info.contains("end of stream") || info.contains("indentation in quoted scalar") {
        return unclosed_quote(at, places, builder);
    }
    let ended = places.text.get(at..).unwrap_or_default().trim().is_empty();
    if let (true, Some(bracket)) = (ended, builder.open_bracket()) {
        return unclosed_bracket(bracket, places);
    }
    if let Some(fault) = tab(at, places) {
        return fault;
    }
    if let Some(fault) = missing_space(at, places) {
        return fault;
    }
    let Words { message, help } = words(info);
    Box::new(Diagnostic::error("yaml-syntax", places.character(at), message).help(help))
}

fn unknown_anchor(at: usize, places: &Places<'_>) -> Fault {
    let rest = places.text.get(at..).unwrap_or_default();
    let length = rest.find([' ', '\t', '\n', '\r', ',', ']', '}']);
    let name = &rest[..length.unwrap_or(rest.len())];
    let anchor = name.trim_start_matches('*');
    Box::new(
        Diagnostic::error(
            "yaml-alias",
            places.span(at, at + name.len()),
            format!("the alias `{name}` names no anchor"),
        )
        .help(format!(
            "write `&{anchor}` before the value that is meant, above this line; for a text that begins with `*`, quote it"
        )),
    )
}

/// `{{ .Values.x }}` outside of quotes.
fn template(at: usize, places: &Places<'_>) -> Option<Fault> {
    let (line_start, line) = line_around(at, places.text);
    let found = line.find("{{")?;
    let start = line_start + found;
    let before = line[..found].trim_end();
    (before.is_empty() || before.ends_with([':', '-'])).then(|| {
        Box::new(
            Diagnostic::error(
                "yaml-syntax",
                places.span(start, start + 2),
                "`{{` opens a mapping within a mapping, which YAML does not take here",
            )
            .help("a template is not YAML: render it first, or quote the whole value"),
        )
    })
}

fn unclosed_quote(at: usize, places: &Places<'_>, builder: &Builder<'_, '_>) -> Fault {
    let from = builder.behind().min(at);
    let between = places.text.get(from..at).unwrap_or_default();
    let start = if places
        .written(places.character(at))
        .starts_with(['"', '\''])
    {
        at
    } else {
        opening_quote(between).map_or(at, |found| from + found)
    };
    Box::new(
        Diagnostic::error(
            "yaml-syntax",
            places.character(start),
            "a quote is opened and never closed",
        )
        .label("opened here")
        .help("close it; a quote within single quotes is written twice (`''`), within double quotes with a backslash (`\\\"`)"),
    )
}

/// The quote that is still open at the end of a text.
fn opening_quote(text: &str) -> Option<usize> {
    let mut open: Option<(usize, u8)> = None;
    let mut bytes = text.bytes().enumerate().peekable();
    let mut before = b' ';
    while let Some((at, byte)) = bytes.next() {
        match open {
            None => {
                let starts = matches!(before, b' ' | b'\t' | b'\n' | b'[' | b'{' | b',' | b':');
                if matches!(byte, b'"' | b'\'') && starts {
                    open = Some((at, byte));
                } else if byte == b'#' && matches!(before, b' ' | b'\t' | b'\n') {
                    while bytes.next_if(|(_, byte)| *byte != b'\n').is_some() {}
                }
            }
            Some((_, b'"')) if byte == b'\\' => {
                bytes.next();
            }
            Some((_, quote)) if byte == quote => {
                let twice = quote == b'\'' && bytes.next_if(|(_, b)| *b == b'\'').is_some();
                if !twice {
                    open = None;
                }
            }
            Some(_) => {}
        }
        before = byte;
    }
    open.map(|(at, _)| at)
}

fn unclosed_bracket(bracket: Span, places: &Places<'_>) -> Fault {
    let (written, closing) = match places.written(bracket) {
        "[" => ("[", "]"),
        _ => ("{", "}"),
    };
    Box::new(
        Diagnostic::error(
            "yaml-syntax",
            bracket,
            format!("`{written}` is opened and never closed"),
        )
        .label("opened here")
        .help(format!("close it with `{closing}`")),
    )
}

/// Tabs before the first word of the line.
fn tab(at: usize, places: &Places<'_>) -> Option<Fault> {
    let (line_start, line) = line_around(at, places.text);
    let length = line
        .find(|c| !matches!(c, ' ' | '\t'))
        .unwrap_or(line.len());
    let found = line[..length].find('\t')?;
    let start = line_start + found;
    Some(Box::new(
        Diagnostic::error(
            "yaml-syntax",
            places.span(start, start + 1),
            "a tab is used for indentation",
        )
        .help("indent with spaces: YAML allows no tabs there"),
    ))
}

/// `key:value` where a mapping is expected.
fn missing_space(at: usize, places: &Places<'_>) -> Option<Fault> {
    let before = places.text.get(..at)?.trim_end().len();
    let above = line_around(at, places.text).0.saturating_sub(1);
    [at, before, above].into_iter().find_map(|at| {
        let (line_start, line) = line_around(at, places.text);
        let content = line.trim_start();
        let colon = content.find(':')?;
        let (key, behind) = (&content[..colon], &content[colon + 1..]);
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let plain = !key.is_empty() && key.chars().all(word);
        let follows = behind.starts_with(|c: char| !c.is_whitespace() && c != '/');
        (plain && follows && !content.contains(": ") && !content.trim_end().ends_with(':')).then(
            || {
                let start = line_start + (line.len() - content.len()) + colon;
                let help = format!("write `{key}: …`, with a space behind the colon");
                Box::new(
                    Diagnostic::error(
                        "yaml-syntax",
                        places.span(start, start + 1),
                        format!("a space is missing behind the colon of `{key}:`"),
                    )
                    .help(help),
                )
            },
        )
    })
}

/// The line that holds a byte, and where it starts.
fn line_around(at: usize, text: &str) -> (usize, &str) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let start = text[..at].rfind('\n').map_or(0, |found| found + 1);
    let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
    (start, text[start..end].trim_end_matches('\r'))
}

/// The parser's words, in ours.
fn words(info: &str) -> Words {
    let table = [
        (
            "mapping values are not allowed",
            "a second `: ` stands where a value was expected",
            "quote the value if the colon belongs to it; write a mapping on lines of its own, indented below its key",
        ),
        (
            "illegal placement of ':'",
            "a second `: ` stands where a value was expected",
            "quote the value if the colon belongs to it; write a mapping on lines of its own, indented below its key",
        ),
        (
            "did not find expected key",
            "this line fits neither the mapping above it nor its parent",
            "give the keys of one mapping the same indentation; close quotes before the end of the line",
        ),
        (
            "did not find expected '-'",
            "this line stands among the items of a list and is none",
            "begin items with `- `, or indent the line below the item it belongs to",
        ),
        (
            "simple key expect",
            "this line is neither `key: value` nor part of the value above it",
            "write `key: value`, or indent the line to continue the value above",
        ),
        (
            "invalid indentation",
            "the indentation fits no line above",
            "give lines of one list or mapping the same indentation, and indent what belongs to them further",
        ),
        (
            "expected ',' or '}'",
            "a comma or `}` is missing",
            "part the entries with commas and close the mapping with `}`",
        ),
        (
            "expected ',' or ']'",
            "a comma or `]` is missing",
            "part the items with commas and close the list with `]`",
        ),
        (
            "misplaced bracket",
            "a bracket is closed that was never opened",
            "remove it, or quote the text if the bracket belongs to it",
        ),
        (
            "unexpected character",
            "no text begins with this character unless it is quoted",
            "quote the text: \"…\"",
        ),
        (
            "unknown escape",
            "this backslash escape does not exist",
            "write `\\\\` for a backslash, or use single quotes, in which backslashes are letters",
        ),
        (
            "hexadecimal number",
            "hexadecimal digits are missing in a backslash escape",
            "`\\x` takes two digits, `\\u` four, `\\U` eight",
        ),
        (
            "character escape code",
            "this escape stands for no character",
            "write characters beyond U+FFFF with `\\U` and eight digits, or as they are",
        ),
        (
            "trailing content after double-quoted",
            "text follows a closed quote",
            "quote the whole value, or none of it",
        ),
        (
            "document indicator",
            "a line `---` or `...` stands inside of quotes",
            "close the quote before it, or indent the line",
        ),
        (
            "comments must be separated",
            "a comment needs a space before its `#`",
            "put a space before `#`, or quote the text if `#` belongs to it",
        ),
        (
            "comment intercepting",
            "a comment interrupts a text of several lines",
            "remove the comment, or write the text as a block: `key: |`",
        ),
        (
            "after document end",
            "text follows the end mark `...`",
            "put it on a line of its own, behind `---`",
        ),
        (
            "expected <document start>",
            "text follows the end of the document",
            "begin a second document with a line `---`, or give the line the indentation of its neighbours",
        ),
        (
            "byte order mark",
            "a byte order mark stands inside of the text",
            "remove it: only a file's very first character may be one",
        ),
        (
            "block sequence entries are not allowed",
            "a list item stands where none can be",
            "put the list on lines of its own, below its key",
        ),
        (
            "only valid inside a block",
            "`- ` begins a list item, which cannot stand within brackets",
            "part items within brackets with commas, or quote the text",
        ),
        (
            "'-' must be followed",
            "a space is missing behind `-`",
            "begin items with `- `",
        ),
        (
            "':' must be followed",
            "a space is missing behind the colon",
            "write `key: value`",
        ),
        (
            "block scalar",
            "this block of text (`|` or `>`) is not well formed",
            "put nothing but `+`, `-` and a digit from 1 to 9 behind `|`, and indent all lines of the text alike, with spaces",
        ),
        (
            "tab",
            "a tab stands where YAML allows spaces only",
            "replace tabs by spaces, or quote the text that holds one",
        ),
        (
            "anchor",
            "this anchor or alias is not well formed",
            "write `&name` before a value and `*name` for its copy; quote text that begins with `&` or `*`",
        ),
        (
            "tag",
            "this tag is not well formed",
            "write `!name` and a space before the value; quote text that begins with `!`",
        ),
        (
            "the handle wasn't declared",
            "the prefix of this tag is not declared",
            "quote text that begins with `!`",
        ),
        (
            "directive",
            "this directive is not well formed",
            "quote text that begins with `%`; directives stand before `---`",
        ),
        (
            "mapping keys are not allowed",
            "a key cannot stand here",
            "put the mapping on lines of its own; quote text that begins with `? `",
        ),
        (
            "expected node content",
            "a value is missing here",
            "write a value, or remove the comma or indicator before this place",
        ),
        (
            "plain scalar",
            "a text cannot go on like this without quotes",
            "quote the text",
        ),
    ];
    let row = table.iter().find(|(part, _, _)| info.contains(part));
    row.map_or(
        Words {
            message: "this is not YAML",
            help: "check the indentation, quotes and brackets of this line and the one above",
        },
        |(_, message, help)| Words { message, help },
    )
}

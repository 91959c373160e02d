//! Diagnostics for people: what, where with a snippet of the source, and help.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::position::{Sources, Span};

/// How diagnostics are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// With colours and bold type.
    pub color: bool,
}

/// A diagnostic as text, without a line break at its end.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let diagnostic = &*sources.masked(diagnostic);
    let renderer = if style.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code);
    let mut group = Group::with_title(title);
    for snippet in snippets(diagnostic, sources) {
        group = group.element(snippet);
    }
    if let Some(origin) = lineless_origin(diagnostic, sources) {
        group = group.element(origin);
    }
    if !diagnostic.help.is_empty() {
        group = group.element(Level::HELP.message(diagnostic.help.as_str()));
    }
    let text = renderer.decor_style(DecorStyle::Ascii).render(&[group]);
    match sources.get(diagnostic.span.source) {
        Some(source) if diagnostic.place_only => {
            aligned(text, source.place(diagnostic.span.start).line)
        }
        Some(_) | None => text,
    }
}

/// A place with its lines as [`render`] shows them, and a word below.
pub fn render_place(span: Span, word: &str, sources: &Sources, style: Style) -> String {
    let untitled = "";
    let place = Diagnostic::note(untitled, span, untitled);
    let text = render(&place, sources, style);
    let lines = text.split_once('\n').map_or("", |(_, lines)| lines);
    format!("{lines}\n   = {word}")
}

/// Moves the arrow of a place without a snippet to where it would stand with
/// one: behind the line's number.
fn aligned(mut text: String, line: usize) -> String {
    let arrow = text.find("-->");
    if let Some(start) = arrow.and_then(|arrow| text[..arrow].rfind('\n')) {
        let margin = " ".repeat(line.to_string().len());
        text.insert_str(start + 1, &margin);
    }
    text
}

/// One snippet for each stretch of text that holds places, the primary one's
/// first. Only these lines are handed on: a text may have a million others.
fn snippets<'a>(
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let primary = (
        diagnostic.span,
        some(&diagnostic.label),
        AnnotationKind::Primary,
    );
    let related = diagnostic.related.iter().map(|related| {
        (
            related.span,
            some(&related.message),
            AnnotationKind::Context,
        )
    });
    if diagnostic.place_only {
        return Vec::new();
    }
    let mut stretches: Vec<Stretch<'a>> = Vec::new();
    for place in std::iter::once(primary).chain(related) {
        if drawable(place.0, sources) {
            let line = sources.places(place.0).map_or(1, |(start, _)| start.line);
            match stretches
                .iter_mut()
                .find(|stretch| stretch.takes(place.0, line))
            {
                Some(stretch) => stretch.add(place, line),
                None => stretches.push(Stretch::new(place, line)),
            }
        }
    }
    stretches
        .into_iter()
        .filter_map(|stretch| stretch.snippet(sources))
        .collect()
}

type Annotated<'a> = (Span, Option<&'a str>, AnnotationKind);

/// Lines of one text that are shown together.
struct Stretch<'a> {
    first: usize,
    last: usize,
    places: Vec<Annotated<'a>>,
}

impl<'a> Stretch<'a> {
    /// How far apart two places may be and still be shown together.
    const REACH: usize = 60;

    fn new(place: Annotated<'a>, line: usize) -> Self {
        Self {
            first: line,
            last: line,
            places: vec![place],
        }
    }

    fn takes(&self, span: Span, line: usize) -> bool {
        self.places[0].0.source == span.source
            && line + Self::REACH >= self.first
            && line <= self.last + Self::REACH
    }

    fn add(&mut self, place: Annotated<'a>, line: usize) {
        self.first = self.first.min(line);
        self.last = self.last.max(line);
        self.places.push(place);
    }

    fn snippet(
        self,
        sources: &'a Sources,
    ) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
        let source = sources.get(self.places[0].0.source)?;
        let window = source.lines(self.first, self.last);
        let text = source.shown(window.clone())?;
        let length = text.len();
        let mut snippet = Snippet::source(text)
            .path(source.name())
            .line_start(self.first);
        for (span, label, kind) in self.places {
            let within = range(span, source.text());
            let start = within.start.saturating_sub(window.start).min(length);
            let end = within.end.saturating_sub(window.start).min(length);
            snippet = snippet.annotation(kind.span(start..end).label(label));
        }
        Some(snippet)
    }
}

/// Where the text is not shown, its place still is.
fn lineless_origin<'a>(diagnostic: &Diagnostic, sources: &'a Sources) -> Option<Origin<'a>> {
    let source = sources.get(diagnostic.span.source)?;
    if source.text().is_empty() {
        return Some(Origin::path(source.name()));
    }
    let place = source.place(diagnostic.span.start);
    diagnostic.place_only.then(|| {
        Origin::path(source.name())
            .line(place.line)
            .char_column(place.column)
    })
}

fn drawable(span: Span, sources: &Sources) -> bool {
    sources
        .get(span.source)
        .is_some_and(|source| !source.text().is_empty())
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// The span's first line only, widened to one character: a block that runs over
/// twenty lines is pointed at, not drawn. Always on character boundaries.
fn range(span: Span, text: &str) -> std::ops::Range<usize> {
    let mut start = (span.start as usize).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let mut end = (span.end as usize).clamp(start, line_end);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let trimmed = text[start..end].trim_end().len();
    end = start + trimmed;
    if end == start {
        end = text[start..]
            .chars()
            .next()
            .map_or(start, |c| start + c.len_utf8());
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_points_at_the_place() {
        let mut sources = Sources::default();
        let id = sources.add("compose.yaml", "services:\n  web:\n    prots: [80]\n");
        let diagnostic = Diagnostic::error(
            "unknown-key",
            Span::new(id, 21, 26),
            "unknown key `prots` in service `web`",
        )
        .help("did you mean `ports`?");
        let text = render(&diagnostic, &sources, Style::default());
        assert_eq!(
            text,
            "error[unknown-key]: unknown key `prots` in service `web`\n \
             --> compose.yaml:3:5\n  |\n3 |     prots: [80]\n  |     ^^^^^\n  |\n  \
             = help: did you mean `ports`?"
        );
    }

    #[test]
    fn what_is_secret_is_not_shown() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "a: hunter2 # b\n");
        sources.conceal(Span::new(id, 3, 10));
        let beside = Diagnostic::note("a", Span::new(id, 0, 1), "b");
        let text = render(&beside, &sources, Style::default());
        assert!(text.contains("a: ******* # b"), "{text}");
        let place = Diagnostic::note("a", Span::new(id, 3, 10), "b").place_only();
        let text = render(&place, &sources, Style::default());
        assert_eq!(text, "note[a]: b\n --> a.yaml:1:4");
    }

    #[test]
    fn what_stands_nowhere_still_renders() {
        let sources = Sources::default();
        let diagnostic = Diagnostic::error("no-input", Span::NONE, "nothing to read");
        assert_eq!(
            render(&diagnostic, &sources, Style::default()),
            "error[no-input]: nothing to read"
        );
    }
}

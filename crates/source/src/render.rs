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
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

/// One snippet per text, the primary place's first.
fn snippets<'a>(
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let mut order: Vec<Span> = vec![diagnostic.span];
    order.extend(diagnostic.related.iter().map(|related| related.span));
    let mut ids = Vec::new();
    for span in order {
        if drawable(span, sources) && !ids.contains(&span.source) {
            ids.push(span.source);
        }
    }
    ids.into_iter()
        .filter_map(|id| {
            let source = sources.get(id)?;
            let mut snippet = Snippet::source(source.text()).path(source.name());
            if diagnostic.span.source == id {
                snippet = snippet.annotation(
                    AnnotationKind::Primary
                        .span(range(diagnostic.span, source.text()))
                        .label(some(&diagnostic.label)),
                );
            }
            for related in diagnostic.related.iter().filter(|r| r.span.source == id) {
                snippet = snippet.annotation(
                    AnnotationKind::Context
                        .span(range(related.span, source.text()))
                        .label(some(&related.message)),
                );
            }
            Some(snippet)
        })
        .collect()
}

/// Where a text has no line to show, its name still says where.
fn lineless_origin<'a>(diagnostic: &Diagnostic, sources: &'a Sources) -> Option<Origin<'a>> {
    let source = sources.get(diagnostic.span.source)?;
    source
        .text()
        .is_empty()
        .then(|| Origin::path(source.name()))
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
    fn what_stands_nowhere_still_renders() {
        let sources = Sources::default();
        let diagnostic = Diagnostic::error("no-input", Span::NONE, "nothing to read");
        assert_eq!(
            render(&diagnostic, &sources, Style::default()),
            "error[no-input]: nothing to read"
        );
    }
}

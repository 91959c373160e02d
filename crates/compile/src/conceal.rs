//! Secrets stay out of the snippets and messages of diagnostics.
//!
//! - `line`: what looks secret in a text, line by line;
//! - `pair`: variables in a text, as names beside values;
//! - `tree`: what looks secret in a tree as it was read.

mod line;
mod pair;
mod tree;

use kubewright_model::Project;
use kubewright_model::variable::VariableValue;
use kubewright_objects::{Body, Object};
use kubewright_source::{Diagnostic, Diagnostics, Source, SourceId, Sources, Span};
use kubewright_yaml::Node;
use rayon::prelude::*;

/// Keeps what looks secret in an input out of all that is said: its tree knows it
/// exactly.
pub(crate) fn of_tree(root: &Node, sources: &mut Sources) {
    tree::conceal(root, sources);
}

/// The same for a value laid over the input at a key.
pub(crate) fn of_set(key: &str, value: &Node, sources: &mut Sources) {
    tree::conceal_set(key, value, sources);
}

/// Decides what is hidden where, once all is read and can be compiled: what the
/// texts show anyway is a plain word.
///
/// The trees told their secrets when they were read. All lines are looked through
/// only where variables brought secrets, which a line may repeat.
pub(crate) fn settle(sources: &mut Sources) {
    of_guards(sources);
    if sources.secrets().has_brought() {
        for (span, _) in of_texts(sources) {
            sources.conceal(span);
        }
    }
    sources.excuse_plain_words();
}

/// The same for inputs that cannot be compiled: nobody knows what their words mean,
/// so whatever looks like a secret in any line counts as one.
pub(crate) fn settle_all(sources: &mut Sources) {
    of_guards(sources);
    hold_all(sources);
    sources.excuse_plain_words();
}

/// So few lines are looked through before another thread has woken up.
const FEW: usize = 512;

/// Hides what looks secret in the comments of lines that will be shown: they are in
/// no tree.
pub(crate) fn of_said(diagnostics: &Diagnostics, sources: &mut Sources) {
    let mut shown: Vec<(SourceId, usize)> = Vec::new();
    for said in diagnostics.iter() {
        let related = said.related.iter().map(|related| related.span);
        for span in std::iter::once(said.span).chain(related) {
            shown.extend(lines_around(span, sources));
        }
    }
    shown.sort_unstable();
    shown.dedup();
    let found: Vec<Span> = shown
        .into_par_iter()
        .with_min_len(FEW)
        .flat_map_iter(|(id, line)| in_comment(id, line, sources))
        .collect();
    for span in found {
        sources.conceal(span);
    }
    // What looks like a tag is a part of no value, and is told as it stands.
    let mut tags = diagnostics.iter().filter(|said| said.code == "unknown-tag");
    if tags.next().is_some() {
        hold_all(sources);
    }
}

fn hold_all(sources: &mut Sources) {
    let found = of_texts(sources).into_iter().chain(of_pairs(sources));
    for (span, values) in found.collect::<Vec<_>>() {
        sources.conceal(span);
        for value in values {
            sources.hold_written(span, &value);
        }
    }
}

/// The secrets in the comment of a line.
fn in_comment(id: SourceId, line: usize, sources: &Sources) -> Vec<Span> {
    let Some(source) = sources.get(id) else {
        return Vec::new();
    };
    let range = source.lines(line, line);
    let text = &source.text()[range.clone()];
    let is_sign = |at: usize| at == 0 || text[..at].ends_with([' ', '\t']);
    let sign = text.match_indices('#').find(|(at, _)| is_sign(*at));
    let Some((sign, _)) = sign else {
        return Vec::new();
    };
    let start = range.start + sign + 1;
    let secrets = line::Lines::default().secrets(&text[sign + 1..]);
    let span = |(from, to)| Span::new(id, start + from, start + to);
    let named = beside(source, line);
    let named = named.filter(|(from, to)| *from < range.end && start < *to);
    let named = named.map(|(from, to)| Span::new(id, from.max(start), to.min(range.end)));
    secrets.into_iter().map(span).chain(named).collect()
}

/// How many lines a variable's name may be away from its value in a comment.
const NEAR: usize = 6;

/// The values of variables that are named on lines near this one.
fn beside(source: &Source, line: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
    let lines = source.lines(line.saturating_sub(NEAR).max(1), line + NEAR);
    let found = pair::secrets(&source.text()[lines.clone()]);
    let found = found.into_iter();
    found.map(move |(from, to)| (lines.start + from, lines.start + to))
}

/// The lines of a span and those beside it, counted from 1.
fn lines_around(span: Span, sources: &Sources) -> impl Iterator<Item = (SourceId, usize)> + use<> {
    let places = sources.places(span);
    let lines = places.map(|(start, end)| start.line.saturating_sub(1).max(1)..=end.line + 1);
    let lines = lines.into_iter().flatten();
    lines.map(move |line| (span.source, line))
}

/// Users of a router with the hashes of their passwords, as Traefik's labels
/// hold them.
fn of_guards(sources: &mut Sources) {
    let mut found = Vec::new();
    for (id, source) in sources.entries() {
        let text = source.text();
        let mut done = 0;
        // Most lines are none of labels.
        for (at, _) in text.match_indices(LABEL) {
            if at < done {
                continue;
            }
            let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
            done = text[at..].find('\n').map_or(text.len(), |end| at + end);
            if let Some((from, to)) = users(&text[start..done]) {
                found.push(Span::new(id, start + from, start + to));
            }
        }
    }
    for span in found {
        sources.conceal(span);
    }
}

/// What all labels of Traefik have in their names, however they are written.
const LABEL: &str = "raefik.";

/// The part of a line behind a label of users: up to its end, since hashes have
/// any sign in them.
fn users(line: &str) -> Option<(usize, usize)> {
    let label = line.find(LABEL)?;
    let folded = line[label..].to_ascii_lowercase();
    let key = ["auth.users", "auth.basic", "auth.digest"]
        .iter()
        .find_map(|key| folded.find(key))?;
    let value = label + key + folded[key..].find([':', '='])? + 1;
    let blanks = line[value..].len() - line[value..].trim_start().len();
    Some((value + blanks, line.trim_end().len())).filter(|(from, to)| from < to)
}

/// A warning for an object that shows the value of a secret variable to whoever
/// may look at it or at its file.
pub(crate) fn exposed(object: &Object, text: &str, sources: &Sources) -> Option<Diagnostic> {
    if matches!(object.body, Body::Secret(_)) {
        return None;
    }
    let secrets = sources.secrets();
    let value = secrets.shown_in(text)?;
    let start = object.origin.span;
    let place = secrets.place_of(value, start);
    let message = format!(
        "{} `{}` shows a value that is secret",
        object.body.kind(),
        object.name()
    );
    let found = Diagnostic::warning("exposed-secret", start, message).help(
        "give it to the program in `environment`, which becomes a Secret; \
         a command reads it there with `sh -c` and `$NAME` (`$$NAME` in compose)",
    );
    Some(match place {
        Some(place) => found.related(place, "a secret is put in here"),
        None => found,
    })
}

/// The values that the project knows to be secret.
pub(crate) fn of_project(project: &Project, sources: &mut Sources) {
    for app in project.apps() {
        let variables = app
            .containers()
            .flat_map(|container| &container.environment);
        for variable in variables {
            if let VariableValue::Secret(secret) = &variable.value
                && let Some(known) = &secret.known
            {
                sources.conceal(known.span);
            }
        }
    }
}

/// A secret part of a line: where it stands, and the values that it may hold.
type Found = (Span, Vec<String>);

/// Whatever looks like a secret in any line of the texts.
fn of_texts(sources: &Sources) -> Vec<Found> {
    let mut found = Vec::new();
    for (id, source) in sources.entries() {
        let (mut lines, mut start) = (line::Lines::default(), 0);
        for line in source.text().split_inclusive('\n') {
            for (from, to) in lines.secrets(line) {
                let values = line::values(&line[from..to]).map(str::to_owned);
                found.push((Span::new(id, start + from, start + to), values.collect()));
            }
            start += line.len();
        }
    }
    found
}

/// The values of variables that are named beside them, in any text.
fn of_pairs(sources: &Sources) -> Vec<Found> {
    let found = sources.entries().flat_map(|(id, source)| {
        let text = source.text();
        pair::secrets(text).into_iter().map(move |(from, to)| {
            let values = line::values(&text[from..to]).map(str::to_owned);
            (Span::new(id, from, to), values.collect())
        })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_that_are_shown_hide_their_secrets() {
        let mut sources = Sources::default();
        let text = "a: b # DB_PASSWORD: hunter2\nc: d\ne: f#TOKEN=x\n# A_TOKEN=hunter3\n";
        let id = sources.add("a.yaml", text);
        let mut said = Diagnostics::default();
        said.push(Diagnostic::note("a", Span::new(id, 0, 1), "b"));
        of_said(&said, &mut sources);
        let source = sources.get(id).expect("the text is there");
        let shown = source.shown(0..text.len()).expect("whole characters");
        let hidden = text.replace("hunter2", "*******");
        assert_eq!(shown, hidden, "the last line is not shown");
    }

    #[test]
    fn users_of_routers() {
        let rows = [
            (
                "traefik.http.middlewares.a.basicAuth.users: me:$$apr1$$x\n",
                Some("me:$$apr1$$x"),
            ),
            (
                "- \"traefik.frontend.auth.basic=me:$$1$$x\"",
                Some("me:$$1$$x\""),
            ),
            ("traefik.http.middlewares.a.digestauth.users:", None),
            ("traefik.http.routers.auth.rule: a", None),
            ("auth.users: a", None),
        ];
        for (line, expected) in rows {
            let found = users(line).map(|(from, to)| &line[from..to]);
            assert_eq!(found, expected, "{line}");
        }
    }
}

//! Secrets stay out of the snippets and messages of diagnostics.
//!
//! - `line`: what looks secret in a text, line by line.

mod line;

use kubewright_model::Project;
use kubewright_model::variable::VariableValue;
use kubewright_objects::{Body, Object};
use kubewright_source::{Diagnostic, Sources, Span};

/// Decides what is hidden where, once all is read: what the texts show anyway is
/// a plain word.
pub(crate) fn settle(sources: &mut Sources) {
    of_texts(sources);
    sources.excuse_plain_words();
}

/// Users of a router with the hashes of their passwords, as Traefik's labels
/// hold them.
fn of_guards(sources: &mut Sources) {
    let mut found = Vec::new();
    for (id, source) in sources.entries() {
        let mut start = 0;
        for line in source.text().split_inclusive('\n') {
            if let Some((from, to)) = users(line) {
                found.push(Span::new(id, start + from, start + to));
            }
            start += line.len();
        }
    }
    for span in found {
        sources.conceal(span);
    }
}

/// The part of a line behind a label of users: up to its end, since hashes have
/// any sign in them.
fn users(line: &str) -> Option<(usize, usize)> {
    // Most lines are none of labels.
    let label = line.find("raefik.")?;
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

/// Whatever looks like a secret in a text: where no project came of it, nobody
/// knows what its words mean, and parts that lost against others are in none.
fn of_texts(sources: &mut Sources) {
    of_guards(sources);
    let mut found = Vec::new();
    for (id, source) in sources.entries() {
        let (mut lines, mut start) = (line::Lines::default(), 0);
        for line in source.text().split_inclusive('\n') {
            for (from, to) in lines.secrets(line) {
                let values = line::values(&line[from..to]).map(str::to_owned);
                let values: Vec<String> = values.collect();
                found.push((Span::new(id, start + from, start + to), values));
            }
            start += line.len();
        }
    }
    for (span, values) in found {
        sources.conceal(span);
        for value in values {
            sources.hold_written(span, &value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

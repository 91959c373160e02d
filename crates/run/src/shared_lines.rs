//! What is said of several services at one place, because they share its lines: by
//! an alias of YAML, or by extending one service. It is said once, and names the
//! others.

use std::collections::BTreeMap;

use kubewright_source::Diagnostic;

/// How many different things at one place are compared with what comes later.
const ALIKE: usize = 8;
/// How many others are named.
const MOST: usize = 5;

/// Makes one diagnostic of those that say the same of different services. They come
/// in the order of their places.
pub(crate) fn told_once(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let others = alike(&diagnostics);
    if others.is_empty() {
        return diagnostics;
    }
    for (first, others) in &others {
        let names = others.iter().filter_map(|at| service(&diagnostics[*at]));
        let more = named(&names.collect::<Vec<_>>());
        let help = &mut diagnostics[*first].help;
        if !help.is_empty() {
            help.push_str("; ");
        }
        help.push_str(&more);
    }
    let mut gone: Vec<usize> = others.into_values().flatten().collect();
    gone.sort_unstable();
    let mut at = 0;
    diagnostics.retain(|_| {
        at += 1;
        gone.binary_search(&(at - 1)).is_err()
    });
    diagnostics
}

/// The positions of those that say the same as an earlier one at their place, by the
/// position of that one.
fn alike(diagnostics: &[Diagnostic]) -> BTreeMap<usize, Vec<usize>> {
    let mut others: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut here: Vec<usize> = Vec::new();
    for (at, said) in diagnostics.iter().enumerate() {
        let place = |other: &Diagnostic| (other.span, other.code);
        if here
            .first()
            .is_none_or(|first| place(&diagnostics[*first]) != place(said))
        {
            here.clear();
        }
        let mut known = here.iter().take(ALIKE).copied();
        match known.find(|first| !said.span.is_none() && is_same(&diagnostics[*first], said)) {
            Some(first) => others.entry(first).or_default().push(at),
            None => here.push(at),
        }
    }
    others
}

/// The service that a diagnostic speaks of; none for names that a path quotes.
fn service(said: &Diagnostic) -> Option<&str> {
    let name = said.path.strip_prefix("services.")?;
    let end = name.find(['.', '[']).unwrap_or(name.len());
    Some(&name[..end]).filter(|name| !name.is_empty() && !name.starts_with('"'))
}

/// Whether both say the same, each of its own service.
fn is_same(first: &Diagnostic, other: &Diagnostic) -> bool {
    let (Some(one), Some(two)) = (service(first), service(other)) else {
        return false;
    };
    let same = |first: &str, other: &str| is_same_text(first, one, other, two);
    let related = first.related.iter().zip(&other.related);
    one != two
        && first.severity == other.severity
        && first.place_only == other.place_only
        && first.related.len() == other.related.len()
        && same(&first.message, &other.message)
        && same(&first.help, &other.help)
        && same(&first.label, &other.label)
        && related
            .into_iter()
            .all(|(a, b)| a.span == b.span && same(&a.message, &b.message))
}

/// Whether two texts differ only by the names of the services, alone in backticks or
/// at the front of another name (`web-secrets`).
fn is_same_text(first: &str, one: &str, other: &str, two: &str) -> bool {
    let is_same_word = |(at, (first, other)): (usize, (&str, &str))| {
        let rests = first.strip_prefix(one).zip(other.strip_prefix(two));
        let is_name = |rest: &str| rest.is_empty() || rest.starts_with(['-', '.', ':', '/']);
        first == other
            || at % 2 == 1 && rests.is_some_and(|(first, other)| first == other && is_name(first))
    };
    let count = |text: &str| text.matches('`').count();
    let words = first.split('`').zip(other.split('`')).enumerate();
    count(first) == count(other) && words.into_iter().all(is_same_word)
}

/// Whom else it is said of.
fn named(others: &[&str]) -> String {
    let names = others.iter().take(MOST).map(|name| format!("`{name}`"));
    let names = names.collect::<Vec<_>>().join(", ");
    let more = match others.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let share = match others {
        [_] => "shares",
        [] | [..] => "share",
    };
    format!("the same goes for {names}{more}, which {share} this line")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubewright_source::{Sources, Span};

    fn said(span: Span, service: &str, key: &str) -> Diagnostic {
        let message = format!("`{key}` of `{service}` went to Secret `{service}-secrets`");
        Diagnostic::note("moved-to-secret", span, message)
            .path(format!("services.{service}.environment.{key}"))
            .help("set it")
    }

    #[test]
    fn what_services_share_is_said_once() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "a: b");
        let (here, there) = (Span::new(id, 0, 1), Span::new(id, 3, 4));
        let mut found = Vec::new();
        for service in ["web", "api", "worker"] {
            found.push(said(here, service, "TOKEN"));
        }
        found.push(said(here, "db", "OTHER"));
        found.push(said(there, "db", "TOKEN"));
        found.push(said(Span::NONE, "one", "A"));
        found.push(said(Span::NONE, "two", "A"));
        let told = told_once(found);
        assert_eq!(told.len(), 5);
        assert_eq!(
            told[0].message,
            "`TOKEN` of `web` went to Secret `web-secrets`"
        );
        assert_eq!(
            told[0].help,
            "set it; the same goes for `api`, `worker`, which share this line"
        );
        assert!(told[1..].iter().all(|said| said.help == "set it"));
    }

    #[test]
    fn many_are_counted() {
        let mut sources = Sources::default();
        let place = Span::new(sources.add("a.yaml", "a: b"), 0, 1);
        let mut found = Vec::new();
        for number in 0..10 {
            found.push(said(place, &format!("s{number}"), "TOKEN"));
        }
        let told = told_once(found);
        let help = &told[0].help;
        assert!(
            help.ends_with("`s5` and 4 more, which share this line"),
            "{help}"
        );
    }

    #[test]
    fn other_words_are_another_thing() {
        let rows = [
            ("`a` of `web`", "`a` of `api`", true),
            ("`a` of `web`", "`b` of `api`", false),
            ("web", "api", false),
            ("`web-x`", "`api-x`", true),
            ("`web-x`", "`api-y`", false),
            ("`webx`", "`apix`", false),
            ("`web`", "`api` `b`", false),
        ];
        for (first, other, expected) in rows {
            assert_eq!(
                is_same_text(first, "web", other, "api"),
                expected,
                "{first}, {other}"
            );
        }
    }
}

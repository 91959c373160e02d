//! Which pages of other origins may ask, in the words of several controllers.
//!
//! <https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS>

use kubewright_model::gateway::Cors;

/// Origins, those with a `*` inside of them apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Origins<'a> {
    /// As they are; `*` alone stands for all.
    pub(super) exact: Vec<&'a str>,
    /// With a `*` in the place of one part of a host.
    pub(super) patterns: Vec<&'a str>,
}

/// The origins that may ask; `*` where none is named.
pub(super) fn origins(cors: &Cors) -> Origins<'_> {
    let all = cors.allow_origins.iter().map(|origin| origin.as_str());
    let (patterns, mut exact): (Vec<&str>, Vec<&str>) =
        all.partition(|origin| *origin != "*" && origin.contains('*'));
    if exact.contains(&"*") {
        exact = vec!["*"];
    }
    if exact.is_empty() && patterns.is_empty() {
        exact.push("*");
    }
    Origins { exact, patterns }
}

/// A regular expression for an origin with a `*` in it.
pub(super) fn pattern(origin: &str) -> String {
    let parts = origin.split('*').map(|part| part.replace('.', "\\."));
    format!("^{}$", parts.collect::<Vec<_>>().join("[A-Za-z0-9-]+"))
}

/// Methods as HTTP spells them, in the order given.
pub(super) fn methods(cors: &Cors) -> Vec<&'static str> {
    let methods = cors.allow_methods.iter();
    methods.map(|method| method.value.as_str()).collect()
}

/// Whether cookies may come along: never unless asked for, though some
/// controllers let them.
pub(super) fn credentials(cors: &Cors) -> bool {
    let given = cors.allow_credentials.as_ref();
    given.is_some_and(|word| word.value)
}

/// The texts of a list.
pub(super) fn texts(list: &[kubewright_model::Located<String>]) -> Vec<String> {
    list.iter().map(|text| text.value.clone()).collect()
}

#[cfg(test)]
mod tests {
    use kubewright_model::Located;

    use super::*;

    #[test]
    fn origins_with_stars_are_patterns() {
        let rows: [(&[&str], &[&str], &[&str]); 4] = [
            (&[], &["*"], &[]),
            (&["*", "https://a.test"], &["*"], &[]),
            (&["https://a.test"], &["https://a.test"], &[]),
            (&["https://*.a.test"], &[], &["https://*.a.test"]),
        ];
        for (given, exact, patterns) in rows {
            let list = given.iter().map(|it| Located::nowhere((*it).to_owned()));
            let cors = Cors {
                allow_origins: list.collect(),
                ..Cors::default()
            };
            let found = origins(&cors);
            assert_eq!((&*found.exact, &*found.patterns), (exact, patterns));
        }
        assert_eq!(
            pattern("https://*.a.test"),
            r"^https://[A-Za-z0-9-]+\.a\.test$"
        );
    }
}

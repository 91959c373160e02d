//! What the objects of routes are called.
//!
//! Routes that say nothing of their own stand in the gateway's own object, others
//! in one called after the first of them: `gateway`, `gateway-book`. So a change
//! of one route changes no other's file. An app's routes are numbered.

use std::collections::BTreeSet;

use super::Owner;
use super::way::Way;

/// Names of one kind of object, each given once.
#[derive(Debug)]
pub(super) struct Names<'o> {
    base: &'o str,
    of_app: bool,
    taken: BTreeSet<String>,
}

impl<'o> Names<'o> {
    pub(super) fn new(owner: &Owner<'o>) -> Self {
        Self {
            base: owner.base,
            of_app: owner.of_app,
            taken: BTreeSet::new(),
        }
    }

    /// The name of a group of routes, by the first of them; `plain` says that it
    /// may be the gateway's own.
    pub(super) fn group(&mut self, first: &Way<'_>, plain: bool) -> String {
        let base = self.base;
        if self.of_app {
            let numbered = (2..).map(|at| format!("{base}-route-{at}"));
            return self.free(std::iter::once(base.to_owned()).chain(numbered));
        }
        let own = plain.then(|| base.to_owned());
        let of_path = format!("{base}-{}", slug(first.path()));
        let of_host = first.host.map(|host| format!("{of_path}-{}", slug(host)));
        let numbered = (2..).map(|at| format!("{of_path}-{at}"));
        let wishes = own.into_iter().chain([of_path.clone()]).chain(of_host);
        self.free(wishes.chain(numbered))
    }

    /// The first that is not taken, which then is.
    pub(super) fn free(&mut self, mut wishes: impl Iterator<Item = String>) -> String {
        let found = wishes.find(|wish| !self.taken.contains(wish));
        let found = found.expect("there is no end of numbers");
        self.taken.insert(found.clone());
        found
    }
}

/// A path or host as part of a name; `root` for `/`.
pub(super) fn slug(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    match words.is_empty() {
        true => "root".to_owned(),
        false => words.join("-"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_parts_of_names() {
        let rows = [
            ("/", "root"),
            ("/api/v1/", "api-v1"),
            ("/~Me_too.x", "me-too-x"),
            ("*.shop.test", "shop-test"),
        ];
        for (path, expected) in rows {
            assert_eq!(slug(path), expected);
        }
    }
}

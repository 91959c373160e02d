//! The variables that a run was started with.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Variables by name: those of the process, or whatever stands for it in a test.
///
/// Readers never ask the process themselves; the shells hand this in. It remembers
/// the names it was asked for, so that a shell can tell on which variables a result
/// depends. Clones remember together; what is remembered counts neither for
/// equality nor for order.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    asked: Arc<Mutex<BTreeSet<String>>>,
}

impl Environment {
    /// The value of a variable; the empty string is a value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.note(name);
        self.variables.get(name).map(String::as_str)
    }

    /// Adds a variable unless it is set already: what was there first wins. So it
    /// asks for the variable, too.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into();
        self.note(&name);
        self.variables.entry(name).or_insert_with(|| value.into());
    }

    /// Sets a variable, whatever it was before.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.variables.insert(name.into(), value.into());
    }

    /// The names that this environment or a clone of it was asked for, in order;
    /// also those that it has no value for.
    pub fn asked(&self) -> BTreeSet<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The values of these variables as they are here. This asks for nothing.
    pub fn values<'a>(
        &'a self,
        names: &'a BTreeSet<String>,
    ) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        names.iter().map(|name| {
            let value = self.variables.get(name).map(String::as_str);
            (name.as_str(), value)
        })
    }

    fn note(&self, name: &str) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if !asked.contains(name) {
            asked.insert(name.to_owned());
        }
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let own = |(name, value): (N, V)| (name.into(), value.into());
        Self {
            variables: variables.into_iter().map(own).collect(),
            asked: Arc::default(),
        }
    }
}

impl PartialEq for Environment {
    fn eq(&self, other: &Self) -> bool {
        self.variables == other.variables
    }
}

impl Eq for Environment {}

impl PartialOrd for Environment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Environment {
    fn cmp(&self, other: &Self) -> Ordering {
        self.variables.cmp(&other.variables)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_remembered_by_all_clones() {
        let mut given: Environment = [("A", "1"), ("B", "2"), ("C", "3")].into_iter().collect();
        let mut clone = given.clone();
        assert_eq!(clone.get("A"), Some("1"));
        assert_eq!(given.get("D"), None);
        clone.add("B", "other");
        clone.add("E", "5");
        given.set("F", "6");
        let names = given.asked();
        let values: Vec<_> = given.values(&names).collect();
        let expected = [("A", Some("1")), ("B", Some("2")), ("D", None), ("E", None)];
        assert_eq!(values, expected);
        assert_eq!(given.asked(), names);
    }

    #[test]
    fn equality_looks_at_the_variables_alone() {
        let one: Environment = [("A", "1")].into_iter().collect();
        let two: Environment = [("A", "1")].into_iter().collect();
        one.get("A");
        assert_eq!(one, two);
        assert_eq!(one.cmp(&two), Ordering::Equal);
        let three: Environment = [("A", "2")].into_iter().collect();
        assert!(one != three && one < three);
    }
}

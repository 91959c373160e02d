//! Things that several routes may have in common, each made once.

use std::collections::BTreeMap;

/// Specs by the names of their objects.
#[derive(Debug)]
pub(super) struct Gathered<S>(BTreeMap<String, S>);

impl<S> Default for Gathered<S> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<S: PartialEq> Gathered<S> {
    /// The name of a thing: the first of its wishes that nothing else has.
    pub(super) fn name(&mut self, wishes: impl Iterator<Item = String>, spec: S) -> String {
        for wish in wishes {
            match self.0.get(&wish) {
                Some(other) if *other == spec => return wish,
                Some(_) => {}
                None => {
                    self.0.insert(wish.clone(), spec);
                    return wish;
                }
            }
        }
        unreachable!("wishes have no end")
    }

    /// All, in the order of their names.
    pub(super) fn into_iter(self) -> impl Iterator<Item = (String, S)> {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_things_are_one() {
        let mut gathered = Gathered::default();
        let wishes = || ["a", "b"].into_iter().map(str::to_owned);
        assert_eq!(gathered.name(wishes(), 1), "a");
        assert_eq!(gathered.name(wishes(), 2), "b");
        assert_eq!(gathered.name(wishes(), 1), "a");
        assert_eq!(gathered.into_iter().count(), 2);
    }
}

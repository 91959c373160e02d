//! Items whose merge key both sides changed.
//!
//! By its identity such an item went, and another came. Where both sides let one
//! item go and each has another in its place, taking both would make two of what
//! was one: a Service with two ports without names, which Kubernetes refuses
//! (<https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services>).

use std::cmp::Reverse;
use std::collections::BTreeSet;

use kubewright_yaml::Node;

use super::Keyed;
use crate::Why;
use crate::same::same;
use crate::three_way::{Merger, Sides, place};

/// An item that both sides replaced: its number in each of the three lists.
#[derive(Debug, PartialEq, Eq)]
struct Rekeyed {
    base: usize,
    user: usize,
    new: usize,
}

impl Merger<'_> {
    /// Tells the items whose keys both sides changed; gives back the numbers of
    /// the generator's, which are not added beside the user's.
    pub(super) fn rekeyed(
        &mut self,
        sides: Sides<'_>,
        keyed: &Keyed,
        path_of: impl Fn(&str) -> String,
    ) -> BTreeSet<usize> {
        let mut told = BTreeSet::new();
        for Rekeyed { base, user, new } in found(sides, keyed) {
            let path = path_of(&keyed.base[base]);
            let [base, item, ours] = [
                sides.base.and_then(|list| at(list, base)),
                at(sides.user, user),
                at(sides.new, new),
            ];
            let place = place::first_line(self.user, item.unwrap_or(sides.user));
            self.conflict(&path, place, Why::BothChanged, base, item, ours);
            told.insert(new);
        }
        told
    }
}

fn at(list: &Node, number: usize) -> Option<&Node> {
    list.as_sequence()?.get(number)
}

/// The items that are gone on both sides and have another in their place on each.
///
/// People change a key where it stands: the user's item is between the same
/// neighbours as the one that is gone. What is generated may be sorted by the
/// key, so the generator's can be anywhere.
fn found(sides: Sides<'_>, keyed: &Keyed) -> Vec<Rekeyed> {
    let Some(base) = sides.base else {
        return Vec::new();
    };
    let [in_base, in_user, in_new] = [&keyed.base, &keyed.user, &keyed.new]
        .map(|names| names.iter().map(String::as_str).collect::<BTreeSet<_>>());
    let is_gone = |name: &str| !in_user.contains(name) && !in_new.contains(name);
    let gone: Vec<usize> = numbers(&keyed.base, is_gone);
    let mut theirs = numbers(&keyed.user, |name| {
        !in_base.contains(name) && !in_new.contains(name)
    });
    let mut ours = numbers(&keyed.new, |name| {
        !in_base.contains(name) && !in_user.contains(name)
    });
    if gone.is_empty() || theirs.is_empty() || ours.is_empty() {
        return Vec::new();
    }
    let (base_user, user_base) = (gaps(&keyed.base, &in_user), gaps(&keyed.user, &in_base));
    let (base_new, new_base) = (gaps(&keyed.base, &in_new), gaps(&keyed.new, &in_base));
    let mut found = Vec::new();
    for old in gone {
        let user = most(&theirs, |user| {
            let is_there = user_base[user] == base_user[old];
            is_there.then(|| alike(at(base, old), at(sides.user, user)))
        });
        let new = most(&ours, |new| {
            let is_there = new_base[new] == base_new[old];
            Some((is_there, alike(at(base, old), at(sides.new, new))))
        });
        let (Some(user), Some(new)) = (user, new) else {
            continue;
        };
        theirs.retain(|other| *other != user);
        ours.retain(|other| *other != new);
        found.push(Rekeyed {
            base: old,
            user,
            new,
        });
    }
    found
}

/// The numbers of the items with such names.
fn numbers(names: &[String], is: impl Fn(&str) -> bool) -> Vec<usize> {
    let found = names.iter().enumerate().filter(|(_, name)| is(name));
    found.map(|(number, _)| number).collect()
}

/// How many items that the other list has, too, stand before each item.
fn gaps(names: &[String], other: &BTreeSet<&str>) -> Vec<usize> {
    let mut before = 0;
    let gap = |name: &String| {
        let gap = before;
        before += usize::from(other.contains(name.as_str()));
        gap
    };
    names.iter().map(gap).collect()
}

/// The first of those with the highest rank; those without one are passed over.
fn most<R: Ord>(numbers: &[usize], rank: impl Fn(usize) -> Option<R>) -> Option<usize> {
    let ranked = numbers
        .iter()
        .filter_map(|&number| Some((Reverse(rank(number)?), number)));
    // Of equals `min` takes the one with the lower number.
    ranked.min().map(|(_, number)| number)
}

/// How many fields of two items are the same.
fn alike(one: Option<&Node>, two: Option<&Node>) -> usize {
    let (Some(one), Some(two)) = (one.and_then(Node::as_mapping), two) else {
        return 0;
    };
    let is_same = |key: &str, value: &Node| two.get(key).is_some_and(|other| same(value, other));
    one.iter()
        .filter(|entry| is_same(&entry.key.text, &entry.value))
        .count()
}

//! `images`: names, tags and digests, as Kustomize's transformer takes them.
//!
//! It looks at every container of every object whose image has the name, so an entry
//! stands only where all of these become what they have to be.
//!
//! <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/>

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use kubewright_difference::{Change, Edit, Step, apply, pointer};
use kubewright_objects::{Body, Object};
use serde::Serialize;
use serde_json::Value;

use super::item::Item;
use crate::image::split;
use crate::tree;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Image {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

/// Images as they are before `images`, and as they have to be; each pair once.
pub(super) type Pairs = BTreeSet<(String, String)>;

impl Image {
    /// The entry that makes one image of another, where there is one.
    fn between(from: &str, to: &str) -> Option<Self> {
        let (name, ..) = split(from);
        let (new_name, tag, digest) = split(to);
        let keeps = split(from) == (name, tag, digest);
        let given = |text: &str| (!text.is_empty() && !keeps).then(|| text.to_owned());
        let entry = Self {
            name: name.to_owned(),
            new_name: (new_name != name).then(|| new_name.to_owned()),
            new_tag: given(tag),
            digest: given(digest),
        };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/:".contains(c);
        let works = name.chars().all(is_plain) && entry.apply(from).as_deref() == Some(to);
        works.then_some(entry)
    }

    /// The image that it makes; none where it leaves this one alone.
    fn apply(&self, image: &str) -> Option<String> {
        if !self.matches(image) {
            return None;
        }
        let (name, mut tag, mut digest) = split(image);
        match (self.new_tag.as_deref(), self.digest.as_deref()) {
            (None, None) => {}
            (new_tag, new_digest) => {
                (tag, digest) = (new_tag.unwrap_or(""), new_digest.unwrap_or(""));
            }
        }
        let mut made = self.new_name.as_deref().unwrap_or(name).to_owned();
        for (mark, part) in [(':', tag), ('@', digest)] {
            if !part.is_empty() {
                made.push(mark);
                made.push_str(part);
            }
        }
        Some(made)
    }

    /// Whether the name is the image's, as Kustomize compares: as a regular
    /// expression, in which a dot is any character.
    fn matches(&self, image: &str) -> bool {
        let name = self.name.as_bytes();
        let Some((own, rest)) = image.as_bytes().split_at_checked(name.len()) else {
            return false;
        };
        let same = name.iter().zip(own);
        same.into_iter().all(|(a, b)| *a == b'.' || a == b) && is_rest(rest)
    }
}

/// Whether this is a tag, a digest, both or nothing.
fn is_rest(mut rest: &[u8]) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.{}-".contains(byte);
    for mark in [b":".as_slice(), b"@sha256:"] {
        if let Some(behind) = rest.strip_prefix(mark) {
            let word = behind.iter().take_while(|byte| is_word(byte)).count();
            rest = &behind[word..];
        }
    }
    rest.is_empty()
}

/// The positions of entries by the ends of their names.
type ByEnd<'e> = HashMap<&'e [u8], Vec<usize>>;

/// Entries in their order, found by the images that they match.
pub(super) struct Entries<'e> {
    all: &'e [Image],
    /// By the length of the name and that of its part behind the last dot, then by that
    /// part: in front of it, any character may stand for a dot.
    by_end: BTreeMap<(usize, usize), ByEnd<'e>>,
}

impl<'e> Entries<'e> {
    pub(super) fn of(all: &'e [Image]) -> Self {
        let mut by_end: BTreeMap<_, ByEnd<'e>> = BTreeMap::new();
        for (at, entry) in all.iter().enumerate() {
            let name = entry.name.as_bytes();
            let end = name.rsplit(|byte| *byte == b'.').next().unwrap_or(name);
            let group = by_end.entry((name.len(), end.len())).or_default();
            group.entry(end).or_default().push(at);
        }
        Self { all, by_end }
    }

    /// The first entry from this position on that matches.
    fn next(&self, image: &str, from: usize) -> Option<usize> {
        let groups = self.by_end.iter().filter_map(|((name, end), group)| {
            let name = image.as_bytes().get(..*name)?;
            group.get(&name[name.len() - end..])
        });
        let candidates = groups.flat_map(|found| {
            let later = found.partition_point(|at| *at < from);
            found[later..].iter().copied()
        });
        candidates.filter(|at| self.all[*at].matches(image)).min()
    }

    /// What they make of an image, one after the other.
    pub(super) fn apply(&self, image: &str) -> String {
        let mut image = image.to_owned();
        let mut from = 0;
        while let Some(at) = self.next(&image, from) {
            image = self.all[at].apply(&image).unwrap_or(image);
            from = at + 1;
        }
        image
    }

    fn touches(&self, image: &str) -> bool {
        self.next(image, 0).is_some()
    }
}

/// The entries that an environment needs, without those that would touch what they
/// must not. `fixed` are references that no entry may touch.
///
/// What they do not make is left for patches, which come first: no entry changes
/// what a patch has made.
pub(super) fn entries(pairs: &Pairs, fixed: &BTreeSet<String>) -> Vec<Image> {
    let changed = pairs.iter().filter(|(from, to)| from != to);
    let found: BTreeSet<Image> = changed
        .filter_map(|(from, to)| Image::between(from, to))
        .collect();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for entry in &found {
        *counts.entry(entry.name.clone()).or_default() += 1;
    }
    let mut entries: Vec<Image> = found.into_iter().collect();
    entries.retain(|entry| counts[&entry.name] == 1);
    loop {
        let wrong = wrong(&Entries::of(&entries), pairs, fixed);
        if wrong.is_empty() {
            return entries;
        }
        let before = entries.len();
        entries.retain(|entry| !wrong.iter().any(|image| entry.matches(image)));
        if entries.len() == before {
            return Vec::new();
        }
    }
}

/// The images that entries touch and must not: all of those that no entry may touch,
/// else the first of those that would become something else.
fn wrong(entries: &Entries<'_>, pairs: &Pairs, fixed: &BTreeSet<String>) -> Vec<String> {
    let fixed = fixed.iter().filter(|image| entries.touches(image));
    let fixed: Vec<String> = fixed.cloned().collect();
    if !fixed.is_empty() {
        return fixed;
    }
    // What they do not make a patch makes, and then it has to stay.
    let is_wrong =
        |(from, to): &&(String, String)| entries.apply(from) != *to && entries.apply(to) != *to;
    let wrong = pairs.iter().find(is_wrong);
    wrong.map(|(_, to)| to.clone()).into_iter().collect()
}

/// The images of an object of the base in one environment, as in [`Inventory`].
#[derive(Debug)]
pub(super) struct Images {
    pairs: Vec<(String, String)>,
    fixed: Vec<String>,
}

impl Images {
    /// Of an object that becomes `tree` by these changes of the base.
    pub(super) fn of(base: &Value, changes: &[Change], tree: &Value) -> Self {
        let (mut from, mut to) = (Vec::new(), Vec::new());
        containers(tree, &mut to);
        let others = changes.iter().filter(|change| !is_image(change));
        let mut before = Cow::Borrowed(base);
        // Without containers there is nothing to be changed.
        if !to.is_empty() {
            apply(before.to_mut(), &others.cloned().collect::<Vec<_>>());
        }
        containers(&before, &mut from);
        let pairs = from.iter().zip(&to);
        Self {
            pairs: pairs
                .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
                .collect(),
            fixed: references(tree).map(str::to_owned).collect(),
        }
    }
}

/// The images of an environment.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    /// Of containers.
    pairs: Pairs,
    /// References that no entry may touch: volumes made of images, which not every
    /// version of Kustomize looks at.
    fixed: BTreeSet<String>,
}

impl Inventory {
    /// What the environment at a position has.
    pub(super) fn of(items: &[Item<'_>], at: usize) -> Self {
        let mut found = Self::default();
        for item in items {
            match (item.changed(), &item.each[at]) {
                (Some(changed), _) => found.add(&changed.each[at].images),
                (None, Some(placed)) => found.keep(&placed.object),
                (None, None) => {}
            }
        }
        found
    }

    fn add(&mut self, images: &Images) {
        self.pairs.extend(images.pairs.iter().cloned());
        self.fixed.extend(images.fixed.iter().cloned());
    }

    fn keep(&mut self, object: &Object) {
        let Ok(tree) = (match (object.body.pod_template(), &object.body) {
            (Some(_), _) | (None, Body::Untyped(_)) => tree::of(object),
            (None, _) => return,
        }) else {
            return;
        };
        let mut images = Vec::new();
        containers(&tree, &mut images);
        let same = images
            .iter()
            .map(|image| ((*image).to_owned(), (*image).to_owned()));
        self.pairs.extend(same);
        self.fixed.extend(references(&tree).map(str::to_owned));
    }

    /// The entries.
    pub(super) fn entries(&self) -> Vec<Image> {
        entries(&self.pairs, &self.fixed)
    }

    /// Whether the same comes of entries in this order.
    pub(super) fn takes(&self, entries: &[Image], ordered: &[Image]) -> bool {
        let (entries, ordered) = (Entries::of(entries), Entries::of(ordered));
        self.pairs.iter().all(|(from, to)| {
            let both = [from, to];
            both.iter()
                .all(|image| entries.apply(image) == ordered.apply(image))
        })
    }
}

/// Takes images out of the changes that entries make.
pub(super) fn take(items: &mut [Item<'_>], at: usize, entries: &[Image]) {
    let entries = Entries::of(entries);
    for item in items {
        let Some(changed) = item.changed_mut() else {
            continue;
        };
        let base = &changed.base;
        let is_made = |change: &Change| match &change.edit {
            Edit::Replace(Value::String(to)) if is_image(change) => {
                let from = base.pointer(&pointer(&change.path)).and_then(Value::as_str);
                from.is_some_and(|from| entries.apply(from) == *to)
            }
            Edit::Add(_) | Edit::Replace(_) | Edit::Remove => false,
        };
        changed.each[at].rest.retain(|change| !is_made(change));
    }
}

/// Whether the change gives a container of the base another image.
fn is_image(change: &Change) -> bool {
    let [.., Step::Key(list), Step::Item { .. }, Step::Key(image)] = &change.path[..] else {
        return false;
    };
    let is_replaced = matches!(change.edit, Edit::Replace(Value::String(_)));
    is_replaced && image == "image" && LISTS.contains(&list.as_str())
}

/// The lists that Kustomize looks into, wherever they stand.
const LISTS: &[&str] = &["containers", "initContainers"];

/// The images of all containers, always in the same order.
fn containers<'t>(tree: &'t Value, found: &mut Vec<&'t str>) {
    match tree {
        Value::Object(map) => {
            for (key, value) in map {
                containers(value, found);
                let list = value.as_array().filter(|_| LISTS.contains(&key.as_str()));
                let images = list.into_iter().flatten().map(|item| item.get("image"));
                found.extend(images.filter_map(|image| image?.as_str()));
            }
        }
        Value::Array(list) => list.iter().for_each(|item| containers(item, found)),
        _ => {}
    }
}

/// The references of volumes that are made of images.
fn references(tree: &Value) -> impl Iterator<Item = &str> {
    let places = ["/spec/volumes", "/spec/template/spec/volumes"];
    let lists = places
        .into_iter()
        .filter_map(|place| tree.pointer(place)?.as_array());
    lists
        .flatten()
        .filter_map(|volume| volume.pointer("/image/reference")?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_fall_into_their_parts() {
        let rows = [
            ("nginx", ("nginx", "", "")),
            ("nginx:1", ("nginx", "1", "")),
            ("reg:5000/a/b", ("reg:5000/a/b", "", "")),
            ("reg:5000/a/b:1", ("reg:5000/a/b", "1", "")),
            ("a@sha256:ff", ("a", "", "sha256:ff")),
            ("r/a:1@sha256:ff", ("r/a", "1", "sha256:ff")),
        ];
        for (image, expected) in rows {
            assert_eq!(split(image), expected, "{image}");
        }
    }

    fn made(pairs: &[(&str, &str)]) -> Vec<String> {
        let pairs = pairs
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        let found = entries(&pairs.collect(), &BTreeSet::new());
        let told = |entry: &Image| {
            let parts = [&entry.new_name, &entry.new_tag, &entry.digest];
            let parts = parts.map(|part| part.as_deref().unwrap_or("-").to_owned());
            format!("{} {}", entry.name, parts.join(" "))
        };
        found.iter().map(told).collect()
    }

    #[test]
    fn an_entry_stands_only_where_it_is_right_everywhere() {
        assert_eq!(made(&[("a:1", "a:2")]), ["a - 2 -"]);
        assert_eq!(
            made(&[("a:1", "r.io/a:2"), ("b:1", "b:1")]),
            ["a r.io/a 2 -"]
        );
        assert_eq!(made(&[("a:1", "a:1@sha256:ff")]), ["a - 1 sha256:ff"]);
        assert_eq!(made(&[("a:1", "r/a:1")]), ["a r/a - -"]);
        // The other container with that name stays as it is.
        assert!(made(&[("a:1", "a:2"), ("a:3", "a:3")]).is_empty());
        assert!(made(&[("a:1", "a:2"), ("a:1", "a:1")]).is_empty());
        // A tag cannot be taken away.
        assert!(made(&[("a:1", "a")]).is_empty());
        // What one makes, the other would touch.
        assert_eq!(made(&[("a:1", "b:1"), ("b:1", "c:1")]), ["a b - -"]);
        // A dot is any character.
        assert!(made(&[("a.b:1", "a.b:2"), ("axb:1", "axb:1")]).is_empty());
        assert_eq!(made(&[("a:1", "a:2"), ("ab:1", "ab:1")]), ["a - 2 -"]);
    }
}

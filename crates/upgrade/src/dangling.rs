//! A file with edits of the user's, beside files as they are generated: what they want
//! of each other and do not have.

use std::collections::{BTreeMap, BTreeSet};

use kubewright_files::ObjectRef;
use kubewright_source::{Diagnostic, Sources, Span};

use crate::Now;
use crate::object::{Object, read};
use crate::reference::{Wish, may_want, offers, wishes};

/// A file that is not as it was generated, because the user edited it.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'t> {
    /// The text that is there, and the objects that are generated.
    pub file: Now<'t>,
    /// What would have been written without edits.
    pub generated: &'t str,
    /// Both sides changed it, and it could not be merged: it stays as it was.
    pub is_conflict: bool,
}

/// What became of such a file, and what can be done but an edit by hand.
#[derive(Clone)]
struct Fate {
    happened: &'static str,
    settle: String,
}

impl Kept<'_> {
    fn fate(&self) -> Fate {
        match self.is_conflict {
            true => Fate {
                happened: "was kept",
                settle: format!(
                    "settle the conflict of `{}` and run again, or ",
                    self.file.shown
                ),
            },
            false => Fate {
                happened: "was edited",
                settle: String::new(),
            },
        }
    }
}

/// An object of a cluster: kind, namespace, name.
type Key = (String, Option<String>, String);

/// Warnings for references between `kept` files and the `others` of a run, as they
/// are now, that lead nowhere because one side was not written: one for each file
/// and each object that it refers to. Files that are spoken of are added to the
/// sources.
///
/// A container whose variable or file comes from a key that is not there does not
/// start
/// (<https://kubernetes.io/docs/concepts/configuration/configmap/#configmaps-and-pods>).
pub fn dangling(kept: &[Kept<'_>], others: &[Now<'_>], sources: &mut Sources) -> Vec<Diagnostic> {
    let readable = kept.iter().filter(|kept| !read(kept.file.text).is_empty());
    let readable: Vec<&Kept<'_>> = readable.collect();
    let mut said = lacking(&readable, others, sources);
    said.extend(gone(&readable, others, sources));
    said
}

/// What the others want and kept files do not have, although it is generated.
fn lacking(kept: &[&Kept<'_>], others: &[Now<'_>], sources: &mut Sources) -> Vec<Diagnostic> {
    let mut lacks: BTreeMap<Key, (BTreeSet<String>, &Kept<'_>)> = BTreeMap::new();
    for kept in kept {
        let mine = read(kept.file.text);
        for object in read(kept.generated) {
            let mut parts = offers(&object).unwrap_or_default();
            for has in mine.iter().filter(|mine| mine.is(&object)) {
                let has = offers(has).unwrap_or_default();
                parts.retain(|part| !has.contains(part));
            }
            if !parts.is_empty() {
                lacks.insert(key(&object), (parts, *kept));
            }
        }
    }
    let mut said = Vec::new();
    let all = others.iter().chain(kept.iter().map(|kept| &kept.file));
    for file in all.filter(|file| may_refer(file, &lacks)) {
        let mut found = Found::default();
        for object in read(file.text) {
            for wish in wishes(&object) {
                let lack = lacks.get(&wanted(&wish));
                if let (Some((parts, kept)), Some(part)) = (lack, &wish.part)
                    && parts.contains(part)
                {
                    found.add(&kept.file, kept.fate(), &wish, part);
                }
            }
        }
        said.extend(found.told(file.shown, file.text, sources, |gap, kept| {
            let (of, parts) = (named(&gap.wish), listed(&gap.parts));
            let refers = format!("`{}` refers to {parts} of {of}", file.shown);
            let Fate { happened, settle } = &gap.fate;
            let into = it(kept, settle);
            (
                format!("{refers}, but `{kept}` {happened} and has no such thing"),
                format!("{settle}write {parts} into {into}"),
            )
        }));
    }
    said
}

/// What kept files want and the others do not have any more.
fn gone(kept: &[&Kept<'_>], others: &[Now<'_>], sources: &mut Sources) -> Vec<Diagnostic> {
    let mut wants: BTreeMap<Key, Vec<(usize, Wish)>> = BTreeMap::new();
    for (at, file) in kept.iter().enumerate() {
        let all = |text| read(text).iter().flat_map(wishes).collect::<Vec<_>>();
        let generated = all(file.generated);
        let still: BTreeSet<_> = generated
            .iter()
            .map(|one| (wanted(one), &one.part))
            .collect();
        for wish in all(file.file.text) {
            if wish.part.is_some() && !still.contains(&(wanted(&wish), &wish.part)) {
                wants.entry(wanted(&wish)).or_default().push((at, wish));
            }
        }
    }
    let mut found: BTreeMap<usize, Found<'_>> = BTreeMap::new();
    let holds = |object: &ObjectRef| {
        let key = (
            object.kind.to_string(),
            object.namespace.clone(),
            object.name.clone(),
        );
        wants.contains_key(&key)
    };
    for file in others.iter().filter(|file| file.objects.iter().any(holds)) {
        for object in read(file.text) {
            let has = offers(&object).unwrap_or_default();
            for (at, wish) in wants.get(&key(&object)).into_iter().flatten() {
                if let Some(part) = wish.part.as_ref().filter(|part| !has.contains(*part)) {
                    let fate = kept[*at].fate();
                    found.entry(*at).or_default().add(file, fate, wish, part);
                }
            }
        }
    }
    let mut said = Vec::new();
    for (at, found) in found {
        let file = &kept[at].file;
        said.extend(found.told(file.shown, file.text, sources, |gap, other| {
            let (of, parts) = (named(&gap.wish), listed(&gap.parts));
            let Fate { happened, settle } = &gap.fate;
            let refers = format!("`{}` {happened} and refers to {parts} of {of}", file.shown);
            let from = it(file.shown, settle);
            (
                format!("{refers}, but `{other}` has no such thing any more"),
                format!("{settle}take {parts} out of {from}"),
            )
        }));
    }
    said
}

/// The name of a file, where it was not said just before.
fn it(shown: &str, said: &str) -> String {
    match said.is_empty() {
        true => format!("`{shown}`"),
        false => "it".to_owned(),
    }
}

/// Whether a file has objects that can refer to these. Where they are few, only
/// files with one of their names are read.
fn may_refer(file: &Now<'_>, lacks: &BTreeMap<Key, (BTreeSet<String>, &Kept<'_>)>) -> bool {
    const FEW: usize = 16;
    let is_named = |key: &&Key| lacks.len() > FEW || file.text.contains(&*key.2);
    let mut named = lacks.keys().filter(is_named);
    named.any(|(of, _, _)| file.objects.iter().any(|object| may_want(&object.kind, of)))
}

/// What one file refers to in vain, by object and the file of that object.
#[derive(Default)]
struct Found<'t>(BTreeMap<(Key, &'t str), Gap>);

struct Gap {
    /// The first of the references.
    wish: Wish,
    parts: BTreeSet<String>,
    fate: Fate,
}

impl<'t> Found<'t> {
    fn add(&mut self, file: &Now<'t>, fate: Fate, wish: &Wish, part: &str) {
        let gap = self.0.entry((wanted(wish), file.shown));
        let gap = gap.or_insert_with(|| Gap {
            wish: wish.clone(),
            parts: BTreeSet::new(),
            fate,
        });
        gap.parts.insert(part.to_owned());
    }

    /// A warning each. Lines are not shown: a value may stand in them.
    fn told(
        self,
        shown: &str,
        text: &str,
        sources: &mut Sources,
        words: impl Fn(&Gap, &str) -> (String, String),
    ) -> Vec<Diagnostic> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let id = sources.add(shown, text);
        let mut said = Vec::new();
        for ((_, other), gap) in self.0 {
            let (message, help) = words(&gap, other);
            let wish = &gap.wish;
            let place = Span::new(id, wish.place.start as usize, wish.place.end as usize);
            said.push(
                Diagnostic::warning("dangling-reference", place, message)
                    .help(help)
                    .place_only(),
            );
        }
        said
    }
}

fn key(object: &Object) -> Key {
    let (namespace, name) = object.name();
    (
        object.kind.clone(),
        namespace.map(str::to_owned),
        name.to_owned(),
    )
}

fn wanted(wish: &Wish) -> Key {
    (
        wish.kind.to_owned(),
        wish.namespace.clone(),
        wish.name.clone(),
    )
}

/// `ConfigMap `web-config``.
fn named(wish: &Wish) -> String {
    format!("{} `{}`", wish.kind, wish.name)
}

/// `` `A`, `B` and 3 more ``
fn listed(parts: &BTreeSet<String>) -> String {
    const MOST: usize = 5;
    let words: Vec<String> = parts
        .iter()
        .take(MOST)
        .map(|part| format!("`{part}`"))
        .collect();
    match parts.len().saturating_sub(MOST) {
        0 => words.join(", "),
        more => format!("{} and {more} more", words.join(", ")),
    }
}

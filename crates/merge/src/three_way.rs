//! The decision for every field.

mod list;
mod mapping;
mod place;
mod touchy;

pub use touchy::LooksSecret;

use std::collections::BTreeSet;
use std::ops::Range;

use kubewright_yaml::{Entry, Node, Style, Value};

use crate::comment::Comments;
use crate::edit::{Change, Edit, apply};
use crate::layout::{self, documents};
use crate::same::same;
use crate::{Conflict, Outcome, Untaken, Why, outline, stream, veil};

/// The comment with which the user keeps a value, whatever is generated.
pub const KEEP: &str = "# kubewright: keep";

/// Merges a file: `base` is what was generated last (of a Secret its
/// [shape](veil::shape)), `user` what the user made of it, `new` what is generated
/// now.
///
/// - What only one side changed is taken from that side; what both changed alike
///   is left as it is.
/// - What the user removed stays removed, unless the generator changed it.
/// - Keys and items that are new come behind the neighbour that they have in `new`.
/// - Where both changed one field differently, the user's stays if its line ends
///   with [`KEEP`]; else there is a conflict.
/// - Of several documents each is merged with those that hold the same object.
/// - The comment lines at the top are the generator's as long as the user did not
///   change them.
///
/// Merging the result again changes nothing.
///
/// Conflicts show all values that no Secret holds; [`merge_veiled`] shows less.
#[must_use]
pub fn merge(base: &str, user: &str, new: &str) -> Outcome {
    merge_veiled(base, user, new, &|_, _| false)
}

/// As [`merge()`]; conflicts show no value that looks secret.
#[must_use]
pub fn merge_veiled(base: &str, user: &str, new: &str, looks_secret: LooksSecret<'_>) -> Outcome {
    if let Some(outcome) = stream::merge(base, user, new, looks_secret) {
        return outcome;
    }
    let whole = |why| {
        let place = 0..layout::line_end(user, 0);
        let conflict = Conflict {
            path: String::new(),
            is_veiled: looks_secret("", &[&user[place.clone()]]),
            place,
            why,
            user: None,
            generated: None,
            base: None,
        };
        Outcome::Conflicts(vec![conflict], Untaken(0))
    };
    let Some(mut user_documents) = documents(user) else {
        return whole(Why::Unreadable);
    };
    let (Some(base_documents), Some(mut new_documents)) = (documents(base), documents(new)) else {
        return whole(Why::Form);
    };
    let comments = Comments::of(user, &user_documents);
    let base_comments = Comments::of(base, &base_documents);
    user_documents.iter_mut().for_each(veil::veil);
    new_documents.iter_mut().for_each(veil::veil);
    let mut merger = Merger {
        base,
        user,
        new,
        known: base_comments.texts(),
        comments,
        is_secret: false,
        may_be_secret: false,
        edits: Vec::new(),
        conflicts: Vec::new(),
        told: Vec::new(),
    };
    merger.header();
    let Ok(expected) = merger.document(&base_documents, &user_documents, &new_documents) else {
        return whole(Why::Form);
    };
    if !merger.conflicts.is_empty() {
        let untaken = Untaken(merger.edits.len());
        let documents = [&base_documents, &user_documents, &new_documents];
        merger.veil(documents, looks_secret);
        return Outcome::Conflicts(merger.conflicts, untaken);
    }
    match apply(user, merger.edits).filter(|text| says(text, &expected)) {
        Some(text) => Outcome::Merged(text),
        None => whole(Why::Form),
    }
}

/// Whether a text says just this.
fn says(text: &str, expected: &[Node]) -> bool {
    documents(text).is_some_and(|mut found| {
        found.iter_mut().for_each(veil::veil);
        found.len() == expected.len() && found.iter().zip(expected).all(|(one, two)| same(one, two))
    })
}

/// The text cannot be edited here.
struct Stuck;

struct Merger<'t> {
    base: &'t str,
    user: &'t str,
    new: &'t str,
    /// The user's comments, and those that were generated.
    comments: Comments<'t>,
    known: BTreeSet<&'t str>,
    /// Whether the document at work is a Secret.
    is_secret: bool,
    /// Whether any side of it is or holds one.
    may_be_secret: bool,
    edits: Vec<Edit>,
    conflicts: Vec<Conflict>,
    /// For each conflict the places of its values: in `base`, `user` and `new`.
    told: Vec<[Option<Range<usize>>; 3]>,
}

/// What a value stands in: the user's, and the generator's.
#[derive(Clone, Copy)]
enum Slot<'n> {
    Entry(&'n Entry, &'n Entry),
    Item(&'n Node, &'n Node),
    Document,
}

/// The three sides of a value.
#[derive(Clone, Copy)]
struct Sides<'n> {
    base: Option<&'n Node>,
    user: &'n Node,
    new: &'n Node,
}

impl<'t> Merger<'t> {
    /// The comment lines at the top.
    fn header(&mut self) {
        let old = self.comments.header(self.base);
        let new = self.comments.header(self.new);
        if old != new && self.user.starts_with(old) && self.comments.header(self.user) == old {
            self.change(0..old.len(), Change::Replace(new.to_owned()));
        }
    }

    /// The only document of each side.
    fn document(&mut self, base: &[Node], user: &[Node], new: &[Node]) -> Result<Vec<Node>, Stuck> {
        let ([base], [user], [new]) = (base, user, new) else {
            return Err(Stuck);
        };
        let mut sides = [base, user, new].into_iter();
        self.may_be_secret = sides.any(outline::holds_secret);
        self.is_secret = veil::is_secret(new);
        let sides = Sides {
            base: Some(base),
            user,
            new,
        };
        Ok(vec![self.value("", "", sides, Slot::Document)?])
    }

    /// The merged value at `path`, which stands under the key `field`.
    fn value(
        &mut self,
        path: &str,
        field: &str,
        sides: Sides<'_>,
        slot: Slot<'_>,
    ) -> Result<Node, Stuck> {
        let Sides { base, user, new } = sides;
        let ours_stays = base.is_some_and(|base| same(base, new));
        if ours_stays || same(user, new) {
            return Ok(user.clone());
        }
        match (&user.value, &new.value) {
            (Value::Mapping(_), Value::Mapping(_)) => self.mapping(path, sides, slot),
            (Value::Sequence(_), Value::Sequence(_)) => match list::keyed(field, sides) {
                Some(keyed) => self.list(path, sides, &keyed, slot),
                None => self.atom(path, sides, slot),
            },
            (Value::Scalar(_) | Value::Mapping(_) | Value::Sequence(_), _) => {
                self.atom(path, sides, slot)
            }
        }
    }

    /// A value that is taken from one side as a whole.
    fn atom(&mut self, path: &str, sides: Sides<'_>, slot: Slot<'_>) -> Result<Node, Stuck> {
        let Sides { base, user, new } = sides;
        if base.is_some_and(|base| same(base, user)) {
            self.put(path, sides, slot)?;
            return Ok(new.clone());
        }
        self.conflict(
            path,
            place::of(self.user, user),
            Why::BothChanged,
            base,
            Some(user),
            Some(new),
        );
        Ok(user.clone())
    }

    /// Writes the generator's value in the place of the user's.
    fn put(&mut self, path: &str, sides: Sides<'_>, slot: Slot<'_>) -> Result<(), Stuck> {
        let Sides { user, new, .. } = sides;
        let value = user.span.start as usize..layout::end_of(self.user, user);
        if place::is_inline(self.user, user) && place::is_inline(self.new, new) {
            let text = self.restyled(user, new);
            self.change(value, Change::Replace(text));
            return Ok(());
        }
        let (old, part) = match slot {
            Slot::Entry(user, new) => (
                user.key.span.start as usize..layout::entry_end(self.user, user).ok_or(Stuck)?,
                new.key.span.start as usize..layout::entry_end(self.new, new).ok_or(Stuck)?,
            ),
            Slot::Item(user, new) => (
                layout::dash(self.user, user).ok_or(Stuck)?..value.end,
                layout::dash(self.new, new).ok_or(Stuck)?..layout::end_of(self.new, new),
            ),
            Slot::Document => return Err(Stuck),
        };
        let to = layout::column(self.user, old.start);
        let text = layout::moved(self.new, part, to).ok_or(Stuck)?;
        self.take_out(path, old, sides, Change::Replace(text));
        Ok(())
    }

    /// A scalar as the generator writes it, in the quotes of the user's.
    fn restyled(&self, user: &Node, new: &Node) -> String {
        let written = &self.new[new.span.start as usize..layout::end_of(self.new, new)];
        let is_string = |node: &Node| {
            node.as_scalar().is_some_and(|scalar| {
                scalar.style != Style::Plain
                    || same(node, &Node::string(node.span, scalar.text.clone()))
            })
        };
        let quote = self.user.as_bytes().get(user.span.start as usize);
        match (new.as_scalar(), quote) {
            // Of a Secret the tree holds digests.
            _ if self.is_secret => written.to_owned(),
            (Some(scalar), Some(b'"')) if is_string(new) && place::is_simple(&scalar.text) => {
                format!("\"{}\"", scalar.text)
            }
            (Some(scalar), Some(b'\'')) if is_string(new) && place::is_simple(&scalar.text) => {
                format!("'{}'", scalar.text)
            }
            (Some(_) | None, _) => written.to_owned(),
        }
    }

    /// A change that takes a part of the text out: unless a comment of the user's
    /// stands there.
    fn take_out(&mut self, path: &str, part: Range<usize>, sides: Sides<'_>, change: Change) {
        if self.comments.has_other(part.clone(), &self.known) {
            let at = part.start..layout::line_end(self.user, part.start);
            let Sides { base, user, new } = sides;
            self.conflict(path, at, Why::Comment, base, Some(user), Some(new));
        } else {
            self.change(part, change);
        }
    }

    fn change(&mut self, part: Range<usize>, change: Change) {
        self.edits.push(Edit { part, change });
    }

    fn conflict(
        &mut self,
        path: &str,
        place: Range<usize>,
        why: Why,
        base: Option<&Node>,
        user: Option<&Node>,
        new: Option<&Node>,
    ) {
        let line = &self.user[place.start..layout::line_end(self.user, place.start)];
        if why == Why::BothChanged && line.trim_end().ends_with(KEEP) {
            return;
        }
        let hidden = self.may_be_secret && outline::hides(path);
        let shown = |text: &str, node: Option<&Node>| {
            node.map(|node| match hidden {
                true => veil::MASK.to_owned(),
                false => place::shown(text, node),
            })
        };
        let at = |text: &str, node: Option<&Node>| node.map(|node| place::of(text, node));
        self.told
            .push([at(self.base, base), at(self.user, user), at(self.new, new)]);
        self.conflicts.push(Conflict {
            path: path.to_owned(),
            is_veiled: hidden,
            place,
            why,
            user: shown(self.user, user),
            generated: shown(self.new, new),
            base: shown(self.base, base),
        });
    }
}

impl Merger<'_> {
    /// Hides the values of conflicts that look secret, and lines that hold such.
    fn veil(&mut self, documents: [&Vec<Node>; 3], looks_secret: LooksSecret<'_>) {
        let texts = [self.base, self.user, self.new];
        let secrets = [0, 1, 2].map(|at| touchy::places(texts[at], documents[at], looks_secret));
        for (conflict, told) in self.conflicts.iter_mut().zip(&self.told) {
            let mut sides = secrets.iter().zip(told);
            let is_secret = sides.any(|(places, side)| {
                side.as_ref()
                    .is_some_and(|side| touchy::touch(places, side))
            });
            if is_secret {
                for side in [
                    &mut conflict.user,
                    &mut conflict.generated,
                    &mut conflict.base,
                ] {
                    *side = side.as_ref().map(|_| veil::MASK.to_owned());
                }
            }
            let start = layout::line_start(self.user, conflict.place.start);
            let lines = start..layout::line_end(self.user, conflict.place.end);
            conflict.is_veiled |= is_secret
                || touchy::touch(&secrets[1], &lines)
                || looks_secret("", &[&self.user[lines]]);
        }
    }
}

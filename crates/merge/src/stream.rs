//! Files with several documents: each is merged with those that hold the same object.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use kubewright_yaml::Node;

use crate::layout::documents;
use crate::same::same;
use crate::three_way::{LooksSecret, merge_veiled};
use crate::{Conflict, Outcome, Untaken, Why, veil};

/// Which object a document holds: kind, namespace and name.
type Object = [Option<String>; 3];

/// One document of a text, with what stands between it and the one before.
#[derive(Clone, Copy, Debug)]
struct Piece<'t> {
    /// The line `---` before it; empty where it needs none.
    separator: &'t str,
    body: &'t str,
    /// Where the body begins.
    start: usize,
}

/// A document of the result.
struct Text {
    /// The object, where it was the user's already.
    own: Option<Object>,
    /// The line before it, as the user has it; empty where there is none yet.
    separator: String,
    body: String,
}

/// The three sides of a document of the user's.
struct Sides<'p, 't> {
    base: Option<&'p Piece<'t>>,
    user: Piece<'t>,
    new: Option<&'p Piece<'t>>,
}

/// The user's documents with the changes from `base` to `new`; none where no side has
/// several, or where an object stands twice.
///
/// Objects that are new come behind the neighbour that they have in `new`; those that
/// are generated no more go, unless the user edited them; the user's own stay.
pub(crate) fn merge(
    base: &str,
    user: &str,
    new: &str,
    looks_secret: LooksSecret<'_>,
) -> Option<Outcome> {
    let [base, users, new] = [base, user, new].map(pieces);
    if [&base, &users, &new].iter().all(|pieces| pieces.len() < 2) {
        return None;
    }
    let base = by_object(&base)?;
    let order: Vec<Object> = new
        .iter()
        .map(|piece| object(piece))
        .collect::<Option<_>>()?;
    let new = by_object(&new)?;
    let mut merger = Merger {
        looks_secret,
        newline: if user.contains("\r\n") { "\r\n" } else { "\n" },
        texts: Vec::new(),
        conflicts: Vec::new(),
        untaken: 0,
    };
    let mut owned = BTreeSet::new();
    for piece in &users {
        let own = object(piece);
        let sides = Sides {
            base: own.as_ref().and_then(|own| base.get(own)),
            user: *piece,
            new: own.as_ref().and_then(|own| new.get(own)),
        };
        let text = merger.document(own.as_ref(), &sides);
        merger.texts.extend(text.map(|body| Text {
            own: own.clone(),
            separator: piece.separator.to_owned(),
            body,
        }));
        owned.extend(own);
    }
    let end = users.last().map_or(0, |last| last.start);
    merger.add(&order, &base, &new, &owned, end);
    Some(
        merger.outcome(
            users
                .first()
                .is_some_and(|first| !first.separator.is_empty()),
        ),
    )
}

struct Merger<'l> {
    looks_secret: LooksSecret<'l>,
    /// How lines end in the user's text.
    newline: &'static str,
    /// What each document becomes.
    texts: Vec<Text>,
    conflicts: Vec<Conflict>,
    untaken: usize,
}

impl Merger<'_> {
    /// A document of the user's: what becomes of it, nothing where it goes.
    fn document(&mut self, own: Option<&Object>, sides: &Sides<'_, '_>) -> Option<String> {
        let user = sides.user;
        let stays = Some(user.body.to_owned());
        match (sides.base, sides.new) {
            (None, None) => stays,
            (Some(base), Some(new)) => self.merged(own, base.body, user, new.body).or(stays),
            (None, Some(new)) => {
                // Both added it, and there is no text from which both began.
                if !says_the_same(user.body, new.body) {
                    self.conflict(own, user, Some(new.body));
                }
                stays
            }
            (Some(base), None) if is_untouched(base.body, user.body) => None,
            (Some(_), None) => {
                self.conflict(own, user, None);
                stays
            }
        }
    }

    fn merged(
        &mut self,
        own: Option<&Object>,
        base: &str,
        user: Piece<'_>,
        new: &str,
    ) -> Option<String> {
        match merge_veiled(base, user.body, new, self.looks_secret) {
            Outcome::Merged(text) => Some(text),
            Outcome::Conflicts(conflicts, untaken) => {
                self.untaken += untaken.0;
                let name = shown(own);
                let moved = conflicts.into_iter().map(|conflict| Conflict {
                    path: match conflict.path.is_empty() {
                        true => name.clone(),
                        false => format!("{name}: {}", conflict.path),
                    },
                    place: conflict.place.start + user.start..conflict.place.end + user.start,
                    ..conflict
                });
                self.conflicts.extend(moved);
                None
            }
        }
    }

    /// The objects that the user does not have: those that are new come in, those that
    /// the user took out stay out unless they are generated differently now.
    fn add(
        &mut self,
        order: &[Object],
        base: &BTreeMap<Object, Piece<'_>>,
        new: &BTreeMap<Object, Piece<'_>>,
        owned: &BTreeSet<Object>,
        end: usize,
    ) {
        // What comes behind each of the user's documents; first what comes before all.
        let mut added: BTreeMap<Option<&Object>, Vec<&Object>> = BTreeMap::new();
        let mut neighbour = None;
        for object in order {
            match base.get(object) {
                _ if owned.contains(object) => neighbour = Some(object),
                Some(base) if says_base(base.body, new[object].body) => {}
                Some(_) => {
                    let nowhere = Piece {
                        separator: "",
                        body: "",
                        start: end,
                    };
                    self.conflict(Some(object), nowhere, Some(new[object].body));
                }
                None => added.entry(neighbour).or_default().push(object),
            }
        }
        self.untaken += added.values().map(Vec::len).sum::<usize>();
        let mut texts = Vec::with_capacity(self.texts.len() + added.len());
        let come = |texts: &mut Vec<Text>, place: Option<&Object>| {
            let come = added.get(&place).into_iter().flatten();
            texts.extend(come.map(|object| Text {
                own: None,
                separator: String::new(),
                body: new[*object].body.replace('\n', self.newline),
            }));
        };
        come(&mut texts, None);
        for mut text in std::mem::take(&mut self.texts) {
            let own = text.own.take();
            texts.push(text);
            if own.is_some() {
                come(&mut texts, own.as_ref());
            }
        }
        self.texts = texts;
    }

    /// A conflict about a whole document.
    fn conflict(&mut self, own: Option<&Object>, user: Piece<'_>, generated: Option<&str>) {
        let sides = [user.body, generated.unwrap_or_default()];
        let is_veiled = sides
            .iter()
            .any(|side| crate::outline::may_hold_secret(side))
            || (self.looks_secret)("", &sides);
        let side = |text: &str| match is_veiled {
            true => veil::MASK.to_owned(),
            false => text.trim_end().to_owned(),
        };
        let line: Range<usize> =
            user.start..user.start + user.body.find('\n').unwrap_or(user.body.len());
        self.conflicts.push(Conflict {
            path: shown(own),
            place: line,
            is_veiled,
            why: Why::BothChanged,
            user: Some(user.body).filter(|body| !body.is_empty()).map(side),
            generated: generated.map(side),
            base: None,
        });
    }

    /// The whole text. `leads` is whether a `---` stands before the first document.
    fn outcome(self, leads: bool) -> Outcome {
        if !self.conflicts.is_empty() {
            return Outcome::Conflicts(self.conflicts, Untaken(self.untaken));
        }
        let newline = self.newline;
        let mut text = String::new();
        for (at, document) in self.texts.iter().enumerate() {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push_str(newline);
            }
            match (at, document.separator.as_str()) {
                (0, _) if !leads => {}
                (_, "") => text.push_str(&format!("---{newline}")),
                (_, separator) => text.push_str(separator),
            }
            text.push_str(&document.body);
        }
        Outcome::Merged(text)
    }
}

/// `Deployment web`.
fn shown(object: Option<&Object>) -> String {
    let parts = object.into_iter().flatten().flatten();
    parts.map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Whether the user left a document as it was generated. Of a Secret only the shape is
/// remembered.
fn is_untouched(base: &str, user: &str) -> bool {
    let is_secret = || crate::outline::may_hold_secret(user);
    base.trim() == user.trim() || (is_secret() && says_base(base, user))
}

/// Whether a text holds the same values as what was generated last, in which those of
/// Secrets are veiled already.
fn says_base(base: &str, text: &str) -> bool {
    equal(documents(base), veiled(text))
}

/// Whether two texts hold the same values.
fn says_the_same(one: &str, two: &str) -> bool {
    equal(veiled(one), veiled(two))
}

fn veiled(text: &str) -> Option<Vec<Node>> {
    let mut documents = documents(text)?;
    documents.iter_mut().for_each(veil::veil);
    Some(documents)
}

fn equal(one: Option<Vec<Node>>, two: Option<Vec<Node>>) -> bool {
    let (Some(one), Some(two)) = (one, two) else {
        return false;
    };
    one.len() == two.len() && one.iter().zip(&two).all(|(one, two)| same(one, two))
}

/// The documents of a text. `---` at the start of a line is always such a border.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut current = Piece {
        separator: "",
        body: "",
        start: 0,
    };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_border = line
            .strip_prefix("---")
            .is_some_and(|rest| matches!(rest.trim_start().as_bytes(), [] | [b'#', ..]));
        if is_border {
            current.body = &text[current.start..at];
            if !current.body.trim().is_empty() {
                pieces.push(current);
            }
            let start = at + line.len();
            current = Piece {
                separator: line,
                body: "",
                start,
            };
        }
        at += line.len();
    }
    current.body = &text[current.start..];
    if !current.body.trim().is_empty() {
        pieces.push(current);
    }
    pieces
}

/// Documents by the objects they hold; none where one holds none, or two the same.
fn by_object<'t>(pieces: &[Piece<'t>]) -> Option<BTreeMap<Object, Piece<'t>>> {
    let mut found = BTreeMap::new();
    for piece in pieces {
        let before = found.insert(object(piece)?, *piece);
        if before.is_some() {
            return None;
        }
    }
    Some(found)
}

fn object(piece: &Piece<'_>) -> Option<Object> {
    let documents = documents(piece.body)?;
    let [document] = documents.as_slice() else {
        return None;
    };
    let text = |node: Option<&Node>| {
        node.and_then(Node::as_scalar)
            .map(|scalar| scalar.text.to_string())
    };
    let metadata = document.get("metadata");
    let field = |name: &str| text(metadata.and_then(|metadata| metadata.get(name)));
    Some([
        Some(text(document.get("kind"))?),
        field("namespace"),
        field("name"),
    ])
}

//! One object on its way to a template: what it is in each environment, with holes
//! where values come in.

use std::collections::BTreeMap;

use kubewright_difference::Matched;
use serde_json::{Map, Value};

use super::hole::{Hole, Holes, value};
use super::values::{Leaf, Shape, Values};

/// An object in each environment.
#[derive(Debug)]
pub(super) struct Draft {
    /// `Deployment`.
    pub(super) kind: String,
    /// What it is called.
    pub(super) name: String,
    /// What it is in each environment that has it.
    pub(super) each: Vec<Option<Value>>,
    /// What its app is called.
    pub(super) app_name: Option<String>,
    /// The key of the values of its app; none: it belongs to no app.
    pub(super) app: Option<String>,
    /// The name of its file, without the app's and without `.yaml`.
    pub(super) stem: String,
    /// Its comment, as the flat manifest has it.
    pub(super) comment: String,
    /// The flat manifest holds the values of secrets.
    pub(super) sensitive: bool,
}

/// What templates say for the keys of ConfigMaps and Secrets, by kind and name: an
/// expression, and whether it may be unset.
pub(super) type Hashed = BTreeMap<(String, String), BTreeMap<String, (String, bool)>>;

/// What takes in the values and holes of drafts.
#[derive(Debug)]
pub(super) struct Workshop<'a> {
    pub(super) values: &'a mut Values,
    pub(super) holes: &'a mut Holes,
    /// What goes into the hashes of pods.
    pub(super) hashed: &'a mut Hashed,
}

impl Workshop<'_> {
    /// Notes what the template of an object says for a key.
    pub(super) fn hashed(&mut self, draft: &Draft, key: &str, text: String, may_be_unset: bool) {
        let object = (draft.kind.clone(), draft.name.clone());
        let keys = self.hashed.entry(object).or_default();
        keys.insert(key.to_owned(), (text, may_be_unset));
    }
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// A text, in quotes.
    Text,
    /// One of these words, in quotes.
    Word(&'static [&'static str]),
    /// A whole number.
    Integer,
    /// As it is.
    Json,
}

impl Written {
    pub(super) fn action(self, value: &str) -> String {
        match self {
            Self::Text | Self::Word(_) => format!("{{{{ {value} | quote }}}}"),
            Self::Integer => format!("{{{{ int64 {value} }}}}"),
            Self::Json => format!("{{{{ toJson {value} }}}}"),
        }
    }

    /// What a value that may be left out can be.
    pub(super) fn optional_shape(self) -> Shape {
        match self {
            Self::Text => Shape::Text,
            Self::Word(words) => Shape::Word(words),
            Self::Integer => Shape::Count,
            Self::Json => Shape::AsGiven,
        }
    }
}

/// The mapping within an object that a value stands in.
pub(super) type Within<'f> = &'f dyn Fn(&mut Value) -> Option<&mut Map<String, Value>>;

impl Draft {
    /// What stands under a key in each environment; none where one has no such
    /// mapping. `Null` where the key is not there.
    pub(super) fn each_of(&mut self, within: Within<'_>, key: &str) -> Option<Vec<Option<Value>>> {
        let of = |tree: &mut Option<Value>| match tree {
            None => Some(None),
            Some(tree) => Some(Some(within(tree)?.get(key).cloned().unwrap_or(Value::Null))),
        };
        self.each.iter_mut().map(of).collect()
    }

    /// Puts one value under a key in all environments.
    pub(super) fn put(&mut self, within: Within<'_>, key: &str, new: &Value) {
        for tree in self.each.iter_mut().flatten() {
            if let Some(map) = within(tree) {
                map.insert(key.to_owned(), new.clone());
            }
        }
    }

    /// Makes a value of what stands under a key, and puts its hole there; gives the
    /// value back.
    fn fill(
        &mut self,
        within: Within<'_>,
        key: &str,
        leaf: Leaf,
        hole: impl FnOnce(String) -> Hole,
        shop: &mut Workshop<'_>,
    ) -> String {
        let value = value(&shop.values.add(leaf));
        let mark = Value::String(shop.holes.mark(hole(value.clone())));
        self.put(within, key, &mark);
        value
    }

    /// Makes a value of what stands under a key, where that is there in all
    /// environments.
    pub(super) fn lift(
        &mut self,
        within: Within<'_>,
        key: &str,
        (path, help): (Vec<String>, &str),
        written: Written,
        shop: &mut Workshop<'_>,
    ) {
        let each = self.each_of(within, key);
        let Some(each) = each.filter(|each| !each.iter().flatten().any(Value::is_null)) else {
            return;
        };
        let leaf = leaf(path, each, Shape::AsGiven, help);
        let hole = |value: String| Hole::Inline(written.action(&value));
        self.fill(within, key, leaf, hole, shop);
    }

    /// Makes a value of what stands under a key, or does not; gives it back.
    pub(super) fn lift_optional(
        &mut self,
        within: Within<'_>,
        key: &str,
        (path, help): (Vec<String>, &str),
        written: Written,
        shop: &mut Workshop<'_>,
    ) -> Option<String> {
        let each = self.each_of(within, key)?;
        let hole = |value: String| Hole::Optional {
            written: written.action(&value),
            value,
        };
        Some(self.fill(
            within,
            key,
            leaf(path, each, written.optional_shape(), help),
            hole,
            shop,
        ))
    }

    /// Makes a value of the tree under a key, which is left out where it is empty.
    pub(super) fn lift_tree(
        &mut self,
        within: Within<'_>,
        key: &str,
        (path, help): (Vec<String>, &str),
        shape: Shape,
        shop: &mut Workshop<'_>,
    ) {
        let empty = match shape {
            Shape::List => Value::Array(Vec::new()),
            _ => Value::Object(Map::new()),
        };
        // An empty tree that is written out is not the same as none.
        let is_told = |each: &Vec<Option<Value>>| !each.contains(&Some(empty.clone()));
        let Some(mut each) = self.each_of(within, key).filter(is_told) else {
            return;
        };
        for value in each.iter_mut().flatten().filter(|value| value.is_null()) {
            value.clone_from(&empty);
        }
        let hole = |value: String| Hole::TreeUnlessEmpty { value };
        self.fill(within, key, leaf(path, each, shape, help), hole, shop);
    }

    /// Takes further keys of people's into a mapping.
    pub(super) fn add_keys(
        &mut self,
        within: Within<'_>,
        key: &str,
        (path, help): (Vec<String>, &str),
        shop: &mut Workshop<'_>,
    ) {
        let Some(each) = self.each_of(within, key) else {
            return;
        };
        let present = each.iter().flatten();
        let none = present.clone().all(Value::is_null);
        if !none && !present.clone().all(Value::is_object) {
            return;
        }
        let empty = |tree: &Option<Value>| tree.as_ref().map(|_| Value::Object(Map::new()));
        let leaf = leaf(
            path,
            self.each.iter().map(empty).collect(),
            Shape::Labels,
            help,
        );
        if none {
            let hole = |value: String| Hole::TreeUnlessEmpty { value };
            self.fill(within, key, leaf, hole, shop);
            return;
        }
        let hole = Hole::Keys {
            value: value(&shop.values.add(leaf)),
        };
        for tree in self.each.iter_mut().flatten() {
            if let Some(Value::Object(map)) = within(tree).and_then(|map| map.get_mut(key)) {
                shop.holes.line(map, hole.clone());
            }
        }
    }
}

pub(super) fn leaf(path: Vec<String>, each: Vec<Option<Value>>, shape: Shape, help: &str) -> Leaf {
    Leaf {
        path,
        each,
        shape,
        help: help.to_owned(),
    }
}

/// A path from its parts.
pub(super) fn path(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

/// A word of several as Helm's values have it: `maxReplicas`.
pub(super) fn camel(text: &str) -> String {
    let mut camel = String::with_capacity(text.len());
    let mut starts = false;
    for c in text.chars() {
        if !c.is_alphanumeric() {
            starts = !camel.is_empty();
        } else if starts {
            camel.extend(c.to_uppercase());
            starts = false;
        } else {
            camel.push(c);
        }
    }
    if camel.is_empty() || camel.starts_with(|c: char| c.is_ascii_digit()) {
        camel.insert(0, 'x');
    }
    camel
}

/// The drafts of matched objects are made of what each environment has.
pub(super) fn trees<T>(matched: Matched<T>, tree: impl Fn(T) -> Value) -> Vec<Option<Value>> {
    matched.each.into_iter().map(|one| one.map(&tree)).collect()
}

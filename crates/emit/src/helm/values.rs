//! The values of a chart: what each environment sets, what all share, and how both
//! are written, described and checked.

use std::collections::{BTreeMap, HashMap, HashSet};

use kubewright_difference::base;
use kubewright_yaml::{AsGiven, to_string};
use serde_json::{Map, Value, json};

use super::hole::{stop, value};

/// What Secrets hold where a value is not known.
const PLACEHOLDER: &str = "CHANGE_ME";

/// What the name of a Service can begin with, in front of a dash.
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names>
const PREFIX: &str = "^([a-z][-a-z0-9]*)?$";

/// What a value can be, for its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// What the environments say: of the types that they have.
    AsGiven,
    /// How many, or none; templates would read all else as 0.
    Count,
    /// Text, that small whole numbers and truth values can stand for: Helm writes larger
    /// numbers as `1e+07`, and `1.10` as `1.1`.
    Text,
    /// Text, and nothing else.
    Exact,
    /// One of these words, or none.
    Word(&'static [&'static str]),
    /// What names of Services can begin with, or nothing.
    Prefix,
    /// A mapping with keys of people's own.
    Map,
    /// One to texts, as labels and annotations are.
    Labels,
    /// A mapping from names to texts.
    Texts,
    /// A list of mappings.
    List,
    /// Requests and limits.
    Resources,
    /// The value of a secret, which no file for git holds.
    Secret,
}

/// One value.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// Its keys.
    pub(super) path: Vec<String>,
    /// What each environment sets; none where it makes no use of it.
    pub(super) each: Vec<Option<Value>>,
    pub(super) shape: Shape,
    /// What it is for, for people.
    pub(super) help: String,
}

/// All values, in the order in which templates ask for them.
#[derive(Debug, Default)]
pub(super) struct Values {
    leaves: Vec<Leaf>,
    by_path: HashMap<Vec<String>, usize>,
    /// The paths that values stand below.
    branches: HashSet<Vec<String>>,
}

impl Values {
    /// Adds a value. Where its path, or a part of it, is taken by another one, the key
    /// at which they meet gets a number. Gives back the path.
    pub(super) fn add(&mut self, leaf: Leaf) -> Vec<String> {
        let mut path = leaf.path.clone();
        for depth in 1..path.len() {
            let key = path[depth - 1].clone();
            let mut number = 1;
            while self.by_path.contains_key(&path[..depth]) {
                number += 1;
                path[depth - 1] = format!("{key}{number}");
            }
        }
        let last = path.last().expect("a path has keys").clone();
        let mut number = 1;
        loop {
            match self.by_path.get(&path) {
                None if !self.branches.contains(&path) => break,
                Some(at) if joins(&self.leaves[*at], &leaf) => {
                    let known = &mut self.leaves[*at].each;
                    for (known, new) in known.iter_mut().zip(leaf.each) {
                        if known.is_none() {
                            *known = new;
                        }
                    }
                    return path;
                }
                _ => {
                    number += 1;
                    *path.last_mut().expect("a path has keys") = format!("{last}{number}");
                }
            }
        }
        for depth in 1..path.len() {
            self.branches.insert(path[..depth].to_vec());
        }
        self.by_path.insert(path.clone(), self.leaves.len());
        self.leaves.push(Leaf {
            path: path.clone(),
            ..leaf
        });
        path
    }

    /// Leaves out what no text asks for: what stood in a part of a template that became
    /// a value as a whole.
    pub(super) fn keep_used<'t>(&mut self, texts: impl Iterator<Item = &'t str>) {
        let used: HashSet<&str> = texts.flat_map(asked).collect();
        self.leaves.retain(|leaf| {
            let above = &leaf.path[..leaf.path.len() - 1];
            // The parts of an image are handed over together.
            used.contains(value(&leaf.path).as_str())
                || (above.last().is_some_and(|key| key == "image")
                    && used.contains(value(above).as_str()))
                || leaf.path[0] == "global" && used.contains(".Values.global")
        });
        let paths = self.leaves.iter().map(|leaf| leaf.path.clone());
        self.by_path = paths.zip(0..).collect();
    }

    /// Says of each environment that it has no digest where it sets a tag and no digest:
    /// else that of another one would count.
    pub(super) fn settle_digests(&mut self) {
        let is_digest = |leaf: &Leaf| matches!(leaf.path.as_slice(), [.., image, digest] if image == "image" && digest == "digest");
        let found = (0..self.leaves.len()).filter(|at| is_digest(&self.leaves[*at]));
        for at in found.collect::<Vec<_>>() {
            let mut tag = self.leaves[at].path.clone();
            *tag.last_mut().expect("a path has keys") = "tag".to_owned();
            let Some(tags) = self.each_of(&tag) else {
                continue;
            };
            for (digest, tag) in self.leaves[at].each.iter_mut().zip(tags) {
                if digest.is_none() && tag.is_some() {
                    *digest = Some(Value::from(""));
                }
            }
        }
    }

    /// What the environments set at a path; none where there is no such value.
    pub(super) fn each_of(&self, path: &[String]) -> Option<Vec<Option<Value>>> {
        let at = self.by_path.get(path)?;
        Some(self.leaves[*at].each.clone())
    }

    /// All values, in the order in which templates ask for them.
    pub(super) fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// All values, those below the same first key together, as `values.yaml` has them.
    pub(super) fn grouped(&self) -> Vec<&Leaf> {
        let mut groups: HashMap<&str, usize> = HashMap::new();
        let mut leaves: Vec<(usize, &Leaf)> = Vec::with_capacity(self.leaves.len());
        for leaf in &self.leaves {
            let next = groups.len();
            let group = *groups.entry(&leaf.path[0]).or_insert(next);
            leaves.push((group, leaf));
        }
        leaves.sort_by_key(|(group, _)| *group);
        leaves.into_iter().map(|(_, leaf)| leaf).collect()
    }
}

/// The values that a template asks for, as [`value`] spells them.
fn asked(text: &str) -> impl Iterator<Item = &str> {
    let plain = text.match_indices(".Values.").map(move |(at, begin)| {
        let rest = &text[at + begin.len()..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')));
        let length = begin.len() + end.unwrap_or(rest.len());
        text[at..at + length].trim_end_matches('.')
    });
    let indexed = text
        .match_indices("(index .Values ")
        .filter_map(move |(at, _)| {
            let rest = &text[at..];
            Some(&rest[..=rest.find("\")")? + 1])
        });
    plain.chain(indexed)
}

/// Whether two values can be one.
fn joins(known: &Leaf, new: &Leaf) -> bool {
    let same = |(one, two): (&Option<Value>, &Option<Value>)| match (one, two) {
        (Some(one), Some(two)) => one == two,
        (None, _) | (_, None) => true,
    };
    known.shape == new.shape && known.each.iter().zip(&new.each).all(same)
}

impl Leaf {
    /// What the chart itself sets.
    pub(super) fn default(&self) -> Value {
        if self.shape == Shape::Secret {
            let is_optional = self.each.iter().flatten().any(Value::is_null);
            return match is_optional {
                true => Value::Null,
                false => Value::from(""),
            };
        }
        let present: Vec<&Value> = self.each.iter().flatten().collect();
        match present.is_empty() {
            true => Value::Null,
            false => base(&present),
        }
    }

    /// What an environment has to set beside that; none: nothing.
    fn over(&self, environment: usize) -> Option<Value> {
        let wanted = self.each[environment].as_ref()?;
        match self.shape {
            Shape::Secret => None,
            _ => over(&self.default(), wanted),
        }
    }

    /// Whether templates count on it: it has a default, which null would take away.
    fn is_required(&self) -> bool {
        let mut present = self.each.iter().flatten().peekable();
        let is_there = present.peek().is_some() && !present.any(Value::is_null);
        self.shape == Shape::AsGiven && is_there
    }

    fn schema(&self) -> Value {
        let mut schema = match self.shape {
            Shape::AsGiven => of_types(&self.each),
            Shape::Count => json!({"type": ["integer", "null"], "minimum": 0}),
            Shape::Text => text(&["string", "integer", "boolean", "null"]),
            Shape::Exact | Shape::Secret => json!({"type": ["string", "null"]}),
            Shape::Word(words) => {
                let words = words.iter().map(|word| Value::from(*word));
                json!({"enum": words.chain([Value::Null]).collect::<Vec<_>>()})
            }
            Shape::Prefix => json!({"type": ["string", "null"], "pattern": PREFIX}),
            Shape::Map => json!({"type": ["object", "null"]}),
            Shape::Labels => json!({
                "type": ["object", "null"],
                "additionalProperties": {"type": ["string", "null"]},
            }),
            Shape::Texts => json!({
                "type": ["object", "null"],
                "additionalProperties": text(&["string", "integer", "boolean"]),
            }),
            Shape::List => json!({"type": ["array", "null"], "items": {"type": "object"}}),
            Shape::Resources => resources(),
        };
        if !self.help.is_empty() {
            schema["description"] = Value::from(self.help.as_str());
        }
        schema
    }
}

/// What laid over `below` by Helm's rules makes `wanted`: mappings key by key, where
/// null takes a key away, and all else as a whole.
fn over(below: &Value, wanted: &Value) -> Option<Value> {
    if below == wanted {
        return None;
    }
    let (Value::Object(old), Value::Object(new)) = (below, wanted) else {
        return Some(wanted.clone());
    };
    let mut found = Map::new();
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        found.insert(key.clone(), Value::Null);
    }
    for (key, wanted) in new {
        match old.get(key) {
            Some(below) => found.extend(over(below, wanted).map(|value| (key.clone(), value))),
            None => {
                found.insert(key.clone(), wanted.clone());
            }
        }
    }
    Some(Value::Object(found))
}

/// The schema of texts that other things can stand for.
fn text(types: &[&str]) -> Value {
    const MOST: i64 = 999_999;
    json!({"type": types, "minimum": -MOST, "maximum": MOST})
}

fn of_types(each: &[Option<Value>]) -> Value {
    let mut types: Vec<&str> = Vec::new();
    for value in each.iter().flatten() {
        let name = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !types.contains(&name) {
            types.push(name);
        }
    }
    match types.as_slice() {
        [] | ["null"] => json!({}),
        [one] => json!({"type": one}),
        several => json!({"type": several}),
    }
}

fn resources() -> Value {
    let amounts = json!({
        "type": ["object", "null"],
        "additionalProperties": {"type": ["string", "number", "null"]},
    });
    json!({
        "type": ["object", "null"],
        "properties": {
            "requests": amounts,
            "limits": amounts,
            "claims": {"type": "array"},
        },
        "additionalProperties": false,
    })
}

/// Values below each other, in the order in which they came.
#[derive(Debug, Default)]
struct Branch<'a> {
    entries: Vec<(&'a str, Twig<'a>)>,
    at: HashMap<&'a str, usize>,
}

#[derive(Debug)]
enum Twig<'a> {
    Leaf(&'a Leaf),
    Branch(Branch<'a>),
}

impl<'a> Branch<'a> {
    fn of(values: &'a Values) -> Self {
        let mut root = Self::default();
        for leaf in values.leaves() {
            root.put(&leaf.path, leaf);
        }
        root
    }

    fn put(&mut self, path: &'a [String], leaf: &'a Leaf) {
        let (first, rest) = path.split_first().expect("a path has keys");
        let entries = &mut self.entries;
        let at = *self.at.entry(first).or_insert_with(|| {
            let twig = match rest {
                [] => Twig::Leaf(leaf),
                _ => Twig::Branch(Branch::default()),
            };
            entries.push((first, twig));
            entries.len() - 1
        });
        if let Twig::Branch(branch) = &mut self.entries[at].1
            && !rest.is_empty()
        {
            branch.put(rest, leaf);
        }
    }

    /// As YAML; `value` says what is written for a value, with comments or without.
    fn write(
        &self,
        text: &mut String,
        depth: usize,
        comments: bool,
        value: &dyn Fn(&Leaf) -> Option<Value>,
    ) {
        let pad = "  ".repeat(depth);
        for (key, twig) in &self.entries {
            let key = key_text(key);
            match twig {
                Twig::Leaf(leaf) => {
                    let Some(value) = value(leaf) else { continue };
                    if comments && !leaf.help.is_empty() {
                        text.push_str(&format!("{pad}# {}\n", leaf.help));
                    }
                    let entry = BTreeMap::from([(KEY, value)]);
                    let written = to_string(&entry, &AsGiven).unwrap_or_default();
                    let written = written.replacen(KEY, &key, 1);
                    for line in written.lines() {
                        match line.is_empty() {
                            true => text.push('\n'),
                            false => text.push_str(&format!("{pad}{line}\n")),
                        }
                    }
                }
                Twig::Branch(branch) => {
                    let mut below = String::new();
                    branch.write(&mut below, depth + 1, comments, value);
                    if below.is_empty() {
                        continue;
                    }
                    if comments && depth == 0 {
                        text.push_str(stop(text));
                        text.push('\n');
                    }
                    text.push_str(&format!("{pad}{key}:\n{below}"));
                }
            }
        }
    }

    fn schema(&self) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (key, twig) in &self.entries {
            let (schema, is_required) = match twig {
                Twig::Leaf(leaf) => (leaf.schema(), leaf.is_required()),
                Twig::Branch(branch) => (branch.schema(), true),
            };
            if is_required {
                required.push(*key);
            }
            properties.insert((*key).to_owned(), schema);
        }
        let mut schema = json!({
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        });
        if !required.is_empty() {
            schema["required"] = Value::from(required);
        }
        schema
    }
}

const KEY: &str = "key";

fn key_text(key: &str) -> String {
    let written = to_string(&key, &AsGiven).unwrap_or_default();
    written.trim_end().to_owned()
}

impl Values {
    /// The text of `values.yaml`.
    pub(super) fn defaults(&self) -> String {
        let mut text = String::new();
        let value = |leaf: &Leaf| Some(leaf.default());
        Branch::of(self).write(&mut text, 0, true, &value);
        text
    }

    /// The text of an environment's values: what it sets beside the defaults.
    pub(super) fn of_environment(&self, environment: usize) -> String {
        let mut text = String::new();
        let value = |leaf: &Leaf| leaf.over(environment);
        Branch::of(self).write(&mut text, 0, false, &value);
        text
    }

    /// Whether all that is known of an environment's secrets is that they are to be put in.
    pub(super) fn are_placeholders(&self, environment: usize) -> bool {
        let secrets = self
            .leaves
            .iter()
            .filter(|leaf| leaf.shape == Shape::Secret);
        let mut known = secrets.filter_map(|leaf| leaf.each[environment].as_ref()?.as_str());
        known.all(|text| text.contains(PLACEHOLDER))
    }

    /// The values of an environment's secrets.
    pub(super) fn secrets(&self, environment: usize) -> String {
        let mut text = String::new();
        let value = |leaf: &Leaf| match leaf.shape {
            Shape::Secret => leaf.each[environment].clone().filter(Value::is_string),
            _ => None,
        };
        Branch::of(self).write(&mut text, 0, false, &value);
        text
    }

    /// The text of `values.schema.json`. `global` is a chart's that this one may be
    /// part of, too: it may hold more.
    pub(super) fn schema(&self) -> String {
        let mut schema = Branch::of(self).schema();
        schema["$schema"] = Value::from("http://json-schema.org/draft-07/schema#");
        let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::helm::draft::{leaf, path};

    #[test]
    fn groups_keep_apart_from_texts_that_end_with_empty_lines() {
        let mut values = Values::default();
        for (name, value) in [("a", "x\n\n"), ("b", "z")] {
            let value = vec![Some(Value::from(value))];
            values.add(leaf(path(&[name, "text"]), value, Shape::AsGiven, ""));
        }
        let expected = "\na:\n  text: |+\n    x\n\n#\n\nb:\n  text: z\n";
        assert_eq!(values.defaults(), expected);
    }

    #[test]
    fn no_value_stands_below_another_one() {
        let mut values = Values::default();
        let mut add = |parts: &[&str], value: Value| {
            let leaf = leaf(path(parts), vec![Some(value)], Shape::AsGiven, "");
            values.add(leaf).join(".")
        };
        assert_eq!(add(&["web", "labels"], json!({"a": "b"})), "web.labels");
        assert_eq!(add(&["web", "labels", "a"], json!("c")), "web.labels2.a");
        assert_eq!(add(&["web", "labels", "d"], json!("e")), "web.labels2.d");
        assert_eq!(add(&["web", "labels", "a"], json!("f")), "web.labels2.a2");
        assert_eq!(add(&["web", "pod", "a"], json!("b")), "web.pod.a");
        assert_eq!(add(&["web", "pod"], json!({"c": "d"})), "web.pod2");
    }
}

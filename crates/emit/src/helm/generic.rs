//! What environments still differ in, once all that people know how to set has become
//! a value: each such place becomes a value under the name of its place.

use serde_json::{Map, Value};

use kubewright_difference::merge_key;

use super::config_hash::AllHeld;
use super::draft::{Workshop, Written, camel, leaf};
use super::hole::{Hole, Holes, Spelling, escaped_value, is_set, value};
use super::values::Shape;

/// Lists whose items are gone into; those of all others are values as a whole.
const DEEP: &[&str] = &["containers", "initContainers"];

/// A value as the template has it, and as the flat manifest has it: values of the
/// chart are made of that.
#[derive(Clone, Copy)]
struct Pair<'a> {
    marked: &'a Value,
    plain: Option<&'a Value>,
}

impl<'a> Pair<'a> {
    fn value(self) -> &'a Value {
        self.plain.unwrap_or(self.marked)
    }

    fn key(self, key: &str) -> Option<Self> {
        Some(Self {
            marked: self.marked.get(key)?,
            plain: self.plain.and_then(|plain| plain.get(key)),
        })
    }

    fn item(self, at: usize) -> Option<Self> {
        Some(Self {
            marked: self.marked.get(at)?,
            plain: self.plain.and_then(|plain| plain.get(at)),
        })
    }
}

/// What stands at one place in each environment that has the object.
type Each<'a> = [Option<Pair<'a>>];

/// One tree of those of all environments, with holes where they differ. `plain` are
/// the trees before marks were put in, `path` is where values of this object stand, `held`
/// the configuration that its containers may name.
pub(super) fn unify(
    marked: &[Option<Value>],
    plain: &[Option<Value>],
    path: &[String],
    held: &AllHeld,
    shop: &mut Workshop<'_>,
) -> Value {
    let pairs = marked.iter().zip(plain).map(|(marked, plain)| {
        marked.as_ref().map(|marked| Pair {
            marked,
            plain: plain.as_ref(),
        })
    });
    let each: Vec<_> = pairs.collect();
    one(&each, "", &mut path.to_vec(), held, shop)
}

/// `key` is the key that the values stand under.
fn one(
    each: &Each<'_>,
    key: &str,
    path: &mut Vec<String>,
    held: &AllHeld,
    shop: &mut Workshop<'_>,
) -> Value {
    let mut present = each.iter().flatten();
    let Some(first) = present.next() else {
        return Value::Null;
    };
    if present.all(|other| other.marked == first.marked) {
        return first.marked.clone();
    }
    let all = |is: fn(&Value) -> bool| each.iter().flatten().all(|pair| is(pair.marked));
    // A mapping whose keys can all be missing would be null then, not empty.
    let is_empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    if all(Value::is_object) && !each.iter().flatten().any(|pair| is_empty(pair.marked)) {
        return mapping(each, key, path, held, shop);
    }
    if all(Value::is_array)
        && let Some(list) = items(each, key, path, held, shop)
    {
        return list;
    }
    whole(each, path, shop)
}

/// Keys that say nothing to people who set values.
const SILENT: &[&str] = &["spec", "template", "metadata", "jobTemplate"];

/// What the values below a key stand under; none: what they stand under anyway. The
/// metadata of pods are others than those of what makes pods.
fn spoken<'k>(above: &'k str, key: &'k str) -> Option<&'k str> {
    match (above, key) {
        ("template" | "jobTemplate", "metadata") => Some(above),
        (_, key) => Some(key).filter(|key| !SILENT.contains(key)),
    }
}

fn mapping(
    each: &Each<'_>,
    above: &str,
    path: &mut Vec<String>,
    held: &AllHeld,
    shop: &mut Workshop<'_>,
) -> Value {
    let mut keys: Vec<&String> = Vec::new();
    for map in each
        .iter()
        .flatten()
        .filter_map(|pair| pair.marked.as_object())
    {
        for key in map.keys() {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    let mut found = Map::new();
    for key in keys {
        let spoken = spoken(above, key);
        path.extend(spoken.map(str::to_owned));
        let below: Vec<_> = each
            .iter()
            .map(|pair| pair.and_then(|pair| pair.key(key)))
            .collect();
        let tree = match same_presence(each, &below) {
            true => one(&below, key, path, held, shop),
            false => optional(each, &below, path, shop),
        };
        found.insert(key.clone(), tree);
        if spoken.is_some() {
            path.pop();
        }
    }
    Value::Object(found)
}

/// Whether there is something below in all environments that have what is above.
fn same_presence(above: &Each<'_>, below: &Each<'_>) -> bool {
    above
        .iter()
        .zip(below)
        .all(|(above, below)| above.is_some() == below.is_some())
}

/// The values of a value: null where there is none, below what there is. And how they are
/// written: where names of the chart's own objects stand in them, they follow the release.
fn values(above: &Each<'_>, below: &Each<'_>, holes: &Holes) -> (Vec<Option<Value>>, Spelling) {
    let is_named = |pair: &Pair<'_>| {
        let is_tree = pair.value().is_object() || pair.value().is_array();
        is_tree && has_names(pair.marked, pair.value(), holes)
    };
    let is_template = below.iter().flatten().any(is_named);
    let written = |pair: Pair<'_>| match is_template {
        true => followed(pair.marked, pair.value(), holes),
        false => pair.value().clone(),
    };
    let pairs = above.iter().zip(below);
    let values = pairs.map(|(above, below)| above.map(|_| below.map_or(Value::Null, written)));
    let values: Vec<Option<Value>> = values.collect();
    let spelling = Spelling::of(values.iter().flatten(), is_template);
    (values, spelling)
}

/// Whether a name stands in a tree, which `marked` has with a mark.
fn has_names(marked: &Value, plain: &Value, holes: &Holes) -> bool {
    match (marked, plain) {
        (Value::Object(marked), Value::Object(plain)) => plain.iter().any(|(key, plain)| {
            let marked = marked.get(key);
            marked.is_some_and(|marked| has_names(marked, plain, holes))
        }),
        (Value::Array(marked), Value::Array(plain)) => {
            let mut pairs = marked.iter().zip(plain);
            pairs.any(|(marked, plain)| has_names(marked, plain, holes))
        }
        (Value::String(marked), Value::String(plain)) => {
            marked != plain && holes.as_value(marked).is_some()
        }
        (_, _) => false,
    }
}

/// A tree with actions for its names; all else stays as it is when actions are taken.
fn followed(marked: &Value, plain: &Value, holes: &Holes) -> Value {
    match (marked, plain) {
        (Value::Object(marked), Value::Object(plain)) => {
            let pairs = plain.iter().map(|(key, plain)| {
                let marked = marked.get(key).unwrap_or(plain);
                (key.clone(), followed(marked, plain, holes))
            });
            Value::Object(pairs.collect())
        }
        (Value::Array(marked), Value::Array(plain)) if marked.len() >= plain.len() => {
            let pairs = marked.iter().zip(plain);
            pairs
                .map(|(marked, plain)| followed(marked, plain, holes))
                .collect()
        }
        (Value::String(marked), Value::String(plain)) if marked != plain => {
            let text = holes.as_value(marked);
            Value::String(text.unwrap_or_else(|| escaped_value(plain)))
        }
        (_, Value::String(plain)) => Value::String(escaped_value(plain)),
        (_, Value::Object(map)) => {
            let pairs = map
                .iter()
                .map(|(key, plain)| (key.clone(), followed(plain, plain, holes)));
            Value::Object(pairs.collect())
        }
        (_, Value::Array(list)) => list
            .iter()
            .map(|plain| followed(plain, plain, holes))
            .collect(),
        (_, plain) => plain.clone(),
    }
}

/// A key that some environments do not have.
fn optional(above: &Each<'_>, each: &Each<'_>, path: &[String], shop: &mut Workshop<'_>) -> Value {
    let mut present = each.iter().flatten().map(|pair| pair.value());
    let is_tree = present.any(|value| value.is_object() || value.is_array());
    let (values, tree) = values(above, each, shop.holes);
    let leaf = leaf(path.to_vec(), values, Shape::AsGiven, "");
    let value = value(&shop.values.add(leaf));
    Value::String(shop.holes.mark(match is_tree {
        true => Hole::OptionalTree { value, tree },
        false => Hole::Optional {
            written: written(each).action(&value),
            value,
        },
    }))
}

fn whole(each: &Each<'_>, path: &[String], shop: &mut Workshop<'_>) -> Value {
    let mut present = each.iter().flatten().map(|pair| pair.value());
    let is_tree = present.all(|value| value.is_object() || value.is_array());
    let (values, tree) = values(each, each, shop.holes);
    let leaf = leaf(path.to_vec(), values, Shape::AsGiven, "");
    let value = value(&shop.values.add(leaf));
    match is_tree {
        true => Value::String(shop.holes.mark(Hole::Tree { value, tree })),
        false => shop.holes.inline(written(each).action(&value)),
    }
}

fn written(each: &Each<'_>) -> Written {
    let mut present = each.iter().flatten().map(|pair| pair.value());
    if present.clone().all(Value::is_string) {
        return Written::Text;
    }
    match present.all(|value| value.is_i64() || value.is_u64()) {
        true => Written::Integer,
        false => Written::Json,
    }
}

/// Items of a list with merge keys, in an order that all environments keep; none
/// where there is no such order.
fn items(
    each: &Each<'_>,
    key: &str,
    path: &mut Vec<String>,
    held: &AllHeld,
    shop: &mut Workshop<'_>,
) -> Option<Value> {
    // What was put at the end of lists for people's own items.
    let lists = each
        .iter()
        .flatten()
        .filter_map(|pair| pair.marked.as_array());
    let mut ends = lists.filter_map(|list| list.last());
    let tail = ends.find(|last| last.as_str().is_some_and(|text| shop.holes.is_mark(text)));
    let tail = tail.cloned();
    let identities = each.iter().map(|pair| {
        let Some(list) = pair.as_ref().and_then(|pair| pair.marked.as_array()) else {
            return Some(Vec::new());
        };
        let length = list.len() - usize::from(tail.is_some());
        merge_key::of_values(key, &list[..length])
    });
    let identities: Vec<Vec<String>> = identities.collect::<Option<_>>()?;
    let mut found = Vec::new();
    for id in in_one_order(&identities)? {
        let below: Vec<_> = each
            .iter()
            .zip(&identities)
            .map(|(pair, ids)| {
                pair.as_ref()?
                    .item(ids.iter().position(|other| *other == id)?)
            })
            .collect();
        path.push(camel(&id));
        let mut present = below.iter().flatten().map(|pair| pair.marked);
        let first = present.next();
        let is_same = present.all(|other| Some(other) == first);
        let is_deep = is_same || DEEP.contains(&key);
        let is_everywhere = same_presence(each, &below);
        let condition = match is_same && !is_everywhere {
            true => condition(each, &below, held, shop.holes),
            false => None,
        };
        if let (Some(condition), Some(item)) = (condition, first) {
            let lines = [format!("if {condition}"), "end".to_owned()];
            let [begin, end] = lines.map(|line| Value::String(shop.holes.mark(Hole::Line(line))));
            found.extend([begin, item.clone(), end]);
            path.pop();
            continue;
        }
        found.push(match is_everywhere && is_deep {
            true => one(&below, "", path, held, shop),
            false => {
                let (values, tree) = values(each, &below, shop.holes);
                let leaf = leaf(path.clone(), values, Shape::AsGiven, "");
                let value = value(&shop.values.add(leaf));
                Value::String(shop.holes.mark(Hole::Item { value, tree }))
            }
        });
        path.pop();
    }
    found.extend(tail);
    Some(Value::Array(found))
}

/// The condition under which an item that only some environments have is there; none
/// where nothing but a value of its own says it. It is there with its value, or with what
/// it refers to.
fn condition(above: &Each<'_>, below: &Each<'_>, held: &AllHeld, holes: &Holes) -> Option<String> {
    let item = below.iter().flatten().next()?;
    let text = item.marked.get("value").and_then(Value::as_str);
    if let Some(value) = text.and_then(|text| holes.optional(text)) {
        return Some(is_set(value));
    }
    let reference = item.value().get("valueFrom")?.get("configMapKeyRef")?;
    let text = |key: &str| reference.get(key)?.as_str();
    let (name, key) = (text("name")?, text("key")?);
    let map = held.get(&("ConfigMap".to_owned(), name.to_owned()))?;
    let mut each = above.iter().zip(below).enumerate();
    let follows =
        each.all(|(at, (above, below))| above.is_none() || below.is_some() == map.has(key, at));
    map.condition(key).filter(|_| follows)
}

/// An order of all items that every list keeps.
fn in_one_order(lists: &[Vec<String>]) -> Option<Vec<String>> {
    let mut order: Vec<String> = Vec::new();
    let mut at: Vec<usize> = vec![0; lists.len()];
    loop {
        let heads = || lists.iter().zip(&at).filter_map(|(list, at)| list.get(*at));
        if heads().next().is_none() {
            return Some(order);
        }
        // The next is a head that no list has further behind.
        let waits = |id: &String| {
            lists
                .iter()
                .zip(&at)
                .any(|(list, at)| list.iter().skip(at + 1).any(|other| other == id))
        };
        let next = heads().find(|id| !waits(id))?.clone();
        for (list, at) in lists.iter().zip(&mut at) {
            if list.get(*at) == Some(&next) {
                *at += 1;
            }
        }
        order.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_find_one_order_or_none() {
        let rows: [(&[&str], Option<&str>); 4] = [
            (&["a b c", "b d"], Some("a b c d")),
            (&["b c", "a b"], Some("a b c")),
            (&["a", "b"], Some("a b")),
            (&["a b", "b a"], None),
        ];
        for (lists, expected) in rows {
            let split = |list: &&str| list.split(' ').map(str::to_owned).collect();
            let lists: Vec<Vec<String>> = lists.iter().map(split).collect();
            let found = in_one_order(&lists).map(|order| order.join(" "));
            assert_eq!(found.as_deref(), expected, "{lists:?}");
        }
    }
}

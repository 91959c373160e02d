//! One tree that all environments can start from.

use serde_json::{Map, Value};

use crate::merge_key;

/// What all trees share. A key or an item that one of them lacks is not in it, so
/// that whoever starts from it has nothing to take away; where all have a value and
/// it differs, it is the value that most have, the first of those that are as
/// frequent.
///
/// Items of lists with merge keys are matched by these; lists whose common items
/// stand in different orders are one value, like all other lists.
///
/// # Panics
/// Without a tree.
pub fn base(trees: &[&Value]) -> Value {
    shared("", trees)
}

/// `field` is the key under which the values stand.
fn shared(field: &str, values: &[&Value]) -> Value {
    let (first, rest) = values.split_first().expect("there is a tree");
    if rest.iter().all(|value| value == first) {
        return (*first).clone();
    }
    if let Some(maps) = all(values, Value::as_object) {
        return of_maps(&maps);
    }
    if let Some(lists) = all(values, Value::as_array)
        && let Some(list) = of_lists(field, &lists)
    {
        return list;
    }
    most_common(values).clone()
}

fn all<'a, T: ?Sized>(
    values: &[&'a Value],
    narrow: impl Fn(&'a Value) -> Option<&'a T>,
) -> Option<Vec<&'a T>> {
    values.iter().map(|value| narrow(value)).collect()
}

fn of_maps(maps: &[&Map<String, Value>]) -> Value {
    let mut found = Map::new();
    for key in maps[0].keys() {
        let Some(values) = maps
            .iter()
            .map(|map| map.get(key))
            .collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        let value = shared(key, &values);
        if !is_left_empty(&value, &values) {
            found.insert(key.clone(), value);
        }
    }
    Value::Object(found)
}

/// Nothing is shared below a key: then the key says nothing either, unless a tree
/// has it empty.
fn is_left_empty(value: &Value, values: &[&Value]) -> bool {
    let is_empty = |value: &Value| match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    is_empty(value) && !values.iter().any(|value| is_empty(value))
}

fn of_lists(field: &str, lists: &[&Vec<Value>]) -> Option<Value> {
    let of = |list: &&Vec<Value>| merge_key::of_values(field, list);
    let identities: Vec<Vec<String>> = lists.iter().map(of).collect::<Option<_>>()?;
    let common = |id: &&String| identities.iter().all(|list| list.contains(id));
    let order: Vec<&String> = identities[0].iter().filter(common).collect();
    let same_order = |list: &Vec<String>| list.iter().filter(common).eq(order.iter().copied());
    if !identities.iter().all(same_order) {
        return None;
    }
    let item = |id: &String| {
        let values: Vec<&Value> = lists
            .iter()
            .zip(&identities)
            .filter_map(|(list, ids)| list.get(ids.iter().position(|other| other == id)?))
            .collect();
        shared(field, &values)
    };
    Some(Value::Array(order.into_iter().map(item).collect()))
}

fn most_common<'a>(values: &[&'a Value]) -> &'a Value {
    let count = |value: &Value| values.iter().filter(|other| **other == value).count();
    let mut best = (values[0], count(values[0]));
    for value in &values[1..] {
        let times = count(value);
        if times > best.1 {
            best = (value, times);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_all_have_is_shared() {
        let rows = [
            (vec![json!(1), json!(2), json!(2)], json!(2)),
            (vec![json!(1), json!(2)], json!(1)),
            (
                vec![
                    json!({"a": 1, "b": {"x": 1}}),
                    json!({"a": 1, "b": {"y": 1}}),
                ],
                json!({"a": 1}),
            ),
            (
                vec![json!({"a": {}}), json!({"a": {"x": 1}})],
                json!({"a": {}}),
            ),
            (
                vec![json!({"args": ["a", "b"]}), json!({"args": ["a"]})],
                json!({"args": ["a", "b"]}),
            ),
            (
                vec![
                    json!({"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}),
                    json!({"env": [{"name": "B", "value": "3"}, {"name": "C", "value": "2"}]}),
                ],
                json!({"env": [{"name": "B", "value": "2"}]}),
            ),
            (
                vec![
                    json!({"env": [{"name": "A"}, {"name": "B"}]}),
                    json!({"env": [{"name": "B"}, {"name": "A"}]}),
                ],
                json!({"env": [{"name": "A"}, {"name": "B"}]}),
            ),
        ];
        for (trees, expected) in rows {
            let trees: Vec<&Value> = trees.iter().collect();
            assert_eq!(base(&trees), expected, "{trees:?}");
        }
    }
}

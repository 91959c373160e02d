//! JSON is read as serde_json reads it, and nothing makes the reader panic.

use kubewright_source::SourceId;
use kubewright_yaml::{Limits, Node, Value, read_json};
use proptest::prelude::*;
use serde_json::Value as Json;

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        "\\PC*".prop_map(Json::from),
        any::<String>().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from);
        let pairs = prop::collection::btree_map(any::<String>(), inner, 0..6);
        prop_oneof![list, pairs.prop_map(|pairs| pairs.into_iter().collect())]
    })
}

fn same(node: &Node, json: &Json) -> bool {
    match (&node.value, json) {
        (Value::Scalar(scalar), Json::String(text)) => *scalar.text == **text,
        (Value::Scalar(scalar), Json::Null | Json::Bool(_) | Json::Number(_)) => {
            *scalar.text == *json.to_string()
        }
        (Value::Sequence(items), Json::Array(others)) => {
            let pairs = items.iter().zip(others);
            items.len() == others.len() && pairs.clone().all(|(node, json)| same(node, json))
        }
        (Value::Mapping(mapping), Json::Object(members)) => {
            let is_there = |(key, json): (&String, &Json)| {
                mapping.get(key).is_some_and(|node| same(node, json))
            };
            mapping.len() == members.len() && members.iter().all(is_there)
        }
        (Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_), _) => false,
    }
}

proptest! {
    #[test]
    fn what_serde_writes_is_read(json in json(), pretty in any::<bool>()) {
        let text = match pretty {
            true => serde_json::to_string_pretty(&json).unwrap().replace("  ", "\t"),
            false => json.to_string(),
        };
        // Blanks within strings were replaced, too.
        let json: Json = serde_json::from_str(&text).unwrap_or(json);
        if let Ok(node) = read_json(&text, SourceId::NONE, &Limits::default()) {
            prop_assert!(same(&node, &json), "{text}");
        } else {
            prop_assert!(serde_json::from_str::<Json>(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn it_takes_what_serde_takes(text in "[\\[\\]{}\",:\\\\u0-9a-fdDE.\\-+ \t\nü😀truefalsn/#']*") {
        let ours = read_json(&text, SourceId::NONE, &Limits::default());
        let theirs = serde_json::from_str::<Json>(&text);
        // serde keeps the last of two equal keys, and knows no numbers that are too large.
        if let (Ok(_), Err(problem)) = (&ours, &theirs) {
            prop_assert!(problem.to_string().contains("out of range"), "{text}: {problem}");
        }
        if let (Err(fault), Ok(_)) = (&ours, &theirs) {
            prop_assert!(fault.code == "duplicate-key", "{text}: {}", fault.message);
        }
    }
}

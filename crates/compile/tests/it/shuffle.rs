//! Promise 5: the order of maps in the input changes nothing.

use kubewright_yaml::{Entry, Mapping, Node, Value};

use crate::case::{self, Replaced};

#[test]
fn shuffled_maps_give_equal_bytes() {
    let mut compared = 0;
    for case in case::all().into_iter().filter(|case| !case.is_bad()) {
        for (path, tree) in case.documents() {
            // Written anew like the shuffled ones: dates come back as strings.
            let Some(files) = Replaced::new(&case, &path, &tree) else {
                continue;
            };
            let expected = case.compile_with(&files).files;
            for turn in 0..4 {
                let shuffled = shuffle(&tree, turn);
                let Some(files) = Replaced::new(&case, &path, &shuffled) else {
                    continue;
                };
                let product = case.compile_with(&files);
                assert_eq!(
                    product.files,
                    expected,
                    "{} {}, turn {turn}",
                    case.name,
                    path.display()
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "only {compared} shuffles were compared");
}

/// Turn 0 reverses every map, the others rotate it.
fn shuffle(node: &Node, turn: usize) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => Value::Scalar(scalar.clone()),
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(|item| shuffle(item, turn)).collect())
        }
        Value::Mapping(mapping) => {
            let mut entries: Vec<Entry> = mapping
                .iter()
                .map(|entry| Entry {
                    key: entry.key.clone(),
                    value: shuffle(&entry.value, turn),
                })
                .collect();
            match turn {
                0 => entries.reverse(),
                turn => {
                    let by = turn % entries.len().max(1);
                    entries.rotate_left(by);
                }
            }
            Value::Mapping(Mapping::from_iter(entries))
        }
    };
    Node {
        span: node.span,
        value,
        tag: node.tag.clone(),
    }
}

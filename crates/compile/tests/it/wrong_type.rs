//! Every key of every state with every wrong kind of value: nothing panics, and
//! nothing that was asked for is passed over in silence.

use kubewright_read::wizard::keys::TRANSIENT;
use kubewright_source::Span;
use kubewright_yaml::{Key, Mapping, Node, Scalar, Value};
use rayon::prelude::*;

use crate::case::{self, Product, Replaced};
use crate::drop_key::{item, visit};

fn plain(text: &str) -> Node {
    Node::new(Span::NONE, Value::Scalar(Scalar::plain(text)))
}

/// What no key, or hardly any, can have.
fn wrong() -> Vec<Node> {
    let mut mapping = Mapping::default();
    mapping.insert(Key::new("odd", Span::NONE), plain("1"));
    let nested = Value::Sequence(vec![Node::new(
        Span::NONE,
        Value::Sequence(vec![plain("-1")]),
    )]);
    vec![
        Node::new(Span::NONE, Value::Mapping(mapping)),
        Node::new(Span::NONE, nested),
        plain("true"),
        plain("-1"),
        plain("1e400"),
        plain("123456789012345678901234567890"),
        Node::string(Span::NONE, "\u{1}\u{fffd} ' $ {"),
    ]
}

#[test]
fn wrong_values_are_noticed() {
    let cases: Vec<_> = case::all()
        .into_iter()
        .filter(|case| case.is_state())
        .collect();
    let mut tries = Vec::new();
    for case in &cases {
        for (path, tree) in case.documents() {
            let Some(files) = Replaced::new(case, &path, &tree) else {
                continue;
            };
            let whole = std::sync::Arc::new(case.compile_with(&files));
            let tree = std::sync::Arc::new(tree);
            let mut trail = Vec::new();
            visit(&tree, &mut trail, &mut |trail| {
                if !is_transient(trail) {
                    let trail = trail.to_vec();
                    tries.push((case, path.clone(), tree.clone(), trail, whole.clone()));
                }
            });
        }
    }
    assert!(tries.len() > 1_000, "only {} keys", tries.len());
    let ignored: Vec<String> = tries
        .par_iter()
        .enumerate()
        .flat_map_iter(|(number, (case, path, tree, trail, whole))| {
            // Each key gets two of them; so many keys give each of them to all kinds.
            let values = wrong();
            let chosen = [number % values.len(), (number + 3) % values.len()];
            let found = chosen.into_iter().filter_map(move |at| {
                let mut changed = Node::clone(tree);
                replace(&mut changed, trail, &wrong()[at]);
                let files = Replaced::new(case, path, &changed)?;
                let made = case.compile_with(&files);
                is_same(&made, whole).then(|| format!("{}: {} ({at})", case.name, trail.join(".")))
            });
            found.collect::<Vec<_>>()
        })
        .collect();
    assert!(ignored.is_empty(), "{}", ignored.join("\n"));
}

fn is_same(one: &Product, other: &Product) -> bool {
    one.files == other.files && one.said == other.said
}

/// What the browser keeps for itself, and all that is within it.
fn is_transient(trail: &[String]) -> bool {
    let first = trail.first().map(String::as_str).unwrap_or_default();
    TRANSIENT.contains(&first) || trail.iter().any(|step| step == "_compose")
}

fn replace(node: &mut Node, trail: &[String], with: &Node) {
    let Some((first, rest)) = trail.split_first() else {
        with.clone_into(node);
        return;
    };
    let below = match item(first) {
        Some(at) => match &mut node.value {
            Value::Sequence(items) => items.get_mut(at),
            Value::Mapping(_) | Value::Scalar(_) => None,
        },
        None => node
            .as_mapping_mut()
            .and_then(|mapping| mapping.get_mut(first)),
    };
    replace(below.expect("the way leads somewhere"), rest, with);
}

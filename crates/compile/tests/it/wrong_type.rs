//! Every key of every state with every wrong kind of value: nothing panics, and
//! nothing that was asked for is passed over in silence.

use kubewright_read::wizard::keys::TRANSIENT;
use kubewright_source::Span;
use kubewright_yaml::{Key, Mapping, Node, Scalar, Value};
use rayon::prelude::*;

use crate::case::{self, Case, Product, Replaced};
use crate::drop_key::{OVERRIDDEN, is_reported, item, visit};

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
        .filter(|case| case.is_state() && !case.is_bad())
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
                let is_told = is_reported(&whole, trail, trail.len());
                if !is_told && !is_nothing(case, &tree, trail) {
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
            let found = chosen.into_iter().filter_map(move |which| {
                if says_the_same(at(tree, trail), trail, &wrong()[which]) {
                    return None;
                }
                let mut changed = Node::clone(tree);
                replace(&mut changed, trail, &wrong()[which]);
                let files = Replaced::new(case, path, &changed)?;
                let made = case.compile_with(&files);
                is_same(&made, whole)
                    .then(|| format!("{}: {} ({which})", case.name, trail.join(".")))
            });
            found.collect::<Vec<_>>()
        })
        .collect();
    assert!(ignored.is_empty(), "{}", ignored.join("\n"));
}

fn is_same(one: &Product, other: &Product) -> bool {
    one.files == other.files && one.said == other.said
}

/// A row of the form in which nothing is filled in.
const BLANK: &str = "_services.[0].envVars.[9].";

/// Whether the key asks for nothing, whatever it says: it is the browser's own, or
/// something above is switched off.
fn is_nothing(case: &Case, tree: &Node, trail: &[String]) -> bool {
    let (key, above) = trail.split_last().expect("a way has at least one step");
    let is = |node: &Node, key: &str, word: &str| {
        let value = node.get(key).and_then(Node::as_scalar);
        value.is_some_and(|value| *value.text == *word)
    };
    let is_off = |node: &Node| {
        (key != "enabled" && is(node, "enabled", "false"))
            || (key != "kind" && is(node, "kind", "Skip"))
    };
    let is_transient = |step: &String| TRANSIENT.contains(&step.as_str());
    trail.first().is_some_and(is_transient)
        || trail.iter().any(|step| step == "_compose")
        || (0..=above.len()).any(|length| is_off(at(tree, &above[..length])))
        || OVERRIDDEN.contains(&(case.name.as_str(), trail.join(".").as_str()))
        // Any text describes a chart, and none is written there.
        || (case.name == "wizard-global" && trail.join(".") == "_project_description")
        || (case.name == "wizard-variables" && trail.join(".").starts_with(BLANK))
}

/// What stands at the end of a way.
fn at<'n>(tree: &'n Node, trail: &[String]) -> &'n Node {
    trail.iter().fold(tree, |node, step| {
        let below = match item(step) {
            Some(at) => node.as_sequence().and_then(|items| items.get(at)),
            None => node.get(step),
        };
        below.expect("the way leads somewhere")
    })
}

/// Whether the key says that already, or shows nobody what it says; `ingress` may
/// leave the host to `ingress_host`.
fn says_the_same(before: &Node, trail: &[String], after: &Node) -> bool {
    let both = before.as_scalar().zip(after.as_scalar());
    let is_unseen = trail.last().is_some_and(|key| key == "newValue");
    both.is_some_and(|(before, after)| {
        let is_switch = &*after.text == "true" && trail == ["ingress"];
        is_unseen || is_switch || before.text == after.text
    })
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

//! No edit of the user's is lost, no conflict is silent, merging twice is
//! merging once: held against a merge of flat lists of paths.

use std::collections::{BTreeMap, BTreeSet};

use kubewright_merge::{Outcome, Why, merge};
use kubewright_source::{SourceId, Span};
use kubewright_yaml::{AsGiven, Entry, Key, Limits, Mapping, Node, Scalar, Value};
use proptest::prelude::*;
use proptest::sample::Index;

/// Names of keys; those of lists with identities and of atomic lists among them.
const KEYS: [&str; 6] = ["alpha", "beta", "x-y/z", "containers", "env", "args"];
const WORDS: [&str; 8] = [
    "a",
    "true",
    "12",
    "two words",
    "x: y",
    "",
    "- d",
    "line\nline\n",
];

fn scalar() -> impl Strategy<Value = Node> {
    let quoted = (0..WORDS.len()).prop_map(|at| Scalar::string(WORDS[at]));
    let plain = prop_oneof![Just("1"), Just("true"), Just("word")].prop_map(Scalar::plain);
    prop_oneof![quoted, plain].prop_map(|scalar| Node::new(Span::NONE, scalar))
}

fn tree(depth: u32) -> BoxedStrategy<Node> {
    if depth == 0 {
        return scalar().boxed();
    }
    let entries = proptest::collection::vec((0..KEYS.len(), tree(depth - 1)), 0..4);
    let map = entries.prop_map(|entries| {
        let entries = entries.into_iter().map(|(key, value)| {
            let value = match KEYS[key] {
                "containers" | "env" => named(value),
                "args" => Node::new(Span::NONE, vec![value]),
                _ => value,
            };
            entry(KEYS[key], value)
        });
        Node::new(Span::NONE, entries.collect::<Mapping>())
    });
    prop_oneof![1 => scalar(), 4 => map].boxed()
}

/// A list of one or two named items.
fn named(value: Node) -> Node {
    let item = |name: &str, value: Node| {
        let entries = [
            entry("name", Node::string(Span::NONE, name)),
            entry("value", value),
        ];
        Node::new(Span::NONE, entries.into_iter().collect::<Mapping>())
    };
    let mut items = vec![item("one", value.clone())];
    if value.as_mapping().is_some() {
        items.push(item("two", Node::string(Span::NONE, "x")));
    }
    Node::new(Span::NONE, items)
}

fn entry(key: &str, value: Node) -> Entry {
    Entry {
        key: Key::new(key, Span::NONE),
        value,
    }
}

fn document() -> impl Strategy<Value = Node> {
    tree(3).prop_map(|tree| {
        let entries = [
            entry("kind", Node::string(Span::NONE, "Test")),
            entry("spec", tree),
        ];
        Node::new(Span::NONE, entries.into_iter().collect::<Mapping>())
    })
}

/// One change somewhere in a tree.
#[derive(Clone, Debug)]
enum Change {
    Set(Node),
    Remove,
    Add(usize, Node),
    Turn,
}

fn change() -> impl Strategy<Value = (Index, Change)> {
    let change = prop_oneof![
        scalar().prop_map(Change::Set),
        Just(Change::Remove),
        (0..3_usize, tree(1)).prop_map(|(key, value)| Change::Add(key, value)),
        Just(Change::Turn),
    ];
    (any::<Index>(), change)
}

fn count(node: &Node) -> usize {
    match &node.value {
        Value::Scalar(_) => 0,
        Value::Sequence(items) => items.iter().map(|item| 1 + count(item)).sum(),
        Value::Mapping(entries) => entries.iter().map(|entry| 1 + count(&entry.value)).sum(),
    }
}

/// Applies a change at the member with this number, counted from the top.
fn apply(node: &mut Node, at: &mut usize, change: &Change) -> bool {
    let hit = |at: &mut usize| {
        let hit = *at == 0;
        *at = at.wrapping_sub(1);
        hit
    };
    match &mut node.value {
        Value::Scalar(_) => false,
        Value::Sequence(items) => {
            for number in 0..items.len() {
                if hit(at) {
                    match change {
                        Change::Remove => drop(items.remove(number)),
                        Change::Turn => items.rotate_left(1),
                        Change::Set(_) | Change::Add(..) => {}
                    }
                    return true;
                }
                if apply(&mut items[number], at, change) {
                    return true;
                }
            }
            false
        }
        Value::Mapping(entries) => {
            let keys: Vec<String> = entries.keys().map(str::to_owned).collect();
            for key in keys {
                if hit(at) {
                    let is_name = matches!(&*key, "name" | "kind");
                    match change {
                        Change::Remove if !is_name => drop(entries.remove(&key)),
                        Change::Set(new) if !is_name => {
                            entries.insert(Key::new(&*key, Span::NONE), new.clone());
                        }
                        Change::Add(new, value) => {
                            entries.insert(Key::new(KEYS[*new], Span::NONE), value.clone());
                        }
                        Change::Turn => {
                            let first = entries.remove(&key).expect("it is there");
                            entries.insert(first.key, first.value);
                        }
                        Change::Remove | Change::Set(_) => {}
                    }
                    return true;
                }
                let value = entries.get_mut(&key).expect("it is there");
                if apply(value, at, change) {
                    return true;
                }
            }
            false
        }
    }
}

fn changed(document: &Node, changes: &[(Index, Change)]) -> Node {
    let mut document = document.clone();
    for (index, change) in changes {
        let members = count(&document).max(1);
        apply(&mut document, &mut index.index(members), change);
    }
    document
}

fn text(document: &Node) -> String {
    kubewright_yaml::to_string(document, &AsGiven).expect("trees without tags can be written")
}

fn read(text: &str) -> Node {
    kubewright_yaml::read_document(text, SourceId::NONE, &Limits::default())
        .unwrap_or_else(|error| panic!("{error:?}\n{text}"))
        .expect("a document")
}

/// Adds comments behind lines that may have one, and lines of their own.
fn commented(text: &str, places: &[Index]) -> (String, Vec<String>) {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut added = Vec::new();
    // A block of several lines takes no comments.
    let in_block =
        |line: &str| line.trim() == "line" || line.trim().is_empty() || line.ends_with('|');
    for (number, place) in places.iter().enumerate() {
        let at = place.index(lines.len());
        if in_block(&lines[at]) || lines[at].trim_start().starts_with('#') {
            continue;
        }
        let comment = format!("# by hand {number}");
        if number % 2 == 0 {
            lines[at] = format!("{} {comment}", lines[at]);
        } else {
            let indentation = lines[at].len() - lines[at].trim_start().len();
            lines.insert(at, format!("{}{comment}", " ".repeat(indentation)));
        }
        added.push(comment);
    }
    (lines.join("\n") + "\n", added)
}

/// Every leaf by its path; items of lists with names by these.
fn flat(path: &str, field: &str, node: &Node, out: &mut BTreeMap<String, String>) {
    match &node.value {
        Value::Mapping(entries) if !entries.is_empty() => {
            for entry in entries {
                flat(
                    &format!("{path}/{}", entry.key.text),
                    &entry.key.text,
                    &entry.value,
                    out,
                );
            }
        }
        Value::Sequence(items) if matches!(field, "containers" | "env") && !items.is_empty() => {
            for item in items {
                let name = item
                    .get("name")
                    .and_then(Node::as_scalar)
                    .map(|name| &*name.text);
                flat(&format!("{path}[{}]", name.unwrap_or("?")), "", item, out);
            }
        }
        Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_) => {
            out.insert(path.to_owned(), text(&sorted(node)));
        }
    }
}

/// The same with the keys of all mappings in order.
fn sorted(node: &Node) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => Value::Scalar(scalar.clone()),
        Value::Sequence(items) => items.iter().map(sorted).collect::<Vec<_>>().into(),
        Value::Mapping(entries) => {
            let by_key: BTreeMap<&str, Node> = entries
                .iter()
                .map(|of| (&*of.key.text, sorted(&of.value)))
                .collect();
            by_key
                .into_iter()
                .map(|(key, value)| entry(key, value))
                .collect::<Mapping>()
                .into()
        }
    };
    Node::new(Span::NONE, value)
}

fn leaves(document: &Node) -> BTreeMap<String, String> {
    let mut leaves = BTreeMap::new();
    flat("", "", document, &mut leaves);
    leaves
}

/// The merge of leaves; none where both changed one differently.
fn oracle(base: &Node, user: &Node, new: &Node) -> Option<BTreeMap<String, String>> {
    let (base, user, new) = (leaves(base), leaves(user), leaves(new));
    let paths: BTreeSet<&String> = base.keys().chain(user.keys()).chain(new.keys()).collect();
    let mut merged = BTreeMap::new();
    for path in paths {
        let (base, user, new) = (base.get(path), user.get(path), new.get(path));
        let value = match (user == base, new == base) {
            (true, _) => new,
            (false, true) => user,
            (false, false) if user == new => user,
            (false, false) => return None,
        };
        if let Some(value) = value {
            merged.insert(path.clone(), value.clone());
        }
    }
    Some(merged)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_merged_has_the_edits_of_both_sides(
        base in document(),
        user in proptest::collection::vec(change(), 0..4),
        new in proptest::collection::vec(change(), 0..4),
        comments in proptest::collection::vec(any::<Index>(), 0..4),
    ) {
        let (theirs, ours) = (changed(&base, &user), changed(&base, &new));
        let (user_text, comments) = commented(&text(&theirs), &comments);
        prop_assert!(text(&read(&user_text)) == text(&theirs), "{}", user_text);
        let (base_text, new_text) = (text(&base), text(&ours));
        match merge(&base_text, &user_text, &new_text) {
            Outcome::Merged(merged) => {
                let expected = oracle(&base, &theirs, &ours);
                let found = leaves(&read(&merged));
                // An emptied collection is a leaf in one form and nothing in the other.
                let bare = |leaves: BTreeMap<String, String>| -> BTreeMap<String, String> {
                    leaves.into_iter().filter(|(_, value)| !matches!(value.as_str(), "{}\n" | "[]\n")).collect()
                };
                prop_assert_eq!(Some(bare(found)), expected.map(bare), "base\n{}\nuser\n{}\nnew\n{}\nmerged\n{}", base_text, user_text, new_text, merged);
                for comment in &comments {
                    prop_assert!(merged.contains(comment.as_str()), "{} is lost:\n{}", comment, merged);
                }
                let again = merge(&new_text, &merged, &new_text);
                prop_assert_eq!(again, Outcome::Merged(merged));
            }
            Outcome::Conflicts(conflicts, _) => {
                prop_assert!(!conflicts.is_empty());
                for conflict in &conflicts {
                    prop_assert!(user_text.get(conflict.place.clone()).is_some());
                }
            }
        }
    }

    #[test]
    fn what_only_one_side_changed_is_no_conflict(
        base in document(),
        changes in proptest::collection::vec(change(), 0..5),
        comments in proptest::collection::vec(any::<Index>(), 0..3),
    ) {
        let other = changed(&base, &changes);
        let (base_text, other_text) = (text(&base), text(&other));
        let (user_text, _) = commented(&other_text, &comments);
        let stays = merge(&base_text, &user_text, &base_text);
        prop_assert_eq!(stays, Outcome::Merged(user_text));
        match merge(&base_text, &base_text, &other_text) {
            Outcome::Merged(merged) => prop_assert_eq!(leaves(&read(&merged)), leaves(&other)),
            // The generator's own texts have no comments.
            Outcome::Conflicts(found, _) => {
                prop_assert!(found.iter().all(|found| found.why == Why::Form), "{:?}\n{}\n{}", found, base_text, other_text);
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(base in ".{0,40}", user in "[-a: \\[\\]{}#'\"|>&*!?\n]{0,60}", new in "(a: b\n|- c\n|  d: [e]\n|kind: Secret\n|data:\n){0,5}") {
        let _ = merge(&base, &user, &new);
        let _ = merge(&new, &user, &base);
        let _ = merge(&new, &user, &new);
        let _ = kubewright_merge::veil::shape(&user);
        let _ = kubewright_merge::veil::masked(&user);
    }
}

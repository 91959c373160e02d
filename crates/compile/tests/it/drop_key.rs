//! Promise 1: nothing is silently lost. Dropping any key of any input changes
//! the output or what is said.

use std::path::Path;

use kubewright_read::compose::decode::keys::restates_default;
use kubewright_yaml::{Mapping, Node, Path as KeyPath, Value};

use crate::case::{self, Case, Product, Replaced};

#[test]
fn dropping_any_key_is_noticed() {
    let mut tried = 0;
    let mut lost = Vec::new();
    for case in case::all().into_iter().filter(|case| !case.is_bad()) {
        for (path, tree) in case.documents() {
            let Some(files) = Replaced::new(&case, &path, &tree) else {
                continue;
            };
            let whole = case.compile_with(&files);
            let mut trail = Vec::new();
            visit(&tree, &mut trail, &mut |trail| {
                tried += 1;
                if !is_noticed(&case, &path, &tree, trail, &whole) {
                    lost.push(format!(
                        "{}/{}: {}",
                        case.name,
                        path.display(),
                        trail.join(".")
                    ));
                }
            });
        }
    }
    assert!(tried > 500, "only {tried} keys were tried");
    assert!(
        lost.is_empty(),
        "{} of {tried} keys are silently lost:\n{}",
        lost.len(),
        lost.join("\n")
    );
}

/// Calls with the way to every entry of every map: keys, and `[n]` for items.
fn visit(node: &Node, trail: &mut Vec<String>, call: &mut impl FnMut(&[String])) {
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                trail.push(format!("[{at}]"));
                visit(item, trail, call);
                trail.pop();
            }
        }
        Value::Mapping(mapping) => {
            for entry in mapping.iter() {
                trail.push(entry.key.text.to_string());
                call(trail);
                visit(&entry.value, trail, call);
                trail.pop();
            }
        }
    }
}

fn is_noticed(case: &Case, path: &Path, tree: &Node, trail: &[String], whole: &Product) -> bool {
    let mut dropped = tree.clone();
    let removed = remove(&mut dropped, trail);
    if trail.first().is_some_and(|key| key.starts_with("x-"))
        || restates(trail, KeyPath::ROOT, &removed)
    {
        return true;
    }
    let Some(files) = Replaced::new(case, path, &dropped) else {
        return true;
    };
    let without = case.compile_with(&files);
    without.files != whole.files || without.said != whole.said
}

fn restates(trail: &[String], path: KeyPath<'_>, removed: &Node) -> bool {
    let Some((first, rest)) = trail.split_first() else {
        return restates_default(&path, removed);
    };
    match first
        .strip_prefix('[')
        .and_then(|at| at.strip_suffix(']')?.parse().ok())
    {
        Some(at) => restates(rest, path.index(at), removed),
        None => restates(rest, path.key(first), removed),
    }
}

fn remove(node: &mut Node, trail: &[String]) -> Node {
    let (first, rest) = trail.split_first().expect("a way has at least one step");
    let value = std::mem::replace(&mut node.value, Value::Sequence(Vec::new()));
    match value {
        Value::Mapping(mapping) => {
            let mut removed = None;
            let mut kept = Vec::new();
            for entry in mapping.iter() {
                let mut entry = entry.clone();
                if *entry.key.text == **first {
                    if rest.is_empty() {
                        removed = Some(entry.value);
                        continue;
                    }
                    removed = Some(remove(&mut entry.value, rest));
                }
                kept.push(entry);
            }
            node.value = Value::Mapping(Mapping::from_iter(kept));
            removed.expect("the way leads somewhere")
        }
        Value::Sequence(mut items) => {
            let at: usize = first
                .trim_matches(['[', ']'])
                .parse()
                .expect("an item's number");
            let removed = remove(&mut items[at], rest);
            node.value = Value::Sequence(items);
            removed
        }
        Value::Scalar(_) => unreachable!("a way leads through maps and lists"),
    }
}

//! Every entry of every mapping of a tree, and the tree without one of them.

use crate::path::Path;
use crate::tree::{Mapping, Node, Value};

/// One step from a node to one below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the value of a key.
    Key(Box<str>),
    /// To an item of a sequence, counted from 0.
    Item(usize),
}

/// The ways to all entries of all mappings, in the order of the text; a
/// mapping's entry comes before what stands below it.
///
/// ```
/// use kubewright_yaml::{Limits, read_document, walk};
///
/// let id = kubewright_source::Sources::default().add("a.yaml", "");
/// let tree = read_document("a: [{b: 1}]\nc: 2\n", id, &Limits::default());
/// let tree = tree.ok().flatten().expect("one document");
/// let ways: Vec<String> = walk::entries(&tree).iter().map(|way| walk::show(way)).collect();
/// assert_eq!(ways, ["a", "a[0].b", "c"]);
/// ```
#[must_use]
pub fn entries(node: &Node) -> Vec<Vec<Step>> {
    let mut found = Vec::new();
    visit(node, &mut Vec::new(), &mut found);
    found
}

fn visit(node: &Node, way: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                way.push(Step::Item(at));
                visit(item, way, found);
                way.pop();
            }
        }
        Value::Mapping(mapping) => {
            for entry in mapping.iter() {
                way.push(Step::Key(entry.key.text.clone()));
                found.push(way.clone());
                visit(&entry.value, way, found);
                way.pop();
            }
        }
    }
}

/// The tree without the entry at a way, and what stood there; none where the
/// way leads nowhere or ends at an item.
#[must_use]
pub fn without(node: &Node, way: &[Step]) -> Option<(Node, Node)> {
    let mut rest = node.clone();
    let removed = remove(&mut rest, way)?;
    Some((rest, removed))
}

fn remove(node: &mut Node, way: &[Step]) -> Option<Node> {
    let (first, below) = way.split_first()?;
    match (&mut node.value, first) {
        (Value::Sequence(items), Step::Item(at)) => remove(items.get_mut(*at)?, below),
        (Value::Mapping(mapping), Step::Key(key)) => {
            let mut entries: Vec<_> = mapping.iter().cloned().collect();
            let at = entries.iter().position(|entry| entry.key.text == *key)?;
            let removed = match below {
                [] => entries.remove(at).value,
                below => remove(&mut entries[at].value, below)?,
            };
            *mapping = Mapping::from_iter(entries);
            Some(removed)
        }
        _ => None,
    }
}

/// A way as diagnostics print it: `services.web.ports[0]`.
#[must_use]
pub fn show(way: &[Step]) -> String {
    with_path(way, |path| path.to_string())
}

/// Calls with a way as a key path.
pub fn with_path<T>(way: &[Step], call: impl FnOnce(&Path<'_>) -> T) -> T {
    down(way, Path::ROOT, call)
}

fn down<T>(way: &[Step], path: Path<'_>, call: impl FnOnce(&Path<'_>) -> T) -> T {
    match way.split_first() {
        None => call(&path),
        Some((Step::Key(key), below)) => down(below, path.key(key), call),
        Some((Step::Item(at), below)) => down(below, path.index(*at), call),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AsGiven, Limits, read_document, to_string};

    const TEXT: &str = "a:\n  - b: 1\n    c: 2\nd:\n  e:\n    f: 3\n";

    fn tree(text: &str) -> Node {
        let id = kubewright_source::Sources::default().add("test", text);
        let read = read_document(text, id, &Limits::default());
        read.ok().flatten().expect("a document")
    }

    #[test]
    fn every_entry_is_met_once_and_can_be_left_out() {
        let tree = tree(TEXT);
        let left: Vec<(String, String)> = entries(&tree)
            .iter()
            .map(|way| {
                let (rest, _) = without(&tree, way).expect("it leads somewhere");
                (
                    show(way),
                    to_string(&rest, &AsGiven).expect("it can be written"),
                )
            })
            .collect();
        let expected = [
            ("a", "d:\n  e:\n    f: 3\n"),
            ("a[0].b", "a:\n  - c: 2\nd:\n  e:\n    f: 3\n"),
            ("a[0].c", "a:\n  - b: 1\nd:\n  e:\n    f: 3\n"),
            ("d", "a:\n  - b: 1\n    c: 2\n"),
            ("d.e", "a:\n  - b: 1\n    c: 2\nd: {}\n"),
            ("d.e.f", "a:\n  - b: 1\n    c: 2\nd:\n  e: {}\n"),
        ];
        let expected = expected.map(|(way, text)| (way.to_owned(), text.to_owned()));
        assert_eq!(left, expected);
    }

    #[test]
    fn a_way_that_leads_nowhere_removes_nothing() {
        let tree = tree(TEXT);
        for way in [
            vec![],
            vec![Step::Key("x".into())],
            vec![Step::Key("a".into()), Step::Item(0)],
            vec![Step::Key("a".into()), Step::Item(7), Step::Key("b".into())],
            vec![Step::Item(0)],
        ] {
            assert_eq!(without(&tree, &way), None, "{way:?}");
        }
    }
}

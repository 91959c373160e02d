//! Other values for a key: what it could say instead.

use kubewright_yaml::walk::Step;
use kubewright_yaml::{Node, Resolved, Scalar, Style, Value};

/// The tree with other values at a way, one for each scalar below it and for
/// each word that the scalar could be.
pub(crate) fn others(tree: &Node, way: &[Step]) -> Vec<Node> {
    let mut scalars = Vec::new();
    let mut below = way.to_vec();
    if let Some(node) = find(tree, way) {
        collect(node, &mut below, &mut scalars);
    }
    let mut others = Vec::new();
    for (way, scalar) in scalars {
        for other in words(scalar) {
            let mut tree = tree.clone();
            if let Some(node) = find_mut(&mut tree, &way) {
                node.value = Value::Scalar(other);
                others.push(tree);
            }
        }
    }
    others
}

fn collect<'n>(node: &'n Node, way: &mut Vec<Step>, found: &mut Vec<(Vec<Step>, &'n Scalar)>) {
    match &node.value {
        Value::Scalar(scalar) => found.push((way.clone(), scalar)),
        Value::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                way.push(Step::Item(at));
                collect(item, way, found);
                way.pop();
            }
        }
        Value::Mapping(mapping) => {
            for entry in mapping.iter() {
                way.push(Step::Key(entry.key.text.clone()));
                collect(&entry.value, way, found);
                way.pop();
            }
        }
    }
}

/// Words that some keys know.
const WORDS: [&str; 5] = ["no", "on-failure", "none", "40s", "seccomp:unconfined"];

/// The text with its first number one higher: `9697/tcp`.
fn next_number(text: &str) -> String {
    let is_digit = |c: char| c.is_ascii_digit();
    let start = text.find(is_digit).unwrap_or(text.len());
    let (before, rest) = text.split_at(start);
    let (number, behind) = rest.split_at(rest.find(|c| !is_digit(c)).unwrap_or(rest.len()));
    let next = number.parse::<u64>().unwrap_or_default().saturating_add(1);
    format!("{before}{next}{behind}")
}

/// A scalar's neighbours: the other boolean, the next number, a longer text,
/// and words that some keys know.
fn words(scalar: &Scalar) -> Vec<Scalar> {
    let own = &*scalar.text;
    let texts = match scalar.resolve() {
        Resolved::Bool(yes) => vec![(!yes).to_string()],
        Resolved::Int(number) => vec![number.saturating_add(1).to_string()],
        _ => {
            let mut texts = vec![next_number(own), format!("{own}0"), format!("{own}x")];
            texts.extend(WORDS.map(str::to_owned));
            texts
        }
    };
    let scalar = |text: String| Scalar {
        text: text.into(),
        style: match scalar.style {
            Style::Plain => Style::Plain,
            Style::Quoted | Style::Block => Style::Quoted,
        },
    };
    texts
        .into_iter()
        .filter(|text| text != own)
        .map(scalar)
        .collect()
}

fn find<'n>(node: &'n Node, way: &[Step]) -> Option<&'n Node> {
    let Some((first, below)) = way.split_first() else {
        return Some(node);
    };
    match (&node.value, first) {
        (Value::Sequence(items), Step::Item(at)) => find(items.get(*at)?, below),
        (Value::Mapping(mapping), Step::Key(key)) => find(mapping.get(key)?, below),
        _ => None,
    }
}

fn find_mut<'n>(node: &'n mut Node, way: &[Step]) -> Option<&'n mut Node> {
    let Some((first, below)) = way.split_first() else {
        return Some(node);
    };
    match (&mut node.value, first) {
        (Value::Sequence(items), Step::Item(at)) => find_mut(items.get_mut(*at)?, below),
        (Value::Mapping(mapping), Step::Key(key)) => find_mut(mapping.get_mut(key)?, below),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_is_raised() {
        for (text, next) in [
            ("9696/tcp", "9697/tcp"),
            ("a1:2", "a2:2"),
            ("web", "web1"),
            ("", "1"),
        ] {
            assert_eq!(next_number(text), next);
        }
    }
}

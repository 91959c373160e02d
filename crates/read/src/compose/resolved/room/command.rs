//! Command lines, and tests of health.

use kubewright_yaml::{Node, Path};

use crate::compose::resolved::fault;
use crate::compose::resolved::shape::TEXTS_REPEATED;
use crate::compose::resolved::walk::{Walk, text_of};
use crate::shell;

/// A command line as words. Nothing stays nothing; an empty list is one.
pub(crate) fn command(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    if node.is_null() {
        return None;
    }
    let Some(text) = text_of(node) else {
        return words(walk, node, path);
    };
    match shell::split(text) {
        Ok(words) => {
            let word = |word| Node::string(node.span, word);
            let words: Vec<Node> = words.words.into_iter().map(word).collect();
            Some(Node::new(node.span, words))
        }
        Err(found) => {
            let why = format!("this is no command line: {found}");
            let help = "write it as a list of words";
            walk.say(fault::bad_value(node.span, path, &why, help));
            None
        }
    }
}

/// A test: a command line for a shell, or its kind and its words.
pub(crate) fn test(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    match text_of(node) {
        Some(text) => {
            let words = vec![
                Node::string(node.span, "CMD-SHELL"),
                Node::string(node.span, text),
            ];
            Some(Node::new(node.span, words))
        }
        None => words(walk, node, path).filter(|words| words.as_sequence() != Some(&[])),
    }
}

fn words(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let Some(items) = node.as_sequence() else {
        walk.wrong_type(node, path, "a string or a list of strings");
        return None;
    };
    let found = walk.shape(&TEXTS_REPEATED, node, path);
    match items.is_empty() {
        true => Some(Node::new(node.span, Vec::new())),
        false => found,
    }
}

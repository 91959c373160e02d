//! Commands and their arguments.

use kubewright_model::container::Command;
use kubewright_model::{Given, Located};

use super::given::word;
use crate::apps::long::is_lone;
use crate::fields::At;
use crate::shell;

/// A command: a list stays, a text is a shell line.
pub(super) fn command(at: &At<'_>) -> Given<Command> {
    if let Some(line) = lone(at) {
        return Some(line.map(Command::Shell));
    }
    let words = at
        .items()
        .iter()
        .filter_map(word)
        .map(|word| word.value)
        .collect();
    Some(Located::new(Command::Exec(words), at.span()))
}

/// A command that runs something.
pub(super) fn something(at: &At<'_>) -> Given<Command> {
    let found = command(at)?;
    if found.value.to_argv().is_empty() {
        at.bad(
            format!("`{}` runs nothing", at.name),
            "write the program and its arguments",
        );
        return None;
    }
    Some(found)
}

/// Arguments: a list stays, a text is split as by a shell.
pub(super) fn arguments(at: &At<'_>) -> Given<Vec<String>> {
    let Some(line) = lone(at) else {
        let words = at
            .items()
            .iter()
            .filter_map(word)
            .map(|word| word.value)
            .collect();
        return Some(Located::new(words, at.span()));
    };
    match shell::split(&line.value) {
        Ok(words) if words.rest.is_none() => Some(Located::new(words.words, line.span)),
        Ok(_) => {
            at.bad(
                "`args` holds an operator of the shell, and no shell reads it",
                "write a list, or a text as `command`",
            );
            None
        }
        Err(fault) => {
            at.bad(format!("`args` cannot be split: {fault}"), "write a list");
            None
        }
    }
}

/// The text that stands in place of a list.
fn lone(at: &At<'_>) -> Given<String> {
    let [only] = at.node.as_sequence().filter(|_| is_lone(at.node))? else {
        return None;
    };
    let scalar = only.as_scalar()?;
    Some(Located::new(scalar.text.to_string(), only.span))
}

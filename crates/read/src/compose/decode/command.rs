//! What runs in the container: `entrypoint`, `command`, `working_dir`, hooks and
//! how it ends.

use std::collections::BTreeSet;

use kubewright_knowledge::secret::{holds_credential, holds_password, looks_secret};
use kubewright_model::container::Command;
use kubewright_model::lifecycle::{Hook, StopSignal};
use kubewright_model::{App, Located};
use kubewright_yaml::Value;

use super::service::Service;
use super::{environment, keys};
use crate::fields::{At, Pair, shown};
use crate::shell;

/// Reads the keys into the app.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let fields = &service.fields;
    let names: BTreeSet<String> = app
        .main
        .environment
        .iter()
        .map(|variable| variable.name.value.to_string())
        .collect();
    let escaped = |argv: Vec<String>| -> Vec<String> {
        argv.iter().map(|word| escape(word, &names)).collect()
    };
    let entrypoint = fields.get("entrypoint").and_then(|at| argv(&at));
    let command = fields.get("command").and_then(|at| argv(&at));
    match (entrypoint, command) {
        (Some(reset), command) if reset.value.is_empty() => {
            let at = fields.get("entrypoint").unwrap_or(*fields.at());
            match command.filter(|command| !command.value.is_empty()) {
                Some(command) => {
                    app.main.command = Some(command.map(escaped).map(Command::Exec));
                }
                None => at.warn(
                    "not-carried",
                    "an empty `entrypoint` without a `command` cannot be said in Kubernetes: the \
                     image's own runs",
                    "write the command that the image shall run",
                ),
            }
        }
        (entrypoint, command) => {
            let replaces = entrypoint.is_some();
            app.main.command = entrypoint.map(|argv| argv.map(escaped).map(Command::Exec));
            if let Some(command) = command {
                if command.value.is_empty() && !replaces {
                    let at = fields.get("command").unwrap_or(*fields.at());
                    at.warn(
                        "not-carried",
                        "an empty `command` cannot be said in Kubernetes: the image's own arguments \
                         are used",
                        "write `entrypoint` with what the image shall run",
                    );
                } else if !command.value.is_empty() {
                    app.main.args = Some(command.map(escaped));
                }
            }
        }
    }
    app.main.working_dir = fields.text("working_dir");
    app.main.stdin = fields.bool("stdin_open");
    app.main.tty = fields.bool("tty");
    if let Some(at) = fields.get("init")
        && at.bool().is_some_and(|init| init.value)
    {
        at.note(
            "init-process",
            "a pod has no init process of its own: the image's first process has to take in \
             processes that others leave behind",
            "most images need none; if this one does, start it with `tini` in its Dockerfile",
        );
    }
    app.grace_period = fields.duration("stop_grace_period");
    app.main.lifecycle.stop_signal = fields.parse("stop_signal", StopSignal::parse);
    app.main.lifecycle.post_start = hooks(service, "post_start");
    app.main.lifecycle.pre_stop = hooks(service, "pre_stop");
}

/// A string as compose splits it, or a list. Nothing for null.
pub(super) fn argv(at: &At<'_>) -> Option<Located<Vec<String>>> {
    let words = match &at.node.value {
        Value::Scalar(_) if at.is_null() => return None,
        Value::Scalar(_) => split(at)?,
        Value::Sequence(_) => at.texts().into_iter().map(|word| word.value).collect(),
        Value::Mapping(_) => {
            at.wrong_type("a string or a list");
            return None;
        }
    };
    Some(Located::new(words, at.span()))
}

fn split(at: &At<'_>) -> Option<Vec<String>> {
    let text = at.text()?;
    match shell::split(&text.value) {
        Ok(split) => {
            if split.rest.is_some() {
                at.warn(
                    "command-cut",
                    format!(
                        "compose reads `{}` only up to the shell's operator",
                        at.name
                    ),
                    "run it in a shell: `[\"sh\", \"-c\", \"…\"]`",
                );
            }
            Some(split.words)
        }
        Err(fault) => {
            at.bad(
                format!("{} is no command line: {fault}", shown(&text.value)),
                "close the quote, or write the command as a list",
            );
            None
        }
    }
}

/// A word that Kubernetes leaves as it is: `$$` and `$(NAME)` of a variable that
/// the container has would be replaced.
///
/// <https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/>
pub(super) fn escape(word: &str, names: &BTreeSet<String>) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(behind) = rest.strip_prefix("$$") {
            out.push_str("$$$$");
            rest = behind;
            continue;
        }
        let name = rest
            .strip_prefix("$(")
            .and_then(|inside| inside.split_once(')'));
        match name {
            Some((name, _)) if names.contains(name) => {
                out.push_str("$$");
                rest = &rest[1..];
            }
            Some((name, behind)) => {
                out.push_str(&rest[..name.len() + 3]);
                rest = behind;
            }
            None => {
                out.push('$');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Kubernetes runs one hook; several become one command line.
fn hooks(service: &Service<'_>, key: &'static str) -> Option<Hook> {
    let at = service.fields.get(key)?;
    let items = at.items();
    let steps: Vec<Step> = items.iter().filter_map(|at| step(service, at)).collect();
    let first = steps.first()?;
    let command = match steps.as_slice() {
        [only] if only.prefix.is_empty() => Command::Exec(only.argv.clone()),
        _ => {
            let line = |step: &Step| {
                let words: Vec<String> = step.argv.iter().map(|word| quoted(word)).collect();
                format!("({}{})", step.prefix, words.join(" "))
            };
            let lines: Vec<String> = steps.iter().map(line).collect();
            Command::Shell(lines.join(" && "))
        }
    };
    Some(Hook::Exec(Located::new(command, first.span)))
}

struct Step {
    argv: Vec<String>,
    /// `cd` and variables, for a shell.
    prefix: String,
    span: kubewright_source::Span,
}

fn step(service: &Service<'_>, at: &At<'_>) -> Option<Step> {
    let fields = at.fields("a hook")?;
    keys::settle(&fields, keys::HOOK);
    let argv = fields.need("command").and_then(|at| argv(&at));
    let mut prefix = String::new();
    if let Some(folder) = fields.text("working_dir") {
        prefix = format!("cd {} && ", quoted(&folder.value));
    }
    let given = fields.get("environment");
    let mut pairs: Vec<Pair> = given.iter().flat_map(At::pairs).collect();
    // A mapping has no order.
    if given.is_some_and(|at| matches!(at.node.value, Value::Mapping(_))) {
        pairs.sort_by(|one, other| one.key.value.cmp(&other.key.value));
    }
    for pair in pairs {
        warn_of_secret(service, at, &pair);
        let value = pair.value.map(|value| value.value).unwrap_or_default();
        prefix.push_str(&format!("export {}={} && ", pair.key.value, quoted(&value)));
    }
    fields.finish();
    let argv = argv?;
    Some(Step {
        span: argv.span,
        argv: argv.value,
        prefix,
    })
}

/// Hooks of Kubernetes have no variables of their own: theirs stand in the command,
/// which is no place for a secret.
fn warn_of_secret(service: &Service<'_>, at: &At<'_>, pair: &Pair) {
    let name = &pair.key.value;
    let value = pair.value.as_ref().filter(|value| !value.value.is_empty());
    let Some(value) = value.filter(|_| !environment::is_secret(service, pair)) else {
        return;
    };
    if looks_secret(name) || holds_password(&value.value) || holds_credential(&value.value) {
        at.say_at(
            value.span,
            kubewright_source::Severity::Warning,
            "exposed-secret",
            format!("`{name}` stands in the command of a hook, where others can read it"),
            "give it in `environment` of the service, which becomes a Secret: hooks have its \
             variables, too"
                .to_owned(),
        );
    }
}

/// A word that a shell takes as it is.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

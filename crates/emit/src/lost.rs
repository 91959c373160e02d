//! Texts that the tools of a form do not give back, whatever is written: people are told,
//! because the flat manifests hold them rightly.

use std::collections::BTreeSet;

use kubewright_source::Diagnostic;
use serde_json::Value;

use crate::form::Given;
use crate::tree;

/// What a tool does not give back of a text, for people; none: nothing.
pub(crate) type Rule = fn(&str) -> Option<String>;

/// What there is to say of all objects, each thing once. `tool` loses what the rules name.
pub(crate) fn all(given: &Given<'_>, tool: &str, rules: &[Rule]) -> Vec<Diagnostic> {
    let mut told = BTreeSet::new();
    let mut said = Vec::new();
    for environment in given.environments {
        let objects = environment.objects.iter().zip(environment.manifests);
        for (object, _) in objects.filter(|(_, file)| may_be_lost(&file.text)) {
            let Ok(tree) = tree::of(object) else { continue };
            let mut found = BTreeSet::new();
            texts(&tree, &mut |text| {
                found.extend(rules.iter().filter_map(|rule| rule(text)));
            });
            let kind = object.body.kind();
            for what in found {
                let message = format!("{kind} `{}` has {what}", object.name());
                if told.insert((object.origin.span, message.clone())) {
                    let message = format!("{message}: {tool} does not give it back");
                    let said_of_it = Diagnostic::warning("text-lost", object.origin.span, message);
                    said.push(said_of_it.help(
                        "take it out of the input, or apply the flat manifests, which hold it as it is",
                    ));
                }
            }
        }
    }
    said
}

/// Whether a manifest can hold such a text: as YAML they are all escaped, or plain to see.
fn may_be_lost(manifest: &str) -> bool {
    ["<no value>", "\\x", "\\N", "\\uFFF", "\t", "\\t"]
        .iter()
        .any(|mark| manifest.contains(mark))
}

fn texts(tree: &Value, see: &mut impl FnMut(&str)) {
    match tree {
        Value::Object(map) => {
            for (key, value) in map {
                see(key);
                texts(value, see);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, see)),
        Value::String(text) => see(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Characters that YAML's writers in Go put down as they are, and its readers refuse; "next
/// line" is read as a space.
pub(crate) fn control_character(text: &str) -> Option<String> {
    let is_lost = |c: &char| matches!(c, '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}');
    let found = text.chars().find(is_lost)?;
    Some(format!(
        "the character U+{:04X} in a text",
        u32::from(found)
    ))
}

/// Kustomize writes such a text without saying how far it is indented.
pub(crate) fn leading_tab(text: &str) -> Option<String> {
    let begins = text.trim_start_matches('\n').starts_with('\t');
    let is_lost = begins && text.contains('\n');
    is_lost.then(|| "a text of several lines that begins with a tab".to_owned())
}

/// Helm takes this out of all that it renders.
pub(crate) fn no_value(text: &str) -> Option<String> {
    const GONE: &str = "<no value>";
    text.contains(GONE).then(|| format!("the text `{GONE}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_name_what_is_lost_and_nothing_else() {
        let rows: [(Rule, &str, bool); 9] = [
            (control_character, "a\u{7F}", true),
            (control_character, "a\u{85}", true),
            (control_character, "\u{FFFE}", true),
            (control_character, "a\u{1}\u{A0}\u{FEFF}\n", false),
            (leading_tab, "\ta\nb", true),
            (leading_tab, "\ta", false),
            (leading_tab, "a\n\tb", false),
            (no_value, "--x=<no value>", true),
            (no_value, "<novalue>", false),
        ];
        for (rule, text, expected) in rows {
            assert_eq!(rule(text).is_some(), expected, "{text:?}");
        }
    }
}

//! Variables of containers.

use std::collections::{BTreeMap, BTreeSet};

use kubewright_knowledge::secret;
use kubewright_model::value::{DataKey, FieldPath, ObjectName, ResourceField, VariableName};
use kubewright_model::variable::{
    KeyReference, SecretVariable, Variable, VariableValue, VariablesFrom, VariablesSource,
};
use kubewright_model::{Given, Located};
use kubewright_source::Diagnostic;

use super::given::{members, parsed, text, word};
use super::scope::Scope;
use crate::apps::long::keeps_order;
use crate::apps::resolve::is_from_secret;
use crate::fields::{At, Fields, shown};

/// The block `environment`: a list in its order, those of a map by name, each after
/// those that it uses as `$(NAME)`.
pub(super) fn read(fields: &Fields<'_>, scope: &Scope<'_>) -> Vec<Variable> {
    let Some(at) = fields.get("environment") else {
        return Vec::new();
    };
    let (mut variables, mut moved) = (Vec::new(), Vec::new());
    for (name, at) in members(&at) {
        let in_clear = scope.is_in_clear(&at);
        let Some(variable) = name.and_then(|name| variable(name, at, scope)) else {
            continue;
        };
        if in_clear && is_known(&variable.value) {
            moved.push(variable.name.clone());
        }
        variables.push(variable);
    }
    note_moved(&moved, fields, &at);
    match keeps_order(at.node) {
        true => variables,
        false => after_used(variables),
    }
}

/// Whether it is a secret whose value stood in its place.
fn is_known(value: &VariableValue) -> bool {
    matches!(value, VariableValue::Secret(secret) if secret.name.is_none())
}

/// What went to the Secret although it stands in the file, said once.
fn note_moved(moved: &[Located<VariableName>], fields: &Fields<'_>, at: &At<'_>) {
    let Some((first, others)) = moved.split_first() else {
        return;
    };
    let names: Vec<String> = moved
        .iter()
        .map(|name| format!("`{}`", name.value))
        .collect();
    let (verb, names) = (
        if others.is_empty() { "goes" } else { "go" },
        names.join(", "),
    );
    let message = format!("{names} of {} {verb} to its Secret", fields.what());
    let mut said = Diagnostic::note("moved-to-secret", first.span, message).place_only();
    for other in others {
        said = said.related(other.span, format!("`{}`", other.value));
    }
    at.push(said.help(
        "write `{secret: NAME}` and keep the value in a store or an env file, or `{value: …}` \
         if it is no secret",
    ));
}

fn variable(name: Located<&str>, at: At<'_>, scope: &Scope<'_>) -> Option<Variable> {
    let name = at.checked(&name.map(str::to_owned), VariableName::parse)?;
    let fields = at.fields(format!("variable `{}`", name.value))?;
    let value = value(&name, &fields, scope);
    fields.finish();
    Some(Variable {
        name,
        value: value?,
    })
}

type Make = fn(KeyReference) -> VariableValue;

/// Keys of variables that live in an object.
const REFERENCES: [(&str, Make); 2] = [
    ("secret_key_ref", VariableValue::SecretKey),
    ("configmap_key_ref", VariableValue::ConfigMapKey),
];

fn value(
    name: &Located<VariableName>,
    fields: &Fields<'_>,
    scope: &Scope<'_>,
) -> Option<VariableValue> {
    if let Some(at) = fields.get("value") {
        return plain(name, &at, fields, scope);
    }
    if let Some(at) = fields.get("variable") {
        let variable = word(&at)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if variable.is_empty() || !variable.chars().all(fits) {
            let message = format!("{} is not the name of a variable", shown(&variable));
            at.bad(message, "use letters, digits and `_`, like `LOG_LEVEL`");
            return None;
        }
        let left = format!("${{{}}}", variable.value);
        return Some(VariableValue::Deploy(Located::new(left, variable.span)));
    }
    if let Some(secret) = text(fields, "secret") {
        let known = scope.secret_value(&secret, name.as_str());
        return Some(VariableValue::Secret(Box::new(SecretVariable {
            known,
            name: Some(secret),
            key: text(fields, "key"),
            version: text(fields, "version"),
        })));
    }
    for (key, make) in REFERENCES {
        if fields.has(key) {
            return reference(fields, key).map(make);
        }
    }
    if fields.has("field_ref") {
        return parsed(fields, "field_ref", FieldPath::parse).map(VariableValue::Field);
    }
    if fields.has("resource_field_ref") {
        let container = text(fields, "container");
        let resource = parsed(fields, "resource_field_ref", ResourceField::parse);
        return resource.map(|resource| VariableValue::ResourceField {
            container,
            resource,
        });
    }
    fields.at().error(
        "missing-key",
        format!("{} has no value", fields.what()),
        "write a text, `{secret: NAME}`, `{variable: NAME}` or a reference",
    );
    None
}

fn plain(
    name: &Located<VariableName>,
    at: &At<'_>,
    fields: &Fields<'_>,
    scope: &Scope<'_>,
) -> Option<VariableValue> {
    let inline = fields.bool("inline").map(|inline| inline.value);
    let text = word(at)?;
    let is_short = fields.at().span() == at.span();
    let from_secret = is_from_secret(at.node) && !text.is_empty() && !text.contains("$(");
    let is_clear = is_short && (is_in_clear(name.as_str(), &text) || from_secret);
    if is_clear && !scope.moves_secrets(at) {
        let said = Diagnostic::error(
            "secret-in-clear",
            name.span,
            format!("`{}` holds a value that looks secret", name.value),
        );
        at.push(said.place_only().help(
            "write `{secret: NAME}` and keep the value in a store or an env file, or \
             `{value: …}` if it is no secret",
        ));
        return None;
    }
    if is_clear {
        let span = text.span;
        let known = Located::new(kubewright_model::value::SecretText::new(text.value), span);
        return Some(VariableValue::Secret(Box::new(SecretVariable {
            name: None,
            key: None,
            version: None,
            known: Some(known),
        })));
    }
    Some(match inline.unwrap_or_else(|| text.contains("$(")) {
        true => VariableValue::Inline(text),
        false => VariableValue::Text(text),
    })
}

/// Whether a text that stands in the file is one that should not.
pub(in crate::apps) fn is_in_clear(name: &str, text: &str) -> bool {
    let looks_secret = secret::looks_secret(name) || secret::holds_password(text);
    looks_secret && !text.is_empty() && !text.contains("$(")
}

/// `name/key`.
fn reference(fields: &Fields<'_>, key: &'static str) -> Option<KeyReference> {
    let at = fields.get(key)?;
    let written = word(&at)?;
    let Some((name, data_key)) = written.split_once('/') else {
        at.bad(
            format!("`{}` names no key", written.value),
            "write `name/key`: the object, and which of its keys",
        );
        return None;
    };
    let part = |text: &str| Located::new(text.to_owned(), written.span);
    Some(KeyReference {
        name: at.checked(&part(name), ObjectName::parse)?,
        key: at.checked(&part(data_key), DataKey::parse)?,
        optional: fields.bool("optional"),
    })
}

/// `$(NAME)` works only for variables that stand before: each comes after those that
/// it uses, else in the order that is given. Those that use each other come last.
pub(in crate::apps) fn after_used(variables: Vec<Variable>) -> Vec<Variable> {
    let names: BTreeMap<&str, usize> = variables
        .iter()
        .enumerate()
        .map(|(at, variable)| (variable.name.as_str(), at))
        .collect();
    let uses: Vec<BTreeSet<usize>> = variables
        .iter()
        .enumerate()
        .map(|(at, variable)| {
            let used = used(variable).filter_map(|name| names.get(name).copied());
            used.filter(|used| *used != at).collect()
        })
        .collect();
    let levels = levels(&uses);
    let mut sorted: Vec<(usize, Variable)> = levels.into_iter().zip(variables).collect();
    sorted.sort_by_key(|(level, _)| *level);
    sorted.into_iter().map(|(_, variable)| variable).collect()
}

/// The names that a value refers to as `$(NAME)`.
fn used(variable: &Variable) -> impl Iterator<Item = &str> {
    let text = match &variable.value {
        VariableValue::Inline(text) => text.as_str(),
        VariableValue::Text(_)
        | VariableValue::Deploy(_)
        | VariableValue::Secret(_)
        | VariableValue::SecretKey(_)
        | VariableValue::ConfigMapKey(_)
        | VariableValue::Field(_)
        | VariableValue::ResourceField { .. } => "",
    };
    let after = text.split("$(").skip(1);
    after.filter_map(|rest| rest.split_once(')').map(|(name, _)| name))
}

/// How many stand in a row before each: 0 for what uses nothing, the highest for
/// what is part of a circle or uses one.
fn levels(uses: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); uses.len()];
    for (at, used) in uses.iter().enumerate() {
        used.iter().for_each(|used| users[*used].push(at));
    }
    let mut missing: Vec<usize> = uses.iter().map(BTreeSet::len).collect();
    let mut levels = vec![usize::MAX; uses.len()];
    let mut ready: Vec<usize> = (0..uses.len()).filter(|at| missing[*at] == 0).collect();
    let mut level = 0;
    while !ready.is_empty() {
        let mut next = Vec::new();
        for at in ready {
            levels[at] = level;
            for user in &users[at] {
                missing[*user] -= 1;
                if missing[*user] == 0 {
                    next.push(*user);
                }
            }
        }
        ready = next;
        level += 1;
    }
    levels
}

/// The block `env_from`.
pub(super) fn from(fields: &Fields<'_>) -> Vec<VariablesFrom> {
    let at = fields.get("env_from");
    let items = at.as_ref().map(At::items).unwrap_or_default();
    items.into_iter().filter_map(source).collect()
}

fn source(at: At<'_>) -> Option<VariablesFrom> {
    let fields = at.fields("source of variables")?;
    let map: Given<ObjectName> = parsed(&fields, "configmap", ObjectName::parse);
    let secret: Given<ObjectName> = parsed(&fields, "secret", ObjectName::parse);
    let source = match (map, secret) {
        (Some(map), _) => Some(VariablesSource::ConfigMap(map)),
        (None, Some(secret)) => Some(VariablesSource::Secret(secret)),
        (None, None) => {
            if !fields.has("configmap") && !fields.has("secret") {
                fields.at().error(
                    "missing-key",
                    "a source of variables names neither `configmap` nor `secret`",
                    "add one of the two",
                );
            }
            None
        }
    };
    // What stands in front of a name is one itself.
    let prefix = parsed(&fields, "prefix", VariableName::parse);
    let prefix = prefix.map(|prefix| prefix.map(String::from));
    let optional = fields.bool("optional");
    fields.finish();
    Some(VariablesFrom {
        source: source?,
        prefix,
        optional,
    })
}

//! Variables of containers.

use kubewright_model::variable::{
    KeyReference, SecretVariable, Variable, VariableValue, VariablesFrom, VariablesSource,
};
use kubewright_yaml::Node;

use super::Context;
use super::container::Owner;
use super::tree::{Map, flag, listed, long, map, raw, some_list, text};
use crate::apps::decode::{after_used, is_in_clear};

/// The block `environment`: a map where variables are in the order that a map has,
/// else a list.
pub(super) fn environment(
    variables: &[Variable],
    owner: Owner<'_>,
    context: &Context<'_>,
) -> Option<Node> {
    let member = |variable: &Variable| {
        let value = value(variable, owner, context);
        (variable.name.as_str().to_owned(), value)
    };
    let members: Vec<(String, Node)> = variables.iter().map(member).collect();
    if members.is_empty() {
        return None;
    }
    Some(match is_in_order(variables) {
        true => map({
            let mut members = members;
            members.sort_by(|(one, _), (two, _)| one.cmp(two));
            members
        }),
        false => listed("name", members),
    })
}

/// Whether variables are in the order in which a map of them is read.
fn is_in_order(variables: &[Variable]) -> bool {
    let names = |variables: &[Variable]| -> Vec<String> {
        let names = variables.iter().map(|variable| variable.name.as_str());
        names.map(str::to_owned).collect()
    };
    let mut sorted = variables.to_vec();
    sorted.sort_by(|one, two| one.name.value.cmp(&two.name.value));
    sorted.dedup_by(|one, two| one.name.value == two.name.value);
    names(&after_used(sorted)) == names(variables)
}

fn value(variable: &Variable, owner: Owner<'_>, context: &Context<'_>) -> Node {
    let name = variable.name.as_str();
    match &variable.value {
        VariableValue::Text(value) => {
            let mut block = Map::with("value", text(&value.value));
            if value.value.contains("$(") {
                block.put("inline", flag(false));
            }
            match is_in_clear(name, &value.value) {
                true => long(block.node()),
                false => block.node(),
            }
        }
        VariableValue::Inline(value) => {
            let mut block = Map::with("value", text(&value.value));
            if !value.value.contains("$(") {
                block.put("inline", flag(true));
            }
            block.node()
        }
        VariableValue::Deploy(value) => Map::with("variable", text(bare(&value.value))).node(),
        VariableValue::Secret(secret) => self::secret(variable, secret, owner, context),
        VariableValue::SecretKey(reference) => self::reference("secret_key_ref", reference),
        VariableValue::ConfigMapKey(reference) => self::reference("configmap_key_ref", reference),
        VariableValue::Field(path) => Map::with("field_ref", text(path.as_str())).node(),
        VariableValue::ResourceField {
            container,
            resource,
        } => {
            let mut block = Map::with("resource_field_ref", text(resource.as_str()));
            block.text("container", container);
            block.node()
        }
    }
}

/// The name within `${NAME}`.
fn bare(text: &str) -> &str {
    let inner = text
        .strip_prefix("${")
        .and_then(|text| text.strip_suffix('}'));
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(fits);
    inner.filter(is_name).unwrap_or(text)
}

fn secret(
    variable: &Variable,
    secret: &SecretVariable,
    owner: Owner<'_>,
    context: &Context<'_>,
) -> Node {
    let reference = match context.over {
        Some(secrets) => {
            let project = context.project.name.value.as_str();
            secrets.stand_in(variable, secret, (project, owner))
        }
        None => context.secrets.reference(variable, secret, owner),
    };
    if let Some(reference) = reference {
        return Map::with("value", raw(&format!("${{{reference}}}"))).node();
    }
    let given = secret.name.as_ref().map(|name| name.value.clone());
    let name = given.unwrap_or_else(|| context.secrets.name(variable, secret, owner));
    let mut block = Map::with("secret", text(&name));
    block.text("key", &secret.key);
    block.text("version", &secret.version);
    block.node()
}

fn reference(key: &str, reference: &KeyReference) -> Node {
    let written = format!("{}/{}", reference.name.value, reference.key.value);
    let mut block = Map::with(key, raw(&written));
    block.flag("optional", &reference.optional);
    block.node()
}

/// The block `env_from`.
pub(super) fn from(sources: &[VariablesFrom]) -> Option<Node> {
    let source = |from: &VariablesFrom| {
        let mut block = match &from.source {
            VariablesSource::ConfigMap(name) => Map::with("configmap", raw(name.value.as_str())),
            VariablesSource::Secret(name) => Map::with("secret", raw(name.value.as_str())),
        };
        block.text("prefix", &from.prefix);
        block.flag("optional", &from.optional);
        block.node()
    };
    some_list(sources.iter().map(source).collect())
}

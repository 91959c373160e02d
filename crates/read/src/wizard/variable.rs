//! Variables of the three kinds, and what of them goes to the vault.

use std::collections::BTreeMap;

use kubewright_knowledge::secret;
use kubewright_model::value::{DataKey, VariableName};
use kubewright_model::variable::{KeyReference, SecretVariable, Variable, VariableValue};
use kubewright_model::vault::PlannedSecret;
use kubewright_model::{Located, ObjectName, Span};
use kubewright_source::Diagnostic;

use super::entry::Service;
use super::given::{alias, chosen, flag, given, is_blank, is_empty, is_off, rows, text};
use super::hidden;
use super::kind::alias_text;
use crate::fields::{At, Fields};

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Hardcoded,
    Variable,
    Secret,
}

const KINDS: &[(&str, Kind)] = &[
    ("hardcoded", Kind::Hardcoded),
    ("literal", Kind::Hardcoded),
    ("variable", Kind::Variable),
    ("secret", Kind::Secret),
];

/// The variables of a container, each name once. `prefix` is what its ConfigMap
/// and Secret are called, without `-config` and `-secrets`.
pub(super) fn read(
    service: &Service<'_>,
    fields: &Fields<'_>,
    keys: &[&'static str],
    prefix: &str,
) -> Vec<Variable> {
    let Some((_, at)) = alias(fields, keys) else {
        return Vec::new();
    };
    if service.scope.direct && at.node.as_mapping().is_some() {
        return pairs(&at);
    }
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    let mut variables = Vec::new();
    for item in rows(&at) {
        let Some(variable) = one(service, item, prefix) else {
            continue;
        };
        let name = variable.name.as_str().to_owned();
        if let Some(first) = seen.get(&name) {
            item.push(twice(&name, variable.name.span, *first));
            continue;
        }
        seen.insert(name, variable.name.span);
        variables.push(variable);
    }
    variables
}

/// Fixed values by name.
fn pairs(at: &At<'_>) -> Vec<Variable> {
    let pairs = at.entries();
    let pairs = pairs.iter().filter_map(|(name, value)| {
        let name = name.map(str::to_owned);
        Some(Variable {
            name: value.checked(&name, VariableName::parse)?,
            value: VariableValue::Text(value.scalar()?),
        })
    });
    let mut pairs: Vec<Variable> = pairs.collect();
    // A mapping has no order.
    pairs.sort_by(|one, other| one.name.as_str().cmp(other.name.as_str()));
    pairs
}

/// A key of an object that exists; its name is the variable's where none is given.
fn reference_to(fields: &Fields<'_>, name: &Located<VariableName>) -> Option<VariableValue> {
    let of = |object: &'static str, key: &'static str| {
        let object = given(fields, object)?.parse(ObjectName::parse)?;
        let key = match given(fields, key) {
            Some(key) => key.parse(DataKey::parse)?,
            None => Located::new(DataKey::parse(name.as_str()).ok()?, name.span),
        };
        Some(KeyReference {
            name: object,
            key,
            optional: None,
        })
    };
    let secret = of("secretName", "secretKey").map(VariableValue::SecretKey);
    secret.or_else(|| of("configMapName", "configMapKey").map(VariableValue::ConfigMapKey))
}

fn twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        "duplicate-item",
        span,
        format!("the variable `{name}` stands twice in this list"),
    )
    .related(first, "first here")
    .help("keep one of the two")
}

/// What an empty row of the form holds.
const ROW: &[&str] = &["createInVault", "newValue", "type", "value", "varName"];

fn one(service: &Service<'_>, at: At<'_>, prefix: &str) -> Option<Variable> {
    if is_blank(&at, &["createInVault", "type"]) {
        return None;
    }
    let named = |key: &str| at.node.get(key).is_some_and(|node| !is_empty(node));
    if at.node.as_mapping().is_some() && !named("key") && !named("name") {
        hide(service, &at);
        at.error(
            "missing-key",
            "this variable has a value and no `key`",
            "write its name under `key`, or remove the row",
        );
        return None;
    }
    let fields = at.fields("the variable")?;
    let name = alias_text(&fields, &["key", "name"])?;
    let name = fields.at().checked(&name, VariableName::parse)?;
    if let Some(value) = reference_to(&fields, &name) {
        fields.finish();
        return Some(Variable { name, value });
    }
    let kind = match given(&fields, "type") {
        Some(_) => chosen(&fields, "type", KINDS)?.value,
        None => Kind::Hardcoded,
    };
    if kind == Kind::Secret {
        hide(service, fields.at());
    }
    let external = text(&fields, "varName");
    let value = match kind {
        Kind::Hardcoded => {
            no_use(&fields, &["varName"], "a hardcoded value has no other name");
            let value = hardcoded(&fields)?;
            shown_to_all(&fields, &name, &value.value);
            stays_as_it_is(&fields, &name, &value);
            VariableValue::Text(value)
        }
        Kind::Variable => {
            no_use(
                &fields,
                &["value"],
                "the value of a variable is known when it is deployed",
            );
            let usual = || Located::new(format!("${{{}}}", name.value), name.span);
            let other = external.as_ref();
            let text = other.map_or_else(usual, |other| Located::new(reference(other), other.span));
            match known(service, name.as_str(), bare(&text.value)) {
                Some(known) => VariableValue::Text(Located::new(known, text.span)),
                None => VariableValue::Deploy(text),
            }
        }
        Kind::Secret => {
            no_use(
                &fields,
                &["value"],
                "secret values are never written; the Secret holds `CHANGE_ME`",
            );
            VariableValue::Secret(Box::new(secret_variable(&name, external.as_ref())))
        }
    };
    if kind == Kind::Secret {
        plan(service, &fields, &name, external.as_ref(), prefix);
    } else {
        no_use(
            &fields,
            &["createInVault", "newValue"],
            "only secrets are made in the vault",
        );
    }
    super::root::pass_over_empty(&fields, ROW);
    fields.finish();
    Some(Variable { name, value })
}

/// The value that the caller has for a variable. What looks secret has no place
/// in a ConfigMap, and stays to be known when it is deployed.
fn known(service: &Service<'_>, name: &str, external: &str) -> Option<String> {
    let value = service.scope.told.values.get(external)?;
    let is_secret = [name, external].into_iter().any(secret::looks_secret)
        || secret::holds_password(value)
        || secret::holds_credential(value);
    (!is_secret).then(|| value.clone())
}

/// The text as it is, blanks and all; nothing is an empty text.
fn hardcoded(fields: &Fields<'_>) -> Option<Located<String>> {
    match fields.get("value").filter(|at| !at.is_null()) {
        Some(at) => {
            let value = at.scalar()?;
            if value.contains('\0') {
                at.bad(
                    "a variable cannot hold the character NUL",
                    "leave it out: programs would see the text end there",
                );
                return None;
            }
            Some(value)
        }
        None => Some(Located::new(String::new(), fields.at().span())),
    }
}

/// A warning where a hardcoded value looks secret: a ConfigMap shows it to all. It
/// stays one, because the state says so.
fn shown_to_all(fields: &Fields<'_>, name: &VariableName, value: &str) {
    let named = secret::looks_secret(name.as_str()) && !value.is_empty();
    if named || secret::holds_password(value) || secret::holds_credential(value) {
        let at = fields.at();
        at.warn(
            "exposed-secret",
            format!("`{name}` looks secret and is hardcoded: its ConfigMap and the kept state show it"),
            "say `\"type\": \"secret\"` without a `value`; the Secret takes it where it is deployed",
        );
    }
}

/// A note where a hardcoded value has `${NAME}` in it: nothing fills it in.
fn stays_as_it_is(fields: &Fields<'_>, name: &VariableName, value: &Located<String>) {
    let mut rest = value.value.as_str();
    while let Some((_, behind)) = rest.split_once("${") {
        rest = behind;
        let Some((inner, _)) = behind.split_once('}') else {
            return;
        };
        if VariableName::parse(inner).is_ok() {
            let said = Diagnostic::note(
                "unresolved-variable",
                value.span,
                format!("`{name}` is hardcoded: the program gets `${{{inner}}}` as it stands"),
            );
            fields.at().push(said.help(format!(
                "say `\"type\": \"variable\"` with `\"varName\": \"${{{inner}}}\"` where the \
                 deployment knows the whole value"
            )));
            return;
        }
    }
}

/// `${NAME}`, also where only the name is written.
fn reference(text: &str) -> String {
    match VariableName::parse(text) {
        Ok(name) if !text.contains(['$', '{']) => format!("${{{name}}}"),
        Ok(_) | Err(_) => text.to_owned(),
    }
}

fn secret_variable(
    name: &Located<VariableName>,
    external: Option<&Located<String>>,
) -> SecretVariable {
    let other = external.filter(|external| bare(external) != name.as_str());
    SecretVariable {
        name: other.map(|other| Located::new(bare(other).to_owned(), other.span)),
        key: None,
        version: None,
        known: None,
    }
}

/// The name within `${NAME}`.
fn bare(text: &str) -> &str {
    let inner = text
        .strip_prefix("${")
        .and_then(|text| text.strip_suffix('}'));
    inner.unwrap_or(text)
}

/// Keys that have no effect beside the variable's type.
fn no_use(fields: &Fields<'_>, keys: &[&'static str], why: &str) {
    for key in keys {
        let Some(at) = fields.get(key).filter(|at| !is_off(at.node)) else {
            continue;
        };
        at.note(
            "not-carried",
            format!("`{key}` has no effect here: {why}"),
            "leave it out, or change the variable's `type`",
        );
    }
}

/// Values of a secret are not shown, whatever is said of them.
fn hide(service: &Service<'_>, at: &At<'_>) {
    for key in ["value", "newValue"] {
        if let Some(node) = at.node.get(key).filter(|node| !is_empty(node)) {
            service
                .scope
                .hidden
                .borrow_mut()
                .extend(hidden::whole(node));
        }
    }
}

fn plan(
    service: &Service<'_>,
    fields: &Fields<'_>,
    name: &Located<VariableName>,
    external: Option<&Located<String>>,
    prefix: &str,
) {
    if flag(fields, "createInVault").is_none() {
        no_use(fields, &["newValue"], "`createInVault` is not set");
        return;
    }
    let Ok(secret) = ObjectName::parse(&format!("{prefix}-secrets")) else {
        // The names of the app's objects are reported where they are made.
        return;
    };
    match given(fields, "newValue") {
        // Taken from the state when it is pushed; here only its shape counts.
        Some(value) => drop(value.scalar()),
        None => fields.at().note(
            "vault-value",
            format!(
                "the secret `{}` is to be made in the vault, and its value is not in the state",
                name.value
            ),
            "the value is asked for when secrets are pushed; saved states hold none",
        ),
    }
    let key = external.map_or(name.as_str(), |external| bare(external));
    service.scope.vault.borrow_mut().push(PlannedSecret {
        service: service.name.clone(),
        variable: name.clone(),
        secret,
        key: key.to_owned(),
    });
}

//! The top-level `volumes`.

use std::collections::BTreeMap;

use kubewright_model::value::{LabelKey, LabelValue};
use kubewright_model::volume::{Claim, VolumeSource};
use kubewright_model::{Given, Located, Memory, Name, ObjectName};
use kubewright_source::SecretValues;
use kubewright_yaml::Value;

use super::super::{amount, keys, label, usual_name};
use super::driver::driver_options;
use crate::compose::load::Document;
use crate::fields::{At, Fields};

/// A top-level volume.
pub(in super::super) struct TopVolume {
    pub(in super::super) declared: Located<()>,
    pub(in super::super) kind: TopKind,
}

/// What a top-level volume is.
pub(in super::super) enum TopKind {
    Claim(Claim),
    External(Located<ObjectName>),
    /// Memory or a network's folder: `driver_opts` say so.
    Other(VolumeSource),
    /// A folder of the machine, like a bind mount of it.
    Folder(Located<String>),
}

/// Reads the top-level `volumes`.
pub(in super::super) fn top<'a>(
    fields: &Fields<'a>,
    document: &Document,
) -> BTreeMap<&'a str, TopVolume> {
    let mut found = BTreeMap::new();
    let Some(node) = fields.mapping().get("volumes") else {
        return found;
    };
    fields.get("volumes");
    let at = fields.at().down("volumes", node);
    for (key, at) in at.entries() {
        let kind = if at.is_null() {
            Some(TopKind::Claim(Claim::default()))
        } else {
            read_top(key.value, at, document)
        };
        if let Some(kind) = kind {
            let declared = Located::new((), key.span);
            // The key borrows from the document, not from this walk.
            if let Some(entry) = node.as_mapping().and_then(|all| all.get_entry(key.value)) {
                found.insert(&*entry.key.text, TopVolume { declared, kind });
            }
        }
    }
    found
}

fn read_top(name: &str, at: At<'_>, document: &Document) -> Option<TopKind> {
    let fields = at.fields(format!("volume `{name}`"))?;
    keys::settle(&fields, keys::VOLUME);
    label::check_extension(fields.at());
    // What comes out empty is the volume's own name, as in compose.
    let given_name = fields.text("name").filter(|name| !name.value.is_empty());
    if let Some(external) = external(&fields) {
        let wanted = external.or(given_name);
        let wanted = wanted.unwrap_or_else(|| Located::new(name.to_owned(), fields.at().span()));
        fields.finish();
        let parsed = at.checked(&wanted, |text| {
            ObjectName::parse(text).or_else(|_| Name::sanitised(text).map(ObjectName::from))
        })?;
        return Some(TopKind::External(parsed));
    }
    let project = &document.name.value;
    let given_name = given_name.filter(|given| !usual_name::is_usual(given, project, name));
    let driver = fields.text("driver");
    if let Some(driver) = driver.filter(|driver| driver.value != "local") {
        let at = fields.get("driver").unwrap_or(*fields.at());
        at.warn(
            "not-carried",
            format!("the volume driver `{}` is Docker's", driver.value),
            "choose a storage class with the label `kubewright.storage-class`",
        );
    }
    let options = fields.get("driver_opts").and_then(|at| driver_options(&at));
    let mut claim = Claim {
        claim_name: given_name.and_then(|name| {
            let at = fields.get("name")?;
            at.checked(&name, |text| {
                ObjectName::parse(text).or_else(|_| Name::sanitised(text).map(ObjectName::from))
            })
        }),
        ..Claim::default()
    };
    settings(&fields, &mut claim, &document.secrets);
    fields.finish();
    Some(options.unwrap_or(TopKind::Claim(claim)))
}

/// `external: true`, or the older `external: {name: …}`; the name it gives.
pub(in super::super) fn external(fields: &Fields<'_>) -> Option<Option<Located<String>>> {
    let at = fields.get("external")?;
    if let Value::Mapping(_) = at.node.value {
        let below = at.fields("`external`")?;
        let name = below.text("name");
        below.finish();
        return Some(name);
    }
    at.bool()?.value.then_some(None)
}

fn settings(fields: &Fields<'_>, claim: &mut Claim, secrets: &SecretValues) {
    let labels = fields.get("labels");
    for pair in labels.iter().flat_map(At::pairs) {
        let at = fields.at();
        if label::is_exposed(at, &pair, secrets) {
            continue;
        }
        let value = pair
            .value
            .unwrap_or_else(|| Located::new(String::new(), pair.key.span));
        match pair.key.value.as_str() {
            "kubewright.size" => claim.size = size(at, &value),
            "kubewright.storage-class" => {
                claim.storage_class = at.checked(&value, ObjectName::parse);
            }
            key => {
                let target = key.strip_prefix("kubewright.label.");
                let key = Located::new(target.unwrap_or(key).to_owned(), pair.key.span);
                let Some(key) = at.checked(&key, LabelKey::parse) else {
                    continue;
                };
                if target.is_none() {
                    claim.annotations.insert(key.value, value);
                } else if let Some(value) = at.checked(&value, LabelValue::parse) {
                    claim.labels.insert(key.value, value);
                }
            }
        }
    }
    let at = fields.at();
    if let Some(text) = label::extension(at, "size") {
        claim.size = size(at, &text);
    }
    if let Some(text) = label::extension(at, "storage_class") {
        claim.storage_class = at.checked(&text, ObjectName::parse);
    }
    for word in ["kind", "schedule"] {
        if let Some(text) = label::extension(at, word) {
            at.say_at(
                text.span,
                kubewright_source::Severity::Warning,
                "not-carried",
                format!("`{word}` of `x-kubewright` means nothing at a volume"),
                "write it at the service".to_owned(),
            );
        }
    }
}

/// A size in Kubernetes' spelling, else in compose's.
pub(in crate::compose::decode) fn size(at: &At<'_>, text: &Located<String>) -> Given<Memory> {
    let by_compose = amount::bytes(&text.value).and_then(|bytes| Memory::from_bytes(bytes).ok());
    at.checked(text, |text| {
        Memory::parse(text).or_else(|invalid| by_compose.ok_or(invalid))
    })
}

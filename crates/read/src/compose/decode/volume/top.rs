//! The top-level `volumes`.

use std::collections::BTreeMap;

use kubewright_model::value::{LabelKey, LabelValue};
use kubewright_model::volume::{Claim, VolumeSource};
use kubewright_model::{Given, Located, Memory, ObjectName};
use kubewright_source::{SecretValues, Severity, suggest};
use kubewright_yaml::Value;

use super::super::{amount, keys, label, object_name, route, usual_name};
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
        return object_name::external(&at, &wanted).map(TopKind::External);
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
            object_name::own(&at, &name)
        }),
        ..Claim::default()
    };
    settings(&fields, &mut claim, &document.secrets);
    if options.is_some() {
        report_unused(&fields, &claim);
    }
    fields.finish();
    Some(options.unwrap_or(TopKind::Claim(claim)))
}

/// What is said of a claim where `driver_opts` make something else of the volume.
fn report_unused(fields: &Fields<'_>, claim: &Claim) {
    let said = [
        claim.size.as_ref().map(|size| size.span),
        claim.storage_class.as_ref().map(|class| class.span),
        claim.claim_name.as_ref().map(|name| name.span),
    ];
    if let Some(span) = said.into_iter().flatten().next() {
        fields.at().say_at(
            span,
            Severity::Warning,
            "not-carried",
            format!(
                "{} becomes no claim: its `driver_opts` say what it is",
                fields.what()
            ),
            "leave this out, or the `driver_opts`".to_owned(),
        );
    }
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
    let mut borrowed = Claim::default();
    for pair in labels.iter().flat_map(At::pairs) {
        let at = fields.at();
        if label::is_exposed(at, &pair, secrets) {
            continue;
        }
        let value = pair
            .value
            .unwrap_or_else(|| Located::new(String::new(), pair.key.span));
        // Ours count more, wherever they stand.
        let ours = pair.key.value.strip_prefix("kubewright.");
        let kompose = route::kompose::word(&pair.key.value, &value.value);
        match (ours, kompose.as_ref().map(|(word, _)| *word)) {
            (Some("size"), _) => claim.size = size(at, &value),
            (Some("storage-class"), _) => {
                claim.storage_class = at.checked(&value, ObjectName::parse);
            }
            (None, Some("size")) => borrowed.size = size(at, &value),
            (None, Some("storage-class")) => {
                borrowed.storage_class = at.checked(&value, ObjectName::parse);
            }
            (Some(_) | None, _) => annotate(at, &pair.key, value, claim),
        }
    }
    let at = fields.at();
    if let Some(text) = label::extension(at, "size") {
        claim.size = size(at, &text);
    }
    if let Some(text) = label::extension(at, "storage_class") {
        claim.storage_class = at.checked(&text, ObjectName::parse);
    }
    unless_said(at, &mut claim.size, "size", borrowed.size);
    let (class, name) = (borrowed.storage_class, "storage-class-name");
    unless_said(at, &mut claim.storage_class, name, class);
    for word in ["kind", "schedule"] {
        if let Some(text) = label::extension(at, word) {
            at.say_at(
                text.span,
                Severity::Warning,
                "not-carried",
                format!("`{word}` of `x-kubewright` means nothing at a volume"),
                "write it at the service".to_owned(),
            );
        }
    }
}

/// Takes what a label of kompose says where no word of ours says it.
fn unless_said<T>(at: &At<'_>, ours: &mut Given<T>, name: &str, borrowed: Given<T>) {
    match (&ours, borrowed) {
        (Some(_), Some(borrowed)) => {
            let name = format!("kompose.volume.{name}");
            label::report_replaced(at, &name, borrowed.span);
        }
        (None, borrowed) => *ours = borrowed,
        (Some(_), None) => {}
    }
}

/// A label that is no word about the claim itself.
fn annotate(at: &At<'_>, key: &Located<String>, value: Located<String>, claim: &mut Claim) {
    let target = key.value.strip_prefix("kubewright.label.");
    if let (Some(word), None) = (key.value.strip_prefix("kubewright."), target) {
        let help = match suggest::nearest(word, WORDS) {
            Some(near) => format!("did you mean `kubewright.{near}`?"),
            None => format!("behind `kubewright.` can stand {}", suggest::list(WORDS)),
        };
        let said = format!("the label `{}` means nothing at a volume", key.value);
        at.say_at(key.span, Severity::Warning, "not-carried", said, help);
        return;
    }
    let name = Located::new(target.unwrap_or(&key.value).to_owned(), key.span);
    let Some(name) = at.checked(&name, LabelKey::parse) else {
        return;
    };
    if target.is_none() {
        claim.annotations.insert(name.value, value);
    } else if let Some(value) = at.checked(&value, LabelValue::parse) {
        claim.labels.insert(name.value, value);
    }
}

/// Words to us that a label of a volume can be.
const WORDS: [&str; 2] = ["size", "storage-class"];

/// A size in Kubernetes' spelling, else in compose's.
pub(in crate::compose::decode) fn size(at: &At<'_>, text: &Located<String>) -> Given<Memory> {
    let by_compose = amount::bytes(&text.value).and_then(|bytes| Memory::from_bytes(bytes).ok());
    at.checked(text, |text| {
        Memory::parse(text).or_else(|invalid| by_compose.ok_or(invalid))
    })
}

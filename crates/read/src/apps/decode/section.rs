//! The sections at the top, and entries that others describe.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use kubewright_model::chart::{ChartSource, HelmRelease, HelmValues, KustomizeProject};
use kubewright_model::file::{SecretFrom, SecretSource};
use kubewright_model::object::UserObject;
use kubewright_model::project::{Entry, Network};
use kubewright_model::value::{SecretText, Url};
use kubewright_model::volume::{SharedClaim, SharedVolume};
use kubewright_model::{Given, Invalid, Located, Name, ObjectName};
use kubewright_source::SourceId;
use kubewright_yaml::{Limits, Node, Value, read_documents};

use super::file::{folder_within, within, within_project};
use super::given::{members, parsed, text, word};
use super::pod::{dependencies, refers_to};
use super::scope::Scope;
use super::{Place, facts, volume};
use crate::fields::{At, Fields, tree};

/// The section `volumes`.
pub(super) fn volumes(at: &At<'_>) -> Option<BTreeMap<Name, SharedVolume>> {
    let members = members(at).into_iter().filter_map(|(name, at)| {
        let name = at.checked(&name?.map(str::to_owned), Name::parse)?;
        let fields = at.fields(format!("volume `{}`", name.value))?;
        let external = fields.get("external").and_then(|at| external(&at));
        let claim = volume::claim(&fields);
        let claim = match external {
            Some(other) => SharedClaim::External(other),
            None => SharedClaim::Made(Box::new(claim)),
        };
        fields.finish();
        let declared = Located::new((), name.span);
        Some((name.value, SharedVolume { declared, claim }))
    });
    Some(members.collect())
}

/// `true`, or the name of what exists; none where it does not.
fn external(at: &At<'_>) -> Option<Given<ObjectName>> {
    let text = word(at)?;
    match text.value.as_str() {
        "false" => None,
        "true" => Some(None),
        _ => Some(at.checked(&text, ObjectName::parse)),
    }
}

/// The section `networks`.
pub(super) fn networks(at: &At<'_>) -> Option<BTreeMap<Name, Network>> {
    let members = members(at).into_iter().filter_map(|(name, at)| {
        let name = at.checked(&name?.map(str::to_owned), Name::parse)?;
        let fields = at.fields(format!("network `{}`", name.value))?;
        let internal = fields
            .bool("internal")
            .unwrap_or(Located::new(false, name.span));
        let shared = parsed(&fields, "shared", Name::parse);
        fields.finish();
        Some((name.value, Network { internal, shared }))
    });
    Some(members.collect())
}

/// The section `secrets`.
pub(super) fn secrets(at: &At<'_>, place: &Place<'_>) -> BTreeMap<String, SecretSource> {
    let members = members(at).into_iter().filter_map(|(name, at)| {
        let name = name?;
        let fields = at.fields(format!("secret `{}`", name.value))?;
        let from = secret_from(&fields, place);
        let source = SecretSource {
            declared: Located::new((), name.span),
            from,
            create: fields.bool("create"),
            store: fields.get("store").and_then(facts::secret_store),
        };
        fields.finish();
        Some((name.value.to_owned(), source))
    });
    members.collect()
}

fn secret_from(fields: &Fields<'_>, place: &Place<'_>) -> SecretFrom {
    if let Some(variable) = text(fields, "environment") {
        let known = place.asked.variables.get(&variable.value);
        let known = known.map(|value| Located::new(SecretText::new(value), variable.span));
        return SecretFrom::Environment { variable, known };
    }
    if let Some(at) = fields.get("file")
        && let Some(path) = word(&at)
    {
        let unknown = |path| SecretFrom::Environment {
            variable: path,
            known: None,
        };
        let Some(file) = within_project(&at, &path.value, place.asked) else {
            return unknown(path);
        };
        let content = place.asked.files.read(&file).ok();
        let content = content.and_then(|bytes| String::from_utf8(bytes).ok());
        return match content {
            Some(content) => SecretFrom::File {
                content: Located::new(SecretText::new(content), path.span),
                path,
            },
            // It need not be there where somebody else applies the Secret.
            None => {
                at.warn(
                    "file",
                    format!("the secret's file `{}` cannot be read as text", path.value),
                    "put it there before generating: the Secret holds `CHANGE_ME` until then",
                );
                unknown(path)
            }
        };
    }
    if let Some(at) = fields.get("external")
        && let Some(name) = external(&at)
    {
        return SecretFrom::External { name };
    }
    SecretFrom::Store
}

/// The section `repositories`.
pub(super) fn repositories(at: &At<'_>) -> Option<BTreeMap<String, Located<Url>>> {
    let members = members(at).into_iter().filter_map(|(name, at)| {
        let url = at.checked(&word(&at)?, Url::parse)?;
        Some((name?.value.to_owned(), url))
    });
    Some(members.collect())
}

/// The section `objects`: files of objects, and objects that stand here.
pub(super) fn objects(at: &At<'_>, scope: &Scope<'_>) -> Vec<UserObject> {
    let mut objects = Vec::new();
    for at in at.items() {
        match &at.node.value {
            Value::Mapping(_) => objects.extend(object(&at, at.node)),
            Value::Scalar(_) => {
                for node in file(&at, scope) {
                    objects.extend(object(&at, &node));
                }
            }
            Value::Sequence(_) => at.wrong_type("an object or the path of a file"),
        }
    }
    objects
}

fn object(at: &At<'_>, node: &Node) -> Option<UserObject> {
    match UserObject::new(Located::new(tree(node), node.span)) {
        Ok(object) => Some(object),
        Err(invalid) => {
            at.say_at(
                node.span,
                kubewright_source::Severity::Error,
                "bad-value",
                format!("this is not {}: {}", invalid.what, invalid.why),
                invalid.help,
            );
            None
        }
    }
}

/// The documents of a YAML file of the project.
fn file(at: &At<'_>, scope: &Scope<'_>) -> Vec<Node> {
    let Some(written) = word(at) else {
        return Vec::new();
    };
    let Some(path) = within(at, &written.value, scope) else {
        return Vec::new();
    };
    let Some((source, text)) = source(at, &written.value, &path, scope) else {
        return Vec::new();
    };
    match read_documents(&text, source, &Limits::default()) {
        Ok(documents) => documents
            .into_iter()
            .filter(|node| !node.is_null())
            .collect(),
        Err(fault) => {
            at.report.push(fault);
            Vec::new()
        }
    }
}

fn source(
    at: &At<'_>,
    written: &str,
    path: &FilePath,
    scope: &Scope<'_>,
) -> Option<(SourceId, String)> {
    let limits = Limits::default();
    let limit = u64::try_from(limits.max_bytes).unwrap_or(u64::MAX);
    let bytes = match scope.place.asked.files.read_limited(path, limit) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("`{written}` cannot be read: {error}");
            at.error(
                "file",
                message,
                "name a file that is there; paths start from this file's folder",
            );
            return None;
        }
    };
    let name = path.display().to_string();
    match kubewright_yaml::decode(bytes, &name) {
        Ok(text) => {
            let source = scope.sources.borrow_mut().add(name, text.clone());
            Some((source, text))
        }
        Err(fault) => {
            at.report.push(fault);
            None
        }
    }
}

/// A Helm chart.
pub(super) fn helm(name: Located<Name>, fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Entry> {
    fields.need("chart");
    let values = fields.get("values");
    let values = values.as_ref().map(At::items).unwrap_or_default();
    let values = values
        .iter()
        .filter_map(|at| helm_values(at, scope))
        .collect();
    let chart = parsed(fields, "chart", chart)?;
    if let (ChartSource::Path(path), Some(at)) = (&chart.value, fields.get("chart")) {
        within(&at, path, scope)?;
    }
    let release = HelmRelease {
        chart,
        version: text(fields, "version"),
        values,
        namespace: parsed(fields, "namespace", Name::parse),
        dependencies: dependencies(fields, scope),
        refers_to: refers_to(fields, scope),
        name,
    };
    Some(Entry::Helm(Box::new(release)))
}

/// `repository/name`, `oci://…`, a folder.
fn chart(text: &str) -> Result<ChartSource, Invalid> {
    if text.starts_with("oci://") {
        return Url::parse(text).map(ChartSource::Oci);
    }
    let is_path = text.starts_with(['.', '/', '~']) || text.ends_with('/');
    match text.split_once('/') {
        Some((repository, chart)) if !is_path && !chart.contains('/') => {
            Ok(ChartSource::Repository {
                repository: repository.to_owned(),
                chart: chart.to_owned(),
            })
        }
        _ if text.is_empty() => Err(Invalid::new(
            "a chart",
            "it is empty",
            "write `repository/name`, `oci://…`, or a folder like `./charts/web`",
        )),
        _ => Ok(ChartSource::Path(text.to_owned())),
    }
}

fn helm_values(at: &At<'_>, scope: &Scope<'_>) -> Option<HelmValues> {
    match &at.node.value {
        Value::Mapping(_) => Some(HelmValues::Inline(Located::new(tree(at.node), at.span()))),
        Value::Scalar(_) => {
            let path = word(at)?;
            let documents = file(at, scope);
            let values = documents.first().map(tree)?;
            Some(HelmValues::File { path, values })
        }
        Value::Sequence(_) => {
            at.wrong_type("values or the path of a file");
            None
        }
    }
}

/// A Kustomize folder.
pub(super) fn kustomize(
    name: Located<Name>,
    fields: &Fields<'_>,
    scope: &Scope<'_>,
) -> Option<Entry> {
    fields.need("path");
    let path = folder_within(fields, "path", scope);
    let project = KustomizeProject {
        namespace: parsed(fields, "namespace", Name::parse),
        dependencies: dependencies(fields, scope),
        path: path?,
        name,
    };
    Some(Entry::Kustomize(Box::new(project)))
}

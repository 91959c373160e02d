//! Resources that are no workloads, as objects of the user's own.

use kubewright_model::object::{Tree, UserObject};
use kubewright_model::value::{DataKey, Invalid, LabelValue};
use kubewright_model::{Located, Memory, Name, ObjectName, Port};

use kubewright_yaml::Node;

use super::super::given::{alias, choice, chosen, count, flag, given, is_empty, text};
use super::super::hidden::{self, Hidden};
use super::super::volume::ACCESS_MODES;
use crate::fields::{At, Fields, tree};

/// A kind of object.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Service,
    ConfigMap,
    Secret,
    Ingress,
    Claim,
    Namespace,
}

/// The object of a resource; none where it was refused.
pub(super) fn read(
    kind: Kind,
    name: &Located<Name>,
    namespace: Option<&Located<Name>>,
    fields: &Fields<'_>,
    hidden: &mut Vec<Hidden>,
) -> Option<UserObject> {
    let (api, word, mut members) = match kind {
        Kind::Service => ("v1", "Service", service(name, fields)),
        Kind::ConfigMap => ("v1", "ConfigMap", data(fields, &["data"], &mut Vec::new())),
        Kind::Secret => ("v1", "Secret", secret(fields, hidden)),
        Kind::Ingress => ("networking.k8s.io/v1", "Ingress", ingress(name, fields)),
        Kind::Claim => ("v1", "PersistentVolumeClaim", claim(fields)),
        Kind::Namespace => ("v1", "Namespace", Vec::new()),
    };
    let mut metadata = vec![member("name", words(name.as_str()))];
    if let Some(namespace) = namespace.filter(|_| !matches!(kind, Kind::Namespace)) {
        metadata.push(member("namespace", words(namespace.as_str())));
    }
    if let Some(annotations) = longhorn(kind, fields) {
        metadata.push(member("annotations", annotations));
    }
    let mut all = vec![
        member("apiVersion", words(api)),
        member("kind", words(word)),
        member("metadata", Tree::Map(metadata)),
    ];
    all.append(&mut members);
    UserObject::new(Located::new(Tree::Map(all), name.span)).ok()
}

type Members = Vec<(String, Tree)>;

fn member(key: &str, tree: Tree) -> (String, Tree) {
    (key.to_owned(), tree)
}

fn words(text: &str) -> Tree {
    Tree::Text(text.to_owned())
}

fn spec(members: Members) -> Members {
    vec![member("spec", Tree::Map(members))]
}

const SERVICE_TYPES: &[(&str, &str)] = &[
    ("ClusterIP", "ClusterIP"),
    ("NodePort", "NodePort"),
    ("LoadBalancer", "LoadBalancer"),
];

/// A text as it is written, where it is what is wanted.
fn parsed<T>(at: Option<At<'_>>, parse: fn(&str) -> Result<T, Invalid>) -> Option<String> {
    let text = at?.scalar()?;
    at?.checked(&text, parse)?;
    Some(text.value)
}

fn port(fields: &Fields<'_>, key: &'static str) -> Option<i64> {
    let port = given(fields, key)?.parse(Port::parse)?;
    Some(i64::from(port.value.get()))
}

fn service(name: &Located<Name>, fields: &Fields<'_>) -> Members {
    if name.as_str().starts_with(|c: char| c.is_ascii_digit()) {
        fields.at().bad(
            format!(
                "a Service cannot be called `{}`: its name must begin with a letter",
                name.value
            ),
            format!("rename it, for example to `app-{}`", name.value),
        );
    }
    let number = port(fields, "port").unwrap_or(80);
    let target = port(fields, "target_port").unwrap_or(number);
    let selector = parsed(given(fields, "selector"), LabelValue::parse);
    let selector = selector.unwrap_or_else(|| name.as_str().to_owned());
    let mut members = Vec::new();
    let kind = chosen(fields, "type", SERVICE_TYPES);
    if flag(fields, "headless").is_some() {
        members.push(member("clusterIP", words("None")));
    } else if let Some(kind) = kind {
        members.push(member("type", words(kind.value)));
    }
    let port = Tree::Map(vec![
        member("port", Tree::Integer(number)),
        member("targetPort", Tree::Integer(target)),
    ]);
    members.push(member(
        "selector",
        Tree::Map(vec![member("app", Tree::Text(selector))]),
    ));
    members.push(member("ports", Tree::List(vec![port])));
    spec(members)
}

/// Texts by name; numbers and the like are texts here, too.
fn data(fields: &Fields<'_>, keys: &[&'static str], seen: &mut Vec<Hidden>) -> Members {
    let found = keys
        .iter()
        .filter_map(|key| Some((*key, given(fields, key)?)));
    let found = found.map(|(key, at)| {
        let entries = at.entries();
        let texts = entries.iter().filter_map(|(name, value)| {
            seen.extend(hidden::whole(value.node));
            value.checked(&name.map(str::to_owned), DataKey::parse)?;
            Some(member(name.value, Tree::Text(value.scalar()?.value)))
        });
        member(key, Tree::Map(texts.collect()))
    });
    found.collect()
}

fn secret(fields: &Fields<'_>, hidden: &mut Vec<Hidden>) -> Members {
    let mut members = data(fields, &["stringData", "data"], hidden);
    if let Some(kind) = text(fields, "type").filter(|kind| kind.value != "Opaque") {
        needs_keys(&kind.value, fields);
        members.insert(0, member("type", Tree::Text(kind.value)));
    }
    members
}

/// The keys that a Secret of some types has to have.
///
/// <https://kubernetes.io/docs/concepts/configuration/secret/#secret-types>
const NEEDED: &[(&str, &[&str])] = &[
    ("kubernetes.io/dockercfg", &[".dockercfg"]),
    ("kubernetes.io/dockerconfigjson", &[".dockerconfigjson"]),
    ("kubernetes.io/ssh-auth", &["ssh-privatekey"]),
    ("kubernetes.io/tls", &["tls.crt", "tls.key"]),
];

fn needs_keys(kind: &str, fields: &Fields<'_>) {
    let needed = NEEDED.iter().filter(|(known, _)| *known == kind);
    for key in needed.flat_map(|(_, keys)| *keys) {
        let has = |data: &str| {
            let data = fields.mapping().get(data);
            data.is_some_and(|data| data.get(key).is_some())
        };
        if !has("data") && !has("stringData") {
            fields.at().error(
                "missing-key",
                format!("a Secret of type `{kind}` has a key `{key}`, and this one has none"),
                "add it to `stringData`, or choose another `type`",
            );
        }
    }
}

/// The error for a path of an Ingress that no API server takes.
///
/// <https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types>
fn check_path(at: &At<'_>) {
    let word = |key: &str| {
        let value = at.node.get(key).and_then(Node::as_scalar);
        value.map_or_else(String::new, |value| value.text.to_string())
    };
    let (path, kind) = (word("path"), word("pathType"));
    let is_known = matches!(kind.as_str(), "Exact" | "Prefix" | "ImplementationSpecific");
    let is_path = path.starts_with('/') || (path.is_empty() && kind == "ImplementationSpecific");
    let why = match (is_known, is_path, at.node.get("backend").is_some()) {
        (false, _, _) => "its `pathType` is none of `Exact`, `Prefix`, `ImplementationSpecific`",
        (true, false, _) => "its `path` does not begin with `/`",
        (true, true, false) => "it has no `backend`",
        (true, true, true) => return,
    };
    at.bad(
        format!("a path of an Ingress cannot be this: {why}"),
        "write it as in the `paths` of an Ingress",
    );
}

fn ingress(name: &Located<Name>, fields: &Fields<'_>) -> Members {
    let raw = given(fields, "_paths").map(|at| {
        at.items().iter().for_each(check_path);
        tree(at.node)
    });
    let number = port(fields, "port").unwrap_or(80);
    let service = parsed(given(fields, "service"), Name::parse);
    let service = service.unwrap_or_else(|| name.as_str().to_owned());
    let port = Tree::Map(vec![member("number", Tree::Integer(number))]);
    let backend = Tree::Map(vec![
        member("name", Tree::Text(service)),
        member("port", port),
    ]);
    let path = Tree::Map(vec![
        member("path", words("/")),
        member("pathType", words("Prefix")),
        member("backend", Tree::Map(vec![member("service", backend)])),
    ]);
    let paths = raw.unwrap_or_else(|| Tree::List(vec![path]));
    let mut rule = Vec::new();
    match given(fields, "host") {
        Some(at) => {
            let host = at.parse(super::super::ingress::name);
            rule.extend(host.map(|host| member("host", words(host.as_str()))));
        }
        None => fields.at().note(
            "no-host",
            format!(
                "the Ingress `{}` has no host: it takes requests for any",
                name.value
            ),
            "name a `host`",
        ),
    }
    rule.push(member("http", Tree::Map(vec![member("paths", paths)])));
    spec(vec![member("rules", Tree::List(vec![Tree::Map(rule)]))])
}

fn claim(fields: &Fields<'_>) -> Members {
    let given_modes = given(fields, "accessModes");
    let items = given_modes.as_ref().map(At::items).unwrap_or_default();
    let modes = items.iter().filter_map(|item| {
        choice(item, ACCESS_MODES)?;
        Some(Tree::Text(item.scalar()?.value))
    });
    let modes = match given_modes {
        Some(_) => modes.collect(),
        None => vec![words("ReadWriteOnce")],
    };
    let modes = Tree::List(modes);
    let size = alias(fields, &["storage", "size"]).map(|(_, at)| at);
    let size = parsed(size, Memory::parse).unwrap_or_else(|| "1Gi".to_owned());
    let requests = Tree::Map(vec![member("storage", Tree::Text(size))]);
    let mut members = vec![
        member("accessModes", modes),
        member("resources", Tree::Map(vec![member("requests", requests)])),
    ];
    let class = alias(fields, &["storageClassName", "storageClass"]);
    if let Some(class) = parsed(class.map(|(_, at)| at), ObjectName::parse) {
        members.push(member("storageClassName", Tree::Text(class)));
    }
    if let Some(volume) = parsed(given(fields, "volumeName"), ObjectName::parse) {
        members.push(member("volumeName", Tree::Text(volume)));
    }
    spec(members)
}

/// Longhorn's wishes, as annotations of a claim.
fn longhorn(kind: Kind, fields: &Fields<'_>) -> Option<Tree> {
    if !matches!(kind, Kind::Claim) {
        return None;
    }
    let at: At<'_> = given(fields, "longhornConfig").filter(|at| !is_empty(at.node))?;
    let inner = at.fields("`longhornConfig`")?;
    let replicas = count(&inner, "replicas").map(|count| count.value.to_string());
    let locality = text(&inner, "dataLocality").map(|text| text.value);
    inner.finish();
    let rows = [
        ("longhorn.io/number-of-replicas", replicas),
        ("longhorn.io/data-locality", locality),
    ];
    let rows = rows
        .into_iter()
        .filter_map(|(key, value)| Some(member(key, Tree::Text(value?))));
    Some(Tree::Map(rows.collect()))
}

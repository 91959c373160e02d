//! Stores of External Secrets: what they are called, how a secret is found in
//! one, and what has to be in the cluster.
//!
//! <https://external-secrets.io/latest/api/externalsecret/>,
//! <https://external-secrets.io/latest/provider/google-secrets-manager/> and its
//! neighbours

use std::collections::{BTreeMap, BTreeSet};

use kubewright_model::file::{FileContent, SecretFrom};
use kubewright_model::infrastructure::Infrastructure;
use kubewright_model::project::{Entry, SecretProvider, SecretStore, StoreKind};
use kubewright_model::variable::{Variable, VariableValue};
use kubewright_model::{Container, Located, ObjectName, Span};
use kubewright_objects::external_secrets::{RemoteRef, StoreRef};
use kubewright_source::{Diagnostic, Diagnostics};

use super::{Asked, source, store_of};
use crate::Lowering;
use crate::aspect::namespace;

/// Whether External Secrets fetches what is in it.
pub(crate) fn is_outside(store: &SecretStore) -> bool {
    match store.provider {
        SecretProvider::EnvFile | SecretProvider::Inline => false,
        SecretProvider::Gcp { .. }
        | SecretProvider::Aws { .. }
        | SecretProvider::Azure { .. }
        | SecretProvider::Vault { .. }
        | SecretProvider::Kubernetes { .. } => true,
    }
}

/// The store object.
pub(crate) fn reference(store: &SecretStore) -> StoreRef {
    let name = store.name.as_ref().map(|name| name.as_str());
    StoreRef {
        kind: kind(store).to_owned(),
        name: name.unwrap_or(usual_name(store)).to_owned(),
    }
}

fn kind(store: &SecretStore) -> &'static str {
    match store.kind {
        StoreKind::ClusterSecretStore => "ClusterSecretStore",
        StoreKind::SecretStore => "SecretStore",
    }
}

fn usual_name(store: &SecretStore) -> &'static str {
    match store.provider {
        SecretProvider::Gcp { .. } => "gcp-secret-manager",
        SecretProvider::Aws { .. } => "aws-secrets-manager",
        SecretProvider::Azure { .. } => "azure-key-vault",
        SecretProvider::Vault { .. } => "vault",
        SecretProvider::Kubernetes { .. } => "kubernetes",
        SecretProvider::EnvFile => "env-file",
        SecretProvider::Inline => "inline",
    }
}

/// How people call the service.
fn service(store: &SecretStore) -> &'static str {
    match store.provider {
        SecretProvider::Gcp { .. } => "Google Secret Manager",
        SecretProvider::Aws { .. } => "AWS Secrets Manager",
        SecretProvider::Azure { .. } => "Azure Key Vault",
        SecretProvider::Vault { .. } => "Vault",
        SecretProvider::Kubernetes { .. } => "a Kubernetes namespace",
        SecretProvider::EnvFile => "a `.env` file",
        SecretProvider::Inline => "the input",
    }
}

/// Where a secret is in a store.
pub(super) fn remote(
    store: &SecretStore,
    name: &Located<String>,
    asked: Asked<'_>,
    diagnostics: &mut Diagnostics,
) -> RemoteRef {
    diagnostics.extend(bad_name(store, name));
    diagnostics.extend(whole(store, name, asked));
    let version = asked.version.filter(|version| version.value != "latest");
    let (version, unkept) = match store.provider {
        SecretProvider::Kubernetes { .. } => (None, version),
        SecretProvider::Gcp { .. }
        | SecretProvider::Aws { .. }
        | SecretProvider::Azure { .. }
        | SecretProvider::Vault { .. }
        | SecretProvider::EnvFile
        | SecretProvider::Inline => (version, None),
    };
    diagnostics.extend(unkept.map(|version| {
        let message = "a Kubernetes Secret has no versions: `version` is left out";
        Diagnostic::warning("not-carried", version.span, message)
            .help("remove it, or keep the secret in a store that has them")
    }));
    RemoteRef {
        key: name.value.clone(),
        property: asked.key.map(|key| key.value.clone()),
        version: version.map(|version| version.value.clone()),
    }
}

/// A name that the service does not allow, so that nothing of that name is there.
fn bad_name(store: &SecretStore, name: &Located<String>) -> Option<Diagnostic> {
    let letters = |more: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || more.contains(c);
        !name.is_empty() && name.chars().all(fits)
    };
    let (fits, allowed) = match store.provider {
        SecretProvider::Gcp { .. } => (letters("-_"), "letters, digits, `-` and `_`"),
        SecretProvider::Azure { .. } => {
            let kinds = ["secret/", "key/", "cert/"];
            let bare = kinds.iter().find_map(|kind| name.strip_prefix(kind));
            let bare = bare.unwrap_or(name.as_str());
            let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
            let fits = !bare.is_empty() && bare.chars().all(fits);
            (fits, "letters, digits and `-`")
        }
        SecretProvider::Aws { .. } => (
            letters("/_+=.@-!"),
            "letters, digits and the characters `/_+=.@-`",
        ),
        SecretProvider::Kubernetes { .. } => (
            ObjectName::parse(name).is_ok(),
            "lower-case letters, digits, `-` and `.`",
        ),
        SecretProvider::Vault { .. } | SecretProvider::EnvFile | SecretProvider::Inline => {
            (!name.is_empty(), "any text")
        }
    };
    let message = format!("{} has no secret called `{}`", service(store), name.value);
    let said = Diagnostic::error("bad-value", name.span, message);
    (!fits).then(|| said.help(format!("names there have {allowed}")))
}

/// Vault and Kubernetes keep several fields in every secret.
fn whole(store: &SecretStore, name: &Located<String>, asked: Asked<'_>) -> Option<Diagnostic> {
    let has_fields = match store.provider {
        SecretProvider::Vault { .. } | SecretProvider::Kubernetes { .. } => true,
        SecretProvider::Gcp { .. }
        | SecretProvider::Aws { .. }
        | SecretProvider::Azure { .. }
        | SecretProvider::EnvFile
        | SecretProvider::Inline => false,
    };
    let message = format!(
        "without a key, all fields of `{}` come from {} as one text of JSON",
        name.value,
        service(store)
    );
    let said = Diagnostic::warning("whole-secret", name.span, message);
    (has_fields && asked.key.is_none())
        .then(|| said.help("say which: `{secret: NAME, key: FIELD}`"))
}

/// Stores that have to be in the cluster, each once.
pub(crate) fn report(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) {
    let project = lowering.project;
    let sources = project.secrets.values();
    let mut given = sources.filter_map(|source| source.store.as_ref());
    if project.facts.secret_store.is_none() && given.next().is_none() {
        return;
    }
    let mut used = Used::default();
    for (entry_namespace, containers, variables) in project.entries.values().filter_map(parts) {
        let namespace = namespace(lowering, entry_namespace);
        let all = containers
            .iter()
            .flat_map(|container| &container.environment);
        for variable in all.chain(variables) {
            if let VariableValue::Secret(secret) = &variable.value {
                used.add(lowering, secret.name.as_ref(), namespace.as_deref());
            }
        }
        for mount in containers.iter().flat_map(|container| &container.files) {
            if let FileContent::Secret(name) = &mount.content {
                used.add(lowering, Some(name), namespace.as_deref());
            }
        }
    }
    diagnostics.extend(used.0.into_values().map(|(store, span, namespaces)| {
        let namespaces: Vec<&str> = namespaces.iter().map(String::as_str).collect();
        awaited(store, span, &namespaces)
    }));
}

type Parts<'a> = (
    Option<&'a Located<kubewright_model::Name>>,
    Vec<&'a Container>,
    &'a [Variable],
);

fn parts(entry: &Entry) -> Option<Parts<'_>> {
    if let Some(app) = entry.app() {
        return Some((app.namespace.as_ref(), app.containers().collect(), &[]));
    }
    let Entry::Infrastructure(infrastructure) = entry else {
        return None;
    };
    match &**infrastructure {
        Infrastructure::Managed(managed) => {
            let namespace = managed.namespace.as_ref();
            Some((namespace, Vec::new(), &managed.environment))
        }
        Infrastructure::SelfHosted(_) => None,
    }
}

/// Stores by their names, each with a place that wants it and the namespaces
/// that it is wanted in.
#[derive(Default)]
struct Used<'a>(BTreeMap<StoreRef, (&'a SecretStore, Span, BTreeSet<String>)>);

impl<'a> Used<'a> {
    fn add(
        &mut self,
        lowering: &Lowering<'a>,
        name: Option<&'a Located<String>>,
        namespace: Option<&str>,
    ) {
        let Some(name) = name else { return };
        let source = source(lowering, name);
        let exists = source.is_some_and(|s| matches!(s.from, SecretFrom::External { .. }));
        let store = store_of(lowering, source).filter(|store| is_outside(store));
        let Some(store) = store.filter(|_| !exists) else {
            return;
        };
        let at = (store, name.span, BTreeSet::new());
        let (_, _, namespaces) = self.0.entry(reference(store)).or_insert(at);
        namespaces.extend(namespace.map(str::to_owned));
    }
}

fn awaited(store: &SecretStore, used: Span, namespaces: &[&str]) -> Diagnostic {
    let StoreRef { kind, name } = reference(store);
    let place = match (store.kind, namespaces.is_empty()) {
        (StoreKind::SecretStore, false) => {
            format!(
                " of {}",
                kubewright_source::suggest::list(namespaces.iter().copied())
            )
        }
        (StoreKind::SecretStore, true) | (StoreKind::ClusterSecretStore, _) => String::new(),
    };
    let (settings, given) = settings(store);
    let span = store.name.as_ref().map(|name| name.span).or(given);
    Diagnostic::note(
        "awaited-store",
        span.unwrap_or(used),
        format!("{kind} `{name}`{place} is not written and has to be in the cluster, as External Secrets has"),
    )
    .help(format!(
        "set up External Secrets before you apply, and the store with {}{settings}",
        service(store)
    ))
}

/// What the store object has to be told, and where that stands.
fn settings(store: &SecretStore) -> (String, Option<Span>) {
    fn said<T: std::fmt::Display>(
        what: &str,
        given: Option<&Located<T>>,
    ) -> Option<(String, Span)> {
        given.map(|given| (format!("{what} `{}`", given.value), given.span))
    }
    let rows = match &store.provider {
        SecretProvider::Gcp { project } => [said("project", project.as_ref()), None],
        SecretProvider::Aws { region } => [said("region", region.as_ref()), None],
        SecretProvider::Azure { vault_url } => [said("vault", vault_url.as_ref()), None],
        SecretProvider::Vault { server, path } => {
            [said("server", server.as_ref()), said("path", path.as_ref())]
        }
        SecretProvider::Kubernetes { namespace } => [said("namespace", namespace.as_ref()), None],
        SecretProvider::EnvFile | SecretProvider::Inline => [None, None],
    };
    let rows: Vec<(String, Span)> = rows.into_iter().flatten().collect();
    let span = rows.first().map(|(_, span)| *span);
    let texts: Vec<String> = rows.into_iter().map(|(text, _)| text).collect();
    match texts.is_empty() {
        true => (String::new(), span),
        false => (format!(": {}", texts.join(", ")), span),
    }
}

//! What is known of the environment.

use kubewright_model::project::{
    Facts, ImageTag, Ingress, Namespace, NetworkPolicyMode, SecretProvider, SecretStore, StoreKind,
};
use kubewright_model::scaling::KedaHttpObjects;
use kubewright_yaml::Node;

use super::tree::{Map, flag, raw, some_list, text};
use super::{gateway, security, workload};

/// All facts but the environment's name.
pub(super) fn facts(facts: &Facts) -> Map {
    let mut block = Map::default();
    block.put("namespace", facts.namespace.as_ref().map(namespace));
    block.text("domain", &facts.domain);
    block.put("tls", facts.tls.as_ref().map(gateway::tls));
    block.put("ingress", facts.ingress.as_ref().map(ingress));
    block.text("registry", &facts.registry);
    block.put(
        "image_tag",
        facts.image_tag.as_ref().map(|tag| match &tag.value {
            ImageTag::Text(tag) => text(tag),
            ImageTag::Content => raw("content"),
            ImageTag::Git => raw("git"),
        }),
    );
    let pull_secrets = facts
        .pull_secrets
        .iter()
        .map(|name| raw(name.value.as_str()));
    block.put("pull_secrets", some_list(pull_secrets.collect()));
    block.put(
        "secret_store",
        facts
            .secret_store
            .as_ref()
            .filter(|store| !is_usual(store))
            .map(secret_store),
    );
    block.text("storage_class", &facts.storage_class);
    block.put("redis", facts.queue_server.as_ref().map(workload::server));
    if facts.keda_http != KedaHttpObjects::default() {
        block.put("keda_http", raw("interceptor-route"));
    }
    block.put(
        "network_policy",
        network_policy(facts.network_policy).map(raw),
    );
    block.put(
        "kubernetes_version",
        facts
            .kubernetes_version
            .as_ref()
            .map(|version| raw(&version.value.to_string())),
    );
    block.word(
        "security_profile",
        &facts.security_profile,
        security::profile,
    );
    block.text("kube_context", &facts.kube_context);
    block.text("argocd_cluster", &facts.argocd_cluster);
    block.put("debug", facts.debug.then(|| flag(true)));
    block
}

/// Whether this is where secrets are if nothing is said.
fn is_usual(store: &SecretStore) -> bool {
    let SecretStore {
        provider,
        name,
        kind,
    } = store;
    *provider == SecretProvider::EnvFile && name.is_none() && *kind != StoreKind::SecretStore
}

/// How traffic is limited; none where it is not.
pub(super) fn network_policy(mode: NetworkPolicyMode) -> Option<&'static str> {
    match mode {
        NetworkPolicyMode::None => None,
        NetworkPolicyMode::Permissive => Some("permissive"),
        NetworkPolicyMode::Strict => Some("strict"),
        NetworkPolicyMode::Networks => Some("networks"),
    }
}

fn namespace(namespace: &Namespace) -> Node {
    let mut block = Map::with("name", text(namespace.name.value.as_str()));
    block.flag("create", &namespace.create);
    block.pairs("labels", &namespace.labels);
    block.node()
}

fn ingress(ingress: &Ingress) -> Node {
    let mut block = Map::with(
        "controller",
        raw(gateway::controller(ingress.controller.value)),
    );
    block.text("class", &ingress.class);
    block.text("namespace", &ingress.namespace);
    block.put(
        "gateway",
        ingress.gateway.as_ref().map(|gateway| {
            let name = &gateway.value.name;
            match &gateway.value.section {
                Some(section) => raw(&format!("{name}#{}", section.value)),
                None => raw(&name.to_string()),
            }
        }),
    );
    block.node()
}

/// Where secret values live.
pub(super) fn secret_store(store: &SecretStore) -> Node {
    let mut block = Map::default();
    match &store.provider {
        SecretProvider::EnvFile => block.put("provider", raw("env-file")),
        SecretProvider::Inline => block.put("provider", raw("inline")),
        SecretProvider::Gcp { project } => {
            block.put("provider", raw("gcp"));
            block.text("project", project);
        }
        SecretProvider::Aws { region } => {
            block.put("provider", raw("aws"));
            block.text("region", region);
        }
        SecretProvider::Azure { vault_url } => {
            block.put("provider", raw("azure"));
            block.text("vault_url", vault_url);
        }
        SecretProvider::Vault { server, path } => {
            block.put("provider", raw("vault"));
            block.text("server", server);
            block.text("path", path);
        }
        SecretProvider::Kubernetes { namespace } => {
            block.put("provider", raw("kubernetes"));
            block.text("namespace", namespace);
        }
    }
    block.text("name", &store.name);
    if store.kind == StoreKind::SecretStore {
        block.put("kind", raw("SecretStore"));
    }
    block.node()
}

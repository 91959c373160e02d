//! What is known of the environment.

use kubewright_model::gateway::{Controller, GatewayObject, Tls};
use kubewright_model::project::{
    Facts, ImageTag, Ingress, KubernetesVersion, Namespace, NetworkPolicyMode, SecretProvider,
    SecretStore, StoreKind,
};
use kubewright_model::scaling::KedaHttpObjects;
use kubewright_model::security::SecurityProfile;
use kubewright_model::value::{Host, LabelKey, LabelValue, QualifiedName, Url};
use kubewright_model::{Given, Invalid, Located, Name, ObjectName};
use kubewright_yaml::{Node, Path};

use super::Place;
use super::given::{chosen, list_of, pairs, parsed, text};
use super::workload::server;
use crate::fields::{At, Fields, Report};

/// Controllers by the words of the file.
pub(super) const CONTROLLERS: &[(&str, Controller)] = &[
    ("generic", Controller::Generic),
    ("haproxy", Controller::Haproxy),
    ("traefik", Controller::Traefik),
    ("nginx", Controller::Nginx),
    ("gateway-api", Controller::GatewayApi),
];

/// Policies by the words of the file.
pub(super) const POLICIES: &[(&str, NetworkPolicyMode)] = &[
    ("none", NetworkPolicyMode::None),
    ("permissive", NetworkPolicyMode::Permissive),
    ("strict", NetworkPolicyMode::Strict),
    ("networks", NetworkPolicyMode::Networks),
];

/// The facts of the environment.
pub(super) fn read(place: &Place<'_>, node: &Node, report: &Report) -> Facts {
    let mut facts = Facts::default();
    let top = Path::ROOT.key(match place.asked.environment {
        Some(_) => "environments",
        None => "defaults",
    });
    let path = match place.asked.environment {
        Some(name) => top.key(name),
        None => top,
    };
    let at = At {
        node,
        path,
        name: place.asked.environment.unwrap_or("defaults"),
        report,
    };
    if let Some(name) = place.asked.environment {
        let name = Located::new(name.to_owned(), node.span);
        facts.environment = at.checked(&name, Name::parse);
    }
    let Some(fields) = at.fields("the environment") else {
        return facts;
    };
    facts.namespace = fields.get("namespace").and_then(namespace);
    facts.domain = parsed(&fields, "domain", Host::of_route);
    facts.tls = fields.get("tls").and_then(tls);
    facts.ingress = fields.get("ingress").and_then(ingress);
    facts.registry = text(&fields, "registry");
    facts.image_tag = parsed(&fields, "image_tag", image_tag);
    for secret in list_of(&fields, "pull_secrets", ObjectName::parse) {
        // Twice is once: pods name each secret one time.
        if !facts.pull_secrets.contains(&secret) {
            facts.pull_secrets.push(secret);
        }
    }
    facts.secret_store = match fields.get("secret_store") {
        Some(at) => secret_store(at),
        None => Some(SecretStore {
            provider: SecretProvider::EnvFile,
            name: None,
            kind: StoreKind::default(),
        }),
    };
    facts.storage_class = parsed(&fields, "storage_class", ObjectName::parse);
    facts.queue_server = fields.get("redis").and_then(server);
    facts.keda_http = keda_http(&fields);
    facts.network_policy = chosen(&fields, "network_policy", POLICIES)
        .map_or(NetworkPolicyMode::None, |mode| mode.value);
    facts.kubernetes_version = kubernetes_version(&fields);
    facts.security_profile = parsed(&fields, "security_profile", SecurityProfile::parse);
    facts.kube_context = text(&fields, "kube_context");
    facts.argocd_cluster = super::argocd::cluster(&fields);
    facts.debug = fields.bool("debug").is_some_and(|debug| debug.value);
    fields.finish();
    facts
}

/// An old or a new version may stand there: what is written is for those that
/// are known, and may still work.
fn kubernetes_version(fields: &Fields<'_>) -> Given<KubernetesVersion> {
    let version = parsed(fields, "kubernetes_version", KubernetesVersion::parse)?;
    let known = KubernetesVersion::OLDEST..=KubernetesVersion::NEWEST;
    if !known.contains(&version.value)
        && let Some(at) = fields.get("kubernetes_version")
    {
        let message = format!(
            "objects are tried with Kubernetes {} to {} only, not with {}",
            known.start(),
            known.end(),
            version.value
        );
        at.note(
            "untried-version",
            message,
            "try them on that cluster before you rely on them",
        );
    }
    Some(version)
}

fn keda_http(fields: &Fields<'_>) -> KedaHttpObjects {
    let words = [
        ("http-scaled-object", KedaHttpObjects::HttpScaledObject),
        ("interceptor-route", KedaHttpObjects::InterceptorRoute),
    ];
    chosen(fields, "keda_http", &words).map_or(KedaHttpObjects::default(), |found| found.value)
}

fn namespace(at: At<'_>) -> Option<Namespace> {
    let fields = at.fields("`namespace`")?;
    fields.need("name");
    let namespace = Namespace {
        name: parsed(&fields, "name", Name::parse)?,
        create: fields.bool("create"),
        labels: pairs(&fields, "labels", LabelKey::parse, LabelValue::parse),
    };
    fields.finish();
    Some(namespace)
}

/// `true`, `false`, a Secret or an issuer.
pub(super) fn tls(at: At<'_>) -> Option<Tls> {
    if at.node.as_scalar().is_some() {
        return Some(match at.bool()?.value {
            true => Tls::Default,
            false => Tls::Off,
        });
    }
    let fields = at.fields("`tls`")?;
    let secret = parsed(&fields, "secret", ObjectName::parse).map(Tls::Secret);
    let issuer = text(&fields, "issuer").and_then(|text| issuer(&fields, &text));
    fields.finish();
    Some(secret.or(issuer).unwrap_or(Tls::Default))
}

/// `name`, `Issuer/name` or `ClusterIssuer/name`.
fn issuer(fields: &Fields<'_>, text: &Located<String>) -> Option<Tls> {
    let (cluster, name) = match text.value.split_once('/') {
        None => (true, text.value.as_str()),
        Some(("ClusterIssuer", name)) => (true, name),
        Some(("Issuer", name)) => (false, name),
        Some((kind, _)) => {
            fields.at().bad(
                format!("`{kind}` is no kind of issuer"),
                "write `Issuer/name`, or the name of a ClusterIssuer alone",
            );
            return None;
        }
    };
    let name = Located::new(name.to_owned(), text.span);
    let name = fields.at().checked(&name, ObjectName::parse)?;
    Some(Tls::Issuer { cluster, name })
}

fn ingress(at: At<'_>) -> Option<Ingress> {
    let span = at.span();
    let fields = at.fields("`ingress`")?;
    let controller = chosen(&fields, "controller", CONTROLLERS)
        .unwrap_or(Located::new(Controller::Generic, span));
    let ingress = Ingress {
        class: parsed(&fields, "class", ObjectName::parse).or_else(|| usual_class(&controller)),
        controller,
        namespace: parsed(&fields, "namespace", Name::parse),
        gateway: parsed(&fields, "gateway", gateway_object),
    };
    fields.finish();
    Some(ingress)
}

/// What the class of a controller is called unless somebody renamed it: without a
/// class an Ingress is the cluster's default controller's.
fn usual_class(controller: &Located<Controller>) -> Option<Located<ObjectName>> {
    let word = match controller.value {
        Controller::Haproxy => "haproxy",
        Controller::Nginx => "nginx",
        // Traefik takes all routes of its own kind; a Gateway has no usual class.
        Controller::Traefik | Controller::Generic | Controller::GatewayApi => return None,
    };
    let name = ObjectName::parse(word).ok()?;
    Some(Located::new(name, controller.span))
}

/// `name`, `namespace/name`, either with `#section`.
fn gateway_object(text: &str) -> Result<GatewayObject, Invalid> {
    let (name, section) = match text.split_once('#') {
        Some((name, section)) => (name, Some(section)),
        None => (text, None),
    };
    Ok(GatewayObject {
        name: QualifiedName::parse(name)?,
        section: section.map(|section| Located::nowhere(section.to_owned())),
    })
}

fn image_tag(text: &str) -> Result<ImageTag, Invalid> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    match text {
        "content" => Ok(ImageTag::Content),
        "git" => Ok(ImageTag::Git),
        _ if text.len() <= 128
            && text.chars().all(fits)
            && !text.starts_with(['.', '-'])
            && !text.is_empty() =>
        {
            Ok(ImageTag::Text(text.to_owned()))
        }
        _ => Err(Invalid::new(
            "a tag",
            "a tag has letters, digits, `_`, `.` and `-`, 128 at most",
            "write it like `1.4.2`, or `content`, or `git`",
        )),
    }
}

#[derive(Clone, Copy)]
enum Provider {
    EnvFile,
    Inline,
    Gcp,
    Aws,
    Azure,
    Vault,
    Kubernetes,
}

const PROVIDERS: &[(&str, Provider)] = &[
    ("env-file", Provider::EnvFile),
    ("inline", Provider::Inline),
    ("gcp", Provider::Gcp),
    ("aws", Provider::Aws),
    ("azure", Provider::Azure),
    ("vault", Provider::Vault),
    ("kubernetes", Provider::Kubernetes),
];

/// Where secret values live.
pub(super) fn secret_store(at: At<'_>) -> Option<SecretStore> {
    let fields = at.fields("`secret_store`")?;
    fields.need("provider");
    let provider = chosen(&fields, "provider", PROVIDERS);
    let own: &[&str] = match provider.as_ref()?.value {
        Provider::EnvFile | Provider::Inline => &[],
        Provider::Gcp => &["project"],
        Provider::Aws => &["region"],
        Provider::Azure => &["vault_url"],
        Provider::Vault => &["server", "path"],
        Provider::Kubernetes => &["namespace"],
    };
    for key in [
        "project",
        "region",
        "vault_url",
        "server",
        "path",
        "namespace",
    ] {
        if let Some(at) = fields.get(key)
            && !own.contains(&key)
        {
            at.error(
                "two-alternatives",
                format!("`{key}` is of another provider"),
                "leave it out, or choose the provider that has it",
            );
        }
    }
    let provider = match provider?.value {
        Provider::EnvFile => SecretProvider::EnvFile,
        Provider::Inline => SecretProvider::Inline,
        Provider::Gcp => SecretProvider::Gcp {
            project: text(&fields, "project"),
        },
        Provider::Aws => SecretProvider::Aws {
            region: text(&fields, "region"),
        },
        Provider::Azure => SecretProvider::Azure {
            vault_url: parsed(&fields, "vault_url", Url::parse),
        },
        Provider::Vault => SecretProvider::Vault {
            server: parsed(&fields, "server", Url::parse),
            path: text(&fields, "path"),
        },
        Provider::Kubernetes => SecretProvider::Kubernetes {
            namespace: parsed(&fields, "namespace", Name::parse),
        },
    };
    let kinds = [
        ("ClusterSecretStore", StoreKind::ClusterSecretStore),
        ("SecretStore", StoreKind::SecretStore),
    ];
    let store = SecretStore {
        provider,
        name: parsed(&fields, "name", ObjectName::parse),
        kind: chosen(&fields, "kind", &kinds).map_or(StoreKind::default(), |kind| kind.value),
    };
    fields.finish();
    Some(store)
}

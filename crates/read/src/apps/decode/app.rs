//! An entry: an app, infrastructure, or what others describe.

use kubewright_knowledge::{
    Port as KnownPort, Protocol as KnownProtocol, Workload as KnownWorkload,
};
use kubewright_model::app::App;
use kubewright_model::check::{Exemption, ExemptionTarget};
use kubewright_model::container::ImageSource;
use kubewright_model::infrastructure::{Infrastructure, Managed};
use kubewright_model::object::{Patch, PatchChange};
use kubewright_model::project::Entry;
use kubewright_model::service::{Port, Protocol};
use kubewright_model::value::{Host, LabelKey, LabelValue, MountPath};
use kubewright_model::volume::{Claim, Mount, Volume, VolumeSource};
use kubewright_model::workload::{Deployment, Workload};
use kubewright_model::{Image, Located, Name, ObjectName};

use super::container::{self, Before, Read};
use super::given::{any, pairs, parsed, text, word};
use super::scope::Scope;
use super::volume::verbatim;
use super::workload::Kind;
use super::{compose, function, helper, pod, port, section, security, variable, workload};
use crate::apps::layer::Member;
use crate::fields::{At, Fields};

/// Reads an entry.
pub(super) fn entry(member: &Member, at: At<'_>, scope: &Scope<'_>) -> Option<(Name, Entry)> {
    let written = &*member.key.text;
    let name = scope
        .named(written)
        .filter(|name| name.span == member.key.span)?;
    let what = match member.section.key {
        "apps" => "app",
        "infrastructure" => "infrastructure",
        "helm" => "chart",
        "compose" => "compose project",
        "kustomize" => "kustomize folder",
        other => other,
    };
    let fields = at.fields(format!("{what} `{written}`"))?;
    let key = name.value.clone();
    if fields.bool("enabled").is_some_and(|enabled| !enabled.value) {
        return Some((key, Entry::Disabled(Located::new((), name.span))));
    }
    let entry = match member.section.key {
        "functions" => function::read(name, &fields, scope),
        "compose" => compose::read(name, &fields, scope),
        "helm" => section::helm(name, &fields, scope),
        "kustomize" => section::kustomize(name, &fields, scope),
        "infrastructure" => infrastructure(name, &fields, scope),
        _ => app(name, "app", &fields, scope).map(|app| Entry::App(Box::new(app))),
    };
    let entry = entry?;
    fields.finish();
    Some((key, entry))
}

/// A workload of our own making. Where no kind is said, `schedule` makes it a
/// CronJob, else it is a Deployment.
pub(super) fn app(
    name: Located<Name>,
    what: &str,
    fields: &Fields<'_>,
    scope: &Scope<'_>,
) -> Option<App> {
    let kind = workload::kind(fields);
    if let Some(kind) = &kind
        && kind.value == Kind::Managed
    {
        fields.at().error(
            "wrong-kind",
            format!(
                "{} cannot be `Managed`: only infrastructure is",
                fields.what()
            ),
            "move it to `infrastructure`, or choose another kind",
        );
        return None;
    }
    for key in ["host", "provider_notes"] {
        if let Some(at) = fields.get(key) {
            at.error(
                "wrong-kind",
                format!("`{key}` belongs to managed infrastructure"),
                "write `kind: Managed`, or leave it out",
            );
        }
    }
    let kind = kind.map_or(Kind::Deployment, |kind| kind.value);
    of_kind((name, what), kind, &[], fields, scope)
}

/// `data`: where the image is known to keep data.
fn of_kind(
    (name, what): (Located<Name>, &str),
    kind: Kind,
    data: &[&'static str],
    fields: &Fields<'_>,
    scope: &Scope<'_>,
) -> Option<App> {
    let origin = Located::new(format!("{what} {}", name.value), name.span);
    let called = name.value.to_string();
    let mut app = App::new(name, origin, workload::read(fields, kind)?);
    app.namespace = parsed(fields, "namespace", Name::parse);
    let before = Before {
        called: &called,
        volumes: &[],
        data,
    };
    fill(fields, before, &mut app, scope);
    app.develop = fields.get("develop").and_then(pod::develop);
    if app.main.image.is_none() && !fields.has("image") && !fields.has("build") {
        fields.at().error(
            "missing-key",
            format!("{} has neither `image` nor `build`", fields.what()),
            "name the image that it runs, or the folder that it is built from",
        );
    }
    Some(app)
}

/// All but the kind of workload.
fn fill(fields: &Fields<'_>, before: Before<'_>, app: &mut App, scope: &Scope<'_>) {
    let Read {
        container,
        volumes,
        grace_period,
    } = container::read(fields, before, scope);
    app.main = container;
    app.volumes = volumes;
    app.grace_period = grace_period;
    if let Some((pod, own)) = fields.get("security").and_then(security::read) {
        *app.security = pod;
        *app.main.security = own;
    }
    helper::read(fields, app, scope);
    around(fields, app, scope);
    metadata(fields, app);
    app.compact();
}

/// What stands around the containers.
fn around(fields: &Fields<'_>, app: &mut App, scope: &Scope<'_>) {
    if let Some(service) = fields.get("service").and_then(pod::service) {
        *app.service = service;
    }
    if let Some(identity) = fields.get("identity").and_then(pod::identity) {
        *app.identity = identity;
    }
    if let Some(access) = fields.get("access").and_then(|at| pod::access(at, scope)) {
        *app.access = access;
    }
    if let Some(placement) = fields.get("placement").and_then(pod::placement) {
        *app.placement = placement;
    }
    if let Some(dns) = fields.get("dns").and_then(pod::dns) {
        *app.dns = dns;
    }
    app.mesh = fields.get("mesh").and_then(pod::mesh).map(Box::new);
    app.dependencies = pod::dependencies(fields, scope);
    app.disruption_budget = workload::budget(fields);
}

fn metadata(fields: &Fields<'_>, app: &mut App) {
    app.labels = pairs(fields, "labels", LabelKey::parse, LabelValue::parse);
    app.annotations = pairs(fields, "annotations", LabelKey::parse, any);
    app.pod_annotations = pairs(fields, "pod_annotations", LabelKey::parse, any);
    let target = || Some(ExemptionTarget::App(app.name.clone()));
    let reasons = fields.get("check");
    if let Some(at) = &reasons {
        at.note(
            "not-carried",
            format!(
                "`check` of {} is read, and nothing checks yet",
                fields.what()
            ),
            "keep it: `kubewright check` will go by it",
        );
    }
    let reasons = reasons.as_ref().map(|at| at.entries()).unwrap_or_default();
    let exemptions = reasons.into_iter().filter_map(|(rule, at)| {
        Some(Exemption {
            rule: rule.map(str::to_owned),
            target: target(),
            reason: word(&at)?,
            until: None,
        })
    });
    app.exemptions = exemptions.collect();
    let patches = fields.get("patches");
    let patches = patches.as_ref().map(At::items).unwrap_or_default();
    app.patches = patches.into_iter().filter_map(patch).collect();
}

fn patch(at: At<'_>) -> Option<Patch> {
    let fields = at.fields("patch")?;
    fields.need("kind");
    let merge = verbatim(&fields, "merge").map(PatchChange::Merge);
    let change = merge.or_else(|| verbatim(&fields, "json").map(PatchChange::Json));
    if change.is_none() {
        fields.at().error(
            "missing-key",
            "the patch changes nothing",
            "add `merge` or `json`",
        );
    }
    let patch = Patch {
        kind: text(&fields, "kind")?,
        name: parsed(&fields, "name", ObjectName::parse),
        change: change?,
    };
    fields.finish();
    Some(patch)
}

/// What apps stand on. A known image says what the file does not: the kind, where
/// data lies.
fn infrastructure(name: Located<Name>, fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Entry> {
    let said = workload::kind(fields).map(|kind| kind.value);
    if said == Some(Kind::Managed) {
        let managed = managed(name, fields, scope);
        return Some(Entry::Infrastructure(Box::new(Infrastructure::Managed(
            Box::new(managed),
        ))));
    }
    let image = fields.get("image").filter(|_| !fields.has("build"));
    let image = image.as_ref().and_then(word);
    let (usual, paths) = known(image.as_ref().map(|image| image.as_str()));
    let kind = said.unwrap_or(usual);
    let mut app = of_kind((name, "infrastructure"), kind, &paths, fields, scope)?;
    if !fields.has("volumes") && !app.workload.ends() {
        keep_data(&mut app, &paths);
    }
    Some(Entry::Infrastructure(Box::new(Infrastructure::SelfHosted(
        Box::new(app),
    ))))
}

/// The kind that an image is known to run as, and where it keeps data.
fn known(image: Option<&str>) -> (Kind, Vec<&'static str>) {
    let known = image.and_then(kubewright_knowledge::known);
    let kind = match known.as_ref().map(|known| known.family.workload) {
        Some(KnownWorkload::StatefulSet) => Kind::StatefulSet,
        Some(KnownWorkload::DaemonSet) => Kind::DaemonSet,
        Some(KnownWorkload::Deployment) | None => Kind::Deployment,
    };
    let paths = known
        .iter()
        .flat_map(|known| known.family.data_paths(known.tag));
    (kind, paths.map(|data| data.path).collect())
}

/// What a known image fills in where the file says nothing.
pub(in crate::apps) struct Implied {
    /// The kind of workload.
    pub(in crate::apps) kind: &'static str,
    /// Claims for its data.
    pub(in crate::apps) volumes: Vec<Volume>,
    /// Where they are mounted.
    pub(in crate::apps) mounts: Vec<Mount>,
    /// The ports that it listens on.
    pub(in crate::apps) ports: Vec<Port>,
}

/// What would be filled in for infrastructure of which nothing but the image is
/// said.
pub(in crate::apps) fn implied_infrastructure(app: &App) -> Implied {
    let image = match &app.main.image {
        Some(ImageSource::Image(image)) => Some(image.value.as_str()),
        Some(ImageSource::Build(_)) | None => None,
    };
    let (kind, paths) = known(image);
    let mut blank = App::new(
        app.name.clone(),
        app.origin.clone(),
        Workload::Deployment(Deployment::default()),
    );
    keep_data(&mut blank, &paths);
    let image = app.main.image_reference();
    let family = image.and_then(|image| kubewright_knowledge::family(image.repository()));
    let ports = family.into_iter().flat_map(|family| family.ports);
    let port = |known: &KnownPort| {
        let number = kubewright_model::Port::new(u64::from(known.number)).ok()?;
        let mut port = Port::new(Located::new(number, app.name.span));
        port.protocol = match known.protocol {
            KnownProtocol::Tcp => Protocol::Tcp,
            KnownProtocol::Udp => Protocol::Udp,
        };
        Some(port)
    };
    Implied {
        ports: ports.filter_map(port).collect(),
        kind: kind.word(),
        volumes: blank.volumes,
        mounts: blank.main.mounts,
    }
}

/// A claim where the image is known to keep its data.
fn keep_data(app: &mut App, paths: &[&'static str]) {
    let span = app.name.span;
    for (at, path) in paths.iter().enumerate() {
        let name = match at {
            0 => "data".to_owned(),
            more => format!("data-{}", more + 1),
        };
        let (Ok(name), Ok(path)) = (Name::parse(&name), MountPath::parse(path)) else {
            continue;
        };
        let name = Located::new(name, span);
        app.volumes.push(Volume {
            name: name.clone(),
            source: VolumeSource::Claim(Claim::default()),
        });
        app.main.mounts.push(Mount {
            volume: name,
            path: Located::new(path, span),
            read_only: None,
            sub_path: None,
            propagation: None,
        });
    }
}

/// Infrastructure that is run elsewhere: where it is, and what apps need to know.
fn managed(name: Located<Name>, fields: &Fields<'_>, scope: &Scope<'_>) -> Managed {
    let image = fields.get("image").as_ref().and_then(word);
    let image = image.and_then(|image| Image::parse(&image.value).ok());
    let known = image.and_then(|image| kubewright_knowledge::family(image.repository()));
    let mut ports: Vec<_> = port::read(fields)
        .into_iter()
        .flatten()
        .map(|port| port.container_port)
        .collect();
    if !fields.has("ports") {
        let numbers = known.into_iter().flat_map(|family| family.ports);
        let numbers =
            numbers.filter_map(|port| kubewright_model::Port::new(u64::from(port.number)).ok());
        ports.extend(numbers.map(|number| Located::new(number, name.span)));
    }
    let managed = Managed {
        origin: Located::new(format!("infrastructure {}", name.value), name.span),
        namespace: parsed(fields, "namespace", Name::parse),
        host: parsed(fields, "host", Host::parse),
        ports,
        environment: variable::read(fields, scope),
        notes: text(fields, "provider_notes"),
        name,
    };
    // What the file says of it for other environments counts there.
    for key in crate::apps::table::APP.all() {
        fields.get(key.name);
    }
    managed
}

/// What functions share, or one of them adds. The image comes of their sources.
pub(super) fn of_functions(
    name: Located<Name>,
    fields: &Fields<'_>,
    scope: &Scope<'_>,
) -> Option<App> {
    let origin = Located::new(format!("functions {}", name.value), name.span);
    let called = name.value.to_string();
    let mut app = App::new(name, origin, workload::read(fields, Kind::Deployment)?);
    app.namespace = parsed(fields, "namespace", Name::parse);
    let before = Before {
        called: &called,
        volumes: &[],
        data: &[],
    };
    fill(fields, before, &mut app, scope);
    Some(app)
}

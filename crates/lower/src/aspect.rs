//! The list of aspects, the draft they fill, and what they see.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use kubewright_knowledge::Known;
use kubewright_model::{App, Container, Name, container};
use kubewright_objects::{Body, Object, Origin};
use kubewright_source::{Diagnostic, Diagnostics};

use crate::config_hash::ConfigHash;
use crate::{Lowering, labels, workload};

/// One matter that an app's objects have: what it adds to every container, and
/// what it adds to the pod and beside it.
#[derive(Clone, Copy)]
pub(crate) struct Aspect {
    /// Called once for every container of the pod.
    pub(crate) container: fn(&ContainerScope<'_>, &mut core::Container, &mut Draft),
    /// Called once for the app, after all containers.
    pub(crate) pod: fn(&Scope<'_>, &mut Draft),
}

impl Aspect {
    /// Adds nothing.
    pub(crate) const NONE: Self = Self {
        container: |_, _, _| {},
        pod: |_, _| {},
    };
}

/// An aspect and how it is called where people ask why a field is there.
pub(crate) struct Row {
    /// One or two words.
    pub(crate) name: &'static str,
    /// What the aspect decides, in a sentence without an end.
    pub(crate) says: &'static str,
    aspect: Aspect,
}

const fn row(name: &'static str, says: &'static str, aspect: Aspect) -> Row {
    Row { name, says, aspect }
}

/// Every aspect, in the order in which they are applied. Adding one is a file
/// and a line here.
#[rustfmt::skip]
pub(crate) const ASPECTS: &[Row] = &[
    row("image", "the image, when it is pulled, and the command that runs in it", crate::container::image::ASPECT),
    row("environment", "variables: ordinary values in a ConfigMap, secret ones in a Secret", crate::container::environment::ASPECT),
    row("ports", "what the container listens on", crate::container::ports::ASPECT),
    row("resources", "requests and limits", crate::container::resources::ASPECT),
    row("probes", "health checks as startup, readiness and liveness probes", crate::container::probes::ASPECT),
    row("lifecycle", "hooks and how the container is stopped", crate::container::lifecycle::ASPECT),
    row("container security", "the rights of the container", crate::container::security::ASPECT),
    row("files", "configuration and secret files, mounted from ConfigMaps and Secrets", crate::container::files::ASPECT),
    row("volumes", "claims, scratch space and host paths", crate::volume::ASPECT),
    row("pod security", "users, groups and the rights of the pod", crate::security::ASPECT),
    row("identity", "the account that the pod runs under", crate::identity::ASPECT),
    row("dependencies", "what has to be there before the app starts", crate::dependency::ASPECT),
    row("placement", "on which nodes pods run", crate::placement::ASPECT),
    row("mesh", "membership in a service mesh", crate::mesh::ASPECT),
    row("names", "host names and how names are looked up", crate::dns::ASPECT),
    row("availability", "spreading over nodes and disruption budgets", crate::availability::ASPECT),
    row("services", "the Services by which others reach the app", crate::service::ASPECT),
    row("ways in", "routes and public Services by which the outside reaches the app", crate::route::ASPECT),
    row("network policies", "who may talk to whom", crate::network_policy::ASPECT),
    row("security profile", "what the standard asked for wants of the pod", crate::profile::ASPECT),
];

/// What an app is becoming.
#[derive(Default)]
pub(crate) struct Draft {
    /// The pod; its containers are put in at the end.
    pub(crate) pod: core::PodSpec,
    /// Labels of the pods beyond the app's own.
    pub(crate) pod_labels: BTreeMap<String, String>,
    /// Annotations of the pods.
    pub(crate) pod_annotations: BTreeMap<String, String>,
    /// The main container and those beside it.
    pub(crate) containers: Vec<core::Container>,
    /// Containers that only wait.
    pub(crate) waits: Vec<core::Container>,
    /// Those that wait for what a companion depends on.
    pub(crate) companion_waits: Vec<core::Container>,
    /// Helpers that start before the main container and go on beside it.
    pub(crate) native_sidecars: Vec<core::Container>,
    /// Containers that run to their end first.
    pub(crate) init_containers: Vec<core::Container>,
    /// Claims of a StatefulSet's pods.
    pub(crate) claim_templates: Vec<core::PersistentVolumeClaim>,
    /// Objects beside the workload.
    pub(crate) objects: Vec<Object>,
    /// The configuration that went in.
    pub(crate) hash: ConfigHash,
    /// What there is to say.
    pub(crate) diagnostics: Diagnostics,
}

/// What an aspect sees of the app.
pub(crate) struct Scope<'a> {
    /// The project around it.
    pub(crate) lowering: &'a Lowering<'a>,
    /// The app.
    pub(crate) app: &'a App,
    /// It is infrastructure: what is known of the image fills gaps.
    pub(crate) infrastructure: bool,
    /// What is known of the main container's image.
    pub(crate) known: Option<Known<'a>>,
    /// Labels of all its objects.
    pub(crate) labels: BTreeMap<String, String>,
    /// The aspects that take part: all, except where somebody asks which of them
    /// a field comes from.
    aspects: &'static [Row],
}

impl<'a> Scope<'a> {
    pub(crate) fn new(lowering: &'a Lowering<'a>, app: &'a App, infrastructure: bool) -> Self {
        Self {
            lowering,
            app,
            infrastructure,
            known: known(&app.main),
            labels: labels::of_app(lowering.project, app),
            aspects: ASPECTS,
        }
    }

    /// The app's name.
    pub(crate) fn name(&self) -> &'a str {
        self.app.name.value.as_str()
    }

    /// Metadata of an object of the app.
    pub(crate) fn metadata(&self, name: impl Into<String>) -> ObjectMeta {
        ObjectMeta {
            name: Some(name.into()),
            namespace: self.namespace(),
            labels: Some(self.labels.clone()),
            ..ObjectMeta::default()
        }
    }

    /// The namespace, where the project or the app names one.
    pub(crate) fn namespace(&self) -> Option<String> {
        namespace(self.lowering, self.app.namespace.as_ref())
    }

    /// An object of the app.
    pub(crate) fn object(&self, body: impl Into<Body>) -> Object {
        Object::new(body, self.origin())
    }

    /// Where the app's objects came from.
    pub(crate) fn origin(&self) -> Origin {
        Origin {
            span: self.app.origin.span,
            label: self.app.origin.value.clone(),
        }
    }

    /// What selects the app's pods; nothing in it may ever change.
    pub(crate) fn selector(&self) -> LabelSelector {
        LabelSelector {
            match_labels: Some(self.selector_labels()),
            ..LabelSelector::default()
        }
    }

    /// The labels of [`selector`](Self::selector).
    pub(crate) fn selector_labels(&self) -> BTreeMap<String, String> {
        let selected = labels::selected(self.app).to_owned();
        BTreeMap::from([(labels::APP.to_owned(), selected)])
    }
}

/// Where a container stands in its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Main,
    Init,
    Sidecar,
    Companion,
}

/// What an aspect sees of a container.
pub(crate) struct ContainerScope<'a> {
    /// The app around it.
    pub(crate) app: &'a Scope<'a>,
    /// The container.
    pub(crate) container: &'a Container,
    /// Where it stands.
    pub(crate) place: Place,
    /// What goes in front of the names of its ConfigMap and Secret: the app's
    /// name, with the helper's behind it.
    pub(crate) prefix: String,
    /// What is known of its image.
    pub(crate) known: Option<Known<'a>>,
}

/// What the namespace of an object is, where one is named.
pub(crate) fn namespace(
    lowering: &Lowering<'_>,
    own: Option<&kubewright_model::Located<Name>>,
) -> Option<String> {
    namespace_in(lowering.project, own)
}

/// The same for a project.
pub(crate) fn namespace_in(
    project: &kubewright_model::Project,
    own: Option<&kubewright_model::Located<Name>>,
) -> Option<String> {
    let whole = project.facts.namespace.as_ref();
    let whole = whole.map(|namespace| &namespace.name);
    own.or(whole).map(|name| name.value.as_str().to_owned())
}

/// All objects of an app, the workload first.
pub(crate) fn lower_app(
    lowering: &Lowering<'_>,
    app: &App,
    infrastructure: bool,
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let scope = Scope::new(lowering, app, infrastructure);
    let mut draft = drafted(&scope);
    draft.diagnostics.extend(workload_name_too_long(&scope));
    draft.diagnostics.extend(workload::not_carried(&scope));
    crate::config_hash::annotate(&scope, &mut draft);
    let same = crate::distinct::check(&scope, &draft);
    draft.diagnostics.extend(same);
    let mut found = std::mem::take(&mut draft.diagnostics);
    let mut objects = finished(&scope, draft);
    objects.extend(crate::scaling::objects(&scope, &mut found));
    crate::patch::apply(&scope, &mut objects, &mut found);
    diagnostics.extend(found);
    objects
}

/// The objects as they are after the first `count` aspects, before what follows
/// them.
pub(crate) fn after_aspects(
    lowering: &Lowering<'_>,
    app: &App,
    infrastructure: bool,
    count: usize,
) -> Vec<Object> {
    let mut scope = Scope::new(lowering, app, infrastructure);
    scope.aspects = &ASPECTS[..count];
    let draft = drafted(&scope);
    finished(&scope, draft)
}

fn drafted(scope: &Scope<'_>) -> Draft {
    let mut draft = Draft::default();
    containers(scope, &mut draft);
    for row in scope.aspects {
        (row.aspect.pod)(scope, &mut draft);
    }
    draft
}

fn finished(scope: &Scope<'_>, mut draft: Draft) -> Vec<Object> {
    let beside = std::mem::take(&mut draft.objects);
    let mut objects = vec![workload::object(scope, draft)];
    objects.extend(beside);
    objects
}

fn workload_name_too_long(scope: &Scope<'_>) -> Option<Diagnostic> {
    let workload = &scope.app.workload;
    let limit = match workload {
        // Room for the hash that becomes a label of its pods.
        kubewright_model::Workload::StatefulSet(_) => 52,
        // Room for the time that becomes part of its Jobs' names.
        kubewright_model::Workload::CronJob(_) => 52,
        kubewright_model::Workload::Deployment(_)
        | kubewright_model::Workload::DaemonSet(_)
        | kubewright_model::Workload::Job(_) => 63,
    };
    name_too_long(scope, &format!("a {}", workload.kind()), limit)
}

fn containers(scope: &Scope<'_>, draft: &mut Draft) {
    let app = scope.app;
    let main = one_container(scope, &app.main, Place::Main, scope.name(), draft);
    draft.containers.push(main);
    for helper in &app.init_containers {
        let container = init_container(scope, helper, draft);
        draft.init_containers.push(container);
    }
    for helper in &app.sidecars {
        let name = helper.name.value.as_str();
        let mut container = one_container(scope, &helper.container, Place::Sidecar, name, draft);
        crate::volume::mount_shared(scope, helper, &mut container, draft);
        if helper.native.as_ref().is_none_or(|native| native.value) {
            container.restart_policy = Some("Always".to_owned());
            draft.native_sidecars.push(container);
        } else {
            draft.containers.push(container);
        }
    }
    for helper in &app.companions {
        let name = helper.name.value.as_str();
        let container = one_container(scope, &helper.container, Place::Companion, name, draft);
        draft.containers.push(container);
    }
}

/// An init container without an image of its own runs the app's, with the app's
/// variables and mounts.
fn init_container(
    scope: &Scope<'_>,
    helper: &container::InitContainer,
    draft: &mut Draft,
) -> core::Container {
    let name = helper.name.value.as_str();
    let own_image = helper.container.image.is_some();
    let inherits = helper
        .inherit
        .as_ref()
        .map_or(!own_image, |inherit| inherit.value);
    let mut container = one_container(scope, &helper.container, Place::Init, name, draft);
    let Some(main) = draft.containers.first().filter(|_| inherits) else {
        return container;
    };
    if !own_image {
        container.image.clone_from(&main.image);
        container
            .image_pull_policy
            .clone_from(&main.image_pull_policy);
    }
    inherit(&mut container.env, main.env.as_ref(), |variable| {
        variable.name.clone()
    });
    inherit(
        &mut container.volume_mounts,
        main.volume_mounts.as_ref(),
        |mount| mount.mount_path.clone(),
    );
    container
}

/// Adds what the main container has and the helper does not say otherwise.
fn inherit<T: Clone>(own: &mut Option<Vec<T>>, main: Option<&Vec<T>>, key: impl Fn(&T) -> String) {
    let taken: Vec<String> = own.iter().flatten().map(&key).collect();
    let missing = main
        .into_iter()
        .flatten()
        .filter(|item| !taken.contains(&key(item)));
    let all: Vec<T> = own.iter().flatten().chain(missing).cloned().collect();
    *own = (!all.is_empty()).then_some(all);
}

fn one_container(
    scope: &Scope<'_>,
    model: &Container,
    place: Place,
    name: &str,
    draft: &mut Draft,
) -> core::Container {
    let prefix = match place {
        Place::Main => scope.name().to_owned(),
        Place::Init | Place::Sidecar | Place::Companion => format!("{}-{name}", scope.name()),
    };
    let container_scope = ContainerScope {
        app: scope,
        container: model,
        place,
        prefix,
        known: known(model),
    };
    let named = model.name.as_ref().map_or(name, |name| name.value.as_str());
    let mut container = core::Container {
        name: named.to_owned(),
        ..core::Container::default()
    };
    for row in scope.aspects {
        (row.aspect.container)(&container_scope, &mut container, draft);
    }
    container
}

fn known(container: &Container) -> Option<Known<'_>> {
    kubewright_knowledge::known(container.image_reference()?.as_str())
}

/// An error at the app's name: an object of that name cannot be.
pub(crate) fn name_too_long(scope: &Scope<'_>, what: &str, limit: usize) -> Option<Diagnostic> {
    let name = scope.name();
    (name.len() > limit).then(|| {
        let shorter = name[..limit].trim_end_matches('-');
        Diagnostic::error(
            "bad-value",
            scope.app.name.span,
            format!(
                "the name `{name}` is too long for {what}: {} characters, {limit} are allowed",
                name.len()
            ),
        )
        .help(format!("choose a shorter one, like `{shorter}`"))
    })
}

//! One service moved into the pod of another.
//!
//! What is a container's goes along with it. What is the pod's is said together
//! where that can be, and reported where the pod has one of it and the other
//! service decides.

use kubewright_model::container::Companion;
use kubewright_model::scaling::Scaling;
use kubewright_model::volume::VolumeSource;
use kubewright_model::{App, Given, Located, Name, ObjectName, Span, Workload};
use kubewright_source::Diagnostic;
use kubewright_yaml::Path;

use super::service::Taken;
use super::shared_pod::Move;
use super::{init_service, pod_port};
use crate::fields::Report;

/// What is said while a service moves.
pub(super) struct Moving<'a> {
    /// The service, by its name in the file.
    pub(super) key: &'a str,
    /// The one whose pod it moves into.
    pub(super) host: &'a str,
    /// The place that says so.
    pub(super) span: Span,
    pub(super) report: &'a Report,
}

impl Moving<'_> {
    /// Says something about a key of the service.
    pub(super) fn at_key(&self, key: &str, said: Diagnostic) {
        let services = Path::ROOT.key("services");
        let service = services.key(self.key);
        self.report.push(said.path(service.key(key).to_string()));
    }

    /// What the service says of the pod does not count.
    pub(super) fn not_the_pods(&self, key: &str, span: Span) {
        let said = Diagnostic::warning(
            "not-carried",
            span,
            format!(
                "`{key}` of service `{}` is the whole pod's, and there `{}` decides",
                self.key, self.host
            ),
        );
        self.at_key(key, said.help(format!("write it at `{}`", self.host)));
    }
}

/// Moves `app`, called `key` in the file, into the pod of `host`.
pub(super) fn merge(host: &mut App, app: App, key: &str, going: &Move, report: &Report) {
    let moving = Moving {
        key,
        host: &going.host,
        span: going.span,
        report,
    };
    match &going.prepares {
        Some(_) => init_service::merge(&moving, host, app),
        None => beside(&moving, host, app, going),
    }
}

/// The service's container runs beside the pod's own.
fn beside(moving: &Moving<'_>, host: &mut App, mut app: App, going: &Move) {
    announce(moving);
    kinds(moving, host, &app);
    replicas(moving, host, &app);
    users(host, &mut app);
    volumes(host, &mut app);
    pod_port::settle(moving, host, &mut app.main);
    container_name(moving, host, &mut app);
    services(moving, host, &mut app);
    security(moving, host, &mut app);
    names(moving, host, &mut app);
    placement(moving, host, &mut app);
    grace_period(moving, host, &app);
    texts(moving, host, &mut app);
    init_containers(host, &mut app);
    host.sidecars.append(&mut app.sidecars);
    host.exemptions.append(&mut app.exemptions);
    host.patches.append(&mut app.patches);
    host.companions.push(Companion {
        name: app.name,
        container: app.main,
        dependencies: app.dependencies,
        on_service: Some(Located::new(true, going.span)),
    });
}

fn announce(moving: &Moving<'_>) {
    let said = Diagnostic::note(
        "shared-pod",
        moving.span,
        format!(
            "`{}` runs in the pod of `{}`, because it shares its network",
            moving.key, moving.host
        ),
    );
    moving.at_key(
        "network_mode",
        said.help(
            "the Services of both lead to this pod, and a change of one starts both again; leave \
             `network_mode` out to have two pods",
        ),
    );
}

/// The pod is of the kind that the other one wants.
fn kinds(moving: &Moving<'_>, host: &App, app: &App) {
    let (wanted, is) = (app.workload.kind(), host.workload.kind());
    let fits =
        wanted == is || matches!(app.workload, Workload::Deployment(_)) && !host.workload.ends();
    if fits {
        return;
    }
    let help = if host.workload.ends() {
        format!("the pod ends only when `{}` ends, too", moving.key)
    } else if app.workload.ends() {
        format!("`{}` is started again whenever it ends", moving.key)
    } else {
        format!(
            "give `{}` the label `kubewright.kind: {wanted}` if the pod needs it",
            moving.host
        )
    };
    let said = Diagnostic::warning(
        "pod-kind",
        moving.span,
        format!(
            "`{}` would be a {wanted}, but runs in the pod of `{}`, a {is}",
            moving.key, moving.host
        ),
    );
    moving.at_key("network_mode", said.help(help));
}

fn replicas(moving: &Moving<'_>, host: &App, app: &App) {
    let count = |app: &App| match app.workload.scaling() {
        Some(Scaling::Fixed(count)) => *count,
        Some(
            Scaling::Hpa(_) | Scaling::KedaHttp(_) | Scaling::KedaQueue(_) | Scaling::KedaCron(_),
        )
        | None => None,
    };
    let (Some(wanted), given) = (count(app), count(host)) else {
        return;
    };
    let has = given.map_or(1, |given| given.value);
    if wanted.value == has {
        return;
    }
    let said = Diagnostic::error(
        "two-alternatives",
        wanted.span,
        format!(
            "`{}` wants {} replicas, but `{}`, in whose pod it runs, has {has}",
            moving.key, wanted.value, moving.host
        ),
    );
    let said = match given {
        Some(given) => said.related(given.span, format!("`{}` says so here", moving.host)),
        None => said,
    };
    moving.at_key("scale", said.help("give both the same number of replicas"));
}

/// A pod's user is that of all its containers; here each has its own.
pub(super) fn users(host: &mut App, app: &mut App) {
    for one in [host, app] {
        let user = std::mem::take(&mut one.security.user);
        let own = &mut one.main.security.user;
        own.run_as_user = own.run_as_user.or(user.run_as_user);
        own.run_as_group = own.run_as_group.or(user.run_as_group);
        own.run_as_non_root = own.run_as_non_root.or(user.run_as_non_root);
    }
}

/// Volumes that are the same thing become one; the service's own ones are called
/// after it, and its claims keep the names that they would have.
pub(super) fn volumes(host: &mut App, app: &mut App) {
    let mut taken = Taken::default();
    for volume in &host.volumes {
        taken.take(&volume.name.value);
    }
    let is_set = matches!(host.workload, Workload::StatefulSet(_));
    for mut volume in std::mem::take(&mut app.volumes) {
        let own = match &mut volume.source {
            VolumeSource::Claim(claim) => {
                let name = format!("{}-{}", app.name.value, volume.name.value);
                if let (false, None, Ok(name)) =
                    (is_set, &claim.claim_name, ObjectName::parse(&name))
                {
                    claim.claim_name = Some(Located::new(name, volume.name.span));
                }
                true
            }
            VolumeSource::EmptyDir { .. } => true,
            VolumeSource::Shared(_)
            | VolumeSource::ExistingClaim(_)
            | VolumeSource::ConfigMap(_)
            | VolumeSource::Secret(_)
            | VolumeSource::HostPath { .. }
            | VolumeSource::Image(_)
            | VolumeSource::Other(_) => false,
        };
        let mut there = host.volumes.iter().filter(|_| !own);
        let same = there.find(|other| other.source == volume.source);
        let old = volume.name.value.clone();
        let new = match same {
            Some(same) => same.name.value.clone(),
            None => {
                let new = match own {
                    true => taken.name(&format!("{}-{old}", app.name.value)),
                    false => taken.name(old.as_str()),
                };
                volume.name.value = new.clone();
                host.volumes.push(volume);
                new
            }
        };
        rename(app, &old, &new);
    }
}

fn rename(app: &mut App, old: &Name, new: &Name) {
    let helpers = app.init_containers.iter_mut();
    let containers = helpers.map(|helper| &mut helper.container);
    let containers = containers.chain(std::iter::once(&mut app.main));
    for mount in containers.flat_map(|container| &mut container.mounts) {
        if mount.volume.value == *old {
            mount.volume.value = new.clone();
        }
    }
}

/// Names of containers are one only in their pod.
pub(super) fn container_name(moving: &Moving<'_>, host: &App, app: &mut App) {
    let in_pod = || {
        let main = host.main.name.as_ref().unwrap_or(&host.name);
        let companions = host.companions.iter();
        let companions = companions
            .map(|companion| companion.container.name.as_ref().unwrap_or(&companion.name));
        // Those that were services of their own; steps have names that are free.
        let prepared = host.init_containers.iter();
        let prepared = prepared.filter(|helper| helper.inherit.is_some_and(|i| !i.value));
        let prepared =
            prepared.map(|helper| helper.container.name.as_ref().unwrap_or(&helper.name));
        std::iter::once(main).chain(companions).chain(prepared)
    };
    let wanted = app.main.name.as_ref().unwrap_or(&app.name);
    let Some(first) = in_pod().find(|name| name.value == wanted.value) else {
        return;
    };
    let said = Diagnostic::error(
        "name-taken",
        wanted.span,
        format!(
            "two containers in the pod of `{}` would be called `{}`",
            moving.host, wanted.value
        ),
    );
    let said = said.related(first.span, "the other one");
    moving.at_key(
        "container_name",
        said.help("give one of them another `container_name`"),
    );
}

fn services(moving: &Moving<'_>, host: &mut App, app: &mut App) {
    let aliases = std::mem::take(&mut app.service.aliases);
    for alias in std::iter::once(app.name.clone()).chain(aliases) {
        if !host.service.aliases.contains(&alias) {
            host.service.aliases.push(alias);
        }
    }
    if let kubewright_model::service::Headless::Given(word) = &app.service.headless {
        moving.not_the_pods("deploy", word.span);
    }
    for (key, value) in std::mem::take(&mut app.service.annotations) {
        host.service.annotations.entry(key).or_insert(value);
    }
}

pub(super) fn security(moving: &Moving<'_>, host: &mut App, app: &mut App) {
    if app.security.is_empty() {
        return;
    }
    let (own, given) = (&mut *host.security, &mut *app.security);
    for group in given.supplemental_groups.drain(..) {
        if !own.supplemental_groups.contains(&group) {
            own.supplemental_groups.push(group);
        }
    }
    for (name, value) in std::mem::take(&mut given.sysctls) {
        match own.sysctls.get(&name) {
            Some(first) if first.value != value.value => {
                let said = Diagnostic::error(
                    "two-alternatives",
                    value.span,
                    format!(
                        "`{}` sets `{name}` to `{}`, and `{}`, whose network it shares, to `{}`",
                        moving.key, value.value, moving.host, first.value
                    ),
                );
                let said = said.related(first.span, "the other one");
                moving.at_key("sysctls", said.help("keep one of the two"));
            }
            Some(_) => {}
            None => {
                own.sysctls.insert(name, value);
            }
        }
    }
    either(&mut own.host_pid, given.host_pid);
    either(&mut own.host_ipc, given.host_ipc);
    either(
        &mut own.share_process_namespace,
        given.share_process_namespace,
    );
    either(&mut own.host_users, given.host_users);
    if own.fs_group.is_none() {
        own.fs_group = given.fs_group;
    }
}

fn either(own: &mut Given<bool>, given: Given<bool>) {
    if !own.as_ref().is_some_and(|own| own.value) {
        *own = given.or(*own);
    }
}

/// Docker refuses all of these beside another's network; here `extra_hosts` can
/// be said together.
pub(super) fn names(moving: &Moving<'_>, host: &mut App, app: &mut App) {
    if app.dns.is_empty() {
        return;
    }
    let dns = &mut app.dns;
    let said = [
        ("hostname", dns.hostname.as_ref().map(|name| name.span)),
        ("domainname", dns.subdomain.as_ref().map(|name| name.span)),
        ("dns", dns.nameservers.first().map(|server| server.span)),
        ("dns_search", dns.searches.first().map(|search| search.span)),
        (
            "dns_opt",
            dns.options.values().next().map(|option| option.span),
        ),
    ];
    for (key, span) in said {
        if let Some(span) = span {
            moving.not_the_pods(key, span);
        }
    }
    host.dns.host_aliases.append(&mut dns.host_aliases);
}

/// Where only one of the two says where to run, that holds for the pod.
pub(super) fn placement(moving: &Moving<'_>, host: &mut App, app: &mut App) {
    if app.placement.is_empty() {
        return;
    }
    if host.placement.is_empty() {
        std::mem::swap(&mut host.placement, &mut app.placement);
        return;
    }
    if *host.placement != *app.placement {
        let platform = app.placement.platform.as_ref();
        moving.not_the_pods("deploy", platform.map_or(app.name.span, |given| given.span));
    }
}

/// The pod has as long as the slowest of its containers needs.
fn grace_period(moving: &Moving<'_>, host: &mut App, app: &App) {
    let Some(given) = app.grace_period else {
        return;
    };
    let Some(own) = host.grace_period else {
        host.grace_period = Some(given);
        return;
    };
    let (shorter, longer) = match own.value < given.value {
        true => (own, given),
        false => (given, own),
    };
    host.grace_period = Some(longer);
    if shorter.value != longer.value {
        let said = Diagnostic::note(
            "shared-pod",
            shorter.span,
            format!(
                "`{}` and `{}` end together, as one pod: the longer time counts",
                moving.host, moving.key
            ),
        );
        let said = said.related(longer.span, "the longer one");
        moving.at_key("stop_grace_period", said.help("give both the same time"));
    }
}

/// Labels and annotations are said together; the pod's own ones count more.
pub(super) fn texts(moving: &Moving<'_>, host: &mut App, app: &mut App) {
    for (key, value) in std::mem::take(&mut app.labels) {
        let taken = host.labels.get(&key).is_some_and(|own| *own != value);
        if taken {
            moving.not_the_pods("labels", value.span);
        }
        host.labels.entry(key).or_insert(value);
    }
    let own = [&mut host.annotations, &mut host.pod_annotations];
    let given = [&mut app.annotations, &mut app.pod_annotations];
    for (own, given) in own.into_iter().zip(given) {
        for (key, value) in std::mem::take(given) {
            let taken = own.get(&key).is_some_and(|own| *own != value);
            if taken {
                moving.not_the_pods("labels", value.span);
            }
            own.entry(key).or_insert(value);
        }
    }
}

/// What runs before the service's container runs before the pod's.
pub(super) fn init_containers(host: &mut App, app: &mut App) {
    let mut taken = Taken::default();
    for helper in &host.init_containers {
        taken.take(&helper.name.value);
    }
    for mut helper in std::mem::take(&mut app.init_containers) {
        let wanted = format!("{}-{}", app.name.value, helper.name.value);
        helper.name.value = taken.name(&wanted);
        let inherits = helper.inherit.as_ref().is_some_and(|inherit| inherit.value);
        if helper.container.image.is_none() || inherits {
            // Beside the other's container it would take over that one's.
            let own = &mut helper.container;
            own.image = own.image.take().or_else(|| app.main.image.clone());
            own.pull_policy = own.pull_policy.or(app.main.pull_policy);
            let missing = app.main.environment.iter();
            let missing: Vec<_> = missing
                .filter(|variable| {
                    own.environment
                        .iter()
                        .all(|given| given.name != variable.name)
                })
                .cloned()
                .collect();
            own.environment.extend(missing);
            own.mounts.extend(app.main.mounts.iter().cloned());
            own.files.extend(app.main.files.iter().cloned());
            helper.inherit = None;
        }
        host.init_containers.push(helper);
    }
}

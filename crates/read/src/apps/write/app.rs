//! An entry: an app, infrastructure, or what others describe.

use kubewright_model::Name;
use kubewright_model::app::App;
use kubewright_model::chart::{ChartSource, HelmRelease, HelmValues, KustomizeProject};
use kubewright_model::compose::{ComposeProject, Expose};
use kubewright_model::function::{FunctionAuth, FunctionProject, Handler, Trigger};
use kubewright_model::infrastructure::{Infrastructure, Managed};
use kubewright_model::project::Entry;
use kubewright_yaml::Node;

use super::container::{self, Owner};
use super::tree::{Map, amount, flag, named, raw, some_list, text, verbatim};
use super::volume::Volumes;
use super::{Context, gateway, output, overlay, pod, security, variable, workload};
use crate::apps::decode::{Implied, implied_infrastructure};

/// The section of an entry, and its block.
pub(super) fn entry(entry: &Entry, context: &Context<'_>) -> (&'static str, Node) {
    match entry {
        Entry::App(app) => ("apps", self::app(app, context)),
        Entry::Infrastructure(infrastructure) => {
            let block = match &**infrastructure {
                Infrastructure::SelfHosted(app) => self_hosted(app, context),
                Infrastructure::Managed(managed) => self::managed(managed, context),
            };
            ("infrastructure", block)
        }
        Entry::Functions(functions) => ("functions", self::functions(functions, context)),
        Entry::Compose(project) => ("compose", compose(project, context)),
        Entry::Helm(release) => ("helm", helm(release)),
        Entry::Kustomize(project) => ("kustomize", kustomize(project)),
        Entry::Disabled(_) => ("apps", Map::with("enabled", flag(false)).node()),
    }
}

/// The block of an app.
pub(super) fn app(app: &App, context: &Context<'_>) -> Node {
    let mut block = Map::default();
    let kind = app.workload.kind();
    // A schedule makes a CronJob of it.
    if !matches!(kind, "Deployment" | "CronJob") {
        block.put("kind", raw(kind));
    }
    fill(&mut block, app, None, context);
    block.put(
        "develop",
        app.develop
            .as_ref()
            .map(|develop| pod::develop(develop).node()),
    );
    block.node()
}

/// All but kind and development, and what `usual` says.
fn fill(block: &mut Map, app: &App, usual: Option<&Implied>, context: &Context<'_>) {
    let owner = Owner {
        prefix: app.name.as_str(),
        called: app.name.as_str(),
        usual_ports: usual.map_or(&[], |usual| &usual.ports),
        published: context.publishes(app),
    };
    let mut volumes = Volumes::of(app);
    block.text("namespace", &app.namespace);
    container::put(block, &app.main, owner, context);
    block.put("volumes", volumes.main(app));
    block.put(
        "lifecycle",
        container::lifecycle(&app.main.lifecycle, &app.grace_period),
    );
    workload::put(block, &app.workload);
    helpers(block, app, &mut volumes, context);
    block.put("security", security::app(&app.security, &app.main.security));
    block.put("service", pod::service(&app.service));
    block.put("identity", pod::identity(&app.identity));
    block.put("access", pod::access(&app.access));
    block.put("placement", pod::placement(&app.placement));
    block.put("dns", pod::dns(&app.dns));
    block.put("mesh", app.mesh.as_deref().map(pod::mesh));
    block.put("depends_on", pod::dependencies(&app.dependencies));
    block.put(
        "pod_disruption_budget",
        app.disruption_budget.as_ref().map(workload::budget),
    );
    block.pairs("labels", &app.labels);
    block.pairs("annotations", &app.annotations);
    block.pairs("pod_annotations", &app.pod_annotations);
    block.put("check", output::reasons(app));
    block.put("patches", pod::patches(&app.patches));
}

fn helpers<'a>(block: &mut Map, app: &'a App, volumes: &mut Volumes<'a>, context: &Context<'_>) {
    let helper = |name: &Name, own: &'a kubewright_model::Container, volumes: &mut Volumes<'a>| {
        let prefix = format!("{}-{name}", app.name.value);
        let owner = Owner {
            prefix: &prefix,
            called: name.as_str(),
            usual_ports: &[],
            published: context.publishes(app),
        };
        let mut block = Map::default();
        container::put(&mut block, own, owner, context);
        block.put("volumes", volumes.helper(&own.mounts));
        block.put("lifecycle", container::lifecycle(&own.lifecycle, &None));
        block.put("security", security::helper(&own.security));
        block
    };
    let mut init = Vec::new();
    for one in &app.init_containers {
        let mut block = helper(&one.name.value, &one.container, volumes);
        block.flag("inherit", &one.inherit);
        init.push((one.name.value.to_string(), block.node()));
    }
    if !init.is_empty() {
        block.put("init_containers", super::tree::listed("name", init));
    }
    let mut sidecars = Vec::new();
    for one in &app.sidecars {
        let mut block = helper(&one.name.value, &one.container, volumes);
        block.flag("native", &one.native);
        block.pairs("shared", &one.shared);
        sidecars.push((one.name.value.to_string(), block.node()));
    }
    block.put("sidecars", named("name", sidecars));
    let mut companions = Vec::new();
    for one in &app.companions {
        let mut block = helper(&one.name.value, &one.container, volumes);
        block.put("depends_on", pod::dependencies(&one.dependencies));
        block.flag("on_service", &one.on_service);
        companions.push((one.name.value.to_string(), block.node()));
    }
    block.put("companions", named("name", companions));
}

/// Infrastructure of our own; what is known of its image is not written.
fn self_hosted(app: &App, context: &Context<'_>) -> Node {
    let implied = implied_infrastructure(app);
    let mut block = Map::default();
    let kind = app.workload.kind();
    if kind != implied.kind && kind != "CronJob" {
        block.put("kind", raw(kind));
    }
    let keeps_data = !implied.mounts.is_empty();
    let says_the_same = keeps_data
        && app.volumes == implied.volumes
        && app.main.mounts == implied.mounts
        && !app.workload.ends();
    match says_the_same {
        true => {
            let mut plain = app.clone();
            plain.volumes.clear();
            plain.main.mounts.clear();
            fill(&mut block, &plain, Some(&implied), context);
        }
        false => {
            fill(&mut block, app, Some(&implied), context);
            if keeps_data && app.volumes.is_empty() {
                block.put("volumes", super::tree::list(Vec::new()));
            }
        }
    }
    block.put(
        "develop",
        app.develop
            .as_ref()
            .map(|develop| pod::develop(develop).node()),
    );
    block.node()
}

fn managed(managed: &Managed, context: &Context<'_>) -> Node {
    let mut block = Map::with("kind", raw("Managed"));
    block.text("namespace", &managed.namespace);
    block.text("host", &managed.host);
    let ports = managed.ports.iter().map(|port| amount(port.value));
    block.put("ports", some_list(ports.collect()));
    let owner = Owner {
        prefix: managed.name.as_str(),
        called: managed.name.as_str(),
        usual_ports: &[],
        published: false,
    };
    block.put(
        "environment",
        variable::environment(&managed.environment, owner, context),
    );
    block.text("provider_notes", &managed.notes);
    block.node()
}

fn functions(functions: &FunctionProject, context: &Context<'_>) -> Node {
    let mut block = Map::with("path", text(&functions.path.value));
    fill(&mut block, &functions.app, None, context);
    block.texts("secrets", &functions.secrets);
    let mut develop = functions
        .app
        .develop
        .as_ref()
        .map(pod::develop)
        .unwrap_or_default();
    develop.amount("port_base", &functions.port_base);
    block.put("develop", develop.some());
    let handlers = functions.handlers.iter();
    let handlers = handlers.map(|one| (one.name.value.to_string(), handler(one, context)));
    block.put("handlers", named("name", handlers.collect()));
    block.node()
}

fn handler(handler: &Handler, context: &Context<'_>) -> Node {
    let mut block = Map::default();
    fill(&mut block, &handler.app, None, context);
    block.put(
        "develop",
        handler
            .app
            .develop
            .as_ref()
            .map(|develop| pod::develop(develop).node()),
    );
    block.amount("timeout", &handler.timeout);
    block.put("trigger", trigger(&handler.trigger));
    block.node()
}

fn trigger(trigger: &Trigger) -> Node {
    match trigger {
        Trigger::Http {
            path,
            methods,
            auth,
            cors,
            rate_limit,
        } => {
            let mut block = Map::with("path", text(&path.value));
            block.put("methods", gateway::methods(methods));
            block.put(
                "auth",
                gateway::switch(auth, |auth| match auth {
                    FunctionAuth::ApiKey => raw("api_key"),
                    FunctionAuth::Jwt => raw("jwt"),
                    FunctionAuth::Gateway(auth) => gateway::auth(auth),
                }),
            );
            block.put("cors", gateway::switch(cors, gateway::cors));
            block.put(
                "rate_limit",
                gateway::switch(rate_limit, gateway::rate_limit),
            );
            Map::with("http", block.node()).node()
        }
        Trigger::Queue {
            name,
            batch_size,
            visibility_timeout,
        } => {
            let mut block = Map::with("name", text(&name.value));
            block.put(
                "batch_size",
                batch_size.as_ref().map(|count| amount(count.value.get())),
            );
            block.amount("visibility_timeout", visibility_timeout);
            Map::with("queue", block.node()).node()
        }
        Trigger::Schedule {
            schedule,
            time_zone,
        } => {
            let mut block = Map::with("cron", text(schedule.value.as_str()));
            block.text("timezone", time_zone);
            Map::with("schedule", block.node()).node()
        }
    }
}

fn compose(project: &ComposeProject, context: &Context<'_>) -> Node {
    let facts = &context.project.facts;
    let mut block = Map::with("path", text(&project.path.value));
    let own = &project.project.facts;
    let namespace = own.namespace.as_ref();
    let namespace = namespace.filter(|namespace| facts.namespace.as_ref() != Some(namespace));
    block.put(
        "namespace",
        namespace.map(|namespace| raw(namespace.name.as_str())),
    );
    block.texts("file", &project.files);
    block.texts("profiles", &project.profiles);
    block.word("expose", &project.expose, |expose| match expose {
        Expose::None => "none",
        Expose::NodePort => "nodeport",
        Expose::LoadBalancer => "loadbalancer",
        Expose::Ingress => "ingress",
        Expose::Gateway => "gateway",
    });
    if project.published_numbers {
        block.put("service_port", raw("published"));
    }
    block.put(
        "network_policy",
        super::facts::network_policy(own.network_policy).map(raw),
    );
    block.put("services", overlay::services(project, context));
    block.put("depends_on", pod::dependencies(&project.dependencies));
    block.texts("refers_to", &project.refers_to);
    block.node()
}

fn helm(release: &HelmRelease) -> Node {
    let chart = match &release.chart.value {
        ChartSource::Repository { repository, chart } => format!("{repository}/{chart}"),
        ChartSource::Oci(url) => url.to_string(),
        ChartSource::Path(path) => path.clone(),
    };
    let mut block = Map::with("chart", text(&chart));
    block.text("namespace", &release.namespace);
    block.text("version", &release.version);
    let values = release.values.iter().map(|values| match values {
        HelmValues::File { path, .. } => text(&path.value),
        HelmValues::Inline(tree) => verbatim(&tree.value),
    });
    block.put("values", some_list(values.collect()));
    block.put("depends_on", pod::dependencies(&release.dependencies));
    block.texts("refers_to", &release.refers_to);
    block.node()
}

fn kustomize(project: &KustomizeProject) -> Node {
    let mut block = Map::with("path", text(&project.path.value));
    block.text("namespace", &project.namespace);
    block.put("depends_on", pod::dependencies(&project.dependencies));
    block.node()
}

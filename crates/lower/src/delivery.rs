//! How a project is built and delivered, for tools that drive both.
//!
//! - `build`: how images are built;
//! - `watch`: what becomes of files that change;
//! - here: the order of apps, and what the tools are told.

mod build;
mod watch;

use kubewright_knowledge as knowledge;
use kubewright_model::output::{self, Builds, DeployMethod, Skaffold, SkaffoldProfile};
use kubewright_model::project::Entry;
use kubewright_model::service::{Port, Protocol};
use kubewright_model::variable::{Variable, VariableValue};
use kubewright_model::{App, Given, Located, Project, Span};
use kubewright_objects::delivery::{
    Chart, DeliveredApp, Delivery, Deployer, Profile, PublishedPort, Setting, TagPolicy,
};
use kubewright_source::{Diagnostic, Diagnostics};

use crate::tree::value;
use crate::{Lowering, argocd, aspect, service, unresolved};

/// The delivery of a project. What only Skaffold is told counts where it is one of
/// those that deliver.
pub(crate) fn of_project(
    lowering: &Lowering<'_>,
    with_skaffold: bool,
    diagnostics: &mut Diagnostics,
) -> Delivery {
    let output = &lowering.project.output;
    let told = output.skaffold.clone().unwrap_or_default();
    let told = match with_skaffold {
        true => told,
        false => for_all(told),
    };
    let told = &told;
    let apps = apps(lowering, told);
    let mut delivered: Vec<DeliveredApp> = apps.iter().map(delivered).collect();
    build::all(&apps, told, &mut delivered, diagnostics);
    let own: Vec<&App> = apps.iter().map(|member| member.app).collect();
    unresolved::in_delivery(lowering, &deployer(told), &own, diagnostics);
    let context = lowering.project.facts.kube_context.as_ref();
    let delivery = Delivery {
        name: name(lowering, told),
        namespace: aspect::namespace(lowering, None),
        kube_context: context.map(|context| context.value.clone()),
        apps: delivered,
        deployer: deployer(told),
        tags: tags(told),
        server_side_apply: is_on(&output.server_side_apply),
        verify: is_on(&output.post_deploy_verify),
        before: lines(&output.pre_deploy),
        after: lines(&output.post_deploy),
        forward: told.port_forward.as_ref().is_none_or(|on| on.value),
        profiles: told.profiles.iter().map(profile).collect(),
        chart: output.helm.as_ref().map(chart).unwrap_or_default(),
        argocd: argocd::delivery::of_project(lowering),
    };
    if with_skaffold {
        report_unused(told, &delivery, diagnostics);
        report_other_deployer(lowering, told, diagnostics);
    }
    delivery
}

/// What a chart is told.
fn chart(told: &output::HelmChart) -> Chart {
    let text = |given: &Given<String>| given.as_ref().map(|given| given.value.clone());
    let is_off = |given: &Given<bool>| given.as_ref().is_some_and(|on| !on.value);
    let spans = [
        &told.dir,
        &told.version,
        &told.app_version,
        &told.description,
    ];
    let mut spans = spans.into_iter().flatten().map(|given| given.span);
    Chart {
        span: told.name.as_ref().map(|name| name.span).or(spans.next()),
        name: told.name.as_ref().map(|name| name.value.to_string()),
        folder: text(&told.dir),
        version: text(&told.version),
        app_version: text(&told.app_version),
        description: text(&told.description),
        without_environments: is_off(&told.env_values),
        without_ignore: is_off(&told.helmignore),
    }
}

/// What all tools are told of it.
fn for_all(told: Skaffold) -> Skaffold {
    Skaffold {
        order: told.order,
        builds: told.builds,
        port_forward: told.port_forward,
        file_sync: told.file_sync,
        ..Skaffold::default()
    }
}

/// An app, and the project that it lies in: a compose project may lie in another.
#[derive(Clone, Copy)]
struct Member<'a> {
    project: &'a Project,
    app: &'a App,
    group: &'a str,
    /// Some app of the project publishes a port.
    project_publishes: bool,
}

/// Apps in the order of the input, or by name. A state's infrastructure is not
/// among them; compose has services only, whatever they run.
fn apps<'a>(lowering: &Lowering<'a>, told: &Skaffold) -> Vec<Member<'a>> {
    let project = lowering.project;
    let member = |project: &'a Project, group: &'a str| {
        let project_publishes = project.apps().any(publishes);
        move |app: &'a App| Member {
            project,
            app,
            group,
            project_publishes,
        }
    };
    let as_app = member(project, "apps");
    let as_infrastructure = member(project, "infrastructure");
    let apps = |entry: &'a Entry| -> Vec<Member<'a>> {
        match entry {
            Entry::App(app) => vec![as_app(app)],
            Entry::Infrastructure(_) if told.builds == Builds::Told => {
                let app = entry.app().map(as_infrastructure);
                app.into_iter().collect()
            }
            Entry::Compose(compose) => {
                let within = &compose.project;
                let member = member(within, within.name.value.as_str());
                within.apps().map(member).collect()
            }
            Entry::Infrastructure(_)
            | Entry::Functions(_)
            | Entry::Helm(_)
            | Entry::Kustomize(_)
            | Entry::Disabled(_) => Vec::new(),
        }
    };
    if told.order.is_empty() {
        return project.entries.values().flat_map(apps).collect();
    }
    let entries = told.order.iter();
    let entries = entries.filter_map(|name| project.entries.get(name));
    entries.flat_map(apps).collect()
}

/// The first app's name where there is an order, else the project's.
fn name(lowering: &Lowering<'_>, told: &Skaffold) -> String {
    let first = told.order.first();
    let name = first.unwrap_or(&lowering.project.name.value);
    name.as_str().to_owned()
}

fn delivered(member: &Member<'_>) -> DeliveredApp {
    let app = member.app;
    let ports = app.main.ports.iter().flatten();
    let mut published: Vec<PublishedPort> = ports.filter_map(published).collect();
    published.extend(developed(app));
    DeliveredApp {
        name: app.name.as_str().to_owned(),
        group: member.group.to_owned(),
        build: None,
        has_image: app.main.image.is_some(),
        first_port: first_port(member),
        published,
        depends_on: depends_on(member),
        values: app.main.environment.iter().filter_map(setting).collect(),
    }
}

/// A port with its place on the developer's machine. Only TCP is forwarded.
fn published(port: &Port) -> Option<PublishedPort> {
    let local = port.published.as_ref()?.port.as_ref()?;
    at(port, local.value.get())
}

fn at(port: &Port, local: u16) -> Option<PublishedPort> {
    (port.protocol == Protocol::Tcp).then_some(())?;
    Some(PublishedPort {
        service: port.service_number()?.get(),
        pod: port.container_port.value.get(),
        local,
    })
}

/// The first port of an app at the place that `develop.port` gives it.
fn developed(app: &App) -> Option<PublishedPort> {
    let local = app.develop.as_ref()?.port.as_ref()?.value.get();
    let ports = service::ports(app, false);
    ports.iter().find_map(|port| at(port, local))
}

fn publishes(app: &App) -> bool {
    let mut ports = app.main.ports.iter().flatten();
    ports.any(|port| port.published.is_some())
}

/// Where a project publishes some ports, the others are not meant to be reached.
fn first_port(member: &Member<'_>) -> Option<u16> {
    if member.app.workload.ends() || member.project_publishes {
        return None;
    }
    let ports = service::ports(member.app, false);
    let port = ports.iter().find(|port| port.protocol == Protocol::Tcp)?;
    Some(port.container_port.value.get())
}

/// The apps of its project that have to be there before an app and its companions.
fn depends_on(member: &Member<'_>) -> Vec<String> {
    let app = member.app;
    let companions = app.companions.iter();
    let companions = companions.flat_map(|companion| &companion.dependencies);
    let mut names: Vec<String> = Vec::new();
    for dependency in app.dependencies.iter().chain(companions) {
        let on = &dependency.on.value;
        let entry = member.project.entries.get(on);
        let name = on.as_str().to_owned();
        if entry.is_some_and(|entry| entry.app().is_some()) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A variable as a chart is told of it. What is secret is never written.
fn setting(variable: &Variable) -> Option<(String, Setting)> {
    let name = variable.name.as_str();
    let value = match &variable.value {
        VariableValue::Text(text) | VariableValue::Inline(text) => {
            Setting::Known(text.value.clone())
        }
        VariableValue::Deploy(text) => Setting::Environment(bare(&text.value).to_owned()),
        VariableValue::Secret(secret) => {
            let other = secret.name.as_ref().map(|other| other.value.as_str());
            Setting::Environment(other.unwrap_or(name).to_owned())
        }
        VariableValue::SecretKey(_)
        | VariableValue::ConfigMapKey(_)
        | VariableValue::Field(_)
        | VariableValue::ResourceField { .. } => return None,
    };
    Some((name.to_owned(), value))
}

/// The name within `${NAME}`.
fn bare(text: &str) -> &str {
    let inner = text.strip_prefix("${");
    inner
        .and_then(|text| text.strip_suffix('}'))
        .unwrap_or(text)
}

fn deployer(told: &Skaffold) -> Deployer {
    match told.deploy_method.as_ref().map(|method| method.value) {
        Some(DeployMethod::Kubectl) | None => Deployer::Kubectl,
        Some(DeployMethod::Kustomize) => Deployer::Kustomize {
            arguments: lines(&told.kustomize_build_args),
        },
        Some(DeployMethod::Helm) => Deployer::Helm {
            chart: match &told.helm_chart_path {
                Some(path) => path.value.clone(),
                None => "charts".to_owned(),
            },
            values: lines(&told.helm_values_files),
            secrets_plugin: is_on(&told.helm_secrets_plugin),
        },
    }
}

fn tags(told: &Skaffold) -> TagPolicy {
    match told.tag_policy.as_ref().map(|policy| policy.value) {
        Some(output::TagPolicy::GitCommit) | None => TagPolicy::GitCommit,
        Some(output::TagPolicy::Sha256) => TagPolicy::Sha256,
        Some(output::TagPolicy::DateTime) => TagPolicy::DateTime,
        Some(output::TagPolicy::InputDigest) => TagPolicy::InputDigest,
        Some(output::TagPolicy::EnvTemplate) => TagPolicy::EnvTemplate,
    }
}

fn profile(profile: &SkaffoldProfile) -> Profile {
    Profile {
        name: profile.name.as_str().to_owned(),
        span: profile.name.span,
        context: profile.kube_context.as_ref().map(|at| at.value.clone()),
        variable: profile.env.as_ref().map(|at| at.value.clone()),
        patches: profile
            .patches
            .iter()
            .map(|patch| value(&patch.value))
            .collect(),
    }
}

fn is_on(flag: &Option<Located<bool>>) -> bool {
    flag.as_ref().is_some_and(|flag| flag.value)
}

fn lines(lines: &[Located<String>]) -> Vec<String> {
    lines.iter().map(|line| line.value.clone()).collect()
}

/// What is asked for and shows nowhere in what is written.
fn report_unused(told: &Skaffold, delivery: &Delivery, diagnostics: &mut Diagnostics) {
    let is_local = |profile: &Profile| profile.name.contains("local");
    let local = delivery.profiles.iter().any(is_local);
    let published = delivery.apps.iter().any(|app| !app.published.is_empty());
    let built = delivery.apps.iter().filter_map(|app| app.build.as_ref());
    let synced = built.clone().any(|build| !build.sync.is_empty());
    let watched = built.clone().any(|build| !build.watch.is_empty());
    let rows = [
        (
            told.tag_policy.as_ref().map(|at| at.span),
            built.count() == 0,
            "`tagPolicy` has no effect: no image is built",
        ),
        (
            told.port_forward.as_ref().map(|at| at.span),
            !local && !published,
            "`port_forward` has no effect: nothing is published, and no environment is a local one",
        ),
        (
            told.file_sync.as_ref().map(|at| at.span),
            !(local && synced || watched || told.file_sync.as_ref().is_some_and(|on| !on.value)),
            "`file_sync` has no effect: there is nothing that could be copied, or no local environment",
        ),
    ];
    for (span, unused, message) in rows {
        if let Some(span) = span.filter(|_| unused) {
            let said = Diagnostic::note("not-carried", span, message);
            diagnostics.push(said.help("leave it out, or name an environment like `local`"));
        }
    }
}

/// What is told to another way of deploying than the one that is chosen.
fn report_other_deployer(lowering: &Lowering<'_>, told: &Skaffold, diagnostics: &mut Diagnostics) {
    let by_server = &lowering.project.output.server_side_apply;
    let first = |lines: &[Located<String>]| lines.first().map(|line| line.span);
    let asks = |flag: &Option<Located<bool>>| {
        let flag = flag.as_ref().filter(|flag| flag.value);
        flag.map(|flag| flag.span)
    };
    let path = told.helm_chart_path.as_ref().map(|path| path.span);
    let arguments = first(&told.kustomize_build_args);
    let chart = [
        ("helm_chart_path", path),
        ("helm_values_files", first(&told.helm_values_files)),
        ("helm_secrets_plugin", asks(&told.helm_secrets_plugin)),
    ];
    let (chosen, others) = match deployer(told) {
        Deployer::Kubectl => {
            let others = chart
                .into_iter()
                .chain([("kustomize_build_args", arguments)]);
            ("kubectl", others.collect::<Vec<_>>())
        }
        Deployer::Kustomize { .. } => ("kustomize", chart.to_vec()),
        Deployer::Helm { .. } => {
            let others = [
                ("kustomize_build_args", arguments),
                ("server_side_apply", asks(by_server)),
            ];
            ("helm", others.to_vec())
        }
    };
    for (key, span) in others {
        if let Some(span) = span {
            let message = format!("`{key}` has no effect: `{chosen}` is what deploys");
            let said = Diagnostic::note("not-carried", span, message);
            diagnostics.push(said.help("leave it out, or choose another way to deploy"));
        }
    }
}

/// Whether a text may be written into a file that is meant for git.
fn may_be_shown(name: &str, value: &str) -> bool {
    !(knowledge::secret::looks_secret(name)
        || knowledge::secret::holds_password(value)
        || knowledge::secret::holds_credential(value))
}

/// A note that a tool is not told something.
fn not_told(span: Span, message: String, help: &str) -> Diagnostic {
    Diagnostic::warning("not-carried", span, message).help(help)
}

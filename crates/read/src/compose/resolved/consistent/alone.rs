//! What a service says itself.

use std::collections::BTreeMap;

use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::Node;

use super::Service;

/// All that is wrong within one service.
pub(super) fn check(service: &Service<'_>, faults: &mut Vec<Diagnostic>) {
    source(service, faults);
    build(service, faults);
    network(service, faults);
    health(service, faults);
    replicas(service, faults);
    limits(service, faults);
    watches(service, faults);
    mounts(service, faults);
}

fn source(service: &Service<'_>, faults: &mut Vec<Diagnostic>) {
    let has = |key| service.at(&[key]).is_some();
    if !has("build") && !has("image") && !has("provider") {
        let message = format!("service `{}` has neither `image` nor `build`", service.name);
        faults.push(service.fault(
            "missing-key",
            service.span,
            "",
            message,
            "add one of the two",
        ));
    }
}

fn build(service: &Service<'_>, faults: &mut Vec<Diagnostic>) {
    if !service.text(&["build", "dockerfile"]).is_empty()
        && let Some(inline) = service.at(&["build", "dockerfile_inline"])
    {
        let message = format!(
            "`build` of service `{}` has both `dockerfile` and `dockerfile_inline`",
            service.name
        );
        faults.push(service.fault(
            "two-alternatives",
            inline.span,
            "build.dockerfile_inline",
            message,
            "keep one of the two",
        ));
    }
    let platform = service.text(&["platform"]);
    let platforms = service.items(&["build", "platforms"]);
    let is_among = platforms.iter().any(|item| is(item, platform));
    if !platform.is_empty() && !platforms.is_empty() && !is_among {
        let span = service
            .at(&["platform"])
            .map_or(Span::NONE, |node| node.span);
        let message = format!(
            "`build.platforms` of service `{}` lacks its `platform`",
            service.name
        );
        let help = "add the platform to `build.platforms`";
        faults.push(service.fault("bad-value", span, "platform", message, help));
    }
}

fn is(node: &Node, text: &str) -> bool {
    node.as_scalar().is_some_and(|scalar| &*scalar.text == text)
}

fn network(service: &Service<'_>, faults: &mut Vec<Diagnostic>) {
    if let (Some(_), Some(networks)) = (service.at(&["network_mode"]), service.at(&["networks"])) {
        let message = format!(
            "service `{}` has both `network_mode` and `networks`",
            service.name
        );
        faults.push(service.fault(
            "two-alternatives",
            networks.span,
            "networks",
            message,
            "keep one of the two",
        ));
    }
}

fn health(service: &Service<'_>, faults: &mut Vec<Diagnostic>) {
    let Some(kind) = service.items(&["healthcheck", "test"]).first() else {
        return;
    };
    if !["CMD", "CMD-SHELL", "NONE"]
        .iter()
        .any(|known| is(kind, known))
    {
        let message = format!(
            "the test of service `{}` begins with none of `CMD`, `CMD-SHELL`, `NONE`",
            service.name
        );
        let help = "write `[CMD, program, argument]`, or the whole as one string";
        faults.push(service.fault("bad-value", kind.span, "healthcheck.test", message, help));
    }
}

fn replicas(service: &Service<'_>, faults: &mut Vec<Diagnostic>) {
    let number = |node: Option<&Node>| {
        let node = node?;
        let number: i64 = node.as_scalar()?.text.parse().ok()?;
        Some((number, node.span))
    };
    let scale = number(service.at(&["scale"]));
    let replicas = number(service.at(&["deploy", "replicas"]));
    if let (Some(scale), Some(replicas)) = (scale, replicas)
        && scale.0 != replicas.0
    {
        let message = format!(
            "service `{}` has `scale: {}` and `deploy.replicas: {}`",
            service.name, scale.0, replicas.0
        );
        faults.push(service.fault(
            "two-alternatives",
            scale.1,
            "scale",
            message,
            "keep one of the two",
        ));
    }
    let numbers = [("scale", scale), ("deploy.replicas", replicas)];
    for (keys, number) in numbers {
        if let Some((number, span)) = number
            && number < 0
        {
            let message = format!("service `{}` cannot run {number} times", service.name);
            faults.push(service.fault("bad-value", span, keys, message, "write 0 or more"));
        }
    }
    let many = scale.or(replicas).filter(|(number, _)| *number > 1);
    if let (Some((number, _)), Some(name)) = (many, service.at(&["container_name"])) {
        let message = format!(
            "service `{}` runs {number} times, and its `container_name` can be given once",
            service.name
        );
        faults.push(service.fault(
            "two-alternatives",
            name.span,
            "container_name",
            message,
            "leave `container_name` out",
        ));
    }
}

/// Older keys of limits must say the same as those below `deploy`, where there are any.
fn limits(service: &Service<'_>, faults: &mut Vec<Diagnostic>) {
    let rows = [
        ("cpus", "limits", "cpus"),
        ("mem_limit", "limits", "memory"),
        ("mem_reservation", "reservations", "memory"),
        ("pids_limit", "limits", "pids"),
    ];
    for (key, group, below) in rows {
        let Some(node) = service.at(&[key]) else {
            continue;
        };
        let there = service.at(&["deploy", "resources", group]).is_some();
        if there && service.text(&[key]) != service.text(&["deploy", "resources", group, below]) {
            let message = format!(
                "service `{}` has `{key}` and another `deploy.resources.{group}.{below}`",
                service.name
            );
            let help = "write it below `deploy` alone";
            faults.push(service.fault("two-alternatives", node.span, key, message, help));
        }
    }
}

fn watches(service: &Service<'_>, faults: &mut Vec<Diagnostic>) {
    for watch in service.items(&["develop", "watch"]) {
        let action = watch.get("action");
        let needs_none = action.is_some_and(|node| is(node, "rebuild") || is(node, "restart"));
        if watch.get("target").is_none() && !needs_none {
            let message = format!("a watch of service `{}` has no `target`", service.name);
            let help = "add `target:`, or rebuild";
            faults.push(service.fault("missing-key", watch.span, "develop.watch", message, help));
        }
    }
}

fn mounts(service: &Service<'_>, faults: &mut Vec<Diagnostic>) {
    let mut taken: BTreeMap<&str, Span> = BTreeMap::new();
    let memory = service.items(&["tmpfs"]).iter().filter_map(|item| {
        let scalar = item.as_scalar()?;
        let path = scalar
            .text
            .split_once(':')
            .map_or(&*scalar.text, |(path, _)| path);
        Some(("tmpfs", path, item.span))
    });
    let volumes = service.items(&["volumes"]).iter().map(|mount| {
        let target = mount.get("target").and_then(Node::as_scalar);
        let path = target.map_or("", |scalar| &*scalar.text);
        ("volumes", path, mount.span)
    });
    for (key, path, span) in memory.chain(volumes) {
        if let Some(first) = taken.insert(path, span) {
            let message = format!("service `{}` mounts two things at `{path}`", service.name);
            let said = service.fault("mount-taken", span, key, message, "keep one of the two");
            faults.push(said.related(first, "the other is here"));
        }
    }
}

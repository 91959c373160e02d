//! `volumes_from`: the mounts of another service.

use std::collections::BTreeMap;

use kubewright_model::Located;
use kubewright_source::{Diagnostic, Span};

use super::mount::{Mount, MountKind};
use super::scope::unknown;
use crate::compose::load::Document;
use crate::fields::{At, Report};

/// One entry: whose mounts, and whether they can be written.
struct From<'a> {
    service: &'a str,
    read_only: Option<bool>,
    span: Span,
    path: String,
}

/// Gives every service the mounts of those that it names. Its own count more
/// at one path; services that name each other are followed once.
pub(super) fn inherit<'a>(
    services: &[(Located<&'a str>, At<'_>)],
    mounts: &mut BTreeMap<&'a str, Vec<Mount>>,
    document: &Document,
    report: &Report,
) {
    let known: BTreeMap<&'a str, ()> = services.iter().map(|(key, _)| (key.value, ())).collect();
    let all: BTreeMap<&'a str, Vec<From<'a>>> = services
        .iter()
        .map(|(key, at)| (key.value, read(at, &known, document, report)))
        .filter(|(_, entries)| !entries.is_empty())
        .collect();
    let mut inherited = Vec::new();
    for key in all.keys().copied() {
        let mut found = mounts.get(key).cloned().unwrap_or_default();
        let mut seen = vec![key];
        follow(key, &all, mounts, &mut seen, &mut found);
        not_shared(key, &all, mounts, &found, report);
        inherited.push((key, found));
    }
    for (key, found) in inherited {
        if let Some((name, _)) = services.iter().find(|(name, _)| name.value == key) {
            mounts.insert(name.value, found);
        }
    }
}

/// A volume without a name cannot be named by two: each service gets its own,
/// where compose gives both the same.
fn not_shared(
    key: &str,
    all: &BTreeMap<&str, Vec<From<'_>>>,
    mounts: &BTreeMap<&str, Vec<Mount>>,
    found: &[Mount],
    report: &Report,
) {
    let own = mounts.get(key).map_or(0, Vec::len);
    let nameless = |mount: &&Mount| mount.kind == MountKind::Volume && mount.named().is_none();
    for mount in found.iter().skip(own).filter(nameless) {
        let mut from = all.get(key).into_iter().flatten();
        let from = from.find(|from| from.span == mount.span);
        let from = from.map_or(key, |from| from.service);
        let target = mount.target.value.as_str();
        let said = Diagnostic::warning(
            "anonymous-volume",
            mount.span,
            format!(
                "the volume at `{target}` of `{from}` has no name: `{key}` gets one of its own, empty"
            ),
        );
        report.push(said.path(mount.path.clone()).help(
            "give it a name and declare it under the top-level `volumes`, so that both mount it",
        ));
    }
}

fn follow<'b>(
    key: &str,
    all: &'b BTreeMap<&str, Vec<From<'_>>>,
    mounts: &BTreeMap<&str, Vec<Mount>>,
    seen: &mut Vec<&'b str>,
    found: &mut Vec<Mount>,
) {
    for from in all.get(key).into_iter().flatten() {
        if seen.contains(&from.service) {
            continue;
        }
        seen.push(from.service);
        let first = found.len();
        for mount in mounts.get(from.service).into_iter().flatten() {
            if !found.iter().any(|own| own.target == mount.target) {
                found.push(mount.clone());
            }
        }
        follow(from.service, all, mounts, seen, found);
        for mount in &mut found[first..] {
            mount.span = from.span;
            mount.path.clone_from(&from.path);
            if from.read_only == Some(true) {
                mount.read_only = Some(Located::new(true, from.span));
            }
        }
    }
}

/// `service`, `service:ro`, `container:name:ro`.
fn read<'a>(
    at: &At<'_>,
    known: &BTreeMap<&'a str, ()>,
    document: &Document,
    report: &Report,
) -> Vec<From<'a>> {
    let Some(node) = at.node.get("volumes_from") else {
        return Vec::new();
    };
    let Some(items) = node.as_sequence() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let below = at.path.key("volumes_from");
    for (index, item) in items.iter().enumerate() {
        let at = At {
            node: item,
            path: below.index(index),
            name: "volumes_from",
            report,
        };
        let Some(text) = item.as_scalar().map(|scalar| &*scalar.text) else {
            continue;
        };
        if text.starts_with("container:") {
            at.warn(
                "not-carried",
                "the volumes of a container outside of the project are not known here",
                "name the volumes under `volumes`, with `external: true` where they exist",
            );
            continue;
        }
        let (service, mode) = text.split_once(':').unwrap_or((text, ""));
        let Some((service, ())) = known.get_key_value(service) else {
            unknown(document, &at, item.span, "service", service, known);
            continue;
        };
        if !matches!(mode, "" | "ro" | "rw" | "z" | "Z") {
            at.bad(
                "the mode of `volumes_from` is neither `ro` nor `rw`",
                "write it like `other:ro`",
            );
            continue;
        }
        found.push(From {
            service,
            read_only: (mode == "ro").then_some(true),
            span: item.span,
            path: at.path.to_string(),
        });
    }
    found
}

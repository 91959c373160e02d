//! What stands at the top.

use kubewright_yaml::{Entry, Key, Mapping, Path};

use super::context::Context;
use super::tree::{each, plain};
use super::{app, entry, environment, gateway, ingress};

/// The sections of entries, infrastructure first.
const SECTIONS: [&str; 6] = [
    "infrastructure",
    "apps",
    "functions",
    "compose",
    "helm",
    "kustomize",
];

/// Rewrites a file, or a part of one that starts at its top.
pub(super) fn rewrite(top: &mut Mapping, context: &Context<'_>) {
    functions(top, context);
    environment::rewrite(top, context);
    if let Some(templates) = top.get_mut("templates") {
        each(templates, "name", "", |key, template| {
            let section = Path::ROOT.key("templates");
            entry::overrides(template, &section.key(&key.text), context);
            entry::workload(template, &section.key(&key.text), context);
        });
    }
    for section in SECTIONS {
        entry::section(top, section, context);
    }
    if context.is_old {
        environment::declare(top);
    }
    gateway::rewrite(top, context);
    ingress::place(top, context);
}

/// `serverless` becomes `functions`.
fn functions(top: &mut Mapping, context: &Context<'_>) {
    let Some(old) = top.remove("serverless") else {
        return;
    };
    context.old(&old.key, "serverless", "`functions`", &Path::ROOT);
    context.put(top, "functions", old, &Path::ROOT);
}

/// App keys of `defaults`, which has facts beside them.
pub(super) fn defaults(node: &mut Entry, path: &Path<'_>, context: &Context<'_>) {
    if let Some(mapping) = node.value.as_mapping_mut() {
        app::rewrite(mapping, &app::Layer::plain(path), context);
    }
}

/// What comes out is of version 3.
pub(super) fn raise(top: &mut Mapping) {
    if let Some(Entry { key, value }) = top.get_entry("version").cloned() {
        top.insert(Key::new("version", key.span), plain(value.span, "3"));
    }
}

//! Top-level `configs` and `secrets` that no service names.

use std::collections::BTreeSet;

use kubewright_model::Located;
use kubewright_source::Diagnostic;
use kubewright_yaml::Node;

use crate::fields::{At, Fields};

/// The configs and secrets that services name, also while they are built.
#[derive(Default)]
pub(super) struct Used {
    configs: BTreeSet<String>,
    secrets: BTreeSet<String>,
}

/// Gathers them over all services.
pub(super) fn used(services: &[(Located<&str>, At<'_>)]) -> Used {
    let mut used = Used::default();
    for (_, at) in services {
        let build = at.node.get("build").and_then(|build| build.get("secrets"));
        gather(at.node.get("configs"), &mut used.configs);
        gather(at.node.get("secrets"), &mut used.secrets);
        gather(build, &mut used.secrets);
    }
    used
}

fn gather(list: Option<&Node>, names: &mut BTreeSet<String>) {
    let items = list.and_then(Node::as_sequence).into_iter().flatten();
    let source = |item: &Node| {
        let scalar = item.as_scalar();
        let scalar = scalar.or_else(|| item.get("source").and_then(Node::as_scalar));
        scalar.map(|scalar| scalar.text.to_string())
    };
    names.extend(items.filter_map(source));
}

/// Notes those that are declared and that nobody names.
pub(super) fn report(fields: &Fields<'_>, used: &Used) {
    for (key, what, names) in [
        ("configs", "config", &used.configs),
        ("secrets", "secret", &used.secrets),
    ] {
        let Some(at) = fields.get(key).filter(|at| at.node.as_mapping().is_some()) else {
            continue;
        };
        for (name, _) in at.entries() {
            if names.contains(name.value) {
                continue;
            }
            let said = Diagnostic::note(
                "unused",
                name.span,
                format!(
                    "no service has the {what} `{}`; nothing is made for it",
                    name.value
                ),
            );
            let said = said.path(format!("{key}.{}", name.value));
            at.push(said.help(format!("remove it, or name it in the `{key}` of a service")));
        }
    }
}

//! Aliases that several services have.
//!
//! In compose such a name leads to each of them in turn; a Service of Kubernetes
//! selects the pods of one workload.
//! <https://docs.docker.com/reference/compose-file/services/#aliases>

use std::collections::BTreeMap;

use kubewright_model::{Name, Project, Span};
use kubewright_source::Diagnostic;
use kubewright_yaml::Path;

use crate::fields::Report;

/// Leaves each alias to the first service that has it, with a warning at the others.
pub(super) fn settle(project: &mut Project, report: &Report) {
    let mut first: BTreeMap<Name, (Name, Span)> = BTreeMap::new();
    for (owner, entry) in &mut project.entries {
        let Some(app) = entry.app_mut() else { continue };
        if app.service.aliases.is_empty() {
            continue;
        }
        app.service.aliases.retain(|alias| {
            let Some((other, span)) = first.get(&alias.value) else {
                first.insert(alias.value.clone(), (owner.clone(), alias.span));
                return true;
            };
            let services = Path::ROOT.key("services");
            let said = Diagnostic::warning(
                "alias-shared",
                alias.span,
                format!(
                    "`{owner}` and `{other}` are both called `{}`: a Service leads to one of \
                     them, here to `{other}`",
                    alias.value
                ),
            );
            let said = said.related(*span, format!("`{other}` has it here"));
            let path = services.key(owner.as_str());
            report.push(said.path(path.key("networks").to_string()).help(
                "make one service with several replicas of the two, or give each a name of its own",
            ));
            false
        });
    }
}

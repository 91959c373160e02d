//! Who mounts the top-level volumes: several services, or none.

use kubewright_model::project::Entry;
use kubewright_model::volume::{AccessMode, SharedClaim, SharedVolume};
use kubewright_model::{Located, Name, Project, Workload};
use kubewright_source::{Diagnostic, Span, suggest};

use super::super::scope::Scope;
use super::top::TopKind;
use crate::fields::{Fields, Report};

/// Volumes that several services use become claims of the project.
pub(in super::super) fn share(fields: &Fields<'_>, scope: &mut Scope<'_>, project: &mut Project) {
    for (name, top) in &scope.volumes {
        let TopKind::Claim(claim) = &top.kind else {
            continue;
        };
        let users = scope.volume_users.get(*name).map_or(&[][..], Vec::as_slice);
        let [first, _, ..] = users else { continue };
        let Ok(shared) = Name::sanitised(name) else {
            continue;
        };
        // Containers of one pod share a claim that one node alone may mount.
        let pod = scope.pods.host(first.0);
        let second = users.iter().find(|user| scope.pods.host(user.0) != pod);
        let mut claim = claim.clone();
        if second.is_some() {
            claim.access_modes = vec![Located::new(AccessMode::ReadWriteMany, top.declared.span)];
        }
        let claim = SharedClaim::Made(Box::new(claim));
        let declared = top.declared;
        project
            .volumes
            .insert(shared, SharedVolume { declared, claim });
        if second.is_none() {
            continue;
        }
        let said = shared_by(name, top.declared.span, users);
        fields
            .at()
            .report
            .push(said.path(format!("volumes.{name}")));
    }
}

/// Claims that all pods of one service mount, as its containers do the volume.
pub(in super::super) fn share_among_pods(project: &mut Project, report: &Report) {
    for app in project.entries.values_mut().filter_map(Entry::app_mut) {
        let pods = app.workload.pods_at_once();
        // The pods of a StatefulSet have a claim each.
        let each = matches!(app.workload, Workload::StatefulSet(_));
        if each || pods.is_some_and(|pods| pods < 2) {
            continue;
        }
        let service = &app.name.value;
        for volume in &mut app.volumes {
            let name = volume.name.as_ref();
            let Some(claim) = volume.source.claim_mut() else {
                continue;
            };
            if claim.access_modes.is_empty() {
                claim.access_modes = vec![Located::new(AccessMode::ReadWriteMany, name.span)];
                report.push(shared_among(pods, service, name));
            }
        }
    }
}

fn shared_among(pods: Option<u32>, service: &Name, volume: Located<&Name>) -> Diagnostic {
    let pods = pods.map_or("pods on all nodes".to_owned(), |pods| {
        format!("{pods} pods")
    });
    let message = format!(
        "the volume `{}` is shared by {pods} of `{service}`",
        volume.value
    );
    Diagnostic::warning("claim-shared", volume.span, message)
        .path(format!("services.{service}.volumes"))
        .help(
            "its claim asks for `ReadWriteMany`, which not every storage class has: name one with \
             the label `kubewright.storage-class`, or give each pod its own claim with \
             `kubewright.kind: StatefulSet`",
        )
}

/// How many users of a volume are named.
const NAMED: usize = 5;

fn shared_by(name: &str, span: Span, users: &[(&str, Span)]) -> Diagnostic {
    let named = &users[..users.len().min(NAMED)];
    let by = suggest::list(named.iter().map(|user| user.0));
    let more = match users.len() - named.len() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let message = format!("the volume `{name}` is shared by {by}{more}");
    let said = Diagnostic::warning("claim-shared", span, message);
    let said = named.iter().fold(said, |said, (user, place)| {
        said.related(*place, format!("`{user}` mounts it"))
    });
    said.help(
        "its claim asks for `ReadWriteMany`, which not every storage class has: name one with the \
         label `kubewright.storage-class`, or give each service its own volume",
    )
}

/// Volumes that nobody mounts.
pub(in super::super) fn report_unused(fields: &Fields<'_>, scope: &Scope<'_>) {
    for (name, top) in &scope.volumes {
        if !scope.volume_users.contains_key(*name) {
            let said = Diagnostic::note(
                "unused",
                top.declared.span,
                format!("no service mounts the volume `{name}`; nothing is made for it"),
            );
            let said = said.path(format!("volumes.{name}"));
            fields
                .at()
                .report
                .push(said.help("remove it, or mount it in a service"));
        }
    }
}

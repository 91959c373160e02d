//! Labels of a service that are about its claims: `kubewright.size`,
//! `kubewright.storage-class`, and what kompose calls them.
//!
//! What the volume itself says at the top counts more, and a claim that several
//! services mount is nobody's own: there a label of one of them is said to do
//! nothing.

use kubewright_model::volume::{Claim, VolumeSource};
use kubewright_model::{App, Located, ObjectName};
use kubewright_source::Diagnostic;

use super::label::Labels;
use super::service::Service;
use super::volume;

/// Gives the claims of the service what its labels say.
pub(super) fn apply(service: &Service<'_>, labels: &Labels, app: &mut App) {
    let at = service.fields.at();
    if let Some(text) = labels.kubewright("size", service) {
        let size = volume::size(at, &text);
        let mut taken = size.is_none();
        for claim in claims(app) {
            taken |= claim.size.is_none();
            claim.size = claim.size.take().or(size);
        }
        report(service, &text, taken);
    }
    if let Some(text) = labels.kubewright("storage-class", service) {
        let class = at.checked(&text, ObjectName::parse);
        let mut taken = class.is_none();
        for claim in claims(app) {
            taken |= claim.storage_class.is_none();
            claim.storage_class = claim.storage_class.take().or_else(|| class.clone());
        }
        report(service, &text, taken);
    }
}

fn claims(app: &mut App) -> impl Iterator<Item = &mut Claim> {
    app.volumes
        .iter_mut()
        .filter_map(|volume| match &mut volume.source {
            VolumeSource::Claim(claim) => Some(claim),
            VolumeSource::Shared(_)
            | VolumeSource::ExistingClaim(_)
            | VolumeSource::EmptyDir { .. }
            | VolumeSource::ConfigMap(_)
            | VolumeSource::Secret(_)
            | VolumeSource::HostPath { .. }
            | VolumeSource::Image(_)
            | VolumeSource::Other(_) => None,
        })
}

fn report(service: &Service<'_>, text: &Located<String>, taken: bool) {
    if taken {
        return;
    }
    let said = Diagnostic::warning(
        "not-carried",
        text.span,
        format!(
            "a label of `{}` is about its claims, and it has none of its own of which nothing else is said",
            service.key
        ),
    );
    let help = "write the label at the volume, under the top-level `volumes`";
    service.fields.at().push(said.help(help));
}

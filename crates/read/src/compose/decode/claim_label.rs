//! Labels of a service that are about its claims: `kubewright.size`,
//! `kubewright.storage-class`, and what kompose calls them.
//!
//! What the volume itself says at the top counts more, and a claim that several
//! services mount is nobody's own: there a label of one of them is said to do
//! nothing.

use kubewright_model::volume::Claim;
use kubewright_model::{App, Given, Located, ObjectName};
use kubewright_source::Diagnostic;

use super::label::Labels;
use super::service::Service;
use super::volume;

/// Gives the claims of the service what its labels say.
pub(super) fn apply(service: &Service<'_>, labels: &Labels, app: &mut App) {
    if let Some(text) = labels.kubewright("size", service) {
        let size = volume::size(service.fields.at(), &text);
        fill(service, app, &text, size, |claim| &mut claim.size);
    }
    if let Some(text) = labels.kubewright("storage-class", service) {
        let class = service.fields.at().checked(&text, ObjectName::parse);
        fill(service, app, &text, class, |claim| &mut claim.storage_class);
    }
}

/// Puts a value where the claims say nothing.
fn fill<T: Clone>(
    service: &Service<'_>,
    app: &mut App,
    text: &Located<String>,
    value: Given<T>,
    slot: fn(&mut Claim) -> &mut Given<T>,
) {
    // What is wrong with the text was said.
    let Some(value) = value else { return };
    let claims = app.volumes.iter_mut();
    let claims = claims.filter_map(|volume| volume.source.claim_mut());
    let mut is_taken = false;
    for place in claims.map(slot).filter(|place| place.is_none()) {
        *place = Some(value.clone());
        is_taken = true;
    }
    if !is_taken {
        report(service, text);
    }
}

fn report(service: &Service<'_>, text: &Located<String>) {
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

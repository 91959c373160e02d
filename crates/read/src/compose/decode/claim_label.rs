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
        let taken = fill(app, size, |claim| &mut claim.size);
        report(service, taken, &text, &labels.written("size", service));
    }
    if let Some(text) = labels.kubewright("storage-class", service) {
        let class = service.fields.at().checked(&text, ObjectName::parse);
        let taken = fill(app, class, |claim| &mut claim.storage_class);
        report(
            service,
            taken,
            &text,
            &labels.written("storage-class", service),
        );
    }
}

/// Puts a value where the claims say nothing. Whether it is settled: some claim has
/// it, or what was wrong with its text was said.
fn fill<T: Clone>(app: &mut App, value: Given<T>, slot: fn(&mut Claim) -> &mut Given<T>) -> bool {
    let Some(value) = value else { return true };
    let claims = app.volumes.iter_mut();
    let claims = claims.filter_map(|volume| volume.source.claim_mut());
    let mut is_taken = false;
    for place in claims.map(slot).filter(|place| place.is_none()) {
        *place = Some(value.clone());
        is_taken = true;
    }
    is_taken
}

fn report(service: &Service<'_>, is_settled: bool, text: &Located<String>, written: &str) {
    if is_settled {
        return;
    }
    let said = Diagnostic::warning(
        "not-carried",
        text.span,
        format!(
            "{written} of `{}` is about its claims, and it has none of its own of which nothing else is said",
            service.key
        ),
    );
    let help = "write it at the volume, under the top-level `volumes`";
    service.fields.at().push(said.help(help));
}

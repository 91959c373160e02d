//! Secrets that guards of a route read.

use kubewright_model::Located;
use kubewright_model::value::QualifiedName;
use kubewright_source::Diagnostics;

use super::lack;
use super::way::Way;

/// The name of a Secret of the routes' own namespace; another's is reported.
pub(super) fn local<'s>(
    way: &Way<'_>,
    secret: &'s Located<QualifiedName>,
    diagnostics: &mut Diagnostics,
) -> Option<&'s str> {
    let namespace = secret.value.namespace.as_ref();
    if namespace.is_some_and(|namespace| namespace.as_str() != way.home) {
        diagnostics.push(lack::SECRET_ELSEWHERE.of(way, secret.span));
        return None;
    }
    Some(secret.value.name.as_str())
}

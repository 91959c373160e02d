//! Objects that an API server would refuse for their size: every finished object
//! is weighed here.
//!
//! - ConfigMaps hold 1 MiB: <https://kubernetes.io/docs/concepts/configuration/configmap/#motivation>
//! - Secrets hold 1 MiB: <https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size>
//! - annotations have 256 KiB in all: <https://kubernetes.io/docs/reference/using-api/server-side-apply/#client-side-apply-to-server-side-apply-upgrade>
//! - etcd takes requests of 1.5 MiB: <https://etcd.io/docs/v3.6/dev-guide/limit/>

pub(crate) mod pieces;

use std::collections::BTreeMap;
use std::io::{self, Write};

use kubewright_model::file::MOST_BYTES;
use kubewright_objects::{Body, Object};
use kubewright_source::{Diagnostic, Diagnostics, Span};

/// The most that all annotations of an object may have, keys and values, in bytes.
const MOST_ANNOTATIONS: usize = 256 << 10;

/// The most that an object may have as a whole, in bytes.
const MOST_OBJECT: usize = 3 << 19;

/// Something long of the input: where it is, and how many bytes it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) span: Span,
    pub(crate) size: usize,
}

/// Reports every object that is too large. The `pieces` of the input are asked
/// for only then: one of them made it so.
pub(crate) fn check(
    objects: &[Object],
    pieces: &dyn Fn() -> Vec<Piece>,
    diagnostics: &mut Diagnostics,
) {
    for object in objects {
        let said = data(object, pieces)
            .or_else(|| annotations(object, pieces))
            .or_else(|| whole(object, pieces));
        diagnostics.extend(said);
    }
}

/// The API server counts values and no keys.
fn data(object: &Object, pieces: &dyn Fn() -> Vec<Piece>) -> Option<Diagnostic> {
    let sizes = data_sizes(&object.body);
    let size: usize = sizes.iter().sum();
    (size > MOST_BYTES).then(|| {
        let largest = sizes.into_iter().max().unwrap_or_default();
        let what = format!("{} `{}`", object.body.kind(), object.name());
        let message = format!("{what} would hold {size} bytes, {MOST_BYTES} are allowed");
        let help = "put it into the image or on a volume that is a claim, or split it: \
                    several configs, each less than 1 MiB, mounted one by one";
        too_large(object, pieces, Some(largest), message, help)
    })
}

fn data_sizes(body: &Body) -> Vec<usize> {
    match body {
        Body::ConfigMap(map) => {
            let texts = map.data.iter().flat_map(BTreeMap::values).map(String::len);
            let bytes = map.binary_data.iter().flat_map(BTreeMap::values);
            texts.chain(bytes.map(|bytes| bytes.0.len())).collect()
        }
        Body::Secret(secret) => {
            let texts = secret.string_data.iter().flat_map(BTreeMap::values);
            let bytes = secret.data.iter().flat_map(BTreeMap::values);
            let bytes = bytes.map(|bytes| bytes.0.len());
            texts.map(String::len).chain(bytes).collect()
        }
        Body::AppProject(_)
        | Body::Application(_)
        | Body::Certificate(_)
        | Body::CronJob(_)
        | Body::DaemonSet(_)
        | Body::Deployment(_)
        | Body::ExternalSecret(_)
        | Body::Gateway(_)
        | Body::HTTPRoute(_)
        | Body::HTTPScaledObject(_)
        | Body::HorizontalPodAutoscaler(_)
        | Body::Ingress(_)
        | Body::InterceptorRoute(_)
        | Body::IngressRoute(_)
        | Body::Job(_)
        | Body::Middleware(_)
        | Body::Namespace(_)
        | Body::NetworkPolicy(_)
        | Body::PersistentVolumeClaim(_)
        | Body::PodDisruptionBudget(_)
        | Body::RbacRole(_)
        | Body::ReferenceGrant(_)
        | Body::RoleBinding(_)
        | Body::ScaledObject(_)
        | Body::ServersTransport(_)
        | Body::Service(_)
        | Body::ServiceAccount(_)
        | Body::StatefulSet(_)
        | Body::StorageClass(_)
        | Body::TriggerAuthentication(_)
        | Body::Untyped(_) => Vec::new(),
    }
}

fn annotations(object: &Object, pieces: &dyn Fn() -> Vec<Piece>) -> Option<Diagnostic> {
    let all = annotations_of(&object.body);
    let size = |annotations: &BTreeMap<String, String>| -> usize {
        let sizes = annotations
            .iter()
            .map(|(key, value)| key.len() + value.len());
        sizes.sum()
    };
    let (what, annotations) = all
        .into_iter()
        .filter_map(|(what, annotations)| Some((what, annotations?)))
        .find(|(_, annotations)| size(annotations) > MOST_ANNOTATIONS)?;
    let largest = annotations.values().map(String::len).max();
    let message = format!(
        "the annotations of {what}{} `{}` have {} bytes, {MOST_ANNOTATIONS} are allowed",
        object.body.kind(),
        object.name(),
        size(annotations)
    );
    let help = "shorten them; a text that a program reads can be a config";
    Some(too_large(object, pieces, largest, message, help))
}

/// The object's own annotations, and those of the pods that it makes.
fn annotations_of(body: &Body) -> [(&'static str, Option<&BTreeMap<String, String>>); 2] {
    let template = body.pod_template();
    let pods = template.and_then(|template| template.metadata.as_ref());
    [
        ("", body.metadata().annotations.as_ref()),
        (
            "the pods of ",
            pods.and_then(|pods| pods.annotations.as_ref()),
        ),
    ]
}

/// What has data of its own was weighed by that, and is counted as a whole only
/// where plain `kubectl apply` may stumble over it.
fn whole(object: &Object, pieces: &dyn Fn() -> Vec<Piece>) -> Option<Diagnostic> {
    let has_data = matches!(object.body, Body::ConfigMap(_) | Body::Secret(_));
    if has_data && data_sizes(&object.body).into_iter().sum::<usize>() < MOST_ANNOTATIONS / 8 {
        return None;
    }
    let size = written(&object.body);
    let what = || format!("{} `{}`", object.body.kind(), object.name());
    if size > MOST_OBJECT && !has_data {
        let message = format!(
            "{} has {size} bytes, {MOST_OBJECT} is what an API server stores",
            what()
        );
        let help =
            "move long texts into files that are mounted, and long lists into several services";
        return Some(too_large(object, pieces, None, message, help));
    }
    (size > MOST_ANNOTATIONS).then(|| {
        let message = format!(
            "{} has {size} bytes, and plain `kubectl apply` keeps a copy of it in an annotation, \
             where {MOST_ANNOTATIONS} are allowed",
            what()
        );
        Diagnostic::warning("server-side-only", object.origin.span, message)
            .help("apply it with `kubectl apply --server-side`")
    })
}

/// How many bytes an object has as JSON.
fn written(body: &Body) -> usize {
    let mut count = Count(0);
    let counted = serde_json::to_writer(&mut count, body);
    counted.map_or(0, |()| count.0)
}

struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// At the piece of that size, or else the largest one; at whoever asked for the
/// object where neither stands in an input.
fn too_large(
    object: &Object,
    pieces: &dyn Fn() -> Vec<Piece>,
    size: Option<usize>,
    message: String,
    help: &str,
) -> Diagnostic {
    let pieces = pieces();
    let of_size = pieces.iter().find(|piece| Some(piece.size) == size);
    let largest = || {
        let pieces = pieces.iter().filter(|_| size.is_none());
        pieces.max_by_key(|piece| piece.size)
    };
    let place = of_size.or_else(largest).map(|piece| piece.span);
    let place = place.filter(|place| !place.is_none());
    let found = Diagnostic::error("too-large", place.unwrap_or(object.origin.span), message);
    let found = found.help(help);
    match place.filter(|place| *place != object.origin.span) {
        Some(_) => found
            .label("the largest part")
            .related(object.origin.span, "for this"),
        None => found,
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::{ConfigMap, Secret};
    use kubewright_objects::Origin;

    use super::*;

    fn said(body: impl Into<Body>) -> Vec<&'static str> {
        let origin = Origin {
            span: Span::NONE,
            label: "service web".to_owned(),
        };
        let mut diagnostics = Diagnostics::default();
        check(&[Object::new(body, origin)], &Vec::new, &mut diagnostics);
        diagnostics.into_iter().map(|said| said.code).collect()
    }

    fn data(sizes: &[usize]) -> Option<BTreeMap<String, String>> {
        let entry = |(at, size): (usize, &usize)| (at.to_string(), "x".repeat(*size));
        Some(sizes.iter().enumerate().map(entry).collect())
    }

    #[test]
    fn the_limits_are_exact() {
        let map = |sizes: &[usize]| ConfigMap {
            data: data(sizes),
            ..ConfigMap::default()
        };
        let secret = |sizes: &[usize]| Secret {
            string_data: data(sizes),
            ..Secret::default()
        };
        let annotated = |size| {
            let mut service = k8s_openapi::api::core::v1::Service::default();
            service.metadata.annotations = data(&[size]);
            service
        };
        let half = MOST_BYTES / 2;
        assert_eq!(said(map(&[half, half])), ["server-side-only"]);
        assert_eq!(said(map(&[half, half, 1])), ["too-large"]);
        assert_eq!(said(secret(&[MOST_BYTES])), ["server-side-only"]);
        assert_eq!(said(secret(&[MOST_BYTES + 1])), ["too-large"]);
        assert_eq!(said(map(&[MOST_ANNOTATIONS / 2])), Vec::<&str>::new());
        assert_eq!(
            said(annotated(MOST_ANNOTATIONS - 1)),
            ["server-side-only"],
            "the key has one byte"
        );
        assert_eq!(said(annotated(MOST_ANNOTATIONS)), ["too-large"]);
    }
}

//! What Longhorn is told of volumes: annotations of the claims, and a
//! StorageClass, whose parameters are what it reads.
//!
//! <https://longhorn.io/docs/latest/references/storage-class-parameters/>

use std::collections::BTreeMap;

use k8s_openapi::api::storage::v1::StorageClass;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::Project;
use kubewright_model::volume::{Claim, DataLocality, Longhorn, SharedClaim};
use kubewright_objects::{Object, Origin};
use kubewright_source::{Diagnostic, Diagnostics, Span};

use crate::{Lowering, labels};

/// The class that Longhorn itself installs.
const INSTALLED: &str = "longhorn";

/// The annotations of a claim.
pub(crate) fn annotations(claim: &Claim) -> BTreeMap<String, String> {
    let Some(longhorn) = &claim.longhorn else {
        return BTreeMap::new();
    };
    let replicas = longhorn
        .replicas
        .as_ref()
        .map(|count| count.value.to_string());
    let locality = locality(longhorn).map(str::to_owned);
    [
        ("longhorn.io/number-of-replicas", replicas),
        ("longhorn.io/data-locality", locality),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some((key.to_owned(), value?)))
    .collect()
}

fn locality(longhorn: &Longhorn) -> Option<&'static str> {
    Some(match longhorn.data_locality.as_ref()?.value {
        DataLocality::Disabled => "disabled",
        DataLocality::BestEffort => "best-effort",
        DataLocality::StrictLocal => "strict-local",
    })
}

/// The classes that claims with settings name, but for the one that is there.
/// Two wishes for one class are an error.
pub(crate) fn classes(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) -> Vec<Object> {
    let mut classes: BTreeMap<&str, (&Longhorn, Span)> = BTreeMap::new();
    for (claim, span) in claims(lowering.project) {
        let (Some(longhorn), Some(class)) = (&claim.longhorn, &claim.storage_class) else {
            continue;
        };
        match classes.get(class.as_str()) {
            None => {
                classes.insert(class.as_str(), (longhorn, span));
            }
            Some((other, first)) if *other != longhorn && class.as_str() != INSTALLED => {
                diagnostics.push(two_wishes(class.as_str(), class.span, *first));
            }
            Some(_) => {}
        }
    }
    let made = classes.into_iter().filter(|(name, _)| *name != INSTALLED);
    made.map(|(name, (longhorn, span))| class(lowering, name, longhorn, span))
        .collect()
}

/// All claims of a project, with the places that ask for them.
fn claims(project: &Project) -> impl Iterator<Item = (&Claim, Span)> {
    let own = project.apps().flat_map(|app| &app.volumes);
    let own = own.filter_map(|volume| Some((volume.source.claim()?, volume.name.span)));
    let shared = project
        .volumes
        .values()
        .filter_map(|shared| match &shared.claim {
            SharedClaim::Made(claim) => Some((&**claim, shared.declared.span)),
            SharedClaim::External(_) => None,
        });
    own.chain(shared)
}

fn class(lowering: &Lowering<'_>, name: &str, longhorn: &Longhorn, span: Span) -> Object {
    let replicas = longhorn
        .replicas
        .as_ref()
        .map(|count| count.value.to_string());
    let parameters = [
        ("numberOfReplicas", replicas),
        ("dataLocality", locality(longhorn).map(str::to_owned)),
    ];
    let parameters: BTreeMap<String, String> = parameters
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect();
    Object::new(
        StorageClass {
            metadata: ObjectMeta {
                name: Some(name.to_owned()),
                labels: Some(labels::of_project(lowering.project)),
                ..ObjectMeta::default()
            },
            provisioner: "driver.longhorn.io".to_owned(),
            allow_volume_expansion: Some(true),
            parameters: (!parameters.is_empty()).then_some(parameters),
            ..StorageClass::default()
        },
        Origin {
            span,
            label: format!("storage class {name}"),
        },
    )
}

fn two_wishes(class: &str, span: Span, first: Span) -> Diagnostic {
    let message = format!("two volumes want different settings of the storage class `{class}`");
    Diagnostic::error("name-taken", span, message)
        .related(first, "the other volume is here")
        .help("give one of them a class of another name")
}

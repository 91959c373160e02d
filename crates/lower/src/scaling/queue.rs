//! Scaling by the length of a queue in Redis or Valkey.
//!
//! <https://keda.sh/docs/latest/scalers/redis-lists/>,
//! <https://keda.sh/docs/latest/scalers/redis-streams/>

use std::collections::BTreeMap;

use kubewright_model::scaling::{KedaQueue, QueueKind};
use kubewright_objects::Object;
use kubewright_objects::keda::{
    AuthenticationRef, SecretTargetRef, Trigger, TriggerAuthentication, TriggerAuthenticationSpec,
};
use kubewright_source::Diagnostics;

use super::keda;
use super::server::{self, Server};
use crate::aspect::Scope;

/// Messages that one pod works off, where nothing is said.
const LENGTH: u32 = 5;

/// Seconds between two looks at the queue.
const POLLING: i32 = 15;

pub(super) fn objects(
    scope: &Scope<'_>,
    queue: &KedaQueue,
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let Some(server) = server::of(scope, queue, diagnostics) else {
        return Vec::new();
    };
    let authentication = authentication(scope, &server);
    let trigger = Trigger {
        kind: kind(queue, &server).to_owned(),
        metadata: metadata(scope, queue, &server),
        authentication_ref: authentication.as_ref().map(|made| AuthenticationRef {
            name: made.metadata.name.clone().unwrap_or_default(),
        }),
    };
    let name = format!("{}-queue", scope.name());
    let mut scaled = keda::scaled_object(scope, name, &queue.bounds, vec![trigger]);
    scaled.spec.polling_interval = Some(POLLING);
    scaled.spec.cooldown_period = keda::seconds(&queue.cooldown_period);
    let authentication = authentication.map(|made| scope.object(made));
    let made = authentication.into_iter().chain([scope.object(scaled)]);
    keda::named(scope, "-queue", made.collect(), diagnostics)
}

fn authentication(scope: &Scope<'_>, server: &Server) -> Option<TriggerAuthentication> {
    let (name, key) = server.secret.as_ref()?;
    Some(TriggerAuthentication {
        metadata: scope.metadata(format!("{}-redis-auth", scope.name())),
        spec: TriggerAuthenticationSpec {
            secret_target_ref: vec![SecretTargetRef {
                parameter: "password".to_owned(),
                name: name.clone(),
                key: key.clone(),
            }],
        },
    })
}

fn kind_of(queue: &KedaQueue) -> QueueKind {
    queue
        .queue_kind
        .as_ref()
        .map(|kind| kind.value)
        .unwrap_or_default()
}

fn kind(queue: &KedaQueue, server: &Server) -> &'static str {
    match (kind_of(queue), server.master.is_some()) {
        (QueueKind::List, false) => "redis",
        (QueueKind::List, true) => "redis-sentinel",
        (QueueKind::Stream, false) => "redis-streams",
        (QueueKind::Stream, true) => "redis-sentinel-streams",
    }
}

/// What the trigger is told. Of a stream it counts what its group has not read
/// yet: only that brings the first pod back.
fn metadata(scope: &Scope<'_>, queue: &KedaQueue, server: &Server) -> BTreeMap<String, String> {
    let length = queue
        .queue_length
        .as_ref()
        .map_or(LENGTH, |length| length.get());
    let name = queue.queue_name.value.clone();
    let several = server.master.is_some() || server.address.contains(',');
    let address = if several { "addresses" } else { "address" };
    let mut rows = vec![(address, server.address.clone())];
    match kind_of(queue) {
        QueueKind::List => {
            rows.push(("listName", name));
            rows.push(("listLength", length.to_string()));
        }
        QueueKind::Stream => {
            rows.push(("stream", name));
            rows.push(("consumerGroup", scope.name().to_owned()));
            rows.push(("lagCount", length.to_string()));
        }
    }
    let further = [
        ("sentinelMaster", server.master.clone()),
        ("username", server.user.clone()),
        ("databaseIndex", server.database.clone()),
        ("enableTLS", server.tls.then(|| "true".to_owned())),
    ];
    rows.extend(
        further
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?))),
    );
    rows.into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

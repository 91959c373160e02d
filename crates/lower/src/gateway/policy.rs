//! What holds for a route: its own words over the gateway's.

use std::collections::BTreeMap;

use kubewright_model::gateway::{Auth, Cors, RoutePolicy, Switch, Waf};
use kubewright_model::scaling::RateLimit;
use kubewright_model::{Duration, Given, Located, Memory};

/// Something that was said, and whether the route itself says it.
#[derive(Debug)]
pub(super) struct Said<'a, T> {
    pub(super) value: &'a Located<T>,
    /// By the route; else by the gateway.
    pub(super) own: bool,
}

impl<T> Clone for Said<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Said<'_, T> {}

/// All that holds for a route beside host, path and target.
#[derive(Clone, Debug, Default)]
pub(super) struct Policy<'a> {
    /// Connecting to a pod.
    pub(super) connect: Option<Said<'a, Duration>>,
    /// The pod's answer.
    pub(super) server: Option<Said<'a, Duration>>,
    /// The client's request.
    pub(super) client: Option<Said<'a, Duration>>,
    /// Waiting for a free connection.
    pub(super) queue: Option<Said<'a, Duration>>,
    pub(super) rate_limit: Option<Said<'a, RateLimit>>,
    pub(super) cors: Option<Said<'a, Cors>>,
    pub(super) waf: Option<Said<'a, Waf>>,
    pub(super) auth: Option<Said<'a, Auth>>,
    pub(super) body_size: Option<Said<'a, Memory>>,
    pub(super) buffering: Option<Said<'a, bool>>,
    pub(super) annotations: BTreeMap<&'a str, &'a Located<String>>,
}

impl<'a> Policy<'a> {
    pub(super) fn of(route: &'a RoutePolicy, gateway: &'a RoutePolicy) -> Self {
        let (own, all) = (&route.timeouts, &gateway.timeouts);
        let given = gateway.annotations.iter().chain(&route.annotations);
        Self {
            connect: value(&own.connect, &all.connect),
            server: value(&own.server, &all.server),
            client: value(&own.client, &all.client),
            queue: value(&own.queue, &all.queue),
            rate_limit: switch(&route.rate_limit, &gateway.rate_limit),
            cors: switch(&route.cors, &gateway.cors),
            waf: switch(&route.waf, &gateway.waf),
            auth: switch(&route.auth, &gateway.auth),
            body_size: value(&route.body_size, &gateway.body_size),
            buffering: value(&route.buffering, &gateway.buffering),
            annotations: given.map(|(key, value)| (key.as_str(), value)).collect(),
        }
    }
}

fn value<'a, T>(own: &'a Given<T>, all: &'a Given<T>) -> Option<Said<'a, T>> {
    let own = own.as_ref().map(|value| Said { value, own: true });
    own.or_else(|| all.as_ref().map(|value| Said { value, own: false }))
}

fn switch<'a, T>(own: &'a Switch<T>, all: &'a Switch<T>) -> Option<Said<'a, T>> {
    match (own, all) {
        (Switch::On(value), _) => Some(Said { value, own: true }),
        (Switch::Unsaid, Switch::On(value)) => Some(Said { value, own: false }),
        (Switch::Off(_), _) | (Switch::Unsaid, Switch::Off(_) | Switch::Unsaid) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_has_the_last_word() {
        let cors = |credentials| {
            Switch::On(Located::nowhere(Cors {
                allow_credentials: Some(Located::nowhere(credentials)),
                ..Cors::default()
            }))
        };
        let off = || Switch::Off(Located::nowhere(()));
        let rows = [
            (Switch::Unsaid, Switch::Unsaid, None),
            (Switch::Unsaid, cors(true), Some((true, false))),
            (Switch::Unsaid, off(), None),
            (off(), cors(true), None),
            (cors(false), cors(true), Some((false, true))),
            (cors(false), off(), Some((false, true))),
        ];
        for (own, all, expected) in rows {
            let said = switch(&own, &all);
            let found = said.map(|said| {
                let credentials = said.value.value.allow_credentials.as_ref();
                (credentials.is_some_and(|word| word.value), said.own)
            });
            assert_eq!(found, expected, "{own:?} {all:?}");
        }
    }
}

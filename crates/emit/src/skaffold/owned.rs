//! The objects of each app.

use std::collections::BTreeMap;

use kubewright_objects::{Body, Object};

/// Objects by the app in their label `app`.
pub(super) struct Owned<'a> {
    by_app: BTreeMap<&'a str, Vec<&'a Object>>,
}

impl<'a> Owned<'a> {
    pub(super) fn new(objects: &'a [Object]) -> Self {
        let mut by_app: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
        for object in objects {
            let labels = object.body.metadata().labels.as_ref();
            if let Some(app) = labels.and_then(|labels| labels.get("app")) {
                by_app.entry(app).or_default().push(object);
            }
        }
        Self { by_app }
    }

    fn of(&self, app: &str) -> impl Iterator<Item = &'a Object> {
        self.by_app.get(app).into_iter().flatten().copied()
    }

    /// `deployment/web`: the workload, where one can wait for its rollout. Where
    /// pods are only replaced when somebody deletes them, there is none to wait for.
    pub(super) fn rollout(&self, app: &str) -> Option<String> {
        self.of(app).find_map(|object| {
            let kind = match &object.body {
                Body::Deployment(_) => "deployment",
                Body::StatefulSet(set) => {
                    let strategy = set.spec.as_ref()?.update_strategy.as_ref();
                    is_rolling(strategy.and_then(|strategy| strategy.type_.as_deref()))?;
                    "statefulset"
                }
                Body::DaemonSet(set) => {
                    let strategy = set.spec.as_ref()?.update_strategy.as_ref();
                    is_rolling(strategy.and_then(|strategy| strategy.type_.as_deref()))?;
                    "daemonset"
                }
                _ => return None,
            };
            Some(format!("{kind}/{}", object.name()))
        })
    }

    /// The Service by which the app is reached, and its first port: the one with
    /// the app's name, else any.
    pub(super) fn service(&self, app: &str) -> Option<(&'a str, u16)> {
        let services = self.of(app).filter_map(|object| match &object.body {
            Body::Service(service) => {
                let ports = service.spec.as_ref()?.ports.as_ref()?;
                let is_tcp = |protocol: Option<&str>| protocol.is_none_or(|name| name == "TCP");
                let port = ports.iter().find(|port| is_tcp(port.protocol.as_deref()))?;
                Some((object.name(), u16::try_from(port.port).ok()?))
            }
            _ => None,
        });
        let services: Vec<(&str, u16)> = services.collect();
        let own = services.iter().find(|(name, _)| *name == app);
        own.or(services.first()).copied()
    }
}

fn is_rolling(strategy: Option<&str>) -> Option<()> {
    (strategy != Some("OnDelete")).then_some(())
}

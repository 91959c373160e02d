//! The objects of each app.

use std::collections::BTreeMap;

use kubewright_objects::{Body, Object};

/// Objects by the app in their label `app`.
pub(crate) struct Owned<'a> {
    by_app: BTreeMap<&'a str, Vec<&'a Object>>,
}

impl<'a> Owned<'a> {
    pub(crate) fn new(objects: &'a [Object]) -> Self {
        let mut by_app: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
        for object in objects {
            let labels = object.body.metadata().labels.as_ref();
            if let Some(app) = labels.and_then(|labels| labels.get("app")) {
                by_app.entry(app).or_default().push(object);
            }
        }
        Self { by_app }
    }

    pub(crate) fn of(&self, app: &str) -> impl Iterator<Item = &'a Object> {
        self.by_app.get(app).into_iter().flatten().copied()
    }

    /// `deployment/web`: the workload, where one can wait for its rollout. Where
    /// pods are only replaced when somebody deletes them, there is none to wait for.
    pub(crate) fn rollout(&self, app: &str) -> Option<String> {
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

    /// The Service by which the app is reached, and its TCP ports: the one with the
    /// app's name, else any.
    pub(crate) fn service(&self, app: &str) -> Option<Reached<'a>> {
        let services = self.of(app).filter_map(|object| match &object.body {
            Body::Service(service) => {
                let ports = service.spec.as_ref()?.ports.as_ref()?;
                let is_tcp = |protocol: Option<&str>| protocol.is_none_or(|name| name == "TCP");
                let ports = ports.iter().filter(|port| is_tcp(port.protocol.as_deref()));
                let ports = ports.filter_map(|port| u16::try_from(port.port).ok());
                let (name, ports) = (object.name(), ports.collect());
                Some(Reached { name, ports }).filter(|service| !service.ports.is_empty())
            }
            _ => None,
        });
        let services: Vec<Reached<'a>> = services.collect();
        let own = services.iter().position(|service| service.name == app);
        services.into_iter().nth(own.unwrap_or(0))
    }
}

/// A Service that leads to an app.
#[derive(Clone)]
pub(crate) struct Reached<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its TCP ports, at least one.
    pub(crate) ports: Vec<u16>,
}

fn is_rolling(strategy: Option<&str>) -> Option<()> {
    (strategy != Some("OnDelete")).then_some(())
}

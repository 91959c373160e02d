//! Ports on the developer's machine.
//!
//! <https://skaffold.dev/docs/port-forwarding/>

use std::collections::BTreeSet;

use kubewright_objects::delivery::DeliveredApp;

use super::Scope;
use super::config::PortForward;

/// A port for each app that has a Service.
pub(super) fn all(scope: &Scope<'_>, namespace: Option<&str>) -> Vec<PortForward> {
    of(scope, namespace, |_| true)
}

/// A port for each app that publishes one.
pub(super) fn published(scope: &Scope<'_>) -> Vec<PortForward> {
    let namespace = scope.delivery().namespace.as_deref();
    of(scope, namespace, |app| app.local_port.is_some())
}

fn of(
    scope: &Scope<'_>,
    namespace: Option<&str>,
    wanted: impl Fn(&DeliveredApp) -> bool,
) -> Vec<PortForward> {
    let mut taken = BTreeSet::new();
    let apps = scope.delivery().apps.iter().filter(|app| wanted(app));
    let forwards = apps.filter_map(|app| {
        let (service, port) = scope.owned.service(&app.name)?;
        Some(PortForward {
            resource_type: "service",
            resource_name: service.to_owned(),
            namespace: namespace.map(str::to_owned),
            port,
            local_port: free(app.local_port.unwrap_or(port), &mut taken)?,
        })
    });
    forwards.collect()
}

/// The port, or the next that is not taken yet.
fn free(wanted: u16, taken: &mut BTreeSet<u16>) -> Option<u16> {
    let port = (wanted..=u16::MAX).find(|port| !taken.contains(port))?;
    taken.insert(port);
    Some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_that_are_taken_are_passed_over() {
        let mut taken = BTreeSet::new();
        let mut next = |wanted| free(wanted, &mut taken);
        assert_eq!(next(8080), Some(8080));
        assert_eq!(next(8080), Some(8081));
        assert_eq!(next(8080), Some(8082));
        assert_eq!(next(8081), Some(8083));
        assert_eq!(next(65535), Some(65535));
        assert_eq!(next(65535), None);
    }
}

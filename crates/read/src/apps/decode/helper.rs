//! Containers beside the app's own: before it, next to it, with it.

use std::collections::BTreeMap;

use kubewright_model::App;
use kubewright_model::container::{Companion, InitContainer, Sidecar};
use kubewright_model::value::{MountPath, Name};
use kubewright_model::{Located, value};

use super::container::{self, Before, Read};
use super::given::{members, pairs};
use super::scope::Scope;
use super::{pod, security};
use crate::fields::{At, Fields};

/// The blocks `init_containers`, `sidecars` and `companions`; what they mount and
/// the pod does not have becomes the pod's.
pub(super) fn read(fields: &Fields<'_>, app: &mut App, scope: &Scope<'_>) {
    each(fields, "init_containers", |name, fields| {
        for key in ["probes", "lifecycle"] {
            if let Some(at) = fields.get(key) {
                at.error(
                    "wrong-kind",
                    format!("`{key}` has no meaning for a container that runs to its end"),
                    "leave it out, or make the container a sidecar",
                );
            }
        }
        let container = own(&name, fields, app, scope);
        let inherit = fields.bool("inherit");
        app.init_containers.push(InitContainer {
            name,
            container,
            inherit,
        });
    });
    each(fields, "sidecars", |name, fields| {
        let container = own(&name, fields, app, scope);
        let shared: BTreeMap<Name, Located<MountPath>> =
            pairs(fields, "shared", Name::parse, MountPath::parse);
        let native = fields.bool("native");
        app.sidecars.push(Sidecar {
            name,
            container,
            native,
            shared,
        });
    });
    each(fields, "companions", |name, fields| {
        let container = own(&name, fields, app, scope);
        let dependencies = pod::dependencies(fields, scope);
        let on_service = fields.bool("on_service");
        app.companions.push(Companion {
            name,
            container,
            dependencies,
            on_service,
        });
    });
}

fn each(
    fields: &Fields<'_>,
    key: &'static str,
    mut read: impl FnMut(Located<value::Name>, &Fields<'_>),
) {
    let Some(at) = fields.get(key) else { return };
    for (name, at) in members(&at) {
        let name = name.and_then(|name| at.checked(&name.map(str::to_owned), Name::parse));
        let Some(name) = name else { continue };
        let Some(fields) = At::fields(at, format!("container `{}`", name.value)) else {
            continue;
        };
        read(name, &fields);
        fields.finish();
    }
}

fn own(
    name: &Located<Name>,
    fields: &Fields<'_>,
    app: &mut App,
    scope: &Scope<'_>,
) -> kubewright_model::Container {
    let Read {
        mut container,
        volumes,
        grace_period,
    } = container::read(
        fields,
        Before {
            called: name.as_str(),
            volumes: &app.volumes,
            data: &[],
        },
        scope,
    );
    app.volumes.extend(volumes);
    if grace_period.is_some()
        && let Some(at) = fields.get("lifecycle")
    {
        at.error(
            "wrong-kind",
            "`grace_period` is the whole pod's",
            "write it in `lifecycle` of the app",
        );
    }
    if let Some(rights) = fields.get("security").and_then(security::of_helper) {
        *container.security = rights;
    }
    container
}

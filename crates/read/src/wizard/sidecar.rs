//! `sidecars`.

use kubewright_model::container::Sidecar;
use kubewright_model::{App, Container};

use super::given::{given, is_blank, rows};
use super::image::{of_helper, one_command};
use super::init::name;
use super::volume;
use crate::fields::{At, Fields};

/// Helpers beside the main container.
pub(super) fn read(fields: &Fields<'_>, app: &mut App) {
    let Some(at) = given(fields, "sidecars") else {
        return;
    };
    for (number, item) in rows(&at).into_iter().enumerate() {
        if !is_blank(&item, &["nativeSidecar", "sharedMount"])
            && let Some(helper) = one(item, fields.what(), number)
        {
            app.sidecars.push(helper);
        }
    }
}

fn one(at: At<'_>, what: &str, number: usize) -> Option<Sidecar> {
    let fields = at.fields(format!("sidecar {number} of {what}"))?;
    let name = name(&fields, "sidecar", number)?;
    let sidecar = Sidecar {
        name,
        container: Container {
            image: of_helper(&fields, None),
            command: given(&fields, "command").and_then(|at| one_command(&at)),
            ..Container::default()
        },
        native: given(&fields, "nativeSidecar").and_then(|at| at.bool()),
        shared: volume::shared(&fields).into_iter().collect(),
    };
    if sidecar.shared.is_empty()
        && let Some(mount) = given(&fields, "sharedMount")
    {
        mount.error(
            "missing-key",
            format!(
                "{} has a `sharedMount` and no `sharedVolume`",
                fields.what()
            ),
            "name the volume that both containers mount there",
        );
    }
    fields.finish();
    Some(sidecar)
}

//! What runs at a container's start and before its end.

use kubewright_model::lifecycle::{GracePeriod, Hook, Lifecycle, StopSignal};
use kubewright_model::{Given, Located};

use super::command::something;
use super::given::{duration, parsed, text};
use super::probe::port;
use crate::fields::At;

/// The block `lifecycle`; the time to end is the pod's.
pub(super) fn read(at: At<'_>) -> Option<(Lifecycle, Given<GracePeriod>)> {
    let fields = at.fields("`lifecycle`")?;
    let lifecycle = Lifecycle {
        post_start: fields.get("post_start").and_then(hook),
        pre_stop: fields.get("pre_stop").and_then(hook),
        stop_signal: parsed(&fields, "stop_signal", StopSignal::parse),
    };
    let grace_period = duration(&fields, "grace_period");
    fields.finish();
    Some((lifecycle, grace_period))
}

fn hook(at: At<'_>) -> Option<Hook> {
    let fields = at.fields("a hook")?;
    let hook = if let Some(at) = fields.get("command") {
        something(&at).map(Hook::Exec)
    } else if let Some(at) = fields.get("http") {
        let request = at.fields("a request")?;
        let (path, port) = (text(&request, "path"), port(&request));
        let path = path.unwrap_or_else(|| Located::new("/".to_owned(), request.at().span()));
        request.finish();
        Some(Hook::Http { path, port })
    } else if fields.has("sleep") {
        duration(&fields, "sleep").map(Hook::Sleep)
    } else {
        fields.at().error(
            "missing-key",
            "a hook does nothing",
            "write a command, `http` or `sleep`",
        );
        None
    };
    fields.finish();
    hook
}

//! `image`, `pull_policy` and `platform`.

use kubewright_model::container::PullPolicy;
use kubewright_model::placement::Platform;
use kubewright_model::{Given, Located};

use crate::fields::{At, Fields, shown};

/// What is said of a service's image.
pub(super) struct Image {
    pub(super) image: Given<kubewright_model::Image>,
    /// The reference by which the table of images knows it.
    pub(super) known: Option<String>,
    pub(super) pull_policy: Given<PullPolicy>,
    pub(super) platform: Given<Platform>,
}

/// Reads the three keys. A service that is not `whole` lacks what it extends,
/// which may have had the image.
pub(super) fn read(fields: &Fields<'_>, whole: bool) -> Image {
    let image = fields.get("image").and_then(|at| image(&at));
    let is_built = fields.get("build").is_some();
    // An image that is called nothing is none.
    let is_named = |at: At<'_>| at.text().is_none_or(|text| !text.value.is_empty());
    let has_other = fields.get("image").is_some_and(is_named) || fields.get("provider").is_some();
    if !has_other && !is_built && whole {
        let at = fields.at();
        at.error(
            "missing-key",
            format!("{} has neither `image` nor `build`", fields.what()),
            "add `image` with what it shall run, or `build` with the folder of its Dockerfile",
        );
    }
    Image {
        // The name of an image that is built here says nothing of what is in it.
        known: image
            .as_ref()
            .filter(|_| !is_built)
            .map(|image| image.value.to_string()),
        image,
        pull_policy: fields.get("pull_policy").and_then(|at| pull_policy(&at)),
        platform: fields.get("platform").and_then(|at| platform(&at)),
    }
}

/// A tag comes out empty where a variable is not set; compose takes that.
fn image(at: &At<'_>) -> Given<kubewright_model::Image> {
    let mut text = at.text().filter(|text| !text.value.is_empty())?;
    if let Some(untagged) = text.value.strip_suffix(':') {
        at.warn(
            "empty-value",
            format!("the tag of `{}` is empty: `latest` is taken", text.value),
            "write the tag, or set the variable that holds it",
        );
        text.value = untagged.to_owned();
    }
    at.checked(&text, kubewright_model::Image::parse)
}

fn pull_policy(at: &At<'_>) -> Given<PullPolicy> {
    let text = at.text()?;
    let policy = match text.value.as_str() {
        "always" => PullPolicy::Always,
        "never" => PullPolicy::Never,
        "missing" | "if_not_present" => PullPolicy::IfNotPresent,
        "build" => PullPolicy::IfNotPresent,
        "refresh" | "daily" | "weekly" => by_time(at, &text.value),
        other if other.starts_with("every_") => by_time(at, other),
        other => {
            at.bad(
                format!("{} is no pull policy", shown(other)),
                "write `always`, `missing`, `never` or `build`",
            );
            return None;
        }
    };
    Some(Located::new(policy, text.span))
}

fn by_time(at: &At<'_>, text: &str) -> PullPolicy {
    at.warn(
        "not-carried",
        format!("Kubernetes pulls no image by the clock: `{text}` becomes `always`"),
        "restart the workload when it shall pull: `kubectl rollout restart`",
    );
    PullPolicy::Always
}

fn platform(at: &At<'_>) -> Given<Platform> {
    let text = at.text().filter(|text| !text.value.is_empty())?;
    let variant = text.value.splitn(3, '/').nth(2);
    if let Some(variant) = variant {
        at.note(
            "platform-variant",
            format!("nodes have no label for the variant `{variant}` of a platform"),
            "leave the variant out, or label such nodes and choose them with `deploy.placement`",
        );
    }
    at.checked(&text, Platform::parse)
}

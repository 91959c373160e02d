//! What Argo CD is told.

use kubewright_knowledge::secret::holds_password;
use kubewright_model::output::ArgoCd;
use kubewright_model::value::Url;
use kubewright_model::{Given, Name};

use super::given::{parsed, text, word};
use crate::fields::{At, Fields};

/// The section `output.argocd`.
pub(super) fn settings(at: At<'_>) -> Option<ArgoCd> {
    let fields = at.fields("`output.argocd`")?;
    let settings = ArgoCd {
        repo: repository(&fields),
        path: folder(&fields),
        revision: text(&fields, "revision"),
        namespace: parsed(&fields, "namespace", Name::parse),
        auto_sync: fields.bool("auto_sync"),
        prune: fields.bool("prune"),
        self_heal: fields.bool("self_heal"),
        application_set: fields.bool("application_set"),
    };
    fields.finish();
    Some(settings)
}

/// Its address stands in files for git.
fn repository(fields: &Fields<'_>) -> Given<Url> {
    let at = fields.get("repo")?;
    let given = word(&at)?;
    if holds_password(&given.value) {
        at.bad(
            "the address of the repository holds a password, and it stands in files for git",
            "leave the password out: Argo CD keeps credentials of repositories in Secrets of its own",
        );
        return None;
    }
    at.checked(&given, Url::parse)
}

/// A folder of the repository.
fn folder(fields: &Fields<'_>) -> Given<String> {
    let at = fields.get("path")?;
    let given = word(&at)?;
    let mut parts = given.value.split(['/', '\\']);
    let leads_out = given.value.starts_with(['/', '\\']) || parts.any(|part| part == "..");
    if leads_out || given.value.chars().any(char::is_control) {
        at.bad(
            "`output.argocd.path` leads out of the repository",
            "name a folder from the repository's root on, like `deploy`",
        );
        return None;
    }
    Some(given)
}

/// A cluster, by its URL or by the name that Argo CD has for it.
pub(super) fn cluster(fields: &Fields<'_>) -> Given<String> {
    let at = fields.get("argocd_cluster")?;
    let given = word(&at)?;
    if given.value.contains("://") {
        at.checked(&given, Url::parse)?;
    } else if given.value.is_empty() || given.value.contains(char::is_whitespace) {
        at.bad(
            "`argocd_cluster` names no cluster",
            "write its URL, or the name that `argocd cluster list` shows",
        );
        return None;
    }
    Some(given)
}

//! `develop.watch`, for whoever builds and copies while developing.

use kubewright_model::container::Command;
use kubewright_model::develop::{Develop, Watch, WatchAction};
use kubewright_model::{App, Given, Located};
use kubewright_source::Diagnostic;

use super::service::Service;
use super::{command, keys};
use crate::fields::{At, shown};

/// Reads the key into the app.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let Some(at) = service.fields.get("develop").filter(|at| !at.is_null()) else {
        return;
    };
    let Some(fields) = at.fields("`develop`") else {
        return;
    };
    let says_nothing = at.node.as_mapping().is_some_and(|map| map.is_empty());
    if !service.scope.options.for_developers && !says_nothing {
        let message = format!(
            "`develop` of service `{}` is left to Skaffold and Tilt",
            service.key
        );
        let said = Diagnostic::warning("not-carried", service.fields.key_span("develop"), message);
        at.push(said.help("ask for one of them: `--format tilt` or `--format skaffold`"));
    }
    let watch = fields.get("watch");
    let watch = watch.iter().flat_map(At::items);
    let watch: Vec<Watch> = watch.filter_map(|item| one(&item)).collect();
    fields.finish();
    if !watch.is_empty() {
        app.develop = Some(Develop { port: None, watch });
    }
}

fn one(at: &At<'_>) -> Option<Watch> {
    let fields = at.fields("an entry of `watch`")?;
    let path = fields.need("path").and_then(|at| at.text());
    let action = fields.need("action").and_then(|at| action(&at));
    let watch = Watch {
        path: path.unwrap_or_else(|| Located::new(String::new(), at.span())),
        action: action.unwrap_or_default(),
        target: fields.text("target"),
        ignore: patterns(fields.get("ignore")),
        include: patterns(fields.get("include")),
        initial_sync: fields.bool("initial_sync"),
        exec: fields.get("exec").and_then(|at| exec(&at)),
    };
    fields.finish();
    Some(watch)
}

fn patterns(at: Option<At<'_>>) -> Vec<Located<String>> {
    at.iter().flat_map(At::one_or_many_texts).collect()
}

fn action(at: &At<'_>) -> Option<WatchAction> {
    let text = at.text()?;
    Some(match text.value.as_str() {
        "sync" => WatchAction::Sync,
        "sync+restart" => WatchAction::SyncAndRestart,
        "sync+exec" => WatchAction::SyncAndExec,
        "rebuild" => WatchAction::Rebuild,
        "restart" => WatchAction::Restart,
        other => {
            at.bad(
                format!("{} is nothing that `watch` does", shown(other)),
                "write `sync`, `sync+restart`, `sync+exec`, `rebuild` or `restart`",
            );
            return None;
        }
    })
}

fn exec(at: &At<'_>) -> Given<Command> {
    let fields = at.fields("a hook")?;
    keys::settle(&fields, keys::HOOK);
    let argv = fields.need("command").and_then(|at| command::argv(&at));
    for key in ["working_dir", "environment"] {
        fields.get(key);
    }
    fields.finish();
    argv.map(|argv| argv.map(Command::Exec))
}

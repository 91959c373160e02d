//! What becomes of files that change while an app is developed.
//!
//! <https://docs.docker.com/reference/compose-file/develop/>

use kubewright_model::App;
use kubewright_model::container::Command;
use kubewright_model::develop::{self, WatchAction as Asked};
use kubewright_objects::delivery::{Watch, WatchAction};
use kubewright_source::{Diagnostic, Diagnostics};

/// What the input says of files below the folder that the image is built from.
pub(super) fn of(app: &App, context: &str, diagnostics: &mut Diagnostics) -> Vec<Watch> {
    let watches = app.develop.iter().flat_map(|develop| &develop.watch);
    let watches = watches.filter_map(|asked| one(asked, context, diagnostics));
    watches.collect()
}

/// That nothing is copied into containers of an image that nobody builds here.
pub(super) fn unbuilt(app: &App, diagnostics: &mut Diagnostics) {
    let mut watches = app.develop.iter().flat_map(|develop| &develop.watch);
    if let Some(first) = watches.next() {
        let message = format!(
            "changed files of `{}` are not copied: its image is not built",
            app.name.value
        );
        diagnostics.push(
            Diagnostic::warning("not-carried", first.path.span, message)
                .help("say with `build` how its image is built"),
        );
    }
}

fn one(asked: &develop::Watch, context: &str, diagnostics: &mut Diagnostics) -> Option<Watch> {
    let texts = |texts: &[kubewright_model::Located<String>]| -> Vec<String> {
        texts.iter().map(|at| at.value.clone()).collect()
    };
    Some(Watch {
        span: asked.path.span,
        path: below(&asked.path.value, context),
        action: action(asked, diagnostics)?,
        ignore: texts(&asked.ignore),
        include: texts(&asked.include),
    })
}

fn action(asked: &develop::Watch, diagnostics: &mut Diagnostics) -> Option<WatchAction> {
    let run = match (&asked.action, &asked.exec) {
        (Asked::SyncAndExec, Some(command)) => arguments(&command.value),
        (Asked::Sync | Asked::SyncAndExec, _) => Vec::new(),
        (Asked::SyncAndRestart, _) => return Some(WatchAction::CopyAndRestart),
        (Asked::Rebuild | Asked::Restart, _) => return Some(WatchAction::Build),
    };
    let Some(to) = &asked.target else {
        let message = format!(
            "changed files of `{}` are not copied: no path in the container is said",
            asked.path.value
        );
        diagnostics.push(
            Diagnostic::warning("not-carried", asked.path.span, message)
                .help("name it with `target`"),
        );
        return None;
    };
    Some(WatchAction::Copy {
        to: to.value.clone(),
        run,
    })
}

fn arguments(command: &Command) -> Vec<String> {
    command.to_argv()
}

/// A path below a folder, both seen from the project's; none: it lies elsewhere.
fn below(path: &str, folder: &str) -> Option<String> {
    if path.starts_with('/') != folder.starts_with('/') {
        return None;
    }
    let (path, folder) = (parts(path), parts(folder));
    let rest = path.strip_prefix(folder.as_slice())?;
    (rest.first() != Some(&"..")).then(|| rest.join("/"))
}

fn parts(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        let up = part == ".." && parts.last().is_some_and(|last| *last != "..");
        match up {
            true => drop(parts.pop()),
            false => parts.push(part),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn paths_are_seen_from_the_folder_that_is_built() {
        let rows = [
            ("./web/src", "web", Some("src")),
            ("web", "./web/", Some("")),
            ("src", ".", Some("src")),
            ("webs/src", "web", None),
            ("../lib", ".", None),
            ("web/../lib", "web", None),
            ("../lib/a", "../lib", Some("a")),
            ("/abs/a", "/abs", Some("a")),
            ("/abs/a", "abs", None),
        ];
        for (path, folder, expected) in rows {
            assert_eq!(below(path, folder).as_deref(), expected, "{path} {folder}");
        }
    }
}

//! The folder that is served, and the way to the line and to the disk.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::StatusCode;
use kubewright_compile::{Input, Request};
use kubewright_disk::{Summary, WriteOptions};
use kubewright_files::{OutputPath, Tree};
use kubewright_read::Environment;
use kubewright_run::{Compiled, Exit, Output, Results, STATE_FILE, Target, compile_unless, write};

use crate::blocking::Gone;
use crate::confined::Confined;
use crate::problem::Problem;

/// A project's folder.
#[derive(Debug)]
pub(crate) struct Project {
    /// Absolute, without symbolic links.
    pub(crate) root: PathBuf,
    /// How long another run into the same folder is waited for.
    pub(crate) busy: Duration,
}

impl Project {
    /// What is asked of the line where a state is sent.
    pub(crate) fn request_for_state(&self, text: String) -> Request {
        self.request_of_the_wizard(STATE_FILE, text)
    }

    /// What is asked of the line where only what the wizard makes is taken.
    pub(crate) fn request_of_the_wizard(&self, name: &str, text: String) -> Request {
        let name = name.to_owned();
        Request {
            wizard_only: true,
            ..self.request(vec![Input::Text { name, text }])
        }
    }

    /// What is asked of the line, with nothing decided.
    pub(crate) fn request(&self, inputs: Vec<Input>) -> Request {
        Request {
            inputs,
            working_directory: self.root.clone(),
            project_directory: Some(PathBuf::new()),
            ..Request::default()
        }
    }

    /// Compiles. Variables come from the request and from `.env` of the project, none
    /// from the process. Stops when nobody waits for it.
    pub(crate) fn compile(
        &self,
        request: &Request,
        environment: &Environment,
        gone: &Gone,
    ) -> Result<Compiled, Problem> {
        let files = Confined::new(&self.root);
        let stop = || gone.is_so();
        compile_unless(request, &files, environment, &|_, _| {}, &stop)
            .map_err(|failed| Problem::not_compiled(&failed))
    }

    /// Compiles and writes, and hands what came of it to `answer`. The files go to
    /// `output`, else where the input says.
    pub(crate) fn run<T>(
        &self,
        mut request: Request,
        environment: &Environment,
        output: Option<&str>,
        options: WriteOptions<'_>,
        gone: &Gone,
        answer: impl FnOnce(Done<'_>) -> T,
    ) -> Result<T, Problem> {
        let asked = output.map(folder).transpose()?;
        request.output = asked.clone().map(PathBuf::from);
        let Compiled {
            mut sources,
            mut diagnostics,
            tree,
            top,
            output: named,
            vault,
            spared,
            forms,
            ..
        } = self.compile(&request, environment, gone)?;
        let named = named.as_deref().map(folder).transpose()?;
        let folder = asked.as_deref().or(named.as_deref()).map(Path::new);
        let target = Target::new(&request, Path::new(""), None, folder);
        let stop = || gone.is_so();
        let options = WriteOptions {
            stop: &stop,
            wait: self.busy,
            spares: &spared,
            ..options
        };
        let output = Output {
            tree: &tree,
            top: &top,
            forms: &forms,
        };
        let written = write(output, &target, options, &mut sources, &mut diagnostics);
        let summary = match written {
            Ok(summary) => summary,
            Err(error) => return Err(Problem::not_written(&error, diagnostics, &sources)),
        };
        let exit = match summary.has_conflicts() && !options.dry_run {
            true => Exit::Findings,
            false => Exit::Done,
        };
        let results = Results::new(exit, Some(&summary), &diagnostics, &sources);
        Ok(answer(Done {
            tree: &tree,
            top: &top,
            summary: &summary,
            target: &target,
            results: results.with_plan(&vault),
        }))
    }
}

/// What came of a run.
pub(crate) struct Done<'d> {
    pub(crate) tree: &'d Tree,
    pub(crate) top: &'d Tree,
    pub(crate) summary: &'d Summary<'d>,
    pub(crate) target: &'d Target,
    pub(crate) results: Results<'d>,
}

/// A folder within the project. What holds for paths within the output holds for
/// the output's own path: it leads nowhere else, and not into what is git's or ours.
pub(crate) fn folder(text: &str) -> Result<String, Problem> {
    let trimmed = text.trim_end_matches('/');
    let plain = trimmed.strip_prefix("./").unwrap_or(trimmed);
    let why = match OutputPath::new(plain) {
        // People mean a home by it, which is elsewhere.
        Ok(_) if plain.starts_with('~') => "`~` is not expanded".to_owned(),
        Ok(path) => return Ok(path.to_string()),
        Err(error) => error.to_string(),
    };
    // A path may be as long as a body.
    let shown: String = text.chars().take(100).collect();
    let why: String = why.chars().take(400).collect();
    Err(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "output-leads-out",
        format!("the output folder `{shown}` cannot be written to: {why}"),
        "name a folder within the project, like `k8s`",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_stay_in_the_project() {
        let rows = [
            ("k8s", Some("k8s")),
            ("deploy/k8s/", Some("deploy/k8s")),
            ("./k8s", Some("k8s")),
            ("../x", None),
            ("a/../../x", None),
            ("/etc", None),
            (".git", None),
            (".git/hooks", None),
            (".kubewright", None),
            ("~/x", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(folder(text).ok().as_deref(), expected, "{text}");
        }
    }
}

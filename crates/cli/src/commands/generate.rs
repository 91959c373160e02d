use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use kubewright_compile::Next;
use kubewright_disk::{DiskFiles, Memo, Policy, Status, Summary, WriteOptions};
use kubewright_files::Files;
use kubewright_model::vault::PlannedSecret;
use kubewright_read::Environment;
use kubewright_run::{
    Compiled, Output, Results, Target, likely_directory, named_stream, stream, write,
};
use kubewright_source::{Diagnostic, Sources, Span, suggest};

use crate::Exit;
use crate::afterwards::Afterwards;
use crate::commands::compiling::{compile, not_written};
use crate::commands::fail;
use crate::commands::format::{Format, FormatParser, Layout};
use crate::commands::project::ProjectArguments;
use crate::counts::Counts;
use crate::printer::{Talk, out};
use crate::progress::Progress;
use crate::remember::{Other, Remember, Said, Witness, key, nothing_to_do};

/// Turn an application's description into Kubernetes manifests.
///
/// Reads a compose file (`compose.yaml` of this folder unless one is named), an
/// `apps.yaml` or the state of the wizard, and writes one file per object into `k8s/`
/// of the project's folder. What an input is, its content says.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Generate {
    /// Compose files, or folders with one; later ones are laid over earlier ones. `-` reads standard input
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    #[command(flatten)]
    project: ProjectArguments,

    /// The folder to write to; `-` prints everything [default: k8s/ of the project]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// A form to write; may be given several times [default: what the input asks for, else manifests]
    #[arg(short, long, value_name = "FORM", value_parser = FormatParser)]
    format: Vec<Format>,

    /// How many files the flat manifests are; values of secrets keep files of their own
    #[arg(long, value_name = "LAYOUT", default_value = "one-file-per-object")]
    layout: Layout,

    /// With `--format argocd`: one ApplicationSet for all environments, not Applications for each
    #[arg(long)]
    application_set: bool,

    /// What becomes of files that are there already
    ///
    /// `update` replaces what kubewright wrote and nobody touched since, merges what was edited
    /// by hand, and keeps and reports what cannot be merged; `skip` keeps all; `overwrite`
    /// replaces all.
    #[arg(long, value_name = "POLICY", default_value = "update")]
    policy: PolicyArgument,

    /// Remove files of ours that no longer belong and that nobody edited
    #[arg(long)]
    prune: bool,

    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Write nothing, and exit with 1 when something would change
    ///
    /// Files with secrets that git ignores and that are missing, as in a clone, are no change.
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
}

const EXAMPLES: &str = "\
Examples:
  kubewright generate                            the compose file of this folder
  kubewright generate compose.yaml prod.yaml     the second laid over the first
  kubewright generate --namespace shop -o deploy
  kubewright generate -o - | kubectl apply -f -
  kubewright generate --check                    in CI: is k8s/ up to date?
  docker compose config | kubewright generate - -o k8s
  kubewright generate wizard-state.json          what the wizard collected
  kubewright generate -f skaffold                manifests, and a skaffold.yaml beside k8s/
  kubewright generate -f tilt                    manifests, and a Tiltfile beside k8s/
  kubewright generate -f kustomize               a base, and an overlay for each environment
  kubewright generate -f helm                    a chart, with values for each environment
  kubewright generate -f argocd                  manifests, and Applications in argocd/";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PolicyArgument {
    Skip,
    Update,
    Overwrite,
}

impl PolicyArgument {
    pub(crate) fn policy(self) -> Policy {
        match self {
            Self::Skip => Policy::Skip,
            Self::Update => Policy::Update,
            Self::Overwrite => Policy::Overwrite,
        }
    }
}

impl Generate {
    pub(crate) fn run(self, talk: &Talk) -> Exit {
        let printed = self.output.as_deref() == Some(Path::new("-"));
        if self.layout == Layout::Stdout && !printed && self.output.is_some() {
            let message = "`--layout stdout` prints, and `-o` names a folder to write to";
            let problem =
                Diagnostic::error("usage", Span::NONE, message).help("leave out one of the two");
            return fail(talk, Exit::Input, vec![problem], &Sources::default());
        }
        let printed = printed || self.layout == Layout::Stdout;
        if printed && talk.json {
            let problem = Diagnostic::error(
                "usage",
                Span::NONE,
                "`--json` and `-o -` both want standard output",
            )
            .help("write the files to a folder, or leave out `--json`");
            return fail(talk, Exit::Input, vec![problem], &Sources::default());
        }
        let (mut request, environment) = match self.project.request(&self.inputs) {
            Ok(request) => request,
            Err(problem) => return fail(talk, Exit::Input, vec![*problem], &Sources::default()),
        };
        request.formats = self.formats(printed);
        request.layout = self.layout.asked();
        request.application_set = self.application_set;
        request.output = self.output.clone().filter(|_| !printed);
        let files = DiskFiles::new(&request.working_directory);
        let manner = talk.manner().filter(|_| !printed);
        let manner = manner.map(|manner| format!("{manner} {:?} {}", self.policy, self.prune));
        let likely = Target::new(
            &request,
            &likely_directory(&request),
            None,
            self.output.as_deref(),
        );
        let key_for = |target: &Target| key(&request, target, manner.as_deref()?);
        if let Some(key) = key_for(&likely)
            && let Some(said) = nothing_to_do(&files, &environment, &likely, &key)
        {
            return self.repeat(talk, &said, &likely);
        }
        let witness = Witness::new(&files);
        let files: &dyn Files = if manner.is_some() { &witness } else { &files };
        let compiled = match compile(talk, &request, files, &environment) {
            Ok(compiled) => compiled,
            Err(exit) => return exit,
        };
        if printed {
            talk.diagnostics(&compiled.diagnostics, &compiled.sources);
            return self.print(talk, &compiled);
        }
        let target = Target::new(
            &request,
            &compiled.directory,
            compiled.output.as_deref(),
            self.output.as_deref(),
        );
        // What is planned is not among the things that are said again, and a note
        // of the run is kept for one folder only.
        let is_plain = compiled.vault.is_empty() && compiled.top.files().is_empty();
        let key = key_for(&target).filter(|_| is_plain);
        let remembered = key.map(|key| (key, witness, &environment));
        self.write(talk, compiled, &target, remembered)
    }

    /// Prints everything. Manifests of several environments are no stream that anybody
    /// could apply; files of forms are named.
    fn print(&self, talk: &Talk, compiled: &Compiled) -> Exit {
        let trees = [&compiled.tree, &compiled.top];
        let is_plain = |format: &Format| matches!(format, Format::Manifests | Format::Json);
        if !self.format.iter().all(is_plain) {
            return out(&named_stream(&trees));
        }
        let files = trees.iter().flat_map(|tree| tree.files());
        let objects = files.flat_map(|file| &file.objects);
        let environments: BTreeSet<&str> = objects
            .filter_map(|object| object.environment.as_deref())
            .collect();
        if environments.len() < 2 {
            return out(&stream(&trees));
        }
        let message = format!(
            "{} environments would be printed as one",
            environments.len()
        );
        let names = suggest::either(environments.iter().copied());
        let problem = Diagnostic::error("usage", Span::NONE, message)
            .help(format!("choose one with `--env`: {names}"));
        fail(talk, Exit::Input, vec![problem], &Sources::default())
    }

    /// The forms that are asked for. What is printed is meant for `kubectl`, unless
    /// other forms are asked for here.
    fn formats(&self, printed: bool) -> Vec<kubewright_compile::Format> {
        match self.format.is_empty() && printed {
            true => vec![kubewright_compile::Format::Manifests],
            false => self.format.iter().map(|format| format.asked()).collect(),
        }
    }

    /// Says again what the last run said: nothing has changed since.
    fn repeat(&self, talk: &Talk, said: &Said, target: &Target) -> Exit {
        crate::printer::talk(&said.diagnostics);
        let folder = shown(&target.shown);
        for (path, other) in &said.others {
            let status = match other {
                Other::Kept => Status::Kept,
                Other::Stale => Status::Stale,
            };
            if self.is_noteworthy(status) {
                talk.line(&format!("{status:>9}  {folder}{path}"));
            }
        }
        let stale = |(_, other): &&(String, Other)| matches!(other, Other::Stale);
        let afterwards = Afterwards {
            stale: said.others.iter().filter(stale).count(),
            ..Afterwards::default()
        };
        self.conclude(talk, &said.counts, &afterwards);
        Exit::Done
    }

    fn write(
        &self,
        talk: &Talk,
        compiled: Compiled,
        target: &Target,
        remembered: Option<(String, Witness<'_>, &Environment)>,
    ) -> Exit {
        let Compiled {
            mut sources,
            mut diagnostics,
            tree,
            top,
            vault,
            spared,
            forms,
            ..
        } = compiled;
        let output = Output {
            tree: &tree,
            top: &top,
            forms: &forms,
        };
        let remember = remembered.map(|(key, witness, environment)| {
            let drawn = talk.drawn(&diagnostics, &sources);
            Remember::new(key, witness, environment, drawn, (output, target))
        });
        crate::interrupt::watch();
        let progress = Progress::new(talk.shows_progress());
        let all = tree.files().len();
        let options = WriteOptions {
            policy: self.policy.policy(),
            dry_run: self.dry_run || self.check,
            spares_absent: self.check,
            prune: self.prune,
            spares: &spared,
            memo: remember.as_ref().map(|remember| -> &dyn Memo { remember }),
            stop: &crate::interrupt::stopped,
            progress: &|done| progress.advance(done, all, "writing"),
            ..WriteOptions::default()
        };
        let written = write(output, target, options, &mut sources, &mut diagnostics);
        progress.finish();
        let summary = match written {
            Ok(summary) => summary,
            Err(error) => return not_written(talk, &error, diagnostics, &sources),
        };
        let exit = match crate::interrupt::stopped() {
            true => Exit::Interrupted,
            false => self.exit(&summary),
        };
        if talk.json {
            let results = Results::new(exit, Some(&summary), &diagnostics, &sources);
            return match out(&results.with_plan(&vault).text()) {
                Exit::Done => exit,
                failed => failed,
            };
        }
        talk.diagnostics(&diagnostics, &sources);
        self.summarise(talk, output, &summary, target);
        for secret in &vault {
            talk.line(&planned(secret));
        }
        // The process ends now, and the system takes all of its memory back at once.
        std::mem::forget((summary, remember));
        std::mem::forget((sources, diagnostics, tree, top));
        exit
    }

    fn exit(&self, summary: &Summary<'_>) -> Exit {
        let would_change = self.check && (summary.has_changes() || summary.has_conflicts());
        let conflicts = summary.has_conflicts() && !self.dry_run;
        if would_change || conflicts {
            Exit::Findings
        } else {
            Exit::Done
        }
    }

    fn summarise(&self, talk: &Talk, output: Output<'_>, summary: &Summary<'_>, target: &Target) {
        let up = target.to_top();
        let single = output.forms.iter().filter_map(|form| match &form.next {
            Some(Next::Start { file, .. }) => Some(format!("{up}{file}")),
            _ => None,
        });
        let single: Vec<String> = single.collect();
        for file in &summary.files {
            let is_form = single.iter().any(|path| *path == file.path);
            if self.is_noteworthy(file.status) || is_form || talk.verbose {
                talk.line(&format!("{:>9}  {}", file.status, target.file(&file.path)));
            }
        }
        let counts = Counts::of(output, summary, target);
        self.conclude(talk, &counts, &Afterwards::of(summary));
    }

    fn is_noteworthy(&self, status: Status) -> bool {
        match status {
            Status::Conflict | Status::Merged | Status::Stale | Status::Removed => true,
            Status::Kept => self.policy != PolicyArgument::Skip,
            Status::Created | Status::Updated | Status::Unchanged | Status::Absent => false,
        }
    }

    fn conclude(&self, talk: &Talk, counts: &Counts, afterwards: &Afterwards) {
        let dry = self.dry_run || self.check;
        let lines = counts.lines(dry).chain(afterwards.lines(self.prune, dry));
        lines.for_each(|line| talk.line(&line));
        if !dry {
            let next = afterwards.next(counts.next(), self.prune);
            next.iter().for_each(|line| talk.line(line));
        }
    }
}

/// A folder as the summary names it.
fn shown(folder: &Path) -> String {
    format!("{}/", folder.display().to_string().trim_end_matches('/'))
}

/// What has to be made where secrets are kept; never its value.
fn planned(secret: &PlannedSecret) -> String {
    format!(
        "vault: `{}` is to be made for {} of {}; Secret {} holds its place",
        secret.key, secret.variable.value, secret.service.value, secret.secret
    )
}

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use kubewright_compile::{Input, LowerOptions, Outcome, Request, Secrets, generate};
use kubewright_disk::{DiskFiles, Policy, Status, Summary, WriteOptions, write};
use kubewright_files::Tree;
use kubewright_model::Name;
use kubewright_read::Environment;
use kubewright_source::{Diagnostic, Severity, Sources, Span};

use crate::Exit;
use crate::printer::{Talk, out, talk};
use crate::progress::Progress;
use crate::results::{Results, stream};

/// The most that is read from standard input, in bytes.
const MOST_STDIN: u64 = 64 << 20;

/// Turn an application's description into Kubernetes manifests.
///
/// Reads a compose file (`compose.yaml` of this folder unless one is named) and
/// writes one file per object into `k8s/` of the project's folder.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Generate {
    /// Compose files; later ones are laid over earlier ones. `-` reads standard input
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    /// The folder to write to; `-` prints everything [default: k8s/ of the project]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// The form to write
    #[arg(short, long, value_name = "FORM", default_value = "manifests")]
    format: Format,

    /// What becomes of files that are there already
    ///
    /// `update` replaces what kubewright wrote and nobody touched since, keeps what was edited
    /// by hand, and says so; `skip` keeps all; `overwrite` replaces all.
    #[arg(long, value_name = "POLICY", default_value = "update")]
    policy: PolicyArgument,

    /// Remove files of ours that no longer belong and that nobody edited
    #[arg(long)]
    prune: bool,

    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Write nothing, and exit with 1 when something would change
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,

    /// The namespace of all objects; a Namespace object too, unless it is `default`
    #[arg(long, value_parser = parse_name)]
    namespace: Option<Name>,

    /// The project's name [default: what the input or its folder says]
    #[arg(short, long, value_name = "NAME")]
    project_name: Option<String>,

    /// The folder that relative paths start from [default: the first input's]
    #[arg(long, value_name = "DIR")]
    project_directory: Option<PathBuf>,

    /// Services of this profile take part; `*` stands for all. Repeatable
    #[arg(long = "profile", value_name = "PROFILE")]
    profiles: Vec<String>,

    /// A file with variables, instead of `.env`. Repeatable
    #[arg(long = "env-file", value_name = "FILE")]
    env_files: Vec<PathBuf>,

    /// A variable for `${…}` in the input, before all files. Repeatable
    #[arg(long = "set-env", value_name = "NAME=VALUE", value_parser = parse_variable)]
    set_env: Vec<(String, String)>,

    /// How secret values leave
    ///
    /// `local` writes known values into Secrets whose files git ignores; `placeholder` writes
    /// `CHANGE_ME`; `inline` writes known values into ordinary files; `external` writes no
    /// Secret, only references.
    #[arg(long, value_name = "MODE", default_value = "local")]
    secrets: SecretsArgument,

    /// Leave out the annotation that restarts pods when their configuration changes
    #[arg(long)]
    no_config_hash: bool,
}

const EXAMPLES: &str = "\
Examples:
  kubewright generate                            the compose file of this folder
  kubewright generate compose.yaml prod.yaml     the second laid over the first
  kubewright generate --namespace shop -o deploy
  kubewright generate -o - | kubectl apply -f -
  kubewright generate --check                    in CI: is k8s/ up to date?
  docker compose config | kubewright generate - -o k8s";

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Plain manifests, one object a file
    Manifests,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PolicyArgument {
    Skip,
    Update,
    Overwrite,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SecretsArgument {
    Local,
    Placeholder,
    Inline,
    External,
}

fn parse_name(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|invalid| format!("{}; {}", invalid.why, invalid.help))
}

fn parse_variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        Some(_) | None => Err("write it as `NAME=VALUE`".to_owned()),
    }
}

impl Generate {
    pub(crate) fn run(self, talk: &Talk) -> Exit {
        match self.format {
            Format::Manifests => {}
        }
        let printed = self.output.as_deref() == Some(Path::new("-"));
        if printed && talk.json {
            let problem = Diagnostic::error(
                "usage",
                Span::NONE,
                "`--json` and `-o -` both want standard output",
            )
            .help("write the files to a folder, or leave out `--json`");
            return fail(talk, Exit::Input, vec![problem], &Sources::default());
        }
        let (request, environment) = match self.request() {
            Ok(request) => request,
            Err(problem) => return fail(talk, Exit::Input, vec![*problem], &Sources::default()),
        };
        let files = DiskFiles::new(&request.working_directory);
        let progress = Progress::new(talk.shows_progress());
        let advance = |done, all| progress.advance(done, all, "compiling");
        let outcome = generate(&request, &files, &environment, &advance);
        progress.finish();
        let Outcome {
            sources,
            diagnostics,
            tree,
            project_directory,
        } = outcome;
        let diagnostics = diagnostics.into_sorted();
        let Some(tree) = tree else {
            return fail(talk, Exit::Input, diagnostics, &sources);
        };
        if printed {
            talk.diagnostics(&diagnostics, &sources);
            return out(&stream(&tree));
        }
        let folder = project_directory.unwrap_or_default();
        self.write(talk, &request, &tree, &folder, diagnostics, sources)
    }

    fn write(
        &self,
        talk: &Talk,
        request: &Request,
        tree: &Tree,
        project: &Path,
        mut diagnostics: Vec<Diagnostic>,
        sources: Sources,
    ) -> Exit {
        let project = request.working_directory.join(project);
        let shown = self
            .output
            .clone()
            .unwrap_or_else(|| relative(&request.working_directory, &project).join("k8s"));
        let folder = request.working_directory.join(&shown);
        let progress = Progress::new(talk.shows_progress());
        let all = tree.files().len();
        let options = WriteOptions {
            policy: match self.policy {
                PolicyArgument::Skip => Policy::Skip,
                PolicyArgument::Update => Policy::Update,
                PolicyArgument::Overwrite => Policy::Overwrite,
            },
            dry_run: self.dry_run || self.check,
            prune: self.prune,
            within: Some(&project),
            progress: &|done| progress.advance(done, all, "writing"),
            ..WriteOptions::default()
        };
        let written = write(tree, &folder, &options);
        progress.finish();
        let summary = match written {
            Ok(summary) => summary,
            Err(error) => {
                let exit = if error.is_environment() {
                    Exit::Environment
                } else {
                    Exit::Input
                };
                diagnostics.push(
                    Diagnostic::error(error.code(), Span::NONE, error.message()).help(error.help()),
                );
                return fail(talk, exit, diagnostics, &sources);
            }
        };
        diagnostics.extend(summary.warnings.iter().map(|warning| {
            Diagnostic::warning("tracked-secret", Span::NONE, warning.message())
                .help(warning.help())
        }));
        let exit = self.exit(&summary);
        if talk.json {
            return match out(&Results::new(exit, Some(&summary), &diagnostics, &sources).text()) {
                Exit::Done => exit,
                failed => failed,
            };
        }
        talk.diagnostics(&diagnostics, &sources);
        self.summarise(talk, tree, &summary, &shown);
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

    fn summarise(&self, talk: &Talk, tree: &Tree, summary: &Summary<'_>, folder: &Path) {
        let folder = format!("{}/", folder.display().to_string().trim_end_matches('/'));
        for file in &summary.files {
            let noteworthy = match file.status {
                Status::Conflict | Status::Stale | Status::Removed => true,
                Status::Kept => self.policy != PolicyArgument::Skip,
                Status::Created | Status::Updated | Status::Unchanged => false,
            };
            if noteworthy || talk.verbose {
                talk.line(&format!("{:>9}  {folder}{}", file.status, file.path));
            }
        }
        if summary.has_conflicts() {
            talk.line(
                "conflict: edited by hand, or not written by kubewright; these files were kept.",
            );
            talk.line("          compare with `kubewright generate -o -`, or replace them with `--policy overwrite`");
        }
        talk.line(&totals(tree, summary, &folder, self.dry_run || self.check));
        if !self.dry_run && !self.check && !tree.files().is_empty() {
            talk.line(&format!("next: kubectl apply -f {folder}"));
        }
    }

    /// The request, and the variables that the input may use.
    fn request(&self) -> Result<(Request, Environment), Box<Diagnostic>> {
        let working_directory = std::env::current_dir().map_err(|error| {
            problem(
                "working-folder",
                format!("the working folder cannot be found: {error}"),
                "go to a folder that exists",
            )
        })?;
        let mut environment: Environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        for (name, value) in &self.set_env {
            environment.set(name, value);
        }
        let inputs = self
            .inputs
            .iter()
            .map(|input| read_input(input))
            .collect::<Result<_, _>>()?;
        let request = Request {
            inputs,
            project_directory: self.project_directory.clone(),
            project_name: self.project_name.clone(),
            profiles: self.profiles.clone(),
            env_files: self.env_files.clone(),
            namespace: self.namespace.clone(),
            lowering: LowerOptions {
                secrets: match self.secrets {
                    SecretsArgument::Local => Secrets::Local,
                    SecretsArgument::Placeholder => Secrets::Placeholder,
                    SecretsArgument::Inline => Secrets::Inline,
                    SecretsArgument::External => Secrets::External,
                },
                config_hash: !self.no_config_hash,
            },
            working_directory,
        };
        Ok((request, environment))
    }
}

/// A named file, the compose file of a named folder, or standard input.
fn read_input(path: &Path) -> Result<Input, Box<Diagnostic>> {
    if path != Path::new("-") {
        return Ok(Input::File(path.to_owned()));
    }
    let mut bytes = Vec::new();
    let mut stdin = std::io::Read::take(std::io::stdin().lock(), MOST_STDIN + 1);
    std::io::Read::read_to_end(&mut stdin, &mut bytes).map_err(|error| {
        problem(
            "file",
            format!("standard input cannot be read: {error}"),
            "name a file instead",
        )
    })?;
    if bytes.len() as u64 > MOST_STDIN {
        return Err(problem(
            "file",
            format!("standard input has more than {} MiB", MOST_STDIN >> 20),
            "split the project",
        ));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        problem(
            "file",
            format!("standard input is not UTF-8: byte {at} is wrong"),
            "save it as UTF-8",
        )
    })?;
    Ok(Input::Text {
        name: "<stdin>".to_owned(),
        text,
    })
}

fn problem(code: &'static str, message: String, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(code, Span::NONE, message).help(help))
}

/// `path` as seen from `from`, where it lies below it.
fn relative(from: &Path, path: &Path) -> PathBuf {
    let cleaned: PathBuf = path.components().collect();
    cleaned
        .strip_prefix(from)
        .map_or_else(|_| cleaned.clone(), Path::to_owned)
}

/// Says what was wrong; the exit code says whose fault it was.
fn fail(talk: &Talk, exit: Exit, diagnostics: Vec<Diagnostic>, sources: &Sources) -> Exit {
    if talk.json {
        return match out(&Results::new(exit, None, &diagnostics, sources).text()) {
            Exit::Done => exit,
            failed => failed,
        };
    }
    talk.diagnostics(&diagnostics, sources);
    let errors = diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .count();
    self::talk(&match errors {
        1 => "nothing was written: 1 error\n".to_owned(),
        errors => format!("nothing was written: {errors} errors\n"),
    });
    exit
}

/// `k8s/  14 objects in 14 files, all created; 2 of them hold secrets and are
/// ignored by git`.
fn totals(tree: &Tree, summary: &Summary<'_>, folder: &str, dry_run: bool) -> String {
    let files = tree.files().len();
    let objects: usize = tree.files().iter().map(|file| file.objects.len()).sum();
    let of_tree = summary.files.iter().filter(|file| !file.objects.is_empty());
    let counts: Vec<(Status, usize)> = Status::ALL
        .iter()
        .map(|status| {
            (
                *status,
                of_tree
                    .clone()
                    .filter(|file| file.status == *status)
                    .count(),
            )
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    let statuses = match counts.as_slice() {
        [(status, count)] if *count > 1 => format!("all {status}"),
        counts => counts
            .iter()
            .map(|(status, count)| format!("{count} {status}"))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let sensitive = tree.files().iter().filter(|file| file.sensitive).count();
    let secrets = match sensitive {
        0 => String::new(),
        1 => "; 1 of them holds secrets and is ignored by git".to_owned(),
        count => format!("; {count} of them hold secrets and are ignored by git"),
    };
    let objects = plural(objects, "object");
    let files = plural(files, "file");
    let dry = if dry_run {
        " (nothing was written)"
    } else {
        ""
    };
    format!("{folder}  {objects} in {files}, {statuses}{secrets}{dry}")
}

fn plural(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_as_seen_from_here() {
        let rows = [
            ("/a/b", "/a/b", ""),
            ("/a/b", "/a/b/./c", "c"),
            ("/a/b", "/a/c", "/a/c"),
        ];
        for (from, path, expected) in rows {
            assert_eq!(
                relative(Path::new(from), Path::new(path)),
                Path::new(expected)
            );
        }
    }

    #[test]
    fn variables_have_a_name() {
        assert_eq!(
            parse_variable("A=b=c"),
            Ok(("A".to_owned(), "b=c".to_owned()))
        );
        assert!(parse_variable("=b").is_err());
        assert!(parse_variable("A").is_err());
    }
}

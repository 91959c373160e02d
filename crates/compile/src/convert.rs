//! Inputs to one `apps.yaml`, without compiling them.

use kubewright_files::Files;
use kubewright_model::project::{Entry, NetworkPolicyMode};
use kubewright_model::{Located, Name, Project};
use kubewright_read::Environment;
use kubewright_read::apps::Document;
use kubewright_read::apps::write::{Notes, Remark, document, write};
use kubewright_source::{Diagnostic, Diagnostics, Severity, Source, Sources, Span};
use kubewright_yaml::{Node, WriteError};

pub use kubewright_read::apps::write::{Needed, Written};

use crate::input::{self, Language};
use crate::{Outcome, Outside, Request, conceal, read};

/// What came of converting.
#[derive(Debug)]
pub struct Conversion {
    /// Every text that was read.
    pub sources: Sources,
    /// What there is to say.
    pub diagnostics: Diagnostics,
    /// The file; none where there was an error.
    pub written: Option<Written>,
}

/// What is written of an `apps.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The document with all its environments, unless the request names one or says
    /// what holds in it.
    Document,
    /// What holds in one environment, resolved.
    Resolved,
}

/// Turns inputs into an `apps.yaml` that says the same: the same objects come of
/// it.
pub fn convert(
    request: &Request,
    form: Form,
    files: &dyn Files,
    environment: &Environment,
) -> Conversion {
    let mut outcome = Outcome::default();
    if form == Form::Document && !decides(request) {
        let Outcome {
            sources,
            diagnostics,
            ..
        } = &mut outcome;
        match input::language(request, files, sources, diagnostics) {
            Some(Language::Apps(root)) => return of_document(root, outcome),
            Some(Language::Compose | Language::Wizard(_) | Language::Resources(_)) | None => {
                outcome = Outcome::default();
            }
        }
    }
    let projects = read(request, files, environment, &|| false, &mut outcome);
    let projects = projects.filter(|_| !outcome.diagnostics.has_errors());
    match projects {
        Some(_) => conceal::settle(&mut outcome.sources),
        None => conceal::settle_all(&mut outcome.sources),
    }
    conceal::of_said(&outcome.diagnostics, &mut outcome.sources);
    let Outcome {
        sources,
        mut diagnostics,
        ..
    } = outcome;
    let project = projects.and_then(|projects| only(projects, &mut diagnostics));
    let sorted = diagnostics.into_sorted();
    let written = project.map(|mut project| {
        if !request.formats.is_empty() {
            let formats = request.formats.iter().copied().map(Located::nowhere);
            project.output.formats = formats.collect();
        }
        let remarks = remarks(&names(&project), &sorted, &sources);
        write(&project, &head(&sources), &remarks, sources.secrets())
    });
    let mut diagnostics = Diagnostics::default();
    diagnostics.extend(sorted);
    let written = written.and_then(|written| kept(written, &sources, &mut diagnostics));
    Conversion {
        sources,
        diagnostics,
        written,
    }
}

/// Whether a request says what holds in an environment: a document of several has no
/// place for that.
fn decides(request: &Request) -> bool {
    !request.environments.is_empty()
        || !request.sets.is_empty()
        || request.namespace.is_some()
        || request.kubernetes_version.is_some()
        || request.network_policies != NetworkPolicyMode::None
        || request.security_profile.is_some()
        || request.outside != Outside::default()
        || !request.formats.is_empty()
}

/// An `apps.yaml` with all its environments. None of them is read: variables without
/// values stay what they are.
fn of_document(root: Node, outcome: Outcome) -> Conversion {
    let Outcome {
        mut sources,
        mut diagnostics,
        ..
    } = outcome;
    let notes = Notes::of(&root, &sources);
    let read = Document::open(root, Vec::new(), &mut diagnostics);
    let sorted = diagnostics.into_sorted();
    let mut diagnostics = Diagnostics::default();
    let is_good = !sorted.iter().any(|one| one.severity == Severity::Error);
    let written = is_good.then(|| {
        let names: Vec<(&str, &str)> = read.entries().into_iter().map(|one| (one, one)).collect();
        let remarks = remarks(&names, &sorted, &sources);
        document(&read, &notes, &head(&sources), &remarks, sources.secrets())
    });
    diagnostics.extend(sorted);
    let written = written.and_then(|written| kept(written, &sources, &mut diagnostics));
    // The file is not compiled: whatever looks like a secret in its lines counts as
    // one where they are shown.
    conceal::settle_all(&mut sources);
    Conversion {
        sources,
        diagnostics,
        written,
    }
}

/// What may be shown of what was written.
fn kept(
    written: Result<Written, WriteError>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Written> {
    let said = match written {
        Ok(written) => match exposed(sources, &written.text) {
            Some(exposed) => exposed,
            None => {
                diagnostics.extend(left_out(&written));
                return Some(written);
            }
        },
        Err(error) => {
            let message = format!("the project cannot be written: {error}");
            let said = Diagnostic::error("unwritable", Span::NONE, message);
            said.help("this is a fault of kubewright; report it with the input")
        }
    };
    diagnostics.push(said);
    None
}

/// The only project.
fn only(mut projects: Vec<Project>, diagnostics: &mut Diagnostics) -> Option<Project> {
    if projects.len() > 1 {
        let names: Vec<String> = projects
            .iter()
            .filter_map(|project| Some(format!("`{}`", project.facts.environment.as_ref()?.value)))
            .collect();
        let message = format!(
            "the input has {} environments, and one is written",
            names.len()
        );
        let said = Diagnostic::error("usage", Span::NONE, message);
        let help = format!("name one with `--env`: {}", names.join(", "));
        diagnostics.push(said.help(help));
        return None;
    }
    projects.pop()
}

/// The first lines of the file: where it came from.
fn head(sources: &Sources) -> Vec<String> {
    let mut names = sources.iter().map(Source::name);
    let from = names.find(|name| {
        !name
            .rsplit('/')
            .next()
            .is_some_and(|name| name.contains(".env"))
    });
    let from = from.map(|from| format!(", from {from}"));
    vec![format!("made by kubewright{}", from.unwrap_or_default())]
}

/// What the file itself shows.
const SHOWN: [&str; 4] = ["built-image", "moved-to-secret", "newer-key", "old-key"];

/// The names of a project's entries, and of the services within them, each with the
/// entry.
fn names(project: &Project) -> Vec<(&str, &str)> {
    let own = project
        .entries
        .keys()
        .map(|name| (name.as_str(), name.as_str()));
    let within = project
        .entries
        .iter()
        .filter_map(|(name, entry)| match entry {
            Entry::Compose(compose) => Some((name, compose)),
            Entry::App(_)
            | Entry::Infrastructure(_)
            | Entry::Functions(_)
            | Entry::Helm(_)
            | Entry::Kustomize(_)
            | Entry::Disabled(_) => None,
        });
    let within = within.flat_map(|(name, compose)| {
        let services = compose.project.entries.keys();
        services.map(|service| (service.as_str(), name.as_str()))
    });
    own.chain(within).collect()
}

/// What was said of the input, each with the entry that it is about.
fn remarks(entries: &[(&str, &str)], said: &[Diagnostic], sources: &Sources) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = Vec::new();
    let said = said.iter().filter(|one| !SHOWN.contains(&one.code));
    for diagnostic in said {
        let diagnostic = &*sources.masked(diagnostic);
        let text = match diagnostic.severity {
            Severity::Error => continue,
            Severity::Warning | Severity::Note => {
                format!("{}: {}", diagnostic.code, diagnostic.message)
            }
        };
        let entry = entry_of(entries, diagnostic).map(str::to_owned);
        let remark = Remark { entry, text };
        if !remarks.contains(&remark) {
            remarks.push(remark);
        }
    }
    remarks
}

/// The entry that something was said about: that of its key path, else one that is
/// called in its words.
fn entry_of<'e>(entries: &[(&str, &'e str)], said: &Diagnostic) -> Option<&'e str> {
    let known = |name: &str| {
        let mut entries = entries.iter();
        let found = entries.find(|(entry, _)| *entry == name);
        found.map(|(_, entry)| *entry)
    };
    let close = |name: &str| {
        let name = Name::sanitised(name).ok()?;
        let mut entries = entries.iter();
        let same = |(entry, _): &&(&str, &str)| Name::sanitised(entry).is_ok_and(|one| one == name);
        entries.find(same).map(|(_, entry)| *entry)
    };
    let of_path = said.path.split(['.', '[', ']']).nth(1).and_then(close);
    let words = || said.message.split('`').skip(1).step_by(2);
    let named = || words().find_map(known).or_else(|| words().find_map(close));
    of_path.or_else(named)
}

/// An error where the file shows the value of a secret all the same: in a name or a
/// key, where no variable can stand.
fn exposed(sources: &Sources, text: &str) -> Option<Diagnostic> {
    let secrets = sources.secrets();
    let found = secrets.found_in(text).into_iter().next()?;
    let start = sources.entries().next();
    let start = start.map_or(Span::NONE, |(id, _)| Span::new(id, 0, 0));
    let place = secrets.place_of(&text[found], start).unwrap_or(Span::NONE);
    let message = "a name or key of the file would be a value that is secret";
    let help = "give it to the program in `environment`, and take it out of the name";
    Some(Diagnostic::error("secret-in-clear", place, message).help(help))
}

/// The note on values that the file does not hold.
fn left_out(written: &Written) -> Option<Diagnostic> {
    if written.needed.is_empty() {
        return None;
    }
    let names: Vec<String> = written
        .needed
        .iter()
        .map(|needed| format!("`{}`", needed.variable))
        .collect();
    let message = format!(
        "secret values are not in the file, which names {} of them",
        names.len()
    );
    let help = format!(
        "put {} into `.env` beside it, and keep that out of git",
        names.join(", ")
    );
    Some(Diagnostic::note("secrets-elsewhere", Span::NONE, message).help(help))
}

//! Files edited by hand: merged as manifests or line by line, and what is said of those that
//! cannot be.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use kubewright_disk::{Merger, Refusal, Status, Summary};
use kubewright_files::{File, is_below};
use kubewright_merge::outline::may_hold_secret;
use kubewright_merge::{Conflict, Outcome, Untaken, Why, merge_lines, merge_veiled, veil};
use kubewright_source::{Diagnostic, Sources, Span};

use crate::Target;
use crate::touchy::looks_secret;

/// Merges manifests, and remembers why some could not be.
#[derive(Debug)]
pub struct Merges<'t> {
    /// Folders of templates: with their actions they are no YAML, whatever they are
    /// called.
    templates: &'t [String],
    refused: Mutex<BTreeMap<String, Refused>>,
    /// Edited files that stay as they are, with their texts.
    left: Mutex<BTreeMap<String, String>>,
}

#[derive(Debug)]
enum Refused {
    Whole(Refusal, bool),
    Conflicts {
        text: String,
        conflicts: Vec<Conflict>,
        untaken: Untaken,
        secret: bool,
    },
}

/// Whether a file holds a Secret.
pub fn is_secret(file: &File) -> bool {
    file.sensitive || file.objects.iter().any(|object| object.kind == "Secret")
}

/// Whether all of a file is objects.
fn is_manifest(file: &File) -> bool {
    !file.objects.is_empty()
}

/// Hides what a conflict is about.
fn mask(conflict: &mut Conflict) {
    let sides = [
        &mut conflict.user,
        &mut conflict.generated,
        &mut conflict.base,
    ];
    for side in sides.into_iter().flatten() {
        *side = veil::MASK.to_owned();
    }
    conflict.is_veiled = true;
}

/// Whether lines that were put together are no JSON, where they have to be.
fn is_broken(file: &File, text: &str) -> bool {
    let is_json = file.path.as_str().ends_with(".json");
    is_json && serde_json::from_str::<serde::de::IgnoredAny>(text).is_err()
}

/// Whether a file could not be merged as a tree, whatever its lines say.
fn is_stuck(conflicts: &[Conflict]) -> bool {
    conflicts.iter().any(|conflict| conflict.why == Why::Form)
}

/// A file of YAML merged by its lines, where that is YAML again: a list at the top, for
/// example, has no keys to go by.
fn by_lines([base, user, new]: [&str; 3]) -> Option<String> {
    let Outcome::Merged(text) = merge_lines(base, user, new, &looks_secret) else {
        return None;
    };
    let source = Sources::default().add("merged", text.as_str());
    let read = kubewright_yaml::read_documents(&text, source, &kubewright_yaml::Limits::default());
    read.is_ok().then_some(text)
}

/// That a file cannot be merged, as a conflict at its first line.
fn whole(user: &str) -> Outcome {
    let conflict = Conflict {
        path: String::new(),
        place: 0..user.find('\n').unwrap_or(user.len()),
        is_veiled: true,
        why: Why::Form,
        user: None,
        generated: None,
        base: None,
    };
    Outcome::Conflicts(vec![conflict], Untaken(0))
}

impl Merger for Merges<'_> {
    fn remembered<'f>(&self, file: &'f File) -> Option<Cow<'f, str>> {
        match is_secret(file) {
            // Only of objects it is known where the values of secrets stand.
            true if !(self.is_tree(file) && is_manifest(file)) => None,
            true => veil::shape(&file.text).map(Cow::Owned),
            false => Some(Cow::Borrowed(&file.text)),
        }
    }

    fn merge(&self, file: &File, base: &str, user: &str) -> Option<String> {
        let outcome = match self.is_tree(file) {
            true => merge_veiled(base, user, &file.text, &looks_secret),
            false => merge_lines(base, user, &file.text, &looks_secret),
        };
        let outcome = match outcome {
            Outcome::Merged(text) if is_broken(file, &text) => whole(user),
            Outcome::Conflicts(conflicts, untaken) if !is_secret(file) && is_stuck(&conflicts) => {
                by_lines([base, user, &file.text])
                    .map_or(Outcome::Conflicts(conflicts, untaken), Outcome::Merged)
            }
            outcome => outcome,
        };
        match outcome {
            Outcome::Merged(text) => Some(text),
            Outcome::Conflicts(mut conflicts, untaken) => {
                // Of a file that is no Secret nobody knows where the values of one stand.
                if file.sensitive && !(self.is_tree(file) && is_manifest(file)) {
                    conflicts.iter_mut().for_each(mask);
                }
                let refused = Refused::Conflicts {
                    text: user.to_owned(),
                    conflicts,
                    secret: is_secret(file) || may_hold_secret(user) || may_hold_secret(base),
                    untaken,
                };
                self.note(file, refused);
                None
            }
        }
    }

    fn refuse(&self, file: &File, why: Refusal) {
        self.note(file, Refused::Whole(why, is_secret(file)));
    }

    fn leave(&self, file: &File, user: String) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.insert(file.path.to_string(), user);
    }
}

impl<'t> Merges<'t> {
    /// A merger of files, some of which may lie in folders of templates.
    pub fn new(templates: &'t [String]) -> Self {
        Self {
            templates,
            refused: Mutex::default(),
            left: Mutex::default(),
        }
    }

    /// Whether a file is YAML; others, such as a `Tiltfile`, are lines. So is JSON, which
    /// would not be JSON any more with YAML put into it.
    fn is_tree(&self, file: &File) -> bool {
        let path = file.path.as_str();
        let is_template = self.templates.iter().any(|folder| is_below(path, folder));
        let is_named = [".yaml", ".yml"].iter().any(|end| path.ends_with(end));
        is_named && !is_template
    }

    fn note(&self, file: &File, refused: Refused) {
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(file.path.to_string(), refused);
    }

    /// The texts of edited files that stay as they are, those with conflicts too, by
    /// their paths.
    pub fn kept(&self) -> BTreeMap<String, String> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let text = |(path, refused): (&String, &Refused)| match refused {
            Refused::Conflicts { text, .. } => Some((path.clone(), text.clone())),
            Refused::Whole(..) => None,
        };
        let conflicts = refused.iter().filter_map(text);
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.clone().into_iter().chain(conflicts).collect()
    }

    /// What there is to say about every conflict of a run. The texts that it speaks
    /// of are added to the sources.
    pub fn diagnostics(
        self,
        summary: &Summary<'_>,
        target: &Target,
        sources: &mut Sources,
    ) -> Vec<Diagnostic> {
        let mut refused = self
            .refused
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let conflicts = summary
            .files
            .iter()
            .filter(|file| file.status == Status::Conflict);
        let mut said = Vec::new();
        for file in conflicts {
            let shown = target.file(&file.path);
            match refused.remove(file.path.as_ref()) {
                None | Some(Refused::Whole(Refusal::Foreign, _)) => said.push(foreign(&shown)),
                Some(Refused::Whole(why, holds_secrets)) => {
                    let why = words(why, holds_secrets);
                    said.push(unmergeable(&shown, Span::NONE, why));
                }
                Some(Refused::Conflicts {
                    text,
                    conflicts,
                    untaken,
                    secret,
                }) => {
                    let id = sources.add(&shown, text);
                    for conflict in conflicts {
                        let place = &conflict.place;
                        let span = Span::new(id, place.start, place.end);
                        let found = told(&shown, span, &conflict, untaken);
                        let is_shown = !secret && !conflict.is_veiled;
                        said.push(if is_shown { found } else { found.place_only() });
                    }
                }
            }
        }
        said
    }
}

fn words(why: Refusal, holds_secrets: bool) -> &'static str {
    match why {
        Refusal::Forgotten if holds_secrets => {
            "it holds secrets, and what was generated last is not remembered of such files"
        }
        Refusal::Foreign => "it was not written by kubewright",
        Refusal::Forgotten => "what was generated last is not known",
        Refusal::NotText => "it is no text in UTF-8",
    }
}

fn foreign(shown: &str) -> Diagnostic {
    Diagnostic::warning(
        "foreign-file",
        Span::NONE,
        format!("`{shown}` is in the way: it was not written by kubewright, and was kept"),
    )
    .help("move it away, or write to another folder; `--policy overwrite` replaces it")
}

fn unmergeable(shown: &str, span: Span, why: &str) -> Diagnostic {
    Diagnostic::warning(
        "not-mergeable",
        span,
        format!("`{shown}` was edited by hand and cannot be merged: {why}; it was kept"),
    )
    .help(
        "compare with `kubewright generate -o -` and take over what is new; \
         `--policy overwrite` replaces the file",
    )
}

fn told(shown: &str, span: Span, conflict: &Conflict, untaken: Untaken) -> Diagnostic {
    let path = &conflict.path;
    match conflict.why {
        Why::Unreadable => unmergeable(shown, span, "it is no YAML"),
        Why::Form => unmergeable(shown, span, "it is written in a form that cannot be edited"),
        Why::Comment => Diagnostic::warning(
            "edit-conflict",
            span,
            format!("`{path}` of `{shown}` is generated differently now, and a comment of yours stands in it; the file was kept{}", others(untaken)),
        )
        .path(path.clone())
        .label(sides(conflict))
        .help("move the comment out of the way and run again"),
        Why::BothChanged => Diagnostic::warning(
            "edit-conflict",
            span,
            format!("`{path}` of `{shown}` was edited by hand and is generated differently now; the file was kept{}", others(untaken)),
        )
        .path(path.clone())
        .label(sides(conflict))
        .help(help(conflict)),
    }
}

/// What else of the file waits for the conflict to be settled.
fn others(untaken: Untaken) -> String {
    match untaken.0 {
        0 => String::new(),
        1 => ", and 1 other change of it was not taken either".to_owned(),
        count => format!(", and {count} other changes of it were not taken either"),
    }
}

/// `you have `5`, kubewright would write `3`, it was `2``.
fn sides(conflict: &Conflict) -> String {
    let side = |side: &Option<String>| match side {
        Some(text) => format!("`{}`", short(text)),
        None => "nothing".to_owned(),
    };
    format!(
        "you have {}, kubewright would write {}, it was {}",
        side(&conflict.user),
        side(&conflict.generated),
        side(&conflict.base)
    )
}

fn help(conflict: &Conflict) -> String {
    let take = match &conflict.generated {
        // What is hidden cannot be copied, and a line taken out is a conflict, too.
        Some(text) if text == veil::MASK => {
            "to take ours, delete the file and generate again".to_owned()
        }
        Some(text) => format!("to take ours, write `{}`", short(text)),
        None => "to take ours, remove it".to_owned(),
    };
    format!(
        "{take}; to keep yours, put `{}` behind it; `--policy overwrite` replaces the file",
        kubewright_merge::KEEP
    )
}

/// The first line of a text that says something, and of that not too much; of a list more, because its
/// items are what differs.
fn short(text: &str) -> String {
    const MOST: usize = 60;
    const MOST_OF_A_LIST: usize = 200;
    let mut lines = text.lines();
    let line = lines.find(|line| !line.trim().is_empty());
    let line = line.unwrap_or_default();
    let most = match line.starts_with('[') {
        true => MOST_OF_A_LIST,
        false => MOST,
    };
    let cut: String = line.chars().take(most).collect();
    match cut.len() < text.trim_end().len() {
        true => format!("{cut}…"),
        false => cut,
    }
}

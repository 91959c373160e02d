use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use kubewright_compile::explain::{
    Answer, Change, Effect, FieldAnswer, Key, KeyAnswer, Target, explain,
};
use kubewright_disk::DiskFiles;
use kubewright_files::{FileError, Files as _, Kind};
use kubewright_source::render::{Style, render, render_place};
use kubewright_source::report::report;
use kubewright_source::{Diagnostic, Sources, Span};
use serde_json::{Value, json};

use crate::Exit;
use crate::commands::fail;
use crate::commands::project::ProjectArguments;
use crate::printer::{Talk, out};
use kubewright_run::folder_of;

/// Say which line of which input made a field, and by which rule.
///
/// Ask about a line of a manifest, a field of an object, or a line of an input:
/// then it says what became of it. Nothing is written.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Explain {
    /// `FILE:LINE`, of the output or of an input; or an object, `deployment/api`
    #[arg(value_name = "FILE:LINE|OBJECT")]
    target: String,

    /// The field of the object, `spec.template.spec.containers[0].image` [default: the whole object]
    #[arg(value_name = "FIELD")]
    field: Option<String>,

    /// The compose file or its folder, as for `generate`; repeatable
    #[arg(short, long = "input", value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    /// The folder that `generate` writes to [default: k8s/ of the project]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    #[command(flatten)]
    project: ProjectArguments,
}

const EXAMPLES: &str = "\
Examples:
  kubewright explain k8s/api-deployment.yaml:31    which line of the input made this
  kubewright explain deployment/api 'spec.template.spec.containers[0].image'
  kubewright explain compose.yaml:14               what became of this
  kubewright explain .env:3 -i compose.prod.yaml";

impl Explain {
    pub(crate) fn run(self, talk: &Talk) -> Exit {
        let target = match self.target() {
            Ok(target) => target,
            Err(problem) => return failed(talk, vec![*problem], &Sources::default()),
        };
        let (request, environment) = match self.project.request(&self.inputs) {
            Ok(request) => request,
            Err(problem) => return failed(talk, vec![*problem], &Sources::default()),
        };
        let files = DiskFiles::new(&request.working_directory);
        let explanation = explain(&request, &files, &environment, &target);
        let Some(answer) = &explanation.answer else {
            let mut diagnostics = explanation.diagnostics;
            if self.inputs.is_empty() {
                diagnostics.iter_mut().for_each(name_the_input);
            }
            return failed(talk, diagnostics, &explanation.sources);
        };
        if talk.json {
            return out(&document(answer, &explanation.sources));
        }
        match answer {
            Answer::Field(answer) => {
                out(&self.field_text(answer, &explanation.sources, talk.out_style()))
            }
            Answer::Key(answer) => {
                out(&self.key_text(answer, &explanation.sources, talk.out_style()))
            }
        }
    }

    fn target(&self) -> Result<Target, Box<Diagnostic>> {
        match (self.asked_line(), &self.field) {
            (Some((file, line)), None) => self.line(file, line),
            (Some(_), Some(field)) => Err(usage(
                format!(
                    "`{field}` is one field too many: `{}` is a line",
                    self.target
                ),
                "ask about the line alone, or about an object and its field",
            )),
            (None, None) if Path::new(&self.target).is_file() => Err(usage(
                format!("`{}` is a file: which line of it?", self.target),
                "write `FILE:LINE`, like `compose.yaml:12`",
            )),
            (None, field) => Ok(Target::Field {
                object: self.within_output(&self.target),
                field: field.clone().unwrap_or_default(),
            }),
        }
    }

    /// The file and the line that are asked about.
    fn asked_line(&self) -> Option<(&str, usize)> {
        let (file, line) = self.target.rsplit_once(':')?;
        let line: usize = line.parse().ok()?;
        (line > 0).then_some((file, line))
    }

    fn line(&self, file: &str, line: usize) -> Result<Target, Box<Diagnostic>> {
        let below = self.within_output(file);
        let is_output = below != file;
        let here = DiskFiles::new("");
        let text = match here.kind(Path::new(file)) {
            Ok(Kind::Folder | Kind::Special) => return Err(no_lines(file, &FileError::NotAFile)),
            Ok(Kind::File { .. }) if is_output => match here.read(Path::new(file)) {
                Ok(bytes) => String::from_utf8(bytes).ok(),
                Err(error) => return Err(no_lines(file, &error)),
            },
            // It may hold an object all the same.
            Ok(Kind::File { .. }) => match here.read(Path::new(file)) {
                Ok(bytes) => String::from_utf8(bytes).ok(),
                Err(_) => None,
            },
            Ok(Kind::Missing) | Err(_) => None,
        };
        Ok(Target::Line {
            file: below,
            line,
            text,
        })
    }

    /// A file of the output as it lies in the output folder.
    fn within_output(&self, file: &str) -> String {
        let plain = file.trim_start_matches("./");
        let folder = self.folder();
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        let below = plain.strip_prefix(folder);
        let below = below.and_then(|rest| rest.strip_prefix('/'));
        below.unwrap_or(file).to_owned()
    }

    /// The output folder as people name it.
    fn folder(&self) -> String {
        if let Some(output) = &self.output {
            return output.display().to_string();
        }
        let first = self.inputs.first().and_then(|input| folder_of(input));
        let project = self.project.directory().or(first);
        let project = project.unwrap_or(Path::new(""));
        project.join("k8s").display().to_string()
    }

    fn field_text(&self, answer: &FieldAnswer, sources: &Sources, style: Style) -> String {
        let mut text = String::new();
        let folder = self.folder();
        let asked_by = answer.asked_by.map_or_else(String::new, |span| {
            format!(", asked for at {}", sources.describe(span))
        });
        // A manifest may be a part of another file: then the place is the one asked about.
        let place = match (&self.field, self.asked_line()) {
            (None, Some((file, line))) if !file.ends_with(&answer.file) => {
                format!("{file}:{line}")
            }
            _ => {
                let folder = folder.trim_end_matches('/');
                format!("{folder}/{}:{}", answer.file, answer.line)
            }
        };
        push(&mut text, &format!("{place}\n{}{asked_by}", answer.object));
        push(
            &mut text,
            &match (&answer.value, answer.path.is_empty()) {
                (_, true) => "the whole object".to_owned(),
                (Some(value), false) => format!("{} = {}", answer.path, short(value)),
                (None, false) => answer.path.clone(),
            },
        );
        if let Some(rule) = answer.rule {
            push(
                &mut text,
                &format!("\nrule: {}\n  {}", rule.name, rule.says),
            );
        }
        match answer.causes.as_slice() {
            [] => push(
                &mut text,
                "\nno key of the input decides it: it is the same for every such object",
            ),
            causes => {
                let decided = match answer.shared {
                    true => "\nshared by these: each would be enough alone",
                    false => "\ndecided by",
                };
                push(&mut text, decided);
                for key in causes {
                    push(&mut text, &shown(key, sources, style));
                }
            }
        }
        if answer.incomplete {
            push(&mut text, "\nnot every key was tried: the project is large");
        }
        text
    }

    fn key_text(&self, answer: &KeyAnswer, sources: &Sources, style: Style) -> String {
        let mut text = String::new();
        push(&mut text, &shown(&answer.key, sources, style));
        if let Some(found) = &answer.required {
            push(
                &mut text,
                &format!("\nit has to be there; without it: {}", found.message),
            );
        }
        match answer.effects.as_slice() {
            [] if !answer.said.is_empty() => push(
                &mut text,
                "\nnothing in the output depends on it; about it was said:",
            ),
            [] if answer.required.is_none() => push(
                &mut text,
                "\nnothing in the output depends on it: it restates a default, or another value counts more",
            ),
            [] => {}
            effects => {
                push(&mut text, "\nin the output");
                for effect in effects {
                    push(&mut text, &self.effect(effect));
                }
            }
        }
        for found in &answer.said {
            push(&mut text, &format!("\n{}", render(found, sources, style)));
        }
        text
    }

    fn effect(&self, effect: &Effect) -> String {
        let folder = self.folder();
        let mut place = format!("  {}/{}", folder.trim_end_matches('/'), effect.file);
        if let Some(line) = effect.line {
            let _ = write!(place, ":{line}");
        }
        let path = &effect.path;
        let what = match (&effect.change, path.is_empty()) {
            (Change::Makes(_), true) => format!("the whole object, {}", effect.object),
            (Change::Prevents, true) => format!("not made, but without the key: {}", effect.object),
            (Change::Makes(Some(value)), false) => format!("{path} = {}", short(value)),
            (Change::Makes(None), false) => path.clone(),
            (Change::Sets(value, other), false) => {
                format!(
                    "{path} = {} (without the key: {})",
                    short(value),
                    short(other)
                )
            }
            (Change::Sets(..), true) => effect.object.clone(),
            (Change::Prevents, false) => format!("without the key also: {path}"),
        };
        format!("{place}\n    {what}")
    }
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

fn short(value: &str) -> String {
    const MOST: usize = 120;
    let line = value.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(MOST).collect();
    match cut.len() < value.trim_end().len() {
        true => format!("{cut}…"),
        false => cut,
    }
}

/// A key with its line, as diagnostics show it.
fn shown(key: &Key, sources: &Sources, style: Style) -> String {
    render_place(key.span, &key.path, sources, style)
}

fn no_lines(file: &str, error: &FileError) -> Box<Diagnostic> {
    usage(
        format!("no line of `{file}` can be explained: {error}"),
        "ask about a line of a manifest or of an input, like `compose.yaml:12`",
    )
}

fn usage(message: String, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("usage", Span::NONE, message).help(help))
}

/// Where no project was found here, or not the one that was asked about.
fn name_the_input(found: &mut Diagnostic) {
    let is_elsewhere = found.code == "no-such-target" && found.message.contains("neither an input");
    if (found.code == "file" && found.span.is_none()) || is_elsewhere {
        found.help = "name the compose file, or the folder it lies in, with `-i`: \
             `kubewright explain … --input examples/shop`"
            .to_owned();
    }
}

fn failed(talk: &Talk, diagnostics: Vec<Diagnostic>, sources: &Sources) -> Exit {
    if talk.json {
        return fail(talk, Exit::Input, diagnostics, sources);
    }
    talk.diagnostics(&diagnostics, sources);
    Exit::Input
}

fn document(answer: &Answer, sources: &Sources) -> String {
    let (explanation, said) = match answer {
        Answer::Field(answer) => (field_json(answer, sources), Vec::new()),
        Answer::Key(answer) => (
            key_json(answer, sources),
            answer
                .said
                .iter()
                .map(|found| report(found, sources))
                .collect(),
        ),
    };
    let document = json!({
        "version": 1,
        "exit": 0,
        "files": [],
        "diagnostics": said,
        "vaultPlan": [],
        "explanation": explanation,
    });
    let mut text = serde_json::to_string_pretty(&document).expect("explanations are plain data");
    text.push('\n');
    text
}

fn field_json(answer: &FieldAnswer, sources: &Sources) -> Value {
    let causes: Vec<Value> = answer
        .causes
        .iter()
        .map(|key| key_place(key, sources))
        .collect();
    let mut value = json!({
        "file": answer.file,
        "line": answer.line,
        "object": answer.object,
        "field": answer.path,
        "inputs": causes,
        "complete": !answer.incomplete,
    });
    if answer.shared {
        value["shared"] = json!(true);
    }
    if let Some(scalar) = &answer.value {
        value["value"] = json!(scalar);
    }
    if let Some(rule) = answer.rule {
        value["rule"] = json!(rule.name);
        value["ruleSays"] = json!(rule.says);
    }
    value
}

fn key_json(answer: &KeyAnswer, sources: &Sources) -> Value {
    let effects: Vec<Value> = answer
        .effects
        .iter()
        .map(|effect| {
            let mut value = json!({
                "file": effect.file,
                "object": effect.object,
                "field": effect.path,
            });
            if let Some(line) = effect.line {
                value["line"] = json!(line);
            }
            match &effect.change {
                Change::Makes(Some(text)) => value["value"] = json!(text),
                Change::Makes(None) => {}
                Change::Sets(text, other) => {
                    value["value"] = json!(text);
                    value["without"] = json!(other);
                }
                Change::Prevents => value["prevented"] = json!(true),
            }
            value
        })
        .collect();
    json!({
        "inputs": [key_place(&answer.key, sources)],
        "required": answer.required.is_some(),
        "outputs": effects,
    })
}

fn key_place(key: &Key, sources: &Sources) -> Value {
    let mut value = json!({ "path": key.path });
    if let Some((start, _)) = sources.places(key.span) {
        let name = sources
            .get(key.span.source)
            .map_or("", |source| source.name());
        value["file"] = json!(name);
        value["line"] = json!(start.line);
        value["column"] = json!(start.column);
    }
    value
}

//! Dockerfiles: what an image is built from, its ports, its user.
//!
//! <https://docs.docker.com/reference/dockerfile/>

mod instruction;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::inside::Inside;
use crate::inventory::{Inventory, folder_of, name_of};
use instruction::{Instruction, instructions};

/// How long a Dockerfile may be, in bytes.
const LONGEST: u64 = 1 << 20;

/// Dockerfiles that are read.
const MOST: usize = 5_000;

/// A Dockerfile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dockerfile {
    /// Its path.
    pub path: String,
    /// The stages, in order.
    pub stages: Vec<Stage>,
    /// The image that the last stage stands on in the end, through stages that
    /// build on each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_image: Option<String>,
    /// What the last stage exposes, with what it has from stages that it builds on.
    pub ports: Vec<ExposedPort>,
    /// The user of the last stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Its working folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_dir: Option<String>,
    /// Whether it says how to tell that it is well.
    pub has_healthcheck: bool,
    /// Arguments of the build without a value of their own.
    pub required_args: Vec<String>,
    /// What is odd about it.
    pub warnings: Vec<String>,
}

/// A stage of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// What `AS` calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What stands behind `FROM`, with the arguments above it filled in: an image or
    /// the name of a stage.
    pub from: String,
}

/// A port that an image says it listens on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ExposedPort {
    /// 1 to 65535.
    pub port: u16,
    /// `tcp` or `udp`.
    pub protocol: &'static str,
}

/// All Dockerfiles, by their paths.
pub(crate) fn dockerfiles(inventory: &Inventory, files: &Inside<'_>) -> Vec<Dockerfile> {
    let paths = inventory.paths().filter(|path| is_dockerfile(path));
    let found = paths
        .take(MOST)
        .map(|path| match files.text(path, LONGEST) {
            Some(text) => Dockerfile {
                path: path.to_owned(),
                ..read(&text)
            },
            None => Dockerfile {
                path: path.to_owned(),
                warnings: vec!["it is no text, or cannot be read".to_owned()],
                ..Dockerfile::default()
            },
        });
    found.collect()
}

/// Ends of names of files about Dockerfiles, made into them, or by them.
const OTHERS: [&str; 22] = [
    "bak",
    "dockerignore",
    "erb",
    "go",
    "html",
    "j2",
    "jinja",
    "js",
    "json",
    "lock",
    "md",
    "orig",
    "py",
    "rs",
    "sh",
    "template",
    "tmpl",
    "tpl",
    "ts",
    "txt",
    "yaml",
    "yml",
];

/// `Dockerfile`, `Dockerfile.dev`, `api.Dockerfile`, `Containerfile`; not their
/// `.dockerignore`s, and no templates.
fn is_dockerfile(path: &str) -> bool {
    let name = name_of(path);
    let lower = name.to_ascii_lowercase();
    let end = lower.rsplit_once('.').map(|(_, end)| end);
    let is_other = end.is_some_and(|end| OTHERS.contains(&end));
    let is_fixture = crate::module::is_example(folder_of(path));
    let one = |kind: &str| {
        lower == kind
            || lower.starts_with(&format!("{kind}."))
            || lower.ends_with(&format!(".{kind}"))
    };
    !is_other && !is_fixture && (one("dockerfile") || one("containerfile"))
}

/// What a stage has said so far.
#[derive(Clone, Default)]
struct State {
    base: Option<String>,
    ports: Vec<ExposedPort>,
    user: Option<String>,
    working_dir: Option<String>,
    has_healthcheck: bool,
    /// Variables of `ARG` and `ENV`.
    variables: BTreeMap<String, String>,
}

/// Reads a Dockerfile; nothing in it is an error, as nothing is built here.
pub(crate) fn read(text: &str) -> Dockerfile {
    let mut file = Dockerfile::default();
    let mut global: BTreeMap<String, String> = BTreeMap::new();
    let mut done: Vec<(Option<String>, State)> = Vec::new();
    let mut current: Option<State> = None;
    let instructions = instructions(text);
    if instructions.is_empty() {
        file.warnings.push("it is empty".to_owned());
        return file;
    }
    for instruction in &instructions {
        if instruction.name == "FROM" {
            if let Some(state) = current.take() {
                let name = file
                    .stages
                    .last()
                    .and_then(|stage: &Stage| stage.name.clone());
                done.push((name, state));
            }
            let stage = stage(&instruction.rest, &global);
            current = Some(start(&stage, &done));
            file.stages.push(stage);
            continue;
        }
        match &mut current {
            None if instruction.name == "ARG" => {
                argument(&instruction.rest, &mut global, &mut file.required_args);
            }
            None => {}
            Some(state) => follow(instruction, state, &global),
        }
    }
    let Some(state) = current else {
        file.warnings.push("it has no `FROM`".to_owned());
        return file;
    };
    file.base_image = state.base;
    file.ports = state.ports;
    file.user = state.user;
    file.working_dir = state.working_dir;
    file.has_healthcheck = state.has_healthcheck;
    file
}

/// `[--platform=…] image [AS name]`.
fn stage(rest: &str, global: &BTreeMap<String, String>) -> Stage {
    let mut words = rest
        .split_whitespace()
        .filter(|word| !word.starts_with("--"));
    let from = words.next().unwrap_or_default();
    let is_named = words
        .next()
        .is_some_and(|word| word.eq_ignore_ascii_case("as"));
    let name = words.next().filter(|_| is_named);
    Stage {
        from: filled(from, &[global]),
        name: name.map(str::to_owned),
    }
}

/// What a stage begins with: what an earlier one ended with, or an image.
fn start(stage: &Stage, done: &[(Option<String>, State)]) -> State {
    let same = |name: &str| name.eq_ignore_ascii_case(&stage.from);
    let mut earlier = done.iter().rev();
    let before = earlier.find(|(name, _)| name.as_deref().is_some_and(same));
    match before {
        Some((_, state)) => state.clone(),
        None => State {
            base: Some(stage.from.clone()).filter(|from| !from.is_empty()),
            ..State::default()
        },
    }
}

fn argument(rest: &str, known: &mut BTreeMap<String, String>, required: &mut Vec<String>) {
    for word in rest.split_whitespace() {
        match word.split_once('=') {
            Some((name, value)) => {
                let value = filled(unquoted(value), &[known]);
                known.insert(name.to_owned(), value);
            }
            None if is_built_in(word) || required.iter().any(|name| name == word) => {}
            None => required.push(word.to_owned()),
        }
    }
}

/// What BuildKit gives by itself.
fn is_built_in(name: &str) -> bool {
    name.starts_with("TARGET") || name.starts_with("BUILD") && name != "BUILD"
}

fn follow(instruction: &Instruction, state: &mut State, global: &BTreeMap<String, String>) {
    let rest = instruction.rest.as_str();
    match instruction.name.as_str() {
        "ARG" => {
            for word in rest.split_whitespace() {
                let value = match word.split_once('=') {
                    Some((name, value)) => {
                        Some((name, filled(unquoted(value), &[&state.variables])))
                    }
                    None => global.get(word).map(|value| (word, value.clone())),
                };
                if let Some((name, value)) = value {
                    state.variables.insert(name.to_owned(), value);
                }
            }
        }
        "ENV" => environment(rest, &mut state.variables),
        "EXPOSE" => {
            for word in rest.split_whitespace() {
                for port in ports(&filled(word, &[&state.variables])) {
                    if !state.ports.contains(&port) {
                        state.ports.push(port);
                    }
                }
            }
        }
        "USER" => state.user = word(rest, state),
        "WORKDIR" => state.working_dir = word(rest, state),
        "HEALTHCHECK" => state.has_healthcheck = !rest.trim().eq_ignore_ascii_case("none"),
        _ => {}
    }
}

fn word(rest: &str, state: &State) -> Option<String> {
    let text = filled(unquoted(rest.trim()), &[&state.variables]);
    (!text.is_empty()).then_some(text)
}

/// `A=b C="d e"`, or `A the rest`.
fn environment(rest: &str, variables: &mut BTreeMap<String, String>) {
    let first = rest.split_whitespace().next().unwrap_or_default();
    if !first.contains('=') {
        let value = rest.trim_start().strip_prefix(first).unwrap_or_default();
        variables.insert(first.to_owned(), value.trim().to_owned());
        return;
    }
    for word in rest.split_whitespace() {
        if let Some((name, value)) = word.split_once('=') {
            let value = filled(unquoted(value), &[variables]);
            variables.insert(name.to_owned(), value);
        }
    }
}

/// `80`, `80/udp`, `8000-8010`.
fn ports(text: &str) -> Vec<ExposedPort> {
    let (numbers, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let protocol = match protocol.eq_ignore_ascii_case("udp") {
        true => "udp",
        false => "tcp",
    };
    let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let (Ok(first), Ok(last)) = (first.parse::<u16>(), last.parse::<u16>()) else {
        return Vec::new();
    };
    let all = first.max(1)..=last;
    all.take(100)
        .map(|port| ExposedPort { port, protocol })
        .collect()
}

fn unquoted(text: &str) -> &str {
    let double = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let single = || {
        text.strip_prefix('\'')
            .and_then(|rest| rest.strip_suffix('\''))
    };
    double.or_else(single).unwrap_or(text)
}

/// Longer values are cut off: variables made of variables could double at every
/// line.
const LONGEST_VALUE: usize = 4096;

/// References to known variables filled in: `$A`, `${A}`, `${A:-b}`, `${A:+b}`;
/// unknown ones stay as they are.
fn filled(text: &str, known: &[&BTreeMap<String, String>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        if out.len() > LONGEST_VALUE {
            break;
        }
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let (reference, body, after) =
            match behind.strip_prefix('{').and_then(|b| b.split_once('}')) {
                Some((body, after)) => (&rest[at..rest.len() - after.len()], body, after),
                None => {
                    let end = behind.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
                    let (body, after) = behind.split_at(end.unwrap_or(behind.len()));
                    (&rest[at..rest.len() - after.len()], body, after)
                }
            };
        match value(body, known) {
            Some(value) => out.push_str(&value),
            None => out.push_str(reference),
        }
        rest = after;
    }
    out.push_str(rest);
    out.truncate(out.floor_char_boundary(LONGEST_VALUE));
    out
}

fn value(body: &str, known: &[&BTreeMap<String, String>]) -> Option<String> {
    let (name, fallback) = match body.split_once(":-").or_else(|| body.split_once('-')) {
        Some((name, fallback)) => (name, Some(fallback)),
        None => (body, None),
    };
    let found = known.iter().find_map(|all| all.get(name));
    found.map(String::as_str).or(fallback).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_by_their_names() {
        let table = [
            ("Dockerfile", true),
            ("a/Dockerfile.dev", true),
            ("api.Dockerfile", true),
            ("x/api.dockerfile", true),
            ("Containerfile", true),
            ("Dockerfile.dockerignore", false),
            ("Dockerfile.j2", false),
            ("Dockerfiles", false),
            ("mydockerfile", false),
            ("languages/dockerfile.js", false),
            ("pkg/testdata/Dockerfile", false),
        ];
        for (path, expected) in table {
            assert_eq!(is_dockerfile(path), expected, "{path}");
        }
    }

    #[test]
    fn a_build_of_several_stages() {
        let file = read(
            "# syntax=docker/dockerfile:1\n\
             ARG NODE=20\nARG TOKEN\n\
             FROM --platform=$BUILDPLATFORM node:${NODE}-alpine AS base\n\
             ENV PORT=3000 A=\"b\"\n\
             WORKDIR /app\n\
             EXPOSE $PORT 9000-9001/udp\n\
             FROM base as build\nRUN npm ci \\\n  # a comment\n  && npm run build\nUSER root\n\
             FROM base\nCOPY --from=build /app /app\nUSER node:node\nEXPOSE 3000 9229\n\
             HEALTHCHECK CMD wget localhost\n",
        );
        let stages: Vec<_> = file
            .stages
            .iter()
            .map(|stage| (stage.name.as_deref(), stage.from.as_str()))
            .collect();
        let expected = [
            (Some("base"), "node:20-alpine"),
            (Some("build"), "base"),
            (None, "base"),
        ];
        assert_eq!(stages, expected);
        assert_eq!(file.base_image.as_deref(), Some("node:20-alpine"));
        assert_eq!(file.user.as_deref(), Some("node:node"));
        assert_eq!(file.working_dir.as_deref(), Some("/app"));
        let ports: Vec<_> = file.ports.iter().map(|p| (p.port, p.protocol)).collect();
        assert_eq!(
            ports,
            [(3000, "tcp"), (9000, "udp"), (9001, "udp"), (9229, "tcp")]
        );
        assert!(file.has_healthcheck);
        assert_eq!(file.required_args, ["TOKEN"]);
        assert!(file.warnings.is_empty());
    }

    #[test]
    fn variables_of_variables_stay_short() {
        let doubled = |n: usize| format!("ARG A{}=${{A{n}}}${{A{n}}}\n", n + 1);
        let arguments: String = (0..60).map(doubled).collect();
        let file = read(&format!("ARG A0=x\n{arguments}FROM ${{A60}}\n"));
        let base = file.base_image.unwrap();
        assert_eq!(base.len(), LONGEST_VALUE);
    }

    #[test]
    fn files_that_build_nothing() {
        assert_eq!(read("").warnings, ["it is empty"]);
        assert_eq!(read("# a comment\n").warnings, ["it is empty"]);
        assert_eq!(read("RUN a\n").warnings, ["it has no `FROM`"]);
        let file = read("FROM");
        assert_eq!(file.base_image, None);
    }

    #[test]
    fn references_in_words() {
        let known = BTreeMap::from([("A".to_owned(), "x".to_owned())]);
        let table = [
            ("$A", "x"),
            ("${A}-y", "x-y"),
            ("${B:-z}", "z"),
            ("$B/$A", "$B/x"),
            ("${A", "${A"),
            ("a$", "a$"),
            ("ä$A", "äx"),
        ];
        for (text, expected) in table {
            assert_eq!(filled(text, &[&known]), expected, "{text}");
        }
    }
}

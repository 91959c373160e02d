//! Which language an input is written in: its content says so, not its name.

use std::path::PathBuf;

use kubewright_files::{self as files, Files};
use kubewright_read::compose::load::Input;
use kubewright_read::wizard;
use kubewright_source::{Diagnostic, Diagnostics, SourceId, Sources, Span};
use kubewright_yaml::{Limits, Node, looks_like_json, read_document, read_json};

use crate::Request;

/// What the inputs of a run are.
pub(crate) enum Language {
    /// Compose files, found or named; the loader reads them itself.
    Compose,
    /// The state of the wizard, read.
    Wizard(Node),
    /// A list of resources, read.
    Resources(Node),
    /// An `apps.yaml`, read.
    Apps(Node),
}

/// Keys that only a compose file has at its top.
const COMPOSE: &[&str] = &["include", "services"];
/// Keys that others may have there, too.
const COMMON: &[&str] = &[
    "configs", "models", "name", "networks", "secrets", "version", "volumes",
];
/// Keys at the top of a wizard's state.
const WIZARD: &[&str] = &["_services", "_infraDecisions"];
/// Keys at the top of an `apps.yaml`.
const APPS: &[&str] = &[
    "apps",
    "charts",
    "compose",
    "functions",
    "gateway",
    "helm",
    "infrastructure",
    "kustomize",
    "serverless",
    "templates",
];

/// Finds out. None where the inputs cannot be read together, or one is nothing
/// that is known; the reason is an error then.
pub(crate) fn language(
    request: &Request,
    files: &dyn Files,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Language> {
    let found = found(request, files);
    let inputs = if found.is_empty() {
        &request.inputs
    } else {
        &found
    };
    let (mut states, mut apps) = (Vec::new(), Vec::new());
    for input in inputs {
        // What cannot be read is said by the loader of compose files.
        let Some((name, text)) = text(input, files) else {
            continue;
        };
        match kind(&text, sources.next_id()) {
            Kind::Wizard(root) => states.push((name, text, root)),
            _ if request.wizard_only => {
                diagnostics.push(no_state(name, text, sources));
                return None;
            }
            Kind::Compose => {}
            Kind::Apps => apps.push((name, text)),
            Kind::Unknown(keys) => {
                diagnostics.push(unknown(&name, &keys));
                return None;
            }
        }
    }
    if let Some((name, text)) = apps.pop() {
        if inputs.len() > 1 {
            diagnostics.push(together(&name, "an `apps.yaml`"));
            return None;
        }
        return Some(Language::Apps(tree(name, text, sources, diagnostics)?));
    }
    let Some((name, text, root)) = states.pop() else {
        return Some(Language::Compose);
    };
    if !states.is_empty() || inputs.len() > 1 {
        diagnostics.push(together(&name, "a wizard's state"));
        return None;
    }
    // The only input is the next text: the spans of its tree are right.
    let source = sources.add(name, text);
    let text = || sources.get(source).map_or("", |source| source.text());
    match root.map_or_else(|| parse(text(), source), Ok) {
        Ok(node) if wizard::is_state(&node) => Some(Language::Wizard(node)),
        Ok(node) if wizard::is_resources(&node) => Some(Language::Resources(node)),
        Ok(node) => Some(Language::Wizard(node)),
        Err(found) => {
            diagnostics.push(found);
            None
        }
    }
}

/// The `apps.yaml` of the project's folder, where no input is named.
fn found(request: &Request, folder_of: &dyn Files) -> Vec<Input> {
    let folder = request.project_directory.clone().unwrap_or_default();
    let names = ["apps.yaml", "apps.yml"]
        .iter()
        .filter(|_| request.inputs.is_empty());
    let mut paths = names.map(|name| folder.join(name));
    let is_file = |path: &PathBuf| matches!(folder_of.kind(path), Ok(files::Kind::File { .. }));
    let path = paths.find(is_file);
    path.map(Input::File).into_iter().collect()
}

/// The tree of the only input.
fn tree(
    name: String,
    text: String,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    let source = sources.add(name, text);
    let text = sources.get(source).map_or("", |source| source.text());
    match parse(text, source) {
        Ok(node) => Some(node),
        Err(found) => {
            diagnostics.push(found);
            None
        }
    }
}

fn text(input: &Input, files: &dyn Files) -> Option<(String, String)> {
    match input {
        Input::Text { name, text } => Some((name.clone(), text.clone())),
        Input::File(path) => {
            let limit = u64::try_from(Limits::default().max_bytes).unwrap_or(u64::MAX);
            let bytes = files.read_limited(path, limit).ok()?;
            let name = path.display().to_string();
            let text = kubewright_yaml::decode(bytes, &name).ok()?;
            Some((name, text))
        }
    }
}

enum Kind {
    Compose,
    /// With its tree, where it could be read.
    Wizard(Option<Node>),
    Apps,
    /// With the keys that stand there.
    Unknown(Vec<String>),
}

/// `source` is the id that the text would get.
fn kind(text: &str, source: SourceId) -> Kind {
    let mentions = |keys: &[&str]| keys.iter().any(|key| text.contains(key));
    let (keys, root) = match looks_like_json(text) || mentions(WIZARD) {
        // Only a look at the tree tells a key from a text that mentions it.
        true => match parse(text, source) {
            Ok(node) => (keys_of(&node), Some(node)),
            Err(_) if mentions(WIZARD) => return Kind::Wizard(None),
            Err(_) => return Kind::Compose,
        },
        false => (keys_at_margin(text), None),
    };
    let has = |known: &[&str]| {
        keys.iter()
            .find(|key| known.contains(&key.as_str()))
            .cloned()
    };
    if has(WIZARD).is_some() {
        return Kind::Wizard(root);
    }
    if has(COMPOSE).is_some() || keys.is_empty() {
        return Kind::Compose;
    }
    // Other lists are called so, too: a kustomization's names files.
    if has(&["resources"]).is_some() {
        let root = root.or_else(|| parse(text, source).ok());
        if let Some(root) = root.filter(wizard::is_resources) {
            return Kind::Wizard(Some(root));
        }
    }
    match has(APPS) {
        Some(_) => Kind::Apps,
        None if has(COMMON).is_some() => Kind::Compose,
        None => Kind::Unknown(keys),
    }
}

fn parse(text: &str, source: SourceId) -> Result<Node, Diagnostic> {
    let limits = Limits::default();
    if !looks_like_json(text) {
        return yaml(text, source, &limits);
    }
    // YAML in brackets may say more than JSON can; its faults are told as JSON's.
    read_json(text, source, &limits).or_else(|fault| match fault.code {
        "json-syntax" => yaml(text, source, &limits).map_err(|_| fault),
        _ => Err(fault),
    })
}

fn yaml(text: &str, source: SourceId, limits: &Limits) -> Result<Node, Diagnostic> {
    let node = read_document(text, source, limits)?;
    Ok(node.unwrap_or_else(|| Node::null(Span::NONE)))
}

fn keys_of(node: &Node) -> Vec<String> {
    let keys = node
        .as_mapping()
        .into_iter()
        .flat_map(|mapping| mapping.keys());
    keys.map(str::to_owned).collect()
}

/// The keys that stand at the beginning of a line. Reading the whole tree only
/// to look at its top would take as long as all the rest.
fn keys_at_margin(text: &str) -> Vec<String> {
    let key = |line: &str| {
        let first = line.chars().next()?;
        if !first.is_alphanumeric() && !matches!(first, '_' | '"' | '\'' | '.') {
            return None;
        }
        let (key, rest) = line.split_once(':')?;
        let is_key = rest.is_empty() || rest.starts_with([' ', '\t', '\r']);
        is_key.then(|| key.trim().trim_matches(['"', '\'']).to_owned())
    };
    text.trim_start_matches('\u{feff}')
        .lines()
        .filter_map(key)
        .collect()
}

/// What can be read, for messages.
const SUPPORTED: &str = "a compose file has `services`, a wizard's state `_services` or `_infraDecisions`, a list of resources `resources`, an `apps.yaml` `apps` or `gateway`";

fn unknown(name: &str, keys: &[String]) -> Diagnostic {
    let has = |key: &str| keys.iter().any(|known| known == key);
    if has("apiVersion") && has("kind") {
        return Diagnostic::error(
            "unknown-input",
            Span::NONE,
            format!(
                "`{name}` has `apiVersion` and `kind` at its top: this is a Kubernetes object already"
            ),
        )
        .help(format!("`kubectl apply -f {name}` takes it as it is; {SUPPORTED}"));
    }
    let shown: Vec<String> = keys
        .iter()
        .take(3)
        .map(|key| kubewright_read::fields::shown(key))
        .collect();
    Diagnostic::error(
        "unknown-input",
        Span::NONE,
        format!(
            "`{name}` is nothing that is known: at its top stands {}",
            shown.join(", ")
        ),
    )
    .help(format!("looked for: {SUPPORTED}"))
}

/// Why a text is no state where only one is taken.
fn no_state(name: String, text: String, sources: &mut Sources) -> Diagnostic {
    const WANTED: &str = "give what the wizard collects: an object with `_services` or `_infraDecisions`, or with a list `resources`";
    let source = sources.add(name.clone(), text);
    let text = sources.get(source).map_or("", |source| source.text());
    let error = |what: &str| {
        let message =
            format!("`{name}` is neither a wizard's state nor a list of resources: {what}");
        Diagnostic::error("not-a-state", Span::NONE, message).help(WANTED)
    };
    if text.trim().is_empty() {
        return error("it is empty");
    }
    match read_json(text, source, &Limits::default()) {
        Err(fault) if looks_like_json(text) => fault,
        Err(_) => error("it is no JSON"),
        Ok(node) if node.as_mapping().is_none() => error("it is no object"),
        Ok(node) => match node.get("services") {
            Some(_) => error("`services` at its top makes it a compose file"),
            None => error("none of their keys stands at its top"),
        },
    }
}

fn together(name: &str, what: &str) -> Diagnostic {
    Diagnostic::error(
        "inputs-apart",
        Span::NONE,
        format!("`{name}` is {what}, which cannot be read together with another input yet"),
    )
    .help("generate each input into a folder of its own, with `--output`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_the_language() {
        let rows = [
            ("services:\n  a: {}\n", "compose"),
            ("# _services\nservices: {}\n", "compose"),
            ("{\"services\": {}}", "compose"),
            ("{services: {}}", "compose"),
            ("", "compose"),
            ("x-a: 1\nname: b\n", "compose"),
            ("{\"_services\": []}", "wizard"),
            ("\t{\t\"_infraDecisions\": []}", "wizard"),
            ("_services: []\n", "wizard"),
            ("{\"_services\": [}", "wizard"),
            ("version: \"3\"\napps: []\n", "apps"),
            ("apps:\n  a: {}\n", "apps"),
            ("{\"gateway\": {}}", "apps"),
            ("foo: 1\nbar: 2\n", "unknown"),
            ("{\"a\": \"_services\"}", "unknown"),
            ("{\"resources\": [{\"name\": \"web\"}]}", "wizard"),
            ("resources:\n  - kind: Service\n", "wizard"),
            ("resources:\n  - web.yaml\n", "unknown"),
        ];
        for (text, expected) in rows {
            let found = match kind(text, SourceId::NONE) {
                Kind::Compose => "compose",
                Kind::Wizard(_) => "wizard",
                Kind::Apps => "apps",
                Kind::Unknown(_) => "unknown",
            };
            assert_eq!(found, expected, "{text}");
        }
    }
}

//! The state of the wizard, kept in the project from one time to the next.
//!
//! Ours lies beside the output, `.kubewright/wizard-state.json` in the project's
//! folder: whoever looks for it does not know yet where the output goes. The file of
//! the original wizard, `k8s/.wizard-state.json`, is read where there is none of ours.

use std::path::Path;

use kubewright_disk::{Kept, WriteError};
use kubewright_read::wizard::kept;
use kubewright_source::{Diagnostic, SourceId, Span};
use kubewright_yaml::{Key, Limits, Node, Scalar, Value, read_json, to_json};

/// Where the state is kept, in the project's folder.
pub const STATE_FILE: &str = ".kubewright/wizard-state.json";

const OURS: (&str, &str) = (".kubewright", "wizard-state.json");
const THEIRS: (&str, &str) = ("k8s", ".wizard-state.json");

/// Why a state was not kept, or could not be had.
#[derive(Debug)]
pub enum StateError {
    /// It has neither services nor infrastructure.
    Nothing,
    /// It is no JSON that a state could be.
    Unreadable(Box<Diagnostic>),
    /// The disk refused.
    Disk(Box<WriteError>),
}

impl From<WriteError> for StateError {
    fn from(error: WriteError) -> Self {
        Self::Disk(Box::new(error))
    }
}

impl From<Diagnostic> for StateError {
    fn from(found: Diagnostic) -> Self {
        Self::Unreadable(Box::new(found))
    }
}

/// Keeps a state: without transient keys and secret values, keys sorted, so that
/// equal states are equal files. `saved_at` goes in where it is given.
///
/// # Errors
/// [`StateError`]; the file is as it was then.
pub fn save_state(project: &Path, text: &str, saved_at: Option<&str>) -> Result<(), StateError> {
    let mut root = parse(text)?;
    if kept::says_nothing(&root) {
        return Err(StateError::Nothing);
    }
    kept::keep(&mut root, saved_at);
    let mut text = to_json(&root);
    text.push('\n');
    file(project, OURS).write(text.as_bytes())?;
    Ok(())
}

/// The state that is kept; none where there is none. What an older program left in
/// it of secrets is left out.
///
/// # Errors
/// [`StateError`], where there is one and it cannot be read.
pub fn kept_state(project: &Path) -> Result<Option<Node>, StateError> {
    let limit = Limits::default().max_bytes as u64;
    for place in [OURS, THEIRS] {
        if let Some(bytes) = file(project, place).read(limit)? {
            let name = format!("{}/{}", place.0, place.1);
            return open(&name, bytes).map(Some);
        }
    }
    Ok(None)
}

/// The state that is kept as JSON, `ok: true` among its members; none where there is
/// none.
///
/// # Errors
/// As [`kept_state`].
pub fn shown_state(project: &Path) -> Result<Option<String>, StateError> {
    let Some(mut state) = kept_state(project)? else {
        return Ok(None);
    };
    if let Some(members) = state.as_mapping_mut() {
        let yes = Node::new(Span::NONE, Value::Scalar(Scalar::plain("true")));
        members.insert(Key::new("ok", Span::NONE), yes);
    }
    Ok(Some(to_json(&state)))
}

/// Forgets the state and says whether there was one.
///
/// # Errors
/// [`StateError::Disk`].
pub fn forget_state(project: &Path) -> Result<bool, StateError> {
    let ours = file(project, OURS).remove()?;
    let theirs = file(project, THEIRS).remove()?;
    Ok(ours || theirs)
}

fn file<'p>(project: &'p Path, (folder, name): (&'p str, &'p str)) -> Kept<'p> {
    Kept {
        project,
        folder,
        name,
    }
}

fn open(name: &str, bytes: Vec<u8>) -> Result<Node, StateError> {
    let text = kubewright_yaml::decode(bytes, name)?;
    let mut root = parse(&text)?;
    if let Some(version) = kept::foreign_version(&root) {
        let message = format!("`{name}` has `_version` {version}, which a newer kubewright wrote");
        return Err(Diagnostic::error("state-newer", Span::NONE, message)
            .help("use that kubewright, or remove the file and start again")
            .into());
    }
    let saved_at = root.get("_savedAt").and_then(Node::as_scalar);
    let saved_at = saved_at.map(|time| time.text.to_string());
    kept::keep(&mut root, saved_at.as_deref());
    Ok(root)
}

fn parse(text: &str) -> Result<Node, Diagnostic> {
    let root = read_json(text, SourceId::NONE, &Limits::default())?;
    match root.as_mapping() {
        Some(_) => Ok(root),
        None => Err(
            Diagnostic::error("wrong-type", Span::NONE, "a state is a JSON object")
                .help("send what the wizard collects: an object with `_services`"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const STATE: &str = r#"{"_services":[{"name":"a","_compose":{},"envVars":[
        {"key":"K","type":"secret","createInVault":true,"newValue":"hunter2"}]}],"action":"setup_k8s"}"#;

    #[test]
    fn a_state_survives_without_its_secrets() {
        let project = tempfile::tempdir().unwrap();
        assert!(kept_state(project.path()).unwrap().is_none());
        save_state(project.path(), STATE, None).unwrap();
        let text = fs::read_to_string(project.path().join(STATE_FILE)).unwrap();
        assert!(
            !text.contains("hunter2") && !text.contains("_compose"),
            "{text}"
        );
        assert!(
            !text.contains("action") && !text.contains("_savedAt"),
            "{text}"
        );
        let state = kept_state(project.path()).unwrap().unwrap();
        assert!(state.get("_services").is_some());
        assert!(forget_state(project.path()).unwrap());
        assert!(!forget_state(project.path()).unwrap());
    }

    #[test]
    fn numbers_of_any_size_survive() {
        let project = tempfile::tempdir().unwrap();
        let text =
            r#"{"_services":[{"name":"a","replicas":1e400,"port":12345678901234567890123}]}"#;
        save_state(project.path(), text, None).unwrap();
        let state = to_json(&kept_state(project.path()).unwrap().unwrap());
        assert!(state.contains("\"replicas\": 1e400"), "{state}");
        assert!(
            state.contains("\"port\": 12345678901234567890123"),
            "{state}"
        );
    }

    #[test]
    fn equal_states_are_equal_files() {
        let texts = [
            r#"{"namespace":"n","_services":[{"name":"a","kind":"Job"}]}"#,
            r#"{"_services":[{"kind":"Job","name":"a"}],"namespace":"n"}"#,
        ];
        let files = texts.map(|text| {
            let project = tempfile::tempdir().unwrap();
            save_state(project.path(), text, None).unwrap();
            fs::read_to_string(project.path().join(STATE_FILE)).unwrap()
        });
        assert_eq!(files[0], files[1]);
    }

    #[test]
    fn the_original_file_is_read_until_there_is_one_of_ours() {
        let project = tempfile::tempdir().unwrap();
        fs::create_dir(project.path().join("k8s")).unwrap();
        let theirs = project.path().join("k8s/.wizard-state.json");
        let old = r#"{"_services":[{"name":"old","envVars":[{"key":"A","newValue":"hunter2"}]}],"_savedAt":"2026","_version":1}"#;
        fs::write(&theirs, old).unwrap();
        let state = serde_json::to_string(&kept_state(project.path()).unwrap()).unwrap();
        assert!(state.contains("old") && state.contains("2026"), "{state}");
        assert!(!state.contains("hunter2"), "{state}");
        save_state(project.path(), STATE, Some("2027")).unwrap();
        let state = serde_json::to_string(&kept_state(project.path()).unwrap()).unwrap();
        assert!(!state.contains("old") && state.contains("2027"), "{state}");
        assert!(forget_state(project.path()).unwrap());
        assert!(!theirs.exists());
    }

    #[test]
    fn what_is_no_state_is_refused() {
        let project = tempfile::tempdir().unwrap();
        let rows = [
            (r#"{"_services":[]}"#, "nothing"),
            ("{", "json-syntax"),
            ("[1]", "wrong-type"),
        ];
        for (text, expected) in rows {
            let code = match save_state(project.path(), text, None) {
                Err(StateError::Nothing) => "nothing",
                Err(StateError::Unreadable(found)) => found.code,
                Err(StateError::Disk(_)) | Ok(()) => "none",
            };
            assert_eq!(code, expected, "{text}");
        }
        assert!(!project.path().join(".kubewright").exists());
        save_state(project.path(), STATE, None).unwrap();
        fs::write(project.path().join(STATE_FILE), r#"{"_version":2}"#).unwrap();
        let Err(StateError::Unreadable(found)) = kept_state(project.path()) else {
            panic!("a newer state is not understood");
        };
        assert_eq!(found.code, "state-newer");
    }
}

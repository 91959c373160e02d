//! Files of the project: mounted, or read for their variables.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kubewright_files::{FileError, Kind};
use kubewright_knowledge::secret::{holds_credential, holds_password, looks_secret};
use kubewright_model::file::{
    Bytes, ExistingFiles, FileContent, FileMount, FolderFile, MOST_BYTES,
};
use kubewright_model::value::{DataKey, FileMode, ObjectName, SecretText, SubPath, VariableName};
use kubewright_model::variable::{SecretVariable, Variable, VariableValue};
use kubewright_model::{Given, Located, MountPath};
use kubewright_source::Diagnostics;

use super::given::{members, parsed, text, word};
use super::scope::Scope;
use crate::apps::document::Asked;
use crate::apps::write::base64::decoded;
use crate::dotenv::{EnvFile, Format};
use crate::fields::{At, Fields};
use crate::interpolate::MissingVariables;

/// How many files a folder may hold: each is an entry of the pod.
const MOST_FILES: usize = 500;

/// The block `files`.
pub(super) fn read(fields: &Fields<'_>, scope: &Scope<'_>) -> Vec<FileMount> {
    let Some(at) = fields.get("files") else {
        return Vec::new();
    };
    let files = members(&at).into_iter();
    files
        .filter_map(|(path, at)| {
            let path = path?.map(str::to_owned);
            file(at.checked(&path, MountPath::parse)?, at, scope)
        })
        .collect()
}

fn file(path: Located<MountPath>, at: At<'_>, scope: &Scope<'_>) -> Option<FileMount> {
    let fields = at.fields(format!("file `{}`", path.value))?;
    let content = if let Some(source) = fields.get("source") {
        source_of(&source, scope)
    } else if let Some(content) = text(&fields, "content") {
        let bytes = Bytes::from(content.value.as_bytes());
        let fits = fits(fields.at(), "the text", bytes.len() as u64);
        fits.then(|| FileContent::File(Located::new(bytes, content.span)))
    } else if let Some(binary) = fields.get("binary") {
        self::binary(&binary).map(FileContent::File)
    } else if let Some(folder) = fields.get("folder") {
        described(&folder).map(FileContent::Folder)
    } else if let Some(secret) = text(&fields, "secret") {
        Some(FileContent::Secret(secret))
    } else if let Some(existing) = existing(&fields, "configmap_ref") {
        existing.map(FileContent::ConfigMap)
    } else if let Some(existing) = existing(&fields, "secret_ref") {
        existing.map(FileContent::ExistingSecret)
    } else {
        fields.at().error(
            "missing-key",
            format!("{} has no content", fields.what()),
            "write the path of a file or folder, `content` or `secret`",
        );
        None
    };
    let mode = parsed(&fields, "mode", FileMode::parse);
    let (source, read_only) = (text(&fields, "source"), fields.bool("read_only"));
    fields.finish();
    Some(FileMount {
        path,
        content: content?,
        source,
        mode,
        read_only,
    })
}

/// What is no text, in base64.
fn binary(at: &At<'_>) -> Option<Located<Bytes>> {
    let text = word(at)?;
    let Some(bytes) = decoded(&text.value) else {
        at.bad("`binary` is no base64", "write what `base64 FILE` prints");
        return None;
    };
    let fits = fits(at, "the file", bytes.len() as u64);
    fits.then(|| Located::new(Bytes::from(bytes), text.span))
}

/// The files of a folder that stand in the file itself.
fn described(at: &At<'_>) -> Option<Vec<FolderFile>> {
    let mut files = Vec::new();
    for (path, at) in members(at) {
        let path = path?.map(str::to_owned);
        let path = at.checked(&path, SubPath::of_key)?.value;
        let fields = at.fields(format!("file `{path}`"))?;
        let content = match fields.get("binary") {
            Some(at) => binary(&at),
            None => text(&fields, "content").map(|text| {
                let bytes = Bytes::from(text.value.as_bytes());
                Located::new(bytes, text.span)
            }),
        };
        fields.finish();
        files.push(FolderFile {
            path,
            content: content?,
        });
    }
    let len: usize = files.iter().map(|file| file.content.value.len()).sum();
    fits(at, "the folder", len as u64).then_some(files)
}

/// `name` or `name/key` of an object that exists; the outer none: the key is not
/// there.
fn existing(fields: &Fields<'_>, key: &'static str) -> Option<Option<ExistingFiles>> {
    let at = fields.get(key)?;
    let read = || {
        let text = word(&at)?;
        let (name, data_key) = match text.value.split_once('/') {
            Some((name, key)) => (name, Some(key)),
            None => (text.as_str(), None),
        };
        let part = |part: &str| Located::new(part.to_owned(), text.span);
        let name = at.checked(&part(name), ObjectName::parse)?;
        let key = match data_key {
            Some(key) => Some(at.checked(&part(key), DataKey::parse)?),
            None => None,
        };
        Some(ExistingFiles { name, key })
    };
    Some(read())
}

fn source_of(at: &At<'_>, scope: &Scope<'_>) -> Option<FileContent> {
    let written = word(at)?;
    let path = within(at, &written.value, scope)?;
    match scope.place.asked.files.kind(&path) {
        Ok(Kind::Folder) => folder(at, &written.value, &path, scope),
        Ok(Kind::File { .. }) => {
            let bytes = bytes(at, &written.value, &path, scope)?;
            tell_secrets(at, &path, &bytes);
            Some(FileContent::File(Located::new(bytes, at.span())))
        }
        Ok(Kind::Missing) => {
            missing(at, &written.value);
            None
        }
        Ok(Kind::Special) => {
            let message = format!("`{}` is neither a file nor a folder", written.value);
            at.error("file", message, "name a regular file");
            None
        }
        Err(error) => {
            unreadable(at, &written.value, &error);
            None
        }
    }
}

/// The path of a file of the project: the error `file` where it leads out.
pub(super) fn within(at: &At<'_>, written: &str, scope: &Scope<'_>) -> Option<PathBuf> {
    within_project(at, written, scope.place.asked)
}

/// A key with the path of a folder of the project: the error `file` where it leads
/// out. The folder need not be there: others read it.
pub(super) fn folder_within(
    fields: &Fields<'_>,
    key: &'static str,
    scope: &Scope<'_>,
) -> Given<String> {
    let at = fields.get(key)?;
    let written = word(&at)?;
    within(&at, &written.value, scope)?;
    Some(written)
}

/// The same before there is a scope.
pub(super) fn within_project(at: &At<'_>, written: &str, asked: &Asked<'_>) -> Option<PathBuf> {
    let folder = asked.directory;
    let path = folder.join(written);
    let mut depth = 0_i32;
    let escapes = written.split('/').any(|part| {
        depth += match part {
            "" | "." => 0,
            ".." => -1,
            _ => 1,
        };
        depth < 0
    });
    let leads_out =
        written.starts_with(['/', '~']) || escapes || asked.files.leads_outside(&path, folder);
    if leads_out || written.is_empty() {
        let message = match written {
            "" => "the path is empty".to_owned(),
            _ => format!("`{written}` leaves the project"),
        };
        let help = "name what lies below the folder of this file, and not by a link out of it";
        at.error("file", message, help);
        return None;
    }
    Some(path)
}

fn missing(at: &At<'_>, written: &str) {
    let message = format!("`{written}` does not exist");
    at.error(
        "file",
        message,
        "make it, or name another; paths start from this file's folder",
    );
}

fn unreadable(at: &At<'_>, written: &str, error: &FileError) {
    match error {
        FileError::NotFound => missing(at, written),
        FileError::TooLarge { len, .. } => {
            fits(at, &format!("`{written}`"), *len);
        }
        FileError::Denied | FileError::NotAFile | FileError::NotAFolder | FileError::Other(_) => {
            let message = format!("`{written}` cannot be read: {error}");
            at.error("file", message, "make it readable, or name another");
        }
    }
}

fn fits(at: &At<'_>, what: &str, len: u64) -> bool {
    let fits = len <= MOST_BYTES as u64;
    if !fits {
        at.error(
            "file",
            format!("{what} has {len} bytes, an object holds {MOST_BYTES}"),
            "build it into the image, or keep it in a claim",
        );
    }
    fits
}

fn bytes(at: &At<'_>, written: &str, path: &Path, scope: &Scope<'_>) -> Option<Bytes> {
    let asked = scope.place.asked;
    if asked.files.leads_outside(path, asked.directory) {
        let name = path.file_name().unwrap_or_default().display();
        let message = format!("`{name}` of `{written}` leaves the project");
        at.error("file", message, "copy it into the folder, or take it away");
        return None;
    }
    match scope
        .place
        .asked
        .files
        .read_limited(path, MOST_BYTES as u64)
    {
        Ok(bytes) => Some(Bytes::from(bytes)),
        Err(error) => {
            unreadable(at, written, &error);
            None
        }
    }
}

/// A file of variables, or one that says a key or a password, is no matter for a
/// ConfigMap.
fn tell_secrets(at: &At<'_>, path: &Path, bytes: &[u8]) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_env = name == ".env" || name.starts_with(".env.");
    let says = |text: &str| holds_credential(text) || holds_password(text);
    if is_env || std::str::from_utf8(bytes).is_ok_and(says) {
        at.warn(
            "exposed-secret",
            format!("`{name}` looks as if it holds secrets, and goes into a ConfigMap"),
            "name it under `secrets`, and mount that: `{secret: NAME}`",
        );
    }
}

/// All files of a folder and of those below it.
fn folder(at: &At<'_>, written: &str, path: &Path, scope: &Scope<'_>) -> Option<FileContent> {
    let mut files = Vec::new();
    let mut open = vec![(path.to_owned(), String::new())];
    let mut len = 0;
    while let Some((folder, below)) = open.pop() {
        let names = match scope.place.asked.files.list(&folder) {
            Ok(names) => names,
            Err(error) => {
                unreadable(at, written, &error);
                return None;
            }
        };
        for name in names {
            let path = folder.join(&name);
            let below = match below.as_str() {
                "" => name,
                _ => format!("{below}/{name}"),
            };
            if matches!(scope.place.asked.files.kind(&path), Ok(Kind::Folder)) {
                open.push((path, below));
                continue;
            }
            let shown = format!("{}/{below}", written.trim_end_matches('/'));
            let content = bytes(at, &shown, &path, scope)?;
            tell_secrets(at, &path, &content);
            len += content.len() as u64;
            let place = Located::new(below, at.span());
            files.push(FolderFile {
                path: at.checked(&place, SubPath::of_key)?.value,
                content: Located::new(content, at.span()),
            });
        }
        if files.len() + open.len() > MOST_FILES {
            at.error(
                "file",
                format!("`{written}` holds more than {MOST_FILES} files"),
                "build it into the image, or keep it in a claim",
            );
            return None;
        }
    }
    if files.is_empty() {
        at.error(
            "file",
            format!("`{written}` is empty"),
            "put files into it, or leave it out",
        );
        return None;
    }
    files.sort_by(|one, two| one.path.cmp(&two.path));
    fits(at, &format!("`{written}`"), len).then_some(FileContent::Folder(files))
}

/// The variables of `env_file`; later files win, what looks secret is one.
pub(super) fn variables(fields: &Fields<'_>, scope: &Scope<'_>) -> Vec<Variable> {
    let at = fields.get("env_file");
    let items = at.as_ref().map(At::items).unwrap_or_default();
    let mut all: BTreeMap<String, Variable> = BTreeMap::new();
    let mut order = Vec::new();
    for at in &items {
        for variable in of_file(at, scope) {
            let name = variable.name.as_str().to_owned();
            if all.insert(name.clone(), variable).is_none() {
                order.push(name);
            }
        }
    }
    order.iter().filter_map(|name| all.remove(name)).collect()
}

fn of_file(at: &At<'_>, scope: &Scope<'_>) -> Vec<Variable> {
    let read = || {
        let written = word(at)?;
        let path = within(at, &written.value, scope)?;
        let bytes = bytes(at, &written.value, &path, scope)?;
        Some((path, String::from_utf8_lossy(&bytes).into_owned()))
    };
    let Some((path, text)) = read() else {
        return Vec::new();
    };
    let mut diagnostics = Diagnostics::default();
    let file = EnvFile::parse(
        &path.display().to_string(),
        text,
        Format::Dotenv,
        &mut scope.sources.borrow_mut(),
        &mut diagnostics,
    );
    let lookup = |name: &str| scope.place.asked.variables.get(name).map(Cow::Borrowed);
    let (mut known, mut missing) = (BTreeMap::new(), MissingVariables::default());
    let found = file.variables(&lookup, &mut known, &mut missing, &mut diagnostics);
    for said in diagnostics {
        at.report.push(said);
    }
    found
        .into_iter()
        .filter_map(|variable| {
            let name = at.checked(&variable.name, VariableName::parse)?;
            let text = variable.value?;
            let is_secret = variable.is_secret
                || looks_secret(name.as_str())
                || holds_password(&text)
                || holds_credential(&text);
            let value = match is_secret && !text.is_empty() {
                true => VariableValue::Secret(Box::new(SecretVariable {
                    name: None,
                    key: None,
                    version: None,
                    known: Some(text.map(SecretText::new)),
                })),
                false => VariableValue::Text(text),
            };
            Some(Variable { name, value })
        })
        .collect()
}

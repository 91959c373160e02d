//! `configs` and `secrets`, at the top and of a service.

use std::collections::BTreeMap;

use kubewright_files::Files;
use kubewright_knowledge::secret::{holds_credential, holds_password, looks_secret};
use kubewright_model::file::{
    Bytes, ExistingFiles, FileContent, FileMount, MOST_BYTES, SecretFrom, SecretSource,
};
use kubewright_model::value::{DataKey, FileMode, SecretText};
use kubewright_model::{App, Given, Located, MountPath, ObjectName, Project};
use kubewright_source::Diagnostic;
use kubewright_yaml::{Resolved, Value};

use super::scope::unknown;
use super::service::Service;
use super::{DecodeOptions, below, keys, object_name, usual_name, volume};
use crate::compose::load::Document;
use crate::fields::{At, Fields};

/// The top-level `configs` and `secrets` by name.
#[derive(Default)]
pub(super) struct Sources {
    pub(super) configs: BTreeMap<String, Config>,
    pub(super) secrets: BTreeMap<String, SecretSource>,
}

/// A top-level config.
pub(super) enum Config {
    /// A text that stands somewhere.
    Text(Text),
    /// It holds a secret: the name among the secrets under which it is kept.
    Secret(String),
    External(Located<ObjectName>),
}

/// The text of a config.
pub(super) struct Text {
    bytes: Located<Bytes>,
    is_secret: bool,
    from: Origin,
}

impl Config {
    /// The file of the project that it is.
    fn file(&self, document: &Document) -> Given<String> {
        let Self::Text(Text { from, .. }) = self else {
            return None;
        };
        let Origin::File(path) = from else {
            return None;
        };
        let below = below::project(document, &document.directory.join(&path.value))?;
        Some(Located::new(below, path.span))
    }
}

impl Sources {
    /// Gives the project its secrets.
    pub(super) fn declare(&self, project: &mut Project) {
        for (name, source) in &self.secrets {
            project.secrets.insert(name.clone(), source.clone());
        }
    }

    /// The names of the secrets.
    pub(super) fn secret_names(&self) -> BTreeMap<&str, ()> {
        self.secrets
            .keys()
            .map(|name| (name.as_str(), ()))
            .collect()
    }

    fn config_names(&self) -> BTreeMap<&str, ()> {
        self.configs
            .keys()
            .map(|name| (name.as_str(), ()))
            .collect()
    }
}

/// Reads both.
pub(super) fn top(
    fields: &Fields<'_>,
    document: &Document,
    files: &dyn Files,
    options: &DecodeOptions,
) -> Sources {
    let mut found = Sources::default();
    if let Some(at) = fields.get("configs") {
        for (key, at) in at.entries() {
            if let Some(config) = config(key, at, document, files) {
                found.configs.insert(key.value.to_owned(), config);
            }
        }
    }
    let configs = fields.get("configs");
    if let Some(at) = fields.get("secrets") {
        for (key, at) in at.entries() {
            if let Some(secret) = secret(key, at, document, files) {
                found.secrets.insert(key.value.to_owned(), secret);
            }
        }
    }
    if let Some(at) = configs {
        move_secrets(&at, options, &mut found);
    }
    found
}

/// Configs that secret variables were put into are kept as secrets: a ConfigMap
/// is read by whoever may look at the namespace.
fn move_secrets(at: &At<'_>, options: &DecodeOptions, found: &mut Sources) {
    let goes = options.goes();
    for (name, config) in &mut found.configs {
        let Config::Text(text) = &*config else {
            continue;
        };
        if !text.is_secret {
            continue;
        }
        let bytes = &text.bytes;
        let kept = free_name(name, &found.secrets);
        at.push(
            Diagnostic::note(
                "moved-to-secret",
                bytes.span,
                format!("config `{name}` holds a secret and {goes} Secret `{kept}`"),
            )
            .place_only(),
        );
        let source = SecretSource {
            declared: Located::new((), bytes.span),
            from: moved(&kept, text),
            create: None,
            store: None,
        };
        found.secrets.insert(kept.clone(), source);
        *config = Config::Secret(kept);
    }
}

/// Where the value of a config is that is kept as a secret. One that stands in the
/// input itself is asked for in a variable that is called like the secret.
fn moved(kept: &str, text: &Text) -> SecretFrom {
    let span = text.bytes.span;
    let content = String::from_utf8_lossy(&text.bytes.value);
    let content = Located::new(SecretText::new(content), span);
    let upper = |c: char| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_uppercase(),
        false => '_',
    };
    let variable = match &text.from {
        Origin::File(path) => {
            let path = path.clone();
            return SecretFrom::File { path, content };
        }
        Origin::Environment(variable) => variable.clone(),
        Origin::Content(_) | Origin::External(_) => {
            Located::new(kept.chars().map(upper).collect(), span)
        }
    };
    SecretFrom::Environment {
        variable,
        known: Some(content),
    }
}

/// A name that no secret has yet.
fn free_name(config: &str, secrets: &BTreeMap<String, SecretSource>) -> String {
    let mut name = format!("{config}-config");
    while secrets.contains_key(&name) {
        name.push_str("-2");
    }
    name
}

fn config(
    key: Located<&str>,
    at: At<'_>,
    document: &Document,
    files: &dyn Files,
) -> Option<Config> {
    let fields = at.fields(format!("config `{}`", key.value))?;
    keys::settle(&fields, keys::SOURCE);
    let origin = origin(key, &fields, document, &["file", "environment", "content"]);
    fields.finish();
    match origin? {
        Origin::External(name) => Some(Config::External(object_name::external(&at, &name)?)),
        Origin::Content(text) => {
            let is_secret = document.secrets.at(text.span);
            let bytes = text.as_ref().map(|text| Bytes::from(text.as_bytes()));
            Some(text_of(bytes, is_secret, Origin::Content(text)))
        }
        Origin::Environment(variable) => {
            let value = document.environment.get(&variable.value);
            if value.is_none() {
                at.say_at(
                    variable.span,
                    kubewright_source::Severity::Warning,
                    "unset-variable",
                    format!(
                        "`{}` of config `{}` is not set: its file is empty",
                        variable.value, key.value
                    ),
                    "set it in `.env` or in the environment".to_owned(),
                );
            }
            let value = value.unwrap_or_default();
            let is_secret = !value.is_empty()
                && (looks_secret(&variable.value)
                    || holds_password(value)
                    || holds_credential(value));
            let bytes = Bytes::from(value.as_bytes());
            let bytes = Located::new(bytes, variable.span);
            Some(text_of(bytes, is_secret, Origin::Environment(variable)))
        }
        Origin::File(path) => {
            let bytes = read_file(&at, &path, document, files)?;
            let is_secret = std::str::from_utf8(&bytes).is_ok_and(holds_credential);
            let bytes = Located::new(Bytes::from(bytes), path.span);
            Some(text_of(bytes, is_secret, Origin::File(path)))
        }
    }
}

fn text_of(bytes: Located<Bytes>, is_secret: bool, from: Origin) -> Config {
    Config::Text(Text {
        bytes,
        is_secret,
        from,
    })
}

fn secret(
    key: Located<&str>,
    at: At<'_>,
    document: &Document,
    files: &dyn Files,
) -> Option<SecretSource> {
    let fields = at.fields(format!("secret `{}`", key.value))?;
    keys::settle(&fields, keys::SOURCE);
    let origin = origin(key, &fields, document, &["file", "environment"]);
    fields.finish();
    let from = match origin? {
        Origin::External(name) => SecretFrom::External {
            name: Some(object_name::external(&at, &name)?),
        },
        Origin::Content(_) => return None,
        Origin::Environment(variable) => SecretFrom::Environment {
            known: document
                .environment
                .get(&variable.value)
                .map(|value| Located::new(SecretText::new(value), variable.span)),
            variable,
        },
        Origin::File(path) => {
            let bytes = read_file(&at, &path, document, files)?;
            let Ok(text) = String::from_utf8(bytes) else {
                at.bad(
                    format!("the file `{}` of secret `{}` is not text", path.value, key.value),
                    "make the Secret by hand with `kubectl create secret generic`, and write `external: true`",
                );
                return None;
            };
            SecretFrom::File {
                content: Located::new(SecretText::new(text), path.span),
                path,
            }
        }
    };
    Some(SecretSource {
        declared: Located::new((), key.span),
        from,
        create: None,
        store: None,
    })
}

enum Origin {
    External(Located<String>),
    File(Located<String>),
    Environment(Located<String>),
    Content(Located<String>),
}

/// Where the content comes from: exactly one of the keys says it.
fn origin(
    key: Located<&str>,
    fields: &Fields<'_>,
    document: &Document,
    allowed: &[&'static str],
) -> Option<Origin> {
    let name = fields.text("name");
    if let Some(external) = volume::external(fields) {
        let own = || Located::new(key.value.to_owned(), key.span);
        for other in allowed {
            if let Some(at) = fields.get(other) {
                at.error(
                    "two-alternatives",
                    format!("{} is external and has `{other}`", fields.what()),
                    format!("keep `external` or `{other}`"),
                );
            }
        }
        return Some(Origin::External(external.or(name).unwrap_or_else(own)));
    }
    let project = &document.name.value;
    if let Some(name) = name.filter(|name| !usual_name::is_usual(name, project, key.value)) {
        let at = fields.get("name").unwrap_or(*fields.at());
        at.note(
            "object-name",
            format!(
                "the name `{}` is not used: objects are named after their service",
                name.value
            ),
            "leave `name` out",
        );
    }
    for (index, one) in allowed.iter().enumerate() {
        for other in &allowed[index + 1..] {
            fields.either(one, other);
        }
    }
    let get = |key: &'static str| allowed.contains(&key).then(|| fields.text(key)).flatten();
    let found = get("file")
        .map(Origin::File)
        .or_else(|| get("environment").map(Origin::Environment))
        .or_else(|| get("content").map(Origin::Content));
    let is_given = allowed.iter().any(|key| fields.get(key).is_some());
    if found.is_none() && !is_given && fields.get("driver").is_none() {
        let choices = kubewright_source::suggest::list(allowed.iter().copied());
        fields.at().error(
            "missing-key",
            format!("{} does not say where its content is", fields.what()),
            format!("add one of {choices}, or `external: true`"),
        );
    }
    found
}

fn read_file(
    at: &At<'_>,
    path: &Located<String>,
    document: &Document,
    files: &dyn Files,
) -> Option<Vec<u8>> {
    let whole = document.directory.join(&path.value);
    match files.read_limited(&whole, MOST_BYTES as u64) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            at.say_at(
                path.span,
                kubewright_source::Severity::Error,
                "unreadable-file",
                format!("`{}` cannot be read: {error}", path.value),
                "a file of at most 1 MiB is needed at that path".to_owned(),
            );
            None
        }
    }
}

/// Reads `configs` and `secrets` of a service into the app.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let sources = &service.scope.sources;
    for at in service.fields.get("configs").iter().flat_map(At::items) {
        let Some(used) = used(&at, "a config") else {
            continue;
        };
        let name = used.source.value.as_str();
        let Some(config) = sources.configs.get(name) else {
            unknown(
                service.scope.document,
                &at,
                used.source.span,
                "config",
                name,
                &sources.config_names(),
            );
            continue;
        };
        let content = match config {
            Config::Text(text) => FileContent::File(text.bytes.clone()),
            Config::Secret(kept) => FileContent::Secret(used.source.as_ref().map(|_| kept.clone())),
            Config::External(object) => FileContent::ConfigMap(ExistingFiles {
                name: object.clone(),
                key: at.checked(&used.source, DataKey::sanitised),
            }),
        };
        let file = config.file(service.scope.document);
        mount(&at, app, used, "/", (content, file));
    }
    for at in service.fields.get("secrets").iter().flat_map(At::items) {
        let Some(used) = used(&at, "a secret") else {
            continue;
        };
        let name = used.source.value.as_str();
        if !sources.secrets.contains_key(name) {
            unknown(
                service.scope.document,
                &at,
                used.source.span,
                "secret",
                name,
                &sources.secret_names(),
            );
            continue;
        }
        let content = FileContent::Secret(used.source.clone());
        mount(&at, app, used, "/run/secrets/", (content, None));
    }
}

struct Used {
    source: Located<String>,
    target: Given<String>,
    mode: Given<FileMode>,
}

fn used(at: &At<'_>, what: &str) -> Option<Used> {
    if let Value::Scalar(_) = at.node.value {
        return Some(Used {
            source: at.text()?,
            target: None,
            mode: None,
        });
    }
    let fields = at.fields(what)?;
    keys::settle(&fields, keys::SOURCE_USE);
    let source = fields.need("source").and_then(|at| at.text());
    let target = fields
        .text("target")
        .filter(|target| !target.value.is_empty());
    let mode = fields.get("mode").and_then(|at| mode(&at));
    fields.finish();
    Some(Used {
        source: source?,
        target,
        mode,
    })
}

/// A number as YAML reads it (`0440` is octal), or an octal string.
fn mode(at: &At<'_>) -> Given<FileMode> {
    let number = at.node.as_scalar().map(|scalar| scalar.resolve());
    match number {
        Some(Resolved::Int(bits)) => {
            let bits = u32::try_from(bits).unwrap_or(u32::MAX);
            at.parse(|text| FileMode::new(bits).or_else(|_| without_zero(at, text)))
        }
        _ => at.parse(FileMode::parse),
    }
}

/// A mode that is no octal number since its `0` at the front is missing: `644`.
/// Docker gives the file the bits of the decimal number, which nobody wants.
fn without_zero(at: &At<'_>, text: &str) -> Result<FileMode, kubewright_model::Invalid> {
    let mode = FileMode::parse(text)?;
    at.warn(
        "decimal-mode",
        format!("`{text}` is a decimal number to compose; `{mode}` is taken"),
        format!("write `{mode}`"),
    );
    Ok(mode)
}

/// Mounts a file; beside its content stands the file of the project that it is.
fn mount(
    at: &At<'_>,
    app: &mut App,
    used: Used,
    folder: &str,
    (content, source): (FileContent, Given<String>),
) {
    let target = used.target.as_ref().unwrap_or(&used.source);
    let path = match target.value.starts_with('/') {
        true => target.value.clone(),
        false => format!("{folder}{}", target.value),
    };
    let path = Located::new(path, target.span);
    let Some(path) = at.checked(&path, MountPath::parse) else {
        return;
    };
    app.main.files.push(FileMount {
        path,
        content,
        source,
        mode: used.mode,
        read_only: None,
    });
}

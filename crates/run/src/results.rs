//! The document that `--json` prints (`cli.md`), and its schema.

use std::borrow::Cow;
use std::collections::BTreeMap;

use kubewright_disk::Summary;
use kubewright_files::{ObjectRef, Tree};
use kubewright_merge::outline::outline;
use kubewright_model::vault::PlannedSecret;
use kubewright_source::report::{Report, report};
use kubewright_source::{Diagnostic, Sources};
use serde::Serialize;

use crate::{Exit, is_secret};

/// The JSON Schema of [`Results`].
pub const SCHEMA: &str = include_str!("results.schema.json");

/// What came of a run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Results<'a> {
    version: u32,
    exit: u8,
    files: Vec<FileResult<'a>>,
    diagnostics: Vec<Report>,
    vault_plan: Vec<Planned>,
}

#[derive(Debug, Serialize)]
struct FileResult<'a> {
    path: Cow<'a, str>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldDifference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
    objects: Vec<ObjectResult<'a>>,
}

/// A manifest that is not the same in two environments.
#[derive(Debug)]
pub struct FileDifference {
    /// Its path in the folder of an environment.
    pub path: String,
    /// `updated`, `created` (only the second has it) or `removed` (only the first).
    pub status: &'static str,
    /// For people.
    pub diff: String,
    /// Each field that differs, where both have the object and it is no Secret.
    pub fields: Vec<FieldDifference>,
}

/// A field that is not the same in two environments.
#[derive(Debug, Serialize)]
pub struct FieldDifference {
    /// `spec.template.spec.containers[web].image`.
    pub path: String,
    /// What the first has, as YAML; none where it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What the second has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ObjectResult<'a> {
    api_version: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'a str>,
}

/// A secret to be made in a store; its value is nowhere in the results.
#[derive(Debug, Serialize)]
struct Planned {
    service: String,
    variable: String,
    secret: String,
    key: String,
    action: &'static str,
}

impl<'a> Results<'a> {
    /// The document of a run.
    pub fn new(
        exit: Exit,
        files: Option<&'a Summary<'a>>,
        diagnostics: &[Diagnostic],
        sources: &Sources,
    ) -> Self {
        let files = files.iter().flat_map(|summary| &summary.files);
        Self {
            version: 1,
            exit: exit as u8,
            files: files
                .map(|file| FileResult {
                    path: Cow::Borrowed(file.path.as_ref()),
                    status: file.status.as_str(),
                    diff: None,
                    fields: Vec::new(),
                    text: None,
                    objects: file.objects.iter().map(object).collect(),
                })
                .collect(),
            diagnostics: reports(diagnostics, sources),
            vault_plan: Vec::new(),
        }
    }

    /// The same with the diffs of its files.
    pub fn with_diffs(mut self, diffs: Vec<Option<String>>) -> Self {
        for (file, diff) in self.files.iter_mut().zip(diffs) {
            file.diff = diff;
        }
        self
    }

    /// The same with manifests that differ between two environments.
    pub fn with_differences(mut self, differences: Vec<FileDifference>) -> Self {
        let files = differences.into_iter().map(|found| FileResult {
            path: Cow::Owned(found.path),
            status: found.status,
            diff: Some(found.diff),
            fields: found.fields,
            text: None,
            objects: Vec::new(),
        });
        self.files.extend(files);
        self
    }

    /// The same with the texts of the files of `tree` and of `top`, of which the
    /// summary was. Of a file with values of Secrets only what may be seen is shown.
    pub fn with_texts(mut self, tree: &'a Tree, top: &'a Tree) -> Self {
        let files = |tree: &'a Tree| {
            let files = tree.files().iter();
            files
                .map(|file| (file.path.as_str(), file))
                .collect::<BTreeMap<_, _>>()
        };
        let (tree, top) = (files(tree), files(top));
        for result in &mut self.files {
            // The paths of `top` lead out of the folder.
            let path = result.path.trim_start_matches("../");
            let file = match path.len() == result.path.len() {
                true => tree.get(path).or_else(|| top.get(path)),
                false => top.get(path),
            };
            result.text = file.copied().and_then(|file| match is_secret(file) {
                true => outline(&file.text).map(Cow::Owned),
                false => Some(Cow::Borrowed(&*file.text)),
            });
        }
        self
    }

    /// The same with the secrets that are to be made.
    pub fn with_plan(mut self, plan: &[PlannedSecret]) -> Self {
        let planned = |secret: &PlannedSecret| Planned {
            service: secret.service.value.to_string(),
            variable: secret.variable.value.to_string(),
            secret: secret.secret.to_string(),
            key: secret.key.clone(),
            action: "create",
        };
        self.vault_plan = plan.iter().map(planned).collect();
        self
    }

    /// As one JSON document.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("results are plain data");
        text.push('\n');
        text
    }
}

/// Diagnostics of one kind that are listed; a program that met so many has no
/// use for more.
const LISTED: usize = 10_000;

fn reports(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<Report> {
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    let mut listed = |found: &&Diagnostic| {
        let count = said.entry(found.code).or_default();
        *count += 1;
        *count <= LISTED
    };
    let listed = diagnostics.iter().filter(|found| listed(found));
    listed.map(|found| report(found, sources)).collect()
}

fn object(reference: &ObjectRef) -> ObjectResult<'_> {
    ObjectResult {
        api_version: &reference.api_version,
        kind: &reference.kind,
        namespace: reference.namespace.as_deref(),
        name: &reference.name,
        environment: reference.environment.as_deref(),
    }
}

/// All files one after the other, as `-o -` prints them.
pub fn stream(trees: &[&Tree]) -> String {
    let files = trees.iter().flat_map(|tree| tree.files());
    let texts: Vec<&str> = files.map(|file| file.text.as_str()).collect();
    texts.join("---\n")
}

/// The same for files that do not say what they are: a line with the path of each
/// stands before it.
pub fn named_stream(trees: &[&Tree]) -> String {
    let files = trees.iter().flat_map(|tree| tree.files());
    let named = files.map(|file| format!("# {}\n{}", file.path, file.text));
    named.collect::<Vec<_>>().join("---\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key that a run prints has its place in the schema.
    #[test]
    fn the_schema_knows_every_key() {
        let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
        let mut sources = Sources::default();
        let id = sources.add("compose.yaml", "a: b\n");
        let span = kubewright_source::Span::new(id, 0, 1);
        let diagnostics = [Diagnostic::error("a", span, "b")
            .path("a")
            .help("c")
            .related(span, "d")];
        let results = Results {
            files: vec![FileResult {
                path: "a.yaml".into(),
                status: "created",
                diff: Some("d".to_owned()),
                fields: vec![FieldDifference {
                    path: "spec.replicas".to_owned(),
                    before: Some("1\n".to_owned()),
                    after: Some("2\n".to_owned()),
                }],
                text: Some("t".into()),
                objects: vec![ObjectResult {
                    api_version: "v1",
                    kind: "Secret",
                    namespace: Some("n"),
                    name: "a",
                    environment: Some("e"),
                }],
            }],
            vault_plan: vec![Planned {
                service: "a".into(),
                variable: "b".into(),
                secret: "c".into(),
                key: "d".into(),
                action: "create",
            }],
            ..Results::new(Exit::Input, None, &diagnostics, &sources)
        };
        check(&serde_json::to_value(&results).unwrap(), &schema);
    }

    fn check(value: &serde_json::Value, schema: &serde_json::Value) {
        match value {
            serde_json::Value::Object(members) => {
                assert_eq!(schema["type"], "object", "{schema}");
                for (key, member) in members {
                    let known = &schema["properties"][key];
                    assert!(known.is_object(), "the schema lacks `{key}`");
                    check(member, known);
                }
                for key in schema["required"].as_array().into_iter().flatten() {
                    assert!(
                        members.contains_key(key.as_str().unwrap()),
                        "required: {key}"
                    );
                }
            }
            serde_json::Value::Array(items) => {
                assert_eq!(schema["type"], "array", "{schema}");
                items.iter().for_each(|item| check(item, &schema["items"]));
            }
            serde_json::Value::String(text) => {
                assert_eq!(schema["type"], "string", "{schema}");
                if let Some(choices) = schema["enum"].as_array() {
                    assert!(
                        choices.iter().any(|choice| choice == text),
                        "{text}: {schema}"
                    );
                }
            }
            serde_json::Value::Number(_) => assert_eq!(schema["type"], "integer", "{schema}"),
            serde_json::Value::Null | serde_json::Value::Bool(_) => panic!("unexpected {value}"),
        }
    }
}

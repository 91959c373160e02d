//! The long things of an input, by their places.

use std::collections::BTreeMap;

use kubewright_model::container::Command;
use kubewright_model::file::{FileContent, SecretFrom};
use kubewright_model::value::LabelKey;
use kubewright_model::variable::VariableValue;
use kubewright_model::{App, Container, Located, Project};

use super::Piece;

/// What an app's objects are made of: values of variables, files, annotations
/// and commands.
pub(crate) fn of_app(app: &App) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for container in app.containers() {
        of_container(container, &mut pieces);
    }
    let annotations = [
        &app.annotations,
        &app.pod_annotations,
        &app.service.annotations,
        &app.identity.annotations,
    ];
    pieces.extend(annotations.into_iter().flat_map(of_annotations));
    pieces
}

/// What the objects of the project itself are made of.
pub(crate) fn of_project(project: &Project) -> Vec<Piece> {
    let secrets = project.secrets.values();
    let pieces = secrets.filter_map(|source| match &source.from {
        SecretFrom::File { path, content } => Some(Piece {
            span: path.span,
            size: content.value.reveal().len(),
        }),
        SecretFrom::Environment { known, .. } => known.as_ref().map(|known| Piece {
            span: source.declared.span,
            size: known.value.reveal().len(),
        }),
        SecretFrom::External { .. } | SecretFrom::Store => None,
    });
    pieces.collect()
}

fn of_container(container: &Container, pieces: &mut Vec<Piece>) {
    let variables = container.environment.iter();
    pieces.extend(variables.filter_map(|variable| of_value(&variable.value)));
    for mount in &container.files {
        match &mount.content {
            FileContent::File(bytes) => pieces.push(Piece {
                span: bytes.span,
                size: bytes.value.len(),
            }),
            FileContent::Folder(files) => pieces.extend(files.iter().map(|file| Piece {
                span: file.content.span,
                size: file.content.value.len(),
            })),
            FileContent::Secret(_) | FileContent::ConfigMap(_) | FileContent::ExistingSecret(_) => {
            }
        }
    }
    pieces.extend(container.command.iter().map(|command| Piece {
        span: command.span,
        size: match &command.value {
            Command::Exec(words) => words.iter().map(String::len).sum(),
            Command::Shell(line) => line.len(),
        },
    }));
    pieces.extend(container.args.iter().map(|args| Piece {
        span: args.span,
        size: args.value.iter().map(String::len).sum(),
    }));
}

fn of_value(value: &VariableValue) -> Option<Piece> {
    let text = |text: &Located<String>| Piece {
        span: text.span,
        size: text.value.len(),
    };
    match value {
        VariableValue::Text(value)
        | VariableValue::Inline(value)
        | VariableValue::Deploy(value) => Some(text(value)),
        VariableValue::Secret(secret) => secret.known.as_ref().map(|known| Piece {
            span: known.span,
            size: known.value.reveal().len(),
        }),
        VariableValue::SecretKey(_)
        | VariableValue::ConfigMapKey(_)
        | VariableValue::Field(_)
        | VariableValue::ResourceField { .. } => None,
    }
}

fn of_annotations(annotations: &BTreeMap<LabelKey, Located<String>>) -> Vec<Piece> {
    let piece = |value: &Located<String>| Piece {
        span: value.span,
        size: value.value.len(),
    };
    annotations.values().map(piece).collect()
}

//! The form and the layout of the output, and the error for those who name their input with `-f`.

use std::ffi::OsStr;
use std::path::Path;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error, ValueEnum};

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Plain manifests, one object a file
    Manifests,
    /// A base, and an overlay for each environment
    Kustomize,
    /// A chart for Helm, with values for each environment
    Helm,
    /// Manifests and a `skaffold.yaml` that builds, deploys and forwards ports
    Skaffold,
    /// Manifests and a `Tiltfile` that builds, deploys, copies changed files and forwards ports
    Tilt,
    /// A list of all objects for each environment, for programs
    Json,
    /// Manifests, and Applications of Argo CD that bring them from git to the cluster
    #[value(name = "argocd")]
    ArgoCd,
}

impl Format {
    /// As the line knows it.
    pub(crate) fn asked(self) -> kubewright_compile::Format {
        match self {
            Self::Manifests => kubewright_compile::Format::Manifests,
            Self::Kustomize => kubewright_compile::Format::Kustomize,
            Self::Helm => kubewright_compile::Format::Helm,
            Self::Skaffold => kubewright_compile::Format::Skaffold,
            Self::Tilt => kubewright_compile::Format::Tilt,
            Self::ArgoCd => kubewright_compile::Format::ArgoCd,
            Self::Json => kubewright_compile::Format::Json,
        }
    }
}

/// How many files the flat manifests are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Layout {
    /// `web-deployment.yaml`: one for each object
    OneFilePerObject,
    /// `web.yaml`: one for each app; what belongs to no app has one of its own
    OneFilePerApp,
    /// One file, called like the project
    Single,
    /// Printed, as with `-o -`
    Stdout,
}

impl Layout {
    /// As the line knows it.
    pub(crate) fn asked(self) -> kubewright_compile::Layout {
        match self {
            Self::OneFilePerObject | Self::Stdout => kubewright_compile::Layout::OneFilePerObject,
            Self::OneFilePerApp => kubewright_compile::Layout::OneFilePerApp,
            Self::Single => kubewright_compile::Layout::Single,
        }
    }
}

/// Reads a form, and knows a file when it sees one.
#[derive(Clone, Debug)]
pub(crate) struct FormatParser;

impl TypedValueParser for FormatParser {
    type Value = Format;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Format, Error> {
        let forms = EnumValueParser::<Format>::new();
        forms
            .parse_ref(command, argument, value)
            .map_err(|error| match is_file(value) {
                true => input_with_f(value).with_cmd(command),
                false => error,
            })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let forms = Format::value_variants().iter();
        Some(Box::new(forms.filter_map(ValueEnum::to_possible_value)))
    }
}

fn is_file(value: &OsStr) -> bool {
    let path = Path::new(value);
    let ends = path.extension().is_some_and(|end| {
        ["yaml", "yml", "json"]
            .iter()
            .any(|known| end.eq_ignore_ascii_case(known))
    });
    ends || path.exists() || value == "-"
}

fn input_with_f(value: &OsStr) -> Error {
    let file = value.to_string_lossy();
    Error::raw(
        ErrorKind::InvalidValue,
        format!(
            "`{file}` is an input, and `-f` chooses the form of the output\n\n  \
             help: name the file without `-f`: `kubewright generate {file}`\n"
        ),
    )
}

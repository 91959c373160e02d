use clap::{Args, ValueEnum};
use kubewright_run::SCHEMA;

use crate::Exit;
use crate::printer::out;

/// Print the JSON Schema of a document that kubewright reads or writes.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which document.
    document: Document,
}

/// A document with a schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Document {
    /// `apps.yaml`, for editors.
    Apps,
    /// `kubewright.toml`, for editors.
    Config,
    /// What `generate --json` prints.
    Results,
    /// What `init --print --json` prints under `detection`.
    Detection,
}

impl Schema {
    pub(crate) fn run(self, all: &clap::Command) -> Exit {
        match self.document {
            Document::Apps => out(&kubewright_read::apps::schema()),
            Document::Config => out(&super::config::schema(all)),
            Document::Results => out(SCHEMA),
            Document::Detection => out(kubewright_detect::SCHEMA),
        }
    }
}

use clap::Args;

use crate::Exit;
use crate::printer::{Talk, out};

/// Print the version.
#[derive(Debug, Args)]
pub(crate) struct Version {}

impl Version {
    pub(crate) fn run(self, talk: &Talk) -> Exit {
        let version = env!("CARGO_PKG_VERSION");
        if talk.json {
            out(&format!("{}\n", serde_json::json!({ "version": version })))
        } else {
            out(&format!("kubewright {version}\n"))
        }
    }
}

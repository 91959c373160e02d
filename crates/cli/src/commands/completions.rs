use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::printer::out;
use crate::{Arguments, Exit};

/// Print a completion script for a shell.
///
/// For bash: `source <(kubewright completions bash)`.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(
            self.shell,
            &mut Arguments::command(),
            "kubewright",
            &mut script,
        );
        out(&String::from_utf8_lossy(&script))
    }
}

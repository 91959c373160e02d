use std::path::PathBuf;

use clap::Args;
use kubewright_server::{Limits, Loopback, ServeError, Server, Settings, Token, interrupted};
use kubewright_source::{Diagnostic, Sources, Span};
use serde_json::json;

use crate::Exit;
use crate::commands::fail;
use crate::printer::{Talk, out};

/// Serve the API of the wizard for a project, on this machine only.
///
/// Prints a URL with a token when it is ready, and answers until Ctrl-C, which ends it
/// with exit code 0. Whoever shows the token can have manifests generated and written
/// into DIR, and nowhere else.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Serve {
    /// The project's folder [default: this folder]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,

    /// The port; 0 takes any that is free
    #[arg(short, long, default_value_t = 8470)]
    port: u16,

    /// The address to listen at: one that only this machine reaches
    #[arg(long, visible_alias = "host", value_name = "IP", default_value_t)]
    address: Loopback,

    /// What clients must show, 16 characters or more [default: a new one each time]
    ///
    /// Others on this machine can see the arguments of a process: better set the
    /// variable.
    #[arg(long, env = "KUBEWRIGHT_TOKEN", hide_env_values = true)]
    token: Option<Token>,
}

const EXAMPLES: &str = "\
Examples:
  kubewright serve                         this folder, at http://127.0.0.1:8470/
  kubewright serve shop --port 0           any free port; the URL is printed
  kubewright serve --json | jq -r .token   for scripts: one line of JSON when it is ready
  export KUBEWRIGHT_TOKEN=$(openssl rand -hex 16)
  kubewright serve &
  curl -H \"Authorization: Bearer $KUBEWRIGHT_TOKEN\" -H 'Content-Type: application/json' \\
       --data @wizard-state.json http://127.0.0.1:8470/api/k8s/generate/from-state
  ssh -L 8470:127.0.0.1:8470 HOST          from another machine

All calls are at /api/v1/openapi.json.";

impl Serve {
    pub(crate) fn run(self, talk: &Talk) -> Exit {
        let token = match self.token {
            Some(token) => token,
            None => match Token::random() {
                Ok(token) => token,
                Err(error) => {
                    let problem = Diagnostic::error(
                        "no-token",
                        Span::NONE,
                        format!("the system gives no random numbers: {error}"),
                    )
                    .help("give a token with `--token`");
                    return fail(talk, Exit::Environment, vec![problem], &Sources::default());
                }
            },
        };
        let settings = Settings {
            folder: self.folder.unwrap_or_else(|| PathBuf::from(".")),
            address: self.address,
            port: self.port,
            token: token.clone(),
            limits: Limits::default(),
        };
        let server = match Server::bind(settings) {
            Ok(server) => server,
            Err(error) => return not_served(talk, &error),
        };
        let hello = hello(talk, &server, &token);
        let mut said = Exit::Done;
        let stop = async {
            // Whoever reads the address may end the server at once.
            let interrupted = interrupted();
            said = out(&hello);
            if said == Exit::Done {
                interrupted.await;
            }
        };
        match server.run(stop) {
            Ok(()) => said,
            Err(error) => not_served(talk, &error),
        }
    }
}

/// What is said when the server listens.
fn hello(talk: &Talk, server: &Server, token: &Token) -> String {
    if talk.json {
        let hello = json!({
            "url": server.url(),
            "address": server.address().to_string(),
            "token": token.as_str(),
            "folder": server.folder().display().to_string(),
        });
        return format!("{hello}\n");
    }
    let folder = server.folder().display();
    format!("serving {folder} at\n{}\nstop with Ctrl-C\n", server.url())
}

fn not_served(talk: &Talk, error: &ServeError) -> Exit {
    let what = error.to_string();
    let (exit, problem) = match error {
        ServeError::Folder { .. } => (
            Exit::Input,
            Diagnostic::error("serve-folder", Span::NONE, what)
                .help("name a folder that can be read"),
        ),
        ServeError::Listen { .. } => (
            Exit::Environment,
            Diagnostic::error("serve-address", Span::NONE, what)
                .help("another server may be there already; `--port 0` takes any free port"),
        ),
        ServeError::Threads(_) => (
            Exit::Environment,
            Diagnostic::error("serve-threads", Span::NONE, what)
                .help("end other programs, or raise the limit of processes"),
        ),
    };
    fail(talk, exit, vec![problem], &Sources::default())
}

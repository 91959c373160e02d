//! Data goes to standard output, talk to standard error, both through here.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};

use clap::{Args, ValueEnum};
use kubewright_source::render::{Style, render};
use kubewright_source::{Diagnostic, Severity, Sources};

use crate::Exit;

/// Notes of one kind that are shown in full; more of them are counted.
const SHOWN: usize = 5;

/// The same for errors and for warnings.
const SHOWN_FAULTS: usize = 50;

/// How the command talks.
#[derive(Args, Debug)]
pub(crate) struct Talk {
    /// Print one JSON document on standard output and nothing else there
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Leave out notes and the summary; warnings and errors always show
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Show every file and every note
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,

    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,

    /// Never show a progress bar
    #[arg(long, global = true)]
    no_progress: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}

impl Talk {
    /// Whether talk is coloured.
    fn style(&self) -> Style {
        self.style_for(std::io::stderr().is_terminal())
    }

    /// Whether data for people is coloured.
    pub(crate) fn out_style(&self) -> Style {
        self.style_for(std::io::stdout().is_terminal())
    }

    fn style_for(&self, is_terminal: bool) -> Style {
        let color = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                is_terminal && !refused
            }
        };
        Style { color }
    }

    /// Whether a progress bar may appear.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && !self.json && !self.no_progress && std::io::stderr().is_terminal()
    }

    /// All that decides how diagnostics are drawn; none where they are printed in
    /// full or for machines.
    pub(crate) fn manner(&self) -> Option<String> {
        let short = !self.verbose && !self.json;
        short.then(|| format!("{} {}", self.quiet, self.style().color))
    }

    /// Says diagnostics, each with its place. Where many notes are of one kind,
    /// the first few stand for all.
    pub(crate) fn diagnostics(&self, diagnostics: &[Diagnostic], sources: &Sources) {
        talk(&self.drawn(diagnostics, sources));
    }

    /// Diagnostics as they are said.
    pub(crate) fn drawn(&self, diagnostics: &[Diagnostic], sources: &Sources) -> String {
        let style = self.style();
        let mut said: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
        let mut text = String::new();
        for diagnostic in diagnostics {
            let severity = diagnostic.severity;
            let count = said.entry((severity, diagnostic.code)).or_default();
            *count += 1;
            let left_out = self.quiet && severity == Severity::Note;
            if left_out || (!self.verbose && *count > shown(severity)) {
                continue;
            }
            text.push_str(&render(diagnostic, sources, style));
            text.push_str("\n\n");
        }
        for ((severity, code), count) in said {
            let more = count.saturating_sub(shown(severity));
            let left_out = self.quiet && severity == Severity::Note;
            if more > 0 && !self.verbose && !left_out {
                let word = word(severity);
                text.push_str(&format!(
                    "{word}[{code}]: {more} more like this; `--verbose` shows all\n\n"
                ));
            }
        }
        text
    }

    /// Says a line, unless asked to be quiet.
    pub(crate) fn line(&self, text: &str) {
        if !self.quiet {
            talk(&format!("{text}\n"));
        }
    }
}

/// How many of one kind are shown in full.
fn shown(severity: Severity) -> usize {
    match severity {
        Severity::Error | Severity::Warning => SHOWN_FAULTS,
        Severity::Note => SHOWN,
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Prints data. A reader that has gone away is no fault of ours.
pub(crate) fn out(text: &str) -> Exit {
    let mut stdout = std::io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Ok(()) => Exit::Done,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Done,
        Err(error) => {
            talk(&format!(
                "error[output]: standard output cannot be written: {error}\n"
            ));
            Exit::Environment
        }
    }
}

/// Prints talk. Where even that fails there is nobody left to tell.
pub(crate) fn talk(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = stderr
        .write_all(text.as_bytes())
        .and_then(|()| stderr.flush());
}

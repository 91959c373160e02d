//! One process, from its start to its end: how long it took and how much memory it
//! held at most.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use thiserror::Error;
use wait4::Wait4 as _;

/// What one process took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Took {
    /// From before the process was made until it was gone.
    pub(crate) time: Duration,
    /// What the processors did for it, the program's own and the kernel's part. Other
    /// work on the machine changes it little.
    pub(crate) work: Duration,
    /// The most memory it held at once, in bytes. On Linux never less than what
    /// this program holds itself, a few megabytes.
    pub(crate) peak: u64,
}

/// Why there are no figures.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// The file system or the machine refused.
    #[error("{what}: {cause}")]
    Io {
        /// What was tried.
        what: String,
        /// What came back.
        cause: io::Error,
    },
    /// A measured command failed, so that its time says nothing.
    #[error("`{command}` ended with {status}: {said}")]
    Command {
        /// The command as one would type it.
        command: String,
        /// How it ended.
        status: ExitStatus,
        /// The end of what it said.
        said: String,
    },
    /// The one who started this has had enough.
    #[error("interrupted")]
    Interrupted,
}

impl Failure {
    /// For `map_err`: what was tried, and on which path.
    pub(crate) fn io(what: &str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let what = format!("{what} `{}`", path.display());
        move |cause| Self::Io { what, cause }
    }
}

/// Runs a command without input; what it prints goes nowhere, what it says on
/// standard error goes into the file `messages`.
///
/// # Errors
///
/// When it cannot be started or does not end with exit code 0.
pub(crate) fn measure(command: &mut Command, messages: &Path) -> Result<Took, Failure> {
    let said = File::create(messages).map_err(Failure::io("cannot write", messages))?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(said);
    let program = PathBuf::from(command.get_program());
    let started = Instant::now();
    let child = command
        .spawn()
        .map_err(Failure::io("cannot run", &program))?;
    let used = child
        .wait4()
        .map_err(Failure::io("cannot wait for", &program))?;
    let time = started.elapsed();
    if !used.status.success() {
        return Err(failed(command, used.status, messages));
    }
    Ok(Took {
        time,
        work: used.rusage.utime + used.rusage.stime,
        peak: used.rusage.maxrss,
    })
}

fn failed(command: &Command, status: ExitStatus, messages: &Path) -> Failure {
    let said = fs::read(messages).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let last: Vec<&str> = said.lines().rev().take(20).collect();
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    Failure::Command {
        command: words
            .map(|word| word.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" "),
        status,
        said: last.into_iter().rev().collect::<Vec<_>>().join("\n"),
    }
}

/// The middle of several figures; of an even number the higher of the two in the
/// middle. Nothing's middle is the default.
pub(crate) fn median<T: Ord + Copy + Default>(figures: impl IntoIterator<Item = T>) -> T {
    let mut sorted: Vec<T> = figures.into_iter().collect();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_command_that_works_has_figures() {
        let folder = tempfile::tempdir().unwrap();
        let took = measure(&mut shell("exit 0"), &folder.path().join("said")).unwrap();
        assert!(took.time > Duration::ZERO);
        assert!(took.peak > 0);
    }

    #[test]
    fn a_command_that_fails_has_none_but_its_words() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = shell("echo no such thing >&2; exit 3");
        let failure = measure(&mut command, &folder.path().join("said")).unwrap_err();
        assert!(failure.to_string().ends_with("no such thing"), "{failure}");
        let mut nothing = Command::new("/no/such/program");
        let failure = measure(&mut nothing, &folder.path().join("said")).unwrap_err();
        assert!(
            failure
                .to_string()
                .starts_with("cannot run `/no/such/program`"),
            "{failure}"
        );
    }

    #[test]
    fn the_median_is_not_moved_by_one_slow_run() {
        assert_eq!(median([3, 900, 1, 2, 4]), 3);
        assert_eq!(median([2, 1]), 2);
        assert_eq!(median::<u64>([]), 0);
    }
}

//! What runs at a container's start and before its end.
//!
//! <https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/>

use crate::container::Command;
use crate::probe::ProbePort;
use crate::value::Duration;
use crate::{Given, Located};

/// Hooks and the signal of a container.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lifecycle {
    /// Runs right after the start.
    pub post_start: Option<Hook>,
    /// Runs before the signal to end.
    pub pre_stop: Option<Hook>,
    /// The signal that asks it to end; none: the image's, else `SIGTERM`.
    pub stop_signal: Given<StopSignal>,
}

crate::block::blank!(Lifecycle);

/// Something that runs at a moment of a container's life.
#[derive(Clone, Debug, PartialEq)]
pub enum Hook {
    /// A command in the container.
    Exec(Located<Command>),
    /// A request.
    Http {
        /// The path.
        path: Located<String>,
        /// The port; none: the primary one.
        port: Option<ProbePort>,
    },
    /// Nothing, for so long.
    Sleep(Located<Duration>),
}

/// A signal's name as Kubernetes spells it: `SIGTERM`, `SIGRTMIN+3`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StopSignal(Box<str>);
crate::value::checked_text!(StopSignal);

impl StopSignal {
    /// A name with or without `SIG`, or a number of Linux.
    ///
    /// # Errors
    /// When Linux has no such signal.
    pub fn parse(text: &str) -> Result<Self, crate::Invalid> {
        const NUMBERED: [(u8, &str); 31] = [
            (1, "HUP"),
            (2, "INT"),
            (3, "QUIT"),
            (4, "ILL"),
            (5, "TRAP"),
            (6, "ABRT"),
            (7, "BUS"),
            (8, "FPE"),
            (9, "KILL"),
            (10, "USR1"),
            (11, "SEGV"),
            (12, "USR2"),
            (13, "PIPE"),
            (14, "ALRM"),
            (15, "TERM"),
            (16, "STKFLT"),
            (17, "CHLD"),
            (18, "CONT"),
            (19, "STOP"),
            (20, "TSTP"),
            (21, "TTIN"),
            (22, "TTOU"),
            (23, "URG"),
            (24, "XCPU"),
            (25, "XFSZ"),
            (26, "VTALRM"),
            (27, "PROF"),
            (28, "WINCH"),
            (29, "IO"),
            (30, "PWR"),
            (31, "SYS"),
        ];
        let upper = text.trim().to_ascii_uppercase();
        let name = upper.strip_prefix("SIG").unwrap_or(&upper);
        let by_number = name.parse::<u8>().ok();
        let known = NUMBERED
            .iter()
            .find(|(number, known)| Some(*number) == by_number || *known == name)
            .map(|(_, known)| (*known).to_owned());
        let real_time = || {
            let steps = name
                .strip_prefix("RTMIN+")
                .or_else(|| name.strip_prefix("RTMAX-"));
            let step: Option<u8> = steps.and_then(|steps| steps.parse().ok());
            let fits = matches!(name, "RTMIN" | "RTMAX") || step.is_some_and(|step| step <= 15);
            fits.then(|| name.to_owned())
        };
        known
            .or_else(real_time)
            .map(|name| Self(format!("SIG{name}").into()))
            .ok_or_else(|| {
                crate::Invalid::new(
                    "a signal",
                    "Linux has none of that name",
                    "write it like `SIGTERM`",
                )
            })
    }
}

/// How long a pod may take to end.
pub type GracePeriod = Duration;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_by_name_and_number() {
        let rows = [
            ("SIGTERM", "SIGTERM"),
            ("int", "SIGINT"),
            ("9", "SIGKILL"),
            ("RTMIN+3", "SIGRTMIN+3"),
        ];
        for (text, expected) in rows {
            assert_eq!(StopSignal::parse(text).unwrap().as_str(), expected);
        }
        assert!(StopSignal::parse("SIGFOO").is_err());
    }
}

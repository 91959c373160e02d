//! Probes in kompose's labels. What they do not say stays as `healthcheck` says.

use kubewright_model::container::Command;
use kubewright_model::probe::{Probe, ProbeCheck, ProbePort, Setting};
use kubewright_model::{App, Duration, Given, Located, Port};

use super::{Labels, positive, words};
use crate::fields::At;

/// Lays the labels over the probes.
pub(super) fn apply(at: &At<'_>, said: &Labels, app: &mut App) {
    let probes = &mut app.main.probes;
    lay_over(
        at,
        said,
        "service.healthcheck.liveness",
        &mut probes.liveness,
    );
    let readiness = "service.healthcheck.readiness";
    lay_over(at, said, readiness, &mut probes.readiness);
    let off = said.get("service.healthcheck.readiness.disable");
    if let Some(label) = off.filter(|label| label.is_true()) {
        probes.readiness = Setting::Off(Located::new((), label.text.span));
    }
}

fn lay_over(at: &At<'_>, said: &Labels, start: &str, setting: &mut Setting) {
    let word = |name: &str| format!("{start}.{name}");
    let times = [
        word("interval"),
        word("timeout"),
        word("start_period"),
        word("retries"),
    ];
    if let Some(check) = check(at, said, start) {
        match setting {
            Setting::On(probe) => probe.check = check,
            Setting::Unsaid | Setting::Off(_) => {
                *setting = Setting::On(Box::new(Probe::new(check)));
            }
        }
    }
    let Setting::On(probe) = setting else {
        for label in times.iter().filter_map(|name| said.get(name)) {
            let help = "say what is tried, for example with `…readiness.http_get_path`";
            label.lost(at.report, "there is no test that it belongs to", help);
        }
        return;
    };
    let time = |name: &str| -> Given<Duration> { said.parsed(at, name, Duration::parse) };
    let [interval, timeout, start_period, retries] = &times;
    probe.period = time(interval).or(probe.period);
    probe.timeout = time(timeout).or(probe.timeout);
    probe.initial_delay = time(start_period).or(probe.initial_delay);
    let retries = said
        .number(at, retries)
        .and_then(|count| positive(at, count));
    probe.failure_threshold = retries.or(probe.failure_threshold);
}

/// What is tried, if a label says so.
fn check(at: &At<'_>, said: &Labels, start: &str) -> Given<ProbeCheck> {
    let word = |name: &str| format!("{start}.{name}");
    let port = |name: &str| -> Given<ProbePort> {
        let port = said.parsed(at, &word(name), Port::parse)?;
        Some(port.map(ProbePort::Number))
    };
    let path = said.get(&word("http_get_path"));
    let http = port("http_get_port");
    if let Some(span) = path
        .map(|it| it.text.span)
        .or(http.as_ref().map(|it| it.span))
    {
        let path = path
            .map_or("/", |label| label.text.value.as_str())
            .to_owned();
        let check = ProbeCheck::Http {
            path,
            port: http.map(|port| port.value),
            https: false,
            host: None,
            headers: Vec::new(),
        };
        return Some(Located::new(check, span));
    }
    if let Some(port) = port("tcp_port") {
        let span = port.span;
        return Some(Located::new(
            ProbeCheck::Tcp {
                port: Some(port.value),
            },
            span,
        ));
    }
    let label = said.get(&word("test"))?;
    let command = command(label.text.value.trim());
    Some(Located::new(ProbeCheck::Exec(command), label.text.span))
}

/// A test as `healthcheck` has it, in a list or in one line.
fn command(text: &str) -> Command {
    let behind = |word: &str| text.strip_prefix(word).map(str::trim_start);
    if let Some(line) = behind("CMD-SHELL ") {
        return Command::Shell(line.to_owned());
    }
    if let Some(line) = behind("CMD ") {
        return Command::Exec(words(line));
    }
    if !text.starts_with('[') {
        return Command::Shell(text.to_owned());
    }
    let mut argv = words(text);
    match argv.first().map(String::as_str) {
        Some("CMD") => Command::Exec(argv.split_off(1)),
        Some("CMD-SHELL") => Command::Shell(argv.split_off(1).join(" ")),
        _ => Command::Exec(argv),
    }
}

#[cfg(test)]
mod tests {
    use kubewright_model::container::Command;

    use super::command;

    #[test]
    fn tests_in_labels() {
        let exec = |words: &[&str]| Command::Exec(words.iter().map(|it| (*it).into()).collect());
        let shell = |line: &str| Command::Shell(line.to_owned());
        let rows = [
            ("CMD check --ready", exec(&["check", "--ready"])),
            ("CMD-SHELL a || exit 1", shell("a || exit 1")),
            ("a || exit 1", shell("a || exit 1")),
            ("[\"CMD\", \"a\", \"b c\"]", exec(&["a", "b c"])),
            ("[\"CMD-SHELL\", \"a | b\"]", shell("a | b")),
            ("[\"a\"]", exec(&["a"])),
        ];
        for (text, expected) in rows {
            assert_eq!(command(text), expected, "{text}");
        }
    }
}

//! Calls of the server: a large state written, and small previews asked for by
//! many clients at once.

use std::fmt::Write as _;
use std::sync::Barrier;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::measure::{Failure, median};
use crate::runs::{Bench, STOP};
use crate::scratch::{Size, remove, size_of};
use crate::serve::{Client, Served};

/// Services of the large state.
const LARGE: usize = 2_000;
/// Services of a preview.
const SMALL: usize = 20;
/// Clients that ask for previews at once.
const CLIENTS: usize = 50;
/// Previews that each of them asks for.
const PREVIEWS: usize = 60;
/// How long a client that types waits between two previews.
const PAUSE: Duration = Duration::from_millis(500);

/// The figures of the server.
#[derive(Clone, Debug)]
pub(crate) struct Calls {
    /// Bytes of the large state.
    bytes: usize,
    output: Size,
    /// Medians: the files written, the files kept, nothing written.
    written: Duration,
    kept: Duration,
    previewed: Duration,
    /// Previews of clients that wait between two.
    typing: Latencies,
    /// Previews of clients that do not.
    hurried: Latencies,
}

/// How long calls took.
#[derive(Clone, Copy, Debug)]
struct Latencies {
    median: Duration,
    p99: Duration,
    slowest: Duration,
    /// Calls in a second.
    rate: f64,
}

impl Bench {
    /// Measures calls of a server of its own.
    pub(crate) fn calls(&self, rounds: usize) -> Result<Calls, Failure> {
        let folder = self.scratch.join("served");
        std::fs::create_dir_all(&folder).map_err(Failure::io("cannot make", &folder))?;
        let served = Served::start(&self.binary, &folder, &self.scratch.join("messages"))?;
        let mut client = served.client()?;
        let state = state(LARGE, 0);
        let preview = format!("{{\"inputs\":[{{\"document\":{state}}}]}}");
        let out = folder.join("k8s");
        let (mut written, mut kept, mut previewed) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..=rounds {
            if out.exists() {
                remove(&out)?;
            }
            previewed.push(time(&mut client, "/api/v1/preview", &preview)?);
            written.push(time(&mut client, "/api/k8s/generate/from-state", &state)?);
            kept.push(time(&mut client, "/api/k8s/generate/from-state", &state)?);
        }
        // The first round was for nothing.
        let of = |times: Vec<Duration>| median(times.into_iter().skip(1));
        let output = size_of(&out)?;
        // A preview would compare with all of that.
        remove(&out)?;
        let calls = Calls {
            bytes: state.len(),
            output,
            written: of(written),
            kept: of(kept),
            previewed: of(previewed),
            typing: previews(&served, PAUSE)?,
            hurried: previews(&served, Duration::ZERO)?,
        };
        remove(&folder)?;
        Ok(calls)
    }
}

fn time(client: &mut Client, path: &str, body: &str) -> Result<Duration, Failure> {
    if STOP.load(Ordering::Relaxed) {
        return Err(Failure::Interrupted);
    }
    let begun = Instant::now();
    client.post(path, body)?;
    Ok(begun.elapsed())
}

/// Clients at once, each with a state of its own that changes with every preview.
fn previews(served: &Served, pause: Duration) -> Result<Latencies, Failure> {
    let begin = Barrier::new(CLIENTS);
    let begun = Instant::now();
    let each: Result<Vec<Vec<Duration>>, Failure> = std::thread::scope(|scope| {
        let one = |number: usize| {
            let begin = &begin;
            scope.spawn(move || {
                let client = served.client();
                begin.wait();
                // People do not type in step.
                let share = u32::try_from(CLIENTS).unwrap_or(1);
                let number_ = u32::try_from(number).unwrap_or(0);
                std::thread::sleep(pause * number_ / share);
                let mut client = client?;
                let mut times = Vec::with_capacity(PREVIEWS);
                for turn in 0..PREVIEWS {
                    let state = state(SMALL, number * PREVIEWS + turn);
                    let body = format!("{{\"inputs\":[{{\"document\":{state}}}]}}");
                    times.push(time(&mut client, "/api/v1/preview", &body)?);
                    std::thread::sleep(pause);
                }
                Ok(times)
            })
        };
        let threads: Vec<_> = (0..CLIENTS).map(one).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().expect("a client does not panic")
        };
        threads.into_iter().map(join).collect()
    });
    let all = begun.elapsed();
    // The first calls open connections and wake threads.
    let mut times: Vec<Duration> = each?
        .into_iter()
        .flat_map(|times| times.into_iter().skip(5))
        .collect();
    times.sort_unstable();
    let at = |share: f64| {
        let last = times.len().saturating_sub(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a position in a short list"
        )]
        let position = (last as f64 * share).round() as usize;
        times.get(position).copied().unwrap_or_default()
    };
    #[expect(clippy::cast_precision_loss, reason = "a few thousand calls")]
    let rate = (CLIENTS * PREVIEWS) as f64 / all.as_secs_f64();
    Ok(Latencies {
        median: at(0.5),
        p99: at(0.99),
        slowest: at(1.0),
        rate,
    })
}

/// A state as the wizard collects it; `turn` makes it another one.
fn state(services: usize, turn: usize) -> String {
    let service = |number: usize| {
        json!({
            "name": format!("svc-{number}"), "kind": "Deployment",
            "image": format!("registry.example.test/svc-{number}:1.{turn}"),
            "port": "8080", "replicas": "2", "serviceType": "ClusterIP",
            "strategy": "RollingUpdate", "maxSurge": "1", "maxUnavailable": "0",
            "resources": {"cpu_request": "50m", "cpu_limit": null, "memory_request": "64Mi", "memory_limit": "256Mi"},
            "readinessProbe": {"type": "http", "path": "/ready", "port": 8080, "initialDelaySeconds": 4, "periodSeconds": 6, "extra": 2},
            "livenessProbe": {"type": "tcp", "port": 8080, "initialDelaySeconds": 9, "periodSeconds": 9, "extra": 4},
            "envVars": [
                {"key": "MODE", "type": "hardcoded", "value": "fast"},
                {"key": "TURN", "type": "hardcoded", "value": turn.to_string()},
                {"key": "LOG_LEVEL", "type": "variable", "varName": "${LOG_LEVEL}"},
                {"key": "TOKEN", "type": "secret", "varName": "${TOKEN}"}],
            "volumes": [
                {"type": "emptyDir", "name": "scratch", "mountPath": "/scratch"},
                {"type": "pvc-dynamic", "name": "files", "mountPath": "/files", "size": "8Gi", "accessMode": "ReadWriteMany"}],
            "initContainers": [], "sidecars": [], "companions": [], "dependencies": ["pg"],
        })
    };
    let all: Vec<Value> = (0..services).map(service).collect();
    json!({
        "namespace": "bench", "output_dir": "k8s", "ingress": "bench.example.test", "_services": all,
        "_infraDecisions": [{"name": "pg", "kind": "StatefulSet", "image": "postgres:16", "port": "5432",
            "volumes": [{"type": "pvc-dynamic", "name": "data", "mountPath": "/var/lib/postgresql/data", "size": "20Gi"}]}],
    })
    .to_string()
}

impl Calls {
    /// Lines for people.
    pub(crate) fn table(&self) -> String {
        let mut text = String::new();
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let _ = writeln!(
            text,
            "\nserver, a state with {LARGE} services ({:.1} MB in, {} files out): written {:.0} ms, \
             kept {:.0} ms, previewed {:.0} ms",
            mb(self.bytes),
            self.output.files,
            ms(self.written),
            ms(self.kept),
            ms(self.previewed),
        );
        let rows = [
            (format!("each {} ms", PAUSE.as_millis()), &self.typing),
            ("one after the other".to_owned(), &self.hurried),
        ];
        for (pace, found) in rows {
            let _ = writeln!(
                text,
                "server, previews of {SMALL} services by {CLIENTS} clients, {pace}: median {:.1} ms, \
                 p99 {:.1} ms, slowest {:.1} ms, {:.0} in a second",
                ms(found.median),
                ms(found.p99),
                ms(found.slowest),
                found.rate,
            );
        }
        text
    }

    /// For machines; times in seconds.
    pub(crate) fn json(&self) -> Value {
        let latencies = |found: &Latencies| {
            json!({
                "median": found.median.as_secs_f64(), "p99": found.p99.as_secs_f64(),
                "slowest": found.slowest.as_secs_f64(), "perSecond": found.rate,
            })
        };
        json!({
            "services": LARGE, "bytes": self.bytes, "files": self.output.files,
            "written": self.written.as_secs_f64(), "kept": self.kept.as_secs_f64(),
            "previewed": self.previewed.as_secs_f64(),
            "clients": CLIENTS, "previewServices": SMALL,
            "typing": latencies(&self.typing), "hurried": latencies(&self.hurried),
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure of two digits")]
fn mb(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_differ_by_their_turn_and_are_the_same_again() {
        assert_eq!(state(3, 1), state(3, 1));
        assert_ne!(state(3, 1), state(3, 2));
        let state: Value = serde_json::from_str(&state(3, 0)).unwrap();
        assert_eq!(state["_services"].as_array().map(Vec::len), Some(3));
    }
}

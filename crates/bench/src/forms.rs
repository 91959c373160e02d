//! Every form of a project with three environments, beside `cp -r` of the result and
//! beside the tools that render the same objects from it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::measure::{Failure, Took, median};
use crate::runs::Bench;
use crate::scratch::{Size, remove, size_of};

/// The environments of the project.
const ENVIRONMENTS: [&str; 3] = ["dev", "production", "staging"];

/// The forms that are measured, by their names.
const FORMS: [&str; 7] = [
    "manifests",
    "kustomize",
    "helm",
    "argocd",
    "skaffold",
    "tilt",
    "json",
];

/// The tools that render what was written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tools {
    /// The command `kustomize`.
    pub(crate) kustomize: Option<PathBuf>,
    /// The command `helm`.
    pub(crate) helm: Option<PathBuf>,
}

/// The figures of one form; times are medians.
#[derive(Clone, Debug)]
struct Row {
    form: &'static str,
    output: Size,
    time: Duration,
    work: Duration,
    peak: u64,
    copy: Duration,
    /// What renders it, in all environments one after the other: its time and the most
    /// memory it held.
    rendered: Option<(Duration, u64)>,
}

/// The figures of all forms.
#[derive(Clone, Debug)]
pub(crate) struct Forms {
    apps: usize,
    rounds: usize,
    rows: Vec<Row>,
}

impl Bench {
    /// The figures of all forms of a project of so many apps: medians of so many
    /// rounds after one for nothing. Tools render the result once, which takes them
    /// minutes.
    ///
    /// # Errors
    ///
    /// When a command fails, or makes nothing.
    pub(crate) fn forms(
        &self,
        apps: usize,
        rounds: usize,
        tools: &Tools,
    ) -> Result<Forms, Failure> {
        let project = self.empty("project")?;
        write_apps(apps, &project.join("apps.yaml"))
            .map_err(Failure::io("cannot write to", &project))?;
        let mut rows = Vec::new();
        for form in FORMS {
            rows.push(self.form(form, &project, rounds, tools)?);
        }
        remove(&project)?;
        Ok(Forms { apps, rounds, rows })
    }

    fn form(
        &self,
        form: &'static str,
        project: &Path,
        rounds: usize,
        tools: &Tools,
    ) -> Result<Row, Failure> {
        let (out, copy) = (self.scratch.join("out"), self.scratch.join("copy"));
        let (mut made, mut copied) = (Vec::new(), Vec::new());
        for round in 0..=rounds {
            remove(&out)?;
            let mut generate = Command::new(&self.binary);
            generate
                .current_dir(project)
                .args(["generate", "apps.yaml", "-q", "-f", form, "-o"])
                .arg(&out);
            let took = self.run(&mut generate)?;
            remove(&copy)?;
            let cp = self.run(Command::new("cp").arg("-r").args([&out, &copy]))?;
            if round > 0 {
                made.push(took);
                copied.push(cp.time);
            }
        }
        let row = Row {
            form,
            output: size_of(&out)?,
            time: median(made.iter().map(|took| took.time)),
            work: median(made.iter().map(|took| took.work)),
            peak: median(made.iter().map(|took| took.peak)),
            copy: median(copied),
            rendered: self.rendered(form, &out, tools)?,
        };
        remove(&out)?;
        remove(&copy)?;
        Ok(row)
    }

    /// What the form's own tool takes to render every environment.
    fn rendered(
        &self,
        form: &str,
        out: &Path,
        tools: &Tools,
    ) -> Result<Option<(Duration, u64)>, Failure> {
        let mut all: Vec<Took> = Vec::new();
        for environment in ENVIRONMENTS {
            let mut command = match (form, &tools.kustomize, &tools.helm) {
                ("kustomize", Some(kustomize), _) => {
                    let mut command = Command::new(kustomize);
                    let overlay = out.join("kustomize/overlays").join(environment);
                    command.arg("build").arg(overlay);
                    command
                }
                ("helm", _, Some(helm)) => {
                    let chart = out.join("charts/synthetic");
                    let values = chart.join(format!("values-{environment}.yaml"));
                    let mut command = Command::new(helm);
                    command.args(["template", "synthetic"]).arg(chart);
                    command.arg("--values").arg(values);
                    command
                }
                (_, _, _) => return Ok(None),
            };
            all.push(self.run(&mut command)?);
        }
        let time = all.iter().map(|took| took.time).sum();
        let peak = all.iter().map(|took| took.peak).max();
        Ok(Some((time, peak.unwrap_or_default())))
    }
}

/// Writes an `apps.yaml` of so many apps, always the same for the same number.
fn write_apps(apps: usize, path: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(
        b"name: synthetic
environments:
  dev: {namespace: dev}
  staging: {namespace: staging}
  production: {namespace: production}
defaults:
  resources: {cpu: 100m, memory: 128Mi, memory_limit: 256Mi}
apps:
",
    )?;
    for number in 0..apps {
        let other = (number + 1) % apps;
        write!(
            out,
            "  app-{number:05}:
    image: ghcr.io/acme/app-{number:05}:1.4.0
    ports: 80:8080
    probes: {{readiness: /ready, liveness: /alive}}
    environment:
      LEVEL: debug
      NEXT_URL: http://app-{other:05}
      NUMBER: \"{number}\"
    overrides:
      staging: {{image: 'ghcr.io/acme/app-{number:05}:1.5.0-rc.1', environment: {{LEVEL: info}}}}
      production: {{replicas: 3, environment: {{LEVEL: warn}}}}
"
        )?;
        if number % 5 == 0 {
            out.write_all(
                b"    kind: StatefulSet\n    volumes: {data: {mount_path: /data, size: 8Gi}}\n",
            )?;
        }
    }
    out.flush()
}

const HEADINGS: [&str; 11] = [
    "form",
    "files",
    "output MB",
    "time s",
    "work s",
    "peak MB",
    "cp -r s",
    "× cp -r",
    "rendered s",
    "× generated",
    "its peak MB",
];

impl Forms {
    /// Lines of equal columns, figures to the right.
    pub(crate) fn table(&self) -> String {
        let mut lines = vec![HEADINGS.map(str::to_owned)];
        lines.extend(self.rows.iter().map(cells));
        let mut text = crate::report::aligned(&lines);
        text.push_str(&format!(
            "\n{} apps in {} environments; medians of {} runs after one for nothing; MB are 10⁶ \
             bytes; work is processor time, the kernel's too; rendered: by `kustomize build` and \
             `helm template`, each environment once, and how many times the generation that is\n",
            self.apps,
            ENVIRONMENTS.len(),
            self.rounds
        ));
        text
    }

    /// The same figures; keys carry the unit.
    pub(crate) fn json(&self) -> serde_json::Value {
        let rows: Vec<_> = self
            .rows
            .iter()
            .map(|row| {
                json!({
                    "form": row.form,
                    "outputFiles": row.output.files,
                    "outputBytes": row.output.bytes,
                    "seconds": row.time.as_secs_f64(),
                    "workSeconds": row.work.as_secs_f64(),
                    "peakBytes": row.peak,
                    "copySeconds": row.copy.as_secs_f64(),
                    "renderedSeconds": row.rendered.map(|(time, _)| time.as_secs_f64()),
                    "renderedPeakBytes": row.rendered.map(|(_, peak)| peak),
                })
            })
            .collect();
        json!({"version": 1, "runs": self.rounds, "apps": self.apps, "environments": ENVIRONMENTS.len(), "forms": rows})
    }
}

fn cells(row: &Row) -> [String; HEADINGS.len()] {
    let seconds = |time: Duration| format!("{:.2}", time.as_secs_f64());
    let megabytes = |bytes: u64| format!("{:.1}", bytes as f64 / 1e6);
    let times =
        |one: Duration, other: Duration| format!("{:.1}", one.as_secs_f64() / other.as_secs_f64());
    let none = || "–".to_owned();
    [
        row.form.to_owned(),
        row.output.files.to_string(),
        megabytes(row.output.bytes),
        seconds(row.time),
        seconds(row.work),
        megabytes(row.peak),
        seconds(row.copy),
        times(row.time, row.copy),
        row.rendered.map_or_else(none, |(time, _)| seconds(time)),
        row.rendered
            .map_or_else(none, |(time, _)| times(time, row.time)),
        row.rendered.map_or_else(none, |(_, peak)| megabytes(peak)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_row_for_each_form() {
        let row = |form, rendered| Row {
            form,
            output: Size {
                files: 4,
                bytes: 2_000_000,
            },
            time: Duration::from_millis(500),
            work: Duration::from_millis(900),
            peak: 5_000_000,
            copy: Duration::from_millis(100),
            rendered,
        };
        let forms = Forms {
            apps: 10,
            rounds: 3,
            rows: vec![
                row("tilt", None),
                row("helm", Some((Duration::from_secs(5), 7_000_000))),
            ],
        };
        let table = forms.table();
        let cells = |line: usize| -> Vec<&str> {
            let line = table.lines().nth(line).expect("a line");
            line.split_whitespace().collect()
        };
        assert_eq!(
            cells(1),
            [
                "tilt", "4", "2.0", "0.50", "0.90", "5.0", "0.10", "5.0", "–", "–", "–"
            ]
        );
        assert_eq!(cells(2)[8..], ["5.00", "10.0", "7.0"]);
        assert_eq!(forms.json()["forms"][1]["renderedSeconds"], 5.0);
    }

    #[test]
    fn the_project_is_always_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let written = |name: &str| {
            let path = folder.path().join(name);
            write_apps(7, &path).expect("it is written");
            std::fs::read_to_string(path).expect("a text")
        };
        let text = written("a.yaml");
        assert_eq!(text, written("b.yaml"));
        assert_eq!(text.matches("image: ghcr.io").count(), 7);
    }
}

//! The figures, as a table for people and as JSON for machines.

use std::time::Duration;

use serde_json::json;

use crate::calls::Calls;
use crate::scratch::Size;

/// The figures of one size; times are medians.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Services of the project.
    pub(crate) services: usize,
    /// The project as written.
    pub(crate) input: Size,
    /// What came out.
    pub(crate) output: Size,
    /// One generation into a folder that is not there.
    pub(crate) time: Duration,
    /// The fastest of these.
    pub(crate) fastest: Duration,
    /// The slowest of these.
    pub(crate) slowest: Duration,
    /// What the processors did for it.
    pub(crate) work: Duration,
    /// `cp -r` of what came out.
    pub(crate) copy: Duration,
    /// What the processors did for that.
    pub(crate) copy_work: Duration,
    /// One more generation over what is there already, with nothing to change.
    pub(crate) again: Duration,
    /// `diff` of what is there already, with nothing to show.
    pub(crate) diff: Duration,
    /// Bytes of memory at most.
    pub(crate) peak: u64,
}

/// The figures of a file with three services.
#[derive(Clone, Debug)]
pub(crate) struct Small {
    /// How many runs.
    pub(crate) runs: usize,
    /// What came out.
    pub(crate) output: Size,
    /// The median of the whole process.
    pub(crate) time: Duration,
    /// The fastest.
    pub(crate) fastest: Duration,
    /// The slowest.
    pub(crate) slowest: Duration,
}

/// All figures of one call.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// Rounds of each size.
    pub(crate) runs: usize,
    /// What kind of place the files lay in, for the reader to judge by.
    pub(crate) place: String,
    /// In the order asked for.
    pub(crate) rows: Vec<Row>,
    /// Three services.
    pub(crate) small: Option<Small>,
    /// The server.
    pub(crate) calls: Option<Calls>,
}

const HEADINGS: [&str; 15] = [
    "services",
    "files",
    "output MB",
    "time s",
    "min–max s",
    "MB/s",
    "cp -r s",
    "× cp -r",
    "work s",
    "cp work s",
    "peak MB",
    "× output",
    "growth",
    "again s",
    "diff s",
];

impl Report {
    /// Lines of equal columns, figures to the right.
    pub(crate) fn table(&self) -> String {
        let mut lines = vec![HEADINGS.map(str::to_owned)];
        let before = std::iter::once(None).chain(self.rows.iter().map(Some));
        lines.extend(
            self.rows
                .iter()
                .zip(before)
                .map(|(row, before)| cells(row, before)),
        );
        let mut text = aligned(&lines);
        text.push_str(&self.legend());
        text.push_str(&self.calls.as_ref().map(Calls::table).unwrap_or_default());
        text
    }

    fn legend(&self) -> String {
        let mut text = format!(
            "\nmedians of {} runs after one for nothing, in {}; MB are 10⁶ bytes; growth is time and \
             services against the row above; again is a generation over its own result, diff a comparison with it; work is processor time, the kernel's too\n",
            self.runs, self.place
        );
        if let Some(small) = &self.small {
            text.push_str(&format!(
                "three services: {} ms whole process, median of {} runs ({}–{}), {} files\n",
                millis(small.time),
                small.runs,
                millis(small.fastest),
                millis(small.slowest),
                small.output.files,
            ));
        }
        text
    }

    /// The same figures and their quotients; keys carry the unit.
    pub(crate) fn json(&self) -> serde_json::Value {
        let before = std::iter::once(None).chain(self.rows.iter().map(Some));
        let sizes: Vec<_> = self
            .rows
            .iter()
            .zip(before)
            .map(|(row, before)| {
                json!({
                    "services": row.services,
                    "inputBytes": row.input.bytes,
                    "outputFiles": row.output.files,
                    "outputBytes": row.output.bytes,
                    "seconds": row.time.as_secs_f64(),
                    "fastestSeconds": row.fastest.as_secs_f64(),
                    "slowestSeconds": row.slowest.as_secs_f64(),
                    "copySeconds": row.copy.as_secs_f64(),
                    "workSeconds": row.work.as_secs_f64(),
                    "copyWorkSeconds": row.copy_work.as_secs_f64(),
                    "againSeconds": row.again.as_secs_f64(),
                    "diffSeconds": row.diff.as_secs_f64(),
                    "timesCopy": ratio(row.time, row.copy),
                    "peakBytes": row.peak,
                    "peakTimesOutput": row.peak as f64 / row.output.bytes as f64,
                    "growth": before.map(|before| ratio(row.time, before.time)),
                })
            })
            .collect();
        let small = self.small.as_ref().map(|small| {
            json!({
                "services": 3,
                "runs": small.runs,
                "outputFiles": small.output.files,
                "seconds": small.time.as_secs_f64(),
                "fastestSeconds": small.fastest.as_secs_f64(),
                "slowestSeconds": small.slowest.as_secs_f64(),
            })
        });
        json!({"version": 1, "runs": self.runs, "place": self.place, "sizes": sizes, "small": small, "server": self.calls.as_ref().map(Calls::json)})
    }
}

/// Lines of equal columns, everything to the right.
pub(crate) fn aligned<const COLUMNS: usize>(lines: &[[String; COLUMNS]]) -> String {
    let width = |column: usize| {
        let cells = lines.iter().map(|line| line[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..COLUMNS).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let padded: Vec<String> = line
            .iter()
            .zip(&widths)
            .map(|(cell, &width)| format!("{cell:>width$}"))
            .collect();
        text.push_str(&padded.join("  "));
        text.push('\n');
    }
    text
}

fn cells(row: &Row, before: Option<&Row>) -> [String; HEADINGS.len()] {
    let megabytes = row.output.bytes as f64 / 1e6;
    [
        row.services.to_string(),
        row.output.files.to_string(),
        format!("{megabytes:.2}"),
        seconds(row.time),
        format!("{}–{}", seconds(row.fastest), seconds(row.slowest)),
        format!("{:.1}", megabytes / row.time.as_secs_f64()),
        seconds(row.copy),
        format!("{:.2}", ratio(row.time, row.copy)),
        seconds(row.work),
        seconds(row.copy_work),
        format!("{:.1}", row.peak as f64 / 1e6),
        format!("{:.2}", row.peak as f64 / row.output.bytes as f64),
        before.map_or_else(String::new, |before| growth(row, before)),
        seconds(row.again),
        seconds(row.diff),
    ]
}

/// `2.04 (×2)`: how many times longer, for how many times the services.
fn growth(row: &Row, before: &Row) -> String {
    let services = row.services as f64 / before.services as f64;
    let services = (services * 10.0).round() / 10.0;
    format!("{:.2} (×{services})", ratio(row.time, before.time))
}

fn ratio(time: Duration, other: Duration) -> f64 {
    time.as_secs_f64() / other.as_secs_f64()
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(services: usize, millis: u64) -> Row {
        Row {
            services,
            input: Size {
                files: 1,
                bytes: 500,
            },
            output: Size {
                files: 4 * services as u64,
                bytes: 2_000_000,
            },
            time: Duration::from_millis(millis),
            fastest: Duration::from_millis(millis - 1),
            slowest: Duration::from_millis(millis + 1),
            work: Duration::from_millis(millis * 3 / 2),
            copy: Duration::from_millis(100),
            copy_work: Duration::from_millis(90),
            again: Duration::from_millis(50),
            diff: Duration::from_millis(40),
            peak: 5_000_000,
        }
    }

    fn report() -> Report {
        Report {
            runs: 5,
            place: "memory".into(),
            rows: vec![row(10_000, 200), row(20_000, 410)],
            calls: None,
            small: Some(Small {
                runs: 50,
                output: Size {
                    files: 14,
                    bytes: 10_000,
                },
                time: Duration::from_micros(4_210),
                fastest: Duration::from_micros(4_000),
                slowest: Duration::from_micros(9_000),
            }),
        }
    }

    #[test]
    fn the_table_holds_every_quotient() {
        let table = report().table();
        let lines: Vec<&str> = table.lines().collect();
        let cells: Vec<&str> = lines[2].split_whitespace().collect();
        assert_eq!(
            cells,
            [
                "20000",
                "80000",
                "2.00",
                "0.410",
                "0.409–0.411",
                "4.9",
                "0.100",
                "4.10",
                "0.615",
                "0.090",
                "5.0",
                "2.50",
                "2.05",
                "(×2)",
                "0.050",
                "0.040"
            ]
        );
        let widths: Vec<usize> = lines[..3].iter().map(|line| line.chars().count()).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{table}");
        assert!(table.ends_with(
            "three services: 4.2 ms whole process, median of 50 runs (4.0–9.0), 14 files\n"
        ));
    }

    #[test]
    fn machines_get_the_same_figures() {
        let json = report().json();
        assert_eq!(json["sizes"][1]["timesCopy"], 4.1);
        assert_eq!(json["sizes"][0]["growth"], serde_json::Value::Null);
        assert_eq!(json["sizes"][1]["peakTimesOutput"], 2.5);
        assert_eq!(json["small"]["seconds"], 0.00421);
    }
}

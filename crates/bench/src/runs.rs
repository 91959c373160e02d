//! What is run and how often: each size first once for nothing, then in rounds of
//! generate, copy, generate again and diff, so that a noisy minute meets all alike.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::measure::{Failure, Took, measure, median};
use crate::project::{THREE_SERVICES, write_project};
use crate::report::{Row, Small};
use crate::scratch::{remove, size_of};

/// The program that is measured, and where.
#[derive(Clone, Debug)]
pub(crate) struct Bench {
    /// Absolute path of `kubewright`.
    pub(crate) binary: PathBuf,
    /// A folder of our own.
    pub(crate) scratch: PathBuf,
}

/// Set when the runs are to end early.
pub(crate) static STOP: AtomicBool = AtomicBool::new(false);

impl Bench {
    /// The figures of one size: medians of so many rounds.
    ///
    /// # Errors
    ///
    /// When a command fails, or makes nothing.
    pub(crate) fn size(&self, services: usize, rounds: usize) -> Result<Row, Failure> {
        let project = self.empty("project")?;
        write_project(services, &project).map_err(Failure::io("cannot write to", &project))?;
        let (out, copy) = (self.scratch.join("out"), self.scratch.join("copy"));
        let (mut fresh, mut copied) = (Vec::new(), Vec::new());
        let (mut again, mut compared) = (Vec::new(), Vec::new());
        for round in 0..=rounds {
            remove(&out)?;
            let first = self.run(&mut self.generate(&project, &out))?;
            remove(&copy)?;
            let cp = self.run(Command::new("cp").arg("-r").args([&out, &copy]))?;
            let second = self.run(&mut self.generate(&project, &out))?;
            let diff = self.run(&mut self.diff(&project, &out))?;
            if round > 0 {
                fresh.push(first);
                copied.push(cp);
                again.push(second);
                compared.push(diff);
            }
        }
        let row = Row {
            services,
            input: size_of(&project)?,
            output: size_of(&out)?,
            time: median(fresh.iter().map(|took| took.time)),
            work: median(fresh.iter().map(|took| took.work)),
            fastest: fresh.iter().map(|took| took.time).min().unwrap_or_default(),
            slowest: fresh.iter().map(|took| took.time).max().unwrap_or_default(),
            copy: median(copied.iter().map(|took| took.time)),
            copy_work: median(copied.iter().map(|took| took.work)),
            again: median(again.iter().map(|took| took.time)),
            diff: median(compared.iter().map(|took| took.time)),
            peak: median(fresh.iter().map(|took| took.peak)),
        };
        for folder in [&project, &out, &copy] {
            remove(folder)?;
        }
        Ok(row)
    }

    /// The figures of a file with three services, where the start of a process
    /// counts.
    ///
    /// # Errors
    ///
    /// As [`Bench::size`].
    pub(crate) fn small(&self, runs: usize) -> Result<Small, Failure> {
        let project = self.empty("small")?;
        let compose = project.join("compose.yaml");
        fs::write(&compose, THREE_SERVICES).map_err(Failure::io("cannot write", &compose))?;
        let out = self.scratch.join("small-out");
        let mut all = Vec::new();
        for round in 0..=runs {
            remove(&out)?;
            let took = self.run(&mut self.generate(&project, &out))?;
            if round > 0 {
                all.push(took.time);
            }
        }
        Ok(Small {
            runs,
            output: size_of(&out)?,
            time: median(all.iter().copied()),
            fastest: all.iter().copied().min().unwrap_or_default(),
            slowest: all.iter().copied().max().unwrap_or_default(),
        })
    }

    fn generate(&self, project: &Path, out: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .current_dir(project)
            .args(["generate", "compose.yaml", "-q", "-f", "manifests", "-o"])
            .arg(out);
        command
    }

    fn diff(&self, project: &Path, out: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .current_dir(project)
            .args(["diff", "compose.yaml", "-q", "-f", "manifests", "-o"])
            .arg(out);
        command
    }

    /// Runs one command.
    ///
    /// # Errors
    ///
    /// When it fails.
    pub(crate) fn run(&self, command: &mut Command) -> Result<Took, Failure> {
        if STOP.load(Ordering::Relaxed) {
            return Err(Failure::Interrupted);
        }
        let took = measure(command, &self.scratch.join("messages"));
        match took {
            Err(_) if STOP.load(Ordering::Relaxed) => Err(Failure::Interrupted),
            took => took,
        }
    }

    /// An empty folder of the scratch folder.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub(crate) fn empty(&self, name: &str) -> Result<PathBuf, Failure> {
        let folder = self.scratch.join(name);
        remove(&folder)?;
        fs::create_dir_all(&folder).map_err(Failure::io("cannot make", &folder))?;
        Ok(folder)
    }
}

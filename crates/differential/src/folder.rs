//! Compose files of a folder, each a project of its own.

use std::path::{Path, PathBuf};

use crate::Job;

/// Adds what lies in a folder. A folder of golden cases (one with `input` folders)
/// gives one project a case; any other gives one for every YAML file with services.
pub(crate) fn jobs(folder: &Path, jobs: &mut Vec<Job>) -> Result<(), String> {
    let folder =
        std::path::absolute(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let names = names(&folder)?;
    let is_cases = names
        .iter()
        .any(|name| folder.join(name).join("input").is_dir());
    for name in names {
        let path = folder.join(&name);
        match is_cases {
            true if path.join("input").is_dir() => jobs.push(case(&name, &path)),
            true => {}
            false => search(&path, &mut *jobs)?,
        }
    }
    Ok(())
}

fn names(folder: &Path) -> Result<Vec<String>, String> {
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let names = entries.flatten().map(|entry| entry.file_name());
    let mut names: Vec<String> = names.filter_map(|name| name.into_string().ok()).collect();
    names.sort();
    Ok(names)
}

/// A golden case: its input, and the profiles that it asks for.
fn case(name: &str, folder: &Path) -> Job {
    let asked = std::fs::read_to_string(folder.join("request.txt")).unwrap_or_default();
    let profiles = asked
        .lines()
        .filter_map(|line| line.strip_prefix("profile="));
    Job {
        name: name.to_owned(),
        folder: folder.join("input"),
        files: Vec::new(),
        profiles: profiles.map(str::to_owned).collect(),
    }
}

fn search(path: &Path, jobs: &mut Vec<Job>) -> Result<(), String> {
    if path.is_symlink() {
        return Ok(());
    }
    if path.is_dir() {
        for name in names(path)? {
            search(&path.join(name), jobs)?;
        }
        return Ok(());
    }
    let is_yaml = path
        .extension()
        .is_some_and(|end| end == "yaml" || end == "yml");
    let text = match is_yaml {
        true => std::fs::read_to_string(path).unwrap_or_default(),
        false => String::new(),
    };
    if text.lines().any(|line| line.trim_end() == "services:") {
        jobs.push(Job {
            name: path.display().to_string(),
            folder: path.parent().unwrap_or(Path::new("/")).to_owned(),
            files: vec![PathBuf::from(path)],
            profiles: Vec::new(),
        });
    }
    Ok(())
}

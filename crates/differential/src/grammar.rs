//! A grammar of compose projects: all keys, all forms, now and then a slip.
//!
//! A project has one to four services. Each takes some keys from the table, each
//! key one of its forms; one value in forty is from another key's form or a slip
//! of its own. Beside the services stand the sections that their values name.
//! Some projects have an override file, extend or include another, or read
//! variables from files.

mod keys;
mod sections;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::Job;
use crate::random::Random;

const SERVICES: [&str; 4] = ["web", "db", "worker", "cache"];

/// A project that was made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Project {
    files: Vec<(String, String)>,
    inputs: Vec<String>,
    profiles: Vec<String>,
}

impl Project {
    /// Writes the project below a folder.
    pub(crate) fn write(&self, below: &Path, folder: &str, name: String) -> Result<Job, String> {
        let folder = below.join(folder);
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        for (name, text) in &self.files {
            let path = folder.join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).map_err(|error| error.to_string())?;
            }
            std::fs::write(path, text).map_err(|error| error.to_string())?;
        }
        let files = self.inputs.iter().map(|name| folder.join(name));
        Ok(Job {
            name,
            files: files.collect::<Vec<PathBuf>>(),
            profiles: self.profiles.clone(),
            folder,
        })
    }
}

/// The project of a seed.
pub(crate) fn project(seed: u64) -> Project {
    let mut random = Random::new(seed);
    let mut project = Project::default();
    let count = 1 + random.below(SERVICES.len());
    let mut text = String::new();
    if random.once_in(4) {
        text.push_str(random.one(&[
            "name: shop\n",
            "version: \"3.8\"\n",
            "name: My Shop\n",
            "x-common: &common {A: 1, B: two}\n",
        ]));
    }
    let is_wide = random.once_in(30);
    services(&mut text, &mut random, count, is_wide);
    sections::write(&mut text, &mut random);
    let mut main = vec![("compose.yaml".to_owned(), text)];
    surroundings(&mut random, &mut main, &mut project, count);
    project.files = main;
    if random.once_in(6) {
        project
            .profiles
            .push(random.one(&["debug", "test", "*"]).to_owned());
    }
    project
}

/// Every key of a service with every odd value, one a project.
pub(crate) fn matrix() -> impl Iterator<Item = (String, Project)> {
    let values = || keys::ANYTHING.iter().chain(keys::ITEMS);
    let of_service = keys::SERVICE
        .iter()
        .flat_map(move |key| values().map(|value| odd(&format!("    {}: ", key.name), value, "")));
    let below = keys::BELOW
        .iter()
        .flat_map(move |(before, behind)| values().map(|value| odd(before, value, behind)));
    of_service.chain(below)
}

/// A project whose only service has an odd value, and what people know it by.
fn odd(before: &str, value: &str, behind: &str) -> (String, Project) {
    let image = match before.trim_start().starts_with("image:") {
        true => "",
        false => "    image: nginx\n",
    };
    let text = format!("services:\n  web:\n{image}{before}{value}{behind}\n");
    let project = Project {
        files: vec![("compose.yaml".to_owned(), text)],
        ..Project::default()
    };
    (format!("`{}{value}{behind}`", before.trim_start()), project)
}

fn services(text: &mut String, random: &mut Random, count: usize, is_wide: bool) {
    text.push_str("services:\n");
    for name in &SERVICES[..count] {
        writeln!(text, "  {name}:").expect("writing to a text cannot fail");
        let many = if is_wide { 20 } else { 5 };
        service(text, random, many, true);
    }
}

/// Some keys of a service, and what makes it run.
fn service(text: &mut String, random: &mut Random, many: usize, is_whole: bool) {
    let mut taken: Vec<&str> = Vec::new();
    if is_whole && !random.once_in(60) {
        let form = random.one(&[
            "image: nginx",
            "image: nginx",
            "image: postgres:16",
            "build: .",
        ]);
        writeln!(text, "    {form}").expect("writing to a text cannot fail");
        taken.push(form.split(':').next().unwrap_or_default());
    }
    if !is_whole {
        text.push_str("    labels: {from: here}\n");
        taken.push("labels");
    }
    for _ in 0..random.below(many + 1) {
        let key = &keys::SERVICE[random.below(keys::SERVICE.len())];
        if taken.contains(&key.name) {
            continue;
        }
        taken.push(key.name);
        let form = form(random, key, keys::SERVICE);
        writeln!(text, "    {}: {form}", key.name).expect("writing to a text cannot fail");
    }
}

/// One form of a key: mostly a good one.
fn form<'a>(random: &mut Random, key: &keys::Key<'a>, all: &[keys::Key<'a>]) -> &'a str {
    if random.once_in(60) {
        return random.one(keys::ANYTHING);
    }
    if random.once_in(60) {
        let other = &all[random.below(all.len())];
        return random.one(other.good);
    }
    if !key.bad.is_empty() && random.once_in(25) {
        return random.one(key.bad);
    }
    random.one(key.good)
}

/// Override files, extended and included files, files with variables.
fn surroundings(
    random: &mut Random,
    files: &mut Vec<(String, String)>,
    project: &mut Project,
    count: usize,
) {
    let variables = "TAG=7\nPORT=8080\nYES=true\nN=3\nEMPTY=\nSIZE=64m\n";
    files.push((".env".to_owned(), variables.to_owned()));
    let more = "# more\nFROM_FILE=1\nA=from file\nQUOTED=\"a b\"\nexport REF=${TAG}\n";
    files.push(("app.env".to_owned(), more.to_owned()));
    files.push(("labels.txt".to_owned(), "file.label=yes\na=b\n".to_owned()));
    files.push(("token.txt".to_owned(), "t0ken\n".to_owned()));
    if random.once_in(4) {
        let mut over = String::from("services:\n");
        let name = SERVICES[random.below(count)];
        writeln!(over, "  {name}:").expect("writing to a text cannot fail");
        service(&mut over, random, 5, false);
        let named = random.once_in(2);
        let path = if named {
            "more.yaml"
        } else {
            "compose.override.yaml"
        };
        files.push((path.to_owned(), over));
        if named {
            project.inputs = vec!["compose.yaml".to_owned(), path.to_owned()];
        }
    }
    if random.once_in(6) {
        let mut base = String::from("services:\n  base:\n");
        service(&mut base, random, 4, true);
        files.push(("base/base.yaml".to_owned(), base));
        let extends = "    extends: {file: base/base.yaml, service: base}\n";
        let at = format!("  {}:\n", SERVICES[0]);
        files[0].1 = files[0].1.replacen(&at, &format!("{at}{extends}"), 1);
    }
    if random.once_in(8) {
        let mut part = String::from("services:\n  included:\n");
        service(&mut part, random, 4, true);
        files.push(("part/compose.yaml".to_owned(), part));
        let form = random.one(&[
            "[part/compose.yaml]",
            "[{path: part/compose.yaml}]",
            "[{path: [part/compose.yaml], project_directory: part}]",
        ]);
        files[0].1 = format!("include: {form}\n{}", files[0].1);
    }
}

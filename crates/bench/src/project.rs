//! Synthetic compose projects: the same number of services gives the same bytes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::services::{BOUND_FILE, NUMBER, SERVICES, Service};

/// What a small application looks like, for the time that a process costs.
pub(crate) const THREE_SERVICES: &str = "name: small
services:
  web:
    image: ghcr.io/acme/web:1.4.2
    ports:
      - \"8080:3000\"
    environment:
      API_URL: http://api:8000
    depends_on:
      - api
  api:
    image: ghcr.io/acme/api:1.4.2
    expose:
      - \"8000\"
    environment:
      DATABASE_URL: postgres://app:meadow@db:5432/app
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:17.2
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD: meadow
    volumes:
      - data:/var/lib/postgresql/data
    healthcheck:
      test: [\"CMD-SHELL\", \"pg_isready -U app\"]
volumes:
  data: {}
";

/// One in this many services that may bind a file does.
const BINDS_EVERY: usize = 10;

/// Writes the project of so many services into `folder`, which exists and is
/// empty: `compose.yaml` and the files that it binds.
///
/// # Errors
///
/// What the file system says.
pub(crate) fn write_project(services: usize, folder: &Path) -> io::Result<()> {
    // Written piece by piece: a process counts the memory of the one that
    // started it as its own peak.
    let mut file = BufWriter::new(File::create(folder.join("compose.yaml"))?);
    write_compose(services, &mut file)?;
    file.flush()?;
    fs::create_dir_all(folder.join("config"))?;
    for (number, _) in each(services).filter(|(number, kind)| binds_file(*number, kind)) {
        let number = padded(number);
        fs::write(
            folder.join(format!("config/site-{number}.toml")),
            format!("[site]\nname = \"site-{number}\"\nlanguages = [\"de\", \"en\"]\n"),
        )?;
    }
    Ok(())
}

fn write_compose(services: usize, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"name: synthetic\nservices:\n")?;
    for (number, kind) in each(services) {
        out.write_all(numbered(kind.text, number).as_bytes())?;
        if binds_file(number, kind) {
            out.write_all(numbered(BOUND_FILE, number).as_bytes())?;
        }
    }
    write_section("volumes", services, out, |kind| kind.volume)?;
    write_section("configs", services, out, |kind| kind.config)
}

/// A top-level section, unless no service has an entry in it.
fn write_section(
    name: &str,
    services: usize,
    out: &mut impl Write,
    entry: impl Fn(&Service) -> &'static str,
) -> io::Result<()> {
    let mut entries = each(services)
        .map(|(number, kind)| (number, entry(kind)))
        .filter(|(_, entry)| !entry.is_empty())
        .peekable();
    if entries.peek().is_some() {
        writeln!(out, "{name}:")?;
    }
    entries.try_for_each(|(number, entry)| out.write_all(numbered(entry, number).as_bytes()))
}

/// The services of a project, each with its number.
fn each(services: usize) -> impl Iterator<Item = (usize, &'static Service)> {
    (0..services).map(|index| (index / SERVICES.len(), &SERVICES[index % SERVICES.len()]))
}

fn binds_file(number: usize, kind: &Service) -> bool {
    kind.binds_file && number.is_multiple_of(BINDS_EVERY)
}

fn numbered(text: &str, number: usize) -> String {
    text.replace(NUMBER, &padded(number))
}

fn padded(number: usize) -> String {
    format!("{number:05}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubewright_yaml::{Limits, Node, read_document};

    fn text(services: usize) -> String {
        let mut out = Vec::new();
        write_compose(services, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn parsed(text: &str) -> Node {
        let read = read_document(text, kubewright_source::SourceId::NONE, &Limits::default());
        read.unwrap_or_else(|fault| panic!("{fault:?}")).unwrap()
    }

    #[test]
    fn a_project_has_as_many_services_as_asked_for() {
        for services in [1, 2, 7, 8, 10, 13, 250] {
            let project = parsed(&text(services));
            let found = project.get("services").and_then(Node::as_mapping).unwrap();
            assert_eq!(found.len(), services);
        }
    }

    #[test]
    fn equal_numbers_give_equal_bytes_and_other_numbers_others() {
        assert_eq!(text(123), text(123));
        assert_ne!(text(123), text(124));
        assert!(!text(123).contains(NUMBER));
    }

    #[test]
    fn whatever_a_service_names_exists() {
        for services in 1..=2 * SERVICES.len() {
            let project = parsed(&text(services));
            let all = project.get("services").and_then(Node::as_mapping).unwrap();
            for entry in all.iter() {
                for needed in names(&entry.value, "depends_on") {
                    assert!(all.contains_key(&needed), "{needed} of {services}");
                }
                for config in list(&entry.value, "configs") {
                    let source = config.get("source").and_then(Node::as_scalar).unwrap();
                    let declared = project.get("configs").unwrap();
                    assert!(declared.get(&source.text).is_some());
                }
                for volume in list(&entry.value, "volumes") {
                    let short = volume.as_scalar().unwrap().text.to_string();
                    let source = short.split(':').next().unwrap();
                    let declared = project.get("volumes").and_then(|all| all.get(source));
                    assert!(source.starts_with("./") || declared.is_some(), "{short}");
                }
            }
        }
    }

    #[test]
    fn the_files_that_services_bind_are_written() {
        let folder = tempfile::tempdir().unwrap();
        write_project(250, folder.path()).unwrap();
        let compose = fs::read_to_string(folder.path().join("compose.yaml")).unwrap();
        let bound: Vec<&str> = compose
            .lines()
            .filter_map(|line| line.trim().strip_prefix("- ./")?.split(':').next())
            .collect();
        assert_eq!(
            bound,
            [
                "config/site-00000.toml",
                "config/site-00010.toml",
                "config/site-00020.toml"
            ]
        );
        for file in bound {
            assert!(folder.path().join(file).is_file(), "{file}");
        }
    }

    #[test]
    fn the_small_project_has_three_services() {
        let project = parsed(THREE_SERVICES);
        let services = project.get("services").and_then(Node::as_mapping).unwrap();
        assert_eq!(services.len(), 3);
    }

    fn names(service: &Node, key: &str) -> Vec<String> {
        let mapping = service.get(key).and_then(Node::as_mapping);
        mapping.map_or_else(Vec::new, |all| all.keys().map(str::to_owned).collect())
    }

    fn list<'a>(service: &'a Node, key: &str) -> &'a [Node] {
        service.get(key).and_then(Node::as_sequence).unwrap_or(&[])
    }
}

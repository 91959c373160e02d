//! Paths that lead out of the project.

use std::path::Path;

use kubewright_files::{FileError, Files, Kind, MemoryFiles};

use super::{Read, read_beside};

/// Files of which some are links that lead out of every folder.
struct Linked {
    files: MemoryFiles,
    links: &'static [&'static str],
}

impl Files for Linked {
    fn read_limited(&self, path: &Path, max_bytes: u64) -> Result<Vec<u8>, FileError> {
        self.files.read_limited(path, max_bytes)
    }

    fn leads_outside(&self, path: &Path, _folder: &Path) -> bool {
        self.links.iter().any(|link| path.starts_with(link))
    }

    fn kind(&self, path: &Path) -> Result<Kind, FileError> {
        self.files.kind(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<String>, FileError> {
        self.files.list(folder)
    }
}

fn said(text: &str, links: &'static [&'static str]) -> Read {
    let compose = "services: {web: {image: a:1}}\n";
    let files = MemoryFiles::new()
        .with("stats/compose.yaml", compose)
        .with("stats/compose.override.yaml", compose)
        .with("stats/more.yaml", compose)
        .with("a.yaml", "a: 1\n")
        .with("/beside/compose.yaml", compose)
        .with("/beside/a.yaml", "a: 1\n");
    read_beside(text, None, &Linked { files, links })
}

#[test]
fn every_path_that_is_read_stays_in_the_project() {
    let keys: &[fn(&str) -> String] = &[
        |path| format!("compose: {{stats: {{path: {path}}}}}"),
        |path| format!("kustomize: {{mon: {{path: {path}}}}}"),
        |path| format!("helm: {{bus: {{chart: {path}}}}}"),
        |path| {
            format!(
                "functions: {{fn: {{path: {path}, handlers: {{a: {{trigger: {{schedule: 0 3 * * *}}}}}}}}}}"
            )
        },
        |path| format!("objects: [{path}/a.yaml]"),
        |path| format!("secrets: {{a: {{file: {path}/a.yaml}}}}"),
        |path| format!("apps: {{web: {{image: a:1, env_file: {path}/a.yaml}}}}"),
        |path| format!("apps: {{web: {{image: a:1, files: {{/a: {path}/a.yaml}}}}}}"),
        |path| format!("helm: {{bus: {{chart: oci://a.test/b, values: {path}/a.yaml}}}}"),
    ];
    for key in keys {
        for path in ["../beside", "/beside", "./x/../../beside", "~/beside"] {
            let text = key(path);
            let faults = said(&text, &[]).faults();
            let (found, rest) = faults.split_first().expect("an error");
            assert!(found.starts_with("file "), "{text}: {faults:?}");
            assert!(found.contains(path) && found.ends_with("leaves the project"));
            // Handlers of a group that is not read, and the like.
            assert_eq!(rest, [""; 0], "{text}");
        }
        let links: &[&str] = &["linked"];
        let faults = said(&key("linked"), links).faults();
        assert!(
            faults
                .iter()
                .any(|said| said.ends_with("leaves the project")),
            "{faults:?}"
        );
    }
}

#[test]
fn files_of_a_compose_project_stay_in_the_project() {
    let rows: &[(&str, &'static [&'static str], &[&str])] = &[
        ("path: stats", &[], &[]),
        ("path: ./stats/", &[], &[]),
        ("path: stats/more.yaml", &[], &[]),
        ("path: stats, file: [compose.yaml, more.yaml]", &[], &[]),
        ("path: stats, file: ../stats/more.yaml", &[], &[]),
        (
            "path: stats, file: ../../beside/compose.yaml",
            &[],
            &["file 1:38 `stats/../../beside/compose.yaml` leaves the project"],
        ),
        (
            "path: stats, file: /beside/compose.yaml",
            &[],
            &["file 1:38 `/beside/compose.yaml` leaves the project"],
        ),
        (
            "path: stats",
            &["stats/compose.override.yaml"],
            &["file 1:25 `stats/compose.override.yaml` leaves the project"],
        ),
        (
            "path: stats, file: more.yaml",
            &["stats/compose.override.yaml"],
            &[],
        ),
        (
            "path: stats, file: more.yaml",
            &["stats/more.yaml"],
            &["file 1:38 `stats/more.yaml` leaves the project"],
        ),
    ];
    for (keys, links, expected) in rows {
        let read = said(&format!("compose: {{stats: {{{keys}}}}}"), links);
        assert_eq!(read.faults(), *expected, "{keys}");
        assert_eq!(read.project.entries.len(), usize::from(expected.is_empty()));
    }
}

/// A builder reads its folder, kubewright does not.
#[test]
fn a_build_may_start_anywhere() {
    let read = said("apps: {web: {build: ../web}}", &[]);
    assert_eq!(read.codes(), [""; 0]);
}

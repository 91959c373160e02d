//! Any bytes: an answer comes back, the same twice, whatever the order of the files.

use std::path::Path;

use kubewright_detect::wizard::{env_namespaces, wizard};
use kubewright_detect::{Inventory, Tools, detect_in};
use kubewright_files::MemoryFiles;
use proptest::collection::vec;
use proptest::prelude::*;

const NAMES: [&str; 30] = [
    "compose.yaml",
    "compose.override.yaml",
    "docker-compose.prod.yml",
    ".env",
    ".env.prod",
    "Dockerfile",
    "api/Dockerfile.dev",
    "package.json",
    "api/package.json",
    "pyproject.toml",
    "requirements.txt",
    "Pipfile",
    "go.mod",
    "main.go",
    "Cargo.toml",
    "pom.xml",
    "build.gradle",
    "A.csproj",
    "composer.json",
    "Gemfile",
    "mix.exs",
    "k8s/a.yaml",
    "k8s/kustomization.yaml",
    "overlays/prod/kustomization.yaml",
    "skaffold.yaml",
    "Chart.yaml",
    "charts/a/Chart.yaml",
    "functions/a.py",
    ".git/config",
    ".git/HEAD",
];

/// Pieces that the readers look for, so that more than the first line is reached.
const PIECES: [&str; 46] = [
    "services:",
    "a:",
    "image: ",
    "postgres:",
    "${A}",
    "${A:-",
    "$",
    "}",
    "\n",
    "  ",
    "    ",
    "- ",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    "build: .",
    "ports:",
    "8080-1:80",
    "environment:",
    "A=b",
    "FROM ",
    "AS ",
    "EXPOSE ",
    "1-65535/udp",
    "\\\n",
    "<<EOF",
    "ARG A=",
    "apiVersion: v1\nkind: Secret\n",
    "---\n",
    "resources:",
    "dependencies",
    "[project]",
    "<artifactId>",
    "</",
    "require ",
    "gem '",
    "é",
    "\u{0}",
    "url = ",
    "[remote \"",
    "://",
    "@",
    "ref: refs/heads/",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let pieces = vec(prop::sample::select(&PIECES[..]), 0..24);
    prop_oneof![
        3 => pieces.prop_map(|pieces| pieces.concat().into_bytes()),
        1 => vec(any::<u8>(), 0..80),
    ]
}

fn answer(files: &[(&str, Vec<u8>)]) -> String {
    let inventory = Inventory::new(files.iter().map(|(path, _)| (*path).to_owned()));
    let memory = files
        .iter()
        .fold(MemoryFiles::new(), |memory, (path, bytes)| {
            memory.with(path, bytes.clone())
        });
    let found = detect_in(&inventory, &memory, Path::new("/srv/shop"));
    let json = serde_json::to_string(&found).expect("plain data");
    let wizard = wizard(&found, &Tools::default());
    format!("{json}{wizard}{}", env_namespaces(&found))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_files_have_one_answer(files in vec((prop::sample::select(&NAMES[..]), text()), 0..8)) {
        let mut files = files;
        files.sort_by_key(|(path, _)| *path);
        files.dedup_by_key(|(path, _)| *path);
        let once = answer(&files);
        files.reverse();
        prop_assert_eq!(once, answer(&files));
    }
}

//! Whole projects.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use proptest::{option, sample};
use serde_json::{Map, Value, json};

use crate::app::app;
use crate::environment::{defaults, environment};
use crate::outside::{database, gateway, objects};
use crate::storage::SOURCES;

/// A project: an `apps.yaml`, and the files beside it.
#[derive(Clone, Debug)]
pub struct Project {
    /// What the `apps.yaml` says.
    pub document: Value,
    /// Whether values of secrets stand in a `.env` file; else they are left open.
    pub has_values: bool,
}

impl Project {
    /// All files of the project by their paths, which have `/` between their parts.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files: BTreeMap<String, Vec<u8>> = SOURCES
            .iter()
            .map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()))
            .collect();
        files.insert("apps.yaml".to_owned(), self.text().into_bytes());
        if self.has_values {
            files.insert(".env".to_owned(), VALUES.as_bytes().to_vec());
        }
        files
    }

    /// The `apps.yaml`, in the part of YAML that is JSON.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(&self.document).expect("texts and numbers are JSON") + "\n"
    }

    /// The names of the environments.
    #[must_use]
    pub fn environments(&self) -> Vec<&str> {
        let environments = self.document["environments"].as_object();
        let names = environments.into_iter().flat_map(Map::keys);
        names.map(String::as_str).collect()
    }
}

/// Values of secrets, as people write them.
const VALUES: &str = "\
S_ONE='one {{ .Values.x }} $(X)'
S_TWO=two
S_FILE=\"first\\nsecond\"
S_DB=made-up
";

/// A valid project with two or three environments.
pub fn project() -> impl Strategy<Value = Project> {
    let names = sample::subsequence(vec!["dev", "eu-west", "production", "staging"], 2..=3);
    let apps = sample::subsequence(vec!["api", "mail", "report", "worker"], 0..=3);
    (names, apps)
        .prop_flat_map(|(names, apps)| {
            let of_environments: Vec<_> = names.iter().map(|name| environment(name)).collect();
            let first = app("web", &names, true);
            let others: Vec<_> = apps.iter().map(|name| app(name, &names, false)).collect();
            let parts = (
                option::weighted(0.3, defaults()),
                option::weighted(0.5, gateway("web", &names)),
                option::weighted(0.3, database(&names)),
                option::weighted(0.3, objects()),
                any::<bool>(),
            );
            (Just((names, apps)), of_environments, first, others, parts)
        })
        .prop_map(|((names, apps), environments, first, others, parts)| {
            let (defaults, gateway, database, objects, has_values) = parts;
            let environments: Map<String, Value> = names
                .into_iter()
                .map(str::to_owned)
                .zip(environments)
                .collect();
            let mut all = Map::from_iter([("web".to_owned(), first)]);
            all.extend(apps.into_iter().map(str::to_owned).zip(others));
            let mut document = json!({"name": "acme", "environments": environments, "apps": all});
            let mut put = |key: &str, value: Option<Value>| {
                if let Some(value) = value {
                    document[key] = value;
                }
            };
            put("defaults", defaults);
            put("gateway", gateway);
            put(
                "infrastructure",
                database.map(|database| json!({"postgres": database})),
            );
            put("objects", objects);
            Project {
                document,
                has_values,
            }
        })
}

/// The project with a number; the same number gives the same project.
#[must_use]
pub fn numbered(number: u64) -> Project {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let tree = project().new_tree(&mut runner);
    tree.expect("nothing is turned away").current()
}

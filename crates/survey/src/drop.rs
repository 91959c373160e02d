//! Promise 1 on one file: dropping any key changes the output or what is said.

use std::path::Path;

use kubewright_read::compose::decode::keys::restates_default;
use kubewright_yaml::Node;
use kubewright_yaml::walk::{self, Step};

use crate::alter;
use crate::project::{Product, Project};

/// What came of dropping keys.
#[derive(Debug, Default)]
pub(crate) struct Dropped {
    /// How many keys were dropped, each alone.
    pub(crate) tried: usize,
    /// The key paths that nobody missed, and that could say anything.
    pub(crate) lost: Vec<String>,
    /// The key paths that nobody missed because they say what holds anyway:
    /// with another value there, something else comes out.
    pub(crate) restated: Vec<String>,
}

/// Drops at most so many keys of a file, spread evenly over all it has.
pub(crate) fn every_key(file: &Path, most: usize) -> Dropped {
    let mut dropped = Dropped::default();
    let Some((project, tree)) = Project::new(file) else {
        return dropped;
    };
    let Some(whole) = project.compile(&tree) else {
        return dropped;
    };
    let ways: Vec<Vec<Step>> = walk::entries(&tree);
    let ways: Vec<&Vec<Step>> = ways.iter().filter(|way| counts(way)).collect();
    for way in spread(&ways, most) {
        dropped.tried += 1;
        if is_noticed(&project, &tree, way, &whole) {
            continue;
        }
        let list = match counts_otherwise(&project, &tree, way, &whole) {
            true => &mut dropped.restated,
            false => &mut dropped.lost,
        };
        list.push(walk::show(way));
    }
    dropped
}

/// Items spread evenly over a list, the first among them.
fn spread<T>(items: &[T], most: usize) -> impl Iterator<Item = &T> {
    let step = items.len().div_ceil(most.max(1)).max(1);
    items.iter().step_by(step)
}

/// False for extensions: what the Compose Specification leaves to the user.
fn counts(way: &[Step]) -> bool {
    !way.iter()
        .any(|step| matches!(step, Step::Key(key) if key.starts_with("x-")))
}

fn is_noticed(project: &Project, tree: &Node, way: &[Step], whole: &Product) -> bool {
    let Some((rest, removed)) = walk::without(tree, way) else {
        return true;
    };
    let is_reported = (1..way.len()).any(|length| whole.is_reported(&walk::show(&way[..length])));
    let restates = walk::with_path(way, |path| restates_default(path, &removed));
    if is_reported || restates {
        return true;
    }
    project
        .compile(&rest)
        .is_none_or(|without| without != *whole)
}

/// True where some other value of a key gives an accepted project that differs.
fn counts_otherwise(project: &Project, tree: &Node, way: &[Step], whole: &Product) -> bool {
    alter::others(tree, way).iter().any(|other| {
        let product = project.compile(other);
        product.is_some_and(|product| product.is_accepted() && product != *whole)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dropped(text: &str, most: usize) -> Dropped {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let file = folder.path().join("compose.yaml");
        std::fs::write(&file, text).expect("a file can be written");
        every_key(&file, most)
    }

    const TEXT: &str = "\
name: shop
x-note: {a: 1}
services:
  web:
    image: nginx:1.29
    logging: {driver: syslog, options: {tag: a}}
    ports: [\"80:80\"]
    environment: {A: b}
";

    #[test]
    fn no_key_of_a_plain_file_is_lost() {
        let all = dropped(TEXT, usize::MAX);
        assert_eq!((all.tried, all.lost), (11, Vec::new()));
    }

    #[test]
    fn a_sample_is_spread_over_the_file() {
        assert_eq!(dropped(TEXT, 3).tried, 3);
        assert_eq!(dropped(TEXT, 1).tried, 1);
        let spread: Vec<&i32> = spread(&[0, 1, 2, 3, 4], 3).collect();
        assert_eq!(spread, [&0, &2, &4]);
    }

    #[test]
    fn a_key_that_says_what_another_says_is_found() {
        let text =
            "services: {a: {image: x, environment: [A=1, B=2], expose: [80], ports: [80]}}\n";
        let all = dropped(text, usize::MAX);
        assert_eq!(
            (all.lost, all.restated),
            (Vec::new(), vec!["services.a.expose".to_owned()])
        );
    }

    #[test]
    fn what_cannot_be_read_has_no_keys() {
        assert_eq!(dropped("a: [", 9).tried, 0);
    }
}

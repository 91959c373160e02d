//! A file with and without one key of one service, for programs that are
//! compared by what they make of the two.

use std::path::{Path, PathBuf};

use kubewright_yaml::walk::{self, Step};
use kubewright_yaml::{AsGiven, Node, to_string};
use serde::Serialize;

use crate::project::Project;

/// One key of one service.
#[derive(Debug, Serialize)]
pub(crate) struct Pair {
    file: PathBuf,
    service: String,
    key: String,
    /// The file, and the file without the key.
    whole: [String; 2],
    /// The same where every service has nothing but its image: what stands
    /// beside a key may be refused, or say the same.
    alone: [String; 2],
}

/// What a service cannot do without.
const KEPT: [&str; 2] = ["image", "build"];

/// The pairs of a file; none where it holds no services.
pub(crate) fn of(file: &Path) -> Vec<Pair> {
    let Some((_, tree)) = Project::new(file) else {
        return Vec::new();
    };
    let keys = keys(&tree);
    let pair = |way: &Vec<Step>| pair(file, &tree, &keys, way);
    keys.iter().filter_map(pair).collect()
}

/// The ways to the keys of all services.
fn keys(tree: &Node) -> Vec<Vec<Step>> {
    let is_key = |way: &Vec<Step>| way.len() == 3 && way[0] == Step::Key("services".into());
    walk::entries(tree).into_iter().filter(is_key).collect()
}

fn pair(file: &Path, tree: &Node, keys: &[Vec<Step>], way: &[Step]) -> Option<Pair> {
    let [_, Step::Key(service), Step::Key(key)] = way else {
        return None;
    };
    let mut alone = tree.clone();
    for other in keys {
        if other != way && !is_kept(other) {
            alone = walk::without(&alone, other)?.0;
        }
    }
    Some(Pair {
        file: file.to_owned(),
        service: service.to_string(),
        key: key.to_string(),
        whole: both(tree, way)?,
        alone: both(&alone, way)?,
    })
}

fn is_kept(way: &[Step]) -> bool {
    matches!(way.last(), Some(Step::Key(key)) if KEPT.contains(&&**key))
}

fn both(tree: &Node, way: &[Step]) -> Option<[String; 2]> {
    let (without, _) = walk::without(tree, way)?;
    let text = |tree: &Node| to_string(tree, &AsGiven).ok();
    Some([text(tree)?, text(&without)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_of_each_service_makes_a_pair() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let file = folder.path().join("compose.yaml");
        let text = "services:\n  a:\n    image: x\n    tty: true\n    user: \"1\"\n";
        std::fs::write(&file, text).expect("a file can be written");
        let pairs = of(&file);
        let keys: Vec<&str> = pairs.iter().map(|pair| pair.key.as_str()).collect();
        assert_eq!(keys, ["image", "tty", "user"]);
        let tty = &pairs[1];
        assert_eq!(tty.whole[0], text);
        assert_eq!(tty.whole[1], text.replace("    tty: true\n", ""));
        assert_eq!(tty.alone[0], text.replace("    user: \"1\"\n", ""));
        assert_eq!(tty.alone[1], "services:\n  a:\n    image: x\n");
    }
}

//! No path of a tree is written outside the output folder.

use kubewright_files::{File, OutputPath, Tree};
use proptest::prelude::*;

use super::{snapshot, update};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_names(names in proptest::collection::vec("(\\.\\./|\\./|/|[a-c.~$ é]){1,6}", 1..6)) {
        let top = tempfile::tempdir().unwrap();
        let out = top.path().join("out");
        let paths = names.into_iter().filter_map(|name| OutputPath::new(name).ok());
        let file = |path| File { path, text: "x".to_owned(), objects: vec![], sensitive: false };
        let Ok(tree) = Tree::new(paths.map(file).collect()) else { return Ok(()) };
        update(&tree, &out);
        for file in tree.files() {
            prop_assert!(out.join(&file.path).is_file());
        }
        for (path, _) in snapshot(top.path()) {
            prop_assert!(std::path::Path::new(&path).starts_with(&out), "{}", path);
        }
    }
}

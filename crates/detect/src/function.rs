//! Python functions: files that use the decorators of serverless functions.
//!
//! Only whether they do; what they say is read elsewhere.

use serde::Serialize;

use crate::inside::Inside;
use crate::inventory::{Inventory, folder_of, name_of};

/// How long a file may be, in bytes.
const LONGEST: u64 = 1 << 20;

/// Files that are looked into.
const MOST: usize = 2_000;

/// Packages that the decorators come from.
const PACKAGES: [&str; 2] = ["k3sfn", "kubewright_functions"];

/// A file with functions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FunctionFile {
    /// Its path.
    pub path: String,
}

/// `functions.py` anywhere, and all of Python below a folder `functions`.
pub(crate) fn functions(inventory: &Inventory, files: &Inside<'_>) -> Vec<FunctionFile> {
    let candidates = inventory.paths().filter(|path| {
        let in_folder = folder_of(path).split('/').any(|part| part == "functions");
        path.ends_with(".py") && (in_folder || name_of(path) == "functions.py")
    });
    let read = candidates.take(MOST).filter(|path| {
        let text = files.text(path, LONGEST);
        text.is_some_and(|text| text.lines().any(imports))
    });
    read.map(|path| FunctionFile {
        path: path.to_owned(),
    })
    .collect()
}

/// `from k3sfn import serverless`, `import kubewright_functions as kf`.
fn imports(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let is_import = words
        .next()
        .is_some_and(|word| word == "from" || word == "import");
    let module = words.next().unwrap_or_default();
    let package = module.split(['.', ',']).next().unwrap_or_default();
    is_import && PACKAGES.contains(&package)
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_that_import() {
        for (line, expected) in [
            ("from k3sfn import serverless", true),
            ("    import kubewright_functions as kf", true),
            ("from k3sfn.triggers import http", true),
            ("import k3sfnx", false),
            ("# from k3sfn import x", false),
            ("", false),
        ] {
            assert_eq!(super::imports(line), expected, "{line}");
        }
    }
}

//! Paths of the resolved document: absolute, as Compose makes them.

use std::path::Path as FilePath;

use kubewright_yaml::Node;

use super::walk::{Walk, text_of};

impl Walk<'_> {
    /// The path of a file or folder.
    pub(super) fn file(&self, node: Node) -> Node {
        match text_of(&node) {
            Some(text) if self.absolute_paths => {
                let path = self.absolute(text, true);
                Node::string(node.span, path)
            }
            Some(_) | None => node,
        }
    }

    /// The same, where no Windows path is looked for and an empty one stays.
    pub(super) fn unix_file(&self, node: Node) -> Node {
        match text_of(&node) {
            Some(text) if self.absolute_paths && !text.is_empty() => {
                let path = self.absolute(text, false);
                Node::string(node.span, path)
            }
            Some(_) | None => node,
        }
    }

    /// What an image is built from: a path, unless it is an address or a service.
    pub(super) fn context(&self, node: Node) -> Node {
        match text_of(&node) {
            Some(text) if is_local(text) => self.unix_file(node),
            Some(_) | None => node,
        }
    }

    fn absolute(&self, text: &str, windows: bool) -> String {
        let home = match self.environment.get("HOME") {
            Some(home) if text.starts_with('~') => Some(joined(
                FilePath::new(home),
                text[1..].trim_start_matches('/'),
            )),
            Some(_) | None => None,
        };
        let text = home.as_deref().unwrap_or(text);
        if text.starts_with('/') || (windows && is_windows(text)) {
            return text.to_owned();
        }
        joined(self.folder, text)
    }
}

fn is_local(text: &str) -> bool {
    let remote = ["service:", "github.com/", "git@"];
    !text.contains("://") && !remote.iter().any(|prefix| text.starts_with(prefix))
}

/// `C:\a`, `C:/a`, `\\host\share`.
fn is_windows(text: &str) -> bool {
    match text.as_bytes() {
        [drive, b':', b'/' | b'\\', ..] => drive.is_ascii_alphabetic(),
        [b'\\', b'\\', rest @ ..] => rest.contains(&b'\\'),
        _ => false,
    }
}

fn joined(folder: &FilePath, text: &str) -> String {
    clean(&format!("{}/{text}", folder.display()))
}

/// A path without doubled slashes, `.`, walked `..`, and a slash at the end.
pub(super) fn clean(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if is_absolute => {}
            part => parts.push(part),
        }
    }
    match (is_absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) if path.is_empty() => String::new(),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned() {
        let rows = [
            ("/a//b/./c/../d/", "/a/b/d"),
            ("/..", "/"),
            ("a/..", "."),
            ("../a", "../a"),
            ("", ""),
        ];
        for (path, expected) in rows {
            assert_eq!(clean(path), expected, "{path}");
        }
    }
}

//! Paths inside a container.

use super::{Invalid, checked_text};

/// Where something is mounted: an absolute path inside the container without
/// `:`, `.` and `..` parts, doubled or trailing slashes (they are dropped).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MountPath(Box<str>);
checked_text!(MountPath);

impl MountPath {
    /// # Errors
    /// When the path is not absolute, is the root itself, goes up with `..`, or
    /// has a `:` or control character.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = |why: &str| {
            Invalid::new(
                "a mount path",
                why,
                "write an absolute path like `/var/lib/data`",
            )
        };
        let text = text.trim();
        if !text.starts_with('/') {
            return Err(wrong("it is not absolute"));
        }
        if text.contains(':') || text.chars().any(char::is_control) {
            return Err(wrong("it has `:` or a control character"));
        }
        let mut path = String::with_capacity(text.len());
        for part in text
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
        {
            if part == ".." {
                return Err(wrong("it goes up with `..`"));
            }
            path.push('/');
            path.push_str(part);
        }
        if path.is_empty() {
            return Err(wrong("it is the root of the file system"));
        }
        Ok(Self(path.into()))
    }

    /// The last part of the path.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

/// A path within a volume: relative, without `..`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubPath(Box<str>);
checked_text!(SubPath);

impl SubPath {
    /// # Errors
    /// When the path is absolute, empty or goes up with `..`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let inside = !text.is_empty()
            && !text.starts_with('/')
            && text.split('/').all(|part| part != "..")
            && !text.chars().any(char::is_control);
        if !inside {
            return Err(Invalid::new(
                "a path within a volume",
                "it leaves the volume or is empty",
                "write a relative path like `logs/web`",
            ));
        }
        Ok(Self(text.into()))
    }
}

impl SubPath {
    /// The path at which a key of a ConfigMap or Secret is seen.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and when the text begins with `..`.
    pub fn of_key(text: &str) -> Result<Self, Invalid> {
        if text.starts_with("..") {
            return Err(Invalid::new(
                "a path within a volume",
                "it begins with `..`, which Kubernetes keeps for itself",
                "call the file otherwise",
            ));
        }
        Self::parse(text)
    }
}

/// A path of the node: not empty, without `..`.
///
/// <https://kubernetes.io/docs/concepts/storage/volumes/#hostpath>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodePath(Box<str>);
checked_text!(NodePath);

impl NodePath {
    /// # Errors
    /// When the text is empty, does not begin with `/`, goes up, or has a control
    /// character.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = |why: &str| {
            Invalid::new(
                "a path of the node",
                why,
                "write it from the top, like `/var/log`",
            )
        };
        if !text.starts_with('/') {
            return Err(wrong("it does not begin at the top"));
        }
        if text.split('/').any(|part| part == "..") {
            return Err(wrong("it goes up with `..`"));
        }
        if text.chars().any(char::is_control) {
            return Err(wrong("it has a control character"));
        }
        Ok(Self(text.into()))
    }
}

/// The path of a route, as far as requests have one: from `/` on, without query
/// and fragment, percent-encoded where it has to be, and with nothing in it that a
/// proxy would take apart.
///
/// <https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoutePath(Box<str>);
checked_text!(RoutePath);

impl RoutePath {
    /// # Errors
    /// When no request has such a path, or API servers refuse it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = |why: String, help: &str| Err(Invalid::new("the path of a route", why, help));
        const HELP: &str = "write it as it stands in the address, like `/shop/v1`";
        if !text.starts_with('/') {
            return wrong("it does not begin with `/`".to_owned(), HELP);
        }
        if let Some(c) = text.chars().find(|c| matches!(c, '?' | '#')) {
            return wrong(
                format!("it has `{c}`, and what is behind that is no path"),
                "leave out what begins there",
            );
        }
        if let Some(c) = text.chars().find(|c| !is_of_path(*c)) {
            let shown = match c {
                ' ' => "a blank".to_owned(),
                c if c.is_control() => "a control character".to_owned(),
                c => format!("`{c}`"),
            };
            return wrong(
                format!("it has {shown}"),
                "write it percent-encoded, as browsers send it: `%20` for a blank",
            );
        }
        if !text.split('%').skip(1).all(is_encoded) {
            return wrong("it has `%` without two digits".to_owned(), HELP);
        }
        let lower = text.to_ascii_lowercase();
        let parts = ["//", "/./", "/../", "%2f"];
        let found = parts.into_iter().find(|part| lower.contains(part));
        let end = ["/.", "/.."].into_iter().find(|end| text.ends_with(end));
        if let Some(found) = found.or(end) {
            return wrong(
                format!("it has `{found}`, which proxies take apart"),
                "write the path that is meant",
            );
        }
        Ok(Self(text.into()))
    }
}

/// What may stand in a path: <https://www.rfc-editor.org/rfc/rfc3986#section-3.3>.
fn is_of_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%".contains(c)
}

fn is_encoded(behind: &str) -> bool {
    let digits = behind.get(..2).unwrap_or_default();
    digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mount_paths_are_absolute_and_plain() {
        assert_eq!(MountPath::parse("/a//b/./c/").unwrap().as_str(), "/a/b/c");
        assert_eq!(MountPath::parse("/a/b.ini").unwrap().file_name(), "b.ini");
        for bad in ["", "a", "/", "/a/../b", "/a:b", "/a\nb"] {
            assert!(MountPath::parse(bad).is_err(), "{bad:?}");
        }
        assert!(SubPath::parse("a/b").is_ok());
        assert!(SubPath::parse("../a").is_err());
    }

    #[test]
    fn paths_of_keys_do_not_begin_with_dots() {
        for (text, fits) in [
            ("a/..b", true),
            ("..a", false),
            ("..", false),
            ("a/../b", false),
        ] {
            assert_eq!(SubPath::of_key(text).is_ok(), fits, "{text}");
        }
    }

    #[test]
    fn paths_of_the_node_begin_at_its_top() {
        for (text, fits) in [
            ("/", true),
            ("/a b", true),
            ("/a/..b", true),
            ("", false),
            ("a", false),
            ("~/a", false),
            ("/a/../b", false),
        ] {
            assert_eq!(NodePath::parse(text).is_ok(), fits, "{text}");
        }
    }

    #[test]
    fn paths_of_routes_are_those_of_requests() {
        let good = [
            "/",
            "/a",
            "/a/",
            "/a.b/c-d_e~",
            "/a%20b",
            "/a;b",
            "/a:b@c",
            "/(x)",
            "/*",
            "/a+b=c&d",
        ];
        for text in good {
            assert!(RoutePath::parse(text).is_ok(), "{text}");
        }
        let bad = [
            "", "a", "/a b", "/a?b", "/a#b", "/é", "/a%zz", "/a%2", "//", "/a//b", "/./a", "/../a",
            "/a/.", "/a/..", "/%2f", "/%2F", "/{x}", "/a|b", "/a\\b", "/a\tb",
        ];
        for text in bad {
            assert!(RoutePath::parse(text).is_err(), "{text}");
        }
    }
}

//! Key paths: `services.web.ports[0]`.

use std::fmt;

/// A way from the top of a document down to a node.
///
/// A path borrows its parent, so that walking a tree costs nothing until a
/// path is printed:
///
/// ```
/// use kubewright_yaml::Path;
///
/// let services = Path::ROOT.key("services");
/// let web = services.key("web");
/// assert_eq!(web.key("ports").index(0).to_string(), "services.web.ports[0]");
/// assert!(services.is_top("services") && !web.is_top("web"));
/// assert_eq!(web.key("a.b").to_string(), r#"services.web["a.b"]"#);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl Path<'static> {
    /// The top of the document; prints as the empty string.
    pub const ROOT: Self = Self {
        parent: None,
        step: Step::Root,
    };
}

impl<'a> Path<'a> {
    /// Down to the value of a key.
    #[must_use]
    pub fn key(&'a self, key: &'a str) -> Self {
        self.down(Step::Key(key))
    }

    /// Down to an item of a sequence, counted from 0.
    #[must_use]
    pub fn index(&'a self, index: usize) -> Self {
        self.down(Step::Index(index))
    }

    /// Whether it leads to this key at the top, without printing it.
    pub fn is_top(&self, key: &str) -> bool {
        let is_root = |path: &Path<'_>| matches!(path.step, Step::Root);
        matches!(self.step, Step::Key(own) if own == key) && self.parent.is_some_and(is_root)
    }

    fn down(&'a self, step: Step<'a>) -> Self {
        Self {
            parent: Some(self),
            step,
        }
    }

    fn steps(&self) -> Vec<Step<'a>> {
        let mut steps = vec![self.step];
        let mut next = self.parent;
        while let Some(path) = next {
            steps.push(path.step);
            next = path.parent;
        }
        steps.reverse();
        steps
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for step in self.steps() {
            match step {
                Step::Root => continue,
                Step::Key(key) if is_word(key) && first => f.write_str(key)?,
                Step::Key(key) if is_word(key) => write!(f, ".{key}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
            first = false;
        }
        Ok(())
    }
}

fn is_word(key: &str) -> bool {
    let odd = |c: char| matches!(c, '.' | '[' | ']' | '"') || c.is_whitespace() || c.is_control();
    !key.is_empty() && !key.contains(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_print_as_people_write_them() {
        assert_eq!(Path::ROOT.to_string(), "");
        assert_eq!(Path::ROOT.index(3).to_string(), "[3]");
        let a = Path::ROOT.key("a");
        assert_eq!(a.key("").to_string(), r#"a[""]"#);
        assert_eq!(a.key("b c").index(1).to_string(), r#"a["b c"][1]"#);
        assert_eq!(a.key("x-y_z").to_string(), "a.x-y_z");
    }
}

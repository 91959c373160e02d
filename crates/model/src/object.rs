//! Trees of the user's own: objects that are taken over as they are, and patches.

use crate::value::ObjectName;
use crate::{Given, Located};

/// An untyped tree, for what Kubernetes or a chart understands and we pass on.
/// Maps keep the order in which they were written.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Tree>),
    /// A map; every key once.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// The value of a map's key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(members) => members
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, tree)| tree),
            Self::Null
            | Self::Bool(_)
            | Self::Integer(_)
            | Self::Float(_)
            | Self::Text(_)
            | Self::List(_) => None,
        }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null
            | Self::Bool(_)
            | Self::Integer(_)
            | Self::Float(_)
            | Self::List(_)
            | Self::Map(_) => None,
        }
    }
}

/// An object of the user's own. It has `apiVersion`, `kind` and a name.
#[derive(Clone, Debug, PartialEq)]
pub struct UserObject {
    tree: Located<Tree>,
}

impl UserObject {
    /// # Errors
    /// When `apiVersion`, `kind` or `metadata.name` is missing or no text.
    pub fn new(tree: Located<Tree>) -> Result<Self, crate::Invalid> {
        let named = |key: &str| {
            tree.get(key)
                .and_then(Tree::text)
                .is_some_and(|text| !text.is_empty())
        };
        let name = tree
            .get("metadata")
            .and_then(|metadata| metadata.get("name"))
            .and_then(Tree::text);
        for (missing, key) in [
            (!named("apiVersion"), "apiVersion"),
            (!named("kind"), "kind"),
            (name.is_none(), "metadata.name"),
        ] {
            if missing {
                return Err(crate::Invalid::new(
                    "a Kubernetes object",
                    format!("it has no `{key}`"),
                    format!("add `{key}`"),
                ));
            }
        }
        Ok(Self { tree })
    }

    /// The object.
    pub fn tree(&self) -> &Located<Tree> {
        &self.tree
    }
}

/// A change to a finished object, the last resort.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    /// The kind of the object.
    pub kind: Located<String>,
    /// Its name; none: all of the app's objects of that kind.
    pub name: Given<ObjectName>,
    /// What changes.
    pub change: PatchChange,
}

/// What a patch changes.
#[derive(Clone, Debug, PartialEq)]
pub enum PatchChange {
    /// A strategic merge.
    Merge(Located<Tree>),
    /// Operations of RFC 6902.
    Json(Located<Tree>),
}

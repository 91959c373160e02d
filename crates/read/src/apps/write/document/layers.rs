//! Whether anything else of a file speaks of what a block says.

use kubewright_yaml::{Mapping, Node};

use crate::apps::table::ENTRY_SECTIONS;

/// What lies over or under a block of the file, each tree like the block.
pub(super) struct Others<'r>(Vec<&'r Node>);

impl<'r> Others<'r> {
    /// What lies over and under an entry.
    pub(super) fn of_entry(entry: &'r Node, root: &'r Node) -> Self {
        let mut found: Vec<&Node> = overrides(entry).collect();
        found.extend(root.get("defaults"));
        found.extend(members(root.get("environments")).filter_map(|one| one.get("defaults")));
        for template in members(root.get("templates")) {
            found.push(template);
            found.extend(overrides(template));
        }
        Self(found)
    }

    /// What lies over and under a section that has no entries.
    pub(super) fn of_section(section: &'r Node) -> Self {
        Self(overrides(section).collect())
    }

    /// What lies over and under an environment.
    pub(super) fn of_environment(name: &str, root: &'r Node) -> Self {
        let all = root.get("environments");
        let extends = members(all).any(|one| one.get("extends").is_some());
        let others = all.and_then(Node::as_mapping).filter(|_| extends);
        let others = others.into_iter().flat_map(Mapping::iter);
        let others = others.filter(|entry| &*entry.key.text != name);
        let others = others.map(|entry| &entry.value);
        Self(root.get("defaults").into_iter().chain(others).collect())
    }

    /// The same below a key.
    pub(super) fn below(&self, key: &str) -> Self {
        Self(self.0.iter().filter_map(|node| node.get(key)).collect())
    }

    /// Whether there is nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn overrides(node: &Node) -> impl Iterator<Item = &Node> {
    members(node.get("overrides"))
}

fn members(node: Option<&Node>) -> impl Iterator<Item = &Node> {
    let all = node.and_then(Node::as_mapping);
    let all = all.into_iter().flat_map(Mapping::iter);
    all.map(|entry| &entry.value)
}

/// Whether entries stand under a key of the top.
pub(super) fn is_section(key: &str) -> bool {
    ENTRY_SECTIONS.iter().any(|section| section.key == key)
}

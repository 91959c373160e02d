//! Anchors (`&name`) and what aliases (`*name`) copy.

use std::collections::HashMap;

use kubewright_source::{Diagnostic, Span};

use super::{Fault, Limits};
use crate::tree::Node;

/// How much of the limits a node takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weight {
    /// Values, keys and text in it; see [`Limits::max_alias_nodes`].
    pub(super) size: usize,
    /// Collections within collections: 0 for a scalar.
    pub(super) height: usize,
}

impl Weight {
    /// A scalar or key of so many bytes.
    pub(super) fn scalar(bytes: usize) -> Self {
        Self {
            size: 1 + bytes / 64,
            height: 0,
        }
    }

    /// The weight of a collection after one more child.
    pub(super) fn and(self, child: Self) -> Self {
        Self {
            size: self.size.saturating_add(child.size),
            height: self.height.max(child.height + 1),
        }
    }
}

/// The anchored nodes of a document.
///
/// An anchored node is copied when it is complete, and once more for every alias;
/// both are paid from one purse.
pub(super) struct Anchors {
    nodes: HashMap<usize, (Node, Weight)>,
    left: usize,
    limits: Limits,
}

impl Anchors {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            nodes: HashMap::new(),
            left: limits.max_alias_nodes,
            limits,
        }
    }

    /// Whether there was no anchor so far.
    pub(super) fn are_none(&self) -> bool {
        self.left == self.limits.max_alias_nodes
    }

    /// Anchors hold for one document.
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
    }

    /// Keeps a copy of a complete node; `id` is 0 where it has no anchor.
    pub(super) fn keep(&mut self, id: usize, node: &Node, weight: Weight) -> Result<(), Fault> {
        if id != 0 {
            self.pay(weight, node.span)?;
            self.nodes.insert(id, (node.clone(), weight));
        }
        Ok(())
    }

    /// A copy of the node that an alias names; `None` where it is not complete or
    /// belongs to another document.
    pub(super) fn copy(&mut self, id: usize, at: Span) -> Result<Option<(Node, Weight)>, Fault> {
        let Some((_, weight)) = self.nodes.get(&id) else {
            return Ok(None);
        };
        self.pay(*weight, at)?;
        Ok(self.nodes.get(&id).cloned())
    }

    fn pay(&mut self, weight: Weight, at: Span) -> Result<(), Fault> {
        match self.left.checked_sub(weight.size) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(bomb(at, &self.limits)),
        }
    }
}

fn bomb(at: Span, limits: &Limits) -> Fault {
    let message = format!(
        "anchors and aliases unfold into more than {} values",
        limits.max_alias_nodes
    );
    Box::new(
        Diagnostic::error("yaml-alias-bomb", at, message)
            .label("the limit is reached here")
            .help("write the values out, or let fewer aliases name anchors that hold aliases"),
    )
}

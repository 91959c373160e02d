//! Whom an entry talks to, as the references in its texts say: who is given the
//! address of another, or a secret of it, calls it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use kubewright_source::Span;
use kubewright_yaml::{Key, Mapping, Node};

use crate::apps::layer::Member;

/// The key that says it.
const KEY: &str = "refers_to";

/// The entries that the texts of one entry refer to.
#[derive(Default)]
pub(super) struct Referred {
    names: RefCell<BTreeMap<String, Span>>,
    place: Cell<Option<Span>>,
}

impl Referred {
    /// Another entry is read.
    pub(super) fn begin(&self) {
        self.names.borrow_mut().clear();
    }

    /// A text there is read.
    pub(super) fn look_at(&self, place: Span) {
        self.place.set(Some(place));
    }

    /// The text has the address, or a secret, of an entry.
    pub(super) fn add(&self, entry: &str) {
        let place = self.place.get().unwrap_or(Span::NONE);
        let mut names = self.names.borrow_mut();
        names.entry(entry.to_owned()).or_insert(place);
    }

    /// Says in the block of the entry to whom it refers, behind those that it says
    /// itself.
    pub(super) fn end(&self, node: &mut Node, member: &Member) {
        let mut names = self.names.take();
        names.remove(&*member.key.text);
        if names.is_empty() {
            return;
        }
        let block = match member.section.key {
            "helm" | "compose" => node.as_mapping_mut(),
            // Policies name no pods of such a folder.
            "kustomize" => None,
            _ => access(node),
        };
        let Some(block) = block else {
            return;
        };
        let said = block.get(KEY).and_then(Node::as_sequence);
        let mut items = said.unwrap_or_default().to_vec();
        for said in items.iter().filter_map(Node::as_scalar) {
            names.remove(&*said.text);
        }
        let added = names.into_iter();
        items.extend(added.map(|(name, place)| Node::string(place, name)));
        let span = items.first().map_or(Span::NONE, |item| item.span);
        block.insert(Key::new(KEY, span), Node::new(span, items));
    }
}

/// The block `access`, made where there is none.
fn access(node: &mut Node) -> Option<&mut Mapping> {
    let span = node.span;
    let entry = node.as_mapping_mut()?;
    if entry.get("access").is_none_or(Node::is_null) {
        let empty = Node::new(span, Mapping::default());
        entry.insert(Key::new("access", span), empty);
    }
    entry.get_mut("access")?.as_mapping_mut()
}

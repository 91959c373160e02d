//! Secrets of other entries in the texts of a container.

use std::collections::BTreeMap;

use kubewright_knowledge::secret::{holds_password, looks_secret};
use kubewright_source::Span;
use kubewright_yaml::{Key, Mapping, Node, Path};

use super::{Fault, Reader, Resolver};
use crate::apps::shape::Shape;
use crate::apps::table::VARIABLE;
use crate::interpolate::{Dialect, Piece, pieces};

/// Variables that a container gets because its texts refer to secrets.
#[derive(Default)]
pub(super) struct Borrowed(BTreeMap<String, Node>);

impl Borrowed {
    /// Adds them to the variables of a container, behind its own.
    pub(super) fn into_environment(self, container: &mut Mapping) {
        if self.0.is_empty() {
            return;
        }
        let span = self.0.values().next().map_or(Span::NONE, |node| node.span);
        if container.get("environment").is_none() {
            let empty = Node::new(span, Mapping::default());
            container.insert(Key::new("environment", span), empty);
        }
        let environment = container
            .get_mut("environment")
            .and_then(Node::as_mapping_mut);
        let Some(environment) = environment else {
            return;
        };
        for (name, node) in self.0 {
            if !environment.contains_key(&name) {
                environment.insert(Key::new(name, node.span), node);
            }
        }
    }
}

impl Resolver<'_> {
    /// The value of a variable of another entry in a text.
    pub(super) fn variable(
        &self,
        entry: &str,
        name: &str,
        variable: &Node,
        reader: &Reader<'_>,
    ) -> Result<String, Fault> {
        let said = |key: &str| variable.get(key).is_some();
        if self.is_secret(name, variable) {
            let Some(borrowed) = reader.borrowed else {
                return Err(Fault::bad(
                    format!("`${{{entry}.{name}}}` is a secret, which cannot stand here"),
                    "refer to it in `environment`, `command` or `args` only",
                ));
            };
            self.referred.add(entry);
            let own = own_name(entry, name);
            let text = format!("$({own})");
            let node = self.resolved_variable(entry, variable);
            borrowed.borrow_mut().0.insert(own, node);
            return Ok(text);
        }
        if let Some(value) = variable.get("value").filter(|node| !node.is_null()) {
            let scalar = value.as_scalar().map(|scalar| scalar.text.to_string());
            let path = Path::ROOT.key(entry);
            let path = path.key("environment");
            let reader = Reader {
                is_open: false,
                member: self.entries.get(entry).copied(),
                borrowed: reader.borrowed,
            };
            let text = scalar.unwrap_or_default();
            let text = self.text(&text, value.span, &path.key(name), &reader);
            return Ok(text.map(|text| text.value).unwrap_or_default());
        }
        let what = match said("variable") {
            true => "is filled in by whoever deploys",
            false => "is known only where it runs",
        };
        Err(Fault::bad(
            format!("`${{{entry}.{name}}}` {what}, so no text can hold it"),
            "write the same variable here, too",
        ))
    }

    /// The secret that a variable is, where it says nothing but `${entry.SECRET}`.
    pub(super) fn same_secret(&self, variable: &Node, reader: &Reader<'_>) -> Option<Node> {
        let text = &variable.get("value")?.as_scalar()?.text;
        let mut pieces = pieces(text, Dialect::Apps);
        let (Some(Ok(Piece::Reference(only))), None) = (pieces.next(), pieces.next()) else {
            return None;
        };
        let (entry, name) = only.name.split_once('.')?;
        let member = self.entries.get(entry)?;
        let referred = member.node.get("environment")?.get(name)?;
        let is_own = reader
            .member
            .is_some_and(|own| own.key.text == member.key.text);
        let is_secret = !is_own && only.operand.is_none() && self.is_secret(name, referred);
        is_secret.then(|| {
            self.referred.add(entry);
            let mut node = self.resolved_variable(entry, referred);
            node.span = variable.span;
            node
        })
    }

    fn is_secret(&self, name: &str, variable: &Node) -> bool {
        if variable.get("secret").is_some() || variable.get("secret_key_ref").is_some() {
            return true;
        }
        let value = variable.get("value").and_then(Node::as_scalar);
        value.is_some_and(|value| {
            let refers = value.text.contains("${");
            refers && (looks_secret(name) || holds_password(&value.text))
        })
    }

    /// A variable of another entry with its own references replaced.
    fn resolved_variable(&self, entry: &str, variable: &Node) -> Node {
        let mut node = variable.clone();
        let member = self.entries.get(entry).copied();
        let path = Path::ROOT.key(entry);
        let reader = Reader {
            is_open: false,
            member,
            borrowed: None,
        };
        self.node(&mut node, Shape::Block(&VARIABLE), &path, &reader);
        node
    }
}

/// What a secret of another entry is called here: `POSTGRES_PASSWORD` of `main-db`
/// is `MAIN_DB_POSTGRES_PASSWORD`.
fn own_name(entry: &str, variable: &str) -> String {
    let upper = |c: char| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_uppercase(),
        false => '_',
    };
    let entry: String = entry.chars().map(upper).collect();
    format!("{entry}_{variable}")
}

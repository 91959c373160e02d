//! Manifests as far as they are compared.

use kubewright_source::{SourceId, Span};
use kubewright_yaml::{Limits, Node, Scalar, Value, read_documents};

/// An object of a manifest.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) kind: String,
    namespace: Option<String>,
    name: String,
    node: Node,
}

impl Object {
    /// Namespace and name.
    pub(crate) fn name(&self) -> (Option<&str>, &str) {
        (self.namespace.as_deref(), &self.name)
    }

    /// The name without the namespace.
    pub(crate) fn short_name(&self) -> &str {
        &self.name
    }

    /// Whether both are the same object of a cluster.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.kind == other.kind && self.name() == other.name()
    }

    /// The value at a path of keys.
    pub(crate) fn at(&self, path: &str) -> Option<&Node> {
        path.split('.')
            .try_fold(&self.node, |node, key| node.get(key))
    }

    /// The place of the last key of a path that is there.
    pub(crate) fn place(&self, path: &str) -> Span {
        let mut node = &self.node;
        let mut place = Span::NONE;
        for key in path.split('.') {
            let Some(entry) = node.as_mapping().and_then(|keys| keys.get_entry(key)) else {
                break;
            };
            place = entry.key.span;
            node = &entry.value;
        }
        place
    }

    /// `-n shop ` where it has a namespace, for commands.
    pub(crate) fn option(&self) -> String {
        let namespace = self.namespace.as_ref();
        namespace.map_or_else(String::new, |namespace| format!("-n {namespace} "))
    }
}

/// The objects of a text; none where it is no YAML.
pub(crate) fn read(text: &str) -> Vec<Object> {
    read_from(text, SourceId::NONE)
}

/// The same, with their places in a source.
pub(crate) fn read_from(text: &str, source: SourceId) -> Vec<Object> {
    let documents = read_documents(text, source, &Limits::default()).unwrap_or_default();
    documents.into_iter().filter_map(object).collect()
}

fn object(node: Node) -> Option<Object> {
    let metadata = node.get("metadata")?;
    let namespace = metadata.get("namespace").and_then(text);
    Some(Object {
        kind: text(node.get("kind")?)?.to_owned(),
        namespace: namespace.map(str::to_owned),
        name: text(metadata.get("name")?)?.to_owned(),
        node,
    })
}

/// The text of a scalar.
pub(crate) fn text(node: &Node) -> Option<&str> {
    node.as_scalar().map(|scalar: &Scalar| &*scalar.text)
}

/// The items of a list; none where it is none.
pub(crate) fn items(node: Option<&Node>) -> &[Node] {
    node.and_then(Node::as_sequence).unwrap_or_default()
}

/// Whether two values say the same; the order of keys does not count, nor do quotes.
pub(crate) fn same(one: &Node, two: &Node) -> bool {
    match (&one.value, &two.value) {
        (Value::Scalar(one), Value::Scalar(two)) => one.text == two.text,
        (Value::Sequence(one), Value::Sequence(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        (Value::Mapping(one), Value::Mapping(two)) => {
            let is_in_two = |entry: &kubewright_yaml::Entry| {
                let other = two.get(&entry.key.text);
                other.is_some_and(|other| same(&entry.value, other))
            };
            one.len() == two.len() && one.iter().all(is_in_two)
        }
        (Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_), _) => false,
    }
}

//! `build`: a folder, or a mapping.

use kubewright_yaml::{Key, Mapping, Node, Path};

use crate::compose::resolved::table::build::BUILD;
use crate::compose::resolved::walk::{Walk, entry, text_of};

/// What an image is built from, with the folder and the Dockerfile that are meant
/// where none is named.
pub(crate) fn build(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let mut build = match text_of(node) {
        Some(text) => {
            let context = entry("context", Node::string(node.span, text));
            Node::new(node.span, Mapping::from_iter([context]))
        }
        None if node.as_mapping().is_none() => {
            walk.wrong_type(node, path, "a string or a mapping");
            return None;
        }
        None => walk.object(&BUILD, &[BUILD.fields], node, path)?,
    };
    let written = |key: &str| node.get(key).is_some();
    let has_dockerfile = written("dockerfile") || written("dockerfile_inline");
    let has_context = text_of(node).is_some() || written("context");
    let fields = build.as_mapping_mut()?;
    if !has_context {
        fields.insert(Key::new("context", node.span), Node::string(node.span, "."));
    }
    if !has_dockerfile {
        let dockerfile = Node::string(node.span, "Dockerfile");
        fields.insert(Key::new("dockerfile", node.span), dockerfile);
    }
    if text_of(node) == Some("") {
        fields.remove("context");
    }
    if let Some(context) = fields.get_mut("context") {
        let span = context.span;
        let said = std::mem::replace(context, Node::null(span));
        *context = walk.context(said);
    }
    arguments(walk, fields);
    Some(build)
}

/// Arguments without a value take the environment's, or are left out.
fn arguments(walk: &Walk<'_>, fields: &mut Mapping) {
    let Some(arguments) = fields.get_mut("args").and_then(Node::as_mapping_mut) else {
        return;
    };
    walk.fill(arguments);
    arguments.retain(|entry| !entry.value.is_null());
    if arguments.is_empty() {
        fields.remove("args");
    }
}

impl Walk<'_> {
    /// Gives names without a value that of the environment.
    pub(crate) fn fill(&self, variables: &mut Mapping) {
        for (key, value) in variables.values_mut() {
            if value.is_null()
                && let Some(known) = self.environment.get(&key.text)
            {
                *value = Node::string(value.span, known);
            }
        }
    }
}

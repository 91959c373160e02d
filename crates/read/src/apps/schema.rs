//! The JSON Schema of `apps.yaml`, for editors: made from the table that the
//! reader goes by, so that the two cannot differ.
//!
//! <https://json-schema.org/draft-07>

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::shape::{Block, Key, Leaf, Named, Shape, Short};
use super::table::ROOT;

/// Values that show what stands at a key, by the key's name.
const EXAMPLES: &[(&str, &str)] = &[
    ("allow_origins", "https://app.example.test"),
    ("args", "--serve -v"),
    ("body_size", "20Mi"),
    ("chart", "acme/nats"),
    ("cidr", "10.0.0.0/8"),
    ("claim", "uploads"),
    ("command", "exec app --verbose"),
    ("context", "web"),
    ("cpu", "100m"),
    ("cpu_limit", "1"),
    ("cron", "0 3 * * *"),
    ("domain", "acme.test"),
    ("dockerfile", "Dockerfile"),
    ("ephemeral_storage", "1Gi"),
    ("field_ref", "status.podIP"),
    ("image", "ghcr.io/acme/web:1.4.2"),
    ("image_tag", "content"),
    ("issuer", "letsencrypt"),
    ("kubernetes_version", "1.34"),
    ("max_surge", "25%"),
    ("memory", "256Mi"),
    ("memory_limit", "512Mi"),
    ("mode", "0440"),
    ("mount_path", "/data"),
    ("namespace", "acme"),
    ("path", "/ready"),
    ("period", "10s"),
    ("platform", "linux/amd64"),
    ("registry", "ghcr.io/acme"),
    ("requests_per_second", "60/m"),
    ("secret", "pg-password"),
    ("secret_key_ref", "name/key"),
    ("size", "10Gi"),
    ("storage_class", "fast"),
    ("timezone", "Europe/Berlin"),
    ("until", "2027-01-31"),
    ("version", "3"),
];

/// The schema, as text.
pub fn schema() -> String {
    let mut defs = Definitions::default();
    let root = defs.object(&ROOT);
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "apps.yaml",
        "description": "Applications and what they stand on, for every environment: the input of kubewright.",
        "examples": [{"apps": {"web": {"image": "ghcr.io/acme/web:1.4.2", "ports": 8080}}}],
    });
    if let (Value::Object(schema), Value::Object(root)) = (&mut schema, root) {
        schema.extend(root);
        let blocks = defs.made.into_iter().map(|(_, (name, body))| (name, body));
        schema.insert("definitions".to_owned(), Value::Object(blocks.collect()));
    }
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Blocks that were met, each once, by where it stands in memory.
#[derive(Default)]
struct Definitions {
    made: BTreeMap<usize, (String, Value)>,
    names: BTreeMap<String, usize>,
}

impl Definitions {
    fn shape(&mut self, shape: Shape) -> Value {
        match shape {
            Shape::Leaf(leaf) => leaf_schema(leaf),
            Shape::List(item) => {
                let item = self.shape(*item);
                json!({"anyOf": [item, {"type": "array", "items": item}]})
            }
            Shape::Named(named) => self.named(named),
            Shape::Block(block) => self.block(block),
            Shape::Verbatim => json!({}),
        }
    }

    /// A map of members, or a list of them with their names.
    fn named(&mut self, named: &'static Named) -> Value {
        let item = self.shape(named.item);
        // `null` takes a member away that something below has.
        let member = json!({"anyOf": [item, {"type": "null"}]});
        let mut forms = vec![json!({"type": "object", "additionalProperties": member})];
        let mut items = vec![json!({"type": "object"})];
        if named.scalar.is_some() {
            items.push(json!({"type": ["string", "number"]}));
            forms.push(json!({"type": ["string", "number"]}));
        }
        forms.push(json!({"type": "array", "items": {"anyOf": items}}));
        json!({"anyOf": forms})
    }

    fn block(&mut self, block: &'static Block) -> Value {
        let place = std::ptr::from_ref(block) as usize;
        if !self.made.contains_key(&place) {
            let name = self.free_name(block.what);
            self.made.insert(place, (name, Value::Null));
            let body = self.forms(block);
            if let Some((_, made)) = self.made.get_mut(&place) {
                *made = body;
            }
        }
        let name = &self.made[&place].0;
        json!({"$ref": format!("#/definitions/{name}")})
    }

    fn free_name(&mut self, what: &str) -> String {
        let base = what.replace([' ', '-'], "_");
        let number = self.names.entry(base.clone()).or_insert(0);
        *number += 1;
        match *number {
            1 => base,
            more => format!("{base}_{more}"),
        }
    }

    /// The mapping, and what may stand in its place.
    fn forms(&mut self, block: &'static Block) -> Value {
        let mut forms = vec![self.object(block)];
        match block.short {
            Short::None => {}
            Short::Main(key) => {
                if let Some(key) = block.key(key) {
                    forms.push(self.shape(key.shape));
                }
            }
            Short::With(_) => forms.push(json!({"type": ["string", "number", "array", "boolean"]})),
        }
        if block.switch {
            forms.push(json!({"type": "boolean"}));
        }
        match forms.len() {
            1 => forms.remove(0),
            _ => json!({"anyOf": forms}),
        }
    }

    fn object(&mut self, block: &'static Block) -> Value {
        let mut properties = Map::new();
        for key in block.all() {
            let property = self.property(key);
            properties.insert(key.name.to_owned(), property);
        }
        let mut object = json!({
            "type": "object",
            "additionalProperties": false,
            "properties": properties,
        });
        if block.open {
            object["patternProperties"] = json!({"^x-": {}});
        }
        object
    }

    /// What stands at a key; nothing (`null`) takes away what a lower layer says.
    fn property(&mut self, key: &'static Key) -> Value {
        let mut property = json!({"description": key.about});
        let shape = self.shape(key.shape);
        let is_anything = shape.as_object().is_some_and(Map::is_empty);
        if !is_anything {
            property["anyOf"] = json!([shape, {"type": "null"}]);
        }
        let is_block =
            matches!(key.shape, Shape::Block(block) if matches!(block.short, Short::None));
        let example = EXAMPLES.iter().find(|(name, _)| *name == key.name);
        if let Some((_, example)) = example.filter(|_| !is_block) {
            property["examples"] = json!([example]);
        }
        property
    }
}

/// A text that a variable is part of can be anything in the end.
const REFERENCE: &str = r"\$\{";

fn leaf_schema(leaf: Leaf) -> Value {
    let reference = json!({"type": "string", "pattern": REFERENCE});
    match leaf {
        Leaf::Text | Leaf::Either => json!({"type": ["string", "number", "boolean"]}),
        Leaf::Amount => json!({"type": ["string", "number"]}),
        Leaf::Bool => json!({"anyOf": [{"type": "boolean"}, reference]}),
        Leaf::Whole => json!({"anyOf": [
            {"type": "integer"},
            {"type": "string", "pattern": r"^[0-9]+$"},
            reference,
        ]}),
        // In any case of letters.
        Leaf::Choice(words) => json!({"anyOf": [
            {"enum": words},
            {"type": "string", "pattern": format!("^({})$", any_case(words))},
            reference,
        ]}),
    }
}

/// A pattern for these words, whatever the case of their letters.
fn any_case(words: &[&str]) -> String {
    let word = |word: &&str| -> String {
        let letter = |c: char| match c.is_ascii_alphabetic() {
            true => format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase()),
            false => c.to_string(),
        };
        word.chars().map(letter).collect()
    };
    words.iter().map(word).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_table_is_described() {
        let schema: Value = serde_json::from_str(&schema()).expect("it is JSON");
        let mut open = vec![(String::new(), &schema)];
        let mut keys = 0;
        while let Some((path, value)) = open.pop() {
            match value {
                Value::Object(members) => {
                    if let Some(Value::Object(properties)) = members.get("properties") {
                        for (name, property) in properties {
                            let about = property.get("description").and_then(Value::as_str);
                            assert!(
                                about.is_some_and(|about| about.ends_with('.')),
                                "{path}.{name}"
                            );
                            keys += 1;
                        }
                    }
                    let below = members.iter();
                    open.extend(below.map(|(key, value)| (format!("{path}.{key}"), value)));
                }
                Value::Array(items) => open.extend(items.iter().map(|item| (path.clone(), item))),
                _ => {}
            }
        }
        assert!(keys > 200, "{keys}");
    }

    #[test]
    fn references_lead_to_definitions() {
        let text = schema();
        let schema: Value = serde_json::from_str(&text).expect("it is JSON");
        let definitions = schema["definitions"].as_object().expect("there are some");
        for part in text.split("#/definitions/").skip(1) {
            let name = part.split('"').next().unwrap_or_default();
            assert!(definitions.contains_key(name), "{name}");
        }
    }

    #[test]
    fn examples_belong_to_keys() {
        let text = schema();
        for (key, _) in EXAMPLES {
            assert!(text.contains(&format!("\"{key}\": {{")), "{key}");
        }
    }
}

//! Trees that were read can be written.

use serde::ser::{Error, Serialize, SerializeMap, Serializer};

use super::WriteError;
use crate::resolve::Resolved;
use crate::tree::{Mapping, Node, Scalar, Value};

/// Scalars come out as what they mean; a date comes out as a string, as the tools
/// of Kubernetes make of it. A local tag is an error: it has a meaning that the
/// writer does not know.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(tag) = &self.tag {
            return Err(S::Error::custom(WriteError::Tag(tag.text.clone())));
        }
        match &self.value {
            Value::Scalar(scalar) => scalar.serialize(serializer),
            Value::Sequence(items) => serializer.collect_seq(items),
            Value::Mapping(mapping) => mapping.serialize(serializer),
        }
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.resolve() {
            Resolved::Null => serializer.serialize_unit(),
            Resolved::Bool(value) => serializer.serialize_bool(value),
            Resolved::Int(value) => match (i64::try_from(value), u64::try_from(value)) {
                (Ok(value), _) => serializer.serialize_i64(value),
                (Err(_), Ok(value)) => serializer.serialize_u64(value),
                (Err(_), Err(_)) => serializer.serialize_i128(value),
            },
            Resolved::Float(value) => serializer.serialize_f64(value),
            Resolved::Timestamp | Resolved::String => serializer.serialize_str(&self.text),
        }
    }
}

impl Serialize for Mapping {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for entry in self {
            map.serialize_entry(&*entry.key.text, &entry.value)?;
        }
        map.end()
    }
}

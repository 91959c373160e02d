//! The schema knows every key that a detection has, and its types.

use kubewright_detect::SCHEMA;
use serde_json::Value;

use crate::golden::{cases, of_case};

#[test]
fn every_detection_keeps_the_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    for case in cases() {
        let found = serde_json::to_value(of_case(&case)).expect("plain data");
        check(&found, &schema, &schema, "");
    }
}

fn check(value: &Value, schema: &Value, root: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.strip_prefix("#/$defs/").expect("a definition");
        return check(value, &root["$defs"][name], root, at);
    }
    if let Some(all) = schema["anyOf"].as_array() {
        let fitting = if value.is_null() { &all[1] } else { &all[0] };
        return check(value, fitting, root, at);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        single => single.as_str().into_iter().collect(),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(types.contains(&is), "{at} is {is}: {schema}");
    if let (Some(choices), Some(text)) = (schema["enum"].as_array(), value.as_str()) {
        assert!(choices.iter().any(|choice| choice == text), "{at}: {text}");
    }
    for item in value.as_array().into_iter().flatten() {
        check(item, &schema["items"], root, &format!("{at}[]"));
    }
    for (key, member) in value.as_object().into_iter().flatten() {
        let at = format!("{at}.{key}");
        let known = schema["properties"]
            .get(key)
            .unwrap_or(&schema["additionalProperties"]);
        assert!(known.is_object(), "the schema lacks {at}");
        check(member, known, root, &at);
    }
    for key in schema["required"].as_array().into_iter().flatten() {
        let key = key.as_str().expect("a name");
        assert!(value.get(key).is_some(), "{at} lacks {key}");
    }
}

//! One text for one value: keys sorted, nothing between, whatever order a table kept them in.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The only text of a value.
pub fn canonical(value: &Value) -> String {
    sorted(value).to_string()
}

/// SHA-256 of the only text of a value, in lower-case hex.
pub fn digest(value: &Value) -> String {
    hex::encode(Sha256::digest(canonical(value).as_bytes()))
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<&String, Value> =
                fields.iter().map(|(name, value)| (name, sorted(value))).collect();
            fields.into_iter().map(|(name, value)| (name.clone(), value)).collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_keys_does_not_matter_and_that_of_items_does() {
        let one: Value = serde_json::from_str(r#"{"b":{"y":1,"x":[1,2]},"a":null}"#).unwrap();
        let two: Value = serde_json::from_str(r#"{"a":null,"b":{"x":[1,2],"y":1}}"#).unwrap();
        let three: Value = serde_json::from_str(r#"{"a":null,"b":{"x":[2,1],"y":1}}"#).unwrap();
        assert_eq!(canonical(&one), r#"{"a":null,"b":{"x":[1,2],"y":1}}"#);
        assert_eq!(digest(&one), digest(&two));
        assert_ne!(digest(&one), digest(&three));
    }
}

//! CloudFormation's YAML as plain JSON values.
//! The short tags (`!Ref`, `!GetAtt`, …) become their long forms, so one reader serves both.

use serde_json::{Map, Value};
use serde_yaml_ng::Value as Yaml;

/// Parses template text into JSON with long-form intrinsic functions.
pub(super) fn document(text: &str) -> Result<Value, String> {
    let yaml: Yaml = serde_yaml_ng::from_str(text).map_err(|error| error.to_string())?;
    convert(yaml)
}

fn convert(yaml: Yaml) -> Result<Value, String> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(flag),
        Yaml::Number(number) => serde_json::to_value(number).map_err(|error| error.to_string())?,
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => {
            Value::Array(items.into_iter().map(convert).collect::<Result<_, _>>()?)
        }
        Yaml::Mapping(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                object.insert(key_text(key)?, convert(value)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            intrinsic(tag.trim_start_matches('!'), convert(tagged.value)?)
        }
    })
}

fn key_text(key: Yaml) -> Result<String, String> {
    match convert(key)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        other @ (Value::Null | Value::Array(_) | Value::Object(_)) => {
            Err(format!("`{other}` cannot be a key"))
        }
    }
}

fn intrinsic(tag: &str, value: Value) -> Value {
    let (name, value) = match (tag, value) {
        ("Ref" | "Condition", value) => (tag.to_owned(), value),
        ("GetAtt", Value::String(path)) => {
            let parts: Vec<Value> =
                path.splitn(2, '.').map(|part| Value::String(part.to_owned())).collect();
            ("Fn::GetAtt".to_owned(), Value::Array(parts))
        }
        (_, value) => (format!("Fn::{tag}"), value),
    };
    Value::Object(Map::from_iter([(name, value)]))
}

/// The only entry of a one-entry object: how every intrinsic function is written.
pub(super) fn call(value: &Value) -> Option<(&str, &Value)> {
    let object = value.as_object()?;
    let (name, argument) = object.iter().next()?;
    (object.len() == 1).then_some((name.as_str(), argument))
}

/// The resource that a `Ref` or `GetAtt` points to, without the suffix of a published alias.
pub fn logical_id(value: &Value) -> Option<&str> {
    let id = match call(value)? {
        ("Ref", target) => target.as_str()?,
        ("Fn::GetAtt", target) => match target.as_str() {
            Some(path) => path.split('.').next()?,
            None => target.get(0)?.as_str()?,
        },
        _ => return None,
    };
    id.split('.').next()
}

/// Text of a literal or of the pattern inside a `Fn::Sub`.
pub(super) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(_) => match call(value)? {
            ("Fn::Sub", pattern) => pattern.as_str().or_else(|| pattern.get(0)?.as_str()),
            _ => None,
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}

/// A whole number, also when the template quotes it.
pub(super) fn whole_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_forms_read_the_same() {
        let value = document("a: !GetAtt Queue.Arn\nb: {'Fn::GetAtt': [Queue, Arn]}").unwrap();
        assert_eq!(value["a"], value["b"]);
        assert_eq!(logical_id(&value["a"]), Some("Queue"));
    }

    #[test]
    fn an_alias_points_to_its_function() {
        let value = document("a: !Ref WorkerFunction.Alias").unwrap();
        assert_eq!(logical_id(&value["a"]), Some("WorkerFunction"));
    }
}

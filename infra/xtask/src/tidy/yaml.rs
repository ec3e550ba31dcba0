//! Plain reading of a template: a tag such as `!Ref` is only a wrapper around its value.

use serde_yaml_ng::Value;

/// The value within a tag.
pub(super) fn plain(value: &Value) -> &Value {
    if let Value::Tagged(tagged) = value { &tagged.value } else { value }
}

/// What stands under a name; nothing if there is no such name.
pub(super) fn at<'a>(value: &'a Value, name: &str) -> &'a Value {
    plain(value).get(name).map_or(&Value::Null, plain)
}

/// The text under a name.
pub(super) fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    at(value, name).as_str().unwrap_or_default()
}

/// The values of a mapping.
pub(super) fn values(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_mapping().into_iter().flat_map(|mapping| mapping.values().map(plain))
}

/// The names of a mapping.
pub(super) fn names(value: &Value) -> impl Iterator<Item = &str> {
    value.as_mapping().into_iter().flat_map(|mapping| mapping.keys().filter_map(Value::as_str))
}

/// The items of a sequence.
pub(super) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_sequence().into_iter().flatten().map(plain)
}

//! Two policies compared field by field; pure.

use serde::Serialize;
use serde_json::Value;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Where (RFC 6901).
    pub pointer: String,
    /// What was there; absent where nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What is there; absent where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// Every field that differs, in the order of the first value and then of the second. Lists are
/// compared place by place.
pub fn changes(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut found = Vec::new();
    compare(String::new(), (Some(before), Some(after)), &mut found);
    found
}

fn compare(
    pointer: String,
    (before, after): (Option<&Value>, Option<&Value>),
    found: &mut Vec<FieldChange>,
) {
    match (before, after) {
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            let new = right.keys().filter(|name| !left.contains_key(*name));
            for name in left.keys().chain(new) {
                let word = name.replace('~', "~0").replace('/', "~1");
                let at = format!("{pointer}/{word}");
                compare(at, (left.get(name), right.get(name)), found);
            }
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) => {
            for place in 0..left.len().max(right.len()) {
                let at = format!("{pointer}/{place}");
                compare(at, (left.get(place), right.get(place)), found);
            }
        }
        (before, after) if before == after => {}
        (before, after) => {
            let (before, after) = (before.cloned(), after.cloned());
            found.push(FieldChange { pointer, before, after });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(before: &Value, after: &Value) -> Vec<(String, Option<Value>, Option<Value>)> {
        let found = changes(before, after).into_iter();
        found.map(|change| (change.pointer, change.before, change.after)).collect()
    }

    #[test]
    fn only_what_differs_is_told_with_both_values() {
        let before = json!({"a": {"b": 1, "c": [1, 2]}, "gone": true});
        let after = json!({"a": {"b": 2, "c": [1, 3, 4]}, "new": null});
        let at = |pointer: &str| pointer.to_owned();
        let expected = vec![
            (at("/a/b"), Some(json!(1)), Some(json!(2))),
            (at("/a/c/1"), Some(json!(2)), Some(json!(3))),
            (at("/a/c/2"), None, Some(json!(4))),
            (at("/gone"), Some(json!(true)), None),
            (at("/new"), None, Some(json!(null))),
        ];
        assert_eq!(told(&before, &after), expected);
        assert!(told(&before, &before).is_empty());
    }

    #[test]
    fn a_name_is_written_so_that_the_pointer_finds_it() {
        let (before, after) = (json!({"a/b~c": 1}), json!({"a/b~c": 2}));
        let found = changes(&before, &after);
        assert_eq!(after.pointer(&found[0].pointer), Some(&json!(2)));
    }

    #[test]
    fn another_kind_of_value_is_one_change() {
        let found = told(&json!({"a": {"b": 1}}), &json!({"a": [1]}));
        assert_eq!(found.len(), 1);
    }
}

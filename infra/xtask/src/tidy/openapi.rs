//! What docs/openapi.json says of each operation.
//!
//! An operation id is the name of a function; its twin under another path ends in a full stop
//! and a word of its own, because ids are unique in a document.

use std::collections::BTreeMap;

use serde_json::Value;

use super::source::Endpoints;

/// The document.
pub(super) const FILE: &str = "docs/openapi.json";

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Endpoints by function name.
pub(super) fn operations(text: &str) -> Result<BTreeMap<String, Endpoints>, String> {
    let root: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let paths = root.get("paths").and_then(Value::as_object).ok_or("there are no paths")?;
    let mut found: BTreeMap<String, Endpoints> = BTreeMap::new();
    for (path, item) in paths {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let id = operation.get("operationId").and_then(Value::as_str);
            let id = id.ok_or_else(|| format!("`{method} {path}` has no operation id"))?;
            let name = id.split('.').next().unwrap_or(id).to_owned();
            let endpoint = format!("{} {path}", method.to_uppercase());
            found.entry(name).or_default().insert(endpoint);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places of lists without a bound in what `value` refers to.
    fn boundless(value: &Value, root: &Value, seen: &mut Vec<String>, found: &mut Vec<String>) {
        if let Some(pointer) = value.get("$ref").and_then(Value::as_str)
            && !seen.iter().any(|known| known == pointer)
        {
            seen.push(pointer.to_owned());
            let of = root.pointer(pointer.trim_start_matches('#')).unwrap();
            boundless(of, root, seen, found);
        }
        let kind = value.get("type").cloned().unwrap_or_default();
        let is_list =
            kind == "array" || kind.as_array().is_some_and(|of| of.contains(&"array".into()));
        // Of a few words, each once, there are no more than words.
        let words = value.pointer("/items/enum").is_some();
        let bound = value.get("maxItems").is_some() || (words && value["uniqueItems"] == true);
        if is_list && !bound && value.get("enum").is_none() {
            found.push(value.to_string());
        }
        let below: Vec<&Value> = match value {
            Value::Object(fields) => fields.values().collect(),
            Value::Array(items) => items.iter().collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        for below in below {
            boundless(below, root, seen, found);
        }
    }

    #[test]
    fn every_list_in_a_request_has_a_bound() {
        let root: Value =
            serde_json::from_str(&crate::tree::Tree::here().read(FILE).unwrap()).unwrap();
        let (mut seen, mut found) = (Vec::new(), Vec::new());
        let paths = root["paths"].as_object().unwrap().values();
        for operation in paths.flat_map(|item| METHODS.iter().filter_map(|method| item.get(method)))
        {
            if let Some(body) = operation.get("requestBody") {
                boundless(
                    &body["content"]["application/json"]["schema"],
                    &root,
                    &mut seen,
                    &mut found,
                );
            }
        }
        assert!(seen.len() > 30, "{}", seen.len());
        assert!(found.is_empty(), "{found:#?}");
    }

    #[test]
    fn twins_belong_to_one_function() {
        let text = r#"{"paths": {
            "/api/machines": {"get": {"operationId": "machines-list"}},
            "/api/hosts": {"get": {"operationId": "machines-list.hosts"}}
        }}"#;
        let found = operations(text).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found["machines-list"].len(), 2);
    }

    #[test]
    fn an_operation_without_an_id_is_a_fault() {
        assert!(operations(r#"{"paths": {"/a": {"get": {}}}}"#).is_err());
    }

    const DOCUMENT: &str = include_str!("../../../../docs/openapi.json");

    fn document() -> Value {
        serde_json::from_str(DOCUMENT).unwrap()
    }

    fn each_operation(document: &Value, mut look: impl FnMut(&str, &str, &Value)) {
        for (_, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                look(name.split('.').next().unwrap(), method, operation);
            }
        }
    }

    fn has(operation: &Value, parameter: &str) -> bool {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let wanted = format!("#/components/parameters/{parameter}");
        parameters.clone().any(|found| found["$ref"] == wanted.as_str())
    }

    #[test]
    fn every_write_with_a_session_declares_the_mark_of_our_own_pages() {
        each_operation(&document(), |name, method, operation| {
            let open = operation["security"].as_array().is_some_and(Vec::is_empty);
            let marked = method != "get" && !open;
            assert_eq!(has(operation, "RequestedWith"), marked, "{name}");
        });
    }

    #[test]
    fn a_key_is_required_to_reserve_and_honoured_to_move_cancel_decide_and_make_people() {
        each_operation(&document(), |name, _, operation| {
            let required = name == "reservations-create";
            let honoured = [
                "reservations-approve",
                "reservations-cancel",
                "reservations-decline",
                "reservations-reschedule",
                "users-create",
            ];
            let honoured = honoured.contains(&name);
            assert_eq!(has(operation, "IdempotencyKeyRequired"), required, "{name}");
            assert_eq!(has(operation, "IdempotencyKey"), honoured, "{name}");
        });
    }

    #[test]
    fn every_parameter_of_a_path_is_declared() {
        let document = document();
        for (path, item) in document["paths"].as_object().unwrap() {
            let pieces = path.split('/').filter_map(|piece| piece.strip_prefix('{'));
            for name in pieces.map(|piece| piece.trim_end_matches('}')) {
                let mut letters = name.chars();
                let first = letters.next().unwrap().to_ascii_uppercase();
                let component = format!("{first}{}", letters.as_str());
                for operation in item.as_object().unwrap().values() {
                    assert!(has(operation, &component), "{path}");
                }
            }
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        for piece in DOCUMENT.split("\"$ref\": \"#").skip(1) {
            let pointer = piece.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
    }
}

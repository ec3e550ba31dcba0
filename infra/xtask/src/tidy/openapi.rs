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
}

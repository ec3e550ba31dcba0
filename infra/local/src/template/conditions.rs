//! Parameters and conditions: which resources and branches a deployment would have.
//! Only what the template's own parameters decide is decided; everything else is left as written.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::value::call;

const NO_VALUE: &str = "AWS::NoValue";

/// Parameter values and condition definitions of one template.
pub(super) struct Scope {
    parameters: BTreeMap<String, Value>,
    defaults: Map<String, Value>,
    conditions: Map<String, Value>,
}

impl Scope {
    pub(super) fn new(document: &Value, overrides: &[(&str, &str)]) -> Self {
        let declared = document.get("Parameters").and_then(Value::as_object);
        let defaults: Map<String, Value> = declared
            .into_iter()
            .flatten()
            .filter_map(|(name, body)| Some((name.clone(), body.get("Default")?.clone())))
            .collect();
        let mut parameters: BTreeMap<String, Value> =
            defaults.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        for (name, value) in overrides {
            parameters.insert((*name).to_owned(), Value::String((*value).to_owned()));
        }
        let conditions =
            document.get("Conditions").and_then(Value::as_object).cloned().unwrap_or_default();
        Self { parameters, defaults, conditions }
    }

    pub(super) fn defaults(&self) -> Map<String, Value> {
        self.defaults.clone()
    }

    /// Resources whose condition holds, branches resolved, in the order of the template.
    pub(super) fn resources(&self, document: &Value) -> Result<Map<String, Value>, String> {
        let all = document
            .get("Resources")
            .and_then(Value::as_object)
            .ok_or_else(|| "no `Resources`".to_owned())?;
        let mut kept = Map::new();
        for (id, resource) in all {
            let condition = resource.get("Condition").and_then(Value::as_str);
            if condition.is_none_or(|name| self.holds_by_name(name))
                && let Some(resolved) = self.resolve(resource)
            {
                kept.insert(id.clone(), resolved);
            }
        }
        Ok(kept)
    }

    /// The value with `Fn::If` decided; nothing when it is `AWS::NoValue`.
    pub(super) fn resolve(&self, value: &Value) -> Option<Value> {
        if let Some(("Fn::If", Value::Array(branches))) = call(value) {
            let [condition, yes, no] = branches.as_slice() else { return Some(value.clone()) };
            let chosen = if self.holds_by_name(condition.as_str()?) { yes } else { no };
            return self.resolve(chosen);
        }
        if let Some(("Ref", Value::String(name))) = call(value) {
            return (name != NO_VALUE).then(|| value.clone());
        }
        Some(match value {
            Value::Object(object) => Value::Object(
                object
                    .iter()
                    .filter_map(|(key, value)| Some((key.clone(), self.resolve(value)?)))
                    .collect(),
            ),
            Value::Array(items) => {
                Value::Array(items.iter().filter_map(|item| self.resolve(item)).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        })
    }

    fn holds_by_name(&self, name: &str) -> bool {
        self.conditions.get(name).is_some_and(|condition| self.holds(condition))
    }

    fn holds(&self, condition: &Value) -> bool {
        let Some((function, argument)) = call(condition) else { return false };
        let parts = argument.as_array().map(Vec::as_slice).unwrap_or_default();
        match function {
            "Condition" => argument.as_str().is_some_and(|name| self.holds_by_name(name)),
            "Fn::Not" => parts.first().is_some_and(|inner| !self.holds(inner)),
            "Fn::And" => parts.iter().all(|inner| self.holds(inner)),
            "Fn::Or" => parts.iter().any(|inner| self.holds(inner)),
            "Fn::Equals" => match parts {
                [left, right] => self.plain(left) == self.plain(right),
                _ => false,
            },
            _ => false,
        }
    }

    /// A literal, or the value of the parameter that a `Ref` names, as text.
    pub(super) fn plain(&self, value: &Value) -> Option<String> {
        let value = match call(value) {
            Some(("Ref", name)) => self.parameters.get(name.as_str()?)?,
            _ => value,
        };
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::document;
    use super::*;

    const TEXT: &str = "
Parameters: {Arn: {Default: ''}}
Conditions: {Has: !Not [!Equals [!Ref Arn, '']]}
Resources:
  Rule: {Condition: Has, Properties: {}}
  Other: {Properties: {Vpc: !If [Has, {a: 1}, !Ref AWS::NoValue], Kept: 1}}
";

    #[test]
    fn a_condition_that_fails_removes_its_resource_and_branch() {
        let document = document(TEXT).unwrap();
        let resources = Scope::new(&document, &[]).resources(&document).unwrap();
        assert!(!resources.contains_key("Rule"));
        assert_eq!(resources["Other"]["Properties"], serde_json::json!({"Kept": 1}));
    }

    #[test]
    fn an_overruled_parameter_brings_them_back() {
        let document = document(TEXT).unwrap();
        let resources = Scope::new(&document, &[("Arn", "x")]).resources(&document).unwrap();
        assert!(resources.contains_key("Rule"));
        assert_eq!(resources["Other"]["Properties"]["Vpc"], serde_json::json!({"a": 1}));
    }
}

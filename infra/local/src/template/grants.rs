//! What the template lets each function do.
//! Only what is allowed is read; what is denied on top of it is held elsewhere (`tidy`).

use serde_json::Value;

use super::value::{logical_id, text};

/// One statement that allows something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grant {
    /// Such as `dynamodb:PutItem`.
    pub actions: Vec<String>,
    /// Names of parameters and resources, or patterns with them.
    pub resources: Vec<String>,
    /// Beginnings of keys of the table that it is confined to, each with `*` at its end; none
    /// means that it is not confined.
    pub leading_keys: Vec<String>,
}

pub(super) fn grants_of(properties: &Value) -> Vec<Grant> {
    let policies = properties.get("Policies").and_then(Value::as_array).into_iter().flatten();
    policies
        .filter_map(|policy| policy.get("Statement")?.as_array())
        .flatten()
        .filter(|statement| statement["Effect"] == "Allow")
        .map(grant)
        .collect()
}

fn grant(statement: &Value) -> Grant {
    let keys = statement.pointer("/Condition/ForAllValues:StringLike/dynamodb:LeadingKeys");
    Grant {
        actions: names(statement.get("Action")),
        resources: names(statement.get("Resource")),
        leading_keys: names(keys),
    }
}

/// One value or several, each as the name it refers to or as its text.
fn names(value: Option<&Value>) -> Vec<String> {
    let several = value.and_then(Value::as_array).map(Vec::as_slice);
    let all = several.unwrap_or_else(|| value.map(std::slice::from_ref).unwrap_or_default());
    all.iter().filter_map(|one| logical_id(one).or_else(|| text(one))).map(str::to_owned).collect()
}

//! What the template lets each function do, and what it denies on top of that.
//! What a denial says beside the keys of the table is left out, and so is the boundary of all
//! functions, which no role reaches (`infra/tests/test_rights.py`).

use serde_json::{Map, Value};

use super::value::{logical_id, text};

/// One statement, of either kind.
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
    policies.flat_map(|policy| statements(policy, "Allow", "ForAllValues")).collect()
}

/// What policies of the stack that list the role of this function deny.
pub(super) fn denials_of(id: &str, resources: &Map<String, Value>) -> Vec<Grant> {
    let role = format!("{id}Role");
    let lists_it = |policy: &&Value| {
        let roles = policy.pointer("/Properties/Roles").and_then(Value::as_array);
        roles.into_iter().flatten().any(|one| logical_id(one) == Some(&role))
    };
    resources
        .values()
        .filter(|resource| resource["Type"] == "AWS::IAM::ManagedPolicy")
        .filter(lists_it)
        .filter_map(|policy| policy.pointer("/Properties/PolicyDocument"))
        .flat_map(|document| statements(document, "Deny", "ForAnyValue"))
        .collect()
}

/// Statements of one effect, confined to keys of the table by this kind of condition.
fn statements(document: &Value, effect: &str, values: &str) -> Vec<Grant> {
    let keys = format!("/Condition/{values}:StringLike/dynamodb:LeadingKeys");
    let all = document.get("Statement").and_then(Value::as_array).into_iter().flatten();
    all.filter(|statement| statement["Effect"] == effect)
        .map(|statement| Grant {
            actions: names(statement.get("Action")),
            resources: names(statement.get("Resource")),
            leading_keys: names(statement.pointer(&keys)),
        })
        .collect()
}

/// One value or several, each as the name it refers to or as its text.
fn names(value: Option<&Value>) -> Vec<String> {
    let several = value.and_then(Value::as_array).map(Vec::as_slice);
    let all = several.unwrap_or_else(|| value.map(std::slice::from_ref).unwrap_or_default());
    all.iter().filter_map(|one| logical_id(one).or_else(|| text(one))).map(str::to_owned).collect()
}

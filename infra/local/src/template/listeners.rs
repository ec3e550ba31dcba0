//! Rules of the internal load balancer that lead to a function.
//! A rule is followed from its target group to the function; a rule to anything else is left out.

use serde_json::{Map, Value};

use super::functions::Function;
use super::value::logical_id;

/// Paths and methods that the load balancer forwards to one function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerPath {
    /// Name of the function.
    pub function: String,
    /// Path pattern; `*` and `?` stand for any text and any character.
    pub pattern: String,
    /// Upper-case methods; empty admits all.
    pub methods: Vec<String>,
}

pub(super) fn all(
    resources: &Map<String, Value>,
    functions: &[Function],
) -> Result<Vec<ListenerPath>, String> {
    let mut paths = Vec::new();
    for (id, rule) in resources {
        if rule["Type"] != "AWS::ElasticLoadBalancingV2::ListenerRule" {
            continue;
        }
        let properties = &rule["Properties"];
        let Some(target) = target_function(properties, resources) else { continue };
        let function = functions
            .iter()
            .find(|function| function.logical_id == target)
            .ok_or_else(|| format!("rule `{id}` leads to unknown function `{target}`"))?;
        let methods = values(properties, "http-request-method", "HttpRequestMethodConfig");
        for pattern in values(properties, "path-pattern", "PathPatternConfig") {
            paths.push(ListenerPath {
                function: function.name.clone(),
                pattern,
                methods: methods.clone(),
            });
        }
    }
    Ok(paths)
}

fn target_function<'a>(rule: &'a Value, resources: &'a Map<String, Value>) -> Option<&'a str> {
    let forward = rule.get("Actions")?.as_array()?.iter().find(|one| one["Type"] == "forward")?;
    let group = forward
        .get("TargetGroupArn")
        .or_else(|| forward.pointer("/ForwardConfig/TargetGroups/0/TargetGroupArn"))?;
    let group = resources.get(logical_id(group)?)?;
    let target = logical_id(group.pointer("/Properties/Targets/0/Id")?)?;
    // An alias or version of its own leads on to its function.
    let resource = resources.get(target)?;
    match resource.pointer("/Properties/FunctionName") {
        Some(name) if resource["Type"] != "AWS::Serverless::Function" => logical_id(name),
        _ => Some(target),
    }
}

fn values(rule: &Value, field: &str, config: &str) -> Vec<String> {
    let conditions = rule.get("Conditions").and_then(Value::as_array).into_iter().flatten();
    conditions
        .filter(|condition| condition["Field"] == field)
        .filter_map(|condition| {
            condition.get("Values").or_else(|| condition.get(config)?.get("Values"))?.as_array()
        })
        .flatten()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

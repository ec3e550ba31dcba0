//! What infra/api.yaml says of each function.
//!
//! Read as plain YAML: a tag such as `!Ref` is only a wrapper around its value here.

use std::collections::BTreeMap;

use serde_yaml_ng::Value;

use super::source::Endpoints;
use super::yaml::{at, items, plain, text_of, values};

/// The template.
pub(super) const FILE: &str = "infra/api.yaml";

/// A function resource.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Resource {
    /// Folder with the built program.
    pub(super) code: String,
    /// Endpoints at the HTTP API, or at the load balancer for the receiver.
    pub(super) endpoints: Endpoints,
    /// Names of events that are no routes: queues and schedules.
    pub(super) triggers: usize,
    /// Actions its policy allows.
    pub(super) actions: Vec<String>,
    /// The same with what each may be done to: `dynamodb:PutItem TableArn`.
    pub(super) rights: Vec<String>,
}

/// All function resources by name.
pub(super) fn functions(text: &str) -> Result<BTreeMap<String, Resource>, String> {
    let root: Value = serde_yaml_ng::from_str(text).map_err(|error| error.to_string())?;
    let resources = plain(&root).get("Resources").and_then(Value::as_mapping);
    let resources = resources.ok_or("there are no resources")?;
    let mut found = BTreeMap::new();
    let mut listened = Endpoints::new();
    for (name, resource) in resources {
        let resource = plain(resource);
        match text_of(resource, "Type") {
            "AWS::Serverless::Function" => {
                let name = name.as_str().unwrap_or_default().to_owned();
                found.insert(name, function(resource));
            }
            "AWS::ElasticLoadBalancingV2::ListenerRule" => listened.extend(rule(resource)),
            _ => {}
        }
    }
    if let Some(receiver) = found.get_mut("WebhooksCalcomFunction") {
        receiver.endpoints.extend(listened);
    }
    Ok(found)
}

fn function(resource: &Value) -> Resource {
    let properties = at(resource, "Properties");
    let mut function =
        Resource { code: text_of(properties, "CodeUri").to_owned(), ..Resource::default() };
    for event in values(at(properties, "Events")) {
        if text_of(event, "Type") == "HttpApi" {
            let route = at(event, "Properties");
            let endpoint = format!("{} {}", text_of(route, "Method"), text_of(route, "Path"));
            function.endpoints.insert(endpoint);
        } else {
            function.triggers = function.triggers.saturating_add(1);
        }
    }
    for policy in items(at(properties, "Policies")).flat_map(branches) {
        for statement in items(at(policy, "Statement")).flat_map(branches) {
            if text_of(statement, "Effect") == "Deny" {
                continue;
            }
            let actions = at(statement, "Action");
            let one = actions.as_str().map(ToOwned::to_owned);
            let many = items(actions).filter_map(Value::as_str).map(ToOwned::to_owned);
            let actions: Vec<String> = one.into_iter().chain(many).collect();
            let places = statement.get("Resource").map(places).unwrap_or_default();
            for action in &actions {
                function.rights.extend(places.iter().map(|place| format!("{action} {place}")));
            }
            function.actions.extend(actions);
        }
    }
    function
}

/// What may stand there: the value, or both branches of an `!If`.
fn branches(value: &Value) -> Vec<&Value> {
    if value.is_sequence() { items(value).collect() } else { vec![value] }
}

/// Resources of a statement: the parameter or resource that is referred to, or the text.
fn places(value: &Value) -> Vec<String> {
    let several = |values: &[Value]| values.iter().flat_map(places).collect();
    match value {
        Value::Tagged(tagged) if tagged.tag == "!GetAtt" => {
            let path = tagged.value.as_str().unwrap_or_default();
            vec![path.split('.').next().unwrap_or(path).to_owned()]
        }
        // What is there under a condition is allowed under it.
        Value::Tagged(tagged) if tagged.tag == "!If" => {
            let ways = tagged.value.as_sequence().map(Vec::as_slice).unwrap_or_default();
            several(ways.get(1..).unwrap_or_default())
        }
        Value::Tagged(tagged) => places(&tagged.value),
        Value::String(text) if text == "AWS::NoValue" => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Sequence(values) => several(values),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Mapping(_) => Vec::new(),
    }
}

/// Endpoints a listener rule forwards; only path patterns without wildcards are ours.
fn rule(resource: &Value) -> Endpoints {
    let conditions = at(at(resource, "Properties"), "Conditions");
    let patterns = items(conditions).flat_map(|condition| {
        let patterns = at(at(condition, "PathPatternConfig"), "Values");
        items(patterns).filter_map(Value::as_str).collect::<Vec<_>>()
    });
    patterns.map(|path| format!("POST {path}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"
Resources:
  Queue: {Type: AWS::SQS::Queue}
  WebhooksCalcomFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ../target/lambda/webhooks-calcom
      Policies:
        - Statement:
            - {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Queue.Arn}
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      Conditions:
        - Field: path-pattern
          PathPatternConfig: {Values: [/api/webhooks/calcom]}
  ReconcileFunction:
    Type: AWS::Serverless::Function
    Properties:
      VpcConfig: !If [InVpc, {SubnetIds: !Ref Subnets}, !Ref AWS::NoValue]
      Events:
        Nightly: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}
  HealthFunction:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement:
            - {Effect: Allow, Action: ["dynamodb:Query", "dynamodb:PutItem"], Resource: !Ref Arn}
            - !If [Has, {Effect: Allow, Action: sqs:SendMessage}, !Ref AWS::NoValue]
        - !If [Has, {Statement: [{Effect: Allow, Action: ses:SendEmail}]}, !Ref AWS::NoValue]
      Events:
        Route: {Type: HttpApi, Properties: {Method: GET, Path: /api/health}}
"#;

    #[test]
    fn routes_triggers_and_actions_are_found_behind_tags() {
        let found = functions(TEMPLATE).unwrap();
        assert_eq!(found.len(), 3);
        assert!(found["HealthFunction"].endpoints.contains("GET /api/health"));
        assert_eq!(
            found["HealthFunction"].actions,
            ["dynamodb:Query", "dynamodb:PutItem", "sqs:SendMessage", "ses:SendEmail"]
        );
        assert_eq!(found["ReconcileFunction"].triggers, 1);
    }

    #[test]
    fn the_receiver_has_the_paths_of_the_listener_rule() {
        let found = functions(TEMPLATE).unwrap();
        let receiver = &found["WebhooksCalcomFunction"];
        assert!(receiver.endpoints.contains("POST /api/webhooks/calcom"));
        assert_eq!(receiver.actions, ["sqs:SendMessage"]);
        assert_eq!(receiver.rights, ["sqs:SendMessage Queue"]);
    }

    #[test]
    fn a_right_names_each_thing_it_is_for() {
        let listed = "[!Ref TableArn, !Sub '${TableArn}/index/gsi1', !GetAtt Queue.Arn, \
            !If [Has, !Ref SecretArn, !Ref AWS::NoValue]]";
        let value: Value = serde_yaml_ng::from_str(listed).unwrap();
        let named = places(&value);
        assert_eq!(named, ["TableArn", "${TableArn}/index/gsi1", "Queue", "SecretArn"]);
    }
}

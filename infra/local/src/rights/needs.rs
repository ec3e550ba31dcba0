//! Which actions a call needs, as the services themselves count them: a transaction needs the
//! action of each of its parts.

use serde_json::Value;

use crate::secrets;
use crate::template::Grant;

/// A service of the local stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    DynamoDb,
    Queue,
    Secrets,
    Mail,
}

/// An action on a resource.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Need {
    /// Such as `dynamodb:PutItem`.
    pub action: String,
    /// Name of the parameter or resource that stands for it in the template.
    pub resource: String,
    /// Index of the table, where one is asked.
    pub index: Option<String>,
    /// First key of the item, where there is one.
    pub key: Option<String>,
}

impl Need {
    /// Whether a statement of a role covers it.
    pub fn is_met_by(&self, grant: &Grant) -> bool {
        self.place_in(grant).is_some()
    }

    /// The resource of a statement that covers it, as the template names it.
    pub fn place_in<'a>(&self, grant: &'a Grant) -> Option<&'a str> {
        let place = |resource: &&String| match &self.index {
            None => **resource == self.resource,
            Some(index) => resource.split_once("/index/").is_some_and(|(table, last)| {
                table == format!("${{{}}}", self.resource) && (last == "*" || last == index)
            }),
        };
        let key = grant.leading_keys.is_empty()
            || self.key.as_ref().is_some_and(|key| {
                let starts = |pattern: &String| key.starts_with(pattern.trim_end_matches('*'));
                grant.leading_keys.iter().any(starts)
            });
        let within = grant.actions.contains(&self.action) && key;
        grant.resources.iter().filter(|_| within).find(place).map(String::as_str)
    }
}

impl Service {
    /// What a call needs, by its operation and body.
    pub fn needs(self, target: &str, body: &Value) -> Vec<Need> {
        let operation = target.rsplit('.').next().unwrap_or(target);
        match self {
            Self::DynamoDb => of_table(operation, body),
            Self::Queue => vec![need(format!("sqs:{operation}"), last(body, "QueueUrl"))],
            Self::Secrets => vec![need(format!("secretsmanager:{operation}"), secret(body))],
            // Its resources are whatever the account has verified.
            Self::Mail => vec![need("ses:SendEmail".to_owned(), MAIL.to_owned())],
        }
    }
}

/// How the template names the configuration set of mails.
const MAIL: &str = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*";

fn need(action: String, resource: String) -> Need {
    Need { action, resource, ..Need::default() }
}

/// The last part of an address.
fn last(body: &Value, name: &str) -> String {
    let text = body.get(name).and_then(Value::as_str).unwrap_or_default();
    text.rsplit('/').next().unwrap_or(text).to_owned()
}

/// The parameter that names a secret in the template.
fn secret(body: &Value) -> String {
    let id = body.get("SecretId").and_then(Value::as_str).unwrap_or_default();
    let name = id.rsplit_once(":secret:").map_or(id, |(_, name)| name);
    match name {
        secrets::CALCOM => "CalcomSecretArn",
        secrets::WEBHOOK => "WebhookSecretArn",
        secrets::CURSOR => "CursorSecretArn",
        secrets::ORIGIN => "OriginSecretArn",
        secrets::FACTOR => "FactorSecretArn",
        other => other,
    }
    .to_owned()
}

fn of_table(operation: &str, body: &Value) -> Vec<Need> {
    let part = |kind: &str, action: &str| {
        let parts = body.get("TransactItems").and_then(Value::as_array).into_iter().flatten();
        parts.filter_map(|one| one.get(kind)).map(|one| on_table(action, one)).collect::<Vec<_>>()
    };
    match operation {
        "TransactWriteItems" => [
            part("Put", "PutItem"),
            part("Update", "UpdateItem"),
            part("Delete", "DeleteItem"),
            part("ConditionCheck", "ConditionCheckItem"),
        ]
        .concat(),
        "TransactGetItems" => part("Get", "GetItem"),
        other => vec![on_table(other, body)],
    }
}

fn on_table(action: &str, body: &Value) -> Need {
    let key = ["/Item/pk/S", "/Key/pk/S"].iter().find_map(|place| body.pointer(place)?.as_str());
    Need {
        action: format!("dynamodb:{action}"),
        resource: "TableArn".to_owned(),
        index: body.get("IndexName").and_then(Value::as_str).map(str::to_owned),
        key: key.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn grant(actions: &[&str], resources: &[&str], leading_keys: &[&str]) -> Grant {
        let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        Grant {
            actions: owned(actions),
            resources: owned(resources),
            leading_keys: owned(leading_keys),
        }
    }

    #[test]
    fn a_transaction_needs_the_action_of_each_part() {
        let body = json!({"TransactItems": [
            {"Put": {"Item": {"pk": {"S": "SEEN#1"}}}},
            {"Delete": {"Key": {"pk": {"S": "LEDGER#1"}}}},
            {"ConditionCheck": {"Key": {"pk": {"S": "USER#1"}}}},
        ]});
        let needs = Service::DynamoDb.needs("DynamoDB_20120810.TransactWriteItems", &body);
        let told: Vec<_> = needs.iter().map(|one| one.action.as_str()).collect();
        let wanted = ["dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"];
        assert_eq!(told, wanted);
        assert_eq!(needs[0].key.as_deref(), Some("SEEN#1"));
    }

    #[test]
    fn a_statement_covers_its_actions_on_its_resources_alone() {
        let needs = Service::DynamoDb.needs("DynamoDB_20120810.Query", &json!({}));
        let [query] = needs.as_slice() else { panic!("{needs:?}") };
        assert!(query.is_met_by(&grant(&["dynamodb:Query"], &["TableArn"], &[])));
        assert!(!query.is_met_by(&grant(&["dynamodb:PutItem"], &["TableArn"], &[])));
        assert!(!query.is_met_by(&grant(&["dynamodb:Query"], &["WebhookQueue"], &[])));
    }

    #[test]
    fn an_index_is_a_resource_of_its_own() {
        let body = json!({"IndexName": "gsi1"});
        let needs = Service::DynamoDb.needs("DynamoDB_20120810.Query", &body);
        for (resource, met) in [
            ("TableArn", false),
            ("${TableArn}/index/*", true),
            ("${TableArn}/index/gsi1", true),
            ("${TableArn}/index/gsi2", false),
        ] {
            assert_eq!(needs[0].is_met_by(&grant(&["dynamodb:Query"], &[resource], &[])), met);
        }
    }

    #[test]
    fn a_statement_that_is_confined_to_keys_covers_no_others() {
        let put = |key: &str| {
            let body = json!({"Item": {"pk": {"S": key}}});
            Service::DynamoDb.needs("DynamoDB_20120810.PutItem", &body).remove(0)
        };
        let confined = grant(&["dynamodb:PutItem"], &["TableArn"], &["SEEN#*"]);
        assert!(put("SEEN#usr_ada").is_met_by(&confined));
        assert!(!put("USER#usr_ada").is_met_by(&confined));
    }

    #[test]
    fn queues_and_secrets_are_told_by_their_names_in_the_template() {
        let body = json!({"QueueUrl": "http://127.0.0.1:1/000000000000/OutboxQueue"});
        let queue = Service::Queue.needs("AmazonSQS.SendMessage", &body);
        assert_eq!((&*queue[0].action, &*queue[0].resource), ("sqs:SendMessage", "OutboxQueue"));
        let body = json!({"SecretId": "arn:aws:secretsmanager:x:0:secret:interlock/cursor"});
        let secret = Service::Secrets.needs("secretsmanager.GetSecretValue", &body);
        assert_eq!(secret[0].resource, "CursorSecretArn");
    }
}

//! Queues of the template and their attributes.
//! A dead-letter target outside the template is an error, because nothing could be moved to it.

use serde_json::{Map, Value};

use super::value::{logical_id, whole_number};

/// One queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueResource {
    /// Logical id in the template and name of the local queue.
    pub name: String,
    pub visibility_seconds: u64,
    pub retention_seconds: u64,
    pub delay_seconds: u64,
    /// Name of the dead-letter queue and deliveries before a message goes there.
    pub redrive: Option<(String, u64)>,
}

pub(super) fn all(resources: &Map<String, Value>) -> Result<Vec<QueueResource>, String> {
    let is_queue = |resource: &Value| resource["Type"] == "AWS::SQS::Queue";
    let mut queues = Vec::new();
    for (id, resource) in resources.iter().filter(|(_, resource)| is_queue(resource)) {
        let properties = resource.get("Properties").unwrap_or(&Value::Null);
        let queue = queue(id, properties);
        if let Some((target, _)) = &queue.redrive
            && !resources.get(target).is_some_and(is_queue)
        {
            return Err(format!("queue `{id}` redrives to unknown `{target}`"));
        }
        queues.push(queue);
    }
    Ok(queues)
}

fn queue(id: &str, properties: &Value) -> QueueResource {
    let number =
        |name: &str, fallback| properties.get(name).and_then(whole_number).unwrap_or(fallback);
    let redrive = properties.get("RedrivePolicy").and_then(|policy| {
        let target = logical_id(policy.get("deadLetterTargetArn")?)?;
        Some((target.to_owned(), whole_number(policy.get("maxReceiveCount")?)?))
    });
    QueueResource {
        name: id.to_owned(),
        // Defaults of the platform when the template is silent.
        visibility_seconds: number("VisibilityTimeout", 30),
        retention_seconds: number("MessageRetentionPeriod", 345_600),
        delay_seconds: number("DelaySeconds", 0),
        redrive,
    }
}

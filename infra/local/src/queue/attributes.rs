//! Settings of a queue and their names on the wire.
//! Bounds are the service's; a value outside is refused, not rounded.

use serde_json::{Map, Value, json};

use super::fault::QueueFault;
use super::message::SIZE_LIMIT;
use super::{arn, name_of};

/// What is configured for one queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueSettings {
    pub visibility_seconds: u64,
    pub retention_seconds: u64,
    pub delay_seconds: u64,
    pub receive_wait_seconds: u64,
    /// Name of the dead-letter queue and deliveries before a message goes there.
    pub redrive: Option<(String, u64)>,
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self {
            visibility_seconds: 30,
            retention_seconds: 345_600,
            delay_seconds: 0,
            receive_wait_seconds: 0,
            redrive: None,
        }
    }
}

impl QueueSettings {
    /// Takes over the attributes given, in their wire form.
    pub fn apply(&mut self, attributes: &Map<String, Value>) -> Result<(), QueueFault> {
        for (name, value) in attributes {
            match name.as_str() {
                "VisibilityTimeout" => self.visibility_seconds = bounded(name, value, 0, 43_200)?,
                "MessageRetentionPeriod" => {
                    self.retention_seconds = bounded(name, value, 60, 1_209_600)?;
                }
                "DelaySeconds" => self.delay_seconds = bounded(name, value, 0, 900)?,
                "ReceiveMessageWaitTimeSeconds" => {
                    self.receive_wait_seconds = bounded(name, value, 0, 20)?;
                }
                "RedrivePolicy" => self.redrive = redrive(value)?,
                // Accepted and without effect here: encryption, access policy, size.
                "MaximumMessageSize"
                | "Policy"
                | "SqsManagedSseEnabled"
                | "KmsMasterKeyId"
                | "KmsDataKeyReusePeriodSeconds"
                | "RedriveAllowPolicy" => {}
                other => return Err(QueueFault::BadAttribute(other.to_owned())),
            }
        }
        Ok(())
    }

    /// Configured attributes in their wire form.
    pub(super) fn wire(&self) -> Map<String, Value> {
        let mut all = Map::new();
        let mut put = |name: &str, value: String| {
            all.insert(name.to_owned(), Value::String(value));
        };
        put("VisibilityTimeout", self.visibility_seconds.to_string());
        put("MessageRetentionPeriod", self.retention_seconds.to_string());
        put("DelaySeconds", self.delay_seconds.to_string());
        put("ReceiveMessageWaitTimeSeconds", self.receive_wait_seconds.to_string());
        put("MaximumMessageSize", SIZE_LIMIT.to_string());
        if let Some((target, count)) = &self.redrive {
            let policy = json!({"deadLetterTargetArn": arn(target), "maxReceiveCount": count});
            put("RedrivePolicy", policy.to_string());
        }
        all
    }
}

fn bounded(name: &str, value: &Value, least: u64, most: u64) -> Result<u64, QueueFault> {
    value
        .as_u64()
        .or_else(|| value.as_str()?.parse().ok())
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| QueueFault::BadAttributeValue(name.to_owned()))
}

fn redrive(value: &Value) -> Result<Option<(String, u64)>, QueueFault> {
    let bad = || QueueFault::BadAttributeValue("RedrivePolicy".to_owned());
    let text = value.as_str().ok_or_else(bad)?;
    if text.is_empty() {
        return Ok(None);
    }
    let policy: Value = serde_json::from_str(text).map_err(|_| bad())?;
    let target = policy.get("deadLetterTargetArn").and_then(Value::as_str).ok_or_else(bad)?;
    let count = policy.get("maxReceiveCount").ok_or_else(bad)?;
    let count = bounded("maxReceiveCount", count, 1, 1000)?;
    Ok(Some((name_of(target).to_owned(), count)))
}

//! The event a function gets for a batch of messages.
//! Field names and shapes are the platform's.

use serde_json::{Map, Value, json};

use crate::queue::{ReceivedMessage, arn};

/// The batch `messages` of `queue` as one event.
pub fn queue_event(queue: &str, messages: &[ReceivedMessage]) -> Value {
    let records: Vec<Value> = messages.iter().map(|message| record(queue, message)).collect();
    json!({"Records": records})
}

fn record(queue: &str, message: &ReceivedMessage) -> Value {
    json!({
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": message.system_attributes(),
        "messageAttributes": attributes(&message.attributes),
        "md5OfBody": crate::queue::body_digest(&message.body),
        "eventSource": "aws:sqs",
        "eventSourceARN": arn(queue),
        "awsRegion": "eu-central-1",
    })
}

/// Attribute fields start with a capital in the queue's protocol and with a small letter here.
fn attributes(wire: &Map<String, Value>) -> Map<String, Value> {
    let rename = |value: &Value| {
        let mut fields = Map::new();
        for (from, to) in [
            ("StringValue", "stringValue"),
            ("BinaryValue", "binaryValue"),
            ("DataType", "dataType"),
        ] {
            if let Some(field) = value.get(from) {
                fields.insert(to.to_owned(), field.clone());
            }
        }
        fields.insert("stringListValues".to_owned(), json!([]));
        fields.insert("binaryListValues".to_owned(), json!([]));
        Value::Object(fields)
    };
    wire.iter().map(|(name, value)| (name.clone(), rename(value))).collect()
}

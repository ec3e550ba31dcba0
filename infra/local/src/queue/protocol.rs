//! Operations of the JSON protocol on the queue service.
//! Field names are the protocol's; unknown fields are ignored as the service does.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::attributes::QueueSettings;
use super::batch;
use super::digest;
use super::fault::QueueFault;
use super::message::{NewMessage, ReceivedMessage};
use super::moves;
use super::service::QueueService;
use super::{ACCOUNT, arn, name_of};
use crate::wall;

pub(super) type Answer = Result<Value, QueueFault>;

/// Runs one operation by its name in `X-Amz-Target`.
pub(super) async fn run(
    queues: &QueueService,
    base: &str,
    operation: &str,
    body: &Value,
) -> Answer {
    match operation {
        "CreateQueue" => create(queues, base, body),
        "GetQueueUrl" => {
            let name = text(body, "QueueName")?;
            queues.store().settings(name)?;
            Ok(json!({"QueueUrl": url(base, name)}))
        }
        "ListQueues" => list(queues, base, body),
        "GetQueueAttributes" => attributes(queues, body),
        "SetQueueAttributes" => set_attributes(queues, body),
        "SendMessage" => send(queues, queue(body)?, body),
        "ReceiveMessage" => receive(queues, body).await,
        "DeleteMessage" => delete(queues, queue(body)?, body),
        "ChangeMessageVisibility" => change_visibility(queues, queue(body)?, body),
        "SendMessageBatch" => batch::run(queues, body, batch::Limit::Bytes, send),
        "DeleteMessageBatch" => batch::run(queues, body, batch::Limit::Entries, delete),
        "ChangeMessageVisibilityBatch" => {
            batch::run(queues, body, batch::Limit::Entries, change_visibility)
        }
        "PurgeQueue" => queues.store().purge(queue(body)?).map(|()| json!({})),
        "StartMessageMoveTask" => moves::start(queues, body),
        "ListMessageMoveTasks" => moves::list(queues, body),
        other => Err(QueueFault::UnknownOperation(other.to_owned())),
    }
}

pub(super) fn text<'a>(body: &'a Value, name: &'static str) -> Result<&'a str, QueueFault> {
    body.get(name).and_then(Value::as_str).ok_or(QueueFault::Missing(name))
}

pub(super) fn number(
    body: &Value,
    name: &'static str,
    most: u64,
) -> Result<Option<u64>, QueueFault> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_u64().filter(|number| *number <= most).map(Some).ok_or_else(|| {
            QueueFault::BadValue(format!("value for parameter `{name}` is invalid"))
        }),
    }
}

/// Sets a field of an answer that is an object.
pub(super) fn put(answer: &mut Value, name: &str, value: Value) {
    if let Some(fields) = answer.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

pub(super) fn queue(body: &Value) -> Result<&str, QueueFault> {
    text(body, "QueueUrl").map(name_of)
}

fn url(base: &str, name: &str) -> String {
    format!("{base}/{ACCOUNT}/{name}")
}

fn create(queues: &QueueService, base: &str, body: &Value) -> Answer {
    let name = text(body, "QueueName")?;
    let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_');
    if name.is_empty() || name.len() > 80 || !name.chars().all(plain) {
        let detail =
            "can only include alphanumeric characters, hyphens or underscores, 1 to 80 in length";
        return Err(QueueFault::BadValue(detail.to_owned()));
    }
    let mut store = queues.store();
    let (existing, exists) = match store.settings(name) {
        Ok(existing) => (existing, true),
        Err(QueueFault::NoQueue) => (QueueSettings::default(), false),
        Err(other) => return Err(other),
    };
    let mut wanted = existing.clone();
    if let Some(attributes) = body.get("Attributes").and_then(Value::as_object) {
        wanted.apply(attributes)?;
    }
    // Only what is named is compared: who names nothing finds the queue as it is.
    if !exists {
        store.put_queue(name, &wanted, wall::now_milliseconds())?;
    } else if existing != wanted {
        return Err(QueueFault::NameTaken);
    }
    Ok(json!({"QueueUrl": url(base, name)}))
}

fn list(queues: &QueueService, base: &str, body: &Value) -> Answer {
    let prefix = body.get("QueueNamePrefix").and_then(Value::as_str).unwrap_or_default();
    let names = queues.store().names()?;
    let urls: Vec<String> =
        names.iter().filter(|name| name.starts_with(prefix)).map(|name| url(base, name)).collect();
    Ok(if urls.is_empty() { json!({}) } else { json!({"QueueUrls": urls}) })
}

fn attributes(queues: &QueueService, body: &Value) -> Answer {
    let name = queue(body)?;
    let store = queues.store();
    let mut all = store.settings(name)?.wire();
    let depth = store.depth(name, wall::now_milliseconds())?;
    let (created, modified) = store.times(name)?;
    let mut put = |name: &str, value: String| {
        all.insert(name.to_owned(), Value::String(value));
    };
    put("QueueArn", arn(name));
    put("CreatedTimestamp", (created / 1000).to_string());
    put("LastModifiedTimestamp", (modified / 1000).to_string());
    put("ApproximateNumberOfMessages", depth.visible.to_string());
    put("ApproximateNumberOfMessagesNotVisible", depth.in_flight.to_string());
    put("ApproximateNumberOfMessagesDelayed", depth.delayed.to_string());
    let chosen = pick(all, body.get("AttributeNames"));
    Ok(if chosen.is_empty() { json!({}) } else { json!({"Attributes": chosen}) })
}

fn pick(all: Map<String, Value>, names: Option<&Value>) -> Map<String, Value> {
    let names = names.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let wanted = |name: &str| {
        names.iter().filter_map(Value::as_str).any(|one| one == "All" || one == ".*" || one == name)
    };
    all.into_iter().filter(|(name, _)| wanted(name)).collect()
}

fn set_attributes(queues: &QueueService, body: &Value) -> Answer {
    let name = queue(body)?;
    let attributes = body
        .get("Attributes")
        .and_then(Value::as_object)
        .ok_or(QueueFault::Missing("Attributes"))?;
    let mut store = queues.store();
    let mut settings = store.settings(name)?;
    settings.apply(attributes)?;
    store.put_queue(name, &settings, wall::now_milliseconds())?;
    Ok(json!({}))
}

/// A message in the wire form of a single send or of a batch entry.
pub(super) fn new_message(entry: &Value) -> Result<NewMessage, QueueFault> {
    Ok(NewMessage {
        body: text(entry, "MessageBody")?.to_owned(),
        attributes: entry
            .get("MessageAttributes")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
        trace_header: entry
            .pointer("/MessageSystemAttributes/AWSTraceHeader/StringValue")
            .and_then(Value::as_str)
            .map(str::to_owned),
        delay_seconds: number(entry, "DelaySeconds", 900)?,
    })
}

fn send(queues: &QueueService, queue: &str, entry: &Value) -> Answer {
    let message = new_message(entry)?;
    let id = queues.send(queue, &message)?;
    let mut answer = json!({"MessageId": id, "MD5OfMessageBody": digest::of_body(&message.body)});
    if let Some(digest) = digest::of_attributes(&message.attributes) {
        put(&mut answer, "MD5OfMessageAttributes", Value::String(digest));
    }
    Ok(answer)
}

async fn receive(queues: &QueueService, body: &Value) -> Answer {
    let name = queue(body)?;
    let most = number(body, "MaxNumberOfMessages", 10)?.unwrap_or(1);
    if most == 0 {
        let detail = "value 0 for parameter `MaxNumberOfMessages` is invalid";
        return Err(QueueFault::BadValue(detail.to_owned()));
    }
    let visibility = number(body, "VisibilityTimeout", 43_200)?;
    let own_wait = queues.store().settings(name)?.receive_wait_seconds;
    let wait = Duration::from_secs(number(body, "WaitTimeSeconds", 20)?.unwrap_or(own_wait));
    let most = usize::try_from(most).unwrap_or(1);
    let messages = queues.receive(name, most, visibility, wait).await?;
    let wire: Vec<Value> = messages.iter().map(|message| received(message, body)).collect();
    Ok(if wire.is_empty() { json!({}) } else { json!({"Messages": wire}) })
}

fn received(message: &ReceivedMessage, request: &Value) -> Value {
    let mut wire = json!({
        "MessageId": message.id,
        "ReceiptHandle": message.receipt_handle,
        "MD5OfBody": digest::of_body(&message.body),
        "Body": message.body,
    });
    let names =
        request.get("MessageSystemAttributeNames").or_else(|| request.get("AttributeNames"));
    let system = pick(message.system_attributes(), names);
    if !system.is_empty() {
        put(&mut wire, "Attributes", Value::Object(system));
    }
    let chosen = pick(message.attributes.clone(), request.get("MessageAttributeNames"));
    if let Some(digest) = digest::of_attributes(&chosen) {
        put(&mut wire, "MD5OfMessageAttributes", Value::String(digest));
        put(&mut wire, "MessageAttributes", Value::Object(chosen));
    }
    wire
}

fn delete(queues: &QueueService, queue: &str, entry: &Value) -> Answer {
    queues.store().delete(queue, text(entry, "ReceiptHandle")?).map(|()| json!({}))
}

fn change_visibility(queues: &QueueService, queue: &str, entry: &Value) -> Answer {
    let handle = text(entry, "ReceiptHandle")?;
    let seconds = number(entry, "VisibilityTimeout", 43_200)?
        .ok_or(QueueFault::Missing("VisibilityTimeout"))?;
    queues.store().change_visibility(queue, handle, seconds, wall::now_milliseconds())?;
    queues.wake();
    Ok(json!({}))
}

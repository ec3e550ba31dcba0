//! Batches: up to ten entries, each with an outcome of its own.
//! A fault of the batch as a whole refuses it before any entry runs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::fault::QueueFault;
use super::message::SIZE_LIMIT;
use super::protocol::{Answer, new_message, put, queue};
use super::service::QueueService;

/// Whether the entries also share a limit of bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    Entries,
    Bytes,
}

type Operation = fn(&QueueService, &str, &Value) -> Answer;

/// Runs `operation` on each entry and collects what happened to it.
pub(super) fn run(
    queues: &QueueService,
    body: &Value,
    limit: Limit,
    operation: Operation,
) -> Answer {
    let queue = queue(body)?;
    queues.store().settings(queue)?;
    let entries = body.get("Entries").and_then(Value::as_array).ok_or(QueueFault::EmptyBatch)?;
    check(entries, limit)?;
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for entry in entries {
        let id = entry.get("Id").unwrap_or(&Value::Null);
        match operation(queues, queue, entry) {
            Ok(mut outcome) => {
                put(&mut outcome, "Id", id.clone());
                done.push(outcome);
            }
            Err(fault) => failed.push(json!({
                "Id": id,
                "SenderFault": fault.is_sender(),
                "Code": fault.kind(),
                "Message": fault.to_string(),
            })),
        }
    }
    Ok(json!({"Successful": done, "Failed": failed}))
}

fn check(entries: &[Value], limit: Limit) -> Result<(), QueueFault> {
    if entries.is_empty() {
        return Err(QueueFault::EmptyBatch);
    }
    if entries.len() > 10 {
        return Err(QueueFault::TooManyEntries);
    }
    let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_');
    let mut ids = BTreeSet::new();
    for entry in entries {
        let id = entry.get("Id").and_then(Value::as_str).unwrap_or_default();
        if id.is_empty() || id.len() > 80 || !id.chars().all(plain) {
            return Err(QueueFault::BadEntryId);
        }
        if !ids.insert(id) {
            return Err(QueueFault::RepeatedIds);
        }
    }
    let size = |entry: &Value| new_message(entry).map_or(0, |message| message.size());
    if limit == Limit::Bytes && entries.iter().map(size).sum::<usize>() > SIZE_LIMIT {
        return Err(QueueFault::BatchTooLong);
    }
    Ok(())
}

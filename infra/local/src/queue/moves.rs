//! Moving dead letters back: tasks as the platform keeps them.
//!
//! A task here is done when it is answered, because a local queue moves at once; it is kept, so
//! that an operator's script that asks for its state finds it.

use rusqlite::params;
use serde_json::{Value, json};

use super::fault::QueueFault;
use super::protocol::{number, put, text};
use super::service::QueueService;
use super::store::QueueStore;
use super::{arn, name_of};
use crate::{random, wall};

/// A move that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveTask {
    /// Name of the queue it emptied.
    pub source: String,
    /// Name of the queue it filled; none if each message went back to where it came from.
    pub destination: Option<String>,
    /// How many messages moved.
    pub moved: u64,
    /// When, in milliseconds since 1970, UTC.
    pub started_milliseconds: i64,
}

impl QueueStore {
    /// Moves dead letters and keeps the task; a queue that nothing is set aside in is refused.
    pub fn start_move(
        &mut self,
        source: &str,
        destination: Option<&str>,
        now: i64,
    ) -> Result<(), QueueFault> {
        self.dead_letter_queue(source)?;
        let moved = self.move_all(source, destination, now)?;
        self.connection().execute(
            "INSERT INTO move_task (source, destination, moved, started_ms)
             VALUES (?1, ?2, ?3, ?4)",
            params![source, destination, i64::try_from(moved).unwrap_or(i64::MAX), now],
        )?;
        Ok(())
    }

    /// The last moves out of a queue, the newest first.
    pub fn moves(&self, source: &str, most: u64) -> Result<Vec<MoveTask>, QueueFault> {
        self.dead_letter_queue(source)?;
        let mut statement = self.connection().prepare_cached(
            "SELECT destination, moved, started_ms FROM move_task WHERE source = ?1
             ORDER BY sequence DESC LIMIT ?2",
        )?;
        let most = i64::try_from(most).unwrap_or(1);
        let tasks = statement.query_map(params![source, most], |row| {
            Ok(MoveTask {
                source: source.to_owned(),
                destination: row.get(0)?,
                moved: row.get::<_, i64>(1)?.unsigned_abs(),
                started_milliseconds: row.get(2)?,
            })
        })?;
        Ok(tasks.collect::<Result<_, _>>()?)
    }

    fn dead_letter_queue(&self, name: &str) -> Result<(), QueueFault> {
        self.settings(name).map_err(|fault| {
            if fault == QueueFault::NoQueue { QueueFault::NoResource } else { fault }
        })?;
        let sources: i64 = self.connection().query_row(
            "SELECT COUNT(*) FROM queue WHERE redrive_to = ?1",
            [name],
            |row| row.get(0),
        )?;
        if sources == 0 {
            let detail = "source queue must be configured as a dead-letter queue";
            return Err(QueueFault::BadValue(detail.to_owned()));
        }
        Ok(())
    }
}

/// `StartMessageMoveTask`.
pub(super) fn start(queues: &QueueService, body: &Value) -> Result<Value, QueueFault> {
    let source = name_of(text(body, "SourceArn")?);
    let target = body.get("DestinationArn").and_then(Value::as_str).map(name_of);
    if number(body, "MaxNumberOfMessagesPerSecond", 500)? == Some(0) {
        let detail = "value for parameter `MaxNumberOfMessagesPerSecond` is invalid";
        return Err(QueueFault::BadValue(detail.to_owned()));
    }
    queues.store().start_move(source, target, wall::now_milliseconds())?;
    queues.wake();
    Ok(json!({"TaskHandle": random::uuid()}))
}

/// `ListMessageMoveTasks`.
pub(super) fn list(queues: &QueueService, body: &Value) -> Result<Value, QueueFault> {
    let source = name_of(text(body, "SourceArn")?);
    let most = number(body, "MaxResults", 10)?.unwrap_or(1);
    if most == 0 {
        let detail = "value for parameter `MaxResults` is invalid";
        return Err(QueueFault::BadValue(detail.to_owned()));
    }
    let tasks = queues.store().moves(source, most)?;
    let results: Vec<Value> = tasks.iter().map(shown).collect();
    Ok(json!({"Results": results}))
}

/// Only a running task has a handle, and none runs any more when it is asked for.
fn shown(task: &MoveTask) -> Value {
    let mut shown = json!({
        "Status": "COMPLETED",
        "SourceArn": arn(&task.source),
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.moved,
        "StartedTimestamp": task.started_milliseconds,
    });
    if let Some(destination) = &task.destination {
        put(&mut shown, "DestinationArn", Value::String(arn(destination)));
    }
    shown
}

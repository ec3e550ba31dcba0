//! The deterministic core of the queue: every call gets the time it happens at.
//! Each call is one transaction; a message is in exactly one queue at any time.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::{Map, Value};

use super::arn;
use super::attributes::QueueSettings;
use super::fault::QueueFault;
use super::message::{NewMessage, Receipt, ReceivedMessage};
use super::schema::prepare;
use crate::random;

type Answer<T> = Result<T, QueueFault>;

/// All queues of one file.
#[derive(Debug)]
pub struct QueueStore {
    connection: Connection,
}

/// How many messages a queue holds, by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Depth {
    pub visible: u64,
    pub in_flight: u64,
    pub delayed: u64,
}

impl QueueStore {
    /// Opens or creates the file.
    pub fn open(path: &Path) -> Answer<Self> {
        let connection = Connection::open(path)?;
        prepare(&connection)?;
        Ok(Self { connection })
    }

    /// A store that is gone with the value, for tests.
    pub fn in_memory() -> Answer<Self> {
        let connection = Connection::open_in_memory()?;
        prepare(&connection)?;
        Ok(Self { connection })
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Writes the settings of a queue, which is created when there is none.
    pub fn put_queue(&mut self, name: &str, settings: &QueueSettings, now: i64) -> Answer<()> {
        let (target, count) = match &settings.redrive {
            Some((target, count)) => (Some(target.as_str()), Some(signed(*count))),
            None => (None, None),
        };
        self.connection.execute(
            "INSERT INTO queue VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (name) DO UPDATE SET modified_ms = ?2, visibility_s = ?3,
             retention_s = ?4, delay_s = ?5, wait_s = ?6, redrive_to = ?7, redrive_after = ?8",
            params![
                name,
                now,
                signed(settings.visibility_seconds),
                signed(settings.retention_seconds),
                signed(settings.delay_seconds),
                signed(settings.receive_wait_seconds),
                target,
                count
            ],
        )?;
        Ok(())
    }

    /// Settings of a queue.
    pub fn settings(&self, name: &str) -> Answer<QueueSettings> {
        settings(&self.connection, name)
    }

    /// Creation and last change of a queue, in milliseconds since 1970, UTC.
    pub fn times(&self, name: &str) -> Answer<(i64, i64)> {
        self.connection
            .query_row("SELECT created_ms, modified_ms FROM queue WHERE name = ?1", [name], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?
            .ok_or(QueueFault::NoQueue)
    }

    /// Names of all queues in order.
    pub fn names(&self) -> Answer<Vec<String>> {
        let mut statement =
            self.connection.prepare_cached("SELECT name FROM queue ORDER BY name")?;
        let names = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(names)
    }

    /// Stores a message and answers its id.
    pub fn send(&mut self, queue: &str, message: &NewMessage, now: i64) -> Answer<String> {
        message.check()?;
        let delay = message.delay_seconds.unwrap_or(self.settings(queue)?.delay_seconds);
        let id = random::uuid();
        self.connection.execute(
            "INSERT INTO message (id, queue, body, attributes, trace, sent_ms, visible_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                id,
                queue,
                message.body,
                Value::Object(message.attributes.clone()).to_string(),
                message.trace_header,
                now,
                after(now, delay)
            ],
        )?;
        Ok(id)
    }

    /// Hands out up to `most` visible messages, oldest first, and moves spent ones away.
    pub fn receive(
        &mut self,
        queue: &str,
        most: usize,
        visibility_seconds: Option<u64>,
        now: i64,
    ) -> Answer<Vec<ReceivedMessage>> {
        let transaction = self.connection.transaction()?;
        let settings = settings(&transaction, queue)?;
        expire(&transaction, queue, &settings, now)?;
        redrive(&transaction, queue, &settings, now)?;
        let until = after(now, visibility_seconds.unwrap_or(settings.visibility_seconds));
        let sequences: Vec<i64> = transaction
            .prepare_cached(
                "SELECT sequence FROM message WHERE queue = ?1 AND visible_ms <= ?2
                 ORDER BY sequence LIMIT ?3",
            )?
            .query_map(params![queue, now, i64::try_from(most).unwrap_or(10)], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut messages = Vec::new();
        for sequence in sequences {
            messages.push(hand_out(&transaction, sequence, until, now)?);
        }
        transaction.commit()?;
        Ok(messages)
    }

    /// Deletes a received message. An older receipt of it is accepted and does nothing.
    pub fn delete(&mut self, queue: &str, handle: &str) -> Answer<()> {
        self.settings(queue)?;
        let receipt = Receipt::parse(handle)?;
        self.connection.execute(
            "DELETE FROM message WHERE sequence = ?1 AND queue = ?2 AND receipt = ?3",
            params![receipt.sequence, queue, receipt.nonce],
        )?;
        Ok(())
    }

    /// Makes a message in flight visible again `seconds` from now.
    pub fn change_visibility(
        &mut self,
        queue: &str,
        handle: &str,
        seconds: u64,
        now: i64,
    ) -> Answer<()> {
        self.settings(queue)?;
        if seconds > 43_200 {
            let detail = "`VisibilityTimeout` must be between 0 and 43200";
            return Err(QueueFault::BadValue(detail.to_owned()));
        }
        let receipt = Receipt::parse(handle)?;
        let changed = self.connection.execute(
            "UPDATE message SET visible_ms = ?4
             WHERE sequence = ?1 AND queue = ?2 AND receipt = ?3 AND visible_ms > ?5",
            params![receipt.sequence, queue, receipt.nonce, after(now, seconds), now],
        )?;
        if changed == 0 { Err(QueueFault::NotInFlight) } else { Ok(()) }
    }

    /// Deletes every message of a queue.
    pub fn purge(&mut self, queue: &str) -> Answer<()> {
        self.settings(queue)?;
        self.connection.execute("DELETE FROM message WHERE queue = ?1", [queue])?;
        Ok(())
    }

    /// Moves every visible message of a dead-letter queue to `target`, or back to where each came
    /// from, with a fresh receive count. Answers how many moved.
    pub fn move_all(&mut self, queue: &str, target: Option<&str>, now: i64) -> Answer<usize> {
        self.settings(queue)?;
        if let Some(target) = target {
            self.settings(target)?;
        }
        let moved = self.connection.execute(
            "UPDATE message SET queue = COALESCE(?2, source), source = NULL, receive_count = 0,
             receipt = NULL, first_received_ms = NULL, visible_ms = ?3
             WHERE queue = ?1 AND visible_ms <= ?3 AND COALESCE(?2, source) IS NOT NULL",
            params![queue, target, now],
        )?;
        Ok(moved)
    }

    /// How many messages a queue holds.
    pub fn depth(&self, queue: &str, now: i64) -> Answer<Depth> {
        self.settings(queue)?;
        let depth = self.connection.query_row(
            "SELECT COALESCE(SUM(visible_ms <= ?2), 0),
             COALESCE(SUM(visible_ms > ?2 AND receipt IS NOT NULL), 0),
             COALESCE(SUM(visible_ms > ?2 AND receipt IS NULL), 0)
             FROM message WHERE queue = ?1",
            params![queue, now],
            |row| {
                let count = |at| row.get::<_, i64>(at).map(i64::unsigned_abs);
                Ok(Depth { visible: count(0)?, in_flight: count(1)?, delayed: count(2)? })
            },
        )?;
        Ok(depth)
    }

    /// When the next hidden message of a queue is seen, in milliseconds since 1970.
    pub fn next_visible(&self, queue: &str) -> Answer<Option<i64>> {
        let next = self.connection.query_row(
            "SELECT MIN(visible_ms) FROM message WHERE queue = ?1",
            [queue],
            |row| row.get(0),
        )?;
        Ok(next)
    }
}

fn settings(connection: &Connection, name: &str) -> Answer<QueueSettings> {
    let read = |row: &Row<'_>| {
        let number = |at| row.get::<_, i64>(at).map(i64::unsigned_abs);
        let target: Option<String> = row.get(4)?;
        let count: Option<i64> = row.get(5)?;
        Ok(QueueSettings {
            visibility_seconds: number(0)?,
            retention_seconds: number(1)?,
            delay_seconds: number(2)?,
            receive_wait_seconds: number(3)?,
            redrive: target.zip(count.map(i64::unsigned_abs)),
        })
    };
    connection
        .prepare_cached(
            "SELECT visibility_s, retention_s, delay_s, wait_s, redrive_to, redrive_after
             FROM queue WHERE name = ?1",
        )?
        .query_row([name], read)
        .optional()?
        .ok_or(QueueFault::NoQueue)
}

fn expire(
    transaction: &Transaction<'_>,
    queue: &str,
    settings: &QueueSettings,
    now: i64,
) -> Answer<()> {
    let oldest = now.saturating_sub(signed(settings.retention_seconds).saturating_mul(1000));
    transaction
        .execute("DELETE FROM message WHERE queue = ?1 AND sent_ms < ?2", params![queue, oldest])?;
    Ok(())
}

fn redrive(
    transaction: &Transaction<'_>,
    queue: &str,
    settings: &QueueSettings,
    now: i64,
) -> Answer<()> {
    let Some((target, limit)) = &settings.redrive else { return Ok(()) };
    transaction.execute(
        "UPDATE message SET queue = ?1, source = ?2, receive_count = 0, receipt = NULL,
         first_received_ms = NULL
         WHERE queue = ?2 AND visible_ms <= ?3 AND receive_count >= ?4",
        params![target, queue, now, signed(*limit)],
    )?;
    Ok(())
}

fn hand_out(
    transaction: &Transaction<'_>,
    sequence: i64,
    until: i64,
    now: i64,
) -> Answer<ReceivedMessage> {
    let receipt = Receipt { sequence, nonce: random::hexadecimal::<16>() };
    let message = transaction
        .prepare_cached(
            "UPDATE message SET receive_count = receive_count + 1, visible_ms = ?2, receipt = ?3,
             first_received_ms = COALESCE(first_received_ms, ?4) WHERE sequence = ?1
             RETURNING id, body, attributes, trace, sent_ms, first_received_ms, receive_count,
             source",
        )?
        .query_row(params![sequence, until, receipt.nonce, now], |row| {
            let attributes: String = row.get(2)?;
            let source: Option<String> = row.get(7)?;
            Ok(ReceivedMessage {
                id: row.get(0)?,
                receipt_handle: receipt.handle(),
                body: row.get(1)?,
                attributes: serde_json::from_str::<Map<String, Value>>(&attributes)
                    .unwrap_or_default(),
                trace_header: row.get(3)?,
                sent_milliseconds: row.get(4)?,
                first_received_milliseconds: row.get(5)?,
                receive_count: row.get::<_, i64>(6)?.unsigned_abs(),
                dead_letter_source: source.as_deref().map(arn),
            })
        })?;
    Ok(message)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn after(now: i64, seconds: u64) -> i64 {
    now.saturating_add(signed(seconds).saturating_mul(1000))
}

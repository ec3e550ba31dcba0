//! Messages as they come in and go out.
//! Bodies are kept byte for byte; a receipt handle names a message and one receipt of it.

use serde_json::{Map, Value};

use super::fault::QueueFault;

/// Largest message, attributes included, in bytes.
pub(super) const SIZE_LIMIT: usize = 1_048_576;

/// A message to store.
#[derive(Debug, Clone, Default)]
pub struct NewMessage {
    pub body: String,
    /// Message attributes in the wire form of the JSON protocol.
    pub attributes: Map<String, Value>,
    /// Trace header that travels with the message.
    pub trace_header: Option<String>,
    /// Seconds before it is seen, in place of the queue's own delay.
    pub delay_seconds: Option<u64>,
}

impl NewMessage {
    /// A message of only a body.
    pub fn text(body: impl Into<String>) -> Self {
        Self { body: body.into(), ..Self::default() }
    }

    /// Bytes that count against the limit.
    pub(super) fn size(&self) -> usize {
        let attributes = self.attributes.iter().map(|(name, value)| {
            let field = |key| value.get(key).and_then(Value::as_str).map_or(0, str::len);
            name.len() + field("DataType") + field("StringValue") + field("BinaryValue")
        });
        self.body.len() + attributes.sum::<usize>()
    }

    pub(super) fn check(&self) -> Result<(), QueueFault> {
        if self.body.is_empty() {
            return Err(QueueFault::Missing("MessageBody"));
        }
        if self.size() > SIZE_LIMIT {
            let detail =
                "one or more parameters are invalid: message must be shorter than 1048576 bytes";
            return Err(QueueFault::BadValue(detail.to_owned()));
        }
        if self.delay_seconds.is_some_and(|seconds| seconds > 900) {
            return Err(QueueFault::BadValue(
                "`DelaySeconds` must be between 0 and 900".to_owned(),
            ));
        }
        let is_control = |one: char| one < ' ' && !matches!(one, '\t' | '\n' | '\r');
        if self.body.chars().any(|one| is_control(one) || matches!(one, '\u{fffe}' | '\u{ffff}')) {
            return Err(QueueFault::BadContents);
        }
        Ok(())
    }
}

/// A message that was handed out.
#[derive(Debug, Clone)]
pub struct ReceivedMessage {
    pub id: String,
    pub receipt_handle: String,
    pub body: String,
    pub attributes: Map<String, Value>,
    pub trace_header: Option<String>,
    /// Milliseconds since 1970, UTC.
    pub sent_milliseconds: i64,
    pub first_received_milliseconds: i64,
    /// Deliveries so far, this one included.
    pub receive_count: u64,
    /// Resource name of the queue it was moved from.
    pub dead_letter_source: Option<String>,
}

impl ReceivedMessage {
    /// System attributes by name, all as text.
    pub fn system_attributes(&self) -> Map<String, Value> {
        let mut all = Map::new();
        let mut put = |name: &str, value: String| {
            all.insert(name.to_owned(), Value::String(value));
        };
        put("ApproximateReceiveCount", self.receive_count.to_string());
        put("SentTimestamp", self.sent_milliseconds.to_string());
        put("SenderId", "AIDALOCAL".to_owned());
        put("ApproximateFirstReceiveTimestamp", self.first_received_milliseconds.to_string());
        if let Some(trace) = &self.trace_header {
            put("AWSTraceHeader", trace.clone());
        }
        if let Some(source) = &self.dead_letter_source {
            put("DeadLetterQueueSourceArn", source.clone());
        }
        all
    }
}

/// Message and receipt that a handle names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Receipt {
    pub(super) sequence: i64,
    pub(super) nonce: String,
}

impl Receipt {
    pub(super) fn handle(&self) -> String {
        format!("{}-{}", self.sequence, self.nonce)
    }

    pub(super) fn parse(handle: &str) -> Result<Self, QueueFault> {
        let (sequence, nonce) = handle.split_once('-').ok_or(QueueFault::BadReceipt)?;
        let sequence = sequence.parse().map_err(|_| QueueFault::BadReceipt)?;
        Ok(Self { sequence, nonce: nonce.to_owned() })
    }
}

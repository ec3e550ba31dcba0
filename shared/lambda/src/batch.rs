//! Batches of SQS: each record by itself, and only what failed comes back.
//!
//! The answer names ids of the input and nothing else, because one unknown id would make the
//! whole batch come back (RELIABILITY Q2).

use std::future::Future;
use std::time::Duration;

use interlock_app::AppError;
use interlock_http::{Panicked, caught};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// Time left alone at the end of an invocation, so that the answer still arrives.
const MARGIN: Duration = Duration::from_secs(1);
/// Least time in which a record is begun.
const LEAST: Duration = Duration::from_secs(4);

/// A batch as it comes.
#[derive(Debug, Deserialize)]
pub(crate) struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Message>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    message_id: String,
    #[serde(default)]
    body: String,
}

/// What came of a batch.
#[derive(Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    batch_item_failures: Vec<Failed>,
}

#[derive(Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
struct Failed {
    item_identifier: String,
}

/// Works through a batch in order; what is not begun in time counts as failed.
pub(crate) async fn work<F, R>(batch: Batch, deadline: Instant, mut handler: F) -> Answer
where
    F: FnMut(String) -> R,
    R: Future<Output = Result<(), AppError>>,
{
    let mut failures = Vec::new();
    for Message { message_id, body } in batch.records {
        let left = deadline.saturating_duration_since(Instant::now());
        let done = if left < LEAST {
            tracing::warn!(message_id, "record not begun, the deadline is near");
            false
        } else {
            let limit = left.saturating_sub(MARGIN);
            one(&message_id, tokio::time::timeout(limit, caught(handler(body))).await)
        };
        if !done {
            failures.push(Failed { item_identifier: message_id });
        }
    }
    Answer { batch_item_failures: failures }
}

type Outcome = Result<Result<Result<(), AppError>, Panicked>, tokio::time::error::Elapsed>;

fn one(message_id: &str, outcome: Outcome) -> bool {
    match outcome {
        Ok(Ok(Ok(()))) => return true,
        Ok(Ok(Err(error))) => {
            let retryable = error.retryable();
            tracing::error!(message_id, retryable, error = &error as &dyn std::error::Error, "record failed");
        }
        Ok(Err(Panicked)) => tracing::error!(message_id, "record panicked"),
        Err(_) => tracing::error!(message_id, "record ran out of time"),
    }
    false
}

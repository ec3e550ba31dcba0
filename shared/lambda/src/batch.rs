//! Batches of SQS: each record by itself, and only what failed comes back.
//!
//! The answer names ids of the input and nothing else, because one unknown id would make the
//! whole batch come back (RELIABILITY Q2).

use std::future::Future;
use std::time::Duration;

use interlock_app::AppError;
use interlock_http::{Panicked, caught, cause};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// When a batch stops.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// When the invocation ends.
    pub(crate) deadline: Instant,
    /// Time left alone before that, so that the answer still arrives.
    pub(crate) margin: Duration,
    /// Least time in which a record is begun.
    pub(crate) least: Duration,
}

impl Limits {
    /// For an invocation that ends then.
    pub(crate) fn until(deadline: Instant) -> Self {
        Self { deadline, margin: Duration::from_secs(1), least: Duration::from_secs(4) }
    }
}

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
pub(crate) async fn work<F, R>(batch: Batch, limits: Limits, mut handler: F) -> Answer
where
    F: FnMut(String) -> R,
    R: Future<Output = Result<(), AppError>>,
{
    let mut failures = Vec::new();
    for Message { message_id, body } in batch.records {
        let left = limits.deadline.saturating_duration_since(Instant::now());
        let done = if left < limits.least {
            tracing::warn!(message_id, "record not begun, the deadline is near");
            false
        } else {
            let limit = left.saturating_sub(limits.margin);
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
            let (retryable, cause) = (error.retryable(), cause(&error));
            tracing::error!(message_id, retryable, cause, "record failed");
        }
        Ok(Err(Panicked)) => tracing::error!(message_id, "record panicked"),
        Err(_) => tracing::error!(message_id, "record ran out of time"),
    }
    false
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn batch(bodies: &[&str]) -> Batch {
        let record = |body: &&str| json!({"messageId": format!("id-{body}"), "body": body, "x": 1});
        let records: Vec<_> = bodies.iter().map(record).collect();
        serde_json::from_value(json!({ "Records": records })).unwrap()
    }

    fn limits(deadline: u64, margin: u64, least: u64) -> Limits {
        Limits {
            deadline: Instant::now() + Duration::from_millis(deadline),
            margin: Duration::from_millis(margin),
            least: Duration::from_millis(least),
        }
    }

    async fn failed(bodies: &[&str], limits: Limits) -> Vec<String> {
        let answer = work(batch(bodies), limits, |body| async move {
            match body.as_str() {
                "panic" => panic!("one bad record"),
                "fail" => Err(AppError::contended()),
                "never" => Err(AppError::internal("x")),
                "slow" => {
                    tokio::time::sleep(Duration::from_millis(400)).await;
                    Ok(())
                }
                "hang" => std::future::pending().await,
                _ => Ok(()),
            }
        })
        .await;
        answer.batch_item_failures.into_iter().map(|failed| failed.item_identifier).collect()
    }

    fn ample() -> Limits {
        limits(60_000, 1000, 4000)
    }

    #[tokio::test]
    async fn only_what_failed_comes_back() {
        assert_eq!(
            failed(&["a", "fail", "b", "never", "c"], ample()).await,
            ["id-fail", "id-never"]
        );
        assert!(failed(&["a", "b"], ample()).await.is_empty());
        assert!(failed(&[], ample()).await.is_empty());
    }

    #[tokio::test]
    async fn a_panic_fails_its_record_alone() {
        assert_eq!(failed(&["a", "panic", "b"], ample()).await, ["id-panic"]);
    }

    #[tokio::test]
    async fn near_the_deadline_the_rest_comes_back() {
        let near = limits(3000, 100, 2700);
        assert_eq!(failed(&["slow", "late", "later"], near).await, ["id-late", "id-later"]);
        assert_eq!(failed(&["a", "b"], limits(0, 1000, 4000)).await, ["id-a", "id-b"]);
    }

    #[tokio::test]
    async fn a_record_that_hangs_is_cut_off_while_there_is_time_to_answer() {
        let limits = limits(2000, 1000, 1100);
        assert_eq!(failed(&["a", "hang", "b"], limits).await, ["id-hang", "id-b"]);
        assert!(Instant::now() < limits.deadline);
    }

    #[test]
    fn the_answer_has_the_form_the_queue_wants() {
        let failures = vec![Failed { item_identifier: "id-a".into() }];
        let answer = serde_json::to_value(Answer { batch_item_failures: failures }).unwrap();
        assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "id-a"}]}));
    }
}

//! Batches of SQS: each record by itself, and only what failed comes back.
//!
//! The answer names ids of the input and nothing else, because one unknown id would make the
//! whole batch come back (RELIABILITY Q2).

use std::future::Future;
use std::time::Duration;

use interlock_app::{AppError, Lost, Received};
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
struct Message {
    #[serde(rename = "messageId")]
    id: MessageId,
    #[serde(default)]
    body: String,
    #[serde(default)]
    attributes: Attributes,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attributes {
    approximate_receive_count: Option<String>,
}

impl Attributes {
    /// A count that is missing or unreadable is the first.
    fn receives(&self) -> u32 {
        self.approximate_receive_count.as_ref().and_then(|text| text.parse().ok()).unwrap_or(1)
    }
}

/// An id of the batch: only reading one makes one, and it is given back at most once, so that no
/// other id can stand in an answer.
#[derive(Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
struct MessageId(String);

/// What came of a batch.
#[derive(Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    batch_item_failures: Vec<Failed>,
}

#[derive(Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
struct Failed {
    item_identifier: MessageId,
}

/// Works through a batch in order; what is not begun in time counts as failed. What ends without
/// an answer of `handler` is told to `lost`, for as long as there is time.
pub(crate) async fn work<F, R, L, W>(
    batch: Batch,
    limits: Limits,
    mut handler: F,
    mut lost: L,
) -> Answer
where
    F: FnMut(Received) -> R,
    R: Future<Output = Result<(), AppError>>,
    L: FnMut(Received, Lost) -> W,
    W: Future<Output = ()>,
{
    let mut failures = Vec::new();
    let together = interlock_app::Batch::default();
    for Message { id, body, attributes } in batch.records {
        let received = Received { body, receives: attributes.receives(), batch: together.clone() };
        let left = limits.deadline.saturating_duration_since(Instant::now());
        let outcome = if left < limits.least {
            tracing::warn!(message_id = id.0, "record not begun, the deadline is near");
            Some(Lost::NotBegun)
        } else {
            let limit = left.saturating_sub(limits.margin);
            let run = tokio::time::timeout(limit, caught(handler(received.clone()))).await;
            match one(&id, run) {
                Ended::Done => continue,
                Ended::Failed => None,
                Ended::Lost(why) => Some(why),
            }
        };
        if let Some(why) = outcome {
            let left = limits.deadline.saturating_duration_since(Instant::now());
            // Half of what is left, so that the answer still arrives.
            let _ = tokio::time::timeout(left / 2, caught(lost(received, why))).await;
        }
        failures.push(Failed { item_identifier: id });
    }
    Answer { batch_item_failures: failures }
}

type Run = Result<Result<Result<(), AppError>, Panicked>, tokio::time::error::Elapsed>;

enum Ended {
    Done,
    Failed,
    Lost(Lost),
}

fn one(message_id: &MessageId, run: Run) -> Ended {
    let message_id = message_id.0.as_str();
    match run {
        Ok(Ok(Ok(()))) => {
            tracing::info!(message_id, "record ended");
            Ended::Done
        }
        Ok(Ok(Err(error))) => {
            let (retryable, cause) = (error.retryable(), cause(&error));
            tracing::error!(message_id, retryable, cause, "record failed");
            Ended::Failed
        }
        Ok(Err(Panicked)) => {
            tracing::error!(message_id, "record panicked");
            Ended::Lost(Lost::Panicked)
        }
        Err(_) => {
            tracing::error!(message_id, "record ran out of time");
            Ended::Lost(Lost::OutOfTime)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

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

    /// What the handler of these tests makes of a body.
    async fn handled(received: Received) -> Result<(), AppError> {
        match received.body.as_str() {
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
    }

    async fn failed(bodies: &[&str], limits: Limits) -> Vec<String> {
        let answer = work(batch(bodies), limits, handled, async |_, _| ()).await;
        answer.batch_item_failures.into_iter().map(|failed| failed.item_identifier.0).collect()
    }

    async fn lost(bodies: &[&str], limits: Limits) -> Vec<(String, Lost)> {
        let told = RefCell::new(Vec::new());
        let note = async |received: Received, why| told.borrow_mut().push((received.body, why));
        work(batch(bodies), limits, handled, note).await;
        told.into_inner()
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
        let failures = vec![Failed { item_identifier: MessageId("id-a".into()) }];
        let answer = serde_json::to_value(Answer { batch_item_failures: failures }).unwrap();
        assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "id-a"}]}));
    }

    #[tokio::test]
    async fn what_ends_without_an_answer_is_told_and_what_fails_by_itself_is_not() {
        let bodies = ["panic", "fail", "a"];
        assert_eq!(lost(&bodies, ample()).await, [("panic".to_owned(), Lost::Panicked)]);
        let hangs = limits(2000, 1000, 1100);
        let expected = [("hang".to_owned(), Lost::OutOfTime), ("b".to_owned(), Lost::NotBegun)];
        assert_eq!(lost(&["hang", "b"], hangs).await, expected);
    }

    #[tokio::test]
    async fn telling_of_a_lost_record_may_hang_or_panic_and_the_answer_still_comes() {
        let limits = limits(1500, 500, 100);
        let hang = async |_, _| std::future::pending().await;
        let answer = work(batch(&["panic", "a"]), limits, handled, hang).await;
        assert_eq!(answer.batch_item_failures.len(), 1);
        assert!(Instant::now() < limits.deadline);
        let answer = work(batch(&["panic"]), ample(), handled, async |_, _| panic!("too")).await;
        assert_eq!(answer.batch_item_failures.len(), 1);
    }

    #[tokio::test]
    async fn a_record_says_how_often_it_was_handed_out() {
        let records = json!({"Records": [
            {"messageId": "1", "body": "a", "attributes": {"ApproximateReceiveCount": "6"}},
            {"messageId": "2", "body": "b", "attributes": {"ApproximateReceiveCount": "x"}},
            {"messageId": "3", "body": "c"}]});
        let seen = RefCell::new(Vec::new());
        let note = async |received: Received| {
            seen.borrow_mut().push((received.receives, received.is_last()));
            Ok(())
        };
        let batch = serde_json::from_value(records).unwrap();
        work(batch, ample(), note, async |_, _| ()).await;
        assert_eq!(seen.into_inner(), [(6, true), (1, false), (1, false)]);
    }

    #[test]
    fn a_record_without_an_id_is_no_batch() {
        assert!(serde_json::from_value::<Batch>(json!({"Records": [{"body": "a"}]})).is_err());
    }
}

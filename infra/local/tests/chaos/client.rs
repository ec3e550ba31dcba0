//! A client as the documents ask for one: it repeats with the same key until the answer is final.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::{Answer, Person, Stack};

/// More than any queue of sixty-four callers needs.
const MOST_TRIES: u32 = 200;

/// Whether the same call with the same key may be answered otherwise later (docs/PROBLEMS.md).
pub(crate) fn asks_to_retry(answer: &Answer) -> bool {
    let code = answer.body["code"].as_str().unwrap_or_default();
    matches!(answer.status, 429 | 502 | 503 | 504) || code == "idempotency_in_progress"
}

/// Asks for time until the answer is final. An answer nothing documents fails the test.
pub(crate) async fn reserve(
    stack: &Stack,
    person: &Person,
    (machine, start): (&str, &str),
    (minutes, key): (u32, &str),
) -> Answer {
    let path = format!("/api/machines/{machine}/reservations");
    let body = json!({ "start": start, "durationMinutes": minutes });
    for _ in 0..MOST_TRIES {
        let request = stack.of(person, Method::POST, &path).header("idempotency-key", key);
        let answer = stack.send(request.json(&body)).await;
        if !asks_to_retry(&answer) {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no final answer for {key} after {MOST_TRIES} tries");
}

/// Cancels and waits until Cal.com has followed.
pub(crate) async fn cancel(stack: &Stack, person: &Person, id: &str) {
    let path = format!("/api/reservations/{id}/cancel");
    for _ in 0..MOST_TRIES {
        let answer = stack.post(person, &path, &json!({ "reason": "the round is over" })).await;
        if matches!(answer.status, 200 | 202) {
            stack.until(person, id, "cancelled").await;
            return;
        }
        assert!(asks_to_retry(&answer), "{} {}", answer.status, answer.text);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{id} could not be cancelled");
}

/// The reservation in an answer.
pub(crate) fn id_of(answer: &Answer) -> String {
    answer.body["reservation"]["id"].as_str().expect("a reservation").to_owned()
}

/// What stands at Cal.com, as only the stand-in tells.
pub(crate) async fn accepted(stack: &Stack) -> Vec<Value> {
    let state = stack.look("/__sim/state").await;
    let bookings = state["bookings"].as_array().unwrap().iter();
    bookings.filter(|booking| booking["status"] == "accepted").cloned().collect()
}

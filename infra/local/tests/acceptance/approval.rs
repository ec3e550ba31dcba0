//! A machine that wants a yes: asked for, approved, declined, left to run out.

use serde_json::json;

use crate::stack::{Answer, Person, Stack};

async fn ask(stack: &Stack, person: &Person, start: &str, key: &str) -> Answer {
    stack.reserve(person, start, key).await
}

fn id(answer: &Answer) -> String {
    answer.body["reservation"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_wish_waits_for_a_yes_and_is_booked_with_it() {
    let stack = Stack::that_wants_a_yes("mch_laser").await;
    let (max, mia) = (stack.login("max").await, stack.login("mia").await);
    let starts = stack.starts(&max, "machines/mch_laser").await;
    let asked = ask(&stack, &max, &starts[0], "k").await.expect(202);
    assert_eq!(asked.body["reservation"]["status"], "awaiting");
    assert!(stack.look("/__sim/state").await["bookings"].as_array().unwrap().is_empty());
    assert!(!stack.starts(&max, "machines/mch_laser").await.contains(&starts[0]), "it is held");
    let path = format!("/api/reservations/{}/approve", id(&asked));
    stack.post(&max, &path, &json!({})).await.problem(403, "role_required");
    let approved = stack.post(&mia, &path, &json!({})).await.expect(200);
    assert_eq!(approved.body["reservation"]["status"], "confirmed");
    stack.uid_of(&id(&asked)).await;
    ask(&stack, &max, &starts[0], "k").await.expect(201);
    stack.post(&mia, &path, &json!({})).await.problem(409, "state_conflict");
}

#[tokio::test]
async fn a_no_and_a_term_that_runs_out_free_the_time() {
    let stack = Stack::that_wants_a_yes("mch_laser").await;
    let (max, mia) = (stack.login("max").await, stack.login("mia").await);
    let starts = stack.starts(&max, "machines/mch_laser").await;
    let asked = ask(&stack, &max, &starts[0], "k").await.expect(202);
    let path = format!("/api/reservations/{}/decline", id(&asked));
    let no = json!({ "reason": "the laser is being serviced" });
    let declined = stack.post(&mia, &path, &no).await.expect(200);
    assert_eq!(declined.body["reservation"]["cause"], "declined");
    ask(&stack, &max, &starts[0], "k").await.problem(409, "state_conflict");
    let again = ask(&stack, &max, &starts[0], "again").await.expect(202);
    stack.advance(48 * 3600).await;
    stack.job("outbox-calcom").await;
    let read = stack.get(&max, &format!("/api/reservations/{}", id(&again))).await.expect(200);
    assert_eq!(read.body["reservation"]["cause"], "expired");
    assert!(stack.look("/__sim/state").await["bookings"].as_array().unwrap().is_empty());
}

//! The rate limiter: windows, blocks, headers and whom they concern.

use reqwest::Method;

use crate::support::{Answer, BOOKINGS, Options, Rig, cases};

cases! {
    "16" sim_only after_the_limit_a_key_is_blocked_for_a_minute;
    "16" sim_only a_key_and_an_address_have_their_own_windows;
    "16" sim_only health_is_throttled_too;
    "9" sim_only details_are_a_string_on_429;
}

async fn small() -> Rig {
    Rig::with(Options { calls: 3, ..Options::default() }).await
}

fn header(answer: &Answer, name: &str) -> i64 {
    let text = answer.headers[&format!("x-ratelimit-{name}-default")].to_str().expect("text");
    text.parse().expect("a number")
}

async fn after_the_limit_a_key_is_blocked_for_a_minute(_: Rig) {
    let rig = small().await;
    for remaining in [2, 1, 0] {
        let answer = rig.get(BOOKINGS, "/v2/me").await;
        assert_eq!((answer.status, header(&answer, "remaining")), (200, remaining));
        assert_eq!((header(&answer, "limit"), header(&answer, "reset")), (3, 60));
    }
    rig.advance(10);
    let refused = rig.get(BOOKINGS, "/v2/me").await;
    assert_eq!((refused.status, header(&refused, "reset")), (429, 60));
    assert!(refused.headers.get("retry-after").is_none());
    rig.advance(40);
    let still = rig.get(BOOKINGS, "/v2/me").await;
    assert_eq!((still.status, header(&still, "reset")), (429, 20));
    rig.advance(21);
    assert_eq!(rig.get(BOOKINGS, "/v2/me").await.status, 200);
}

async fn a_key_and_an_address_have_their_own_windows(_: Rig) {
    let rig = small().await;
    for _ in 0..4 {
        rig.get(BOOKINGS, "/v2/me").await;
    }
    assert_eq!(rig.get(BOOKINGS, "/v2/me").await.status, 429);
    let printer = interlock_calcom_sim::demo_accounts().remove(1).api_key;
    let sent = rig.try_send(Method::GET, "/v2/me", (None, Some(&printer)), None);
    assert_eq!(sent.await.expect("an answer").status, 200);
    let nobody = rig.try_send(Method::GET, "/health", (None, None), None);
    assert_eq!(nobody.await.expect("an answer").status, 200);
}

async fn health_is_throttled_too(_: Rig) {
    let rig = small().await;
    let mut last = 0;
    for _ in 0..4 {
        let sent = rig.try_send(Method::GET, "/health", (None, None), None);
        last = sent.await.expect("an answer").status;
    }
    assert_eq!(last, 429);
}

async fn details_are_a_string_on_429(rig: Rig) {
    rig.fault("me.get", "rate_limited", serde_json::json!(1)).await;
    let answer = rig.get(BOOKINGS, "/v2/me").await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.body["error"]["code"], "ThrottlerException");
    assert!(answer.body["error"]["details"].is_string());
    assert_eq!((header(&answer, "remaining"), header(&answer, "reset")), (0, 60));
    assert_eq!(rig.get(BOOKINGS, "/v2/me").await.status, 200);
}

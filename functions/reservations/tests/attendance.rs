//! Whether a holder came, over the interface.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, get, post, send};
use interlock_policy::Role;
use interlock_testkit::World;
use reservations::ROUTES;

async fn say(world: &World, id: &str, cookie: &str, body: &str) -> Answer {
    let raw = post(&format!("/api/reservations/{id}/attendance"), cookie, body);
    send(world, ROUTES, "session.attendance", raw).await
}

#[tokio::test]
async fn what_was_seen_is_200_and_shown_with_the_reservation_and_its_history() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let ada = world.session(&ada).await;
    let boss = world.person_with("boss", &[Role::Manager]).await;
    let early = world.session(&boss).await;
    let body = r#"{"start":"2026-06-01T20:00:00Z"}"#;
    let raw = post("/api/machines/mch_laser/reservations", &ada, body);
    let raw = raw.header("idempotency-key", "k");
    let made = send(&world, ROUTES, "reservations.create", raw).await;
    let id = made.body["reservation"]["id"].as_str().unwrap().to_owned();
    let missed = r#"{"presence":"no_show"}"#;
    assert_eq!(say(&world, &id, &early, missed).await.told(), (409, "state_conflict"));
    let start = "2026-06-01T20:00:00Z".parse::<jiff::Timestamp>().unwrap();
    world.advance(start.duration_since(world.clock_now()).as_secs() + 60);
    let boss = world.session(&boss).await;
    assert_eq!(say(&world, &id, &ada, missed).await.told(), (403, "role_required"));
    for (body, pointer) in [
        ("{}", "/presence"),
        (r#"{"presence":"asleep"}"#, "/presence"),
        (r#"{"presence":"late","fine":1}"#, "/fine"),
    ] {
        let refused = say(&world, &id, &boss, body).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
        assert_eq!(refused.pointers(), [pointer]);
    }
    assert_eq!(say(&world, "rsv_nowhere", &boss, missed).await.told(), (404, "not_found"));
    let answer = say(&world, &id, &boss, missed).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["reservation"]["attendance"], "no_show");
    let target = format!("/api/reservations/{id}/history");
    let history = send(&world, ROUTES, "reservations.history", get(&target, &ada)).await;
    let last = history.body["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["attendance"], &last["to"]), (&"no_show".into(), &"confirmed".into()));
}

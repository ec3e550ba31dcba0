//! Approving and declining over the interface.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, by, get, post, refused, request, send};
use interlock_app::model::Resource;
use interlock_policy::{ApprovalRule, Role};
use interlock_testkit::World;
use reservations::ROUTES;

const NO: &str = r#"{"reason":"the laser is being serviced"}"#;

struct Cast {
    world: World,
    ada: String,
    boss: String,
    id: String,
}

impl Cast {
    /// A member whose reservation waits for a yes.
    async fn new() -> Self {
        let world = World::new().await;
        let laser = world.store.of_kind("resource").remove(0).decode::<Resource>().unwrap();
        let mut laser = laser.value;
        laser.policy.rules.needs_approval = Some(ApprovalRule::default()).into();
        world.put(&laser).await;
        let ada = world.eligible("ada").await;
        let ada = world.session(&ada).await;
        let boss = world.person_with("boss", &[Role::Manager]).await;
        let boss = world.session(&boss).await;
        let cast = Self { world, ada, boss, id: String::new() };
        let answer = cast.ask().await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        let id = answer.body["reservation"]["id"].as_str().unwrap().to_owned();
        Self { id, ..cast }
    }

    async fn ask(&self) -> Answer {
        let body = r#"{"start":"2026-06-01T20:00:00Z"}"#;
        let raw = post("/api/machines/mch_laser/reservations", &self.ada, body);
        let raw = raw.header("idempotency-key", "k");
        send(&self.world, ROUTES, "reservations.create", raw).await
    }

    fn path(&self, word: &str) -> String {
        format!("/api/reservations/{}/{word}", self.id)
    }

    async fn decide(&self, cookie: &str, word: &str, body: &str) -> Answer {
        let raw = post(&self.path(word), cookie, body);
        send(&self.world, ROUTES, &format!("reservations.{word}"), raw).await
    }
}

#[tokio::test]
async fn asking_answers_202_with_what_it_waits_for_and_where_to_look() {
    let cast = Cast::new().await;
    let answer = cast.ask().await;
    assert_eq!((answer.status, answer.header("idempotency-replayed")), (202, "true"));
    let reservation = &answer.body["reservation"];
    assert_eq!(reservation["status"], "awaiting");
    assert_eq!(reservation["awaiting"]["for"], "approval");
    assert_eq!(reservation["awaiting"]["holdUntil"], "2026-06-01T20:00:00Z");
    assert_eq!(answer.header("location"), format!("/api/reservations/{}", cast.id));
}

#[tokio::test]
async fn a_yes_is_200_and_the_members_key_is_201_from_then_on() {
    let cast = Cast::new().await;
    let answer = cast.decide(&cast.boss, "approve", "{}").await;
    assert_eq!((answer.status, &answer.body["reservation"]["status"]), (200, &"confirmed".into()));
    assert_eq!(cast.ask().await.status, 201);
    let again = cast.decide(&cast.boss, "approve", "{}").await;
    assert_eq!(again.told(), (409, "state_conflict"));
    assert_eq!(cast.decide(&cast.boss, "decline", NO).await.told(), (409, "state_conflict"));
}

#[tokio::test]
async fn a_yes_needs_no_body_and_its_key_repeats_it() {
    let cast = Cast::new().await;
    let path = cast.path("approve");
    let raw = || by(request("POST", &path), &cast.boss).header("idempotency-key", "y");
    let answer = send(&cast.world, ROUTES, "reservations.approve", raw()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let again = send(&cast.world, ROUTES, "reservations.approve", raw()).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (200, "true"));
}

#[tokio::test]
async fn a_no_is_200_with_its_reason_and_the_members_key_is_409() {
    let cast = Cast::new().await;
    let answer = cast.decide(&cast.boss, "decline", NO).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let reservation = &answer.body["reservation"];
    assert_eq!(
        (&reservation["status"], &reservation["cause"]),
        (&"cancelled".into(), &"declined".into())
    );
    assert_eq!(reservation["causeReason"], "the laser is being serviced");
    assert_eq!(cast.ask().await.told(), (409, "state_conflict"));
    let target = cast.path("history");
    let history = send(&cast.world, ROUTES, "reservations.history", get(&target, &cast.ada)).await;
    let last = history.body["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["to"], &last["cause"]), (&"cancelled".into(), &"declined".into()));
    assert_eq!(last["actor"]["userId"], "usr_boss");
}

#[tokio::test]
async fn members_decide_nothing_and_hosts_only_what_is_theirs() {
    let cast = Cast::new().await;
    let host = cast.world.person_with("host", &[Role::Host]).await;
    let host = cast.world.session(&host).await;
    for (word, body) in [("approve", "{}"), ("decline", NO)] {
        assert_eq!(cast.decide(&cast.ada, word, body).await.told(), (403, "role_required"));
        assert_eq!(cast.decide(&host, word, body).await.told(), (404, "not_found"));
    }
}

#[tokio::test]
async fn nobody_decides_on_his_own() {
    let cast = Cast::new().await;
    let own = cast.world.person_with("ada", &[Role::Manager]).await;
    let own = cast.world.session(&own).await;
    for (word, body) in [("approve", "{}"), ("decline", NO)] {
        assert_eq!(cast.decide(&own, word, body).await.told(), (403, "self_approval"), "{word}");
    }
}

#[tokio::test]
async fn bad_input_is_told_with_its_place_and_changes_nothing() {
    let cast = Cast::new().await;
    let long = format!(r#"{{"reason":"{}"}}"#, "é".repeat(501));
    for (word, body, pointer) in [
        ("approve", r#"{"reason":"x"}"#, "/reason"),
        ("approve", "nonsense", "-"),
        ("decline", "{}", "/reason"),
        ("decline", r#"{"reason":" "}"#, "/reason"),
        ("decline", r#"{"reason":1}"#, "/reason"),
        ("decline", long.as_str(), "/reason"),
        ("decline", r#"{"reason":"x","refund":true}"#, "/refund"),
    ] {
        let name = format!("reservations.{word}");
        let raw = post(&cast.path(word), &cast.boss, body);
        refused(&cast.world, (ROUTES, &name), raw, (400, "invalid_body", pointer)).await;
    }
    for word in ["approve", "decline"] {
        let name = format!("reservations.{word}");
        let route = (ROUTES, name.as_str());
        let bare = request("POST", &cast.path(word)).json(NO);
        refused(&cast.world, route, bare.clone(), (401, "unauthenticated", "-")).await;
        let unmarked = bare.header("cookie", &cast.boss);
        refused(&cast.world, route, unmarked, (403, "csrf_header_required", "-")).await;
        for odd in ["rsv_none", "usr_ada"] {
            let body = if word == "approve" { "{}" } else { NO };
            let raw = post(&format!("/api/reservations/{odd}/{word}"), &cast.boss, body);
            refused(&cast.world, route, raw, (404, "not_found", "-")).await;
        }
    }
}

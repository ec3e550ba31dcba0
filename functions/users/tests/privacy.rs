//! A person's own data over the interface: given out, and erased.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, post, refused, send};
use interlock_app::{Snapshot, reserve, settle_due};
use interlock_policy::{Role, UserId};
use interlock_testkit::World;
use serde_json::json;
use users::ROUTES;

struct Cast {
    world: World,
    ada: UserId,
    cookie: String,
    root: String,
}

impl Cast {
    /// Ada holds an hour on the laser.
    async fn new() -> Self {
        let world = World::new().await;
        let ada = world.eligible("ada").await;
        let root = world.person_with("root", &[Role::Admin]).await;
        let (cookie, root) = (world.session(&ada).await, world.session(&root).await);
        let wish = world.wish(&ada, world.after(300), "k");
        reserve(&world.app, Snapshot::default(), &ada, &wish).await.unwrap();
        world.scheduler.reset_counts();
        Self { world, ada, cookie, root }
    }

    async fn export(&self, cookie: &str, user: &str) -> Answer {
        let path = format!("/api/users/{user}/export");
        send(&self.world, ROUTES, "users.export", post(&path, cookie, "{}")).await
    }

    async fn erase(&self, cookie: &str, user: &str) -> Answer {
        let (path, body) = (format!("/api/users/{user}/erase"), json!({ "confirm": user }));
        let raw = post(&path, cookie, &body.to_string());
        send(&self.world, ROUTES, "users.erase", raw).await
    }
}

#[tokio::test]
async fn a_person_or_an_admin_is_given_everything_but_secrets() {
    let cast = Cast::new().await;
    for cookie in [&cast.cookie, &cast.root] {
        let answer = cast.export(cookie, cast.ada.as_str()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let kinds: Vec<&str> = answer.body["records"]
            .as_array()
            .unwrap()
            .iter()
            .map(|record| record["kind"].as_str().unwrap())
            .collect();
        for kind in ["account", "standing", "open_reservations", "session"] {
            assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
        }
        assert_eq!(answer.body["reservations"][0]["reservation"]["status"], "confirmed");
        assert!(answer.body["reservations"][0]["history"].as_array().unwrap().len() >= 2);
        assert_eq!(answer.body["elsewhere"][0]["place"], "Cal.com");
        assert!(!answer.text.contains("\"hash\""), "a session's hash is a secret");
    }
}

#[tokio::test]
async fn an_erased_person_is_gone_with_what_was_held_and_every_session() {
    let cast = Cast::new().await;
    let answer = cast.erase(&cast.root, cast.ada.as_str()).await;
    assert_eq!((answer.status, &answer.body["erasure"]["state"]), (202, &json!("working")));
    assert_eq!(answer.body["erasure"]["report"]["cancelled"], 1);
    assert_eq!(cast.export(&cast.cookie, "usr_ada").await.told(), (401, "unauthenticated"));
    cast.world.advance(121);
    settle_due(&cast.world.app, &cast.world.job()).await.unwrap();
    let answer = cast.erase(&cast.root, cast.ada.as_str()).await;
    assert_eq!((answer.status, &answer.body["erasure"]["state"]), (200, &json!("done")));
    assert_eq!(answer.body["erasure"]["report"]["leftAtCalcom"], 1);
    let left = serde_json::to_string(&bodies(&cast.world)).unwrap();
    assert!(!left.contains("ada@test.example"), "{left}");
}

fn bodies(world: &World) -> Vec<serde_json::Value> {
    world.store.dump().into_iter().map(|record| (*record.body).clone()).collect()
}

#[tokio::test]
async fn a_person_erases_himself_and_an_admin_is_erased_by_another() {
    let cast = Cast::new().await;
    assert_eq!(cast.erase(&cast.cookie, "usr_ada").await.status, 202);
    assert_eq!(cast.erase(&cast.root, "usr_root").await.told(), (409, "state_conflict"));
    let other = cast.world.person_with("boss", &[Role::Admin]).await;
    let other = cast.world.session(&other).await;
    assert_eq!(cast.erase(&other, "usr_root").await.status, 202);
}

#[tokio::test]
async fn what_is_foreign_answers_like_what_is_not_there() {
    let cast = Cast::new().await;
    let boss = cast.world.person_with("boss", &[Role::Manager]).await;
    let boss = cast.world.session(&boss).await;
    for cookie in [&cast.cookie, &boss] {
        for user in ["usr_root", "usr_nobody"] {
            assert_eq!(cast.export(cookie, user).await.told(), (404, "not_found"), "{user}");
            assert_eq!(cast.erase(cookie, user).await.told(), (404, "not_found"), "{user}");
        }
    }
    assert_eq!(cast.export(&cast.root, "usr_nobody").await.told(), (404, "not_found"));
    assert_eq!(cast.erase(&cast.root, "usr_nobody").await.told(), (404, "not_found"));
}

#[tokio::test]
async fn erasing_wants_the_id_once_more() {
    let cast = Cast::new().await;
    let path = "/api/users/usr_ada/erase";
    for (body, pointer) in [
        ("{}", "/confirm"),
        (r#"{"confirm":"usr_root"}"#, "/confirm"),
        (r#"{"confirm":"usr_ada","why":"x"}"#, "/why"),
    ] {
        let raw = post(path, &cast.cookie, body);
        let wanted = (400, "invalid_body", pointer);
        refused(&cast.world, (ROUTES, "users.erase"), raw, wanted).await;
    }
}

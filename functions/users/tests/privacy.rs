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
use interlock_app::model::Reservation;
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

#[tokio::test]
async fn whose_data_must_be_kept_is_erased_by_nobody_until_the_hold_is_lifted() {
    let cast = Cast::new().await;
    let hold = |held: bool, cookie: &str| {
        cast.world.advance(1);
        let body = json!({ "legalHold": held }).to_string();
        let raw = browser::by(browser::request("PATCH", "/api/users/usr_ada").json(body), cookie);
        send(&cast.world, ROUTES, "users.update", raw)
    };
    let shown = async || {
        let raw = browser::by(browser::request("GET", "/api/users/usr_ada"), &cast.root);
        send(&cast.world, ROUTES, "users.get", raw).await.body["user"]["legalHold"].clone()
    };
    assert_eq!(hold(true, &cast.cookie).await.told(), (403, "role_required"));
    assert!(shown().await.is_null());
    for _ in 0..2 {
        assert_eq!(hold(true, &cast.root).await.status, 200);
    }
    assert_eq!(shown().await, true, "staff sees the hold");
    for cookie in [&cast.cookie, &cast.root] {
        assert_eq!(cast.erase(cookie, "usr_ada").await.told(), (409, "state_conflict"));
    }
    let kept = cast.export(&cast.root, "usr_ada").await;
    assert!(kept.text.contains(r#""kind":"legal_hold""#), "told to the person too");
    assert_eq!(hold(false, &cast.root).await.status, 200);
    assert_eq!(cast.erase(&cast.root, "usr_ada").await.status, 202);
    assert_eq!(hold(true, &cast.root).await.told(), (409, "state_conflict"), "too late");
    let entries = cast.world.store.of_kind("audit_entry");
    let words = entries.iter().map(|entry| entry.body["action"].as_str().unwrap().to_owned());
    let words: Vec<_> =
        words.filter(|word| word == "user.hold" || word == "user.release").collect();
    assert_eq!(words.len(), 2, "each once: {words:?}");
}

#[tokio::test]
async fn what_is_too_much_for_one_answer_comes_in_parts_and_each_thing_once() {
    let cast = Cast::new().await;
    let held = cast.world.store.of_kind("reservation");
    let first = held[0].decode::<Reservation>().unwrap().value;
    for number in 0..230 {
        let id = format!("rsv_many{number:04}").parse().unwrap();
        cast.world.put(&Reservation { id, ..first.clone() }).await;
    }
    let (mut cursor, mut ids, mut parts) = (String::new(), Vec::new(), 0);
    loop {
        let path = format!("/api/users/usr_ada/export{cursor}");
        let answer =
            send(&cast.world, ROUTES, "users.export", post(&path, &cast.cookie, "{}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.text.len() < 6_000_000);
        assert_eq!(answer.body["records"].as_array().unwrap().is_empty(), parts > 0);
        let told = answer.body["reservations"].as_array().unwrap();
        ids.extend(told.iter().map(|one| one["reservation"]["id"].to_string()));
        parts += 1;
        let Some(next) = answer.body["nextCursor"].as_str() else { break };
        cursor = format!("?cursor={next}");
    }
    let different: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!((parts, ids.len(), different.len()), (2, 231, 231));
    let noted = cast.world.store.of_kind("audit_entry");
    let noted = noted.iter().filter(|entry| entry.body["action"] == "user.export");
    assert_eq!(noted.count(), 1, "one export, in however many parts");
}

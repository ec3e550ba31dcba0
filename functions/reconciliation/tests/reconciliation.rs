//! Runs and findings; through the guard.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use std::collections::BTreeMap;

use browser::{get, post, send};
use interlock_app::ports::scheduler::Attendee;
use interlock_app::{Pass, reconcile};
use interlock_policy::Role;
use interlock_testkit::World;
use interlock_testkit::scheduler::HumanBooking;
use interlock_testkit::world::HOUR;
use reconciliation::ROUTES;
use serde_json::json;

const RUNS: &str = "/api/reconciliation/runs";
const FINDINGS: &str = "/api/reconciliation/findings";

async fn admin(world: &World) -> String {
    let root = world.person_with("root", &[Role::Admin]).await;
    world.session(&root).await
}

fn by_hand(world: &World, minutes: i64) -> HumanBooking {
    HumanBooking {
        event_type_id: HOUR,
        start: world.after(minutes),
        attendee: Attendee {
            name: "Eve".to_owned(),
            email: "eve@elsewhere.example".to_owned(),
            time_zone: "Europe/Berlin".parse().unwrap(),
        },
        metadata: BTreeMap::new(),
    }
}

/// Two bookings by hand at the same time: the second is a conflict.
async fn conflict(world: &World) {
    world.scheduler.let_overlap(true);
    for minutes in [300, 330] {
        world.scheduler.ui_create(&world.account(), by_hand(world, minutes)).unwrap();
    }
    reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
}

#[tokio::test]
async fn an_admin_begins_a_run_and_reads_what_it_did() {
    let world = World::new().await;
    let root = admin(&world).await;
    world.scheduler.ui_create(&world.account(), by_hand(&world, 300)).unwrap();
    let answer = send(&world, ROUTES, "reconciliation.run", post(RUNS, &root, "{}")).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    let run = &answer.body["run"];
    assert_eq!((&run["pass"], &run["state"]), (&json!("incremental"), &json!("finished")));
    assert_eq!((&run["checked"], &run["found"]), (&json!(1), &json!({"external": 1})));
    let full = post(RUNS, &root, r#"{"pass":"full"}"#);
    let full = send(&world, ROUTES, "reconciliation.run", full).await;
    assert_eq!(full.body["run"]["state"], "running");
    let listed = send(&world, ROUTES, "reconciliation.runs-list", get(RUNS, &root)).await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 2);
    for body in [r#"{"pass":"all"}"#, r#"{"until":1}"#] {
        let refused = send(&world, ROUTES, "reconciliation.run", post(RUNS, &root, body)).await;
        assert_eq!((refused.status, &refused.body["code"]), (400, &json!("invalid_body")));
    }
}

#[tokio::test]
async fn a_finding_is_listed_and_closed_once_with_a_note() {
    let world = World::new().await;
    let root = admin(&world).await;
    conflict(&world).await;
    let list = async |query: &str| {
        let raw = get(&format!("{FINDINGS}{query}"), &root);
        let answer = send(&world, ROUTES, "findings.list", raw).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["items"].as_array().unwrap().clone()
    };
    let open = list("").await;
    assert_eq!((open.len(), &open[0]["class"]), (1, &json!("conflict")));
    assert_eq!(open[0]["theirs"]["status"], "accepted");
    assert!(list("?class=missing").await.is_empty());
    assert_eq!(list("?state=repaired&class=external").await.len(), 1);
    let id = open[0]["id"].as_str().unwrap();
    let path = format!("{FINDINGS}/{id}/resolve");
    let close =
        async |body: &str| send(&world, ROUTES, "finding.resolve", post(&path, &root, body)).await;
    assert_eq!(close(r#"{"note":" "}"#).await.status, 400);
    let closed = close(r#"{"note":"talked to both"}"#).await;
    assert_eq!(closed.status, 200, "{}", closed.text);
    assert_eq!(closed.body["finding"]["resolution"]["note"], "talked to both");
    assert_eq!(close(r#"{"note":"again"}"#).await.status, 409);
    assert!(list("").await.is_empty());
    let none = post(&format!("{FINDINGS}/fnd_none/resolve"), &root, r#"{"note":"x"}"#);
    assert_eq!(send(&world, ROUTES, "finding.resolve", none).await.status, 404);
}

#[tokio::test]
async fn words_that_do_not_exist_are_refused() {
    let world = World::new().await;
    let root = admin(&world).await;
    for query in ["state=closed", "class=odd", "pass=full"] {
        let raw = get(&format!("{FINDINGS}?{query}"), &root);
        assert_eq!(send(&world, ROUTES, "findings.list", raw).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn nobody_but_admins_may_call() {
    let world = World::new().await;
    let boss = world.person_with("boss", &[Role::Manager]).await;
    let boss = world.session(&boss).await;
    let resolve = format!("{FINDINGS}/fnd_x/resolve");
    for (name, raw) in [
        ("reconciliation.runs-list", get(RUNS, &boss)),
        ("reconciliation.run", post(RUNS, &boss, "{}")),
        ("findings.list", get(FINDINGS, &boss)),
        ("finding.resolve", post(&resolve, &boss, r#"{"note":"x"}"#)),
    ] {
        let answer = send(&world, ROUTES, name, raw).await;
        assert_eq!((answer.status, &answer.body["code"]), (403, &json!("role_required")));
    }
}

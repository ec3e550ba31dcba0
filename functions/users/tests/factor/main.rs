//! Taking somebody's second factor away, what an admin must show for what is dangerous, and who
//! may come with a token of an issuer outside.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod bearer;
#[path = "../../../../shared/testkit/browser/mod.rs"]
mod browser;

use std::sync::Arc;

use browser::{Answer, by, post, refused, request, send};
use interlock_app::model::SecondFactor;
use interlock_app::{FactorPolicy, Settings};
use interlock_http::RawRequest;
use interlock_policy::Role;
use interlock_testkit::World;
use serde_json::json;
use users::ROUTES;

const NAME: &str = "users.factor-reset";

/// An admin whose session has just shown a factor, and a manager who has one.
async fn cast() -> (World, String) {
    let world = World::new().await;
    let root = world.person_with("root", &[Role::Admin]).await;
    let mia = world.person_with("mia", &[Role::Manager]).await;
    let factor = json!({
        "userId": mia, "recovery": ["ab"],
        "factor": {
            "kind": "totp", "id": "fct_1", "confirmedAt": world.clock_now(), "lastStep": 1
        }
    });
    world.put(&serde_json::from_value::<SecondFactor>(factor).unwrap()).await;
    let cookie = world.proven_session(&root).await;
    (world, cookie)
}

fn reset(user: &str, cookie: &str) -> RawRequest {
    by(request("DELETE", &format!("/api/users/{user}/factor")), cookie)
}

async fn ask(world: &World, user: &str, cookie: &str) -> Answer {
    send(world, ROUTES, NAME, reset(user, cookie)).await
}

#[tokio::test]
async fn an_admin_takes_a_lost_factor_away_and_every_session_with_it() {
    let (world, root) = cast().await;
    let mia = "usr_mia".parse().unwrap();
    world.session(&mia).await;
    let shown = async || {
        let raw = by(request("GET", "/api/users/usr_mia"), &root);
        send(&world, ROUTES, "users.get", raw).await.body["user"]["factorEnrolled"].clone()
    };
    assert_eq!(shown().await, true, "staff sees that there is one");
    let answer = ask(&world, "usr_mia", &root).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert!(world.store.of_kind("second_factor").is_empty());
    assert_eq!(world.account_of(&mia).unwrap().session_epoch, 1);
    assert_eq!(world.store.of_kind("letter")[0].body["kind"], "factor_changed");
    let audit = world.store.of_kind("audit_entry");
    assert_eq!(audit[0].body["action"], "factor.reset");
    assert_eq!(audit[0].body["object"], "usr_mia");
    assert_eq!(shown().await, false);
    assert_eq!(ask(&world, "usr_mia", &root).await.told(), (409, "state_conflict"));
}

#[tokio::test]
async fn nobody_resets_his_own_and_what_is_not_there_is_told() {
    let (world, root) = cast().await;
    for (user, wanted) in [
        ("usr_root", (409, "state_conflict", "-")),
        ("usr_nobody", (404, "not_found", "-")),
        ("nonsense", (404, "not_found", "-")),
    ] {
        refused(&world, (ROUTES, NAME), reset(user, &root), wanted).await;
    }
    let manager = world.session(&"usr_mia".parse().unwrap()).await;
    let raw = reset("usr_root", &manager);
    refused(&world, (ROUTES, NAME), raw, (403, "role_required", "-")).await;
}

/// What an admin must show a fresh code for, each as a request that would go through.
fn dangerous(cookie: &str) -> Vec<(&'static str, RawRequest)> {
    let person = json!({
        "email": "eve@test.example", "name": "Eve", "roles": ["admin"], "timeZone": "Europe/Berlin"
    });
    let patch = by(request("PATCH", "/api/users/usr_ada"), cookie);
    vec![
        ("users.update", patch.json(r#"{"roles":["manager"]}"#)),
        ("users.create", post("/api/users", cookie, &person.to_string())),
        ("users.export", post("/api/users/usr_ada/export", cookie, "{}")),
        (NAME, reset("usr_mia", cookie)),
        ("users.erase", post("/api/users/usr_ada/erase", cookie, r#"{"confirm":"usr_ada"}"#)),
    ]
}

#[tokio::test]
async fn a_code_of_more_than_ten_minutes_ago_opens_nothing_that_is_dangerous() {
    let (world, root) = cast().await;
    world.person("ada").await;
    world.advance(600);
    for (name, raw) in dangerous(&root) {
        refused(&world, (ROUTES, name), raw, (403, "step_up_required", "-")).await;
    }
    let fresh = world.proven_session(&"usr_root".parse().unwrap()).await;
    world.advance(599);
    for (name, raw) in dangerous(&fresh) {
        let answer = send(&world, ROUTES, name, raw).await;
        assert!(answer.status < 300, "{name}: {}", answer.text);
    }
}

#[tokio::test]
async fn where_staff_must_have_one_an_admin_without_reaches_nothing() {
    let (mut world, _) = cast().await;
    world.person("ada").await;
    let settings = world.app.settings.as_ref().clone();
    let settings = Settings { second_factor: FactorPolicy::Staff, ..settings };
    world.app.settings = Arc::new(settings);
    let bare = world.session(&"usr_root".parse().unwrap()).await;
    let mut all = dangerous(&bare);
    all.push(("users.list", by(request("GET", "/api/users"), &bare)));
    for (name, raw) in all {
        refused(&world, (ROUTES, name), raw, (403, "factor_required", "-")).await;
    }
    let ada = world.session(&"usr_ada".parse().unwrap()).await;
    let own = post("/api/users/usr_ada/export", &ada, "{}");
    assert_eq!(send(&world, ROUTES, "users.export", own).await.status, 200, "a member needs none");
}

#[tokio::test]
async fn a_second_factor_is_neither_given_out_nor_left_when_its_person_is_erased() {
    let (world, root) = cast().await;
    let raw = post("/api/users/usr_mia/export", &root, "{}");
    let given = send(&world, ROUTES, "users.export", raw).await;
    let records = given.body["records"].as_array().unwrap();
    let told = records.iter().find(|record| record["kind"] == "second_factor").unwrap();
    assert!(told["data"].is_string() && !given.text.contains("fct_1"), "{told}");
    world.advance(1);
    let raw = post("/api/users/usr_mia/erase", &root, r#"{"confirm":"usr_mia"}"#);
    assert!(send(&world, ROUTES, "users.erase", raw).await.status < 300);
    assert!(world.store.of_kind("second_factor").is_empty());
}

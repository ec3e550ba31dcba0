//! The product about itself: open to everybody, but for how Cal.com is.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{get, refused, request, send};
use interlock_app::ports::probe::Seen;
use interlock_policy::Role;
use interlock_testkit::World;
use interlock_testkit::scheduler::{Call, Sight};
use system::ROUTES;

#[tokio::test]
async fn health_names_the_deployment_and_asks_nobody() {
    let world = World::bare(1);
    let answer = send(&world, ROUTES, "health", request("GET", "/api/health")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, serde_json::json!({"status": "ok", "deployment": "test"}));
    assert_eq!(world.store.requests(), 0);
}

#[tokio::test]
async fn a_session_is_not_even_looked_at() {
    let world = World::bare(1);
    let raw = request("GET", "/api/health").header("cookie", "__Host-session=nonsense");
    assert_eq!(send(&world, ROUTES, "health", raw).await.status, 200);
    assert_eq!(world.store.requests(), 0);
}

#[tokio::test]
async fn an_unknown_parameter_is_refused() {
    let world = World::bare(1);
    for (name, path) in [("health", "/api/health?deep=1"), ("openapi", "/api/openapi.json?v=3")] {
        let expected = (400, "invalid_parameter", "-");
        refused(&world, (ROUTES, name), request("GET", path), expected).await;
    }
}

#[tokio::test]
async fn the_description_is_json_of_openapi_three() {
    let world = World::bare(1);
    let answer = send(&world, ROUTES, "openapi", request("GET", "/api/openapi.json")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert!(answer.body["openapi"].as_str().unwrap().starts_with("3."));
    assert!(answer.body["paths"]["/api/auth/login"]["post"].is_object());
}

const CALCOM: &str = "calcom.health";
const OF_CALCOM: &str = "/api/calcom/health";

async fn cookie(world: &World, name: &str, roles: &[Role]) -> String {
    let person = world.person_with(name, roles).await;
    world.session(&person).await
}

#[tokio::test]
async fn an_admin_is_told_how_cal_com_is_with_200_whatever_is_wrong_with_it() {
    let world = World::unlisted().await;
    let admin = cookie(&world, "root", &[Role::Admin]).await;
    let answer = send(&world, ROUTES, CALCOM, get(OF_CALCOM, &admin)).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    assert_eq!(answer.body["status"], "ok");
    assert_eq!(answer.body["checks"][0]["name"], "network");
    let account = &answer.body["accounts"][0];
    assert_eq!(account["resourceIds"], serde_json::json!(["mch_laser"]));
    assert_eq!((&account["mode"], &account["code"]), (&"api_key".into(), &"ok".into()));
    world.scheduler.show(Sight::Health, Ok(Seen::Closed));
    let answer = send(&world, ROUTES, CALCOM, get(OF_CALCOM, &admin)).await;
    assert_eq!((answer.status, &answer.body["status"]), (200, &"down".into()));
    assert_eq!(answer.body["checks"][0]["code"], "unreachable");
    assert!(answer.body["checks"][0]["remedy"].as_str().unwrap().contains("security groups"));
}

#[tokio::test]
async fn nobody_but_an_admin_has_cal_com_looked_at() {
    let world = World::unlisted().await;
    for roles in [&[][..], &[Role::Manager]] {
        let cookie = cookie(&world, &format!("with{}", roles.len()), roles).await;
        let expected = (403, "role_required", "-");
        refused(&world, (ROUTES, CALCOM), get(OF_CALCOM, &cookie), expected).await;
    }
    let expected = (401, "unauthenticated", "-");
    refused(&world, (ROUTES, CALCOM), request("GET", OF_CALCOM), expected).await;
    assert_eq!(world.scheduler.count(Call::Look(Sight::Health)), 0);
}

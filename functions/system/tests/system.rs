//! The product about itself, open to everybody.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{refused, request, send};
use interlock_testkit::World;
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

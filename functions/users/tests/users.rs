//! Suspending, banning and letting back over the interface.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, by, refused, request, send};
use interlock_policy::Role;
use interlock_testkit::World;
use users::ROUTES;

const NAME: &str = "users.update";

struct Cast {
    world: World,
    root: String,
}

impl Cast {
    async fn new() -> Self {
        let world = World::new().await;
        let root = world.person_with("root", &[Role::Admin]).await;
        let root = world.session(&root).await;
        world.person("ada").await;
        Self { world, root }
    }

    async fn set(&self, cookie: &str, user: &str, status: &str) -> Answer {
        let body = serde_json::json!({ "status": status }).to_string();
        let raw = by(request("PATCH", &format!("/api/users/{user}")), cookie).json(body);
        send(&self.world, ROUTES, NAME, raw).await
    }
}

#[tokio::test]
async fn a_ban_is_told_and_audited_and_every_session_is_dead_at_once() {
    let cast = Cast::new().await;
    let boss = cast.world.person_with("boss", &[Role::Admin]).await;
    let cookie = cast.world.session(&boss).await;
    assert_eq!(cast.set(&cookie, "usr_ada", "suspended").await.status, 200);
    let answer = cast.set(&cast.root, "usr_boss", "banned").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let user = &answer.body["user"];
    assert_eq!((&user["id"], &user["status"]), (&"usr_boss".into(), &"banned".into()));
    assert_eq!(cast.set(&cookie, "usr_ada", "active").await.told(), (401, "unauthenticated"));
    let audit = cast.world.store.of_kind("audit_entry");
    let last = audit.iter().find(|record| record.body["object"] == "usr_boss").unwrap();
    assert_eq!(last.body["action"], "user.status");
    assert_eq!(last.body["detail"], serde_json::json!({"before": "active", "after": "banned"}));
}

#[tokio::test]
async fn the_same_status_again_changes_nothing() {
    let cast = Cast::new().await;
    assert_eq!(cast.set(&cast.root, "usr_ada", "suspended").await.status, 200);
    let before = cast.world.store.dump();
    assert_eq!(cast.set(&cast.root, "usr_ada", "suspended").await.status, 200);
    assert_eq!(cast.world.store.dump(), before);
}

#[tokio::test]
async fn nobody_changes_his_own_status() {
    let cast = Cast::new().await;
    for status in ["suspended", "banned", "active"] {
        let answer = cast.set(&cast.root, "usr_root", status).await;
        assert_eq!(answer.told(), (409, "state_conflict"), "{status}");
    }
}

#[tokio::test]
async fn a_manager_is_confined_and_let_out_again() {
    let cast = Cast::new().await;
    cast.world.person_with("boss", &[Role::Manager]).await;
    let set = async |body: &str| {
        let raw = by(request("PATCH", "/api/users/usr_boss"), &cast.root).json(body);
        send(&cast.world, ROUTES, NAME, raw).await
    };
    let confined = set(r#"{"scope":{"machines":["mch_laser"],"categories":["mills"]}}"#).await;
    assert_eq!(confined.status, 200, "{}", confined.text);
    let scope = serde_json::json!({"machines": ["mch_laser"], "categories": ["mills"]});
    assert_eq!(confined.body["user"]["scope"], scope);
    let audit = cast.world.store.of_kind("audit_entry");
    assert_eq!(audit.iter().filter(|one| one.body["action"] == "user.scope").count(), 1);
    let free = set(r#"{"scope":null}"#).await;
    assert_eq!((free.status, free.body["user"].get("scope")), (200, None));
    let own = by(request("PATCH", "/api/users/usr_root"), &cast.root).json(r#"{"scope":{}}"#);
    let own = send(&cast.world, ROUTES, NAME, own).await;
    assert_eq!(own.told(), (409, "state_conflict"));
}

#[tokio::test]
async fn only_an_admin_may_and_bad_input_is_told_with_its_place() {
    let cast = Cast::new().await;
    let boss = cast.world.person_with("boss", &[Role::Manager]).await;
    let boss = cast.world.session(&boss).await;
    assert_eq!(cast.set(&boss, "usr_ada", "banned").await.told(), (403, "role_required"));
    for odd in ["usr_none", "mch_laser", "x"] {
        assert_eq!(cast.set(&cast.root, odd, "banned").await.told(), (404, "not_found"), "{odd}");
    }
    for (body, pointer) in [
        ("{}", "/status"),
        (r#"{"status":"gone"}"#, "/status"),
        (r#"{"status":1}"#, "/status"),
        (r#"{"status":"banned","scope":null}"#, "/scope"),
        (r#"{"status":"banned","roles":["member"]}"#, "/roles"),
        (r#"{"roles":["member"],"name":"Ada"}"#, "/name"),
        (r#"{"name":"Ada","scope":null}"#, "/scope"),
        (r#"{"timeZone":"UTC","groups":[]}"#, "/groups"),
        (r#"{"scope":{"machines":["laser"]}}"#, "/scope/machines/0"),
        (r#"{"scope":{"categories":[" "]}}"#, "/scope/categories/0"),
        (r#"{"scope":{"rooms":[]}}"#, "/scope/rooms"),
        (r#"{"roles":[]}"#, "/roles"),
        (r#"{"roles":["king"]}"#, "/roles/0"),
        (r#"{"name":""}"#, "/name"),
        (r#"{"timeZone":"Mars/Base"}"#, "/timeZone"),
        (r#"{"status":"banned","email":"x@y.z"}"#, "/email"),
        (r#"{"sessionEpoch":0}"#, "/sessionEpoch"),
        ("nonsense", "-"),
    ] {
        let raw = by(request("PATCH", "/api/users/usr_ada"), &cast.root).json(body);
        refused(&cast.world, (ROUTES, NAME), raw, (400, "invalid_body", pointer)).await;
    }
    let bare = request("PATCH", "/api/users/usr_ada").json("{}");
    refused(&cast.world, (ROUTES, NAME), bare, (401, "unauthenticated", "-")).await;
}

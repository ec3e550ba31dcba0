//! A manager's rights over other people's reservations reach as far as his scope.

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
use interlock_app::model::{Account, ManagerScope};
use interlock_policy::{AccountStatus, Role};
use interlock_testkit::World;
use reservations::ROUTES;

struct Cast {
    world: World,
    boss: String,
    id: String,
}

impl Cast {
    /// Somebody else's hour on the laser, and a manager who may look after one category.
    async fn new(category: &str) -> Self {
        let world = World::new().await;
        let ada = world.eligible("ada").await;
        let ada = world.session(&ada).await;
        let raw = post(
            "/api/machines/mch_laser/reservations",
            &ada,
            r#"{"start":"2026-06-01T20:00:00Z"}"#,
        );
        let made =
            send(&world, ROUTES, "reservations.create", raw.header("idempotency-key", "k")).await;
        let id = made.body["reservation"]["id"].as_str().unwrap().to_owned();
        let boss = world.person_with("boss", &[Role::Manager]).await;
        let account = world.account_of(&boss).unwrap();
        let categories = vec![category.to_owned()];
        let scope = Some(ManagerScope { machines: Vec::new(), categories });
        world.put(&Account { scope, ..account }).await;
        let boss = world.session(&boss).await;
        Self { world, boss, id }
    }

    async fn read(&self, name: &str, target: &str) -> Answer {
        send(&self.world, ROUTES, name, get(target, &self.boss)).await
    }

    async fn act(&self, word: &str, body: &str) -> Answer {
        let path = format!("/api/reservations/{}/{word}", self.id);
        let raw = post(&path, &self.boss, body);
        send(&self.world, ROUTES, &format!("reservations.{word}"), raw).await
    }
}

const CANCEL: &str = r#"{"reason":"the laser is needed"}"#;
const MOVE: &str = r#"{"start":"2026-06-02T20:00:00Z"}"#;
const NO: &str = r#"{"reason":"not today"}"#;

#[tokio::test]
async fn beyond_his_scope_a_reservation_is_as_good_as_missing() {
    let cast = Cast::new("saws").await;
    let path = format!("/api/reservations/{}", cast.id);
    let missing = cast.read("reservations.get", "/api/reservations/rsv_nowhere").await;
    assert_eq!(missing.told(), (404, "not_found"));
    assert_eq!(cast.read("reservations.get", &path).await.told(), (404, "not_found"));
    let history = format!("{path}/history");
    assert_eq!(cast.read("reservations.history", &history).await.told(), (404, "not_found"));
    for (word, body) in
        [("cancel", CANCEL), ("reschedule", MOVE), ("approve", "{}"), ("decline", NO)]
    {
        assert_eq!(cast.act(word, body).await.told(), (404, "not_found"), "{word}");
    }
    let list = cast.read("reservations.list", "/api/reservations?machineId=mch_laser").await;
    assert_eq!((list.status, list.pointers()), (400, vec!["machineId"]), "{}", list.text);
}

#[tokio::test]
async fn within_his_scope_he_sees_and_ends_what_is_anothers() {
    let cast = Cast::new("lasers").await;
    let path = format!("/api/reservations/{}", cast.id);
    let shown = cast.read("reservations.get", &path).await;
    assert_eq!(shown.status, 200);
    assert!(shown.body["calendarLinks"].is_null(), "it is not his: {}", shown.text);
    assert_eq!(cast.read("reservations.history", &format!("{path}/history")).await.status, 200);
    let list = cast.read("reservations.list", "/api/reservations?machineId=mch_laser").await;
    assert_eq!(list.body["items"].as_array().unwrap().len(), 1, "{}", list.text);
    let ended = cast.act("cancel", CANCEL).await;
    assert_eq!(ended.body["reservation"]["status"], "cancelled", "{}", ended.text);
}

#[tokio::test]
async fn a_suspended_manager_or_admin_sees_and_ends_nothing_of_others() {
    for role in [Role::Manager, Role::Admin] {
        let cast = Cast::new("lasers").await;
        let boss = cast.world.person_with("former", &[role]).await;
        let session = cast.world.session(&boss).await;
        let account = cast.world.account_of(&boss).unwrap();
        cast.world.put(&Account { status: AccountStatus::Suspended, ..account }).await;
        let cast = Cast { boss: session, ..cast };
        let path = format!("/api/reservations/{}", cast.id);
        assert_eq!(cast.read("reservations.get", &path).await.told(), (404, "not_found"));
        assert_eq!(cast.act("cancel", CANCEL).await.told(), (404, "not_found"), "{role:?}");
    }
}

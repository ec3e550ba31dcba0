//! A manager's rights over other people's reservations reach as far as his scope, and so does
//! what he is told of refusals.

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

impl Cast {
    /// A stranger asks for the laser and is refused.
    async fn refused_once(&self) {
        let eve = self.world.person("eve").await;
        let eve = self.world.session(&eve).await;
        let body = r#"{"start":"2026-06-01T15:00:00Z"}"#;
        let raw = post("/api/machines/mch_laser/reservations", &eve, body);
        let raw = raw.header("idempotency-key", "eve");
        let answer = send(&self.world, ROUTES, "reservations.create", raw).await;
        assert_eq!(answer.told(), (403, "not_eligible"));
    }

    async fn refusals(&self, query: &str) -> Answer {
        self.read("refusals.list", &format!("/api/refusals?{query}")).await
    }
}

const JUNE: &str = "from=2026-06-01&to=2026-06-30";

#[tokio::test]
async fn refusals_are_told_by_reason_and_day_to_whoever_answers_for_the_machine() {
    let cast = Cast::new("lasers").await;
    cast.refused_once().await;
    let told = cast.refusals(JUNE).await;
    let reasons = serde_json::json!([
        { "code": "training_incomplete", "count": 1 },
        { "code": "checkout_missing", "count": 1 },
    ]);
    let wanted = serde_json::json!({
        "from": "2026-06-01", "to": "2026-06-30", "refused": 1, "reasons": reasons,
        "days": [{ "day": "2026-06-01", "refused": 1, "reasons": reasons }],
    });
    assert_eq!((told.status, &told.body), (200, &wanted));
    let one = cast.refusals(&format!("{JUNE}&machineId=mch_laser")).await;
    assert_eq!((&one.body["refused"], &one.body["machineId"]), (&1.into(), &"mch_laser".into()));
    let before = cast.refusals("from=2026-05-01&to=2026-05-31").await;
    assert_eq!(
        (&before.body["refused"], &before.body["days"]),
        (&0.into(), &Vec::<u8>::new().into())
    );
}

#[tokio::test]
async fn refusals_beyond_his_scope_are_neither_told_nor_counted_in() {
    let cast = Cast::new("saws").await;
    cast.refused_once().await;
    let told = cast.refusals(JUNE).await;
    assert_eq!((told.status, &told.body["refused"]), (200, &0.into()), "{}", told.text);
    let one = cast.refusals(&format!("{JUNE}&machineId=mch_laser")).await;
    assert_eq!(one.told(), (403, "role_required"));
    let nowhere = cast.refusals(&format!("{JUNE}&machineId=mch_nowhere")).await;
    assert_eq!(nowhere.told(), (404, "not_found"));
}

#[tokio::test]
async fn days_that_cannot_be_counted_are_refused_by_name() {
    let cast = Cast::new("lasers").await;
    for (query, pointer, code) in [
        ("from=2026-06-01", "to", "missing"),
        ("from=june&to=2026-06-01", "from", "malformed"),
        ("from=2026-06-02&to=2026-06-01", "to", "out_of_order"),
        ("from=2026-01-01&to=2026-04-03", "to", "range_too_long"),
        ("from=2026-06-01&to=2026-06-02&machineId=laser", "machineId", "malformed"),
        ("from=2026-06-01&to=2026-06-02&limit=5", "", "unknown"),
    ] {
        let answer = cast.refusals(query).await;
        let fault = &answer.body["errors"][0];
        assert_eq!(answer.status, 400, "{query}: {}", answer.text);
        assert_eq!(
            (fault["pointer"].as_str(), fault["code"].as_str()),
            (Some(pointer), Some(code)),
            "{query}"
        );
    }
    assert_eq!(cast.refusals("from=2026-01-01&to=2026-04-02").await.status, 200);
}

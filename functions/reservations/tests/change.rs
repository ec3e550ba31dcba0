//! Listing, reading, moving and cancelling over the interface.

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
use interlock_app::model::{Guide, Resource};
use interlock_policy::{Role, UserId};
use interlock_testkit::World;
use reservations::ROUTES;

struct Cast {
    world: World,
    cookie: String,
}

impl Cast {
    async fn new() -> Self {
        let world = World::new().await;
        let ada = world.eligible("ada").await;
        let cookie = world.session(&ada).await;
        Self { world, cookie }
    }

    async fn other(&self, name: &str, roles: &[Role]) -> String {
        let user: UserId = self.world.person_with(name, roles).await;
        self.world.session(&user).await
    }

    /// Reserves an hour so many minutes from now; answers its id.
    async fn reserve(&self, minutes: i64) -> String {
        let body = serde_json::json!({ "start": self.world.after(minutes) }).to_string();
        let raw = post("/api/machines/mch_laser/reservations", &self.cookie, &body)
            .header("idempotency-key", &format!("k{minutes}"));
        let answer = send(&self.world, ROUTES, "reservations.create", raw).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["reservation"]["id"].as_str().unwrap().to_owned()
    }

    async fn act(&self, id: &str, word: &str, body: &str) -> Answer {
        let raw = post(&format!("/api/reservations/{id}/{word}"), &self.cookie, body);
        send(&self.world, ROUTES, &format!("reservations.{word}"), raw).await
    }

    async fn get(&self, cookie: &str, name: &str, target: &str) -> Answer {
        send(&self.world, ROUTES, name, get(target, cookie)).await
    }

    async fn show(&self, cookie: &str, id: &str) -> Answer {
        self.get(cookie, "reservations.get", &format!("/api/reservations/{id}")).await
    }
}

const CANCEL: &str = r#"{"reason":"plans changed"}"#;

#[tokio::test]
async fn one_sees_ones_own_and_staff_sees_all() {
    let cast = Cast::new().await;
    let id = cast.reserve(120).await;
    let answer = cast.show(&cast.cookie, &id).await;
    assert_eq!((answer.status, &answer.body["reservation"]["status"]), (200, &"confirmed".into()));
    let (bob, boss) =
        (cast.other("bob", &[Role::Member]).await, cast.other("boss", &[Role::Manager]).await);
    assert_eq!(cast.show(&bob, &id).await.told(), (404, "not_found"));
    assert_eq!(cast.show(&boss, &id).await.status, 200);
    for odd in ["rsv_none", "usr_ada", "x"] {
        assert_eq!(cast.show(&cast.cookie, odd).await.told(), (404, "not_found"), "{odd}");
    }
    let twin = format!("/api/cal/bookings/{id}");
    assert_eq!(cast.get(&cast.cookie, "reservations.get", &twin).await.status, 200);
}

#[tokio::test]
async fn links_into_a_calendar_hold_what_the_machine_tells() {
    let cast = Cast::new().await;
    let id = cast.reserve(120).await;
    let laser = cast.world.store.of_kind("resource").remove(0).decode::<Resource>().unwrap().value;
    let guide = Guide { bring: "Glasses".to_owned(), place: "Hall 2".to_owned(), ..laser.guide };
    cast.world.put(&Resource { guide, ..laser }).await;
    let shown = cast.show(&cast.cookie, &id).await;
    for form in ["google", "outlook"] {
        let link = shown.body["calendarLinks"][form].as_str().unwrap();
        assert!(link.contains("location=Hall%202") && link.contains("Glasses"), "{link}");
    }
}

#[tokio::test]
async fn the_holder_is_told_until_when_he_may_move_it_and_give_it_back() {
    let cast = Cast::new().await;
    let laser = cast.world.store.of_kind("resource").remove(0).decode::<Resource>().unwrap().value;
    let mut changed = laser.clone();
    changed.policy.rules.notice = interlock_policy::Notice::of(0, 60, 30);
    changed.policy.rules.late_cancel_minutes = 90;
    cast.world.put(&changed).await;
    let id = cast.reserve(240).await;
    let told = cast.show(&cast.cookie, &id).await.body["terms"].clone();
    let before = |minutes: i64| cast.world.after(240 - minutes).to_string();
    let wanted = serde_json::json!({
        "changeUntil": before(60), "cancelUntil": before(30), "lateFrom": before(90),
    });
    assert_eq!(told, wanted);
    let boss = cast.other("boss", &[Role::Manager]).await;
    assert!(cast.show(&boss, &id).await.body["terms"].is_null(), "staff asks no rules");
    cast.act(&id, "cancel", CANCEL).await;
    assert!(cast.show(&cast.cookie, &id).await.body["terms"].is_null());
}

#[tokio::test]
async fn the_list_is_sorted_paged_and_bounded() {
    let cast = Cast::new().await;
    for minutes in [600, 120, 360] {
        cast.reserve(minutes).await;
    }
    let list = async |query: &str| {
        cast.get(&cast.cookie, "reservations.list", &format!("/api/reservations{query}")).await
    };
    let starts = |answer: &Answer| {
        let items = answer.body["items"].as_array().unwrap().iter();
        items
            .map(|item| item["start"].as_str().unwrap().get(11..16).unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(starts(&list("").await), ["12:00", "16:00", "20:00"]);
    assert_eq!(starts(&list("?sort=-start").await), ["20:00", "16:00", "12:00"]);
    let range = "?from=2026-06-01T16:00:00Z&to=2026-06-01T20:00:00Z";
    assert_eq!(starts(&list(range).await), ["16:00"]);
    let first = list("?limit=2").await;
    assert_eq!(starts(&first), ["12:00", "16:00"]);
    let cursor = first.body["nextCursor"].as_str().unwrap();
    assert_eq!(starts(&list(&format!("?limit=2&cursor={cursor}")).await), ["20:00"]);
    let other = list(&format!("?limit=2&sort=-start&cursor={cursor}")).await;
    assert_eq!(other.told(), (400, "invalid_cursor"), "a cursor belongs to its list");
}

#[tokio::test]
async fn the_list_refuses_what_it_does_not_know() {
    let cast = Cast::new().await;
    cast.world.scheduler.reset_counts();
    for (query, code, pointer) in [
        ("?limit=0", "invalid_parameter", "limit"),
        ("?limit=101", "invalid_parameter", "limit"),
        ("?limit=x", "invalid_parameter", "limit"),
        ("?cursor=x", "invalid_cursor", "-"),
        ("?from=2026-06-01", "invalid_parameter", "from"),
        ("?from=2026-06-01T12:00:00", "invalid_parameter", "from"),
        ("?sort=end", "invalid_parameter", "sort"),
        ("?machineId=mch_laser", "invalid_parameter", "machineId"),
        ("?from=2026-06-01T12:00:00Z&from=2026-06-02T12:00:00Z", "invalid_parameter", "from"),
        ("?what=ever", "invalid_parameter", "-"),
    ] {
        let raw = get(&format!("/api/reservations{query}"), &cast.cookie);
        refused(&cast.world, (ROUTES, "reservations.list"), raw, (400, code, pointer)).await;
    }
}

#[tokio::test]
async fn staff_lists_everybodys_on_a_machine() {
    let cast = Cast::new().await;
    cast.reserve(120).await;
    let boss = cast.other("boss", &[Role::Manager]).await;
    let target = "/api/reservations?machineId=mch_laser";
    let answer = cast.get(&boss, "reservations.list", target).await;
    assert_eq!(answer.body["items"][0]["userId"], "usr_ada");
}

#[tokio::test]
async fn a_cancel_is_200_and_again_200() {
    let cast = Cast::new().await;
    let id = cast.reserve(300).await;
    let answer = cast.act(&id, "cancel", CANCEL).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["reservation"]["status"], "cancelled");
    assert_eq!(answer.body["reservation"]["cause"], "holder");
    assert_eq!(cast.act(&id, "cancel", CANCEL).await.status, 200);
}

#[tokio::test]
async fn a_cancel_too_late_or_of_what_took_place_is_refused() {
    let cast = Cast::new().await;
    let id = cast.reserve(120).await;
    cast.world.advance(90 * 60);
    let answer = cast.act(&id, "cancel", CANCEL).await;
    assert_eq!(answer.told(), (422, "notice_cancel"));
    cast.world.advance(3 * 3600);
    interlock_app::settle_due(&cast.world.app, &cast.world.job()).await.unwrap();
    let boss = cast.other("boss", &[Role::Manager]).await;
    let raw = post(&format!("/api/reservations/{id}/cancel"), &boss, CANCEL);
    let answer = send(&cast.world, ROUTES, "reservations.cancel", raw).await;
    assert_eq!(answer.told(), (409, "state_conflict"));
}

#[tokio::test]
async fn a_manager_cancels_for_somebody_without_notice() {
    let cast = Cast::new().await;
    let id = cast.reserve(120).await;
    cast.world.advance(90 * 60);
    let boss = cast.other("boss", &[Role::Manager]).await;
    let raw = post(&format!("/api/reservations/{id}/cancel"), &boss, CANCEL);
    let answer = send(&cast.world, ROUTES, "reservations.cancel", raw).await;
    assert_eq!((answer.status, &answer.body["reservation"]["cause"]), (200, &"staff".into()));
}

#[tokio::test]
async fn a_move_is_200_at_the_new_time_and_its_key_repeats_it() {
    let cast = Cast::new().await;
    let id = cast.reserve(300).await;
    let body = serde_json::json!({ "start": cast.world.after(600) }).to_string();
    let raw = || {
        post(&format!("/api/reservations/{id}/reschedule"), &cast.cookie, &body)
            .header("idempotency-key", "m")
    };
    let moved = send(&cast.world, ROUTES, "reservations.reschedule", raw()).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(moved.body["reservation"]["start"], "2026-06-01T20:00:00Z");
    let calls = cast.world.scheduler.calls().len();
    let again = send(&cast.world, ROUTES, "reservations.reschedule", raw()).await;
    assert_eq!((again.status, again.text.as_str()), (200, moved.text.as_str()));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(cast.world.scheduler.calls().len(), calls);
}

#[tokio::test]
async fn a_move_is_refused_by_the_rules_of_both_times() {
    let cast = Cast::new().await;
    let (id, other) = (cast.reserve(300).await, cast.reserve(600).await);
    let to = |minutes: i64| serde_json::json!({ "start": cast.world.after(minutes) }).to_string();
    assert_eq!(cast.act(&id, "reschedule", &to(30)).await.told(), (422, "notice_change"));
    assert_eq!(cast.act(&id, "reschedule", &to(605)).await.told().0, 422);
    assert_eq!(cast.act(&id, "reschedule", &to(600)).await.told(), (409, "reservation_parallel"));
    let same = cast.act(&id, "reschedule", &to(300)).await;
    assert_eq!((same.told(), same.pointers()), ((400, "invalid_body"), vec!["/start"]));
    cast.act(&other, "cancel", CANCEL).await;
    let answer = cast.act(&other, "reschedule", &to(900)).await;
    assert_eq!(answer.told(), (409, "state_conflict"));
}

#[tokio::test]
async fn the_history_tells_every_change_oldest_first() {
    let cast = Cast::new().await;
    let id = cast.reserve(300).await;
    let body = serde_json::json!({ "start": cast.world.after(600) }).to_string();
    cast.act(&id, "reschedule", &body).await;
    cast.act(&id, "cancel", CANCEL).await;
    let target = format!("/api/reservations/{id}/history");
    let answer = cast.get(&cast.cookie, "reservations.history", &target).await;
    let items = answer.body["items"].as_array().unwrap();
    let words: Vec<_> = items.iter().map(|item| item["to"].as_str().unwrap()).collect();
    let expected = ["pending", "confirmed", "moving", "confirmed", "cancelling", "cancelled"];
    assert_eq!(words, expected);
    assert_eq!(items[3]["previous"]["start"], "2026-06-01T15:00:00Z");
    assert_eq!(items[3]["start"], "2026-06-01T20:00:00Z");
    let bob = cast.other("bob", &[Role::Member]).await;
    assert_eq!(cast.get(&bob, "reservations.history", &target).await.told(), (404, "not_found"));
}

#[tokio::test]
async fn only_staff_reads_what_the_gate_was_asked_and_said() {
    let cast = Cast::new().await;
    let id = cast.reserve(300).await;
    let target = |asked: &str| format!("/api/reservations/{id}/history?decisions={asked}");
    let name = "reservations.history";
    let own = cast.get(&cast.cookie, name, &target("true")).await;
    assert_eq!(own.told(), (403, "role_required"));
    let mia = cast.other("mia", &[Role::Manager]).await;
    let answer = cast.get(&mia, name, &target("true")).await;
    let decision = &answer.body["decisions"][0];
    assert_eq!((&decision["version"], &decision["policyVersion"]), (&1.into(), &1.into()));
    assert_eq!(decision["input"]["questions"][0]["purpose"], "create");
    assert!(answer.body["items"].is_array());
    let odd = cast.get(&mia, name, &target("maybe")).await;
    assert_eq!(odd.told(), (400, "invalid_parameter"));
}

#[tokio::test]
async fn bad_input_is_told_with_its_place_and_changes_nothing() {
    let cast = Cast::new().await;
    let id = cast.reserve(300).await;
    cast.world.scheduler.reset_counts();
    let long = format!(r#"{{"reason":"{}"}}"#, "é".repeat(501));
    let moved = format!(r#"{{"start":"2026-06-01T20:00:00Z","reason":"{}"}}"#, "é".repeat(501));
    for (word, body, pointer) in [
        ("cancel", "{}", "/reason"),
        ("cancel", r#"{"reason":""}"#, "/reason"),
        ("cancel", r#"{"reason":"  "}"#, "/reason"),
        ("cancel", r#"{"reason":["x"]}"#, "/reason"),
        ("cancel", long.as_str(), "/reason"),
        ("cancel", r#"{"reason":"x","refund":true}"#, "/refund"),
        ("cancel", "nonsense", "-"),
        ("reschedule", "{}", "/start"),
        ("reschedule", r#"{"start":"2026-06-01T20:00:00"}"#, "/start"),
        ("reschedule", r#"{"start":null}"#, "/start"),
        ("reschedule", moved.as_str(), "/reason"),
        ("reschedule", r#"{"start":"2026-06-01T20:00:00Z","end":1}"#, "/end"),
    ] {
        let raw = post(&format!("/api/reservations/{id}/{word}"), &cast.cookie, body);
        let name = format!("reservations.{word}");
        let expected = (400, "invalid_body", pointer);
        refused(&cast.world, (ROUTES, &name), raw, expected).await;
    }
    let bob = cast.other("bob", &[Role::Member]).await;
    for (word, body) in [("cancel", CANCEL), ("reschedule", r#"{"start":"2026-06-01T20:00:00Z"}"#)]
    {
        let (name, path) =
            (format!("reservations.{word}"), format!("/api/reservations/{id}/{word}"));
        let route = (ROUTES, name.as_str());
        refused(&cast.world, route, post(&path, &bob, body), (404, "not_found", "-")).await;
        let bare = request("POST", &path).json(body);
        refused(&cast.world, route, bare.clone(), (401, "unauthenticated", "-")).await;
        let unmarked = bare.header("cookie", &cast.cookie);
        refused(&cast.world, route, unmarked, (403, "csrf_header_required", "-")).await;
        let plain = by(request("POST", &path), &cast.cookie);
        refused(&cast.world, route, plain, (415, "unsupported_media_type", "-")).await;
    }
}

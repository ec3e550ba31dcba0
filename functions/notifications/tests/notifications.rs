//! What staff sees of letters, sending one again, and how people want to be told; through the
//! guard.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use std::sync::Arc;

use browser::{Answer, by, get, post, refused, request, send};
use interlock_app::model::{Account, Failure, Letter, LetterKind, LetterState, ManagerScope};
use interlock_app::{Snapshot, reserve, send_due};
use interlock_policy::Role::{Admin, Manager};
use interlock_policy::UserId;
use interlock_testkit::{RecordingPost, World};
use notifications::ROUTES;
use serde_json::{Value, json};

const LIST: &str = "/api/notifications";
const PREFERENCES: &str = "/api/preferences";

struct Cast {
    world: World,
    post: Arc<RecordingPost>,
    ada: UserId,
    member: String,
    boss: String,
    root: String,
}

impl Cast {
    /// Ada holds an hour on the laser in two days; nothing was sent yet.
    async fn new() -> Self {
        let world = World::new().await;
        let (boss, root) = (
            world.person_with("boss", &[Manager]).await,
            world.person_with("root", &[Admin]).await,
        );
        let ada = world.eligible("ada").await;
        let wish = world.wish(&ada, world.after(2880), "k");
        reserve(&world.app, Snapshot::default(), &ada, &wish).await.unwrap();
        world.scheduler.reset_counts();
        let member = world.session(&ada).await;
        let (boss, root) = (world.session(&boss).await, world.session(&root).await);
        Self { world, post: Arc::default(), ada, member, boss, root }
    }

    async fn sweeps(&self) {
        send_due(&self.world.app, &self.post.post()).await.unwrap();
    }

    async fn list(&self, query: &str, cookie: &str) -> Answer {
        let raw = get(&format!("{LIST}{query}"), cookie);
        send(&self.world, ROUTES, "notifications.list", raw).await
    }

    async fn resend(&self, id: &str, cookie: &str) -> Answer {
        self.world.advance(1);
        let raw = post(&format!("{LIST}/{id}/resend"), cookie, "{}");
        send(&self.world, ROUTES, "notifications.resend", raw).await
    }

    async fn put(&self, body: &Value) -> Answer {
        self.world.advance(1);
        send(&self.world, ROUTES, "preferences.put", self.wished(body)).await
    }

    fn wished(&self, body: &Value) -> interlock_http::RawRequest {
        by(request("PUT", PREFERENCES), &self.member).json(body.to_string())
    }

    fn letter(&self, kind: LetterKind) -> Letter {
        let all = self.world.store.of_kind("letter").into_iter();
        let mut all = all.map(|record| record.decode::<Letter>().unwrap().value);
        all.find(|letter| letter.kind == kind).unwrap()
    }

    /// Makes the manager one of a category only.
    async fn boss_of(&self, category: &str) {
        let boss = self.world.account_of(&"usr_boss".parse().unwrap()).unwrap();
        let scope = ManagerScope { machines: Vec::new(), categories: vec![category.to_owned()] };
        self.world.put(&Account { scope: Some(scope), ..boss }).await;
    }
}

fn kinds(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let items = answer.body["items"].as_array().unwrap();
    items.iter().map(|item| item["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn each_list_holds_its_own_letters_in_its_own_order() {
    let cast = Cast::new().await;
    let waiting = cast.list("?state=pending", &cast.boss).await;
    assert_eq!(kinds(&waiting), ["confirmed", "reminder_24h", "reminder_1h"], "soonest first");
    assert_eq!(kinds(&cast.list("?state=sent", &cast.boss).await), Vec::<&str>::new());
    cast.sweeps().await;
    cast.world.advance(86_400);
    cast.sweeps().await;
    cast.post.refuse();
    cast.world.advance(82_800);
    cast.sweeps().await;
    // The session of the day before is over.
    let boss = cast.world.session(&"usr_boss".parse().unwrap()).await;
    let sent = cast.list("?state=sent", &boss).await;
    assert_eq!(kinds(&sent), ["reminder_24h", "confirmed"], "latest first");
    for query in ["", "?state=failed"] {
        let failed = cast.list(query, &boss).await;
        assert_eq!(kinds(&failed), ["reminder_1h"]);
        let item = &failed.body["items"][0];
        assert_eq!((&item["state"], &item["failure"]), (&json!("failed"), &json!("refused")));
    }
    assert_eq!(kinds(&cast.list("?state=pending", &boss).await), Vec::<&str>::new());
    assert!(!sent.text.contains('@'), "no address is shown: {}", sent.text);
}

#[tokio::test]
async fn a_list_is_paged_and_a_cursor_belongs_to_its_list() {
    let cast = Cast::new().await;
    let first = cast.list("?state=pending&limit=2", &cast.boss).await;
    assert_eq!(kinds(&first), ["confirmed", "reminder_24h"]);
    let cursor = first.body["nextCursor"].as_str().unwrap();
    let rest = cast.list(&format!("?state=pending&limit=2&cursor={cursor}"), &cast.boss).await;
    assert_eq!(kinds(&rest), ["reminder_1h"]);
    let other = cast.list(&format!("?state=sent&cursor={cursor}"), &cast.boss).await;
    assert_eq!(other.told(), (400, "invalid_cursor"));
}

#[tokio::test]
async fn what_a_list_does_not_know_and_who_is_no_staff_is_refused() {
    let cast = Cast::new().await;
    let route = (ROUTES, "notifications.list");
    for (query, pointer) in [("?state=late", "state"), ("?limit=0", "limit"), ("?to=ada", "-")] {
        let raw = get(&format!("{LIST}{query}"), &cast.boss);
        refused(&cast.world, route, raw, (400, "invalid_parameter", pointer)).await;
    }
    refused(&cast.world, route, get(LIST, &cast.member), (403, "role_required", "-")).await;
    refused(&cast.world, route, request("GET", LIST), (401, "unauthenticated", "-")).await;
}

#[tokio::test]
async fn a_manager_sees_and_sends_the_letters_of_his_scope_and_only_an_admin_those_of_accounts() {
    let cast = Cast::new().await;
    let account = cast.world.account_of(&cast.ada).unwrap();
    let letter = Letter::due(&cast.world.app, &account, LetterKind::RolesChanged).unwrap();
    let failed = LetterState::Failed { at: cast.world.clock_now(), why: Failure::GivenUp };
    cast.world.put(&Letter { state: failed.clone(), ..letter.clone() }).await;
    cast.world.put(&Letter { state: failed, ..cast.letter(LetterKind::Confirmed) }).await;
    let about_hers = cast.letter(LetterKind::Confirmed).id;
    for (category, seen) in [("saws", vec![]), ("lasers", vec!["confirmed"])] {
        cast.boss_of(category).await;
        assert_eq!(kinds(&cast.list("", &cast.boss).await), seen, "{category}");
        let again = cast.resend(about_hers.as_str(), &cast.boss).await;
        assert_eq!(again.status, if seen.is_empty() { 404 } else { 200 }, "{category}");
    }
    let refused = cast.resend(letter.id.as_str(), &cast.boss).await;
    assert_eq!(refused.told(), (404, "not_found"));
    assert_eq!(kinds(&cast.list("", &cast.root).await), ["roles_changed"]);
    assert_eq!(cast.resend(letter.id.as_str(), &cast.root).await.status, 200);
}

#[tokio::test]
async fn a_letter_that_failed_is_due_again_under_its_name_and_the_audit_knows_who_said_so() {
    let cast = Cast::new().await;
    cast.post.refuse();
    cast.sweeps().await;
    let id = cast.letter(LetterKind::Confirmed).id;
    let again = cast.resend(id.as_str(), &cast.boss).await;
    assert_eq!(again.status, 200, "{}", again.text);
    let told = &again.body["notification"];
    assert_eq!((&told["id"], &told["state"]), (&json!(id), &json!("due")));
    let audit = cast.world.store.of_kind("audit_entry");
    let said = audit.iter().filter(|entry| entry.body["action"] == "letter.resend").count();
    assert_eq!(said, 1);
    cast.sweeps().await;
    let handed = cast.post.drain();
    assert_eq!(handed.len(), 1);
    assert_eq!(handed[0].told.letter.id, id);
}

#[tokio::test]
async fn what_waits_what_is_not_there_and_who_may_not_are_refused() {
    let cast = Cast::new().await;
    let route = (ROUTES, "notifications.resend");
    let path = |id: &str| format!("{LIST}/{id}/resend");
    let waits = path(cast.letter(LetterKind::Confirmed).id.as_str());
    for (target, cookie, body, wanted) in [
        (waits.as_str(), &cast.boss, "{}", (409, "state_conflict", "-")),
        (waits.as_str(), &cast.boss, r#"{"to":"x"}"#, (400, "invalid_body", "/to")),
        (waits.as_str(), &cast.member, "{}", (403, "role_required", "-")),
        (path("ltr_none").as_str(), &cast.boss, "{}", (404, "not_found", "-")),
        (path("usr_ada").as_str(), &cast.boss, "{}", (404, "not_found", "-")),
    ] {
        refused(&cast.world, route, post(target, cookie, body), wanted).await;
    }
    let bare = request("POST", &waits).json("{}");
    refused(&cast.world, route, bare, (401, "unauthenticated", "-")).await;
}

fn choices() -> Value {
    json!({
        "language": "pt", "timeZone": "America/Sao_Paulo", "channels": ["email", "sms"],
        "phone": "+4930123456", "muted": ["reminder_24h"],
        "quietHours": {"from": "22:00", "to": "07:00"},
    })
}

#[tokio::test]
async fn what_a_person_chose_is_shown_to_him_and_what_holds_without_a_choice_too() {
    let cast = Cast::new().await;
    let shown =
        async || send(&cast.world, ROUTES, "preferences.get", get(PREFERENCES, &cast.member)).await;
    let usual = json!({"language": "en", "timeZone": "Europe/Berlin", "channels": ["email"],
        "muted": []});
    assert_eq!(shown().await.body["preferences"], usual);
    let chosen = cast.put(&choices()).await;
    assert_eq!((chosen.status, &chosen.body["preferences"]), (200, &choices()));
    assert_eq!(shown().await.body["preferences"], choices());
    let audit = cast.world.store.of_kind("audit_entry");
    let set = audit.iter().find(|entry| entry.body["action"] == "preferences.set").unwrap();
    assert!(!set.body.to_string().contains("+4930"), "no number in the audit");
    let fewer = json!({"language": "de", "timeZone": "Europe/Berlin", "channels": ["email"],
        "muted": []});
    assert_eq!(cast.put(&fewer).await.body["preferences"], fewer, "all of it is replaced");
}

#[tokio::test]
async fn a_choice_that_cannot_be_kept_is_told_with_its_place_and_changes_nothing() {
    let cast = Cast::new().await;
    let with = |name: &str, value: Value| {
        let mut body = choices();
        body[name] = value;
        body
    };
    let hours = |from: &str, to: &str| json!({"from": from, "to": to});
    for (body, pointer) in [
        (with("language", json!("fr")), "/language"),
        (with("timeZone", json!("Mars/Base")), "/timeZone"),
        (with("channels", json!(["pigeon"])), "/channels/0"),
        (with("muted", json!(["cancelled"])), "/muted/0"),
        (with("channels", json!(["email", "email"])), "/channels"),
        (with("muted", json!(["reminder_24h", "reminder_24h"])), "/muted"),
        (with("phone", json!("030 123")), "/phone"),
        (with("phone", Value::Null), "/phone"),
        (with("quietHours", hours("7:00", "08:00")), "/quietHours/from"),
        (with("quietHours", hours("07:00", "24:00")), "/quietHours/to"),
        (with("quietHours", hours("07:00", "07:00")), "/quietHours"),
        (with("hourClock", json!("24h")), "/hourClock"),
    ] {
        let route = (ROUTES, "preferences.put");
        refused(&cast.world, route, cast.wished(&body), (400, "invalid_body", pointer)).await;
    }
    let bare = request("GET", PREFERENCES);
    let route = (ROUTES, "preferences.get");
    refused(&cast.world, route, bare, (401, "unauthenticated", "-")).await;
}

//! Checking people out, making and changing machines; through the guard.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, by, post, refused, request, send};
use interlock_app::ports::scheduler::Failure;
use interlock_http::RawRequest;
use interlock_policy::{EventTypeId, Role};
use interlock_testkit::World;
use interlock_testkit::scheduler::{Call, plain_event_type};
use machines::ROUTES;
use serde_json::{Value, json};

const CHECKOUT: &str = "/api/machines/mch_laser/checkout";

struct Cast {
    world: World,
    boss: String,
    root: String,
}

impl Cast {
    async fn new() -> Self {
        let world = World::new().await;
        world.person("eve").await;
        let boss = world.person_with("boss", &[Role::Manager]).await;
        let root = world.person_with("root", &[Role::Admin]).await;
        let (boss, root) = (world.session(&boss).await, world.session(&root).await);
        Self { world, boss, root }
    }

    async fn send(&self, name: &str, raw: RawRequest) -> Answer {
        send(&self.world, ROUTES, name, raw).await
    }

    async fn check_out(&self, body: &Value) -> Answer {
        self.send("machines.checkout", post(CHECKOUT, &self.boss, &body.to_string())).await
    }

    fn patch(&self, tag: &str, body: &Value) -> RawRequest {
        let raw = by(request("PATCH", "/api/machines/mch_laser"), &self.boss);
        raw.header("if-match", tag).json(body.to_string())
    }

    fn create(&self, body: &Value) -> RawRequest {
        post("/api/machines", &self.root, &body.to_string())
    }
}

fn mill() -> Value {
    json!({"id": "mch_mill", "name": "Mill", "category": "mills", "timeZone": "Europe/Berlin"})
}

fn mapping(ids: &[u64]) -> Value {
    json!({"username": "laser", "email": "laser@hosts.test", "credentialRef": "laser",
        "eventTypeIds": ids})
}

#[tokio::test]
async fn a_checkout_is_201_with_what_is_still_unmet() {
    let cast = Cast::new().await;
    let body = json!({"userId": "usr_eve", "notes": "careful", "validForDays": 30});
    let answer = cast.check_out(&body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let checkout = &answer.body["checkout"];
    assert_eq!(checkout["userId"], "usr_eve");
    assert_eq!(checkout["scope"], json!({"machineId": "mch_laser"}));
    assert_eq!(checkout["approvedBy"], "usr_boss");
    assert_eq!(checkout["expiresAt"], "2026-07-01T10:00:00Z");
    assert_eq!(checkout["notes"], "careful");
    assert_eq!(answer.body["eligibility"]["reasons"][0]["code"], "training_incomplete");
    assert_eq!(answer.header("location"), "/api/machines/mch_laser/eligibility");
}

#[tokio::test]
async fn only_a_manager_checks_out_and_never_himself() {
    let cast = Cast::new().await;
    let route = (ROUTES, "machines.checkout");
    let own = post(CHECKOUT, &cast.boss, r#"{"userId":"usr_boss"}"#);
    refused(&cast.world, route, own, (403, "self_approval", "-")).await;
    let eve = "usr_eve".parse().unwrap();
    let eve = cast.world.session(&eve).await;
    let body = r#"{"userId":"usr_boss"}"#;
    refused(&cast.world, route, post(CHECKOUT, &eve, body), (403, "role_required", "-")).await;
    let bare = request("POST", CHECKOUT).json(body);
    refused(&cast.world, route, bare.clone(), (401, "unauthenticated", "-")).await;
    let unmarked = bare.header("cookie", &cast.boss);
    refused(&cast.world, route, unmarked, (403, "csrf_header_required", "-")).await;
}

#[tokio::test]
async fn a_bad_checkout_is_told_with_its_place_and_changes_nothing() {
    let cast = Cast::new().await;
    let route = (ROUTES, "machines.checkout");
    let long = "x".repeat(2001);
    for (body, pointer) in [
        (json!({}), "/userId"),
        (json!({"userId": "eve"}), "/userId"),
        (json!({"userId": "usr_eve", "validForDays": 0}), "/validForDays"),
        (json!({"userId": "usr_eve", "validForDays": "30"}), "/validForDays"),
        (json!({"userId": "usr_eve", "notes": long}), "/notes"),
        (json!({"userId": "usr_eve", "level": 0}), "/level"),
        (json!({"userId": "usr_eve", "userIds": ["usr_eve"]}), "/userIds"),
        (json!({"userIds": []}), "/userIds"),
        (json!({"userIds": ["usr_eve", "usr_eve"]}), "/userIds/1"),
        (json!({"userId": "usr_eve", "decision": "decline"}), "/reason"),
        (json!({"userId": "usr_eve", "decision": "decline", "reason": " "}), "/reason"),
        (json!({"userId": "usr_eve", "reason": "why"}), "/reason"),
        (json!({"userId": "usr_eve", "decision": "decline", "reason": "x", "level": 2}), "/level"),
        (json!({"userId": "usr_eve", "decision": "maybe"}), "/decision"),
        (json!({"userId": "usr_eve", "kind": 2}), "/kind"),
    ] {
        let raw = post(CHECKOUT, &cast.boss, &body.to_string());
        refused(&cast.world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let nobody = post(CHECKOUT, &cast.boss, r#"{"userId":"usr_nobody"}"#);
    refused(&cast.world, route, nobody, (404, "not_found", "-")).await;
    let nothing = post("/api/machines/mch_none/checkout", &cast.boss, r#"{"userId":"usr_eve"}"#);
    refused(&cast.world, route, nothing, (404, "not_found", "-")).await;
}

#[tokio::test]
async fn several_have_a_result_each_or_all_have_none() {
    let cast = Cast::new().await;
    let people = json!(["usr_eve", "usr_boss", "usr_root"]);
    let answer = cast.check_out(&json!({"userIds": people, "together": true})).await;
    assert_eq!(answer.told(), (409, "batch_refused"), "{}", answer.text);
    assert_eq!(answer.pointers(), ["/userIds/1"]);
    let answer = cast.check_out(&json!({"userIds": people, "level": 2})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let results = answer.body["results"].as_array().unwrap();
    let outcomes: Vec<_> = results.iter().map(|one| one["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["granted", "refused", "granted"]);
    assert_eq!(results[0]["checkout"]["level"], 2);
    assert_eq!(results[1]["code"], "self_approval");
    assert_eq!(results[2]["userId"], "usr_root");
}

#[tokio::test]
async fn the_first_of_two_yeses_is_202_and_a_no_is_200() {
    let cast = Cast::new().await;
    let dangerous = json!({"fourEyes": true});
    let by_manager = cast.send("machines.update", cast.patch("\"v1\"", &dangerous)).await;
    assert_eq!(by_manager.told(), (403, "role_required"), "whom it binds does not lift it");
    let raw = by(request("PATCH", "/api/machines/mch_laser"), &cast.root);
    let raw = raw.header("if-match", "\"v1\"").json(dangerous.to_string());
    let marked = cast.send("machines.update", raw).await;
    assert_eq!((marked.status, &marked.body["machine"]["fourEyes"]), (200, &json!(true)));
    let first = cast.check_out(&json!({"userId": "usr_eve"})).await;
    assert_eq!(first.status, 202, "{}", first.text);
    assert_eq!(first.body["request"]["firstApprovedBy"], "usr_boss");
    assert_eq!(first.body["request"]["awaitsSecond"], true);
    let no = json!({"userId": "usr_eve", "decision": "decline", "reason": "not today"});
    let declined = cast.check_out(&no).await;
    assert_eq!((declined.status, &declined.body["request"]["userId"]), (200, &json!("usr_eve")));
    assert_eq!(cast.check_out(&no).await.told(), (409, "state_conflict"));
}

#[tokio::test]
async fn a_machine_is_made_by_an_admin_at_its_own_path() {
    let cast = Cast::new().await;
    let answer = cast.send("machines.create", cast.create(&mill())).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.header("location"), "/api/machines/mch_mill");
    assert_eq!(answer.header("etag"), "\"v1\"");
    assert_eq!(answer.body["machine"]["active"], false, "unmapped, so it takes nothing");
    let again = cast.send("machines.create", cast.create(&mill())).await;
    assert_eq!(again.told(), (409, "state_conflict"));
    let host = json!({"id": "hst_coach", "name": "Coach", "category": "people",
        "timeZone": "Europe/Berlin"});
    let raw = post("/api/hosts", &cast.root, &host.to_string());
    let answer = cast.send("machines.create", raw).await;
    assert_eq!((answer.status, &answer.body["host"]["kind"]), (201, &"host".into()));
}

#[tokio::test]
async fn a_bad_machine_is_told_with_its_place_and_changes_nothing() {
    let cast = Cast::new().await;
    let route = (ROUTES, "machines.create");
    let with = |name: &str, value: Value| {
        let mut body = mill();
        body[name] = value;
        body
    };
    for (body, pointer) in [
        (json!({}), "/id"),
        (with("id", "mill".into()), "/id"),
        (with("id", "hst_mill".into()), "/id"),
        (with("id", "mch_MILL".into()), "/id"),
        (with("name", "".into()), "/name"),
        (with("name", "x".repeat(201).into()), "/name"),
        (with("category", " ".into()), "/category"),
        (with("description", "x".repeat(2_001).into()), "/description"),
        (with("bring", "x".repeat(1_001).into()), "/bring"),
        (with("place", "x".repeat(201).into()), "/place"),
        (with("place", "Hall\nDoor".into()), "/place"),
        (with("bring", "a\u{7}b".into()), "/bring"),
        (with("place", 1.into()), "/place"),
        (with("timeZone", "Mars/Base".into()), "/timeZone"),
        (with("timeZone", 2.into()), "/timeZone"),
        (with("active", true.into()), "/active"),
        (with("mapping", json!({"username": "x"})), "/mapping/email"),
    ] {
        let expected = (400, "invalid_body", pointer);
        refused(&cast.world, route, cast.create(&body), expected).await;
    }
    let manager = post("/api/machines", &cast.boss, &mill().to_string());
    refused(&cast.world, route, manager, (403, "role_required", "-")).await;
}

#[tokio::test]
async fn a_change_needs_the_tag_that_was_read() {
    let cast = Cast::new().await;
    let route = (ROUTES, "machines.update");
    let body = json!({"name": "Big laser"});
    let untagged =
        by(request("PATCH", "/api/machines/mch_laser"), &cast.boss).json(body.to_string());
    refused(&cast.world, route, untagged, (428, "precondition_required", "-")).await;
    let expected = (412, "precondition_failed", "-");
    refused(&cast.world, route, cast.patch("\"v9\"", &body), expected).await;
    for tag in ["v1", "W/\"v1\"", "*", "\"1\""] {
        let expected = (400, "invalid_parameter", "If-Match");
        refused(&cast.world, route, cast.patch(tag, &body), expected).await;
    }
    let answer = cast.send("machines.update", cast.patch("\"v1\"", &body)).await;
    assert_eq!((answer.status, &answer.body["machine"]["name"]), (200, &"Big laser".into()));
    assert_eq!(answer.header("etag"), "\"v2\"");
    refused(&cast.world, route, cast.patch("\"v1\"", &body), (412, "precondition_failed", "-"))
        .await;
}

#[tokio::test]
async fn what_a_machine_tells_is_shown_as_it_was_said_and_taken_away_by_an_empty_text() {
    let cast = Cast::new().await;
    let said = json!({"description": " Slow.\r\nLoud. ", "bring": "Glasses", "place": "Hall 2"});
    let shown = |machine: &Value| {
        ["description", "bring", "place"].map(|name| machine[name].as_str().map(str::to_owned))
    };
    let told = |texts: [&str; 3]| texts.map(|text| Some(text.to_owned()));
    let mut body = mill();
    body.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
    let made = cast.send("machines.create", cast.create(&body)).await;
    assert_eq!(shown(&made.body["machine"]), told(["Slow.\nLoud.", "Glasses", "Hall 2"]));
    let changed = cast.send("machines.update", cast.patch("\"v1\"", &said)).await;
    assert_eq!(shown(&changed.body["machine"]), told(["Slow.\nLoud.", "Glasses", "Hall 2"]));
    let less = json!({"bring": "", "place": "Hall 3"});
    let changed = cast.send("machines.update", cast.patch("\"v2\"", &less)).await;
    let wanted = [Some("Slow.\nLoud.".to_owned()), None, Some("Hall 3".to_owned())];
    assert_eq!(shown(&changed.body["machine"]), wanted, "what is not said stays");
}

#[tokio::test]
async fn a_bad_change_is_told_with_its_place_and_changes_nothing() {
    let cast = Cast::new().await;
    let route = (ROUTES, "machines.update");
    for (body, pointer) in [
        (json!({"active": "no"}), "/active"),
        (json!({"name": ""}), "/name"),
        (json!({"description": "x".repeat(2_001)}), "/description"),
        (json!({"place": "Hall\nDoor"}), "/place"),
        (json!({"id": "mch_other"}), "/id"),
        (json!({"mapping": {"username": "laser"}}), "/mapping/email"),
        (
            json!({"mapping": {"username": "l", "email": "e", "credentialRef": "c",
            "eventTypeIds": ["x"]}}),
            "/mapping/eventTypeIds/0",
        ),
        (json!({"mapping": mapping(&[])}), "/mapping/eventTypeIds"),
        (json!({"mapping": mapping(&[101; 33])}), "/mapping/eventTypeIds"),
    ] {
        let raw = cast.patch("\"v1\"", &body);
        refused(&cast.world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let none = by(request("PATCH", "/api/machines/mch_none"), &cast.boss)
        .header("if-match", "\"v1\"")
        .json("{}");
    refused(&cast.world, route, none, (404, "not_found", "-")).await;
}

#[tokio::test]
async fn a_calendar_that_is_named_wrongly_is_a_fault_of_the_mapping_and_no_outage() {
    let cast = Cast::new().await;
    let body = json!({"mapping": mapping(&[101])});
    for (failure, told, pointer) in [
        (Failure::Credential, 422, "/mapping/credentialRef"),
        (Failure::NotFound, 422, "/mapping/username"),
        (Failure::BadRequest, 422, "/mapping/username"),
        (Failure::UnknownOutcome, 503, ""),
    ] {
        cast.world.scheduler.fail_before(Call::EventTypes, failure);
        let answer = cast.send("machines.update", cast.patch("\"v1\"", &body)).await;
        let found = answer.body["errors"][0]["pointer"].as_str().unwrap_or_default();
        assert_eq!((answer.status, found), (told, pointer), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_mapping_is_checked_at_calcom_before_it_is_kept() {
    let cast = Cast::new().await;
    let seats = EventTypeId(103);
    let mut kind = plain_event_type(seats, "Tour", 60);
    kind.has_seats = true;
    kind.minimum_notice_minutes = 30;
    cast.world.scheduler.set_event_type(&cast.world.account().id, kind);
    let claim = interlock_app::model::CalUsernameClaim {
        username: "laser".to_owned(),
        cal_account_id: cast.world.account().id,
    };
    cast.world.put(&claim).await;
    let before = cast.world.store.dump();
    let body = json!({"mapping": mapping(&[101, 103, 999])});
    let answer = cast.send("machines.update", cast.patch("\"v1\"", &body)).await;
    assert_eq!(answer.told(), (422, "mapping_refused"), "{}", answer.text);
    let codes: Vec<&str> = answer.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["has_seats", "minimum_notice", "event_type_unknown"]);
    assert_eq!(cast.world.store.dump(), before);
    let body = json!({"mapping": mapping(&[102])});
    let answer = cast.send("machines.update", cast.patch("\"v1\"", &body)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let expected = json!([{"id": 102, "title": "Laser", "durationMinutes": 30, "default": true}]);
    assert_eq!(answer.body["machine"]["eventTypes"], expected);
    assert_eq!(cast.world.scheduler.count(Call::EventTypes), 2);
}

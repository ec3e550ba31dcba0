//! Reading machines and hosts: lists with badges, verdicts, free slots; through the guard.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, by, get, refused, request, send};
use interlock_app::model::Resource;
use interlock_app::ports::scheduler::Failure;
use interlock_app::{Snapshot, reserve};
use interlock_policy::{Notice, Role};
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use machines::ROUTES;
use serde_json::json;

async fn member(world: &World, name: &str) -> String {
    let user = world.person(name).await;
    world.session(&user).await
}

async fn ada(world: &World) -> String {
    let ada = world.eligible("ada").await;
    world.session(&ada).await
}

async fn ask(world: &World, name: &str, target: &str, cookie: &str) -> Answer {
    send(world, ROUTES, name, get(target, cookie)).await
}

const ELIGIBILITY: &str = "/api/machines/mch_laser/eligibility";
const AVAILABILITY: &str = "/api/machines/mch_laser/availability";
const DAY: &str = "start=2026-06-01T14:00:00Z&end=2026-06-01T16:00:00Z";

#[tokio::test]
async fn the_list_carries_a_badge_for_the_caller() {
    let world = World::new().await;
    let (ada, eve) = (ada(&world).await, member(&world, "eve").await);
    let item = |verdict: &str, unmet: u32| {
        json!({"items": [{
            "id": "mch_laser", "name": "Laser", "category": "lasers", "active": true,
            "eligibility": {"verdict": verdict, "unmetCount": unmet},
        }]})
    };
    let answer = ask(&world, "machines.list", "/api/machines", &ada).await;
    assert_eq!((answer.status, answer.body), (200, item("permit", 0)));
    let answer = ask(&world, "machines.list", "/api/machines", &eve).await;
    assert_eq!(answer.body, item("refuse", 2));
    let hosts = ask(&world, "machines.list", "/api/hosts", &ada).await;
    assert_eq!(hosts.body, json!({"items": []}));
    let odd = get("/api/machines?limit=0", &ada);
    refused(&world, (ROUTES, "machines.list"), odd, (400, "invalid_parameter", "limit")).await;
    let odd = get("/api/machines?category=lasers", &ada);
    refused(&world, (ROUTES, "machines.list"), odd, (400, "invalid_parameter", "-")).await;
}

#[tokio::test]
async fn a_machine_is_shown_without_its_credential_and_with_its_tag() {
    let world = World::new().await;
    let cookie = member(&world, "eve").await;
    let answer = ask(&world, "machines.get", "/api/machines/mch_laser", &cookie).await;
    let kind = |id: u32, minutes: u32, default: bool| {
        json!({"id": id, "title": format!("Laser {minutes} minutes"),
            "durationMinutes": minutes, "default": default})
    };
    let expected = json!({"machine": {
        "id": "mch_laser", "kind": "machine", "name": "Laser", "category": "lasers",
        "active": true, "timeZone": "Europe/Berlin",
        "eventTypes": [kind(101, 60, true), kind(102, 30, false)],
        "rules": {
            "policyVersion": 1, "horizonDays": 60, "gridMinutes": 30, "openCap": 3,
            "notice": {"createMinutes": 60, "changeMinutes": 60, "cancelMinutes": 60},
            "duration": {}, "allowParallel": false,
        },
    }});
    assert_eq!((answer.status, &answer.body), (200, &expected));
    assert_eq!(answer.header("etag"), "\"v1\"");
    assert!(!answer.text.contains("credential") && !answer.text.contains("username"));
    for path in ["/api/machines/mch_none", "/api/machines/laser", "/api/machines/usr_eve"] {
        let raw = get(path, &cookie);
        refused(&world, (ROUTES, "machines.get"), raw, (404, "not_found", "-")).await;
    }
}

#[tokio::test]
async fn a_member_reads_the_rules_that_concern_him_with_one_request() {
    let world = World::new().await;
    let laser = world.store.of_kind("resource")[0].decode::<Resource>().unwrap().value;
    let mut open = laser.clone();
    open.policy.rules = serde_json::from_value(json!({
        "openingHours": {"monday": [{"opens": "09:00", "closes": "17:00"}]},
        "notice": {"createMinutes": {"base": 60, "groups": [{"group": "crew", "value": 5}]}},
        "minimumPresent": 2,
    }))
    .unwrap();
    world.put(&open).await;
    let cookie = ada(&world).await;
    world.store.reset_counts();
    let answer = ask(&world, "machines.get", "/api/machines/mch_laser", &cookie).await;
    assert_eq!((world.store.reads(), world.store.requests()), (1, 1));
    let rules = &answer.body["machine"]["rules"];
    let nine_to_five = json!({"monday": [{"opens": "09:00:00", "closes": "17:00:00"}]});
    assert_eq!((&rules["openingHours"], &rules["minimumPresent"]), (&nine_to_five, &json!(2)));
    assert_eq!(rules["notice"]["createMinutes"], 60, "{}", answer.text);
    assert!(!answer.text.contains("crew"), "what is so for others is not his to read");
}

#[tokio::test]
async fn a_verdict_costs_exactly_one_request_with_the_session_included() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    for query in ["", "?start=2026-06-01T14:00:00Z&end=2026-06-01T15:00:00Z"] {
        world.store.reset_counts();
        let target = format!("{ELIGIBILITY}{query}");
        let answer = ask(&world, "machines.eligibility", &target, &cookie).await;
        assert_eq!((answer.status, &answer.body["verdict"]), (200, &"permit".into()));
        assert_eq!((world.store.reads(), world.store.requests()), (1, 1), "{query}");
    }
    assert!(world.scheduler.calls().is_empty());
}

#[tokio::test]
async fn slots_are_told_sixty_times_a_minute_and_to_who_cannot_be_counted_all_the_same() {
    let world = World::new().await.limited();
    let cookie = ada(&world).await;
    let target = format!("{AVAILABILITY}?{DAY}");
    let slots = async || ask(&world, "machines.availability", &target, &cookie).await;
    for number in 0..60 {
        assert_eq!(slots().await.status, 200, "{number}");
    }
    let answer = slots().await;
    assert_eq!((answer.told(), answer.header("retry-after")), ((429, "rate_limited"), "1"));
    world.advance(1);
    world.store.fail_before(interlock_testkit::store::Call::Commit, 1);
    assert_eq!(slots().await.status, 200);
}

#[tokio::test]
async fn a_verdict_tells_every_reason_with_what_removes_it() {
    let world = World::new().await;
    let cookie = member(&world, "eve").await;
    let answer = ask(&world, "machines.eligibility", ELIGIBILITY, &cookie).await;
    assert_eq!(answer.body["verdict"], "refuse");
    assert_eq!(answer.body["policyVersion"], 1);
    assert_eq!(answer.reasons(), ["training_incomplete", "checkout_missing"]);
    for reason in answer.body["reasons"].as_array().unwrap() {
        assert_eq!(reason["severity"], "block");
        assert!(reason["parameters"].is_object());
        assert!(!reason["nextSteps"].as_array().unwrap().is_empty());
    }
}

#[tokio::test]
async fn half_an_interval_and_a_bad_instant_are_refused() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    for (query, pointer) in [
        ("start=2026-06-01T14:00:00Z", "end"),
        ("end=2026-06-01T14:00:00Z", "start"),
        ("start=2026-06-01T14:00:00Z&end=2026-06-01T14:00:00Z", "end"),
        ("start=2026-06-01T14:00:00&end=2026-06-01T15:00:00Z", "start"),
        ("start=now&end=2026-06-01T15:00:00Z", "start"),
    ] {
        let raw = get(&format!("{ELIGIBILITY}?{query}"), &cookie);
        let expected = (400, "invalid_parameter", pointer);
        refused(&world, (ROUTES, "machines.eligibility"), raw, expected).await;
    }
    let none = get("/api/machines/mch_none/eligibility", &cookie);
    refused(&world, (ROUTES, "machines.eligibility"), none, (404, "not_found", "-")).await;
}

#[tokio::test]
async fn free_slots_are_told_in_utc_beside_the_zone() {
    let world = World::new().await;
    let (ada, eve) = (ada(&world).await, member(&world, "eve").await);
    let target = format!("{AVAILABILITY}?{DAY}");
    let answer = ask(&world, "machines.availability", &target, &ada).await;
    assert_eq!((answer.status, &answer.body["timeZone"]), (200, &"Europe/Berlin".into()));
    assert!(answer.body.get("stale").is_none());
    let slots = answer.body["slots"].as_array().unwrap();
    let slot = json!({
        "start": "2026-06-01T14:00:00Z", "end": "2026-06-01T15:00:00Z", "bookable": true,
    });
    assert_eq!((slots.len(), &slots[0]), (4, &slot));
    let answer = ask(&world, "machines.availability", &target, &eve).await;
    let slot = &answer.body["slots"][0];
    assert_eq!(slot["bookable"], false);
    assert_eq!(slot["reasons"][0]["code"], "training_incomplete");
    let tokyo = format!("{target}&timeZone=Asia/Tokyo&eventTypeId=102");
    let answer = ask(&world, "machines.availability", &tokyo, &ada).await;
    assert_eq!(
        (&answer.body["timeZone"], &answer.body["eventTypeId"]),
        (&"Asia/Tokyo".into(), &102.into())
    );
}

#[tokio::test]
async fn with_calcom_down_the_answer_is_stale_or_503() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let target = format!("{AVAILABILITY}?{DAY}");
    world.scheduler.fail_before(Call::Slots, Failure::NotConnected);
    let answer = ask(&world, "machines.availability", &target, &cookie).await;
    assert_eq!(answer.told(), (503, "upstream_unavailable"));
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
    ask(&world, "machines.availability", &target, &cookie).await;
    world.advance(61);
    world.scheduler.fail_before(Call::Slots, Failure::UnknownOutcome);
    let answer = ask(&world, "machines.availability", &target, &cookie).await;
    assert_eq!((answer.status, &answer.body["stale"]), (200, &true.into()));
}

#[tokio::test]
async fn bad_parameters_of_availability_are_told_by_name() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let route = (ROUTES, "machines.availability");
    for (query, pointer) in [
        ("", "start"),
        ("start=2026-06-01T14:00:00Z", "end"),
        ("start=2026-06-01T14:00:00Z&end=2026-06-01T13:00:00Z", "end"),
        ("start=2026-06-01T14:00:00Z&end=2026-07-03T14:00:00Z", "end"),
        ("start=2026-06-01T14:00:00Z&end=2026-06-01T16:00:00Z&timeZone=Mars/Base", "timeZone"),
        ("start=2026-06-01T14:00:00Z&end=2026-06-01T16:00:00Z&eventTypeId=x", "eventTypeId"),
    ] {
        let raw = get(&format!("{AVAILABILITY}?{query}"), &cookie);
        refused(&world, route, raw, (400, "invalid_parameter", pointer)).await;
    }
    let raw = get(&format!("{AVAILABILITY}?{DAY}&eventTypeId=999"), &cookie);
    refused(&world, route, raw, (422, "event_type_unknown", "-")).await;
    let raw = get(&format!("/api/machines/mch_none/availability?{DAY}"), &cookie);
    refused(&world, route, raw, (404, "not_found", "-")).await;
}

#[tokio::test]
async fn nobody_looks_without_a_session() {
    let world = World::new().await;
    for (name, path) in [
        ("machines.list", "/api/machines"),
        ("machines.get", "/api/machines/mch_laser"),
        ("machines.eligibility", ELIGIBILITY),
        ("machines.availability", AVAILABILITY),
    ] {
        let expected = (401, "unauthenticated", "-");
        refused(&world, (ROUTES, name), request("GET", path), expected).await;
    }
}

/// The laser for two at least; ada holds it from now on for an hour.
async fn laser_for_two(world: &World) -> (String, String) {
    let laser = world.store.of_kind("resource")[0].decode::<Resource>().unwrap().value;
    let mut guarded = laser.clone();
    guarded.policy.rules.minimum_present = 2.into();
    guarded.policy.rules.notice = Notice::default();
    guarded.policy.rules.start_grace_minutes = 1;
    world.put(&guarded).await;
    let ada = world.eligible("ada").await;
    let wish = world.wish(&ada, world.after(0), "k");
    reserve(&world.app, Snapshot::default(), &ada, &wish).await.unwrap();
    let boss = world.person_with("boss", &[Role::Manager]).await;
    (world.session(&ada).await, world.session(&boss).await)
}

async fn count(world: &World, boss: &str, people: u32) -> Answer {
    let raw = by(request("PUT", "/api/machines/mch_laser/presence"), boss);
    send(world, ROUTES, "machines.presence", raw.json(json!({ "people": people }).to_string()))
        .await
}

async fn may_begin(world: &World, cookie: &str) -> (String, Vec<String>) {
    let target = format!("{ELIGIBILITY}?purpose=use");
    let answer = ask(world, "machines.eligibility", &target, cookie).await;
    let reasons = answer.body["reasons"].as_array().unwrap().iter();
    let codes = reasons.map(|reason| reason["code"].as_str().unwrap().to_owned()).collect();
    (answer.body["verdict"].as_str().unwrap().to_owned(), codes)
}

#[tokio::test]
async fn use_begins_where_enough_people_were_counted_within_four_hours() {
    let world = World::new().await;
    let (ada, boss) = laser_for_two(&world).await;
    let lacking = vec!["presence_missing".to_owned()];
    let unknown = ("permit_with_conditions".to_owned(), lacking.clone());
    assert_eq!(may_begin(&world, &ada).await, unknown, "nobody counted");
    let counted = count(&world, &boss, 1).await;
    let present = json!({ "people": 1, "countedAt": "2026-06-01T10:00:00Z",
        "until": "2026-06-01T14:00:00Z" });
    assert_eq!((counted.status, &counted.body["present"]), (200, &present));
    assert_eq!(may_begin(&world, &ada).await, ("refuse".to_owned(), lacking));
    assert_eq!(count(&world, &boss, 2).await.status, 200);
    world.store.reset_counts();
    assert_eq!(may_begin(&world, &ada).await, ("permit".to_owned(), Vec::new()));
    assert_eq!((world.store.reads(), world.store.requests()), (1, 1));
    count(&world, &boss, 0).await;
    world.advance(4 * 3600 - 1);
    assert_eq!(may_begin(&world, &ada).await.0, "refuse");
    world.advance(1);
    let later = may_begin(&world, &ada).await.1;
    assert_eq!(later, ["reservation_missing", "presence_missing"], "a condition again");
}

#[tokio::test]
async fn whoever_has_no_reservation_for_now_does_not_begin() {
    let world = World::new().await;
    let (_, boss) = laser_for_two(&world).await;
    count(&world, &boss, 5).await;
    let bea = world.eligible("bea").await;
    let bea = world.session(&bea).await;
    let wanted = ("refuse".to_owned(), vec!["reservation_missing".to_owned()]);
    assert_eq!(may_begin(&world, &bea).await, wanted);
}

#[tokio::test]
async fn members_do_not_count_and_no_crowd_is_beyond_a_thousand() {
    let world = World::new().await;
    let (ada, boss) = laser_for_two(&world).await;
    assert_eq!(count(&world, &ada, 2).await.told(), (403, "role_required"));
    let crowd = count(&world, &boss, 1001).await;
    assert_eq!((crowd.status, crowd.pointers()), (400, vec!["/people"]));
    for query in
        ["?purpose=view", "?purpose=use&start=2026-06-01T14:00:00Z&end=2026-06-01T15:00:00Z"]
    {
        let odd = ask(&world, "machines.eligibility", &format!("{ELIGIBILITY}{query}"), &ada).await;
        assert_eq!((odd.status, odd.pointers()), (400, vec!["purpose"]), "{query}");
    }
}

//! What is told of a Cal.com that is well, and of one with each of its parts at fault.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "support/calendar.rs"]
mod calendar;
mod support;

use std::sync::Arc;

use calendar::Calendar;
use interlock_app::diagnosis::{CalcomHealth, MOST_ACCOUNTS, Overall, diagnose};
use interlock_app::model::Resource;
use interlock_app::ports::probe::{Seen, Unasked};
use interlock_app::ports::scheduler::{CalAccount, CredentialMode, Urgency};
use interlock_app::{Budget, Budgeted, CallLimit};
use interlock_testkit::scheduler::{Call, Sight};
use interlock_testkit::{ClockPause, SeededIds, World};
use jiff::SignedDuration;
use support::read;

async fn health(world: &World) -> CalcomHealth {
    diagnose(&world.app).await.unwrap()
}

/// Names and words of the parts.
fn parts(health: &CalcomHealth) -> Vec<(&str, &str)> {
    health.checks.iter().map(|one| (one.name, one.finding.code)).collect()
}

/// Words of accounts and calls.
fn words(health: &CalcomHealth) -> (Vec<&str>, Vec<&str>) {
    let accounts = health.accounts.iter().map(|one| one.finding.code).collect();
    (accounts, health.capabilities.iter().map(|one| one.finding.code).collect())
}

/// An answer in the envelope, as Cal.com refuses.
#[expect(clippy::unnecessary_wraps, reason = "it stands in tables beside looks that nobody took")]
fn refused(status: u16, code: &str, message: &str) -> Result<Seen, Unasked> {
    let error = serde_json::json!({ "code": code, "message": message });
    let body = serde_json::json!({ "status": "error", "error": error }).to_string();
    Ok(Seen::Answer { status, body })
}

/// Another machine on a calendar of its own, or on that of an account.
async fn also(world: &World, name: &str, account: CalAccount) {
    let laser: Resource = read(world, Resource::key_of(&world.laser())).await.unwrap();
    let id = format!("mch_{name}").parse().unwrap();
    world.put(&Resource { id, cal_account: Some(account), ..laser }).await;
}

fn account(world: &World, name: &str, mode: CredentialMode) -> CalAccount {
    let id = format!("cal_{name}").parse().unwrap();
    CalAccount { id, mode, credential_ref: name.to_owned(), ..world.account() }
}

#[tokio::test]
async fn a_cal_com_that_is_well_is_told_part_by_part() {
    let world = World::unlisted().await;
    let health = health(&world).await;
    assert_eq!(health.status, Overall::Ok, "{health:?}");
    assert!(health.configured && health.external_bookings_seen);
    let names: Vec<&str> = parts(&health).into_iter().map(|(name, _)| name).collect();
    let all = ["network", "service", "redis", "version_header", "database", "licence"];
    assert_eq!(names, all);
    assert_eq!(words(&health), (vec!["ok"], vec!["ok"; 5]));
    assert_eq!(health.accounts[0].resource_ids, [world.laser()]);
    assert_eq!(health.accounts_left_out, 0);
}

#[tokio::test]
async fn each_part_at_fault_is_named_and_nothing_behind_it_is_asked() {
    let gone = "Cannot GET /v2/slots";
    let down = || refused(500, "INTERNAL_SERVER_ERROR", "try again later");
    for (sight, seen, part, code, status) in [
        (Sight::Health, Ok(Seen::Unnamed), "network", "name_unknown", Overall::Down),
        (Sight::Health, Ok(Seen::Closed), "network", "unreachable", Overall::Down),
        (Sight::Health, Ok(Seen::Untrusted), "network", "certificate_refused", Overall::Down),
        (Sight::Health, Ok(Seen::Silent), "network", "silent", Overall::Down),
        (Sight::Health, refused(200, "", ""), "network", "foreign", Overall::Down),
        (Sight::Health, refused(429, "", ""), "service", "throttled", Overall::Degraded),
        (Sight::Health, refused(500, "", ""), "redis", "redis_down", Overall::Down),
        (Sight::Slots, Ok(Seen::Silent), "network", "silent", Overall::Down),
        (Sight::Slots, refused(418, "", ""), "service", "unexpected", Overall::Down),
        (Sight::Slots, down(), "database", "database_down", Overall::Down),
    ] {
        let world = World::unlisted().await;
        world.scheduler.show(sight, seen.clone());
        let health = health(&world).await;
        let at = parts(&health).into_iter().position(|(name, _)| name == part).unwrap();
        let found: Vec<&str> = parts(&health).into_iter().map(|(_, code)| code).collect();
        assert_eq!((found[at], health.status), (code, status), "{sight:?} {seen:?}");
        assert!(found[..at].iter().all(|code| *code == "ok"), "{found:?}");
        assert!(found[at + 1..].iter().all(|code| *code == "not_judged"), "{found:?}");
        assert_eq!(words(&health).0, ["not_judged"]);
        assert_eq!(world.scheduler.count(Call::Look(Sight::Me)), 0);
    }
    let world = World::unlisted().await;
    world.scheduler.show(Sight::Slots, refused(404, "NotFoundException", gone));
    let health = health(&world).await;
    let (version, database) = (parts(&health)[3], parts(&health)[4]);
    assert_eq!(version, ("version_header", "version_ignored"));
    assert_eq!(database, ("database", "not_judged"));
    assert_eq!(words(&health).0, ["ok"], "a key is judged without it");
}

#[tokio::test]
async fn licence_and_key_are_told_apart_account_by_account() {
    let strategy = |text: &str| format!("ApiAuthStrategy - api key - {text}");
    for (seen, code, licence) in [
        (
            refused(401, "", &strategy("Invalid or missing CALCOM_LICENSE_KEY")),
            "licence_missing",
            "licence_missing",
        ),
        (
            Ok(Seen::Answer { status: 500, body: "{}".to_owned() }),
            "licence_service",
            "licence_service",
        ),
        (refused(401, "", "CustomThrottlerGuard - Invalid API Key"), "key_unknown", "ok"),
        (refused(401, "", &strategy("Your api key is expired")), "key_expired", "ok"),
        (refused(403, "", "PermissionsGuard"), "key_refused", "ok"),
        (Err(Unasked::NoCredential), "credential_missing", "ok"),
        (Err(Unasked::NoSecrets), "secrets_unavailable", "ok"),
        (Ok(Seen::Silent), "silent", "ok"),
    ] {
        let world = World::unlisted().await;
        also(&world, "lathe", account(&world, "lathe", CredentialMode::ApiKey)).await;
        world.scheduler.show(Sight::Me, seen.clone());
        let health = health(&world).await;
        assert_eq!(words(&health).0, [code, "ok"], "{seen:?}");
        assert_eq!(parts(&health)[5], ("licence", licence), "{seen:?}");
        let expected = if licence == "ok" { Overall::Degraded } else { Overall::Down };
        assert_eq!(health.status, expected, "{seen:?}");
    }
}

#[tokio::test]
async fn all_keys_refused_is_down_although_the_server_is_well() {
    let world = World::unlisted().await;
    world.scheduler.show(Sight::Me, refused(401, "", "Invalid API Key"));
    let health = health(&world).await;
    assert_eq!(health.status, Overall::Down);
    assert_eq!(parts(&health)[5], ("licence", "not_judged"));
    assert_eq!(words(&health).1, ["not_judged", "not_judged", "not_judged", "not_judged", "ok"]);
}

#[tokio::test]
async fn mode_none_is_said_plainly() {
    let world = World::unlisted().await;
    also(&world, "laser", account(&world, "laser", CredentialMode::None)).await;
    let health = health(&world).await;
    assert_eq!(health.status, Overall::Degraded);
    assert!(!health.external_bookings_seen);
    let told = ["ok", "mode_none", "mode_none", "mode_none", "ok"];
    assert_eq!(words(&health), (vec!["mode_none"], told.to_vec()));
    assert!(health.accounts[0].finding.remedy.unwrap().contains("go unseen"));
    assert_eq!(parts(&health)[5], ("licence", "not_needed"));
    assert_eq!(world.scheduler.count(Call::Look(Sight::Me)), 0, "without a key there is no owner");
}

#[tokio::test]
async fn a_call_that_is_not_there_and_a_list_of_another_version_are_told() {
    let world = World::unlisted().await;
    world.scheduler.show(Sight::Webhooks, refused(404, "", "Cannot GET /v2/webhooks"));
    world.scheduler.show_answer(Sight::Bookings, 200, r#"{"status":"success","data":[]}"#);
    world.scheduler.show(Sight::Holds, refused(404, "", "Cannot GET /v2/slots/reservations"));
    let told = health(&world).await;
    assert_eq!(words(&told).1, ["ok", "version_ignored", "ok", "absent", "absent"]);
    assert_eq!(told.status, Overall::Degraded);
    assert!(!told.external_bookings_seen, "what cannot be listed is not seen");
    world.scheduler.show(Sight::Holds, refused(404, "", "Cannot GET /v2/slots/reservations"));
    assert_eq!(health(&world).await.status, Overall::Ok, "holds are not needed");
}

#[tokio::test]
async fn without_an_address_or_an_account_that_is_what_is_told() {
    let world = World::bare(1);
    let empty = health(&world).await;
    assert_eq!(empty.status, Overall::Ok, "{empty:?}");
    assert_eq!(parts(&empty)[5], ("licence", "no_account"));
    assert!(empty.accounts.is_empty());
    let mut world = World::unlisted().await;
    // This one has no looks, as without an address.
    Calendar::before(&mut world);
    let health = health(&world).await;
    assert_eq!((health.configured, health.status), (false, Overall::Down));
    assert_eq!(parts(&health)[0], ("network", "no_address"));
    assert_eq!(words(&health).0, ["not_judged"]);
}

#[tokio::test]
async fn of_many_accounts_the_first_are_asked_and_the_rest_counted() {
    let world = World::unlisted().await;
    for number in 10..34 {
        let name = format!("m{number}");
        also(&world, &name, account(&world, &name, CredentialMode::ApiKey)).await;
    }
    also(&world, "twin", world.account()).await;
    let health = health(&world).await;
    assert_eq!((health.accounts.len(), health.accounts_left_out), (MOST_ACCOUNTS, 5));
    assert_eq!(world.scheduler.count(Call::Look(Sight::Me)), MOST_ACCOUNTS);
    assert_eq!(health.accounts[0].resource_ids.len(), 2, "two on one calendar are asked once");
}

#[tokio::test]
async fn nothing_secret_and_no_name_at_cal_com_is_told() {
    let world = World::unlisted().await;
    let secret = CalAccount {
        username: "hidden-user".to_owned(),
        email: "hidden@hosts.test".to_owned(),
        credential_ref: "hidden-ref".to_owned(),
        ..world.account()
    };
    also(&world, "laser", secret).await;
    world.scheduler.show(Sight::Me, refused(403, "", "bearer hidden-token"));
    let text = serde_json::to_string(&health(&world).await).unwrap();
    assert!(!text.contains("hidden"), "{text}");
    assert!(text.contains(r#""code":"key_refused""#), "{text}");
}

#[tokio::test]
async fn looks_that_hang_end_with_the_time_and_the_rest_is_told_as_unasked() {
    let mut world = World::unlisted().await;
    for number in 10..19 {
        let name = format!("m{number}");
        also(&world, &name, account(&world, &name, CredentialMode::ApiKey)).await;
    }
    let slow = Calendar::before(&mut world);
    *slow.slow.lock().unwrap() = Some(Sight::Me);
    let told = health(&world).await;
    let (accounts, _) = words(&told);
    assert_eq!(accounts.iter().filter(|code| **code == "silent").count(), 4);
    assert!(accounts[4..].iter().all(|code| *code == "no_time"), "{accounts:?}");
    assert!((12_000..13_000).contains(&told.elapsed_ms), "{}", told.elapsed_ms);
    *slow.slow.lock().unwrap() = Some(Sight::Health);
    let told = health(&world).await;
    assert_eq!(parts(&told)[0], ("network", "silent"));
    assert_eq!((told.elapsed_ms, told.checks[0].finding.elapsed_ms), (10_000, Some(10_000)));
}

#[tokio::test]
async fn a_look_is_counted_and_never_waits_for_room() {
    let mut world = World::unlisted().await;
    let pause = Arc::new(ClockPause(world.clock.clone()));
    let ids = SeededIds::new(1);
    let ports = (world.store.clone() as _, world.clock.clone() as _);
    let budget = Budget::new(ports, (&ids, pause), CallLimit::per_minute(10));
    world.app.scheduler = Arc::new(Budgeted::new(world.scheduler.clone(), Arc::new(budget)));
    world.app = world.app.clone().paced(Urgency::Sync);
    let from = world.clock_now();
    let first = health(&world).await;
    assert_eq!(parts(&first)[0].1, "ok");
    for _ in 0..3 {
        assert_eq!(health(&world).await.status, Overall::Degraded);
    }
    let last = health(&world).await;
    assert_eq!(parts(&last)[0], ("network", "no_room"));
    assert_eq!(world.clock_now().duration_since(from), SignedDuration::ZERO);
    assert!(world.scheduler.calls().len() <= 10, "{:?}", world.scheduler.calls());
}

#[tokio::test]
async fn a_refusal_of_calls_seen_by_a_look_keeps_everybody_else_silent_too() {
    let mut world = World::unlisted().await;
    let pause = Arc::new(ClockPause(world.clock.clone()));
    let ids = SeededIds::new(1);
    let ports = (world.store.clone() as _, world.clock.clone() as _);
    let budget = Budget::new(ports, (&ids, pause), CallLimit::per_minute(100));
    world.app.scheduler = Arc::new(Budgeted::new(world.scheduler.clone(), Arc::new(budget)));
    world.scheduler.show(Sight::Me, refused(429, "ThrottlerException", ""));
    assert_eq!(words(&health(&world).await).0, ["throttled"]);
    assert_eq!(words(&health(&world).await).0, ["no_room"]);
    assert_eq!(world.scheduler.count(Call::Look(Sight::Me)), 1);
}

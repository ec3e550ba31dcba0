//! Passes of reconciliation: cut anywhere, gone on with, shifted under, and each difference once.
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

use std::collections::BTreeSet;

use calendar::Calendar;
use interlock_app::model::{
    Finding, FindingClass, FindingState, Reservation, Resource, Run, RunState, Status,
};
use interlock_app::ports::scheduler::CalAccount;
use interlock_app::{
    AppError, FindingQuery, Pass, list_findings, list_runs, reconcile, reconcile_on,
    reconcile_until, resolve_finding, slice_end, start_run,
};
use interlock_testkit::World;
use interlock_testkit::scheduler::{HumanBooking, plain_event_type};
use interlock_testkit::world::HOUR;
use jiff::{SignedDuration, Timestamp};

use support::{all, ask, books_agree, by_hand, read, reservation, uid};

const DAY: i64 = 24 * 60;

/// Every hour of many days booked by hand twelve days ahead, and then eight days go by, so that no
/// look at what changed sees any of it.
async fn busy(hours: i64) -> World {
    let world = World::unlisted().await;
    for hour in 0..hours {
        let start = world.after(12 * DAY + 60 * hour);
        world.scheduler.ui_create(&world.account(), by_hand(start, "cy@x.example")).unwrap();
    }
    world.advance(8 * DAY * 60);
    world
}

/// What stands in the table, without what differs by chance.
fn ends(world: &World) -> BTreeSet<(Timestamp, &'static str)> {
    let all = all::<Reservation>(world);
    all.iter().map(|one| (one.interval.start(), one.status().word())).collect()
}

fn seconds_on(world: &World, seconds: i64) -> Timestamp {
    world.clock_now() + SignedDuration::from_secs(seconds)
}

async fn last_run(world: &World) -> Run {
    list_runs(&world.app, 1, None).await.unwrap().0.remove(0)
}

#[tokio::test]
async fn a_full_pass_cut_at_any_page_comes_to_the_same_end() {
    let mut whole = busy(600).await;
    let calendar = Calendar::before(&mut whole);
    let report = reconcile(&whole.app, Pass::Full, &whole.job()).await.unwrap();
    let pages = calendar.pages.lock().unwrap().len();
    assert!(pages >= 3, "{pages}");
    assert_eq!((report.checked, ends(&whole).len()), (600, 600));
    for cut in 1..=pages {
        let mut world = busy(600).await;
        let calendar = Calendar::before(&mut world);
        let until = seconds_on(&world, i64::try_from(cut).unwrap());
        reconcile_until(&world.app, Pass::Full, &world.job(), until).await.unwrap();
        assert_eq!(calendar.pages.lock().unwrap().len(), cut);
        let run = last_run(&world).await;
        let expected = if cut == pages { RunState::Finished } else { RunState::Running };
        assert_eq!(run.state, expected);
        reconcile_on(&world.app, &world.job(), slice_end(&world.app)).await.unwrap();
        assert_eq!(ends(&world), ends(&whole), "cut after {cut} pages");
        let full: Run = read(&world, Run::key_of(&run.id)).await.unwrap();
        assert_eq!((full.state, full.checked, full.failed), (RunState::Finished, 600, 0));
        books_agree(&world);
    }
}

#[tokio::test]
async fn a_younger_full_run_takes_over_and_the_older_is_abandoned() {
    let mut world = busy(300).await;
    Calendar::before(&mut world);
    let until = seconds_on(&world, 1);
    reconcile_until(&world.app, Pass::Full, &world.job(), until).await.unwrap();
    let older = last_run(&world).await;
    reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    let older: Run = read(&world, Run::key_of(&older.id)).await.unwrap();
    assert_eq!((older.state, older.failure.as_deref()), (RunState::Abandoned, Some("overtaken")));
    assert_eq!(last_run(&world).await.state, RunState::Finished);
    assert_eq!(ends(&world).len(), 300);
}

#[tokio::test]
async fn a_full_run_somebody_asked_for_is_worked_by_the_next_tick() {
    let world = busy(3).await;
    let root = world.person("root").await;
    let act = world.act(&root);
    let begun = start_run(&world.app, Pass::Full, &act, slice_end(&world.app)).await.unwrap();
    assert_eq!((begun.state, begun.checked), (RunState::Running, 0));
    assert_eq!(world.store.of_kind("audit_entry").len(), 1);
    reconcile_on(&world.app, &world.job(), slice_end(&world.app)).await.unwrap();
    let run: Run = read(&world, Run::key_of(&begun.id)).await.unwrap();
    assert_eq!((run.state, run.checked), (RunState::Finished, 3));
}

#[tokio::test]
async fn bookings_that_change_while_pages_are_read_are_all_seen() {
    let mut world = World::unlisted().await;
    let account = world.account();
    let mut first = Vec::new();
    for hour in 0..300 {
        let start = world.after(12 * DAY + 60 * hour);
        let made = world.scheduler.ui_create(&account, by_hand(start, "cy@x.example")).unwrap();
        first.push(made.uid);
        world.advance(1);
    }
    let calendar = Calendar::before(&mut world);
    let own = account.clone();
    // Nine bookings of the first page change and go to the end; the rest moves up by nine.
    *calendar.next.lock().unwrap() = Some(Box::new(move |scheduler| {
        for uid in first.iter().take(9) {
            scheduler.ui_cancel(&own, uid, "x").unwrap();
        }
    }));
    reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    let all = all::<Reservation>(&world);
    assert_eq!(all.len(), 300);
    let ended = all.iter().filter(|one| one.status() == Status::Cancelled).count();
    assert_eq!(ended, 9, "what changed after it was read was read again");
    books_agree(&world);
}

#[tokio::test]
async fn one_account_that_is_down_neither_blocks_nor_rewinds_the_others() {
    let mut world = World::unlisted().await;
    let mill = CalAccount { id: "cal_mill".parse().unwrap(), ..world.account() };
    let kind = plain_event_type(interlock_policy::EventTypeId(201), "Mill", 60);
    world.scheduler.set_event_type(&mill.id, kind.clone());
    let laser: Resource = read(&world, Resource::key_of(&world.laser())).await.unwrap();
    let mut own =
        Resource { id: "mch_mill".parse().unwrap(), cal_account: Some(mill.clone()), ..laser };
    own.event_types.truncate(1);
    own.event_types[0].id = kind.id;
    world.put(&own).await;
    let calendar = Calendar::before(&mut world);
    let on_mill = |start| HumanBooking { event_type_id: kind.id, ..by_hand(start, "a@x.example") };
    world.scheduler.ui_create(&mill, on_mill(world.after(300))).unwrap();
    let on_laser = by_hand(world.after(300), "b@x.example");
    world.scheduler.ui_create(&world.account(), on_laser).unwrap();
    *calendar.down.lock().unwrap() = Some(world.account());
    for _ in 0..2 {
        let run = reconcile(&world.app, Pass::Incremental, &world.job()).await;
        assert!(matches!(run, Err(AppError::Unavailable { .. })));
        assert_eq!(all::<Reservation>(&world).len(), 1, "the mill goes on");
        world.advance(800);
    }
    let run = last_run(&world).await;
    assert_eq!((run.state, run.checked), (RunState::Abandoned, 1), "the mill's change is listed");
    *calendar.down.lock().unwrap() = None;
    reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    assert_eq!(all::<Reservation>(&world).len(), 2);
    assert_eq!(last_run(&world).await.checked, 1, "the laser's alone, from where it was left");
}

#[tokio::test]
async fn what_agrees_costs_no_call_but_its_page() {
    let mut world = World::new().await;
    let ada = world.eligible("ada").await;
    ask(&world, &ada, world.after(300), "k").await.unwrap();
    Calendar::before(&mut world);
    for pass in [Pass::Incremental, Pass::Full] {
        world.scheduler.reset_counts();
        let report = reconcile(&world.app, pass, &world.job()).await.unwrap();
        assert_eq!((report.checked, report.findings.len()), (1, 0));
        assert_eq!(world.scheduler.count(interlock_testkit::scheduler::Call::Booking), 0);
    }
}

/// A booking by hand over time that Bob holds.
async fn conflict(world: &World) -> interlock_app::ports::scheduler::CalUid {
    let bob = world.eligible("bob").await;
    let start = world.after(300);
    ask(world, &bob, start, "k").await.unwrap();
    world.scheduler.let_overlap(true);
    let over = start + SignedDuration::from_mins(30);
    world.scheduler.ui_create(&world.account(), by_hand(over, "eve@x.example")).unwrap().uid
}

async fn findings(world: &World, state: FindingState) -> Vec<Finding> {
    let wanted = FindingQuery { state, class: None, limit: 10, after: None };
    list_findings(&world.app, &wanted).await.unwrap().0
}

#[tokio::test]
async fn the_same_difference_is_one_finding_with_both_sides_however_often_it_is_seen() {
    let world = World::new().await;
    conflict(&world).await;
    for _ in 0..3 {
        reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
        world.advance(60);
    }
    let open = findings(&world, FindingState::Open).await;
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].class, open[0].count), (FindingClass::Conflict, 3));
    assert_eq!(open[0].theirs.as_ref().unwrap().status, "accepted");
    assert!(open[0].first_seen < open[0].last_seen);
    let text = serde_json::to_string(&open[0]).unwrap();
    assert!(!text.contains("fakeUid") && !text.contains("example"), "{text}");
}

#[tokio::test]
async fn a_finding_closed_by_a_person_stays_closed_while_nothing_changes() {
    let world = World::new().await;
    conflict(&world).await;
    reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    let root = world.person("root").await;
    let id = findings(&world, FindingState::Open).await.remove(0).id;
    let about = (&id, &root);
    resolve_finding(&world.app, about, ("talked to both", None), &world.act(&root)).await.unwrap();
    let again = resolve_finding(&world.app, about, ("again", None), &world.act(&root)).await;
    assert!(matches!(again, Err(AppError::StateConflict { .. })));
    reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    assert!(findings(&world, FindingState::Open).await.is_empty());
    let closed = findings(&world, FindingState::Resolved).await.remove(0);
    assert_eq!(closed.resolution.unwrap().note, "talked to both");
}

#[tokio::test]
async fn what_is_ignored_until_an_instant_is_open_again_when_a_run_sees_it_then() {
    let world = World::new().await;
    conflict(&world).await;
    reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    let root = world.person("root").await;
    let id = findings(&world, FindingState::Open).await.remove(0).id;
    let (about, act) = ((&id, &root), world.act(&root));
    for seconds in [0, 366 * 24 * 3600 + 1] {
        let until = Some(seconds_on(&world, seconds));
        let refused = resolve_finding(&world.app, about, ("later", until), &act).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{seconds}: {refused:?}");
    }
    let until = Some(seconds_on(&world, 3600));
    resolve_finding(&world.app, about, ("later", until), &act).await.unwrap();
    world.advance(3599);
    reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    assert!(findings(&world, FindingState::Open).await.is_empty());
    world.advance(1);
    reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    let open = findings(&world, FindingState::Open).await.remove(0);
    assert_eq!((open.id, open.resolution), (id, None), "the same finding, closed by nobody");
}

#[tokio::test]
async fn a_conflict_that_is_gone_is_closed_by_the_next_full_pass() {
    let world = World::new().await;
    let booking = conflict(&world).await;
    reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    world.scheduler.ui_cancel(&world.account(), &booking, "x").unwrap();
    reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    assert!(findings(&world, FindingState::Open).await.is_empty());
    let closed = findings(&world, FindingState::Resolved).await.remove(0);
    assert_eq!(closed.resolution.unwrap().note, "gone");
}

#[tokio::test]
async fn a_machine_whose_kind_changed_is_closed_until_it_is_whole_again() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let booked = ask(&world, &ada, world.after(300), "a").await.unwrap().reservation;
    let mut kind = plain_event_type(HOUR, "Laser", 60);
    kind.has_seats = true;
    world.scheduler.set_event_type(&world.account().id, kind);
    for _ in 0..2 {
        reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    }
    let closed: Resource = read(&world, Resource::key_of(&world.laser())).await.unwrap();
    assert_eq!(closed.closed.unwrap().faults, [format!("{HOUR}:has_seats")]);
    let open = findings(&world, FindingState::Open).await;
    assert_eq!((open.len(), open[0].class), (1, FindingClass::MappingBroken));
    let refused = ask(&world, &ada, world.after(600), "b").await;
    let Err(AppError::NotEligible(verdict)) = refused else { panic!("{refused:?}") };
    assert_eq!(verdict.reasons[0].code.as_str(), "machine_mapping_broken");
    assert_eq!(reservation(&world, &booked.id).await.status(), Status::Confirmed);
    let mended = plain_event_type(HOUR, "Laser", 60);
    world.scheduler.set_event_type(&world.account().id, mended);
    reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    assert!(findings(&world, FindingState::Open).await.is_empty());
    ask(&world, &ada, world.after(600), "c").await.unwrap();
}

#[tokio::test]
async fn a_hosts_kinds_are_followed_and_close_him_only_where_we_cannot_keep_our_word() {
    let world = World::unlisted().await;
    let laser: Resource = read(&world, Resource::key_of(&world.laser())).await.unwrap();
    let mut host = Resource { id: "hst_coach".parse().unwrap(), ..laser };
    let account = CalAccount { id: "cal_coach".parse().unwrap(), ..world.account() };
    host.cal_account = Some(account.clone());
    world.put(&host).await;
    let kind = |id, minutes| plain_event_type(interlock_policy::EventTypeId(id), "Hour", minutes);
    world.scheduler.set_event_type(&account.id, kind(HOUR.0, 75));
    world.scheduler.set_event_type(&account.id, kind(300, 45));
    let coach = async || {
        reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
        read::<Resource>(&world, Resource::key_of(&host.id)).await.unwrap()
    };
    let kinds = |host: &Resource| {
        let own =
            |entry: &interlock_app::model::EventTypeEntry| (entry.id.0, entry.duration_minutes);
        host.event_types.iter().map(own).collect::<Vec<_>>()
    };
    let followed = coach().await;
    assert_eq!(kinds(&followed), [(HOUR.0, 75), (300, 45)]);
    assert_eq!(followed.closed, None);
    let mut asks = kind(HOUR.0, 75);
    asks.requires_confirmation = true;
    world.scheduler.set_event_type(&account.id, asks);
    assert_eq!(coach().await.closed.unwrap().faults, [format!("{HOUR}:confirmation_required")]);
}

#[tokio::test]
async fn a_reservation_whose_booking_is_found_no_more_is_told_and_kept() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap().reservation;
    let empty = World::new().await;
    let mut app = world.app.clone();
    app.scheduler = empty.scheduler.clone();
    for _ in 0..2 {
        reconcile(&app, Pass::Full, &world.job()).await.unwrap();
    }
    assert_eq!(reservation(&world, &placed.id).await.status(), Status::Confirmed);
    let open = findings(&world, FindingState::Open).await;
    assert_eq!((open[0].class, open[0].count), (FindingClass::Missing, 2));
    assert!(!uid(&placed).0.is_empty() && open[0].theirs.is_none());
    reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    assert!(findings(&world, FindingState::Open).await.is_empty(), "it was found again");
}

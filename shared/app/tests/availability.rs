//! Free slots: Cal.com's free time less our ledger, with the gate's word for the caller.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::Resource;
use interlock_app::ports::scheduler::Failure;
use interlock_app::{
    AppError, Availability, AvailabilityRequest, CancelRequest, Snapshot, availability, cancel,
};
use interlock_policy::{ClockRange, Interval, OpeningHours, UserId, Weekday};
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use interlock_testkit::world::HALF_HOUR;
use jiff::{SignedDuration, Timestamp};
use support::{ask, read};

fn hours(world: &World, from: i64, count: i64) -> AvailabilityRequest {
    AvailabilityRequest {
        resource_id: world.laser(),
        range: Interval::lasting(world.after(from * 60), SignedDuration::from_hours(count))
            .unwrap(),
        event_type_id: None,
        time_zone: None,
    }
}

async fn look(
    world: &World,
    user: &UserId,
    request: &AvailabilityRequest,
) -> Result<Availability, AppError> {
    availability(&world.app, Snapshot::default(), user, request).await
}

async fn starts(world: &World, user: &UserId, request: &AvailabilityRequest) -> Vec<Timestamp> {
    look(world, user, request).await.unwrap().slots.iter().map(|slot| slot.start).collect()
}

#[tokio::test]
async fn what_is_taken_held_or_past_is_left_out() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    ask(&world, &bob, world.after(300), "booked").await.unwrap();
    world.scheduler.fail_before(Call::Create, Failure::UnknownOutcome);
    ask(&world, &bob, world.after(420), "held").await.unwrap();
    let found = starts(&world, &ada, &hours(&world, 4, 6)).await;
    let expected: Vec<Timestamp> =
        [240, 360, 480, 510, 540, 570].map(|minutes| world.after(minutes)).to_vec();
    assert_eq!(found, expected, "an hour may neither touch 15:00–16:00 nor 17:00–18:00");
    let past = AvailabilityRequest { range: hours(&world, -3, 6).range, ..hours(&world, 0, 1) };
    let found = starts(&world, &ada, &past).await;
    assert!(found.iter().all(|start| *start > world.clock_now()), "{found:?}");
}

#[tokio::test]
async fn closed_hours_and_the_notice_of_everybody_show_no_slots() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let key = Resource::key_of(&world.laser());
    let mut laser = read::<Resource>(&world, key).await.unwrap();
    let range = ClockRange { opens: "13:00".parse().unwrap(), closes: "15:00".parse().unwrap() };
    let days = [(Weekday::Monday, vec![range])].into();
    laser.policy.rules.opening_hours = Some(OpeningHours(days)).into();
    world.put(&laser).await;
    // The clock stands on Monday at noon in Berlin; an hour's notice leaves 13:00 to 14:00.
    let found = starts(&world, &ada, &hours(&world, 0, 24)).await;
    let noon = |minutes| world.after(minutes);
    assert_eq!(found, [noon(60), noon(90), noon(120)]);
    assert_eq!(starts(&world, &ada, &hours(&world, 24, 24)).await, []);
}

#[tokio::test]
async fn what_this_member_may_not_book_says_why() {
    let world = World::new().await;
    let (ada, eve) = (world.eligible("ada").await, world.person("eve").await);
    let request = hours(&world, 4, 2);
    let answer = look(&world, &ada, &request).await.unwrap();
    assert!(answer.slots.iter().all(|slot| slot.bookable && slot.reasons.is_empty()));
    let answer = look(&world, &eve, &request).await.unwrap();
    assert_eq!(answer.slots.len(), 4);
    for slot in &answer.slots {
        let codes: Vec<&str> = slot.reasons.iter().map(|reason| reason.code.as_str()).collect();
        assert_eq!(
            (slot.bookable, codes),
            (false, vec!["training_incomplete", "checkout_missing"])
        );
    }
}

#[tokio::test]
async fn calcom_is_asked_once_a_minute_for_everybody() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    let request = hours(&world, 4, 6);
    look(&world, &ada, &request).await.unwrap();
    world.advance(59);
    look(&world, &bob, &request).await.unwrap();
    assert_eq!(world.scheduler.count(Call::Slots), 1);
    world.advance(1);
    let answer = look(&world, &ada, &request).await.unwrap();
    assert_eq!(world.scheduler.count(Call::Slots), 2);
    assert!(!answer.stale);
}

#[tokio::test]
async fn an_own_cancel_makes_the_time_appear_at_once() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let start = world.after(300);
    let placed = ask(&world, &ada, start, "k").await.unwrap();
    let request = hours(&world, 4, 4);
    assert!(!starts(&world, &ada, &request).await.contains(&start));
    let ending = CancelRequest {
        reservation_id: placed.reservation.id.clone(),
        reason: "plans changed".to_owned(),
        staff: false,
        idempotency: None,
        act: world.act(&ada),
    };
    cancel(&world.app, &ada, &ending).await.unwrap();
    assert!(starts(&world, &ada, &request).await.contains(&start));
}

#[tokio::test]
async fn with_calcom_down_an_older_answer_stands_in_and_says_so() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let request = hours(&world, 4, 6);
    world.scheduler.fail_before(Call::Slots, Failure::NotConnected);
    let answer = look(&world, &ada, &request).await;
    assert!(matches!(answer, Err(AppError::Unavailable { .. })), "{answer:?}");
    let fresh = starts(&world, &ada, &request).await;
    world.advance(61);
    world.scheduler.fail_before(Call::Slots, Failure::UnknownOutcome);
    let answer = look(&world, &ada, &request).await.unwrap();
    assert!(answer.stale);
    let stale: Vec<Timestamp> = answer.slots.iter().map(|slot| slot.start).collect();
    assert_eq!(stale, fresh);
}

#[tokio::test]
async fn at_most_31_days_are_answered() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    assert!(look(&world, &ada, &hours(&world, 1, 31 * 24)).await.is_ok());
    let answer = look(&world, &ada, &hours(&world, 1, 31 * 24 + 1)).await;
    let Err(AppError::Invalid(faults)) = answer else { panic!("{answer:?}") };
    assert_eq!((faults[0].pointer.as_str(), faults[0].code), ("end", "range_too_long"));
}

#[tokio::test]
async fn slots_are_as_long_as_the_kind_asked_for() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let half = AvailabilityRequest { event_type_id: Some(HALF_HOUR), ..hours(&world, 4, 1) };
    let answer = look(&world, &ada, &half).await.unwrap();
    assert_eq!((answer.event_type_id, answer.slots.len()), (HALF_HOUR, 2));
    for slot in answer.slots {
        assert_eq!(slot.end.duration_since(slot.start), SignedDuration::from_mins(30));
    }
    let other = interlock_policy::EventTypeId(999);
    let unknown = AvailabilityRequest { event_type_id: Some(other), ..half };
    let answer = look(&world, &ada, &unknown).await;
    assert!(matches!(answer, Err(AppError::EventTypeUnknown)), "{answer:?}");
}

#[tokio::test]
async fn a_range_over_the_end_of_a_week_has_no_seam() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    // From Sunday 20:00 to Monday 04:00 UTC; weeks of the store end at midnight between.
    let sunday = (6 * 24 + 10) * 60;
    let range = Interval::lasting(world.after(sunday), SignedDuration::from_hours(8)).unwrap();
    let request = AvailabilityRequest { range, ..hours(&world, 0, 1) };
    let found = starts(&world, &ada, &request).await;
    let expected: Vec<Timestamp> = (0..16).map(|half| world.after(sunday + half * 30)).collect();
    assert_eq!(found, expected);
    assert_eq!(world.scheduler.count(Call::Slots), 1, "both weeks in one call");
    assert_eq!(starts(&world, &ada, &request).await, expected);
    assert_eq!(world.scheduler.count(Call::Slots), 1);
}

#[tokio::test]
async fn an_inactive_machine_has_no_slots_and_an_unknown_one_is_none() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let laser = read::<Resource>(&world, Resource::key_of(&world.laser())).await.unwrap();
    world.put(&Resource { active: false, ..laser }).await;
    let request = hours(&world, 4, 6);
    assert!(starts(&world, &ada, &request).await.is_empty());
    assert!(world.scheduler.calls().is_empty());
    let unknown = AvailabilityRequest { resource_id: "mch_none".parse().unwrap(), ..request };
    let answer = look(&world, &ada, &unknown).await;
    assert!(matches!(answer, Err(AppError::NotFound { .. })), "{answer:?}");
}

#[tokio::test]
async fn the_zone_is_the_resources_unless_another_is_asked_for() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let request = hours(&world, 4, 1);
    let answer = look(&world, &ada, &request).await.unwrap();
    assert_eq!(answer.time_zone.to_string(), "Europe/Berlin");
    let request = AvailabilityRequest { time_zone: Some("Asia/Tokyo".parse().unwrap()), ..request };
    let answer = look(&world, &ada, &request).await.unwrap();
    assert_eq!(answer.time_zone.to_string(), "Asia/Tokyo");
}

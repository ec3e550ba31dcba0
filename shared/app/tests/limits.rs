//! No limit per person is exceeded, however many of his requests run at once (promise R28).
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "support/dice.rs"]
mod dice;
mod support;

use dice::{Dice, Work, interleave, run};
use interlock_app::model::{OpenReservations, Resource};
use interlock_app::{RescheduleRequest, ReserveRequest, Snapshot, reschedule, reserve};
use interlock_policy::{EventTypeId, ResourceId, UserId};
use interlock_testkit::World;
use interlock_testkit::scheduler::plain_event_type;
use jiff::Timestamp;

use support::{ask, books_agree, read};

const SAW: EventTypeId = EventTypeId(201);

/// A second machine with a calendar of its own, which asks for nothing.
async fn saw(world: &World) -> ResourceId {
    let mut saw: Resource = read(world, Resource::key_of(&world.laser())).await.unwrap();
    saw.id = "mch_saw".parse().unwrap();
    saw.policy.requirements.clear();
    saw.event_types.truncate(1);
    saw.event_types[0].id = SAW;
    let account = saw.cal_account.as_mut().unwrap();
    account.id = "cal_saw".parse().unwrap();
    world.scheduler.set_event_type(&account.id, plain_event_type(SAW, "Saw", 60));
    world.put(&saw).await;
    saw.id
}

async fn on_the_saw(world: &World, user: &UserId, saw: &ResourceId, start: Timestamp) {
    let wish = world.wish(user, start, "saw");
    let wish = ReserveRequest { resource_id: saw.clone(), ..wish };
    let _ = reserve(&world.app, Snapshot::default(), user, &wish).await;
}

fn two_at_once(open: &OpenReservations) -> bool {
    let holds = &open.holds;
    holds.iter().enumerate().any(|(place, one)| {
        holds.iter().skip(place + 1).any(|other| {
            one.reservation_id != other.reservation_id && one.interval.overlaps(&other.interval)
        })
    })
}

#[test]
fn a_person_who_moves_and_reserves_at_once_is_never_at_two_places() {
    for seed in 0..200 {
        let world = run(World::unlisted());
        let ada = run(world.eligible("ada"));
        let saw = run(saw(&world));
        let there = world.after(600);
        let placed = run(ask(&world, &ada, world.after(300), "k")).unwrap();
        let request = RescheduleRequest {
            reservation_id: placed.reservation.id,
            start: there,
            reason: None,
            staff: false,
            idempotency: None,
            act: world.act(&ada),
        };
        let moved: Work<'_> = Box::pin(async {
            let _ = reschedule(&world.app, &ada, &request).await;
        });
        let taken: Work<'_> = Box::pin(on_the_saw(&world, &ada, &saw, there));
        interleave(&mut Dice::new(seed), vec![moved, taken], None);
        let open: OpenReservations = run(read(&world, OpenReservations::key_of(&ada))).unwrap();
        assert!(!two_at_once(&open), "seed {seed}: {open:?}");
        books_agree(&world);
    }
}

#[test]
fn a_person_who_reserves_everywhere_at_once_keeps_the_cap_and_one_place() {
    for seed in 0..200 {
        let world = run(World::unlisted());
        let ada = run(world.eligible("ada"));
        let saw = run(saw(&world));
        let starts = [600, 660, 720, 780].map(|minutes| world.after(minutes));
        let mut works: Vec<Work<'_>> = Vec::new();
        for (place, start) in starts.iter().enumerate() {
            let (world, ada) = (&world, &ada);
            works.push(Box::pin(async move {
                let _ = ask(world, ada, *start, &place.to_string()).await;
            }));
        }
        works.push(Box::pin(on_the_saw(&world, &ada, &saw, starts[0])));
        interleave(&mut Dice::new(seed), works, None);
        let open: OpenReservations = run(read(&world, OpenReservations::key_of(&ada))).unwrap();
        assert!(open.holds.len() <= 3, "seed {seed}: {open:?}");
        assert!(!two_at_once(&open), "seed {seed}: {open:?}");
        books_agree(&world);
    }
}

//! What a person's past does to what he may have next: quotas, disuse, trials and strikes, all from
//! the one read that judges him.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{
    Account, Membership, OpenReservations, Outage, PastOutcome, Reservation,
};
use interlock_app::{CancelRequest, Snapshot, cancel, eligibility, settle_due};
use interlock_policy::{
    CheckoutRequirement, FirstTime, Interval, MembershipRequirement, Quota, QuotaMeasure,
    QuotaPeriod, QuotaScope, Request, Requirement, StrikeLimit, StrikeRule, UserId, Verdict,
};
use interlock_testkit::World;
use interlock_testkit::world::HOUR;
use jiff::SignedDuration;
use support::{ask, books_agree, change_laser, read};

/// An hour that begins so many minutes from now, as the gate sees it.
async fn judged(world: &World, user: &UserId, minutes: i64) -> Verdict {
    let interval = Interval::lasting(world.after(minutes), SignedDuration::from_hours(1)).unwrap();
    let request = Request { interval: Some(interval), event_type_id: Some(HOUR) };
    eligibility(&world.app, Snapshot::default(), user, &world.laser(), &request).await.unwrap()
}

fn codes(verdict: &Verdict) -> Vec<&'static str> {
    verdict.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

/// Reserves an hour soon, and lets it pass and be completed.
async fn use_the_laser(world: &World, user: &UserId, key: &str) -> Reservation {
    let placed = ask(world, user, world.after(120), key).await.unwrap();
    world.advance(4 * 3600);
    settle_due(&world.app, &world.job()).await.unwrap();
    placed.reservation
}

async fn open(world: &World, user: &UserId) -> OpenReservations {
    read(world, OpenReservations::key_of(user)).await.unwrap()
}

fn hourly(limit: u32) -> Quota {
    Quota {
        measure: QuotaMeasure::Minutes,
        limit: limit.into(),
        per: QuotaPeriod::SlidingDays(7),
        scope: QuotaScope::Category,
        hours: None,
        completed_count: true,
        late_cancels_count: true,
    }
}

#[tokio::test]
async fn what_took_place_is_on_record_once_with_how_often_and_when() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let first = use_the_laser(&world, &ada, "k1").await;
    let second = use_the_laser(&world, &ada, "k2").await;
    settle_due(&world.app, &world.job()).await.unwrap();
    let past = open(&world, &ada).await.past;
    let ids: Vec<_> = past.ends.iter().map(|end| &end.reservation_id).collect();
    assert_eq!(ids, [&first.id, &second.id]);
    assert!(past.ends.iter().all(|end| end.outcome == PastOutcome::Completed));
    assert_eq!((past.totals.len(), past.totals[0].count), (1, 2));
    assert_eq!(past.totals[0].last_ended_at, second.interval.end());
    assert_eq!(past.totals[0].category, "lasers");
    books_agree(&world);
}

#[tokio::test]
async fn what_took_place_counts_against_a_quota_and_costs_no_second_read() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    use_the_laser(&world, &ada, "k").await;
    for (limit, expected) in [(120, &[][..]), (119, &["quota_exceeded"])] {
        change_laser(&world, |laser| laser.policy.rules.quotas = vec![hourly(limit)]).await;
        world.store.reset_counts();
        assert_eq!(codes(&judged(&world, &ada, 120).await), expected, "{limit} minutes");
        assert_eq!(world.store.requests(), 1);
    }
    assert!(judged(&world, &ada, 8 * 24 * 60).await.permits(), "another week");
}

#[tokio::test]
async fn a_reservation_still_costs_three_requests_with_a_past() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    use_the_laser(&world, &ada, "k").await;
    change_laser(&world, |laser| laser.policy.rules.quotas = vec![hourly(600)]).await;
    world.store.reset_counts();
    ask(&world, &ada, world.after(120), "again").await.unwrap();
    assert!(world.store.requests() <= 3, "{}", world.store.requests());
}

#[tokio::test]
async fn a_trial_is_had_once() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    change_laser(&world, |laser| {
        laser.policy.rules.first_time_only = Some(FirstTime::EventType);
    })
    .await;
    assert!(judged(&world, &ada, 120).await.permits());
    use_the_laser(&world, &ada, "k").await;
    assert_eq!(codes(&judged(&world, &ada, 120).await), ["first_time_only"]);
}

#[tokio::test]
async fn a_use_keeps_a_checkout_from_lapsing() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    use_the_laser(&world, &ada, "k").await;
    change_laser(&world, |laser| {
        let wanted = CheckoutRequirement {
            lapses_after_days_unused: Some(2),
            ..CheckoutRequirement::MACHINE
        };
        laser.policy.requirements = vec![Requirement::Checkout(wanted)];
    })
    .await;
    let (soon, far) = (30 * 60, 3 * 24 * 60);
    assert!(judged(&world, &ada, soon).await.permits());
    assert_eq!(codes(&judged(&world, &ada, far).await), ["checkout_expired"]);
    assert_eq!(codes(&judged(&world, &bob, soon).await), ["checkout_expired"]);
}

#[tokio::test]
async fn a_late_cancellation_counts_and_an_early_one_or_one_by_staff_does_not() {
    for (minutes, staff, counts) in [(240, false, true), (600, false, false), (240, true, false)] {
        let world = World::new().await;
        let ada = world.eligible("ada").await;
        change_laser(&world, |laser| {
            laser.policy.rules.late_cancel_minutes = 300;
            laser.policy.rules.strikes = Some(StrikeRule {
                no_show_points: 2,
                late_cancel_points: 1,
                decay_days: 30,
                limits: vec![StrikeLimit {
                    from_points: 1,
                    horizon_days: Some(1),
                    open_cap: None,
                    maximum_minutes: None,
                    needs_approval: false,
                }],
            });
        })
        .await;
        let placed = ask(&world, &ada, world.after(minutes), "k").await.unwrap();
        let request = CancelRequest {
            reservation_id: placed.reservation.id,
            reason: "plans changed".to_owned(),
            staff,
            idempotency: None,
            act: world.act(&ada),
        };
        cancel(&world.app, &ada, &request).await.unwrap();
        let past = open(&world, &ada).await.past;
        let late = past.ends.iter().any(|end| end.outcome == PastOutcome::CancelledLate);
        assert_eq!(late, counts, "{minutes} {staff}");
        let expected: &[&str] = if counts { &["strikes_limit"] } else { &[] };
        assert_eq!(codes(&judged(&world, &ada, 3 * 24 * 60).await), expected);
        assert!(past.totals.is_empty(), "it was not used");
    }
}

#[tokio::test]
async fn giving_back_late_what_an_outage_takes_away_is_no_late_cancellation() {
    for (begins, counts) in [(270, false), (300, true)] {
        let world = World::new().await;
        let ada = world.eligible("ada").await;
        change_laser(&world, |laser| laser.policy.rules.late_cancel_minutes = 300).await;
        let placed = ask(&world, &ada, world.after(240), "k").await.unwrap();
        let outage = Outage {
            id: "otg_lens".parse().unwrap(),
            starts_at: world.after(begins),
            ends_at: None,
            reason: "the lens is cracked".to_owned(),
            made_by: world.job().actor,
            made_at: world.clock_now(),
        };
        change_laser(&world, |laser| laser.outages.push(outage)).await;
        let request = CancelRequest {
            reservation_id: placed.reservation.id,
            reason: "it is broken".to_owned(),
            staff: false,
            idempotency: None,
            act: world.act(&ada),
        };
        let cancelled = cancel(&world.app, &ada, &request).await.unwrap().reservation;
        assert_eq!(cancelled.cancelled_late, counts, "{begins}");
    }
}

#[tokio::test]
async fn membership_and_groups_of_the_account_are_facts() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    change_laser(&world, |laser| {
        let wanted = Requirement::Membership(MembershipRequirement::default());
        laser.policy.requirements = vec![wanted];
    })
    .await;
    assert_eq!(codes(&judged(&world, &ada, 120).await), ["membership_missing"]);
    let account = read::<Account>(&world, Account::key_of(&ada)).await.unwrap();
    let membership = Membership { until: Some(world.after(180)), ..Membership::default() };
    world.put(&Account { membership, ..account }).await;
    assert!(judged(&world, &ada, 120).await.permits());
    assert_eq!(codes(&judged(&world, &ada, 150).await), ["membership_expired"]);
}

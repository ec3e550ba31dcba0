//! From a wish to a confirmed reservation, over fakes, with everything that may go wrong.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeMap;

use interlock_app::model::{
    Account, Cause, FindingClass, OpenReservations, Standing, State, Status,
};
use interlock_app::ports::Store;
use interlock_app::ports::scheduler::Failure;
use interlock_app::ports::store::Transaction;
use interlock_app::{
    AppError, CancelRequest, Pass, RefusalCount, RefusalQuery, Refusals, RescheduleRequest,
    Snapshot, cancel, list_refusals, reconcile, reschedule, reserve, settle_due,
};
use interlock_policy::{AccountStatus, ReasonCode, ReservationId, Role, UserId};
use interlock_testkit::World;
use interlock_testkit::scheduler::{Call, plain_event_type};
use interlock_testkit::store::Call as StoreCall;
use interlock_testkit::world::HOUR;
use jiff::Timestamp;

use support::{ask, books_agree, read, reservation};

#[tokio::test]
async fn a_happy_reservation_costs_one_read_two_commits_and_one_call() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    ask(&world, &ada, world.after(24 * 60), "warm").await.unwrap();
    world.store.reset_counts();
    world.scheduler.reset_counts();
    let placed = ask(&world, &ada, world.after(48 * 60), "counted").await.unwrap();
    assert_eq!(placed.status, 201);
    assert_eq!(placed.reservation.status(), Status::Confirmed);
    assert_eq!((world.store.reads(), world.store.queries(), world.store.commits()), (1, 0, 2));
    assert_eq!(world.scheduler.calls(), vec![Call::Create]);
    books_agree(&world);
}

#[tokio::test]
async fn a_slot_is_sold_once() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    let start = world.after(120);
    let (one, two) = tokio::join!(ask(&world, &ada, start, "k"), ask(&world, &bob, start, "k"));
    let won = [&one, &two].iter().filter(|placed| placed.is_ok()).count();
    assert_eq!(won, 1);
    let lost = one.err().or(two.err()).unwrap();
    assert!(matches!(lost, AppError::SlotTaken { .. }));
    books_agree(&world);
}

#[tokio::test]
async fn an_overlapping_time_of_another_kind_is_taken_too() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    ask(&world, &ada, world.after(120), "k").await.unwrap();
    let mut wish = world.wish(&bob, world.after(150), "k");
    wish.duration_minutes = Some(30);
    let answer = reserve(&world.app, Snapshot::default(), &bob, &wish).await;
    assert!(matches!(answer, Err(AppError::SlotTaken { .. })));
}

#[tokio::test]
async fn a_stranger_is_told_everything_that_is_missing() {
    let world = World::new().await;
    let eve = world.person("eve").await;
    let answer = ask(&world, &eve, world.after(120), "k").await;
    let Err(AppError::NotEligible(verdict)) = answer else { panic!("{answer:?}") };
    let codes: Vec<&str> = verdict.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(codes, ["training_incomplete", "checkout_missing"]);
    assert!(world.scheduler.calls().is_empty());
}

#[tokio::test]
async fn a_replayed_key_answers_byte_for_byte_and_does_nothing() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let start = world.after(120);
    let first = ask(&world, &ada, start, "k").await.unwrap();
    world.advance(3600);
    let again = ask(&world, &ada, start, "k").await.unwrap();
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert!(again.replayed);
    assert_eq!(world.scheduler.count(Call::Create), 1);
}

#[tokio::test]
async fn another_body_under_a_known_key_is_refused() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    ask(&world, &ada, world.after(120), "k").await.unwrap();
    let answer = ask(&world, &ada, world.after(240), "k").await;
    assert!(matches!(answer, Err(AppError::IdempotencyMismatch)));
}

#[tokio::test]
async fn no_connection_makes_nothing_and_the_key_may_be_used_again() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let start = world.after(120);
    world.scheduler.fail_before(Call::Create, Failure::NotConnected);
    let answer = ask(&world, &ada, start, "k").await;
    assert!(matches!(answer, Err(AppError::Unavailable { .. })), "{answer:?}");
    books_agree(&world);
    let again = ask(&world, &ada, start, "k").await.unwrap();
    assert_eq!(again.status, 201);
}

#[tokio::test]
async fn a_lost_answer_is_pending_and_found_by_the_resolver() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let start = world.after(120);
    world.scheduler.fail_after(Call::Create, Failure::UnknownOutcome);
    let placed = ask(&world, &ada, start, "k").await.unwrap();
    assert_eq!((placed.status, placed.reservation.status()), (202, Status::Pending));
    let replay = ask(&world, &ada, start, "k").await.unwrap();
    assert_eq!((replay.status, replay.replayed), (202, true));
    world.advance(1);
    settle_due(&world.app, &world.job()).await.unwrap();
    let settled = reservation(&world, &placed.reservation.id).await;
    assert_eq!(settled.status(), Status::Confirmed);
    let replay = ask(&world, &ada, start, "k").await.unwrap();
    assert_eq!(replay.status, 201);
    assert_eq!(world.scheduler.live(&world.account()).len(), 1);
}

#[tokio::test]
async fn a_call_that_never_arrived_frees_the_slot_after_lease_and_quiet_period() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    let start = world.after(600);
    world.scheduler.fail_before(Call::Create, Failure::UnknownOutcome);
    let placed = ask(&world, &ada, start, "k").await.unwrap();
    assert_eq!(placed.status, 202);
    world.advance(60);
    settle_due(&world.app, &world.job()).await.unwrap();
    assert!(matches!(ask(&world, &bob, start, "k").await, Err(AppError::SlotTaken { .. })));
    world.advance(120);
    settle_due(&world.app, &world.job()).await.unwrap();
    assert_eq!(reservation(&world, &placed.reservation.id).await.status(), Status::Failed);
    assert_eq!(ask(&world, &bob, start, "k2").await.unwrap().status, 201);
    books_agree(&world);
}

#[tokio::test]
async fn a_booking_of_a_kind_made_longer_inside_calcom_is_never_taken_for_unmade() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let longer = plain_event_type(HOUR, "Laser", 90);
    world.scheduler.set_event_type(&world.account().id, longer);
    world.scheduler.fail_after(Call::Create, Failure::UnknownOutcome);
    let placed = ask(&world, &ada, world.after(600), "k").await.unwrap();
    assert_eq!(placed.status, 202);
    world.advance(180);
    settle_due(&world.app, &world.job()).await.unwrap();
    let ended = reservation(&world, &placed.reservation.id).await;
    assert_eq!(ended.state, State::Cancelled { cause: Cause::Conflict });
    assert!(world.scheduler.live(&world.account()).is_empty());
    books_agree(&world);
}

#[tokio::test]
async fn a_booking_that_lands_after_its_reservation_failed_is_cancelled_as_an_orphan() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    world.scheduler.fail_late(Call::Create, Failure::UnknownOutcome);
    let placed = ask(&world, &ada, world.after(600), "k").await.unwrap();
    for _ in 0..4 {
        world.advance(90);
        settle_due(&world.app, &world.job()).await.unwrap();
    }
    assert_eq!(reservation(&world, &placed.reservation.id).await.status(), Status::Failed);
    assert_eq!(world.scheduler.land(), 1);
    assert_eq!(world.scheduler.live(&world.account()).len(), 1);
    let report = reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    let classes: Vec<_> = report.findings.iter().map(|finding| finding.class).collect();
    assert_eq!(classes, [FindingClass::Orphan]);
    assert!(world.scheduler.live(&world.account()).is_empty());
}

#[tokio::test]
async fn a_conflict_at_calcom_without_a_booking_of_ours_is_a_lost_slot() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let start = world.after(120);
    world.scheduler.fail_before(Call::Create, Failure::SlotTaken);
    let answer = ask(&world, &ada, start, "k").await;
    assert!(matches!(answer, Err(AppError::SlotTaken { .. })), "{answer:?}");
    let again = ask(&world, &ada, start, "k").await;
    assert!(matches!(again, Err(AppError::SlotTaken { .. })), "the replay tells the same");
    books_agree(&world);
}

#[tokio::test]
async fn a_conflict_that_hides_our_own_booking_is_a_success() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    world.scheduler.fail_after(Call::Create, Failure::SlotTaken);
    let placed = ask(&world, &ada, world.after(120), "k").await.unwrap();
    assert_eq!((placed.status, placed.reservation.status()), (201, Status::Confirmed));
}

#[tokio::test]
async fn a_ban_between_hold_and_confirmation_never_confirms() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let account: Account = read(&world, Account::key_of(&ada)).await.unwrap();
    let banned = Account { status: AccountStatus::Banned, ..account };
    world.scheduler.fail_after(Call::Create, Failure::UnknownOutcome);
    let placed = ask(&world, &ada, world.after(120), "k").await.unwrap();
    let transaction = Transaction::new().replace(&banned, 1).unwrap();
    world.store.commit(&transaction).await.unwrap();
    world.advance(1);
    settle_due(&world.app, &world.job()).await.unwrap();
    let settled = reservation(&world, &placed.reservation.id).await;
    assert!(
        matches!(settled.status(), Status::Cancelling | Status::Cancelled),
        "{:?}",
        settled.status()
    );
    world.advance(200);
    settle_due(&world.app, &world.job()).await.unwrap();
    assert_eq!(reservation(&world, &placed.reservation.id).await.status(), Status::Cancelled);
    assert!(world.scheduler.live(&world.account()).is_empty());
    books_agree(&world);
}

#[tokio::test]
async fn proofs_that_change_while_calcom_answers_are_judged_anew() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let standing: Standing = read(&world, Standing::key_of(&ada)).await.unwrap();
    let lost = Standing { checkouts: Vec::new(), ..standing };
    world.scheduler.fail_after(Call::Create, Failure::UnknownOutcome);
    let placed = ask(&world, &ada, world.after(120), "k").await.unwrap();
    world.store.commit(&Transaction::new().replace(&lost, 1).unwrap()).await.unwrap();
    for _ in 0..4 {
        world.advance(90);
        settle_due(&world.app, &world.job()).await.unwrap();
    }
    assert_eq!(reservation(&world, &placed.reservation.id).await.status(), Status::Cancelled);
    assert!(world.scheduler.live(&world.account()).is_empty());
}

#[tokio::test]
async fn racing_wishes_of_one_person_never_exceed_the_cap() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let wishes: Vec<_> = (0..6).map(|hour| world.after(120 + hour * 120)).collect();
    let asked = wishes.iter().enumerate().map(|(index, start)| {
        let key = index.to_string();
        let world = &world;
        let ada = &ada;
        async move { ask(world, ada, *start, &key).await }
    });
    let answers = futures_join(asked).await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(won <= 3, "{won} of 6 were let through a cap of 3");
    let open: OpenReservations = read(&world, OpenReservations::key_of(&ada)).await.unwrap();
    assert_eq!(open.holds.len(), won);
}

async fn futures_join<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|context| {
        pending.retain_mut(|future| match future.as_mut().poll(context) {
            std::task::Poll::Ready(output) => {
                done.push(output);
                false
            }
            std::task::Poll::Pending => true,
        });
        if pending.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}

fn giving_up(world: &World, user: &UserId, id: &ReservationId) -> CancelRequest {
    CancelRequest {
        reservation_id: id.clone(),
        reason: "plans changed".to_owned(),
        staff: false,
        idempotency: None,
        act: world.act(user),
    }
}

#[tokio::test]
async fn a_cancel_ends_it_here_and_at_calcom_and_frees_the_time() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    let start = world.after(300);
    let placed = ask(&world, &ada, start, "k").await.unwrap();
    let request = giving_up(&world, &ada, &placed.reservation.id);
    let ended = cancel(&world.app, &ada, &request).await.unwrap();
    assert_eq!((ended.status, ended.reservation.status()), (200, Status::Cancelled));
    assert!(world.scheduler.live(&world.account()).is_empty());
    assert_eq!(ask(&world, &bob, start, "k").await.unwrap().status, 201);
    books_agree(&world);
}

#[tokio::test]
async fn a_cancel_while_calcom_is_down_sticks_and_follows_later() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    world.scheduler.fail_before(Call::Booking, Failure::NotConnected);
    let request = giving_up(&world, &ada, &placed.reservation.id);
    let ended = cancel(&world.app, &ada, &request).await.unwrap();
    assert_eq!((ended.status, ended.reservation.status()), (202, Status::Cancelling));
    world.advance(1);
    settle_due(&world.app, &world.job()).await.unwrap();
    assert_eq!(reservation(&world, &placed.reservation.id).await.status(), Status::Cancelled);
    assert!(world.scheduler.live(&world.account()).is_empty());
}

#[tokio::test]
async fn a_cancel_too_late_is_refused_and_a_foreign_one_is_unknown() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    let placed = ask(&world, &ada, world.after(120), "k").await.unwrap();
    let foreign = giving_up(&world, &bob, &placed.reservation.id);
    assert!(matches!(cancel(&world.app, &bob, &foreign).await, Err(AppError::NotFound { .. })));
    world.advance(65 * 60);
    let late = giving_up(&world, &ada, &placed.reservation.id);
    let answer = cancel(&world.app, &ada, &late).await;
    assert!(matches!(answer, Err(AppError::NotEligible(_))), "{answer:?}");
}

fn moving(world: &World, user: &UserId, id: &ReservationId, start: Timestamp) -> RescheduleRequest {
    RescheduleRequest {
        reservation_id: id.clone(),
        start,
        reason: None,
        staff: false,
        idempotency: None,
        act: world.act(user),
    }
}

#[tokio::test]
async fn a_move_frees_the_old_time_and_keeps_the_reservation() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    let (old, new) = (world.after(300), world.after(600));
    let placed = ask(&world, &ada, old, "k").await.unwrap();
    let request = moving(&world, &ada, &placed.reservation.id, new);
    let moved = reschedule(&world.app, &ada, &request).await.unwrap();
    assert_eq!((moved.status, moved.reservation.status()), (200, Status::Confirmed));
    assert_eq!(moved.reservation.interval.start(), new);
    assert_eq!(ask(&world, &bob, old, "k").await.unwrap().status, 201);
    assert!(matches!(ask(&world, &bob, new, "k2").await, Err(AppError::SlotTaken { .. })));
    books_agree(&world);
}

#[tokio::test]
async fn a_move_onto_taken_time_changes_nothing() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    let (old, new) = (world.after(300), world.after(600));
    let placed = ask(&world, &ada, old, "k").await.unwrap();
    ask(&world, &bob, new, "k").await.unwrap();
    let request = moving(&world, &ada, &placed.reservation.id, new);
    let answer = reschedule(&world.app, &ada, &request).await;
    assert!(matches!(answer, Err(AppError::SlotTaken { .. })));
    assert_eq!(reservation(&world, &placed.reservation.id).await.interval.start(), old);
    books_agree(&world);
}

#[tokio::test]
async fn a_move_whose_answer_is_lost_ends_at_exactly_one_time() {
    for landed in [true, false] {
        let world = World::new().await;
        let ada = world.eligible("ada").await;
        let (old, new) = (world.after(600), world.after(900));
        let placed = ask(&world, &ada, old, "k").await.unwrap();
        if landed {
            world.scheduler.fail_after(Call::Reschedule, Failure::UnknownOutcome);
        } else {
            world.scheduler.fail_before(Call::Reschedule, Failure::UnknownOutcome);
        }
        let request = moving(&world, &ada, &placed.reservation.id, new);
        let moved = reschedule(&world.app, &ada, &request).await.unwrap();
        assert_eq!((moved.status, moved.reservation.status()), (202, Status::Moving));
        books_agree(&world);
        for _ in 0..3 {
            world.advance(90);
            settle_due(&world.app, &world.job()).await.unwrap();
        }
        let settled = reservation(&world, &placed.reservation.id).await;
        let expected = if landed { new } else { old };
        assert_eq!((settled.status(), settled.interval.start()), (Status::Confirmed, expected));
        assert_eq!(world.scheduler.live(&world.account()).len(), 1);
        books_agree(&world);
    }
}

#[tokio::test]
async fn a_move_that_was_never_sent_stays_and_says_so() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    world.scheduler.fail_before(Call::Reschedule, Failure::RateLimited);
    let request = moving(&world, &ada, &placed.reservation.id, world.after(600));
    let answer = reschedule(&world.app, &ada, &request).await;
    assert!(matches!(answer, Err(AppError::Unavailable { .. })));
    assert_eq!(reservation(&world, &placed.reservation.id).await.status(), Status::Confirmed);
    books_agree(&world);
}

#[tokio::test]
async fn the_key_of_a_move_that_never_happened_may_be_used_again() {
    for landed in [true, false] {
        let world = World::new().await;
        let ada = world.eligible("ada").await;
        let (old, new) = (world.after(600), world.after(900));
        let placed = ask(&world, &ada, old, "k").await.unwrap();
        let request = RescheduleRequest {
            idempotency: Some(world.wish(&ada, new, "move").idempotency),
            ..moving(&world, &ada, &placed.reservation.id, new)
        };
        if landed {
            world.scheduler.fail_after(Call::Reschedule, Failure::UnknownOutcome);
        } else {
            world.scheduler.fail_before(Call::Reschedule, Failure::UnknownOutcome);
        }
        reschedule(&world.app, &ada, &request).await.unwrap();
        for _ in 0..3 {
            world.advance(90);
            settle_due(&world.app, &world.job()).await.unwrap();
        }
        world.scheduler.reset_counts();
        let again = reschedule(&world.app, &ada, &request).await.unwrap();
        assert_eq!((again.status, again.reservation.interval.start()), (200, new));
        assert_eq!(again.replayed, landed);
        let calls = world.scheduler.calls();
        assert_eq!(calls.contains(&Call::Reschedule), !landed, "{calls:?}");
        books_agree(&world);
    }
}

/// What was refused on the workshop's Monday, as an admin reads it.
async fn refused(world: &World) -> Refusals {
    let boss = world.person_with("boss", &[Role::Admin]).await;
    let viewer = world.account_of(&boss).unwrap();
    let day = "2026-06-01".parse().unwrap();
    let wanted = RefusalQuery { resource_id: None, from: day, to: day };
    list_refusals(&world.app, &viewer, &wanted).await.unwrap()
}

#[tokio::test]
async fn a_refusal_is_counted_by_each_of_its_reasons_with_one_write_and_no_name() {
    let world = World::new().await;
    let eve = world.person("eve").await;
    for _ in 0..2 {
        world.store.reset_counts();
        ask(&world, &eve, world.after(120), "k").await.unwrap_err();
        assert_eq!((world.store.commits(), world.store.additions()), (0, 1));
    }
    let refusals = refused(&world).await;
    let reasons = [(ReasonCode::TrainingIncomplete, 2), (ReasonCode::CheckoutMissing, 2)];
    assert_eq!(refusals.all, RefusalCount { refused: 2, reasons: BTreeMap::from(reasons) });
    assert_eq!(refusals.days.len(), 1);
    let kept = world.store.of_kind("refusal_day");
    assert!(!format!("{kept:?}").contains(eve.as_str()), "{kept:?}");
}

#[tokio::test]
async fn what_is_reserved_and_what_is_taken_is_no_refusal_of_the_gate() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    ask(&world, &ada, world.after(120), "k").await.unwrap();
    ask(&world, &bob, world.after(120), "k").await.unwrap_err();
    assert_eq!(refused(&world).await, Refusals::default());
}

#[tokio::test]
async fn a_move_that_the_gate_refuses_is_counted_too() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(120), "k").await.unwrap();
    let request = RescheduleRequest {
        reservation_id: placed.reservation.id,
        start: world.after(125),
        reason: None,
        staff: false,
        idempotency: None,
        act: world.act(&ada),
    };
    let answer = reschedule(&world.app, &ada, &request).await;
    assert!(matches!(answer, Err(AppError::NotEligible(_))), "{answer:?}");
    assert_eq!(refused(&world).await.all.reasons, BTreeMap::from([(ReasonCode::GridOff, 1)]));
}

#[tokio::test]
async fn a_length_that_is_not_offered_is_counted_like_the_reason_it_is() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let mut wish = world.wish(&ada, world.after(120), "k");
    wish.duration_minutes = Some(37);
    reserve(&world.app, Snapshot::default(), &ada, &wish).await.unwrap_err();
    let reasons = BTreeMap::from([(ReasonCode::DurationNotOffered, 1)]);
    assert_eq!(refused(&world).await.all.reasons, reasons);
}

#[tokio::test]
async fn a_count_that_fails_changes_nothing_of_the_answer() {
    let world = World::new().await;
    let eve = world.person("eve").await;
    let before = ask(&world, &eve, world.after(120), "k").await.unwrap_err();
    world.store.fail_before(StoreCall::Add, 1);
    let after = ask(&world, &eve, world.after(120), "k").await.unwrap_err();
    assert_eq!(format!("{before:?}"), format!("{after:?}"));
    assert_eq!(refused(&world).await.all.refused, 1);
}

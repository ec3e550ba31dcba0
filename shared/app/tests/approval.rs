//! What waits for a yes: held, approved, declined, expired, given back (PRODUCT D17).
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::future::poll_fn;
use std::task::Poll;

use interlock_app::model::{Account, IdempotencyKey, Standing, State, Status};
use interlock_app::ports::scheduler::Failure;
use interlock_app::ports::store::Transaction;
use interlock_app::{
    AppError, CancelRequest, DecisionRequest, IdempotencyUse, Placed, RescheduleRequest,
    UpdateUser, approve, cancel, decline, reschedule, settle_due, update_user,
};
use interlock_policy::{AccountStatus, LossOutcome, ReservationId, Role, UserId};
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use interlock_testkit::store::Call as StoreCall;
use jiff::{SignedDuration, Timestamp};

use support::{
    ask, books_agree, change_laser, laser_wants_a_yes, read, reservation, set_status, stored,
};

/// A workshop whose laser wants a yes, a member who asked for an hour, and a manager.
struct Cast {
    world: World,
    ada: UserId,
    boss: UserId,
    start: Timestamp,
    id: ReservationId,
}

impl Cast {
    async fn new() -> Self {
        Self::at(600).await
    }

    async fn at(minutes: i64) -> Self {
        let world = World::new().await;
        laser_wants_a_yes(&world).await;
        let ada = world.eligible("ada").await;
        let boss = world.person_with("boss", &[Role::Manager]).await;
        let start = world.after(minutes);
        let placed = ask(&world, &ada, start, "k").await.unwrap();
        assert_eq!((placed.status, placed.reservation.status()), (202, Status::Awaiting));
        let id = placed.reservation.id;
        Self { world, ada, boss, start, id }
    }

    fn decision(&self, by: &UserId, key: Option<&str>) -> DecisionRequest {
        let used = |key: &str| IdempotencyUse {
            key: IdempotencyKey(format!("{by}-approve-{key}")),
            body_hash: String::new(),
        };
        DecisionRequest {
            reservation_id: self.id.clone(),
            staff: *by == self.boss,
            idempotency: key.map(used),
            act: self.world.act(by),
        }
    }

    async fn approve(&self) -> Result<Placed, AppError> {
        approve(&self.world.app, &self.boss, &self.decision(&self.boss, None)).await
    }

    async fn decline(&self) -> Result<Placed, AppError> {
        let request = self.decision(&self.boss, None);
        decline(&self.world.app, &self.boss, &request, "the laser is being serviced").await
    }

    async fn replay(&self) -> Result<Placed, AppError> {
        ask(&self.world, &self.ada, self.start, "k").await
    }

    async fn status(&self) -> (Status, Option<&'static str>) {
        let found = reservation(&self.world, &self.id).await;
        (found.status(), found.state.cause().map(interlock_app::model::Cause::word))
    }

    async fn sweep(&self) {
        settle_due(&self.world.app, &self.world.job()).await.unwrap();
    }
}

#[tokio::test]
async fn asking_holds_the_time_without_a_booking() {
    let cast = Cast::new().await;
    assert!(cast.world.scheduler.calls().is_empty());
    let bob = cast.world.eligible("bob").await;
    let other = ask(&cast.world, &bob, cast.start, "k").await;
    assert!(matches!(other, Err(AppError::SlotTaken { .. })), "{other:?}");
    let replay = cast.replay().await.unwrap();
    assert_eq!((replay.status, replay.replayed), (202, true));
    books_agree(&cast.world);
}

#[tokio::test]
async fn the_hold_lasts_as_the_policy_says_and_never_beyond_the_start() {
    for (minutes, hours) in [(600, 10), (5 * 24 * 60, 48)] {
        let cast = Cast::at(minutes).await;
        let State::Awaiting { hold_until, .. } = reservation(&cast.world, &cast.id).await.state
        else {
            panic!("it waits")
        };
        let expected = cast.world.clock_now() + SignedDuration::from_hours(hours);
        assert_eq!(hold_until, expected);
    }
}

#[tokio::test]
async fn a_yes_books_once_and_the_members_key_then_answers_201() {
    let cast = Cast::new().await;
    let placed = cast.approve().await.unwrap();
    assert_eq!((placed.status, placed.reservation.status()), (200, Status::Confirmed));
    assert_eq!(cast.world.scheduler.calls(), [Call::Create]);
    let replay = cast.replay().await.unwrap();
    assert_eq!((replay.status, replay.replayed), (201, true));
    let again = cast.approve().await;
    assert!(matches!(again, Err(AppError::StateConflict { .. })), "{again:?}");
    books_agree(&cast.world);
}

#[tokio::test]
async fn a_yes_under_a_key_is_said_once() {
    let cast = Cast::new().await;
    let request = cast.decision(&cast.boss, Some("y"));
    approve(&cast.world.app, &cast.boss, &request).await.unwrap();
    let again = approve(&cast.world.app, &cast.boss, &request).await.unwrap();
    assert_eq!((again.status, again.replayed), (200, true));
    assert_eq!(cast.world.scheduler.count(Call::Create), 1);
}

#[tokio::test]
async fn a_no_frees_the_time_and_tells_why() {
    let cast = Cast::new().await;
    let ended = cast.decline().await.unwrap();
    assert_eq!((ended.status, cast.status().await), (200, (Status::Cancelled, Some("declined"))));
    assert!(ended.body.contains("the laser is being serviced"), "{}", ended.body);
    let replay = cast.replay().await;
    assert!(matches!(replay, Err(AppError::StateConflict { .. })), "{replay:?}");
    let bob = cast.world.eligible("bob").await;
    assert_eq!(ask(&cast.world, &bob, cast.start, "k").await.unwrap().status, 202);
    assert!(cast.world.scheduler.calls().is_empty());
    books_agree(&cast.world);
}

#[tokio::test]
async fn who_says_nothing_in_time_has_said_no() {
    let cast = Cast::new().await;
    cast.world.advance(600 * 60);
    let late = cast.approve().await;
    assert!(matches!(late, Err(AppError::StateConflict { .. })), "{late:?}");
    assert_eq!(cast.status().await, (Status::Cancelled, Some("expired")));
    assert!(cast.world.scheduler.calls().is_empty());
    books_agree(&cast.world);
}

#[tokio::test]
async fn a_hold_runs_out_by_itself() {
    let cast = Cast::at(5 * 24 * 60).await;
    cast.world.advance(48 * 3600 - 1);
    cast.sweep().await;
    assert_eq!(cast.status().await.0, Status::Awaiting);
    cast.world.advance(1);
    cast.sweep().await;
    assert_eq!(cast.status().await, (Status::Cancelled, Some("expired")));
    let replay = cast.replay().await;
    assert!(matches!(replay, Err(AppError::StateConflict { .. })), "{replay:?}");
    books_agree(&cast.world);
}

#[tokio::test]
async fn the_holder_gives_a_waiting_time_back_at_once() {
    let cast = Cast::new().await;
    let request = CancelRequest {
        reservation_id: cast.id.clone(),
        reason: "plans changed".to_owned(),
        staff: false,
        idempotency: None,
        act: cast.world.act(&cast.ada),
    };
    let ended = cancel(&cast.world.app, &cast.ada, &request).await.unwrap();
    assert_eq!((ended.status, ended.reservation.status()), (200, Status::Cancelled));
    assert!(cast.world.scheduler.calls().is_empty());
    books_agree(&cast.world);
}

#[tokio::test]
async fn a_waiting_time_is_not_moved() {
    let cast = Cast::new().await;
    let request = RescheduleRequest {
        reservation_id: cast.id.clone(),
        start: cast.world.after(900),
        reason: None,
        staff: false,
        idempotency: None,
        act: cast.world.act(&cast.ada),
    };
    let answer = reschedule(&cast.world.app, &cast.ada, &request).await;
    assert!(matches!(answer, Err(AppError::StateConflict { .. })), "{answer:?}");
    cast.approve().await.unwrap();
    let answer = reschedule(&cast.world.app, &cast.ada, &request).await;
    let Err(AppError::NotEligible(verdict)) = answer else { panic!("{answer:?}") };
    assert_eq!(verdict.reasons[0].code.as_str(), "approval_needed");
    let by_staff = RescheduleRequest { staff: true, ..request };
    let moved = reschedule(&cast.world.app, &cast.boss, &by_staff).await.unwrap();
    assert_eq!(moved.status, 200);
    books_agree(&cast.world);
}

#[tokio::test]
async fn nobody_says_yes_to_himself_and_strangers_see_nothing() {
    let cast = Cast::new().await;
    let boss = Account { roles: vec![Role::Manager], ..account(&cast, &cast.ada).await };
    cast.world.put(&boss).await;
    let own = DecisionRequest { staff: true, ..cast.decision(&cast.ada, None) };
    let answer = approve(&cast.world.app, &cast.ada, &own).await;
    assert!(matches!(answer, Err(AppError::SelfApproval)), "{answer:?}");
    let answer = decline(&cast.world.app, &cast.ada, &own, "no").await;
    assert!(matches!(answer, Err(AppError::SelfApproval)), "{answer:?}");
    let eve = cast.world.person_with("eve", &[Role::Host]).await;
    let answer = approve(&cast.world.app, &eve, &cast.decision(&eve, None)).await;
    assert!(matches!(answer, Err(AppError::NotFound { .. })), "{answer:?}");
    change_laser(&cast.world, |laser| laser.user_id = Some(eve.clone())).await;
    let answer = approve(&cast.world.app, &eve, &cast.decision(&eve, None)).await;
    assert_eq!(answer.unwrap().status, 200, "the host whose resource it is");
}

async fn account(cast: &Cast, user: &UserId) -> Account {
    read(&cast.world, Account::key_of(user)).await.unwrap()
}

#[tokio::test]
async fn a_yes_to_somebody_who_may_no_longer_ends_it_and_says_so() {
    let cast = Cast::new().await;
    set_status(&cast.world, &cast.ada, AccountStatus::Suspended).await;
    let answer = cast.approve().await;
    let Err(AppError::NotEligible(verdict)) = answer else { panic!("{answer:?}") };
    assert_eq!(verdict.reasons[0].code.as_str(), "account_suspended");
    assert_eq!(cast.status().await, (Status::Cancelled, Some("eligibility")));
    assert!(cast.world.scheduler.calls().is_empty());
    books_agree(&cast.world);
}

#[tokio::test]
async fn a_loss_that_is_declared_to_be_marked_refuses_a_yes_and_ends_nothing() {
    let declared =
        [(LossOutcome::Flag, Status::Awaiting), (LossOutcome::Cancel, Status::Cancelled)];
    for (resource, status) in declared {
        let cast = Cast::new().await;
        change_laser(&cast.world, |laser| {
            laser.active = false;
            laser.policy.rules.on_lost_eligibility.resource = resource;
        })
        .await;
        let answer = cast.approve().await;
        assert!(matches!(answer, Err(AppError::StateConflict { .. })), "{answer:?}");
        assert_eq!(cast.status().await.0, status, "{resource:?}");
        assert!(cast.world.scheduler.calls().is_empty());
        books_agree(&cast.world);
    }
}

#[tokio::test]
async fn a_kind_that_changed_is_not_booked_on_an_old_yes() {
    let cast = Cast::new().await;
    change_laser(&cast.world, |laser| laser.event_types[0].duration_minutes = 90).await;
    let answer = cast.approve().await;
    assert!(matches!(answer, Err(AppError::StateConflict { .. })), "{answer:?}");
    assert_eq!(cast.status().await.0, Status::Awaiting);
    assert!(cast.world.scheduler.calls().is_empty());
}

#[tokio::test]
async fn a_loss_between_judgement_and_yes_is_judged_anew() {
    let cast = Cast::new().await;
    let standing = stored::<Standing>(&cast.world, Standing::key_of(&cast.ada)).await.unwrap();
    let lost = Standing { checkouts: Vec::new(), ..standing.value };
    let slipped = Transaction::new().replace(&lost, standing.version).unwrap();
    cast.world.store.slip_in(slipped);
    let answer = cast.approve().await;
    assert!(matches!(answer, Err(AppError::NotEligible(_))), "{answer:?}");
    assert_eq!(cast.status().await, (Status::Cancelled, Some("eligibility")));
    assert!(cast.world.scheduler.calls().is_empty());
}

#[tokio::test]
async fn a_loss_regained_between_judgement_and_end_keeps_it() {
    let cast = Cast::new().await;
    set_status(&cast.world, &cast.ada, AccountStatus::Suspended).await;
    let found = stored::<Account>(&cast.world, Account::key_of(&cast.ada)).await.unwrap();
    let active = Account { status: AccountStatus::Active, ..found.value };
    cast.world.store.slip_in(Transaction::new().replace(&active, found.version).unwrap());
    assert_eq!(cast.approve().await.unwrap().status, 200);
}

#[tokio::test]
async fn with_calcom_out_of_reach_it_waits_on_and_the_same_key_works_later() {
    let cast = Cast::new().await;
    cast.world.scheduler.fail_before(Call::Create, Failure::NotConnected);
    let request = cast.decision(&cast.boss, Some("y"));
    let answer = approve(&cast.world.app, &cast.boss, &request).await;
    assert!(matches!(answer, Err(AppError::Unavailable { .. })), "{answer:?}");
    assert_eq!(cast.status().await.0, Status::Awaiting);
    books_agree(&cast.world);
    let again = approve(&cast.world.app, &cast.boss, &request).await.unwrap();
    assert_eq!((again.status, again.replayed), (200, false));
}

#[tokio::test]
async fn who_is_banned_while_calcom_is_asked_in_vain_waits_no_longer() {
    let cast = Cast::new().await;
    let admin = cast.world.person_with("admin", &[Role::Admin]).await;
    cast.world.scheduler.fail_before(Call::Create, Failure::NotConnected);
    let mut approving = Box::pin(cast.approve());
    while cast.status().await.0 != Status::Pending {
        let step = poll_fn(|context| Poll::Ready(approving.as_mut().poll(context))).await;
        assert!(step.is_pending(), "{step:?}");
    }
    let request = UpdateUser {
        user_id: cast.ada.clone(),
        status: AccountStatus::Banned,
        suspension: None,
        act: cast.world.act(&admin),
    };
    update_user(&cast.world.app, &admin, &request).await.unwrap();
    cast.sweep().await;
    let answer = approving.await;
    assert!(answer.is_err(), "{answer:?}");
    assert_eq!(cast.status().await, (Status::Cancelled, Some("eligibility")));
    books_agree(&cast.world);
}

#[tokio::test]
async fn an_answer_lost_after_the_yes_is_settled_like_any_other() {
    let cast = Cast::new().await;
    cast.world.scheduler.fail_after(Call::Create, Failure::UnknownOutcome);
    let placed = cast.approve().await.unwrap();
    assert_eq!((placed.status, placed.reservation.status()), (202, Status::Pending));
    cast.world.advance(1);
    cast.sweep().await;
    assert_eq!(cast.status().await.0, Status::Confirmed);
    assert_eq!(cast.replay().await.unwrap().status, 201);
    assert_eq!(cast.world.scheduler.live(&cast.world.account()).len(), 1);
}

#[tokio::test]
async fn a_time_that_calcom_has_taken_is_lost_with_the_yes() {
    let cast = Cast::new().await;
    cast.world.scheduler.fail_before(Call::Create, Failure::SlotTaken);
    let answer = cast.approve().await;
    assert!(matches!(answer, Err(AppError::SlotTaken { .. })), "{answer:?}");
    assert_eq!(cast.status().await, (Status::Failed, Some("slot_taken")));
    books_agree(&cast.world);
}

#[tokio::test]
async fn a_table_that_fails_at_any_step_of_a_yes_leaves_what_one_sweep_settles() {
    for (call, after, skipped) in [
        (StoreCall::Read, false, 0),
        (StoreCall::Commit, false, 0),
        (StoreCall::Commit, true, 0),
        (StoreCall::Commit, false, 1),
        (StoreCall::Commit, true, 1),
    ] {
        let cast = Cast::new().await;
        // A fault is met by the next call of its kind; the first commit is let through by a
        // conflict that costs a round.
        for _ in 0..skipped {
            cast.world.store.slip_in(Transaction::new());
        }
        if after {
            cast.world.store.fail_after(call, 1);
        } else {
            cast.world.store.fail_before(call, 1);
        }
        let _ = cast.approve().await;
        books_agree(&cast.world);
        for _ in 0..3 {
            cast.world.advance(90);
            cast.sweep().await;
        }
        let live = cast.world.scheduler.live(&cast.world.account()).len();
        let fault = format!("{call:?} after {after} skipped {skipped}");
        match cast.status().await.0 {
            Status::Confirmed => assert_eq!(live, 1, "{fault}"),
            Status::Awaiting | Status::Failed => assert_eq!(live, 0, "{fault}"),
            other @ (Status::Pending
            | Status::Moving
            | Status::Cancelling
            | Status::Cancelled
            | Status::Completed) => panic!("{fault}: {other:?}"),
        }
        books_agree(&cast.world);
    }
}

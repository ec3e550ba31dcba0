//! What a ban, a loss or a change of the machine does to reservations ahead (promise R3).
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
use interlock_app::model::{
    Account, Cascade, Cause, HistoryEvent, Reservation, Resource, Standing, Status, Subject,
};
use interlock_app::ports::scheduler::Failure;
use interlock_app::ports::store::{Document, Transaction};
use interlock_app::{
    AppError, CheckoutAnswer, Decision, GuideChange, Pass, RevokeCheckout, Snapshot, Terms,
    UpdateResource, UpdateUser, check_out, reconcile, revoke_checkout, settle_due, update_resource,
    update_user,
};
use interlock_policy::{AccountStatus, LossOutcome, LossRule, ReservationId, Role, UserId};
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;

use support::{
    all, ask, books_agree, by_hand, change_laser, laser_wants_a_yes, reservation, set_status,
    stored,
};

/// A member with a reservation ahead, and an admin.
struct Cast {
    world: World,
    ada: UserId,
    root: UserId,
    id: ReservationId,
}

impl Cast {
    async fn new() -> Self {
        Self::with(LossRule::default()).await
    }

    async fn with(declared: LossRule) -> Self {
        let world = World::unlisted().await;
        change_laser(&world, |laser| laser.policy.rules.on_lost_eligibility = declared).await;
        let ada = world.eligible("ada").await;
        let root = world.person_with("root", &[Role::Admin]).await;
        let id = ask(&world, &ada, world.after(3 * 24 * 60), "k").await.unwrap().reservation.id;
        Self { world, ada, root, id }
    }

    async fn set(&self, status: AccountStatus) {
        let act = self.world.act(&self.root);
        let request = UpdateUser { user_id: self.ada.clone(), status, suspension: None, act };
        update_user(&self.world.app, &self.root, &request).await.unwrap();
    }

    async fn open_the_laser(&self, active: bool) {
        let laser = stored::<Resource>(&self.world, Resource::key_of(&self.world.laser())).await;
        let request = UpdateResource {
            id: self.world.laser(),
            version: laser.map(|stored| stored.version),
            name: None,
            category: None,
            guide: GuideChange::default(),
            active: Some(active),
            policy_needs_second: None,
            four_eyes: None,
            mapping: None,
            act: self.world.act(&self.root),
        };
        update_resource(&self.world.app, Snapshot::default(), &request).await.unwrap();
    }

    async fn lose_the_checkout(&self) {
        let request = RevokeCheckout {
            resource_id: self.world.laser(),
            user_id: self.ada.clone(),
            by: self.root.clone(),
            reason: "left the lid open".to_owned(),
            to_level: None,
            act: self.world.act(&self.root),
        };
        revoke_checkout(&self.world.app, &request).await.unwrap();
    }

    /// The laser's rules are written anew, and what is held on it is to be gone through.
    async fn rules_change(&self) {
        let found = stored::<Resource>(&self.world, Resource::key_of(&self.world.laser())).await;
        let found = found.unwrap();
        let now = self.world.clock_now();
        let subject = Subject::Resource { resource_id: self.world.laser() };
        let transaction = Transaction::new().replace(&found.value, found.version).unwrap();
        let transaction = Cascade::of(subject, now).write(transaction, now).unwrap();
        self.world.app.store.commit(&transaction).await.unwrap();
    }

    async fn sweep(&self) {
        settle_due(&self.world.app, &self.world.job()).await.unwrap();
    }

    async fn state(&self) -> (Status, Option<&'static str>, Vec<String>) {
        let found = reservation(&self.world, &self.id).await;
        let flags = found.flags.iter();
        let codes = flags.map(|flag| serde_json::to_value(flag.code).unwrap());
        let codes = codes.map(|code| code.as_str().unwrap().to_owned()).collect();
        (found.status(), found.state.cause().map(Cause::word), codes)
    }

    fn live(&self) -> usize {
        self.world.scheduler.live(&self.world.account()).len()
    }
}

fn flagged(codes: &[&str]) -> (Status, Option<&'static str>, Vec<String>) {
    (Status::Confirmed, None, codes.iter().map(|code| (*code).to_owned()).collect())
}

const ENDED: (Status, Option<&str>, Vec<String>) =
    (Status::Cancelled, Some("eligibility"), Vec::new());

#[tokio::test]
async fn a_ban_ends_everything_ahead_whatever_the_policy_keeps() {
    let keep = LossRule { person: LossOutcome::Keep, resource: LossOutcome::Keep };
    let cast = Cast::with(keep).await;
    laser_wants_a_yes(&cast.world).await;
    let waiting = ask(&cast.world, &cast.ada, cast.world.after(600), "w").await.unwrap();
    let bob = cast.world.eligible("bob").await;
    let other = ask(&cast.world, &bob, cast.world.after(900), "k").await.unwrap();
    cast.set(AccountStatus::Banned).await;
    cast.sweep().await;
    assert_eq!(cast.state().await, ENDED);
    let waiting = reservation(&cast.world, &waiting.reservation.id).await;
    assert_eq!(waiting.state.cause(), Some(&Cause::Eligibility));
    let other = reservation(&cast.world, &other.reservation.id).await;
    assert_eq!(other.status(), Status::Awaiting, "another person's stands");
    assert_eq!(cast.live(), 0);
    assert!(cast.world.store.of_kind(Cascade::KIND).is_empty(), "nothing is left to do");
    books_agree(&cast.world);
}

#[tokio::test]
async fn a_suspension_does_what_the_policy_declares() {
    for (outcome, expected) in [
        (LossOutcome::Cancel, ENDED),
        (LossOutcome::Keep, flagged(&[])),
        (LossOutcome::Flag, flagged(&["account_suspended"])),
        (LossOutcome::RenewBy { days: 1 }, flagged(&["account_suspended"])),
    ] {
        let declared = LossRule { person: outcome, ..LossRule::default() };
        let cast = Cast::with(declared).await;
        cast.set(AccountStatus::Suspended).await;
        cast.sweep().await;
        assert_eq!(cast.state().await, expected, "{outcome:?}");
        books_agree(&cast.world);
    }
}

#[tokio::test]
async fn a_term_that_passes_ends_it_and_one_that_is_met_clears_it() {
    for met in [false, true] {
        let declared = LossRule { person: LossOutcome::RenewBy { days: 1 }, ..LossRule::default() };
        let cast = Cast::with(declared).await;
        cast.set(AccountStatus::Suspended).await;
        cast.sweep().await;
        cast.world.advance(24 * 3600 - 1);
        cast.sweep().await;
        assert_eq!(cast.state().await, flagged(&["account_suspended"]), "a second too early");
        if met {
            // Past the port, so that only the term itself looks again.
            set_status(&cast.world, &cast.ada, AccountStatus::Active).await;
        }
        cast.world.advance(1);
        cast.sweep().await;
        let (status, cause, flags) = cast.state().await;
        let expected = if met { (Status::Confirmed, None) } else { (ENDED.0, ENDED.1) };
        assert_eq!((status, cause), expected, "met {met}");
        assert_eq!(flags.is_empty(), met, "what ended it is still told");
        assert_eq!(cast.live(), usize::from(met));
        books_agree(&cast.world);
    }
}

#[tokio::test]
async fn a_mark_is_told_in_history_and_audit_and_goes_when_the_loss_is_made_good() {
    let declared = LossRule { person: LossOutcome::Flag, ..LossRule::default() };
    let cast = Cast::with(declared).await;
    cast.set(AccountStatus::Suspended).await;
    cast.sweep().await;
    let marked = |event: &HistoryEvent| !event.flags.is_empty();
    assert_eq!(all::<HistoryEvent>(&cast.world).iter().filter(|event| marked(event)).count(), 1);
    let audit = cast.world.store.of_kind("audit_entry");
    let told = audit.iter().find(|record| record.body["action"] == "reservation.flagged").unwrap();
    assert_eq!(told.body["detail"]["flags"], serde_json::json!(["account_suspended"]));
    let before = cast.world.store.dump();
    cast.sweep().await;
    assert_eq!(cast.world.store.dump(), before, "judged once, not every minute");
    cast.set(AccountStatus::Active).await;
    cast.sweep().await;
    assert_eq!(cast.state().await, flagged(&[]));
}

#[tokio::test]
async fn a_machine_that_closes_marks_its_reservations_and_opening_clears_them() {
    let cast = Cast::new().await;
    cast.open_the_laser(false).await;
    cast.sweep().await;
    assert_eq!(cast.state().await, flagged(&["machine_inactive"]));
    cast.open_the_laser(true).await;
    cast.sweep().await;
    assert_eq!(cast.state().await, flagged(&[]));
    let cancel = LossRule { resource: LossOutcome::Cancel, ..LossRule::default() };
    let cast = Cast::with(cancel).await;
    cast.open_the_laser(false).await;
    cast.sweep().await;
    assert_eq!(cast.state().await, ENDED);
    books_agree(&cast.world);
}

#[tokio::test]
async fn a_machine_is_gone_through_twice_because_an_index_may_lag() {
    let cast = Cast::new().await;
    cast.open_the_laser(false).await;
    cast.sweep().await;
    assert_eq!(cast.world.store.of_kind(Cascade::KIND).len(), 1);
    cast.world.advance(120);
    cast.sweep().await;
    assert!(cast.world.store.of_kind(Cascade::KIND).is_empty());
}

#[tokio::test]
async fn what_was_let_pass_once_does_not_end_on_another_occasion() {
    let cast = Cast::new().await;
    cast.open_the_laser(false).await;
    cast.sweep().await;
    // The person is judged for something else while the machine is still closed.
    cast.set(AccountStatus::Suspended).await;
    cast.set(AccountStatus::Active).await;
    cast.sweep().await;
    assert_eq!(cast.state().await, flagged(&["machine_inactive"]));
}

#[tokio::test]
async fn what_the_resource_lost_is_no_loss_of_the_persons_when_he_is_judged() {
    let declared = LossRule { person: LossOutcome::Cancel, resource: LossOutcome::Keep };
    let cast = Cast::with(declared).await;
    cast.open_the_laser(false).await;
    cast.sweep().await;
    cast.set(AccountStatus::Suspended).await;
    cast.set(AccountStatus::Active).await;
    cast.sweep().await;
    assert_eq!(cast.state().await, flagged(&[]));
}

/// A loss of the person's and a change of the machine's, in either order before the sweep.
async fn lost_and_closed(declared: LossRule, closed_first: bool, open_again: bool) -> Cast {
    let cast = Cast::with(declared).await;
    for closing in [closed_first, !closed_first] {
        if closing {
            cast.open_the_laser(false).await;
            if open_again {
                cast.open_the_laser(true).await;
            }
        } else {
            cast.lose_the_checkout().await;
        }
        cast.world.advance(1);
    }
    cast.sweep().await;
    books_agree(&cast.world);
    cast
}

#[tokio::test]
async fn a_lost_checkout_ends_it_whether_the_machine_closed_before_or_after() {
    for closed_first in [false, true] {
        let cast = lost_and_closed(LossRule::default(), closed_first, false).await;
        let (status, cause, _) = cast.state().await;
        assert_eq!((status, cause), (ENDED.0, ENDED.1), "closed first: {closed_first}");
    }
}

#[tokio::test]
async fn a_machine_that_closed_and_opened_again_ends_nothing_for_a_loss_that_is_let_pass() {
    for closed_first in [false, true] {
        let declared = LossRule { person: LossOutcome::Flag, resource: LossOutcome::Cancel };
        let cast = lost_and_closed(declared, closed_first, true).await;
        assert_eq!(cast.state().await, flagged(&["checkout_missing"]), "first: {closed_first}");
    }
}

#[tokio::test]
async fn of_a_loss_and_new_rules_at_once_the_stricter_choice_wins_in_either_order() {
    let (flag, cancel) = (LossOutcome::Flag, LossOutcome::Cancel);
    let term = LossOutcome::RenewBy { days: 1 };
    for (person, resource) in [(flag, cancel), (cancel, flag), (term, flag), (flag, term)] {
        for rules_first in [false, true] {
            let cast = Cast::with(LossRule { person, resource }).await;
            for rules in [rules_first, !rules_first] {
                if rules {
                    cast.rules_change().await;
                } else {
                    cast.lose_the_checkout().await;
                }
                cast.world.advance(1);
            }
            cast.sweep().await;
            let found = reservation(&cast.world, &cast.id).await;
            let ended = [person, resource].contains(&cancel);
            let status = if ended { Status::Cancelled } else { Status::Confirmed };
            let what = format!("{person:?} {resource:?}, rules first: {rules_first}");
            assert_eq!(found.status(), status, "{what}");
            assert_eq!(found.flags.iter().any(|flag| flag.until.is_some()), !ended, "{what}");
        }
    }
}

#[tokio::test]
async fn new_rules_alone_do_what_is_declared_for_the_resource() {
    let cast = Cast::new().await;
    // Past the port, so that no work is written for the person.
    let key = Standing::key_of(&cast.ada);
    let found = stored::<Standing>(&cast.world, key).await.unwrap();
    let bare = Standing { checkouts: Vec::new(), ..found.value };
    let lost = Transaction::new().replace(&bare, found.version).unwrap();
    cast.world.app.store.commit(&lost).await.unwrap();
    cast.rules_change().await;
    cast.sweep().await;
    assert_eq!(cast.state().await, flagged(&["checkout_missing"]));
}

#[tokio::test]
async fn a_checkout_cut_short_ends_what_lies_beyond_it() {
    let cast = Cast::new().await;
    let boss = cast.world.person_with("boss", &[Role::Manager]).await;
    let terms = Terms { valid_for_days: Some(1), ..Terms::default() };
    let answer = CheckoutAnswer {
        resource_id: cast.world.laser(),
        by: boss.clone(),
        decision: Decision::Approve(terms),
        act: cast.world.act(&boss),
    };
    check_out(&cast.world.app, &answer, &cast.ada).await.unwrap();
    cast.sweep().await;
    assert_eq!(cast.state().await, ENDED);
}

#[tokio::test]
async fn who_regains_it_between_judgement_and_write_keeps_it() {
    let cast = Cast::new().await;
    cast.set(AccountStatus::Suspended).await;
    let found = stored::<Account>(&cast.world, Account::key_of(&cast.ada)).await.unwrap();
    let active = Account { status: AccountStatus::Active, ..found.value };
    cast.world.store.slip_in(Transaction::new().replace(&active, found.version).unwrap());
    cast.sweep().await;
    assert_eq!(cast.state().await, flagged(&[]));
}

#[tokio::test]
async fn what_has_begun_is_used_up_and_not_ended() {
    let cast = Cast::new().await;
    cast.world.advance(3 * 24 * 3600 + 60);
    cast.set(AccountStatus::Banned).await;
    cast.sweep().await;
    assert_eq!(cast.state().await, flagged(&[]));
}

#[tokio::test]
async fn a_booking_made_inside_calcom_is_marked_and_left_to_its_setting() {
    let cast = Cast::new().await;
    let booking = by_hand(cast.world.after(600), "ada@test.example");
    cast.world.scheduler.ui_create(&cast.world.account(), booking).unwrap();
    let report = reconcile(&cast.world.app, Pass::Incremental, &cast.world.job()).await.unwrap();
    let id = report.findings[0].reservation_id.clone().unwrap();
    cast.set(AccountStatus::Banned).await;
    cast.sweep().await;
    let external = reservation(&cast.world, &id).await;
    let codes: Vec<_> = external.flags.iter().map(|flag| flag.code).collect();
    let codes = serde_json::to_value(codes).unwrap();
    assert_eq!(
        (external.status(), codes),
        (Status::Confirmed, serde_json::json!(["external", "account_banned"]))
    );
    assert_eq!(cast.live(), 1);
}

#[tokio::test]
async fn with_calcom_out_of_reach_it_has_ended_here_and_cal_com_follows() {
    let cast = Cast::new().await;
    cast.set(AccountStatus::Banned).await;
    cast.world.scheduler.fail_before(Call::Booking, Failure::NotConnected);
    cast.sweep().await;
    assert_eq!(cast.state().await.0, Status::Cancelling);
    cast.world.advance(60);
    cast.sweep().await;
    assert_eq!((cast.state().await, cast.live()), (ENDED, 0));
}

#[test]
fn a_sweep_that_dies_anywhere_is_made_good_by_the_next() {
    for turns in 0..40 {
        let cast = run(Cast::new());
        let more = run(ask(&cast.world, &cast.ada, cast.world.after(600), "more")).unwrap();
        run(cast.set(AccountStatus::Banned));
        let dying: Work<'_> = Box::pin(async {
            let _ = settle_due(&cast.world.app, &cast.world.job()).await;
        });
        interleave(&mut Dice::new(turns), vec![dying], Some(turns));
        for _ in 0..3 {
            cast.world.advance(60);
            run(cast.sweep());
        }
        assert_eq!(run(cast.state()), ENDED, "after {turns} turns");
        let more = run(reservation(&cast.world, &more.reservation.id));
        assert_eq!((more.status(), cast.live()), (Status::Cancelled, 0), "after {turns} turns");
        assert!(cast.world.store.of_kind(Cascade::KIND).is_empty());
        books_agree(&cast.world);
    }
}

#[test]
fn nothing_slips_between_a_ban_and_whatever_runs_beside_it() {
    for seed in 0..200 {
        let cast = run(Cast::new());
        let (world, ada) = (&cast.world, &cast.ada);
        let mut works: Vec<Work<'_>> = vec![Box::pin(cast.set(AccountStatus::Banned))];
        for (key, minutes) in [("a", 600), ("b", 900)] {
            works.push(Box::pin(async move {
                let _ = ask(world, ada, world.after(minutes), key).await;
            }));
        }
        works.push(Box::pin(async {
            let _ = settle_due(&world.app, &world.job()).await;
        }));
        interleave(&mut Dice::new(seed), works, None);
        for _ in 0..4 {
            world.advance(90);
            run(cast.sweep());
        }
        for found in all::<Reservation>(world) {
            assert!(found.state.is_final(), "seed {seed}: {found:?}");
        }
        assert_eq!(cast.live(), 0, "seed {seed}");
        books_agree(world);
    }
}

#[test]
fn of_two_admins_who_shut_each_other_out_one_stays() {
    for seed in 0..100 {
        let world = run(World::unlisted());
        let one = run(world.person_with("one", &[Role::Admin]));
        let two = run(world.person_with("two", &[Role::Admin]));
        let shut = |by: &UserId, whom: &UserId| {
            let (app, by) = (world.app.clone(), by.clone());
            let request = UpdateUser {
                user_id: whom.clone(),
                status: AccountStatus::Suspended,
                suspension: None,
                act: world.act(&by),
            };
            async move {
                match update_user(&app, &by, &request).await {
                    Ok(_) | Err(AppError::RoleRequired) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
        };
        let works: Vec<Work<'_>> = vec![Box::pin(shut(&one, &two)), Box::pin(shut(&two, &one))];
        interleave(&mut Dice::new(seed), works, None);
        let accounts = all::<Account>(&world);
        let active = accounts.iter().filter(|found| found.status == AccountStatus::Active).count();
        assert_eq!(active, 1, "seed {seed}");
    }
}

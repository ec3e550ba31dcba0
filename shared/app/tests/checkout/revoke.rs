//! Taking an approval back or lowering it: history kept, what is held ahead ends with it.

use interlock_app::model::{
    AuditEntry, Cascade, Cause, CheckoutEvent, CheckoutRecord, CheckoutStep, ManagerScope,
    Reservation, State,
};
use interlock_app::ports::store::Document;
use interlock_app::{AppError, RevokeCheckout, Terms, revoke_checkout, settle_due};
use interlock_policy::UserId;

use crate::desk::Desk;
use crate::dice::{Dice, Work, interleave, run};
use crate::support::{all, ask, books_agree};

async fn sweep(desk: &Desk) {
    let report = settle_due(&desk.world.app, &desk.world.job()).await.unwrap();
    assert_eq!(report.failed, 0, "{report:?}");
}

#[tokio::test]
async fn it_is_gone_with_its_reason_and_nothing_is_overwritten() {
    let desk = Desk::new().await;
    desk.plainly(&desk.boss).await.unwrap();
    let records = revoke_checkout(&desk.world.app, &desk.revocation(None)).await.unwrap();
    assert_eq!(records[0].ended.as_ref().unwrap().reason, "left the lid open");
    assert!(desk.standing().await.checkouts.is_empty());
    assert_eq!(all::<CheckoutRecord>(&desk.world), records);
    desk.plainly(&desk.chief).await.unwrap();
    let steps = [CheckoutStep::Granted, CheckoutStep::Revoked, CheckoutStep::Granted];
    assert_eq!(desk.steps(), steps);
    let told: Vec<_> =
        all::<CheckoutEvent>(&desk.world).into_iter().filter_map(|event| event.reason).collect();
    assert_eq!(told, ["left the lid open"]);
    let audits = all::<AuditEntry>(&desk.world);
    assert_eq!(audits.iter().filter(|entry| entry.action == "checkout.revoke").count(), 1);
}

#[tokio::test]
async fn what_is_held_ahead_ends_within_a_sweep() {
    let desk = Desk::new().await;
    let eve = desk.world.eligible("eve").await;
    let placed = ask(&desk.world, &eve, desk.world.after(3 * 24 * 60), "k").await.unwrap();
    let request = RevokeCheckout { user_id: eve, ..desk.revocation(None) };
    revoke_checkout(&desk.world.app, &request).await.unwrap();
    assert_eq!(desk.world.store.of_kind(Cascade::KIND).len(), 1);
    sweep(&desk).await;
    let ended = crate::support::reservation(&desk.world, &placed.reservation.id).await;
    assert_eq!(ended.state, State::Cancelled { cause: Cause::Eligibility });
    books_agree(&desk.world);
}

#[tokio::test]
async fn a_lower_level_leaves_the_rest_and_is_a_loss() {
    let desk = Desk::new().await;
    let third = Terms { level: Some(3), valid_for_days: Some(9), notes: None };
    desk.approve(&desk.boss, third).await.unwrap();
    let before = desk.standing().await.checkouts[0].clone();
    for level in [3, 9] {
        let refused = revoke_checkout(&desk.world.app, &desk.revocation(Some(level))).await;
        let Err(AppError::Invalid(faults)) = refused else { panic!("{refused:?}") };
        assert_eq!((faults[0].pointer.as_str(), faults[0].code), ("/toLevel", "not_lower"));
    }
    revoke_checkout(&desk.world.app, &desk.revocation(Some(1))).await.unwrap();
    let after = desk.standing().await.checkouts[0].clone();
    assert_eq!(after.level, 1);
    assert_eq!(interlock_app::model::Checkout { level: 3, ..after }, before);
    assert_eq!(desk.world.store.of_kind(Cascade::KIND).len(), 1);
    assert_eq!(desk.steps(), [CheckoutStep::Granted, CheckoutStep::Demoted]);
}

#[tokio::test]
async fn whatever_counts_on_the_machine_is_taken_back() {
    let desk = Desk::new().await;
    desk.plainly(&desk.boss).await.unwrap();
    desk.laser_by_category().await;
    desk.plainly(&desk.boss).await.unwrap();
    desk.revoke().await;
    assert!(desk.standing().await.checkouts.is_empty());
}

#[tokio::test]
async fn it_needs_a_reason_something_held_and_a_manager_in_scope() {
    let desk = Desk::new().await;
    let app = &desk.world.app;
    let nothing = revoke_checkout(app, &desk.revocation(None)).await;
    assert!(matches!(nothing, Err(AppError::NotFound { what: "checkout" })), "{nothing:?}");
    desk.plainly(&desk.boss).await.unwrap();
    let before = desk.world.store.dump();
    let bare = RevokeCheckout { reason: " ".to_owned(), ..desk.revocation(None) };
    assert!(matches!(revoke_checkout(app, &bare).await, Err(AppError::Invalid(_))));
    assert_eq!(desk.world.store.dump(), before);
    desk.confine(&desk.boss, ManagerScope::default()).await;
    let beyond = revoke_checkout(app, &desk.revocation(None)).await;
    assert!(matches!(beyond, Err(AppError::RoleRequired)), "{beyond:?}");
}

/// Whoever comes first: a hold after the loss is refused, and one before it is ended.
#[test]
fn revoking_races_reserving_and_nothing_is_left_held() {
    for seed in 0..200 {
        let desk = run(Desk::new());
        let eve = run(desk.world.eligible("eve"));
        let start = desk.world.after(3 * 24 * 60);
        let request = RevokeCheckout { user_id: eve.clone(), ..desk.revocation(None) };
        let (world, app) = (&desk.world, &desk.world.app);
        let reserving: Work<'_> = Box::pin(async move {
            let _either = ask(world, &eve, start, "k").await;
        });
        let revoking: Work<'_> = Box::pin(async move {
            revoke_checkout(app, &request).await.unwrap();
        });
        interleave(&mut Dice::new(seed), vec![reserving, revoking], None);
        run(sweep(&desk));
        world.advance(600);
        run(sweep(&desk));
        for reservation in all::<Reservation>(world) {
            let fine = matches!(
                reservation.state,
                State::Cancelled { cause: Cause::Eligibility } | State::Failed { .. }
            );
            assert!(fine, "seed {seed}: {:?}", reservation.state);
        }
        books_agree(world);
    }
}

#[tokio::test]
async fn a_person_is_told_apart_from_another() {
    let desk = Desk::new().await;
    desk.plainly(&desk.boss).await.unwrap();
    let other: UserId = desk.world.eligible("eve").await;
    let request = RevokeCheckout { user_id: other, ..desk.revocation(None) };
    revoke_checkout(&desk.world.app, &request).await.unwrap();
    assert_eq!(desk.standing().await.checkouts.len(), 1);
}

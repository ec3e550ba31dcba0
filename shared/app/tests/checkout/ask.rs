//! Asking for an approval: one wish per person and scope, refused where it is pointless.

use interlock_app::model::{CheckoutStep, PendingCheckout, WishOrigin};
use interlock_app::{AppError, AskCheckout, Asked, Terms, ask_checkout, own_wish};
use interlock_policy::AccountStatus;

use crate::desk::{Desk, granted};
use crate::support::{all, set_status};

fn faults(answer: Result<Asked, AppError>) -> Vec<&'static str> {
    match answer {
        Err(AppError::NotNeeded(faults)) => faults.iter().map(|fault| fault.code).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn asking_again_answers_the_same_wish_and_writes_nothing() {
    let desk = Desk::new().await;
    let asked = AskCheckout { level: Some(2), note: Some("Friday?".into()), ..desk.request() };
    let first = ask_checkout(&desk.world.app, &asked).await.unwrap();
    let Asked::New(wish) = first else { panic!("{first:?}") };
    assert_eq!((wish.level, wish.origin), (2, WishOrigin::Member));
    let before = desk.world.store.dump();
    desk.world.advance(60);
    let again = desk.ask().await.unwrap();
    assert!(matches!(again, Asked::Same(same) if same == wish));
    assert_eq!(desk.world.store.dump(), before);
}

#[tokio::test]
async fn of_two_at_once_one_makes_the_wish() {
    let desk = Desk::new().await;
    let (one, two) = tokio::join!(desk.ask(), desk.ask());
    let new = [one.unwrap(), two.unwrap()];
    assert_eq!(new.iter().filter(|asked| matches!(asked, Asked::New(_))).count(), 1);
    assert_eq!(all::<PendingCheckout>(&desk.world).len(), 1);
}

#[tokio::test]
async fn a_yes_answers_the_wish_and_gives_it_its_name_and_level() {
    let desk = Desk::new().await;
    let asked = AskCheckout { level: Some(2), ..desk.request() };
    let Asked::New(wish) = ask_checkout(&desk.world.app, &asked).await.unwrap() else { panic!() };
    let answered = desk.plainly(&desk.boss).await.unwrap();
    assert_eq!((&granted(&answered).id, granted(&answered).level), (&wish.id, 2));
    assert!(desk.wishes().await.is_empty());
    assert!(all::<PendingCheckout>(&desk.world).is_empty());
    assert_eq!(desk.steps(), [CheckoutStep::Requested, CheckoutStep::Granted]);
}

#[tokio::test]
async fn a_no_ends_the_wish_with_its_reason_and_it_may_be_asked_again() {
    let desk = Desk::new().await;
    desk.ask().await.unwrap();
    desk.decline(&desk.boss, "come with gloves").await.unwrap();
    assert!(desk.wishes().await.is_empty());
    assert!(all::<PendingCheckout>(&desk.world).is_empty());
    let again = desk.decline(&desk.boss, "twice").await;
    assert!(matches!(again, Err(AppError::StateConflict { .. })), "{again:?}");
    assert!(matches!(desk.ask().await.unwrap(), Asked::New(_)));
    let steps = [CheckoutStep::Requested, CheckoutStep::Declined, CheckoutStep::Requested];
    assert_eq!(desk.steps(), steps);
}

#[tokio::test]
async fn a_no_wants_a_reason_and_leaves_what_is_held() {
    let desk = Desk::new().await;
    desk.plainly(&desk.boss).await.unwrap();
    let higher = AskCheckout { level: Some(2), ..desk.request() };
    ask_checkout(&desk.world.app, &higher).await.unwrap();
    let bare = desk.decline(&desk.boss, " ").await;
    assert!(matches!(bare, Err(AppError::Invalid(_))), "{bare:?}");
    desk.decline(&desk.boss, "not yet").await.unwrap();
    assert_eq!(desk.standing().await.checkouts[0].level, 1);
}

#[tokio::test]
async fn what_is_held_is_not_asked_for_but_a_renewal_or_a_higher_level_is() {
    let desk = Desk::new().await;
    let days = |count| Terms { valid_for_days: Some(count), ..Terms::default() };
    desk.approve(&desk.boss, days(31)).await.unwrap();
    assert_eq!(faults(desk.ask().await), ["held"]);
    let higher = AskCheckout { level: Some(2), ..desk.request() };
    let asked = ask_checkout(&desk.world.app, &higher).await.unwrap();
    assert!(matches!(asked, Asked::New(_)));
    desk.decline(&desk.boss, "later").await.unwrap();
    desk.world.advance(24 * 3600);
    assert!(matches!(desk.ask().await.unwrap(), Asked::New(_)), "it lapses within thirty days");
}

#[tokio::test]
async fn every_reason_against_a_wish_comes_at_once() {
    let desk = Desk::new().await;
    desk.plainly(&desk.boss).await.unwrap();
    desk.change(|laser| laser.policy.requirements.clear()).await;
    assert_eq!(faults(desk.ask().await), ["not_asked_for", "held"]);
}

#[tokio::test]
async fn an_account_that_may_not_act_is_told_everything_it_lacks() {
    let desk = Desk::new().await;
    set_status(&desk.world, &desk.ada, AccountStatus::Suspended).await;
    let refused = desk.ask().await;
    let Err(AppError::NotEligible(verdict)) = refused else { panic!("{refused:?}") };
    let codes: Vec<_> = verdict.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(codes, ["account_suspended", "training_incomplete", "checkout_missing"]);
}

#[tokio::test]
async fn a_person_finds_the_own_wish_in_what_was_read_anyway() {
    let desk = Desk::new().await;
    let keys = interlock_app::eligibility_keys(&desk.ada, &desk.world.laser());
    let own = async || {
        let store = desk.world.app.store.as_ref();
        let snapshot = interlock_app::Snapshot::read(store, &keys).await.unwrap();
        own_wish(&snapshot, &desk.ada, (&desk.world.laser(), desk.world.clock_now())).unwrap()
    };
    assert_eq!(own().await, None);
    desk.ask().await.unwrap();
    assert_eq!(own().await, desk.wishes().await.pop());
}

//! Asking for an approval: one wish per person and scope, refused where it is pointless.

use interlock_app::model::{CheckoutStep, CheckoutWish, PendingCheckout, Resource, WishOrigin};
use interlock_app::{
    AppError, AskCheckout, Asked, GuideChange, Snapshot, Terms, UpdateResource, ask_checkout,
    own_wish, read_resource, settle_due, update_resource,
};
use interlock_policy::{AccountStatus, CheckoutScope};

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
        let snapshot = Snapshot::read(store, &keys).await.unwrap();
        own_wish(&snapshot, &desk.ada, (&desk.world.laser(), desk.world.clock_now())).unwrap()
    };
    assert_eq!(own().await, None);
    desk.ask().await.unwrap();
    assert_eq!(own().await, desk.wishes().await.pop());
}

async fn move_laser(desk: &Desk, category: &str) {
    let laser = read_resource(&desk.world.app, Snapshot::default(), &desk.world.laser()).await;
    let request = UpdateResource {
        id: desk.world.laser(),
        version: Some(laser.unwrap().version),
        name: None,
        category: Some(category.to_owned()),
        guide: GuideChange::default(),
        active: None,
        policy_needs_second: None,
        four_eyes: None,
        mapping: None,
        act: desk.world.act(&desk.boss),
    };
    update_resource(&desk.world.app, Snapshot::default(), &request).await.unwrap();
    settle_due(&desk.world.app, &desk.world.job()).await.unwrap();
}

fn category(name: &str) -> CheckoutScope {
    CheckoutScope::Category(name.to_owned())
}

#[tokio::test]
async fn what_waits_in_a_category_waits_on_under_its_new_name() {
    let desk = Desk::new().await;
    desk.laser_by_category().await;
    let Asked::New(wish) = desk.ask().await.unwrap() else { panic!() };
    desk.world.advance(60);
    move_laser(&desk, "cutters").await;
    let moved = CheckoutWish { scope: category("cutters"), category: "cutters".into(), ..wish };
    assert_eq!(desk.wishes().await, std::slice::from_ref(&moved));
    let listed = all::<PendingCheckout>(&desk.world);
    assert_eq!(listed.iter().map(|pending| &pending.wish).collect::<Vec<_>>(), [&moved]);
    assert!(matches!(desk.ask().await.unwrap(), Asked::Same(same) if same == moved));
    let answered = desk.plainly(&desk.boss).await.unwrap();
    assert_eq!(granted(&answered).id, moved.id);
    assert!(all::<PendingCheckout>(&desk.world).is_empty());
}

#[tokio::test]
async fn what_waits_in_a_category_stays_while_something_else_is_in_it() {
    let desk = Desk::new().await;
    desk.laser_by_category().await;
    let laser = read_resource(&desk.world.app, Snapshot::default(), &desk.world.laser()).await;
    let other = Resource { id: "mch_other".parse().unwrap(), ..laser.unwrap().value };
    desk.world.put(&other).await;
    let Asked::New(wish) = desk.ask().await.unwrap() else { panic!() };
    move_laser(&desk, "cutters").await;
    assert_eq!(desk.wishes().await, [wish]);
    assert!(
        matches!(desk.ask().await.unwrap(), Asked::New(new) if new.scope == category("cutters"))
    );
}

#[tokio::test]
async fn what_waits_on_a_machine_is_shown_to_whoever_answers_for_its_new_category() {
    let desk = Desk::new().await;
    let Asked::New(wish) = desk.ask().await.unwrap() else { panic!() };
    move_laser(&desk, "cutters").await;
    let moved = CheckoutWish { category: "cutters".to_owned(), ..wish };
    assert_eq!(all::<PendingCheckout>(&desk.world)[0].wish, moved);
    assert_eq!(desk.wishes().await, [moved]);
    assert_eq!(desk.steps(), [CheckoutStep::Requested], "nothing was done to it");
}

#[tokio::test]
async fn of_two_wishes_that_meet_under_one_name_one_is_left_and_has_waited_longest() {
    let desk = Desk::new().await;
    desk.laser_by_category().await;
    let Asked::New(first) = desk.ask().await.unwrap() else { panic!() };
    desk.world.advance(60);
    let laser = read_resource(&desk.world.app, Snapshot::default(), &desk.world.laser()).await;
    let mut cutter = Resource { id: "mch_cutter".parse().unwrap(), ..laser.unwrap().value };
    cutter.category = "cutters".to_owned();
    desk.world.put(&cutter).await;
    let other = AskCheckout { resource_id: cutter.id, ..desk.request() };
    let Asked::New(second) = ask_checkout(&desk.world.app, &other).await.unwrap() else { panic!() };
    move_laser(&desk, "cutters").await;
    let left = CheckoutWish { since: first.since, ..second };
    assert_eq!(desk.wishes().await, std::slice::from_ref(&left));
    let listed = all::<PendingCheckout>(&desk.world);
    assert_eq!(listed.iter().map(|pending| &pending.wish).collect::<Vec<_>>(), [&left]);
}

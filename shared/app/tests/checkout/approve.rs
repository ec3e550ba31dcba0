//! A manager's approval: whom, on what, until when, and what it leaves unmet.

use interlock_app::model::{AuditEntry, CheckoutStep, ManagerScope};
use interlock_app::{Answered, AppError, Asked, Decision, Snapshot, Terms, check_out, eligibility};
use interlock_policy::{
    AccountStatus, CheckoutRequirement, CheckoutScope, Level, Request, Requirement,
};
use jiff::SignedDuration;

use crate::desk::{Desk, granted};
use crate::support::{all, set_status};

fn codes(answered: &Answered) -> Vec<&'static str> {
    match answered {
        Answered::Granted { verdict, .. } | Answered::AwaitsSecond { verdict, .. } => {
            verdict.reasons.iter().map(|reason| reason.code.as_str()).collect()
        }
        Answered::Declined { .. } => Vec::new(),
    }
}

fn days(count: u32) -> Terms {
    Terms { valid_for_days: Some(count), ..Terms::default() }
}

#[tokio::test]
async fn nobody_approves_himself() {
    let desk = Desk::new().await;
    let before = desk.world.store.dump();
    let answer = desk.answer(&desk.boss, Decision::Approve(Terms::default()));
    let refused = check_out(&desk.world.app, &answer, &desk.boss).await;
    assert!(matches!(refused, Err(AppError::SelfApproval)), "{refused:?}");
    assert_eq!(desk.world.store.dump(), before);
}

#[tokio::test]
async fn missing_training_does_not_refuse_and_the_verdict_still_wants_it() {
    let desk = Desk::new().await;
    let answered = desk.plainly(&desk.boss).await.unwrap();
    assert_eq!(codes(&answered), ["training_incomplete"]);
    let checkout = granted(&answered);
    assert_eq!(checkout.scope, CheckoutScope::Machine(desk.world.laser()));
    assert_eq!((&checkout.approved_by, checkout.level), (&desk.boss, 1));
}

#[tokio::test]
async fn on_a_machine_that_asks_for_its_category_it_counts_for_the_category() {
    let desk = Desk::new().await;
    desk.laser_by_category().await;
    let answered = desk.plainly(&desk.boss).await.unwrap();
    assert_eq!(granted(&answered).scope, CheckoutScope::Category("lasers".to_owned()));
    assert!(codes(&answered).is_empty());
}

#[tokio::test]
async fn it_lapses_after_the_days_given() {
    let desk = Desk::new().await;
    desk.laser_by_category().await;
    let answered = desk.approve(&desk.boss, days(2)).await.unwrap();
    let expires_at = desk.world.clock_now() + SignedDuration::from_hours(48);
    assert_eq!(granted(&answered).expires_at, Some(expires_at));
    desk.world.clock.set(expires_at);
    let asked = Request { interval: None, event_type_id: None };
    let (app, laser) = (&desk.world.app, desk.world.laser());
    let verdict = eligibility(app, Snapshot::default(), &desk.ada, &laser, &asked).await.unwrap();
    assert_eq!(verdict.reasons[0].code.as_str(), "checkout_expired");
}

#[tokio::test]
async fn granting_again_replaces_the_earlier_one_and_the_history_keeps_both() {
    let desk = Desk::new().await;
    desk.approve(&desk.boss, days(1)).await.unwrap();
    let again = desk.plainly(&desk.chief).await.unwrap();
    assert_eq!(desk.standing().await.checkouts, vec![granted(&again).clone()]);
    let grants = all::<AuditEntry>(&desk.world);
    assert_eq!(grants.iter().filter(|entry| entry.action == "checkout.grant").count(), 2);
    assert_eq!(desk.steps(), [CheckoutStep::Granted, CheckoutStep::Renewed]);
}

#[tokio::test]
async fn one_that_had_lapsed_is_granted_anew() {
    let desk = Desk::new().await;
    desk.approve(&desk.boss, days(1)).await.unwrap();
    desk.world.advance(24 * 3600);
    desk.plainly(&desk.boss).await.unwrap();
    assert_eq!(desk.steps(), [CheckoutStep::Granted, CheckoutStep::Granted]);
}

#[tokio::test]
async fn a_level_is_kept_unless_another_is_named() {
    let desk = Desk::new().await;
    let third = Terms { level: Some(3), ..Terms::default() };
    desk.approve(&desk.boss, third).await.unwrap();
    let kept = desk.plainly(&desk.chief).await.unwrap();
    assert_eq!(granted(&kept).level, 3);
    let second = Terms { level: Some(2), ..Terms::default() };
    let lowered = desk.approve(&desk.chief, second).await.unwrap();
    assert_eq!(granted(&lowered).level, 2);
    let steps = [CheckoutStep::Granted, CheckoutStep::Renewed, CheckoutStep::Demoted];
    assert_eq!(desk.steps(), steps);
}

#[tokio::test]
async fn where_the_policy_asks_for_a_level_a_wish_and_a_yes_mean_that_one() {
    let desk = Desk::new().await;
    let second =
        CheckoutRequirement { minimum_level: Some(Level(2)), ..CheckoutRequirement::MACHINE };
    desk.change(|laser| laser.policy.requirements = vec![Requirement::Checkout(second)]).await;
    desk.approve(&desk.boss, Terms { level: Some(1), ..Terms::default() }).await.unwrap();
    let asked = desk.ask().await.unwrap();
    assert!(matches!(&asked, Asked::New(wish) if wish.level == 2), "{asked:?}");
    let answered = desk.plainly(&desk.boss).await.unwrap();
    assert_eq!((granted(&answered).level, codes(&answered)), (2, Vec::new()));
}

#[tokio::test]
async fn approvals_of_two_scopes_stand_beside_each_other() {
    let desk = Desk::new().await;
    desk.plainly(&desk.boss).await.unwrap();
    desk.laser_by_category().await;
    desk.plainly(&desk.boss).await.unwrap();
    assert_eq!(desk.standing().await.checkouts.len(), 2);
}

#[tokio::test]
async fn two_managers_at_once_are_both_kept_in_order() {
    let desk = Desk::new().await;
    let (one, two) = tokio::join!(desk.plainly(&desk.boss), desk.plainly(&desk.chief));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(desk.standing().await.checkouts.len(), 1);
    assert_eq!(desk.steps(), [CheckoutStep::Granted, CheckoutStep::Renewed]);
}

#[tokio::test]
async fn values_out_of_bounds_are_refused_with_their_place() {
    let desk = Desk::new().await;
    let before = desk.world.store.dump();
    for (terms, place) in [
        (Terms { notes: Some("é".repeat(2001)), ..Terms::default() }, "/notes"),
        (days(0), "/validForDays"),
        (days(3661), "/validForDays"),
        (Terms { level: Some(0), ..Terms::default() }, "/level"),
        (Terms { level: Some(10), ..Terms::default() }, "/level"),
    ] {
        let answer = desk.approve(&desk.boss, terms).await;
        let Err(AppError::Invalid(faults)) = answer else { panic!("{answer:?}") };
        assert_eq!(faults[0].pointer, place);
    }
    assert_eq!(desk.world.store.dump(), before);
    let longest = Terms { notes: Some("é".repeat(2000)), ..Terms::default() };
    assert!(desk.approve(&desk.boss, longest).await.is_ok());
}

#[tokio::test]
async fn an_unknown_person_or_machine_is_not_found() {
    let desk = Desk::new().await;
    let mut answer = desk.answer(&desk.boss, Decision::Approve(Terms::default()));
    let nobody = check_out(&desk.world.app, &answer, &"usr_nobody".parse().unwrap()).await;
    assert!(matches!(nobody, Err(AppError::NotFound { what: "person" })), "{nobody:?}");
    answer.resource_id = "mch_none".parse().unwrap();
    let nothing = check_out(&desk.world.app, &answer, &desk.ada).await;
    assert!(matches!(nothing, Err(AppError::NotFound { what: "resource" })), "{nothing:?}");
}

#[tokio::test]
async fn a_manager_decides_within_his_scope_only() {
    let desk = Desk::new().await;
    let machines =
        |id: &str| ManagerScope { machines: vec![id.parse().unwrap()], categories: Vec::new() };
    let categories =
        |name: &str| ManagerScope { machines: Vec::new(), categories: vec![name.to_owned()] };
    for (scope, may) in [
        (machines("mch_laser"), true),
        (machines("mch_mill"), false),
        (categories("lasers"), true),
        (categories("mills"), false),
        (ManagerScope::default(), false),
    ] {
        desk.confine(&desk.boss, scope.clone()).await;
        match desk.plainly(&desk.boss).await {
            Ok(_) => assert!(may, "{scope:?}"),
            Err(AppError::RoleRequired) => assert!(!may, "{scope:?}"),
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn one_machine_in_scope_is_not_its_whole_category() {
    let desk = Desk::new().await;
    desk.laser_by_category().await;
    let scope = ManagerScope { machines: vec![desk.world.laser()], categories: Vec::new() };
    desk.confine(&desk.boss, scope).await;
    let refused = desk.plainly(&desk.boss).await;
    assert!(matches!(refused, Err(AppError::RoleRequired)), "{refused:?}");
}

#[tokio::test]
async fn a_manager_who_is_suspended_decides_nothing() {
    let desk = Desk::new().await;
    set_status(&desk.world, &desk.boss, AccountStatus::Suspended).await;
    let refused = desk.plainly(&desk.boss).await;
    assert!(matches!(refused, Err(AppError::RoleRequired)), "{refused:?}");
}

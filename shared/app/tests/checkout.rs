//! A manager's approval: whom, on what, until when, and what it leaves unmet.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{AuditEntry, Resource, Standing};
use interlock_app::{AppError, Approval, CheckoutRequest, check_out};
use interlock_policy::{CheckoutRequirement, CheckoutScope, Decision, Requirement, Role, UserId};
use interlock_testkit::World;
use jiff::SignedDuration;
use support::{all, read};

struct Cast {
    world: World,
    ada: UserId,
    boss: UserId,
}

impl Cast {
    async fn new() -> Self {
        let world = World::new().await;
        let ada = world.person("ada").await;
        let boss = world.person_with("boss", &[Role::Manager]).await;
        Self { world, ada, boss }
    }

    fn request(&self) -> CheckoutRequest {
        CheckoutRequest {
            resource_id: self.world.laser(),
            user_id: self.ada.clone(),
            approver: self.boss.clone(),
            notes: None,
            valid_for_days: None,
            act: self.world.act(&self.boss),
        }
    }

    async fn approve(&self, request: &CheckoutRequest) -> Result<Approval, AppError> {
        check_out(&self.world.app, request).await
    }

    async fn laser_by_category(&self) {
        let key = Resource::key_of(&self.world.laser());
        let mut laser = read::<Resource>(&self.world, key).await.unwrap();
        laser.policy.requirements = vec![Requirement::Checkout(CheckoutRequirement::CATEGORY)];
        self.world.put(&laser).await;
    }

    async fn standing(&self) -> Standing {
        read(&self.world, Standing::key_of(&self.ada)).await.unwrap()
    }
}

fn codes(approval: &Approval) -> Vec<&'static str> {
    approval.verdict.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

#[tokio::test]
async fn nobody_approves_himself() {
    let cast = Cast::new().await;
    let before = cast.world.store.dump();
    let request = CheckoutRequest { user_id: cast.boss.clone(), ..cast.request() };
    assert!(matches!(cast.approve(&request).await, Err(AppError::SelfApproval)));
    assert_eq!(cast.world.store.dump(), before);
}

#[tokio::test]
async fn missing_training_does_not_refuse_and_the_verdict_still_wants_it() {
    let cast = Cast::new().await;
    let approval = cast.approve(&cast.request()).await.unwrap();
    assert_eq!(approval.verdict.decision, Decision::Refuse);
    assert_eq!(codes(&approval), ["training_incomplete"]);
    assert_eq!(approval.checkout.scope, CheckoutScope::Machine(cast.world.laser()));
    assert_eq!(approval.checkout.approved_by, cast.boss);
}

#[tokio::test]
async fn on_a_machine_that_asks_for_its_category_it_counts_for_the_category() {
    let cast = Cast::new().await;
    cast.laser_by_category().await;
    let approval = cast.approve(&cast.request()).await.unwrap();
    assert_eq!(approval.checkout.scope, CheckoutScope::Category("lasers".to_owned()));
    assert_eq!(approval.verdict.decision, Decision::Permit);
}

#[tokio::test]
async fn it_lapses_after_the_days_given() {
    let cast = Cast::new().await;
    cast.laser_by_category().await;
    let request = CheckoutRequest { valid_for_days: Some(2), ..cast.request() };
    let approval = cast.approve(&request).await.unwrap();
    let expires_at = cast.world.clock_now() + SignedDuration::from_hours(48);
    assert_eq!(approval.checkout.expires_at, Some(expires_at));
    cast.world.clock.set(expires_at);
    let asked = interlock_policy::Request { interval: None, event_type_id: None };
    let (app, laser) = (&cast.world.app, cast.world.laser());
    let verdict = interlock_app::eligibility(
        app,
        interlock_app::Snapshot::default(),
        &cast.ada,
        &laser,
        &asked,
    )
    .await
    .unwrap();
    assert_eq!(verdict.reasons[0].code.as_str(), "checkout_expired");
}

#[tokio::test]
async fn granting_again_replaces_the_earlier_one() {
    let cast = Cast::new().await;
    let short = CheckoutRequest { valid_for_days: Some(1), ..cast.request() };
    cast.approve(&short).await.unwrap();
    let again = cast.approve(&cast.request()).await.unwrap();
    assert_eq!(cast.standing().await.checkouts, vec![again.checkout]);
    let grants = all::<AuditEntry>(&cast.world);
    assert_eq!(grants.iter().filter(|entry| entry.action == "checkout.grant").count(), 2);
}

#[tokio::test]
async fn approvals_of_two_scopes_stand_beside_each_other() {
    let cast = Cast::new().await;
    cast.approve(&cast.request()).await.unwrap();
    cast.laser_by_category().await;
    cast.approve(&cast.request()).await.unwrap();
    assert_eq!(cast.standing().await.checkouts.len(), 2);
}

#[tokio::test]
async fn two_approvals_at_once_are_both_kept_in_order() {
    let cast = Cast::new().await;
    let (one, two) = (cast.request(), cast.request());
    let (one, two) = tokio::join!(cast.approve(&one), cast.approve(&two));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(cast.standing().await.checkouts.len(), 1);
}

#[tokio::test]
async fn values_out_of_bounds_are_refused_with_their_place() {
    let cast = Cast::new().await;
    let before = cast.world.store.dump();
    for (request, place) in [
        (CheckoutRequest { notes: Some("é".repeat(2001)), ..cast.request() }, "/notes"),
        (CheckoutRequest { valid_for_days: Some(0), ..cast.request() }, "/validForDays"),
        (CheckoutRequest { valid_for_days: Some(3661), ..cast.request() }, "/validForDays"),
    ] {
        let answer = cast.approve(&request).await;
        let Err(AppError::Invalid(faults)) = answer else { panic!("{answer:?}") };
        assert_eq!(faults[0].pointer, place);
    }
    assert_eq!(cast.world.store.dump(), before);
    let longest = CheckoutRequest { notes: Some("é".repeat(2000)), ..cast.request() };
    assert!(cast.approve(&longest).await.is_ok());
}

#[tokio::test]
async fn an_unknown_person_or_machine_is_not_found() {
    let cast = Cast::new().await;
    let nobody = CheckoutRequest { user_id: "usr_nobody".parse().unwrap(), ..cast.request() };
    let answer = cast.approve(&nobody).await;
    assert!(matches!(answer, Err(AppError::NotFound { what: "person" })), "{answer:?}");
    let nothing = CheckoutRequest { resource_id: "mch_none".parse().unwrap(), ..cast.request() };
    let answer = cast.approve(&nothing).await;
    assert!(matches!(answer, Err(AppError::NotFound { what: "resource" })), "{answer:?}");
}

//! A member, two managers and the laser, with the few words a test needs.

use interlock_app::model::{
    Account, CheckoutEvent, CheckoutStep, CheckoutWish, ManagerScope, Resource, Standing,
};
use interlock_app::{
    Answered, AppError, AskCheckout, Asked, CheckoutAnswer, Decision, RevokeCheckout, Terms,
    ask_checkout, check_out, revoke_checkout,
};
use interlock_policy::{CheckoutRequirement, Requirement, Role, UserId};
use interlock_testkit::World;

use crate::support::{all, read};

pub(crate) struct Desk {
    pub(crate) world: World,
    pub(crate) ada: UserId,
    pub(crate) boss: UserId,
    pub(crate) chief: UserId,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let world = World::unlisted().await;
        let ada = world.person("ada").await;
        let boss = world.person_with("boss", &[Role::Manager]).await;
        let chief = world.person_with("chief", &[Role::Manager]).await;
        Self { world, ada, boss, chief }
    }

    /// The same, where two must say yes.
    pub(crate) async fn dangerous() -> Self {
        let desk = Self::new().await;
        desk.change(|laser| laser.four_eyes = true).await;
        desk
    }

    pub(crate) async fn change(&self, change: impl FnOnce(&mut Resource)) {
        crate::support::change_laser(&self.world, change).await;
    }

    pub(crate) async fn laser_by_category(&self) {
        let by_category = vec![Requirement::Checkout(CheckoutRequirement::CATEGORY)];
        self.change(|laser| laser.policy.requirements = by_category).await;
    }

    /// Confines a manager.
    pub(crate) async fn confine(&self, manager: &UserId, scope: ManagerScope) {
        let account = read::<Account>(&self.world, Account::key_of(manager)).await.unwrap();
        self.world.put(&Account { scope: Some(scope), ..account }).await;
    }

    pub(crate) fn answer(&self, by: &UserId, decision: Decision) -> CheckoutAnswer {
        let act = self.world.act(by);
        CheckoutAnswer { resource_id: self.world.laser(), by: by.clone(), decision, act }
    }

    pub(crate) async fn approve(&self, by: &UserId, terms: Terms) -> Result<Answered, AppError> {
        let answer = self.answer(by, Decision::Approve(terms));
        check_out(&self.world.app, &answer, &self.ada).await
    }

    pub(crate) async fn plainly(&self, by: &UserId) -> Result<Answered, AppError> {
        self.approve(by, Terms::default()).await
    }

    pub(crate) async fn decline(&self, by: &UserId, reason: &str) -> Result<Answered, AppError> {
        let answer = self.answer(by, Decision::Decline { reason: reason.to_owned() });
        check_out(&self.world.app, &answer, &self.ada).await
    }

    pub(crate) fn request(&self) -> AskCheckout {
        AskCheckout {
            resource_id: self.world.laser(),
            user_id: self.ada.clone(),
            level: None,
            note: None,
            act: self.world.act(&self.ada),
        }
    }

    pub(crate) async fn ask(&self) -> Result<Asked, AppError> {
        ask_checkout(&self.world.app, &self.request()).await
    }

    pub(crate) fn revocation(&self, to_level: Option<u8>) -> RevokeCheckout {
        RevokeCheckout {
            resource_id: self.world.laser(),
            user_id: self.ada.clone(),
            by: self.boss.clone(),
            reason: "left the lid open".to_owned(),
            to_level,
            act: self.world.act(&self.boss),
        }
    }

    pub(crate) async fn revoke(&self) {
        revoke_checkout(&self.world.app, &self.revocation(None)).await.unwrap();
    }

    pub(crate) async fn standing(&self) -> Standing {
        let found = read(&self.world, Standing::key_of(&self.ada)).await;
        found.unwrap_or_else(|| Standing::empty(self.ada.clone()))
    }

    pub(crate) async fn wishes(&self) -> Vec<CheckoutWish> {
        self.standing().await.wishes
    }

    /// Every step so far, in order.
    pub(crate) fn steps(&self) -> Vec<CheckoutStep> {
        let mut events = all::<CheckoutEvent>(&self.world);
        events.sort_by_key(|event| event.version);
        events.into_iter().map(|event| event.step).collect()
    }
}

/// The word and codes of an approval.
pub(crate) fn granted(answered: &Answered) -> &interlock_app::model::Checkout {
    match answered {
        Answered::Granted { checkout, .. } => checkout,
        Answered::AwaitsSecond { .. } | Answered::Declined { .. } => panic!("{answered:?}"),
    }
}

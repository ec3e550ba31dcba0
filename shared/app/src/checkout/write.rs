//! Writing one step: standing, history, lists and audit together.

use interlock_policy::UserId;
use jiff::Timestamp;

use crate::Act;
use crate::model::{
    Cascade, CheckoutEvent, CheckoutRecord, CheckoutStep, CheckoutWish, PendingCheckout, Standing,
    Subject,
};
use crate::ports::store::{StoreError, Transaction};

/// A person's standing as it was read and as it is to become.
pub(super) struct Change<'a> {
    pub(super) standing: &'a Standing,
    pub(super) read: Option<u64>,
    pub(super) act: &'a Act,
    pub(super) now: Timestamp,
}

impl Change<'_> {
    fn user_id(&self) -> &UserId {
        &self.standing.user_id
    }

    /// The standing itself; it carries the condition of the whole step.
    pub(super) fn save(&self, transaction: Transaction) -> Result<Transaction, StoreError> {
        transaction.save(self.standing, self.read)
    }

    /// A wish that was made or got its first yes.
    pub(super) fn wished(
        &self,
        transaction: Transaction,
        (wish, step): (&CheckoutWish, CheckoutStep),
        reason: Option<String>,
    ) -> Result<Transaction, StoreError> {
        let pending = PendingCheckout { user_id: self.user_id().clone(), wish: wish.clone() };
        transaction.put(&pending)?.create(&self.event(wish, step, reason))
    }

    /// A wish that waits under another name from now on. Everybody was told of it before, so only
    /// the history of the new name hears that it is there.
    pub(super) fn refiled(
        &self,
        transaction: Transaction,
        (old, wish): (&CheckoutWish, &CheckoutWish),
    ) -> Result<Transaction, StoreError> {
        let pending = PendingCheckout { user_id: self.user_id().clone(), wish: wish.clone() };
        let transaction = transaction.put(&pending)?;
        if old.scope == wish.scope {
            return Ok(transaction);
        }
        let event = self.event(wish, CheckoutStep::Requested, None);
        let gone = PendingCheckout::key_of(self.user_id(), &old.scope);
        transaction.remove(gone).create(&CheckoutEvent { told: true, ..event })
    }

    /// A wish that was answered with a no.
    pub(super) fn declined(
        &self,
        transaction: Transaction,
        wish: &CheckoutWish,
        reason: String,
    ) -> Result<Transaction, StoreError> {
        let event = self.event(wish, CheckoutStep::Declined, Some(reason));
        let gone = PendingCheckout::key_of(self.user_id(), &wish.scope);
        transaction.remove(gone).create(&event)
    }

    /// An approval that was given, lowered or taken back.
    pub(super) fn recorded(
        &self,
        transaction: Transaction,
        (record, step): (&CheckoutRecord, CheckoutStep),
        reason: Option<String>,
    ) -> Result<Transaction, StoreError> {
        let checkout = &record.checkout;
        let event = CheckoutEvent {
            user_id: self.user_id().clone(),
            scope: checkout.scope.clone(),
            version: self.version(),
            at: self.now,
            actor: self.act.actor.clone(),
            step,
            checkout_id: checkout.id.clone(),
            level: checkout.level,
            expires_at: checkout.expires_at,
            reason,
            told: false,
        };
        transaction.put(record)?.create(&event)
    }

    /// The audit of the step; the words people wrote stay out of it.
    pub(super) fn audited(
        &self,
        transaction: Transaction,
        (action, object): (&str, &str),
        detail: serde_json::Value,
    ) -> Result<Transaction, StoreError> {
        transaction.put(&self.act.audit(self.now, action, object, detail))
    }

    /// What the person holds ahead is judged again, because something was lost (promise R3).
    pub(super) fn cascade(&self, transaction: Transaction) -> Result<Transaction, StoreError> {
        let subject = Subject::User { user_id: self.user_id().clone() };
        Cascade::of(subject, self.now).write(transaction, self.now)
    }

    fn event(
        &self,
        wish: &CheckoutWish,
        step: CheckoutStep,
        reason: Option<String>,
    ) -> CheckoutEvent {
        CheckoutEvent {
            user_id: self.user_id().clone(),
            scope: wish.scope.clone(),
            version: self.version(),
            at: self.now,
            actor: self.act.actor.clone(),
            step,
            checkout_id: wish.id.clone(),
            level: wish.first_yes.as_ref().map_or(wish.level, |yes| yes.level),
            expires_at: None,
            reason,
            told: false,
        }
    }

    /// The version the step makes.
    fn version(&self) -> u64 {
        self.read.map_or(1, |read| read.saturating_add(1))
    }
}

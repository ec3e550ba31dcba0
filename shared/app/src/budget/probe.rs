//! Looks with their calls counted. A look never waits for a call: it must not be in the way of
//! what people and jobs wait for, and that there is none is told like anything else.

use async_trait::async_trait;
use jiff::SignedDuration;

use super::Budgeted;
use crate::model::CallBudget;
use crate::ports::Probe;
use crate::ports::probe::{Look, Seen, Unasked};

#[async_trait]
impl Probe for Budgeted {
    async fn look(&self, look: Look<'_>, patience: SignedDuration) -> Result<Seen, Unasked> {
        let port = self.inner.probe_port().ok_or(Unasked::NoRoom)?;
        let without = || CallBudget::OF_ADDRESS.to_owned();
        let tracker = look.account().map_or_else(without, CallBudget::tracker_of);
        let taken = self.budget.take_within(&tracker, self.urgency, SignedDuration::ZERO).await;
        taken.map_err(|_| Unasked::NoRoom)?;
        let seen = port.look(look, patience).await;
        if let Ok(Seen::Answer { status: 429, .. }) = &seen {
            self.budget.blocked(&tracker).await;
        }
        seen
    }
}

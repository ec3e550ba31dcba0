//! What a route asks of a session beside the password (RELIABILITY P6).
//!
//! A session in which a factor was shown belongs to somebody who has one. A token of an issuer
//! outside says itself what was shown there, and for one who has a factor here it must say so
//! everywhere, because no session of such a one opens without.

use interlock_app::{FACTOR_FRESH, FactorPolicy};
use jiff::Timestamp;

use crate::Caller;

/// What a route asks of a session beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorRule {
    /// Whoever must have a second factor has shown it.
    AsDeployed,
    /// Nothing; for seeing who one is, and for leaving.
    NotAsked,
    /// Whoever has or must have one has shown it in the last ten minutes.
    Fresh,
    /// Whoever has one has shown it in the last ten minutes; without one it is open, to get one.
    FreshIfAny,
}

/// What is lacking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking {
    /// A second factor.
    Factor,
    /// Another showing of it.
    Fresh,
}

impl FactorRule {
    /// What this session or token lacks.
    pub fn lacking(self, policy: FactorPolicy, caller: &Caller, now: Timestamp) -> Option<Lacking> {
        let has = caller.enrolled();
        let must = has || policy.asks(&caller.account.value);
        match (self, caller.factor_at()) {
            (Self::NotAsked, _) | (Self::AsDeployed, Some(_)) => None,
            (Self::FreshIfAny, None) => has.then_some(Lacking::Factor),
            (Self::AsDeployed | Self::Fresh, None) => must.then_some(Lacking::Factor),
            (Self::Fresh | Self::FreshIfAny, Some(at)) => {
                let until = at.saturating_add(FACTOR_FRESH).unwrap_or(at);
                (now >= until).then_some(Lacking::Fresh)
            }
        }
    }
}

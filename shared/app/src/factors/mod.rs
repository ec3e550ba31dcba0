//! The second factor: got, shown, shown again before what is dangerous, and lost (RELIABILITY P6).
//!
//! A code counts once, because every showing is written on condition of what was read; whatever
//! changes a factor ends every session of its person, so a session that has shown one belongs to
//! somebody who has one.

mod change;
mod enrol;
mod login;
mod recovery;
mod showing;
mod step_up;
mod totp;

use jiff::SignedDuration;

pub use change::{remove_factor, renew_codes, reset_factor};
pub use enrol::{BeginFactor, BegunTotp, ConfirmFactor, begin_factor, confirm_factor};
pub use login::{CodeAttempt, Completed as CompletedLogin, ask_for_factor, complete_login};
pub use showing::Showing;
pub use step_up::step_up;

/// How long a factor that was shown suffices for what is dangerous (RELIABILITY P6).
pub const FACTOR_FRESH: SignedDuration = SignedDuration::from_mins(10);

/// Who must have a second factor; whoever has one is asked for it in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorPolicy {
    /// Managers and admins: without one they may do nothing but get one.
    Staff,
    /// Nobody; for trying the product out.
    Nobody,
}

impl FactorPolicy {
    /// Whether it asks one of somebody.
    pub fn asks(self, account: &crate::model::Account) -> bool {
        match self {
            Self::Staff => account.rank() >= interlock_policy::Role::Manager.rank(),
            Self::Nobody => false,
        }
    }
}

//! Whether what was shown is the person's, and what is left of it afterwards.

use jiff::Timestamp;

use super::{recovery, totp};
use crate::model::{Factor, SecondFactor};
use crate::{AppError, Settings};

/// What somebody shows beside the password.
#[derive(Clone, Copy)]
pub enum Showing<'a> {
    /// A code of the app.
    Code(&'a str),
    /// A recovery code.
    Recovery(&'a str),
}

impl Showing<'_> {
    /// The word for it in the audit.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Code(_) => "totp",
            Self::Recovery(_) => "recovery_code",
        }
    }
}

impl SecondFactor {
    /// The factor after this was shown, or nothing if it does not count: a step once, and none
    /// before it; a recovery code once.
    pub(super) fn after(
        &self,
        settings: &Settings,
        (proof, now): (Showing<'_>, Timestamp),
    ) -> Result<Option<Self>, AppError> {
        let Some(factor) = &self.factor else { return Ok(None) };
        match proof {
            Showing::Code(code) => {
                let Factor::Totp { id, confirmed_at, last_step } = factor;
                let step = totp::step_of(settings, id, (code, now))?;
                let later = step.filter(|step| step > last_step);
                Ok(later.map(|last_step| {
                    let (id, confirmed_at) = (id.clone(), *confirmed_at);
                    let factor = Some(Factor::Totp { id, confirmed_at, last_step });
                    Self { factor, ..self.clone() }
                }))
            }
            Showing::Recovery(code) => {
                let hash = recovery::hash(code);
                let left: Vec<_> =
                    self.recovery.iter().filter(|own| **own != hash).cloned().collect();
                let known = left.len() < self.recovery.len();
                Ok(known.then(|| Self { recovery: left, ..self.clone() }))
            }
        }
    }
}

/// What somebody who is logged in is told of a code that does not count.
pub(super) fn wrong(pointer: &str) -> AppError {
    AppError::invalid(pointer, "wrong", "the code is wrong or was used")
}

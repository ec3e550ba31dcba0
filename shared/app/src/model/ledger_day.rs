//! One UTC day of one Cal.com account: the lock that decides who holds which time (PRODUCT D5).

use interlock_policy::{CalAccountId, ledger};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ports::store::{Document, Key};

/// The holds of a day. Its version is the lock: of two holds that read the same version, one
/// commits (promise R2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerDay {
    /// Whose calendar.
    pub cal_account_id: CalAccountId,
    /// Which day and what is held on it.
    #[serde(flatten)]
    pub day: ledger::LedgerDay,
}

impl LedgerDay {
    /// A day on which nothing is held.
    pub fn empty(cal_account_id: CalAccountId, date: Date) -> Self {
        Self { cal_account_id, day: ledger::LedgerDay::empty(date) }
    }

    /// Address of an account's day.
    pub fn key_of(id: &CalAccountId, date: Date) -> Key {
        Key::new(format!("LEDGER#{id}#{date}"), "DAY")
    }
}

impl Document for LedgerDay {
    const KIND: &'static str = "ledger_day";

    fn key(&self) -> Key {
        Self::key_of(&self.cal_account_id, self.day.day)
    }
}

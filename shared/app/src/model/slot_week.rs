//! What Cal.com last said was free, by account and week.

use std::collections::BTreeMap;

use interlock_policy::{CalAccountId, EventTypeId};
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ports::store::{Document, Key, StoreError, Transaction};

/// Free starts of an account's week, UTC weeks from Monday; dropped by every write of ours that
/// changes the calendar, so that our own writes are never stale (PRODUCT 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SlotWeek {
    /// Whose calendar.
    pub cal_account_id: CalAccountId,
    /// Monday of the week.
    pub monday: Date,
    /// By kind, as text, because keys of maps are text.
    pub free: BTreeMap<String, FreeStarts>,
    /// When it is expendable.
    pub expires_at: Timestamp,
}

/// Free starts of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FreeStarts {
    /// When Cal.com said so.
    pub fetched_at: Timestamp,
    /// Starts, ascending.
    pub starts: Vec<Timestamp>,
}

/// Monday of the UTC week in which a day lies.
pub fn week_of(date: Date) -> Date {
    let back = i64::from(date.weekday().to_monday_zero_offset());
    date.saturating_sub(Span::new().days(back))
}

impl SlotWeek {
    /// Address of an account's week.
    pub fn key_of(id: &CalAccountId, monday: Date) -> Key {
        Key::new(format!("WEEK#{id}#{monday}"), "SLOTS")
    }

    /// Forgets a week in a transaction. A mark is left whose version nobody has read, so that an
    /// answer of Cal.com's fetched before and written after does not come back to life.
    pub fn forget(
        transaction: Transaction,
        id: &CalAccountId,
        monday: Date,
        now: Timestamp,
    ) -> Result<Transaction, StoreError> {
        let empty = Self {
            cal_account_id: id.clone(),
            monday,
            free: BTreeMap::new(),
            expires_at: now.saturating_add(SignedDuration::from_hours(1)).unwrap_or(now),
        };
        let version = u64::try_from(now.as_microsecond()).unwrap_or(u64::MAX);
        transaction.overwrite(&empty, version)
    }

    /// What was said of a kind.
    pub fn of(&self, event_type: EventTypeId) -> Option<&FreeStarts> {
        self.free.get(&event_type.to_string())
    }
}

impl Document for SlotWeek {
    const KIND: &'static str = "slot_week";

    fn key(&self) -> Key {
        Self::key_of(&self.cal_account_id, self.monday)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

//! Ledger-day arithmetic.

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{Interval, ReservationId};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerEntry {
    pub reservation_id: ReservationId,
    pub held: Interval,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerDay {
    pub day: Date,
    pub entries: Vec<LedgerEntry>,
}

pub fn days_of(interval: &Interval) -> Vec<Date> {
    let date = |at: jiff::Timestamp| at.to_zoned(TimeZone::UTC).date();
    let last = date(
        interval.end().saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(interval.end()),
    );
    let mut days = vec![date(interval.start())];
    while let Some(day) = days.last().copied().filter(|day| *day < last && days.len() < 90) {
        match day.tomorrow() {
            Ok(next) => days.push(next),
            Err(_) => break,
        }
    }
    days
}

impl LedgerDay {
    pub fn empty(day: Date) -> Self {
        Self { day, entries: Vec::new() }
    }
    pub fn conflicts(
        &self,
        held: &Interval,
        except: Option<&ReservationId>,
    ) -> Option<&LedgerEntry> {
        self.entries.iter().find(|e| e.held.overlaps(held) && Some(&e.reservation_id) != except)
    }
    pub fn insert(&mut self, entry: LedgerEntry) -> Result<(), LedgerEntry> {
        if self.conflicts(&entry.held, Some(&entry.reservation_id)).is_some() {
            return Err(entry);
        }
        self.entries.push(entry);
        Ok(())
    }
    pub fn release(&mut self, id: &ReservationId, held: Option<&Interval>) {
        self.entries.retain(|e| e.reservation_id != *id || held.is_some_and(|h| e.held != *h));
    }
}

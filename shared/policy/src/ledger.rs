//! The arithmetic of ledger days: which UTC days a hold touches and what lies on each.
//!
//! A hold is written on every day it touches, so two holds that overlap always meet on a day.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Interval, ReservationId};

/// A stretch of time held for a reservation, buffers included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerEntry {
    /// For which reservation.
    pub reservation_id: ReservationId,
    /// The whole time held, also where it reaches into other days.
    pub held: Interval,
}

/// One UTC day of a calendar with everything held on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerDay {
    /// Which day, in UTC.
    pub day: Date,
    /// What is held, in the order it was taken. Entries of different reservations never overlap;
    /// one reservation may hold overlapping times while it is being moved.
    pub entries: Vec<LedgerEntry>,
}

/// Every UTC day on which an instant of the interval lies, in order. An interval that ends at
/// midnight does not touch the day that begins there.
pub fn days_of(interval: &Interval) -> Vec<Date> {
    let date = |at: Timestamp| TimeZone::UTC.to_datetime(at).date();
    let last_instant = interval.end().saturating_sub(SignedDuration::from_nanos(1));
    let last = date(last_instant.unwrap_or(interval.end()));
    let first = date(interval.start());
    std::iter::successors(Some(first), |day| day.tomorrow().ok())
        .take_while(|day| *day <= last)
        .collect()
}

impl LedgerDay {
    /// A day on which nothing is held.
    pub fn empty(day: Date) -> Self {
        Self { day, entries: Vec::new() }
    }

    /// The first entry that shares an instant with `held`, leaving out those of `except`.
    pub fn conflicts(
        &self,
        held: &Interval,
        except: Option<&ReservationId>,
    ) -> Option<&LedgerEntry> {
        self.entries
            .iter()
            .find(|entry| entry.held.overlaps(held) && Some(&entry.reservation_id) != except)
    }

    /// Takes time; the same entry a second time changes nothing. Gives the entry back if another
    /// reservation holds some of its time.
    pub fn insert(&mut self, entry: LedgerEntry) -> Result<(), LedgerEntry> {
        if self.conflicts(&entry.held, Some(&entry.reservation_id)).is_some() {
            return Err(entry);
        }
        if !self.entries.contains(&entry) {
            self.entries.push(entry);
        }
        Ok(())
    }

    /// Gives back the reservation's entry for exactly `held`, or all its entries where absent.
    pub fn release(&mut self, id: &ReservationId, held: Option<&Interval>) {
        self.entries.retain(|entry| {
            entry.reservation_id != *id || held.is_some_and(|held| entry.held != *held)
        });
    }
}

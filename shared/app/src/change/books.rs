//! The ledger days and open reservations a change touches, as they were read.

use std::collections::{BTreeMap, BTreeSet};

use interlock_policy::{CalAccountId, Interval, UserId, ledger};
use jiff::SignedDuration;
use jiff::civil::Date;

use super::holds::Held;
use crate::model::{Hold, LedgerDay, OpenReservations, Reservation};
use crate::ports::store::{Key, Transaction};
use crate::{App, AppError, Snapshot};

/// Most days one change touches; with more, its records would not fit one transaction.
const MOST_DAYS: usize = 60;

/// Whether a change of all these times can be written.
pub(crate) fn fit(times: &[Interval]) -> bool {
    // What is longer has too many days in any case, and listing those of a century takes long.
    let longest = SignedDuration::from_hours(24 * 61);
    times.iter().all(|time| time.length() <= longest)
        && times.iter().flat_map(ledger::days_of).collect::<BTreeSet<_>>().len() <= MOST_DAYS
}

/// Days and open reservations with the versions they were read at.
pub(crate) struct Books {
    days: BTreeMap<Date, (LedgerDay, Option<u64>)>,
    open: Option<(OpenReservations, Option<u64>)>,
    changed: BTreeSet<Date>,
    open_changed: bool,
}

impl Books {
    /// Keys of the books for these intervals.
    pub(crate) fn keys(
        account: &CalAccountId,
        user: Option<&UserId>,
        intervals: &[Interval],
    ) -> Vec<Key> {
        if intervals.is_empty() {
            return Vec::new();
        }
        let days: BTreeSet<Date> = intervals.iter().flat_map(ledger::days_of).collect();
        let days = days.into_iter().map(|date| LedgerDay::key_of(account, date));
        days.chain(user.map(OpenReservations::key_of)).collect()
    }

    /// The books for these intervals; asks the table only for what the snapshot lacks.
    pub(crate) async fn open(
        app: &App,
        snapshot: Snapshot,
        reservation: &Reservation,
        intervals: &[Interval],
    ) -> Result<(Self, Snapshot), AppError> {
        let account = &reservation.cal_account_id;
        let keys = Self::keys(account, reservation.user_id(), intervals);
        let snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
        let mut days = BTreeMap::new();
        for date in intervals.iter().flat_map(ledger::days_of) {
            let stored = snapshot.get::<LedgerDay>(&LedgerDay::key_of(account, date))?;
            let day = match stored {
                Some(stored) => (stored.value, Some(stored.version)),
                None => (LedgerDay::empty(account.clone(), date), None),
            };
            days.insert(date, day);
        }
        let open = match reservation.user_id() {
            Some(user_id) if !intervals.is_empty() => {
                let key = OpenReservations::key_of(user_id);
                Some(match snapshot.get::<OpenReservations>(&key)? {
                    Some(stored) => (stored.value, Some(stored.version)),
                    None => (OpenReservations::empty(user_id.clone()), None),
                })
            }
            Some(_) | None => None,
        };
        let books = Self { days, open, changed: BTreeSet::new(), open_changed: false };
        Ok((books, snapshot))
    }

    /// Whether nobody else holds any of this time.
    pub(crate) fn is_free(&self, held: &Interval, reservation: &Reservation) -> bool {
        self.days.values().all(|(day, _)| day.day.conflicts(held, Some(&reservation.id)).is_none())
    }

    /// Gives time back.
    pub(crate) fn release(&mut self, reservation: &Reservation, time: &Held) {
        for date in ledger::days_of(&time.held) {
            if let Some((day, _)) = self.days.get_mut(&date) {
                day.day.release(&reservation.id, Some(&time.held));
                self.changed.insert(date);
            }
        }
        if let Some((open, _)) = &mut self.open {
            open.release(&reservation.id, Some(time.interval));
            open.past.settle(reservation);
            self.open_changed = true;
        }
    }

    /// Corrects what is on record of an end by what was said of the holder since.
    pub(crate) fn amend(&mut self, reservation: &Reservation, now: jiff::Timestamp) {
        if let Some((open, _)) = &mut self.open
            && open.past.amend(reservation, now)
        {
            self.open_changed = true;
        }
    }

    /// Takes time; the caller has made sure that it is free.
    pub(crate) fn take(&mut self, reservation: &Reservation, time: &Held) -> Result<(), AppError> {
        for date in ledger::days_of(&time.held) {
            if let Some((day, _)) = self.days.get_mut(&date) {
                let entry =
                    ledger::LedgerEntry { reservation_id: reservation.id.clone(), held: time.held };
                day.day
                    .insert(entry)
                    .map_err(|_| AppError::SlotTaken { interval: time.interval })?;
                self.changed.insert(date);
            }
        }
        self.list(reservation, time.interval);
        Ok(())
    }

    /// Puts an interval on the person's list.
    pub(crate) fn list(&mut self, reservation: &Reservation, interval: Interval) {
        if let Some((open, _)) = &mut self.open {
            open.holds.push(Hold {
                reservation_id: reservation.id.clone(),
                resource_id: reservation.resource_id.clone(),
                category: reservation.category.clone(),
                event_type_id: Some(reservation.event_type_id),
                made_at: Some(reservation.created_at),
                interval,
            });
            self.open_changed = true;
        }
    }

    /// Writes what changed on condition that it is as it was read.
    pub(crate) fn write(
        &mut self,
        transaction: Transaction,
        now: jiff::Timestamp,
    ) -> Result<Transaction, AppError> {
        let mut transaction = transaction;
        for date in &self.changed {
            if let Some((day, version)) = self.days.get(date) {
                transaction = transaction.save(day, *version)?;
            }
        }
        if self.open_changed
            && let Some((open, version)) = &mut self.open
        {
            open.forget_ended(now);
            transaction = transaction.save(open, *version)?;
        }
        Ok(transaction)
    }
}

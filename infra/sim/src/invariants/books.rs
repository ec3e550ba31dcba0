//! The ledger and the open lists against what the states hold (promises R2 and R28).

use std::collections::BTreeSet;

use interlock_app::model::Reservation;
use interlock_policy::{Interval, ReservationId, ledger};
use jiff::Timestamp;

use super::{Broken, Checker, SKEW, holds};

impl Checker {
    /// Compares what the change touched: its days, its holder, and everybody else's time.
    pub(super) fn books(
        &self,
        before: Option<&Reservation>,
        after: &Reservation,
        now: Timestamp,
    ) -> Option<Broken> {
        let account = &after.cal_account_id;
        for (_, held) in holds(after) {
            let other = self.others(account, &after.id).find(|(_, other)| other.overlaps(&held));
            if let Some((id, other)) = other {
                let detail = format!("{} holds {held:?}, {id} holds {other:?}", after.id);
                return Some(("R2", detail));
            }
        }
        let touched = before.into_iter().flat_map(holds).chain(holds(after));
        let days: BTreeSet<_> = touched.flat_map(|(_, held)| ledger::days_of(&held)).collect();
        for day in days {
            let mut held: Vec<(ReservationId, Interval)> = self
                .reservations
                .values()
                .filter(|one| one.cal_account_id == *account)
                .flat_map(|one| holds(one).into_iter().map(|(_, held)| (one.id.clone(), held)))
                .filter(|(_, held)| ledger::days_of(held).contains(&day))
                .collect();
            let entries = self.ledger.get(&(account.clone(), day)).map(Vec::as_slice);
            let mut written: Vec<(ReservationId, Interval)> = entries
                .unwrap_or_default()
                .iter()
                .map(|entry| (entry.reservation_id.clone(), entry.held))
                .collect();
            held.sort();
            held.dedup();
            written.sort();
            if held != written {
                let detail = format!("{account} {day}: held {held:?}, the ledger {written:?}");
                return Some(("R2", detail));
            }
        }
        self.open_list(after, now)
    }

    fn open_list(&self, after: &Reservation, now: Timestamp) -> Option<Broken> {
        let user = after.user_id()?;
        let listed = self.open.get(user).map(Vec::as_slice).unwrap_or_default();
        let mut held: Vec<(ReservationId, Interval)> = self
            .reservations
            .values()
            .filter(|one| one.user_id() == Some(user))
            .flat_map(|one| holds(one).into_iter().map(|(time, _)| (one.id.clone(), time)))
            // Whose clock is ahead forgets a hold a little early.
            .filter(|(_, time)| time.end() > now + SKEW)
            .collect();
        let mut listed: Vec<(ReservationId, Interval)> = listed
            .iter()
            .map(|hold| (hold.reservation_id.clone(), hold.interval))
            .filter(|(_, time)| time.end() > now + SKEW)
            .collect();
        held.sort();
        listed.sort();
        (held != listed).then(|| ("R28", format!("{user} holds {held:?}, the list {listed:?}")))
    }
}

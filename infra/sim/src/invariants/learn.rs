//! Taking in what a commit wrote, document by document.

use interlock_app::model::{
    Account, LedgerDay, OpenReservations, Reservation, Resource, Standing, Status,
};
use interlock_app::ports::store::{Document, Record};
use interlock_policy::{AccountStatus, CheckoutScope};
use jiff::Timestamp;

use super::Checker;

impl Checker {
    /// Takes in one record, reservations left out: those are judged first.
    pub(crate) fn learn(&mut self, record: &Record) {
        match record.kind.as_str() {
            Account::KIND => self.learn_account(record),
            Standing::KIND => self.learn_standing(record),
            Resource::KIND => self.learn_resource(record),
            LedgerDay::KIND => {
                if let Ok(day) = record.decode::<LedgerDay>() {
                    let key = (day.value.cal_account_id, day.value.day.day);
                    self.ledger.insert(key, day.value.day.entries);
                }
            }
            OpenReservations::KIND => {
                if let Ok(open) = record.decode::<OpenReservations>() {
                    self.open.insert(open.value.user_id, open.value.holds);
                }
            }
            _ => {}
        }
    }

    fn learn_account(&mut self, record: &Record) {
        let Ok(account) = record.decode::<Account>() else { return };
        let active = account.value.status == AccountStatus::Active;
        if !active {
            self.unfit_people.insert(account.value.id.clone());
        }
        self.statuses.insert(account.value.id, account.value.status);
    }

    fn learn_standing(&mut self, record: &Record) {
        let Ok(standing) = record.decode::<Standing>() else { return };
        let machines = standing.value.checkouts.iter().filter_map(|one| match &one.scope {
            CheckoutScope::Machine(id) => Some(id.clone()),
            CheckoutScope::Category(_) => None,
        });
        let machines = machines.collect();
        let before = self.proven.insert(standing.value.user_id.clone(), machines);
        if before.is_some() {
            self.unfit_people.insert(standing.value.user_id);
        }
    }

    fn learn_resource(&mut self, record: &Record) {
        let Ok(resource) = record.decode::<Resource>() else { return };
        let resource = resource.value;
        if !resource.active {
            self.unfit_resources.insert(resource.id.clone());
        }
        if resource.closed.is_some() {
            self.closed.insert(resource.id.clone());
        } else {
            self.closed.remove(&resource.id);
        }
        let needs_proof = !resource.policy.requirements.is_empty();
        let usable = resource.active && resource.cal_account.is_some();
        self.resources.insert(resource.id, (usable, needs_proof));
    }

    pub(super) fn keep(&mut self, reservation: Reservation, now: Timestamp) {
        let id = &reservation.id;
        if reservation.status() == Status::Moving && self.status_of(id) != Some(Status::Moving) {
            self.moving_since.insert(id.clone(), now);
        }
        if let interlock_app::model::State::Moving { target, .. } = &reservation.state {
            self.wanted.entry(id.clone()).or_default().push(target.interval);
        }
        if !self.reservations.contains_key(&reservation.id) {
            self.order.push(reservation.id.clone());
        }
        if matches!(reservation.state, interlock_app::model::State::Confirmed { .. }) {
            self.confirmed.insert(reservation.id.clone());
        }
        self.reservations.insert(reservation.id.clone(), reservation);
    }
}

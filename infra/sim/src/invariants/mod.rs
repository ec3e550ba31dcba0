//! What holds at every step: the checker follows each commit and knows the whole from its parts.

mod books;
mod calls;
mod learn;
mod letters;
mod rights;
mod step;

use std::collections::{BTreeMap, BTreeSet};

use interlock_app::Placed;
use interlock_app::model::{Hold, Reservation, State, Status};
use interlock_calcom_sim::embed::Row;
use interlock_policy::ledger::LedgerEntry;
use interlock_policy::{
    AccountStatus, CalAccountId, EventTypeId, Interval, ReservationId, ResourceId, UserId,
};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::dice::nth;

pub(crate) use calls::Calls;

/// A promise and how it was broken.
pub(crate) type Broken = (&'static str, String);

/// How far an instance's clock may be off.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// What is known of the table without reading it again.
#[derive(Debug, Default, Clone)]
pub(crate) struct Checker {
    reservations: BTreeMap<ReservationId, Reservation>,
    order: Vec<ReservationId>,
    statuses: BTreeMap<UserId, AccountStatus>,
    proven: BTreeMap<UserId, BTreeSet<ResourceId>>,
    resources: BTreeMap<ResourceId, (bool, bool)>,
    /// Those that a kind changed inside Cal.com has closed.
    closed: BTreeSet<ResourceId>,
    ledger: BTreeMap<(CalAccountId, Date), Vec<LedgerEntry>>,
    open: BTreeMap<UserId, Vec<Hold>>,
    confirmed: BTreeSet<ReservationId>,
    promises: BTreeSet<ReservationId>,
    /// When what was ever moved by us began to be moved for the last time.
    moving_since: BTreeMap<ReservationId, Timestamp>,
    /// Times that we were ever about to ask Cal.com for in a move: a call that began when its
    /// instance's clock was slow may be carried out after it was taken for over.
    wanted: BTreeMap<ReservationId, Vec<Interval>>,
    /// Who or what was ever unfit, so that an end for lack of eligibility has a ground.
    unfit_people: BTreeSet<UserId>,
    unfit_resources: BTreeSet<ResourceId>,
    touched_uids: BTreeSet<String>,
    touched_marks: BTreeSet<String>,
    edited_kinds: BTreeSet<EventTypeId>,
    letters: letters::Letters,
}

/// Everything a reservation holds: as reserved and as held in the ledger.
pub(crate) fn holds(reservation: &Reservation) -> Vec<(Interval, Interval)> {
    let own = (reservation.interval, reservation.held);
    match &reservation.state {
        State::Awaiting { .. } | State::Pending { .. } | State::Confirmed { .. } => vec![own],
        State::Moving { target, .. } => vec![own, (target.interval, target.held)],
        State::Cancelling { target, .. } => {
            let target = target.iter().map(|target| (target.interval, target.held));
            std::iter::once(own).chain(target).collect()
        }
        State::Cancelled { .. } | State::Failed { .. } | State::Completed => Vec::new(),
    }
}

impl Checker {
    /// A reservation that has not ended and its holder, by a number; an ended one at times.
    pub(crate) fn nth_open(&self, number: u64) -> Option<(ReservationId, Option<UserId>)> {
        let open: Vec<&Reservation> = self
            .order
            .iter()
            .filter_map(|id| self.reservations.get(id))
            .filter(|one| !one.state.is_final() || number.is_multiple_of(7))
            .collect();
        let one = nth(&open, number)?;
        Some((one.id.clone(), one.user_id().cloned()))
    }

    /// A reservation that waits for a yes, by a number.
    pub(crate) fn nth_waiting(&self, number: u64) -> Option<ReservationId> {
        let ids = self.order.iter().filter(|id| self.status_of(id) == Some(Status::Awaiting));
        nth(&ids.collect::<Vec<_>>(), number).map(|id| (*id).clone())
    }

    /// Whether a person may act.
    pub(crate) fn status_of_person(&self, user: &UserId) -> Option<AccountStatus> {
        self.statuses.get(user).copied()
    }

    /// Where a reservation stands.
    pub(crate) fn status_of(&self, id: &ReservationId) -> Option<Status> {
        self.reservations.get(id).map(Reservation::status)
    }

    /// Whether a reservation has ended.
    pub(crate) fn has_ended(&self, id: &ReservationId) -> bool {
        self.reservations.get(id).is_some_and(|one| one.state.is_final())
    }

    /// What stands on an account.
    pub(crate) fn confirmed_on(&self, account: &CalAccountId) -> Vec<ReservationId> {
        let own = self.reservations.values().filter(|one| one.cal_account_id == *account);
        own.filter(|one| one.status() == Status::Confirmed).map(|one| one.id.clone()).collect()
    }

    /// All reservations.
    pub(crate) fn reservations(&self) -> impl Iterator<Item = &Reservation> {
        self.reservations.values()
    }

    /// Somebody changed a booking inside Cal.com.
    pub(crate) fn touched_inside(&mut self, uid: &str, about: Option<&Row>) {
        self.touched_uids.insert(uid.to_owned());
        if let Some(row) = about {
            self.touched_uids.insert(row.uid.clone());
            self.touched_marks.extend(row.mark.clone());
        }
    }

    /// Somebody edited a kind inside Cal.com: from then on a move may get another length.
    pub(crate) fn kind_edited_inside(&mut self, kind: EventTypeId) {
        self.edited_kinds.insert(kind);
    }

    pub(crate) fn was_touched(&self, reservation: &Reservation) -> bool {
        self.touched_marks.contains(reservation.id.as_str())
            || reservation.cal_uids.iter().any(|uid| self.touched_uids.contains(&uid.0))
    }

    /// Whether we moved it after its kind was edited inside Cal.com: the booking then has the
    /// kind's length, and may fit neither where it was to go nor where it came from.
    pub(crate) fn was_moved_at_another_length(&self, reservation: &Reservation) -> bool {
        self.edited_kinds.contains(&reservation.event_type_id)
            && self.wanted.contains_key(&reservation.id)
    }

    pub(crate) fn was_unfit(&self, reservation: &Reservation) -> bool {
        self.unfit_resources.contains(&reservation.resource_id)
            || reservation.user_id().is_some_and(|user| self.unfit_people.contains(user))
    }

    /// A client was answered; says what was false about it (promise R5).
    pub(crate) fn told(&mut self, placed: &Placed, now: Timestamp) -> Option<String> {
        let reservation = &placed.reservation;
        let stands = matches!(reservation.state, State::Confirmed { .. });
        if (placed.status == 201 || stands) && !self.confirmed.contains(&reservation.id) {
            return Some(format!("{} was told as confirmed at {now}", reservation.id));
        }
        if placed.status == 201 || stands {
            self.promises.insert(reservation.id.clone());
        }
        None
    }

    /// A reader saw a reservation confirmed.
    pub(crate) fn promised(&mut self, reservation: &Reservation) {
        self.promises.insert(reservation.id.clone());
    }

    /// Reservations somebody was told to stand.
    pub(crate) fn promises(&self) -> impl Iterator<Item = &Reservation> {
        self.promises.iter().filter_map(|id| self.reservations.get(id))
    }

    /// Whether the reservation may stand as people and machines are now.
    fn is_fit(&self, reservation: &Reservation) -> bool {
        let Some(user) = reservation.user_id() else { return true };
        let (active, needs_proof) =
            self.resources.get(&reservation.resource_id).copied().unwrap_or((false, false));
        active
            && self.statuses.get(user) == Some(&AccountStatus::Active)
            && (!needs_proof || self.is_proven(reservation))
    }

    /// What is held on an account by all but one reservation.
    fn others<'a>(
        &'a self,
        account: &'a CalAccountId,
        except: &'a ReservationId,
    ) -> impl Iterator<Item = (&'a ReservationId, Interval)> {
        self.reservations
            .values()
            .filter(move |one| one.cal_account_id == *account && one.id != *except)
            .flat_map(|one| holds(one).into_iter().map(move |(_, held)| (&one.id, held)))
    }

    /// Whether anything of a time is held on an account.
    pub(crate) fn is_held(&self, account: &CalAccountId, time: &Interval) -> bool {
        let own = self.reservations.values().filter(|one| one.cal_account_id == *account);
        own.flat_map(holds).any(|(_, held)| held.overlaps(time))
    }

    /// Everything that is held, by account.
    pub(crate) fn held(&self) -> Vec<(CalAccountId, Interval)> {
        let all = self.reservations.values();
        let of = |one: &Reservation| {
            let account = one.cal_account_id.clone();
            holds(one).into_iter().map(move |(_, held)| (account.clone(), held))
        };
        all.flat_map(of).collect()
    }
}

//! What people are told: nothing that is not so when it is told, and in the end everything that
//! became of what they have.

use std::collections::{BTreeMap, BTreeSet};

use interlock_app::model::{
    About, Addressee, Letter, LetterId, LetterKind, LetterState, Reservation, Status,
};
use interlock_app::ports::store::{Document, Transaction};
use interlock_policy::{Interval, ReservationId};
use jiff::{SignedDuration, Timestamp};

use super::step::puts;
use super::{Broken, Checker, SKEW};

/// What is known of letters.
#[derive(Debug, Default, Clone)]
pub(super) struct Letters {
    written: BTreeMap<LetterId, Letter>,
    handed: BTreeSet<LetterId>,
    /// State and time of each version of a reservation, and when it was written.
    versions: BTreeMap<(ReservationId, u64), (Status, Interval, Timestamp)>,
}

/// How long a letter may be due before the last sweep must have had it.
const LEFT: SignedDuration = SignedDuration::from_mins(12);
/// How long before the start each reminder is due.
const REMINDERS: [(LetterKind, SignedDuration); 2] = [
    (LetterKind::ReminderDay, SignedDuration::from_hours(24)),
    (LetterKind::ReminderHour, SignedDuration::from_hours(1)),
];

impl Letters {
    /// The version a letter speaks of; `None` for one that never was.
    fn version<'a>(&self, letter: &'a Letter) -> Option<(&'a ReservationId, Status, Interval)> {
        let (id, version) = occasion(letter)?;
        let (status, interval, _) = self.versions.get(&(id.clone(), version))?;
        Some((id, *status, *interval))
    }

    /// Whether the holder was told this, at this time if one is named, or is about to be; what was
    /// given up is with staff.
    fn tells(&self, one: &Reservation, kinds: &[LetterKind], time: Option<Interval>) -> bool {
        self.written.values().filter(|letter| kinds.contains(&letter.kind)).any(|letter| {
            let own = self.version(letter).is_some_and(|(about, _, interval)| {
                *about == one.id && time.is_none_or(|time| time == interval)
            });
            let goes = self.handed.contains(&letter.id)
                || matches!(letter.state, LetterState::Due | LetterState::Failed { .. });
            own && goes && letter.reader() == one.user_id()
        })
    }
}

/// The reservation and version a letter speaks of.
fn occasion(letter: &Letter) -> Option<(&ReservationId, u64)> {
    match &letter.about {
        About::Reservation { reservation_id, version, .. } => Some((reservation_id, *version)),
        About::Account { .. } | About::Checkout { .. } => None,
    }
}

impl Checker {
    /// A letter was handed over.
    pub(crate) fn handed(&mut self, id: &LetterId) {
        self.letters.handed.insert(id.clone());
    }

    /// A version of a reservation was written.
    pub(super) fn learn_version(
        &mut self,
        reservation: &Reservation,
        version: u64,
        now: Timestamp,
    ) {
        let known = (reservation.status(), reservation.interval, now);
        self.letters.versions.insert((reservation.id.clone(), version), known);
    }

    /// Takes in the letters of a commit, and says what is false about one of them.
    pub(super) fn learn_letters(
        &mut self,
        transaction: &Transaction,
        now: Timestamp,
    ) -> Option<Broken> {
        let mut broken = None;
        for record in puts(transaction).filter(|record| record.kind == Letter::KIND) {
            let Ok(stored) = record.decode::<Letter>() else { continue };
            let letter = stored.value;
            let found = if letter.attempts > 0 && letter.state == LetterState::Due {
                self.is_false(&letter, now)
            } else if stored.version == 1 {
                apart(transaction, &letter)
            } else {
                self.is_withheld(&letter)
            };
            broken = broken.or(found);
            self.letters.written.insert(letter.id.clone(), letter);
        }
        broken
    }

    /// What was claimed goes out, so it must be so at this instant.
    fn is_false(&self, letter: &Letter, now: Timestamp) -> Option<Broken> {
        occasion(letter)?;
        let Some((id, status, interval)) = self.letters.version(letter) else {
            return Some(("R5", format!("{} tells of what never was", letter.id)));
        };
        let is = self.reservations.get(id)?;
        let his = !matches!(letter.to, Addressee::User { .. }) || letter.reader() == is.user_id();
        let is_so = stands(is) && is.interval == interval && his;
        let wrong = match letter.kind {
            LetterKind::ReminderDay | LetterKind::ReminderHour => {
                !is_so || interval.start() + SKEW < now
            }
            LetterKind::Confirmed | LetterKind::Changed => !is_so,
            LetterKind::EligibilityLost if status == Status::Confirmed => !is_so,
            LetterKind::AwaitingApproval => is.status() != Status::Awaiting,
            LetterKind::EligibilityLost
            | LetterKind::Cancelled
            | LetterKind::Declined
            | LetterKind::Unanswered
            | LetterKind::NotMade => !has_ended(is),
            LetterKind::CheckoutRequested
            | LetterKind::CheckoutGranted
            | LetterKind::CheckoutRevoked
            | LetterKind::CheckoutDeclined
            | LetterKind::CheckoutExpiring
            | LetterKind::PasswordReset
            | LetterKind::Invitation
            | LetterKind::PasswordChanged
            | LetterKind::RolesChanged
            | LetterKind::FactorChanged
            | LetterKind::RecoveryCodeUsed => false,
        };
        wrong.then(|| ("R5", format!("{} goes out and {} is {:?}", letter.id, is.id, is.state)))
    }

    /// An end that nobody is told of after all.
    fn is_withheld(&self, letter: &Letter) -> Option<Broken> {
        let LetterState::Dropped { why, .. } = letter.state else { return None };
        let (_, status, _) = self.letters.version(letter)?;
        let end = matches!(status, Status::Cancelling | Status::Cancelled | Status::Failed)
            && matches!(letter.to, Addressee::User { .. });
        end.then(|| ("R7", format!("{} tells of an end and is dropped as {why:?}", letter.id)))
    }

    /// Whoever has something was told of it as it stands, and of its end; and nothing that was due
    /// is left.
    pub(crate) fn untold(&self, now: Timestamp, swept: bool) -> Option<Broken> {
        let left = |letter: &&Letter| {
            letter.state == LetterState::Due && letter.due_at + LEFT < now && to_person(letter)
        };
        if let Some(letter) = self.letters.written.values().find(left).filter(|_| swept) {
            return Some(("R7", format!("{} is still due", letter.id)));
        }
        let known = self.reservations.values().filter(|one| one.user_id().is_some());
        for one in known.filter(|one| self.confirmed.contains(&one.id)) {
            let told = if has_ended(one) {
                let kinds = [LetterKind::Cancelled, LetterKind::EligibilityLost];
                self.letters.tells(one, &kinds, None)
            } else {
                let kinds = [LetterKind::Confirmed, LetterKind::Changed];
                one.interval.end() <= now || self.letters.tells(one, &kinds, Some(one.interval))
            };
            if !told {
                return Some(("R7", format!("nobody is told of {}: {:?}", one.id, one.state)));
            }
        }
        None
    }

    /// When reminders of what stands are due that were not handed over yet.
    pub(crate) fn reminders_ahead(&self) -> Vec<Timestamp> {
        let due = |letter: &&Letter| {
            letter.state == LetterState::Due
                && REMINDERS.iter().any(|(kind, _)| *kind == letter.kind)
        };
        let mut times: Vec<_> =
            self.letters.written.values().filter(due).map(|letter| letter.due_at).collect();
        times.sort();
        times.dedup();
        times
    }

    /// Whoever has something was reminded of it, as far as that was due in a time with sweeps.
    pub(crate) fn unreminded(&self, (from, to): (Timestamp, Timestamp)) -> Option<Broken> {
        let held = |one: &&Reservation| stands(one) && one.user_id().is_some();
        for one in self.reservations.values().filter(held) {
            let mut known = self.letters.versions.iter().filter(|((id, _), (status, time, _))| {
                *id == one.id && *status == Status::Confirmed && *time == one.interval
            });
            let Some((_, (_, _, since))) = known.next() else { continue };
            for (kind, before) in REMINDERS {
                let due = one.interval.start() - before;
                let was_time = from < due && due <= to && *since + SKEW + SKEW < due;
                if was_time && !self.letters.tells(one, &[kind], Some(one.interval)) {
                    return Some(("R7", format!("nobody is reminded of {}: {kind:?}", one.id)));
                }
            }
        }
        None
    }
}

/// A letter is written with the version it tells of, or not at all; a copy for each of several
/// readers comes later.
fn apart(transaction: &Transaction, letter: &Letter) -> Option<Broken> {
    let (id, version) = occasion(letter)?;
    let copied = match letter.to {
        Addressee::Decider { .. } => true,
        Addressee::User { .. } | Addressee::Host | Addressee::Deciders { .. } => false,
    };
    let with = puts(transaction).any(|record| {
        record.kind == Reservation::KIND
            && record.key == Reservation::key_of(id)
            && record.version == version
    });
    (!copied && !with).then(|| ("R5", format!("{} is written apart from its change", letter.id)))
}

fn to_person(letter: &Letter) -> bool {
    matches!(letter.to, Addressee::User { .. })
}

fn stands(reservation: &Reservation) -> bool {
    match reservation.status() {
        Status::Confirmed | Status::Moving | Status::Completed => true,
        Status::Awaiting
        | Status::Pending
        | Status::Cancelling
        | Status::Cancelled
        | Status::Failed => false,
    }
}

fn has_ended(reservation: &Reservation) -> bool {
    match reservation.status() {
        Status::Cancelling | Status::Cancelled | Status::Failed => true,
        Status::Awaiting
        | Status::Pending
        | Status::Confirmed
        | Status::Moving
        | Status::Completed => false,
    }
}

//! The model's rows and sights, and what follows from them.
//!
//! `shared/app/src/sync/model_tests.rs` holds every row and sight of it against the production
//! decision, so the model cannot drift from the code.

/// Most bookings there can be.
pub(crate) const MOST: usize = 8;

/// Where a reservation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Phase {
    Nothing,
    Pending,
    Confirmed,
    Moving,
    Cancelling,
    Cancelled,
    Failed,
}

/// A reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Row {
    pub(crate) phase: Phase,
    /// The time reserved, one of two.
    pub(crate) slot: u8,
    /// Whether the other time is held too.
    pub(crate) both: bool,
    /// The booking known.
    pub(crate) uid: Option<u8>,
    /// Whether a call may still take effect, as far as the clock knows.
    pub(crate) doubt: bool,
    /// Whether it was made inside Cal.com.
    pub(crate) external: bool,
}

/// What one look saw: each booking of the row as whether it stands and when; and whether its own
/// window was searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Seen {
    pub(crate) bookings: [Option<(bool, u8)>; MOST],
    pub(crate) searched: bool,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Rest,
    Missing,
    Confirm(u8),
    Relocate(u8, u8),
    Cancelled,
    Failed,
    Compensate(u8),
    /// These bookings, one bit each.
    Cancel(u8),
}

impl Seen {
    fn live(&self) -> impl Iterator<Item = (u8, u8)> {
        (0_u8..).zip(self.bookings).filter_map(|(uid, booking)| match booking {
            Some((true, slot)) => Some((uid, slot)),
            Some((false, _)) | None => None,
        })
    }

    fn at(&self, slot: u8) -> Option<u8> {
        self.live().find(|(_, at)| *at == slot).map(|(uid, _)| uid)
    }

    fn but(&self, own: u8) -> u8 {
        self.all() & !(1 << own)
    }

    fn all(&self) -> u8 {
        self.live().fold(0, |mask, (uid, _)| mask | 1 << uid)
    }

    fn nothing(&self) -> bool {
        self.bookings.iter().all(Option::is_none)
    }
}

/// Decides by row and sight.
pub(crate) fn decide(row: &Row, seen: &Seen) -> Step {
    match row.phase {
        Phase::Nothing => Step::Rest,
        Phase::Pending => pending(row, seen),
        Phase::Confirmed => confirmed(row, seen),
        Phase::Moving => moving(row, seen),
        Phase::Cancelling if seen.all() != 0 => Step::Cancel(seen.all()),
        Phase::Cancelling if row.doubt => Step::Rest,
        Phase::Cancelling => Step::Cancelled,
        Phase::Cancelled | Phase::Failed if seen.all() == 0 || row.external => Step::Rest,
        Phase::Cancelled | Phase::Failed => Step::Cancel(seen.all()),
    }
}

fn pending(row: &Row, seen: &Seen) -> Step {
    if let Some(uid) = seen.at(row.slot) {
        return Step::Confirm(uid);
    }
    if let Some((uid, _)) = seen.live().next() {
        return Step::Compensate(uid);
    }
    match (seen.nothing(), row.doubt, seen.searched) {
        (false, _, _) => Step::Cancelled,
        (true, true, _) => Step::Rest,
        (true, false, true) => Step::Failed,
        (true, false, false) => Step::Missing,
    }
}

fn confirmed(row: &Row, seen: &Seen) -> Step {
    let known = seen.live().find(|(uid, _)| Some(*uid) == row.uid);
    let own = known.or(seen.at(row.slot).map(|uid| (uid, row.slot))).or(seen.live().next());
    match own {
        None if seen.nothing() => Step::Missing,
        None => Step::Cancelled,
        Some((uid, _)) if seen.but(uid) != 0 => Step::Cancel(seen.but(uid)),
        Some((uid, slot)) if slot != row.slot => Step::Relocate(uid, slot),
        Some((uid, _)) if Some(uid) != row.uid => Step::Confirm(uid),
        Some(_) => Step::Rest,
    }
}

fn moving(row: &Row, seen: &Seen) -> Step {
    let target = 1 - row.slot;
    if let Some(moved) = seen.at(target) {
        return match seen.but(moved) {
            0 => Step::Relocate(moved, target),
            extra => Step::Cancel(extra),
        };
    }
    if let Some(old) = seen.at(row.slot) {
        return if row.doubt { Step::Rest } else { Step::Confirm(old) };
    }
    let known = row.uid.is_some_and(|uid| seen.bookings[usize::from(uid)].is_some());
    match (row.doubt, known) {
        (true, _) => Step::Rest,
        (false, true) => Step::Cancelled,
        (false, false) => Step::Missing,
    }
}

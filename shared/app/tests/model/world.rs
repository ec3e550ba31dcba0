//! The model's world: rows, ledger, Cal.com, and who is at work; and the writes that touch them.

use std::sync::LazyLock;

use interlock_policy::ledger::{LedgerDay, LedgerEntry};
use interlock_policy::{Interval, ReservationId};
use jiff::{SignedDuration, Timestamp};

use crate::decide::{MOST, Phase, Row, Seen, Step};

/// The row of a booking made inside Cal.com.
pub(crate) const EXTERNAL: u8 = 3;

/// What is wrong in a variant that the search must reject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Nothing.
    Right,
    /// A row is written whatever came between.
    NoVersion,
    /// The time is looked at, and taken later.
    CheckedThenWritten,
    /// What ended may own a booking.
    NoOrphanRule,
}

/// A booking at Cal.com.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Booking {
    pub(crate) live: bool,
    pub(crate) slot: u8,
    pub(crate) row: u8,
    pub(crate) moved_to: Option<u8>,
}

/// A call that takes effect later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Late {
    None,
    Create,
    Move(u8),
}

/// Where a worker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum At {
    Idle,
    Checked(bool),
    Create,
    Move,
    Told(u8),
    Doubtful,
    Refused,
    NothingMade,
    Read(Option<u8>),
    Look(Option<u8>),
    Act(Step),
    Done,
    Dead,
}

/// A process at work on one row, with the row as it read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Worker {
    pub(crate) at: At,
    pub(crate) row: u8,
    pub(crate) copy: Row,
    /// Whether nobody wrote the row since.
    pub(crate) fresh: bool,
}

/// What the third request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Third {
    Open,
    Create,
    Cancel,
    Move,
}

/// Everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) rows: [Row; 4],
    /// A bit for each row and slot.
    pub(crate) ledger: u8,
    pub(crate) bookings: [Option<Booking>; MOST],
    pub(crate) workers: [Worker; 4],
    /// Calls of each row that take effect later: a create, or a move of a booking.
    pub(crate) late: [Late; 3],
    pub(crate) banned: bool,
    pub(crate) edited: bool,
    pub(crate) third: Third,
    pub(crate) retried: u8,
    /// Rows of which success was said.
    pub(crate) acknowledged: u8,
}

/// A row nobody has written.
pub(crate) const EMPTY: Row =
    Row { phase: Phase::Nothing, slot: 0, both: false, uid: None, doubt: false, external: false };

impl World {
    /// Nothing has happened.
    pub(crate) fn start() -> Self {
        let worker = |row| Worker { at: At::Idle, row, copy: EMPTY, fresh: false };
        Self {
            rows: [EMPTY; 4],
            ledger: 0,
            bookings: [None; MOST],
            workers: [worker(0), worker(1), worker(2), worker(0)],
            late: [Late::None; 3],
            banned: false,
            edited: false,
            third: Third::Open,
            retried: 0,
            acknowledged: 0,
        }
    }

    /// Forgets what no worker will look at again, so that equal worlds are one.
    pub(crate) fn tidied(mut self) -> Self {
        for (who, worker) in self.workers.iter_mut().enumerate() {
            let row = if who == 3 { 0 } else { worker.row };
            match worker.at {
                At::Idle | At::Done | At::Dead => {
                    *worker = Worker { at: worker.at, row, copy: EMPTY, fresh: false };
                }
                At::Read(_) => *worker = Worker { copy: EMPTY, fresh: false, ..*worker },
                At::Checked(_)
                | At::Create
                | At::Move
                | At::Told(_)
                | At::Doubtful
                | At::Refused
                | At::NothingMade
                | At::Look(_)
                | At::Act(_) => {}
            }
        }
        // A job that ended is as good as one that never began.
        if matches!(self.workers[3].at, At::Done | At::Dead) {
            self.workers[3].at = At::Idle;
        }
        self
    }

    /// Whether the row's person may have it: the first and the third row are one person's.
    pub(crate) fn may(&self, row: u8) -> bool {
        row == EXTERNAL || row == 1 || !self.banned
    }

    /// Whether the slot is free for the row, by the production ledger's arithmetic.
    pub(crate) fn is_free(&self, row: u8, slot: u8) -> bool {
        (0..4).filter(|other| *other != row).all(|other| {
            (0..2).all(|held| {
                self.ledger & bit(other, held) == 0 || !meet(usize::from(held), usize::from(slot))
            })
        })
    }

    /// Writes a worker's row with its ledger on condition that it is as the worker read it; tells
    /// whether it was written, or which promise the write breaks.
    pub(crate) fn write(&mut self, who: usize, row: Row, wrong: Wrong) -> Result<bool, String> {
        let worker = self.workers[who];
        if !worker.fresh && wrong != Wrong::NoVersion {
            return Ok(false);
        }
        let place = usize::from(worker.row);
        let (before, index) = (self.rows[place], worker.row);
        if matches!(before.phase, Phase::Cancelled | Phase::Failed) && before != row {
            return Err(format!("R6: {before:?} becomes {row:?}"));
        }
        let holding = matches!(row.phase, Phase::Pending | Phase::Confirmed | Phase::Moving);
        if before.phase == Phase::Cancelling && holding {
            return Err(format!("R9: a cancelled one becomes {row:?}"));
        }
        if holding && row.phase != before.phase && !self.may(index) {
            return Err(format!("R3: a banned person gets {row:?}"));
        }
        self.ledger = self.ledger & !holds(index, &worker.copy) | holds(index, &row);
        self.rows[place] = row;
        for (other, at_work) in self.workers.iter_mut().enumerate() {
            if at_work.row == index && other != who {
                at_work.fresh = false;
            }
        }
        self.workers[who] = Worker { copy: row, fresh: true, ..worker };
        Ok(true)
    }

    /// Makes a booking; tells its number.
    pub(crate) fn book(&mut self, row: u8, slot: u8) -> u8 {
        let place = self.bookings.iter().position(Option::is_none).expect("room for a booking");
        self.bookings[place] = Some(Booking { live: true, slot, row, moved_to: None });
        u8::try_from(place).unwrap()
    }

    /// Moves a booking, if it stands and its new time is not some other's exact time.
    pub(crate) fn rebook(&mut self, uid: u8, slot: u8) -> Option<u8> {
        let old = self.bookings[usize::from(uid)].filter(|old| old.live)?;
        if self.stands(slot).is_some_and(|other| other != uid) {
            return None;
        }
        let new = self.book(old.row, slot);
        self.bookings[usize::from(uid)] = Some(Booking { live: false, moved_to: Some(new), ..old });
        Some(new)
    }

    pub(crate) fn end(&mut self, uid: u8) {
        if let Some(booking) = &mut self.bookings[usize::from(uid)] {
            booking.live = false;
        }
    }

    /// The booking that stands at exactly a slot.
    pub(crate) fn stands(&self, slot: u8) -> Option<u8> {
        let at = |one: &Option<Booking>| one.is_some_and(|one| one.live && one.slot == slot);
        self.bookings.iter().position(at).map(|place| u8::try_from(place).unwrap())
    }

    /// What production's `look` sees of a row as it was read.
    pub(crate) fn look(&self, index: u8, row: &Row, hint: Option<u8>) -> Seen {
        let mut seen = Seen::default();
        let mut asked: Vec<u8> = hint.into_iter().chain(row.uid).collect();
        let unknown = row.phase == Phase::Cancelling && row.uid.is_none();
        if row.phase == Phase::Pending || unknown {
            seen.searched = true;
            asked.extend((0_u8..).zip(self.bookings).filter_map(|(uid, one)| {
                one.filter(|one| one.row == index && one.slot == row.slot).map(|_| uid)
            }));
        }
        while let Some(uid) = asked.pop() {
            let place = usize::from(uid);
            if let Some(one) = self.bookings[place].filter(|one| one.row == index)
                && seen.bookings[place].is_none()
            {
                seen.bookings[place] = Some((one.live, one.slot));
                asked.extend(one.moved_to);
            }
        }
        seen
    }

    /// What holds at every instant (promises R1, R2, R10).
    pub(crate) fn fault(&self) -> Option<String> {
        let held = (0..4).fold(0, |held, row| held | holds(row, &self.rows[usize::from(row)]));
        if held != self.ledger {
            return Some(format!("the rows hold {held:08b}, the ledger {:08b}", self.ledger));
        }
        let clash = (0..4).any(|row| {
            (0..2).any(|slot| self.ledger & bit(row, slot) != 0 && !self.is_free(row, slot))
        });
        if clash {
            return Some("R2: two hold the same time".to_owned());
        }
        let left_alone = !self.banned && !self.edited && self.third != Third::Cancel;
        let lost = (0..3_u8).find(|row| {
            let phase = self.rows[usize::from(*row)].phase;
            self.acknowledged & 1 << row != 0 && !matches!(phase, Phase::Confirmed | Phase::Moving)
        });
        lost.filter(|_| left_alone).map(|row| format!("R1: row {row} was acknowledged and is lost"))
    }
}

/// Ledger bits of a row.
pub(crate) fn holds(index: u8, row: &Row) -> u8 {
    let own = bit(index, row.slot);
    let other = if row.both { bit(index, 1 - row.slot) } else { 0 };
    match row.phase {
        Phase::Pending | Phase::Confirmed => own,
        Phase::Moving | Phase::Cancelling => own | other,
        Phase::Nothing | Phase::Cancelled | Phase::Failed => 0,
    }
}

fn bit(row: u8, slot: u8) -> u8 {
    1 << (row * 2 + slot)
}

/// Whether two slots cannot be held by two rows, asked of the production ledger.
fn meet(one: usize, other: usize) -> bool {
    static MEET: LazyLock<[[bool; 2]; 2]> =
        LazyLock::new(|| [0, 1].map(|one| [0, 1].map(|other| refused(hour(one), hour(other)))));
    MEET[one][other]
}

/// Two hours, the second beginning half an hour after the first.
fn hour(slot: i64) -> Interval {
    let start = Timestamp::from_second(1_800_000_000 + slot * 1800).unwrap();
    Interval::lasting(start, SignedDuration::from_hours(1)).unwrap()
}

fn refused(one: Interval, other: Interval) -> bool {
    let mut day = LedgerDay::empty(interlock_policy::ledger::days_of(&one)[0]);
    let entry =
        |id: &str, held| LedgerEntry { reservation_id: id.parse::<ReservationId>().unwrap(), held };
    day.insert(entry("rsv_one", one)).unwrap();
    day.insert(entry("rsv_two", other)).is_err()
}

//! After the dust has settled and one run of reconciliation: both sides side by side.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use interlock_app::model::{
    CallBudget, Cause, Delivery, FollowUp, Origin, Reservation, State, Status,
};
use interlock_app::ports::scheduler::METADATA_RESERVATION;
use interlock_app::ports::store::{Document, Record};
use interlock_calcom_sim::embed::Row;
use interlock_policy::{CalAccountId, Interval};
use jiff::{SignedDuration, Timestamp};

use crate::exec::Executor;
use crate::fixture::{KINDS, id};
use crate::hub::{Hub, lock};
use crate::invariants::{Broken, Checker};
use crate::workers;

const SECOND: i64 = 1_000_000;
/// What was called late lands within this time, and messages come back within it.
const SETTLING: i64 = 400 * SECOND;
/// The longest a follow-up is put off, and the time for doubt, are over after so many sweeps.
const SWEEPS: u64 = 5;

/// Stops all faults, lets everything land, and runs reconciliation once; then looks.
pub(crate) fn settle(executor: &mut Executor) {
    let hub = executor.hub.clone();
    hub.note(|| "calm".to_owned());
    hub.calm.store(true, Ordering::Relaxed);
    for account in 1..=3 {
        lock(&hub.desk).set_key_expired(account, false);
    }
    lock(&hub.desk).unblock();
    executor.play_until(hub.micros() + SETTLING);
    for round in 0..SWEEPS {
        workers::sweep(&hub, round);
        executor.play_until(hub.micros() + 270 * SECOND);
    }
    let unresolved = resolved(&lock(&hub.checker));
    if let Some((promise, detail)) = unresolved {
        hub.violate(promise, detail);
        return;
    }
    workers::run_reconcile(&hub, 77, true);
    executor.play_until(hub.micros() + 120 * SECOND);
    if hub.is_broken() {
        return;
    }
    let held = lock(&hub.checker).held();
    look(&hub, &held);
    // What is a day late must change nothing any more (promise R13).
    if !hub.is_broken() && lateness(executor) {
        look(&hub, &held);
    }
    // Two copies of the table are dear, so not every schedule looks for this.
    if !hub.is_broken() && hub.digest().is_multiple_of(4) {
        replay(executor);
    }
    // Last, because time passes in it, and with the time that somebody held.
    if hub.tells && !hub.is_broken() {
        tell(executor);
    }
    if hub.tells && !hub.is_broken() {
        remind(executor);
    }
}

/// Everything that is due is sent; what was put off comes back in the sweeps after.
fn tell(executor: &mut Executor) {
    let hub = executor.hub.clone();
    for round in 80..83 {
        workers::letters(&hub, round);
        executor.play_until(hub.micros() + 600 * SECOND);
    }
    let found = lock(&hub.checker).untold(hub.now(), true);
    hub.judge(found);
}

/// Most instants at which reminders are looked for.
const REMINDED: usize = 6;

/// Reminders are sent when their time comes, of what stands then.
fn remind(executor: &mut Executor) {
    let hub = executor.hub.clone();
    let from = hub.now();
    let mut times = lock(&hub.checker).reminders_ahead();
    times.truncate(REMINDED);
    let Some(last) = times.last().copied() else { return };
    for (round, at) in (90..).zip(times) {
        executor.play_until(hub.micros().max(at.as_microsecond() + SECOND));
        workers::letters(&hub, round);
        executor.play_until(hub.micros() + 60 * SECOND);
    }
    let checker = lock(&hub.checker);
    let found = checker.unreminded((from, last)).or_else(|| checker.untold(hub.now(), true));
    drop(checker);
    hub.judge(found);
}

fn lateness(executor: &mut Executor) -> bool {
    let hub = executor.hub.clone();
    if !hub.has_more() {
        return false;
    }
    executor.play_until(hub.micros() + 26 * 3600 * SECOND);
    // What ended meanwhile is completed by its follow-up and not by a late webhook.
    workers::sweep(&hub, 78);
    executor.play_until(hub.micros() + 60 * SECOND);
    true
}

/// What is in doubt is resolved by the sweeps alone, reconciliation apart (promise R8).
fn resolved(checker: &Checker) -> Option<Broken> {
    let restless = |one: &&Reservation| match &one.state {
        State::Pending { .. } | State::Moving { .. } | State::Cancelling { .. } => true,
        State::Awaiting { .. }
        | State::Confirmed { .. }
        | State::Cancelled { .. }
        | State::Failed { .. }
        | State::Completed => false,
    };
    let one = checker.reservations().find(restless)?;
    Some(("R8", format!("{} is still {:?}", one.id, one.state)))
}

fn look(hub: &Arc<Hub>, held: &[(CalAccountId, Interval)]) {
    let rows = lock(&hub.desk).rows(METADATA_RESERVATION);
    let checker = lock(&hub.checker);
    let found = both_sides(&checker, &rows, hub.now())
        .or_else(|| kept(&checker))
        .or_else(|| checker.outstaying(hub.now()))
        .or_else(|| checker.untold(hub.now(), false))
        .or_else(|| strangers(&checker, &rows, hub.now(), held));
    drop(checker);
    let found = found.or_else(|| {
        let message = lock(&hub.messages).unaccounted()?;
        Some(("R11", format!("an accepted webhook was lost: {message}")))
    });
    let found = found.or_else(|| {
        let misuse = lock(&hub.desk).misuses().into_iter().next()?;
        Some(("contract", misuse))
    });
    if let Some((promise, detail)) = found {
        hub.violate(promise, detail);
    }
}

/// How long after its term a hold may still be there: until the next sweep.
const TERM: SignedDuration = SignedDuration::from_mins(10);

fn owns(reservation: &Reservation, row: &Row) -> bool {
    match &row.mark {
        Some(mark) => mark == reservation.id.as_str(),
        None => reservation.cal_uids.iter().any(|uid| uid.0 == row.uid),
    }
}

/// Every reservation is at rest and has on the other side what its state says.
fn both_sides(checker: &Checker, rows: &[Row], now: Timestamp) -> Option<Broken> {
    for one in checker.reservations() {
        let live: Vec<&Row> = rows.iter().filter(|row| row.accepted && owns(one, row)).collect();
        let broken = match &one.state {
            State::Confirmed { cal_uid } => match live.as_slice() {
                _ if one.interval.end() <= now => None,
                [] => Some("R1"),
                [row] if row.start != one.interval.start() || row.end != one.interval.end() => {
                    Some("R13")
                }
                [row] if row.uid != cal_uid.0 => Some("R13"),
                [_] => None,
                [_, _, ..] => Some("R4"),
            },
            State::Completed => None,
            State::Failed { cause: Cause::Unreachable }
                if rows.iter().any(|row| owns(one, row)) =>
            {
                // It was said that surely nothing was made.
                Some("R1")
            }
            State::Cancelled { cause } | State::Failed { cause } => {
                let stands = live.iter().any(|row| row.end > now);
                let left = one.origin == Origin::External && *cause == Cause::Conflict;
                (stands && !left).then_some("R4")
            }
            State::Awaiting { .. } if !live.is_empty() => Some("R4"),
            State::Awaiting { hold_until, .. } => (*hold_until + TERM <= now).then_some("R7"),
            State::Pending { .. } | State::Moving { .. } | State::Cancelling { .. } => Some("R7"),
        };
        if let Some(promise) = broken {
            return Some((promise, format!("{} is {:?} with {live:?}", one.id, one.state)));
        }
    }
    None
}

/// What somebody was told to stand does, or ended for a cause that has a ground (promise R1).
fn kept(checker: &Checker) -> Option<Broken> {
    for one in checker.promises() {
        let grounded = match one.state.cause() {
            None => one.status() == Status::Confirmed || one.status() == Status::Completed,
            Some(Cause::Holder { .. } | Cause::Staff { .. }) => true,
            Some(Cause::Eligibility) => checker.was_unfit(one),
            Some(Cause::External) => checker.was_touched(one),
            Some(Cause::Conflict) => {
                checker.was_touched(one) || checker.was_moved_at_another_length(one)
            }
            Some(
                Cause::SlotTaken
                | Cause::Refused
                | Cause::Unreachable
                | Cause::NeverMade
                | Cause::Expired
                | Cause::Declined { .. }
                | Cause::NotAccepted,
            ) => false,
        };
        if !grounded {
            return Some(("R1", format!("{} was promised and is {:?}", one.id, one.state)));
        }
    }
    None
}

/// A booking made inside Cal.com is taken in, unless it lies on time somebody holds here
/// (promise R2, PRODUCT D15). One that was moved onto such time has been told of and ended here;
/// it is not taken in again when that time becomes free (docs/RELIABILITY.md).
fn strangers(
    checker: &Checker,
    rows: &[Row],
    now: Timestamp,
    held: &[(CalAccountId, Interval)],
) -> Option<Broken> {
    for row in rows.iter().filter(|row| row.accepted && row.end > now) {
        if checker.reservations().any(|one| owns(one, row) || was_refused(one, row, rows)) {
            continue;
        }
        if let Some(mark) = &row.mark {
            return Some(("R4", format!("{row:?} carries the unknown mark {mark}")));
        }
        let kind = KINDS.iter().find(|kind| i64::try_from(kind.id).ok() == row.event_type_id);
        let Some(kind) = kind else { continue };
        let minutes = |count: u32| SignedDuration::from_mins(i64::from(count));
        let Ok(time) = Interval::new(row.start, row.end) else { continue };
        let time = time.widened(minutes(kind.before), minutes(kind.after));
        let account = id(&format!("c{}", kind.calendar));
        // Whoever held it when reconciliation ran may be gone since.
        let was_held = held.iter().any(|(on, held)| *on == account && held.overlaps(&time));
        if !was_held && !checker.is_held(&account, &time) {
            return Some(("R16", format!("{row:?} was not taken in")));
        }
    }
    None
}

/// Bodies that were applied change nothing a second time but their counters (promise R12).
fn replay(executor: &mut Executor) {
    let hub = executor.hub.clone();
    let bodies = lock(&hub.messages).applied();
    let Some(body) = bodies.into_iter().next_back() else { return };
    if is_not_taken_in(&hub, &body) {
        return;
    }
    // What ended or fell due meanwhile is for its follow-up and not for the replay.
    let swept = hub.now();
    workers::sweep(&hub, 79);
    executor.play_until(hub.micros() + 60 * SECOND);
    let until = hub.now() + SignedDuration::from_secs(60);
    let ends = |one: &Reservation| swept < one.interval.end() && one.interval.end() <= until;
    if hub.is_broken() || lock(&hub.checker).reservations().any(ends) {
        return;
    }
    let before = lasting(&hub);
    if before.iter().any(|record| falls_due(record, swept, until)) {
        return;
    }
    workers::replay(&hub, &body);
    executor.play_until(hub.micros() + 60 * SECOND);
    let after = lasting(&hub);
    let changed = after.iter().find(|record| {
        let was = before.binary_search_by(|one| one.key.cmp(&record.key)).ok();
        was.and_then(|place| before.get(place)).is_none_or(|was| !same(was, record))
    });
    if before.len() != after.len() || changed.is_some() {
        hub.violate("R12", format!("a replay of {body} wrote {changed:?}"));
    }
}

/// Whether a body speaks of a booking that stands and that nobody has here. It lay on held time
/// when it was told of; once that time is free a replay rightly takes it in, as the next run would
/// where its kind is still there (docs/RELIABILITY.md).
fn is_not_taken_in(hub: &Hub, body: &str) -> bool {
    let rows = lock(&hub.desk).rows(METADATA_RESERVATION);
    let checker = lock(&hub.checker);
    let had = |row: &Row| checker.reservations().any(|one| owns(one, row));
    rows.iter().any(|row| row.accepted && body.contains(&row.uid) && !had(row))
}

/// Whether it is a follow-up that is due after one instant and up to another.
fn falls_due(record: &Record, after: Timestamp, until: Timestamp) -> bool {
    let follow = (record.kind == FollowUp::KIND).then(|| record.decode::<FollowUp>());
    let due = follow.and_then(Result::ok).map(|stored| stored.value.due_at);
    due.is_some_and(|due| after < due && due <= until)
}

/// What is on record but for the calls that were counted.
fn lasting(hub: &Hub) -> Vec<Arc<Record>> {
    let mut records = hub.store.snapshot();
    records.retain(|record| record.kind != CallBudget::KIND);
    records
}

/// Counters may differ, and a look may put the same follow-up anew.
fn same(one: &Record, other: &Record) -> bool {
    match one.kind.as_str() {
        Delivery::KIND => true,
        FollowUp::KIND => one.body == other.body,
        _ => one == other,
    }
}

/// Whether the booking was taken in once and then moved onto time that somebody held here; the
/// reservation ended without learning of the new uid, and the old half leads to it.
fn was_refused(one: &Reservation, row: &Row, rows: &[Row]) -> bool {
    let leads = |old: &Row| old.moved_to.as_ref() == Some(&row.uid) && owns(one, old);
    one.state.cause() == Some(&Cause::Conflict) && rows.iter().any(leads)
}

//! What each worker may do next, with every way a call can go.

use crate::decide::{Phase, Row, Seen, Step, decide};
use crate::world::{At, EXTERNAL, Late, Third, Worker, World, Wrong};

/// A world one step on, or the promise that the step breaks.
pub(crate) type Next = Result<World, String>;

/// Every step worker `who` may take.
pub(crate) fn work(world: &World, who: usize, wrong: Wrong, out: &mut Vec<Next>) {
    let worker = world.workers[who];
    match worker.at {
        At::Idle if who < 3 => issue(world, who, wrong, out),
        At::Checked(free) => hold(world, who, free, wrong, out),
        At::Create => create(world, who, out),
        At::Move => reschedule(world, who, out),
        At::Told(uid) => told(world, who, uid, wrong, out),
        At::Doubtful => out.push(commit(world, who, worker.copy, wrong, At::Done, At::Done)),
        At::Refused => refused(world, who, wrong, out),
        At::NothingMade => nothing_made(world, who, wrong, out),
        At::Read(hint) => {
            let mut next = *world;
            let copy = world.rows[usize::from(worker.row)];
            next.workers[who] = Worker { at: At::Look(hint), copy, fresh: true, ..worker };
            out.push(Ok(next));
        }
        At::Look(hint) => {
            let seen = world.look(worker.row, &worker.copy, hint);
            let step = judged(&worker.copy, &seen, wrong);
            out.push(Ok(at(world, who, At::Act(step))));
        }
        At::Act(step) => act(world, who, step, wrong, out),
        At::Idle | At::Done | At::Dead => {}
    }
}

/// The decision, without the orphan rule in the variant that lacks it.
pub(crate) fn judged(row: &Row, seen: &Seen, wrong: Wrong) -> Step {
    let ended = matches!(row.phase, Phase::Cancelled | Phase::Failed);
    if wrong == Wrong::NoOrphanRule && ended { Step::Rest } else { decide(row, seen) }
}

fn at(world: &World, who: usize, at: At) -> World {
    let mut next = *world;
    next.workers[who].at = at;
    next
}

/// Writes, and goes on here where it was written and there where another came first.
fn commit(world: &World, who: usize, row: Row, wrong: Wrong, here: At, there: At) -> Next {
    let mut next = *world;
    let written = next.write(who, row, wrong)?;
    next.workers[who].at = if written { here } else { there };
    if written && row.phase == Phase::Confirmed && who < 3 && here == At::Done {
        next.acknowledged |= 1 << next.workers[who].row;
    }
    Ok(next)
}

/// A request begins: a create, or for the third also a cancel or a move of the first.
fn issue(world: &World, who: usize, wrong: Wrong, out: &mut Vec<Next>) {
    if who < 2 || matches!(world.third, Third::Open | Third::Create) {
        let mut next = *world;
        if who == 2 {
            next.third = Third::Create;
        }
        let row = u8::try_from(who).unwrap();
        let slot = u8::from(who == 1);
        next.workers[who].copy =
            Row { phase: Phase::Pending, slot, doubt: true, ..world.rows[who] };
        next.workers[who].row = row;
        let known = world.rows[who].phase != Phase::Nothing;
        // A key that is known is answered and makes nothing.
        next.workers[who].at = if known { At::Done } else { At::Checked(world.is_free(row, slot)) };
        if known || wrong == Wrong::CheckedThenWritten {
            out.push(Ok(next));
        } else {
            let free = next.is_free(row, slot);
            hold(&next, who, free, wrong, out);
        }
    }
    if who == 2 && world.third != Third::Create {
        change(world, wrong, out);
    }
}

/// One transaction: nobody holds the time, the person may, and the key is new.
fn hold(world: &World, who: usize, free: bool, wrong: Wrong, out: &mut Vec<Next>) {
    let worker = world.workers[who];
    if !free || !world.may(worker.row) {
        out.push(Ok(at(world, who, At::Done)));
        return;
    }
    let mut next = *world;
    let row = worker.copy;
    next.workers[who].copy = world.rows[who];
    next.workers[who].fresh = true;
    out.push(commit(&next, who, row, wrong, At::Create, At::Done));
}

/// The third request cancels or moves the first reservation.
fn change(world: &World, wrong: Wrong, out: &mut Vec<Next>) {
    let row = world.rows[0];
    let mut next = *world;
    next.workers[2] = Worker { at: At::Idle, row: 0, copy: row, fresh: true };
    if world.third != Third::Move {
        next.third = Third::Cancel;
        if matches!(row.phase, Phase::Pending | Phase::Confirmed | Phase::Moving) {
            let ended = Row { phase: Phase::Cancelling, both: row.phase == Phase::Moving, ..row };
            out.push(commit(&next, 2, ended, wrong, At::Read(None), At::Done));
        }
    }
    let free = world.is_free(0, 1 - row.slot);
    let movable = row.phase == Phase::Confirmed && free && world.may(0);
    if movable && world.third != Third::Cancel {
        next.third = Third::Move;
        let moving = Row { phase: Phase::Moving, both: true, doubt: true, ..row };
        out.push(commit(&next, 2, moving, wrong, At::Move, At::Done));
    }
}

/// The create call: done and told, done and lost, late, lost before, refused, not sent.
fn create(world: &World, who: usize, out: &mut Vec<Next>) {
    let worker = world.workers[who];
    let slot = worker.copy.slot;
    if world.stands(slot).is_none() {
        let mut made = *world;
        let uid = made.book(worker.row, slot);
        out.push(Ok(at(&made, who, At::Told(uid))));
        out.push(Ok(at(&made, who, At::Doubtful)));
    }
    let mut late = at(world, who, At::Doubtful);
    late.late[usize::from(worker.row)] = Late::Create;
    out.push(Ok(late));
    out.push(Ok(at(world, who, At::Refused)));
    out.push(Ok(at(world, who, At::NothingMade)));
}

fn reschedule(world: &World, who: usize, out: &mut Vec<Next>) {
    let worker = world.workers[who];
    let uid = worker.copy.uid.expect("what moves has a booking");
    let mut moved = *world;
    if let Some(new) = moved.rebook(uid, 1 - worker.copy.slot) {
        out.push(Ok(at(&moved, who, At::Told(new))));
        out.push(Ok(at(&moved, who, At::Doubtful)));
    }
    let mut late = at(world, who, At::Doubtful);
    late.late[usize::from(worker.row)] = Late::Move(uid);
    out.push(Ok(late));
    out.push(Ok(at(world, who, At::Refused)));
    out.push(Ok(at(world, who, At::NothingMade)));
}

/// Cal.com's own answer settles it without another look.
fn told(world: &World, who: usize, uid: u8, wrong: Wrong, out: &mut Vec<Next>) {
    let worker = world.workers[who];
    let booking = world.bookings[usize::from(uid)].expect("the answer told of it");
    let mut seen = Seen::default();
    // As it was when the answer was given, whatever happened to it since.
    let slot =
        if worker.copy.phase == Phase::Moving { 1 - worker.copy.slot } else { worker.copy.slot };
    seen.bookings[usize::from(uid)] = Some((true, slot));
    debug_assert_eq!(booking.row, worker.row);
    act(world, who, judged(&worker.copy, &seen, wrong), wrong, out);
}

/// A definite no: one look, because it may hide our own success.
fn refused(world: &World, who: usize, wrong: Wrong, out: &mut Vec<Next>) {
    let row = world.workers[who].copy;
    let again = At::Read(None);
    if row.phase == Phase::Moving {
        let old = row.uid.and_then(|uid| world.bookings[usize::from(uid)]);
        if old.is_some_and(|old| old.live && old.slot == row.slot) {
            out.push(stay(world, who, wrong));
        } else {
            out.push(commit(world, who, row, wrong, again, again));
        }
        return;
    }
    let seen = world.look(world.workers[who].row, &row, None);
    if seen == (Seen { searched: true, ..Seen::default() }) {
        let failed = Row { phase: Phase::Failed, doubt: false, ..row };
        out.push(commit(world, who, failed, wrong, At::Done, again));
    } else {
        out.push(Ok(at(world, who, again)));
    }
}

fn nothing_made(world: &World, who: usize, wrong: Wrong, out: &mut Vec<Next>) {
    let row = world.workers[who].copy;
    if row.phase == Phase::Moving {
        out.push(stay(world, who, wrong));
    } else {
        let failed = Row { phase: Phase::Failed, doubt: false, ..row };
        out.push(commit(world, who, failed, wrong, At::Done, At::Read(None)));
    }
}

/// Back to the old time, if the person may still have it.
fn stay(world: &World, who: usize, wrong: Wrong) -> Next {
    let worker = world.workers[who];
    if !world.may(worker.row) {
        return Ok(at(world, who, At::Read(None)));
    }
    let row = Row { phase: Phase::Confirmed, both: false, doubt: false, ..worker.copy };
    commit(world, who, row, wrong, At::Done, At::Read(None))
}

/// Carries a step out.
pub(crate) fn act(world: &World, who: usize, step: Step, wrong: Wrong, out: &mut Vec<Next>) {
    let Worker { row: index, copy: row, .. } = world.workers[who];
    let again = At::Read(None);
    let over = Row { both: false, doubt: false, ..row };
    match step {
        Step::Rest | Step::Missing => out.push(Ok(at(world, who, At::Done))),
        Step::Confirm(uid) | Step::Relocate(uid, _) if !world.may(index) => {
            let ended = ending(row, uid);
            out.push(commit(world, who, ended, wrong, again, again));
        }
        Step::Confirm(uid) => {
            let row = Row { phase: Phase::Confirmed, uid: Some(uid), ..over };
            out.push(commit(world, who, row, wrong, At::Done, again));
        }
        Step::Relocate(uid, slot) if world.is_free(index, slot) => {
            let row = Row { phase: Phase::Confirmed, slot, uid: Some(uid), ..over };
            out.push(commit(world, who, row, wrong, At::Done, again));
        }
        Step::Relocate(..) if index == EXTERNAL => {
            let row = Row { phase: Phase::Cancelled, ..over };
            out.push(commit(world, who, row, wrong, At::Done, again));
        }
        Step::Relocate(uid, _) => {
            let mut back = *world;
            match back.rebook(uid, row.slot) {
                Some(_) => out.push(Ok(at(&back, who, again))),
                None => out.push(commit(world, who, ending(row, uid), wrong, again, again)),
            }
        }
        Step::Cancelled | Step::Failed => {
            let phase = if step == Step::Failed { Phase::Failed } else { Phase::Cancelled };
            out.push(commit(world, who, Row { phase, ..over }, wrong, At::Done, again));
        }
        Step::Compensate(uid) => {
            out.push(commit(world, who, ending(row, uid), wrong, again, again));
        }
        Step::Cancel(mask) => cancel(world, who, mask, wrong, out),
    }
}

fn ending(row: Row, uid: u8) -> Row {
    let both = row.phase == Phase::Moving || row.both;
    Row { phase: Phase::Cancelling, both, uid: Some(uid), ..row }
}

/// Cancels one booking after the other; an answer may be lost, and then somebody looks later.
fn cancel(world: &World, who: usize, mask: u8, wrong: Wrong, out: &mut Vec<Next>) {
    let uid = u8::try_from(mask.trailing_zeros()).unwrap();
    let rest = mask & (mask - 1);
    let mut ended = *world;
    ended.end(uid);
    out.push(Ok(at(&ended, who, At::Done)));
    if rest != 0 {
        out.push(Ok(at(&ended, who, At::Act(Step::Cancel(rest)))));
        return;
    }
    let row = world.workers[who].copy;
    if row.uid != Some(uid) {
        out.push(Ok(at(&ended, who, At::Read(None))));
        return;
    }
    // The answer says that it is over, and nothing else was seen.
    match judged(&row, &Seen::default(), wrong) {
        step @ (Step::Cancelled | Step::Failed | Step::Rest) => {
            act(&ended, who, step, wrong, out);
        }
        Step::Missing
        | Step::Confirm(_)
        | Step::Relocate(..)
        | Step::Compensate(_)
        | Step::Cancel(_) => out.push(Ok(at(&ended, who, At::Read(None)))),
    }
}

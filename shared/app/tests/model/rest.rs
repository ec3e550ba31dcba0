//! From every world that can be reached: all faults over, one reconciliation, and all is at rest
//! (promises R4, R7, R16).

use crate::decide::{Phase, Row, Step};
use crate::steps::{act, judged};
use crate::world::{At, EXTERNAL, Late, Worker, World, Wrong, holds};

/// How often one sync looks, as in production.
const ROUNDS: usize = 8;

/// What is not at rest after one run, if anything.
pub(crate) fn fault(world: &World, wrong: Wrong) -> Option<String> {
    let mut world = quiet(world);
    for uid in 0..8_u8 {
        let Some(booking) = world.bookings[usize::from(uid)] else { continue };
        if let Some(adopted) = adopted(&world) {
            world = adopted;
        }
        if world.rows[usize::from(booking.row)].phase != Phase::Nothing {
            match settled(world, booking.row, Some(uid), wrong) {
                Ok(next) => world = next,
                Err(broken) => return Some(format!("while it was repaired: {broken}")),
            }
        }
    }
    for row in 0..4 {
        if !ended(&world.rows[usize::from(row)]) {
            match settled(world, row, None, wrong) {
                Ok(next) => world = next,
                Err(broken) => return Some(format!("while it was repaired: {broken}")),
            }
        }
    }
    unrest(&world)
}

/// Every process is dead, nothing lands any more, and all time for doubt has passed.
fn quiet(world: &World) -> World {
    let mut world = World { late: [Late::None; 3], ..*world };
    world.rows.iter_mut().for_each(|row| row.doubt = false);
    world.workers.iter_mut().for_each(|worker| worker.at = At::Dead);
    world
}

/// One sync with no fault in it: of the ways a call can go, the one where it is answered.
fn settled(world: World, row: u8, hint: Option<u8>, wrong: Wrong) -> Result<World, String> {
    let mut world = world;
    for _ in 0..ROUNDS {
        let copy = world.rows[usize::from(row)];
        world.workers[3] = Worker { at: At::Dead, row, copy, fresh: true };
        let seen = world.look(row, &copy, hint);
        let mut step = judged(&copy, &seen, wrong);
        if let Step::Cancel(mask) = step {
            (0..8).filter(|uid| mask & 1 << uid != 0).for_each(|uid| world.end(uid));
            if copy.phase != Phase::Cancelling {
                continue;
            }
            step = Step::Cancelled;
        }
        let mut out = Vec::new();
        act(&world, 3, step, wrong, &mut out);
        world = out.pop().unwrap_or_else(|| Err("nothing can be done".to_owned()))?;
        if world.workers[3].at == At::Done {
            return Ok(world);
        }
    }
    Err(format!("row {row} never rests: {:?}", world.rows[usize::from(row)]))
}

/// The world with an external booking taken in, where there is one that stands, is unknown and
/// meets nothing.
pub(crate) fn adopted(world: &World) -> Option<World> {
    if world.rows[usize::from(EXTERNAL)].phase != Phase::Nothing {
        return None;
    }
    let external = (0_u8..).zip(world.bookings).find_map(|(uid, one)| {
        one.filter(|one| one.live && one.row == EXTERNAL).map(|one| (uid, one.slot))
    });
    let (uid, slot) = external.filter(|(_, slot)| world.is_free(EXTERNAL, *slot))?;
    let mut next = *world;
    let phase = Phase::Confirmed;
    let row = Row { phase, slot, both: false, uid: Some(uid), doubt: false, external: true };
    next.rows[usize::from(EXTERNAL)] = row;
    next.ledger |= holds(EXTERNAL, &row);
    Some(next)
}

fn ended(row: &Row) -> bool {
    matches!(row.phase, Phase::Nothing | Phase::Cancelled | Phase::Failed)
}

fn unrest(world: &World) -> Option<String> {
    for (index, row) in (0_u8..).zip(world.rows) {
        let mut own = (0_u8..).zip(world.bookings).filter_map(|(uid, one)| {
            one.filter(|one| one.live && one.row == index).map(|one| (uid, one.slot))
        });
        let (first, second) = (own.next(), own.next());
        let fits = match row.phase {
            Phase::Confirmed => first == row.uid.map(|uid| (uid, row.slot)) && second.is_none(),
            Phase::Nothing | Phase::Cancelled | Phase::Failed => {
                first.is_none() || index == EXTERNAL
            }
            Phase::Pending | Phase::Moving | Phase::Cancelling => false,
        };
        if !fits {
            return Some(format!(
                "R4, R7: at rest row {index} is {row:?} with {first:?} {second:?}"
            ));
        }
    }
    world.fault()
}

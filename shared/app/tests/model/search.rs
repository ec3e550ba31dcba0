//! Breadth-first over every world that can be reached, each remembered by 64 bits of its own.
//!
//! Our own and not a library's: a world is a few dozen bytes and only the frontier is kept, so ten
//! million of them fit a small machine, and the search is shorter than the glue would be.
//! Two worlds of ten million share their 64 bits by a chance of about one in a third of a million.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use crate::decide::Phase;
use crate::rest;
use crate::steps::{Next, work};
use crate::world::{At, EMPTY, EXTERNAL, Late, Worker, World, Wrong};

/// What may happen besides the requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    /// How many of the three requests are made.
    pub(crate) requests: usize,
    /// Whether a ban may come.
    pub(crate) ban: bool,
    /// Whether somebody edits inside Cal.com.
    pub(crate) edit: bool,
    /// Where the search ends if it has not closed.
    pub(crate) most: usize,
}

/// What a search found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) worlds: usize,
    pub(crate) steps: u64,
    pub(crate) depth: usize,
    pub(crate) closed: bool,
    pub(crate) broken: Option<String>,
}

/// Searches until everything was seen, a promise breaks, or there are too many.
pub(crate) fn search(scope: Scope, wrong: Wrong) -> Found {
    let mut seen: HashSet<u64, BuildHasherDefault<Whole>> = HashSet::default();
    let mut frontier = vec![World::start()];
    seen.insert(mark(&frontier[0]));
    let mut found = Found { worlds: 1, steps: 0, depth: 0, closed: false, broken: None };
    let mut nexts = Vec::new();
    while !frontier.is_empty() {
        let mut further = Vec::new();
        for world in &frontier {
            nexts.clear();
            after(world, scope, wrong, &mut nexts);
            for next in nexts.drain(..) {
                found.steps += 1;
                let checked = next.map(World::tidied).and_then(|next| {
                    let new = seen.insert(mark(&next));
                    if new { checked(&next, wrong).map(|()| Some(next)) } else { Ok(None) }
                });
                match checked {
                    Ok(new) => further.extend(new),
                    Err(broken) => {
                        let told = format!("{broken} after {} steps, from {world:?}", found.depth);
                        return Found { worlds: seen.len(), broken: Some(told), ..found };
                    }
                }
            }
            if seen.len() >= scope.most {
                return Found { worlds: seen.len(), ..found };
            }
        }
        found.depth += 1;
        frontier = further;
    }
    Found { worlds: seen.len(), closed: true, ..found }
}

fn checked(world: &World, wrong: Wrong) -> Result<(), String> {
    world.fault().or_else(|| rest::fault(world, wrong)).map_or(Ok(()), Err)
}

/// Everything that may happen next.
fn after(world: &World, scope: Scope, wrong: Wrong, out: &mut Vec<Next>) {
    for who in (0..scope.requests).chain([3]) {
        work(world, who, wrong, out);
        dies(world, who, out);
    }
    hints(world, out);
    lands(world, out);
    for place in 0..4 {
        if world.rows[place].doubt {
            let mut next = *world;
            next.rows[place].doubt = false;
            // Time passes for whoever has read the row too.
            for worker in next.workers.iter_mut().filter(|one| usize::from(one.row) == place) {
                worker.copy.doubt = false;
            }
            out.push(Ok(next));
        }
    }
    if scope.ban && !world.banned {
        out.push(Ok(World { banned: true, ..*world }));
    }
    if scope.edit && !world.edited {
        edits(world, out);
    }
}

/// A process dies at any point; whoever asked may ask once more with the same key.
fn dies(world: &World, who: usize, out: &mut Vec<Next>) {
    let mut next = *world;
    match world.workers[who].at {
        At::Idle | At::Done => return,
        At::Dead if who > 2 || world.retried & 1 << who != 0 => return,
        At::Dead => {
            next.retried |= 1 << who;
            next.workers[who].at = At::Idle;
        }
        At::Checked(_)
        | At::Create
        | At::Move
        | At::Told(_)
        | At::Doubtful
        | At::Refused
        | At::NothingMade
        | At::Read(_)
        | At::Look(_)
        | At::Act(_) => next.workers[who].at = At::Dead,
    }
    out.push(Ok(next));
}

/// A delivery, the resolver or reconciliation takes up a row, with or without a uid in hand; as
/// often as it likes, in any order, or never.
fn hints(world: &World, out: &mut Vec<Next>) {
    if !matches!(world.workers[3].at, At::Idle | At::Done | At::Dead) {
        return;
    }
    for row in (0..4).filter(|row| world.rows[usize::from(*row)].phase != Phase::Nothing) {
        let own = (0_u8..).zip(world.bookings);
        let own = own.filter(|(_, one)| one.is_some_and(|one| one.row == row)).map(|(uid, _)| uid);
        for hint in own.map(Some).chain([None]) {
            let mut next = *world;
            next.workers[3] = Worker { at: At::Read(hint), row, copy: EMPTY, fresh: false };
            out.push(Ok(next));
        }
    }
    out.extend(rest::adopted(world).map(Ok));
}

/// A late call takes effect, if it still can.
fn lands(world: &World, out: &mut Vec<Next>) {
    for (row, late) in (0_u8..).zip(world.late) {
        let mut next = *world;
        next.late[usize::from(row)] = Late::None;
        let slot = u8::from(row == 1);
        match late {
            Late::None => continue,
            Late::Create if world.stands(slot).is_none() => _ = next.book(row, slot),
            Late::Create => {}
            Late::Move(uid) => {
                let old = world.bookings[usize::from(uid)].expect("what moves was booked");
                next.rebook(uid, 1 - old.slot);
            }
        }
        out.push(Ok(next));
    }
}

/// Somebody inside Cal.com ends, moves or makes a booking.
fn edits(world: &World, out: &mut Vec<Next>) {
    let edited = World { edited: true, ..*world };
    for (uid, booking) in (0_u8..).zip(world.bookings) {
        let Some(one) = booking.filter(|one| one.live) else { continue };
        let mut ended = edited;
        ended.end(uid);
        out.push(Ok(ended));
        let mut moved = edited;
        if moved.rebook(uid, 1 - one.slot).is_some() {
            out.push(Ok(moved));
        }
    }
    for slot in (0..2).filter(|slot| world.stands(*slot).is_none()) {
        let mut made = edited;
        made.book(EXTERNAL, slot);
        out.push(Ok(made));
    }
}

fn mark(world: &World) -> u64 {
    let mut whole = Whole::default();
    world.hash(&mut whole);
    whole.finish()
}

/// A hasher that stirs every byte in, and passes a finished mark through.
#[derive(Default)]
struct Whole(u64);

impl Hasher for Whole {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
            self.write_u64(word);
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number.unsigned_abs() as u64);
    }

    fn write_u64(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        self.0 = mixed ^ (mixed >> 31);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

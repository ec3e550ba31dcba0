//! Chance that repeats: a seed decides every choice and every interleaving.
//!
//! Two runs of one seed poll the same futures in the same order.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// A seeded die (splitmix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A die of its own for somebody who rolls at the same time.
    pub(crate) fn another(&mut self) -> Self {
        Self(self.roll(u64::MAX))
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    /// One of several, or none of none.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let sides = u64::try_from(from.len()).unwrap();
        if sides == 0 { None } else { from.get(usize::try_from(self.roll(sides)).unwrap()) }
    }

    /// Whether something of this chance in a hundred happens.
    pub(crate) fn happens(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}

/// Work whose every wait is a turn given to somebody else.
pub(crate) type Work<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Runs everything to its end, each turn given to one of them by chance; with `crash`, the first
/// is dropped after so many turns, as when a process dies between two calls.
pub(crate) fn interleave(dice: &mut Dice, mut works: Vec<Work<'_>>, crash: Option<u64>) {
    let mut context = Context::from_waker(Waker::noop());
    let mut turns_left = crash;
    let mut victim = crash.is_some();
    while !works.is_empty() {
        let sides = u64::try_from(works.len()).unwrap();
        let index = usize::try_from(dice.roll(sides)).unwrap();
        if victim && index == 0 {
            match turns_left {
                Some(0) => {
                    drop(works.remove(0));
                    victim = false;
                    continue;
                }
                Some(turns) => turns_left = Some(turns - 1),
                None => {}
            }
        }
        let Some(work) = works.get_mut(index) else { continue };
        if let Poll::Ready(()) = work.as_mut().poll(&mut context) {
            drop(works.remove(index));
            victim = victim && index != 0;
        }
    }
}

/// Runs one piece of work to its end.
pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    let mut work = Box::pin(work);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return done;
        }
    }
}

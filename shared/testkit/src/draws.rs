//! Numbers that repeat: the same seed draws the same ones in the same order.
//!
//! Each draw counts on, so no two draws of one seed share a state.

use std::sync::atomic::{AtomicU64, Ordering};

/// Odd constant of the splitmix64 generator; visits every state once.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// The splitmix64 generator behind a shared reference.
#[derive(Debug)]
pub(crate) struct Draws {
    state: AtomicU64,
}

impl Draws {
    /// Starts at a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed) }
    }

    /// A generator that draws from here what this one draws from here.
    pub(crate) fn fork(&self) -> Self {
        Self::new(self.state.load(Ordering::Relaxed))
    }

    /// The next number, any of all.
    pub(crate) fn next(&self) -> u64 {
        let state = self.state.fetch_add(GAMMA, Ordering::Relaxed).wrapping_add(GAMMA);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next number below a bound; nought below nought.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or_default()
    }
}

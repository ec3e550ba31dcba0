//! Randomness that repeats: the same seed draws the same bytes in the same order.
//!
//! Two draws of one seed never give the same bytes, because each counts on.

use std::sync::atomic::{AtomicU64, Ordering};

use interlock_app::ports::Ids;

/// Odd constant of the splitmix64 generator; visits every state once.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// Bytes from a seed and a counter.
#[derive(Debug)]
pub struct SeededIds {
    state: AtomicU64,
}

impl SeededIds {
    /// Starts at a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed) }
    }

    fn next(&self) -> u64 {
        let state = self.state.fetch_add(GAMMA, Ordering::Relaxed).wrapping_add(GAMMA);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Default for SeededIds {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Ids for SeededIds {
    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for eight in bytes.chunks_exact_mut(8) {
            eight.copy_from_slice(&self.next().to_be_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_seed_repeats_and_its_draws_differ() {
        let (one, two) = (SeededIds::new(7), SeededIds::new(7));
        let draws: BTreeSet<_> = (0..1000)
            .map(|_| {
                let bytes = one.random();
                assert_eq!(bytes, two.random());
                bytes
            })
            .collect();
        assert_eq!(draws.len(), 1000);
        assert_ne!(SeededIds::new(8).random(), SeededIds::new(7).random());
    }
}

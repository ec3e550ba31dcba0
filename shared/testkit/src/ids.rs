//! Randomness that repeats: the same seed draws the same bytes in the same order.
//!
//! Two draws of one seed never give the same bytes, because each counts on.

use interlock_app::ports::Ids;

use crate::draws::Draws;

/// Bytes from a seed and a counter.
#[derive(Debug)]
pub struct SeededIds {
    draws: Draws,
}

impl SeededIds {
    /// Starts at a seed.
    pub fn new(seed: u64) -> Self {
        Self { draws: Draws::new(seed) }
    }

    /// A source that draws from here what this one draws from here.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { draws: self.draws.fork() }
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
            eight.copy_from_slice(&self.draws.next().to_be_bytes());
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

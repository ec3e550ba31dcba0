//! Numbers by a seed, so that a million cases are the same everywhere.
//!
//! Invariant: what falls depends on the seed and the throws before, and on nothing else.

/// Splitmix64.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_F491_4F6C_DD1D).wrapping_add(0x9E37_79B9_7F4A_7C15))
    }

    pub(crate) fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From `least` up to, not including, `beyond`.
    pub(crate) fn between(&mut self, least: u64, beyond: u64) -> u64 {
        least + self.throw() % (beyond - least)
    }

    pub(crate) fn one_in(&mut self, count: u64) -> bool {
        self.throw().is_multiple_of(count)
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.between(0, of.len() as u64)).unwrap()]
    }
}

/// How many cases, unless the variable says otherwise.
#[expect(clippy::disallowed_methods, reason = "how much is tried is not a setting of the product")]
pub(crate) fn count(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().map_or(usual, |text| text.parse().unwrap())
}

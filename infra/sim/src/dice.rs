//! Chance that repeats: a number in, a number out.

/// One round of splitmix64; distinct numbers give numbers without a pattern.
pub(crate) fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Two numbers made one.
pub(crate) fn join(one: u64, other: u64) -> u64 {
    mix(one ^ mix(other).rotate_left(17))
}

/// A seeded die.
#[derive(Debug, Clone)]
pub(crate) struct Dice {
    seed: u64,
    rolled: u64,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed: mix(seed), rolled: 0 }
    }

    /// Any number.
    pub(crate) fn number(&mut self) -> u64 {
        self.rolled += 1;
        join(self.seed, self.rolled)
    }

    /// A number below `sides`; 0 for none.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.number() % sides.max(1)
    }

    /// Whether something of this chance in a hundred happens.
    pub(crate) fn happens(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}

/// The element a number falls on.
pub(crate) fn nth<T>(from: &[T], number: u64) -> Option<&T> {
    let sides = u64::try_from(from.len()).ok().filter(|sides| *sides > 0)?;
    from.get(usize::try_from(number % sides).ok()?)
}

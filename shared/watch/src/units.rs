//! The integers everything is counted in.
//!
//! Invariant: no operation overflows or rounds in the viewer's favour.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The largest position or length that can be claimed: one day.
pub const MAX_POSITION: Millis = Millis::new(86_400_000);

/// A position in a video or a length of time, in milliseconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millis(u64);

impl Millis {
    /// Nothing at all.
    pub const ZERO: Self = Self(0);

    /// A number of milliseconds.
    pub const fn new(milliseconds: u64) -> Self {
        Self(milliseconds)
    }

    /// A number of whole seconds.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// The time from `earlier` to `later`; zero where the clock went backwards.
    pub fn between(earlier: Timestamp, later: Timestamp) -> Self {
        Self(u64::try_from(later.duration_since(earlier).as_millis()).unwrap_or(0))
    }

    /// The plain number of milliseconds.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whether nothing is left.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or the largest value where it does not fit.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, or zero where `other` is larger.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// This many times as much, or the largest value where it does not fit.
    #[must_use]
    pub const fn times(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }

    /// The distance in either direction.
    #[must_use]
    pub const fn distance(self, other: Self) -> Self {
        Self(self.0.abs_diff(other.0))
    }
}

/// A playback rate in permille: 1000 is normal speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(u32);

impl Rate {
    /// Normal speed.
    pub const NORMAL: Self = Self(1000);
    /// The highest rate any rule may credit (FEATURES 5.4 rule 4).
    pub const HIGHEST: Self = Self(2000);
    /// The highest rate a segment may claim; more is a malformed message.
    pub const CLAIMABLE: Self = Self(100_000);

    /// A rate of so many permille.
    pub const fn from_permille(permille: u32) -> Self {
        Self(permille)
    }

    /// The plain number of permille.
    pub const fn permille(self) -> u32 {
        self.0
    }

    /// The position played in `time`, rounded down.
    #[must_use]
    pub fn position_in(self, time: Millis) -> Millis {
        Millis(time.0.saturating_mul(u64::from(self.0)).checked_div(1000).unwrap_or(0))
    }

    /// The time it takes to play `position`, rounded up; endless at rate zero.
    #[must_use]
    pub fn time_for(self, position: Millis) -> Millis {
        if self.0 == 0 {
            return Millis(u64::MAX);
        }
        Millis(position.0.saturating_mul(1000).div_ceil(u64::from(self.0)))
    }
}

/// A share in hundredths of a per cent: 10000 is the whole.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct BasisPoints(u16);

impl BasisPoints {
    /// The whole.
    pub const WHOLE: Self = Self(10_000);

    /// A share of so many basis points, at most the whole.
    pub const fn new(points: u16) -> Self {
        if points > Self::WHOLE.0 { Self::WHOLE } else { Self(points) }
    }

    /// A share of so many per cent, at most the whole.
    pub const fn from_percent(percent: u8) -> Self {
        if percent >= 100 { Self::WHOLE } else { Self((percent as u16).saturating_mul(100)) }
    }

    /// The share `part` is of `whole`, rounded down; the whole where `whole` is zero.
    pub fn of(part: Millis, whole: Millis) -> Self {
        let points = part.0.saturating_mul(10_000).checked_div(whole.0).unwrap_or(10_000);
        Self(u16::try_from(points.min(10_000)).unwrap_or(Self::WHOLE.0))
    }

    /// The plain number of basis points.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The least part of `whole` that reaches this share, rounded up.
    #[must_use]
    pub fn required_of(self, whole: Millis) -> Millis {
        Millis(whole.0.saturating_mul(u64::from(self.0)).div_ceil(10_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn position_rounds_down_and_time_rounds_up() {
        let rate = Rate::from_permille(1500);
        assert_eq!(rate.position_in(Millis::new(1)), Millis::new(1));
        assert_eq!(rate.position_in(Millis::new(3)), Millis::new(4));
        assert_eq!(rate.time_for(Millis::new(4)), Millis::new(3));
        assert_eq!(rate.time_for(Millis::new(1)), Millis::new(1));
    }

    #[test]
    fn rate_zero_never_gets_anywhere() {
        let rate = Rate::from_permille(0);
        assert_eq!(rate.position_in(Millis::from_seconds(5)), Millis::ZERO);
        assert_eq!(rate.time_for(Millis::new(1)), Millis::new(u64::MAX));
    }

    #[test]
    fn a_clock_that_goes_backwards_gives_no_time() {
        let later: Timestamp = "2026-11-20T10:00:05Z".parse().unwrap();
        let earlier: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        assert_eq!(Millis::between(earlier, later), Millis::from_seconds(5));
        assert_eq!(Millis::between(later, earlier), Millis::ZERO);
    }

    #[test]
    fn the_share_rounds_down_and_the_requirement_rounds_up() {
        let whole = Millis::new(7);
        assert_eq!(BasisPoints::of(Millis::new(6), whole), BasisPoints::new(8571));
        assert_eq!(BasisPoints::new(8571).required_of(whole), Millis::new(6));
        assert_eq!(BasisPoints::new(8572).required_of(whole), Millis::new(7));
        assert_eq!(BasisPoints::of(Millis::new(9), whole), BasisPoints::WHOLE);
    }

    #[test]
    fn extremes_saturate() {
        let most = Millis::new(u64::MAX);
        assert_eq!(most.plus(Millis::new(1)), most);
        assert_eq!(Millis::ZERO.minus(most), Millis::ZERO);
        assert_eq!(most.times(2), most);
        assert_eq!(BasisPoints::from_percent(200), BasisPoints::WHOLE);
        assert_eq!(BasisPoints::from_percent(90), BasisPoints::new(9000));
    }
}

//! The JSON forms: seconds and rates as numbers with a fraction (PRODUCT 7).
//!
//! Invariant: the only place with floating-point numbers; what passes is finite, not negative,
//! bounded and rounded to whole milliseconds or permille.
#![expect(
    clippy::float_arithmetic,
    reason = "the one conversion between JSON numbers and integers"
)]

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::beat::Segment;
use crate::interval::Interval;
use crate::progress::Progress;
use crate::units::{BasisPoints, MAX_POSITION, Millis, Rate};
use crate::viewing::Counted;

/// Seconds with up to three decimals, zero to one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(pub Millis);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        thousandths(self.0.get(), serializer)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let milliseconds = scaled(f64::deserialize(deserializer)?, 1000, MAX_POSITION.get());
        let milliseconds =
            milliseconds.ok_or_else(|| D::Error::custom("expected seconds between 0 and 86400"))?;
        Ok(Self(Millis::new(milliseconds)))
    }
}

/// Milliseconds of a page's own clock; more than a day, as after a long sleep, counts as a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct WallTime(pub Millis);

impl Serialize for WallTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0.get())
    }
}

impl<'de> Deserialize<'de> for WallTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let day = MAX_POSITION.get();
        let number = f64::deserialize(deserializer)?;
        let milliseconds = scaled(number.min(f64::from(86_400_000_u32)), 1, day);
        let milliseconds =
            milliseconds.ok_or_else(|| D::Error::custom("expected milliseconds, zero or more"))?;
        Ok(Self(Millis::new(milliseconds)))
    }
}

/// A playback rate, zero to one hundred; zero is refused with its segment's index later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlaybackRate(pub Rate);

impl Serialize for PlaybackRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        thousandths(u64::from(self.0.permille()), serializer)
    }
}

impl<'de> Deserialize<'de> for PlaybackRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let most = u64::from(Rate::CLAIMABLE.permille());
        let permille = scaled(f64::deserialize(deserializer)?, 1000, most);
        let permille = permille.and_then(|permille| u32::try_from(permille).ok());
        let permille =
            permille.ok_or_else(|| D::Error::custom("expected a rate between 0 and 100"))?;
        Ok(Self(Rate::from_permille(permille)))
    }
}

/// A share as per cent with two decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(pub BasisPoints);

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        thousandths(u64::from(self.0.get()).saturating_mul(10), serializer)
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let points = scaled(f64::deserialize(deserializer)?, 100, 10_000);
        let points = points.and_then(|points| u16::try_from(points).ok());
        let points =
            points.ok_or_else(|| D::Error::custom("expected a percentage between 0 and 100"))?;
        Ok(Self(BasisPoints::new(points)))
    }
}

/// A segment as a page sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SegmentBody {
    /// Where it began.
    pub from: Seconds,
    /// Where it ended.
    pub to: Seconds,
    /// The playback rate.
    pub rate: PlaybackRate,
    /// How long it took by the page's clock, in milliseconds.
    pub wall_ms: WallTime,
}

impl From<SegmentBody> for Segment {
    fn from(body: SegmentBody) -> Self {
        Self { from: body.from.0, to: body.to.0, rate: body.rate.0, wall: body.wall_ms.0 }
    }
}

/// A stretch left to watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapBody {
    /// Where it begins.
    pub from: Seconds,
    /// Where it ends.
    pub to: Seconds,
}

impl From<Interval> for GapBody {
    fn from(gap: Interval) -> Self {
        Self { from: Seconds(gap.from()), to: Seconds(gap.to()) }
    }
}

/// The answer to a progress message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgressBody {
    /// The watch session.
    pub watch_id: String,
    /// What is covered.
    pub covered_seconds: Seconds,
    /// The same as a percentage, rounded down.
    pub coverage_percent: Percent,
    /// What is left to watch.
    pub gaps: Vec<GapBody>,
    /// The longest of these.
    pub largest_gap_seconds: Seconds,
    /// Whether the module is completed.
    pub completed: bool,
    /// What this message was credited with.
    pub accepted_seconds: Seconds,
    /// What this message claimed in vain.
    pub rejected_seconds: Seconds,
}

impl ProgressBody {
    /// Puts an answer together.
    pub fn new(watch_id: impl Into<String>, progress: &Progress, counted: Counted) -> Self {
        Self {
            watch_id: watch_id.into(),
            covered_seconds: Seconds(progress.covered),
            coverage_percent: Percent(progress.share),
            gaps: progress.gaps.iter().copied().map(GapBody::from).collect(),
            largest_gap_seconds: Seconds(progress.largest_gap),
            completed: progress.completed_at.is_some(),
            accepted_seconds: Seconds(counted.accepted),
            rejected_seconds: Seconds(counted.rejected),
        }
    }
}

// A whole number stays one in JSON, so that `5` does not become `5.0`.
fn thousandths<S: Serializer>(value: u64, serializer: S) -> Result<S::Ok, S::Error> {
    match (value.checked_rem(1000), u32::try_from(value)) {
        (Some(0), _) | (_, Err(_)) => serializer.serialize_u64(value.div_euclid(1000)),
        (_, Ok(value)) => serializer.serialize_f64(f64::from(value) / 1000.0),
    }
}

fn scaled(value: f64, factor: u32, most: u64) -> Option<u64> {
    let most = u32::try_from(most).ok()?;
    let scaled = (value * f64::from(factor)).round();
    if !scaled.is_finite() || value < 0.0 || scaled > f64::from(most) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "finite, whole and between zero and a number of 32 bits"
    )]
    let whole = scaled as u64;
    Some(whole)
}

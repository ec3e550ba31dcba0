//! How plausible a watch looks to a human (FEATURES 5.4 rule 9).
//!
//! Invariant: the score is advice; nothing in this crate denies anything because of it.

use serde::{Deserialize, Serialize};

use crate::units::BasisPoints;
use crate::watch::Tallies;

// Below so many messages nothing can be said.
const ENOUGH_BEATS: u64 = 12;

/// The score of a watch and what lowered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Integrity {
    /// The whole for nothing unusual, zero for everything unusual.
    pub score: BasisPoints,
    /// What was noticed.
    pub signals: Vec<Signal>,
}

impl Integrity {
    /// Whether a human should look before relying on it.
    pub fn needs_a_look(&self) -> bool {
        self.score < BasisPoints::from_percent(50)
    }
}

/// Something unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// More than a quarter of what was claimed had to be cut.
    MuchCut,
    /// More than one jump in four messages.
    ManySeeks,
    /// Hidden for more than half of the messages.
    MostlyHidden,
    /// Nineteen of twenty messages exactly as far apart as the pair before, as a script sends them.
    ConstantCadence,
    /// More than one message in four contradicts its own clock.
    Contradictions,
}

impl Signal {
    const fn weight(self) -> u16 {
        match self {
            Self::MuchCut => 3000,
            Self::ConstantCadence | Self::Contradictions => 2000,
            Self::ManySeeks | Self::MostlyHidden => 1500,
        }
    }
}

/// Scores the counters of a watch.
pub fn integrity(tallies: &Tallies) -> Integrity {
    let Tallies { beats, hidden_beats, even_beats, seeks, .. } = *tallies;
    if beats < ENOUGH_BEATS {
        return Integrity { score: BasisPoints::WHOLE, signals: vec![] };
    }
    let claimed = tallies.accepted.plus(tallies.cut);
    let noticed = [
        (tallies.cut.times(4) > claimed, Signal::MuchCut),
        (seeks.saturating_mul(4) > beats, Signal::ManySeeks),
        (hidden_beats.saturating_mul(2) > beats, Signal::MostlyHidden),
        (even_beats.saturating_mul(20) >= beats.saturating_mul(19), Signal::ConstantCadence),
        (tallies.contradictions.saturating_mul(4) > beats, Signal::Contradictions),
    ];
    let signals: Vec<_> =
        noticed.into_iter().filter(|(seen, _)| *seen).map(|(_, signal)| signal).collect();
    let lost = signals.iter().fold(0_u16, |sum, signal| sum.saturating_add(signal.weight()));
    Integrity { score: BasisPoints::new(BasisPoints::WHOLE.get().saturating_sub(lost)), signals }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Millis;

    fn usual() -> Tallies {
        Tallies { beats: 100, accepted: Millis::from_seconds(500), ..Tallies::NONE }
    }

    fn signals(change: impl FnOnce(&mut Tallies)) -> Vec<Signal> {
        let mut tallies = usual();
        change(&mut tallies);
        integrity(&tallies).signals
    }

    #[test]
    fn nothing_unusual_scores_the_whole() {
        assert_eq!(integrity(&usual()).score, BasisPoints::WHOLE);
        assert!(!integrity(&usual()).needs_a_look());
    }

    #[test]
    fn each_signal_appears_just_beyond_its_bound() {
        let third = Millis::new(166_666);
        assert_eq!(signals(|t| t.cut = third), []);
        assert_eq!(signals(|t| t.cut = third.plus(Millis::new(1))), [Signal::MuchCut]);
        assert_eq!(signals(|t| t.seeks = 25), []);
        assert_eq!(signals(|t| t.seeks = 26), [Signal::ManySeeks]);
        assert_eq!(signals(|t| t.hidden_beats = 50), []);
        assert_eq!(signals(|t| t.hidden_beats = 51), [Signal::MostlyHidden]);
        assert_eq!(signals(|t| t.even_beats = 94), []);
        assert_eq!(signals(|t| t.even_beats = 95), [Signal::ConstantCadence]);
        assert_eq!(signals(|t| t.contradictions = 25), []);
        assert_eq!(signals(|t| t.contradictions = 26), [Signal::Contradictions]);
    }

    #[test]
    fn few_messages_say_nothing() {
        let few = Tallies { beats: 11, seeks: 11, ..Tallies::NONE };
        assert_eq!(integrity(&few).score, BasisPoints::WHOLE);
        let enough = Tallies { beats: 12, seeks: 12, ..Tallies::NONE };
        assert_eq!(integrity(&enough).signals, [Signal::ManySeeks]);
    }

    #[test]
    fn half_of_the_score_is_enough() {
        let scored = |points| Integrity { score: BasisPoints::new(points), signals: vec![] };
        assert!(!scored(5000).needs_a_look());
        assert!(scored(4999).needs_a_look());
    }

    #[test]
    fn all_signals_together_score_zero_and_ask_for_a_look() {
        let worst = Tallies {
            beats: 100,
            hidden_beats: 100,
            even_beats: 100,
            seeks: 100,
            contradictions: 100,
            cut: Millis::from_seconds(500),
            ..Tallies::NONE
        };
        let result = integrity(&worst);
        assert_eq!(result.signals.len(), 5);
        assert_eq!(result.score, BasisPoints::new(0));
        assert!(result.needs_a_look());
    }
}

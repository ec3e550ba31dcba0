//! What a playing page says it has played.
//!
//! Invariant: a beat that passes [`Beat::check`] has at most [`MAX_SEGMENTS`] segments, each
//! running forward at a real rate within one day of video; everything else is still only a claim.

use thiserror::Error;

use crate::units::{MAX_POSITION, Millis, Rate};

/// The most segments one beat may carry.
pub const MAX_SEGMENTS: usize = 64;

/// The longest session id, in bytes.
pub const MAX_SESSION_ID_LENGTH: usize = 128;

/// One heartbeat of one tab; an opening is the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat {
    /// The watch session it belongs to.
    pub session_id: String,
    /// Rises with each message of the session, by any step.
    pub sequence: u64,
    /// What was played since the last message, in the order it was played.
    pub segments: Vec<Segment>,
    /// Where the play head stands now.
    pub position: Millis,
    /// Whether the page was visible.
    pub visible: bool,
}

/// A stretch played without a break at one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where it began.
    pub from: Millis,
    /// Where it ended.
    pub to: Millis,
    /// The playback rate.
    pub rate: Rate,
    /// How long it took by the client's clock: evidence, never credit.
    pub wall: Millis,
}

impl Segment {
    /// The claimed length.
    pub const fn length(&self) -> Millis {
        self.to.minus(self.from)
    }
}

impl Beat {
    /// Refuses what no honest client sends.
    pub fn check(&self) -> Result<(), BeatError> {
        if self.session_id.is_empty() || self.session_id.len() > MAX_SESSION_ID_LENGTH {
            return Err(BeatError::SessionId);
        }
        if self.segments.len() > MAX_SEGMENTS {
            return Err(BeatError::TooManySegments { count: self.segments.len() });
        }
        if self.position > MAX_POSITION {
            return Err(BeatError::Position);
        }
        for (index, segment) in self.segments.iter().enumerate() {
            if segment.to < segment.from {
                return Err(BeatError::Reversed { index });
            }
            if segment.to > MAX_POSITION || segment.wall > MAX_POSITION {
                return Err(BeatError::TooLong { index });
            }
            if segment.rate.permille() == 0 || segment.rate > Rate::CLAIMABLE {
                return Err(BeatError::Rate { index });
            }
        }
        Ok(())
    }

    /// All that is claimed together.
    pub fn claimed(&self) -> Millis {
        self.segments.iter().fold(Millis::ZERO, |sum, segment| sum.plus(segment.length()))
    }
}

/// Why a beat is refused; nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BeatError {
    /// The session id is empty or over-long.
    #[error("the watch id has to be 1 to {MAX_SESSION_ID_LENGTH} bytes long")]
    SessionId,
    /// More segments than one beat may carry.
    #[error("{count} segments where at most {MAX_SEGMENTS} are allowed")]
    TooManySegments {
        /// How many there were.
        count: usize,
    },
    /// The play head is more than a day into the video.
    #[error("the position is more than a day")]
    Position,
    /// A segment ends before it begins.
    #[error("segment {index} ends before it begins")]
    Reversed {
        /// Which segment, counted from zero.
        index: usize,
    },
    /// A segment lies more than a day into the video, or took longer than a day.
    #[error("segment {index} reaches beyond a day")]
    TooLong {
        /// Which segment, counted from zero.
        index: usize,
    },
    /// A segment was played at no rate, or at one no player has.
    #[error("segment {index} has an impossible rate")]
    Rate {
        /// Which segment, counted from zero.
        index: usize,
    },
    /// The session was never opened, or newer ones have pushed it out.
    #[error("the watch `{session_id}` is not open")]
    UnknownSession {
        /// The session asked for.
        session_id: String,
    },
    /// The module changed under the viewer; the page has to open it again.
    #[error("the watch is for version {watched} and the module is at version {current}")]
    VersionChanged {
        /// The version being watched.
        watched: u32,
        /// The version in force.
        current: u32,
    },
}

impl BeatError {
    /// The offending segment, counted from zero, for a pointer into the body.
    pub const fn segment_index(&self) -> Option<usize> {
        match self {
            Self::Reversed { index } | Self::TooLong { index } | Self::Rate { index } => {
                Some(*index)
            }
            Self::SessionId
            | Self::TooManySegments { .. }
            | Self::Position
            | Self::UnknownSession { .. }
            | Self::VersionChanged { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(from: u64, to: u64, permille: u32) -> Segment {
        Segment {
            from: Millis::new(from),
            to: Millis::new(to),
            rate: Rate::from_permille(permille),
            wall: Millis::new(5000),
        }
    }

    fn beat(segments: Vec<Segment>) -> Beat {
        Beat {
            session_id: "w".to_owned(),
            sequence: 2,
            segments,
            position: Millis::ZERO,
            visible: true,
        }
    }

    #[test]
    fn a_malformed_segment_is_named_by_its_index() {
        let good = segment(0, 10, 1000);
        let day = MAX_POSITION.get();
        let cases = [
            (segment(10, 9, 1000), BeatError::Reversed { index: 1 }),
            (segment(0, 10, 0), BeatError::Rate { index: 1 }),
            (segment(0, 10, 100_001), BeatError::Rate { index: 1 }),
            (segment(0, day + 1, 1000), BeatError::TooLong { index: 1 }),
        ];
        for (bad, expected) in cases {
            let error = beat(vec![good, bad]).check().unwrap_err();
            assert_eq!(error.segment_index(), Some(1));
            assert_eq!(error, expected);
        }
        let mut slow = good;
        slow.wall = Millis::new(day);
        assert_eq!(beat(vec![slow]).check(), Ok(()));
        slow.wall = Millis::new(day + 1);
        assert_eq!(beat(vec![slow]).check(), Err(BeatError::TooLong { index: 0 }));
    }

    #[test]
    fn the_edges_of_what_is_well_formed_pass() {
        let day = MAX_POSITION.get();
        for edge in [segment(9, 9, 1), segment(0, day, 100_000), segment(day, day, 1000)] {
            assert_eq!(beat(vec![edge]).check(), Ok(()));
        }
    }

    #[test]
    fn counts_and_lengths_are_bounded() {
        let good = segment(0, 10, 1000);
        assert_eq!(beat(vec![good; 64]).check(), Ok(()));
        assert_eq!(beat(vec![good; 65]).check(), Err(BeatError::TooManySegments { count: 65 }));
        let mut long = beat(vec![]);
        long.session_id = "x".repeat(128);
        assert_eq!(long.check(), Ok(()));
        long.session_id.push('x');
        assert_eq!(long.check(), Err(BeatError::SessionId));
        long.session_id.clear();
        assert_eq!(long.check(), Err(BeatError::SessionId));
        let mut far = beat(vec![]);
        far.position = MAX_POSITION;
        assert_eq!(far.check(), Ok(()));
        far.position = MAX_POSITION.plus(Millis::new(1));
        assert_eq!(far.check(), Err(BeatError::Position));
    }

    #[test]
    fn the_message_names_what_is_wrong() {
        let error = BeatError::UnknownSession { session_id: "wch_1".to_owned() };
        assert_eq!(error.to_string(), "the watch `wch_1` is not open");
        assert_eq!(error.segment_index(), None);
    }
}

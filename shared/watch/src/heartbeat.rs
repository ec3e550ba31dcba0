//! Counting one heartbeat (FEATURES 5.4 rules 3 to 7).
//!
//! Invariant: what is credited is claimed, lies within the module, and was paid for with server
//! time or grace; a message is counted once.

use crate::beat::{Beat, BeatError, Segment};
use crate::budget::Purse;
use crate::completion::settle;
use crate::interval::Interval;
use crate::units::Millis;
use crate::viewing::{Counted, Ground, Note, Outcome, Viewing};
use crate::watch::{Reply, Session, Watch};

// How far a segment may be from its own wall time and rate: what a sampler calls a seek.
const CONTRADICTION: Millis = Millis::new(1500);

// Two intervals that differ by no more count as even.
const EVEN: Millis = Millis::new(20);

/// Counts a beat and decides whether it completes the module.
///
/// A sequence that is not higher than the last is answered again and changes nothing; the numbers
/// of the latest few messages are remembered, an older one is answered with zeros.
pub fn heartbeat(viewing: Viewing, ground: Ground<'_>, beat: &Beat) -> Result<Outcome, BeatError> {
    beat.check()?;
    let Ground { module, rules, now } = ground;
    let Viewing { watch, budget } = viewing;
    if watch.version != module.version {
        return Err(BeatError::VersionChanged { watched: watch.version, current: module.version });
    }
    let Some(session) = watch.session(&beat.session_id).cloned() else {
        return Err(BeatError::UnknownSession { session_id: beat.session_id.clone() });
    };
    if beat.sequence <= session.sequence {
        return Ok(repeated(Viewing { watch, budget }, &session, beat.sequence));
    }
    let purse = budget.purse(session.last_counted_at, rules, now);
    let mut count =
        Count { ground, watch, session, purse, sums: Counted::default(), notes: vec![] };
    for (index, segment) in beat.segments.iter().enumerate() {
        count.segment(index, *segment);
    }
    count.move_head(beat.position);
    count.close(beat);
    let budget = budget.settled(&count.purse, rules, now);
    let (watch, completed) = settle(count.watch, ground);
    let mut notes = count.notes;
    notes.extend(completed);
    Ok(Outcome { viewing: Viewing { watch, budget }, counted: count.sums, notes })
}

/// The answer to a message that was counted before.
pub(crate) fn repeated(viewing: Viewing, session: &Session, sequence: u64) -> Outcome {
    let counted = session.reply(sequence).map_or_else(Counted::default, |reply| Counted {
        accepted: reply.accepted,
        rejected: reply.rejected,
    });
    Outcome { viewing, counted, notes: vec![Note::Repeated] }
}

struct Count<'a> {
    ground: Ground<'a>,
    watch: Watch,
    session: Session,
    purse: Purse,
    sums: Counted,
    notes: Vec<Note>,
}

impl Count<'_> {
    fn segment(&mut self, index: usize, segment: Segment) {
        self.move_head(segment.from);
        self.compare_clocks(index, segment);
        let end = segment.to.min(self.ground.module.duration);
        let inside = end.minus(segment.from);
        let beyond = segment.length().minus(inside);
        if !beyond.is_zero() {
            self.notes.push(Note::Clipped { index, by: beyond });
        }
        let granted = self.credit(index, segment, inside);
        self.sums.accepted = self.sums.accepted.plus(granted);
        self.sums.rejected = self.sums.rejected.plus(segment.length().minus(granted));
        self.session.position = end;
    }

    fn credit(&mut self, index: usize, segment: Segment, inside: Millis) -> Millis {
        let granted = self.purse.grant(inside, segment.rate);
        if granted < inside {
            self.notes.push(Note::Cut { index, by: inside.minus(granted) });
        }
        let played = Interval::new(segment.from, segment.from.plus(granted));
        if !played.is_empty() && !self.watch.coverage.has_room_for(played) {
            self.notes.push(Note::Fragmented { index });
            return Millis::ZERO;
        }
        self.watch.coverage.insert(played);
        granted
    }

    fn compare_clocks(&mut self, index: usize, segment: Segment) {
        let expected = segment.rate.position_in(segment.wall);
        if segment.length().distance(expected) > CONTRADICTION {
            self.notes.push(Note::Contradiction { index });
            let known = self.watch.tallies.contradictions;
            self.watch.tallies.contradictions = known.saturating_add(1);
        }
    }

    // A step within the sampling tolerance is the player's, a longer one the viewer's.
    fn move_head(&mut self, position: Millis) {
        let position = position.min(self.ground.module.duration);
        let from = self.session.position;
        self.session.position = position;
        if from.distance(position) <= self.ground.rules.sampling_tolerance {
            return;
        }
        self.notes.push(Note::Seek { from, to: position });
        let tallies = &mut self.watch.tallies;
        tallies.seeks = tallies.seeks.saturating_add(1);
        tallies.skipped_forward = tallies.skipped_forward.plus(position.minus(from));
    }

    fn close(&mut self, beat: &Beat) {
        let now = self.ground.now;
        let interval = Millis::between(self.session.last_counted_at, now);
        let even = interval.distance(self.session.last_interval) <= EVEN;
        let tallies = &mut self.watch.tallies;
        tallies.beats = tallies.beats.saturating_add(1);
        tallies.hidden_beats = tallies.hidden_beats.saturating_add(u64::from(!beat.visible));
        tallies.even_beats = tallies.even_beats.saturating_add(u64::from(even));
        tallies.accepted = tallies.accepted.plus(self.sums.accepted);
        tallies.cut = tallies.cut.plus(self.sums.rejected);
        self.session.sequence = beat.sequence;
        self.session.last_interval = interval;
        self.session.last_counted_at = self.session.last_counted_at.max(now);
        self.session.remember(Reply {
            sequence: beat.sequence,
            accepted: self.sums.accepted,
            rejected: self.sums.rejected,
        });
        self.watch.keep(self.session.clone());
    }
}

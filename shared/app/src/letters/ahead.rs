//! What a reader's own choices make of a letter that could be sent.

use interlock_notify::{Address, Side};
use jiff::Timestamp;

use super::facts::Tellable;
use super::told::ToldOf;
use crate::model::{Channel, Failure, Letter, LetterId, LetterState, Needless, Topic};

/// What is to be done with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Course {
    /// It goes out now.
    Goes,
    /// It waits for the end of quiet hours.
    Waits(Timestamp),
    /// It comes to this without going out.
    Ends(LetterState),
}

impl Tellable {
    fn topic(&self) -> Option<Topic> {
        self.told.letter.kind.topic(self.told.reader.side == Side::Decider)
    }

    /// By choice, hour and address.
    pub(super) fn course(&self, now: Timestamp) -> Course {
        let letter = &self.told.letter;
        let topic = self.topic();
        if !self.preferences.wants(topic, letter.channel) {
            return Course::Ends(LetterState::Dropped { at: now, why: Needless::Unwanted });
        }
        let quiet = self.preferences.quiet.filter(|_| topic.is_some());
        if let Some(end) = quiet.and_then(|quiet| quiet.over_at(now, &self.told.reader.time_zone)) {
            let in_vain = letter.until.is_some_and(|until| until <= end);
            let late = LetterState::Dropped { at: now, why: Needless::Late };
            return if in_vain { Course::Ends(late) } else { Course::Waits(end) };
        }
        let failed = |why| Course::Ends(LetterState::Failed { at: now, why });
        match letter.channel {
            Channel::Email if !Address::fits(&self.told.reader.email) => failed(Failure::Address),
            Channel::Email if self.dead => failed(Failure::DeadAddress),
            Channel::Email | Channel::Sms => Course::Goes,
        }
    }

    /// The short message that goes beside a mail, where the reader wants one: of his own
    /// reservations only, because nothing about an account belongs on a lock screen.
    pub(super) fn beside(&self, now: Timestamp) -> Option<Letter> {
        let letter = &self.told.letter;
        let own = matches!(self.told.of, ToldOf::Reservation(_));
        let first = letter.channel == Channel::Email && letter.attempts == 0 && !letter.resent;
        if !(own && first && self.preferences.wants(self.topic(), Channel::Sms)) {
            return None;
        }
        let id = LetterId::from_body(&format!("{}_s", letter.id.body())).ok()?;
        Some(Letter { id, channel: Channel::Sms, due_at: now, ..letter.clone() })
    }
}

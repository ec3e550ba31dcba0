//! What goes into the engine and what comes out.
//!
//! Invariant: an outcome carries the whole new state; whoever stores it stores both halves in one
//! transaction, conditional on the versions it read, or the shared clock could be spent twice.

use jiff::Timestamp;

use crate::budget::PersonBudget;
use crate::module::Module;
use crate::rules::Rules;
use crate::units::Millis;
use crate::watch::Watch;

/// The state a message is judged on: one person, one module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewing {
    /// What this person watched of this module.
    pub watch: Watch,
    /// The person's clock over all modules.
    pub budget: PersonBudget,
}

/// What a message is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// The version in force.
    pub module: &'a Module,
    /// The rules in force.
    pub rules: &'a Rules,
    /// The server's clock.
    pub now: Timestamp,
}

/// What a message led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The state to store; the same as before for a message that came again.
    pub viewing: Viewing,
    /// What this message was credited with.
    pub counted: Counted,
    /// What was noticed on the way, in order.
    pub notes: Vec<Note>,
}

impl Outcome {
    /// Whether there is anything to store.
    pub fn changed(&self) -> bool {
        !self.notes.contains(&Note::Repeated)
    }

    /// Whether this very message completed the module.
    pub fn completed_now(&self) -> bool {
        self.notes.contains(&Note::Completed)
    }
}

/// The two sums of one message; together they are all it claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Position credited, watched before or not.
    pub accepted: Millis,
    /// Position claimed and not credited.
    pub rejected: Millis,
}

/// Something worth recording about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The sequence was known; nothing was counted.
    Repeated,
    /// The play head jumped.
    Seek {
        /// Where it was.
        from: Millis,
        /// Where it went.
        to: Millis,
    },
    /// A segment reached beyond the end of the module.
    Clipped {
        /// Which segment, counted from zero.
        index: usize,
        /// What lay beyond.
        by: Millis,
    },
    /// A segment claimed more than there was credit for.
    Cut {
        /// Which segment, counted from zero.
        index: usize,
        /// What was not credited.
        by: Millis,
    },
    /// A segment does not fit its own wall time and rate; it is counted all the same.
    Contradiction {
        /// Which segment, counted from zero.
        index: usize,
    },
    /// The watch holds as many separate pieces as it may.
    Fragmented {
        /// Which segment, counted from zero.
        index: usize,
    },
    /// The module was completed by this message.
    Completed,
}

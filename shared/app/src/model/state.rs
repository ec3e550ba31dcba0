//! States of a reservation; what a state needs it carries, so no state lacks it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::idempotency::IdempotencyKey;
use super::reservation::{Attempt, Target};
use crate::ports::scheduler::CalUid;

/// Where a reservation stands (RELIABILITY 3.2, PRODUCT D17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase", tag = "status")]
pub enum State {
    /// Holds time without a booking until somebody says yes.
    Awaiting {
        /// What it waits for.
        waiting_for: WaitingFor,
        /// When it gives the time back.
        hold_until: Timestamp,
    },
    /// Holds time; whether Cal.com made the booking is not known yet.
    Pending {
        /// The call that was or will be made.
        attempt: Attempt,
    },
    /// Exactly one booking is known.
    Confirmed {
        /// Which.
        cal_uid: CalUid,
    },
    /// Holds the old and the new time; which of them stands is not known yet.
    Moving {
        /// The booking of the old time.
        cal_uid: CalUid,
        /// The new time.
        target: Target,
        /// The call that was or will be made.
        attempt: Attempt,
        /// The request that wants it, so that a move that never happened is not remembered as one
        /// that did (PRODUCT 8).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<IdempotencyKey>,
    },
    /// Ended for us; holds time until Cal.com is known to hold no booking.
    Cancelling {
        /// The booking known, if any.
        cal_uid: Option<CalUid>,
        /// The new time, if it was being moved when it ended.
        target: Option<Target>,
        /// The last call that may still take effect.
        attempt: Option<Attempt>,
        /// Why.
        cause: Cause,
    },
    /// Ended.
    Cancelled {
        /// Why.
        cause: Cause,
    },
    /// Never came to be.
    Failed {
        /// Why.
        cause: Cause,
    },
    /// Took place, as far as the clock knows.
    Completed,
}

/// What an awaiting reservation waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingFor {
    /// A manager's or host's yes.
    Approval,
    /// Money.
    Payment,
}

/// Why a reservation ended; every end has one (promise R1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase", tag = "kind")]
pub enum Cause {
    /// The holder ended it.
    Holder {
        /// In the holder's words.
        reason: String,
    },
    /// A manager or admin ended it.
    Staff {
        /// In their words.
        reason: String,
    },
    /// The holder may no longer have it.
    Eligibility,
    /// It was ended inside Cal.com.
    External,
    /// It was moved inside Cal.com to where it cannot stand.
    Conflict,
    /// Cal.com had the time taken.
    SlotTaken,
    /// Cal.com refused the request.
    Refused,
    /// Cal.com could not be reached, so nothing was made.
    Unreachable,
    /// No booking was found after all time for doubt had passed.
    NeverMade,
    /// Nobody said yes in time.
    Expired,
    /// A manager or the host said no.
    Declined {
        /// In their words.
        reason: String,
    },
    /// It was made inside Cal.com, and the setting takes none of those.
    NotAccepted,
}

impl Cause {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Holder { .. } => "holder",
            Self::Staff { .. } => "staff",
            Self::Eligibility => "eligibility",
            Self::External => "external",
            Self::Conflict => "conflict",
            Self::SlotTaken => "slot_taken",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::NeverMade => "never_made",
            Self::Expired => "expired",
            Self::Declined { .. } => "declined",
            Self::NotAccepted => "not_accepted",
        }
    }

    /// What the person who ended it said.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Holder { reason } | Self::Staff { reason } | Self::Declined { reason } => {
                Some(reason)
            }
            Self::Eligibility
            | Self::External
            | Self::Conflict
            | Self::SlotTaken
            | Self::Refused
            | Self::Unreachable
            | Self::NeverMade
            | Self::Expired
            | Self::NotAccepted => None,
        }
    }
}

/// The state's word, as the interface tells it (PRODUCT D17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for a yes.
    Awaiting,
    /// Being confirmed.
    Pending,
    /// Confirmed.
    Confirmed,
    /// Being moved.
    Moving,
    /// Being cancelled.
    Cancelling,
    /// Cancelled.
    Cancelled,
    /// Never came to be.
    Failed,
    /// Took place.
    Completed,
}

impl Status {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Awaiting => "awaiting",
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Moving => "moving",
            Self::Cancelling => "cancelling",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Completed => "completed",
        }
    }
}

impl State {
    /// The word.
    pub fn status(&self) -> Status {
        match self {
            Self::Awaiting { .. } => Status::Awaiting,
            Self::Pending { .. } => Status::Pending,
            Self::Confirmed { .. } => Status::Confirmed,
            Self::Moving { .. } => Status::Moving,
            Self::Cancelling { .. } => Status::Cancelling,
            Self::Cancelled { .. } => Status::Cancelled,
            Self::Failed { .. } => Status::Failed,
            Self::Completed => Status::Completed,
        }
    }

    /// Whether nothing may follow (promise R6).
    pub fn is_final(&self) -> bool {
        match self {
            Self::Cancelled { .. } | Self::Failed { .. } | Self::Completed => true,
            Self::Awaiting { .. }
            | Self::Pending { .. }
            | Self::Confirmed { .. }
            | Self::Moving { .. }
            | Self::Cancelling { .. } => false,
        }
    }

    /// The booking it is known to own.
    pub fn cal_uid(&self) -> Option<&CalUid> {
        match self {
            Self::Confirmed { cal_uid } | Self::Moving { cal_uid, .. } => Some(cal_uid),
            Self::Cancelling { cal_uid, .. } => cal_uid.as_ref(),
            Self::Awaiting { .. }
            | Self::Pending { .. }
            | Self::Cancelled { .. }
            | Self::Failed { .. }
            | Self::Completed => None,
        }
    }

    /// Why it ended or is ending.
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Cancelling { cause, .. } | Self::Cancelled { cause } | Self::Failed { cause } => {
                Some(cause)
            }
            Self::Awaiting { .. }
            | Self::Pending { .. }
            | Self::Confirmed { .. }
            | Self::Moving { .. }
            | Self::Completed => None,
        }
    }

    /// The call that may still take effect at Cal.com.
    pub fn attempt(&self) -> Option<&Attempt> {
        match self {
            Self::Pending { attempt } | Self::Moving { attempt, .. } => Some(attempt),
            Self::Cancelling { attempt, .. } => attempt.as_ref(),
            Self::Awaiting { .. }
            | Self::Confirmed { .. }
            | Self::Cancelled { .. }
            | Self::Failed { .. }
            | Self::Completed => None,
        }
    }
}

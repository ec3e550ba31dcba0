//! What is asked of the gate.

use serde::{Deserialize, Serialize};

use crate::{EventTypeId, Interval, ReservationId};

/// Why the question is asked; rules differ by it (FEATURES 5.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To show what is missing; judges standing and proofs, and interval rules if one is given.
    View,
    /// To take time.
    Create,
    /// To move a reservation: judged without the old one.
    Change(ReservationId),
    /// To give a reservation's time back.
    Cancel(ReservationId),
    /// To begin to use it, now; the interval is the time it will be used.
    Use,
    /// To keep what was confirmed: standing, proofs and resource only, no limits on the request.
    Keep,
}

/// The time and kind that are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The whole interval wanted; absent asks about now.
    pub interval: Option<Interval>,
    /// Which offered kind; absent means any of fitting length.
    pub event_type_id: Option<EventTypeId>,
}

//! The way from a wish to a confirmed reservation, and its ends (RELIABILITY 3.5).

mod approval;
mod attendance;
mod attendee;
mod book;
mod cancel;
mod create;
mod hold;
mod kind;
mod outcome;
mod replay;
mod reschedule;

pub use approval::{DecisionRequest, approve, decline};
pub use attendance::{AttendanceRequest, record_attendance};
pub use cancel::{CancelRequest, cancel};
pub use create::{ReserveRequest, reserve, reserve_keys};
pub(crate) use hold::{conditions, mapped, with_buffers};
pub(crate) use kind::choose;
pub use outcome::Placed;
pub use replay::IdempotencyUse;

pub use reschedule::{RescheduleRequest, reschedule};

/// How often a lost race is run again before the caller is asked to.
pub(crate) const MOST_RACES: u32 = 5;

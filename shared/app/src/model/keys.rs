//! Words the keys are made of, in one place.

use interlock_policy::{ReservationId, ResourceId, UserId};
use jiff::Timestamp;

use crate::ports::store::Key;

/// Partition of a person's session, account, standing and open reservations.
pub(super) fn user(id: &UserId) -> String {
    format!("USER#{id}")
}

/// Partition of a reservation and its history.
pub(super) fn reservation(id: &ReservationId) -> String {
    format!("RSV#{id}")
}

/// Partition of a resource and of what was saved of its policy.
pub(super) fn resource(id: &ResourceId) -> String {
    format!("RESOURCE#{id}")
}

/// Index partition of a person's reservations.
pub(super) fn reservations_of_user(id: &UserId) -> String {
    format!("USER#{id}#RSV")
}

/// Index partition of reservations whose holder is only known by e-mail.
pub(super) fn reservations_of_email(email: &str) -> String {
    format!("EMAIL#{email}#RSV")
}

/// Index partition of a resource's reservations.
pub(super) fn reservations_of_resource(id: &ResourceId) -> String {
    format!("RESOURCE#{id}#RSV")
}

/// An instant as text that sorts by time: fixed width, seconds, UTC.
pub(super) fn sortable(at: Timestamp) -> String {
    format!("{at:.0}")
}

/// Sort key by time, then id.
pub(super) fn by_time(at: Timestamp, id: &str) -> String {
    format!("{}#{id}", sortable(at))
}

/// Key of the only record of its partition.
pub(super) fn single(partition: String, sort: &str) -> Key {
    Key::new(partition, sort)
}

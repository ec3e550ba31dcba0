//! Words the keys are made of, in one place.

use interlock_notify::Address;
use interlock_policy::{ReservationId, ResourceId, UserId};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::ports::store::Key;

/// Partition of an address of e-mail, in lower case. One that is longer than any account's stands
/// there by its digest, because anybody may ask for one and the table refuses a key beyond 2,048
/// bytes.
pub(super) fn email(email: &str) -> String {
    let email = email.to_lowercase();
    if email.len() > Address::LONGEST {
        return format!("EMAIL#{}", hex::encode(Sha256::digest(email.as_bytes())));
    }
    format!("EMAIL#{email}")
}

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
pub(super) fn reservations_of_email(address: &str) -> String {
    format!("{}#RSV", email(address))
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

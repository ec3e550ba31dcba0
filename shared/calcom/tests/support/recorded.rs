//! What a recorded exchange was about.

use interlock_calcom::Operation;

/// Which call of this crate a recorded request is.
pub(crate) fn operation(method: &str, path: &str) -> Operation {
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match (method, parts.as_slice()) {
        ("GET", ["v2", "slots"]) => Operation::Slots,
        ("POST", ["v2", "bookings"]) => Operation::Create,
        ("GET", ["v2", "bookings"]) => Operation::List,
        ("GET", ["v2", "bookings", _]) => Operation::Read,
        ("POST", ["v2", "bookings", _, "cancel"]) => Operation::Cancel,
        ("POST", ["v2", "bookings", _, "reschedule"]) => Operation::Reschedule,
        ("GET", ["v2", "event-types"]) => Operation::EventTypes,
        ("GET", ["v2", "me"]) => Operation::Me,
        ("GET", ["health"]) => Operation::Health,
        _ => Operation::Other,
    }
}

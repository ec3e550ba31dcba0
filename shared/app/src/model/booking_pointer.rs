//! The way from any uid Cal.com ever used to the reservation it belongs to.

use interlock_policy::ReservationId;
use serde::{Deserialize, Serialize};

use crate::ports::scheduler::CalUid;
use crate::ports::store::{Document, Key};

/// Points from a uid to a reservation; written with the state that knows the uid (PRODUCT D4).
/// A record of its own and not an index, because an index may lag and a webhook does not wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingPointer {
    /// From.
    pub cal_uid: CalUid,
    /// To.
    pub reservation_id: ReservationId,
}

impl BookingPointer {
    /// Address of the pointer of a uid.
    pub fn key_of(uid: &CalUid) -> Key {
        Key::new(format!("CALUID#{}", uid.0), "POINTER")
    }
}

impl Document for BookingPointer {
    const KIND: &'static str = "booking_pointer";

    fn key(&self) -> Key {
        Self::key_of(&self.cal_uid)
    }
}

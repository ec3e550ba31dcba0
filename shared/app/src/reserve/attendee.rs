//! What Cal.com learns of a person (PRODUCT D4, D14).

use std::collections::BTreeMap;

use crate::model::{Account, Reservation};
use crate::ports::scheduler::{
    Attendee, METADATA_DEPLOYMENT, METADATA_REQUEST, METADATA_RESERVATION, NewBooking,
};
use crate::{Act, App};

/// The booking that stands for a reservation, made in this act.
pub(crate) fn booking_for(
    app: &App,
    account: &Account,
    reservation: &Reservation,
    act: &Act,
) -> NewBooking {
    NewBooking {
        event_type_id: reservation.event_type_id,
        start: reservation.interval.start(),
        attendee: Attendee {
            name: account.name.clone(),
            email: account.email.to_lowercase(),
            time_zone: account.time_zone.clone(),
        },
        metadata: BTreeMap::from([
            (METADATA_RESERVATION.to_owned(), reservation.id.to_string()),
            (METADATA_DEPLOYMENT.to_owned(), app.settings.deployment.clone()),
            (METADATA_REQUEST.to_owned(), act.request_id.to_string()),
        ]),
    }
}

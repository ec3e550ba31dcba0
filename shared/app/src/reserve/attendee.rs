//! What Cal.com learns of a person (PRODUCT D4, D14).

use std::collections::BTreeMap;

use crate::App;
use crate::model::{Account, Reservation};
use crate::ports::scheduler::{Attendee, METADATA_DEPLOYMENT, METADATA_RESERVATION, NewBooking};

/// The booking that stands for a reservation.
pub(crate) fn booking_for(app: &App, account: &Account, reservation: &Reservation) -> NewBooking {
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
        ]),
    }
}

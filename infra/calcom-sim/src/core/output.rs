//! Bookings as API version 2024-08-13 prints them (CONTRACT 5.4).
//! Keys that the original leaves out are left out, not null.

use serde_json::{Map, Value, json};

use super::model::{Attendee, Booking};
use super::time::millis;
use super::world::World;

fn attendee(one: &Attendee) -> Value {
    let mut value = json!({
        "name": one.name, "email": one.email, "displayEmail": one.email,
        "timeZone": one.time_zone, "language": one.language, "absent": false
    });
    if let (Some(phone), Some(fields)) = (&one.phone_number, value.as_object_mut()) {
        fields.insert("phoneNumber".to_owned(), json!(phone));
    }
    value
}

impl Booking {
    /// The attendee and the guests, who become attendees without a name.
    pub(crate) fn attendees(&self) -> Vec<Attendee> {
        let guests = self.guests.iter().map(|email| Attendee {
            name: String::new(),
            email: email.clone(),
            time_zone: self.attendee.time_zone.clone(),
            language: self.attendee.language.clone(),
            phone_number: None,
        });
        std::iter::once(self.attendee.clone()).chain(guests).collect()
    }

    fn responses(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        fields.insert("email".to_owned(), json!(self.attendee.email));
        fields.insert("name".to_owned(), json!(self.attendee.name));
        if !self.guests.is_empty() {
            fields.insert("guests".to_owned(), json!(self.guests));
        }
        fields.extend(self.answers.clone());
        if let Some(reason) = &self.rescheduling_reason {
            fields.insert("rescheduledReason".to_owned(), json!(reason));
        }
        fields.insert("displayEmail".to_owned(), json!(self.attendee.email));
        if !self.guests.is_empty() {
            fields.insert("displayGuests".to_owned(), json!(self.guests));
        }
        fields
    }
}

impl World {
    fn hosts(&self, booking: &Booking) -> Value {
        let Some(host) = self.account(booking.host_id) else { return json!([]) };
        json!([{
            "id": host.id, "name": host.name, "email": host.email, "displayEmail": host.email,
            "username": host.username, "timeZone": host.time_zone
        }])
    }

    /// One booking as read, created, cancelled or listed.
    pub(crate) fn booking_output(&self, booking: &Booking) -> Value {
        let mut out = Map::new();
        let mut put = |key: &str, value: Value| {
            out.insert(key.to_owned(), value);
        };
        put("id", json!(booking.id));
        put("uid", json!(booking.uid));
        put("title", json!(booking.title));
        put("description", json!(""));
        put("hosts", self.hosts(booking));
        put("status", json!(booking.status.word()));
        put("cancellationReason", json!(booking.cancellation_reason));
        put("cancelledByEmail", json!(""));
        if let Some(reason) = &booking.rescheduling_reason {
            put("reschedulingReason", json!(reason));
        }
        put("rescheduledByEmail", json!(booking.rescheduled_by));
        if let Some(uid) = &booking.rescheduled_from {
            put("rescheduledFromUid", json!(uid));
        }
        if let Some(uid) = &booking.rescheduled_to {
            put("rescheduledToUid", json!(uid));
        }
        put("start", json!(millis(booking.start)));
        put("end", json!(millis(booking.end)));
        put("duration", json!(booking.minutes()));
        put("eventTypeId", json!(booking.event_type_id));
        let event_type = self.event_type_of(booking);
        put(
            "eventType",
            event_type.map_or(Value::Null, |one| json!({ "id": one.id, "slug": one.slug() })),
        );
        put("meetingUrl", json!(booking.location));
        put("location", json!(booking.location));
        put("absentHost", json!(false));
        put("createdAt", json!(millis(booking.created_at)));
        put("updatedAt", json!(millis(booking.updated_at)));
        put("metadata", Value::Object(booking.metadata.clone()));
        put("rating", Value::Null);
        put("icsUid", json!(booking.ics_uid));
        put("attendees", booking.attendees().iter().map(attendee).collect());
        if !booking.guests.is_empty() {
            put("guests", json!(booking.guests));
        }
        put("bookingFieldsResponses", Value::Object(booking.responses()));
        Value::Object(out)
    }
}

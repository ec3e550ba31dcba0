//! What API version 2024-04-15 answers: the silent fallback of a missing or unknown version.
//! Reads succeed in another shape; that is the trap these answers reproduce (CONTRACT 18).

use serde_json::{Map, Value, json};

use super::model::Booking;
use super::request::Caller;
use super::time::millis;
use super::world::World;

fn responses(booking: &Booking) -> Value {
    let mut fields = Map::new();
    fields.insert("name".to_owned(), json!(booking.attendee.name));
    fields.insert("email".to_owned(), json!(booking.attendee.email));
    fields.extend(booking.answers.clone());
    Value::Object(fields)
}

fn reason(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

impl World {
    fn legacy_user(&self, booking: &Booking) -> Value {
        self.account(booking.host_id).map_or(Value::Null, |host| {
            json!({
                "id": host.id, "name": host.name, "email": host.email,
                "username": host.username, "timeZone": host.time_zone, "avatarUrl": null
            })
        })
    }

    /// One booking as the old version reads it.
    pub(crate) fn legacy_booking(&self, booking: &Booking) -> Value {
        let slug = self.event_type_of(booking).map(|one| one.slug().to_owned());
        let host = self.account(booking.host_id);
        json!({
            "title": booking.title, "id": booking.id, "uid": booking.uid, "description": "",
            "customInputs": {}, "smsReminderNumber": null, "recurringEventId": null,
            "startTime": millis(booking.start), "endTime": millis(booking.end),
            "location": booking.location, "status": booking.status.loud(),
            "metadata": booking.metadata,
            "cancellationReason": reason(&booking.cancellation_reason), "cancelledBy": null,
            "responses": responses(booking),
            "rejectionReason": reason(&booking.rejection_reason),
            "userPrimaryEmail": host.map(|host| host.email.clone()),
            "fromReschedule": booking.rescheduled_from,
            "rescheduled": booking.rescheduled_to.as_ref().map(|_| true),
            "rescheduledBy": booking.rescheduled_by, "user": self.legacy_user(booking),
            "attendees": [{
                "name": booking.attendee.name, "email": booking.attendee.email,
                "timeZone": booking.attendee.time_zone,
                "phoneNumber": booking.attendee.phone_number
            }],
            "eventTypeId": booking.event_type_id,
            "eventType": slug.map(|slug| json!({
                "eventName": null, "slug": slug, "timeZone": null, "schedulingType": null,
                "hideOrganizerEmail": false
            })),
            "seatsReferences": [], "tracking": null
        })
    }

    /// The list of the old version: `data.bookings`, no pagination.
    pub(crate) fn legacy_bookings(&self, caller: Caller) -> Value {
        let mut found: Vec<&Booking> =
            self.bookings.values().filter(|one| caller.is(one.host_id)).collect();
        found.sort_by_key(|one| (one.start, one.id));
        let total = found.len();
        let bookings: Vec<Value> = found
            .iter()
            .take(10)
            .map(|one| {
                let mut value = self.legacy_booking(one);
                if let Some(fields) = value.as_object_mut() {
                    fields.insert("createdAt".to_owned(), json!(millis(one.created_at)));
                    fields.insert("updatedAt".to_owned(), json!(millis(one.updated_at)));
                    fields.insert("paid".to_owned(), json!(false));
                }
                value
            })
            .collect();
        json!({
            "bookings": bookings, "recurringInfo": [], "totalCount": total,
            "nextCursor": if total > 10 { json!(10) } else { Value::Null }
        })
    }

    /// The event types of the old version: groups, with `length` in place of `lengthInMinutes`.
    pub(crate) fn legacy_event_types(&self, caller: Caller) -> Value {
        let own = self.event_types.values().filter(|one| caller.is(one.owner_id));
        let types: Vec<Value> = own
            .map(|one| {
                json!({
                    "id": one.id, "teamId": null, "schedulingType": null, "userId": one.owner_id,
                    "metadata": {}, "description": one.description(), "hidden": one.hidden(),
                    "slug": one.slug(), "length": one.length(), "title": one.title()
                })
            })
            .collect();
        let profile = caller.account_id.and_then(|id| self.account(id));
        json!({ "eventTypeGroups": [{
            "teamId": null, "bookerUrl": Self::booker_url(), "membershipRole": null,
            "profile": profile.map(|one| json!({ "slug": one.username, "name": one.name })),
            "eventTypes": types
        }] })
    }

    /// The schedules of the old version: minutes of the day in place of wall times.
    pub(crate) fn legacy_schedules(&self, caller: Caller) -> Value {
        self.schedules
            .values()
            .filter(|one| caller.is(one.owner_id))
            .map(|one| {
                json!({
                    "id": one.id, "name": one.name, "isManaged": false, "timeZone": one.time_zone,
                    "isDefault": one.is_default, "readOnly": false, "userId": one.owner_id
                })
            })
            .collect()
    }
}

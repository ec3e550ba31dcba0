//! The bodies of deliveries, field by field as the original sends them (CONTRACT 9.4).
//! Metadata, letter case and time text differ by trigger; the differences are the point.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::model::{Attendee, Booking, EventType, Status};
use super::time::{millis, offset_minutes, seconds, seconds_offset};
use super::world::World;

/// What happened, with what only this trigger tells.
#[derive(Debug, Clone)]
pub(crate) enum Happening {
    Created,
    /// A request that a host confirmed: the same word as a creation, without metadata.
    Confirmed,
    Requested,
    Rescheduled {
        old: Box<Booking>,
        by_person: bool,
    },
    Cancelled {
        reason: String,
        by: Option<String>,
        request_reschedule: bool,
    },
    Rejected,
    Ping,
}

impl Happening {
    pub(crate) fn trigger(&self) -> &'static str {
        match self {
            Self::Created | Self::Confirmed => "BOOKING_CREATED",
            Self::Requested => "BOOKING_REQUESTED",
            Self::Rescheduled { .. } => "BOOKING_RESCHEDULED",
            Self::Cancelled { .. } => "BOOKING_CANCELLED",
            Self::Rejected => "BOOKING_REJECTED",
            Self::Ping => "PING",
        }
    }

    /// The route whose call sends it, for fault rules.
    pub(crate) fn route(&self) -> &'static str {
        match self {
            Self::Created | Self::Requested => "bookings.create",
            Self::Confirmed => "bookings.confirm",
            Self::Rescheduled { .. } => "bookings.reschedule",
            Self::Cancelled { .. } => "bookings.cancel",
            Self::Rejected => "bookings.decline",
            Self::Ping => "webhooks.ping",
        }
    }
}

const LABELS: [(&str, &str); 7] = [
    ("name", "your_name"),
    ("email", "email_address"),
    ("location", "location"),
    ("title", "what_is_this_meeting_about"),
    ("notes", "additional_notes"),
    ("guests", "additional_guests"),
    ("rescheduleReason", "reason_for_reschedule"),
];

fn response(label: &str, value: Option<Value>, hidden: bool) -> Value {
    let mut out = Map::new();
    out.insert("label".to_owned(), json!(label));
    if let Some(value) = value {
        out.insert("value".to_owned(), value);
    }
    out.insert("isHidden".to_owned(), json!(hidden));
    Value::Object(out)
}

fn fields_of(event_type: Option<&EventType>) -> &[Value] {
    let fields = event_type.and_then(|one| one.fields.get("bookingFields"));
    fields.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The object with its larger parts put where `null` stands for them: `json!` would copy them.
fn filled<const N: usize>(value: Value, parts: [(&str, Value); N]) -> Map<String, Value> {
    let Value::Object(mut out) = value else { return Map::new() };
    for (name, part) in parts {
        if let Some(place) = out.get_mut(name) {
            *place = part;
        }
    }
    out
}

/// All booking fields with their answers; unanswered ones have no `value`.
fn responses(booking: &Booking, event_type: Option<&EventType>, fresh: bool) -> Map<String, Value> {
    let mut out = Map::new();
    if fresh {
        let phone = response("phone_number", None, true);
        out.insert("attendeePhoneNumber".to_owned(), phone);
    }
    for field in fields_of(event_type) {
        let slug = field.get("slug").and_then(Value::as_str).unwrap_or_default();
        let hidden = field.get("hidden").and_then(Value::as_bool).unwrap_or_default();
        let label = LABELS.iter().find(|(name, _)| *name == slug).map(|(_, label)| *label);
        let own = field.get("label").and_then(Value::as_str).unwrap_or(slug);
        let value = match slug {
            "name" => Some(json!(booking.attendee.name)),
            "email" => Some(json!(booking.attendee.email)),
            "location" if fresh => Some(json!({ "value": booking.location, "optionValue": "" })),
            "guests" if !booking.guests.is_empty() => Some(json!(booking.guests)),
            _ => booking.answers.get(slug).cloned(),
        };
        out.insert(slug.to_owned(), response(label.unwrap_or(own), value, hidden));
    }
    out
}

fn own_responses(booking: &Booking, event_type: Option<&EventType>) -> Map<String, Value> {
    fields_of(event_type)
        .iter()
        .filter(|field| field.get("isDefault").and_then(Value::as_bool) != Some(true))
        .filter_map(|field| {
            let slug = field.get("slug")?.as_str()?;
            let label = field.get("label").and_then(Value::as_str).unwrap_or(slug);
            let hidden = field.get("hidden").and_then(Value::as_bool).unwrap_or_default();
            let answer = booking.answers.get(slug).cloned();
            Some((slug.to_owned(), response(label, answer, hidden)))
        })
        .collect()
}

fn attendee(one: &Attendee, at: Timestamp, fresh: bool) -> Value {
    let offset = offset_minutes(at, &one.time_zone);
    let language = json!({ "locale": one.language });
    if fresh {
        return json!({
            "email": one.email, "name": one.name, "firstName": "", "lastName": "",
            "timeZone": one.time_zone, "language": language, "utcOffset": offset
        });
    }
    json!({
        "name": one.name, "email": one.email, "timeZone": one.time_zone,
        "phoneNumber": one.phone_number, "language": language, "utcOffset": offset
    })
}

fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

impl World {
    fn organizer(&self, booking: &Booking) -> Value {
        let Some(host) = self.account(booking.host_id) else { return Value::Null };
        json!({
            "id": host.id, "name": host.name, "email": host.email, "username": host.username,
            "timeZone": host.time_zone, "language": { "locale": "en" }, "timeFormat": "h:mma",
            "utcOffset": offset_minutes(booking.start, &host.time_zone)
        })
    }

    fn people(booking: &Booking, fresh: bool) -> Value {
        booking.attendees().iter().map(|one| attendee(one, booking.start, fresh)).collect()
    }

    /// Create, request and reschedule: the long form.
    fn fresh_payload(&self, booking: &Booking, password: Option<&str>) -> Map<String, Value> {
        let one = self.event_type_of(booking);
        let description = one.map(EventType::description).unwrap_or_default();
        let confirms = one.is_some_and(EventType::needs_confirmation);
        let value = json!({
            "bookerUrl": Self::booker_url(), "title": booking.title,
            "startTime": seconds(booking.start), "endTime": seconds(booking.end),
            "additionalNotes": "", "type": one.map(EventType::slug), "description": description,
            "eventTypeId": booking.event_type_id, "hideCalendarNotes": false,
            "hideCalendarEventDetails": false, "hideOrganizerEmail": false,
            "schedulingType": null, "seatsPerTimeSlot": null, "seatsShowAttendees": true,
            "seatsShowAvailabilityCount": true, "customReplyToEmail": null,
            "disableRescheduling": false, "disableCancelling": false,
            "organizer": null, "attendees": null, "customInputs": {}, "responses": null,
            "userFieldsResponses": null, "location": booking.location,
            "destinationCalendar": null, "iCalUID": booking.ics_uid,
            "iCalSequence": booking.ics_sequence, "requiresConfirmation": confirms,
            "oneTimePassword": password, "hashedLink": null, "uid": booking.uid,
            "eventTitle": one.map(EventType::title), "eventDescription": text_or_null(description),
            "price": 0, "currency": "usd", "length": booking.minutes(), "bookingId": booking.id,
            "metadata": null, "status": booking.status.loud()
        });
        let parts = [
            ("organizer", self.organizer(booking)),
            ("attendees", Self::people(booking, true)),
            ("responses", Value::Object(responses(booking, one, true))),
            ("userFieldsResponses", Value::Object(own_responses(booking, one))),
            ("metadata", Value::Object(booking.metadata.clone())),
        ];
        filled(value, parts)
    }

    fn rescheduled_payload(
        &self,
        booking: &Booking,
        old: &Booking,
        by_person: bool,
    ) -> Map<String, Value> {
        let mut out = Map::new();
        for (key, value) in self.fresh_payload(booking, None) {
            match key.as_str() {
                // The original leaves the calendar identity out of this one.
                "iCalUID" => continue,
                "metadata" => {
                    out.insert("rescheduleId".to_owned(), json!(old.id));
                    out.insert("rescheduleUid".to_owned(), json!(old.uid));
                    out.insert("rescheduleStartTime".to_owned(), json!(seconds(old.start)));
                    out.insert("rescheduleEndTime".to_owned(), json!(seconds(old.end)));
                    out.insert(key, if by_person { json!({}) } else { value });
                    continue;
                }
                _ => {}
            }
            let is_uid = key == "uid";
            out.insert(key, value);
            if is_uid {
                if let Some(by) = &booking.rescheduled_by {
                    out.insert("rescheduledBy".to_owned(), json!(by));
                }
                out.insert("appsStatus".to_owned(), json!([]));
            }
        }
        out
    }

    fn cancelled_payload(
        &self,
        booking: &Booking,
        reason: &str,
        by: Option<&str>,
        request_reschedule: bool,
    ) -> Map<String, Value> {
        let one = self.event_type_of(booking);
        let description = one.map(EventType::description).unwrap_or_default();
        let value = json!({
            "bookerUrl": Self::booker_url(), "title": booking.title, "length": booking.minutes(),
            "type": one.map(EventType::slug), "additionalNotes": "", "description": description,
            "customInputs": {}, "eventTypeId": booking.event_type_id,
            "userFieldsResponses": null, "responses": null,
            "startTime": seconds_offset(booking.start), "endTime": seconds_offset(booking.end),
            "organizer": null, "attendees": null, "uid": booking.uid,
            "bookingId": booking.id, "location": booking.location, "destinationCalendar": [],
            "cancellationReason": reason, "seatsPerTimeSlot": null,
            "seatsShowAttendees": false, "iCalUID": booking.ics_uid,
            "iCalSequence": booking.ics_sequence + 1, "hideOrganizerEmail": false,
            "customReplyToEmail": null, "organizationId": null,
            "eventTitle": one.map(EventType::title), "eventDescription": text_or_null(description),
            "requiresConfirmation": null, "price": null, "currency": "usd",
            "status": Status::Cancelled.loud(), "requestReschedule": request_reschedule
        });
        let parts = [
            ("userFieldsResponses", Value::Object(own_responses(booking, one))),
            ("responses", Value::Object(responses(booking, one, false))),
            ("organizer", self.organizer(booking)),
            ("attendees", Self::people(booking, false)),
        ];
        let mut out = filled(value, parts);
        if let Some(by) = by {
            out.insert("cancelledBy".to_owned(), json!(by));
        }
        out
    }

    /// Confirm and reject: the short form, without metadata.
    fn decided_payload(&self, booking: &Booking, rejected: bool) -> Map<String, Value> {
        let one = self.event_type_of(booking);
        let description = one.map(EventType::description).unwrap_or_default();
        let value = json!({
            "type": one.map(EventType::slug), "title": booking.title, "description": description,
            "bookerUrl": Self::booker_url(), "userFieldsResponses": own_responses(booking, one),
            "responses": responses(booking, one, false), "customInputs": {},
            "startTime": millis(booking.start), "endTime": millis(booking.end),
            "organizer": self.organizer(booking), "attendees": Self::people(booking, false),
            "location": booking.location, "uid": booking.uid, "destinationCalendar": [],
            "requiresConfirmation": true, "hideOrganizerEmail": false, "hideCalendarNotes": false,
            "hideCalendarEventDetails": false, "eventTypeId": booking.event_type_id,
            "customReplyToEmail": null, "organizationId": null, "additionalNotes": ""
        });
        let mut out = filled(value, []);
        let mut put = |key: &str, value: Value| {
            out.insert(key.to_owned(), value);
        };
        if rejected {
            put("rejectionReason", json!(booking.rejection_reason));
        }
        put("eventTitle", json!(one.map(EventType::title)));
        put("eventDescription", text_or_null(description));
        put("price", json!(0));
        put("currency", json!("usd"));
        put("length", json!(booking.minutes()));
        put("bookingId", json!(booking.id));
        put("status", json!(booking.status.loud()));
        out
    }

    /// The payload of one happening.
    pub(crate) fn payload(
        &self,
        happening: &Happening,
        booking: &Booking,
        password: Option<&str>,
    ) -> Map<String, Value> {
        match happening {
            Happening::Created => self.fresh_payload(booking, None),
            Happening::Requested => self.fresh_payload(booking, password),
            Happening::Rescheduled { old, by_person } => {
                self.rescheduled_payload(booking, old, *by_person)
            }
            Happening::Cancelled { reason, by, request_reschedule } => {
                self.cancelled_payload(booking, reason, by.as_deref(), *request_reschedule)
            }
            Happening::Confirmed => self.decided_payload(booking, false),
            Happening::Rejected => self.decided_payload(booking, true),
            Happening::Ping => Map::new(),
        }
    }
}

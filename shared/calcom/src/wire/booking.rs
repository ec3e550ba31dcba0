//! Bookings as Cal.com tells them, version 2024-08-13.
//!
//! Without uid, status, start and end there is no booking: the older version answers success in
//! another shape, and that must not pass for this one (CONTRACT 18).

use std::collections::BTreeMap;
use std::fmt;

use interlock_app::ports::scheduler::{Booking, BookingStatus, CalUid};
use interlock_policy::{EventTypeId, Interval};
use jiff::Timestamp;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::uid::well_formed;

/// A booking; everything but its four marks may be missing. What only describes it may also be
/// of another type; what says whose it is and where it went may not.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireBooking {
    uid: String,
    status: String,
    start: Timestamp,
    end: Timestamp,
    #[serde(default, deserialize_with = "lenient")]
    title: Option<String>,
    event_type: Option<WireKind>,
    event_type_id: Option<u64>,
    rescheduled_to_uid: Option<String>,
    rescheduled_from_uid: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    attendees: Option<Vec<WireAttendee>>,
    metadata: Option<BTreeMap<String, Value>>,
    #[serde(default, deserialize_with = "lenient")]
    ics_uid: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    cancellation_reason: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    updated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct WireKind {
    id: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAttendee {
    name: Option<String>,
    email: Option<String>,
    display_email: Option<String>,
}

/// One booking, or the occurrences of a series.
pub(crate) struct OneOrMany(pub(crate) Vec<WireBooking>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectOrList)
    }
}

/// Tells both forms apart by their first byte, so that neither is read twice.
struct ObjectOrList;

impl<'de> Visitor<'de> for ObjectOrList {
    type Value = OneOrMany;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a booking or a list of bookings")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OneOrMany, A::Error> {
        WireBooking::deserialize(MapAccessDeserializer::new(map)).map(|one| OneOrMany(vec![one]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<OneOrMany, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(OneOrMany)
    }
}

/// The value, or nothing if it has another form.
fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// A status word in either letter case (CONTRACT 10).
pub(crate) fn status(word: &str) -> BookingStatus {
    match word.to_ascii_lowercase().as_str() {
        "accepted" => BookingStatus::Accepted,
        "pending" => BookingStatus::Pending,
        "cancelled" => BookingStatus::Cancelled,
        "rejected" => BookingStatus::Rejected,
        other => BookingStatus::Other(other.chars().take(32).collect()),
    }
}

fn uid(text: Option<String>) -> Option<CalUid> {
    text.filter(|text| well_formed(text)).map(CalUid)
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

impl WireBooking {
    /// The booking, unless its uid or its times make no sense.
    pub(crate) fn into_booking(self) -> Option<Booking> {
        let interval = Interval::new(self.start, self.end).ok()?;
        let first = self.attendees.unwrap_or_default().into_iter().next();
        let (email, name) = first.map_or((None, None), |attendee| {
            // A managed user's address is stored with the client's id in it; the shown one is
            // what was given.
            (filled(attendee.display_email).or(filled(attendee.email)), filled(attendee.name))
        });
        Some(Booking {
            uid: uid(Some(self.uid))?,
            status: status(&self.status),
            interval,
            event_type_id: self
                .event_type
                .and_then(|kind| kind.id)
                .or(self.event_type_id)
                .map(EventTypeId),
            rescheduled_to: uid(self.rescheduled_to_uid),
            rescheduled_from: uid(self.rescheduled_from_uid),
            title: self.title.unwrap_or_default(),
            attendee_email: email,
            attendee_name: name,
            metadata: texts(self.metadata.unwrap_or_default()),
            ics_uid: filled(self.ics_uid),
            cancellation_reason: filled(self.cancellation_reason),
            updated_at: self.updated_at,
        })
    }
}

fn texts(metadata: BTreeMap<String, Value>) -> BTreeMap<String, String> {
    metadata
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.as_str()?.to_owned())))
        .collect()
}

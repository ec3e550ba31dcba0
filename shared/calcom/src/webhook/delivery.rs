//! What a delivery hints at.
//!
//! Any JSON object within the limits is a delivery: a field that is missing or of another type
//! is `None`, never an error, because Cal.com changes them without notice.

use interlock_app::ports::scheduler::{
    BookingStatus, CalUid, METADATA_DEPLOYMENT, METADATA_REQUEST, METADATA_RESERVATION,
};
use interlock_policy::{EventTypeId, RequestId, ReservationId};
use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::raw::{BodyError, object};
use super::trigger::Trigger;
use crate::uid::well_formed;
use crate::wire::booking::status;

/// A delivery, reduced to what can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What made Cal.com send it.
    pub trigger: Trigger,
    /// Moment of sending; another one for each subscriber and each resend. `None` for
    /// `MEETING_*`, whose field of that name is the age of the booking.
    pub created_at: Option<Timestamp>,
    /// The booking; after a move the new one.
    pub uid: Option<CalUid>,
    /// The booking it was before a move.
    pub reschedule_uid: Option<CalUid>,
    /// Our reservation, from the metadata; often absent (CONTRACT 9.5 rule 4).
    pub reservation_id: Option<ReservationId>,
    /// The deployment that made the booking, from the metadata.
    pub deployment: Option<String>,
    /// The request that made the booking, from the metadata.
    pub request_id: Option<RequestId>,
    /// Stays the same over moves; absent in moves.
    pub ics_uid: Option<String>,
    /// Kind.
    pub event_type_id: Option<EventTypeId>,
    /// Start.
    pub start: Option<Timestamp>,
    /// End.
    pub end: Option<Timestamp>,
    /// First attendee's e-mail as given.
    pub attendee_email: Option<String>,
    /// State as the sender saw it.
    pub status: Option<BookingStatus>,
    /// Whether the host cancelled in order to ask for another time.
    pub requested_reschedule: bool,
    /// Reason of a cancel or a refusal.
    pub reason: Option<String>,
    /// Seat, where the kind has seats.
    pub seat: Option<String>,
}

/// Reads a delivery whose signature has passed.
pub fn parse(raw: &[u8]) -> Result<Delivery, BodyError> {
    let body = object(raw)?;
    let trigger = Trigger::of(body.get("triggerEvent").and_then(Value::as_str).unwrap_or_default());
    let wrapped = body.get("payload").and_then(Value::as_object);
    let payload = wrapped.unwrap_or(&body);
    let metadata = payload.get("metadata").and_then(Value::as_object);
    let mark = |name| metadata.and_then(|metadata| text(metadata, name));
    Ok(Delivery {
        trigger,
        created_at: wrapped.and_then(|_| instant(&body, "createdAt")),
        uid: uid(payload, "uid").or_else(|| uid(payload, "bookingUid")),
        reschedule_uid: uid(payload, "rescheduleUid"),
        reservation_id: mark(METADATA_RESERVATION).and_then(|id| id.parse().ok()),
        deployment: mark(METADATA_DEPLOYMENT).map(ToOwned::to_owned),
        request_id: mark(METADATA_REQUEST).and_then(|id| id.parse().ok()),
        ics_uid: text(payload, "iCalUID").map(ToOwned::to_owned),
        event_type_id: payload.get("eventTypeId").and_then(Value::as_u64).map(EventTypeId),
        start: instant(payload, "startTime"),
        end: instant(payload, "endTime"),
        attendee_email: first_email(payload),
        status: text(payload, "status").map(status),
        requested_reschedule: payload.get("requestReschedule") == Some(&Value::Bool(true)),
        reason: text(payload, "cancellationReason")
            .or_else(|| text(payload, "rejectionReason"))
            .map(ToOwned::to_owned),
        seat: seat(payload),
    })
}

impl Delivery {
    /// A name for what the delivery says, the same for each subscriber and each resend, as 64
    /// hex characters (CONTRACT 9.3).
    pub fn meaning(&self) -> String {
        let parts = [
            self.trigger.as_str().to_owned(),
            self.uid.as_ref().map(|uid| uid.0.clone()).unwrap_or_default(),
            self.seat.clone().or_else(|| self.attendee_email.clone()).unwrap_or_default(),
            self.start.map(|start| start.to_string()).unwrap_or_default(),
            self.status.as_ref().map(|status| format!("{status:?}")).unwrap_or_default(),
        ];
        let mut hash = Sha256::new();
        for part in parts {
            // The length keeps two neighbours from passing for two others.
            hash.update(part.len().to_be_bytes());
            hash.update(part.as_bytes());
        }
        hex::encode(hash.finalize())
    }
}

fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn uid(object: &Map<String, Value>, name: &str) -> Option<CalUid> {
    text(object, name).filter(|text| well_formed(text)).map(|text| CalUid(text.to_owned()))
}

/// An instant in any of Cal.com's forms: `Z`, `+00:00`, with and without milliseconds.
fn instant(object: &Map<String, Value>, name: &str) -> Option<Timestamp> {
    text(object, name).and_then(|text| text.parse().ok())
}

fn attendee(payload: &Map<String, Value>) -> Option<&Map<String, Value>> {
    payload.get("attendees")?.as_array()?.first()?.as_object()
}

fn first_email(payload: &Map<String, Value>) -> Option<String> {
    text(attendee(payload)?, "email").map(ToOwned::to_owned)
}

fn seat(payload: &Map<String, Value>) -> Option<String> {
    text(payload, "attendeeSeatId").map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn delivery(body: &Value) -> Delivery {
        parse(body.to_string().as_bytes()).unwrap()
    }

    fn created() -> Value {
        json!({
            "triggerEvent": "BOOKING_CREATED",
            "createdAt": "2026-12-01T08:00:00.120Z",
            "payload": {
                "uid": "8kTz3Qm2vX7LdRfWc5YpHn",
                "iCalUID": "8kTz3Qm2vX7LdRfWc5YpHn@Cal.com",
                "eventTypeId": 41,
                "startTime": "2026-12-01T09:00:00Z",
                "endTime": "2026-12-01T10:00:00Z",
                "status": "ACCEPTED",
                "attendees": [{"email": "Ada@example.org"}],
                "metadata": {"interlockReservationId": "rsv_1", "interlockDeployment": "north"}
            }
        })
    }

    #[test]
    fn a_created_booking_carries_our_marks() {
        let delivery = delivery(&created());
        assert_eq!(delivery.trigger, Trigger::BookingCreated);
        assert_eq!(delivery.reservation_id.unwrap().as_str(), "rsv_1");
        assert_eq!(delivery.deployment.as_deref(), Some("north"));
        assert_eq!(delivery.status, Some(BookingStatus::Accepted));
        assert_eq!(delivery.event_type_id, Some(EventTypeId(41)));
        assert_eq!(delivery.attendee_email.as_deref(), Some("Ada@example.org"));
        assert!(delivery.created_at.is_some());
    }

    #[test]
    fn a_move_names_the_new_and_the_old_booking() {
        let delivery = delivery(&json!({"triggerEvent": "BOOKING_RESCHEDULED", "payload": {
            "uid": "new1", "rescheduleUid": "old1", "status": "ACCEPTED"}}));
        assert_eq!(delivery.uid, Some(CalUid("new1".to_owned())));
        assert_eq!(delivery.reschedule_uid, Some(CalUid("old1".to_owned())));
    }

    #[test]
    fn times_are_the_same_instant_in_each_of_the_forms() {
        for form in [
            "2026-12-01T09:00:00Z",
            "2026-12-01T09:00:00+00:00",
            "2026-12-01T09:00:00.000Z",
            "2026-12-01T10:00:00.000+01:00",
        ] {
            let delivery = delivery(&json!({"triggerEvent": "X", "payload": {"startTime": form}}));
            assert_eq!(delivery.start, "2026-12-01T09:00:00Z".parse().ok(), "{form}");
        }
    }

    #[test]
    fn a_flat_body_is_read_without_a_moment_of_sending() {
        let delivery = delivery(&json!({
            "triggerEvent": "MEETING_STARTED", "uid": "a1", "createdAt": "2026-11-01T09:00:00.000Z",
            "startTime": "2026-12-01T09:00:00.000Z", "status": "ACCEPTED",
            "metadata": {"interlockReservationId": "rsv_1"}}));
        assert_eq!(delivery.uid, Some(CalUid("a1".to_owned())));
        assert_eq!(delivery.created_at, None);
        assert!(delivery.reservation_id.is_some());
        assert!(!delivery.trigger.changes_booking());
    }

    #[test]
    fn a_no_show_names_its_booking_under_another_name() {
        let delivery = delivery(&json!({"triggerEvent": "BOOKING_NO_SHOW_UPDATED",
            "payload": {"bookingUid": "a1", "attendees": [{"email": "a@b.test"}]}}));
        assert_eq!(delivery.uid, Some(CalUid("a1".to_owned())));
    }

    #[test]
    fn a_ping_has_no_booking() {
        let delivery = delivery(&json!({"triggerEvent": "PING", "payload": {"type": "Test"}}));
        assert_eq!(delivery.trigger, Trigger::Ping);
        assert_eq!(delivery.uid, None);
    }

    #[test]
    fn a_request_for_another_time_is_told_from_a_plain_cancel() {
        for (value, asked) in [(json!(true), true), (json!(false), false), (json!("true"), false)] {
            let delivery = delivery(&json!({"triggerEvent": "BOOKING_CANCELLED",
                "payload": {"requestReschedule": value, "cancellationReason": "ill"}}));
            assert_eq!(delivery.requested_reschedule, asked);
            assert_eq!(delivery.reason.as_deref(), Some("ill"));
        }
    }

    #[test]
    fn fields_of_another_type_are_left_out() {
        let delivery = delivery(&json!({"triggerEvent": 7, "createdAt": [], "payload": {
            "uid": 12, "eventTypeId": "41", "startTime": "tomorrow", "attendees": {"email": "x"},
            "metadata": [], "status": null, "unknown": {"deep": [1, 2]}}}));
        assert_eq!(delivery.trigger, Trigger::Unknown(String::new()));
        assert_eq!(delivery.uid, None);
        assert_eq!(delivery.event_type_id, None);
        assert_eq!(delivery.start, None);
        assert_eq!(delivery.status, None);
    }

    #[test]
    fn a_uid_or_reservation_id_that_cannot_be_one_is_left_out() {
        let delivery = delivery(&json!({"triggerEvent": "BOOKING_CREATED", "payload": {
            "uid": "../me", "metadata": {"interlockReservationId": "usr_1"}}}));
        assert_eq!(delivery.uid, None);
        assert_eq!(delivery.reservation_id, None);
    }

    #[test]
    fn a_resend_means_the_same_and_another_state_does_not() {
        let first = delivery(&created());
        let mut resent = created();
        resent["createdAt"] = json!("2026-12-02T08:00:00.000Z");
        assert_eq!(delivery(&resent).meaning(), first.meaning());
        for (name, value) in [
            ("status", json!("PENDING")),
            ("uid", json!("other")),
            ("startTime", json!("2026-12-01T09:30:00Z")),
            ("attendeeSeatId", json!("seat-2")),
        ] {
            let mut changed = created();
            changed["payload"][name] = value;
            assert_ne!(delivery(&changed).meaning(), first.meaning(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_parser_fail_other_than_by_an_error(
            raw in proptest::collection::vec(any::<u8>(), 0..200)
        ) {
            let _ = parse(&raw);
        }

        #[test]
        fn any_trigger_word_is_taken(word in ".{0,100}") {
            let delivery = delivery(&json!({"triggerEvent": word, "payload": {}}));
            prop_assert!(delivery.trigger.as_str().chars().count() <= 64);
        }
    }
}

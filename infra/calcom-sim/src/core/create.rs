//! Making bookings: a check, and later a commit that only a unique interval can refuse.
//! Between the two anything may happen: that is the race of the original (CONTRACT 5.10).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::api_error::{Answer, ApiError};
use super::availability::Interval;
use super::create_checks::Wanted;
use super::model::{Attendee, Booking, EventType, Status};
use super::request::{ApiRequest, Caller};
use super::world::World;

/// A booking that passed its checks and is not stored yet.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) event_type: EventType,
    pub(crate) interval: Interval,
    pub(crate) attendee: Attendee,
    pub(crate) guests: Vec<String>,
    pub(crate) answers: Map<String, Value>,
    pub(crate) metadata: Map<String, Value>,
}

#[derive(Debug, Clone)]
pub(crate) enum Plan {
    New(Box<Draft>),
    /// The same attendee asked a type with confirmation for the same start again.
    Existing(Box<Booking>),
}

impl World {
    /// Everything that is checked before anything is stored.
    pub(crate) fn plan_booking(
        &self,
        caller: Caller,
        request: &ApiRequest,
        now: Timestamp,
    ) -> Answer<Plan> {
        let Wanted { event_type, interval, attendee } = self.wanted(caller, request)?;
        if let Some(existing) = self.repeated_request(&event_type, interval, &attendee.email) {
            return Ok(Plan::Existing(Box::new(existing.clone())));
        }
        self.check_active(&event_type, &attendee.email, now)?;
        self.check_time(&event_type, interval, now, None)?;
        let body = request.object();
        let object = |key: &str| body.get(key).and_then(Value::as_object).cloned();
        let guests = body.get("guests").and_then(Value::as_array);
        let guests = guests.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        Ok(Plan::New(Box::new(Draft {
            event_type,
            interval,
            attendee,
            guests: guests.collect(),
            answers: object("bookingFieldsResponses").unwrap_or_default(),
            metadata: object("metadata").unwrap_or_default(),
        })))
    }

    fn repeated_request(
        &self,
        event_type: &EventType,
        interval: Interval,
        email: &str,
    ) -> Option<&Booking> {
        if !event_type.needs_confirmation() {
            return None;
        }
        self.bookings.values().find(|one| {
            one.status.is_open()
                && one.event_type_id == Some(event_type.id)
                && one.start == interval.start
                && one.attendee.email == email
        })
    }

    /// Whether the unique column over interval and host already has this value.
    pub(crate) fn is_claimed(&self, host_id: i64, interval: Interval) -> bool {
        self.bookings.values().any(|one| {
            one.claims_interval
                && one.host_id == host_id
                && one.start == interval.start
                && one.end == interval.end
        })
    }

    /// Stores a draft; 409 when the exact interval was taken since the check.
    pub(crate) fn commit_booking(&mut self, draft: Draft, now: Timestamp) -> Answer<Booking> {
        let Draft { event_type, interval, attendee, guests, answers, metadata } = draft;
        let pending = event_type.needs_confirmation();
        if !pending && self.is_claimed(event_type.owner_id, interval) {
            return Err(ApiError::plain(409, "booking_conflict_error"));
        }
        let host = self.account(event_type.owner_id).map(|host| host.name.clone());
        let title = format!(
            "{} between {} and {}",
            event_type.title(),
            host.unwrap_or_default(),
            attendee.name
        );
        let uid = self.new_uid();
        let booking = Booking {
            id: self.next("booking"),
            ics_uid: format!("{uid}@Cal.com"),
            host_id: event_type.owner_id,
            event_type_id: Some(event_type.id),
            title,
            status: if pending { Status::Pending } else { Status::Accepted },
            start: interval.start,
            end: interval.end,
            location: event_type.location(),
            attendee,
            guests,
            answers,
            metadata,
            ics_sequence: 0,
            cancellation_reason: String::new(),
            rejection_reason: String::new(),
            rescheduling_reason: None,
            rescheduled_by: None,
            rescheduled_from: None,
            rescheduled_to: None,
            created_at: now,
            updated_at: now,
            claims_interval: !pending,
            uid: uid.clone(),
        };
        self.previous.put(uid.clone(), None);
        self.bookings.put(uid, booking.clone());
        self.count_mails(2 + booking.guests.len());
        Ok(booking)
    }
}

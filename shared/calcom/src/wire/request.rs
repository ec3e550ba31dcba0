//! Bodies and queries we send.
//!
//! Cal.com refuses unknown fields in bodies and ignores unknown filters in lists, so every name
//! here is one of CONTRACT 4.1, 5.2, 5.5, 5.6, 5.7 or 9.1.

use std::collections::BTreeMap;

use interlock_app::ports::scheduler::{BookingFilter, NewBooking};
use interlock_app::ports::subscriptions::{NewSubscription, SubscriptionChange};
use interlock_policy::{EventTypeId, Interval};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::Secret;

/// Most records of a page at Cal.com.
const MAX_TAKE: u32 = 250;
/// How much longer than asked the range of slots is, because a slot must end inside it.
const SLOT_MARGIN: SignedDuration = SignedDuration::from_hours(24);
/// Sent where the caller gave none: a host's key must give a reason (CONTRACT 5.7).
const NO_REASON: &str = "no reason given";

/// Body of a create.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateBody<'a> {
    start: Timestamp,
    event_type_id: EventTypeId,
    attendee: AttendeeBody<'a>,
    metadata: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttendeeBody<'a> {
    name: &'a str,
    email: &'a str,
    time_zone: &'a str,
}

impl<'a> CreateBody<'a> {
    pub(crate) fn of(booking: &'a NewBooking) -> Self {
        Self {
            start: booking.start,
            event_type_id: booking.event_type_id,
            attendee: AttendeeBody {
                name: &booking.attendee.name,
                email: &booking.attendee.email,
                time_zone: booking.attendee.time_zone.as_str(),
            },
            metadata: &booking.metadata,
        }
    }
}

/// Body of a cancel.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CancelBody<'a> {
    cancellation_reason: &'a str,
}

impl<'a> CancelBody<'a> {
    pub(crate) fn of(reason: &'a str) -> Self {
        Self { cancellation_reason: given(reason) }
    }
}

/// Body of a move.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RescheduleBody<'a> {
    start: Timestamp,
    rescheduling_reason: &'a str,
}

impl<'a> RescheduleBody<'a> {
    pub(crate) fn of(start: Timestamp, reason: &'a str) -> Self {
        Self { start, rescheduling_reason: given(reason) }
    }
}

fn given(reason: &str) -> &str {
    if reason.trim().is_empty() { NO_REASON } else { reason }
}

/// Body of a new or changed subscription; what is absent stays as it is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SubscriptionBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    subscriber_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    triggers: Option<&'a [String]>,
    secret: &'a str,
}

impl<'a> SubscriptionBody<'a> {
    pub(crate) fn of(wanted: &'a NewSubscription, secret: &'a Secret) -> Self {
        Self {
            subscriber_url: Some(&wanted.url),
            active: Some(wanted.active),
            triggers: Some(&wanted.triggers),
            secret: secret.expose(),
        }
    }

    pub(crate) fn changing(change: &'a SubscriptionChange, secret: &'a Secret) -> Self {
        Self {
            subscriber_url: change.url.as_deref(),
            active: change.active,
            triggers: change.triggers.as_deref(),
            secret: secret.expose(),
        }
    }
}

/// A query as names and values.
pub(crate) type Pairs = Vec<(&'static str, String)>;

/// Query for slots: a day more than asked, in UTC; the answer is cut to what was asked.
///
/// An end at exactly midnight means the end of that day at Cal.com (CONTRACT 4.1), which the
/// cutting covers as well.
pub(crate) fn slots(event_type: EventTypeId, range: Interval) -> Pairs {
    let end = range.widened(SignedDuration::ZERO, SLOT_MARGIN).end();
    vec![
        ("eventTypeId", event_type.to_string()),
        ("start", range.start().to_string()),
        ("end", end.to_string()),
    ]
}

/// Query for a page of bookings.
pub(crate) fn bookings(filter: &BookingFilter) -> Pairs {
    let mut pairs = Pairs::new();
    if !filter.event_type_ids.is_empty() {
        let ids: Vec<String> = filter.event_type_ids.iter().map(ToString::to_string).collect();
        pairs.push(("eventTypeIds", ids.join(",")));
    }
    let instants = [
        ("afterStart", filter.after_start),
        ("beforeEnd", filter.before_end),
        ("afterUpdatedAt", filter.after_updated),
    ];
    for (name, instant) in instants {
        pairs.extend(instant.map(|instant| (name, instant.to_string())));
    }
    let order = if filter.by_update { "sortUpdatedAt" } else { "sortStart" };
    pairs.push((order, "asc".to_owned()));
    pairs.push(("skip", filter.skip.to_string()));
    pairs.push(("take", filter.take.clamp(1, MAX_TAKE).to_string()));
    pairs
}

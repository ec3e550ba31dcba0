//! Kinds of booking as Cal.com tells them.
//!
//! A setting that is absent is taken as off, a policy that is present as on unless it says
//! `disabled`.

use interlock_app::ports::scheduler::EventType;
use interlock_policy::EventTypeId;
use serde::Deserialize;

/// An event type, version 2024-06-14.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireEventType {
    id: u64,
    title: Option<String>,
    length_in_minutes: u32,
    confirmation_policy: Option<Policy>,
    seats: Option<Policy>,
    seats_per_time_slot: Option<u32>,
    recurrence: Option<Policy>,
    price: Option<f64>,
    disable_cancelling: Option<Switch>,
    requires_booker_email_verification: Option<bool>,
    minimum_booking_notice: Option<u32>,
    before_event_buffer: Option<u32>,
    after_event_buffer: Option<u32>,
}

/// A setting that is either `{"disabled":true}` or a description of itself.
#[derive(Deserialize)]
struct Policy {
    disabled: Option<bool>,
}

/// `disableCancelling`, where `disabled` says that cancelling is disabled.
#[derive(Deserialize)]
struct Switch {
    disabled: Option<bool>,
}

fn on(policy: Option<&Policy>) -> bool {
    policy.is_some_and(|policy| policy.disabled != Some(true))
}

impl From<WireEventType> for EventType {
    fn from(wire: WireEventType) -> Self {
        Self {
            id: EventTypeId(wire.id),
            title: wire.title.unwrap_or_default(),
            length_minutes: wire.length_in_minutes,
            requires_confirmation: on(wire.confirmation_policy.as_ref()),
            has_seats: on(wire.seats.as_ref()) || wire.seats_per_time_slot.is_some(),
            recurring: on(wire.recurrence.as_ref()),
            has_price: wire.price.is_some_and(|price| price > 0.0),
            cancelling_disabled: wire
                .disable_cancelling
                .is_some_and(|switch| switch.disabled == Some(true)),
            requires_email_verification: wire.requires_booker_email_verification == Some(true),
            minimum_notice_minutes: wire.minimum_booking_notice.unwrap_or_default(),
            before_buffer_minutes: wire.before_event_buffer.unwrap_or_default(),
            after_buffer_minutes: wire.after_event_buffer.unwrap_or_default(),
        }
    }
}

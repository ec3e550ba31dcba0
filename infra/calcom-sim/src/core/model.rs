//! The rows of the stand-in: accounts, event types, schedules, bookings, holds, webhooks.
//! Instants are UTC; lengths are whole minutes unless a name says otherwise.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A Cal.com user: the host of one resource, with its API key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) username: String,
    pub(crate) email: String,
    pub(crate) api_key: String,
    pub(crate) api_key_expired: bool,
    pub(crate) time_zone: String,
    pub(crate) default_schedule_id: Option<i64>,
}

/// An event type; `fields` is the output of API version 2024-06-14, in its order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct EventType {
    pub(crate) id: i64,
    pub(crate) owner_id: i64,
    pub(crate) fields: Map<String, Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Hours {
    pub(crate) days: Vec<String>,
    pub(crate) start_time: String,
    pub(crate) end_time: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DateHours {
    pub(crate) date: String,
    pub(crate) start_time: String,
    pub(crate) end_time: String,
}

/// Weekly hours in wall time with overrides by date; serialises as API version 2024-06-11 does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Schedule {
    pub(crate) id: i64,
    pub(crate) owner_id: i64,
    pub(crate) name: String,
    pub(crate) time_zone: String,
    pub(crate) availability: Vec<Hours>,
    pub(crate) is_default: bool,
    pub(crate) overrides: Vec<DateHours>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Accepted,
    Pending,
    Cancelled,
    Rejected,
}

impl Status {
    /// The word of the API, in lower case.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Pending => "pending",
            Self::Cancelled => "cancelled",
            Self::Rejected => "rejected",
        }
    }

    /// The word of deliveries and of API version 2024-04-15, in upper case.
    pub(crate) fn loud(self) -> String {
        self.word().to_uppercase()
    }

    /// Whether the booking still stands.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Accepted | Self::Pending)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Attendee {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) time_zone: String,
    pub(crate) language: String,
    pub(crate) phone_number: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Booking {
    pub(crate) id: i64,
    pub(crate) uid: String,
    pub(crate) host_id: i64,
    /// `None` once the event type was deleted.
    pub(crate) event_type_id: Option<i64>,
    pub(crate) title: String,
    pub(crate) status: Status,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) location: String,
    pub(crate) attendee: Attendee,
    pub(crate) guests: Vec<String>,
    /// Answers to booking fields as given, without name and e-mail.
    pub(crate) answers: Map<String, Value>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) ics_uid: String,
    pub(crate) ics_sequence: i64,
    pub(crate) cancellation_reason: String,
    pub(crate) rejection_reason: String,
    pub(crate) rescheduling_reason: Option<String>,
    pub(crate) rescheduled_by: Option<String>,
    pub(crate) rescheduled_from: Option<String>,
    pub(crate) rescheduled_to: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// Whether the unique column over interval and host is set: accepted at creation and not
    /// cancelled since (CONTRACT 5.10).
    pub(crate) claims_interval: bool,
}

impl Booking {
    pub(crate) fn overlaps(&self, start: Timestamp, end: Timestamp) -> bool {
        self.start < end && start < self.end
    }

    pub(crate) fn minutes(&self) -> i64 {
        super::time::minutes_between(self.start, self.end)
    }
}

/// An advisory slot hold (CONTRACT 4.2).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Hold {
    pub(crate) uid: String,
    pub(crate) event_type_id: i64,
    pub(crate) host_id: i64,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) until: Timestamp,
}

/// A webhook subscription of a user or of one event type.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) order: i64,
    pub(crate) user_id: i64,
    pub(crate) event_type_id: Option<i64>,
    pub(crate) subscriber_url: String,
    pub(crate) active: bool,
    pub(crate) triggers: Vec<String>,
    pub(crate) secret: Option<String>,
    pub(crate) payload_template: Option<String>,
    pub(crate) created_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryState {
    /// Being sent; still so after a restart when the process died meanwhile: lost.
    Sending,
    Delivered,
    Failed,
    Held,
    Dropped,
}

/// One delivery to one subscriber, with the exact bytes that were signed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) order: i64,
    pub(crate) trigger: String,
    pub(crate) uid: Option<String>,
    pub(crate) url: String,
    pub(crate) body: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) state: DeliveryState,
    pub(crate) attempts: i64,
    pub(crate) last_status: Option<u16>,
    pub(crate) created_at: Timestamp,
    /// When a delayed delivery leaves by itself.
    pub(crate) due_at: Option<Timestamp>,
    /// Whether it leaves right after the next delivery: out of order on purpose.
    pub(crate) after_next: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WebhookMode {
    Deliver,
    Hold,
    Drop,
}

/// What the control surface can set and a restart must keep.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) webhook_mode: WebhookMode,
    pub(crate) race_window_milliseconds: u64,
    pub(crate) clock_offset_seconds: i64,
    pub(crate) limit: i64,
    pub(crate) window_seconds: i64,
    pub(crate) block_seconds: i64,
}

//! Webhook deliveries: whether Cal.com sent them, and what they hint at.

use async_trait::async_trait;
use interlock_policy::{EventTypeId, RequestId, ReservationId};
use jiff::Timestamp;

use super::scheduler::CalUid;
use crate::AppError;

/// What a delivery may mean for a reservation. A hint, never a fact: it says where to look, and
/// what is done follows from what is read (PRODUCT D5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveryHint {
    /// Cal.com's word for what happened.
    pub trigger: String,
    /// The booking it speaks of; after a move the new one.
    pub uid: Option<CalUid>,
    /// After a move the old one.
    pub moved_from: Option<CalUid>,
    /// Our mark in the metadata, where Cal.com sent it along.
    pub reservation_id: Option<ReservationId>,
    /// The deployment's mark in the metadata, where sent along.
    pub deployment: Option<String>,
    /// The request that made the booking, by the mark in the metadata, where sent along; for logs
    /// and lists alone.
    pub correlation_id: Option<RequestId>,
    /// The kind.
    pub event_type_id: Option<EventTypeId>,
    /// When it was sent, by Cal.com's clock.
    pub sent_at: Option<Timestamp>,
    /// Whether it says that the booking ended, which it may say before it is so (CONTRACT 9.5).
    pub announces_end: bool,
    /// Whether it concerns a booking at all.
    pub concerns_booking: bool,
}

/// Checks and reads deliveries.
#[async_trait]
pub trait Deliveries: Send + Sync {
    /// Whether one of the active secrets signed exactly these bytes (promise R12).
    async fn verify(&self, body: &[u8], signatures: &[String]) -> Result<(), AppError>;

    /// What the body hints at; an error is permanent.
    fn read(&self, body: &[u8]) -> Result<DeliveryHint, AppError>;

    /// The body without secrets, as it may be kept; `None` if it cannot be read, and so not masked.
    fn masked(&self, body: &[u8]) -> Option<String>;

    /// A kept body as it may leave the server: without any uid of Cal.com (PRODUCT D4).
    fn shown(&self, kept: &str) -> serde_json::Value;
}

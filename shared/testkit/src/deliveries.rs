//! Deliveries without signatures of any strength: the secret is a word, the body is a hint as JSON.

use async_trait::async_trait;
use interlock_app::AppError;
use interlock_app::ports::scheduler::CalUid;
use interlock_app::ports::{Deliveries, DeliveryHint};
use serde_json::Value;

/// Accepts the signature `signed` and reads `{trigger, uid, reservationId, …}`.
#[derive(Debug, Default)]
pub struct FakeDeliveries;

#[async_trait]
impl Deliveries for FakeDeliveries {
    async fn verify(&self, _body: &[u8], signatures: &[String]) -> Result<(), AppError> {
        if signatures == ["signed"] { Ok(()) } else { Err(AppError::SignatureInvalid) }
    }

    fn read(&self, body: &[u8]) -> Result<DeliveryHint, AppError> {
        let value: Value = serde_json::from_slice(body)
            .map_err(|_| AppError::invalid("", "malformed", "not json"))?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let trigger = text("trigger").unwrap_or_default();
        Ok(DeliveryHint {
            announces_end: trigger == "BOOKING_CANCELLED",
            concerns_booking: trigger.starts_with("BOOKING_"),
            uid: text("uid").map(CalUid),
            moved_from: text("movedFrom").map(CalUid),
            reservation_id: text("reservationId").and_then(|id| id.parse().ok()),
            deployment: text("deployment"),
            correlation_id: text("requestId").and_then(|id| id.parse().ok()),
            event_type_id: value
                .get("eventTypeId")
                .and_then(Value::as_u64)
                .map(interlock_policy::EventTypeId),
            sent_at: text("sentAt").and_then(|at| at.parse().ok()),
            trigger,
        })
    }

    fn masked(&self, body: &[u8]) -> Option<String> {
        let value: Option<Value> = serde_json::from_slice(body).ok();
        value.map(|value| value.to_string())
    }

    fn shown(&self, kept: &str) -> Value {
        let mut value: Value = serde_json::from_str(kept).unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            fields.retain(|name, _| !["uid", "movedFrom"].contains(&name.as_str()));
        }
        value
    }
}

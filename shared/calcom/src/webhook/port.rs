//! The port of the use cases for deliveries, answered by this crate.
//!
//! A body counts as Cal.com's only after its signature, and is kept only without secrets.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::AppError;
use interlock_app::ports::{Deliveries, DeliveryHint};

use super::{BodyError, Delivery, MAX_BODY_BYTES, SigningSecrets, Trigger, mask, parse, veil};
use crate::CredentialError;

/// When to try again while the secrets are out of reach.
const RETRY_AFTER_SECONDS: u32 = 5;

/// Gives the active webhook secrets; an implementation keeps them for a while and reads them
/// again after it, so that a rotation needs no restart.
#[async_trait]
pub trait WebhookSecrets: Send + Sync {
    /// The active secrets, the newest first.
    async fn active(&self) -> Result<SigningSecrets, CredentialError>;
}

/// Checks, reads and masks deliveries of Cal.com.
pub struct CalcomDeliveries {
    secrets: Arc<dyn WebhookSecrets>,
}

impl fmt::Debug for CalcomDeliveries {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("CalcomDeliveries").finish_non_exhaustive()
    }
}

impl CalcomDeliveries {
    /// Checks with these secrets.
    pub fn new(secrets: Arc<dyn WebhookSecrets>) -> Self {
        Self { secrets }
    }
}

#[async_trait]
impl Deliveries for CalcomDeliveries {
    async fn verify(&self, body: &[u8], signatures: &[String]) -> Result<(), AppError> {
        if body.len() > MAX_BODY_BYTES {
            return Err(AppError::invalid("", "body_too_large", "the body is too large"));
        }
        let secrets = self.secrets.active().await.map_err(unavailable)?;
        let values: Vec<&[u8]> = signatures.iter().map(String::as_bytes).collect();
        secrets.verify(body, &values).map_err(|error| {
            tracing::warn!(%error, bytes = body.len(), "a delivery was refused");
            tracing::info!(target: "metric", WebhookSignaturesRefused = 1, "refused");
            AppError::SignatureInvalid
        })
    }

    fn read(&self, body: &[u8]) -> Result<DeliveryHint, AppError> {
        parse(body).map(hint).map_err(|error| AppError::invalid("", code(error), error.to_string()))
    }

    fn masked(&self, body: &[u8]) -> Option<String> {
        // What cannot be read cannot be masked, and so is not kept.
        mask(body).ok()
    }

    fn shown(&self, kept: &str) -> serde_json::Value {
        veil(kept)
    }
}

fn unavailable(error: CredentialError) -> AppError {
    match error {
        CredentialError::Unavailable(source) => AppError::Unavailable {
            system: "secrets",
            retry_after_seconds: RETRY_AFTER_SECONDS,
            source: Some(source),
        },
        CredentialError::Missing => AppError::internal("there is no usable webhook secret"),
    }
}

fn code(error: BodyError) -> &'static str {
    match error {
        BodyError::Base64 => "not_base64",
        BodyError::TooLarge => "body_too_large",
        BodyError::TooDeep => "nested_too_deeply",
        BodyError::NotAnObject => "not_an_object",
    }
}

fn hint(delivery: Delivery) -> DeliveryHint {
    let announces_end =
        matches!(delivery.trigger, Trigger::BookingCancelled | Trigger::BookingRejected);
    DeliveryHint {
        announces_end,
        concerns_booking: delivery.trigger.changes_booking(),
        trigger: delivery.trigger.as_str().to_owned(),
        uid: delivery.uid,
        moved_from: delivery.reschedule_uid,
        reservation_id: delivery.reservation_id,
        deployment: delivery.deployment,
        correlation_id: delivery.request_id,
        event_type_id: delivery.event_type_id,
        sent_at: delivery.created_at,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Secret;

    struct Fixed(Result<&'static str, &'static str>);

    #[async_trait]
    impl WebhookSecrets for Fixed {
        async fn active(&self) -> Result<SigningSecrets, CredentialError> {
            match self.0 {
                Ok(secret) => SigningSecrets::new(vec![Secret::new(secret)])
                    .map_err(|_| CredentialError::Missing),
                Err(why) => Err(CredentialError::Unavailable(why.into())),
            }
        }
    }

    fn deliveries() -> CalcomDeliveries {
        CalcomDeliveries::new(Arc::new(Fixed(Ok("whsec-one"))))
    }

    fn signed(body: &[u8]) -> String {
        use hmac::{Hmac, KeyInit, Mac};
        let mac = Hmac::<sha2::Sha256>::new_from_slice(b"whsec-one").unwrap();
        hex::encode(mac.chain_update(body).finalize().into_bytes())
    }

    #[tokio::test]
    async fn a_signed_body_passes_and_a_changed_one_does_not() {
        let signature = [signed(b"{\"a\":1}")];
        assert!(deliveries().verify(b"{\"a\":1}", &signature).await.is_ok());
        let changed = deliveries().verify(b"{\"a\":2}", &signature).await;
        assert!(matches!(changed, Err(AppError::SignatureInvalid)));
        let missing = deliveries().verify(b"{\"a\":1}", &[]).await;
        assert!(matches!(missing, Err(AppError::SignatureInvalid)));
    }

    #[tokio::test]
    async fn a_body_too_large_is_refused_before_its_signature_is_made() {
        let body = vec![b' '; MAX_BODY_BYTES + 1];
        let verdict = deliveries().verify(&body, &[signed(&body)]).await;
        assert!(matches!(verdict, Err(AppError::Invalid(_))));
    }

    #[tokio::test]
    async fn without_secrets_nothing_passes_and_nobody_is_called_a_forger() {
        let down = CalcomDeliveries::new(Arc::new(Fixed(Err("down"))));
        let verdict = down.verify(b"{}", &[signed(b"{}")]).await;
        assert!(matches!(verdict, Err(AppError::Unavailable { system: "secrets", .. })));
        let empty = CalcomDeliveries::new(Arc::new(Fixed(Ok(""))));
        let verdict = empty.verify(b"{}", &[signed(b"{}")]).await;
        assert!(matches!(verdict, Err(AppError::Internal { .. })));
    }

    #[test]
    fn a_move_is_a_hint_at_both_bookings() {
        let body = json!({"triggerEvent": "BOOKING_RESCHEDULED", "payload": {
            "uid": "new1", "rescheduleUid": "old1", "eventTypeId": 41,
            "metadata": {"interlockReservationId": "rsv_1", "interlockDeployment": "north",
                "interlockRequestId": "req_7"}}});
        let hint = deliveries().read(body.to_string().as_bytes()).unwrap();
        assert_eq!(hint.uid.unwrap().0, "new1");
        assert_eq!(hint.moved_from.unwrap().0, "old1");
        assert_eq!(hint.deployment.as_deref(), Some("north"));
        assert_eq!(hint.correlation_id.unwrap().as_str(), "req_7");
        assert!(hint.concerns_booking && !hint.announces_end);
    }

    #[test]
    fn only_a_cancel_and_a_refusal_announce_an_end() {
        for (trigger, ends) in [
            ("BOOKING_CANCELLED", true),
            ("BOOKING_REJECTED", true),
            ("BOOKING_CREATED", false),
            ("MEETING_ENDED", false),
        ] {
            let body = json!({"triggerEvent": trigger, "payload": {"uid": "a1"}}).to_string();
            assert_eq!(
                deliveries().read(body.as_bytes()).unwrap().announces_end,
                ends,
                "{trigger}"
            );
        }
    }

    #[test]
    fn a_ping_and_an_unknown_word_concern_no_booking() {
        for trigger in ["PING", "OOO_CREATED", "MEETING_STARTED"] {
            let body = json!({"triggerEvent": trigger, "payload": {}}).to_string();
            let hint = deliveries().read(body.as_bytes()).unwrap();
            assert!(!hint.concerns_booking);
            assert_eq!(hint.trigger, trigger);
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_error_and_is_not_kept() {
        let body = b"token=abc";
        assert!(matches!(deliveries().read(body), Err(AppError::Invalid(_))));
        assert_eq!(deliveries().masked(body), None);
        let masked = deliveries().masked(b"{\"secret\":\"x\"}");
        assert_eq!(masked.as_deref(), Some("{\"secret\":\"…\"}"));
    }
}

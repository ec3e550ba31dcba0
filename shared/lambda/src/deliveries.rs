//! Webhook deliveries: Cal.com's reading of them with the active secrets of this deployment.
//!
//! A signature that does not fit has the secrets read again once before it is refused, so that no
//! delivery is lost while they are rotated (RELIABILITY W5).

use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::AppError;
use interlock_app::ports::{Deliveries, DeliveryHint};
use interlock_calcom::Secret;
use interlock_calcom::webhook::{self, SigningSecrets, Trigger};
use serde::Deserialize;

use crate::secrets::{SecretError, Secrets};

/// Deliveries of Cal.com.
pub(crate) struct SignedDeliveries {
    secrets: Arc<Secrets>,
    reference: Option<String>,
}

#[derive(Deserialize)]
struct Active {
    secrets: Vec<String>,
}

impl SignedDeliveries {
    pub(crate) fn new(secrets: Arc<Secrets>, reference: Option<String>) -> Self {
        Self { secrets, reference }
    }

    fn reference(&self) -> Result<&str, AppError> {
        let missing = || AppError::internal("the webhook secret is not configured");
        self.reference.as_deref().ok_or_else(missing)
    }
}

fn fits(
    secret: Result<Secret, SecretError>,
    body: &[u8],
    signatures: &[String],
) -> Result<bool, AppError> {
    let secret = secret.map_err(|source| AppError::Unavailable {
        system: "the store of secrets",
        retry_after_seconds: 10,
        source: Some(source),
    })?;
    let unusable = || AppError::internal("the webhook secret cannot be used");
    let active: Active = serde_json::from_str(secret.expose()).map_err(|_| unusable())?;
    let secrets = active.secrets.into_iter().map(Secret::new).collect();
    let secrets = SigningSecrets::new(secrets).map_err(|_| unusable())?;
    let header: Vec<&[u8]> = signatures.iter().map(String::as_bytes).collect();
    Ok(secrets.verify(body, &header).is_ok())
}

#[async_trait]
impl Deliveries for SignedDeliveries {
    async fn verify(&self, body: &[u8], signatures: &[String]) -> Result<(), AppError> {
        let reference = self.reference()?;
        if fits(self.secrets.get(reference).await, body, signatures)?
            || fits(self.secrets.renewed(reference).await, body, signatures)?
        {
            Ok(())
        } else {
            Err(AppError::SignatureInvalid)
        }
    }

    fn read(&self, body: &[u8]) -> Result<DeliveryHint, AppError> {
        let delivery = webhook::parse(body)
            .map_err(|error| AppError::invalid("", "unreadable", error.to_string()))?;
        Ok(DeliveryHint {
            announces_end: announces_end(&delivery.trigger),
            concerns_booking: delivery.trigger.changes_booking(),
            trigger: delivery.trigger.as_str().to_owned(),
            uid: delivery.uid,
            moved_from: delivery.reschedule_uid,
            reservation_id: delivery.reservation_id,
            deployment: delivery.deployment,
            event_type_id: delivery.event_type_id,
            sent_at: delivery.created_at,
        })
    }

    fn masked(&self, body: &[u8]) -> String {
        webhook::mask(body).unwrap_or_default()
    }
}

fn announces_end(trigger: &Trigger) -> bool {
    matches!(trigger.as_str(), "BOOKING_CANCELLED" | "BOOKING_REJECTED")
}

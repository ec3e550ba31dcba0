//! The active webhook secrets of this deployment behind Cal.com's reading of deliveries.
//!
//! A signature that does not fit has the secrets read again once before it is refused, so that no
//! delivery is lost while they are rotated (RELIABILITY W5).

use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::AppError;
use interlock_app::ports::{Deliveries, DeliveryHint};
use interlock_calcom::webhook::{CalcomDeliveries, SigningSecrets, WebhookSecrets};
use interlock_calcom::{CredentialError, Secret};
use serde::Deserialize;

use crate::secrets::Secrets;

/// Deliveries checked with remembered secrets, and then with those read again.
pub(crate) struct RotatingDeliveries {
    remembered: CalcomDeliveries,
    renewed: CalcomDeliveries,
}

struct Source {
    secrets: Arc<Secrets>,
    reference: Option<String>,
    renew: bool,
}

#[derive(Deserialize)]
struct Active {
    secrets: Vec<String>,
}

impl RotatingDeliveries {
    pub(crate) fn new(secrets: &Arc<Secrets>, reference: Option<&str>) -> Self {
        let source = |renew| {
            let (secrets, reference) = (secrets.clone(), reference.map(ToOwned::to_owned));
            CalcomDeliveries::new(Arc::new(Source { secrets, reference, renew }))
        };
        Self { remembered: source(false), renewed: source(true) }
    }
}

#[async_trait]
impl WebhookSecrets for Source {
    async fn active(&self) -> Result<SigningSecrets, CredentialError> {
        let reference = self.reference.as_deref().ok_or(CredentialError::Missing)?;
        let secret = if self.renew {
            self.secrets.renewed(reference).await
        } else {
            self.secrets.get(reference).await
        };
        let secret = secret.map_err(CredentialError::Unavailable)?;
        let active: Active =
            serde_json::from_str(secret.expose()).map_err(|_| CredentialError::Missing)?;
        let secrets = active.secrets.into_iter().map(Secret::new).collect();
        SigningSecrets::new(secrets).map_err(|_| CredentialError::Missing)
    }
}

#[async_trait]
impl Deliveries for RotatingDeliveries {
    async fn verify(&self, body: &[u8], signatures: &[String]) -> Result<(), AppError> {
        match self.remembered.verify(body, signatures).await {
            Err(AppError::SignatureInvalid) => self.renewed.verify(body, signatures).await,
            outcome => outcome,
        }
    }

    fn read(&self, body: &[u8]) -> Result<DeliveryHint, AppError> {
        self.remembered.read(body)
    }

    fn masked(&self, body: &[u8]) -> String {
        self.remembered.masked(body)
    }
}

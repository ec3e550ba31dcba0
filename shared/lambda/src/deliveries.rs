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

/// The secrets in force now, to hand to Cal.com: a remembered one may have been replaced since.
pub(crate) fn signing(secrets: &Arc<Secrets>, reference: Option<&str>) -> Arc<dyn WebhookSecrets> {
    let (secrets, reference) = (secrets.clone(), reference.map(ToOwned::to_owned));
    Arc::new(Source { secrets, reference, renew: true })
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

    fn masked(&self, body: &[u8]) -> Option<String> {
        self.remembered.masked(body)
    }

    fn shown(&self, kept: &str) -> serde_json::Value {
        self.remembered.shown(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::tests::{FakeVault, advance, timed};

    const BODY: &[u8] = b"{}";
    /// HMAC-SHA-256 of the body under `first`, then under `second`.
    const FIRST: &str = "1a622d22c97781330a4b238d7aa9ee5fa17bae5a3f4de330ee27097d9ab280d7";
    const SECOND: &str = "2d38281c7c6e75cf9d08153bb140a7f919a0a514598fdbe913d4d622c00d4cd8";

    fn deliveries(vault: &FakeVault) -> RotatingDeliveries {
        RotatingDeliveries::new(&Arc::new(timed(vault)), Some("arn"))
    }

    async fn passes(deliveries: &RotatingDeliveries, signature: &str) -> bool {
        match deliveries.verify(BODY, &[signature.to_owned()]).await {
            Ok(()) => true,
            Err(AppError::SignatureInvalid) => false,
            Err(error) => panic!("{error}"),
        }
    }

    #[tokio::test]
    async fn no_delivery_is_refused_while_the_secret_is_rotated() {
        let vault = FakeVault::holding(r#"{"secrets":["first"]}"#);
        let deliveries = deliveries(&vault);
        assert!(passes(&deliveries, FIRST).await);
        vault.set(Some(r#"{"secrets":["second","first"]}"#));
        advance(31);
        assert!(passes(&deliveries, FIRST).await);
        assert!(passes(&deliveries, SECOND).await);
        assert!(passes(&deliveries, FIRST).await);
        vault.set(Some(r#"{"secrets":["second"]}"#));
        advance(300);
        assert!(passes(&deliveries, SECOND).await);
        assert!(!passes(&deliveries, FIRST).await);
    }

    #[tokio::test]
    async fn a_flood_of_bad_signatures_reads_the_secret_at_most_twice_a_minute() {
        let vault = FakeVault::holding(r#"{"secrets":["first"]}"#);
        let deliveries = deliveries(&vault);
        for _ in 0..60 {
            assert!(!passes(&deliveries, &"0".repeat(64)).await);
            advance(1);
        }
        assert!(vault.asked() <= 3, "{}", vault.asked());
    }

    #[tokio::test]
    async fn without_a_usable_secret_nothing_passes_and_nothing_is_called_forged() {
        for text in [None, Some("{}"), Some(r#"{"secrets":[]}"#), Some(r#"{"secrets":[""]}"#)] {
            let vault = FakeVault::default();
            vault.set(text);
            let error = deliveries(&vault).verify(BODY, &[FIRST.into()]).await.unwrap_err();
            let expected = match text {
                None => matches!(error, AppError::Unavailable { .. }),
                Some(_) => matches!(error, AppError::Internal { .. }),
            };
            assert!(expected, "{text:?}: {error:?}");
        }
    }
}

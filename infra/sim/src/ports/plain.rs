//! Clock, chance and the reading of deliveries.

use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::ports::{Clock, Deliveries, Ids};
use interlock_calcom::webhook::{CalcomDeliveries, SigningSecrets, WebhookSecrets};
use interlock_calcom::{CredentialError, Secret};
use jiff::Timestamp;

use crate::context::Ctx;
use crate::fixture::SECRET;

/// An instance: its clock is off by its own skew.
pub(crate) struct Instance(Arc<Ctx>);

impl Instance {
    pub(crate) fn new(ctx: &Arc<Ctx>) -> Self {
        Self(ctx.clone())
    }
}

impl Clock for Instance {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

impl Ids for Instance {
    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for eight in bytes.chunks_exact_mut(8) {
            eight.copy_from_slice(&self.0.number().to_be_bytes());
        }
        bytes
    }
}

struct Secrets;

#[async_trait]
impl WebhookSecrets for Secrets {
    async fn active(&self) -> Result<SigningSecrets, CredentialError> {
        SigningSecrets::new(vec![Secret::new(SECRET)]).map_err(|_| CredentialError::Missing)
    }
}

/// The production check and parser over the one secret.
pub(crate) fn deliveries() -> Arc<dyn Deliveries> {
    Arc::new(CalcomDeliveries::new(Arc::new(Secrets)))
}

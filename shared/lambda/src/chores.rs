//! Cal.com's schedules, called with the secret that its tasks were given.
//!
//! A refusal has the secret read again once, so that a run after a rotation fails for no one.

use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::ports::{Chore, ChoreError, Chores};
use interlock_calcom::{CalcomConfig, CalcomWeb, ConfigError, Secret};
use serde::Deserialize;

use crate::config::CronConfig;
use crate::secrets::{SecretError, Secrets};

/// Without an address nothing is called.
pub(crate) struct SecretChores {
    web: Option<CalcomWeb>,
    secrets: Arc<Secrets>,
    reference: Option<String>,
}

#[derive(Deserialize)]
struct Kept {
    secret: String,
}

impl SecretChores {
    /// Errors: an address that is none.
    pub(crate) fn new(config: &CronConfig, secrets: Arc<Secrets>) -> Result<Self, ConfigError> {
        let web = config.url.as_deref().map(CalcomConfig::new).transpose()?;
        Ok(Self { web: web.map(CalcomWeb::new), secrets, reference: config.secret.clone() })
    }
}

/// The secret in what is kept; an empty one proves nothing.
fn usable(kept: Result<Secret, SecretError>) -> Result<Secret, ChoreError> {
    let kept = kept.map_err(|_| ChoreError::Secretless)?;
    let Kept { secret } =
        serde_json::from_str(kept.expose()).map_err(|_| ChoreError::Secretless)?;
    if secret.is_empty() { Err(ChoreError::Secretless) } else { Ok(Secret::new(secret)) }
}

#[async_trait]
impl Chores for SecretChores {
    async fn call(&self, chore: Chore) -> Result<(), ChoreError> {
        let Some(web) = &self.web else { return Err(ChoreError::Unaddressed) };
        let reference = self.reference.as_deref().ok_or(ChoreError::Secretless)?;
        let first = usable(self.secrets.get(reference).await)?;
        match web.call(chore, &first).await {
            Err(ChoreError::Refused) => {
                let newer = usable(self.secrets.renewed(reference).await)?;
                web.call(chore, &newer).await
            }
            outcome => outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::tests::{FakeVault, timed};

    fn chores(vault: &FakeVault, url: Option<&str>) -> SecretChores {
        let config = CronConfig { url: url.map(ToOwned::to_owned), secret: Some("arn".to_owned()) };
        SecretChores::new(&config, Arc::new(timed(vault))).unwrap()
    }

    #[tokio::test]
    async fn without_an_address_nothing_is_called_and_no_secret_is_read() {
        let vault = FakeVault::holding(r#"{"secret":"s"}"#);
        let outcome = chores(&vault, None).call(Chore::Tasks).await;
        assert_eq!((outcome, vault.asked()), (Err(ChoreError::Unaddressed), 0));
    }

    #[tokio::test]
    async fn without_a_usable_secret_nothing_is_called() {
        for kept in [None, Some("{}"), Some(r#"{"secret":""}"#)] {
            let vault = FakeVault::default();
            vault.set(kept);
            let outcome = chores(&vault, Some("http://127.0.0.1:1")).call(Chore::Tasks).await;
            assert_eq!(outcome, Err(ChoreError::Secretless), "{kept:?}");
        }
    }

    #[tokio::test]
    async fn a_web_app_that_is_not_there_is_told_as_silent() {
        let vault = FakeVault::holding(r#"{"secret":"s"}"#);
        let outcome = chores(&vault, Some("http://127.0.0.1:1")).call(Chore::Tasks).await;
        assert_eq!(outcome, Err(ChoreError::Silent));
    }

    #[test]
    fn an_address_that_is_none_is_refused_at_the_start() {
        let config = CronConfig { url: Some("calcom".to_owned()), secret: None };
        assert!(SecretChores::new(&config, Arc::new(timed(&FakeVault::default()))).is_err());
    }
}

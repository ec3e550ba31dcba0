//! The keys that an application is given, read when there is first work for it.
//!
//! Not before a process asks for work: that would be a call over the network, and the store of
//! roots with it, in each start of a process.

use std::sync::Arc;

use interlock_app::{AppError, Settings};
use serde::Deserialize;
use tokio::sync::OnceCell;

use crate::secrets::Secrets;

/// Where the keys are, and what is known of them.
pub(crate) struct Keys {
    secrets: Arc<Secrets>,
    cursors: Option<String>,
    factors: Option<String>,
    settled: OnceCell<Arc<Settings>>,
}

impl Keys {
    /// Of the secrets with the key for cursors and the one for second factors, where there are any.
    pub(crate) fn new(
        secrets: Arc<Secrets>,
        cursors: Option<String>,
        factors: Option<String>,
    ) -> Self {
        Self { secrets, cursors, factors, settled: OnceCell::new() }
    }

    /// The settings with the keys. Callers at the same moment wait for one reading, and what failed
    /// is tried again by the next.
    ///
    /// A process without the key for cursors keeps the random one it began with: a function that
    /// gives out cursors is configured with the shared key, and any other's would be worth nothing
    /// elsewhere. Without a key for second factors no code is handed out or compared.
    ///
    /// Errors: `Unavailable` while the store of secrets is out of reach; `Internal` where what it
    /// holds is no key.
    pub(crate) async fn settle(&self, settings: &Settings) -> Result<Arc<Settings>, AppError> {
        let read = || async {
            let mut settings = settings.clone();
            if let Some(reference) = &self.cursors {
                settings.cursor_key = self.key((reference, "cursors")).await?;
            }
            if let Some(reference) = &self.factors {
                settings.factor_key = Some(self.key((reference, "second factors")).await?);
            }
            Ok(Arc::new(settings))
        };
        self.settled.get_or_try_init(read).await.cloned()
    }

    async fn key(&self, (reference, of): (&str, &str)) -> Result<[u8; 32], AppError> {
        #[derive(Deserialize)]
        struct Key {
            key: String,
        }
        let secret = self.secrets.get(reference).await.map_err(|source| AppError::Unavailable {
            system: "the secrets",
            retry_after_seconds: 2,
            source: Some(source),
        })?;
        let unusable = || {
            let lead = "the secret with the key for";
            AppError::internal(format!("{lead} {of} must hold `key` of 64 hex digits"))
        };
        let Key { key } = serde_json::from_str(secret.expose()).map_err(|_| unusable())?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(&key, &mut bytes).map_err(|_| unusable())?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::tests::process;
    use crate::secrets::tests::{FakeVault, timed};

    const HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn keys(vault: &FakeVault, cursors: bool, factors: bool) -> Keys {
        let reference = |wanted: bool| wanted.then(|| "arn".to_owned());
        Keys::new(Arc::new(timed(vault)), reference(cursors), reference(factors))
    }

    #[tokio::test]
    async fn the_key_for_cursors_is_shared_or_random_and_the_one_for_factors_shared_or_none() {
        let plain = process().app.settings;
        let vault = FakeVault::holding(&format!(r#"{{"key":"{HEX}"}}"#));
        let both = keys(&vault, true, true).settle(&plain).await.unwrap();
        assert_eq!(hex::encode(both.cursor_key), HEX);
        assert_eq!(both.factor_key.map(hex::encode).as_deref(), Some(HEX));
        let none = keys(&vault, false, false).settle(&plain).await.unwrap();
        assert_eq!((none.cursor_key, none.factor_key), (plain.cursor_key, None));
        assert_ne!(plain.cursor_key, process().app.settings.cursor_key);
    }

    #[tokio::test]
    async fn what_is_no_key_is_refused_and_not_told() {
        let plain = process().app.settings;
        for bad in ["", "{}", r#"{"key":"hunter2"}"#, r#"{"key":"00"}"#] {
            let keys = keys(&FakeVault::holding(bad), true, false);
            let error = keys.settle(&plain).await.unwrap_err();
            assert!(matches!(error, AppError::Internal { .. }), "{bad}");
            assert!(!format!("{error:?}").contains("hunter2"));
        }
    }

    #[tokio::test]
    async fn a_store_that_was_out_of_reach_is_asked_again_by_the_next_and_then_no_more() {
        let plain = process().app.settings;
        let vault = FakeVault::default();
        let keys = keys(&vault, true, false);
        let error = keys.settle(&plain).await.unwrap_err();
        assert!(error.retryable());
        vault.set(Some(&format!(r#"{{"key":"{HEX}"}}"#)));
        let first = keys.settle(&plain).await.unwrap();
        vault.set(None);
        let second = keys.settle(&plain).await.unwrap();
        assert!(Arc::ptr_eq(&first, &second));
    }
}

//! Secrets Manager, remembered for a while.
//!
//! A secret is read again when it is old, or when somebody was refused with it; while the service
//! is out of reach the last value serves for an hour (RELIABILITY W5).

use std::collections::HashMap;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use interlock_calcom::Secret;
use tokio::sync::Mutex;

/// How long a value serves without question.
const FRESH: Duration = Duration::from_secs(300);
/// How long a value serves while the service is out of reach.
const STALE: Duration = Duration::from_secs(3600);
/// Shortest time between two early readings, so that bad signatures cause no flood of them.
const EARLY: Duration = Duration::from_secs(30);

/// Why a secret is not there.
pub(crate) type SecretError = Box<dyn std::error::Error + Send + Sync>;

/// Where secrets are kept.
#[async_trait]
pub(crate) trait Vault: Send + Sync {
    /// The present text of a secret.
    async fn fetch(&self, reference: &str) -> Result<Secret, SecretError>;
}

/// Secrets Manager.
pub(crate) struct AwsVault(pub(crate) aws_sdk_secretsmanager::Client);

#[async_trait]
impl Vault for AwsVault {
    async fn fetch(&self, reference: &str) -> Result<Secret, SecretError> {
        let answer = self.0.get_secret_value().secret_id(reference).send().await?;
        let text = answer.secret_string().ok_or("the secret has no text")?;
        Ok(Secret::new(text))
    }
}

struct Entry {
    secret: Secret,
    read_at: Instant,
    tried_at: Instant,
}

/// Secrets by reference, remembered for a while.
pub(crate) struct Secrets {
    vault: Box<dyn Vault>,
    entries: Mutex<HashMap<String, Entry>>,
}

impl Secrets {
    pub(crate) fn new(vault: impl Vault + 'static) -> Self {
        Self { vault: Box::new(vault), entries: Mutex::new(HashMap::new()) }
    }

    /// The text of a secret, at most 300 seconds old unless the service is out of reach.
    pub(crate) async fn get(&self, reference: &str) -> Result<Secret, SecretError> {
        self.within(reference, FRESH).await
    }

    /// The text of a secret, read again unless that was done less than 30 seconds ago.
    pub(crate) async fn renewed(&self, reference: &str) -> Result<Secret, SecretError> {
        self.within(reference, EARLY).await
    }

    /// Callers at the same moment wait for one reading.
    async fn within(&self, reference: &str, age: Duration) -> Result<Secret, SecretError> {
        let mut entries = self.entries.lock().await;
        let now = Instant::now();
        if let Some(entry) = entries.get(reference)
            && now.duration_since(entry.tried_at) < age
        {
            return Ok(entry.secret.clone());
        }
        match self.vault.fetch(reference).await {
            Ok(secret) => {
                let entry = Entry { secret: secret.clone(), read_at: now, tried_at: now };
                entries.insert(reference.to_owned(), entry);
                Ok(secret)
            }
            Err(error) => match entries.get_mut(reference) {
                Some(entry) if now.duration_since(entry.read_at) < STALE => {
                    entry.tried_at = now;
                    tracing::warn!("a secret could not be read again; the last value serves");
                    Ok(entry.secret.clone())
                }
                Some(_) | None => Err(error),
            },
        }
    }
}

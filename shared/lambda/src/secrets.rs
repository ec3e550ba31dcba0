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
const FRESH: Duration = Duration::from_mins(5);
/// How long a value serves while the service is out of reach.
const STALE: Duration = Duration::from_hours(1);
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
    time: fn() -> Instant,
    entries: Mutex<HashMap<String, Entry>>,
}

impl Secrets {
    pub(crate) fn new(vault: impl Vault + 'static) -> Self {
        Self { vault: Box::new(vault), time: Instant::now, entries: Mutex::new(HashMap::new()) }
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
        let now = (self.time)();
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

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A vault whose text can be changed and which can be closed.
    #[derive(Clone, Default)]
    pub(crate) struct FakeVault {
        text: Arc<std::sync::Mutex<Option<String>>>,
        asked: Arc<AtomicU32>,
    }

    impl FakeVault {
        pub(crate) fn holding(text: &str) -> Self {
            let vault = Self::default();
            vault.set(Some(text));
            vault
        }

        pub(crate) fn set(&self, text: Option<&str>) {
            *self.text.lock().unwrap() = text.map(ToOwned::to_owned);
        }

        pub(crate) fn asked(&self) -> u32 {
            self.asked.load(Ordering::Relaxed)
        }
    }

    #[async_trait]
    impl Vault for FakeVault {
        async fn fetch(&self, _: &str) -> Result<Secret, SecretError> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let text = self.text.lock().unwrap().clone();
            text.map(Secret::new).ok_or_else(|| "closed".into())
        }
    }

    thread_local! {
        static AHEAD: std::cell::Cell<Duration> = const { std::cell::Cell::new(Duration::ZERO) };
    }

    /// Moves the time of this test's [`timed`] secrets.
    pub(crate) fn advance(seconds: u64) {
        AHEAD.set(AHEAD.get() + Duration::from_secs(seconds));
    }

    /// Secrets whose time only [`advance`] moves noticeably.
    pub(crate) fn timed(vault: &FakeVault) -> Secrets {
        Secrets { time: || Instant::now() + AHEAD.get(), ..Secrets::new(vault.clone()) }
    }

    async fn text(secrets: &Secrets) -> Option<String> {
        secrets.get("arn").await.ok().map(|secret| secret.expose().to_owned())
    }

    #[tokio::test]
    async fn a_secret_is_asked_for_once_in_five_minutes() {
        let vault = FakeVault::holding("one");
        let secrets = timed(&vault);
        assert_eq!(text(&secrets).await.unwrap(), "one");
        vault.set(Some("two"));
        advance(298);
        assert_eq!(text(&secrets).await.unwrap(), "one");
        assert_eq!(vault.asked(), 1);
        advance(2);
        assert_eq!(text(&secrets).await.unwrap(), "two");
        assert_eq!(vault.asked(), 2);
    }

    #[tokio::test]
    async fn an_early_reading_happens_at_most_twice_a_minute() {
        let vault = FakeVault::holding("one");
        let secrets = timed(&vault);
        text(&secrets).await.unwrap();
        vault.set(Some("two"));
        for _ in 0..100 {
            assert_eq!(secrets.renewed("arn").await.unwrap().expose(), "one");
        }
        assert_eq!(vault.asked(), 1);
        advance(30);
        assert_eq!(secrets.renewed("arn").await.unwrap().expose(), "two");
        assert_eq!(vault.asked(), 2);
    }

    #[tokio::test]
    async fn the_last_value_serves_for_an_hour_of_outage() {
        let vault = FakeVault::holding("one");
        let secrets = timed(&vault);
        text(&secrets).await.unwrap();
        vault.set(None);
        advance(3590);
        assert_eq!(text(&secrets).await.unwrap(), "one");
        assert_eq!(text(&secrets).await.unwrap(), "one");
        assert_eq!(vault.asked(), 2);
        advance(300);
        assert_eq!(text(&secrets).await, None);
    }

    #[tokio::test]
    async fn callers_at_the_same_moment_share_one_reading() {
        let vault = FakeVault::holding("one");
        let secrets = timed(&vault);
        let (one, two) = tokio::join!(text(&secrets), text(&secrets));
        assert_eq!((one.unwrap().as_str(), two.unwrap().as_str()), ("one", "one"));
        assert_eq!(vault.asked(), 1);
    }
}

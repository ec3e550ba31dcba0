//! The issuer outside: its keys are read over the network and remembered for a while.
//!
//! Keys are read again when they are old, and when a token names one that is not known, but then
//! at most twice a minute; while the issuer is out of reach the last ones serve for an hour.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use interlock_app::ports::{Identity, Issuer, IssuerError};
use interlock_auth::{BearerRule, IssuerKeys, believe, key_name};
use interlock_aws::Http;
use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::config::{Config, Oidc};

/// How long keys serve without question.
const FRESH: Duration = Duration::from_mins(10);
/// How long they serve while the issuer is out of reach.
const STALE: Duration = Duration::from_hours(1);
/// Shortest time between two readings, so that made-up names of keys cause no flood of them.
const EARLY: Duration = Duration::from_secs(30);
/// Longest document of keys, in bytes.
const MAX_KEYS: usize = 65_536;
/// How long one reading may take, the body included.
const PATIENCE: Duration = Duration::from_secs(3);

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Where the keys are read.
#[async_trait]
pub(crate) trait KeySource: Send + Sync {
    /// The document as it is now.
    async fn fetch(&self) -> Result<Vec<u8>, Fault>;
}

/// An address of the issuer; redirects are not followed.
pub(crate) struct KeyAddress {
    url: String,
    patience: Duration,
    http: Http,
}

#[async_trait]
impl KeySource for KeyAddress {
    async fn fetch(&self) -> Result<Vec<u8>, Fault> {
        let mut answer = self.http.client()?.get(&self.url).timeout(self.patience).send().await?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(format!("the issuer answered {}", answer.status().as_u16()).into());
        }
        let mut document = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            document.extend_from_slice(&piece);
            if document.len() > MAX_KEYS {
                return Err("the document of keys is too long".into());
            }
        }
        Ok(document)
    }
}

struct Entry {
    keys: Option<Arc<IssuerKeys>>,
    read_at: Instant,
    tried_at: Instant,
}

/// An issuer with the keys that were last read.
pub(crate) struct KnownIssuer<S> {
    rule: BearerRule,
    source: S,
    time: fn() -> Instant,
    entry: Mutex<Option<Entry>>,
}

impl<S: KeySource> KnownIssuer<S> {
    pub(crate) fn new(rule: BearerRule, source: S) -> Self {
        Self { rule, source, time: Instant::now, entry: Mutex::new(None) }
    }

    /// Keys that know this name if any do. Callers at the same moment wait for one reading.
    async fn keys(&self, name: &str) -> Result<Arc<IssuerKeys>, IssuerError> {
        let mut entry = self.entry.lock().await;
        let now = (self.time)();
        if let Some(Entry { keys, read_at, tried_at }) = &*entry {
            let (age, stale) = (now.duration_since(*tried_at), now.duration_since(*read_at));
            match keys {
                Some(keys)
                    if stale < STALE && (age < EARLY || (age < FRESH && keys.knows(name))) =>
                {
                    return Ok(keys.clone());
                }
                None if age < EARLY => return Err(unavailable("they could not be read just now")),
                Some(_) | None => {}
            }
        }
        let read = match self.source.fetch().await {
            Ok(document) => IssuerKeys::read(&document).ok_or_else(|| Fault::from("no keys")),
            Err(error) => Err(error),
        };
        match read {
            Ok(keys) => {
                let keys = Arc::new(keys);
                *entry = Some(Entry { keys: Some(keys.clone()), read_at: now, tried_at: now });
                Ok(keys)
            }
            Err(error) => stale(&mut entry, now, error),
        }
    }
}

/// The last keys, if they are not too old, after a reading that failed.
fn stale(
    entry: &mut Option<Entry>,
    now: Instant,
    error: Fault,
) -> Result<Arc<IssuerKeys>, IssuerError> {
    let last = entry.take().filter(|last| now.duration_since(last.read_at) < STALE);
    let keys = last.as_ref().and_then(|last| last.keys.clone());
    let read_at = last.map_or(now, |last| last.read_at);
    *entry = Some(Entry { keys: keys.clone(), read_at, tried_at: now });
    match keys {
        Some(keys) => {
            tracing::warn!("the issuer's keys could not be read again; the last ones serve");
            Ok(keys)
        }
        None => Err(IssuerError::Unavailable(error)),
    }
}

fn unavailable(detail: &str) -> IssuerError {
    IssuerError::Unavailable(detail.into())
}

/// The issuer of the configuration, if there is one; its keys are read when a token comes.
pub(crate) fn configured(config: &Config, http: &Http) -> Option<Arc<dyn Issuer>> {
    let Oidc { issuer, audience, keys_url } = config.oidc.clone()?;
    let rule = BearerRule { issuer, audience };
    let address = KeyAddress { url: keys_url, patience: PATIENCE, http: http.clone() };
    Some(Arc::new(KnownIssuer::new(rule, address)))
}

#[async_trait]
impl<S: KeySource> Issuer for KnownIssuer<S> {
    fn name(&self) -> &str {
        &self.rule.issuer
    }

    async fn identify(&self, token: &str, now: Timestamp) -> Result<Identity, IssuerError> {
        let keys = self.keys(&key_name(token)?).await?;
        believe(token, &keys, &self.rule, now)
    }
}

#[cfg(test)]
#[path = "issuer_tests.rs"]
mod tests;

//! Whose word about persons counts beside our own sessions (PRODUCT D7).

use async_trait::async_trait;
use jiff::Timestamp;

/// What a token that was verified says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Who says it.
    pub issuer: String,
    /// About whom, by the issuer's own name for the person.
    pub subject: String,
    /// When the token was issued.
    pub issued_at: Timestamp,
    /// When the person showed the issuer more than a password, as far as it says so.
    pub factor_at: Option<Timestamp>,
}

/// Why a token says nothing.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// It does not count; what it lacks is for the log alone.
    #[error("the token does not count: {0}")]
    Refused(&'static str),
    /// The issuer's keys are out of reach.
    #[error("the keys of the issuer cannot be read")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// An issuer of tokens outside.
#[async_trait]
pub trait Issuer: Send + Sync {
    /// The name that tokens of it carry.
    fn name(&self) -> &str;

    /// What a token says now, if signature, issuer, audience and times are right.
    async fn identify(&self, token: &str, now: Timestamp) -> Result<Identity, IssuerError>;
}

//! Where the client gets what proves who it is.
//!
//! A credential is always one of the four modes of an account, and the mode is checked before
//! anything is sent.

use async_trait::async_trait;
use interlock_app::ports::scheduler::{CalAccount, CredentialMode};

use crate::Secret;

/// What a call proves itself with (CONTRACT 1.2, 3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// Sends nothing: on an unlicensed server a key turns a working call into a 401.
    None,
    /// One key per account, sent as a bearer with its prefix.
    ApiKey(Secret),
    /// Client id and secret of a licensed platform.
    PlatformClient {
        /// Public half.
        client_id: String,
        /// Secret half.
        secret: Secret,
    },
    /// Token of a managed user or an OAuth client.
    Bearer(Secret),
}

impl Credential {
    /// The mode this credential belongs to.
    pub fn mode(&self) -> CredentialMode {
        match self {
            Self::None => CredentialMode::None,
            Self::ApiKey(_) => CredentialMode::ApiKey,
            Self::PlatformClient { .. } => CredentialMode::PlatformClient,
            Self::Bearer(_) => CredentialMode::Bearer,
        }
    }
}

/// Why there is no credential.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The store of secrets did not answer; the same call may succeed later.
    #[error("the store of secrets is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is none under the account's reference, or it cannot be read.
    #[error("there is no usable credential")]
    Missing,
}

/// Gives and renews credentials (PRODUCT D16).
#[async_trait]
pub trait Credentials: Send + Sync {
    /// The present credential of an account.
    async fn credential(&self, account: &CalAccount) -> Result<Credential, CredentialError>;

    /// A newer credential than `stale`, read again or renewed; `stale` itself if there is none.
    /// Callers at the same moment share one renewal.
    async fn refresh(
        &self,
        account: &CalAccount,
        stale: &Credential,
    ) -> Result<Credential, CredentialError>;
}

//! Credentials of Cal.com accounts, out of one secret.
//!
//! An account's reference names its entry; what is not there or not readable is an error for that
//! account alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::ports::scheduler::CalAccount;
use interlock_calcom::{Credential, CredentialError, Credentials, Secret};
use serde::Deserialize;

use crate::secrets::{SecretError, Secrets};

/// Credentials by reference.
pub(crate) struct SecretCredentials {
    secrets: Arc<Secrets>,
    reference: Option<String>,
}

#[derive(Deserialize)]
struct Accounts {
    accounts: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase", tag = "mode")]
enum Entry {
    None,
    ApiKey { api_key: String },
    PlatformClient { client_id: String, client_secret: String },
    Bearer { token: String },
}

impl From<Entry> for Credential {
    fn from(entry: Entry) -> Self {
        match entry {
            Entry::None => Self::None,
            Entry::ApiKey { api_key } => Self::ApiKey(Secret::new(api_key)),
            Entry::PlatformClient { client_id, client_secret } => {
                Self::PlatformClient { client_id, secret: Secret::new(client_secret) }
            }
            Entry::Bearer { token } => Self::Bearer(Secret::new(token)),
        }
    }
}

impl SecretCredentials {
    pub(crate) fn new(secrets: Arc<Secrets>, reference: Option<String>) -> Self {
        Self { secrets, reference }
    }

    fn reference(&self) -> Result<&str, CredentialError> {
        self.reference.as_deref().ok_or(CredentialError::Missing)
    }
}

/// The credential of an account; nothing of the secret is in an error.
fn credential(
    secret: Result<Secret, SecretError>,
    account: &CalAccount,
) -> Result<Credential, CredentialError> {
    let secret = secret.map_err(CredentialError::Unavailable)?;
    let mut accounts: Accounts =
        serde_json::from_str(secret.expose()).map_err(|_| CredentialError::Missing)?;
    let entry =
        accounts.accounts.remove(&account.credential_ref).ok_or(CredentialError::Missing)?;
    let entry: Entry = serde_json::from_value(entry).map_err(|_| CredentialError::Missing)?;
    Ok(entry.into())
}

#[async_trait]
impl Credentials for SecretCredentials {
    async fn credential(&self, account: &CalAccount) -> Result<Credential, CredentialError> {
        credential(self.secrets.get(self.reference()?).await, account)
    }

    async fn refresh(
        &self,
        account: &CalAccount,
        _stale: &Credential,
    ) -> Result<Credential, CredentialError> {
        credential(self.secrets.renewed(self.reference()?).await, account)
    }
}

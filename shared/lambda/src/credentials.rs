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

#[cfg(test)]
mod tests {
    use interlock_app::ports::scheduler::CredentialMode;

    use super::*;
    use crate::secrets::tests::{FakeVault, advance, timed};

    const SECRET: &str = r#"{"accounts":{
        "key":{"mode":"api_key","apiKey":"cal_1"},
        "platform":{"mode":"platform_client","clientId":"id","clientSecret":"s"},
        "bearer":{"mode":"bearer","token":"t"},
        "none":{"mode":"none"},
        "broken":{"mode":"api_key"}}}"#;

    fn account(reference: &str) -> CalAccount {
        CalAccount {
            id: "cal_laser".parse().unwrap(),
            username: "laser".into(),
            email: "laser@demo.test".into(),
            mode: CredentialMode::ApiKey,
            credential_ref: reference.into(),
        }
    }

    fn credentials(vault: &FakeVault) -> SecretCredentials {
        SecretCredentials::new(Arc::new(timed(vault)), Some("arn".into()))
    }

    #[tokio::test]
    async fn all_four_modes_are_read() {
        let credentials = credentials(&FakeVault::holding(SECRET));
        let platform =
            Credential::PlatformClient { client_id: "id".into(), secret: Secret::new("s") };
        for (reference, expected) in [
            ("key", Credential::ApiKey(Secret::new("cal_1"))),
            ("platform", platform),
            ("bearer", Credential::Bearer(Secret::new("t"))),
            ("none", Credential::None),
        ] {
            let found = credentials.credential(&account(reference)).await.unwrap();
            assert_eq!(found, expected, "{reference}");
        }
    }

    #[tokio::test]
    async fn what_is_broken_is_missing_for_its_account_alone() {
        let vault = FakeVault::holding(SECRET);
        for reference in ["broken", "absent"] {
            let error = credentials(&vault).credential(&account(reference)).await.unwrap_err();
            assert!(matches!(error, CredentialError::Missing), "{reference}");
        }
        vault.set(Some("no json, but hunter2"));
        let error = credentials(&vault).credential(&account("key")).await.unwrap_err();
        assert!(!format!("{error:?}").contains("hunter2"));
        vault.set(None);
        let error = credentials(&vault).credential(&account("key")).await.unwrap_err();
        assert!(matches!(error, CredentialError::Unavailable(_)));
        let unset = SecretCredentials::new(Arc::new(timed(&vault)), None);
        let error = unset.credential(&account("key")).await.unwrap_err();
        assert!(matches!(error, CredentialError::Missing));
    }

    #[tokio::test]
    async fn a_refused_credential_is_read_again() {
        let vault = FakeVault::holding(SECRET);
        let credentials = credentials(&vault);
        let stale = credentials.credential(&account("key")).await.unwrap();
        vault.set(Some(&SECRET.replace("cal_1", "cal_2")));
        advance(30);
        let fresh = credentials.refresh(&account("key"), &stale).await.unwrap();
        assert_eq!(fresh, Credential::ApiKey(Secret::new("cal_2")));
    }
}

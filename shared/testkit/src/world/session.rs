//! People with roles who are logged in, as the guard finds them.
//!
//! A session is planted the way login leaves it: the table knows the hash, the test the text.

use interlock_app::model::{
    Account, Credential, ExternalIdentity, IdentityLink, Session, SessionHash,
};
use interlock_app::ports::Passwords;
use interlock_policy::{Role, UserId};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::{World, documents};
use crate::FakeIssuer;

impl World {
    /// A person with these roles and nothing proven.
    pub async fn person_with(&self, name: &str, roles: &[Role]) -> UserId {
        let account = Account { roles: roles.to_vec(), ..documents::account(name) };
        self.put(&documents::email_claim(&account)).await;
        self.put(&account).await;
        account.id
    }

    /// A person's account as it is now.
    pub fn account_of(&self, user_id: &UserId) -> Option<Account> {
        let record = self.store.peek(&Account::key_of(user_id))?;
        record.decode::<Account>().ok().map(|stored| stored.value)
    }

    /// Gives a person a password, past every use case.
    pub async fn password(&self, user_id: &UserId, password: &str) {
        let password_hash = self.passwords.hash(password).await.unwrap_or_default();
        self.put(&Credential { user_id: user_id.clone(), password_hash }).await;
    }

    /// Lets tokens of the issuer outside speak for a person under this name, past every use case;
    /// such as are issued from now on.
    pub async fn link(&mut self, user_id: &UserId, subject: &str) {
        self.app.issuer = Some(std::sync::Arc::new(FakeIssuer));
        let Some(account) = self.account_of(user_id) else { return };
        let hash = ExternalIdentity::hash_of(FakeIssuer::NAME, subject);
        let issued_after = self.clock_now() - SignedDuration::from_secs(1);
        let identity = Some(IdentityLink { hash: hash.clone(), issued_after });
        self.put(&Account { identity, ..account }).await;
        self.put(&ExternalIdentity { hash, user_id: user_id.clone() }).await;
    }

    /// Logs a person in for twelve hours; answers the cookie header a browser would send.
    pub async fn session(&self, user_id: &UserId) -> String {
        self.session_since(user_id, None).await
    }

    /// The same for a session in which the second factor was shown now.
    pub async fn proven_session(&self, user_id: &UserId) -> String {
        self.session_since(user_id, Some(self.clock_now())).await
    }

    async fn session_since(&self, user_id: &UserId, factor_at: Option<Timestamp>) -> String {
        let secret = hex::encode(self.app.ids.random());
        let now = self.clock_now();
        let session = Session {
            user_id: user_id.clone(),
            hash: SessionHash(hex::encode(Sha256::digest(secret.as_bytes()))),
            epoch: self.account_of(user_id).map_or(0, |account| account.session_epoch),
            created_at: now,
            expires_at: now + SignedDuration::from_hours(12),
            device: None,
            factor_at,
        };
        self.put(&session).await;
        format!("__Host-session={user_id}.{secret}")
    }
}

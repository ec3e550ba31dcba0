//! A mail relay of the deployer's own, known from a secret.
//!
//! The secret is read when there is a first letter and not before a process asks for work: that
//! would be a call over the network, and the store of roots with it, in each start. A secret that
//! was changed serves from the next letter on, once it is read again.

use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::ports::{Mail, Mailer, PostError};
use interlock_aws::Http;
use interlock_calcom::Secret;
use interlock_mail::{Sender, SmtpConfig, SmtpMailer};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::secrets::{SecretError, Secrets};

/// Sends through whatever relay the secret names at the time.
pub(crate) struct Relay {
    secrets: Arc<Secrets>,
    http: Http,
    reference: String,
    sender: Sender,
    last: Mutex<Option<Known>>,
}

/// A relay and the text that it was told by.
struct Known {
    told: Secret,
    mailer: Arc<SmtpMailer>,
}

impl Relay {
    /// The relay trusts whom the HTTP client trusts, so that no second store of roots is read.
    pub(crate) fn new(
        (secrets, http): (Arc<Secrets>, Http),
        reference: String,
        sender: Sender,
    ) -> Self {
        Self { secrets, http, reference, sender, last: Mutex::new(None) }
    }

    /// Errors: the secret is out of reach, or names no relay that is safe to send through, or the
    /// system trusts nobody.
    async fn mailer(&self) -> Result<Arc<SmtpMailer>, SecretError> {
        let told = self.secrets.get(&self.reference).await?;
        let mut last = self.last.lock().await;
        if let Some(known) = last.as_ref().filter(|known| known.told.expose() == told.expose()) {
            return Ok(Arc::clone(&known.mailer));
        }
        let roots = self.http.roots()?;
        let mailer = Arc::new(SmtpMailer::new(&config(&told)?, self.sender.clone(), roots)?);
        *last = Some(Known { told, mailer: Arc::clone(&mailer) });
        Ok(mailer)
    }
}

/// Errors tell nothing of what the secret holds.
fn config(secret: &Secret) -> Result<SmtpConfig, SecretError> {
    #[derive(Deserialize)]
    struct Told {
        url: String,
        user: Option<String>,
        password: Option<String>,
    }
    let unusable = "the secret with the mail relay must hold `url`, and `user` with `password`";
    let Told { url, user, password } =
        serde_json::from_str(secret.expose()).map_err(|_| unusable)?;
    Ok(SmtpConfig { url, login: user.zip(password) })
}

#[async_trait]
impl Mailer for Relay {
    /// A relay that is not known is no fault of the letter, which stays due.
    async fn send(&self, mail: &Mail) -> Result<Option<String>, PostError> {
        let mailer = self.mailer().await.map_err(PostError::Unavailable)?;
        mailer.send(mail).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::tests::{FakeVault, advance, timed};

    fn relay(vault: &FakeVault) -> Relay {
        let sender = Sender { name: "Workshop".into(), address: "workshop@test.example".into() };
        Relay::new((Arc::new(timed(vault)), Http::default()), "arn".into(), sender)
    }

    fn mail() -> Mail {
        Mail {
            letter_id: "ltr_one".parse().unwrap(),
            message_id: "<0123@test.example>".into(),
            to: "ada@test.example".into(),
            to_name: "Ada".into(),
            subject: "A subject".into(),
            language: "en",
            text: "A text.\n".into(),
            html: "<p>A text.</p>".into(),
            invite: None,
        }
    }

    #[tokio::test]
    async fn the_secret_is_read_for_the_first_letter_and_not_before() {
        let vault = FakeVault::holding(r#"{"url":"smtp://127.0.0.1:1"}"#);
        let relay = relay(&vault);
        assert_eq!(vault.asked(), 0);
        assert!(matches!(relay.send(&mail()).await, Err(PostError::Unavailable(_))));
        assert_eq!(vault.asked(), 1);
    }

    #[tokio::test]
    async fn a_letter_stays_due_while_the_secret_names_no_relay_to_be_used() {
        for text in [None, Some("{}"), Some("smtps://bare"), Some(r#"{"url":"smtp://far:25"}"#)] {
            let vault = FakeVault::default();
            vault.set(text);
            let sent = relay(&vault).send(&mail()).await;
            assert!(matches!(sent, Err(PostError::Unavailable(_))), "{text:?}: {sent:?}");
        }
    }

    #[tokio::test]
    async fn a_secret_that_was_changed_serves_within_five_minutes_and_one_that_was_not_is_kept() {
        let vault = FakeVault::holding(r#"{"url":"smtp://127.0.0.1:1"}"#);
        let relay = relay(&vault);
        let first = relay.mailer().await.unwrap();
        advance(300);
        assert!(Arc::ptr_eq(&first, &relay.mailer().await.unwrap()));
        vault.set(Some(r#"{"url":"smtp://127.0.0.1:2"}"#));
        advance(300);
        assert!(!Arc::ptr_eq(&first, &relay.mailer().await.unwrap()));
    }
}

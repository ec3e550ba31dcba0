//! SMTP, for whoever has a relay and no SES.

use std::time::Duration;

use async_trait::async_trait;
use interlock_app::ports::{Mail, Mailer, PostError};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::{Sender, mime};

/// Longest wait for an answer of the relay.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the relay is.
#[derive(Clone)]
pub struct SmtpConfig {
    /// `smtps://host:port`, or `smtp://host:port?tls=required`; without TLS only to this machine.
    pub url: String,
    /// User and password, if it asks for them.
    pub login: Option<(String, String)>,
}

/// Tells neither user nor password.
impl std::fmt::Debug for SmtpConfig {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SmtpConfig").finish_non_exhaustive()
    }
}

/// The relay's address is not usable.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// It is no address of a relay.
    #[error("the address of the relay is not usable")]
    Url(#[source] lettre::transport::smtp::Error),
    /// It would send passwords and people's mail in the clear.
    #[error("the address of the relay asks for no TLS")]
    Plain,
}

/// Sends through a relay.
#[derive(Debug)]
pub struct SmtpMailer {
    sender: Sender,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpMailer {
    /// A relay in whose name nothing is sent in the clear.
    pub fn new(config: &SmtpConfig, sender: Sender) -> Result<Self, SmtpError> {
        if !is_safe(&config.url) {
            return Err(SmtpError::Plain);
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.url);
        let mut builder = builder.map_err(SmtpError::Url)?.timeout(Some(PATIENCE));
        if let Some((user, password)) = &config.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { sender, transport: builder.build() })
    }
}

/// Whether what goes there is encrypted, or stays on this machine.
fn is_safe(url: &str) -> bool {
    let here = ["smtp://127.0.0.1:", "smtp://localhost:", "smtp://[::1]:"];
    url.starts_with("smtps://")
        || url.contains("tls=required")
        || here.iter().any(|own| url.starts_with(own))
}

/// Whether a relay refuses whoever sends, and not the letter (RFC 4954, section 6): that mends
/// with the secret, and a letter given up for it would be lost.
fn is_about_login(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538))
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<Option<String>, PostError> {
        let message = mime::message(mail, &self.sender);
        let message = message.map_err(|error| PostError::Refused(Box::new(error)))?;
        match self.transport.send(message).await {
            // What the relay calls it is in no fixed place; our own name is in the header.
            Ok(_) => Ok(None),
            Err(error) if error.is_permanent() && !is_about_login(&error) => {
                Err(PostError::Refused(Box::new(error)))
            }
            Err(error) => Err(PostError::Unavailable(Box::new(error))),
        }
    }
}

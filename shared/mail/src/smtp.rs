//! SMTP, for whoever has a relay and no SES.

use std::time::Duration;

use async_trait::async_trait;
use interlock_app::ports::{Mail, Mailer, PostError};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use rustls_pki_types::CertificateDer;

use crate::relay::{Address, Cover, SmtpError};
use crate::{Sender, mime};

/// Longest wait for an answer of the relay.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the relay is.
#[derive(Clone)]
pub struct SmtpConfig {
    /// `smtps://host:port`, or `smtp://host:port?tls=required`; without TLS only to this machine.
    /// A path is the name to greet the relay with.
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

/// Sends through a relay.
#[derive(Debug)]
pub struct SmtpMailer {
    sender: Sender,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpMailer {
    /// A relay in whose name nothing is sent in the clear, and whose certificate must come from
    /// one of these roots; the system's own are never read here.
    ///
    /// Errors: the address is none of a relay's, or one without TLS elsewhere; a root is none.
    pub fn new(
        config: &SmtpConfig,
        sender: Sender,
        roots: &[CertificateDer<'_>],
    ) -> Result<Self, SmtpError> {
        let address = Address::read(&config.url)?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&address.host);
        let mut builder =
            builder.port(address.port).tls(tls(&address, roots)?).timeout(Some(PATIENCE));
        if let Some(name) = address.greeting {
            builder = builder.hello_name(ClientId::Domain(name));
        }
        if let Some((user, password)) = &config.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { sender, transport: builder.build() })
    }
}

fn tls(address: &Address, roots: &[CertificateDer<'_>]) -> Result<Tls, SmtpError> {
    Ok(match address.cover {
        Cover::FromTheStart => Tls::Wrapper(trusting(&address.host, roots)?),
        Cover::BeforeTheMail => Tls::Required(trusting(&address.host, roots)?),
        Cover::None => Tls::None,
    })
}

fn trusting(host: &str, roots: &[CertificateDer<'_>]) -> Result<TlsParameters, SmtpError> {
    let builder = TlsParameters::builder(host.to_owned());
    let mut builder = builder.certificate_store(CertificateStore::None);
    for root in roots {
        let root = Certificate::from_der(root.to_vec()).map_err(SmtpError::Roots)?;
        builder = builder.add_root_certificate(root);
    }
    builder.build().map_err(SmtpError::Roots)
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

//! The one HTTP client, and the one reading of the system's store of roots.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Certificate, Client, redirect, retry};
use rustls_pki_types::CertificateDer;

use crate::roots::{self, NoRoots};

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(1);

/// The client for everything but Cal.com, which has roots of its own and keeps no connections.
///
/// Whoever holds a clone holds the same client. It is made at the first exchange and reads the
/// store of roots then, so that a process asks for work without having waited for that.
#[derive(Debug, Clone, Default)]
pub struct Http(Arc<Kept>);

#[derive(Debug, Default)]
struct Kept {
    roots: OnceLock<Vec<CertificateDer<'static>>>,
    client: OnceLock<Client>,
}

/// There is no client.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Nobody could be trusted.
    #[error(transparent)]
    Roots(#[from] NoRoots),
    /// The library would not make one.
    #[error("no HTTP client can be made")]
    Client(#[from] reqwest::Error),
}

impl Http {
    /// The client, and the same one each time.
    pub fn client(&self) -> Result<Client, HttpError> {
        if let Some(client) = self.0.client.get() {
            return Ok(client.clone());
        }
        let made = made(self.roots()?)?;
        Ok(self.0.client.get_or_init(|| made).clone())
    }

    /// Those whom the client trusts, for whoever speaks TLS without it. They are read once, by
    /// whoever needs them first. Errors: the system has none.
    pub fn roots(&self) -> Result<&[CertificateDer<'static>], NoRoots> {
        if let Some(roots) = self.0.roots.get() {
            return Ok(roots);
        }
        let read = roots::of_system()?;
        Ok(self.0.roots.get_or_init(|| read))
    }

    /// Whether the store of roots was read.
    pub fn has_roots(&self) -> bool {
        self.0.roots.get().is_some()
    }
}

fn made(roots: &[CertificateDer<'static>]) -> Result<Client, reqwest::Error> {
    let roots = roots.iter().map(|root| Certificate::from_der(root));
    Client::builder()
        .tls_certs_only(roots.collect::<Result<Vec<_>, _>>()?)
        .redirect(redirect::Policy::none())
        // The SDK tries again by its own rules, and writes of the table are never sent twice.
        .retry(retry::never())
        .no_proxy()
        .connect_timeout(CONNECT)
        .build()
}

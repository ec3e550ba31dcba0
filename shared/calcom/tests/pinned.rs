//! Over TLS with certificates made for the test.
//!
//! Only the pinned authority is trusted; a refused certificate means that nothing was sent.

#![expect(clippy::unwrap_used, reason = "a server of the test either stands or fails it")]

#[path = "../../testkit/authority/mod.rs"]
mod authority;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use authority::Authority;
use interlock_app::ports::Scheduler;
use interlock_app::ports::probe::{Look, Seen};
use interlock_app::ports::scheduler::{CalAccount, CredentialMode, Failure};
use interlock_calcom::{
    CalcomClient, CalcomConfig, Credential, CredentialError, Credentials, Timeouts,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

struct Nothing;

#[async_trait]
impl Credentials for Nothing {
    async fn credential(&self, _account: &CalAccount) -> Result<Credential, CredentialError> {
        Ok(Credential::None)
    }

    async fn refresh(
        &self,
        _account: &CalAccount,
        stale: &Credential,
    ) -> Result<Credential, CredentialError> {
        Ok(stale.clone())
    }
}

fn account() -> CalAccount {
    CalAccount {
        id: "cal_demo".parse().unwrap(),
        username: "kiln".to_owned(),
        email: "kiln@studio.test".to_owned(),
        mode: CredentialMode::None,
        credential_ref: "kiln".to_owned(),
    }
}

/// A server that an authority vouches for under a name; counts the requests it read.
async fn serve(authority: &Authority, name: &str) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    background(answer(listener, authority.server(name), count.clone()));
    (address, count)
}

async fn answer(listener: TcpListener, acceptor: TlsAcceptor, count: Arc<AtomicUsize>) {
    const REPLY: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
        connection: close\r\n\r\n{\"status\":\"success\",\"data\":{\"username\":\"kiln\"}}";
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let Ok(mut stream) = acceptor.accept(stream).await else { continue };
        let mut buffer = vec![0_u8; 8192];
        if stream.read(&mut buffer).await.unwrap_or(0) > 0 {
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(REPLY.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the server lives beside the test")]
fn background(task: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(task);
}

fn config(address: SocketAddr) -> CalcomConfig {
    let patience = Timeouts { connect: Duration::from_secs(2), ..Timeouts::default() };
    CalcomConfig::new(&format!("https://{address}")).unwrap().waiting(patience)
}

fn client(config: CalcomConfig) -> CalcomClient {
    CalcomClient::new(config, Arc::new(Nothing))
}

#[tokio::test]
async fn a_certificate_of_the_pinned_authority_is_trusted() {
    let authority = Authority::new();
    let (address, _) = serve(&authority, "127.0.0.1").await;
    let client = client(config(address).trusting_only(authority.pem()).unwrap());
    assert_eq!(client.me(&account()).await.unwrap(), "kiln");
}

#[tokio::test]
async fn a_certificate_of_another_authority_gets_no_request() {
    let (address, count) = serve(&Authority::new(), "127.0.0.1").await;
    let other = Authority::new().pem();
    let pinned = client(config(address).trusting_only(other).unwrap());
    assert_eq!(pinned.me(&account()).await.unwrap_err().failure, Failure::NotConnected);
    let unpinned = client(config(address));
    assert_eq!(unpinned.me(&account()).await.unwrap_err().failure, Failure::NotConnected);
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_certificate_for_another_name_gets_no_request() {
    let authority = Authority::new();
    let (address, count) = serve(&authority, "elsewhere.test").await;
    let client = client(config(address).trusting_only(authority.pem()).unwrap());
    assert_eq!(client.me(&account()).await.unwrap_err().failure, Failure::NotConnected);
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_look_tells_that_the_certificate_is_not_trusted() {
    let (address, _) = serve(&Authority::new(), "127.0.0.1").await;
    let pinned = client(config(address).trusting_only(Authority::new().pem()).unwrap());
    let patience = jiff::SignedDuration::from_secs(5);
    let seen = pinned.probe_port().unwrap().look(Look::Health, patience).await;
    assert_eq!(seen, Ok(Seen::Untrusted));
}

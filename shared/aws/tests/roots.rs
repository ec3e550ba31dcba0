//! Whom a process trusts, told by a store of the test's own.
//!
//! The test starts itself a second time, as a process whose system's store is that.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../../testkit/authority/mod.rs"]
mod authority;

use authority::{Authority, play_with_a_store, played, store};
use interlock_aws::{Http, HttpError};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// A root of the system that no library can read: a sequence that holds nothing.
const BROKEN: &str = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";

#[test]
fn the_system_is_asked_once_whom_it_trusts() {
    play_with_a_store("the_process_with_a_store_of_its_own");
}

/// Does nothing unless it is the second process.
#[tokio::test]
async fn the_process_with_a_store_of_its_own() {
    let Some(store) = store() else { return };
    let (first, later) = (Authority::new(), Authority::new());
    std::fs::write(&store, BROKEN.to_owned() + &first.pem()).unwrap();
    let http = Http::default();
    assert!(http.roots().unwrap() == [first.root().clone()], "without the broken one");
    std::fs::write(&store, later.pem()).unwrap();
    assert!(http.clone().roots().unwrap() == [first.root().clone()], "nobody reads it again");
    assert!(is_reached(&http, first.server("127.0.0.1")).await);
    assert!(!is_reached(&http, later.server("127.0.0.1")).await);
    assert!(is_reached(&Http::default(), later.server("127.0.0.1")).await, "a process after it");
    std::fs::write(&store, BROKEN).unwrap();
    assert!(matches!(Http::default().client(), Err(HttpError::Roots(_))));
    played();
}

/// Whether a server with this certificate is asked and answers.
async fn is_reached(http: &Http, tls: TlsAcceptor) -> bool {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        if let Ok(mut stream) = tls.accept(stream).await {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            std::future::pending::<()>().await;
        }
    });
    http.client().unwrap().get(url).send().await.is_ok()
}

//! Letters through a relay, and which relays are trusted with them.
//!
//! One test starts itself a second time, as a process whose system trusts an authority of the
//! test.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../testkit/authority/mod.rs"]
mod authority;
#[path = "../support/letter.rs"]
mod letter;
mod relay;

use authority::{Authority, play_with_a_store, played, store};
use interlock_app::ports::{Mailer, PostError};
use interlock_mail::{SmtpConfig, SmtpError, SmtpMailer};
use letter::{mail, sender};
use relay::{Cover, Relay};

const TAKEN: &str = "250 taken\r\n";

/// Sends one letter, trusting this authority or nobody.
async fn send(url: &str, trusted: Option<&Authority>) -> Result<Option<String>, PostError> {
    let roots: Vec<_> = trusted.iter().map(|authority| authority.root().clone()).collect();
    let config = SmtpConfig { url: url.to_owned(), login: None };
    SmtpMailer::new(&config, sender(), &roots).unwrap().send(&mail()).await
}

#[tokio::test]
async fn a_relay_is_handed_the_mail_and_its_word_is_final_or_not() {
    for (answer, refused) in
        [(TAKEN, None), ("451 later\r\n", Some(false)), ("554 never\r\n", Some(true))]
    {
        let relay = Relay::answering(answer, Cover::Never).await;
        let sent = send(&relay.url, None).await;
        match (refused, &sent) {
            (None, Ok(None))
            | (Some(false), Err(PostError::Unavailable(_)))
            | (Some(true), Err(PostError::Refused(_))) => {}
            other => panic!("{answer}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_relay_that_refuses_the_login_refuses_no_letter() {
    let relay = Relay::answering(TAKEN, Cover::Never).await;
    let login = Some(("workshop".to_owned(), "of last year".to_owned()));
    let config = SmtpConfig { url: relay.url.clone(), login };
    let sent = SmtpMailer::new(&config, sender(), &[]).unwrap().send(&mail()).await;
    assert!(matches!(sent, Err(PostError::Unavailable(_))), "{sent:?}");
}

#[test]
fn no_mailer_is_made_that_would_send_in_the_clear() {
    let plain = SmtpConfig { url: "smtp://mail.example:25".to_owned(), login: None };
    assert!(matches!(SmtpMailer::new(&plain, sender(), &[]), Err(SmtpError::Plain)));
    assert!(!format!("{plain:?}").contains("mail.example"));
}

#[tokio::test]
async fn a_relay_with_a_certificate_of_a_trusted_authority_is_handed_the_mail() {
    let authority = Authority::new();
    let tls = authority.server("127.0.0.1");
    for cover in [Cover::AtOnce(tls.clone()), Cover::WhenAsked(tls)] {
        let relay = Relay::answering(TAKEN, cover).await;
        let sent = send(&relay.url, Some(&authority)).await;
        assert!(matches!(sent, Ok(None)), "{sent:?}");
        assert!(relay.heard().await.contains(&"DATA".to_owned()));
    }
}

#[tokio::test]
async fn a_relay_of_another_authority_or_name_is_told_nothing() {
    let trusted = Authority::new();
    let (foreign, misnamed) =
        (Authority::new().server("127.0.0.1"), trusted.server("elsewhere.test"));
    for tls in [foreign, misnamed] {
        for (cover, said) in [(Cover::AtOnce(tls.clone()), 0), (Cover::WhenAsked(tls.clone()), 2)] {
            let relay = Relay::answering(TAKEN, cover).await;
            let sent = send(&relay.url, Some(&trusted)).await;
            assert!(matches!(sent, Err(PostError::Unavailable(_))), "{sent:?}");
            // A greeting and the wish for TLS, where it does not begin by itself.
            assert_eq!(relay.heard().await.len(), said);
        }
    }
}

/// Does nothing unless it is the second process.
#[tokio::test]
async fn the_process_whose_system_trusts_the_relay() {
    let Some(store) = store() else { return };
    let known = Authority::new();
    std::fs::write(&store, known.pem()).unwrap();
    let of_system = rustls_native_certs::load_native_certs().certs;
    assert!(of_system == [known.root().clone()], "the system trusts it");
    for trusted in [None, Some(&Authority::new())] {
        let relay = Relay::answering(TAKEN, Cover::AtOnce(known.server("127.0.0.1"))).await;
        let sent = send(&relay.url, trusted).await;
        assert!(matches!(sent, Err(PostError::Unavailable(_))), "{sent:?}");
    }
    played();
}

#[test]
fn a_mailer_reads_no_roots_of_its_own() {
    play_with_a_store("the_process_whose_system_trusts_the_relay");
}

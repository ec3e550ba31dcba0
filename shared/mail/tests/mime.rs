//! What goes over the wire, read back by another library; and both ways of carrying it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "support/signing.rs"]
mod signing;

use interlock_app::ports::{Invite, Mail, Mailer, PostError};
use interlock_mail::{LETTER_HEADER, NoFeedback, Sender, SmtpConfig, SmtpError, SmtpMailer};
use mail_parser::{MessageParser, MimeHeaders};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

fn sender() -> Sender {
    Sender { name: "Werkstatt".to_owned(), address: "workshop@interlock.test".to_owned() }
}

fn mail() -> Mail {
    Mail {
        letter_id: "ltr_one".parse().unwrap(),
        message_id: "<0123@interlock.test>".to_owned(),
        to: "ada@test.example".to_owned(),
        to_name: "Ada Lovelace".to_owned(),
        subject: "Bestätigt: Säge am Freitag".to_owned(),
        language: "de",
        text: "Guten Tag, die Säge.\n".to_owned(),
        html: "<p>Guten Tag, die Säge.</p>".to_owned(),
        invite: Some(Invite {
            content_type: "text/calendar; charset=utf-8; method=REQUEST".to_owned(),
            file_name: "invite.ics".to_owned(),
            ics: "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n".to_owned(),
        }),
    }
}

#[test]
fn another_library_reads_every_part_and_the_names() {
    let raw = interlock_mail::raw(&mail(), &sender()).unwrap();
    let read = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(read.message_id(), Some("0123@interlock.test"));
    assert_eq!(read.subject(), Some("Bestätigt: Säge am Freitag"));
    assert_eq!(read.header_raw(LETTER_HEADER).map(str::trim), Some("ltr_one"));
    assert_eq!(read.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert_eq!(read.from().unwrap().first().unwrap().name(), Some("Werkstatt"));
    assert_eq!(read.to().unwrap().first().unwrap().address(), Some("ada@test.example"));
    assert!(read.body_text(0).unwrap().contains("die Säge"));
    assert!(read.body_html(0).unwrap().contains("<p>Guten Tag"));
    let calendars: Vec<_> = read
        .parts
        .iter()
        .filter_map(|part| part.content_type())
        .filter(|kind| kind.subtype() == Some("calendar") || kind.subtype() == Some("ics"))
        .collect();
    assert_eq!(calendars.len(), 2, "a third form and a file");
    assert_eq!(calendars[0].attribute("method"), Some("REQUEST"));
}

#[test]
fn nothing_a_person_typed_begins_a_header() {
    let typed = "Ada\r\nBcc: all@test.example";
    let evil = Mail { to_name: typed.to_owned(), subject: typed.to_owned(), ..mail() };
    let raw = interlock_mail::raw(&evil, &sender()).unwrap();
    let read = MessageParser::default().parse(&raw).unwrap();
    assert!(read.bcc().is_none());
    let bad = Mail { to: "ada@test.example\r\nBcc: x@test.example".to_owned(), ..mail() };
    assert!(interlock_mail::raw(&bad, &sender()).is_err());
}

/// A relay that answers one conversation line by line, and what it was told.
async fn relay(answer_to_data: &'static str) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port());
    #[expect(clippy::disallowed_methods, reason = "a relay of the test's own, beside the mailer")]
    let task = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let (mut heard, mut in_data) = (Vec::new(), false);
        write.write_all(b"220 relay\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            let answer = match line.as_str() {
                "." if in_data => {
                    in_data = false;
                    answer_to_data
                }
                _ if in_data => "",
                "DATA" => {
                    in_data = true;
                    "354 go on\r\n"
                }
                "QUIT" => "221 bye\r\n",
                _ if line.starts_with("EHLO") => "250-relay\r\n250 AUTH PLAIN\r\n",
                _ if line.starts_with("AUTH") => "535 5.7.8 no\r\n",
                _ => "250 fine\r\n",
            };
            let over = line == "QUIT";
            heard.push(line);
            write.write_all(answer.as_bytes()).await.unwrap();
            if over {
                break;
            }
        }
        heard
    });
    (url, task)
}

#[tokio::test]
async fn a_relay_is_handed_the_mail_and_its_word_is_final_or_not() {
    for (answer, refused) in
        [("250 taken\r\n", None), ("451 later\r\n", Some(false)), ("554 never\r\n", Some(true))]
    {
        let (url, task) = relay(answer).await;
        let mailer = SmtpMailer::new(&SmtpConfig { url, login: None }, sender()).unwrap();
        let sent = mailer.send(&mail()).await;
        drop(mailer);
        match (refused, &sent) {
            (None, Ok(None))
            | (Some(false), Err(PostError::Unavailable(_)))
            | (Some(true), Err(PostError::Refused(_))) => {}
            other => panic!("{answer}: {other:?}"),
        }
        task.abort();
    }
}

#[tokio::test]
async fn a_relay_that_refuses_the_login_refuses_no_letter() {
    let (url, task) = relay("250 taken\r\n").await;
    let login = Some(("workshop".to_owned(), "of last year".to_owned()));
    let mailer = SmtpMailer::new(&SmtpConfig { url, login }, sender()).unwrap();
    let sent = mailer.send(&mail()).await;
    assert!(matches!(sent, Err(PostError::Unavailable(_))), "{sent:?}");
    task.abort();
}

#[test]
fn nothing_goes_to_a_relay_in_the_clear() {
    let plain = SmtpConfig { url: "smtp://mail.example:25".to_owned(), login: None };
    assert!(matches!(SmtpMailer::new(&plain, sender()), Err(SmtpError::Plain)));
    assert!(!format!("{plain:?}").contains("mail.example"));
}

#[test]
fn an_event_of_ses_names_the_letter_and_what_became_of_it() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/outbox-notify.json");
    let batch: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let event = batch["Records"][0]["body"].as_str().unwrap();
    let told = interlock_mail::feedback(event).unwrap();
    assert_eq!(told.fate, interlock_app::Fate::BouncedForGood);
    assert_eq!(told.emails, ["ada@demo.test"]);
    let soft = event.replace("Permanent", "Transient");
    let told = interlock_mail::feedback(&soft).unwrap();
    assert_eq!(told.fate, interlock_app::Fate::BouncedForNow);
    let foreign = event.replace("\"letter\"", "\"other\"");
    assert_eq!(interlock_mail::feedback(&foreign).unwrap_err(), NoFeedback::Other);
    assert_eq!(interlock_mail::feedback("{}").unwrap_err(), NoFeedback::Unreadable);
}

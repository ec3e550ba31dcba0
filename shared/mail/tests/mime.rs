//! What goes over the wire, read back by another library; and SES, which carries it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "support/letter.rs"]
mod letter;
#[path = "support/signing.rs"]
mod signing;

use interlock_app::ports::Mail;
use interlock_mail::{LETTER_HEADER, NoFeedback};
use letter::{mail, sender};
use mail_parser::{MessageParser, MimeHeaders};

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
